"""Follow a person's positions through what sources said of them, one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from amity.model import Position


class Sighting(NamedTuple):
    """A position as a source told it at a time (epoch seconds)."""

    at: int
    position: Position
    source: str


class Held(NamedTuple):
    """A position as it is known: when it was first and last told, and by which source first."""

    position: Position
    first: int
    last: int
    source: str


class Move(NamedTuple):
    """A change against the position known last: a reason to write."""

    at: int
    before: Position
    now: Position
    source: str


def _same(one: Position, other: Position) -> bool:
    """Tell whether two sources mean one position: what both of them name is equal but for its spelling."""
    pairs = ((one.organisation, other.organisation), (one.title, other.title))
    told = [(ours.casefold().strip(" ."), theirs.casefold().strip(" .")) for ours, theirs in pairs if ours and theirs]
    return bool(told) and all(ours == theirs for ours, theirs in told)


def follow(sightings: Iterable[Sighting]) -> tuple[list[Held], list[Move]]:
    """Return the positions held, the newest first, and the moves between them, the newest first.

    Positions told for one time by several sources stand side by side and are no move.
    """
    held: list[Held] = []
    moves: list[Move] = []
    for at, position, source in sorted(sightings, key=lambda one: (one.at, one.source, one.position.organisation)):
        if not (position.organisation or position.title):
            continue
        again = next((place for place, known in enumerate(held) if _same(known.position, position)), None)
        if again is not None:
            known = held.pop(again)
            fuller = max(known.position, position, key=lambda one: bool(one.organisation) + bool(one.title))
            held.append(Held(fuller, known.first, at, known.source))
            continue
        if held and held[-1].last < at:
            moves.append(Move(at, held[-1].position, position, source))
        held.append(Held(position, at, at, source))
    return held[::-1], moves[::-1]
