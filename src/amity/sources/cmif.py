"""Letters between people: the Correspondence Metadata Interchange Format, TEI's correspDesc.

Read as it streams by; a file with a DOCTYPE is refused. A sender or receiver is known by the authority that the
edition names (GND, VIAF, …), else by name. Names are turned: "Schnitzler, Arthur" is Arthur Schnitzler.
Without an exact day a letter counts at the middle of its span and is marked imprecise.
The same letter in two editions has one key: it is made of the day, the two sides, and which letter of that day it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from hashlib import blake2b
from pathlib import Path
from xml.parsers import expat

from msgspec import Struct, field

from amity import handles
from amity.language import noted
from amity.model import Channel, Handle, Item, Moment, Party, Role, Since, Trouble
from amity.sources import encoded, interactions, tables

DEPTH_LIMIT = 100  # elements within elements
TEXT_LIMIT = 1 << 20  # letters of one correspDesc
_BATCH = 2000  # items between two marks
_BLOCK = 1 << 16
_SEARCHED = 1 << 18  # bytes in which a correspDesc must begin
_TEI = re.compile(rb"<(?:\w+:)?(?:TEI|teiCorpus|correspDesc)\b")
_DESC = re.compile(rb"<(?:\w+:)?correspDesc\b")
_NOBODY = re.compile(r"/(?:unknown|unbekannt)/?$", re.IGNORECASE)
_DAY = re.compile(r"-?\d{4}(?:-\d\d(?:-\d\d)?)?")
_SIDES = {"sent": Role.FROM, "received": Role.TO}
_PERSONS = frozenset(("persName", "orgName", "name", "rs"))


class Refused(Exception):
    """A file that is not read further, with the reason."""


class _Action(Struct):
    """What one correspAction says."""

    side: str
    persons: list[tuple[str, str]] = field(default_factory=list)  # reference, text
    dates: list[dict[str, str]] = field(default_factory=list)
    places: list[str] = field(default_factory=list)


class _Letter(Struct):
    """One correspDesc as it was read."""

    line: int
    actions: list[_Action] = field(default_factory=list)


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is TEI with descriptions of correspondence, by its first 256 KB."""
    if not path.is_file() or b"<" not in head[:512] or _TEI.search(head) is None:
        return False
    if _DESC.search(head):
        return True
    try:
        with path.open("rb") as file:
            return _DESC.search(file.read(_SEARCHED)) is not None
    except OSError:
        return False


