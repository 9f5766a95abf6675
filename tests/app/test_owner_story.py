"""Who the owner is: said, found out, changed, and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import ME, World, days

from amity.app import intake, people
from amity.errors import AmityError, Code


@pytest.fixture
def stranger(tmp_path: Path) -> World:
    """Make a world whose owner nobody has named."""
    return World(tmp_path / "unknown", me=())


def _exchange(others: str, count: int = 12, owner: str = "me") -> str:
    names = others.split()
    return "\n".join(
        f"{day} mail {owner} > {names[number % len(names)]}"
        if number % 2
        else f"{day} mail {names[number % len(names)]} > {owner}"
        for number, day in enumerate(days("2025-01-01", 1, count))
    )


def test_the_owner_is_found_out_from_the_archive_with_the_reason(stranger: World) -> None:
    report = stranger.tell(_exchange("Ana Bo Chris Dora Ed"))
    assert report
    assert (report.me.handles, report.me.inferred) == ((ME,), True)
    assert "12 of 12" in report.me.because[0]
    assert "me" not in stranger.people()
    assert stranger.ties() == {"Ana", "Bo", "Chris", "Dora", "Ed"}


def test_a_second_address_of_the_same_name_is_found(stranger: World) -> None:
    first = _exchange("Ana Bo Chris Dora Ed", 12, "Mia Own <mia@home.example>")
    second = _exchange("Flo Gus Hal Ina Jo", 8, "Mia Own <mia.own@work.example>")
    report = stranger.tell(f"{first}\n{second}")
    assert report
    assert set(report.me.handles) == {"mia@home.example", "mia.own@work.example"}


def test_a_mailing_lists_archive_infers_nobody(stranger: World) -> None:
    names = ("Ana", "Bo", "Chris", "Dora", "Ed", "Flo")
    lines = [
        f"{day} mail[list] {names[number % 6]} > talk@lists.example"
        for number, day in enumerate(days("2025-01-01", 1, 24))
    ]
    report = stranger.tell("\n".join(lines))
    assert report
    assert report.me.handles == ()
    assert stranger.ties() == set()


def test_two_contacts_are_too_few_to_infer_from(stranger: World) -> None:
    report = stranger.tell("2025-01-01 mail me > Ana\n2025-01-02 mail Ana > me")
    assert report
    assert not report.me.inferred


def test_what_was_found_out_can_be_taken_back_and_is_not_found_again_by_itself(stranger: World) -> None:
    stranger.tell(_exchange("Ana Bo Chris Dora Ed"))
    assert [change.kind for change in stranger.undo()] == ["me"]
    assert people.me(stranger.desk).handles == ()
    assert ME in " ".join(" ".join(one.handles) for one in people.find(stranger.desk).people)
    stranger.redo()
    assert people.me(stranger.desk).handles == (ME,)


def test_saying_who_one_is_changes_every_direction(world: World) -> None:
    """
    2025-01-05 mail other@home.example > Ana
    2025-01-06 mail Ana > other@home.example
    2025-01-07 mail Bo > me
    today 2025-02-01
    """
    assert world.ties() == {"Bo"}
    before = world.picture()
    line = people.set_me(world.desk, add=["other@home.example"], key="mine")
    assert line.handles == (ME, "other@home.example")
    assert (world.tie("Ana").sent, world.tie("Ana").received) == (1, 1)
    people.set_me(world.desk, remove=[ME])
    assert world.ties() == {"Ana"}
    world.undo(2)
    assert world.picture() == before
    people.set_me(world.desk, add=["other@home.example"], key="mine")
    assert world.picture() == before, "a repeated key does not do it again"


def test_an_address_may_be_said_before_any_archive_names_it(world: World) -> None:
    """today 2025-02-01"""
    people.set_me(world.desk, add=["late@home.example"])
    assert world.ties() == set()
    world.tell("2025-01-05 mail late@home.example > Ana")
    assert world.tie("Ana").sent == 1
    assert world.people() == {"Ana"}


def test_saying_nothing_of_oneself_is_wrong_usage(world: World) -> None:
    """today 2025-02-01"""
    with pytest.raises(AmityError) as refusal:
        people.set_me(world.desk)
    assert refusal.value.code is Code.USAGE


def test_the_owners_own_card_joins_nobody_to_the_owner_but_what_it_names(world: World) -> None:
    """
    card Mia Own <me@home.example> <mia@work.example>
    2025-01-05 mail mia@work.example > Ana
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    assert world.people() == {"Ana"}
    world.tell("2025-01-07 mail Ana > mia@work.example")
    assert world.people() == {"Ana"}


def test_an_import_that_is_told_who_one_is_takes_that_back_with_itself(tmp_path: Path) -> None:
    world = World(tmp_path / "told")
    world.tell("2025-01-05 mail me > Ana")
    world.undo()
    assert people.me(world.desk).handles == ()
    assert world.people() == set()


def test_who_one_is_is_not_inferred_over_what_was_said(world: World) -> None:
    """today 2025-02-01"""
    files = world.files(_exchange("Ana Bo Chris Dora Ed", owner="boss@firm.example"))
    report = intake.import_(world.desk, files, me=["assistant@firm.example"])
    assert not report.me.inferred
    assert report.me.handles == ("assistant@firm.example",)
