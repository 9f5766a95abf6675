"""Encounters: an event, the people met there, a line to each within days, and what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from struct import iter_unpack
from typing import NamedTuple

from msgspec import Struct, field

from amity.app.contacts import contacts_of
from amity.app.days import DAY_OR_NONE, named_day
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.freshness import refresh
from amity.app.identity import numbers
from amity.app.operation import Effect, operation
from amity.app.owner import SELF, owner_of, pairs
from amity.app.people import Named, Unknown, identify, named
from amity.errors import AmityError, Code
from amity.handles import parse
from amity.language import noted, plain_day, say
from amity.ledger.encounters import Fate, after_a_year, due, fate, funnel
from amity.ledger.timeline import ENTRY, WAY
from amity.model import Card, Channel, Handle, Moment, Party, Role, Since
from amity.plan.today import FOLLOW_UP_DAYS, Waiting
from amity.plan.words import FOLLOW_UP, met_at
from amity.store import decisions, derived, encounters, evidence, search

KINDS = ("event", "met", "encounter_refused")
MOST = 200  # people added at once
LONGEST_NAME = 200  # characters
PATIENCE = timedelta(days=FOLLOW_UP_DAYS)
PROPOSED = timedelta(days=60)  # meetings with strangers are proposed as encounters so long
_LINE = re.compile(r"\s*([^<>,;:]*(?:<[^<>]*>)?[^<>,;:]*?)\s*(?:[,;:]\s*(.*))?")


class FunnelLine(Struct, frozen=True):
    """Of so many who were met, how many were written to, answered, were met again, and helped or were helped."""

    met: int
    wrote: int
    answered: int
    met_again: int
    helped: int


class MetLine(Struct, frozen=True):
    """One person met at an event, and what became of it."""

    person: Named
    on: date
    said: str  # what was talked about
    stage: str  # "met" | "wrote" | "answered" | "met_again" | "helped"
    wrote: date | None
    answered: date | None
    again: date | None
    helped: date | None
    due: date | None  # by when a first line should go
    text: str  # for that line, to edit and send
    id: str


class EventLine(Struct, frozen=True):
    """One event, with how far its encounters came, and how far they had come after a year."""

    id: str
    name: str
    on: date
    place: str
    funnel: FunnelLine
    after_a_year: FunnelLine | None  # None while the year is not over
    people: tuple[MetLine, ...] = ()


class ProposedLine(Struct, frozen=True):
    """A meeting in the calendar with people not known before."""

    id: str
    name: str
    on: date
    source: str
    people: tuple[Named, ...]


class YearLine(Struct, frozen=True):
    """The people first met, in person, in one year, and how far it came."""

    year: int
    funnel: FunnelLine


class Encounters(Struct, frozen=True):
    """All events, the newest first, and how far encounters come overall."""

    events: tuple[EventLine, ...]
    overall: FunnelLine
    years: tuple[YearLine, ...]  # everybody whom the archive shows to have been met first, event or none
    proposed: tuple[ProposedLine, ...]


class _Met(NamedTuple):
    decision: int
    person: str  # "" where nobody has the handles any more
    name: str
    on: date
    said: str


class _Event(Struct):
    id: str
    name: str
    on: date
    place: str
    met: list[_Met] = field(default_factory=list)


@operation(Effect.WRITE, rules={"name": {"maxLength": LONGEST_NAME}, "on": DAY_OR_NONE})
def open_(desk: Desk, name: str, on: str = "", place: str = "", key: str = "") -> EventLine:
    """Open an event at which people are met; one of the same name and day is that one.

    Raises AmityError USAGE for an event without a name, or a day that is none. It may lie ahead.
    """
    refresh(desk)
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise AmityError(
            Code.USAGE, say("An event has a name."), say('For example `amity meet "Web Summit" --on 2026-11-03`.')
        )
    body = {"name": name, "on": (named_day(on) if on else desk.today).isoformat(), "place": " ".join(place.split())}
    with desk.database.transaction():
        earlier = decisions.repeated(desk.database, key, "event", body)
        known = next(
            (e for e in _events(desk) if (e.name.casefold(), e.on.isoformat()) == (name.casefold(), body["on"])), None
        )
        if earlier is None and known is not None:
            return _line(desk, known)
        number = (
            earlier.id
            if earlier
            else desk.record(key or decisions.new_key(), "event", noted("Event: {name}", name=name), body)
        )
    return _line(desk, _event(desk, f"v{number}"))


@operation(Effect.WRITE, rules={"on": DAY_OR_NONE})
def add(desk: Desk, event: str, people: Sequence[str], on: str = "", key: str = "") -> EventLine:
    """Add people to an event, one a line: "Ana Miller <ana@x.org>, batteries"; after the comma stands what was said.

    Each is a decision of its own, and the meeting is kept as an interaction. Raises AmityError USAGE for a line without
    a name or an address, NOT_FOUND for an event that there is not, or a name that several people bear.
    """
    refresh(desk)
    chosen = _event(desk, event)
    lines = [line for text in people for line in text.splitlines() if line.strip()]
    if not lines or len(lines) > MOST:
        raise AmityError(
            Code.USAGE,
            say("Say who was met: one to {most} lines.", most=MOST),
            say('For example "Ana <ana@x.org>, tea".'),
        )
    read = [_read(desk, line) for line in lines]
    _keep(desk, chosen, read, on, key)
    return _line(desk, _event(desk, chosen.id))


@operation(Effect.WRITE, names_files=True)
def add_cards(desk: Desk, event: str, file: Path, on: str = "", key: str = "") -> EventLine:
    """Add the people of a vCard file to an event: their cards are imported, and the meeting with each is kept.

    Raises AmityError NOT_FOUND for a file or an event that there is not, USAGE for a file without cards.
    """
    from amity.app import intake  # reading files is more than a look at encounters needs
    from amity.sources import vcard

    refresh(desk)
    chosen = _event(desk, event)
    if not file.is_file():
        raise AmityError(Code.NOT_FOUND, say("There is no file {file}.", file=file), say("Check the path."))
    cards = [item for item in vcard.read(file, Since()) if isinstance(item, Card)]
    if not cards or len(cards) > MOST:
        raise AmityError(
            Code.USAGE,
            say("{file} holds no cards.", file=file.name),
            say("A vCard file, as telephones send it, is wanted."),
        )
    base = key or decisions.new_key()
    intake.import_(desk, [str(file)], as_source="vcard", key=f"{base}:cards")
    refresh(desk)
    read = [(card.name, _of_card(card), "; ".join(card.notes[:1])) for card in cards]
    _keep(desk, chosen, read, on, base)
    return _line(desk, _event(desk, chosen.id))


@operation(Effect.READ)
def list_(desk: Desk, event: str = "") -> Encounters:
    """List the events, or one by its name or id: whom you met, a first line for each, and what became of it.

    With how far encounters come overall, and meetings with strangers that may be encounters. Raises AmityError
    NOT_FOUND for an event that there is not.
    """
    refresh(desk)
    known = [_event(desk, event)] if event else _events(desk)
    fates = _fates(desk, [met for event in known for met in event.met])
    lines = sorted((_shown(desk, event, fates) for event in known), key=lambda line: (line.on, line.id), reverse=True)
    everybody = [fates[met.decision] for event in known for met in event.met if met.on <= desk.today]
    if event:
        return Encounters(tuple(lines), _funnel(everybody), (), ())
    return Encounters(tuple(lines), _funnel(everybody), tuple(_years(desk)), tuple(_proposals(desk, known)))


@operation(Effect.WRITE)
def accept(desk: Desk, meeting: str, name: str = "", key: str = "") -> EventLine:
    """Make an encounter of a meeting with strangers that was proposed; `name` where it should be called otherwise.

    Raises AmityError NOT_FOUND for a meeting that is not proposed.
    """
    refresh(desk)
    found = _proposal(desk, meeting)
    base = key or decisions.new_key()
    event = open_(desk, name or found.name, found.on.isoformat(), key=base)
    read = [(who.name, _own(desk, int(who.id[1:])), "") for who in found.people]
    _keep(desk, _event(desk, event.id), read, found.on.isoformat(), base, seen=True)
    return _line(desk, _event(desk, event.id))


@operation(Effect.WRITE)
def refuse(desk: Desk, meeting: str, key: str = "") -> ProposedLine:
    """Say that a meeting with strangers was no encounter; it is not proposed again."""
    refresh(desk)
    found = _proposal(desk, meeting)
    with desk.database.transaction():
        body = {"meeting": found.id}
        if not decisions.repeated(desk.database, key, "encounter_refused", body):
            desk.record(
                key or decisions.new_key(), "encounter_refused", say("No encounter: {name}", name=found.name), body
            )
    return found


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield to whom a first line is due after an event, for today's plan. The derived tables must be fresh."""
    known = _events(desk)
    fates = _fates(desk, [met for event in known for met in event.met])
    for event in known:
        for met in event.met:
            if met.person and met.on <= desk.today and due(fates[met.decision], desk.today, PATIENCE):
                yield met.person, Waiting(FOLLOW_UP, met.on, met.said, event.name)


