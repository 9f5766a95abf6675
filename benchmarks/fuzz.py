"""Broken input for every reader: seeds of the tests, mutated, read, and looked at for what must never happen.

A run is a worker process for each source, so that a hang or a crash ends the worker and not the run. Under atheris
(Linux, CPython 3.11) libFuzzer guides the mutations by the branches they reach; without it, inputs are kept that make
a reader say something it has not said before. What is found is written down with the input that shows it.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any

from benchmarks.report import Report, Table

if TYPE_CHECKING:
    from amity.model import Item, Reader

SUMMARY = "mutated input for every reader: crashes, hangs over 5 s, silent losses"
ROOT = Path(__file__).resolve().parents[1]
HANG = 5.0  # seconds of CPU on one input
STUCK = 60.0  # seconds of wall time on one input, which may wait instead of working
LARGEST = 1 << 20  # bytes of one input
USUAL = 1 << 16
LOCAL = 2  # items that a small damage may cost where no trouble tells of it
FOREIGN = 400  # of the files of others, at most so many a source are seeds
WORDS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\xbd", b"\x1b$B", b"\xe2\x80\xae", b"\xc2\xa0", b"\r",
    b"\r\n", b"\n\n", b"\t", b'"', b'""', b"\\", b"\\u0000", b"\\ud83d", b"'", b",", b";", b":", b"=", b"<",
    b">", b"[", b"]", b"{", b"}", b"(", b"[[[[[[[[", b'{"a":', b"null", b"true", b"NaN", b"Infinity", b"1e999",
    b"-1", b"0", b"9999999999999999999", b"-99999999999999", b"0000-00-00", b"9999-12-31T23:59:60Z",
    b"0001-01-01", b"=?utf-8?q?", b"=?x?b?AA=?=", b"+9999", b"<!DOCTYPE a>", b"<!ENTITY a 'b'>", b"&a;",
    b"&#0;", b"&#x110000;", b"]]>", b"From ", b"BEGIN:", b"END:",
)  # fmt: skip
# What an item begins with, where that can be told without reading the format.
STARTS = {
    "mbox": rb"(?m)^From [^\n]*\d\d:\d\d[^\n]*\n[!-9;-~]+:",
    "maildir": rb"(?m)^(?:From|To|Date|Subject):",
    "eml": rb"(?m)^(?:From|To|Date|Subject):",
    "emlx": rb"(?m)^(?:From|To|Date|Subject):",
    "vcard": rb"(?im)^BEGIN:VCARD\r?$",
    "icalendar": rb"(?im)^BEGIN:VEVENT\r?$",
    "interactions": rb"\A[^\n]*when[^\n]*\n[^\n]*\d{4}-",
    "sms": rb"<(?:sms|mms|call)\s",
    "whatsapp": rb"(?m)^\[?\d{1,2}[/.]\d{1,2}[/.]\d{2,4}, \d{1,2}:\d\d",
}


_INTERRUPTED = 72  # libFuzzer's exit code when somebody stops it
_UNLIKE = re.compile("[^a-z ]+")  # what differs between reasons that are the same


@dataclass(frozen=True)
class Target:
    """One reader, and small archives that it reads."""

    name: str
    reader: str  # "module:function"
    sample: Callable[[Path], Path]  # makes an archive in a folder


@dataclass(frozen=True)
class Finding:
    """Something that must not happen: what, where in the code, and the input."""

    source: str
    kind: str  # "crash" | "hang" | "loss"
    what: str
    where: str  # file and line
    input: str  # path of the file that shows it
    member: str  # which file of the archive it stands for
    bytes: int


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--seconds", type=float, default=60, metavar="N", help="of each source (default 60)")
    parser.add_argument("--source", action="append", metavar="NAME", help="only this source; may be repeated")
    parser.add_argument(
        "--keep", type=Path, default=None, metavar="DIR", help="where inputs are kept that show a finding"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the mutations")
    parser.add_argument("--plain", action="store_true", help="without atheris also where it is installed")


# --- what is fuzzed -------------------------------------------------------------------------------------------------


def targets() -> dict[str, Target]:
    """Return every source of which the tests have a sample."""
    from amity.sources import catalog

    found: dict[str, Target] = {}
    known = {source.name: source.read for source in catalog.SOURCES}
    modules = ["test_contract", *sorted(path.stem for path in (ROOT / "tests/sources").glob("data_*.py"))]
    for name in modules:
        module = import_module(f"tests.sources.{name}")
        readers = {source: f"{reader.__name__}:read" for source, reader in getattr(module, "MODULES", {}).items()}
        for source, sample in getattr(module, "SAMPLES", {}).items():
            guess = f"amity.sources.{name.removeprefix('data_')}"
            reader = known.get(source) or readers.get(source) or (f"{guess}:read" if find_spec(guess) else "")
            if reader:
                found.setdefault(source, Target(source, reader, sample))
        for form, (source, sample) in getattr(module, "FORMS", {}).items():
            found.setdefault(form, Target(form, known[source], sample))
    return found


def members(archive: Path) -> list[Path]:
    """Return the files of an archive, the largest first."""
    if archive.is_file():
        return [archive]
    return sorted(
        (path for path in archive.rglob("*") if path.is_file()), key=lambda path: (-path.stat().st_size, path)
    )


def foreign(paths: list[Path], work: Path) -> dict[str, list[bytes]]:
    """Return files of other projects by the source that takes them for its own."""
    from amity.sources import catalog

    found: dict[str, list[bytes]] = {}
    for path in paths:
        if not path.is_file():
            continue
        with tarfile.open(path) as archive:
            for member in archive:
                if not member.isfile() or not 0 < member.size <= USUAL:
                    continue
                opened = archive.extractfile(member)
                data = opened.read() if opened else b""
                probe = work / Path(member.name).name.replace(":", "_")
                probe.write_bytes(data)
                source = catalog.recognise(probe)
                probe.unlink()
                name = source.name if source else "eml" if member.name.endswith((".eml", ".txt")) else ""
                name = name or ("icalendar" if member.name.endswith(".ics") else "")
                if len(found.setdefault(name, [])) < FOREIGN:
                    found[name].append(data)
    found["maildir"] = found.get("eml", [])
    return found


# --- mutations ------------------------------------------------------------------------------------------------------


def tokens(seeds: list[bytes]) -> list[bytes]:
    """Return the words of a format, as its seeds use them."""
    counted: dict[bytes, int] = {}
    for seed in seeds:
        for word in set(re.findall(rb"[A-Za-z_][\w-]{2,30}[:=]?|\"[\w ]{2,30}\":", seed)):
            counted[word] = counted.get(word, 0) + 1
    return sorted(counted, key=lambda word: -counted[word])[:400]


def mutate(data: bytes, seeds: list[bytes], words: list[bytes], chance: random.Random) -> bytes:
    """Return an input that is a little or much different."""
    out = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        size = len(out)
        at = chance.randrange(size + 1)
        length = min(size - at, chance.choice((1, 2, 4, 16, 64, 512, size)))
        way = chance.randrange(10)
        if way == 0 and size:
            out[at % size] ^= 1 << chance.randrange(8)
        elif way == 1 and size:
            out[at % size] = chance.randrange(256)
        elif way == 2:
            del out[at : at + length]
        elif way == 3:
            del out[at:]
        elif way in (4, 5):
            word = chance.choice(words if chance.random() < 0.5 else WORDS)
            out[at : at + (length if chance.random() < 0.5 else 0)] = word
        elif way == 6:
            other = chance.choice(seeds)
            begin = chance.randrange(len(other) + 1)
            out[at : at + length] = other[begin : begin + chance.choice((8, 64, 512, 4096))]
        elif way == 7:
            piece = bytes(out[at : at + length]) or b"a"
            most = LARGEST if chance.random() < 0.02 else 4096
            out[at:at] = piece * chance.randrange(1, max(2, most // len(piece)))
        elif way == 8:
            lines = out.split(b"\n")
            first, second = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[first], lines[second] = lines[second], lines[first]
            out = bytearray(b"\n".join(lines))
        elif found := list(re.finditer(rb"\d+", out[:USUAL])):
            number = chance.choice(found)
            out[slice(*number.span())] = chance.choice((b"0", b"-1", b"13", b"99", b"2147483648", b"1e9", b"1" * 25))
    return bytes(out[:LARGEST])


# --- what must hold -------------------------------------------------------------------------------------------------


class Broken(Exception):
    """A promise that an input breaks."""


@dataclass(frozen=True)
class Usual:
    """How many items an input has, how many are set aside, and for which reasons."""

    items: int
    troubles: int
    reasons: frozenset[str]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return an input with one small damage, of which the items that it does not touch are not to suffer."""
    at = chance.randrange(len(data) + 1)
    if chance.random() < 0.3:  # a line that does not belong here, at the beginning for one
        at = data.rfind(b"\n", 0, at) + 1 if chance.random() < 0.7 else 0
        return data[:at] + chance.choice((b"\n", b"\r\n", b" \n", b"hello\n", b"\0\n")) + data[at:]
    damage = chance.choice((b"", bytes([chance.randrange(256)]), chance.choice(WORDS)))
    return data[:at] + damage + data[at + chance.randrange(5) :]


