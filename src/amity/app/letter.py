"""The yearly letter: one page about a year in people."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.hindsight import Hindsight, part
from amity.app.operation import Effect, operation
from amity.app.people import Named
from amity.errors import AmityError, Code
from amity.language import say


class ToldLine(Struct, frozen=True):
    """One person of the letter, and what is said of them."""

    person: Named
    words: str


class DeedLine(Struct, frozen=True):
    """One thing given, or what came of one, and of whom."""

    entry: str
    names: tuple[str, ...]
    words: str


class SectionLine(Struct, frozen=True):
    """One part of the letter."""

    heading: str
    words: str
    people: tuple[ToldLine, ...]
    deeds: tuple[DeedLine, ...]


class Letter(Struct, frozen=True):
    """A year in people, as of a day."""

    year: int
    date: date
    so_far: bool
    years: tuple[int, ...]  # of which there is a letter
    sections: tuple[SectionLine, ...]


@operation(Effect.READ)
def write(desk: Desk, year: int | None = None) -> Letter:
    """Tell a year in people: who came, who went, who gave, and what came of it; this one where none is given.

    Raises AmityError NOT_FOUND for a year of which nothing is known.
    """
    years = part(desk, "letters", list[int])
    wanted = desk.today.year if year is None else year
    if wanted not in years:
        raise AmityError(
            Code.NOT_FOUND,
            say("Nothing is known of {wanted}.", wanted=wanted),
            say("There are letters of {first} to {last}.", first=years[0], last=years[-1]),
        )
    return part(desk, f"letter {wanted}", Letter)


def parts(seen: Hindsight) -> dict[str, Any]:
    """Work out the letters of all years."""
    from amity.plan.letter import compose

    past, today = seen.past, seen.desk.today
    died = {place: face.died for place in range(len(seen.people)) if (face := seen.face(place)).died}
    friends = {year: len(ring.friends) for year, ring in seen.rings.items()}
    years = tuple(past.years)
    made: dict[str, Any] = {"letters": years}
    for year in years:
        sections = compose(past, year, entries=seen.entries, died=died, friends=friends)
        lines = tuple(
            SectionLine(
                one.heading,
                one.words,
                tuple(
                    ToldLine(Named(f"p{seen.people[told.place]}", seen.face(told.place).name), told.words)
                    for told in one.people
                ),
                tuple(DeedLine(*deed) for deed in one.deeds),
            )
            for one in sections
        )
        made[f"letter {year}"] = Letter(year, today, year == today.year, years, lines)
    return made
