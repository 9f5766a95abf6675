"""What a tie is worth today: strength, the chance of contact, momentum, and why.

The card is a logistic model of six numbers with coefficients that are shipped, not fitted to the owner's
archive (docs/decisions/0003-the-tie-card.md). Ages and gaps are counted in horizons.

    A  how often and how lately: ln(.01 + sum over contact days of depth * (age + 1/90) ** -.4 / L ** .6), where L is
       the length of the owner's history, since the sum of an unchanging rhythm grows with L ** .6
    S  what the owner gave: ln(.03 + sum over contacts sent of 2 ** -age)
    R  what came back: ln(.03 + sum over contacts received of 2 ** -age)
    G  silence against the pair's own rhythm: ln(1 + silence / (median gap + 1/90))
    I  who starts: ln(.1 + conversations that the owner began, a meeting counting half, over L)
    B  the owner's own rate: logit of the share of two-way ties that they kept up in the last horizon

The sum of the six is bent once before it is a chance: a tie in full swing is more certain than a straight line has it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.language import mark, number, say, say_many
from amity.ledger.tally import DAY, GRAIN, NEVER, SPACING, Tallies
from amity.model import Reason

Real = NDArray[np.float64]


class Card(NamedTuple):
    """The weights of one logistic model over the six numbers."""

    constant: float
    activation: float
    given: float
    taken: float
    silence: float
    starts: float
    rate: float


class Bend(NamedTuple):
    """How the sum of a card becomes the logit of a chance: a line that turns steeper above KNEE."""

    constant: float
    slope: float
    steeper: float


SEND = Card(-0.270, 0.554, 0.250, 0.085, -0.320, 0.217, 0.158)  # the owner sends at least once
BOTH = Card(-0.750, 0.343, 0.213, 0.389, -0.315, 0.142, 0.142)  # both send at least once, or they meet
ANY = Card(-0.137, 0.817, 0.056, 0.132, -0.324, 0.091, 0.225)  # at least one contact, whoever sends
SEND_BEND = Bend(-0.213, 0.860, 0.714)
BOTH_BEND = Bend(-0.126, 0.943, 0.645)
ANY_BEND = Bend(-0.215, 0.869, 0.567)
KNEE = 0.5  # where the sum of a card turns steeper: about three chances in five
TYPICAL = (0.3, -0.6, -1.4, 1.8, -0.8)  # the middle of the numbers over the archives the card was fitted on

FIRST_GAP = 0.1  # horizons; the gap of a pair that had one contact day only

MOMENTA = ("new", "rising", "steady", "fading", "dormant")
NEW, RISING, STEADY, FADING, DORMANT = range(5)
RHYTHM_DAYS = 4  # contact days before a pair has a rhythm to break
BROKEN = 3.0  # silence of so many usual gaps breaks it
PATIENCE = 14.0  # days; nobody fades within a fortnight
MOST_REASONS = 5
BURST_DAYS = 7.0  # contact days so near one another
BURST = 3.0  # with a mean gap of so many usual ones come in bursts
_YEAR, _MONTH, _WEEK = 365.25, 30.44, 7.0
SWING = 1.3  # deviations by which contact days must differ from the horizon before: one change in five is chance


class Judgement(Struct, frozen=True):
    """One figure a person in every column, in the order of the tallies."""

    strength: Real  # 0 to 100
    p_contact: Real  # 0 to 1, contact both ways or in person within the horizon
    p_send: Real  # 0 to 1, the owner sends within the horizon
    p_any: Real  # 0 to 1, any contact within the horizon
    momentum: NDArray[np.int8]  # place in MOMENTA
    turned: NDArray[np.int64]  # days since 1970 on which the momentum set in; NEVER where no day can be named
    reciprocity: Real  # 0 to 1; 1 when as much goes as comes
    initiative: Real  # 0 to 1, the owner's share of conversation starts
    numbers: Real  # (people, 5): A, S, R, G, I
    rates: tuple[float, float, float]  # B for send, both and any
    enough: bool  # False when the archive spans less than two horizons: too early to say
    horizon_days: float

    def word(self, i: int) -> str:
        """Return the momentum of person `i` as the product says it."""
        return MOMENTA[self.momentum[i]]


def logistic(x: Real) -> Real:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + np.exp(np.minimum(-x, 700.0)))  # further on a double overflows, and the answer is 0


def chance(linear: Real, bend: Bend) -> Real:
    """Return the chance that a card's sum stands for, 0 to 1; a higher sum is always a higher chance."""
    return logistic(bend.constant + bend.slope * linear + bend.steeper * np.maximum(linear - KNEE, 0.0))


