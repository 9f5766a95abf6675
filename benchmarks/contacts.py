"""Address books into a vault: CPU, wall time and peak memory of the whole import, vCards beside vobject.

Every way runs in a process of its own, so that CPU and memory are its alone; a child's are counted with its parent's.
"""

from __future__ import annotations

import csv
import json
import random
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import asdict
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.ingest import OWNER, Cost, run_process
from benchmarks.report import Report, Table

SUMMARY = "address books into a vault: 100,000 vCards beside vobject, 1,000,000 rows of a table"
GIVEN = ("Ana", "Bo", "Cy", "Dan", "Eva", "Finn", "Gina", "Hugo", "Ida", "Jan", "Kai", "Lea", "Max", "Nora", "Zoë")
FAMILY = ("Berg", "Lee", "Kim", "Novák", "Silva", "Rossi", "Meyer", "Dubois", "Sato", "Cohen")
GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,"
    "Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,"
    "Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,"
    "Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,"
    "Address 1 - Country,Address 1 - Extended Address,Website 1 - Label,Website 1 - Value"
)


class Contact(NamedTuple):
    """Somebody made up."""

    given: str
    family: str
    organisation: str
    birthday: str
    note: str
    email: str
    phone: str
    street: str


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--cards", type=int, default=100_000, metavar="N", help="how many vCards (default 100,000)")
    parser.add_argument("--rows", type=int, default=1_000_000, metavar="N", help="of the table (default 1,000,000)")


def contacts(seed: int = 1) -> Iterator[Contact]:
    """Yield people without end, the same ones each time."""
    chance = random.Random(seed)
    number = 0
    while True:
        number += 1
        given, family = chance.choice(GIVEN), f"{chance.choice(FAMILY)}{number}"
        yield Contact(
            given,
            family,
            f"Company {chance.randrange(5000)}",
            f"{chance.randrange(1920, 2010)}-{chance.randrange(1, 13):02d}-{chance.randrange(1, 29):02d}",
            f"met in Graz, {number}",
            f"p{number}@example{number % 1000}.org",
            f"+43 664 {1_000_000 + number}",
            f"Gasse {number % 200}",
        )


def write_cards(path: Path, count: int) -> None:
    """Write so many people as vCard 3.0."""
    with path.open("w", encoding="utf-8", newline="\r\n") as out:
        for one in islice(contacts(), count):
            out.write(
                f"BEGIN:VCARD\nVERSION:3.0\nFN:{one.given} {one.family}\nN:{one.family};{one.given};;;\n"
                f"ORG:{one.organisation}\nTITLE:Engineer\nEMAIL;TYPE=INTERNET,WORK:{one.email}\n"
                f"TEL;TYPE=CELL:{one.phone}\nADR;TYPE=HOME:;;{one.street};Wien;;1010;AT\nBDAY:{one.birthday}\n"
                f"NOTE:{one.note.replace(',', chr(92) + ',')}\nUID:{one.email}\nEND:VCARD\n"
            )


def write_table(path: Path, count: int) -> None:
    """Write so many people as Google's contacts export them since 2023."""
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictWriter(out, GOOGLE.split(","))
        rows.writeheader()
        for one in islice(contacts(), count):
            rows.writerow(
                {
                    "First Name": one.given, "Last Name": one.family, "Organization Name": one.organisation,
                    "Organization Title": "Engineer", "Birthday": one.birthday, "Notes": one.note,
                    "Labels": "* myContacts", "E-mail 1 - Label": "* Work", "E-mail 1 - Value": one.email,
                    "Phone 1 - Label": "Mobile", "Phone 1 - Value": one.phone, "Address 1 - Label": "Home",
                    "Address 1 - Street": one.street, "Address 1 - City": "Wien", "Address 1 - Postal Code": "1010",
                    "Address 1 - Country": "AT",
                }
            )  # fmt: skip


def _import(vault: Path, path: Path, new: int) -> Cost:
    """Import an address book into a fresh vault, or again, and make sure that as many cards were new."""
    amity = [sys.executable, "-c", "from amity.faces.cli.main import main; main()", "--vault", str(vault)]
    if not vault.exists():
        run_process([*amity, "init", "--me", OWNER])
    cost, told = run_process([*amity, "import", str(path), "--json"])
    found = sum(source["new"] for source in json.loads(told)["sources"])
    if found != new:
        raise RuntimeError(f"{found:,} of {new:,} cards of {path} were new")
    return cost


def vobject(path: Path) -> None:
    """Parse every card of a file with vobject; nothing is written."""
    from vobject import readComponents  # type: ignore[import-untyped, unused-ignore]

    with path.open(encoding="utf-8") as file:
        for card in readComponents(file):
            str(card.fn.value)


def run(args: Namespace) -> Report:
    """Measure both forms, and vobject where it is installed."""
    costs: dict[str, tuple[int, Cost]] = {}
    with tempfile.TemporaryDirectory(prefix="amity-contacts-") as folder:
        work = Path(folder)
        cards, table = work / "contacts.vcf", work / "contacts.csv"
        write_cards(cards, args.cards)
        costs["amity import, vCard"] = args.cards, _import(work / "cards", cards, args.cards)
        costs["amity import, vCard again"] = args.cards, _import(work / "cards", cards, 0)
        if find_spec("vobject"):
            own = [sys.executable, "-m", "benchmarks.contacts", str(cards)]
            costs["vobject, nothing written"] = args.cards, run_process(own)[0]
        for rows in (args.rows // 10, args.rows):
            write_table(table, rows)
            costs[f"amity import, table of {rows:,}"] = rows, _import(work / f"table{rows}", table, rows)
        costs["amity import, the same again"] = args.rows, _import(work / f"table{args.rows}", table, 0)
        sizes = cards.stat().st_size, table.stat().st_size
    table_rows = tuple(
        (way, f"{count:,}", f"{cost.cpu:.1f}", f"{cost.wall:.1f}", f"{count / cost.cpu:,.0f}", f"{cost.peak:,.0f}")
        for way, (count, cost) in costs.items()
    )
    return Report(
        "contacts",
        (Table("Whole processes", ("way", "contacts", "CPU s", "wall s", "a second of CPU", "peak MiB"), table_rows),),
        {way: {"contacts": count, **asdict(cost)} for way, (count, cost) in costs.items()},
        (
            f"{args.cards:,} vCards, {sizes[0] / 1e6:,.0f} MB; a table of {args.rows:,}, {sizes[1] / 1e6:,.0f} MB.",
            "An import also works out the people and judges their ties; vobject only parses.",
        ),
    )


if __name__ == "__main__":
    vobject(Path(sys.argv[1]))
