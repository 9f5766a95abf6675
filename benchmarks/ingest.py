"""Mail into an index: CPU, wall time and peak memory of the whole import, beside its limit and its peers.

Every way runs in a process of its own, so that CPU and memory are its alone. Peers that are not installed are left out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path

from platformdirs import user_cache_path

from benchmarks.corpus import FOLDERS, generate, messages
from benchmarks.report import Report, Table

SUMMARY = "mail into an index: CPU, wall time and peak memory, beside a bare scan, the standard library, notmuch and mu"
OWNER = "owner@home.example"
NEW_SEED = 99
BARE = "bare scan of boundaries and header blocks"


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    cpu: float  # seconds, user and system
    wall: float  # seconds
    peak: float  # MiB of resident memory


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--messages", type=int, default=100_000, metavar="N", help="how many mails (default 100,000)")
    parser.add_argument("--corpus", type=Path, default=None, metavar="DIR", help="where the made-up mails are kept")
    parser.add_argument("--no-indexers", action="store_true", help="leave out notmuch and mu, which take minutes")
    parser.add_argument("--no-stdlib", action="store_true", help="leave out mailbox and email of the standard library")
    parser.add_argument("--repeat", type=int, default=1, metavar="N", help="best of N runs of the quick ways")


def run_process(command: Sequence[str], environment: Mapping[str, str] | None = None) -> tuple[Cost, str]:
    """Run one command to its end; return what it took and what it printed. Raises RuntimeError where it fails."""
    begun = time.monotonic()
    with tempfile.TemporaryFile() as told, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(command, stdout=told, stderr=complained, env={**os.environ, **(environment or {})})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            complained.seek(0)
            raise RuntimeError(f"{' '.join(command)}: {complained.read().decode(errors='replace')[-2000:]}")
        told.seek(0)
        unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / unit), told.read().decode(errors="replace")


def _own(way: str, *paths: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.ingest", way, *map(str, paths)]


def _amity(vault: Path, *words: str) -> list[str]:
    return [sys.executable, "-c", "from amity.faces.cli.main import main; main()", "--vault", str(vault), *words]


def _import(vault: Path, path: Path, new: int) -> Cost:
    """Import an archive and make sure that as many mails were new."""
    cost, told = run_process(_amity(vault, "import", str(path), "--json"))
    found = sum(source["new"] for source in json.loads(told)["sources"])
    if found != new:
        raise RuntimeError(f"{found} of {new} mails of {path} were new")
    return cost


def bare(mbox: Path) -> None:
    """Find every message of an mbox and the end of its headers, and copy these: the least that any reader does."""
    import mmap
    import re

    boundary = re.compile(rb"\nFrom [^\n]*\d\d:\d\d[^\n]*\n(?=[!-9;-~]+:|>From )")
    ends = re.compile(rb"\n\n").search
    given = 0
    with mbox.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = view.find(b"\n")
    for match in boundary.finditer(view):
        end = ends(view, start, match.start() + 1)
        view[start : end.start() if end else match.start()]
        start = match.end() - 1
        if hasattr(view, "madvise") and start - given >= 64 << 20:
            upto = start // mmap.PAGESIZE * mmap.PAGESIZE
            view.madvise(mmap.MADV_DONTNEED, given, upto - given)
            given = upto


def standard_library(mbox: Path, index: Path) -> None:
    """Put the same headers into tables with mailbox, email and sqlite3 alone."""
    import mailbox
    import sqlite3
    from email.header import decode_header, make_header
    from email.utils import getaddresses, mktime_tz, parsedate_tz

    database = sqlite3.connect(index)
    database.executescript(
        "create table message (id text, at integer, subject text, answers text, refs text);"
        "create table party (message integer, role integer, name text, address text)"
    )
    archive = mailbox.mbox(mbox)
    for number, message in enumerate(archive):
        date = parsedate_tz(str(message["Date"]))
        subject = str(make_header(decode_header(str(message["Subject"] or ""))))
        database.execute(
            "insert into message values (?, ?, ?, ?, ?)",
            (
                message["Message-ID"],
                mktime_tz(date) if date else None,
                subject,
                message["In-Reply-To"],
                message["References"],
            ),
        )
        for role, name in enumerate(("From", "To", "Cc")):
            people = getaddresses([str(value) for value in message.get_all(name, [])])
            database.executemany(
                "insert into party values (?, ?, ?, ?)",
                [(number, role, str(make_header(decode_header(who))), address.lower()) for who, address in people],
            )
    database.executescript("create index by_address on party (address); create index by_id on message (id)")
    database.commit()


def fast_mail_parser(maildir: Path) -> None:
    """Parse every mail of a Maildir with fast-mail-parser; nothing is written, and what it refuses is passed over."""
    from fast_mail_parser import DecodeError, parse_email

    for folder in FOLDERS:
        for path in (maildir / folder / "cur").iterdir():
            with suppress(DecodeError):
                dict(parse_email(path.read_bytes()).headers)


def _notmuch(maildir: Path, work: Path) -> dict[str, Cost]:
    (work / "notmuch").mkdir()
    config = work / "notmuch.conf"
    config.write_text(f"[database]\npath={work}/notmuch\nmail_root={maildir}\n[user]\nprimary_email={OWNER}\n")
    found = {}
    for way in ("notmuch new", "notmuch new, again"):
        found[way], _ = run_process(["notmuch", "new"], {"NOTMUCH_CONFIG": str(config), "HOME": str(work)})
    return found


def _mu(maildir: Path, work: Path) -> dict[str, Cost]:
    home = ["--muhome", str(work / "mu")]
    run_process(["mu", "init", f"--maildir={maildir}", *home])
    return {way: run_process(["mu", "index", "--quiet", *home])[0] for way in ("mu index", "mu index, again")}


def _deliver(maildir: Path, count: int) -> list[Path]:
    """Add new mails to a Maildir and return their files."""
    made = []
    for number, (at, text) in enumerate(messages(count, NEW_SEED)):
        path = maildir / FOLDERS[number % len(FOLDERS)] / "new" / f"{at}.N{number}P1.home"
        path.write_bytes(text.replace(b"@mail.", b"@new."))
        made.append(path)
    return made


def _table(costs: Mapping[str, Cost], count: int, first: str) -> Table:
    base = costs[first].cpu
    rows = tuple(
        (
            way,
            f"{cost.cpu:.2f}",
            f"{cost.wall:.2f}",
            f"{count / cost.cpu:,.0f}",
            f"{cost.peak:,.0f}",
            f"{cost.cpu / base:.2f}",
        )
        for way, cost in costs.items()
    )
    return Table(
        "Whole processes", ("way", "CPU s", "wall s", "msg/s of CPU", "peak MiB", f"CPU against {first}"), rows
    )


def run(args: Namespace) -> Report:
    """Measure every way that is at hand."""
    count: int = args.messages
    begun = time.monotonic()
    mbox, maildir = generate(args.corpus or user_cache_path("amity-benchmarks"), count)
    made = time.monotonic() - begun
    costs: dict[str, Cost] = {}

    def keep(way: str, cost: Cost) -> None:
        if way not in costs or cost.cpu < costs[way].cpu:
            costs[way] = cost

    with tempfile.TemporaryDirectory(prefix="amity-ingest-") as folder:
        work = Path(folder)
        for number in range(args.repeat):
            keep(BARE, run_process(_own("bare", mbox))[0])
            for kind, path in (("mbox", mbox), ("Maildir", maildir)):
                vault = work / f"{kind}{number}"
                run_process(_amity(vault, "init", "--me", OWNER))
                keep(f"amity import, {kind}", _import(vault, path, count))
                keep(f"amity import, {kind} again", _import(vault, path, 0))
            delivered = _deliver(maildir, max(1, count // 100))
            try:
                keep("amity import, Maildir with 1 % new", _import(vault, maildir, len(delivered)))
            finally:
                for path in delivered:
                    path.unlink()
        if not args.no_stdlib:
            keep("mailbox + email + sqlite3", run_process(_own("standard_library", mbox, work / "standard.db"))[0])
        if find_spec("fast_mail_parser"):
            keep("fast-mail-parser, nothing written", run_process(_own("fast_mail_parser", maildir))[0])
        if not args.no_indexers:
            if shutil.which("notmuch"):
                costs |= _notmuch(maildir, work)
            if shutil.which("mu"):
                costs |= _mu(maildir, work)

    size = mbox.stat().st_size
    ours = costs["amity import, mbox"].cpu
    ratios = {way: cost.cpu / ours for way, cost in costs.items()}
    return Report(
        "ingest",
        (_table(costs, count, "amity import, mbox"),),
        {
            "messages": count,
            "bytes": size,
            "costs": {way: asdict(cost) for way, cost in costs.items()},
            "against_amity_import_mbox": ratios,
            "amity_against_bare_scan": ours / costs[BARE].cpu,
        },
        (
            f"{count:,} made-up mails, {size / 1e6:,.0f} MB as mbox, the same as a Maildir of {len(FOLDERS)} folders; "
            f"making or finding them took {made:.0f} s.",
            "notmuch and mu index the text of bodies; amity and the others read headers.",
            "Warm page cache; one process at a time.",
        ),
    )


if __name__ == "__main__":
    way, *where = sys.argv[1:]
    ways: dict[str, Callable[..., None]] = {
        "bare": bare,
        "standard_library": standard_library,
        "fast_mail_parser": fast_mail_parser,
    }
    ways[way](*map(Path, where))
