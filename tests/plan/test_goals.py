"""Goals: stages, readiness, the plan back from the date, and the whisper list."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amity.plan.goals import (
    ASK_BEFORE,
    LEAD_DAYS,
    MOST_TARGETS,
    Listener,
    Target,
    is_true_friend,
    readiness,
    stage,
    standing,
    whispers,
)

TODAY = date(2026, 11, 1)
DAY = timedelta(1)
STRANGER = Target("p1", "Ana")
FRIEND = Target(
    "p2", "Bo", (), 70.0, 0.8, "critical", "steady", 40, 38, 9, 60, 10.0, TODAY - 5 * DAY, given=(TODAY - 90 * DAY,)
)
KNOWN = Target("p3", "Cy", (), 20.0, 0.5, "many", "steady", 3, 3, 0, 5, 60.0, TODAY - 20 * DAY)
QUIET = replace(KNOWN, person="p4", name="Dee", last_in=TODAY - 400 * DAY)


def test_stages_follow_what_passed() -> None:
    assert stage(STRANGER)[0] == "unknown"
    assert stage(replace(STRANGER, sent=1))[0] == "aware"
    assert stage(KNOWN)[0] == "in_touch"
    assert stage(replace(KNOWN, given=(TODAY,)))[0] == "has_received"
    assert stage(FRIEND)[0] == "trusts"
    assert stage(replace(FRIEND, asked=(TODAY,)))[0] == "asked"
    assert stage(replace(STRANGER, said="trusts"))[0] == "trusts"


def test_who_would_answer_and_who_after_some_giving() -> None:
    assert standing(FRIEND, TODAY).would_answer == "today"
    assert standing(KNOWN, TODAY).would_answer == "today"
    assert standing(QUIET, TODAY).would_answer == "after_giving"
    assert standing(STRANGER, TODAY).would_answer == "missing"
    assert standing(replace(FRIEND, owed=("you promised Bo: the book",)), TODAY).would_answer == "after_giving"
    assert standing(replace(FRIEND, holds=True), TODAY).would_answer == "after_giving"
    assert standing(replace(KNOWN, reciprocity=0.05), TODAY).would_answer == "after_giving"
    assert standing(replace(FRIEND, gone="died 2026-01-02"), TODAY).would_answer == "missing"


def test_the_plan_goes_back_from_the_date_by_giving() -> None:
    on = TODAY + timedelta(LEAD_DAYS + 100)
    found = readiness(on, ["readers"], [replace(STRANGER, way="Bo")], TODAY)
    assert [step.stage for step in found.steps] == ["aware", "in_touch", "has_received", "trusts", "asked"]
    assert found.steps[0].words == "Ask Bo to introduce you to Ana"
    assert "ask nothing" in found.steps[1].words
    assert found.steps[-1].by == on - timedelta(ASK_BEFORE)
    assert not any(step.late for step in found.steps)
    assert found.missing == ("readers",)


def test_a_goal_too_near_is_told_plainly() -> None:
    found = readiness(TODAY + 30 * DAY, [], [STRANGER, FRIEND], TODAY)
    assert found.verdict.startswith("Too late to build for this; here is whom you can ask in good conscience")
    assert found.too_late == ("p1",)
    assert found.short_list == ("p2",)
    assert {step.person for step in found.steps} == {"p2"}
    assert readiness(TODAY - DAY, [], [FRIEND], TODAY).verdict.startswith("The day has passed")


def test_more_than_thirty_targets_are_too_many_and_fewer_than_five_near_too_few() -> None:
    crowd = [replace(STRANGER, person=f"p{n}", name=f"N{n}") for n in range(MOST_TARGETS + 1)]
    warnings = readiness(TODAY + 400 * DAY, [], crowd, TODAY).warnings
    assert any("31 targets are more than one can care for" in one for one in warnings)
    assert any("a phone call away" in one for one in warnings)
    near = [replace(FRIEND, person=f"p{n}", name=f"N{n}") for n in range(12)]
    found = readiness(TODAY + 400 * DAY, [], near, TODAY)
    assert found.warnings == ()
    assert len(found.short_list) == 10


def test_an_ask_before_anything_was_given_is_named() -> None:
    found = readiness(TODAY + 400 * DAY, [], [replace(KNOWN, asked=(TODAY,))], TODAY)
    assert any("Asked before anything was given" in one for one in found.warnings)


HEARER = Listener("p1", "Ana", 65.0, 0.8, "close", "steady", 20, 18, 4, 30)


def test_it_is_whispered_to_ties_that_are_strong_and_mutual() -> None:
    told = whispers(
        [
            HEARER,
            replace(HEARER, person="p2", name="Bo", shared=("theatre",), given=1, got=1),
            replace(HEARER, person="p3", name="Cy", momentum="dormant"),
            replace(HEARER, person="p4", name="Dee", segment="many", reciprocity=0.05),
            replace(HEARER, person="p5", name="Eve", received=0, met=0),
            replace(HEARER, person="p6", name="Finn", gone="died 2020"),
            replace(HEARER, person="p7", name="Gil", owed=("you promised Gil: the map",)),
        ]
    )
    assert [one.name for one in told] == ["Bo", "Ana", "Gil"]
    assert told[-1].first == "you promised Gil: the map"
    assert any("theatre" in reason.figure for reason in told[0].because)


def test_a_true_friend_is_a_strong_tie_both_ways_that_is_awake() -> None:
    assert is_true_friend(HEARER)
    assert not is_true_friend(replace(HEARER, strength=59.0))
    assert not is_true_friend(replace(HEARER, received=0, met=0))
    assert not is_true_friend(replace(HEARER, momentum="dormant"))


@given(
    st.lists(
        st.builds(
            Target,
            st.integers(1, 99).map(lambda n: f"p{n}"),
            st.just("Ana"),
            strength=st.floats(0, 100),
            reciprocity=st.floats(0, 1),
            sent=st.integers(0, 9),
            received=st.integers(0, 9),
            met=st.integers(0, 9),
            last_in=st.none() | st.integers(0, 900).map(lambda n: TODAY - n * DAY),
        ),
        max_size=40,
        unique_by=lambda one: one.person,
    ),
    st.integers(-10, 500),
)
def test_every_target_is_told_of_once_and_nobody_late_is_planned_for(targets: list[Target], left: int) -> None:
    found = readiness(TODAY + left * DAY, [], targets, TODAY)
    assert {one.target.person for one in found.standings} == {one.person for one in targets}
    assert not {step.person for step in found.steps} & set(found.too_late)
    assert {step.person for step in found.steps} | set(found.too_late) == {one.person for one in targets}
    assert 0 <= found.share <= 1
    assert all(step.by <= TODAY + left * DAY for step in found.steps)
    assert all(one.because for one in found.standings)
