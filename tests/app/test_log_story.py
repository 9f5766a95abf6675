"""What the owner tells in a sentence, and what they answer to a suggestion."""

from __future__ import annotations

from datetime import date

import pytest
from world import World, days

from amity.app import people, plan, upkeep
from amity.errors import AmityError, Code


def test_a_logged_coffee_counts_as_a_meeting_and_undo_takes_it_back(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-05 mail Bo > me
    today 2025-02-01
    """
    before = world.picture()
    logged = world.log("coffee with Ana Miller yesterday")
    assert logged.on == date(2025, 1, 31)
    assert logged.ids == (world.show("Ana Miller").id,)
    assert world.tie("Ana Miller").met == 1
    assert world.show("Ana Miller").timeline[0].way == "met"
    world.undo()
    assert world.picture() == before
    world.redo()
    assert world.tie("Ana Miller").met == 1


def test_logging_about_one_after_the_other_makes_no_stranger(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-05 mail Bo > me
    2025-01-05 mail Chris > me
    today 2025-02-01
    """
    for name in ("Ana", "Bo", "Chris", "Bo"):
        world.log(f"coffee with {name} yesterday")
        world.ties()
    assert world.people() == {"Ana", "Bo", "Chris"}
    assert {name: world.tie(name).met for name in world.people()} == {"Ana": 1, "Bo": 2, "Chris": 1}


def test_somebody_unknown_becomes_a_person_and_stays_the_same_one(world: World) -> None:
    """today 2025-02-01"""
    assert world.log("coffee with Zoe yesterday").ids == ("",)
    assert world.people() == {"Zoe"}
    known = world.show("Zoe").id
    assert world.log("called Zoe today").ids == (known,)
    assert (world.tie("Zoe").met, world.tie("Zoe").sent) == (1, 1)


def test_a_name_that_two_bear_is_not_guessed(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-05 mail Ana Stone <ana@y.example> > me
    today 2025-02-01
    """
    history = upkeep.history(world.desk)
    with pytest.raises(AmityError) as refusal:
        world.log("coffee with Ana yesterday")
    assert refusal.value.code is Code.NOT_FOUND
    assert "Ana Miller" in str(refusal.value)
    assert "Ana Stone" in str(refusal.value)
    assert upkeep.history(world.desk) == history, "nothing is kept of what was not understood"


def test_several_people_are_met_at_once(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    world.log("lunch with Ana and Zoe yesterday")
    assert (world.tie("Ana").met, world.tie("Zoe").met) == (1, 1)
    assert world.show("Zoe").timeline[0].others == ("Ana",)


def test_the_same_key_logs_once(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    first = world.log("coffee with Ana yesterday", key="k")
    assert world.log("coffee with Ana yesterday", key="k") == first
    assert world.tie("Ana").met == 1
    world.undo(key="u")
    world.undo(key="u")
    assert world.tie("Ana").met == 0
    assert world.people() == {"Ana"}, "the second undo of one key takes nothing further back"
    world.log("coffee with Ana yesterday", key="k")
    assert world.tie("Ana").met == 0, "what was asked for once and taken back is not done again"


def test_what_is_told_again_on_another_day_is_what_was_told(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    first = world.log("coffee with Ana yesterday", key="k")
    assert world.on("2025-02-02").log("coffee with Ana yesterday", key="k") == first


def test_a_key_that_stands_for_another_change_is_refused(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    world.log("coffee with Ana yesterday", key="k")
    ana = world.show("Ana").id
    for other in (
        lambda: world.log("lunch with Bo yesterday", key="k"),
        lambda: plan.answer(world.desk, f"{ana}.reply", "done", key="k"),
        lambda: people.tell_machine(world.desk, "Ana", True, key="k"),
        lambda: people.set_me(world.desk, ["mia@work.example"], key="k"),
        lambda: upkeep.redo(world.desk, "k"),
    ):
        with pytest.raises(AmityError, match="stands for another change: Meeting with Ana") as refusal:
            other()
        assert refusal.value.code is Code.REFUSED
    assert world.people() == {"Ana"}


def test_who_comes_second_under_one_key_is_told_so(world: World) -> None:
    """today 2025-02-01"""
    with world.database.transaction():
        world.desk.record("k", "import", "Import, not finished", {})
    with pytest.raises(AmityError, match="Another process") as refusal, world.database.transaction():
        world.desk.record("k", "import", "Import, not finished", {})
    assert refusal.value.code is Code.REFUSED


@pytest.mark.parametrize("today", ["0001-01-01", "0001-01-20", "9999-12-01", "9999-12-31"])
def test_a_day_at_the_edge_of_the_calendar_is_a_day_too(world: World, today: str) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    ana = world.show("Ana").id
    edge = world.on(today)
    assert edge.today().date.isoformat() == today
    if today > "2025":
        plan.answer(edge.desk, f"{ana}.dormant", "snooze", days=3650)
        assert edge.today().suggestions == ()


def test_nobody_is_meant_by_nothing(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    for ask in (lambda: world.show("  "), lambda: people.set_me(world.desk, ["", "mia@work.example"])):
        with pytest.raises(AmityError) as refusal:
            ask()
        assert refusal.value.code is Code.USAGE


def test_what_is_logged_of_the_past_is_seen_from_then_on_only(world: World) -> None:
    """
    2025-01-20 mail Ana > me
    today 2025-02-01
    """
    world.log("coffee with Ana on 2025-01-10")
    assert world.on("2025-01-05").people() == set()
    assert world.on("2025-01-15").ties() == {"Ana"}, "by the name that the owner told"
    assert world.tie("Ana").met == 1
    assert world.on("2025-02-01").tie("Ana").received == 1


def test_a_contact_of_somebody_whom_a_card_joined_later_goes_with_them(world: World) -> None:
    """
    2025-01-05 mail ana@x.example > me
    2025-01-06 mail ana@y.example > me
    today 2025-02-01
    """
    world.log("coffee with ana@y.example yesterday")
    world.tell("card Ana <ana@x.example> <ana@y.example>")
    assert (world.tie("Ana").met, world.tie("Ana").received) == (1, 2)
    world.undo()
    assert (world.tie("ana@y.example").met, world.tie("ana@x.example").met) == (1, 0)


@pytest.mark.parametrize("sentence", ["", "   ", "yesterday", "coffee with Ana tomorrow", "x" * 3000])
def test_a_sentence_that_is_not_understood_is_refused_and_keeps_nothing(world: World, sentence: str) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    before = world.tables()
    with pytest.raises(AmityError) as refusal:
        world.log(sentence)
    assert refusal.value.code is Code.USAGE
    assert world.tables() == before


def _kept_up(world: World) -> None:
    lines = []
    for name, step in (("Ana", 9), ("Bo", 13), ("Chris", 21), ("Dora", 34)):
        for day in days("2023-01-01", step, 700 // step):
            lines += [f"{day}T09:00:00Z mail {name} > me", f"{day}T10:00:00Z mail me > {name}"]
    lines += ["2025-01-28 mail Ana > me: dinner?", "2025-01-29 mail Bo > me: the boat"]
    world.tell("\n".join(lines))


def test_answers_to_suggestions_are_remembered(world: World) -> None:
    """today 2025-02-01"""
    _kept_up(world)
    offered = world.today().suggestions
    assert offered
    first = offered[0]
    said = plan.answer(world.desk, first.id, "not_this", key="a")
    assert first.person.name in said
    assert first.id not in {one.id for one in world.today().suggestions}
    assert first.person.name not in {one.person.name for one in world.on("2025-02-03").today().suggestions}
    world.on("2025-02-01").undo()
    assert world.today().suggestions == offered


def test_a_snooze_ends(world: World) -> None:
    """today 2025-02-01"""
    _kept_up(world)
    first = world.today().suggestions[0]
    plan.answer(world.desk, first.id, "snooze", days=2)
    assert first.person.name not in {one.person.name for one in world.on("2025-02-02").today().suggestions}
    assert first.id in {one.id for one in world.on("2025-02-04").today().suggestions}


def test_an_answer_given_later_does_not_change_an_earlier_day(world: World) -> None:
    """today 2025-02-01"""
    _kept_up(world)
    offered = world.today().suggestions
    world.on("2025-02-02").today()
    plan.answer(world.desk, offered[0].id, "not_this")
    assert world.on("2025-02-01").today().suggestions == offered


def test_the_same_key_answers_once(world: World) -> None:
    """today 2025-02-01"""
    _kept_up(world)
    first = world.today().suggestions[0].id
    for _ in range(2):
        plan.answer(world.desk, first, "done", key="k")
    assert [change.kind for change in upkeep.history(world.desk)].count("answer") == 1


@pytest.mark.parametrize(
    ("suggestion", "verdict", "code"),
    [
        ("p1.reply", "perhaps", Code.USAGE),
        ("p1.marry", "done", Code.NOT_FOUND),
        ("p99.reply", "done", Code.NOT_FOUND),
        ("reply", "done", Code.NOT_FOUND),
        ("p.reply", "done", Code.NOT_FOUND),
        ("p" + "9" * 30 + ".reply", "done", Code.NOT_FOUND),
    ],
)
def test_an_answer_to_nothing_is_refused(world: World, suggestion: str, verdict: str, code: Code) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    with pytest.raises(AmityError) as refusal:
        plan.answer(world.desk, suggestion, verdict)
    assert refusal.value.code is code


def test_nobody_is_offered_for_ever_even_under_an_id_that_was_joined(world: World) -> None:
    """
    2025-01-20 mail me > ana@x.example
    2025-01-28 mail ana@y.example > me: dinner?
    today 2025-02-01
    """
    offered = [world.on(f"2025-02-0{day}").today().suggestions for day in range(1, 4)]
    assert [one.person.name for one in offered[0]].count("ana@y.example") == 1
    world.tell("card Ana <ana@x.example> <ana@y.example>")
    assert "Ana" not in {one.person.name for one in world.on("2025-02-04").today().suggestions}


@pytest.mark.parametrize("count", [0, -1, -5])
def test_taking_back_no_change_or_fewer_is_wrong_usage(world: World, count: int) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    with pytest.raises(AmityError) as refusal:
        world.undo(count)
    assert refusal.value.code is Code.USAGE
    assert world.people() == {"Ana"}


def test_there_is_an_end_to_taking_back_and_bringing_back(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    with pytest.raises(AmityError, match="nothing to bring back"):
        world.redo()
    world.undo()
    with pytest.raises(AmityError, match="nothing to take back"):
        world.undo()
    world.redo()
    with pytest.raises(AmityError, match="nothing to bring back"):
        world.redo()
    assert world.people() == {"Ana"}
    assert people.me(world.desk).handles == ("me@home.example",)
