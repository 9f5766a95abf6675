"""Discretion: the people of whom no assistant is told anything."""

from __future__ import annotations

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.identity import numbers
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Named, identify, named
from amity.errors import AmityError
from amity.language import noted, retold
from amity.model import Handle
from amity.store import decisions, derived, search

KIND = "never_shown"


class Spellings(Struct, frozen=True):
    """All that would give one person away: their id, names and addresses."""

    id: str
    words: tuple[str, ...]


@operation(Effect.WRITE)
def hide(desk: Desk, person: str, *, hidden: bool = True, key: str = "") -> str:
    """Say that a person is never shown to an assistant, or is shown again; pages, command line and REST show them."""
    refresh(desk)
    who = identify(desk, person)
    name = named(desk, who).name
    summary = (
        noted("{name} is never shown to an assistant", name=name)
        if hidden
        else noted("{name} may be shown to an assistant again", name=name)
    )
    held = derived.handles(desk.database, derived.belongs_to(desk.database, [who]))
    own = [handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me")]
    body = {"sides": [pairs(own)], "hidden": hidden}
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, KIND, body):
            desk.record(key or decisions.new_key(), KIND, summary, body)
    return retold(summary)


@operation(Effect.READ)
def list_(desk: Desk) -> tuple[Named, ...]:
    """List the people who are never shown to an assistant."""
    refresh(desk)
    return tuple(named(desk, person) for person in _hidden(desk))


def spellings(desk: Desk) -> tuple[Spellings, ...]:
    """Return what would give away each person who is never shown. The derived tables must be fresh."""
    people = _hidden(desk)
    handles = search.handles_of(desk.database, people)
    return tuple(
        Spellings(
            f"p{one.person.id}",
            tuple(
                dict.fromkeys(
                    (
                        one.person.name,
                        *one.person.body["aliases"],
                        *(h.value for _, h in handles.get(one.person.id, ())),
                    )
                )
            ),
        )
        for one in search.persons(desk.database, people)
    )


def means_hidden(desk: Desk, text: str) -> bool:
    """Tell whether a text, taken for the name, address or id of somebody, means one who is never shown.

    The derived tables must be fresh.
    """
    hidden = _hidden(desk)
    try:
        return bool(hidden) and identify(desk, text) in hidden
    except AmityError:  # nobody, or several
        return False


def _hidden(desk: Desk) -> list[int]:
    """Return the persons that are never shown; it was said of handles, so it follows them to whoever has them now."""
    standing = decisions.standing(desk.database, (KIND,))
    if not standing:
        return []
    sides = {one.id: [Handle(*pair) for pair in one.body["sides"][0]] for one in standing}
    number = numbers(desk.database, (handle for side in sides.values() for handle in side))
    belongs = derived.belongs(desk.database, number.values())
    found: dict[int, bool] = {}
    for one in standing:
        for person in {belongs[number[handle]] for handle in sides[one.id] if number.get(handle) in belongs}:
            found[person] = one.body["hidden"]
    return sorted(person for person, hidden in found.items() if hidden)
