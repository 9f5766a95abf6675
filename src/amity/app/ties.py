"""Ties: what joins the owner to people, strongest first, each with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.freshness import keep, refresh
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.insight.bands import band
from amity.language import say
from amity.model import Reason
from amity.store import derived, search
from amity.store.search import Listed

FEW = 50  # ties that are kept as they were described
STRETCHES = 160  # that a tie's course is told in, at most


class Said(Struct, frozen=True):
    """What the owner said of a tie; empty where they said nothing."""

    ring: str = ""
    pin: str = ""
    roles: tuple[str, ...] = ()
    kin: bool = False
    unseen: tuple[str, ...] = ()
    state: str = ""
    refused: tuple[str, ...] = ()  # roles that they do not have
    loyal: str = ""
    asked: bool = False  # how else you are in touch


class TieLine(Struct, frozen=True):
    """One tie, in figures and in words."""

    id: str
    name: str
    handles: tuple[str, ...]
    strength: float
    band: str  # the word for the strength
    p_contact: float
    horizon_days: int
    momentum: str
    reciprocity: float
    initiative: float
    segment: str
    first: date
    last: date
    sent: int
    received: int
    met: int
    days: int
    turned: date | None
    enough: bool
    because: tuple[Reason, ...]
    said: Said  # the owner's own word


class MarkLine(Struct, frozen=True):
    """How many contacts of one channel and way a stretch of days held."""

    on: date  # the first day of the stretch
    channel: str
    way: str  # "sent" | "received" | "met"
    contacts: int


class StrengthLine(Struct, frozen=True):
    """How strong a tie was at the end of one day, by what was known then."""

    on: date
    strength: float


class Course(Struct, frozen=True):
    """A tie through the years: its strength as it would have been shown on past days, and the contacts behind it."""

    person: str
    name: str
    days: int  # how long each stretch is
    strength: tuple[StrengthLine, ...]  # oldest first
    marks: tuple[MarkLine, ...]  # oldest first


@operation(Effect.READ)
def course(desk: Desk, person: str) -> Course:
    """Show a tie through the years: how strong it was, and which contacts made it so, by channel and way.

    Raises AmityError NOT_FOUND for somebody whom the owner was never in direct contact with.
    """
    from amity.app.people import identify

    refresh(desk)
    listed = search.person(desk.database, identify(desk, person))
    if listed is None or listed.tie is None:
        name = listed.person.name if listed else person
        raise AmityError(
            Code.NOT_FOUND, say("You have no tie with {name}: you were never in direct contact.", name=name)
        )
    return course_with(desk, listed.person.id, listed.person.name)


def course_with(desk: Desk, person: int, name: str) -> Course:
    """Follow a tie through the years. The derived tables must be fresh."""
    from amity.app.tiebook import course_of

    step, strengths, marks = course_of(desk, person, STRETCHES)
    return Course(
        f"p{person}",
        name,
        step,
        tuple(StrengthLine(desk.today - timedelta(days=ago), round(value, 1)) for ago, value in strengths),
        tuple(MarkLine(desk.today - timedelta(days=ago), channel, way, n) for ago, channel, way, n in marks),
    )


@operation(Effect.READ)
def list_(desk: Desk, limit: int | None = None) -> tuple[TieLine, ...]:
    """List the people whom the owner has a tie with, strongest first, each with the reasons for it."""
    refresh(desk)
    listed = search.ties(desk.database, limit)
    handles = search.handles_of(desk.database, (one.person.id for one in listed))
    values = [tuple(handle.value for _, handle in handles.get(one.person.id, ())) for one in listed]
    return tie_lines(desk, listed, values)


def tie_lines(desk: Desk, listed: Sequence[Listed], handles: Sequence[tuple[str, ...]]) -> tuple[TieLine, ...]:
    """Describe some ties with their reasons. The derived tables must be fresh."""
    if not listed:
        return ()
    if len(listed) > FEW:
        return _tie_lines(desk, listed, handles)
    asked = "ties " + " ".join(str(one.person.id) for one in listed)
    return keep(desk, asked, tuple[TieLine, ...], lambda: _tie_lines(desk, listed, handles))


def _tie_lines(desk: Desk, listed: Sequence[Listed], handles: Sequence[tuple[str, ...]]) -> tuple[TieLine, ...]:
    from amity.app.tiebook import open_book

    book = open_book(desk)
    enough = bool(derived.marks(desk.database).get("enough"))
    lines = []
    for one, values in zip(listed, handles, strict=True):
        person, tie = one
        if tie is None:
            continue
        place = book.place(person.id)
        lines.append(
            TieLine(
                id=f"p{person.id}",
                name=person.name,
                handles=values,
                strength=round(tie.strength, 2),
                band=band(tie.strength),
                p_contact=round(tie.p_contact, 4),
                horizon_days=desk.settings.horizon_days,
                momentum=tie.momentum,
                reciprocity=round(tie.reciprocity, 3),
                initiative=round(tie.initiative, 3),
                segment=tie.segment,
                first=desk.day(tie.first),
                last=desk.day(tie.last),
                sent=tie.sent,
                received=tie.received,
                met=tie.met,
                days=tie.days,
                turned=None if tie.turned is None else desk.day(tie.turned * 86_400 - desk.offset),
                enough=enough,
                because=() if place is None else book.because(place),
                said=Said() if place is None else Said(*book.words.get(place, ())),
            )
        )
    return tuple(lines)


def tie_line(desk: Desk, listed: Listed, handles: tuple[str, ...]) -> TieLine | None:
    """Describe one tie with its reasons. The derived tables must be fresh."""
    return next(iter(tie_lines(desk, [listed], [handles])), None)
