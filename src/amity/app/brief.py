"""The brief before a meeting: who they are, what passed, what is open, what they care about, what to ask and give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from amity.app import entries
from amity.app.desk import Desk
from amity.app.fields import Told, told_of_all
from amity.app.freshness import refresh
from amity.app.known import FactLine, some
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of
from amity.app.people import Interaction, Named, PersonPage, contacts, identify, page_of
from amity.language import label, plain_day, quoted, say
from amity.model import Channel
from amity.plan.brief import Gift, Known, Line, Question, Turn, Wish, give, matches, questions
from amity.store import decisions, derived, evidence, outgoing, search

CONTACTS = 5  # of what passed
AHEAD = 30  # days in which a date is worth a word
MOVES = 730  # days in which a move is news
FOUND = 365  # days in which a sentence of a mail may still wait
MOST = 12  # people of one meeting who are briefed


class OpenLine(Struct, frozen=True):
    """Something that waits, on one side or the other."""

    words: str
    since: date
    source: str  # "you" where it was noted, "mail" where a sentence only seems to say so


class Brief(Struct, frozen=True):
    """One person on one page."""

    person: Named
    on: date
    alive: bool
    who: tuple[str, ...]
    met: tuple[str, ...]  # how you met, and through whom
    tie: str
    passed: tuple[Interaction, ...]
    contacts: int
    story: tuple[str, ...]  # what was given and asked
    yours: tuple[OpenLine, ...]  # what waits for you
    theirs: tuple[OpenLine, ...]
    agenda: tuple[FactLine, ...]
    offers: tuple[FactLine, ...]
    around: tuple[str, ...]  # family and people around them
    changed: tuple[str, ...]
    dates: tuple[str, ...]
    give: tuple[Gift, ...]
    questions: tuple[Question, ...]


class MeetingBrief(Struct, frozen=True):
    """One of today's meetings, with a brief on everybody who takes part."""

    at: str  # HH:MM in the owner's day
    subject: str
    people: tuple[Brief, ...]


class Agenda(Struct, frozen=True):
    """What somebody cares about, what they can help with, and what to ask where that is not known."""

    person: Named
    agenda: tuple[FactLine, ...]
    offers: tuple[FactLine, ...]
    questions: tuple[Question, ...]


@operation(Effect.READ)
def of(desk: Desk, person: str, *, private: bool = False) -> Brief:
    """Put a person on one page: who they are, what passed, what is open, their agenda, what changed, what to ask.

    With `private`, also what the owner keeps to themselves.
    """
    refresh(desk)
    told = told_of_all(desk.database, desk.today.isoformat())
    return _brief(desk, identify(desk, person), told, private=private)


@operation(Effect.READ)
def today(desk: Desk, *, private: bool = False) -> tuple[MeetingBrief, ...]:
    """Brief on the people of today's meetings in the calendar, in the order of the day."""
    refresh(desk)
    database = desk.database
    hidden = evidence.withdrawn(database)
    kept = [
        moment
        for moment in outgoing.moments(database, hidden, desk.end - 86_400, desk.end)
        if moment.channel == Channel.MEETING and moment.source != "log"
    ]
    mine = owner_of(database).numbers
    behind = search.people_of(database, {handle for moment in kept for handle, _ in moment.parties} - mine)
    people = set(derived.person_ids(database, {person for person, _ in behind.values()}))
    told = told_of_all(database, desk.today.isoformat())
    made = []
    for moment in kept:
        who = dict.fromkeys(behind[handle][0] for handle, _ in moment.parties if handle in behind)
        chosen = [person for person in who if person in people][:MOST]
        if chosen:
            minutes = (moment.at + desk.offset) // 60 % 1440
            briefs = tuple(_brief(desk, person, told, private=private) for person in chosen)
            made.append(MeetingBrief(f"{minutes // 60:02}:{minutes % 60:02}", moment.subject, briefs))
    return tuple(made)


@operation(Effect.READ)
def agenda(desk: Desk, person: str, *, private: bool = False) -> Agenda:
    """Say what a person cares about, each line with its day and source, what they can help with, and what to ask."""
    refresh(desk)
    page = page_of(desk, identify(desk, person), private=private)
    known = _known(page)
    return Agenda(Named(page.id, page.name), page.agenda, page.offers, questions(known, desk.today))


