"""Rules by which events repeat: RFC 5545 §3.3.10, spread out within bounds that no rule can escape.

dateutil's rrule is the measure that the tests hold this against. It is not used here since it cannot be stopped:
a rule that never comes true (30 February, sought by the second) runs on to the year 9999 inside of one step.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import product

from msgspec import Struct

from amity.language import noted

YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY, SECONDLY = range(7)
_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[+-]?\d{1,9}")
_TIMES_A_DAY = 1440
_LAST_YEAR = 9999
_DAY = timedelta(days=1)


class Rule(Struct, frozen=True):
    """A rule as written; empty tuples where a part is not given. Weekdays are (which one or 0, Monday = 0)."""

    frequency: int
    interval: int = 1
    count: int | None = None
    until: str = ""  # date or time as written; whoever knows the event's zone compares it
    week_start: int = 0
    months: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


class Purse:
    """The steps that may still be taken; one for all events of a file, so that many bad rules cost no more than one."""

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> bool:
        """Take steps out, and tell whether there were any left."""
        self.left -= steps
        return self.left > 0


def _numbers(text: str, least: int, most: int) -> tuple[int, ...]:
    """Read a list of numbers. Raises ValueError where one is out of bounds; where least is negative, so is 0."""
    found = set()
    for part in text.split(","):
        if not _NUMBER.fullmatch(part):
            raise ValueError(noted('"{text}" is no number', text=part[:40]))
        number = int(part)
        if not least <= number <= most or (least < 0 and number == 0):
            raise ValueError(noted("{number} is out of bounds", number=number))
        found.add(number)
    return tuple(sorted(found))


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = {}
    for part in text.split(","):
        match = _WEEKDAY.fullmatch(part)
        if match is None or match[1] in ("0", "00", "+0", "-0"):
            raise ValueError(noted('"{text}" is no weekday', text=part[:40]))
        found[int(match[1] or 0), _WEEKDAYS.index(match[2])] = True
    return tuple(found)


_PARTS = {
    "BYMONTH": ("months", 1, 12),
    "BYWEEKNO": ("weeks", -53, 53),
    "BYYEARDAY": ("year_days", -366, 366),
    "BYMONTHDAY": ("month_days", -31, 31),
    "BYHOUR": ("hours", 0, 23),
    "BYMINUTE": ("minutes", 0, 59),
    "BYSECOND": ("seconds", 0, 60),
    "BYSETPOS": ("positions", -366, 366),
}


def parse(text: str) -> Rule:
    """Read a rule such as "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=10". Raises ValueError where it says what cannot be."""
    found: dict[str, tuple[int, ...]] = {}
    frequency = None
    interval, count, until, start = 1, None, "", 0
    weekdays: tuple[tuple[int, int], ...] = ()
    for part in "".join(text.upper().split()).strip(";").split(";"):
        name, _, value = part.partition("=")
        value = value.strip(",")
        if name == "FREQ":
            if value not in _FREQUENCIES:
                raise ValueError(noted('"{text}" is no frequency', text=value[:40]))
            frequency = _FREQUENCIES.index(value)
        elif not value:
            continue
        elif name in _PARTS:
            field, least, most = _PARTS[name]
            found[field] = _numbers(value, least, most)
        elif name == "BYDAY":
            weekdays = _weekdays(value)
        elif name == "INTERVAL":
            interval = max(1, _numbers(value, 0, 999_999_999)[0])
        elif name == "COUNT":
            count = int(value) if value.isdecimal() and len(value) < 10 else None
            count = count or None  # "COUNT=0" and "COUNT=-1" are some programs' way to say that it has none
        elif name == "UNTIL":
            until = value
        elif name == "WKST":
            start = _weekdays(value)[0][1]
    if frequency is None:
        raise ValueError(noted("it has no FREQ"))
    given = found.get
    return Rule(
        frequency=frequency,
        interval=interval,
        count=count,
        until=until,
        week_start=start,
        months=given("months", ()),
        weeks=given("weeks", ()),
        year_days=given("year_days", ()),
        month_days=given("month_days", ()),
        weekdays=weekdays,
        hours=given("hours", ()),
        minutes=given("minutes", ()),
        seconds=given("seconds", ()),
        positions=given("positions", ()),
    )


class _Days:
    """Tell which days a rule allows."""

    def __init__(self, rule: Rule, start: datetime) -> None:
        self.rule = rule
        by_day = bool(rule.weeks or rule.year_days or rule.month_days or rule.weekdays)
        self.months = frozenset(rule.months)
        self.month_days = frozenset(rule.month_days)
        self.plain = frozenset(day for which, day in rule.weekdays if not which or rule.frequency > MONTHLY)
        self.which = frozenset((which, day) for which, day in rule.weekdays if which and rule.frequency <= MONTHLY)
        if not by_day:
            if rule.frequency == YEARLY:
                self.months = self.months or frozenset((start.month,))
                self.month_days = frozenset((start.day,))
            elif rule.frequency == MONTHLY:
                self.month_days = frozenset((start.day,))
            elif rule.frequency == WEEKLY:
                self.plain = frozenset((start.weekday(),))
        # Of "the second Monday": of the month, or of the year where no month is named.
        self.within_year = rule.frequency == YEARLY and not rule.months
        self.year_days = frozenset(rule.year_days)
        self.weeks = frozenset(rule.weeks)

    def allow(self, day: date) -> bool:
        """Tell whether a day passes every part of the rule that speaks of days."""
        if self.months and day.month not in self.months:
            return False
        if self.plain or self.which:
            weekday = day.weekday()
            if weekday not in self.plain and not (self.which and self._is_that_one(day, weekday)):
                return False
        if self.month_days and day.day not in self.month_days:
            length = monthrange(day.year, day.month)[1]
            if day.day - length - 1 not in self.month_days:
                return False
        if self.year_days:
            number, length = day.timetuple().tm_yday, 365 + _is_leap(day.year)
            if number not in self.year_days and number - length - 1 not in self.year_days:
                return False
        return not self.weeks or self._in_week(day)

    def _is_that_one(self, day: date, weekday: int) -> bool:
        if self.within_year:
            number, length = day.timetuple().tm_yday, 365 + _is_leap(day.year)
        else:
            number, length = day.day, monthrange(day.year, day.month)[1]
        return ((number - 1) // 7 + 1, weekday) in self.which or (
            -((length - number) // 7 + 1),
            weekday,
        ) in self.which

    def _in_week(self, day: date) -> bool:
        for year in (day.year - 1, day.year, day.year + 1):
            number = (day.toordinal() - _first_week(year, self.rule.week_start)) // 7 + 1
            length = (_first_week(year + 1, self.rule.week_start) - _first_week(year, self.rule.week_start)) // 7
            if 1 <= number <= length:
                return number in self.weeks or number - length - 1 in self.weeks
        return False


def _is_leap(year: int) -> int:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _first_week(year: int, start: int) -> int:
    """Return the ordinal on which a year's first week begins: the first with four days in that year."""
    before = year - 1
    first = before * 365 + before // 4 - before // 100 + before // 400 + 1
    into = (first - 1 - start) % 7  # ordinal 1 was a Monday
    return first - into if into <= 3 else first - into + 7


