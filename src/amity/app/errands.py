"""Errands: what a program wants done, which only the owner can let happen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from inspect import signature
from typing import Any

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.operation import Effect, operation, operations
from amity.errors import AmityError, Code
from amity.language import say
from amity.store import errands
from amity.store.errands import Errand


class ErrandLine(Struct, frozen=True):
    """One thing that a program wants done, in words."""

    id: str
    asked: str  # ISO 8601
    operation: str
    summary: str
    arguments: dict[str, Any]


@operation(Effect.READ)
def waiting(desk: Desk) -> tuple[ErrandLine, ...]:
    """List what programs asked for and you have yet to confirm, the oldest first."""
    return tuple(line(one) for one in errands.waiting(desk.database))


def ask(desk: Desk, name: str, arguments: Mapping[str, Any]) -> ErrandLine:
    """Keep what a program asks for until the owner confirms it; nothing is done.

    Raises AmityError NOT_FOUND for an operation that there is not, that changes nothing, or that cannot be undone:
    what can be is done under a key.
    """
    known = operations().get(name)
    if known is None or known.effect is Effect.READ or "key" not in signature(known.run).parameters:
        raise AmityError(Code.NOT_FOUND, say("There is no change called {name!r}.", name=name))
    with desk.database.transaction():
        number = errands.put(desk.database, name, arguments, desk.now)
    kept = errands.find(desk.database, number)
    assert kept is not None
    return line(kept)


def answer(desk: Desk, errand: str, *, confirm: bool) -> Any:
    """Do what a program asked for, or refuse it; what is done stands in the history and can be taken back.

    Only a face that the owner sits before may call it, so it is no operation. Raises AmityError NOT_FOUND where it does
    not wait any more.
    """
    number = int(errand[1:]) if errand[:1] == "r" and errand[1:].isdecimal() else 0
    kept = errands.find(desk.database, number)
    if kept is None or kept.answered is not None:
        raise AmityError(
            Code.NOT_FOUND, say("{errand!r} does not wait.", errand=errand), say("`amity confirm` shows what does.")
        )
    done = operations()[kept.operation].run(desk, **kept.arguments, key=f"errand {number}") if confirm else None
    with desk.database.transaction():
        errands.answer(desk.database, number, desk.now, confirmed=confirm)
    return done


def line(one: Errand) -> ErrandLine:
    """Say in words what a program asks for."""
    asked = datetime.fromtimestamp(one.asked, UTC).isoformat().replace("+00:00", "Z")
    return ErrandLine(f"r{one.id}", asked, one.operation, operations()[one.operation].summary, dict(one.arguments))
