"""The year of the critical few, by its own laws, and against the best year there is."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from amity.plan.year import A_WEEK, APART, LEAST_APART, OFTEN, YEAR, Few, Tended, choose, plan_year, worth
from benchmarks.year import APART as BETWEEN
from benchmarks.year import TIMES, best

TODAY = date(2025, 3, 5)


few = st.lists(
    st.builds(
        Few,
        person=st.uuids().map(str),
        name=st.text(max_size=5),
        personal=st.lists(st.integers(0, YEAR), max_size=OFTEN - 1).map(
            lambda ago: tuple(TODAY - timedelta(days) for days in sorted(ago, reverse=True))
        ),
        birthday=st.sampled_from(["", "--05-01", "1980-12-31", "1980-02-29", "1862", "x"]),
    ),
    max_size=15,
    unique_by=lambda one: one.person,
)


@given(few)
def test_everyone_is_seen_two_or_three_times_a_year_and_never_in_the_past(people: list[Few]) -> None:
    seeings = plan_year(people, TODAY)
    times = Counter(one.person for one in seeings)
    for one in people:
        assert 2 <= times[one.person] <= 3
        weeks = [seeing.week for seeing in seeings if seeing.person == one.person]
        assert all(later - week >= timedelta(7 * LEAST_APART) for week, later in pairwise(weeks))
    assert all(one.week + timedelta(6) >= TODAY for one in seeings)
    assert list(seeings) == sorted(seeings, key=lambda one: one.week)


def test_no_week_is_crowded_where_another_is_free() -> None:
    people = [Few(f"p{number}", f"N{number}", ()) for number in range(6)]
    held = Counter(one.week for one in plan_year(people, TODAY))
    assert max(held.values()) <= A_WEEK


def test_a_birthday_nearby_draws_the_meeting_to_its_week() -> None:
    last = TODAY - timedelta(10)
    due = last + timedelta(APART)
    born = due + timedelta(20)
    first, *_ = plan_year([Few("p1", "Ana", (last,), f"1980-{born:%m-%d}")], TODAY)
    assert first.week <= born < first.week + timedelta(7)
    assert first.why == "the week of their birthday"


def test_who_is_seen_all_the_time_or_where_no_archive_looks_needs_no_plan() -> None:
    often = Few("p1", "Ana", tuple(TODAY - timedelta(20 * n) for n in range(OFTEN, 0, -1)))
    assert plan_year([often, Few("p2", "Bo", (), unseen=True)], TODAY) == ()


def test_no_meeting_falls_into_a_week_that_is_closed() -> None:
    holidays = {TODAY + timedelta(7 - TODAY.weekday() + 7 * week) for week in range(16, 22)}
    people = [Few(f"p{number}", f"N{number}", (TODAY - timedelta(9 * number),)) for number in range(8)]
    seeings = plan_year(people, TODAY, lambda monday: monday in holidays)
    assert len(seeings) == 24
    assert not holidays & {one.week for one in seeings}


def test_four_months_after_the_last_time_where_nothing_else_draws() -> None:
    (first, *_) = seeings = plan_year([Few("p1", "Ana", (TODAY - timedelta(2),))], TODAY)
    assert len(seeings) == 3
    assert first.why == "four months after the last time"
    assert all(abs((later.week - one.week).days - APART) < 14 for one, later in pairwise(seeings))


def test_at_the_end_of_the_calendar_a_year_is_short() -> None:
    assert plan_year([Few("p1", "Ana", ())], date(9999, 12, 30)) == ()


WEEKS = 18


tended = st.builds(
    Tended,
    worth=st.floats(0.5, 1.5),
    silent=st.floats(0, 52),
    born=st.frozensets(st.integers(0, WEEKS - 1), max_size=1),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(tended, min_size=1, max_size=3))
def test_weeks_chosen_together_are_within_two_percent_of_the_best_there_are(people: list[Tended]) -> None:
    chosen = choose(people, WEEKS, times=TIMES, a_week=1, apart=BETWEEN)
    held = Counter(week for weeks in chosen for week in weeks)
    assert max(held.values()) == 1
    assert all(later - week >= BETWEEN for weeks in chosen for week, later in pairwise(weeks))
    found = sum(worth(one, weeks, WEEKS) for one, weeks in zip(people, chosen, strict=True))
    assert found >= 0.98 * best(people, WEEKS)
