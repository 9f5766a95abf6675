"""People: find them, show one whole, and say who is a machine and who is the owner."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app.bounces import standing
from amity.app.desk import Desk
from amity.app.fields import AGENDA, Told, told_of, told_of_all
from amity.app.freshness import keep, refresh
from amity.app.known import FactLine, imported, lines, some
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of, pairs, told
from amity.app.positions import history, in_words
from amity.app.ties import TieLine, tie_line
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.handles import handle as spell
from amity.handles import parse, person_number
from amity.language import retold, say
from amity.ledger.timeline import by_month, newest
from amity.model import Card, Handle, Reason, Role
from amity.store import decisions, derived, evidence, search
from amity.store.db import Database
from amity.store.derived import CardRow
from amity.store.search import Listed, Sieve

TIMELINE = 40
NOTED = 2  # letters of a word that is looked for in notes and fields


class PositionLine(Struct, frozen=True):
    """A role at an organisation, the source that first said so, and from when to when it was said."""

    organisation: str
    title: str
    source: str
    first: date | None = None
    last: date | None = None


class MoveLine(Struct, frozen=True):
    """A change of position that was noticed: a reason to write."""

    on: date
    before: str
    now: str
    source: str


class PersonLine(Struct, frozen=True):
    """One person in a list."""

    id: str
    name: str
    handles: tuple[str, ...]
    positions: tuple[PositionLine, ...]
    segment: str
    counts: dict[str, int]
    strength: float | None
    momentum: str | None
    first: date | None
    last: date | None


class PeopleList(Struct, frozen=True):
    """People that match, the strongest ties first, and how many there are in all."""

    people: tuple[PersonLine, ...]
    total: int


class Identity(Struct, frozen=True):
    """An address under which a person appears."""

    kind: str
    value: str
    state: str = ""  # of a mail address: "works" | "dead" | "full" | "silent" | "unknown"
    since: date | None = None
    words: str = ""  # what the server said of a dead one
    preferred: bool = False  # the one to write to


class Interaction(Struct, frozen=True):
    """One dated contact, as a timeline shows it."""

    id: str
    on: date
    channel: str
    way: str  # "sent" | "received" | "met" | "aside"
    subject: str
    others: tuple[str, ...]
    source: str
    place: int | str
    imprecise: bool


class Contacts(Struct, frozen=True):
    """Some contacts of one person, newest first, and how many there are in all."""

    person: str
    name: str
    contacts: tuple[Interaction, ...]
    total: int


class MonthCount(Struct, frozen=True):
    """How many contacts of one way a month held."""

    year: int
    month: int  # 1 to 12
    way: str  # "sent" | "received" | "met"
    contacts: int


class Named(Struct, frozen=True):
    """A person, by id and name; the id is empty for somebody who is not known."""

    id: str
    name: str


class WayIn(Struct, frozen=True):
    """One way to a person over others: whom to ask first, who stands between, and how warm it is."""

    over: tuple[Named, ...]
    warmth: float  # 0 to 1
    because: str


class PersonPage(Struct, frozen=True):
    """One person whole."""

    id: str
    kind: str
    name: str
    aliases: tuple[str, ...]
    identities: tuple[Identity, ...]
    positions: tuple[PositionLine, ...]
    moves: tuple[MoveLine, ...]
    birthday: str
    died: str
    about: tuple[str, ...]
    places: tuple[str, ...]
    notes: tuple[str, ...]
    agenda: tuple[FactLine, ...]
    offers: tuple[FactLine, ...]
    facts: tuple[FactLine, ...]  # all that is known, yours first
    analysed: bool
    ledger: tuple[str, ...]
    timeline: tuple[Interaction, ...]
    contacts: int
    tie: TieLine | None
    paths_in: tuple[WayIn, ...]  # over others, the warmest first
    because: tuple[Reason, ...]
    sources: tuple[str, ...]


class Machine(Struct, frozen=True):
    """An address set aside as no person, with its reasons."""

    id: str
    name: str
    handles: tuple[str, ...]
    kind: str
    because: tuple[Reason, ...]


class OwnerLine(Struct, frozen=True):
    """What is taken for the owner."""

    handles: tuple[str, ...]
    because: tuple[str, ...]


class Unknown(AmityError):
    """Nobody goes by what was asked for (several do is another matter)."""


@operation(Effect.READ)
def find(
    desk: Desk,
    query: str = "",
    limit: int = 50,
    offset: int = 0,
    *,
    segment: str = "",
    momentum: str = "",
    role: str = "",
    pin: str = "",
    private: bool = True,
) -> PeopleList:
    """List people whose name, addresses, position, notes or fields hold every word of the query.

    `segment`, `momentum`, `role` and `pin` narrow it to those of whom they are true. Without `private`, nothing that
    the owner keeps to themselves is looked into.
    """
    refresh(desk)
    _listen(desk.database)
    sieve = Sieve(segment, momentum, _said(desk, role, pin), noted(desk, query, private=private))
    listed = search.find(desk.database, query, limit, offset, sieve=sieve)
    handles = search.handles_of(desk.database, (one.person.id for one in listed))
    shown = tuple(_line(desk, one, tuple(h.value for _, h in handles.get(one.person.id, ()))) for one in listed)
    return PeopleList(shown, search.count(desk.database, query, sieve=sieve))


def _said(desk: Desk, role: str, pin: str) -> list[int] | None:
    """Return those of whom the owner said a role and a pin; None where neither matters."""
    if not role and not pin:
        return None
    said = words_on_ties(desk.database).words
    return [who for who, word in said.items() if role in ("", *word.roles) and pin in ("", word.pin)]


def _listen(database: Database) -> None:
    """Make the words of cards that came since findable: once a card, so that a keystroke reads none."""
    if not search.all_told(database):
        with database.transaction():
            search.put_tellings(database, (_telling(*one) for one in search.untold(database)))


def _telling(number: int, own: int, card: Card) -> tuple[int, int, str, str]:
    from amity.app import card_facts  # reads vCards, of which most reads find none

    said = card_facts.facts(card, "")
    shown, private = (
        "\n".join(f"{fact.label} {fact.value}" for fact in said if fact.private is kept).casefold()
        for kept in (False, True)
    )
    return number, own, shown, private


def noted(desk: Desk, query: str, *, private: bool = True) -> frozenset[int]:
    """Return the people whom notes and fields that hold every word of the query add to those of their names.

    The derived tables must be fresh, and the words of all cards be kept.
    """
    words = query.casefold().split()
    if not words or min(map(len, words)) < NOTED:
        return frozenset()
    database = desk.database
    told = told_of_all(database, desk.today.isoformat())
    hidden = evidence.withdrawn(database)
    holders = search.holders(database, words, desk.end, hidden)
    # Of most people one card tells it, and the owner said nothing that outranks it.
    found = {one.person for one in holders if one.single and one.person not in told and (private or one.shown)}
    belongs = derived.belongs_to(database, {one.person for one in holders} - found)
    cards = derived.cards(database, desk.end, hidden, belongs) if belongs else []
    held: dict[int, list[CardRow]] = {}
    for card in reversed(cards):
        if card.own in belongs:
            held.setdefault(belongs[card.own], []).append(card)
    for person in {*told, *held}:
        known = told.get(person, Told()).applied(person, imported(desk, held.get(person, ())))
        text = "\n".join(f"{fact.label} {fact.value}" for fact in known if private or not fact.private).casefold()
        if all(word in text for word in words):
            found.add(person)
    return frozenset(found)


def _line(desk: Desk, listed: Listed, handles: tuple[str, ...]) -> PersonLine:
    person, tie = listed
    counts = {way: getattr(tie, way) if tie else 0 for way in ("sent", "received", "met")}
    return PersonLine(
        id=f"p{person.id}",
        name=person.name,
        handles=handles,
        positions=_positions(person.organisation, person.title),
        segment=tie.segment if tie else "unknown",
        counts=counts,
        strength=round(tie.strength, 1) if tie else None,
        momentum=tie.momentum if tie else None,
        first=None if person.first is None else desk.day(person.first),
        last=None if person.last is None else desk.day(person.last),
    )


def _positions(organisation: str, title: str) -> tuple[PositionLine, ...]:
    return (PositionLine(organisation, title, ""),) if organisation or title else ()


def identify(desk: Desk, text: str) -> int:
    """Return the one person that a text means: an id, an address, or a name.

    Raises AmityError NOT_FOUND where it is nobody, or several, who are then named. The derived tables must be fresh.
    """
    if not text.strip():
        raise AmityError(Code.USAGE, say("Nobody is named."), say("Say a name, an address, or an id such as p12."))
    database = desk.database
    by_id = person_number(text)
    if by_id is not None and (listed := search.person(database, by_id)):
        return listed.person.id
    by_handle = search.person_of(database, spell(text))
    if by_handle is not None:
        return by_handle
    listed_all = search.find(database, text, 8, kinds=("person", "role", "robot", "list", "me"))
    wanted = text.strip().casefold()
    exact = [one for one in listed_all if one.person.name.casefold() == wanted]
    exact = exact or [one for one in listed_all if wanted in map(str.casefold, one.person.body["aliases"])]
    candidates = exact or listed_all
    if len(candidates) == 1:
        return candidates[0].person.id
    if not candidates:
        raise Unknown(
            Code.NOT_FOUND,
            say("Nobody is known as {to!r}.", to=text),
            say("Try `amity people` with a part of the name."),
        )
    names = "; ".join(f"p{one.person.id} {one.person.name}" for one in candidates)
    raise AmityError(
        Code.NOT_FOUND, say("{text!r} may be several people: {names}.", text=text, names=names), say("Say which by id.")
    )


def some_people(desk: Desk, people: Sequence[str]) -> tuple[PersonLine, ...]:
    """Return some people by their ids, as lists show them. The derived tables must be fresh."""
    wanted = [found for text in people if (found := person_number(text)) is not None]
    listed = search.persons(desk.database, wanted)
    handles = search.handles_of(desk.database, (one.person.id for one in listed))
    return tuple(_line(desk, one, tuple(h.value for _, h in handles.get(one.person.id, ()))) for one in listed)


def named(desk: Desk, person: int) -> Named:
    """Return a person's id and name, through a redirect where one leads on."""
    listed = search.person(desk.database, person)
    return Named(f"p{listed.person.id}", listed.person.name) if listed else Named(f"p{person}", "?")


