"""The owner's word on their ties: it outranks the card, sticks, and teaches it a little about the others.

The card sees contact, and contact is not closeness (Wiese 2015). What the owner says, by placing people in rings or by
comparing two, corrects the people named and, through what these have in common, their neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from amity.insight.tie import DORMANT, FADING, STEADY, Judgement, logistic, momenta, unheard
from amity.insight.words import BY, PLACED, RINGS, STATES, UNSEEN, Word
from amity.language import say
from amity.ledger.tally import DAY, NEVER, Tallies
from amity.model import Channel, Reason

Real = NDArray[np.float64]
Pairs = Sequence[tuple[int, int]]

FEWEST = 3  # comparisons before anything is learnt from them
TRUST = 0.5  # deviations by which a weight may move from the card's; more would let ten taps overturn a decade
MOST = 1.5  # logits that a neighbour may move
QUIET_DAYS = 60  # a channel in which nobody at all was met for so long has stopped being read, not being used
HEARD = 20  # people met in a channel before its silence means anything
SEVERAL = 5  # contact days
NEAREST = 40  # of the strongest ties, those that are worth comparing


class Agreement(NamedTuple):
    """How well the card's order of ties agrees with the owner's, before and after it was taught.

    Spearman's rank correlation; `after` judges each person by what was said of the others alone.
    """

    people: int
    before: float
    after: float


def heed(
    judgement: Judgement,
    tallies: Tallies,
    channels: NDArray[np.int64],
    words: Mapping[int, Word],
    nearer: Pairs,
) -> Judgement:
    """Judge again with what the owner said, and with the silence of channels that are no longer read.

    `channels` are the channels of the last contacts, `words` what was said by place, `nearer` pairs of places of which
    the first is the closer.
    """
    strength = _taught(judgement, learn(judgement, _pairs(words, nearer)))
    until = listened_until(tallies, channels)
    momentum, turned = momenta(tallies, until)
    kin = np.array([place for place, word in words.items() if word.kin], np.int64)
    if len(kin):
        # Kin bear silence better than friends do (Roberts & Dunbar 2011): half of it is not held against them.
        patient = until.copy()
        patient[kin] -= (until[kin] - tallies.last[kin]) // 2
        calmer, later = momenta(tallies, patient)
        asleep = kin[np.isin(momentum[kin], (FADING, DORMANT)) & (tallies.n[kin] > 0)]
        momentum[asleep], turned[asleep] = calmer[asleep], later[asleep]
    chance = [judgement.p_contact.copy(), judgement.p_send.copy(), judgement.p_any.copy()]
    segment_end = tallies.end // DAY
    for place, word in words.items():
        if word.unseen:
            strength[place] = max(strength[place], unheard(judgement, place))
            if momentum[place] in (FADING, DORMANT):
                momentum[place], turned[place] = STEADY, NEVER
        if word.ring:
            low, high = RINGS[word.ring]
            strength[place] = min(max(strength[place], low), high)
        if word.state:
            momentum[place], turned[place] = DORMANT, min(int(turned[place]), segment_end)
            for column in chance:
                column[place] = 0.0
    p_contact, p_send, p_any = chance
    return replace(
        judgement, strength=strength, momentum=momentum, turned=turned, p_contact=p_contact, p_send=p_send, p_any=p_any
    )


def listened_until(tallies: Tallies, channels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return until when each tie could be seen: the end, or the last sign of life of the channel that it runs over."""
    until = np.full(len(tallies), tallies.end, np.int64)
    for channel in set(channels[tallies.n > 0].tolist()):
        over = (channels == channel) & (tallies.n > 0)
        last = int(tallies.last[over].max())
        if int(over.sum()) >= HEARD and tallies.end - last > QUIET_DAYS * DAY:
            until[over] = last + 1
    return until


def _pairs(words: Mapping[int, Word], nearer: Pairs) -> list[tuple[int, int]]:
    order = list(RINGS)
    placed = [(place, order.index(word.ring)) for place, word in sorted(words.items()) if word.ring]
    return [*nearer, *((one, other) for one, ring in placed for other, outer in placed if ring < outer)]