def length(tallies: Tallies) -> float:
    """Return for how long the owner has kept up contacts, in horizons, at least one.

    It begins where one tie in twenty had begun, so that a single misdated message does not stretch it.
    """
    first = tallies.first[tallies.n > 0]
    if not len(first):
        return 1.0
    return max(1.0, (tallies.end - float(np.quantile(first, 0.05))) / (DAY * tallies.horizon_days))


def numbers(tallies: Tallies, span: float | Real | None = None) -> Real:
    """Return A, S, R, G and I of every person as an array of shape (people, 5).

    `span` is the length of the owner's history in horizons, where the tallies do not hold all of it.
    """
    horizon, span = tallies.horizon_days, length(tallies) if span is None else span
    touched = tallies.n > 0
    silence = np.where(touched, (tallies.end - tallies.last) / (DAY * horizon), 0.0)
    gap = np.where(np.isnan(tallies.gap), FIRST_GAP, tallies.gap / horizon)
    return np.column_stack(
        (
            np.log(0.01 + tallies.activation / span ** (1 + SPACING)),
            np.log(0.03 + tallies.sent_decayed),
            np.log(0.03 + tallies.received_decayed),
            np.log1p(silence / (gap + GRAIN)),
            np.log(0.1 + (tallies.starts + tallies.meetings / 2) / span),
        )
    )


