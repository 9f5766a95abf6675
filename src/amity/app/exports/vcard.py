"""Write people as vCard 4 (RFC 6350, 6474, 6715), each with all that is known of them.

What has no property of its own stands in one that begins with X-AMITY-; docs/formats.md lists them. What an imported
card said beyond that is written as it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct, field

from amity import handles
from amity.app.card_facts import (
    FIRST,
    LABEL,
    LAST,
    ON,
    POSITION,
    PREFIX,
    PRIVATE,
    is_language_tag,
    is_told,
    is_vcard,
)
from amity.app.fields import YOU, Fact
from amity.model import Card, Handle, Position
from amity.sources import exact, vcard
from amity.sources.vcard import Property

FOLD = 75  # octets of a line, RFC 6350 §3.2
# Properties that are written anew from what is known; of an imported card all others are kept as they were.
_ANEW = frozenset(
    re.findall(
        r"\S+",
        "BEGIN END VERSION PRODID FN N NICKNAME UID REV EMAIL TEL URL IMPP ORG TITLE BDAY DEATHDATE CATEGORIES"
        " X-ABLABEL X-AMITY-HANDLE X-AMITY-POSITION",
    )
)
_ENCODED = frozenset(("ENCODING", "CHARSET"))
_RELATIONS = frozenset(
    re.findall(
        r"\S+",
        "contact acquaintance friend met co-worker colleague co-resident neighbor child parent sibling spouse kin"
        " muse crush date sweetheart agent emergency",
    )
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S+")
_PLAIN = re.compile(r"[^\x00-\x1f\x7f\":;,^\\]*")  # a backslash would seem to escape what ends the value
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class Leaving(Struct, frozen=True):
    """One person as they leave: who they are, what is known of them, and the cards that told it."""

    name: str
    handles: tuple[Handle, ...]
    facts: tuple[Fact, ...]  # the owner's word first; of what there is one of, the first stands
    positions: tuple[tuple[Position, date, date], ...] = ()  # the newest first, from when to when they were told
    cards: tuple[Card, ...] = field(default=())  # in force, the newest first


def card(person: Leaving) -> str:
    """Write one person, lines folded and ended as the standard wants it."""
    lines = ["BEGIN:VCARD", "VERSION:4.0", "PRODID:-//Amity//Amity//EN", *_lines(person), "END:VCARD"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line))


def visiting(name: str, handles: Iterable[Handle], position: Position | None) -> str:
    """Write as little as a visiting card has, as vCard 3.0 (RFC 2426), which every telephone reads."""
    given, _, family = name.rpartition(" ")
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{escape(family)};{escape(given)};;;", f"FN:{escape(name)}"]
    if position:
        lines += [
            f"{what}:{escape(text)}"
            for what, text in (("ORG", position.organisation), ("TITLE", position.title))
            if text
        ]
    lines += [written for handle in handles for written in _handle(handle, "")]
    return "".join(fold(line) for line in (*lines, "END:VCARD"))


def escape(text: str) -> str:
    """Escape a text value, RFC 6350 §3.4."""
    text = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign, escaped in (("\\", "\\\\"), ("\n", "\\n"), (",", "\\,"), (";", "\\;")):
        text = text.replace(sign, escaped)
    return text


def parameter(name: str, value: str) -> str:
    """Write a parameter; what would end it is written after RFC 6868. Nothing for an empty value."""
    if not value:
        return ""
    value = value.replace("^", "^^").replace("\n", "^n").replace('"', "^'")
    value = _CONTROLS.sub(" ", value)
    return f";{name}={value}" if _PLAIN.fullmatch(value) else f';{name}="{value}"'


def _label(label: str) -> str:
    return parameter(LABEL, label.replace("%", "%25").replace(",", "%2C"))


def fold(line: str) -> str:
    """Fold one line of a card or a calendar, with the ends of lines."""
    return "".join(f"{piece}\r\n" for piece in _fold(line))


def _fold(line: str) -> Iterator[str]:
    if len(line.encode("utf-8", "replace")) <= FOLD:
        yield line
        return
    piece, size = "", 0
    for sign in line:
        width = len(sign.encode("utf-8", "replace"))
        if size + width > FOLD:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += width
    yield piece


def _lines(person: Leaving) -> Iterator[str]:
    uid, spare = _uid(person)
    yield f"UID:{escape(uid)}"
    yield f"FN:{escape(person.name)}"
    yield from _name(person)
    types = dict(_types(person.cards))
    for handle in person.handles:
        if handle not in spare:
            yield from _handle(handle, types.get(handle, ""))
    if person.positions:
        now = person.positions[0][0]
        if now.organisation:
            yield f"ORG:{escape(now.organisation)}"
        if now.title:
            yield f"TITLE:{escape(now.title)}"
    for position, first, last in person.positions:
        days = parameter(FIRST, first.isoformat()) + parameter(LAST, last.isoformat())
        yield f"{POSITION}{days}:{escape(position.title)};{escape(position.organisation)}"
    for fact in person.facts:
        yield from _fact(fact)
    yield from _kept(person.cards)


def _uid(person: Leaving) -> tuple[str, frozenset[Handle]]:
    """Return the id of the card, and the handles for which it stands: read again, it is the card that it was."""
    own = [handle for handle in person.handles if handle.kind == "card"]
    for handle in own:
        uid = handle.value
        if len(uid) >= 8 and vcard.line(escape(uid)) == uid:
            return uid, frozenset((handle,))
    first = min(person.handles, default=Handle("name", person.name))
    from hashlib import blake2b

    made = blake2b(f"{first.kind}\n{first.value}".encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"urn:uuid:{made[:8]}-{made[8:12]}-{made[12:16]}-{made[16:20]}-{made[20:]}", frozenset()


def _name(person: Leaving) -> Iterator[str]:
    """Yield the structured name, where a card has one that goes with the name."""
    for one in person.cards:
        if one.name == person.name and (one.given or one.family):
            if is_vcard(one):
                told = next((line for line in vcard.properties(one.raw) if line.name == "N"), None)
                if told is not None and "2.1" not in one.version:
                    yield f"N:{told.value}"
                    return
            yield f"N:{escape(one.family)};{escape(one.given)};;;"
            return


def _types(cards: Iterable[Card]) -> Iterator[tuple[Handle, str]]:
    """Yield what imported cards say of addresses: at home, at work, preferred."""
    for one in cards:
        for line in vcard.properties(one.raw) if is_vcard(one) else ():
            if line.name in ("EMAIL", "TEL") and line.params.get("TYPE"):
                text = vcard.line(line.value)
                handle = handles.email(text) if line.name == "EMAIL" else handles.phone(text)
                kinds = [kind.lower() for kind in line.params["TYPE"] if kind.lower() not in ("internet", "pref")]
                if handle is not None and kinds and all(re.fullmatch(r"[a-z0-9-]+", kind) for kind in kinds):
                    yield handle, f";TYPE={','.join(kinds)}"


def _handle(handle: Handle, types: str) -> Iterator[str]:
    """Yield an address, as the standard property where that is read back as the same handle."""
    kind, value = handle
    text = escape(value)
    clean = vcard.line(text) == value
    if kind == "email" and clean and handles.email(value.lower()) == handle:
        yield f"EMAIL{types}:{text}"
    elif kind == "phone" and clean and handles.phone(value) == handle:
        yield f"TEL{types}:{text}"
    elif kind == "url" and clean and handles.url(value) == handle:
        yield f"URL:{text}"
    elif kind == "handle" and clean and value == value.lower() and _SCHEME.fullmatch(value):
        yield f"IMPP:{text}"
    elif kind != "me" and (written := exact.write_party("", handle)):
        yield f"X-AMITY-HANDLE:{written}"


def _fact(fact: Fact) -> Iterator[str]:
    """Yield a fact, as the standard property where there is one."""
    on = parameter(ON, fact.on) if fact.by_owner or fact.source == YOU else ""
    text = escape(fact.value)
    own = f"{PREFIX}{fact.field.upper()}{_label(fact.label)}{parameter('TZ', fact.zone)}{on}"
    if fact.field == "name":
        return
    if fact.private:
        yield f"{own}{parameter(PRIVATE, '1')}:{text}"
    elif fact.field in ("birthday", "died"):
        name = "BDAY" if fact.field == "birthday" else "DEATHDATE"
        yield f"{name}{_day(fact.value)}"
    elif fact.field in ("nickname", "field", "zone") and not fact.label:
        yield f"{ {'nickname': 'NICKNAME', 'field': 'CATEGORIES', 'zone': 'TZ'}[fact.field] }{on}:{text}"
    elif fact.field == "place":
        kind = f";TYPE={fact.label}" if fact.label in ("home", "work") else _label(fact.label)
        yield f"ADR{kind}{parameter('TZ', fact.zone)}{on}:;;{text};;;;"
    elif fact.field == "note" and not fact.label:
        yield f"NOTE{on}:{text}"
    elif fact.field == "family":
        kind = f";TYPE={fact.label}" if fact.label in _RELATIONS else _label(fact.label)
        yield f"RELATED{kind}{on};VALUE=text:{text}"
    elif fact.field == "date" and fact.label == "anniversary":
        yield f"ANNIVERSARY{on}{_day(fact.value)}"
    elif fact.field == "date":
        yield f"{own}{_day(fact.value)}"
    elif fact.field == "language" and not fact.label and is_language_tag(fact.value):
        yield f"LANG{on}:{text}"
    elif fact.field == "taste" and not fact.label:
        yield f"INTEREST{on}:{text}"
    else:
        yield f"{own}:{text}"


def _day(text: str) -> str:
    """Write a day as precisely as it is known, RFC 6350 §4.3.1; another calendar's as text."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return f":{text.replace('-', '')}"
    if re.fullmatch(r"--\d\d-\d\d", text):
        return f":--{text[2:4]}{text[5:]}"
    if re.fullmatch(r"\d{4}(?:-\d\d)?", text):
        return f":{text}"
    return f";VALUE=text:{escape(text)}"


