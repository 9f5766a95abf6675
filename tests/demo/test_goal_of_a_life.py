"""Schnitzler's goal: "Liebelei" at the Burgtheater on 9 October 1895, as it stood that summer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date

import pytest
from msgspec.structs import replace

from amity.app import encounters, goals, upkeep
from amity.app.desk import Desk
from amity.app.goals import GoalLine
from amity.demo import life
from amity.faces import tour
from amity.store.db import open_vault


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("goal")
    with closing(open_vault(folder, create=True)) as database:
        desk = Desk(database, life.SUMMER, 1)
        tour.take_in(desk)
        yield desk


@pytest.fixture(scope="module")
def liebelei(desk: Desk) -> GoalLine:
    (line,) = goals.list_(desk, "Liebelei at the Burgtheater")
    return line


def test_those_close_to_him_would_answer_today(liebelei: GoalLine) -> None:
    answers = {one.person.name: one.would_answer for one in liebelei.targets}
    assert {name for name, would in answers.items() if would == "today"} == {
        "Max Eugen Burckhard",
        "Adele Sandrock",
        "Hermann Bahr",
        "Theodor Herzl",
    }
    assert {name for name, would in answers.items() if would == "after_giving"} == {
        "Adolf von Sonnenthal",
        "Otto Brahm",
        "Ludwig Speidel",
        "Georg Brandes",
    }


def test_there_was_still_time_and_giving_comes_before_asking(liebelei: GoalLine) -> None:
    assert (liebelei.days_left, liebelei.too_late) == (130, False)
    brandes = [step for step in liebelei.steps if step.person.name == "Georg Brandes"]
    assert [step.stage for step in brandes] == ["has_received", "trusts", "asked"]
    assert brandes[0].words == "Give Georg Brandes something that helps them"
    assert all(life.SUMMER < step.by < date(1895, 10, 9) for step in liebelei.steps)


def test_the_whisper_list_are_the_friends_of_young_vienna(liebelei: GoalLine) -> None:
    told = [one.person.name for one in liebelei.whispers]
    assert {"Richard Beer-Hofmann", "Hugo von Hofmannsthal", "Felix Salten"} <= set(told[:8])
    assert "Georg Brandes" not in told  # admired, and four days of contact away
    assert all(one.because for one in liebelei.whispers)


def test_in_september_it_was_too_late_to_build(desk: Desk) -> None:
    (line,) = goals.list_(replace(desk, today=date(1895, 9, 20)), "Liebelei")
    assert line.too_late
    assert line.verdict.startswith("Too late to build for this; here is whom you can ask in good conscience: ")
    assert "Adele Sandrock" in line.verdict


def test_people_whom_his_diary_first_names_are_encounters(desk: Desk) -> None:
    found = encounters.list_(desk)
    assert {one.year for one in found.years} >= {1890, 1894, 1895}
    year = next(one.funnel for one in found.years if one.year == 1894)
    assert year.met > year.met_again > year.wrote  # most encounters die: R4, in 1894 as today
    assert all(one.on <= life.SUMMER for one in found.proposed)


def test_the_goal_is_set_once_and_stays_taken_back(desk: Desk) -> None:
    there = len(upkeep.history(desk, 100))
    tour.take_in(desk)
    assert len(upkeep.history(desk, 100)) == there
    assert [one.name for one in goals.list_(replace(desk, today=life.TODAY))] == [life.GOAL]
    upkeep.undo(desk, 1 + len(life.TARGETS))
    tour.take_in(desk)
    assert goals.list_(desk) == ()