def rates(tallies: Tallies) -> tuple[float, float, float]:
    """Return B for send, both and any.

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
    return b[0], b[1], b[2]


def judge(tallies: Tallies, *, horizon_days: float = 90, span: float | Real | None = None) -> Judgement:
    """Judge every tie as of the end of the tallies; `span` is the length of history where these do not hold all of it.

    `p_contact` is the chance that within `horizon_days` both write at least once or the two meet. `strength` is the
    owner's own chance to write, without the owner's rate, so that it ranks people within one archive.
    Raises ValueError when the tallies were made for another horizon.
    """
    if horizon_days != tallies.horizon_days:
        raise ValueError("the tallies were made for another horizon")
    touched = tallies.n > 0
    x = numbers(tallies, span)
    b = rates(tallies)
    linear = [card.constant + x @ np.array(card[1:-1]) for card in (SEND, BOTH, ANY)]
    chances = [
        np.where(touched, chance(z + card.rate * r, bend), 0.0)
        for z, card, r, bend in zip(linear, (SEND, BOTH, ANY), b, (SEND_BEND, BOTH_BEND, ANY_BEND), strict=True)
    ]
    momentum, turned = momenta(tallies)
    gave = tallies.sent + tallies.met
    took = tallies.received + tallies.met
    most = np.maximum(gave, took)
    first = int(tallies.first[touched].min()) if touched.any() else tallies.end
    return Judgement(
        strength=np.where(touched, 100 * logistic(linear[0]), 0.0),
        p_contact=chances[1],
        p_send=chances[0],
        p_any=chances[2],
        momentum=momentum,
        turned=turned,
        reciprocity=np.minimum(gave, took) / np.maximum(most, 1),
        initiative=np.where(tallies.conversations > 0, tallies.starts / np.maximum(tallies.conversations, 1), 0.5),
        numbers=x,
        rates=b,
        enough=tallies.end - first >= 2 * horizon_days * DAY,
        horizon_days=horizon_days,
    )


def unheard(judgement: Judgement, i: int) -> float:
    """Return the strength of person `i` if their silence were not held against them."""
    linear = SEND.constant + float(judgement.numbers[i] @ np.array(SEND[1:-1]))
    held = SEND.silence * float(judgement.numbers[i][Card._fields.index("silence") - 1])
    return 100 / (1 + math.exp(-(linear - held)))


def momenta(tallies: Tallies, until: NDArray[np.int64] | None = None) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
    """Say where each tie is heading, and the day on which that set in where one can be named.

    `until` is when each tie could last be seen (epoch seconds), the end of the tallies where it is not given.
    """
    horizon = tallies.horizon_days
    touched = tallies.n > 0
    last = np.where(touched, tallies.last, tallies.end)
    first = np.where(touched, tallies.first, tallies.end)
    silence = ((tallies.end if until is None else until) - last) / DAY
    gap = np.where(np.isnan(tallies.gap), horizon, tallies.gap)
    rhythm = tallies.days >= RHYTHM_DAYS
    limit = np.maximum(BROKEN * gap, PATIENCE)
    grave = np.maximum(BROKEN * gap, horizon)
    # Counts of days vary by their own square root, so the difference of roots has the same spread for all (Anscombe).
    # After a whole horizon of silence, what ceased is the last there was, however long ago: silence heals no fading.
    before = np.where(silence > horizon, tallies.days_latest, tallies.days_before)
    swing = np.sqrt(2) * (np.sqrt(tallies.days_recent + 0.375) - np.sqrt(before + 0.375))
    momentum = np.full(len(tallies), STEADY, np.int8)
    # A channel that is not read any more says nothing of the last horizon against the one before.
    heard = np.ones(len(tallies), bool) if until is None else until >= tallies.end
    momentum[heard & (swing > SWING)] = RISING
    momentum[heard & (swing < -SWING)] = FADING
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


def _span(days: float) -> str:
    """Say how long something lasts: the largest unit of which there are two."""
    if days >= 2 * _YEAR:
        return say_many("{n} year", "{n} years", int(days // _YEAR))
    if days >= 2 * _MONTH:
        return say_many("{n} month", "{n} months", int(days // _MONTH))
    if days >= 2 * _WEEK:
        return say_many("{n} week", "{n} weeks", int(days // _WEEK))
    return _days(max(1, int(days)))


def _ago(days: float) -> str:
    """Say how long ago something was, as a person would."""
    if days < 2:
        return say("today") if days < 1 else say("yesterday")
    if days >= 2 * _YEAR:
        return say_many("{n} year ago", "{n} years ago", int(days // _YEAR))
    if days >= 2 * _MONTH:
        return say_many("{n} month ago", "{n} months ago", int(days // _MONTH))
    if days >= 2 * _WEEK:
        return say_many("{n} week ago", "{n} weeks ago", int(days // _WEEK))
    return say_many("{n} day ago", "{n} days ago", int(days))


def _days(n: int) -> str:
    return say_many("{n:,} day", "{n:,} days", n)


def explain(tallies: Tallies, judgement: Judgement, i: int) -> tuple[Reason, ...]:
    """Say why the tie of person `i` is what it is: at most five reasons, the strongest first.

    `weight` is what the reason adds to the logit of the owner writing, against a typical tie; together they make the
    strength. The owner's own rate is none of them, since it moves the chances of all people alike.
    """
    if tallies.n[i] == 0:
        crowd = int(tallies.crowd[i])
        if not crowd:
            return ()
        return (Reason(say("you only appear together in messages to many people"), number(crowd)),)
    horizon = judgement.horizon_days
    days, met = int(tallies.days[i]), int(tallies.met[i])
    silence = (tallies.end - 1 - int(tallies.last[i])) // DAY  # whole days, as a calendar counts them
    touch = say_many(
        "you were in touch on {n:,} day, most recently {ago}",
        "you were in touch on {n:,} days, most recently {ago}",
        days,
        ago=_ago(silence),
    )
    gave = _side(_OUT, int(tallies.sent[i]), int(tallies.sent_recent[i]), horizon)
    took = _side(_BACK, int(tallies.received[i]), int(tallies.received_recent[i]), horizon)
    together = say("; you met {often}", often=_often(met)) if met else ""
    life = (int(tallies.last[i]) - int(tallies.first[i])) / DAY
    said = [
        (touch, _days(days)),
        (gave + together, number(int(tallies.sent[i]) + met)),
        (took, number(int(tallies.received[i]))),
        _rhythm(float(tallies.gap[i]), life / max(days - 1, 1), silence),
        _started(int(tallies.starts[i]), int(tallies.conversations[i]), int(tallies.meetings[i])),
    ]
    apart = np.array(SEND[1:-1]) * (judgement.numbers[i] - np.array(TYPICAL))
    reasons = [Reason(*words, round(weight, 3)) for words, weight in zip(said, apart.tolist(), strict=True)]
    return tuple(sorted(reasons, key=lambda reason: -abs(reason.weight))[:MOST_REASONS])


def _often(n: int) -> str:
    if n <= 2:
        return say("once") if n == 1 else say("twice")
    return say("{n:,} times", n=n)


# How often one side reached out: never, not lately, some of it lately, once and lately, all of it lately.
_OUT = (
    mark("you have not reached out"),
    mark("you reached out {often}, but not in the last {days:g} days"),
    mark("you reached out {often}, {recent:,} of them in the last {days:g} days"),
    mark("you reached out {often}, in the last {days:g} days"),
    mark("you reached out {often}, always in the last {days:g} days"),
)
_BACK = (
    mark("they have not reached out"),
    mark("they reached out {often}, but not in the last {days:g} days"),
    mark("they reached out {often}, {recent:,} of them in the last {days:g} days"),
    mark("they reached out {often}, in the last {days:g} days"),
    mark("they reached out {often}, always in the last {days:g} days"),
)


def _side(messages: tuple[str, ...], all_told: int, recent: int, horizon: float) -> str:
    """Say how often one side reached out."""
    never, before, partly, once, always = messages
    if not all_told:
        return say(never)
    message = before if not recent else partly if recent != all_told else once if all_told == 1 else always
    return say(message, often=_often(all_told), recent=recent, days=horizon)


def _started(mine: int, talks: int, meetings: int) -> tuple[str, str]:
    """Say how many of the conversations the owner began."""
    met = ""
    if meetings and talks:
        met = say_many("; one more began in person", "; {n:,} more began in person", meetings)
    if not talks:
        return say("all your conversations began in person"), f"0/{number(meetings)}"
    if talks == 1:
        began = say("you began your only conversation by message")
        return (began if mine else say("they began your only conversation by message")) + met, f"{mine}/1"
    if mine in (0, talks):
        none = say("you began none of your {talks:,} conversations", talks=talks)
        began = say("you began all of your {talks:,} conversations", talks=talks) if mine else none
    else:
        began = say("you began {mine:,} of your {talks:,} conversations", mine=mine, talks=talks)
    return began + met, f"{number(mine)}/{number(talks)}"


def _rhythm(gap: float, mean: float, silence: float) -> tuple[str, str]:
    """Hold the silence against the pair's usual gap.

    Where the `mean` gap is far above the usual one, days of contact come in bursts with pauses between, and the usual
    gap is that inside a burst: nobody would call it how often the two are in touch.
    """
    if np.isnan(gap):
        return say("you were in touch on one day only, {ago}", ago=_ago(silence)), _days(1)
    times = say("{times:,.1f} × the usual gap", times=silence / gap)
    if gap <= BURST_DAYS and mean > BURST * gap:
        pace = say(
            "you are in touch for some days on end, then not for a while, on a day in {days:,} on average",
            days=round(mean),
        )
        if silence <= BROKEN * gap:
            return pace + say("; the last was {ago}", ago=_ago(silence)), times
        return pace + say("; now it has been {span}", span=_span(silence)), times
    every = say("every day") if gap < 2 else say("every {span}", span=_span(gap))
    if silence <= 1.5 * gap:
        return say("you are usually in touch {every}, and you still are", every=every), times
    return say("you are usually in touch {every}; now it has been {span}", every=every, span=_span(silence)), times
