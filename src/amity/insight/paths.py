"""Find the warmest ways to somebody: over whom, how warm, and alternatives that are not one path five times.

The owner stands outside the network; their contacts are where every path begins. Two rules of warmth are known.
Min-of-links follows TidalTrust (Golbeck 2005), where short and strong chains told trust best; the product takes links
for independent chances, which they are not, and is there to compare. The search is exact for both: it looks at every
path of up to three steps, as columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

STEPS = 3
PENALTIES = (1.0, 0.8, 0.5)  # what a path of one, two and three steps is worth beside its links
GRAIN = 100  # warmth is compared in hundredths: within one, short comes before long, and friends before others
NOBODY = -1
LOAD = 0.7  # what each favour lately, or one that still waits for thanks, leaves of the will to do another
FRESH = 365.0  # days of silence that halve what a fresh contact adds

Ints = NDArray[np.int64]
Real = NDArray[np.float64]


class Rule(Enum):
    """How the links of a path make its warmth."""

    WEAKEST = "weakest"  # as warm as its weakest link
    PRODUCT = "product"

    def join(self, one: Real, other: Real) -> Real:
        """Combine two links, or a chain of links and one more."""
        return np.minimum(one, other) if self is Rule.WEAKEST else one * other


class Network(Struct, frozen=True):
    """Who knows whom, both ways: the neighbours of `i` are `to[start[i]:start[i + 1]]`, in order."""

    start: Ints
    to: NDArray[np.int32]
    strength: NDArray[np.float32]  # 0 to 1, beside `to`

    @property
    def size(self) -> int:
        """The number of people, neighbours or not."""
        return len(self.start) - 1

    def edges(self, places: Ints) -> tuple[Ints, Ints]:
        """Return the edges out of some people: for each its place in `places`, and its place in `to`."""
        first, last = self.start[places], self.start[places + 1]
        counts = last - first
        whose = np.repeat(np.arange(len(places)), counts)
        before = np.cumsum(counts) - counts
        return whose, np.arange(len(whose)) + (first - before)[whose]


def weave(size: int, a: NDArray[np.int32], b: NDArray[np.int32], strength: NDArray[np.float32]) -> Network:
    """Build the network of `size` people from pairs, each told once and sorted by a and then b, with a below b."""
    source, to = np.concatenate([b, a]), np.concatenate([a, b])
    # Pairs are sorted, so a stable sort by source alone leaves neighbours in order: the lower ones come from `b`.
    order = np.argsort(source, kind="stable")
    start = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(source, minlength=size), out=start[1:])
    return Network(start, to[order], np.concatenate([strength, strength])[order])


class Ego(Struct, frozen=True):
    """The owner's contacts, in order of place, and the edges out of all of them laid end to end."""

    contacts: Ints
    tie: Real  # 0 to 1, the owner's tie with each
    willing: Real  # 0 to 1, how likely each is to introduce
    favour: Ints  # 0 for family and friends, then by segment
    whose: NDArray[np.int32]  # of each edge, the place in `contacts`
    middle: NDArray[np.int32]  # whom it leads to
    chain: Real  # the weaker-or-product of tie and link, by rule
    link: Real
    rule: Rule


def stand(network: Network, contacts: Ints, tie: Real, willing: Real, favour: Ints, rule: Rule) -> Ego:
    """Place the owner beside the network: what does not depend on the target is worked out once."""
    whose, at = network.edges(contacts)
    link = network.strength[at].astype(np.float64)
    chain = rule.join(tie[whose], link)
    return Ego(contacts, tie, willing, favour, whose.astype(np.int32), network.to[at], chain, link, rule)


class Path(NamedTuple):
    """One way: the people after the owner, the last of them the target, and how strong each step is."""

    warmth: float
    people: tuple[int, ...]
    links: tuple[float, ...]
    willing: float


def bucket(warmth: Real) -> Ints:
    """Return warmth in whole hundredths."""
    return np.floor(warmth * GRAIN + 0.5).astype(np.int64)


