"""Plan a day: bring together what the plan needs to know of each person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cache, partial
from hashlib import blake2b
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from amity.app import encounters, introductions, matches, meetings, moves
from amity.app.contacts import contacts_of
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.insight.words import Word
from amity.language import say, spoken
from amity.ledger.entries import is_given, loops
from amity.model import Tie
from amity.plan.capacity import suggestions_a_day
from amity.plan.fading import prompted
from amity.plan.gain import Belief
from amity.plan.holdout import HELD, MAY_BE_HELD, is_held
from amity.plan.pacing import SENT
from amity.plan.quiet import holidays, quiet_days
from amity.plan.today import (
    MINUTES,
    Answer,
    Candidate,
    Nudge,
    Plan,
    Survey,
    Waiting,
    decide,
    learnt,
    survey,
)
from amity.plan.words import ASKED, OUTCOME, PROMISE, THANKS
from amity.store import decisions, derived, evidence, search
from amity.store.search import Listed

# What was offered longer ago than this no longer counts as a nudge.
REMEMBERED = timedelta(days=60)
# Whoever wrote last may be owed a reply; older letters than this need no subject in the text.
LATELY = 400 * 86_400
NAMED = frozenset(("critical", "close", "dormant"))
LOOPS = {"promise": PROMISE, "ask": ASKED, "thanks": THANKS, "outcome": OUTCOME}


SAID_TO_MATTER = 0.15  # what a role that the owner gave somebody, or kinship, adds to the worth of a tie
SURVEYED = 1  # the form of what is kept of a day; another number makes it anew
AIMED_AT = 0.25  # and being a target of an open goal


class DayPlan(NamedTuple):
    """The plan of a day, and what of it was held back to learn whether suggestions help."""

    plan: Plan
    held: tuple[tuple[str, str], ...] = ()  # person and trigger
    quiet: bool = False
    fewer: int = 0  # so many are shown at most, since no more are done; 0 where as many as usual


class Grounds(NamedTuple):
    """What a day is planned from."""

    candidates: list[Candidate]
    answers: list[Answer]
    nudges: list[Nudge]


def quiet_of(desk: Desk) -> Callable[[date], bool]:
    """Return the test whether a day is one of the owner's quiet days, or a holiday of their country.

    Raises AmityError USAGE where a setting cannot be read.
    """
    text = desk.settings.quiet_days
    try:
        quiet = quiet_days(text)
    except ValueError as error:
        raise AmityError(
            Code.USAGE,
            say("quiet_days = {text!r} cannot be read.", text=text),
            say("Write for example: sun 12-24 2026-08-01/2026-08-21."),
        ) from error
    own = next(iter(_holidays(desk).values()), None)
    return quiet if own is None else lambda day: quiet(day) or own(day)


def away_of(desk: Desk) -> Callable[[str, date], bool]:
    """Return the test whether a day is a holiday where a person is, as far as their country is known."""
    kept = _holidays(desk)
    if not kept:
        return lambda person, on: False  # noqa: ARG005
    # Only on a holiday of some country is it asked where anybody is.
    from amity.app.journeys import country_of

    country = cache(partial(country_of, desk))
    return lambda person, on: (
        any(keeps(on) for keeps in kept.values())
        and ((keeps := kept.get(country(int(person[1:])))) is not None and keeps(on))
    )


def _holidays(desk: Desk) -> Mapping[str, Callable[[date], bool]]:
    text = desk.settings.holidays
    try:
        return holidays(text)
    except ValueError as error:
        raise AmityError(
            Code.USAGE,
            say("holidays = {text!r} cannot be read.", text=text),
            say("Write your country first, for example: AT; DE 12-24 easter+1."),
        ) from error


def silent_of(desk: Desk) -> Callable[[str, date], bool]:
    """Return the test whether a person's suggestions are held back on a day."""
    percent = desk.settings.hold_out
    return lambda person, on: percent > 0 and is_held(person, on, percent)


