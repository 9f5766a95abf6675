"""The year ahead: in which weeks the critical few will be seen.

Only personal contact counts toward seeing somebody: a meeting, a call, a real letter, something gone through together.

Weeks and people are chosen together. What seeing somebody is worth fades from meeting to meeting, by half in four
months, and the plan of greatest worth over the year and the four months after it is looked for: of all free pairs of a
person and a week the one that gains most is taken, and another, until nobody gains; then single meetings are moved,
and pairs of them, while that gains. Planning week by week instead loses where two want the same week.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise, permutations, product
from typing import NamedTuple

from msgspec import Struct

from amity.language import plain_day, say
from amity.plan.words import span

WEEK = 7
YEAR = 365
WEEKS = 52
TIMES = 3  # a year: the method says two or three
APART = YEAR // TIMES  # days between two meetings, and in which what one is worth halves
LEAST_APART = 8  # weeks
A_WEEK = 2
BIRTHDAY = 4.0  # weeks of closeness that a meeting in the week of a birthday is worth besides
OFTEN = 12  # times in the last year: they see one another anyway

AFTER = 17  # weeks after the plan's end that count as well: the four months to a next meeting

_KEEPS = 0.5 ** (WEEK / APART)  # what is left of a meeting's worth after a week
_KEPT = [
    (1 - _KEEPS**gap) / (1 - _KEEPS) for gap in range(WEEKS + AFTER + 1)
]  # worth of a meeting, by weeks to the next


class Few(Struct, frozen=True):
    """One of the critical few, and the days on which the owner saw them."""

    person: str
    name: str
    personal: tuple[date, ...]  # days of personal contact in the last year, oldest first
    birthday: str = ""  # ISO 8601, possibly without year
    unseen: bool = False  # the owner lives with them or meets them where no archive looks
    worth: float = 1.0


class Seeing(NamedTuple):
    """One time to see somebody: the Monday of its week, and why then."""

    week: date
    person: str
    name: str
    why: str


class Tended(NamedTuple):
    """What the choice of weeks needs to know of one person."""

    worth: float
    silent: float  # weeks from the last meeting to the first week
    born: frozenset[int] = frozenset()  # weeks with their birthday


def plan_year(
    few: Iterable[Few],
    today: date,
    closed: Callable[[date], bool] = lambda monday: False,  # noqa: ARG005
) -> tuple[Seeing, ...]:
    """Choose the weeks of the coming year in which to see each of the critical few, earliest first.

    Three times each, at least eight weeks apart, two people a week at most, in no week `closed` (by its Monday).
    Whoever is seen once a month, or met where no archive looks, needs no plan.
    """
    planned = [(one, seen) for one in few if not one.unseen and len(seen := _seen(one, today)) < OFTEN]
    planned.sort(key=lambda row: row[0].person)
    weeks = min(WEEKS, (date.max - today).days // WEEK - 1)
    if weeks < 1:
        return ()
    start = today + timedelta(WEEK - today.weekday())
    mondays = [start + timedelta(WEEK * week) for week in range(weeks)]
    tended = [
        Tended(one.worth, (start - (seen[-1] if seen else today - timedelta(YEAR))).days / WEEK, _born(one, mondays))
        for one, seen in planned
    ]
    shut = frozenset(week for week, monday in enumerate(mondays) if closed(monday))
    seeings = [
        Seeing(mondays[week], one.person, one.name, why)
        for (one, seen), person, chosen in zip(planned, tended, choose(tended, weeks, shut=shut), strict=True)
        for week, why in zip(chosen, _reasons(seen, person, [mondays[week] for week in chosen], chosen), strict=True)
    ]
    return tuple(sorted(seeings, key=lambda seeing: (seeing.week, seeing.name, seeing.person)))


def worth(person: Tended, chosen: Sequence[int], weeks: int) -> float:
    """Return what seeing somebody in some weeks, in order, is worth: weeks of closeness, times the worth of the tie.

    It counts over `weeks` and four months more, so that the last meetings of a year are worth as much as others.
    """
    ends = [*chosen, weeks + AFTER]
    kept: float = _KEEPS**person.silent * _KEPT[ends[0]] + sum(_KEPT[later - week] for week, later in pairwise(ends))
    return person.worth * (kept + BIRTHDAY * sum(week in person.born for week in chosen))


def choose(
    people: Sequence[Tended],
    weeks: int,
    *,
    times: int = TIMES,
    a_week: int = A_WEEK,
    apart: int = LEAST_APART,
    shut: frozenset[int] = frozenset(),
) -> list[tuple[int, ...]]:
    """Choose for each person the weeks in which to see them, all together, by what is gained most."""
    chosen: list[tuple[int, ...]] = [() for _ in people]
    held = [a_week if week in shut else 0 for week in range(weeks)]

    def best(place: int, rest: tuple[int, ...]) -> tuple[float, tuple[int, ...], int]:
        """Return the week that gains most beside others of one person: the gain, all weeks, and the week."""
        person = people[place]
        silent, after = _KEEPS**person.silent, weeks + AFTER
        found: tuple[float, tuple[int, ...], int] = (0.0, rest, -1)
        for week in range(weeks):
            if held[week] >= a_week or any(abs(week - other) < apart for other in rest):
                continue
            at = bisect(rest, week)
            later = rest[at] if at < len(rest) else after
            gained = _KEPT[later - week]
            if at:
                gained += _KEPT[week - rest[at - 1]] - _KEPT[later - rest[at - 1]]
            else:
                gained += silent * (_KEPT[week] - _KEPT[later])
            gained = person.worth * (gained + BIRTHDAY * (week in person.born))
            if gained > found[0] + 1e-9:
                found = (gained, (*rest[:at], week, *rest[at:]), week)
        return found

    offers = {place: best(place, ()) for place in range(len(people))} if times else {}
    while offers:
        place = min(offers, key=lambda one: (-offers[one][0], one))
        _, several, week = offers.pop(place)
        if week < 0:
            continue
        if held[week] < a_week:  # else somebody took it since
            chosen[place] = several
            held[week] += 1
        if len(chosen[place]) < times:
            offers[place] = best(place, chosen[place])
    while _moved(people, weeks, chosen, held, times, best) or _displaced(people, weeks, chosen, held, apart, best):
        pass
    return chosen


def _moved(
    people: Sequence[Tended],
    weeks: int,
    chosen: list[tuple[int, ...]],
    held: list[int],
    times: int,
    best: Callable[[int, tuple[int, ...]], tuple[float, tuple[int, ...], int]],
) -> bool:
    """Choose one meeting of somebody anew, or all of theirs, where that gains; tell whether any was."""
    moved = False
    for place, person in enumerate(people):
        for out in (*((week,) for week in chosen[place]), chosen[place]):
            before = chosen[place]
            several = tuple(week for week in before if week not in out)
            for week in before:
                held[week] -= week in out
            while len(several) < times and (found := best(place, several))[2] >= 0:
                several = found[1]
            if worth(person, several, weeks) > worth(person, before, weeks) + 1e-9:
                chosen[place], moved = several, True
            for week in chosen[place]:
                held[week] += week in out or week not in before
    return moved


def _displaced(
    people: Sequence[Tended],
    weeks: int,
    chosen: list[tuple[int, ...]],
    held: list[int],
    apart: int,
    best: Callable[[int, tuple[int, ...]], tuple[float, tuple[int, ...], int]],
) -> bool:
    """Give one a week of another's, who takes the best week left, where both together gain; tell whether any was."""
    for one, other in permutations(range(len(people)), 2):
        for mine, theirs in product(chosen[one], chosen[other]):
            several = tuple(sorted((*(week for week in chosen[one] if week != mine), theirs)))
            if any(later - week < apart for week, later in pairwise(several)):
                continue
            held[mine] -= 1
            _, instead, to = best(other, tuple(week for week in chosen[other] if week != theirs))
            before = sum(worth(people[place], chosen[place], weeks) for place in (one, other))
            after = worth(people[one], several, weeks) + worth(people[other], instead, weeks)
            if to >= 0 and after > before + 1e-9:
                chosen[one], chosen[other] = several, instead
                held[to] += 1
                return True
            held[mine] += 1
    return False


