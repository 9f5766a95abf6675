"""Goals: who matters, how ready it is, what to give by when, and whom to tell quietly."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from world import World, days

from amity.app import encounters, entries, facts, goals, upkeep, who
from amity.app.goals import GoalLine, TargetLine
from amity.errors import AmityError
from amity.settings import Settings


def friends(*names: str) -> str:
    lines = [f"{day} mail {name} > me" for name in names for day in days("2024-02-03", 20, 17)]
    return "\n".join([*lines, *(f"{day} mail me > {name}" for name in names for day in days("2024-02-05", 20, 17))])


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    made.tell(friends("Ana", "Bo"))
    made.tell("2025-01-10 letter Ana > Cleo: The mill\n2022-03-01 mail me > Dee\n2022-03-02 mail Dee > me")
    made.on("2025-02-01")
    goals.add(made.desk, "Book launch", "2025-12-01", "ten years of work", ["readers", "introductions"])
    goals.aim(made.desk, "Book launch", ["Ana", "Cleo", "Dee", "Zoe Far"])
    return made


def launch(world: World) -> GoalLine:
    (line,) = goals.list_(world.desk, "book launch")
    return line


def target(world: World, name: str) -> TargetLine:
    return next(one for one in launch(world).targets if one.person.name == name)


def test_who_would_answer_who_after_giving_and_who_is_missing(world: World) -> None:
    line = launch(world)
    assert {one.person.name: (one.stage, one.would_answer) for one in line.targets} == {
        "Ana": ("trusts", "today"),
        "Dee": ("in_touch", "after_giving"),
        "Cleo": ("unknown", "missing"),
        "Zoe Far": ("unknown", "missing"),
    }
    assert (line.today, line.after_giving, line.missing) == (1, 1, 2)
    assert [one.name for one in line.short_list] == ["Ana"]
    assert not line.too_late
    assert line.verdict.startswith("There is time to build, by giving")


def test_the_way_to_a_stranger_is_named_and_the_plan_begins_there(world: World) -> None:
    cleo = target(world, "Cleo")
    assert cleo.way == "Ana"
    assert cleo.next == "Ask Ana to introduce you to Cleo"
    assert target(world, "Zoe Far").next == "Find a way to Zoe Far, or go where they are"
    steps = [step for step in launch(world).steps if step.person.name == "Cleo"]
    assert [step.stage for step in steps] == ["aware", "in_touch", "has_received", "trusts", "asked"]
    assert [step.by.isoformat() for step in steps][-2:] == ["2025-11-17", "2025-11-17"]


def test_what_is_given_counts_and_an_ask_before_it_is_not_in_its_time(world: World) -> None:
    assert not target(world, "Ana").pace.may_ask
    entries.note(world.desk, "gift", ["Dee"], "the map of the coast")
    dee = target(world, "Dee")
    assert (dee.stage, dee.given) == ("has_received", ("2025-02-01: the map of the coast",))
    assert dee.pace.may_ask


def test_what_waits_comes_first(world: World) -> None:
    entries.note(world.desk, "promise", ["Ana"], "the draft")
    ana = target(world, "Ana")
    assert ana.would_answer == "after_giving"
    assert any("you promised Ana: the draft" in reason.figure for reason in ana.because)
    whisper = next(one for one in launch(world).whispers if one.person.name == "Ana")
    assert whisper.first == "you promised Ana: the draft"


def test_their_agenda_stands_in_the_step(world: World) -> None:
    facts.tell(world.desk, "Dee", "need", "a printer for small runs")
    facts.tell(world.desk, "Dee", "worry", "her health", private=True)
    dee = target(world, "Dee")
    assert dee.agenda == ("need, a printer for small runs",)
    assert dee.next == "Give Dee something that helps them: need, a printer for small runs"


def test_a_second_message_waits_for_the_first(world: World) -> None:
    world.tell("2025-01-31 mail me > Dee: Hello again\ntoday 2025-02-01")
    pace = goals.pacing(world.desk, "Dee")
    assert not pace.may_write
    assert pace.until is not None
    assert pace.until.isoformat() == "2025-02-14"
    world.settings = replace(Settings(), reply_days=1)
    assert goals.pacing(world.desk, "Dee").may_write


def test_too_late_is_told_plainly(world: World) -> None:
    line = launch(world.on("2025-10-20"))
    assert line.too_late
    assert line.verdict.startswith("Too late to build for this; here is whom you can ask in good conscience")
    assert {one.name for one in line.too_late_for} >= {"Cleo", "Zoe Far"}
    assert not {step.person.name for step in line.steps} & {"Cleo", "Zoe Far"}


def test_a_lead_time_of_your_own_stands(world: World) -> None:
    assert goals.amend(world.desk, "Book launch", lead_days=400).too_late


def test_it_is_whispered_to_friends_alone(world: World) -> None:
    assert {one.person.name for one in launch(world).whispers} == {"Ana", "Bo"}


def test_your_word_on_a_stage_stands_until_you_take_it_back(world: World) -> None:
    goals.tell(world.desk, "Book launch", "Zoe Far", stage="aware")
    assert target(world, "Zoe Far").stage == "aware"
    goals.tell(world.desk, "Book launch", "Zoe Far", stage="auto")
    assert target(world, "Zoe Far").stage == "unknown"
    goals.tell(world.desk, "Book launch", "Zoe Far", gone=True)
    assert "Zoe Far" not in {one.person.name for one in launch(world).targets}


def test_a_target_is_followed_through_names(world: World) -> None:
    encounters.open_(world.desk, "Fair", "2025-02-01")
    encounters.add(world.desk, "Fair", ["Zoe Far"])
    zoe = target(world, "Zoe Far")
    assert (zoe.stage, zoe.person.id) == ("in_touch", world.show("Zoe Far").id)
    world.tell("2025-01-20 mail Zoe F <zf@far.example> > me")
    who.merge(world.desk, ["zf@far.example", zoe.person.id])
    assert len([one for one in launch(world).targets if one.person.name in ("Zoe Far", "Zoe F")]) == 1


def test_who_has_died_is_nobodys_target(world: World) -> None:
    facts.tell(world.desk, "Ana", "died", "2025-01-31")
    ana = target(world, "Ana")
    assert (ana.would_answer, ana.next) == ("missing", "")
    assert "Ana" not in {one.person.name for one in launch(world).whispers}


def test_what_was_done_can_be_undone(world: World) -> None:
    goals.amend(world.desk, "Book launch", state="reached", outcome="two hundred came")
    assert launch(world).verdict == "This goal is reached. two hundred came"
    upkeep.undo(world.desk)
    assert launch(world).state == "open"


def test_before_it_was_set_there_is_no_goal(world: World) -> None:
    assert goals.list_(world.on("2025-01-31").desk) == ()


def test_friends_are_counted_over_the_years(world: World) -> None:
    world.settings = replace(Settings(), true_friends=100)
    told = goals.friends(world.desk)
    assert told.today == launch(world).true_friends
    assert told.aim == 100
    assert "of 100 that you wish for" in told.words


def test_needs_that_nobody_would_meet_are_named(world: World) -> None:
    goals.tell(world.desk, "Book launch", "Ana", needs=["readers"])
    assert launch(world).unmet == ("introductions",)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda desk: goals.add(desk, "", "2025-12-01"), "has a name"),
        (lambda desk: goals.add(desk, "Fair", "soon"), "no day"),
        (lambda desk: goals.aim(desk, "Nothing", ["Ana"]), "no goal"),
        (lambda desk: goals.aim(desk, "Book launch", [" "]), "Nobody"),
        (lambda desk: goals.tell(desk, "Book launch", "Bo", stage="aware"), "no target"),
        (lambda desk: goals.tell(desk, "Book launch", "Ana", stage="friend"), "no stage"),
        (lambda desk: goals.amend(desk, "Book launch"), "Nothing"),
        (lambda desk: goals.amend(desk, "Book launch", state="won"), "No goal is"),
    ],
)
def test_what_is_told_wrongly_is_refused(world: World, call: object, hint: str) -> None:
    with pytest.raises(AmityError, match=hint):
        call(world.desk)  # type: ignore[operator]
