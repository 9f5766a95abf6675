"""The hold-out: a random share of suggestions that the owner agreed not to be shown, to learn whether advice helps.

Drawn by person and four weeks, so that whoever is held back is held back for all of them. After half a year those who
were suggested are compared with those who would have been: a randomised comparison, in which a program's own success
cannot be mistaken for what would have happened anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from math import sqrt
from typing import NamedTuple
from zlib import crc32

from amity.language import say
from amity.plan.today import UNASKED
from amity.plan.words import WARM_UP

PERIOD = 28  # days that a draw holds, and in which a contact counts
HALF_YEAR = 182
HELD = "held:"  # before the trigger, in the log of what was offered
MAY_BE_HELD = UNASKED - {WARM_UP}
CERTAIN = 1.96  # deviations, for 95 %


class Trial(NamedTuple):
    """One person in four weeks: suggested, or held back; and whether they were heard from within four weeks."""

    held: bool
    heard: bool


class Comparison(NamedTuple):
    """What suggestions changed: shares of people heard from, and the difference with its 95 % interval."""

    shown: int
    held: int
    heard_shown: float
    heard_held: float
    difference: float
    low: float
    high: float


def is_held(person: str, day: date, percent: int) -> bool:
    """Tell whether somebody's suggestions are held back in these four weeks."""
    return crc32(f"{person} {day.toordinal() // PERIOD}".encode()) % 100 < percent


def trials(log: Iterable[tuple[str, str, date]], heard: Mapping[str, Sequence[date]], today: date) -> tuple[Trial, ...]:
    """Return the trials whose four weeks are over, from the log of (person, prompt, day) and when each was heard from.

    Only what was drawn counts: words that nothing asked for, from the first day on which something was held back.
    """
    rows = [(day, person, prompt) for person, prompt, day in log if prompt.removeprefix(HELD) in MAY_BE_HELD]
    start = min((day for day, _, prompt in rows if prompt.startswith(HELD)), default=None)
    first: dict[tuple[str, int], tuple[date, bool]] = {}
    for day, person, prompt in sorted(rows):
        if start is not None and day >= start - timedelta(PERIOD):
            first.setdefault((person, day.toordinal() // PERIOD), (day, prompt.startswith(HELD)))
    return tuple(
        Trial(held, any(0 < (one - day).days <= PERIOD for one in heard.get(person, ())))
        for (person, _), (day, held) in sorted(first.items())
        if (today - day).days > PERIOD
    )


def effect(found: Sequence[Trial]) -> Comparison | None:
    """Compare those suggested with those held back; None where there is nobody on one side.

    The interval is Newcombe's, from Wilson's for each share (Newcombe 1998, method 10).
    """
    shown, held = ([one.heard for one in found if one.held is side] for side in (False, True))
    if not shown or not held:
        return None
    (p, p_low, p_high), (q, q_low, q_high) = (_share(side) for side in (shown, held))
    low = p - q - sqrt((p - p_low) ** 2 + (q_high - q) ** 2)
    high = p - q + sqrt((p_high - p) ** 2 + (q - q_low) ** 2)
    return Comparison(len(shown), len(held), p, q, p - q, low, high)


def in_words(found: Comparison | None) -> str:
    """Say what the comparison tells, and no more."""
    if found is None:
        return say("Too few were held back, or suggested, to compare.")
    figures = say(
        "Of {shown} suggested {heard_shown:.0%} were heard from within four weeks, of {held} held "
        "back {heard_held:.0%}: {difference:+.0%}, 95 % interval {low:+.0%} to {high:+.0%}.",
        shown=found.shown,
        heard_shown=found.heard_shown,
        held=found.held,
        heard_held=found.heard_held,
        difference=found.difference,
        low=found.low,
        high=found.high,
    )
    if found.low > 0:
        return say("{figures} Suggestions brought people back.", figures=figures)
    if found.high < 0:
        return say(
            "{figures} Fewer were heard from where they were suggested; it may be worth doing without.", figures=figures
        )
    return say("{figures} That they changed anything cannot be told from this.", figures=figures)


def _share(heard: Sequence[bool]) -> tuple[float, float, float]:
    n, p, z = len(heard), sum(heard) / len(heard), CERTAIN
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return p, middle - half, middle + half