def _brief(desk: Desk, person: int, told: dict[int, Told], *, private: bool) -> Brief:
    page = page_of(desk, person, private=private)
    known = _known(page)
    balance = entries.balance(desk, page.id)
    number = int(page.id[1:])
    alive = not page.died
    partner, need = _partner(desk, number, known, told) if alive else ("", "")
    found = _found(desk, number) if alive else []
    theirs = [
        OpenLine(say("they promised: {matter}", matter=entry.text), entry.on, entry.source)
        for entry in balance.entries
        if entry.kind == "promise" and entry.by == "them" and entry.status == "open"
    ]
    theirs += [
        OpenLine(say("you asked: {matter}", matter=entry.text), entry.on, entry.source)
        for entry in balance.entries
        if entry.kind == "ask" and entry.by == "me" and entry.status == "sent"
    ]
    return Brief(
        person=Named(page.id, page.name),
        on=desk.today,
        alive=alive,
        who=tuple(_who(page)),
        met=tuple(f"{one.field}: {one.value}" for one in some(page.facts, "met", "through")) or _began(desk, page),
        tie=_tie(page),
        passed=tuple(one for one in page.timeline if one.way != "aside")[:CONTACTS],
        contacts=page.contacts,
        story=balance.story,
        yours=(
            *(OpenLine(loop.words, loop.since, "you") for loop in balance.loops),
            *(line for mine, line in found if mine),
        ),
        theirs=(*theirs, *(line for mine, line in found if not mine)),
        agenda=page.agenda,
        offers=page.offers,
        around=tuple(f"{one.value} ({one.label})" if one.label else one.value for one in some(page.facts, "family")),
        changed=tuple(_changed(desk, page)),
        dates=tuple(_dates(desk, page)) if alive else (),
        give=give(known, desk.today, partner, need) if alive else (),
        questions=questions(known, desk.today) if alive else (),
    )


def _known(page: PersonPage) -> Known:
    position = page.positions[0] if page.positions else None
    own = [fact.value for fact in some(page.facts, "field")]
    lines = [Line(one.on, one.subject, one.way == "met") for one in page.timeline if one.way in ("received", "met")]
    return Known(
        name=page.name,
        title=position.title if position else "",
        organisation=position.organisation if position else "",
        about=tuple(dict.fromkeys((*own, *page.about))),
        place=page.places[0] if page.places else "",
        moves=tuple(Turn(move.on, move.before, move.now) for move in page.moves),
        lines=tuple(lines),
        agenda=tuple(Wish(one.field, one.value, _day(one.on), one.stale) for one in page.agenda),
        offers=tuple(one.value for one in page.offers),
        tastes=tuple(one.value for one in some(page.facts, "taste")),
        gifts=tuple(one.value for one in some(page.facts, "gift")),
        first=page.tie.first if page.tie else None,
        last=page.tie.last if page.tie else None,
    )


def _day(on: str) -> date | None:
    try:
        return date.fromisoformat(on)
    except ValueError:
        return None


def _who(page: PersonPage) -> Iterator[str]:
    for one in page.positions[:2]:
        yield ", ".join(filter(None, (one.title, one.organisation)))
    titles = {one.title for one in page.positions[:2]}
    every = (*(fact.value for fact in some(page.facts, "field")), *page.about)
    if fields := [field for field in dict.fromkeys(every) if field not in titles]:
        yield ", ".join(fields)
    for fact in some(page.facts, "place", "zone"):
        there = say(", {time_there} there now", time_there=fact.time_there) if fact.time_there else ""
        yield f"{fact.label}: {fact.value}{there}" if fact.label else f"{fact.value}{there}"
    for fact in some(page.facts, "language"):
        yield say("speaks {language}", language=fact.value)
    if page.died:
        yield say("died {died}", died=page.died)


def _began(desk: Desk, page: PersonPage) -> tuple[str, ...]:
    """Say how it began as far as the archive tells, where the owner has said nothing of it."""
    if not page.contacts:
        return ()
    (first,) = contacts(desk, page.id, limit=1, offset=page.contacts - 1).contacts
    how = {
        "met": say("you met"),
        "sent": say("you wrote to them"),
        "received": say("they wrote to you"),
        "aside": say("they were named"),
    }
    about = f": {first.subject}" if first.subject else ""
    return (say("first known of on {on}, {how}{about}", on=plain_day(first.on), how=how[first.way], about=about),)


