"""History: what the owner did, newest first, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from amity.app import upkeep
from amity.app.desk import Desk
from amity.app.upkeep import Change
from amity.errors import AmityError, Code
from amity.language import say

MOST = 200
WORDS = {"undo": "taken back", "redo": "brought back"}


class Step(Struct, frozen=True):
    """One change, and what may be done about it: "undo", "redo" or nothing."""

    change: Change
    at: datetime
    way: str


class HistoryContext(Struct, frozen=True):
    """What the page of the history shows."""

    steps: tuple[Step, ...]


def context(desk: Desk) -> HistoryContext:
    """Gather the newest changes; the last that stands can be undone, an undo that came last can be taken back."""
    changes, following = upkeep.history(desk, MOST), upkeep.next_to_undo(desk)
    return HistoryContext(
        tuple(
            Step(
                change,
                datetime.fromisoformat(change.at) + timedelta(seconds=desk.offset),
                way_back(changes, change, following),
            )
            for change in changes
        )
    )


def last(desk: Desk, number: int) -> Step | None:
    """Return the newest change if that is its number: what a page just did, with the way back."""
    changes = upkeep.history(desk, 1)
    if not changes or changes[0].id != number:
        return None
    change = changes[0]
    return Step(change, datetime.fromisoformat(change.at), way_back(changes, change, upkeep.next_to_undo(desk)))


def way_back(changes: Sequence[Change], change: Change, following: int | None) -> str:
    """Say which way back leads from a change, given the changes newest first and which one undo would take."""
    if change.kind in WORDS:
        return "redo" if change.kind == "undo" and change is changes[0] else ""
    return "undo" if change.id == following else ""


def undo(desk: Desk, number: int, key: str) -> None:
    """Take back one change, which must be the last that stands.

    Raises AmityError REFUSED when something newer was done since, by another page or program.
    """
    with desk.database.transaction():
        taken = upkeep.undo(desk, key=key)
        if taken and taken[0].id != number:
            raise _newer()


def redo(desk: Desk, number: int, key: str) -> None:
    """Bring back what one undo took, which must be the newest change of all.

    Raises AmityError REFUSED when something newer was done since, by another page or program.
    """
    with desk.database.transaction():
        newest = upkeep.history(desk, 2)
        if newest and newest[0].kind == "redo" and number in {change.id for change in newest}:
            return
        if not newest or newest[0].id != number:
            raise _newer()
        upkeep.redo(desk, key=key)


def _newer() -> AmityError:
    return AmityError(
        Code.REFUSED, say("Something newer was done since."), say("The history shows it; undo goes newest first.")
    )
