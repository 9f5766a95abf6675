"""A setting that the owner says outranks the file, holds from then on, and is taken back like anything else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from world import World

from amity.app import plan, settings, upkeep
from amity.errors import AmityError
from amity.language import speaking
from amity.settings import TABLE, Settings


def test_what_is_set_holds_until_it_is_taken_back(world: World) -> None:
    settings.set_(world.desk, "minutes", "45")
    assert settings.applied(world.desk).settings.minutes == 45
    assert plan.today(settings.applied(world.desk)).minutes == 45
    settings.set_(world.desk, "minutes", " 10 ")
    assert settings.applied(world.desk).settings.minutes == 10
    upkeep.undo(world.desk)
    assert settings.applied(world.desk).settings.minutes == 45
    settings.reset(world.desk, "minutes")
    assert settings.applied(world.desk).settings.minutes == Settings().minutes
    upkeep.undo(world.desk)
    assert settings.applied(world.desk).settings.minutes == 45


def test_the_file_holds_where_nothing_is_said(world: World) -> None:
    desk = replace(world.desk, settings=Settings(minutes=20, region="AT"))
    settings.set_(desk, "minutes", "50")
    applied = settings.applied(desk).settings
    assert (applied.minutes, applied.region) == (50, "AT")
    lines = {line.name: line for line in settings.list_(desk)}
    assert lines["minutes"].said
    assert not lines["region"].said
    assert (lines["region"].value, lines["region"].default) == ("AT", "")


def test_every_setting_is_listed_with_its_meaning(world: World) -> None:
    assert [(line.name, line.meaning) for line in settings.list_(world.desk)] == [(o.name, o.meaning) for o in TABLE]


@pytest.mark.parametrize("value", ["0", "601", "-5", "many", "", "4.5", "9" * 30, "٣٠"])
def test_what_does_not_fit_is_refused_and_changes_nothing(world: World, value: str) -> None:
    if value == "٣٠":  # digits of another script are a number all the same
        assert settings.set_(world.desk, "minutes", value).value == 30
        return
    with pytest.raises(AmityError, match="minutes must be"):
        settings.set_(world.desk, "minutes", value)
    assert not upkeep.history(world.desk)


def test_there_is_no_other_setting(world: World) -> None:
    with pytest.raises(AmityError, match="no setting"):
        settings.set_(world.desk, "colour", "green")
    with pytest.raises(AmityError, match="no setting"):
        settings.reset(world.desk, "colour")


def test_a_request_that_comes_twice_is_done_once(world: World) -> None:
    for _ in range(2):
        settings.set_(world.desk, "minutes", "45", key="once")
    assert len(upkeep.history(world.desk)) == 1


def test_the_history_is_told_in_the_language_of_the_day(world: World) -> None:
    with speaking("de"):
        settings.set_(world.desk, "minutes", "45")
        upkeep.undo(world.desk)
        german = [change.summary for change in upkeep.history(world.desk)]
    english = [change.summary for change in upkeep.history(world.desk)]
    assert english[0] == "Took back: Set minutes to 45: minutes a day that you want to give to people"
    assert german[0] == "Zurückgenommen: minutes gesetzt auf 45: Minuten am Tag, die du Menschen geben willst"
