"""Roles: what somebody seems to be to the owner, with what speaks for it, and the owner's answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from amity.app import card_facts, closeness
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.fields import SETS, Fact, told_of_all
from amity.app.freshness import keep, refresh
from amity.app.operation import Effect, operation
from amity.app.people import Named, identify
from amity.app.ties import TieLine
from amity.app.words import words_on_ties
from amity.insight.words import ROLES, Word
from amity.ledger.entries import ME, THEM
from amity.model import Reason
from amity.people.machines import PUBLIC
from amity.store import derived, evidence, search

if TYPE_CHECKING:
    from amity.insight.roles import Ground, Signs, Subject
    from amity.ledger.strands import Entries

LOOKED_AT = 60  # of the strongest ties
SUBJECTS = 400  # of each, the newest
FEW = 3  # people met at once, at most, for an evening to be one among friends
HOUR = 3_600
WORKING = (9, 17)  # hours
DATE_ONLY = (0, 12 * HOUR)  # seconds into the day at which sources put what they know no hour of
GIVEN = ("gift", "recommendation", "introduction")


class RoleProposal(Struct, frozen=True):
    """A role that somebody seems to have, with what speaks for it."""

    person: Named
    role: str
    weight: float  # 1 is enough to propose it
    because: tuple[Reason, ...]


class RoleHolders(Struct, frozen=True):
    """Who has a role by your word."""

    role: str
    people: tuple[Named, ...]


class Roles(Struct, frozen=True):
    """The roles that you gave, and those that are proposed and wait for your word."""

    yours: tuple[RoleHolders, ...]
    proposed: tuple[RoleProposal, ...]


@operation(Effect.READ)
def list_(desk: Desk, limit: int = 50) -> Roles:
    """List who has which role by your word, and the roles that the strongest ties seem to have, each with its reasons.

    What you refused once is not proposed again.
    """
    refresh(desk)
    return keep(desk, f"roles {limit}", Roles, lambda: _list(desk, limit))


def _list(desk: Desk, limit: int) -> Roles:
    said = words_on_ties(desk.database).words
    people = [one.person.id for one in search.ties(desk.database, LOOKED_AT)]
    people += [one for one, word in said.items() if word.kin and one not in people]
    names = search.names(desk.database, [*people, *said])
    from amity.insight import roles

    ground, signs = _gather(desk, people, said)
    proposed = [
        RoleProposal(Named(f"p{person}", names[person]), one.role, one.weight, one.because)
        for person in people
        if not said.get(person, Word()).state
        for one in roles.propose(signs[person], ground)
        if one.role not in (*said.get(person, Word()).roles, *said.get(person, Word()).refused)
    ]
    proposed.sort(key=lambda one: -one.weight)
    yours = (
        RoleHolders(role, tuple(Named(f"p{one}", names[one]) for one, word in said.items() if role in word.roles))
        for role in ROLES
    )
    return Roles(tuple(one for one in yours if one.people), tuple(proposed[:limit]))


@operation(Effect.WRITE, words={"role": closeness.WORDS["roles"]})
def answer(desk: Desk, person: str, role: str, fits: bool, key: str = "") -> TieLine | None:
    """Say that a role fits somebody, beside those that they have, or that it does not; a refusal is remembered.

    Raises AmityError USAGE for a role that there is not.
    """
    if not fits:
        return closeness.tell(desk, person, not_roles=[role], key=key)
    refresh(desk)
    known = words_on_ties(desk.database).words.get(identify(desk, person), Word()).roles
    return closeness.tell(desk, person, roles=[*known, role], key=key)


def _gather(desk: Desk, people: Sequence[int], said: Mapping[int, Word]) -> tuple[Ground, dict[int, Signs]]:
    """Gather what may tell the roles of some people, and what is known of the owner."""
    from amity.app.tiebook import gather
    from amity.insight.roles import Ground, Signs

    database = desk.database
    listed = {one.person.id: one.person for one in search.persons(database, people)}
    handles = search.handles_of(database, people)
    mine = [one.person for one in search.find(database, "", 5, kinds=("me",))]
    own = search.handles_of(database, [one.id for one in mine])
    at_home = frozenset(
        domain for held in own.values() for _, handle in held if (domain := _domain(handle.kind, handle.value))
    )
    domains = {
        person: frozenset(
            domain for _, handle in handles.get(person, ()) if (domain := _domain(handle.kind, handle.value))
        )
        for person in people
    }
    ground = Ground(
        family_names=frozenset(one.name.split()[-1].casefold() for one in mine if len(one.name.split()) > 1),
        organisation=next((one.organisation for one in mine if one.organisation), ""),
        domains=at_home,
        people_at=Counter(domain for held in domains.values() for domain in held & at_home),
        people=sum(any(handle.kind == "email" for _, handle in held) for held in handles.values()),
    )
    found = gather(desk, list(people))
    bounds = pairwise(found.person.searchsorted(range(len(people) + 1)).tolist())
    entries = {person: found.entries[low:high] for person, (low, high) in zip(people, bounds, strict=True)}
    subjects = _subjects(desk, entries)
    advised, asked = _favours(desk)
    told = told_of_all(database, desk.today.isoformat())
    related = _related(desk, [one.id for one in mine])
    names = {person: {row.name.casefold(), *map(str.casefold, row.body["aliases"])} for person, row in listed.items()}
    signs = {}
    for person in people:
        row = listed[person]
        hours = _hours(entries[person], desk.offset)
        facts = told[person].facts.values() if person in told else ()
        signs[person] = Signs(
            name=row.name,
            categories=(*row.body["about"], *(one.value for one in facts if one.field in SETS and not one.private)),
            organisation=row.organisation,
            domains=domains[person],
            related=tuple(label for name, label in related if name in names[person]),
            kin=said.get(person, Word()).kin,
            subjects=subjects[person],
            after_hours=hours[0],
            office_hours=hours[1],
            chat_days=hours[2],
            advised=advised[person],
            asked=asked[person],
        )
    return ground, signs


def _domain(kind: str, value: str) -> str:
    """Return the domain of a mail address, "" where it is that of a provider for everybody."""
    domain = value.rpartition("@")[2].casefold() if kind == "email" else ""
    return "" if not PUBLIC.isdisjoint(domain.split(".")[-3:]) else domain


def _subjects(desk: Desk, entries: Mapping[int, Entries]) -> dict[int, tuple[Subject, ...]]:
    """Return the telling subjects among each person's newest contacts, newest first."""
    from amity.insight.roles import Subject, is_telling
    from amity.ledger.timeline import WAY, WAYS

    newest = {person: held[::-1][:SUBJECTS] for person, held in entries.items()}
    asked = {moment for held in newest.values() for moment in held["moment"].tolist()}
    words = {moment: text for moment, text in evidence.subjects(desk.database, asked).items() if is_telling(text)}
    return {
        person: tuple(
            Subject(WAYS[flags & WAY], words[moment])
            for moment, flags in zip(held["moment"].tolist(), held["flags"].tolist(), strict=True)
            if moment in words
        )
        for person, held in newest.items()
    }


