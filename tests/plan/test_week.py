"""The week ahead, by its own laws."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from amity.model import Tie
from amity.plan.today import Candidate
from amity.plan.week import plan_week

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
