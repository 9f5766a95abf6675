"""Positions: a change is told, a slip of the hand or a firm's new name is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Position
from amity.people.positions import Sighting, follow, means_the_same, renames, words

YEAR = 31_557_600


def told(*positions: tuple[str, str], source: str = "linkedin") -> list[Sighting]:
    return [Sighting(year * YEAR, Position(firm, title), source) for year, (firm, title) in enumerate(positions)]


def moves(*positions: tuple[str, str]) -> list[tuple[str, str]]:
    return [(move.before.organisation, move.now.organisation) for move in follow(told(*positions))[1]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme GmbH", "ACME"),
        ("Lumen Press S.A.", "lumen press"),
        ("Sr. Software Eng.", "Senior Software Engineer"),
        ("VP Marketing", "Vice President, Marketing"),
        ("CTO", "Chief Technology Officer"),
        ("International Business Machines", "IBM"),
        ("Züricher Kantonalbank", "Zuricher Kantonalbank"),
        ("Software Enginer", "Software Engineer"),
        ("Nordmedia Brno", "Nordmedia Bno"),
    ],
)
def test_one_thing_is_written_in_many_ways(one: str, other: str) -> None:
    assert means_the_same(one, other)
    assert means_the_same(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Engineer", "Senior Engineer"),
        ("Team Lead", "Team Head"),
        ("Nordbank 12", "Nordbank 13"),
        ("Delta Foods", "Delta Labs"),
        ("Manager II", "Manager III"),
    ],
)
def test_another_thing_is_another_thing(one: str, other: str) -> None:
    assert not means_the_same(one, other)


def test_a_new_firm_or_title_is_a_move() -> None:
    assert moves(("Acme", "Engineer"), ("Acme Inc.", "engineer"), ("Bolt", "Engineer")) == [("Acme", "Bolt")]
    assert moves(("Acme", "Engineer"), ("Acme", "Senior Engineer")) == [("Acme", "Acme")]


def test_who_returns_has_moved_again() -> None:
    assert moves(("Acme", "Engineer"), ("Bolt", "Engineer"), ("Acme", "Engineer")) == [
        ("Bolt", "Acme"),
        ("Acme", "Bolt"),
    ]


def test_an_old_card_in_another_source_is_no_return() -> None:
    sightings = [*told(("Acme", "Engineer"), ("Bolt", "Engineer")), Sighting(2 * YEAR, Position("Acme"), "vcard")]
    assert [move.now.organisation for move in follow(sightings)[1]] == ["Bolt"]


def test_a_firm_whose_people_all_stand_under_a_new_name_was_renamed() -> None:
    both = [told(("Acme", "Engineer"), ("Zenit", "Engineer")), told(("Acme", "Editor"), ("Zenit", "Editor"))]
    renamed = renames(both)
    assert renamed == {("acme",): ("zenit",)}
    assert follow(both[0], renamed)[1] == []
    assert len(follow(both[0])[1]) == 1


def test_two_who_leave_together_while_others_stay_renamed_nothing() -> None:
    careers = [
        told(("Acme", "Engineer"), ("Zenit", "Engineer")),
        told(("Acme", "Editor"), ("Zenit", "Editor")),
        told(("Acme", "Partner"), ("Acme", "Partner")),
    ]
    assert renames(careers) == {}


@given(st.text(max_size=40), st.text(max_size=40))
def test_likeness_goes_both_ways(one: str, other: str) -> None:
    assert means_the_same(one, one)
    assert means_the_same(one, other) == means_the_same(other, one)
    assert isinstance(words(one), tuple)


@given(st.lists(st.tuples(st.sampled_from(("A", "B", "C")), st.sampled_from(("x", "y"))), max_size=8))
def test_a_move_leads_from_one_position_to_another(career: list[tuple[str, str]]) -> None:
    held, found = follow(told(*career))
    assert len(found) <= max(0, len(career) - 1)
    assert all(move.before != move.now for move in found)
    assert len({(one.position.organisation, one.position.title) for one in held}) == len(set(career))
