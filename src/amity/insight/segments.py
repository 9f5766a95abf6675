"""The critical few, the close, the many, the dormant: proposed from how the owner really spends their contacts.

People keep a stable signature of how much attention goes to their first, second and third tie (Saramäki 2014), and no
one size of circle fits all (Lindenfors 2021). So circles are cut where the owner's own contact is used up, and hold no
more of the few than the owner's time carries. Whoever is among the few stays until they have clearly fallen behind: a
circle that changes from one day to the next is none.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.tie import DORMANT, FADING, Judgement
from amity.language import say
from amity.ledger.tally import DAY, Tallies

Ints = NDArray[np.int64]
Real = NDArray[np.float64]

SEGMENTS = ("critical", "close", "many", "dormant", "unknown")
CRITICAL_SHARE = 0.5  # of the decayed contact that the critical few carry together
CLOSE_SHARE = 0.95
FEWEST, MOST = 5, 15  # critical people: below, one quarrel empties the circle; above, nobody is tended
MOST_CLOSE = 35
MUTUAL = 0.05  # the weaker side gives at least a twentieth: letters are lost, and mostly those from one side
LASTING_DAYS = 3  # contact days before somebody may be called close
FELT = 0.02  # of the contact that goes to the first tie; below, nobody is called close
GRACE = 0.7  # logits of strength below the last seat from which one of the few has left it
WEEKS = 26  # a half-year; what was is looked back on from the beginning of the one before
MOST_CONTESTED = 12
# Minutes that writing, reading and meeting take: a judgement, and less sure than it looks.
EFFORT = (8.0, 2.0, 45.0)
TENDING = 300 / 365  # minutes a day that one of the few asks for at least: three meetings and a word a month


class Capacity(NamedTuple):
    """How many critical ties the owner's time carries; times in minutes a day."""

    wanted: float  # as the owner set it
    spent: float  # in the last horizon, by EFFORT
    each: float  # what one of the few takes, the middle of them
    carries: int


def share(tallies: Tallies) -> Real:
    """Return each person's share of the owner's contact, decayed with the horizon."""
    contact = tallies.sent_decayed + tallies.received_decayed
    return np.asarray(contact / max(float(contact.sum()), 1e-9))


def two_way(tallies: Tallies) -> NDArray[np.bool_]:
    """Tell of each person whether contact went both ways, or the two met."""
    return (tallies.met > 0) | ((tallies.sent > 0) & (tallies.received > 0))


def effort(tallies: Tallies) -> Real:
    """Return the minutes a day that each person took in the last horizon, by EFFORT."""
    wrote, read, met = EFFORT
    minutes = wrote * tallies.sent_recent + read * tallies.received_recent + met * tallies.met_recent
    return np.asarray(minutes / tallies.horizon_days)


def _near(judgement: Judgement, tallies: Tallies) -> NDArray[np.bool_]:
    """Tell who may be called close at all: in touch both ways, awake, on several days, and felt."""
    part = share(tallies)
    awake = two_way(tallies) & (judgement.momentum != DORMANT) & (tallies.days >= LASTING_DAYS)
    return np.asarray(awake & (part >= FELT * part.max(initial=0.0)))


def _may_be_critical(judgement: Judgement, tallies: Tallies) -> Ints:
    """Return the places of those who may be critical, strongest first."""
    order = np.argsort(-judgement.strength, kind="stable")
    fit = _near(judgement, tallies) & (judgement.reciprocity >= MUTUAL)
    return np.asarray(order[fit[order]])


def capacity(judgement: Judgement, tallies: Tallies, minutes: float) -> Capacity:
    """Say how many critical ties the owner's time carries: half of it goes to them, each asking for what it took.

    `minutes` a day is what the owner wants to give; where they give more already, that counts.
    """
    took = effort(tallies)
    spent = float(took.sum())
    whole = CRITICAL_SHARE * max(minutes, spent)
    order = _may_be_critical(judgement, tallies)[:MOST]
    # Nobody is taken to ask for so much that the fewest do not fit: a household is not tended by appointment.
    asked = np.clip(took[order], TENDING, max(TENDING, whole / FEWEST))
    asked = np.concatenate([asked, np.full(MOST - len(asked), TENDING)])
    fits = int(np.searchsorted(np.cumsum(asked), whole * (1 + 1e-9), side="right"))
    carries = min(max(fits, FEWEST), MOST)
    return Capacity(minutes, spent, float(np.median(asked[: max(1, min(len(order), carries))])), carries)


