"""The worlds that the owner moves in: who belongs together, what the owner alone holds together, and where it lies.

Groups are found as Louvain does (Blondel et al. 2008), whole columns at a time: a half of the people chosen at random
moves at once to the neighbouring group that raises modularity most, then groups become people of a smaller network.
Groups that fall apart are split, as Leiden would (Traag, Waltman and van Eck 2019). Brokerage follows Burt (1992).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.paths import Ints, Network, Real

ALONE = -1  # the group of who knows nobody
ROUNDS = 30  # of moving, at each level
LEVELS = 12
SEED = 7
SETTLING = 40  # steps in which a world finds its shape
REPELLERS = 200  # people who push each other apart, of a world that has more


class _Edges(NamedTuple):
    """A network as pairs both ways."""

    a: Ints
    b: Ints
    weight: Real


def group(network: Network) -> Ints:
    """Return the group of everybody, the largest first (0, 1, …), ALONE for who knows nobody. Always the same."""
    size = network.size
    whose, at = network.edges(np.arange(size))
    edges = _Edges(whose, network.to[at].astype(np.int64), network.strength[at].astype(np.float64))
    labels = np.arange(size)
    chance = np.random.default_rng(SEED)
    level = edges
    for _ in range(LEVELS):
        count = int(labels.max(initial=-1)) + 1
        moved = _dense(_move(level, count, chance))
        labels = moved[labels]
        if int(moved.max(initial=-1)) + 1 == count:
            break
        level = _folded(edges, labels)
    labels = _connected(edges, labels)
    lonely = np.diff(network.start) == 0
    return _by_size(labels, lonely)


def _move(edges: _Edges, count: int, chance: np.random.Generator) -> Ints:
    """Move people to the group of neighbours that raises modularity most, until few move."""
    labels = np.arange(count)
    degree = np.bincount(edges.a, edges.weight, count)
    whole = float(degree.sum())
    if not whole:
        return labels
    other = edges.a != edges.b
    a, b, weight = edges.a[other], edges.b[other], edges.weight[other]
    for _ in range(ROUNDS):
        total = np.bincount(labels, degree, count)
        key = a * count + labels[b]
        order = np.argsort(key, kind="stable")
        first = np.flatnonzero(np.r_[True, np.diff(key[order]) != 0]) if len(order) else np.empty(0, np.int64)
        joined = np.add.reduceat(weight[order], first) if len(first) else np.empty(0)
        node, to = key[order][first] // count, key[order][first] % count
        gain = joined - degree[node] * (total[to] - np.where(to == labels[node], degree[node], 0)) / whole
        stay = -degree * (total[labels] - degree) / whole
        own = to == labels[node]
        stay[node[own]] = gain[own]
        best = np.lexsort((-to, gain, node))
        last = np.flatnonzero(np.r_[np.diff(node[best]) != 0, True]) if len(best) else np.empty(0, np.int64)
        node, to, gain = node[best][last], to[best][last], gain[best][last]
        better = gain > stay[node] + 1e-12
        going = better & (chance.random(len(node)) < 0.5)
        labels[node[going]] = to[going]
        if better.sum() <= count // 1_000:
            break
    return labels


def _dense(labels: Ints) -> Ints:
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _folded(edges: _Edges, labels: Ints) -> _Edges:
    """Make the network of groups; what lies within a group is a loop."""
    count = int(labels.max(initial=-1)) + 1
    key, place = np.unique(labels[edges.a] * count + labels[edges.b], return_inverse=True)
    weight: Real = np.bincount(place, edges.weight, len(key)).astype(np.float64)
    return _Edges(key // count, key % count, weight)


def _connected(edges: _Edges, labels: Ints) -> Ints:
    """Split groups that do not hang together."""
    within = labels[edges.a] == labels[edges.b]
    a, b = edges.a[within], edges.b[within]
    root = np.arange(len(labels))
    while len(a):
        least = root.copy()
        np.minimum.at(least, a, root[b])
        least = least[least]  # a step of pointer jumping
        if np.array_equal(least, root):
            break
        root = least
    return _dense(root)


def _by_size(labels: Ints, lonely: NDArray[np.bool_]) -> Ints:
    """Number groups from the largest; who knows nobody is in none."""
    counts = np.bincount(labels[~lonely], minlength=int(labels.max(initial=-1)) + 1)
    rank = np.empty(len(counts), np.int64)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
    return np.where(lonely, ALONE, rank[labels] if len(labels) else labels)


def modularity(network: Network, labels: Ints) -> float:
    """Return how much more lies within groups than chance would put there, at most 1 (Newman 2006)."""
    whose, at = network.edges(np.arange(network.size))
    weight = network.strength[at].astype(np.float64)
    whole = weight.sum()
    if not whole:
        return 0.0
    degree = np.bincount(whose, weight, network.size)
    within = weight[labels[whose] == labels[network.to[at]]].sum() / whole
    totals = np.bincount(labels[labels >= 0], degree[labels >= 0])
    return float(within - ((totals / whole) ** 2).sum())


# --- brokerage -------------------------------------------------------------------------------------------------------


class Brokerage(NamedTuple):
    """How free the owner stands between their contacts, of what is seen."""

    effective_size: float  # contacts that lead somewhere else, at most as many as there are
    constraint: float  # 0 free, towards 1 bound to one closed circle
    shared: Ints  # beside the contacts: how many of the other contacts each knows


def brokerage(network: Network, contacts: Ints, tie: Real) -> Brokerage:
    """Work out effective size and constraint (Burt 1992) of the owner among their contacts; `tie` is 0 to 1."""
    count = len(contacts)
    if not count or not tie.sum():
        return Brokerage(0.0, 0.0, np.zeros(count, np.int64))
    place = np.full(network.size, -1)
    place[contacts] = np.arange(count)
    whose, at = network.edges(contacts)
    other = place[network.to[at]]
    kept = other >= 0
    one, other, weight = whose[kept], other[kept], network.strength[at][kept].astype(np.float64)
    share = tie / tie.sum()
    spread = tie + np.bincount(one, weight, count)
    through = np.bincount(other, share[one] * weight / np.where(spread[one] > 0, spread[one], 1), count)
    strongest = tie.copy()
    np.maximum.at(strongest, one, weight)
    redundant = float((share[other] * weight / np.where(strongest[one] > 0, strongest[one], 1)).sum())
    constraint = float(((share + through) ** 2).sum())
    return Brokerage(count - redundant, constraint, np.bincount(one, minlength=count))


# --- where they lie --------------------------------------------------------------------------------------------------


def lay_out(network: Network, labels: Ints) -> Real:
    """Return a place in the plane for everybody, (people, 2) within -1 and 1: near whom they know, world by world."""
    size = network.size
    places = np.zeros((size, 2))
    count = int(labels.max(initial=ALONE)) + 1
    members = [np.flatnonzero(labels == world) for world in range(count)]
    radius = np.sqrt(np.array([len(one) for one in members], np.float64)) if count else np.zeros(0)
    whose, at = network.edges(np.arange(size))
    edges = _Edges(whose, network.to[at].astype(np.int64), network.strength[at].astype(np.float64))
    centre = _centres(radius, edges, labels)
    chance = np.random.default_rng(SEED)
    local = np.zeros(size, np.int64)
    for one in members:
        local[one] = np.arange(len(one))
    within = labels[edges.a] == labels[edges.b]
    order = np.argsort(labels[edges.a[within]], kind="stable")
    a, b, weight = (column[within][order] for column in edges)
    bounds = np.searchsorted(labels[a], np.arange(count + 1))
    for world, one in enumerate(members):
        part = slice(bounds[world], bounds[world + 1])
        shape = _settle(len(one), local[a[part]], local[b[part]], weight[part], chance)
        places[one] = centre[world] + shape * radius[world] * 0.9
    reach = float(np.abs(places).max(initial=1.0)) * 1.02
    lonely = np.flatnonzero(labels == ALONE)
    turn = np.arange(len(lonely)) * np.pi * (3 - np.sqrt(5))
    ring = reach * (1.08 + 0.12 * (np.arange(len(lonely)) % 7) / 7)
    places[lonely] = np.stack([np.cos(turn), np.sin(turn)], 1) * ring[:, None]
    return places / (float(np.abs(places).max(initial=1e-9)) or 1.0)


def _centres(radius: Real, edges: _Edges, labels: Ints) -> Real:
    """Place worlds so that none lies on another, those that are joined side by side."""
    count = len(radius)
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    out = np.sqrt(np.cumsum(radius**2)) * 1.3
    centre = np.stack([np.cos(turn), np.sin(turn)], 1) * out[:, None]
    if count < 2:
        return np.zeros((count, 2))
    joined = (labels[edges.a] >= 0) & (labels[edges.a] != labels[edges.b])
    bundle = _folded(_Edges(edges.a[joined], edges.b[joined], edges.weight[joined]), np.maximum(labels, 0))
    drawn_by = np.maximum(np.bincount(bundle.a, bundle.weight, count), 1e-9)
    steps = 120 if count <= 400 else 30
    for step in range(steps + 40):
        if step < steps:  # each towards the middle of those it is joined with, and all together; then only apart
            middle = np.stack([np.bincount(bundle.a, bundle.weight * centre[bundle.b, axis], count) for axis in (0, 1)])
            has_any = np.bincount(bundle.a, minlength=count) > 0
            towards = np.where(has_any[:, None], (middle / drawn_by).T, 0)
            centre = (centre + 0.15 * (towards - centre)) * 0.985
        gap = centre[:, None] - centre[None]
        far = np.sqrt((gap**2).sum(2)) + 1e-9
        push = np.maximum((radius[:, None] + radius[None]) * 1.1 - far, 0)
        np.fill_diagonal(push, 0)
        moved = (gap / far[..., None] * push[..., None]).sum(1)
        centre = centre + 0.5 * moved / np.maximum((push > 0).sum(1), 1)[:, None] ** 0.5
    return np.asarray(centre - centre.mean(0))


def _settle(count: int, a: Ints, b: Ints, weight: Real, chance: np.random.Generator) -> Real:
    """Let people of one world find their places within a circle of radius 1: the stronger a tie, the nearer."""
    if count == 1:
        return np.zeros((1, 2))
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    places = np.stack([np.cos(turn), np.sin(turn)], 1) * np.sqrt((np.arange(count) + 0.5) / count)[:, None]
    ideal = 1 / np.sqrt(count)
    for step in range(SETTLING):
        heat = 0.25 * (1 - step / SETTLING) + 0.01
        some = np.arange(count) if count <= REPELLERS else chance.choice(count, REPELLERS, replace=False)
        near = places[some]
        norms = (places**2).sum(1)
        push = 1 / np.maximum(norms[:, None] + norms[some][None] - 2 * places @ near.T, 1e-4 * ideal**2 + 1e-6)
        force = (places * push.sum(1)[:, None] - push @ near) * ideal**2 * (count / len(some))
        apart = places[b] - places[a]
        far = np.sqrt((apart**2).sum(1))
        drawn = apart * (weight * far / ideal)[:, None]
        force = force + np.stack([np.bincount(a, drawn[:, axis], count) for axis in (0, 1)], 1)
        length = np.sqrt((force**2).sum(1)) + 1e-9
        places = places + force / length[:, None] * np.minimum(length, heat)[:, None]
    places = places - np.median(places, axis=0)
    far = np.sqrt((places**2).sum(1)) + 1e-9
    rank = np.empty(count)
    rank[np.argsort(far, kind="stable")] = np.sqrt((np.arange(count) + 0.5) / count)
    # The whole circle is used: those at its edge would press all others together.
    out = 0.25 * far / far.max() + 0.75 * rank
    return np.asarray(places / far[:, None] * out[:, None])
