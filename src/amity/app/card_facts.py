"""The facts that an address book's card tells, its unusual properties among them, each under its field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amity.app.fields import AGENDA, ATTACHED, Fact
from amity.model import Card, Position
from amity.sources import vcard
from amity.sources.vcard import Property

PREFIX = "X-AMITY-"
LABEL, ON, PRIVATE, FIRST, LAST = (f"{PREFIX}{name}" for name in ("LABEL", "ON", "PRIVATE", "FIRST", "LAST"))
POSITION = f"{PREFIX}POSITION"
# Fields that have no property of their own in vCard 4.
OWN = ("met", "through", "custom", "household", "group", "offer", "gift", *ATTACHED, *AGENDA)
# Fields that have one, which a fact that is private keeps out of: other programs show it.
SHOWN = ("birthday", "died", "nickname", "field", "zone", "place", "family", "taste", "language", "note")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_PLACES = frozenset(("home", "work"))
_NO_LABEL = frozenset(("pref", "text", "internet", "voice"))
_APPLE = re.compile(r"_\$!<(.*)>!\$_")


def facts(card: Card, source: str) -> list[Fact]:
    """Return what a card tells of its person beyond addresses and positions, in the order of the card."""
    found = [
        *_one("birthday", card.birthday, source),
        *_one("died", card.died, source),
        *(Fact("nickname", value, source=source) for value in card.nicknames),
        *(Fact("field", value, source=source) for value in card.categories),
    ]
    if is_vcard(card):
        lines = vcard.properties(card.raw)
        labels = {one.group: _apple(vcard.line(one.value)) for one in lines if one.name == "X-ABLABEL" and one.group}
        for line in lines:
            found += (_dated(line, fact) for fact in _told(line, labels, source) if fact.value)
    else:
        found += (Fact("place", value, source=source) for value in card.addresses)
        found += (Fact("note", value, source=source) for value in card.notes)
    return found


def is_vcard(card: Card) -> bool:
    """Tell whether the text that was kept of a card is a vCard."""
    return card.raw.lstrip()[:11].upper() == "BEGIN:VCARD"


def positions(card: Card) -> Iterator[tuple[Position, str, str]]:
    """Yield the earlier positions that an export of ours tells, each with the days of its first and last sighting."""
    if not is_vcard(card) or POSITION not in card.raw:
        return
    for line in vcard.properties(card.raw):
        if line.name == POSITION:
            title, organisation, *_ = [*vcard.parts(line.value), "", ""]
            yield Position(organisation, title), _parameter(line, FIRST), _parameter(line, LAST)


def is_told(line: Property) -> bool:
    """Tell whether a property is one of those that facts are read from."""
    return next(_told(line, {}, ""), None) is not None


def _one(name: str, value: str, source: str) -> list[Fact]:
    return [Fact(name, value, source=source)] if value else []


def _parameter(line: Property, name: str) -> str:
    return " ".join(line.params.get(name, ()))


def _own_label(line: Property) -> str:
    """Return the label that we wrote; a comma in it is %2C, since parameters are split at commas, quoted or not."""
    return _parameter(line, LABEL).replace("%2C", ",").replace("%25", "%")


def _dated(line: Property, fact: Fact) -> Fact:
    return Fact(
        fact.field,
        fact.value,
        fact.label,
        fact.zone,
        on=_parameter(line, ON),
        source=fact.source,
        private=bool(_parameter(line, PRIVATE)),
    )


def _apple(label: str) -> str:
    match = _APPLE.fullmatch(label)
    return (match[1] if match else label).strip().lower()


def _label(line: Property, labels: dict[str, str]) -> str:
    """Return what a property calls itself: our own label, Apple's, or its type."""
    types = [word.lower() for word in line.params.get("TYPE", ()) if word.lower() not in _NO_LABEL]
    return _own_label(line) or labels.get(line.group, "") or (types[0] if types else "")


def _told(line: Property, labels: dict[str, str], source: str) -> Iterator[Fact]:
    """Yield the facts of one property; what is read elsewhere, or means nothing here, yields none."""
    name, text = line.name, vcard.line(line.value)
    own = name.removeprefix(PREFIX).lower() if name.startswith(PREFIX) else ""
    if name == "ADR":
        place = ", ".join(filter(None, vcard.parts(line.value)))
        label = _own_label(line) or next((w.lower() for w in line.params.get("TYPE", ()) if w.lower() in _PLACES), "")
        yield Fact("place", place, label, _parameter(line, "TZ"), source=source)
    elif name == "NOTE":
        yield Fact("note", vcard.plain(line.value).strip(), source=source)
    elif name == "TZ":
        yield Fact("zone", text, source=source)
    elif name == "LANG":
        yield Fact("language", text, source=source)
    elif name in ("HOBBY", "INTEREST"):  # RFC 6715
        yield Fact("taste", text, source=source)
    elif name == "EXPERTISE":
        yield Fact("field", text, source=source)
    elif name in ("RELATED", "X-ABRELATEDNAMES", "X-SPOUSE"):
        if not text.lower().startswith(("urn:", "http:", "https:", "data:")):
            yield Fact("family", text, _label(line, labels) or ("spouse" if name == "X-SPOUSE" else ""), source=source)
    elif name in ("ANNIVERSARY", "X-ANNIVERSARY"):
        yield Fact("date", vcard.day(line.value, line.params), _label(line, labels) or "anniversary", source=source)
    elif name == "X-ABDATE" or own == "date":
        yield Fact("date", vcard.day(line.value, line.params), _label(line, labels), source=source)
    elif own in OWN or own in SHOWN:
        value = vcard.plain(line.value).strip() if own == "note" else text
        yield Fact(own, value, _own_label(line), _parameter(line, "TZ"), source=source)


def is_language_tag(text: str) -> bool:
    """Tell whether a language is written as vCard wants it (RFC 5646)."""
    return _LANGUAGE.fullmatch(text) is not None and (len(text) < 4 or "-" in text)