def cards_of(desk: Desk, person: int) -> list[CardRow]:
    """Return the cards in force that are a person's own, newest first. The derived tables must be fresh."""
    database = desk.database
    own = {handle for handle, owner in derived.belongs_to(database, [person]).items() if owner == person}
    cards = derived.cards(database, desk.end, evidence.withdrawn(database), own) if own else []
    return sorted((card for card in cards if card.own in own), key=lambda card: -card.id)


@operation(Effect.READ)
def show(desk: Desk, person: str, *, private: bool = True) -> PersonPage:
    """Show one person whole: addresses, positions, facts, the tie and its reasons, and the newest contacts.

    Without `private`, no fact that the owner keeps to themselves.
    """
    refresh(desk)
    page = page_of(desk, identify(desk, person), private=private)
    return replace(page, paths_in=_ways_in(desk, int(page.id[1:]))) if page.kind == "person" else page


def page_of(desk: Desk, person: int, *, private: bool) -> PersonPage:
    """Return one person whole, but for the ways to them over others. The derived tables must be fresh."""
    database = desk.database
    listed = search.person(database, person)
    if listed is None:
        raise AmityError(Code.NOT_FOUND, say("Nobody is known as {to!r}.", to=f"p{person}"))
    row, tie = listed
    handles = search.handles_of(database, [row.id]).get(row.id, [])
    own = [handle for handle, owner in derived.belongs_to(database, [row.id]).items() if owner == row.id]
    hidden = evidence.withdrawn(database)
    cards = cards_of(desk, row.id)
    told = told_of(database, desk.today.isoformat(), row.id)
    facts = lines(desk, row.id, cards, private=private, told=told)
    one_of = {fact.field: fact.value for fact in some(facts, "birthday", "died")[::-1]}
    held, moves = history(desk, own, hidden)
    ids, contacts = newest([body for _, body in derived.strands(database, own)], desk.end, TIMELINE)
    timeline = _timeline(desk, ids, set(own))
    return PersonPage(
        id=f"p{row.id}",
        kind=row.kind,
        name=row.name,
        aliases=tuple(row.body["aliases"]),
        identities=_identities(desk, handles),
        positions=tuple(
            PositionLine(
                one.position.organisation, one.position.title, one.source, desk.day(one.first), desk.day(one.last)
            )
            for one in held
        ),
        moves=tuple(
            MoveLine(desk.day(move.at), in_words(move.before), in_words(move.now), move.source) for move in moves
        ),
        birthday=one_of.get("birthday", row.birthday),
        died=one_of.get("died", row.body["died"]),
        about=tuple(row.body["about"]),
        places=tuple(fact.value for fact in some(facts, "place")),
        notes=tuple(fact.value for fact in some(facts, "note")),
        agenda=some(facts, *AGENDA),
        offers=some(facts, "offer"),
        facts=facts,
        analysed=told.analysed,
        ledger=(),
        timeline=timeline,
        contacts=contacts,
        tie=tie_line(desk, listed, tuple(handle.value for _, handle in handles)) if tie else None,
        paths_in=(),
        because=reasons_kept(row.body["because"]),
        sources=tuple(dict.fromkeys([*(card.source for card in cards), *(one.source for one in timeline)])),
    )


