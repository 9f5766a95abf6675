"""Find whom the owner met before anything was written between them."""

from __future__ import annotations

from typing import NamedTuple

from amity.store.db import Database, integer

MET_FIRST = "you met"  # as ties say how they began


class FirstMet(NamedTuple):
    """A tie that began with a meeting; times in epoch seconds."""

    person: int
    first: int
    sent: int
    received: int
    met: int


def first_met(database: Database, since: int, end: int) -> list[FirstMet]:
    """Return the ties that began with a meeting from `since` to before `end`, in order of time."""
    rows = database.execute(
        """SELECT person, first, sent, received, met FROM derived_tie
           WHERE first_was = ? AND first >= ? AND first < ? ORDER BY first, person""",
        (MET_FIRST, since, end),
    )
    return [FirstMet(*map(integer, row)) for row in rows]
