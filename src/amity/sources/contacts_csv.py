"""Address books as tables: Google, Outlook, Apple, Dex, Clay, and any other whose columns tell what they are.

What each column is taken for is guessed from its name and its values (`amity.sources.columns`), stands in every mark,
and is used again the next time. Every cell is kept with its card, read or not, as JSON by column.
A name is put together as the table's language does: given name first. Dates of numbers alone are read in the order
that the file itself shows; where it shows none, the month comes first in tables with English column names.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from collections.abc import Mapping as Told
from functools import partial
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Handle, Item, Position, Since, Trouble
from amity.sources import columns, encoded, tables
from amity.sources.columns import Column, Mapping, guess

__all__ = ["guess", "mapping_of", "read", "recognise"]

_BATCH = 2000  # items between two marks
_CACHED = 65536
_CONTACT = ("email", "phone", "birthday", "url", "linkedin", "organisation")
_SEVERAL = re.compile(r"(?<!\s)\s*+:::\s*")
_LIST = re.compile(r"[,;|\n]+")
_SPACED = re.compile(r"[,;|\s]+")
_STARRED = re.compile(r"^\* ?")
_PROFILES = {
    "linkedin": "https://www.linkedin.com/in/",
    "twitter": "https://twitter.com/",
    "facebook": "https://www.facebook.com/",
    "instagram": "https://www.instagram.com/",
    "telegram": "https://t.me/",
    "github": "https://github.com/",
}
# Words by which one is addressed in a letter, no part of a name.
_SALUTATIONS = frozenset((
    "herr", "frau", "mr", "mrs", "ms", "miss", "mx", "m", "mme", "mlle", "monsieur", "madame", "sr", "sra", "señor",
    "señora", "sig", "signor", "signora", "dhr", "mevr",
))  # fmt: skip
# A table with one of these tells of something that happened, or of things.
_NO_BOOK = frozenset((
    "when", "from", "to", "date", "time", "duration", "subject", "amount", "price", "quantity", "conversation",
    "message", "datum", "dauer", "betreff", "betrag", "durée", "objet", "montant", "fecha", "asunto",
))  # fmt: skip
_ADDRESS = ("pobox", "street", "postcode", "city", "region", "country")


def fits(cells: list[str]) -> bool:
    """Tell whether these are the names of the columns of an address book."""
    if not 2 <= len(cells) <= 400 or any(len(cell) > 80 or "@" in cell for cell in cells):
        return False
    names = [tables.plain(cell) for cell in cells]
    if {"when", "from", "to"} <= set(names) or "connected on" in names or "conversation id" in names:
        return False
    fields = {columns.by_name(name, names)[0] for name in names}
    if "duration" in names or "dauer" in names or "durée" in names:
        return False  # calls
    named = fields & set(columns.NAMES)
    return bool(named) and (bool(fields & set(_CONTACT)) or {"given", "family"} <= fields)


def _by_values(text: str) -> bool:
    """Tell whether a table whose columns have unknown names is an address book: its rows have names and addresses."""
    lines = tables.physical(text)[:-1]  # the last may be cut short
    if len(lines) < 3 or "@" in lines[0] or _NO_BOOK & set(tables.plain(lines[0]).split()):
        return False
    header = tables.split(lines[0])
    if not 2 <= len(header) <= 100 or any(not cell or len(cell) > 40 for cell in header):
        return False
    rows = list(csv.reader(lines[1:], delimiter=tables.delimiter(lines[0])))
    mapping = guess(header, rows)
    return all(len(row) == len(header) for row in rows) and mapping.has("email") and mapping.has(*columns.NAMES)


def _goes_on(lines: list[str]) -> bool:
    """Tell whether rows follow a header in the first of these lines, or nothing does: prose may name columns too."""
    sign = tables.delimiter(lines[0])
    width = len(tables.split(lines[0]))
    rows = list(islice((row for row in csv.reader(lines[1:-1], delimiter=sign) if row), 6))
    # An open quote may have torn the rows, which then show line by line.
    alone = [tables.split(line) for line in lines[1:-1] if line][:6]
    return any(2 * sum(len(row) == width for row in found) >= len(found) for found in (rows, alone))


def _header(text: str) -> int:
    """Return the number of the line, from 0, that names the columns, or -1."""
    number = tables.header_line(text, fits)
    try:
        if number >= 0:
            return number if _goes_on(tables.physical(text)[number:]) else -1
        return 0 if _by_values(text) else -1
    except csv.Error:
        return number


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is an address book as a table, by the names of its columns or else by their values."""
    return path.is_file() and _header(tables.first_lines(path, head)) >= 0


