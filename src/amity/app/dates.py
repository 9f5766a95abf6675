"""Dates: the days that matter to people beside their birthdays, a reason to think of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from amity.app.brief import next_time
from amity.app.desk import Desk
from amity.app.fields import told_of_all
from amity.language import day, say
from amity.plan.today import BIRTHDAY_DAYS, Waiting
from amity.plan.words import DATE


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield whose day of the year is within a week, for today's plan. The derived tables must be fresh."""
    week = timedelta(BIRTHDAY_DAYS)
    for person, told in told_of_all(desk.database, desk.today.isoformat()).items():
        for fact in told.facts.values():
            on = next_time(fact.value, desk.today) if fact.field == "date" and not fact.private else None
            if on is not None and on - desk.today <= week:
                since = on - min(week, on - date.min)
                what = fact.label or say("a day that matters to them")
                yield f"p{person}", Waiting(DATE, since, what, "", on, say("on {day}", day=day(on)))
