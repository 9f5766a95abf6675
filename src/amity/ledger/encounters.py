"""What became of the people whom one met: met, wrote, answered, met again, helped.

Most encounters die in the first days, for want of a line; so each is followed from the day of the meeting on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

MET, WROTE, ANSWERED, AGAIN, HELPED = "met", "wrote", "answered", "met_again", "helped"
STAGES = (MET, WROTE, ANSWERED, AGAIN, HELPED)
FOLLOW_UP_WITHIN = timedelta(days=2)
YEAR = timedelta(days=365)
SENT, RECEIVED, TOGETHER = "sent", "received", "met"


class Fate(NamedTuple):
    """What came of meeting one person; None = did not happen."""

    person: str
    met: date
    wrote: date | None  # the owner's first line after it
    answered: date | None  # both have written
    again: date | None  # the next time that the two met
    helped: date | None  # something given, either way

    @property
    def stage(self) -> str:
        """Return how far it came: the last of the stages that was reached."""
        reached = (self.met, self.wrote, self.answered, self.again, self.helped)
        return [stage for stage, day in zip(STAGES, reached, strict=True) if day is not None][-1]


class Funnel(NamedTuple):
    """Of so many whom the owner met, how many reached each stage."""

    met: int
    wrote: int
    answered: int
    met_again: int
    helped: int


def fate(
    person: str, met: date, contacts: Iterable[tuple[date, str]], deeds: Iterable[date], until: date | None = None
) -> Fate:
    """Follow one person from the day of the meeting, to the end of `until` where it is given.

    `contacts` are days with their way ("sent", "received" or "met"), `deeds` the days of what was given, either way.
    """
    wrote = heard = again = None
    last = until or date.max
    for on, way in sorted(contacts):
        if not met <= on <= last:
            continue
        if way == SENT:
            wrote = wrote or on
        elif way == RECEIVED:
            heard = heard or on
        elif on > met:
            again = again or on
    answered = max(wrote, heard) if wrote and heard else None
    helped = min((on for on in deeds if met <= on <= last), default=None)
    return Fate(person, met, wrote, answered, again, helped)


def funnel(fates: Sequence[Fate]) -> Funnel:
    """Count how many came how far: whoever met again or helped without a letter did reach that stage."""
    return Funnel(
        len(fates),
        sum(one.wrote is not None for one in fates),
        sum(one.answered is not None for one in fates),
        sum(one.again is not None for one in fates),
        sum(one.helped is not None for one in fates),
    )


def due(one: Fate, today: date, patience: timedelta) -> date | None:
    """Return the day by which a first line is due, None where one was written, or where it is too late for it."""
    if one.wrote is not None or one.again is not None or today - one.met > patience:
        return None
    return one.met + FOLLOW_UP_WITHIN


def after_a_year(one: Fate) -> Fate:
    """Return what had come of it a year after the meeting."""
    end = one.met + min(YEAR, date.max - one.met)

    def by_then(day: date | None) -> date | None:
        return day if day is not None and day <= end else None

    return Fate(one.person, one.met, by_then(one.wrote), by_then(one.answered), by_then(one.again), by_then(one.helped))
