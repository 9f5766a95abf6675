"""Journeys: where the owner will be, and whom they know there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from amity.app import encounters
from amity.app.days import named_day
from amity.app.desk import Desk
from amity.app.fields import told_of_all
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.people import Named
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.language import day, day_and_month, say
from amity.people import countries
from amity.plan import journey
from amity.plan.journey import AHEAD, LATELY, Journey, is_there
from amity.plan.today import Waiting
from amity.plan.words import PLACE
from amity.store import acquaintances, decisions, evidence, search

KINDS = ("journey", "journey_gone")


class ThereLine(Struct, frozen=True):
    """Somebody known at a place, and how that is known."""

    person: Named
    known: str


class JourneyLine(Struct, frozen=True):
    """One journey, and whom the owner knows there, the strongest ties first."""

    id: str  # of an event that was opened with its place, the event's
    place: str
    first: date
    last: date
    people: tuple[ThereLine, ...]


@operation(Effect.WRITE)
def add(desk: Desk, journey: str, first: str = "", last: str = "", key: str = "") -> JourneyLine:
    """Say where you will be, in a sentence: "in Berlin next week"; or the place alone, with the first and last day.

    Answers whom you know there. Raises AmityError USAGE for a sentence without a place, or days that are none.
    """
    refresh(desk)
    told = _read(journey, desk.today, first, last)
    body = {"place": told.place, "first": told.first.isoformat(), "last": told.last.isoformat()}
    with desk.database.transaction():
        same = next((number for number, one in _told(desk).items() if one == told), "")
        earlier = decisions.repeated(desk.database, key, "journey", body)
        if not same and not earlier:
            summary = say("In {place} from {first} to {last}", place=told.place, first=told.first, last=told.last)
            desk.record(key or decisions.new_key(), "journey", summary, body)
    known = _told(desk)
    number = same or (f"j{earlier.id}" if earlier else max(known, key=lambda one: int(one[1:])))
    return _lines(desk, {number: told})[0]


@operation(Effect.WRITE)
def drop(desk: Desk, journey: str, key: str = "") -> str:
    """Say that a journey is off, by its id. Raises AmityError NOT_FOUND for one that there is not."""
    refresh(desk)
    told = _told(desk).get(journey)
    if told is None:
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no journey {journey!r}.", journey=journey),
            say("`amity journey` lists them."),
        )
    with desk.database.transaction():
        body = {"journey": journey}
        if not decisions.repeated(desk.database, key, "journey_gone", body):
            desk.record(key or decisions.new_key(), "journey_gone", f"Not in {told.place}", body)
    return say("You will not be in {place}.", place=told.place)


@operation(Effect.READ)
def list_(desk: Desk) -> tuple[JourneyLine, ...]:
    """List the journeys under way or to come, the next first, each with whom you know there.

    An event that was opened for a day to come, with its place, is one too.
    """
    refresh(desk)
    return _lines(desk, _ahead(desk))


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield who lives where the owner will soon be, for today's plan. The derived tables must be fresh."""
    soon = desk.today + min(timedelta(AHEAD), date.max - desk.today)
    ahead = {number: one for number, one in _ahead(desk).items() if one.first <= soon}
    for line in _lines(desk, ahead) if ahead else ():
        since = line.first - min(timedelta(AHEAD), line.first - date.min)
        for one in line.people:
            yield one.person.id, Waiting(PLACE, since, line.place, one.known, line.last, _when(line.first, line.last))


def country_of(desk: Desk, person: int) -> str:
    """Return the two-letter country of a person: by your word, their card or their telephone; "" where not known."""
    said = told_of_all(desk.database, desk.today.isoformat()).get(person)
    addresses = [one.value for one in said.facts.values() if one.field == "place"][::-1] if said else []
    for card in acquaintances.described(desk.database, [person]):
        addresses += card.addresses
    handles = search.handles_of(desk.database, [person]).get(person, ())
    return countries.of(addresses, [handle.value for _, handle in handles if handle.kind == "phone"])


def _when(first: date, last: date) -> str:
    if first == last:
        return say("on {day}", day=day(first))
    return say("from {first} to {last}", first=day_and_month(first), last=day(last))


def _read(text: str, today: date, first: str, last: str) -> Journey:
    try:
        told = journey.read(text, today)
    except ValueError as error:
        raise AmityError(
            Code.USAGE, say("{text!r} tells no place and days.", text=text), say('Say it as "in Berlin next week".')
        ) from error
    if first or last:
        begin = named_day(first) if first else told.first
        told = told._replace(first=begin, last=named_day(last) if last else begin)
    if not told.first <= told.last:
        raise AmityError(Code.USAGE, say("The last day comes before the first."), say("Say the days in their order."))
    if told.last < today:
        raise AmityError(Code.USAGE, say("{on} is over.", on=told.last.isoformat()), say("Say where you will be."))
    return told


def _told(desk: Desk) -> dict[str, Journey]:
    """Return the journeys that stand, by id."""
    found: dict[str, Journey] = {}
    for one in decisions.standing(desk.database, KINDS):
        if one.today > desk.today.isoformat():
            continue
        if one.kind == "journey_gone":
            found.pop(one.body["journey"], None)
        else:
            days = (date.fromisoformat(one.body[end]) for end in ("first", "last"))
            found[f"j{one.id}"] = Journey(one.body["place"], *days)
    return found


def _ahead(desk: Desk) -> dict[str, Journey]:
    events = {number: Journey(place, on, on) for number, place, on in encounters.places(desk)}
    return {number: one for number, one in (_told(desk) | events).items() if one.last >= desk.today}


def _lines(desk: Desk, journeys: Mapping[str, Journey]) -> tuple[JourneyLine, ...]:
    known = _where(desk) if journeys else {}
    ended = {person for person, word in words_on_ties(desk.database).words.items() if word.state}
    lines = []
    for number, one in sorted(journeys.items(), key=lambda row: (row[1].first, row[1].last, row[0])):
        there = []
        for person, (name, told) in known.items():
            how = next((how for text, how in told if is_there(one.place, text)), "")
            if how and person not in ended:
                there.append(ThereLine(Named(f"p{person}", name), how))
        lines.append(JourneyLine(number, one.place, one.first, one.last, tuple(there)))
    return tuple(lines)


def _where(desk: Desk) -> dict[int, tuple[str, list[tuple[str, str]]]]:
    """Return where everybody is known to be, the strongest tie first: name, and texts with how each is known.

    The owner's word first, then what cards tell, then the place that the last letter names.
    """
    said = told_of_all(desk.database, desk.today.isoformat())
    cards = {one.person: one.addresses for one in acquaintances.described(desk.database) if one.addresses}
    listed = [one for one in search.ties(desk.database) if not one.person.body["died"]]
    lately = desk.end - LATELY * 86_400
    letters = {
        one.person.id: one.tie.heard_moment
        for one in listed
        if one.tie and one.tie.heard_moment is not None and (one.tie.heard or 0) >= lately
    }
    subjects = evidence.subjects(desk.database, letters.values()) if letters else {}
    found = {}
    for row, _ in listed:
        facts = said[row.id].facts.values() if row.id in said else ()
        places = [one.value for one in facts if one.field == "place" and not one.private]
        texts = [(text, say("you noted “{place}”", place=text)) for text in places]
        texts += [(text, say("their card says “{place}”", place=text)) for text in cards.get(row.id, ())]
        subject = subjects.get(letters.get(row.id, -1), "")
        if subject:
            texts.append((subject, say("their last letter: “{subject}”", subject=subject)))
        if texts:
            found[row.id] = row.name, texts
    return found