def reasons_kept(kept: Iterable[Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Return reasons that were kept in English, in the language that is spoken."""
    return tuple(Reason(retold(one["reason"]), retold(one["figure"]), one["weight"]) for one in kept)


def _ways_in(desk: Desk, person: int) -> tuple[WayIn, ...]:
    def work_out() -> tuple[WayIn, ...]:
        from amity.app.paths import ways_in  # paths stand on people

        return ways_in(desk, person)

    return keep(desk, f"ways in p{person}", tuple[WayIn, ...], work_out)


def _identities(desk: Desk, handles: Sequence[tuple[int, Handle]]) -> tuple[Identity, ...]:
    """Say how each address stands: the one that works best first, a dead one last."""
    known = standing(desk, dict(handles))
    shown = []
    for number, handle in handles:
        one = known.get(number)
        since = None if one is None or one.since is None else desk.day(one.since)
        plain = Identity(handle.kind, handle.value)
        shown.append(plain if one is None else Identity(*handle, one.state, since, one.words, one.preferred))
    return tuple(sorted(shown, key=lambda one: (one.state == "dead", not one.preferred)))


@operation(Effect.READ)
def contacts(desk: Desk, person: str, limit: int = TIMELINE, offset: int = 0) -> Contacts:
    """List the contacts of one person, newest first, a page at a time."""
    refresh(desk)
    database = desk.database
    listed = search.person(database, identify(desk, person))
    if listed is None:
        raise AmityError(Code.NOT_FOUND, say("Nobody is known as {to!r}.", to=person))
    row = listed.person
    own = [handle for handle, owner in derived.belongs_to(database, [row.id]).items() if owner == row.id]
    ids, total = newest([body for _, body in derived.strands(database, own)], desk.end, limit, offset)
    return Contacts(f"p{row.id}", row.name, _timeline(desk, ids, set(own)), total)


@operation(Effect.READ)
def months(desk: Desk, person: str) -> tuple[MonthCount, ...]:
    """Count the direct contacts with one person by month and way, oldest first."""
    refresh(desk)
    own = derived.belongs_to(desk.database, [identify(desk, person)])
    counted = by_month([body for _, body in derived.strands(desk.database, own)], desk.end, desk.offset)
    return tuple(
        MonthCount(month // 12, month % 12 + 1, way, n) for (way, month), n in sorted(counted.items(), key=_month_first)
    )


def _month_first(item: tuple[tuple[str, int], int]) -> tuple[int, str]:
    (way, month), _ = item
    return month, way


def _timeline(desk: Desk, ids: Sequence[int], own: set[int]) -> tuple[Interaction, ...]:
    database = desk.database
    kept = evidence.moments(database, ids)
    owner = owner_of(database).numbers
    behind = search.people_of(database, {handle for moment in kept for handle, _ in moment.parties})
    lines = []
    for moment in kept:
        senders = {handle for handle, role in moment.parties if role is Role.FROM}
        if not moment.channel.has_direction:
            way = "met" if owner.intersection(handle for handle, _ in moment.parties) else "aside"
        elif senders & owner:
            way = "sent"
        else:
            reached = moment.source in derived.MAILBOXES or owner.intersection(handle for handle, _ in moment.parties)
            way = "received" if senders & own and reached else "aside"
        others = dict.fromkeys(
            behind[handle][1] for handle, _ in moment.parties if handle in behind and handle not in own | owner
        )
        lines.append(
            Interaction(
                f"m{moment.id}",
                desk.day(moment.at),
                moment.channel.word,
                way,
                moment.subject,
                tuple(others),
                moment.source,
                moment.place,
                moment.imprecise,
            )
        )
    return tuple(lines)


@operation(Effect.READ)
def machines(desk: Desk, limit: int = 1000, offset: int = 0) -> tuple[Machine, ...]:
    """List the addresses set aside as robots, mailing lists or role addresses, each with its reasons."""
    refresh(desk)
    listed = search.find(desk.database, "", limit, offset, kinds=("robot", "list", "role"))
    handles = search.handles_of(desk.database, (one.person.id for one in listed))
    return tuple(
        Machine(
            f"p{one.person.id}",
            one.person.name,
            tuple(handle.value for _, handle in handles.get(one.person.id, ())),
            one.person.kind,
            reasons_kept(one.person.body["because"]),
        )
        for one in listed
    )


@operation(Effect.WRITE)
def tell_machine(desk: Desk, person: str, is_machine: bool, key: str = "") -> str:
    """Say that somebody is a person after all, or no person; this outranks what Amity thinks."""
    refresh(desk)
    database = desk.database
    who = identify(desk, person)
    listed = search.person(database, who)
    name = listed.person.name if listed else person
    # The handle of a card counts too: somebody may be known from an address book alone.
    held = derived.handles(database, derived.belongs_to(database, [who])).values()
    handles = [handle for handle in held if handle.kind not in ("person", "me")]
    verdict = "machine" if is_machine else "person"
    summary = say("{name} is no person", name=name) if is_machine else say("{name} is a person", name=name)
    with database.transaction():
        body = {"handles": pairs(handles), "is": verdict}
        if not decisions.repeated(database, key, "machine", body):
            desk.record(key or decisions.new_key(), "machine", summary, body)
    return summary


@operation(Effect.READ)
def me(desk: Desk) -> OwnerLine:
    """Say which addresses and names are taken for the owner, and why."""
    return OwnerLine(*told(owner_of(desk.database)))


@operation(Effect.WRITE, some=("add", "remove"))
def set_me(desk: Desk, add: Sequence[str] = (), remove: Sequence[str] = (), key: str = "") -> OwnerLine:
    """Add to or take from what is the owner's; directions and ties are worked out anew."""
    database = desk.database
    body = {"me": pairs(parse(text).handle for text in add), "not_me": pairs(parse(text).handle for text in remove)}
    words = [
        *(say("{text} is you", text=text) for text in add),
        *(say("{text} is not you", text=text) for text in remove),
    ]
    if not words or not all(text.strip() for text in (*add, *remove)):
        raise AmityError(
            Code.USAGE,
            say("Say which address is yours or is not."),
            say("For example `amity me --add you@example.org`."),
        )
    with database.transaction():
        if not decisions.repeated(database, key, "me", body):
            desk.record(key or decisions.new_key(), "me", "; ".join(words), body)
    return me(desk)
