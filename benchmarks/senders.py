"""How well robots, newsletters, lists and offices are told from persons, on mails whose senders were read by hand."""

from __future__ import annotations

import csv
import tarfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, cast

import apsw

from amity.ledger.strands import spin, traffic
from amity.model import Handle, Moment, Role, Traffic
from amity.people import machines
from amity.sources.mail import scanner, unix
from amity.store.derived import SUBJECT_SAYS
from benchmarks.report import Report, Table

SUMMARY = "machines told from persons, on 400 senders of public mail read by hand"
HALVES = ("dev", "added", "test")
LABELS = Path(__file__).with_name("labels") / "senders.csv"
ARCHIVE = Path("mail") / "spamassassin_raw.tar.xz"
HAM = ("easy-ham-1", "easy-ham-2", "hard-ham-1")
# Whose mail most of the archive is, under the names that its makers gave them.
OWNER = frozenset(
    (
        *("yyyy@spamassassin.taint.org", "zzzz@spamassassin.taint.org", "zzz@spamassassin.taint.org"),
        *("yyyy@netnoteinc.com", "yyyy@localhost.netnoteinc.com", "yyyy@dogma.slashnull.org"),
    )
)
END = 1 << 40
SAYS = f"SELECT {SUBJECT_SAYS} FROM (SELECT ? AS channel, ? AS subject)"


class Label(NamedTuple):
    """What one sender is by the reading of their mails, and why."""

    half: str  # "dev" | "added" (to dev, later, from those who were not drawn) | "test"
    kind: str  # "person" | "newsletter" | "robot" | "role" | "list" | "ticket"
    reason: str


class Sender(NamedTuple):
    """One address with what an import would know of it."""

    handle: Handle
    traffic: Traffic
    names: tuple[str, ...]


def add_arguments(parser: ArgumentParser) -> None:
    """Take which half is judged, and whether the mistakes are named."""
    parser.add_argument("--half", choices=(*HALVES, "all"), default="all")
    parser.add_argument("--mistakes", action="store_true", help="name what was judged wrong outside of the test half")


def labels() -> dict[str, Label]:
    """Return the labels by the first half of the sender address's SHA-256."""
    with LABELS.open(encoding="utf-8", newline="") as stream:
        return {row["sender"]: Label(row["half"], row["kind"], row["reason"]) for row in csv.DictReader(stream)}


def fingerprint(address: str) -> str:
    """Return what a label knows an address by."""
    return sha256(address.encode()).hexdigest()[:16]


def mails(archive: Path) -> Iterator[bytes]:
    """Yield the header blocks of the ham of the SpamAssassin archive."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and Path(member.name).parent.name in HAM:
                stream = tar.extractfile(member)
                assert stream is not None
                block = unix(stream.read())
                yield b"\n" + (block.partition(b"\n")[2] if block.startswith(b"From ") else block)


def senders(blocks: Iterator[bytes]) -> list[Sender]:
    """Count what passed over each sending address, as an import of a mailbox does."""
    scan = scanner()
    asked = apsw.Connection(":memory:")
    numbers: dict[Handle, int] = {}
    names: dict[int, dict[str, None]] = {}
    rows = []
    for place, block in enumerate(blocks):
        moment = scan(block, place, b"")
        if not isinstance(moment, Moment):
            continue
        parties = bytearray()
        for role, name, handle in moment.parties:
            number = numbers.setdefault(handle, len(numbers) + 1)
            parties += ((number << 2) | role).to_bytes(4, "little")
            if name:
                names.setdefault(number, {})[name] = None
            if role is Role.FROM:
                names.setdefault(number, {})
        says = asked.execute(SAYS, (int(moment.channel), moment.subject)).get
        boxed = 1 | cast(int, says)
        kept = (int(moment.channel), bytes(parties), int(moment.signs), int(moment.depth), 0, boxed)
        rows.append((place + 1, moment.at, *kept))
    mine = [number for handle, number in numbers.items() if handle.value in OWNER]
    counted = traffic(*spin(rows, mine), END)
    return [
        Sender(handle, counted[number], tuple(names.get(number, ())))
        for handle, number in numbers.items()
        if number in counted
    ]


def verdicts(found: list[Sender]) -> dict[str, machines.Finding | None]:
    """Judge every sender, by fingerprint."""
    return {
        fingerprint(one.handle.value): machines.judge(one.handle, one.traffic, in_address_book=False, names=one.names)
        for one in found
    }


def figures(known: Mapping[str, Label], said: Mapping[str, machines.Finding | None], half: str) -> dict[str, float]:
    """Return how many of a half were told right; precision and recall are those of "machine"."""
    chosen = [(label.kind != "person", said[key] is not None) for key, label in known.items() if label.half == half]
    right = sum(is_machine and called for is_machine, called in chosen)
    called = sum(called for _, called in chosen)
    machine = sum(is_machine for is_machine, _ in chosen)
    return {
        "senders": len(chosen),
        "machines": machine,
        "called machine": called,
        "rightly": right,
        "precision": right / called if called else 1.0,
        "recall": right / machine if machine else 1.0,
    }


def run(args: Namespace) -> Report:
    """Judge the labelled senders and count."""
    folder = args.data[0] if args.data else Path("..") / "shared" / "data"
    known = labels()
    found = senders(mails(folder / ARCHIVE))
    said = verdicts(found)
    halves = HALVES if args.half == "all" else (args.half,)
    counted = {half: figures(known, said, half) for half in halves}
    columns = ("half", "senders", "machines", "called machine", "rightly", "precision", "recall")
    rows = [
        (half, *(f"{value:.3f}" if name in ("precision", "recall") else str(value) for name, value in row.items()))
        for half, row in counted.items()
    ]
    tables = [Table("Machines told from persons", columns, tuple(rows))]
    if args.mistakes:
        wrong = [
            (one.handle.value, known[key].kind, finding.because[0].reason if finding else "a person", str(one.traffic))
            for one in found
            if (key := fingerprint(one.handle.value)) in known
            and known[key].half != "test"
            and (known[key].kind != "person") != ((finding := said[key]) is not None)
        ]
        tables.append(Table("Judged wrong, but for the test half", ("sender", "is", "called", "traffic"), tuple(wrong)))
    return Report(
        "Machines",
        tuple(tables),
        counted,
        ("rules were made on the mistakes of dev and of those added; of the test half only the figures were seen",),
    )
