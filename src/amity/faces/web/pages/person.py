"""One person whole: who they are, how the tie stands and why, and what passed through the years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from msgspec import Struct

from amity.app import facts, people, ties
from amity.app.desk import Desk
from amity.app.facts import FieldLine
from amity.app.fields import ATTACHED
from amity.app.known import FactLine
from amity.app.people import Contacts, Interaction, PersonPage
from amity.app.ties import TieLine
from amity.faces.web import words
from amity.faces.web.pages.circles import CHOICES, Choices
from amity.faces.web.pictures import Picture, of_tie
from amity.language import label, mark, say
from amity.model import Reason
from amity.store.copies import kept_file

ON_A_PAGE = 100
TITLES = {
    "met": mark("How you met"),
    "through": mark("Through whom"),
    "zone": mark("Time zone"),
    "place": mark("Places"),
    "family": mark("People around them"),
    "date": mark("Days"),
    "language": mark("Languages"),
    "field": mark("Fields"),
    "taste": mark("Likes"),
    "gift": mark("Gift ideas"),
    "nickname": mark("Nicknames"),
    "priority": mark("What comes first for them"),
    "need": mark("What they need"),
    "goal": mark("What they want to reach"),
    "worry": mark("What weighs on them"),
    "offer": mark("What they can help with"),
    "note": mark("Notes"),
    "file": mark("Files"),
    "photo": mark("Photos"),
    "group": mark("Groups"),
}


class ReasonBar(Struct, frozen=True):
    """A reason, and how far its bar reaches from the middle, in percent of the half."""

    reason: Reason
    reach: float


class TieContext(Struct, frozen=True):
    """How the tie stands, in words and figures."""

    line: TieLine
    chance: str
    percent: int
    heading: str
    balance: str
    start: str
    reasons: tuple[ReasonBar, ...]


class ContactsContext(Struct, frozen=True):
    """What the page of all contacts with one person shows."""

    person: Contacts
    years: tuple[tuple[int, tuple[Interaction, ...]], ...]
    page: int
    pages: int


class PersonContext(Struct, frozen=True):
    """What the page of one person shows."""

    person: PersonPage
    tie: TieContext | None
    picture: Picture | None
    years: tuple[tuple[int, tuple[Interaction, ...]], ...]
    about: tuple[str, ...]  # what their positions do not say already
    older: int
    today: date
    facts: tuple[tuple[str, tuple[FactLine, ...]], ...]  # by what they are about
    fields: tuple[FieldLine, ...]
    words: Choices  # what may be said of the tie
    photo: str  # the id of their newest photo, "" where there is none


def context(desk: Desk, person: str) -> PersonContext:
    """Gather the page of one person.

    Raises AmityError NOT_FOUND where nobody has this id.
    """
    shown = people.show(desk, person)
    said = {word for position in shown.positions for word in (position.title, position.organisation)}
    return PersonContext(
        person=shown,
        tie=_tie(shown.tie) if shown.tie else None,
        picture=of_tie(ties.course_with(desk, int(shown.id[1:]), shown.name)) if shown.tie else None,
        years=_by_year(shown.timeline),
        about=tuple(word for word in shown.about if word not in said),
        older=shown.contacts - len(shown.timeline),
        today=desk.today,
        facts=_grouped(shown.facts),
        fields=tuple(field for field in facts.fields(desk) if field.name not in ATTACHED),
        words=CHOICES,
        photo=_photo(desk, shown.facts),
    )


def picture(desk: Desk, person: str) -> Picture | None:
    """Draw the tie with a person through the years; None where there is too little of it."""
    return of_tie(ties.course(desk, person))


def _photo(desk: Desk, known: Sequence[FactLine]) -> str:
    folder = desk.database.folder
    # A photo that a card or a sentence only names has no file here.
    return next((one.id for one in known if one.field == "photo" and kept_file(folder, one.label)), "")


def _grouped(known: Sequence[FactLine]) -> tuple[tuple[str, tuple[FactLine, ...]], ...]:
    """Put facts under the words that name them, in the order in which they stand."""
    found: dict[str, list[FactLine]] = {}
    for one in known:
        known_as = say(TITLES[one.field]) if one.field in TITLES else label("field", one.field).capitalize()
        title = one.label if one.field == "custom" else known_as
        found.setdefault(title, []).append(one)
    return tuple((title, tuple(lines)) for title, lines in found.items())


def contacts(desk: Desk, person: str, page: int) -> ContactsContext:
    """Gather one page of all contacts with a person; `page` counts from 1.

    Raises AmityError NOT_FOUND where nobody has this id.
    """
    shown = people.contacts(desk, person, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    return ContactsContext(shown, _by_year(shown.contacts), page, max(1, -(-shown.total // ON_A_PAGE)))


def _by_year(contacts: Sequence[Interaction]) -> tuple[tuple[int, tuple[Interaction, ...]], ...]:
    return tuple((year, tuple(group)) for year, group in groupby(contacts, lambda one: one.on.year))


def _tie(line: TieLine) -> TieContext:
    return TieContext(
        line=line,
        chance=words.chance(line.p_contact),
        percent=round(100 * line.p_contact),
        heading=words.heading(line),
        balance=words.balance(line),
        start=words.start(line),
        reasons=tuple(_bars(line.because)),
    )


def _bars(reasons: Sequence[Reason]) -> list[ReasonBar]:
    most = max([1.0, *(abs(reason.weight) for reason in reasons)])
    return [ReasonBar(reason, round(50 * reason.weight / most, 1)) for reason in reasons]