def _kept(cards: Sequence[Card]) -> Iterator[str]:
    """Yield what imported cards say that is not written anew, each once, groups kept apart by card."""
    seen = set()
    for number, one in enumerate(cards, 1):
        if not is_vcard(one):
            continue
        lines = [line for line in vcard.properties(one.raw) if line.value]
        rest = [line for line in lines if line.name not in _ANEW and not is_told(line)]
        groups = {line.group for line in rest if line.group}
        for line in lines:
            if line in rest or (line.name == "X-ABLABEL" and line.group in groups):
                group = f"c{number}{line.group}." if line.group else ""
                written = f"{line.name}{_parameters(line.params)}:{line.value.replace(chr(10), chr(92) + 'n')}"
                if (group, written) not in seen and _is_writable(line):
                    seen.add((group, written))
                    yield f"{group}{written}"


def _is_writable(line: Property) -> bool:
    return re.fullmatch(r"[A-Z0-9-]+", line.name) is not None and re.fullmatch(r"[A-Za-z0-9-]*", line.group) is not None


def _parameters(params: Mapping[str, tuple[str, ...]]) -> str:
    written = ""
    for name, values in params.items():
        if name not in _ENCODED and re.fullmatch(r"[A-Z0-9-]+", name):
            each = [parameter("", value)[2:] for value in values if value]
            written += f";{name}={','.join(each)}" if each else ""
    return written
