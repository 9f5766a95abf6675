"""The plan: what to do today, and what the owner says to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.model import Reason, Tie
from amity.plan.today import TRIGGERS, Answer, Candidate, Nudge, Plan, Suggestion, plan
from amity.store import decisions, derived, evidence, search
from amity.store.search import Listed

VERDICTS = ("done", "snooze", "not_this")
# What was offered longer ago than this no longer counts as a nudge.
REMEMBERED = timedelta(days=60)
# Whoever wrote last may be owed a reply; older letters than this need no subject in the text.
LATELY = 400 * 86_400
NAMED = frozenset(("critical", "close", "dormant"))


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
    basis = [*derived.newest(database), desk.end, ours, most]
    if marks.get("planned") == basis:
        lines = tuple(_line(body) for body in search.suggestions(database))
        return Today(desk.today, ours, lines, int(marks["waiting"]), bool(marks.get("enough")))
    made = _plan(desk, ours, most)
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
    database = desk.database
    who, _, trigger = suggestion.partition(".")
    if verdict not in VERDICTS:
        raise AmityError(Code.USAGE, f"There is no verdict {verdict!r}.", f"Say one of: {', '.join(VERDICTS)}.")
    refresh(desk)
    listed = search.person(database, int(who[1:])) if who[:1] == "p" and who[1:].isdecimal() else None
    if listed is None or trigger not in TRIGGERS:
        raise AmityError(Code.NOT_FOUND, f"There is no suggestion {suggestion!r}.", "`amity today` shows their ids.")
    until = None if days is None else (desk.today + timedelta(days=days)).isoformat()
    words = {"done": "Done", "snooze": "Not now", "not_this": "Not this one"}[verdict]
    summary = f"{words}: {listed.person.name} ({trigger.replace('_', ' ')})"
    body = {"person": f"p{listed.person.id}", "trigger": trigger, "verdict": verdict, "until": until}
    with database.transaction():
        if not decisions.by_key(database, key):
            desk.record(key or decisions.new_key(), "answer", summary, body)
    return summary


def _plan(desk: Desk, minutes: int, limit: int) -> Plan:
    database = desk.database
    day = desk.today.isoformat()
    answers = []
    for decision in decisions.standing(database, ("answer",)):
        if decision.today <= day:
            body = decision.body
            until = date.fromisoformat(body["until"]) if body["until"] else None
            said = date.fromisoformat(decision.today)
            answers.append(Answer(_canonical(desk, body["person"]), body["trigger"], body["verdict"], said, until))
    since = (desk.today - REMEMBERED).isoformat()
    nudges = [
        Nudge(f"p{person}", prompt, date.fromisoformat(on))
        for on, person, prompt in decisions.nudges(database, since, day)
    ]
    return plan(_candidates(desk), answers, nudges, today=desk.today, minutes=minutes, limit=limit)


def _canonical(desk: Desk, person: str) -> str:
    listed = search.person(desk.database, int(person[1:]))
    return f"p{listed.person.id}" if listed else person


def _candidates(desk: Desk) -> Iterator[Candidate]:
    listed = [one for one in search.ties(desk.database) if not one.person.body["died"]]
    # Their last letter is named in what is said to somebody close, or to somebody who waits for an answer.
    told = {
        one.tie.heard_moment
        for one in listed
        if one.tie
        and one.tie.heard_moment is not None
        and one.tie.heard is not None
        and (one.tie.segment in NAMED or one.tie.heard > max(desk.end - LATELY, one.tie.written or one.tie.heard - 1))
    }
    subjects = evidence.subjects(desk.database, told) if told else {}
    for one in listed:
        yield _candidate(desk, one, subjects)


def _candidate(desk: Desk, listed: Listed, subjects: dict[int, str]) -> Candidate:
    person, tie = listed
    if tie is None:
        raise ValueError("a candidate needs a tie")

    def day(at: int | None) -> date | None:
        return None if at is None else desk.day(at)

    return Candidate(
        person=f"p{person.id}",
        name=person.name,
        tie=Tie(
            person=f"p{person.id}",
            strength=tie.strength,
            p_contact=tie.p_contact,
            momentum=tie.momentum,
            reciprocity=tie.reciprocity,
            initiative=tie.initiative,
            segment=tie.segment,
            first=desk.day(tie.first),
            last=desk.day(tie.last),
            sent=tie.sent,
            received=tie.received,
            met=tie.met,
        ),
        usual_gap=tie.gap,
        last_in=day(tie.heard),
        last_out=day(tie.written),
        last_met=day(tie.met_last),
        subject_in=subjects.get(tie.heard_moment or 0, ""),
        last_in_group=tie.heard_group,
        first_was=tie.first_was,
        channel=tie.channel,
        birthday=person.birthday,
        about=tuple(dict.fromkeys(word for word in (*person.body["about"], person.organisation) if word)),
        alive_contact_days=tie.days,
    )


def _shown(suggestion: Suggestion) -> SuggestionLine:
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
