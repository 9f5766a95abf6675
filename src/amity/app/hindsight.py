"""Hindsight: all that mirror, portfolio and letter look back on, gathered once for a day and kept as they show it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from amity.app.desk import EPOCH, Desk
from amity.app.freshness import refresh
from amity.language import spoken
from amity.store import derived
from amity.store import mirror as store

if TYPE_CHECKING:
    from amity.app.tiebook import TieBook

FORM = 10  # of what is kept; another number makes it anew
_Part = TypeVar("_Part")


class Face(NamedTuple):
    """What is known of one person."""

    id: int
    name: str
    organisation: str
    birthday: str
    died: str
    about: tuple[str, ...]


class Ring(NamedTuple):
    """How the ties stood at the end of one year, by place."""

    critical: tuple[int, ...]
    friends: tuple[int, ...]  # strong, both ways, and not asleep


class Hindsight(msgspec.Struct, frozen=True, dict=True):
    """The contacts of everybody who is analysed, what is known of them, and how ties stood at each year's end."""

    desk: Desk
    people: list[int]  # ids by place
    faces: Mapping[int, Face]  # by id, of those with a tie
    past: Any  # insight.past.Past; named loosely so that reading what is kept needs no numpy
    rings: Mapping[int, Ring]  # by year; none where it was too early to say

    @cached_property
    def place(self) -> dict[int, int]:
        """Return the place of each person by id."""
        return {person: place for place, person in enumerate(self.people)}

    @cached_property
    def told(self) -> Mapping[int, Any]:
        """Return what the owner told of people, by id."""
        from amity.app.fields import told_of_all

        return told_of_all(self.desk.database, self.desk.today.isoformat())

    @cached_property
    def words(self) -> Mapping[int, Any]:
        """Return what the owner said of ties, by id."""
        from amity.app.words import words_on_ties

        return words_on_ties(self.desk.database).words

    @cached_property
    def entries(self) -> Sequence[Any]:
        """Return the ledger, oldest first."""
        from amity.app.entries import entries_of

        return entries_of(self.desk)

    def face(self, place: int) -> Face:
        """Return what is known of whoever stands at a place."""
        person = self.people[place]
        return self.faces.get(person) or Face(person, "?", "", "", "", ())

    def facts(self, field: Sequence[str], *, private: bool = False) -> dict[int, list[Any]]:
        """Return the facts of some fields that the owner told, by place; what is private only to be counted."""
        found = {}
        for person, told in self.told.items():
            own = [fact for fact in told.facts.values() if fact.field in field and (private or not fact.private)]
            if own and person in self.place:
                found[self.place[person]] = own
        return found


def part(desk: Desk, name: str, wanted: type[_Part]) -> _Part:
    """Return one part of what is kept for this day, worked out anew where evidence, decisions or settings changed."""
    refresh(desk)
    database = desk.database
    name = f"{spoken()} {name}"
    body = store.part(database, name) if _is_fresh(desk, derived.marks(database)) else None
    if body is None:
        with database.transaction():
            if not _is_fresh(desk, derived.marks(database)):
                _work_out(desk)
            body = store.part(database, name)
    return msgspec.json.decode(body or b"null", type=wanted)


def _is_fresh(desk: Desk, marks: Mapping[str, Any]) -> bool:
    return bool(marks.get(_mark()) == _basis(desk))


def _mark() -> str:
    """Name the mark of what is worked out in the language that is spoken, since it holds sentences."""
    return f"mirrored_for_{spoken()}"


def _basis(desk: Desk) -> list[Any]:
    return [FORM, *derived.newest(desk.database), desk.end, *desk.judged_by]


def _work_out(desk: Desk) -> None:
    from amity.app.letter import parts as letters
    from amity.app.mirror import parts as figures
    from amity.app.portfolio import parts as holdings
    from amity.app.week import parts as few

    seen = gather(desk)
    made = {**figures(seen), **holdings(seen), **letters(seen), **few(seen)}
    said = spoken()
    store.put(desk.database, said, {f"{said} {name}": msgspec.json.encode(body) for name, body in made.items()})
    derived.put_marks(desk.database, {_mark(): _basis(desk)})


def gather(desk: Desk) -> Hindsight:
    """Gather what lies behind the owner as of the desk's day. The derived tables must be fresh."""
    from amity.app.fields import unanalysed
    from amity.app.tiebook import gather as contacts_of
    from amity.app.tiebook import judge_contacts
    from amity.insight.past import lay_out
    from amity.store import search

    silent = unanalysed(desk.database, desk.today.isoformat())
    people = [person for person in derived.person_ids(desk.database) if person not in silent]
    found = contacts_of(desk, people)
    past = lay_out(found, len(people), today=desk.today.toordinal() - EPOCH, utc_offset=desk.offset)
    faces = {}
    for row, _ in search.ties(desk.database):
        died = row.body["died"] if row.body["died"] <= desk.today.isoformat() else ""
        faces[row.id] = Face(row.id, row.name, row.organisation, row.birthday, died, tuple(row.body["about"]))
    rings = {}
    for year in past.years:
        then = replace(desk, today=min(desk.today, date(year, 12, 31)))
        ring = _ring(then, judge_contacts(then, people, found))
        if ring is not None:
            rings[year] = ring
    return Hindsight(desk, people, faces, past, rings)


def _ring(desk: Desk, book: TieBook) -> Ring | None:
    """Read off the desk's tie book who the critical few and the true friends are; None where it is too early to say."""
    import numpy as np

    from amity.app.tiebook import segments_of
    from amity.insight import segments
    from amity.insight.tie import DORMANT
    from amity.plan.goals import FRIEND

    judged, tallies = book.judgement, book.tallies
    if not judged.enough:
        return None
    friends = segments.two_way(tallies) & (judged.strength >= FRIEND) & (judged.momentum != DORMANT)
    known = tallies.n > 0
    critical = [place for place, word in enumerate(segments_of(desk, book)) if word == "critical" and known[place]]
    return Ring(tuple(critical), tuple(np.flatnonzero(friends).tolist()))