def willingness(reciprocity: Real, silence: Real, favours: Ints) -> Real:
    """Judge from 0 to 1 how likely a contact is to introduce.

    Half is there to begin with; an even give and take and a fresh contact add to it. Each of their `favours` takes from
    it: what they were asked lately, whom they introduced lately, what they were never thanked for. `silence` is in
    days. These weights are a judgement: no data set has introductions.
    """
    fresh = np.exp2(-np.maximum(silence, 0) / FRESH)
    return np.asarray((0.5 + 0.3 * np.clip(reciprocity, 0, 1) + 0.2 * fresh) * LOAD**favours)


class _Ways(NamedTuple):
    """Paths as columns."""

    at: Ints  # the place of the first contact in `Ego.contacts`
    steps: Ints
    people: Ints  # (paths, STEPS), NOBODY where a path is shorter
    links: Real  # (paths, STEPS), 1 where a path is shorter


def _ways(at: Ints, people: Sequence[Ints], links: Sequence[Real]) -> _Ways:
    """Lay paths of one length side by side."""
    who, steps = np.full((len(at), STEPS), NOBODY), np.ones((len(at), STEPS))
    for place, (column, link) in enumerate(zip(people, links, strict=True)):
        who[:, place], steps[:, place] = column, link
    return _Ways(at, np.full(len(at), len(people)), who, steps)


def _warmth(ego: Ego, ways: _Ways) -> Real:
    chain = ways.links[:, 0]
    for place in range(1, STEPS):
        chain = ego.rule.join(chain, ways.links[:, place])
    willing = np.where(ways.steps > 1, ego.willing[ways.at], 1.0)
    return np.array(PENALTIES)[ways.steps - 1] * willing * chain


class _Table:
    """All candidates as one table, to take the best from as more and more hands are used."""

    def __init__(self, ego: Ego, parts: Sequence[_Ways]) -> None:
        self.ego = ego
        self.ways = _Ways(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))
        self.warmth = _warmth(ego, self.ways)
        self.bucket = bucket(self.warmth)
        self.first = self.ways.people[:, 0]
        self.middle = np.where(self.ways.steps == STEPS, self.ways.people[:, 1], NOBODY)

    def best(self, allowed: NDArray[np.bool_]) -> Path | None:
        """Return the best of some paths, None where there is none."""
        rows = np.flatnonzero(allowed)
        if not len(rows):
            return None
        rows = rows[self.bucket[rows] == self.bucket[rows].max()]
        ways = self.ways
        product = ways.links[rows, 0] * ways.links[rows, 1] * ways.links[rows, 2]
        by = (-self.warmth[rows], self.ego.favour[ways.at[rows]], ways.steps[rows])
        place = int(rows[np.lexsort((*ways.people[rows].T[::-1], -product, *by))[0]])
        steps = int(ways.steps[place])
        return Path(
            float(self.warmth[place]),
            tuple(ways.people[place, :steps].tolist()),
            tuple(ways.links[place, :steps].tolist()),
            float(self.ego.willing[ways.at[place]]) if steps > 1 else 1.0,
        )


def search(network: Network, ego: Ego, targets: Ints, aim: Real, most: int) -> list[Path]:
    """Return the `most` best paths to any of some people, as unlike as they can be, the best first.

    `aim` says for each target how much of the last step counts, 0 to 1: less for one who has left the place that is
    looked for. Each path begins with another contact, and nobody stands in the middle of two. Where that leads no
    further, the same middle may serve again; where that leads no further either, further paths through contacts that
    are used already follow, if they reach somebody new and the contact does not know that target directly. Nobody
    whom the owner is told to ask is asked through a third.
    """
    if not len(targets) or most < 1:
        return []
    sorting = np.argsort(targets)
    targets, aim = targets[sorting], aim[sorting]
    best, last = _nearest(network, targets, aim)
    table = _Table(ego, [_direct(ego, targets, aim), _over_one(ego, best, last), _over_two(ego, targets, best, last)])
    chosen: list[Path] = []
    asked, hands = np.zeros(network.size + 1, bool), np.zeros(network.size + 1, bool)  # NOBODY is the last place
    for used in (hands, asked):
        while len(chosen) < most and (path := table.best(~asked[table.first] & ~used[table.middle])):
            chosen.append(path)
            asked[path.people[0]] = True
            hands[list(path.people[:-1])] = True
            hands[path.people[0]] = True
    if chosen and len(chosen) < most:
        _fill(network, ego, targets, aim, chosen, asked, most)
    favour = dict(zip(ego.contacts.tolist(), ego.favour.tolist(), strict=True))
    return sorted(chosen, key=lambda path: _rank(path, favour[path.people[0]]))


