"""People are found by what is noted of them, filters are kept, and one word is said of many and taken back at once."""

from __future__ import annotations

import pytest
from world import World

from amity.app import closeness, facts, people, selection, upkeep
from amity.errors import AmityError

LIFE = """
card Ana <ana@x.example> born 1990-04-12
2025-01-05 mail Ana > me: The house
2025-01-06 mail me > Ana: The house
2025-01-07 mail me > Bo
2025-01-08 mail me > Chris
today 2025-02-01
"""


@pytest.fixture
def life(world: World) -> World:
    world.tell(LIFE)
    return world


def names(life: World, query: str = "", **narrowed: str) -> list[str]:
    return sorted(one.name for one in people.find(life.desk, query, **narrowed).people)


def test_a_word_of_a_note_or_a_field_finds_its_person(life: World) -> None:
    facts.tell(life.desk, "Ana", "note", "Sings alto in the Bach choir")
    facts.tell(life.desk, "Bo", "taste", "Bach")
    assert names(life, "bach") == ["Ana", "Bo"]
    assert names(life, "bach alto") == ["Ana"]
    assert names(life, "ana") == ["Ana"]
    assert names(life, "opera") == []


def test_what_is_private_is_found_by_the_owner_alone(life: World) -> None:
    facts.tell(life.desk, "Ana", "worry", "the diagnosis", private=True)
    assert names(life, "diagnosis") == ["Ana"]
    assert people.find(life.desk, "diagnosis", private=False).total == 0


def test_a_note_that_was_taken_out_finds_nobody(life: World) -> None:
    line = facts.tell(life.desk, "Ana", "note", "zither")
    facts.amend(life.desk, "Ana", line.id, gone=True)
    assert names(life, "zither") == []


def test_a_list_is_narrowed_by_role_and_pin(life: World) -> None:
    closeness.tell(life.desk, "Ana", roles=["mentor"], pin="critical")
    closeness.tell(life.desk, "Bo", roles=["mentor"])
    assert names(life, role="mentor") == ["Ana", "Bo"]
    assert names(life, role="mentor", pin="critical") == ["Ana"]
    assert names(life, role="client") == []
    found = people.find(life.desk).people
    for segment in {one.segment for one in found}:
        assert names(life, segment=segment) == sorted(one.name for one in found if one.segment == segment)


def test_one_word_is_said_of_many_and_one_undo_takes_it_back(life: World) -> None:
    said = selection.tell(life.desk, ["Ana", "Bo"], pin="critical", key="k")
    assert said == "2 people: critical few"
    assert selection.tell(life.desk, ["Ana", "Bo"], pin="critical", key="k") == said
    assert names(life, pin="critical") == ["Ana", "Bo"]
    selection.tell(life.desk, ["Bo", "Chris"], role="friend")
    assert names(life, role="friend") == ["Bo", "Chris"]
    assert names(life, pin="critical") == ["Ana", "Bo"], "a role takes no pin away"
    upkeep.undo(life.desk, 2)
    assert names(life, pin="critical") == names(life, role="friend") == []


def test_many_are_left_out_of_what_is_worked_out(life: World) -> None:
    selection.tell(life.desk, ["Ana", "Bo"], analysed=False)
    assert not people.show(life.desk, "Ana").analysed
    assert not people.show(life.desk, "Bo").analysed
    assert people.show(life.desk, "Chris").analysed
    selection.tell(life.desk, ["Bo"], analysed=True)
    assert people.show(life.desk, "Bo").analysed
    assert not people.show(life.desk, "Ana").analysed


def test_many_are_set_aside_as_machines_at_once(life: World) -> None:
    selection.tell(life.desk, ["Bo", "Chris"], machine=True)
    assert names(life) == ["Ana"]
    upkeep.undo(life.desk)
    assert names(life) == ["Ana", "Bo", "Chris"]


@pytest.mark.parametrize(
    "said", [{}, {"pin": "critical", "role": "friend"}, {"pin": "nonsense"}, {"role": "king"}, {"analysed": None}]
)
def test_what_is_no_word_is_refused(life: World, said: dict[str, object]) -> None:
    with pytest.raises(AmityError):
        selection.tell(life.desk, ["Ana"], **said)  # type: ignore[arg-type]
    with pytest.raises(AmityError):
        selection.tell(life.desk, [], pin="critical")


def test_a_filter_is_kept_replaced_and_let_go(life: World) -> None:
    selection.keep(life.desk, "Mentors", role="mentor")
    selection.keep(life.desk, "bach", "bach")
    assert [one.name for one in selection.list_(life.desk)] == ["bach", "Mentors"]
    selection.keep(life.desk, "mentors", role="mentor", pin="critical")
    assert [(one.name, one.pin) for one in selection.list_(life.desk)] == [("bach", ""), ("mentors", "critical")]
    selection.drop(life.desk, "BACH")
    assert [one.name for one in selection.list_(life.desk)] == ["mentors"]
    upkeep.undo(life.desk)
    assert [one.name for one in selection.list_(life.desk)] == ["bach", "mentors"]
    for name, asked in (("", {"role": "mentor"}), ("All", {})):
        with pytest.raises(AmityError):
            selection.keep(life.desk, name, **asked)
    with pytest.raises(AmityError):
        selection.drop(life.desk, "nothing")
