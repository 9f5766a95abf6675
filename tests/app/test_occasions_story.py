"""Occasions beyond letters: a journey, a meeting today, the step of a goal, a day that matters to somebody."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days

from amity.app import closeness, encounters, entries, facts, goals, intake, journeys, plan
from amity.errors import AmityError


@pytest.fixture
def known(tmp_path: Path) -> World:
    """Make three friends, met and written with for a year until shortly before the day."""
    made = World(tmp_path / "world")
    lines = []
    for place, name in enumerate(("Ana", "Bo", "Cleo")):
        lines += [f"{day} mail {name} > me" for day in days(f"2024-01-0{3 + place}", 18, 20)]
        lines += [f"{day} mail me > {name}" for day in days(f"2024-01-0{2 + place}", 18, 20)]
        lines += [f"{day} meeting me > {name}" for day in days(f"2024-01-0{4 + place}", 4, 90)]
    made.tell("\n".join(lines))
    return made.on("2025-02-01")


def brought_up(world: World, trigger: str, day: str) -> list[str]:
    """Return who comes up for an occasion on a day that has time for everybody."""
    made = plan.today(world.on(day).desk, 600, 20)
    return [one.person.name for one in made.suggestions if one.trigger == trigger]


def test_a_journey_brings_up_who_lives_there_until_it_is_over(known: World) -> None:
    facts.tell(known.desk, "Ana", "place", "Torstraße 1, Berlin")
    told = journeys.add(known.desk, "in Berlin next week: whom do I know there?")
    assert [one.person.name for one in told.people] == ["Ana"]
    assert told.people[0].known == "you noted “Torstraße 1, Berlin”"
    assert (told.first.isoformat(), told.last.isoformat()) == ("2025-02-03", "2025-02-09")
    assert journeys.add(known.desk, "Berlin next week") == told  # said twice is one
    assert brought_up(known, "place", "2025-02-01") == ["Ana"]
    assert brought_up(known, "place", "2025-02-09") == ["Ana"]
    assert brought_up(known, "place", "2025-02-10") == []
    assert journeys.list_(known.desk) == ()


def test_a_journey_far_ahead_waits_and_one_that_is_off_is_gone(known: World) -> None:
    facts.tell(known.desk, "Bo", "place", "Lisbon")
    told = journeys.add(known.desk, "Lisbon", "2025-04-01", "2025-04-03")
    assert brought_up(known, "place", "2025-02-01") == []
    assert brought_up(known, "place", "2025-03-20") == ["Bo"]
    journeys.drop(known.desk, told.id)
    assert brought_up(known, "place", "2025-03-20") == []
    known.undo()
    assert brought_up(known, "place", "2025-03-21") == ["Bo"]
    with pytest.raises(AmityError, match="no journey"):
        journeys.drop(known.desk, "j999")


def test_an_event_ahead_with_its_place_is_a_journey_and_a_letter_tells_a_place(known: World) -> None:
    known.tell("2025-01-20 mail Cleo > me: Letter from Paris")
    encounters.open_(known.desk, "Salon", "2025-02-10", "Paris")
    (line,) = journeys.list_(known.desk)
    assert [(one.person.name, one.known) for one in line.people] == [("Cleo", "their last letter: “Letter from Paris”")]


def test_who_fell_out_with_you_is_not_brought_up_by_a_journey(known: World) -> None:
    facts.tell(known.desk, "Ana", "place", "Berlin")
    closeness.tell(known.desk, "Ana", state="ruptured")
    assert journeys.add(known.desk, "in Berlin next week").people == ()


@pytest.mark.parametrize("sentence", ["", "7"])
def test_a_journey_without_a_place_is_told(known: World, sentence: str) -> None:
    with pytest.raises(AmityError, match="no place"):
        journeys.add(known.desk, sentence)


def test_whom_the_calendar_has_you_meet_today_is_prepared_for_but_not_what_you_noted(
    known: World, tmp_path: Path
) -> None:
    calendar = tmp_path / "calendar.ics"
    calendar.write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:budget-meeting@x.example\r\nDTSTART:20250203T150000Z\r\n"
        "DTEND:20250203T160000Z\r\nSUMMARY:Budget\r\nORGANIZER:mailto:me@home.example\r\n"
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    intake.import_(known.on("2025-02-03").desk, [calendar], me=known.me)
    (made,) = [one for one in plan.today(known.desk, 600, 20).suggestions if one.trigger == "prepare"]
    assert made.act == "Prepare to see Ana: 15:00, Budget"
    assert brought_up(known, "prepare", "2025-02-04") == []
    known.on("2025-02-05").log("coffee with Bo today")
    assert brought_up(known, "prepare", "2025-02-05") == []


def test_the_next_step_of_a_goal_is_brought_up_in_its_time_and_no_ask_before_a_gift(known: World) -> None:
    goal = goals.add(known.desk, "Book", "2025-06-01")
    goals.aim(known.desk, goal.id, ["Bo"])
    (step,) = goals.list_(known.desk, goal.id)[0].steps
    assert (step.stage, step.by.isoformat()) == ("asked", "2025-05-18")
    assert brought_up(known, "goal", "2025-05-08") == []
    entries.note(known.on("2025-02-02").desk, "gift", ["Bo"], "a map of the coast")
    assert brought_up(known, "goal", "2025-05-01") == []
    (made,) = [one for one in plan.today(known.on("2025-05-08").desk, 600, 20).suggestions if one.trigger == "goal"]
    assert made.act == "Tell Bo about it, and ask, with a way out"
    assert made.why_now[0] == "The next step toward “Book”, counted back from its day"
    goals.amend(known.desk, goal.id, state="dropped")
    assert brought_up(known, "goal", "2025-05-08") == []


def test_a_day_that_matters_to_somebody_is_thought_of_in_its_week(known: World) -> None:
    facts.tell(known.desk, "Cleo", "date", "1990-02-06", label="wedding day")
    assert brought_up(known, "date", "2025-02-01") == ["Cleo"]
    assert brought_up(known, "date", "2025-02-07") == []
    assert brought_up(known, "date", "2025-01-29") == []