def _rank(path: Path, favour: int) -> tuple[float, ...]:
    """Order paths by warmth in hundredths, then the short, then friends, then by exact warmth and the other links."""
    product = float(np.prod(path.links))
    return (-int(bucket(np.array(path.warmth))), len(path.links), favour, -path.warmth, -product, *path.people)


def _nearest(network: Network, targets: Ints, aim: Real) -> tuple[Real, Ints]:
    """Return of everybody the strongest step to a target, 0 for none and for targets, and which target that is."""
    best = np.zeros(network.size)
    last = np.full(network.size, NOBODY, np.int64)
    whose, at = network.edges(targets)
    near = network.to[at]
    step = network.strength[at] * aim[whose]
    order = np.lexsort((-whose, step))
    # Of several writes to one place the last one stands: the strongest step, and of equal ones the first target.
    best[near[order]], last[near[order]] = step[order], targets[whose[order]]
    best[targets] = 0
    return best, last


def _direct(ego: Ego, targets: Ints, aim: Real) -> _Ways:
    """Return the targets whom the owner knows."""
    known, at, of = np.intersect1d(ego.contacts, targets, assume_unique=True, return_indices=True)
    link = ego.tie[at] * aim[of]
    some = link > 0
    return _ways(at[some], [known[some]], [link[some]])


def _over_one(ego: Ego, best: Real, last: Ints) -> _Ways:
    """Return each contact's best path of two steps."""
    step = best[ego.contacts]
    at = np.flatnonzero((step > 0) & (ego.tie > 0))
    return _ways(at, [ego.contacts[at], last[ego.contacts[at]]], [ego.tie[at], step[at]])


def _over_two(ego: Ego, targets: Ints, best: Real, last: Ints) -> _Ways:
    """Return the best path over each two that know each other, the first of them a contact."""
    edge = np.flatnonzero(best[ego.middle])
    edge = edge[(ego.chain[edge] > 0) & ~np.isin(ego.contacts, targets)[ego.whose[edge]]]
    at, middle = ego.whose[edge].astype(np.int64), ego.middle[edge].astype(np.int64)
    return _ways(at, [ego.contacts[at], middle, last[middle]], [ego.tie[at], ego.link[edge], best[middle]])


def _fill(
    network: Network, ego: Ego, targets: Ints, aim: Real, chosen: list[Path], asked: NDArray[np.bool_], most: int
) -> None:
    """Add paths through contacts that are used already, where they reach somebody new without a detour."""
    firsts = np.flatnonzero(asked[:-1]).tolist()
    parts = [part for contact in firsts for part in _all_over(network, ego, targets, aim, contact)]
    if not parts:
        return
    table = _Table(ego, parts)
    met = np.zeros(network.size + 1, bool)
    met[NOBODY] = True
    met[[person for path in chosen for person in path.people]] = True
    while len(chosen) < most:
        path = table.best(~asked[table.middle] & ~met[table.ways.people].all(axis=1))
        if path is None:
            break
        chosen.append(path)
        met[list(path.people)] = True


def _all_over(network: Network, ego: Ego, targets: Ints, aim: Real, contact: int) -> Iterator[_Ways]:
    """Yield all paths of two and of three steps through one contact, without detours."""
    if contact in targets:
        return
    at = int(np.searchsorted(ego.contacts, contact))
    known = np.zeros(network.size)
    own = slice(network.start[contact], network.start[contact + 1])
    known[network.to[own]] = network.strength[own]
    direct = (known[targets] > 0) & (aim > 0)
    reached = targets[direct]
    same = np.full(len(reached), at)
    yield _ways(same, [ego.contacts[same], reached], [ego.tie[same], known[reached] * aim[direct]])
    whose, edge = network.edges(targets)
    middle = network.to[edge].astype(np.int64)
    keep = (known[middle] > 0) & ~direct[whose] & ~np.isin(middle, targets) & (aim[whose] > 0)
    whose, edge, middle = whose[keep], edge[keep], middle[keep]
    same = np.full(len(edge), at)
    step = network.strength[edge] * aim[whose]
    yield _ways(same, [ego.contacts[same], middle, targets[whose]], [ego.tie[same], known[middle], step])
