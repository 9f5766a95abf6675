"""Matches: who could help whom, of all or of one person, with why, how warm and how fresh."""

from __future__ import annotations

from msgspec import Struct

from amity.app import matches
from amity.app.desk import Desk
from amity.app.matches import MatchLine
from amity.errors import AmityError, Code

MOST = 50


class MatchesContext(Struct, frozen=True):
    """What the page of matches shows."""

    who: str  # the one person who was asked for, in the visitor's words; "" for all
    matches: tuple[MatchLine, ...]
    needs: int
    offers: int
    notes: tuple[str, ...]
    trouble: str = ""


def context(desk: Desk, who: str) -> MatchesContext:
    """Gather the matches of all, or of one person."""
    try:
        found = matches.list_(desk, who, MOST)
    except AmityError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return MatchesContext(who, (), 0, 0, (), str(error))
    return MatchesContext(who, found.matches, found.needs, found.offers, found.notes)