class _Scanner:
    """Gathers the letters of a file while expat reads it."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.letters: list[_Letter] = []
        self.letter: _Letter | None = None
        self.open: list[str] = []
        self.words: list[str] = []
        self.reference = ""
        self.within = ""  # the element whose text is gathered
        self.length = 0

    def doctype(self, *_: object) -> None:
        raise Refused(noted("it has a DOCTYPE, which is not read"))

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(" ")[2]
        self.open.append(name)
        if len(self.open) > DEPTH_LIMIT:
            raise Refused(noted("its elements are nested more than {n} deep", n=DEPTH_LIMIT))
        if name == "correspDesc":
            self.letter = _Letter(self.parser.CurrentLineNumber)
            self.length = 0
            return
        if self.letter is None:
            return
        if name == "correspAction":
            self.letter.actions.append(_Action(attributes.get("type", "")))
        elif self.letter.actions and not self.within:
            if name in _PERSONS or name in ("placeName", "settlement"):
                self.within, self.words = name, []
                self.reference = attributes.get("ref", "") or attributes.get("key", "")
            elif name == "date":
                self.letter.actions[-1].dates.append(attributes)

    def text(self, data: str) -> None:
        if self.within:
            self.length += len(data)
            if self.length <= TEXT_LIMIT:
                self.words.append(data)

    def end(self, name: str) -> None:
        name = name.rpartition(" ")[2]
        self.open.pop()
        if self.letter is None:
            return
        if name == "correspDesc":
            self.letters.append(self.letter)
            self.letter, self.within = None, ""
        elif name == self.within and self.letter.actions:
            told = encoded.clean("".join(self.words))
            if name in _PERSONS:
                # A house's name is not turned: "S. Fischer, Verlag".
                self.letter.actions[-1].persons.append((self.reference, told if name == "orgName" else turned(told)))
            elif told:
                self.letter.actions[-1].places.append(told)
            self.within = ""


def turned(listed: str) -> str:
    """Return "Hugo von Hofmannsthal" for "Hofmannsthal, Hugo von"; a name in brackets stands for one not certain."""
    family, *given = (encoded.clean(part).strip("[]") for part in listed.split(","))
    return " ".join(part for part in (*given, family) if part)


def party(role: Role, reference: str, name: str) -> Party | None:
    """Return who wrote or received, or None where the edition does not know."""
    reference = reference.split()[0] if reference.strip() else ""
    if _NOBODY.search(reference):
        return None
    if "/" in reference or ":" in reference:
        return Party(role, name, handles.url(reference))
    return Party(role, name, handles.name(name)) if name else None


def moment_of(attributes: dict[str, str]) -> tuple[int, bool] | None:
    """Return the seconds since 1970 of a TEI date and whether its day is unknown, or None where it says nothing.

    An open span counts at the end that is known.
    """
    get = attributes.get
    first = get("when") or get("when-iso") or get("notBefore") or get("from") or get("notBefore-iso") or ""
    last = get("when") or get("when-iso") or get("notAfter") or get("to") or get("notAfter-iso") or ""
    begin, end = _span(first), _span(last)
    if begin is None and end is None:
        return None
    if begin is None or end is None:
        one = begin or end
        return (one[0] + one[1]) // 2 if one else 0, True
    at = (min(begin[0], end[0]) + max(begin[1], end[1])) // 2
    if end[1] - begin[0] == 0:
        return begin[0], False
    return at, True


def _span(text: str) -> tuple[int, int] | None:
    """Return the first and the last midnight of a day, month or year."""
    match = _DAY.match(text.strip())
    if not match:
        return None
    written = match[0]
    while written:
        try:
            at, open_ = interactions.when(written)
        except interactions.Unreadable:
            written = written.rpartition("-")[0]  # 30 February: the month is meant
            continue
        if not open_:
            return at, at
        half = (366 if len(written.lstrip("-")) == 4 else 31) * 43200
        return at - half + 86400, at + half - 86400
    return None


def _letter(letter: _Letter, number: int, seen: dict[bytes, int]) -> Moment | Trouble:
    kept = "; ".join(
        f"{action.side}: {', '.join(text for _, text in action.persons)} {' '.join(map(str, action.dates))}"
        for action in letter.actions
    ).encode()[:4096]
    found: dict[tuple[Role, Handle], Party] = {}
    date: tuple[int, bool] | None = None
    places: dict[str, str] = {}
    spans = ""
    for action in letter.actions:
        role = _SIDES.get(action.side, Role.CC)
        for reference, name in action.persons:
            if (who := party(role, reference, name)) is not None:
                found.setdefault((role, who.handle), who)
        if action.places:
            places.setdefault(action.side, action.places[0])
    written = [told for action in sorted(letter.actions, key=lambda one: one.side != "sent") for told in action.dates]
    for told in written:
        if (date := moment_of(told)) is not None:
            spans = repr(sorted((k, v) for k, v in told.items() if k not in ("cert", "evidence", "resp")))
            break
    if not found:
        return Trouble(number, noted("line {line}: neither sender nor receiver is known", line=letter.line), kept)
    if date is None:
        return Trouble(number, noted("line {line}: the letter is not dated", line=letter.line), kept)
    people = tuple(found.values())
    content = "\n".join(("letter", spans, *sorted(f"{who.role:d} {who.handle.value}" for who in people)))
    key = blake2b(content.encode("utf-8", "replace"), digest_size=16).digest()
    ordinal = seen[key] = seen.get(key, 0) + 1
    if ordinal > 1:
        key = blake2b(f"{ordinal}\n{content}".encode("utf-8", "replace"), digest_size=16).digest()
    sent, received = places.get("sent"), places.get("received")
    subject = " ".join(filter(None, ("Letter", sent and f"from {sent}", received and f"to {received}")))
    return Moment(key, date[0], Channel.LETTER, people, subject, number, imprecise=date[1])


def _facts(path: Path) -> tables.Facts:
    size = max(1, path.stat().st_size)
    scanner = _Scanner()
    number = 0
    seen: dict[bytes, int] = {}
    reason = ""
    with path.open("rb") as file:
        while not reason:
            data = file.read(_BLOCK)
            try:
                scanner.parser.Parse(data, not data)
            except Refused as refused:
                reason = str(refused)
            except expat.ExpatError as error:
                reason = noted(
                    "line {line}: no well-formed XML: {error}", line=error.lineno, error=expat.ErrorString(error.code)
                )
            except (LookupError, ValueError) as error:  # a charset that there is not
                reason = noted("the charset cannot be read: {error}", error=error)
            for letter in scanner.letters:
                number += 1
                yield _letter(letter, number, seen), min(1.0, file.tell() / size)
            scanner.letters.clear()
            if not data:
                break
    if reason:
        yield Trouble(number + 1, reason), 1.0


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each letter, with a mark about every 2,000; its place is its number in the file, from 1.

    Raises OSError where the file cannot be opened.
    """
    yield from tables.take_up(path, since, partial(_facts, path), _BATCH)
