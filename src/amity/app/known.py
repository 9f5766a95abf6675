"""What is known of a person, as a page shows it: the owner's word first, every fact with its source and its day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from amity.app.desk import Desk
from amity.app.fields import AGENDA, FIELDS, Fact, Told, told_of
from amity.store import derived, evidence, outgoing
from amity.store.derived import CardRow

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


class FactLine(Struct, frozen=True):
    """One thing known of a person."""

    id: str
    field: str
    label: str
    value: str
    on: str  # as of which day, ISO 8601; of an imported fact the day on which its source told it
    source: str  # "you", or the source and its place
    yours: bool  # the owner's own word
    private: bool  # shown to the owner alone: in no list, no export, nothing that a machine asks for
    outranked: bool  # the owner says otherwise
    stale: bool  # of an agenda: too old to rely on
    time_there: str  # of a place or zone: HH:MM on the clock there now


def zone_of(name: str) -> ZoneInfo | None:
    """Return a time zone by its name, None where there is none of that name."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError  # looks through the whole configuration of Python

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def imported(desk: Desk, cards: Sequence[CardRow]) -> list[Fact]:
    """Return what cards tell, each fact with its source and day; the cards are newest first."""
    if not cards:
        return []
    from amity.app import card_facts  # reads vCards, of which most reads find none

    found: list[Fact] = []
    for row in cards:
        day = desk.day(row.told).isoformat()
        found += (fact if fact.on else replace(fact, on=day) for fact in card_facts.facts(row.card, row.source))
    return found


def lines(
    desk: Desk, person: int, cards: Sequence[CardRow], *, private: bool = True, told: Told | None = None
) -> tuple[FactLine, ...]:
    """Return all that is known of a person; `cards` are those in force, newest first.

    Without `private`, only what others may see. The derived tables must be fresh.
    """
    said = told or told_of(desk.database, desk.today.isoformat(), person)
    applied = said.applied(person, imported(desk, cards))
    decided = {fact.field for fact in applied if fact.by_owner and FIELDS[fact.field].single}
    return tuple(
        _line(desk, fact, outranked=not fact.by_owner and fact.field in decided)
        for fact in applied
        if private or not fact.private
    )


def _line(desk: Desk, fact: Fact, *, outranked: bool) -> FactLine:
    zone = (
        zone_of(fact.zone or (fact.value if fact.field == "zone" else ""))
        if fact.zone or fact.field == "zone"
        else None
    )
    return FactLine(
        id=fact.id,
        field=fact.field,
        label=fact.label,
        value=fact.value,
        on=fact.on,
        source=fact.source,
        yours=fact.by_owner,
        private=fact.private,
        outranked=outranked,
        stale=fact.field in AGENDA and is_stale(desk, fact.on),
        time_there=f"{datetime.fromtimestamp(desk.now, UTC).astimezone(zone):%H:%M}" if zone else "",
    )


def carded(desk: Desk, properties: Iterable[str], people: Iterable[int] | None = None) -> dict[int, list[CardRow]]:
    """Return the cards in force of those, of some people or of all, of whom a card has one of some properties.

    Cards are newest first. The derived tables must be fresh.
    """
    database = desk.database
    having = set(outgoing.carded_with(database, properties))
    having = having if people is None else having.intersection(people)
    if not having:
        return {}
    owner = derived.belongs_to(database, having)
    found: dict[int, list[CardRow]] = {}
    for card in derived.cards(database, desk.end, evidence.withdrawn(database), owner):
        person = owner.get(card.own)
        if person is not None:
            found.setdefault(person, []).insert(0, card)
    return found


def day_of(on: str) -> date | None:
    """Return the first day of a date (ISO, as precise as it is known), None where it is none."""
    try:
        return date.fromisoformat((on + "-01-01")[:10] if len(on) in (4, 7) else on)
    except ValueError:
        return None


def is_stale(desk: Desk, on: str) -> bool:
    """Tell whether a day (ISO, as precise as it is known) is too long ago for an agenda to be relied on."""
    day = day_of(on)
    return day is not None and (desk.today - day).days > desk.settings.agenda_days


def some(lines_: Iterable[FactLine], *fields: str) -> tuple[FactLine, ...]:
    """Return the lines of some fields that stand."""
    return tuple(line for line in lines_ if line.field in fields and not line.outranked)
