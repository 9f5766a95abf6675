"""The mirror: how the owner practises the method, with the people and contacts behind every figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from amity.app import entries
from amity.app.desk import EPOCH, Desk
from amity.app.entries import EntryLine
from amity.app.fields import AGENDA
from amity.app.hindsight import Hindsight, part
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of
from amity.app.people import Named
from amity.errors import AmityError, Code
from amity.language import say
from amity.plan.reflection import course, sentence
from amity.store import evidence, search

NEEDED = "only_asked"  # the figure that answers "whom did I only write to when I needed something?"
PAST = 3  # years before this one that the mirror shows in words


class YearFigure(Struct, frozen=True):
    """One figure in one year: `value` is the share, ratio or number, None where there was nothing to count."""

    year: int
    count: int
    of: int
    value: float | None


class FigureLine(Struct, frozen=True):
    """One figure of the mirror: what it means, what it is, and how it moved over the years."""

    name: str
    words: str
    definition: str
    unit: str  # "share" | "ratio" | "count"
    year: int
    count: int
    of: int
    value: float | None
    usual: float | None  # in up to three years before
    course: str  # "more" | "less" | "same" | ""
    well: bool  # the course is what the method would have, or nothing
    sentence: str
    years: tuple[YearFigure, ...]


class Mirror(Struct, frozen=True):
    """All figures as of a day, the last of their years."""

    date: date
    year: int
    figures: tuple[FigureLine, ...]


class BehindLine(Struct, frozen=True):
    """One person behind a figure, and how much of it is theirs."""

    person: Named
    count: int


class ContactLine(Struct, frozen=True):
    """One contact behind a figure."""

    id: str
    on: date
    channel: str
    subject: str
    people: tuple[Named, ...]


class Behind(Struct, frozen=True):
    """What a figure stands on in one year."""

    figure: FigureLine
    year: int
    people: tuple[BehindLine, ...]
    contacts: tuple[ContactLine, ...]
    entries: tuple[EntryLine, ...]
    words: tuple[str, ...]


class Kept(Struct, frozen=True):
    """What is kept of a figure in a year to be opened; people by id."""

    year: int
    count: int
    of: int
    people: tuple[tuple[int, int], ...]
    moments: tuple[int, ...]
    entries: tuple[str, ...]
    words: tuple[str, ...]

    @property
    def value(self) -> float | None:
        """Return the share or ratio; None where there was nothing to count."""
        return self.count / self.of if self.of else None


def parts(seen: Hindsight) -> dict[str, Any]:
    """Work out the parts that the mirror keeps: all figures, and for each what is behind it by year."""
    from amity.insight import mirror

    known = mirror.Known(
        critical={year: ring.critical for year, ring in seen.rings.items()},
        fields={place: seen.face(place).about for place in range(len(seen.people)) if seen.face(place).about},
        agendas=_agendas(seen),
        roles={seen.place[one]: word.roles for one, word in seen.words.items() if word.roles and one in seen.place},
        places={f"p{person}": place for place, person in enumerate(seen.people)},
        entries=seen.entries,
    )
    found = mirror.reflect(seen.past, known)
    held = {
        f"behind {name}": [
            Kept(
                one.year,
                one.count,
                one.of,
                tuple((seen.people[place], count) for place, count in one.people),
                one.moments,
                one.entries,
                one.words,
            )
            for one in years
        ]
        for name, years in found.items()
    }
    lines = [_line(name, years, len(years) - 1, so_far=True) for name, years in found.items()]
    return {"mirror": Mirror(seen.desk.today, seen.desk.today.year, tuple(lines)), **held}


def _agendas(seen: Hindsight) -> dict[int, int]:
    """Return the day, since 1970, as of which somebody's agenda was first noted, by place."""
    found = {}
    for place, facts in seen.facts(AGENDA, private=True).items():
        days = [(fact.on + "-01-01")[:10] if len(fact.on) in (4, 7) else fact.on for fact in facts]
        found[place] = min(date.fromisoformat(day).toordinal() - EPOCH for day in days)
    return found


def _line(name: str, years: Sequence[Any], at: int, *, so_far: bool) -> FigureLine:
    from amity.insight import mirror

    meaning = mirror.FIGURES[name]
    one = years[at]
    value, usual = mirror.value_of(name, one), mirror.usual(name, years[: at + 1])
    if not one.of:
        value = None
    went = course(value, usual, meaning.unit, meaning.better)
    return FigureLine(
        name=name,
        words=say(meaning.words),
        definition=mirror.definition(name),
        unit=meaning.unit,
        year=one.year,
        count=one.count,
        of=one.of,
        value=value,
        usual=usual,
        course=went.word,
        well=went.well,
        sentence=sentence(
            name,
            year=one.year,
            so_far=so_far,
            count=one.count,
            of=one.of,
            words=one.words,
            usual=usual,
            unit=meaning.unit,
            went=went,
        ),
        years=tuple(
            YearFigure(past.year, past.count, past.of, mirror.value_of(name, past) if past.of else None)
            for past in years
        ),
    )


@operation(Effect.READ)
def look(desk: Desk) -> Mirror:
    """Show how you practise the method: every figure with its definition, its years and one sentence."""
    return part(desk, "mirror", Mirror)


@operation(Effect.READ)
def behind(desk: Desk, figure: str, year: int | None = None) -> Behind:
    """Show the people, contacts and entries behind a figure of the mirror in a year, this one where none is given.

    Raises AmityError NOT_FOUND for a figure that there is not, or a year before the first contact.
    """
    line = next((one for one in look(desk).figures if one.name == figure), None)
    if line is None:
        known = ", ".join(one.name for one in look(desk).figures)
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no figure {figure!r}.", figure=figure),
            say("Figures are: {known}.", known=known),
        )
    wanted = desk.today.year if year is None else year
    kept = part(desk, f"behind {figure}", list[Kept])
    at = next((place for place, one in enumerate(kept) if one.year == wanted), None)
    if at is None:
        first = say("The first year is {year}.", year=kept[0].year) if kept else ""
        raise AmityError(Code.NOT_FOUND, say("Nothing is known of {wanted}.", wanted=wanted), first)
    one = kept[at]
    shown = line if wanted == line.year else _line(figure, kept, at, so_far=False)
    names = _names(desk, [person for person, _ in one.people])
    every = entries.balance(desk, limit=1_000_000).entries if one.entries else ()
    return Behind(
        shown,
        wanted,
        tuple(BehindLine(names[person], count) for person, count in one.people if person in names),
        _contacts(desk, one.moments),
        tuple(entry for entry in every if entry.id in set(one.entries)),
        one.words,
    )


def _names(desk: Desk, people: Sequence[int]) -> Mapping[int, Named]:
    return {person: Named(f"p{person}", name) for person, name in search.names(desk.database, people).items()}


def _contacts(desk: Desk, ids: Sequence[int]) -> tuple[ContactLine, ...]:
    database = desk.database
    kept = {moment.id: moment for moment in evidence.moments(database, ids)}
    owner = owner_of(database).numbers
    behind_handles = search.people_of(database, {handle for moment in kept.values() for handle, _ in moment.parties})
    lines = []
    for number in ids:
        if number not in kept:
            continue
        moment = kept[number]
        who = dict.fromkeys(
            behind_handles[handle] for handle, _ in moment.parties if handle in behind_handles and handle not in owner
        )
        people = tuple(Named(f"p{person}", name) for person, name in who)
        lines.append(ContactLine(f"m{number}", desk.day(moment.at), moment.channel.word, moment.subject, people))
    return tuple(lines)