def plan_day(desk: Desk, minutes: int, limit: int, *, learns: bool = True) -> DayPlan:
    """Plan the day from the ties, the owner's answers and what was offered before. The derived tables must be fresh.

    With `learns`, no more is suggested than what the owner lately does, with some room.
    """
    if quiet_of(desk)(desk.today):
        return DayPlan(Plan((), 0), quiet=True)
    answers, nudges = _said(desk)
    most = limit
    if learns:
        did = (answer.on for answer in answers if answer.verdict == "done")
        most = suggestions_a_day((one.day for one in nudges), did, desk.today, limit)
    # What was done today counts toward the day, so that a day has an end.
    done = [answer for answer in answers if answer.on == desk.today and answer.verdict == "done"]
    left = max(0, minutes - sum(MINUTES[answer.trigger] for answer in done))
    held_back = silent_of(desk)
    belief, found = _surveyed(desk, answers, nudges)

    def choose(silent: Callable[[str], bool]) -> Plan:
        return decide(
            found,
            answers,
            nudges,
            today=desk.today,
            minutes=left,
            limit=max(0, most - len(done)),
            silent=silent,
            belief=belief,
        )

    made = choose(lambda person: held_back(person, desk.today))
    held: tuple[tuple[str, str], ...] = ()
    if desk.settings.hold_out:
        held = tuple(
            (one.person, one.trigger)
            for one in choose(lambda _: False).suggestions
            if one.trigger in MAY_BE_HELD and held_back(one.person, desk.today)
        )
    return DayPlan(made, held, fewer=most if most < limit else 0)


def _surveyed(desk: Desk, answers: Sequence[Answer], nudges: Sequence[Nudge]) -> tuple[Belief, Survey]:
    """Return how ties fade and what the day offers, as it was kept where all that it stands on is as it was."""
    database = desk.database
    day = desk.today.isoformat()
    moment, card, _, *others = derived.newest(database)
    before = [answer for answer in answers if answer.on < desk.today]
    said = decisions.state(database, "answer", day)
    basis = (SURVEYED, spoken(), day, desk.settings, moment, card, others, said, before, nudges)
    ground = blake2b(msgspec.msgpack.encode(basis), digest_size=16).digest()
    kept = derived.survey(database, ground)
    if kept is not None:
        return msgspec.msgpack.decode(kept, type=tuple[Belief, Survey])
    candidates, away = list(_candidates(desk, before)), away_of(desk)
    belief = learnt(candidates, desk.today)
    found = survey(
        candidates,
        before,
        nudges,
        today=desk.today,
        rest_days=desk.settings.rest_days,
        away=lambda person: away(person, desk.today),
        belief=belief,
    )
    with database.transaction():
        derived.put_survey(database, ground, msgspec.msgpack.encode((belief, found)))
    return belief, found


def grounds(desk: Desk) -> Grounds:
    """Gather what a day is planned from. The derived tables must be fresh."""
    answers, nudges = _said(desk)
    return Grounds(list(_candidates(desk, answers)), answers, nudges)


def _said(desk: Desk) -> tuple[list[Answer], list[Nudge]]:
    """Return what the owner answered, and what was offered before today."""
    database = desk.database
    day = desk.today.isoformat()
    into = search.redirects(database)
    answers = []
    for decision in decisions.standing(database, ("answer",)):
        if decision.today <= day:
            body = decision.body
            until = date.fromisoformat(body["until"]) if body["until"] else None
            said = date.fromisoformat(decision.today)
            person = _standing(int(body["person"][1:]), into)
            answers.append(Answer(person, body["trigger"], body["verdict"], said, until, body.get("gave", "")))
    since = (desk.today - min(REMEMBERED, desk.today - date.min)).isoformat()
    nudges = [
        Nudge(_standing(person, into), prompt, date.fromisoformat(on))
        for on, person, prompt in decisions.nudges(database, since, day)
        if not prompt.startswith(HELD)
    ]
    return answers, nudges


def heard_from(desk: Desk, people: set[int]) -> dict[str, list[date]]:
    """Return the days on which some persons wrote or were met, by id."""
    return {f"p{person}": [on for on, way in told if way != SENT] for person, told in contacts_of(desk, people).items()}


def _standing(person: int, into: Mapping[int, int]) -> str:
    """Return the id of whoever somebody was joined with, or their own."""
    return f"p{into.get(person, person)}"


