"""Whether delivery failures are recognised among mail, and whether the address that failed is read off them."""

from __future__ import annotations

import csv
import tarfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from amity.model import Moment
from amity.sources import bounces
from amity.sources.mail import scanner, unix
from benchmarks.report import Report, Table

SUMMARY = "addresses that failed, read off 117 real delivery-failure mails and looked for in 4,150 ordinary ones"
LABELS = Path(__file__).with_name("labels") / "bounces.csv"
BOUNCES = Path("fuzz") / "fuzz.tar.xz"
FOLDER = "flufl_bounce"
HAM = Path("mail") / "spamassassin_raw.tar.xz"
ORDINARY = ("easy-ham-1", "easy-ham-2", "hard-ham-1")


class Label(NamedTuple):
    """What one mail is by reading it: a report of failure or not, and the addresses that it names (by their hash)."""

    report: bool
    addresses: frozenset[str]


class Judged(NamedTuple):
    """What was told of one mail."""

    name: str
    label: Label
    report: bool
    addresses: frozenset[str]


def add_arguments(parser: ArgumentParser) -> None:
    """Take whether the mistakes are named."""
    parser.add_argument("--mistakes", action="store_true", help="name the mails that were judged wrong")


def fingerprint(address: str) -> str:
    """Return what a label knows an address by."""
    return sha256(address.encode()).hexdigest()[:16]


def labels() -> dict[str, Label]:
    """Return the labels by the mail's name."""
    with LABELS.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["file"]: Label(row["report"] == "yes", frozenset(row["addresses"].split())) for row in rows}


def is_report(raw: bytes) -> bool:
    """Tell whether a mail reports a failure, by its headers alone."""
    block = unix(raw)
    moment = scanner()(b"\n" + (block.partition(b"\n")[2] if block.startswith(b"From ") else block), 0, b"1 Jan 2000")
    return isinstance(moment, Moment) and bounces.is_bounce(moment)


def judge(name: str, raw: bytes, label: Label) -> Judged:
    """Say of one mail what an import would, with bodies read."""
    report = is_report(raw)
    failed = bounces.failures(raw) if report else ()
    return Judged(name, label, report, frozenset(fingerprint(one.address) for one in failed))


def members(archive: Path, folders: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of some folders of a tar, by name."""
    with tarfile.open(archive) as tar:
        for member in tar:
            if member.isfile() and Path(member.name).parent.name in folders:
                stream = tar.extractfile(member)
                assert stream is not None
                yield Path(member.name).stem, stream.read()


def figures(judged: list[Judged]) -> dict[str, float]:
    """Count what was recognised; recall and precision of addresses are over all that are named."""
    reports = [one for one in judged if one.label.report]
    named = [one for one in reports if one.label.addresses]
    right = sum(len(one.addresses & one.label.addresses) for one in judged)
    told = sum(len(one.addresses) for one in judged)
    meant = sum(len(one.label.addresses) for one in judged)
    return {
        "mails": len(judged),
        "reports": len(reports),
        "recognised": sum(one.report for one in reports),
        "share recognised": sum(one.report for one in reports) / len(reports),
        "others called reports": sum(one.report for one in judged if not one.label.report),
        "name an address": len(named),
        "all their addresses right": sum(one.addresses == one.label.addresses for one in named),
        "share all right": sum(one.addresses == one.label.addresses for one in named) / len(named),
        "precision of addresses": right / told if told else 1.0,
        "recall of addresses": right / meant if meant else 1.0,
    }


def run(args: Namespace) -> Report:
    """Judge the delivery failures, and look for such among ordinary mail."""
    folder = args.data[0] if args.data else Path("..") / "shared" / "data"
    known = labels()
    judged = [judge(name, raw, known[name]) for name, raw in members(folder / BOUNCES, (FOLDER,)) if name in known]
    counted = figures(judged)
    ham = [name for name, raw in members(folder / HAM, ORDINARY) if is_report(raw)]
    counted["ordinary mails called reports"] = len(ham)
    rows = tuple((name, f"{value:.3f}" if isinstance(value, float) else str(value)) for name, value in counted.items())
    tables = [Table("Delivery failures", ("what", "figure"), rows)]
    if args.mistakes:
        wrong = [one.name for one in judged if one.report != one.label.report or one.addresses != one.label.addresses]
        tables.append(Table("Judged wrong", ("mail",), tuple((name,) for name in (*wrong, *ham))))
    notes = ("the rules were made while reading these mails: there is no second half to test them on",)
    return Report("Bounces", tuple(tables), counted, notes)