def _seen(one: Few, today: date) -> list[date]:
    return [day for day in one.personal if 0 <= (today - day).days <= YEAR]


def _born(one: Few, mondays: Sequence[date]) -> frozenset[int]:
    """Return the weeks that hold the birthday; none where its day is not known."""
    digits = one.birthday.partition("T")[0].replace("-", "")
    if len(digits) not in (4, 8) or not digits.isdigit():
        return frozenset()
    wanted = {digits[-4:], "0228"} if digits[-4:] == "0229" else {digits[-4:]}
    return frozenset(
        week
        for week, monday in enumerate(mondays)
        if any(f"{monday + timedelta(day):%m%d}" in wanted for day in range(WEEK))
    )


def _reasons(seen: Sequence[date], person: Tended, mondays: Sequence[date], chosen: Sequence[int]) -> list[str]:
    """Say of each time why it is then."""
    reasons: list[str] = []
    before = seen[-1] if seen else None
    for week, monday in zip(chosen, mondays, strict=True):
        if week in person.born:
            why = say("the week of their birthday")
        elif before is None:
            why = say("not seen in the last year")
        elif not reasons and person.silent * WEEK >= APART:
            why = say("last seen on {day}", day=plain_day(before))
        else:
            after = span((monday - before).days)
            why = (
                say("{span} after the time before", span=after)
                if reasons
                else say("{span} after the last time", span=after)
            )
        reasons.append(why)
        before = monday
    return reasons
