"""Positions through time, firms' new names told from changes of position by what happened to others there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from amity.app.desk import Desk
from amity.model import Position
from amity.people.positions import Held, Move, Sighting, follow, means_the_same, renames
from amity.store import acquaintances, derived, evidence, positions
from amity.store.derived import CardRow


def history(desk: Desk, own: Sequence[int], hidden: frozenset[int]) -> tuple[list[Held], list[Move]]:
    """Follow a person's positions through all cards that ever named them, and the signatures under their mails.

    `own` are the numbers of their handles; both lists are newest first.
    """
    cards = derived.cards(desk.database, desk.end, hidden, own, superseded=True)
    mine = set(own)
    sightings = [
        Sighting(card.told, card.card.position, card.source)
        for card in cards
        if card.card.position and card.own in mine
    ]
    sightings += (sighting for card in cards if card.own in mine for sighting in told_earlier(desk, card))
    for found in evidence.findings(desk.database, hidden, desk.end, by=own, kind="signature"):
        position = Position(found.values.get("organisation", ""), found.values.get("title", ""))
        sightings.append(Sighting(found.at, position, "signature"))
    return _career(desk, sightings)


def told_earlier(desk: Desk, card: CardRow) -> Iterator[Sighting]:
    """Yield the positions that an export of ours tells, on the days on which they were seen."""
    from amity.app import card_facts  # reads vCards, of which most reads find none

    for position, *days in card_facts.positions(card.card):
        for day in dict.fromkeys(days):
            at = int(datetime.fromisoformat(f"{day}T12:00:00+00:00").timestamp()) if _is_day(day) else card.told
            if at < desk.end:
                yield Sighting(at, position, card.source)


def in_words(position: Position) -> str:
    """Return a position as one would say it."""
    return ", ".join(part for part in (position.title, position.organisation) if part)


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _career(desk: Desk, sightings: Sequence[Sighting]) -> tuple[list[Held], list[Move]]:
    """Follow one person's positions. Where a firm changed and the title did not, its people are asked."""
    held, moves = follow(sightings)
    firms = {
        firm.organisation
        for move in moves
        if move.before.organisation and means_the_same(move.before.title, move.now.title)
        for firm in (move.before, move.now)
        if firm.organisation
    }
    if not firms:
        return held, moves
    people = positions.people_at(desk.database, firms)
    if len(people) < 2:
        return held, moves
    hidden = evidence.withdrawn(desk.database)
    careers: dict[int, list[Sighting]] = {}
    for row in acquaintances.positions(desk.database, desk.end, hidden, people):
        careers.setdefault(row.person, []).append(Sighting(row.at, Position(row.organisation, row.title), row.source))
    renamed = renames(careers.values())
    return follow(sightings, renamed) if renamed else (held, moves)
