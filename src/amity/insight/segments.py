"""The critical few, the close, the many, the dormant: proposed from how the owner really spends their contacts.

People keep a stable signature of how much attention goes to their first, second and third tie (Saramäki 2014), and no
one size of circle fits all (Lindenfors 2021). So circles are cut where the owner's own contact is used up.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from amity.insight.tie import DORMANT, FADING, Judgement
from amity.ledger.tally import DAY, Tallies

SEGMENTS = ("critical", "close", "many", "dormant", "unknown")
CRITICAL_SHARE = 0.5  # of the decayed contact that the critical few carry together
CLOSE_SHARE = 0.95
FEWEST, MOST = 5, 15  # critical people: below, one quarrel empties the circle; above, nobody is tended
MOST_CLOSE = 35
MUTUAL = 0.05  # the weaker side gives at least a twentieth: letters are lost, and mostly those from one side
LASTING_DAYS = 3  # contact days before somebody may be called close
FELT = 0.02  # of the contact that goes to the first tie; below, nobody is called close


def share(tallies: Tallies) -> NDArray[np.float64]:
    """Return each person's share of the owner's contact, decayed with the horizon."""
    contact = tallies.sent_decayed + tallies.received_decayed
    return np.asarray(contact / max(float(contact.sum()), 1e-9))


def _two_way(tallies: Tallies) -> NDArray[np.bool_]:
    return (tallies.met > 0) | ((tallies.sent > 0) & (tallies.received > 0))


def propose(judgement: Judgement, tallies: Tallies, pins: Mapping[int, str] | None = None) -> list[str]:
    """Propose a segment for each person; where the owner pinned somebody into the few or out of them, that stands."""
    part = share(tallies)
    two_way = _two_way(tallies)
    asleep = judgement.momentum == DORMANT
    found = np.full(len(tallies), "many", dtype="<U8")
    found[~two_way] = "unknown"
    found[two_way & asleep] = "dormant"
    near = two_way & ~asleep & (tallies.days >= LASTING_DAYS) & (part >= FELT * part.max(initial=0.0))
    order = np.argsort(-judgement.strength, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    total = max(float(part[two_way].sum()), 1e-9)
    carried = np.cumsum(part[order] * near[order]) / total  # by the strongest so many
    few = [i for i in order[near[order]] if judgement.reciprocity[i] >= MUTUAL]
    reach = int(np.searchsorted(carried, CRITICAL_SHARE)) + 1  # this many of the strongest carry half
    critical = [i for place, i in enumerate(few) if place < FEWEST or (place < MOST and rank[i] <= reach)]
    reach = int(np.searchsorted(carried, CLOSE_SHARE)) + 1
    close = [i for i in order[near[order]] if rank[i] <= max(reach, FEWEST) and i not in critical]
    found[close[:MOST_CLOSE]] = "close"
    found[critical] = "critical"
    for place, pin in (pins or {}).items():
        if pin == "critical":
            found[place] = "critical"
        elif found[place] == "critical":
            found[place] = "close"
    return [str(word) for word in found]


def reason(judgement: Judgement, tallies: Tallies, proposed: list[str], i: int) -> str:
    """Say in one line why person `i` was put where they are."""
    segment = proposed[i]
    if segment == "unknown":
        return "too little is known: contact went one way only" if tallies.n[i] else "you were never in direct contact"
    if segment == "dormant":
        days = (tallies.end - 1 - int(tallies.last[i])) // DAY
        return f"you were in touch both ways, but not for {days} days, longer than your rhythm"
    spent = f"{100 * share(tallies)[i]:.0f} % of your recent contact"
    rank = 1 + int((judgement.strength > judgement.strength[i]).sum())
    state = "fading" if judgement.momentum[i] == FADING else "alive"
    if segment == "critical":
        return f"number {rank} of your ties, mutual and {state}, with {spent}"
    if segment == "close":
        return f"number {rank} of your ties, in touch both ways and {state}, with {spent}"
    return f"in touch both ways now and then and {state}, with {spent}"
