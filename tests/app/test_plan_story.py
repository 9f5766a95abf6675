"""The plan, told as stories: quiet days, answers to it, what it learns, and a year of half-followed advice."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace
from world import World, days

from amity.app import closeness, entries, facts, journeys, plan, week
from amity.errors import AmityError
from amity.plan.today import MINUTES, UNASKED
from amity.store import decisions

GIFTS = {"idea", "introduction", "help", "fun"}
NAMES = ("Ana", "Bo", "Cleo", "Dan", "Eva", "Finn", "Gil", "Hedi")


@pytest.fixture
def known(tmp_path: Path) -> World:
    """Make eight friends, met and written with for a year until autumn, and the first of February after."""
    made = World(tmp_path / "world")
    lines = []
    for place, name in enumerate(NAMES):
        lines += [f"{day} mail {name} > me" for day in days("2024-01-03", 20, 12 + place)]
        lines += [f"{day} mail me > {name}" for day in days("2024-01-05", 20, 12 + place)]
        lines += [f"{day} meeting me > {name}" for day in days("2024-01-06", 4, 60)]
    made.tell("\n".join(lines))
    return made.on("2025-02-01")


def ids(today: plan.Today) -> set[str]:
    return {one.person.id for one in today.suggestions}


def test_a_quiet_day_asks_for_nothing_and_the_week_leaves_it_free(known: World) -> None:
    assert known.today().suggestions
    known.settings = replace(known.settings, quiet_days="sat 02-04")
    assert (known.today().suggestions, known.today().quiet) == ((), True)
    free = [day.on.isoformat() for day in week.ahead(known.desk).days if not day.offers]
    assert {"2025-02-01", "2025-02-04"} <= set(free)
    assert not known.on("2025-02-02").today().quiet


def test_a_quiet_day_that_cannot_be_read_is_told(known: World) -> None:
    known.settings = replace(known.settings, quiet_days="whenever")
    with pytest.raises(AmityError, match="quiet_days"):
        known.today()


def test_a_holiday_of_your_country_is_quiet_and_one_of_theirs_leaves_them_in_peace(known: World) -> None:
    for name in NAMES[:4]:
        facts.tell(known.desk, name, "place", "1 Main Street, Albany, United States")
    assert {one.person.name for one in plan.today(known.desk, 600, 20).suggestions} & set(NAMES[:4])
    known.settings = replace(known.settings, holidays="AT; US 02-01")
    there = {one.person.name for one in plan.today(known.desk, 600, 20).suggestions}
    assert there
    assert not there & set(NAMES[:4])
    assert "2025-02-01" not in {day.on.isoformat() for day in week.ahead(known.desk).days if not day.offers}
    known.settings = replace(known.settings, holidays="US 02-01; AT")
    assert known.today().quiet
    known.settings = replace(known.settings, holidays="Austria")
    with pytest.raises(AmityError, match="holidays"):
        known.today()


def test_what_was_done_today_counts_toward_the_minutes_of_the_week_too(known: World) -> None:
    first = known.today().suggestions[0]
    plan.answer(known.desk, first.id, "done")
    today = week.ahead(known.desk).days[0]
    assert sum(one.minutes for one in today.offers) <= known.settings.minutes - MINUTES[first.trigger]


def test_not_this_person_is_a_year_of_peace_and_not_this_kind_is_for_everybody(known: World) -> None:
    first = known.today().suggestions[0]
    plan.answer(known.desk, first.id, "not_person")
    assert first.person.id not in ids(known.today())
    assert first.person.id not in ids(known.on("2026-01-20").today())
    known.on("2025-02-01")
    kind = known.today().suggestions[0]
    plan.answer(known.desk, kind.id, "not_kind")
    assert kind.trigger not in {one.trigger for one in known.today().suggestions}
    known.undo()
    assert kind.trigger in {one.trigger for one in known.today().suggestions}


def test_the_ways_of_giving_take_turns_by_what_somebody_was_given(known: World) -> None:
    def offered(day: str) -> dict[str, str]:
        made = plan.today(known.on(day).desk, 600, 20).suggestions
        return {one.person.name: one.kind for one in made if one.trigger in UNASKED}

    for name in NAMES:
        facts.tell(known.desk, name, "field", f"{name}'s trade")
    who, kind = next((name, kind) for name, kind in offered("2025-02-01").items() if kind in GIFTS)
    entries.note(known.desk, "gift", [who], "what they had already", sort=kind)
    assert offered("2025-02-01")[who] != kind
    made = next(one for one in known.today().suggestions if one.kind in GIFTS)
    plan.answer(known.desk, made.id, "done")
    (said,) = decisions.standing(known.database, ("answer",))
    assert said.body["gave"] == made.kind


def test_whoever_does_little_is_shown_little_and_told_so(known: World) -> None:
    before = known.today()
    assert before.fewer == 0
    for ahead in range(1, 40):
        known.on((date(2025, 2, 1) + timedelta(ahead)).isoformat()).today()
    known.on("2025-03-13")
    learnt = known.today()
    assert learnt.fewer == 2
    assert len(learnt.suggestions) <= 2
    assert plan.today(known.desk, limit=5).fewer == 0


def test_the_hold_out_holds_back_what_nothing_asks_for_and_logs_it(known: World) -> None:
    assert "Nothing is held back" in plan.hold_out(known.desk).words
    known.settings = replace(known.settings, hold_out=50)
    for ahead in range(12):
        known.on((date(2025, 2, 1) + timedelta(ahead)).isoformat()).today()
    log = decisions.nudges(known.database, "", "2025-03-01")
    held = [(day, person) for day, person, prompt in log if prompt.startswith("held:")]
    assert held
    assert not set(held) & {(day, person) for day, person, prompt in log if prompt in UNASKED}
    told = plan.hold_out(known.on("2025-03-01").desk)
    assert told.since == date.fromisoformat(min(held)[0])
    assert "tells from" in told.words
    assert plan.hold_out(known.on("2025-10-01").desk).words


def test_a_year_in_which_half_of_the_advice_is_followed(tmp_path: Path) -> None:
    """No nag twice in a week, no ask before a gift, and every one of the critical few met twice or more."""
    made = World(tmp_path / "world")
    lines = []
    for place, name in enumerate(NAMES):
        lines += [f"{day} mail {name} > me" for day in days("2023-01-03", 30, 18 + place)]
        lines += [f"{day} mail me > {name}" for day in days("2023-01-05", 30, 18 + place)]
        lines += [f"{day} meeting me > {name}" for day in days("2023-01-06", 6, 120)]
    made.tell("\n".join(lines))
    random = Random(5)
    few = NAMES[:3]
    start = date(2025, 2, 1)
    made.on(start.isoformat())
    for name in few:
        closeness.tell(made.desk, name, ring="inner")
    met: dict[str, int] = dict.fromkeys(few, 0)
    offered: dict[str, list[date]] = {}
    heard: dict[str, date] = {}
    told: list[str] = []
    for passed in range(0, 365, 3):
        day = start + timedelta(passed)
        made.on(day.isoformat())
        for one in made.today().suggestions:
            new = heard.get(one.person.name, start) if one.trigger == "reply" else start  # a new letter is no nag
            lately = [on for on in offered.get(one.person.id, ()) if (day - on).days < 7 and on >= new]
            assert len(set(lately)) < 2, (day, one.id, lately)
            offered.setdefault(one.person.id, []).append(day)
            assert "?" not in one.opener or one.trigger == "match"
            assert "ask" not in one.kind or one.kind == "ask_update"
            if random.random() < 0.5:
                plan.answer(made.desk, one.id, "done")
                name = one.person.name
                if one.trigger == "see" or one.kind == "meet":
                    told.append(f"{day} meeting me > {name}")
                    met[name] = met.get(name, 0) + 1
                else:
                    told += [f"{day} mail me > {name}", f"{day + timedelta(2)} mail {name} > me"]
                    heard[name] = day + timedelta(2)
        if passed % 15 == 0 and told:
            made.tell("\n".join(told))
            told = []
    assert all(met[name] >= 2 for name in few), met


@pytest.mark.parametrize("verdict", ["done", "snooze", "not_this", "not_kind", "not_person"])
def test_what_a_day_offers_is_kept_and_an_answer_is_heard_all_the_same(known: World, verdict: str) -> None:
    first, *_ = known.today().suggestions
    plan.answer(known.desk, first.id, verdict)
    kept = known.today()
    known.database.execute("DELETE FROM derived_survey")
    known.database.execute("DELETE FROM derived_state WHERE name = 'planned'")
    assert known.today() == kept
    assert first.id not in {one.id for one in kept.suggestions}
    known.undo()
    assert known.today().suggestions[0] == first


def test_what_a_day_offers_is_looked_through_anew_where_something_came_in(known: World) -> None:
    known.today()
    known.tell("2025-01-31 mail Hedi > me: The boat")
    (made,) = [one for one in plan.today(known.desk, 600, 20).suggestions if one.person.name == "Hedi"]
    assert made.trigger == "reply"


def test_the_digest_holds_the_day_the_week_the_journeys_and_whom_to_see_soon(known: World) -> None:
    facts.tell(known.desk, "Ana", "place", "Graz")
    journeys.add(known.desk, "in Graz next week")
    closeness.tell(known.desk, "Bo", pin="critical")
    made = week.digest(known.desk)
    assert made.today == known.today()
    assert made.week.days[0].on == known.day
    assert [one.person.name for one in made.journeys[0].people] == ["Ana"]
    later = {one.week for one in week.year(known.desk).seeings} - {one.week for one in made.seeings}
    assert all(one > known.day + timedelta(28) for one in later)


def test_a_suggestion_opens_a_mail_to_the_address_used_last(known: World) -> None:
    first = next(one for one in known.today().suggestions if one.opener)
    address = f"{first.person.name.lower()}@x.example"
    assert first.write.startswith(f"mailto:{address}?body=Dear%20{first.person.name}")
    known.tell(f"card {first.person.name} <{address}> <new@y.example>")
    known.tell(f"2025-01-28 mail {first.person.name} <new@y.example> > me: Hello")
    (again,) = [one for one in plan.today(known.desk, 600, 20).suggestions if one.person.name == first.person.name]
    assert again.write.startswith("mailto:new@y.example?")


def test_a_day_of_many_errands_has_a_word_without_an_agenda_all_the_same(known: World) -> None:
    for place, name in enumerate(NAMES[:6]):
        entries.note(known.on("2025-01-31").desk, "promise", [name], f"the {place}. map of the coast")
    plan.answer(known.desk, f"{known.show('Ana').id}.see", "not_kind")  # to meet somebody would be one
    day = known.on("2025-02-01").today().suggestions
    assert sum(one.trigger == "promise" for one in day) >= 1
    assert any(one.trigger in UNASKED for one in day)
    assert sum(one.minutes for one in day) <= known.settings.minutes
