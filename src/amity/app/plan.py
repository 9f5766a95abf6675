"""The plan: what to do today, and what the owner says to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from struct import calcsize, unpack_from
from typing import Any
from urllib.parse import quote

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.handles import person_number
from amity.language import label, mark, plain_day, say, spoken
from amity.model import Reason
from amity.store import decisions, derived, search

VERDICTS = {
    "done": mark("Done"),
    "snooze": mark("Not now"),
    "not_this": mark("Not this one"),
    "not_kind": mark("None of this kind"),
    "not_person": mark("Nothing about this person"),
}


class Advised(Struct, frozen=True):
    """The person that a suggestion is about."""

    id: str
    name: str


class SuggestionLine(Struct, frozen=True):
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
    write: str = ""  # what opens a mail to them with the first sentence in it (RFC 6068)


class Today(Struct, frozen=True):
    """The day's suggestions within the owner's minutes, and how many people wait for another day."""

    date: date
    minutes: int
    suggestions: tuple[SuggestionLine, ...]
    waiting: int
    enough: bool  # False when the archive is too young to judge ties by
    quiet: bool = False  # one of the owner's quiet days
    fewer: int = 0  # so many are shown at most, since no more are done lately; 0 where as many as the settings say


@operation(Effect.READ)
def today(desk: Desk, minutes: int | None = None, limit: int | None = None) -> Today:
    """Suggest the few things worth doing today, each with its reasons, within the owner's minutes."""
    refresh(desk)
    database = desk.database
    ours = desk.settings.minutes if minutes is None else minutes
    most = desk.settings.suggestions if limit is None else limit
    marks = derived.marks(database)
    settings = desk.settings
    basis = [*derived.newest(database), desk.end, ours, most, desk.judged_by]
    basis += [settings.rest_days, settings.quiet_days, settings.holidays, settings.hold_out, limit is None, spoken()]
    if marks.get("planned") == basis:
        lines = tuple(_line(body) for body in search.suggestions(database))
        quiet, fewer = marks["day_was"]
        return Today(desk.today, ours, lines, int(marks["waiting"]), bool(marks.get("enough")), quiet, fewer)
    # Planning needs words and weights that the plan of a day already made does without.
    from amity.app.day import plan_day
    from amity.plan.holdout import HELD

    day = plan_day(desk, ours, most, learns=limit is None)
    made = day.plan
    mail = _mail_of(desk, [int(one.person[1:]) for one in made.suggestions])
    lines = tuple(_shown(one, mail.get(int(one.person[1:]), "")) for one in made.suggestions)
    with database.transaction():
        derived.put_suggestions(database, lines)
        derived.put_marks(database, {"planned": basis, "waiting": made.waiting, "day_was": [day.quiet, day.fewer]})
        shown = [(line.person.id, line.trigger) for line in lines]
        held = [(person, HELD + trigger) for person, trigger in day.held]
        on = desk.today.isoformat()
        decisions.put_nudges(database, ((on, int(person[1:]), prompt) for person, prompt in (*shown, *held)))
    return Today(desk.today, ours, lines, made.waiting, bool(marks.get("enough")), day.quiet, day.fewer)


class HoldOut(Struct, frozen=True):
    """What the hold-out tells: what suggestions changed, or since when and until when it has to run to tell."""

    percent: int
    since: date | None
    until: date | None  # the day from which it tells
    shown: int  # people suggested, and people held back, whose four weeks are over
    held: int
    difference: float  # in the shares that were heard from, with its 95 % interval
    low: float
    high: float
    words: str