def places(desk: Desk) -> list[tuple[str, str, date]]:
    """Return id, place and day of the events that have a place."""
    return [(one.id, one.place, one.on) for one in _events(desk) if one.place]


# --- what was said ---------------------------------------------------------------------------------------------------


def _events(desk: Desk) -> list[_Event]:
    standing = decisions.standing(desk.database, ("event", "met"))
    handles = {Handle(*pair) for one in standing if one.kind == "met" for side in one.body["sides"] for pair in side}
    number = numbers(desk.database, handles) if handles else {}
    belongs = derived.belongs(desk.database, number.values()) if number else {}
    found: dict[str, _Event] = {}
    for one in standing:
        body = one.body
        if one.today > desk.today.isoformat():
            continue
        if one.kind == "event":
            found[f"v{one.id}"] = _Event(f"v{one.id}", body["name"], date.fromisoformat(body["on"]), body["place"])
        elif body["event"] in found:
            persons = (belongs.get(number.get(Handle(*pair), 0)) for pair in body["sides"][0])
            person = next((f"p{person}" for person in persons if person is not None), "")
            on = date.fromisoformat(body["on"])
            found[body["event"]].met.append(_Met(one.id, person, body["names"][0], on, body["said"]))
    return list(found.values())


def _event(desk: Desk, text: str) -> _Event:
    """Return the event that an id or a name means; of several of one name the newest."""
    wanted = " ".join(text.split()).casefold()
    known = [one for one in _events(desk) if wanted in (one.id, one.name.casefold())]
    if not known:
        raise AmityError(
            Code.NOT_FOUND, say("There is no event {text!r}.", text=text), say("`amity encounters` lists them.")
        )
    return max(known, key=lambda one: (one.on, int(one.id[1:])))