class Bench:
    """A reader at work on one archive, of which one file at a time is replaced."""

    def __init__(self, target: Target, work: Path) -> None:
        from amity.model import Since

        module, _, name = target.reader.partition(":")
        self.read: Reader = getattr(import_module(module), name)
        self.name = target.name
        self.starts = re.compile(STARTS[target.name]) if target.name in STARTS else None
        self.archive = target.sample(work)
        self.files = members(self.archive)
        self.whole = [path.read_bytes() for path in self.files]
        self.new = Since

    def told(self, items: list[Item]) -> tuple[int, int]:
        """Return how many items and how many troubles there are."""
        from amity.model import Known, Mark, Trouble

        troubles = sum(isinstance(item, Trouble) for item in items)
        return len(items) - sum(isinstance(item, Known | Mark) for item in items) - troubles, troubles

    def usual(self, number: int, data: bytes) -> Usual:
        """Return what the reader says of an input, for comparison with the same input damaged."""
        from amity.model import Since, Trouble

        self.files[number].write_bytes(data)
        try:
            items = list(self.read(self.archive, Since()))
        finally:
            self.files[number].write_bytes(self.whole[number])
        return Usual(*self.told(items), frozenset(item.reason for item in items if isinstance(item, Trouble)))

    def check(self, number: int, data: bytes, thoroughly: bool = True, before: Usual | None = None) -> frozenset[str]:
        """Read the archive with one file replaced, and return what the reader said, in kind.

        `before` is what it says of the same file without a small damage. Raises Broken, or whatever the reader raises.
        """
        from amity.model import Card, Found, Known, Mark, Moment, Since, Text, Trouble
        from amity.sources.lines import describe

        file = self.files[number]
        file.write_bytes(data)
        try:
            items: list[Item] = []
            try:
                items.extend(self.read(self.archive, Since()))
            except OSError:
                if items:
                    raise
            facts, troubles = self.told(items)
            if self.starts and not facts and not troubles and self.starts.search(data) and len(self.files) == 1:
                raise Broken("an item begins, and neither an item nor a trouble comes of it")
            reasons = {item.reason for item in items if isinstance(item, Trouble)}
            silent = before and troubles <= before.troubles and reasons <= before.reasons
            if before and silent and facts < before.items - LOCAL * (before.items > LOCAL):
                raise Broken("a small damage costs other items, and no trouble tells of it")
            for item in items:
                if isinstance(item, Card | Moment):
                    if len(item.key) != 16 or (isinstance(item, Moment) and not -(1 << 63) <= item.at < 1 << 63):
                        raise Broken("a key or a time that cannot be kept")
                    json.dumps(describe(item), ensure_ascii=False).encode()
                elif isinstance(item, Trouble):
                    json.dumps(describe(item), ensure_ascii=False).encode()
                elif isinstance(item, Mark):
                    json.dumps(item.state)
                elif not isinstance(item, Known | Found | Text):
                    raise Broken(f"a {type(item).__name__} is no item")
            if thoroughly and items and isinstance(items[-1], Mark):
                kept = frozenset(item.place for item in items if isinstance(item, Card | Moment))
                since = Since(json.loads(json.dumps(items[-1].state)), lambda: kept)
                again = list(self.read(self.archive, since))
                if any(isinstance(item, Card | Moment) for item in again):
                    raise Broken("read again from its last mark, it tells items anew")
                known = sum(item.items for item in again if isinstance(item, Known))
                if known != sum(isinstance(item, Card | Moment) for item in items):
                    raise Broken("read again from its last mark, it knows another number of items")
        finally:
            file.write_bytes(self.whole[number])
        return frozenset(
            _UNLIKE.sub("", item.reason)[:60] if isinstance(item, Trouble) else type(item).__name__ for item in items
        )