def propose(
    judgement: Judgement, tallies: Tallies, pins: Mapping[int, str] | None = None, *, most: int = MOST
) -> list[str]:
    """Propose a segment for each person; where the owner pinned somebody into the few or out of them, that stands.

    `most` are the critical ties that the owner's time carries.
    """
    said = pins or {}
    refused = [place for place, pin in said.items() if pin != "critical"]
    part = share(tallies)
    mutual = two_way(tallies)
    found = np.full(len(tallies), "many", dtype="<U8")
    found[~mutual] = "unknown"
    found[mutual & (judgement.momentum == DORMANT)] = "dormant"
    near = _near(judgement, tallies)
    order = np.argsort(-judgement.strength, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    total = max(float(part[mutual].sum()), 1e-9)
    carried = np.cumsum(part[order] * near[order]) / total  # by the strongest so many
    reach = int(np.searchsorted(carried, CRITICAL_SHARE)) + 1  # this many of the strongest carry half
    few = [i for i in _may_be_critical(judgement, tallies).tolist() if i not in refused]
    critical = [i for place, i in enumerate(few) if place < FEWEST or (place < MOST and rank[i] <= reach)]
    critical = critical[: max(most, FEWEST)]
    reach = int(np.searchsorted(carried, CLOSE_SHARE)) + 1
    close = [i for i in order[near[order]] if rank[i] <= max(reach, FEWEST) and i not in critical]
    found[close[:MOST_CLOSE]] = "close"
    found[critical] = "critical"
    return pinned([str(word) for word in found], judgement, said, most=most)


def pinned(proposed: list[str], judgement: Judgement, pins: Mapping[int, str], *, most: int = MOST) -> list[str]:
    """Put whom the owner pinned among the critical few; where that is more than time carries, the weakest others leave.

    Whoever is there by the owner's word never leaves for another.
    """
    wanted = [place for place, pin in pins.items() if pin == "critical"]
    placed = list(proposed)
    for place in wanted:
        placed[place] = "critical"
    others = [place for place, word in enumerate(placed) if word == "critical" and place not in wanted]
    over = min(placed.count("critical") - max(most, FEWEST), len(others)) if wanted else 0
    if over > 0:
        for place in sorted(others, key=lambda place: (judgement.strength[place], -place))[:over]:
            placed[place] = "close"
    return placed


def _logit(strength: Real) -> Real:
    part = np.clip(strength / 100, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(part / (1 - part)))


def contested(judgement: Judgement, tallies: Tallies, proposed: list[str], refused: Collection[int]) -> Ints:
    """Return the places of those for whom it decides who was among the critical few before, the strongest first.

    They stand within GRACE of the last seat: who trails it by more has left, and who leads it by more is in.
    """
    fit = [i for i in _may_be_critical(judgement, tallies).tolist() if i not in refused]
    seats = sum(proposed[i] == "critical" for i in fit)
    if not 0 < seats < len(fit):
        return np.empty(0, np.int64)
    height = _logit(judgement.strength[fit])
    line = height[seats - 1]
    near = np.flatnonzero(np.abs(height - line) <= GRACE)
    nearest = near[np.argsort(np.abs(height[near] - line), kind="stable")[:MOST_CONTESTED]]
    return np.array([fit[i] for i in sorted(nearest.tolist())], np.int64)


def weeks_before(end: int, utc_offset: int) -> list[int]:
    """Return how many days ago each of the last weeks ended, this day first: 0, then the days since each Thursday.

    They lie on a fixed grid, and go back to the beginning of the half-year before this one, so that what they show is
    the same tomorrow.
    """
    today = (end - 1 + utc_offset) // DAY
    first = (today // (7 * WEEKS) - 1) * 7 * WEEKS
    return [0, *range(today % 7 or 7, today - first + 1, 7)]


def settle(proposed: list[str], places: Ints, strengths: Real, *, most: int = MOST) -> list[str]:
    """Let whoever was among the critical few stay until they trail the last seat by more than GRACE, week by week.

    `strengths` are those of the contested by place and week, today first, as of `weeks_before`. Whoever is proposed
    stands in the circle; of those who stay beside them, the strongest, up to `most` in all.
    """
    settled = list(proposed)
    seats = sum(proposed[place] == "critical" for place in places.tolist())
    room = max(most, FEWEST) - proposed.count("critical")
    height = _logit(strengths)
    inside = np.zeros(len(places), bool)
    for week in range(height.shape[1] - 1, -1, -1):
        ranked = np.argsort(-height[:, week], kind="stable")
        line = height[ranked[max(seats - 1, 0)], week] if len(ranked) else 0.0
        inside &= height[:, week] >= line - GRACE
        inside[ranked[:seats]] = True
    beside = [place for place, within in zip(places.tolist(), inside.tolist(), strict=True) if within]
    for place in [place for place in beside if proposed[place] != "critical"][:room]:
        settled[place] = "critical"
    return settled


def reason(judgement: Judgement, tallies: Tallies, proposed: list[str], i: int) -> str:
    """Say in one line why person `i` was put where they are."""
    segment = proposed[i]
    if segment == "unknown":
        if tallies.n[i]:
            return say("too little is known: contact went one way only")
        return say("you were never in direct contact")
    if segment == "dormant":
        days = (tallies.end - 1 - int(tallies.last[i])) // DAY
        return say("you were in touch both ways, but not for {days} days, longer than your rhythm", days=days)
    spent = say("{share:.0f} % of your recent contact", share=100 * float(share(tallies)[i]))
    rank = 1 + int((judgement.strength > judgement.strength[i]).sum())
    state = say("fading") if judgement.momentum[i] == FADING else say("alive")
    if segment == "critical":
        return say("number {rank} of your ties, mutual and {state}, with {spent}", rank=rank, state=state, spent=spent)
    if segment == "close":
        return say(
            "number {rank} of your ties, in touch both ways and {state}, with {spent}",
            rank=rank,
            state=state,
            spent=spent,
        )
    return say("in touch both ways now and then and {state}, with {spent}", state=state, spent=spent)