def _read(desk: Desk, line: str) -> tuple[str, list[Handle], str]:
    """Read "Ana Miller <ana@x.org>, batteries": a name, handles, and what was said."""
    match = _LINE.fullmatch(line)
    told, said = (match[1], match[2] or "") if match else ("", "")
    if not told.strip():
        raise AmityError(
            Code.USAGE,
            say("{line!r} names nobody.", line=line),
            say('Write it as "Ana Miller <ana@x.org>, batteries".'),
        )
    called, handle = parse(told)
    try:
        person = identify(desk, handle.value if handle.kind != "name" else told)
    except Unknown:
        return called or handle.value, [handle], " ".join(said.split())
    return named(desk, person).name, _own(desk, person), " ".join(said.split())


def _of_card(card: Card) -> list[Handle]:
    return [handle for handle in card.handles if handle.kind in ("email", "phone")] or [parse(card.name).handle]


def _own(desk: Desk, person: int) -> list[Handle]:
    held = derived.handles(desk.database, derived.belongs_to(desk.database, [person]))
    return [handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me")]


def _keep(
    desk: Desk, event: _Event, people: Iterable[tuple[str, list[Handle], str]], on: str, key: str, *, seen: bool = False
) -> None:
    """Keep each encounter as a decision, and the meeting under it, unless a source has told of it already (`seen`)."""
    day = named_day(on) if on else event.on
    if day > desk.today:
        raise AmityError(
            Code.USAGE, say("{on} lies ahead.", on=plain_day(day)), say("People are added once they were met.")
        )
    from amity.app.reading import keep_one

    base = key or decisions.new_key()
    with desk.database.transaction():
        for place, (name, handles, said) in enumerate(people):
            own = f"{base}:{place}"
            body = {"event": event.id, "sides": [pairs(handles)], "names": [name], "on": day.isoformat(), "said": said}
            if decisions.repeated(desk.database, own, "met", {"event": event.id, "names": [name]}):
                continue
            if any(met.name == name and met.on == day for met in event.met):
                continue
            about = f": {said}" if said else ""
            number = desk.record(
                own, "met", say("Met {name} at {event}{about}", name=name, event=event.name, about=about), body
            )
            if not seen:
                keep_one(desk, _moment(desk, own, day, name, handles[0], f"{event.name}{about}"), number)
    refresh(desk)


def _moment(desk: Desk, key: str, day: date, name: str, handle: Handle, subject: str) -> Moment:
    noon = int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp()) - desk.offset
    return Moment(
        key=blake2b(f"met {key}".encode(), digest_size=16).digest(),
        at=noon,
        channel=Channel.MEETING,
        parties=(Party(Role.FROM, "", SELF), Party(Role.TO, name, handle)),
        subject=subject,
        place=subject,
    )


# --- what became of it -----------------------------------------------------------------------------------------------