def _hours(entries: Entries, offset: int) -> tuple[int, int, int]:
    """Count meetings of few on evenings and weekends, those in working hours, and days of chat."""
    import numpy as np

    from amity.ledger.strands import CHANNEL, GROUP, IMPRECISE, MET, NOT_ADDRESSED, WAY
    from amity.ledger.tally import DAY
    from amity.model import Channel

    flags, at = entries["flags"], entries["at"].astype(np.int64)
    local = at + offset
    timed = ((flags & WAY) == MET) & ((flags & IMPRECISE) == 0) & ~np.isin(at % DAY, DATE_ONLY)
    hour = local % DAY // HOUR
    weekend = (local // DAY + 3) % 7 >= 5  # the first day of 1970 was a Thursday
    working = ~weekend & (hour >= WORKING[0]) & (hour < WORKING[1])
    few = ((flags >> GROUP) & NOT_ADDRESSED) <= FEW
    free = timed & few & (weekend | (hour >= WORKING[1] + 1))
    chat = ((flags >> CHANNEL) & 15) == Channel.CHAT
    days = [len(np.unique(local[rows] // DAY)) for rows in (free, timed & working, chat)]
    return days[0], days[1], days[2]


def _favours(desk: Desk) -> tuple[Counter[int], Counter[int]]:
    """Count how often each person recommended, introduced or gave, and how often the owner asked them."""
    advised: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for entry in entries_of(desk):
        if entry.people and entry.people[0]:
            who = int(entry.people[0][1:])
            advised[who] += entry.by == THEM and entry.kind in GIVEN
            asked[who] += entry.by == ME and entry.kind == "ask"
    return advised, asked


def _related(desk: Desk, mine: Sequence[int]) -> list[tuple[str, str]]:
    """Return the names that the owner's own cards and words tell as relatives, each with its label, unless private."""
    told = told_of_all(desk.database, desk.today.isoformat())
    own = derived.belongs_to(desk.database, mine)
    cards = derived.cards(desk.database, desk.end, evidence.withdrawn(desk.database), own) if own else []
    facts: list[Fact] = [fact for row in cards if row.own in own for fact in card_facts.facts(row.card, row.source)]
    facts += [fact for one in mine if one in told for fact in told[one].facts.values()]
    return [(fact.value.casefold(), fact.label) for fact in facts if fact.field == "family" and not fact.private]