def _begin(path: Path) -> tuple[int, str, list[str]] | None:
    """Return how many lines come before the rows, what parts the cells, and the names of the columns."""
    with path.open("rb") as file:
        text = tables.first_lines(path, file.read(4096))
    number = _header(text)
    if number < 0:
        return None
    line = tables.physical(text)[number]
    return number + 1, tables.delimiter(line), tables.split(line)


def _sample(path: Path, begin: tuple[int, str, list[str]]) -> list[list[str]]:
    skip, sign, header = begin
    return [row.cells for row in islice(tables.rows(path, skip, sign, len(header)), columns.SAMPLE) if not row.broken]


def _remembered(state: Told[str, Any], header: list[str]) -> Mapping | None:
    told = state.get("mapping")
    if not told or [entry[0] for entry in told] != header:
        return None
    return Mapping(tuple(Column(*entry) for entry in told), bool(state.get("day_first", True)))


def mapping_of(path: Path, state: Told[str, Any] | None = None) -> list[tuple[str, str, str]]:
    """Return each column of a file, the field it is taken for ("" is none) and why; that of a mark's state if it fits.

    Raises OSError.
    """
    begin = _begin(path)
    if begin is None:
        return []
    mapping = _remembered(state or {}, begin[2]) or guess(begin[2], _sample(path, begin))
    return [(column.column, column.field, column.why) for column in mapping.columns]


def _values(text: str, parted: re.Pattern[str]) -> list[str]:
    """Return the values of one cell: parted by Google's ":::", or as a list of some kind."""
    if ":::" in text:
        return [piece for part in _SEVERAL.split(text) for piece in _values(part, parted)]
    if text[:1] in "[{" and text[-1:] in "]}":
        text = text[1:-1].replace('"', "")
    return [piece for part in parted.split(text) if (piece := part.strip())] if parted.search(text) else [text.strip()]


