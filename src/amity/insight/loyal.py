"""The loyal few: who would go out of their way for the owner, suggested from what they did.

Four kinds of evidence, each with its figure: they begin, they answer fast and nearly always, they introduced the owner,
they helped. Two kinds suggest somebody; whether it is so only the owner can say.
"""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.language import say
from amity.ledger.strands import RECEIVED, SENT, WAY, Contacts
from amity.ledger.tally import DAY, SILENCE, Tallies
from amity.model import Reason

KINDS = 2  # of evidence that suggest somebody
TALKS = 5  # conversations before they say anything
ANSWERS = 3  # timed answers before they say anything
BEGIN = 0.45  # of the conversations: nearly half
ANSWER = 0.8  # of what the owner began
WITHIN_DAYS = 30  # later than that it is no answer


class Deeds(Struct, frozen=True):
    """What the ledger holds of somebody's deeds for the owner."""

    introduced: int = 0
    helped: int = 0  # gifts, recommendations and promises kept


def waits(found: Contacts, people: int) -> NDArray[np.float64]:
    """Return for each of `people` persons the median days until they answered the owner; NaN below ANSWERS of them.

    Only what began a conversation waits for an answer: it is their first message after it, within WITHIN_DAYS, unless
    the two meet before.
    """
    person, at = found.person, found.entries["at"].astype(np.int64)
    way = found.entries["flags"] & WAY
    median = np.full(people, np.nan)
    if len(person) < 2:
        return median
    new = np.r_[True, (person[1:] != person[:-1]) | (np.diff(at) > SILENCE)]
    run = np.flatnonzero(new | np.r_[True, way[1:] != way[:-1]])
    opens = new[run[:-1]]
    answered = opens & (way[run[1:]] == RECEIVED) & (way[run[:-1]] == SENT) & (person[run[1:]] == person[run[:-1]])
    days = (at[run[1:]] - at[run[:-1]]) / DAY
    kept = answered & (days <= WITHIN_DAYS)
    who, days = person[run[:-1]][kept], days[kept]
    for place in np.flatnonzero(np.bincount(who, minlength=people) >= ANSWERS).tolist():
        median[place] = float(np.median(days[who == place]))
    return median


def evidence(tallies: Tallies, wait: NDArray[np.float64], usual: float, place: int, deeds: Deeds) -> tuple[Reason, ...]:
    """Return what suggests that somebody is loyal, the weightiest first; `usual` is the median wait for all."""
    found = []
    if deeds.introduced:
        found.append(Reason(say("they introduced you"), _times(deeds.introduced), 2.0))
    if deeds.helped:
        found.append(Reason(say("they helped or gave"), _times(deeds.helped), 1.5))
    talks, mine = int(tallies.conversations[place]), int(tallies.starts[place])
    if talks >= TALKS and (talks - mine) / talks >= BEGIN:
        begun = say("{theirs:,} of your {talks:,} conversations", theirs=talks - mine, talks=talks)
        found.append(Reason(say("they begin"), begun, 1.0))
    answers, asked = int(tallies.answers_got[place]), mine
    fast = not np.isnan(wait[place]) and wait[place] <= usual
    if asked >= TALKS and answers / asked >= ANSWER and fast:
        half = _within(float(wait[place]))
        figure = say("{answers:,} of {asked:,} times, half of them {within}", answers=answers, asked=asked, within=half)
        found.append(Reason(say("they answer, and sooner than most"), figure, 1.0))
    return tuple(sorted(found, key=lambda one: -one.weight))


def is_suggested(because: tuple[Reason, ...]) -> bool:
    """Tell whether evidence is enough to suggest somebody."""
    return len(because) >= KINDS


def _times(count: int) -> str:
    return {1: say("once"), 2: say("twice")}.get(count) or say("{n:,} times", n=count)


def _within(days: float) -> str:
    if days < 1:
        return say("within a day")
    return say("within {days} days", days=round(days)) if days >= 1.5 else say("within a day or two")