@operation(Effect.READ)
def hold_out(desk: Desk) -> HoldOut:
    """Say whether suggestions changed anything: people suggested against people held back at random (`hold_out`).

    It tells after half a year. What is compared is whether somebody was heard from, or met, within four weeks.
    """
    from amity.app.day import heard_from
    from amity.plan import holdout

    refresh(desk)
    log = decisions.nudges(desk.database, "", desk.today.isoformat())
    began = min((date.fromisoformat(day) for day, _, prompt in log if prompt.startswith(holdout.HELD)), default=None)
    percent = desk.settings.hold_out
    if began is None:
        words = (
            say("Nothing was held back yet.")
            if percent
            else say("Nothing is held back: set `hold_out` to some percent.")
        )
        return HoldOut(percent, None, None, 0, 0, 0.0, 0.0, 0.0, words)
    until = began + timedelta(holdout.HALF_YEAR)
    if desk.today < until:
        words = say("It runs since {began}, and tells from {until} on.", began=plain_day(began), until=plain_day(until))
        return HoldOut(percent, began, until, 0, 0, 0.0, 0.0, 0.0, words)
    rows = [(f"p{person}", prompt, date.fromisoformat(day)) for day, person, prompt in log]
    found = holdout.effect(holdout.trials(rows, heard_from(desk, {person for _, person, _ in log}), desk.today))
    words = holdout.in_words(found)
    if found is None:
        return HoldOut(percent, began, until, 0, 0, 0.0, 0.0, 0.0, words)
    return HoldOut(percent, began, until, found.shown, found.held, found.difference, found.low, found.high, words)


@operation(Effect.WRITE, words={"verdict": tuple(VERDICTS)})
def answer(desk: Desk, suggestion: str, verdict: str, days: int | None = None, key: str = "") -> str:
    """Say to a suggestion "done", "snooze" (for some days), "not_this", "not_kind" or "not_person"; it is remembered.

    Raises AmityError USAGE for another verdict, NOT_FOUND for a suggestion that there is not.
    """
    from amity.plan.today import TRIGGERS

    database = desk.database
    who, _, trigger = suggestion.partition(".")
    if verdict not in VERDICTS:
        raise AmityError(
            Code.USAGE,
            say("There is no verdict {verdict!r}.", verdict=verdict),
            say("Say one of: {words}.", words=", ".join(VERDICTS)),
        )
    refresh(desk)
    asked = person_number(who)
    listed = None if asked is None else search.person(database, asked)
    if listed is None or listed.person.kind != "person" or trigger not in TRIGGERS:
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no suggestion {suggestion!r}.", suggestion=suggestion),
            say("`amity today` shows their ids."),
        )
    until = None if days is None else (desk.today + min(timedelta(days), date.max - desk.today)).isoformat()
    of = label("trigger", trigger.replace("_", " "))
    summary = f"{say(VERDICTS[verdict])}: {listed.person.name} ({of})"
    body = {"person": f"p{listed.person.id}", "trigger": trigger, "verdict": verdict, "until": until}
    if verdict == "done":  # what was given, so that the ways of giving take turns
        body["gave"] = next((str(one["kind"]) for one in search.suggestions(database) if one["id"] == suggestion), "")
    with database.transaction():
        said = {name: body[name] for name in ("person", "trigger", "verdict")}
        if earlier := decisions.repeated(database, key, "answer", said):
            return earlier.summary
        desk.record(key or decisions.new_key(), "answer", summary, body)
    return summary


def _mail_of(desk: Desk, people: Sequence[int]) -> dict[int, str]:
    """Return the mail address of each person over which there was contact last, as of the day."""
    from amity.ledger.timeline import ENTRY

    size = calcsize(ENTRY)
    lasts: dict[int, tuple[int, str]] = {}
    for person, address, strand in search.mail_of(desk.database, people) if people else ():
        # In order of time: only what lies ahead of the day stands behind the last.
        ats = (unpack_from(ENTRY, strand, start)[0] for start in range(len(strand) - size, -1, -size))
        last = next((at for at in ats if at < desk.end), -(1 << 62))
        lasts[person] = max(lasts.get(person, (last, address)), (last, address))
    return {person: address for person, (_, address) in lasts.items()}


def _shown(suggestion: Any, mail: str) -> SuggestionLine:
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
        write=_draft(mail, suggestion.opener),
    )


def _draft(mail: str, opener: str) -> str:
    return f"mailto:{quote(mail, safe='@+')}?body={quote(opener, safe='')}" if mail and opener else ""


def _line(body: dict[str, Any]) -> SuggestionLine:
    return SuggestionLine(
        **body
        | {
            "person": Advised(**body["person"]),
            "why_now": tuple(body["why_now"]),
            "because": tuple(Reason(**reason) for reason in body["because"]),
        }
    )
