"""Programs: what they wait for, which of them may come in, and whom they are never shown."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from amity.app import discretion, errands, tokens
from amity.app.desk import Desk
from amity.app.errands import ErrandLine
from amity.app.people import Named
from amity.app.tokens import SCOPES, Minted, TokenLine


class ProgramsContext(Struct, frozen=True):
    """What the page of programs shows."""

    waiting: tuple[ErrandLine, ...]
    tokens: tuple[tuple[TokenLine, date], ...]  # each with the day on which it was made
    hidden: tuple[Named, ...]
    scopes: dict[str, str]
    minted: Minted | None  # a token that was made just now, to be shown this once


def context(desk: Desk, minted: Minted | None = None) -> ProgramsContext:
    """Gather the page."""
    held = tuple((one, date.fromisoformat(one.made[:10])) for one in tokens.held(desk))
    return ProgramsContext(errands.waiting(desk), held, discretion.list_(desk), SCOPES, minted)