def _prompted(desk: Desk, answers: Iterable[Answer]) -> dict[str, int]:
    """Return on how many days there was contact that came of advice, by person."""
    advised: dict[str, list[date]] = {}
    for answer in answers:
        if answer.verdict == "done":
            advised.setdefault(answer.person, []).append(answer.on)
    told = contacts_of(desk, {int(person[1:]) for person in advised})
    return {
        f"p{person}": prompted(sorted({on for on, _ in contacts}), advised[f"p{person}"])
        for person, contacts in told.items()
    }


def _gave(desk: Desk, answers: Iterable[Answer]) -> dict[str, tuple[str, ...]]:
    """Return the ways in which each was given something, the latest first: by the ledger, and by advice once done."""
    given = [(answer.on, answer.gave, answer.person) for answer in answers if answer.gave]
    for entry in entries_of(desk):
        if is_given(entry):
            sort = entry.sort or "introduction"  # a recommendation brings two together as well
            given += ((entry.on, sort, person) for person in entry.people if person)
    found: dict[str, tuple[str, ...]] = {}
    for _, sort, person in sorted(given, reverse=True):
        found[person] = (*found.get(person, ()), sort)
    return found


def _candidates(desk: Desk, answers: Sequence[Answer]) -> Iterator[Candidate]:
    # Of whom the owner said that it ended, that they fell out, or that they died, nothing is suggested.
    said = words_on_ties(desk.database).words
    ended = {person for person, word in said.items() if word.state}
    listed = [one for one in search.ties(desk.database) if not one.person.body["died"] and one.person.id not in ended]
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
    waiting = _waiting(desk)
    aimed, gave, came_of_advice = _aimed_at(desk), _gave(desk, answers), _prompted(desk, answers)
    for one in listed:
        person = f"p{one.person.id}"
        word = said.get(one.person.id, Word())
        matters = SAID_TO_MATTER * bool(word.roles or word.kin) + AIMED_AT * (person in aimed)
        made = _candidate(desk, one, subjects, waiting.get(person, ()), word, matters)
        if person in gave or person in came_of_advice:
            made = replace(made, gave=gave.get(person, ()), prompted=came_of_advice.get(person, 0))
        yield made


def _waiting(desk: Desk) -> dict[str, tuple[Waiting, ...]]:
    """Return what is open towards people, by person, the oldest first."""
    every = {entry.id: entry for entry in entries_of(desk)}
    found: dict[str, tuple[Waiting, ...]] = {}
    for loop in loops(list(every.values()), desk.today):
        entry = every[loop.entry]
        others = " and ".join(entry.names[1:])
        matter = (
            say("introducing you to {others}", others=others) if entry.kind == "introduction" and others else entry.text
        )
        one = Waiting(LOOPS[loop.kind], loop.since, matter, entry.outcome)
        found[loop.person] = (*found.get(loop.person, ()), one)
    for noun in _nouns(desk):
        for person, due in noun.waiting(desk):
            found[person] = (*found.get(person, ()), due)
    return found


def _aimed_at(desk: Desk) -> set[str]:
    """Return the targets of open goals; goals are not loaded where none was set."""
    if not decisions.standing(desk.database, ("goal",)):
        return set()
    from amity.app.goals import aimed_at

    return aimed_at(desk)


def _nouns(desk: Desk) -> Iterator[Any]:
    """Yield what may bring somebody up; what nothing was said of is not loaded."""
    yield from (meetings, introductions, matches, encounters, moves)
    kinds = {one.kind for one in decisions.standing(desk.database, ("goal", "journey", "event", "fact"))}
    if "goal" in kinds:
        from amity.app import goals

        yield goals
    if kinds & {"journey", "event"}:
        from amity.app import journeys

        yield journeys
    if "fact" in kinds:
        from amity.app import dates

        yield dates


def _candidate(
    desk: Desk,
    listed: Listed,
    subjects: dict[int, str],
    waiting: tuple[Waiting, ...],
    word: Word,
    matters: float,
) -> Candidate:
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
        loops=waiting,
        ring=word.ring,
        matters=matters,
        unseen=bool(word.unseen),
    )