def _fates(desk: Desk, met: Sequence[_Met]) -> dict[int, Fate]:
    """Follow everybody who was met, by the decision that says so."""
    people = {int(one.person[1:]) for one in met if one.person}
    contacts = contacts_of(desk, people)
    deeds: dict[str, list[date]] = {}
    if people:
        for entry in entries_of(desk):
            if entry.kind in ("gift", "introduction", "recommendation"):
                for person in entry.people:
                    deeds.setdefault(person, []).append(entry.on)
    return {
        one.decision: fate(
            one.person,
            one.on,
            contacts.get(int(one.person[1:]), ()) if one.person else (),
            deeds.get(one.person, ()) if one.person else (),
        )
        for one in met
    }


def _funnel(fates: Iterable[Fate]) -> FunnelLine:
    return FunnelLine(*funnel(list(fates)))


def _line(desk: Desk, event: _Event) -> EventLine:
    return _shown(desk, event, _fates(desk, event.met))


def _shown(desk: Desk, event: _Event, fates: Mapping[int, Fate]) -> EventLine:
    told = [(met, fates[met.decision]) for met in event.met if met.on <= desk.today]
    year = event.on + min(timedelta(days=365), date.max - event.on)
    people = [
        MetLine(
            person=Named(met.person, met.name),
            on=met.on,
            said=met.said,
            stage=one.stage,
            wrote=one.wrote,
            answered=one.answered,
            again=one.again,
            helped=one.helped,
            due=(by := due(one, desk.today, PATIENCE)),
            text=met_at(met.name, event.name, met.said, (desk.today - met.on).days) if by else "",
            id=f"m{met.decision}",
        )
        for met, one in told
    ]
    return EventLine(
        id=event.id,
        name=event.name,
        on=event.on,
        place=event.place,
        funnel=_funnel(one for _, one in told),
        after_a_year=_funnel(after_a_year(one) for _, one in told) if year <= desk.today else None,
        people=tuple(sorted(people, key=lambda one: (one.due is None, one.due or one.on, one.person.name))),
    )


def _years(desk: Desk) -> Iterator[YearLine]:
    """Count by year the people whom the archive shows to have been met before anything was written."""
    gave = {person for entry in entries_of(desk) if entry.kind != "ask" for person in entry.people}
    counts: dict[int, list[int]] = {}
    for one in encounters.first_met(desk.database, -(1 << 62), desk.end):
        row = counts.setdefault(desk.day(one.first).year, [0] * 5)
        reached = (True, one.sent, one.sent and one.received, one.met > 1, f"p{one.person}" in gave)
        for place, came in enumerate(reached):
            row[place] += bool(came)
    for year in sorted(counts, reverse=True):
        yield YearLine(year, FunnelLine(*counts[year]))


# --- meetings with strangers -----------------------------------------------------------------------------------------


def _proposals(desk: Desk, known: Sequence[_Event]) -> Iterator[ProposedLine]:
    """Yield recent meetings at which the owner first met somebody, and that are neither opened nor refused."""
    since = desk.end - int(min(PROPOSED, desk.today - date.min).total_seconds())
    strangers = {one.person: one.first for one in encounters.first_met(desk.database, since, desk.end)}
    told = {met.person for event in known for met in event.met}
    strangers = {person: first for person, first in strangers.items() if f"p{person}" not in told}
    if not strangers:
        return
    of_handle = derived.belongs_to(desk.database, strangers)
    first: dict[int, set[int]] = {}
    for handle, body in derived.strands(desk.database, of_handle):
        person = of_handle[handle]
        for at, moment, flags in iter_unpack(ENTRY, body):
            if at == strangers[person] and flags & WAY:
                first.setdefault(moment, set()).add(person)
    refused = {one.body["meeting"] for one in decisions.standing(desk.database, ("encounter_refused",))}
    mine = owner_of(desk.database).numbers
    kept = evidence.moments(desk.database, first)
    behind = search.people_of(desk.database, {handle for moment in kept for handle, _ in moment.parties} - mine)
    names = dict(behind.values())
    for moment in kept:
        people = [Named(f"p{person}", names[person]) for person in sorted(first[moment.id]) if person in names]
        if moment.channel is Channel.MEETING and moment.source != "log" and people and f"m{moment.id}" not in refused:
            name = moment.subject or say("A meeting on {day}", day=plain_day(desk.day(moment.at)))
            yield ProposedLine(f"m{moment.id}", name, desk.day(moment.at), moment.source, tuple(people))


def _proposal(desk: Desk, meeting: str) -> ProposedLine:
    for one in _proposals(desk, _events(desk)):
        if one.id == meeting:
            return one
    raise AmityError(
        Code.NOT_FOUND, say("{meeting!r} is not proposed.", meeting=meeting), say("`amity encounters` shows what is.")
    )
