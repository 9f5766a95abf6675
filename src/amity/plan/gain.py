"""What a word to somebody gains: the weeks of closeness that it keeps over the coming half-year, per unit of worth.

A tie is taken to fade with its silence, contact to come by itself the less the longer it has not, and an answer to come
less surely; how fast, follows from the pair's usual gap. The gain of a word today is the chance that it is answered,
times the chance that no contact would have come anyway, times what a fresh tie is worth in the half-year ahead more
than one left silent. So it is small for whoever is heard from all the time, small for whoever has long been lost, and
greatest in between: an index of what is gained now, as restless bandits are planned by (Whittle).

The figures of `Belief` come from e-mail and telephone archives, and were chosen among a few in a simulation of others
than those reported (docs/benchmarks/plan.md): contact was taken to come six times as often as fitted, at first, since
it comes in bursts. They say how ties of a rhythm go on average, not how this one will. How quickly the owner's own fade
is learnt (amity.plan.fading).
"""

from __future__ import annotations

from functools import cache
from math import exp, log2
from typing import NamedTuple

WEEKS_AHEAD = 26
SILENT_MOST = 130  # weeks; longer silences are as this
STEPS = 2  # classes of rhythm per doubling of the gap
SHORTEST, LONGEST = 0.5, 52.0  # weeks between contacts; rhythms beyond are taken as these
FURTHER = 0.1  # weeks of closeness that a further word in the half-year has to gain to be worth writing


class Belief(NamedTuple):
    """How ties fade: of a usual gap of `g` weeks, and after `k` weeks of silence.

    Closeness is exp(-fade k), contact in a week comes by itself with 1 - exp(-often exp(-fade k)), and a word is
    answered with answered exp(-fall k); often is `often` g ** -`often_bend`, fade is `fade` often ** `fade_bend`.
    """

    often: float = 10.56
    often_bend: float = 0.96
    fade: float = 0.176
    fade_bend: float = 0.77
    answered: float = 0.85
    fall: float = 0.03


SHIPPED = Belief()


def gain(gap: float, silence: float, belief: Belief = SHIPPED) -> float:
    """Return the weeks of closeness that a word gains after `silence` days, where `gap` days are usual.

    A little below 0 where a word would gain less than the chance of a later one that it uses up.
    """
    weeks = max(0.0, silence / 7)
    table = _gains(class_of(gap), belief)
    low = min(int(weeks), SILENT_MOST - 1)
    part = min(weeks - low, 1.0)
    return table[low] * (1 - part) + table[low + 1] * part


def class_of(gap: float) -> int:
    """Return the class of rhythm of so many days between contacts."""
    return round(STEPS * log2(min(max(gap / 7, SHORTEST), LONGEST)))


def gap_of(rhythm: int) -> float:
    """Return the days between contacts that a class of rhythm stands for."""
    return float(7 * 2 ** (rhythm / STEPS))


def _pace(rhythm: int, belief: Belief) -> tuple[float, float]:
    often = belief.often * (gap_of(rhythm) / 7) ** -belief.often_bend
    return often, belief.fade * often**belief.fade_bend


@cache
def _gains(rhythm: int, belief: Belief) -> tuple[float, ...]:
    """Return the gain after so many weeks of silence, by value iteration over the half-year ahead."""
    often, fade = _pace(rhythm, belief)
    silent = range(SILENT_MOST + 1)
    close = [exp(-fade * k) for k in silent]
    alone = [exp(-often * one) for one in close]  # chance that no contact comes by itself
    answered = [belief.answered * exp(-belief.fall * k) for k in silent]
    gains = [0.0] * len(close)
    ahead, unanswered = gains, gains  # worth from here on; and where a word was left, so that none may follow
    for _ in range(WEEKS_AHEAD):
        open_to, left = ([now + then for now, then in zip(close, row, strict=True)] for row in (ahead, unanswered))
        fresh = open_to[0]
        open_to, left = ([*row[1:], row[-1]] for row in (open_to, left))
        gains = [
            no * (yes * fresh + (1 - yes) * lost - kept)
            for no, yes, lost, kept in zip(alone, answered, left, open_to, strict=True)
        ]
        unanswered = [fresh + no * (lost - fresh) for no, lost in zip(alone, left, strict=True)]
        ahead = [
            fresh + no * (kept - fresh) + max(0.0, one - FURTHER)
            for no, kept, one in zip(alone, open_to, gains, strict=True)
        ]
    return tuple(gains)
