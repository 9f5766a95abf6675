"""The week ahead, day by day, as if what each day suggests were done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from amity.plan.gain import SHIPPED, Belief
from amity.plan.today import MINUTES, REST_DAYS, Answer, Candidate, Nudge, Suggestion, plan

WEEK = 7


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
    away: Callable[[str, date], bool] = lambda person, on: False,  # noqa: ARG005
    belief: Belief = SHIPPED,
) -> tuple[Day, ...]:
    """Plan seven days from today on, as if each day's suggestions were done; nobody stands in a week twice.

    `minutes` and `limit` are those of one day; what was done today counts toward both. What comes in during the week is
    not known, so it is an outlook. On a day that is `quiet` nothing is suggested; `silent` and `away` are as for a day.
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
            away=_on(away, on),
            belief=belief,
        )
        days.append(Day(on, made.suggestions))
        said += (Answer(one.person, one.trigger, "done", on, None) for one in made.suggestions)
    return tuple(days)


def _on(silent: Callable[[str, date], bool], day: date) -> Callable[[str], bool]:
    return lambda person: silent(person, day)
