"""A nickname that the owner gives a person leads to them: in the list, on their page, and in what the owner tells."""

from __future__ import annotations

import pytest
from world import World

from amity.app import aliases, people
from amity.errors import AmityError, Code
from amity.store import derived


def found(world: World, text: str) -> list[str]:
    return [one.name for one in people.find(world.desk, text).people]


def test_a_person_is_found_under_their_nickname(world: World) -> None:
    """
    2025-01-05 mail Hugo Hof > me
    2025-01-06 mail Bo > me
    """
    assert found(world, "Loris") == []
    said = aliases.call(world.desk, "Hugo Hof", "Loris")
    assert said.summary == "Hugo Hof is called Loris"
    assert found(world, "Loris") == ["Hugo Hof"]
    assert world.show("Loris").id == world.show("Hugo Hof").id
    assert "Loris" in world.show("Hugo Hof").aliases
    assert world.log("coffee with Loris").ids == (world.show("Hugo Hof").id,)


def test_what_named_only_the_nickname_is_theirs_and_goes_back_exactly(world: World) -> None:
    """
    2025-01-05 mail Hugo Hof > me
    2025-01-06 mail Bo > me
    """
    world.log("coffee with Loris on 2025-01-20")
    before = world.roster_and_ties()
    loris = world.show("Loris").id
    aliases.call(world.desk, "Hugo Hof", "Loris")
    assert world.tie("Hugo Hof").met == 1
    assert world.show(loris).name == "Hugo Hof"
    world.undo()
    assert world.roster_and_ties() == before
    world.redo()
    assert world.tie("Hugo Hof").met == 1
    aliases.uncall(world.desk, "Hugo Hof", "loris")
    assert world.roster_and_ties() == before
    assert world.show(loris).name == "Loris"


def test_what_is_told_later_of_the_nickname_is_theirs_too(world: World) -> None:
    """2025-01-05 mail Hugo Hof > me"""
    aliases.call(world.desk, "Hugo Hof", "Loris")
    world.log("coffee with Loris on 2025-01-10")
    assert world.people() == {"Hugo Hof"}
    assert world.tie("Hugo Hof").met == 1
    world.tell("2025-01-11 mail Hugo Hof > me")
    assert world.tie("Hugo Hof").received == 2


def test_a_nickname_that_is_anothers_name_joins_nobody(world: World) -> None:
    """
    2025-01-05 mail Richard Beer > me
    2025-01-06 mail Hugo Hof > me
    2025-01-06 mail Bo > me
    """
    aliases.call(world.desk, "Hugo Hof", "Bo")
    aliases.call(world.desk, "Hugo Hof", "Richard")
    assert world.people() == {"Richard Beer", "Hugo Hof", "Bo"}
    assert world.show("Bo").name == "Bo"


def test_two_people_may_be_called_alike_and_are_then_asked_for(world: World) -> None:
    """
    2025-01-05 mail Hugo Hof > me
    2025-01-06 mail Bo Stone > me
    """
    aliases.call(world.desk, "Hugo Hof", "Dandy")
    world.log("coffee with Dandy on 2025-01-20")
    aliases.call(world.desk, "Bo Stone", "Dandy")
    assert world.people() == {"Hugo Hof", "Bo Stone"}
    assert world.tie("Hugo Hof").met == 1


@pytest.mark.parametrize("nickname", ["", "  ", "hugo@x.example", "+43 1 5550000", "p3", "--"])
def test_only_a_name_is_a_nickname(world: World, nickname: str) -> None:
    """2025-01-05 mail Hugo Hof > me"""
    with pytest.raises(AmityError) as refused:
        aliases.call(world.desk, "Hugo Hof", nickname)
    assert refused.value.code is Code.USAGE


def test_a_nickname_is_given_once_and_only_what_was_given_is_taken_off(world: World) -> None:
    """2025-01-05 mail Hugo Hof > me"""
    first = aliases.call(world.desk, "Hugo Hof", "Loris", "k1")
    assert aliases.call(world.desk, "Hugo Hof", "Loris", "k1") == first
    with pytest.raises(AmityError, match="already"):
        aliases.call(world.desk, "Hugo Hof", "LORIS")
    with pytest.raises(AmityError, match="They are called Loris"):
        aliases.uncall(world.desk, "Hugo Hof", "Dandy")
    off = aliases.uncall(world.desk, "Hugo Hof", "Loris", "k2")
    assert aliases.uncall(world.desk, "Hugo Hof", "Loris", "k2") == off
    assert found(world, "Loris") == []


def test_a_nickname_survives_working_everything_out_anew(world: World) -> None:
    """2025-01-05 mail Hugo Hof > me"""
    world.log("coffee with Loris on 2025-01-20")
    aliases.call(world.desk, "Hugo Hof", "Loris")
    before = world.roster_and_ties()
    with world.database.transaction():
        derived.drop(world.database)
    assert world.roster_and_ties() == before


def test_of_two_who_bear_a_name_the_one_in_touch_is_met(world: World) -> None:
    """
    2024-12-05 mail Ana Lopez > me
    2024-12-06 mail me > Ana Lopez
    2025-01-05 mail Ana Lopez > me
    2025-01-30 mail me > Ana Lopez
    2020-01-06 mail Ana Stone > me
    2020-01-07 mail me > Ana Stone
    """
    assert world.log("coffee with Ana").people == ("Ana Lopez",)


def test_of_two_in_touch_alike_neither_is_guessed(world: World) -> None:
    """
    2025-01-05 mail Ana Lopez > me
    2025-01-06 mail Ana Stone > me
    2025-01-30 mail me > Ana Lopez
    2025-01-30 mail me > Ana Stone
    """
    with pytest.raises(AmityError, match="may be several people"):
        world.log("coffee with Ana")
    assert world.log("coffee with Ana Stone").people == ("Ana Stone",)
