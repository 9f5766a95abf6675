"""Review: people who may be one, side by side, with what they share and what contradicts."""

from __future__ import annotations

from msgspec import Struct

from amity.app import duplicates, people
from amity.app.desk import Desk
from amity.app.duplicates import MergedLine, PairLine
from amity.app.people import PersonLine

ON_A_PAGE = 10


class Side(Struct, frozen=True):
    """One of two people, as a pair shows them."""

    id: str
    name: str
    line: PersonLine | None


class Two(Struct, frozen=True):
    """A pair with both its sides."""

    pair: PairLine
    sides: tuple[Side, Side]


class ReviewContext(Struct, frozen=True):
    """What the page of duplicates shows."""

    pairs: tuple[Two, ...]
    total: int
    sure: int
    merged: tuple[MergedLine, ...]
    start: int  # pairs that were passed over
    more: bool


def context(desk: Desk, start: int = 0) -> ReviewContext:
    """Gather the likeliest pairs, some passed over, and what was joined."""
    found = duplicates.review(desk, ON_A_PAGE, start)
    wanted = [number for one in found.pairs for number in (one.left, one.right)]
    lines = {line.id: line for line in people.some_people(desk, wanted)}
    pairs = tuple(
        Two(
            one,
            (
                Side(one.left, one.names[0], lines.get(one.left)),
                Side(one.right, one.names[1], lines.get(one.right)),
            ),
        )
        for one in found.pairs
    )
    sure = sum(one.sure for one in found.pairs)
    return ReviewContext(pairs, found.total, sure, found.merged[-20:], start, start + len(pairs) < found.total)