def _features(judgement: Judgement) -> Real:
    x = judgement.numbers
    known = judgement.strength > 0
    if not known.any():
        return np.zeros_like(x)
    spread = x[known].std(axis=0)
    return np.asarray((x - x[known].mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _logit(strength: Real) -> Real:
    share = np.clip(strength / 100, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(share / (1 - share)))


def learn(judgement: Judgement, pairs: Pairs) -> Real:
    """Learn by how much each of the card's numbers should weigh more or less, from who is closer than whom.

    A Bradley-Terry model on top of the card: Newton's method with a normal prior of TRUST on each weight.
    """
    x, z = _features(judgement), _logit(judgement.strength)
    weights = np.zeros(x.shape[1])
    if len(pairs) < FEWEST:
        return weights
    one, other = (np.array(side) for side in zip(*pairs, strict=True))
    apart, lead = x[one] - x[other], z[one] - z[other]
    for _ in range(20):
        p = logistic(lead + apart @ weights)
        slope = apart.T @ (1 - p) - weights / TRUST**2
        bend = (apart * (p * (1 - p))[:, None]).T @ apart + np.eye(len(weights)) / TRUST**2
        step = np.linalg.solve(bend, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def shifted(then: Real, card: Real, heeded: Real) -> Real:
    """Move strengths of past days by as much as the owner's word moves each tie today; who had none then has none."""
    moved = _logit(heeded) - _logit(card)
    return np.where(then > 0, 100 * logistic(_logit(then) + moved[:, None]), 0.0)


def _taught(judgement: Judgement, weights: Real) -> Real:
    if not weights.any():
        return judgement.strength.copy()
    moved = np.clip(_features(judgement) @ weights, -MOST, MOST)
    return np.where(judgement.strength > 0, 100 * logistic(_logit(judgement.strength) + moved), 0.0)


def agreement(judgement: Judgement, words: Mapping[int, Word], nearer: Pairs) -> Agreement:
    """Say how well the card agrees with the rings that the owner placed people in; `judgement` is the card's own."""
    order = list(RINGS)
    placed = [place for place in sorted(words) if words[place].ring]
    said = np.array([-order.index(words[place].ring) for place in placed], float)
    before = judgement.strength[placed]
    after = []
    for place in placed:
        others = {other: word for other, word in words.items() if other != place}
        pairs = [pair for pair in _pairs(others, nearer) if place not in pair]
        after.append(_taught(judgement, learn(judgement, pairs))[place])
    return Agreement(len(placed), spearman(said, before), spearman(said, np.array(after)))


def spearman(one: Real, other: Real) -> float:
    """Return the rank correlation of two rows, ties sharing their mean rank; 0 where one of them is constant."""
    if len(one) < 2:
        return 0.0
    ranks = [_ranks(row) for row in (one, other)]
    if any(float(row.std()) == 0 for row in ranks):
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(row: Real) -> Real:
    _, place, count = np.unique(row, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(count) - (count - 1) / 2)[place])


def worth_comparing(judgement: Judgement, tallies: Tallies, known: Pairs, most: int) -> list[tuple[int, int]]:
    """Choose pairs whose comparison teaches most: nearly as strong by the card, and unlike in what makes them so.

    Only people whom the owner knows well enough to tell: in touch both ways, on several days.
    """
    x = _features(judgement)
    told = (tallies.days >= SEVERAL) & ((tallies.met > 0) | ((tallies.sent > 0) & (tallies.received > 0)))
    ranked = np.argsort(-judgement.strength, kind="stable")
    strong = ranked[told[ranked]][:NEAREST]
    asked = {frozenset(pair) for pair in known}
    found = []
    for rank, one in enumerate(strong.tolist()):
        for other in strong[rank + 1 :].tolist():
            if frozenset((one, other)) not in asked:
                close = abs(float(judgement.strength[one] - judgement.strength[other])) / 10
                found.append((float(np.linalg.norm(x[one] - x[other])) / (1 + close), one, other))
    found.sort(key=lambda row: (-row[0], row[1], row[2]))
    chosen: list[tuple[int, int]] = []
    used: dict[int, int] = {}
    for _, one, other in found:
        if len(chosen) == most:
            break
        if used.get(one, 0) < 2 and used.get(other, 0) < 2:
            chosen.append((one, other))
            used[one], used[other] = used.get(one, 0) + 1, used.get(other, 0) + 1
    return chosen


def reasons(word: Word, card: float, heeded: float, channel: int, quiet_days: int) -> tuple[Reason, ...]:
    """Say what the owner's word, or a channel's silence, made of a tie; `card` is the strength before, in 0 to 100."""
    said = []
    if word.state:
        said.append(Reason(say(STATES[word.state]), "", 0.0))
    alone = say("{strength:.0f} by contact alone", strength=card)
    if word.ring:
        said.append(Reason(say(PLACED[word.ring]), alone, 1.0))
    elif round(heeded) != round(card) and not word.unseen:
        said.append(Reason(say("what you said of others like them"), alone, 0.2))
    if word.unseen:
        ways = say(" and ").join(say(UNSEEN[one]) for one in word.unseen)
        words = say("{ways}, which no archive shows: silence here says nothing", ways=ways)
        said.append(Reason(words, say("{strength:.0f} seen", strength=card), 0.5))
    if quiet_days:
        by = say(BY[Channel(channel).word])
        words = say("nothing at all came {by_channel} for a while, so it was not read on", by_channel=by)
        said.append(Reason(words, say("{days} days", days=quiet_days), 0))
    return tuple(said)
