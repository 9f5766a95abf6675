"""Positions through time, firms' new names told from changes of position by what happened to others there."""

from __future__ import annotations

from collections.abc import Sequence

from amity.app.desk import Desk
from amity.model import Position
from amity.people.positions import Held, Move, Sighting, follow, means_the_same, renames
from amity.store import acquaintances, evidence, positions


def career(desk: Desk, sightings: Sequence[Sighting]) -> tuple[list[Held], list[Move]]:
    """Follow one person's positions, newest first. Where a firm changed and the title did not, its people are asked."""
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
