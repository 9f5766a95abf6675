"""A world told in the domain's notation, imported into a real vault.

    2025-01-05 mail Ana > me: The house          a letter, with its subject
    2025-01-05 mail Ana > me, Bo cc Chris        to several
    2025-01-05 mail[list] Ana > me               with a mailing list's headers; also [bulk], [auto]
    2025-01-05 meeting me + Ana + Bo             no direction
    card Ana <ana@a.example> born 1990-04-12     an address book's card; also uid, rev, tel, org
    today 2025-02-01                             the day as of which all is said

A bare name such as Ana stands for "Ana <ana@x.example>", `me` for "me@home.example". Lines told later by `tell` come
in a file of their own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import asdict

from amity.app import intake, ledger, people, plan, ties, upkeep
from amity.app.desk import Desk
from amity.app.intake import ImportReport
from amity.app.ties import TieLine
from amity.settings import Settings
from amity.store.db import Database, open_vault

ME = "me@home.example"
NOW = 1_767_225_600
HEADER = ("when", "channel", "from", "to", "cc", "subject", "depth", "minutes", "id")
SIGNS = {
    "list": "List-Id: <talk.lists.example>\n",
    "bulk": "Precedence: bulk\nList-Unsubscribe: <mailto:off@lists.example>\n",
    "auto": "Auto-Submitted: auto-generated\n",
}
_LINE = re.compile(r"(\S+) (\w+)(?:\[(\w+)\])? (.+)")
_CARD = re.compile(r"(?P<name>[^<]*?)\s*(?P<emails>(?:<[^>]*>\s*)*)(?P<rest>(?:\b(?:born|uid|rev|tel|org)\b.*)?)")
_FIELD = {"born": "BDAY", "uid": "UID", "rev": "REV", "tel": "TEL", "org": "ORG"}


def address(name: str) -> str:
    """Return how a name in the notation is written in an archive."""
    name = name.strip()
    if name == "me":
        return ME
    if "<" in name or "@" in name:
        return name
    return f"{name} <{name.lower().replace(' ', '.')}@x.example>"


def _several(names: str) -> list[str]:
    return [address(name) for name in re.split(r",|\s\+\s", names)] if names.strip() else []


def vcard(told: str) -> str:
    """Write a card told in the notation."""
    match = _CARD.fullmatch(told.strip())
    assert match, told
    lines = ["BEGIN:VCARD", "VERSION:4.0", f"FN:{match['name']}"]
    lines += [f"EMAIL:{email}" for email in re.findall(r"<([^>]*)>", match["emails"])]
    words = match["rest"].split()
    lines += [f"{_FIELD[field]}:{value}" for field, value in zip(words[::2], words[1::2], strict=True)]
    return "\n".join([*lines, "END:VCARD", ""])


def _mail(when: str, sign: str, row: Sequence[str], number: int) -> str:
    at = datetime.fromisoformat(when + ("T12:00:00+00:00" if len(when) == 10 else ""))
    carbon = f"Cc: {row[4]}\n" if row[4] else ""
    return (
        f"From x@y Thu Jan  1 00:00:00 1970\nFrom: {row[2]}\nTo: {row[3].replace(';', ',')}\n{carbon}{SIGNS[sign]}"
        f"Date: {format_datetime(at)}\nSubject: {row[5]}\nMessage-ID: <{when}.{number}@told.example>\n\n\n"
    )


class World:
    """One vault and the desk before it."""

    def __init__(
        self, folder: Path, me: Sequence[str] = (ME,), settings: Settings | None = None, key: str | None = None
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.me = me
        self.day = date(2025, 2, 1)
        self.settings = settings or Settings()
        self.database: Database = open_vault(folder / "vault", key, create=True)
        self.told = 0

    @property
    def desk(self) -> Desk:
        """The desk as of the world's day."""
        return Desk(self.database, self.day, NOW, self.settings)

    def files(self, text: str) -> list[Path]:
        """Write what the notation tells into files of real sources, and set the day."""
        self.told += 1
        rows: list[Sequence[str]] = []
        mails: list[str] = []
        cards: list[str] = []
        for line in filter(None, map(str.strip, text.splitlines())):
            verb, _, rest = line.partition(" ")
            if verb == "today":
                self.day = date.fromisoformat(rest)
            elif verb == "card":
                cards.append(vcard(rest))
            else:
                match = _LINE.fullmatch(line)
                assert match, f"not in the notation: {line}"
                when, channel, sign, rest = match.groups()
                parties, _, subject = rest.partition(": ")
                senders, _, readers = parties.partition(" > ")
                readers, _, carbons = readers.partition(" cc ")
                fields = [";".join(_several(names)) for names in (senders, readers, carbons)]
                row = (when, channel, *fields, subject, "", "", "")
                if sign:
                    mails.append(_mail(when, sign, row, len(mails)))
                else:
                    rows.append(row)
        return self._write(rows, mails, cards)

    def _write(self, rows: list[Sequence[str]], mails: list[str], cards: list[str]) -> list[Path]:
        written = []
        if rows:
            written.append(write_table(self.folder / f"told-{self.told}.csv", rows))
        for ending, parts in (("mbox", mails), ("vcf", cards)):
            if parts:
                file = self.folder / f"told-{self.told}.{ending}"
                file.write_text("".join(parts), encoding="utf-8")
                written.append(file)
        return written

    def tell(self, text: str, key: str = "") -> ImportReport | None:
        """Import what the notation tells, as files of their own."""
        files = self.files(text)
        return intake.import_(self.desk, files, me=self.me, key=key) if files else None

    def on(self, day: str) -> World:
        """Move to another day."""
        self.day = date.fromisoformat(day)
        return self

    def people(self) -> set[str]:
        """Return the names of those who count as people."""
        return {one.name for one in people.find(self.desk, limit=1000).people}

    def tie(self, name: str) -> TieLine:
        """Return the one tie with somebody of that name."""
        (found,) = [tie for tie in ties.list_(self.desk) if tie.name == name]
        return found

    def ties(self) -> set[str]:
        """Return the names of those whom the owner has a tie with."""
        return {tie.name for tie in ties.list_(self.desk)}

    def show(self, person: str) -> people.PersonPage:
        """Show one person whole."""
        return people.show(self.desk, person)

    def today(self) -> plan.Today:
        """Return the day's suggestions."""
        return plan.today(self.desk)

    def log(self, sentence: str, key: str = "") -> ledger.Logged:
        """Tell a contact in a sentence."""
        return ledger.log(self.desk, sentence, key)

    def undo(self, count: int = 1, key: str = "") -> tuple[upkeep.Change, ...]:
        """Take back the last changes."""
        return upkeep.undo(self.desk, count, key)

    def redo(self) -> upkeep.Change:
        """Bring back what was taken back last."""
        return upkeep.redo(self.desk)

    def undo_all(self) -> int:
        """Take back every change, and return how many they were."""
        return len(self.undo(10_000))

    def picture(self) -> dict[str, Any]:
        """Return all that is worked out, told by handles instead of by numbers, so that two vaults compare."""
        picture = self.roster_and_ties()
        named = {f"p{number}": who for number, who in self._who().items()}
        picture["today"] = [
            asdict(one) | {"id": named[one.person.id], "person": one.person.name} for one in self.today().suggestions
        ]
        return picture

    def roster_and_ties(self) -> dict[str, Any]:
        """Return who is who and what joins them to the owner, told by handles instead of by numbers."""
        ties.list_(self.desk)
        who = self._who()
        persons = {}
        for number, kind, name, organisation, title, birthday, first, last, body in self.database.execute(
            "SELECT id, kind, name, organisation, title, birthday, first, last, body FROM derived_person"
        ):
            told = msgspec.json.decode(body)
            told.pop("cards")
            told["aliases"] = sorted(told["aliases"])
            persons[who.get(number, ())] = (kind, name, organisation, title, birthday, first, last, told)
        columns = (
            "strength, p_contact, momentum, segment, reciprocity, initiative, sent, received, met, days, gap, first"
        )
        columns += ", last, turned, heard, heard_group, written, met_last, first_was, channel"
        joined = {
            who[number]: row for number, *row in self.database.execute(f"SELECT person, {columns} FROM derived_tie")
        }
        return {"people": persons, "ties": joined}

    def _who(self) -> dict[int, tuple[str, ...]]:
        who: dict[int, list[str]] = {}
        for person, value in self.database.execute(
            """SELECT person, kind || ' ' || value FROM derived_belongs JOIN handle ON handle.id = handle
               WHERE kind NOT IN ('me', 'person') ORDER BY person, kind, value"""
        ):
            who.setdefault(int(person), []).append(str(value))
        return {person: tuple(values) for person, values in who.items()}

    def tables(self) -> dict[str, list[Any]]:
        """Return evidence and what stands on it, row by row, without what only counts runs."""
        return {
            table: self.database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall()
            for table in ("moment", "naming", "card", "card_handle", "handle", "trouble", "person", "anchor")
        }

    def close(self) -> None:
        """Close the vault."""
        self.database.close()


def write_table(file: Path, rows: Sequence[Sequence[str]]) -> Path:
    """Write a table of interactions."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        writer.writerows(rows)
    return file


def days(first: str, step: int, count: int) -> list[str]:
    """Return some days, so many apart."""
    start = date.fromisoformat(first)
    return [(start + timedelta(days=step * number)).isoformat() for number in range(count)]


@pytest.fixture
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Build the world that the test's own docstring tells."""
    made = World(tmp_path / "world")
    made.tell(request.function.__doc__ or "")
    yield made
    made.close()