class _Maker:
    """Makes cards of rows by a mapping."""

    def __init__(self, mapping: Mapping) -> None:
        self.header = [column.column for column in mapping.columns]
        self.width = len(self.header)
        self.day_first = mapping.day_first
        self.told = [
            (place, column.field, column.group) for place, column in enumerate(mapping.columns) if column.field
        ]
        self.phones: dict[str, Handle] = {}
        # One name for each column in the kept JSON, though two columns may share one.
        seen: dict[str, int] = {}
        self.names: list[str] = []
        for name in self.header:
            seen[name] = seen.get(name, 0) + 1
            self.names.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
        self.encode = msgspec.json.Encoder().encode

    def phone(self, text: str) -> Handle | None:
        found = self.phones.get(text)
        if found is None:
            if not any(map(str.isdigit, text)):
                return None
            if len(self.phones) > _CACHED:
                self.phones.clear()
            found = self.phones[text] = handles.phone(text)
        return found

    def card(self, cells: list[str], line: int) -> Card | Trouble | None:
        """Return the card of a row, a trouble where it names nobody, or None for a row without any text."""
        raw = {name: cell for name, cell in zip(self.names, cells, strict=False) if cell and not cell.isspace()}
        if not raw:
            return None
        if len(cells) > self.width and any(cells[self.width :]):
            reason = noted(
                "{n} cells where the header names {width}; a cell with the delimiter in it needs quotes",
                n=len(cells),
                width=self.width,
            )
            return Trouble(line, reason, tables.kept(cells))
        one: dict[str, str] = {}
        found: list[Handle] = []
        nicknames: list[str] = []
        notes: list[str] = []
        categories: list[str] = []
        places: dict[str, list[tuple[str, str]]] = {}
        photos = 0
        short = len(cells)
        for place, field, group in self.told:
            if place >= short:
                break
            text = cells[place]
            if not text or text.isspace():
                continue
            if field == "email":
                for value in _values(text, _SPACED) if "<" not in text else [text]:
                    named = handles.email(value) if "<" not in value else handles.parse(value).handle
                    if named is not None and named.kind == "email":
                        found.append(named)
            elif field == "phone":
                found += [number for value in _values(text, _LIST) if (number := self.phone(value))]
            elif field == "url":
                found += [handles.url(value) for value in _values(text, _SPACED)]
            elif field in _PROFILES:
                for value in _values(text, _SPACED):
                    link = value if "/" in value else _PROFILES[field] + value.lstrip("@")
                    found.append(handles.url(link))
            elif field == "nickname":
                nicknames += [encoded.clean(value) for value in _SEVERAL.split(text)]
            elif field == "note":
                notes.append(text.strip().replace("\r\n", "\n"))
            elif field == "category":
                groups = [_STARRED.sub("", encoded.clean(value)) for value in _values(text, _LIST)]
                categories += [group for group in groups if group not in ("myContacts", "My Contacts", "")]
            elif field == "photo":
                photos += 1
            elif field == "address" or field in _ADDRESS:
                places.setdefault(group, []).append((field, encoded.clean(text)))
            elif field in ("birthday", "died"):
                one.setdefault(field, columns.day(text, self.day_first))
            else:
                one.setdefault(field, encoded.clean(_SEVERAL.split(text)[0] if ":::" in text else text))
        get = one.get
        given, family, prefix = get("given", ""), get("family", ""), get("prefix", "")
        if prefix.rstrip(".").lower() in _SALUTATIONS:
            prefix = ""
        name = get("name") or " ".join(filter(None, (prefix, given, get("middle", ""), family, get("suffix", ""))))
        organisation, title = get("organisation", ""), get("title", "")
        if not (name or nicknames or found or organisation):
            return Trouble(line, noted("the row names nobody"), tables.kept(cells))
        content = self.encode(raw)
        return Card(
            key=blake2b(content, digest_size=16).digest(),
            uid=get("uid", ""),
            name=name,
            given=given,
            family=family,
            nicknames=tuple(nicknames),
            handles=tuple(dict.fromkeys(found)),
            position=Position(organisation, title) if organisation or title else None,
            addresses=tuple(map(_address, places.values())),
            birthday=get("birthday", ""),
            died=get("died", ""),
            notes=tuple(notes),
            categories=tuple(dict.fromkeys(categories)),
            photos=photos,
            place=line,
            raw=content.decode(),
        )


def _address(parts: list[tuple[str, str]]) -> str:
    """Return one address on one line: as it was formatted, else its parts in the order of a letter."""
    whole = [text for field, text in parts if field == "address"]
    return ", ".join(whole or [text for field, text in sorted(parts, key=lambda p: _ADDRESS.index(p[0]))])


def _cards(path: Path, begin: tuple[int, str, list[str]], maker: _Maker) -> tables.Facts:
    skip, sign, header = begin
    for row in tables.rows(path, skip, sign, len(header)):
        if row.broken:
            yield Trouble(row.line, row.broken, tables.kept(row.cells)), row.share
        elif (item := maker.card(row.cells, row.line)) is not None:
            yield item, row.share


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a card for each row, with a mark about every 2,000; a card's place is the line on which its row begins.

    Raises OSError where the file cannot be opened.
    """
    begin = _begin(path)
    if begin is None:
        unnamed = Trouble(1, noted("no line names the columns of an address book"))
        yield from tables.take_up(path, since, lambda: iter([(unnamed, 1.0)]), _BATCH)
        return
    mapping = _remembered(since.state, begin[2]) or guess(begin[2], _sample(path, begin))
    told = {"mapping": [list(column) for column in mapping.columns], "day_first": mapping.day_first}
    yield from tables.take_up(path, since, partial(_cards, path, begin, _Maker(mapping)), _BATCH, lambda: told)
