"""The yearly letter, on one page."""

from __future__ import annotations

from msgspec import Struct

from amity.app import letter
from amity.app.desk import Desk
from amity.app.letter import Letter


class LetterContext(Struct, frozen=True):
    """What the page of a letter shows."""

    letter: Letter
    before: int | None
    after: int | None


def context(desk: Desk, year: int | None) -> LetterContext:
    """Gather one letter, and which years lie beside it; raises AmityError as the operation does."""
    told = letter.write(desk, year)
    years = set(told.years)
    return LetterContext(
        told,
        told.year - 1 if told.year - 1 in years else None,
        told.year + 1 if told.year + 1 in years else None,
    )
