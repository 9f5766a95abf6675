"""The week ahead and the year of the critical few, by their own laws."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from amity.model import Tie
from amity.plan.today import Candidate
from amity.plan.week import A_WEEK, APART, OFTEN, YEAR, Few, plan_week, plan_year

TODAY = date(2025, 3, 5)


def candidate(number: int) -> Candidate:
    """Make somebody close who wrote last, some days ago."""
    heard = TODAY - timedelta(3 + number % 20)
    tie = Tie(f"p{number}", 60, 0.5, "steady", 0.8, 0.5, "close", TODAY - timedelta(900), heard, 20, 20, 2)
    written = heard - timedelta(4)
    return Candidate(f"p{number}", f"N{number}", tie, 9, heard, written, None, "", 1, "you met", "mail", "", (), 40)


def test_nobody_stands_in_a_week_twice_and_no_day_holds_more_than_its_minutes() -> None:
    days = plan_week([candidate(number) for number in range(40)], [], [], today=TODAY, minutes=30, limit=5)
    assert [day.on for day in days] == [TODAY + timedelta(ahead) for ahead in range(7)]
    people = Counter(one.person for day in days for one in day.suggestions)
    assert people
    assert max(people.values()) == 1
    assert all(sum(one.minutes for one in day.suggestions) <= 30 for day in days)
    assert all(len(day.suggestions) <= 5 for day in days)


def test_a_week_at_the_end_of_the_calendar_is_short() -> None:
    assert len(plan_week([], [], [], today=date(9999, 12, 30), minutes=30, limit=5)) == 2


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
        assert all(later - week >= timedelta(APART // 3) for week, later in pairwise(weeks))
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
