"""Who is who, by its rules alone: what joins, what parts, and what order may not change."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.people.resolve import CardLinks, Group, resolve

NAMES = ("", "Ana Miller", "Ana Smith", "Bo Stone", "Bo Miller", "A.")
numbers = st.integers(1, 12)
handle_sets = st.lists(numbers, max_size=4, unique=True).map(tuple)
decks = st.lists(st.tuples(handle_sets, st.sampled_from(NAMES)), max_size=6).map(
    lambda found: [CardLinks(100 + number, handles, name) for number, (handles, name) in enumerate(found)]
)


def _sets(groups: Iterable[Group]) -> set[frozenset[int]]:
    return {frozenset(group.handles) for group in groups}


@given(decks, st.sets(numbers), st.sets(numbers, max_size=3), st.lists(st.tuples(numbers, numbers), max_size=3))
def test_groups_partition_the_handles(
    cards: list[CardLinks], seen: set[int], owner: set[int], same: list[tuple[int, int]]
) -> None:
    groups = list(resolve(cards, seen, {}, owner=owner, same=same))
    everything = [handle for group in groups for handle in group.handles]
    wanted = seen | owner | {card.own for card in cards} | {handle for card in cards for handle in card.handles}
    assert sorted(everything) == sorted(wanted)
    assert all(group.handles == tuple(sorted(group.handles)) for group in groups)
    assert [group.handles[0] for group in groups] == sorted(group.handles[0] for group in groups)
    assert any(owner <= set(group.handles) for group in groups) or not owner


@given(decks, st.sets(numbers), st.randoms(use_true_random=False))
def test_the_order_of_cards_does_not_matter_where_names_agree(
    cards: list[CardLinks], seen: set[int], rng: object
) -> None:
    agreed = [card._replace(name="Ana Miller") for card in cards]
    shuffled = list(agreed)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert _sets(resolve(shuffled, seen, {})) == _sets(resolve(agreed, seen, {}))


@given(decks, st.sets(numbers), st.dictionaries(numbers, st.integers(1, 5)))
def test_a_person_is_given_to_one_group_only_and_the_lowest_stands(
    cards: list[CardLinks], seen: set[int], anchors: dict[int, int]
) -> None:
    groups = list(resolve(cards, seen, anchors))
    given = [group.person for group in groups if group.person is not None]
    assert len(given) == len(set(given))
    for group in groups:
        theirs = {anchors[handle] for handle in group.handles if handle in anchors}
        assert group.person is None or group.person in theirs
        if group.person is not None:
            assert all(person >= group.person or person in given for person in theirs)
        else:
            assert theirs <= set(given)


@given(decks, st.sets(numbers))
def test_a_further_card_joins_and_never_parts_where_names_agree(cards: list[CardLinks], seen: set[int]) -> None:
    agreed = [card._replace(name="") for card in cards]
    before = _sets(resolve(agreed[:-1], seen, {}))
    after = _sets(resolve(agreed, seen, {}))
    assert all(any(group <= larger for larger in after) for group in before)


def test_one_address_on_cards_of_a_family_belongs_to_the_first_of_them() -> None:
    ana, bo = CardLinks(101, (1, 9), "Ana Miller"), CardLinks(102, (2, 9), "Bo Miller")
    assert _sets(resolve([ana, bo], (), {})) == {frozenset({1, 9, 101}), frozenset({2, 102})}
    assert _sets(resolve([bo, ana], (), {})) == {frozenset({2, 9, 102}), frozenset({1, 101})}


def test_a_card_without_a_name_never_bridges_two_people() -> None:
    cards = [
        CardLinks(100, (9,), ""),
        CardLinks(101, (1, 9), "Ana Miller"),
        CardLinks(102, (2, 9), "Bo Stone"),
        CardLinks(103, (9,), "B."),
    ]
    for order in permutations(cards):
        groups = _sets(resolve(order, (), {}))
        assert not any({1, 2} <= group for group in groups)


def test_the_owners_word_joins_what_names_would_part() -> None:
    cards = [CardLinks(101, (1,), "Ana Miller"), CardLinks(102, (2,), "Bo Stone")]
    assert _sets(resolve(cards, (), {}, same=[(1, 2)])) == {frozenset({1, 2, 101, 102})}


@pytest.mark.parametrize("anchors", [{1: 4, 2: 7}, {1: 7, 2: 4}])
def test_the_lowest_id_stands_for_those_who_prove_to_be_one(anchors: dict[int, int]) -> None:
    (group,) = resolve([CardLinks(101, (1, 2), "Ana")], (), anchors)
    assert group.person == 4
