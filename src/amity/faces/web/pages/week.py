"""The week and the year ahead: today's meetings, what each day offers, and when the critical few will be seen."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from amity.app import brief, journeys, week
from amity.app.brief import MeetingBrief
from amity.app.desk import Desk
from amity.app.freshness import refresh, remember
from amity.app.journeys import JourneyLine
from amity.app.week import FewLine, SeeingLine, Week


class Month(Struct, frozen=True):
    """One month of the year ahead, with whom to see in it."""

    first: date
    seeings: tuple[SeeingLine, ...]


class WeekContext(Struct, frozen=True):
    """What the page of the week shows."""

    meetings: tuple[MeetingBrief, ...]
    week: Week
    journeys: tuple[JourneyLine, ...]
    few: tuple[FewLine, ...]
    months: tuple[Month, ...]


def context(desk: Desk) -> WeekContext:
    """Gather the week and the year ahead, which is seven days' work, once for each state of the vault."""
    refresh(desk)
    return remember(desk, "week", lambda: _gathered(desk))


def _gathered(desk: Desk) -> WeekContext:
    year = week.year(desk)
    by_month: dict[date, list[SeeingLine]] = {}
    for seeing in year.seeings:
        by_month.setdefault(seeing.week.replace(day=1), []).append(seeing)
    return WeekContext(
        meetings=brief.today(desk),
        week=week.ahead(desk),
        journeys=journeys.list_(desk),
        few=year.few,
        months=tuple(Month(first, tuple(there)) for first, there in by_month.items()),
    )