def _tie(page: PersonPage) -> str:
    tie = page.tie
    if tie is None:
        return say("not analysed, as you wished") if not page.analysed else say("no direct contact is known")
    if not tie.enough:
        return say("in touch since {first}; too early to say more", first=plain_day(tie.first))
    why = f": {tie.because[0].reason}" if tie.because else ""
    return say(
        "{band}, {momentum}, {strength:.0f} of 100, in touch since {year}{why}",
        band=label("band", tie.band),
        momentum=label("momentum", tie.momentum),
        strength=tie.strength,
        year=tie.first.year,
        why=why,
    )


def _changed(desk: Desk, page: PersonPage) -> Iterator[str]:
    for move in page.moves:
        if (desk.today - move.on).days <= MOVES:
            yield say("{day}: {now}, before: {before}", day=plain_day(move.on), now=move.now, before=move.before)
    for one in page.identities:
        if one.state == "silent" and one.since and (desk.today - one.since).days <= MOVES:
            yield say(
                "{day}: they write from another address than {address}", day=plain_day(one.since), address=one.value
            )
    since = page.tie.last.isoformat() if page.tie else ""
    for fact in some(page.facts, "place", "name"):
        if fact.yours and fact.on >= since:
            if fact.field == "place":
                yield say("{day}: moved to {place}", day=fact.on, place=fact.value)
            else:
                yield say("{day}: now called {name}", day=fact.on, name=fact.value)


def _dates(desk: Desk, page: PersonPage) -> Iterator[str]:
    """Yield the days within the next weeks that matter to them."""
    for fact in some(page.facts, "birthday", "date"):
        coming = next_time(fact.value, desk.today)
        if coming is not None and (coming - desk.today).days <= AHEAD:
            what = say("birthday") if fact.field == "birthday" else fact.label or say("a date")
            yield say("{what} on {coming}", what=what, coming=plain_day(coming))


def next_time(text: str, today: date) -> date | None:
    """Return the next time that a day of the year comes, None for a text that tells none."""
    tail = text[1:] if text.startswith("--") else text[4:] if len(text) == 10 else ""
    if len(tail) != 6:
        return None
    for year in (today.year, today.year + 1):
        try:
            day = date.fromisoformat(f"{year:04}{tail}")
        except ValueError:
            if tail != "-02-29":
                return None
            day = date(year, 2, 28)
        if day >= today:
            return day
    return None


def _partner(desk: Desk, person: int, known: Known, told: dict[int, Told]) -> tuple[str, str]:
    """Return somebody who offers what the person needs, and why."""
    needs = [wish.text for wish in known.agenda if wish.field == "need" and not wish.stale]
    if not needs:
        return "", ""
    for other, said in sorted(told.items()):
        for fact in said.facts.values():
            if other == person or fact.field != "offer" or fact.private:
                continue
            if any(matches(need, fact.value) for need in needs):
                listed = search.person(desk.database, other)
                if listed and not listed.person.body["died"]:
                    return listed.person.name, say("{name} offers: {offer}", name=listed.person.name, offer=fact.value)
    return "", ""


def _found(desk: Desk, person: int) -> list[tuple[bool, OpenLine]]:
    """Return what mails seem to promise or ask and nothing was noted of, each with whether it waits for the owner."""
    database = desk.database
    hidden = evidence.withdrawn(database)
    answered = {str(one.body.get("found")) for one in decisions.standing(database, ("entry", "entry_refused"))}
    own = set(derived.belongs_to(database, [person]))
    mine = owner_of(database).numbers
    waiting = []
    for kind in ("promise", "request"):
        by_them = evidence.findings(database, hidden, desk.end, by=own, kind=kind, limit=20)
        waiting += [(kind == "request", one) for one in by_them]
        by_me = evidence.findings(database, hidden, desk.end, by=mine, kind=kind, limit=200) if mine else []
        sent = _sent_to(desk, own, [one.moment for one in by_me])
        waiting += [(kind == "promise", one) for one in by_me if one.moment in sent]
    oldest = desk.today - timedelta(FOUND)
    return [
        (is_mine, OpenLine(quoted(one.sentence), desk.day(one.at), "mail"))
        for is_mine, one in waiting
        if f"found {one.id}" not in answered and desk.day(one.at) >= oldest
    ][:10]


def _sent_to(desk: Desk, own: set[int], moments: Sequence[int]) -> set[int]:
    kept: Iterable[evidence.KeptMoment] = evidence.moments(desk.database, moments) if moments else ()
    return {moment.id for moment in kept if own & {handle for handle, _ in moment.parties}}
