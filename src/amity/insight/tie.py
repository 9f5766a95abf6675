"""What a tie is worth today: strength, the chance of contact, momentum, and why.

The card is a logistic model of five numbers with coefficients that are shipped, not fitted to the owner's
archive (docs/decisions/0003-the-tie-card.md). Ages and gaps are counted in horizons.

    A  how often and how lately: ln(.01 + sum over contact days of depth * (age + 1/90) ** -.4)
    S  what the owner gave: ln(.03 + sum over contacts sent of 2 ** -age)
    R  what came back: ln(.03 + sum over contacts received of 2 ** -age)
    G  silence against the pair's own rhythm: ln(1 + silence / (median gap + 1/90))
    B  the owner's own rate: logit of the share of two-way ties that they kept up in the last horizon
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.ledger.tally import DAY, GRAIN, NEVER, Tallies
from amity.model import Reason

Real = NDArray[np.float64]


class Card(NamedTuple):
    """The weights of one logistic model over the five numbers."""

    constant: float
    activation: float
    given: float
    taken: float
    silence: float
    rate: float


SEND = Card(-0.774, 0.625, 0.340, 0.048, -0.336, 0.267)  # the owner sends at least once
BOTH = Card(-0.816, 0.285, 0.308, 0.387, -0.345, 0.231)  # both send at least once, or they meet
ANY = Card(-0.714, 0.890, 0.087, 0.111, -0.353, 0.334)  # at least one contact, whoever sends
TYPICAL = (1.0, -0.6, -1.4, 1.8, -0.3)  # the middle of the five numbers over the archives the card was fitted on

FIRST_GAP = 0.1  # horizons; the gap of a pair that had one contact day only

MOMENTA = ("new", "rising", "steady", "fading", "dormant")
NEW, RISING, STEADY, FADING, DORMANT = range(5)
RHYTHM_DAYS = 4  # contact days before a pair has a rhythm to break
BROKEN = 3.0  # silence of so many usual gaps breaks it
PATIENCE = 14.0  # days; nobody fades within a fortnight
SWING = 0.4  # a change of A that is more than the ordinary up and down


@dataclass(frozen=True, slots=True)
class Judgement:
    """One figure a person in every column, in the order of the tallies."""

    strength: Real  # 0 to 100
    p_contact: Real  # 0 to 1, contact both ways or in person within the horizon
    p_send: Real  # 0 to 1, the owner sends within the horizon
    p_any: Real  # 0 to 1, any contact within the horizon
    momentum: NDArray[np.int8]  # place in MOMENTA
    turned: NDArray[np.int64]  # days since 1970 on which the momentum set in; NEVER where no day can be named
    reciprocity: Real  # 0 to 1; 1 when as much goes as comes
    initiative: Real  # 0 to 1, the owner's share of conversation starts
    numbers: Real  # (people, 4): A, S, R, G
    rates: tuple[float, float, float]  # B for send, both and any
    kept: tuple[int, int]  # two-way ties known a horizon ago, and how many of them the owner wrote to since
    enough: bool  # False when the archive spans less than two horizons: too early to say
    horizon_days: float

    def word(self, i: int) -> str:
        """Return the momentum of person `i` as the product says it."""
        return MOMENTA[self.momentum[i]]


def logistic(x: Real) -> Real:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(-x))


def numbers(tallies: Tallies) -> Real:
    """Return A, S, R and G of every person as an array of shape (people, 4)."""
    horizon = tallies.horizon_days
    touched = tallies.n > 0
    silence = np.where(touched, (tallies.end - tallies.last) / (DAY * horizon), 0.0)
    gap = np.where(np.isnan(tallies.gap), FIRST_GAP, tallies.gap / horizon)
    return np.column_stack(
        (
            np.log(0.01 + tallies.activation),
            np.log(0.03 + tallies.sent_decayed),
            np.log(0.03 + tallies.received_decayed),
            np.log1p(silence / (gap + GRAIN)),
        )
    )


def rates(tallies: Tallies) -> tuple[tuple[float, float, float], tuple[int, int]]:
    """Return B for send, both and any, and of how many ties how many were written to.

    A tie counts when it was two-way one horizon ago; it was kept up when the label happened in the horizon since.
    """
    met = tallies.met - tallies.met_recent > 0
    known = met | ((tallies.sent > tallies.sent_recent) & (tallies.received > tallies.received_recent))
    met = tallies.met_recent > 0
    sent = met | (tallies.sent_recent > 0)
    received = met | (tallies.received_recent > 0)
    n = int(known.sum())
    kept = [int((known & happened).sum()) for happened in (sent, sent & received, sent | received)]
    share = [(k + 0.5) / (n + 2) for k in kept]
    b = [float(np.log(p / (1 - p))) for p in share]
    return (b[0], b[1], b[2]), (n, kept[0])


def judge(tallies: Tallies, *, horizon_days: float = 90) -> Judgement:
    """Judge every tie as of the end of the tallies.

    `p_contact` is the chance that within `horizon_days` both write at least once or the two meet. `strength` is the
    owner's own chance to write, without the owner's rate, so that it ranks people within one archive.
    Raises ValueError when the tallies were made for another horizon.
    """
    if horizon_days != tallies.horizon_days:
        raise ValueError("the tallies were made for another horizon")
    touched = tallies.n > 0
    x = numbers(tallies)
    b, kept = rates(tallies)
    linear = [card.constant + x @ np.array(card[1:5]) for card in (SEND, BOTH, ANY)]
    chance = [
        np.where(touched, logistic(z + card.rate * r), 0.0)
        for z, card, r in zip(linear, (SEND, BOTH, ANY), b, strict=True)
    ]
    momentum, turned = _momentum(tallies)
    gave = tallies.sent + tallies.met
    took = tallies.received + tallies.met
    most = np.maximum(gave, took)
    first = int(tallies.first[touched].min()) if touched.any() else tallies.end
    return Judgement(
        strength=np.where(touched, 100 * logistic(linear[0]), 0.0),
        p_contact=chance[1],
        p_send=chance[0],
        p_any=chance[2],
        momentum=momentum,
        turned=turned,
        reciprocity=np.minimum(gave, took) / np.maximum(most, 1),
        initiative=np.where(tallies.conversations > 0, tallies.starts / np.maximum(tallies.conversations, 1), 0.5),
        numbers=x,
        rates=b,
        kept=kept,
        enough=tallies.end - first >= 2 * horizon_days * DAY,
        horizon_days=horizon_days,
    )


def _momentum(tallies: Tallies) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Say where each tie is heading, and the day on which that set in where one can be named."""
    horizon = tallies.horizon_days
    touched = tallies.n > 0
    last = np.where(touched, tallies.last, tallies.end)
    first = np.where(touched, tallies.first, tallies.end)
    silence = (tallies.end - last) / DAY
    gap = np.where(np.isnan(tallies.gap), horizon, tallies.gap)
    rhythm = tallies.days >= RHYTHM_DAYS
    limit = np.maximum(BROKEN * gap, PATIENCE)
    grave = np.maximum(BROKEN * gap, horizon)
    swing = np.log(0.01 + tallies.activation) - np.log(0.01 + tallies.activation_before)
    momentum = np.full(len(tallies), STEADY, np.int8)
    momentum[(swing > SWING) & (tallies.days_recent > tallies.days_before)] = RISING
    momentum[(swing < -SWING) & (tallies.days_recent < tallies.days_before)] = FADING
    broken = rhythm & (silence > limit)
    momentum[broken] = FADING
    new = (tallies.end - first) / DAY <= horizon
    momentum[new] = NEW
    dormant = silence > grave
    momentum[dormant | ~touched] = DORMANT
    day = last // DAY
    turned = np.full(len(tallies), NEVER, np.int64)
    turned[broken] = (day + np.ceil(limit).astype(np.int64))[broken]
    turned[new] = (first // DAY)[new]
    turned[dormant] = (day + np.ceil(grave).astype(np.int64))[dormant]
    turned[~touched] = NEVER
    return momentum, turned


def _ago(days: float) -> str:
    """Say how long ago something was, as a person would."""
    if days < 1:
        return "today"
    for unit, length in (("year", 365.25), ("month", 30.44), ("week", 7.0), ("day", 1.0)):
        if days >= 2 * length or unit == "day":
            return _count(int(days // length), unit) + " ago"
    raise AssertionError(days)


def _span(days: float) -> str:
    """Say how long something lasts."""
    return "a day" if days < 1.5 else _ago(days).removesuffix(" ago")


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def explain(tallies: Tallies, judgement: Judgement, i: int) -> tuple[Reason, ...]:
    """Say why the tie of person `i` is what it is: at most five reasons, the strongest first.

    `weight` is what the reason adds to the logit of the owner writing, against a typical tie; the first four together
    make the strength, the fifth moves the chances of all people alike.
    """
    if tallies.n[i] == 0:
        crowd = int(tallies.crowd[i])
        return (Reason("you have only met in messages to many people", str(crowd)),) if crowd else ()
    weights = [
        weight * (value - typical)
        for weight, value, typical in zip(SEND[1:], (*judgement.numbers[i], judgement.rates[0]), TYPICAL, strict=True)
    ]
    sent, received, met, days = (
        int(column[i]) for column in (tallies.sent, tallies.received, tallies.met, tallies.days)
    )
    silence = (tallies.end - int(tallies.last[i])) / DAY
    horizon = _span(judgement.horizon_days)
    together = f" and met {_count(met, 'time')}" if met else ""
    reasons = [
        Reason(
            f"you were in touch on {_count(days, 'day')}, most recently {_ago(silence)}",
            _count(days, "day"),
            weights[0],
        ),
        Reason(
            f"you reached out {_count(sent, 'time')}{together}, "
            f"{int(tallies.sent_recent[i] + tallies.met_recent[i])} of them in the last {horizon}",
            str(sent + met),
            weights[1],
        ),
        Reason(
            f"they reached out {_count(received, 'time')}, "
            f"{int(tallies.received_recent[i])} of them in the last {horizon}",
            str(received),
            weights[2],
        ),
        _rhythm(float(tallies.gap[i]), silence, weights[3]),
    ]
    known, kept = judgement.kept
    if known:
        reasons.append(
            Reason(
                f"in the last {horizon} you reached out to {kept} of the {known} people you had two-way contact with",
                f"{kept}/{known}",
                weights[4],
            )
        )
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.weight)))


def _rhythm(gap: float, silence: float, weight: float) -> Reason:
    """Hold the silence against the pair's usual gap."""
    if np.isnan(gap):
        return Reason("you were in touch on one day only, so there is no rhythm yet", "1 day", weight)
    times = silence / max(gap, 1.0)
    usual = f"you are usually in touch every {_span(gap)}"
    if times <= 1.5:
        return Reason(f"{usual}, and you still are", f"{times:.1f} × the usual gap", weight)
    return Reason(f"{usual}; now it has been {_span(silence)}", f"{times:.1f} × the usual gap", weight)
