"""How quickly this owner's own ties fade, learnt from how many of their contacts were the last.

A tie of known rhythm that has been silent for many times that rhythm is taken to have ended (Miritello 2013), so each
contact either led to another or was the last. How often it was, says how quickly ties fade: the likelihood of a chance
exp(-(often + often exp(-fade) + often exp(-2 fade) ...)) that nothing more comes. What came of advice is left out of
the count, so that the planner does not learn from its own shadow.

The likelihood is one ruler for every owner, archives included; what is believed is what was chosen for archives
(amity.plan.gain), shifted by how far this owner's ties lie from theirs on it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from math import exp, log
from typing import NamedTuple

from amity.plan.gain import SHIPPED, Belief, class_of, gap_of

ENDED = 8  # times the rhythm, of silence, after which a tie is taken to have ended
KNOWN_DAYS = 4  # contact days from which a tie has a rhythm
ANSWERED = 14  # days after advice in which contact is taken to have come of it
SPREAD = 1.0  # of the logarithm of how quickly ties fade, between owners
STEEP = 2.0  # by which power of that the belief moves: chosen among three in the simulation
TYPICAL = 1.64  # on the ruler, of the archives that the belief was chosen for
STEPS = 20  # between e times as quick and as quick

# The rates of contact and fade by rhythm, fitted to archives, on which owners are compared.
_OFTEN, _OFTEN_BEND, _FADE, _FADE_BEND = 1.76, 0.96, 0.176, 0.77


class Course(NamedTuple):
    """How one tie went: days of contact by itself, the days from its first to its last, and the silence since."""

    days: int
    span: int
    silence: int


def learn(courses: Iterable[Course], prior: Belief = SHIPPED) -> Belief:
    """Return the belief that an owner's own ties speak for; the prior where there are none.

    `prior` says how quickly ties are taken to fade before any is seen, and gives way as they are.
    """
    kept: dict[int, int] = defaultdict(int)
    ended: dict[int, int] = defaultdict(int)
    for one in courses:
        if one.days < KNOWN_DAYS:
            continue
        rhythm = one.span / (one.days - 1)
        over = one.silence > ENDED * max(rhythm, 7)
        rhythm_class = class_of(rhythm)
        ended[rhythm_class] += over
        kept[rhythm_class] += min(one.days, one.span // 7 + 1) - over
    before = log(prior.fade / SHIPPED.fade) / STEEP
    shift = max(
        (step / STEPS for step in range(-3 * STEPS, 3 * STEPS + 1)),
        key=lambda shift: _likely(shift, kept, ended) - ((shift - before) / SPREAD) ** 2 / 2,
    )
    # In coarse steps, since a step less changes no plan, and what a word gains is worked out once for each belief.
    return prior._replace(fade=SHIPPED.fade * exp(STEEP * shift))


def prompted(days: Sequence[date], advised: Iterable[date]) -> int:
    """Return how many of some contact days, in order, came of advice: its own day, and the next within a fortnight."""
    came: set[date] = set()
    for on in advised:
        at = bisect_left(days, on)
        own = at < len(days) and days[at] == on
        came.update(day for day in days[at : at + own + 1] if day <= on + timedelta(ANSWERED))
    return len(came)


def _likely(shift: float, kept: dict[int, int], ended: dict[int, int]) -> float:
    likely = 0.0
    for rhythm_class in kept:
        often = _OFTEN * (gap_of(rhythm_class) / 7) ** -_OFTEN_BEND
        fade = _FADE * TYPICAL * exp(shift) * often**_FADE_BEND
        last = min(max(exp(-often / (1 - exp(-fade))), 1e-12), 1 - 1e-12)
        likely += ended[rhythm_class] * log(last) + kept[rhythm_class] * log(1 - last)
    return likely
