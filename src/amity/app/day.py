"""Plan a day: bring together what the plan needs to know of each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from amity.app import encounters, introductions, matches, moves
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.words import words_on_ties
from amity.ledger.entries import loops
from amity.model import Tie
from amity.plan.today import MINUTES, Answer, Candidate, Nudge, Plan, Waiting, plan
from amity.plan.words import ASKED, OUTCOME, PROMISE, THANKS
from amity.store import decisions, evidence, search
from amity.store.search import Listed

# What was offered longer ago than this no longer counts as a nudge.
REMEMBERED = timedelta(days=60)
# Whoever wrote last may be owed a reply; older letters than this need no subject in the text.
LATELY = 400 * 86_400
NAMED = frozenset(("critical", "close", "dormant"))
LOOPS = {"promise": PROMISE, "ask": ASKED, "thanks": THANKS, "outcome": OUTCOME}


class Grounds(NamedTuple):
    """What a day is planned from."""

    candidates: list[Candidate]
    answers: list[Answer]
    nudges: list[Nudge]


def plan_day(desk: Desk, minutes: int, limit: int) -> Plan:
    """Plan the day from the ties, the owner's answers and what was offered before. The derived tables must be fresh."""
    candidates, answers, nudges = grounds(desk)
    # What was done today counts toward the day, so that a day has an end.
    done = [answer for answer in answers if answer.on == desk.today and answer.verdict == "done"]
    left = max(0, minutes - sum(MINUTES[answer.trigger] for answer in done))
    return plan(candidates, answers, nudges, today=desk.today, minutes=left, limit=max(0, limit - len(done)))


def grounds(desk: Desk) -> Grounds:
    """Gather what a day is planned from. The derived tables must be fresh."""
    database = desk.database
    day = desk.today.isoformat()
    into = search.redirects(database)
    answers = []
    for decision in decisions.standing(database, ("answer",)):
        if decision.today <= day:
            body = decision.body
            until = date.fromisoformat(body["until"]) if body["until"] else None
            said = date.fromisoformat(decision.today)
            answers.append(
                Answer(_standing(int(body["person"][1:]), into), body["trigger"], body["verdict"], said, until)
            )
    since = (desk.today - min(REMEMBERED, desk.today - date.min)).isoformat()
    nudges = [
        Nudge(_standing(person, into), prompt, date.fromisoformat(on))
        for on, person, prompt in decisions.nudges(database, since, day)
    ]
    return Grounds(list(_candidates(desk)), answers, nudges)


def _standing(person: int, into: Mapping[int, int]) -> str:
    """Return the id of whoever somebody was joined with, or their own."""
    return f"p{into.get(person, person)}"


def _candidates(desk: Desk) -> Iterator[Candidate]:
    # Of whom the owner said that it ended, that they fell out, or that they died, nothing is suggested.
    ended = {person for person, word in words_on_ties(desk.database).words.items() if word.state}
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
    for one in listed:
        yield _candidate(desk, one, subjects, waiting.get(f"p{one.person.id}", ()))


def _waiting(desk: Desk) -> dict[str, tuple[Waiting, ...]]:
    """Return what is open towards people, by person, the oldest first."""
    every = {entry.id: entry for entry in entries_of(desk)}
    found: dict[str, tuple[Waiting, ...]] = {}
    for loop in loops(list(every.values()), desk.today):
        entry = every[loop.entry]
        others = " and ".join(entry.names[1:])
        matter = f"introducing you to {others}" if entry.kind == "introduction" and others else entry.text
        one = Waiting(LOOPS[loop.kind], loop.since, matter, entry.outcome)
        found[loop.person] = (*found.get(loop.person, ()), one)
    for noun in (introductions, matches, encounters, moves):
        for person, due in noun.waiting(desk):
            found[person] = (*found.get(person, ()), due)
    return found


def _candidate(desk: Desk, listed: Listed, subjects: dict[int, str], waiting: tuple[Waiting, ...]) -> Candidate:
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
    )
