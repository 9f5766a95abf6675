"""The plan: what to do today, and what the owner says to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.handles import person_number
from amity.model import Reason
from amity.store import decisions, derived, search

VERDICTS = ("done", "snooze", "not_this")


@dataclass(frozen=True, slots=True)
class Advised:
    """The person that a suggestion is about."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """One thing to do today: who, why now, what to give, how."""

    id: str
    person: Advised
    act: str
    kind: str
    trigger: str
    why_now: tuple[str, ...]
    minutes: int
    channel: str
    opener: str
    because: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """The day's suggestions within the owner's minutes, and how many people wait for another day."""

    date: date
    minutes: int
    suggestions: tuple[SuggestionLine, ...]
    waiting: int
    enough: bool  # False when the archive is too young to judge ties by


@operation(Effect.READ)
def today(desk: Desk, minutes: int | None = None, limit: int | None = None) -> Today:
    """Suggest the few things worth doing today, each with its reasons, within the owner's minutes."""
    refresh(desk)
    database = desk.database
    ours = desk.settings.minutes if minutes is None else minutes
    most = desk.settings.suggestions if limit is None else limit
    marks = derived.marks(database)
    basis = [*derived.newest(database), desk.end, ours, most, desk.judged_by]
    if marks.get("planned") == basis:
        lines = tuple(_line(body) for body in search.suggestions(database))
        return Today(desk.today, ours, lines, int(marks["waiting"]), bool(marks.get("enough")))
    # Planning needs words and weights that the plan of a day already made does without.
    from amity.app.day import plan_day

    made = plan_day(desk, ours, most)
    lines = tuple(_shown(suggestion) for suggestion in made.suggestions)
    with database.transaction():
        derived.put_suggestions(database, lines)
        derived.put_marks(database, {"planned": basis, "waiting": made.waiting})
        decisions.put_nudges(
            database,
            ((desk.today.isoformat(), int(line.person.id[1:]), line.trigger) for line in lines),
        )
    return Today(desk.today, ours, lines, made.waiting, bool(marks.get("enough")))


@operation(Effect.WRITE)
def answer(desk: Desk, suggestion: str, verdict: str, days: int | None = None, key: str = "") -> str:
    """Say to a suggestion "done", "snooze" (for some days) or "not_this"; it is remembered.

    Raises AmityError USAGE for another verdict, NOT_FOUND for a suggestion that there is not.
    """
    from amity.plan.today import TRIGGERS

    database = desk.database
    who, _, trigger = suggestion.partition(".")
    if verdict not in VERDICTS:
        raise AmityError(Code.USAGE, f"There is no verdict {verdict!r}.", f"Say one of: {', '.join(VERDICTS)}.")
    refresh(desk)
    asked = person_number(who)
    listed = None if asked is None else search.person(database, asked)
    if listed is None or listed.person.kind != "person" or trigger not in TRIGGERS:
        raise AmityError(Code.NOT_FOUND, f"There is no suggestion {suggestion!r}.", "`amity today` shows their ids.")
    until = None if days is None else (desk.today + min(timedelta(days), date.max - desk.today)).isoformat()
    words = {"done": "Done", "snooze": "Not now", "not_this": "Not this one"}[verdict]
    summary = f"{words}: {listed.person.name} ({trigger.replace('_', ' ')})"
    body = {"person": f"p{listed.person.id}", "trigger": trigger, "verdict": verdict, "until": until}
    with database.transaction():
        said = {name: body[name] for name in ("person", "trigger", "verdict")}
        if earlier := decisions.repeated(database, key, "answer", said):
            return earlier.summary
        desk.record(key or decisions.new_key(), "answer", summary, body)
    return summary


def _shown(suggestion: Any) -> SuggestionLine:
    return SuggestionLine(
        id=suggestion.id,
        person=Advised(suggestion.person, suggestion.name),
        act=suggestion.act,
        kind=suggestion.kind,
        trigger=suggestion.trigger,
        why_now=suggestion.why_now,
        minutes=suggestion.minutes,
        channel=suggestion.channel,
        opener=suggestion.opener,
        because=suggestion.because,
    )


def _line(body: dict[str, Any]) -> SuggestionLine:
    return SuggestionLine(
        **body
        | {
            "person": Advised(**body["person"]),
            "why_now": tuple(body["why_now"]),
            "because": tuple(Reason(**reason) for reason in body["because"]),
        }
    )
