"""Warm paths: what the search finds is what looking at every path finds, and what makes a path warm."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.insight.paths import PENALTIES, Network, Path, Rule, bucket, search, stand, weave, willingness


class Small(NamedTuple):
    """A world small enough to look at every path in it."""

    people: int
    links: dict[tuple[int, int], float]
    ties: dict[int, tuple[float, float, int]]  # tie, willingness, favour
    targets: dict[int, float]

    def link(self, one: int, other: int) -> float:
        return self.links.get((min(one, other), max(one, other)), 0.0)


HUNDREDTHS = st.integers(0, 100).map(lambda n: n / 100)
POSITIVE = st.integers(1, 100).map(lambda n: n / 100)


@st.composite
def worlds(draw: st.DrawFn) -> Small:
    people = draw(st.integers(2, 8))
    links = {pair: float(np.float32(draw(POSITIVE))) for pair in combinations(range(people), 2) if draw(st.booleans())}
    someone = st.integers(0, people - 1)
    ties = draw(st.dictionaries(someone, st.tuples(HUNDREDTHS, POSITIVE, st.integers(0, 2)), max_size=people))
    targets = draw(st.dictionaries(someone, HUNDREDTHS, min_size=1, max_size=3))
    return Small(people, links, ties, targets)


def network_of(world: Small) -> Network:
    pairs = sorted(world.links)
    a, b = (np.array([pair[side] for pair in pairs], np.int32) for side in (0, 1))
    return weave(world.people, a, b, np.array([world.links[pair] for pair in pairs], np.float32))


def found(world: Small, rule: Rule, most: int) -> list[Path]:
    network = network_of(world)
    contacts = np.array(sorted(world.ties), np.int64)
    tie, willing, favour = (np.array([world.ties[c][part] for c in contacts.tolist()], np.float64) for part in range(3))
    ego = stand(network, contacts, tie, willing, favour.astype(np.int64), rule)
    targets = np.array(list(world.targets), np.int64)
    return search(network, ego, targets, np.array(list(world.targets.values())), most)


def every_path(world: Small, rule: Rule) -> list[tuple[tuple[float, ...], tuple[int, ...]]]:
    """Look at every path of up to three steps, and order them as the page says that they are ordered."""
    ways: list[tuple[int, ...]] = [(t,) for t in world.targets]
    others = [p for p in range(world.people) if p not in world.targets]
    ways += [(x, t) for x in others for t in world.targets]
    ways += [(x, y, t) for x in others for y in others if x != y for t in world.targets]
    keyed = []
    for people in ways:
        if people[0] not in world.ties:
            continue
        tie, willing, favour = world.ties[people[0]]
        links = [tie, *(world.link(*pair) for pair in pairwise(people))]
        links[-1] *= world.targets[people[-1]]
        if min(links) <= 0:
            continue
        product = 1.0
        for link in links:
            product *= link
        chain = min(links) if rule is Rule.WEAKEST else product
        warmth = PENALTIES[len(links) - 1] * (willing if len(links) > 1 else 1.0) * chain
        hundredths = int(bucket(np.array(warmth)))
        keyed.append(((-hundredths, len(links), favour, -warmth, -product), people))
    return sorted(keyed)


def by_looking(world: Small, rule: Rule, most: int) -> list[tuple[tuple[float, ...], tuple[int, ...]]]:
    every = every_path(world, rule)
    chosen: list[tuple[tuple[float, ...], tuple[int, ...]]] = []
    asked: set[int] = set()
    hands: set[int] = set()
    for used in (hands, asked):
        for key, people in every:
            if len(chosen) < most and people[0] not in asked and used.isdisjoint(people[1:-1]):
                asked.add(people[0])
                hands.update((people[0], *people[:-1]))
                chosen.append((key, people))
    met = {person for _, people in chosen for person in people}
    for key, people in every:
        detour = len(people) == 3 and world.link(people[0], people[2]) * world.targets[people[2]] > 0
        new = not met.issuperset(people) and asked.isdisjoint(people[1:-1])
        if new and len(people) > 1 and not detour and len(chosen) < most and people[0] in asked:
            met.update(people)
            chosen.append((key, people))
    return sorted(chosen)


@settings(max_examples=400, deadline=None)
@given(worlds(), st.sampled_from(Rule), st.integers(1, 6))
def test_the_search_finds_what_looking_at_every_path_finds(world: Small, rule: Rule, most: int) -> None:
    paths = found(world, rule, most)
    expected = by_looking(world, rule, most)
    assert [path.people for path in paths] == [people for _, people in expected]
    assert [path.warmth for path in paths] == pytest.approx([-key[3] for key, _ in expected], abs=1e-12)


def world(links: dict[str, float], ties: dict[str, float], *targets: str) -> tuple[Small, str]:
    names = "".join(sorted({*"".join(links), *ties, *targets}))
    number = {name: place for place, name in enumerate(names)}
    numbered = {(min(number[a], number[b]), max(number[a], number[b])): s for (a, b), s in links.items()}
    held = {number[name]: (tie, 1.0, 1) for name, tie in ties.items()}
    return Small(len(names), numbered, held, {number[name]: 1.0 for name in targets}), names


def told(setting: tuple[Small, str], most: int = 3) -> list[str]:
    small, names = setting
    return ["".join(names[person] for person in path.people) for path in found(small, Rule.WEAKEST, most)]


def test_a_short_strong_path_comes_before_a_long_one() -> None:
    assert told(world({"ab": 0.8, "bt": 0.8, "ct": 0.6}, {"a": 0.9, "c": 0.7}, "t")) == ["ct", "abt"]


def test_one_weak_link_makes_the_whole_path_weak() -> None:
    assert told(world({"at": 0.1, "ct": 0.5}, {"a": 1.0, "c": 0.5}, "t")) == ["ct", "at"]


def test_alternatives_begin_with_other_people() -> None:
    links = {"ab": 0.9, "bt": 0.9, "ac": 0.9, "ct": 0.9, "de": 0.2, "et": 0.2}
    assert told(world(links, {"a": 0.9, "d": 0.9}, "t"), 2) == ["abt", "det"]


def test_nobody_whom_you_are_told_to_ask_is_asked_through_a_third() -> None:
    assert told(world({"ab": 0.9, "at": 0.9}, {"a": 0.9, "b": 0.9}, "t")) == ["at"]


def test_two_first_steps_that_meet_in_one_person_come_after_what_is_apart() -> None:
    links = {"am": 0.9, "bm": 0.9, "mt": 0.9, "cn": 0.3, "nt": 0.3}
    small = world(links, {"a": 0.9, "b": 0.8, "c": 0.9}, "t")
    assert told(small, 2) == ["amt", "cnt"]
    assert told(small, 3) == ["amt", "bmt", "cnt"]


def test_where_nobody_else_leads_there_the_same_first_step_is_offered_again() -> None:
    assert told(world({"ab": 0.9, "bt": 0.9, "ac": 0.5, "ct": 0.9}, {"a": 0.9}, "t")) == ["abt", "act"]


def test_who_knows_the_target_is_not_asked_to_go_through_a_third() -> None:
    assert told(world({"at": 0.6, "ab": 0.9, "bt": 0.9}, {"a": 0.9}, "t")) == ["at"]


def test_family_and_friends_come_first_where_paths_are_equal() -> None:
    small, _ = world({"at": 0.6, "bt": 0.6}, {"a": 0.7, "b": 0.7}, "t")
    friend = small._replace(ties={0: (0.7, 1.0, 2), 1: (0.7, 1.0, 0)})
    assert [path.people[0] for path in found(friend, Rule.WEAKEST, 2)] == [1, 0]


def test_who_left_is_asked_after_who_is_there() -> None:
    small, _ = world({"as": 0.6, "bt": 0.6}, {"a": 0.7, "b": 0.7}, "s", "t")
    left = small._replace(targets={2: 0.5, 3: 1.0})
    assert [path.people for path in found(left, Rule.WEAKEST, 2)] == [(1, 3), (0, 2)]


def test_no_path_is_no_path() -> None:
    assert told(world({"ab": 0.5}, {"a": 0.5}, "t")) == []


def test_four_steps_are_too_many() -> None:
    assert told(world({"ab": 1.0, "bc": 1.0, "ct": 1.0}, {"a": 1.0}, "t")) == []


def test_who_answers_lately_and_was_not_asked_lately_is_the_most_willing() -> None:
    will = willingness(np.array([1.0, 0.1, 1.0, 1.0]), np.array([3.0, 3.0, 900.0, 3.0]), np.array([0, 0, 0, 2]))
    assert will[0] == max(will)
    assert will[3] == min(will)
    assert all((will > 0) & (will <= 1))
