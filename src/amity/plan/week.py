"""The week ahead, day by day, and the year ahead: when the critical few will be seen.

Only personal contact counts toward seeing somebody: a meeting, a call, a real letter, something gone through together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from amity.plan.gain import SHIPPED, Belief
from amity.plan.today import MINUTES, REST_DAYS, Answer, Candidate, Nudge, Suggestion, plan

WEEK = 7
YEAR = 365
TIMES = 3  # a year: the method says two or three
APART = YEAR // TIMES  # days between two meetings
NEAR_BIRTHDAY = 28  # days by which a meeting may move to fall on a birthday's week
SHIFT = 3  # weeks by which one may move so that no week holds too many
A_WEEK = 2
OFTEN = 12  # times in the last year: they see one another anyway
SOON = 7  # days: whoever is overdue is not squeezed into tomorrow


class Day(NamedTuple):
    """What one day of the week offers."""

    on: date
    suggestions: tuple[Suggestion, ...]


def plan_week(
    candidates: Sequence[Candidate],
    answers: Sequence[Answer],
    nudges: Sequence[Nudge],
    *,
    today: date,
    minutes: int,
    limit: int,
    rest_days: int = REST_DAYS,
    silent: Callable[[str, date], bool] = lambda person, on: False,  # noqa: ARG005
    quiet: Callable[[date], bool] = lambda on: False,  # noqa: ARG005
    belief: Belief = SHIPPED,
) -> tuple[Day, ...]:
    """Plan seven days from today on, as if each day's suggestions were done; nobody stands in a week twice.

    `minutes` and `limit` are those of one day; what was done today counts toward both. What comes in during the week is
    not known, so it is an outlook. On a day that is `quiet` nothing is suggested; `silent` is as for a day.
    """
    said = list(answers)
    days = []
    for ahead in range(min(WEEK, (date.max - today).days + 1)):
        on = today + timedelta(ahead)
        if quiet(on):
            days.append(Day(on, ()))
            continue
        done = [one for one in said if one.on == on and one.verdict == "done"] if not ahead else []
        left = max(0, minutes - sum(MINUTES[one.trigger] for one in done))
        made = plan(
            candidates,
            said,
            nudges,
            today=on,
            minutes=left,
            limit=max(0, limit - len(done)),
            rest_days=rest_days,
            silent=_on(silent, on),
            belief=belief,
        )
        days.append(Day(on, made.suggestions))
        said += (Answer(one.person, one.trigger, "done", on, None) for one in made.suggestions)
    return tuple(days)


def _on(silent: Callable[[str, date], bool], day: date) -> Callable[[str], bool]:
    return lambda person: silent(person, day)


@dataclass(frozen=True, slots=True)
class Few:
    """One of the critical few, and the days on which the owner saw them."""

    person: str
    name: str
    personal: tuple[date, ...]  # days of personal contact in the last year, oldest first
    birthday: str = ""  # ISO 8601, possibly without year
    unseen: bool = False  # the owner lives with them or meets them where no archive looks


class Seeing(NamedTuple):
    """One time to see somebody: the Monday of its week, and why then."""

    week: date
    person: str
    name: str
    why: str


def plan_year(few: Iterable[Few], today: date) -> tuple[Seeing, ...]:
    """Spread the times to see each of the critical few over the next 365 days, earliest first.

    Three a year, about four months apart, counted from the last; a time near a birthday moves to its week, and no week
    holds more than two where another within three weeks is free. Whoever is seen once a month, or met where no archive
    looks, needs no plan.
    """
    wanted = sorted(
        ((on, one, why) for one in few if not one.unseen for on, why in _times(one, today)),
        key=lambda row: (row[0], row[1].person),
    )
    held: Counter[date] = Counter()
    taken: set[tuple[str, date]] = set()
    seeings = []
    for on, one, why in wanted:
        birthday = _birthday_near(one.birthday, on, today)
        week = _monday(birthday or on)
        if birthday is None:
            week = _free(week, held, today)
        if (one.person, week) in taken:
            continue
        held[week] += 1
        taken.add((one.person, week))
        seeings.append(Seeing(week, one.person, one.name, "the week of their birthday" if birthday else why))
    return tuple(sorted(seeings, key=lambda seeing: (seeing.week, seeing.name, seeing.person)))


def _times(one: Few, today: date) -> Iterable[tuple[date, str]]:
    seen = [day for day in one.personal if 0 <= (today - day).days <= YEAR]
    if len(seen) >= OFTEN:
        return
    due = (seen[-1] if seen else today - timedelta(YEAR)) + timedelta(APART)
    soon = today + timedelta(SOON)
    if due < soon:
        why = f"last seen on {seen[-1].isoformat()}" if seen else "not seen in the last year"
        due = soon
    else:
        why = "four months after the last time"
    end = today + timedelta(YEAR)
    while due <= end:
        yield due, why
        due += timedelta(APART)
        why = "four months after the time before"


def _birthday_near(birthday: str, on: date, today: date) -> date | None:
    """Return the birthday within four weeks of a day, None where there is none or its day is not known."""
    digits = birthday.partition("T")[0].replace("-", "")
    if len(digits) not in (4, 8) or not digits.isdigit():
        return None
    month, day = int(digits[-4:-2]), int(digits[-2:])
    for year in (on.year - 1, on.year, on.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found > today and abs((found - on).days) <= NEAR_BIRTHDAY:
            return found
    return None


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _free(week: date, held: Counter[date], today: date) -> date:
    """Return the nearest week that is not full, the earlier of two as near; the week itself where all are."""
    near = sorted(range(-SHIFT, SHIFT + 1), key=lambda ahead: (abs(ahead), ahead))
    weeks = [week + timedelta(WEEK * ahead) for ahead in near]
    return next((one for one in weeks if held[one] < A_WEEK and one > today), week)
