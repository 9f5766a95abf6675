"""Leave: everything to take along, a copy of the vault, and forgetting a person for good."""

from __future__ import annotations

from msgspec import Struct

from amity.app import erasure, people
from amity.app.desk import Desk
from amity.app.erasure import Forgotten
from amity.errors import AmityError, Code
from amity.language import say


class Farewell(Struct, frozen=True):
    """Who would be forgotten, to be confirmed."""

    id: str
    name: str
    contacts: int


class LeaveContext(Struct, frozen=True):
    """What the page of leaving shows."""

    asked: str = ""
    farewell: Farewell | None = None
    done: Forgotten | None = None
    trouble: str = ""


def ask(desk: Desk, person: str) -> LeaveContext:
    """Say who would be forgotten, or why nobody can be."""
    try:
        shown = people.show(desk, person)
    except AmityError as error:
        if error.code not in (Code.USAGE, Code.NOT_FOUND):
            raise
        return LeaveContext(person, trouble=str(error))
    if shown.kind == "me":
        return LeaveContext(
            person, trouble=say("{name} is you. Deleting the vault's folder forgets you.", name=shown.name)
        )
    return LeaveContext(person, Farewell(shown.id, shown.name, shown.contacts))


def forget(desk: Desk, person: str, *, backups: bool) -> LeaveContext:
    """Forget a person who was confirmed by id."""
    return LeaveContext(done=erasure.forget(desk, person, sure=True, backups=backups))