def _spans(rule: Rule, start: datetime, days: _Days) -> Iterator[list[date]]:
    """Yield the days of each year, month, week or day that the rule looks at, in order of time and without end."""
    first = start.date()
    if rule.frequency == YEARLY:
        for year in range(first.year, _LAST_YEAR + 1, rule.interval):
            months = sorted(days.months) or range(1, 13)
            yield [date(year, month, day) for month in months for day in range(1, monthrange(year, month)[1] + 1)]
    elif rule.frequency == MONTHLY:
        for number in range(first.year * 12 + first.month - 1, (_LAST_YEAR + 1) * 12, rule.interval):
            year, month = number // 12, number % 12 + 1
            skip = days.months and month not in days.months
            yield [] if skip else [date(year, month, day) for day in range(1, monthrange(year, month)[1] + 1)]
    else:
        length = 7 if rule.frequency == WEEKLY else 1
        begin = first.toordinal() - ((first.weekday() - rule.week_start) % 7 if length == 7 else 0)
        for ordinal in range(begin, date.max.toordinal() - 7, length * rule.interval):
            yield [date.fromordinal(max(1, ordinal + index)) for index in range(length)]


def _times(rule: Rule, start: datetime) -> list[tuple[int, int, int]]:
    hours, minutes, seconds = rule.hours or (start.hour,), rule.minutes or (start.minute,), rule.seconds
    if len(hours) * len(minutes) * max(1, len(seconds)) > _TIMES_A_DAY:
        raise ValueError(noted("it comes round more than once a minute"))
    return sorted({(h, m, min(s, 59)) for h, m, s in product(hours, minutes, seconds or (start.second,))})


