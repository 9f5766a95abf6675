"""LinkedIn's data export: `Connections.csv`, with its notes before the header.

Each connection is a card, and that two people connected on a day is a passing contact between the owner and the
person, by whom it was asked is not told. A date says no time of day: it stands for its midnight UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path
from unicodedata import normalize

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Channel, Depth, Handle, Item, Moment, Party, Position, Role, Since, Trouble
from amity.sources import columns, dates, encoded, tables

_BATCH = 2000  # items between two marks
_ME = Party(Role.FROM, "", Handle("me", "me"))
_NEEDED = frozenset(("first name", "last name", "connected on"))
_WORDED = re.compile(r"(\d{1,2})\W+(?:de\W+)?([^\W\d]+)\W+(?:de\W+)?(\d{4})|([^\W\d]+)\W+(\d{1,2})\W+(\d{4})")
_CHINESE = re.compile(r"(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*")
# What the words of mail's dates leave out: Dutch, Portuguese, Polish, Czech, Turkish, Russian, Nordic, Romanian.
_MONTHS = {
    word: number
    for number, names in enumerate(
        (
            "sty led oca янв ian tam",
            "lut úno uno şub sub фев fev helm",
            "mrt marz bře bre мар maalis maart",
            "kwi dub nis апр huhti",
            "maj kvě kve май мая touko mag",
            "cze čvn cvn haz июн iun kesä giu",
            "lip čvc cvc tem июл iul heinä lug",
            "sie srp ağu agu авг elo",
            "wrz zář zar eyl сен syys",
            "paź paz říj rij eki окт lok okt",
            "lis kas ноя noi marras",
            "gru pro ara дек joulu",
        ),
        1,
    )
    for word in names.split()
}


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is LinkedIn's list of connections, by the names of its columns."""
    return path.is_file() and tables.header_line(tables.first_lines(path, head), _fits) >= 0


def _fits(cells: list[str]) -> bool:
    return {tables.plain(cell) for cell in cells} >= _NEEDED


def _month(word: str) -> int:
    word = normalize("NFC", word.lower())
    for length in (len(word), 5, 4, 3):
        if number := dates.MONTHS.get(word[:length]) or _MONTHS.get(word[:length]):
            return number
    return 0


def connected(text: str, day_first: bool) -> int | None:
    """Return the seconds since 1970 of the day that "05 Mar 2024" or its like in another language says, or None."""
    text = encoded.clean(text)
    try:
        if match := _WORDED.fullmatch(text):
            day, word, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
            return _seconds(int(year), _month(word), int(day))
        if match := _CHINESE.fullmatch(text):
            return _seconds(int(match[1]), int(match[2]), int(match[3]))
        written = columns.day(text, day_first)
        return (date.fromisoformat(written).toordinal() - dates.EPOCH) * 86400
    except ValueError:
        return None


def _seconds(year: int, month: int, day: int) -> int:
    return (date(year, month, day).toordinal() - dates.EPOCH) * 86400


def _facts(path: Path) -> tables.Facts:
    with path.open("rb") as file:
        text = tables.first_lines(path, file.read(4096))
    number = tables.header_line(text, _fits)
    if number < 0:
        yield Trouble(1, noted("no line names the columns first name, last name and connected on")), 1.0
        return
    line = tables.physical(text)[number]
    names = [tables.plain(name) for name in tables.split(line)]
    place = {name: names.index(name) for name in reversed(names)}
    sign = tables.delimiter(line)
    sample = [
        row.cells[place["connected on"]]
        for row, _ in zip(tables.rows(path, number + 1, sign, len(names)), range(columns.SAMPLE), strict=False)
        if len(row.cells) == len(names)
    ]
    day_first = columns.day_first(sample, usual=False)  # LinkedIn writes numbers alone in American English
    encode = msgspec.json.Encoder().encode
    for row in tables.rows(path, number + 1, sign, len(names)):
        if row.broken:
            yield Trouble(row.line, row.broken, tables.kept(row.cells)), row.share
            continue
        told = {name: encoded.clean(row.cells[at]) if at < len(row.cells) else "" for name, at in place.items()}
        for fact in _row(told, encode({k: v for k, v in told.items() if v}), row, day_first):
            yield fact, row.share


def _row(told: dict[str, str], raw: bytes, row: tables.Row, day_first: bool) -> Iterator[Card | Moment | Trouble]:
    given, family = told["first name"], told["last name"]
    name = f"{given} {family}".strip()
    link = handles.url(told["url"]) if told.get("url") else None
    if not name and link is None:
        if any(told.values()):
            reason = "a connection without name and profile: the member has restricted it"
            yield Trouble(row.line, reason, tables.kept(row.cells))
        return
    mail = handles.email(told["email address"]) if told.get("email address") else None
    organisation, title = told.get("company", ""), told.get("position", "")
    yield Card(
        key=blake2b(raw, digest_size=16).digest(),
        name=name,
        given=given,
        family=family,
        handles=tuple(filter(None, (link, mail))),
        position=Position(organisation, title) if organisation or title else None,
        place=row.line,
        raw=raw.decode(),
    )
    written = told["connected on"]
    at = connected(written, day_first)
    if at is None:
        if written:
            yield Trouble(
                f"{row.line}:connected", noted('"{text}" is no day', text=written[:40]), tables.kept(row.cells)
            )
        return
    who = link or mail or handles.name(name)
    yield Moment(
        key=blake2b(f"linkedin\n{who.value}\n{at}".encode("utf-8", "replace"), digest_size=16).digest(),
        at=at,
        channel=Channel.SOCIAL,
        parties=(_ME, Party(Role.TO, name, who)),
        subject="Connected on LinkedIn",
        place=f"{row.line}:connected",
        depth=Depth.PASSING,
    )


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a card and the day of connecting for each row, with a mark about every 2,000.

    The place of a card is its line, that of the day "LINE:connected". A card has no date of its own: LinkedIn tells
    the position as of the export. Raises OSError where the file cannot be opened.
    """
    yield from tables.take_up(path, since, partial(_facts, path), _BATCH)
