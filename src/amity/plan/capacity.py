"""How much of what is suggested the owner does, and so how much is worth suggesting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from math import ceil

LOOKED_BACK = 28  # days
KNOWN_DAYS = 10  # days with suggestions before anything is learnt
FEWEST = 2


def suggestions_a_day(offered: Iterable[date], done: Iterable[date], today: date, limit: int) -> int:
    """Return how many suggestions a day to show, at most `limit`: twice what is done a day, and one.

    `offered` are the days on which something was suggested, `done` the day of each thing done. Whoever does two or more
    a day sees all of the usual five; whoever does none sees two, so that the day can be finished.
    """
    days = {day for day in offered if 0 < (today - day).days <= LOOKED_BACK}
    if len(days) < KNOWN_DAYS:
        return limit
    acts = sum(0 < (today - day).days <= LOOKED_BACK for day in done)
    return min(limit, max(FEWEST, ceil(2 * acts / len(days)) + 1))
