"""Who belongs together, what the owner holds together, and where it lies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.insight.paths import Network, weave
from amity.insight.worlds import ALONE, brokerage, group, lay_out, modularity


def network(size: int, *pairs: tuple[int, int, float]) -> Network:
    told = sorted({(min(a, b), max(a, b)): w for a, b, w in pairs if a != b}.items())
    a = np.array([pair[0] for pair, _ in told], np.int32)
    b = np.array([pair[1] for pair, _ in told], np.int32)
    return weave(size, a, b, np.array([weight for _, weight in told], np.float32))


def circle(*people: int, weight: float = 0.8) -> list[tuple[int, int, float]]:
    return [(a, b, weight) for a in people for b in people if a < b]


def test_two_circles_with_a_bridge_are_two_worlds():
    known = network(9, *circle(0, 1, 2, 3, 4), *circle(5, 6, 7), (4, 5, 0.1))
    labels = group(known)
    assert labels.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, ALONE]
    assert modularity(known, labels) > 0.25


def test_nobody_and_strangers_form_no_world():
    assert group(network(0)).tolist() == []
    assert group(network(3)).tolist() == [ALONE] * 3
    assert lay_out(network(0), np.empty(0, np.int64)).shape == (0, 2)
    assert brokerage(network(3), np.empty(0, np.int64), np.empty(0)).effective_size == 0


def test_many_circles_are_found_again():
    chance = np.random.default_rng(3)
    pairs = [pair for start in range(0, 200, 10) for pair in circle(*range(start, start + 10))]
    pairs += [(*chance.choice(200, 2, replace=False).tolist(), 0.1) for _ in range(60)]
    labels = group(network(200, *pairs))
    assert all(len(set(labels[start : start + 10].tolist())) == 1 for start in range(0, 200, 10))
    assert len(set(labels.tolist())) == 20


PAIRS = st.lists(
    st.tuples(st.integers(0, 14), st.integers(0, 14), st.floats(0.05, 1).map(lambda weight: round(weight, 2))),
    max_size=40,
)


@given(PAIRS)
@settings(max_examples=60)
def test_every_world_hangs_together_and_has_a_place(pairs):
    known = network(15, *pairs)
    labels = group(known)
    assert labels.tolist() == group(known).tolist()
    counts = np.bincount(labels[labels >= 0])
    assert counts.tolist() == sorted(counts.tolist(), reverse=True)
    for world in range(len(counts)):
        members = set(np.flatnonzero(labels == world).tolist())
        reached, waiting = set(), [min(members)]
        while waiting:
            one = waiting.pop()
            if one not in reached:
                reached.add(one)
                waiting += members & set(known.to[known.start[one] : known.start[one + 1]].tolist())
        assert reached == members
    places = lay_out(known, labels)
    assert places.shape == (15, 2)
    assert np.isfinite(places).all()
    assert np.abs(places).max() <= 1 + 1e-9


def test_worlds_do_not_lie_on_each_other():
    pairs = [pair for start in range(0, 90, 30) for pair in circle(*range(start, start + 30))]
    known = network(90, *pairs, (0, 30, 0.5), (30, 60, 0.5), (60, 0, 0.5))
    places = lay_out(known, group(known))
    middles = [places[start : start + 30].mean(0) for start in range(0, 90, 30)]
    reach = [
        np.sqrt(((places[start : start + 30] - middles[n]) ** 2).sum(1)).max() for n, start in enumerate((0, 30, 60))
    ]
    for one in range(3):
        for other in range(one):
            assert np.sqrt(((middles[one] - middles[other]) ** 2).sum()) > 0.8 * (reach[one] + reach[other])


def test_free_between_strangers_and_bound_in_one_circle():
    contacts, tie = np.arange(4), np.full(4, 0.5)
    free = brokerage(network(4), contacts, tie)
    assert (free.effective_size, free.constraint) == (4, pytest.approx(0.25))
    bound = brokerage(network(4, *circle(0, 1, 2, 3, weight=0.5)), contacts, tie)
    assert bound.effective_size == pytest.approx(4 - 4 * 3 * 0.25)
    assert bound.constraint == pytest.approx(4 * (0.25 + 3 * 0.25 * 0.25) ** 2)
    assert (free.shared.tolist(), bound.shared.tolist()) == ([0] * 4, [3] * 4)


@given(PAIRS, st.lists(st.floats(0.05, 1).map(lambda tie: round(tie, 2)), min_size=3, max_size=15))
@settings(max_examples=40)
def test_brokerage_is_what_networkx_says(pairs, ties):
    nx = pytest.importorskip("networkx")
    known = network(15, *pairs)
    contacts = np.arange(len(ties))
    graph = nx.Graph()
    graph.add_weighted_edges_from(("me", person, tie) for person, tie in enumerate(ties))
    for person in contacts.tolist():
        for at in range(known.start[person], known.start[person + 1]):
            if known.to[at] < len(ties):
                graph.add_edge(person, int(known.to[at]), weight=float(known.strength[at]))
    found = brokerage(known, contacts, np.array(ties))
    assert found.constraint == pytest.approx(nx.constraint(graph, ["me"], "weight")["me"], rel=1e-5)
    assert found.effective_size == pytest.approx(nx.effective_size(graph, ["me"], "weight")["me"], rel=1e-5)