def place_of(error: BaseException) -> str:
    """Return the innermost line of Amity in a traceback."""
    frames = [frame for frame in extract_tb(error.__traceback__) if f"{os.sep}amity{os.sep}" in frame.filename]
    if not frames:
        return "benchmarks/fuzz.py"
    return f"{Path(frames[-1].filename).relative_to(ROOT).as_posix()}:{frames[-1].lineno}"


def signed(error: BaseException) -> str:
    """Return what tells one fault from another: its kind, its place, and its words."""
    words = str(error) if isinstance(error, Broken) else ""
    return f"{type(error).__name__} {place_of(error)} {words}"


# --- the worker -----------------------------------------------------------------------------------------------------


class Worker:
    """One source being fuzzed in this process."""

    def __init__(self, name: str, folder: Path, seed: int) -> None:
        self.folder = folder
        self.chance = random.Random(f"{seed} {name} {len(list(folder.iterdir()))}")
        (folder / "archive").mkdir(exist_ok=True)
        self.bench = Bench(targets()[name], Path(tempfile.mkdtemp(dir=folder / "archive")))
        self.seeds = [(number, data) for number, data in enumerate(self.bench.whole)]
        for path in sorted((folder / "seeds").iterdir()):
            self.seeds.append((0, path.read_bytes()))
        self.pieces = [data for _, data in self.seeds]
        self.words = tokens(self.pieces) or list(WORDS)
        self.seen: set[str] = set()
        self.runs = 0
        self.said: set[frozenset[str]] = set()
        self.next = 0.0
        self.usual: dict[int, Usual] = {}
        self.trace = (folder / "trace").open("w")
        faulthandler.enable(self.trace)
        if hasattr(signal, "SIGPROF"):
            faulthandler.register(signal.SIGPROF, self.trace, chain=True)  # says where it is, and then ends

    def damage(self) -> None:
        """Read a seed with a small damage."""
        at = self.chance.randrange(len(self.seeds))
        number, data = self.seeds[at]
        if at not in self.usual:
            self.usual[at] = self.bench.usual(number, data)
        self.run(number, damaged(data, self.chance), self.usual[at])

    def run(self, number: int, data: bytes, before: Usual | None = None) -> frozenset[str] | None:
        """Read one input; None where it broke a promise. Whoever kills this process finds the input in its folder."""
        (self.folder / "current").write_bytes(bytes([number]) + data)
        if hasattr(signal, "setitimer"):
            signal.setitimer(signal.ITIMER_PROF, HANG)
        self.runs += 1
        try:
            return self.bench.check(number, data, self.runs % 8 == 0, before)
        except (Exception, RecursionError) as error:
            signature = signed(error)
            if signature not in self.seen:
                self.seen.add(signature)
                kind = "loss" if isinstance(error, Broken) else "crash"
                what = str(error) if kind == "loss" else f"{type(error).__name__}: {str(error)[:100]}"
                self.note(
                    kind, what, place_of(error), number, data if before else self.smaller(number, data, signature)
                )
            return None
        finally:
            if hasattr(signal, "setitimer"):
                signal.setitimer(signal.ITIMER_PROF, 0)
            if time.monotonic() > self.next:
                self.next = time.monotonic() + 0.5
                (self.folder / "runs").write_text(str(self.runs))

    def smaller(self, number: int, data: bytes, signature: str) -> bytes:
        """Leave out what an input does not need to show the same."""
        tries, step = 0, max(1, len(data) // 2)
        while step and tries < 400:
            at = 0
            while at < len(data) and tries < 400:
                less = data[:at] + data[at + step :]
                tries += 1
                if hasattr(signal, "setitimer"):
                    signal.setitimer(signal.ITIMER_PROF, HANG)
                try:
                    self.bench.check(number, less)
                except (Exception, RecursionError) as error:
                    if signed(error) == signature:
                        data = less
                        continue
                at += step
            step //= 2
        return data

    def note(self, kind: str, what: str, where: str, number: int, data: bytes) -> None:
        """Write a finding down, and the input that shows it."""
        path = self.folder / "found" / f"{kind}-{blake2b(data, digest_size=6).hexdigest()}"
        path.write_bytes(data)
        archive = self.bench.archive
        file = self.bench.files[number]
        member = file.relative_to(archive).as_posix() if archive.is_dir() else file.name
        line = {"kind": kind, "what": what, "where": where, "input": path.name, "member": member, "bytes": len(data)}
        with (self.folder / "findings").open("a") as out:
            out.write(json.dumps(line) + "\n")

    def plainly(self, until: float) -> None:
        """Mutate what made the reader say something new."""
        pool = list(self.seeds)
        for number, data in self.seeds:
            self.run(number, data)
        while time.monotonic() < until:
            number, data = self.chance.choice(pool)
            data = mutate(data, self.pieces, self.words, self.chance)
            if self.chance.random() < 0.25:
                self.damage()
            said = self.run(number, data)
            if said is not None and said not in self.said:
                self.said.add(said)
                if len(data) <= USUAL:
                    pool.append((number, data))
        (self.folder / "runs").write_text(str(self.runs))

    def guided(self, seconds: float) -> None:
        """Let libFuzzer choose by branches; half of the mutations are ours, which know the format."""
        import atheris  # type: ignore[import-not-found, import-untyped, unused-ignore]

        corpus = self.folder / "corpus"
        corpus.mkdir(exist_ok=True)
        for at, (number, data) in enumerate(self.seeds):
            (corpus / f"seed{at}").write_bytes(bytes([number % 256]) + data)

        def one(data: bytes) -> None:
            if data:
                self.run(data[0] % len(self.bench.files), data[1:])
                if self.chance.random() < 0.25:
                    self.damage()

        def mutated(data: bytes, most: int, seed: int) -> bytes:
            if seed % 2 or not data:
                return bytes(atheris.Mutate(data, most))
            return (data[:1] + mutate(data[1:], self.pieces, self.words, random.Random(seed)))[:most]

        # libFuzzer's own limits on time are off: the worker is ended by its timer, and by who watches it.
        options = [f"-max_total_time={max(1, int(seconds))}", f"-max_len={1 << 18}", "-timeout=3600", "-rss_limit_mb=0"]
        atheris.Setup(
            ["fuzz", *options, "-len_control=0", f"-seed={self.chance.randrange(1, 1 << 31)}", str(corpus)],
            one,
            custom_mutator=mutated,
        )
        atheris.Fuzz()


def work(name: str, folder: Path, seconds: float, seed: int, plain: bool) -> None:
    """Fuzz one source for so many seconds."""
    if not plain:
        import atheris

        with atheris.instrument_imports(include=["amity.sources", "amity.handles"]):
            import_module(targets()[name].reader.partition(":")[0])
        Worker(name, folder, seed).guided(seconds)
    else:
        Worker(name, folder, seed).plainly(time.monotonic() + seconds)


# --- who watches ----------------------------------------------------------------------------------------------------


def fuzz(
    name: str, seeds: list[bytes], seconds: float, folder: Path, seed: int, plain: bool
) -> Iterator[Mapping[str, Any]]:
    """Keep a worker on one source for so many seconds; yield how many inputs each of them read, and what was found."""
    for part in ("seeds", "found"):
        (folder / part).mkdir(parents=True)
    for at, data in enumerate(seeds):
        (folder / "seeds" / f"{at:04d}").write_bytes(data)
    until = time.monotonic() + seconds
    tried = 0
    while (left := until - time.monotonic()) > 1 and tried < 50:
        tried += 1
        current = folder / "current"
        current.unlink(missing_ok=True)
        (folder / "runs").write_text("0")
        command = [
            sys.executable,
            "-m",
            "benchmarks.fuzz",
            name,
            str(folder),
            str(left),
            str(seed + tried),
            str(int(plain)),
        ]
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen(command, stdout=said, stderr=said, cwd=ROOT)
            code = _watched(process, current, left)
        yield {"runs": int((folder / "runs").read_text() or 0)}
        if code in (0, _INTERRUPTED, -signal.SIGINT, -signal.SIGTERM):  # whoever stopped it, it was not the reader
            break
        data = current.read_bytes() if current.is_file() else b""
        path = folder / "found" / f"end-{blake2b(data, digest_size=6).hexdigest()}"
        path.write_bytes(data[1:])
        stuck = code is None or -code == getattr(signal, "SIGPROF", 0)
        yield {
            "kind": "hang" if stuck else "crash",
            "what": f"over {HANG:g} s of CPU"
            if stuck and code
            else f"over {STUCK:g} s"
            if stuck
            else _ended(folder, code),
            "where": _innermost((folder / "trace").read_text() if (folder / "trace").is_file() else ""),
            "input": path.name,
            "member": f"file {data[0] if data else 0}",
            "bytes": len(data) - 1,
        }
    findings = folder / "findings"
    if findings.is_file():
        seen = set()
        for line in findings.read_text().splitlines():
            finding = json.loads(line)
            if (mark := (finding["where"], re.sub("[0-9]+", "", finding["what"])[:60])) not in seen:
                seen.add(mark)
                yield finding


def _ended(folder: Path, code: int | None) -> str:
    """Say how a worker ended: by which signal, or with which last words."""
    if code is not None and code < 0:
        return f"ended by {signal.Signals(-code).name}"
    return f"code {code}: {(folder / 'said').read_text(errors='replace').strip().rpartition(chr(10))[2][:200]}"


def _innermost(trace: str) -> str:
    """Return the first line of Amity in what faulthandler wrote, which begins with the innermost."""
    for file, number in re.findall(r'File "([^"\n]+)", line (\d+)', trace):
        if f"{os.sep}amity{os.sep}" in file:
            return f"{Path(file).relative_to(ROOT).as_posix()}:{number}"
    return ""


def _watched(process: subprocess.Popen[bytes], current: Path, left: float) -> int | None:
    """Wait for a worker; None where it had to be killed, since one input kept it for too long."""
    ends = time.monotonic() + left + STUCK
    while True:
        try:
            return process.wait(1)
        except subprocess.TimeoutExpired:
            try:
                stuck = time.time() - current.stat().st_mtime > STUCK
            except OSError:
                stuck = False
            if stuck or time.monotonic() > ends:
                process.kill()
                process.wait()
                return None if stuck else 0


def run(args: Namespace) -> Report:
    """Fuzz every source, one after the other."""
    plain = args.plain or find_spec("atheris") is None
    chosen = {name: target for name, target in targets().items() if not args.source or name in args.source}
    keep: Path | None = args.keep
    rows, found = [], []
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="amity-fuzz-") as temporary:
        work_in = Path(temporary)
        probes = work_in / "probes"
        probes.mkdir()
        others = foreign(args.data or [ROOT.parent / "shared/data/fuzz/fuzz.tar.xz"], probes)
        for name in chosen:
            runs = 0
            findings: list[Finding] = []
            folder = work_in / name
            for told in fuzz(name, others.get(name, []), args.seconds, folder, args.seed, plain):
                if "runs" in told:
                    runs += told["runs"]
                else:
                    findings.append(Finding(source=name, **told))
            if keep is not None and findings:
                shutil.copytree(folder / "found", keep / name, dirs_exist_ok=True)
            counts = [str(sum(finding.kind == kind for finding in findings)) for kind in ("crash", "hang", "loss")]
            rows.append((name, str(len(others.get(name, []))), f"{runs:,}", *counts))
            found += findings
            figures[name] = {"runs": runs, "findings": [vars(finding) for finding in findings]}
    return Report(
        "fuzz",
        (
            Table("Sources", ("source", "foreign seeds", "inputs read", "crashes", "hangs", "losses"), tuple(rows)),
            Table(
                "Findings",
                ("source", "kind", "what", "where", "bytes", "input"),
                tuple((f.source, f.kind, f.what, f.where, str(f.bytes), f.input) for f in found),
            ),
        ),
        figures,
        (
            "Mutations without guidance by branches." if plain else "Mutations guided by branches, by atheris.",
            f"{args.seconds:g} s of each source. A hang is more than {HANG:g} s of CPU on one input of at most 1 MB.",
        ),
    )


if __name__ == "__main__":
    source, where, seconds, seed, plain = sys.argv[1:]
    work(source, Path(where), float(seconds), int(seed), plain == "1")