def _by_days(rule: Rule, start: datetime, last: datetime, purse: Purse) -> Iterator[datetime]:
    days = _Days(rule, start)
    times = _times(rule, start)
    for span in _spans(rule, start, days):
        if not purse.spend(len(span) + 1) or (span and span[0] > last.date()):
            return
        found = [day for day in span if days.allow(day)]
        if rule.positions:
            size = len(found) * len(times)
            chosen = {place - 1 if place > 0 else size + place for place in rule.positions}
            for index in sorted(chosen):
                if 0 <= index < size:
                    day = found[index // len(times)]
                    yield datetime(day.year, day.month, day.day, *times[index % len(times)])
        else:
            for day in found:
                for time in times:
                    yield datetime(day.year, day.month, day.day, *time)
        if not purse.spend(len(found) * len(times)):
            return


def _by_clock(rule: Rule, start: datetime, last: datetime, purse: Purse) -> Iterator[datetime]:
    """Yield what repeats by the hour or quicker; days that the rule does not allow are passed over at one step."""
    days = _Days(rule, start)
    minutes = rule.minutes or (start.minute,)
    seconds = rule.seconds or (start.second,)
    if rule.frequency == HOURLY:
        step, at = 3600, start.replace(minute=0, second=0)
        within = sorted((m, min(s, 59)) for m, s in product(minutes, seconds))
    elif rule.frequency == MINUTELY:
        step, at = 60, start.replace(second=0)
        within = sorted((-1, min(s, 59)) for s in seconds)
    else:
        step, at = 1, start
        within = [(-1, -1)]
    step *= rule.interval
    hours, of_minutes, of_seconds = frozenset(rule.hours), frozenset(rule.minutes), frozenset(rule.seconds)
    while at <= last and purse.spend(3 + len(within)):
        jump = step
        if not days.allow(at.date()):
            jump = _to(datetime(at.year, at.month, at.day) + _DAY - at, step)
        elif hours and at.hour not in hours:
            jump = _to(at.replace(minute=0, second=0) + timedelta(hours=1) - at, step)
        elif rule.frequency > HOURLY and of_minutes and at.minute not in of_minutes:
            jump = _to(at.replace(second=0) + timedelta(minutes=1) - at, step)
        elif rule.frequency < SECONDLY or not of_seconds or at.second in of_seconds:
            for minute, second in within:
                yield at.replace(minute=at.minute if minute < 0 else minute, second=at.second if second < 0 else second)
        try:
            at += timedelta(seconds=jump)
        except OverflowError:
            return


def _to(gap: timedelta, step: int) -> int:
    """Return the least number of whole steps, in seconds, that covers a gap."""
    return -(-int(gap.total_seconds()) // step) * step


def spread(rule: Rule, start: datetime, last: datetime, purse: Purse) -> Iterator[datetime]:
    """Yield the times at which a rule comes true, from start to last, by the clock on the wall; UNTIL is not looked at.

    Stops as well when the purse is empty. Raises ValueError where the rule comes round more than once a minute.
    """
    left = rule.count
    found = (_by_days if rule.frequency < HOURLY else _by_clock)(rule, start, last, purse)
    before = None
    for at in found:
        if at < start or at == before:
            continue
        if at > last or (left is not None and left <= 0):
            return
        if left is not None:
            left -= 1
        before = at
        yield at
