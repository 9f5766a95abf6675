"""Who the owner is: the handles they go by, as they said or as the archive shows."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from amity.app.identity import numbers
from amity.language import retold, say
from amity.model import Handle
from amity.store import decisions
from amity.store.db import Database

# Stands for the owner in what they log themselves, whatever their addresses are.
SELF = Handle("me", "me")


class Owner(Struct, frozen=True):
    """The owner's handles, with their numbers where the archive holds them."""

    handles: tuple[Handle, ...]
    numbers: frozenset[int]
    because: tuple[str, ...] = ()
    refused: frozenset[Handle] = frozenset()  # said not to be theirs


def owner_of(database: Database) -> Owner:
    """Return what is taken for the owner, the decisions on it applied in their order."""
    held: dict[Handle, str] = {SELF: say("it stands for you in what you log")}
    refused: set[Handle] = set()
    for decision in decisions.standing(database, ("me", "import")):
        words = retold(str(decision.body.get("because") or "")) or say("you said so")
        held.update({Handle(*pair): words for pair in decision.body.get("me", ())})
        for pair in decision.body.get("not_me", ()):
            held.pop(Handle(*pair), None)
            refused.add(Handle(*pair))
    known = frozenset(numbers(database, held).values())
    return Owner(tuple(held), known, tuple(held.values()), frozenset(refused - held.keys()))


def verdicts_on_machines(database: Database) -> dict[Handle, str]:
    """Return the owner's word on which handles are persons and which are machines."""
    said: dict[Handle, str] = {}
    for decision in decisions.standing(database, ("machine",)):
        said.update({Handle(*pair): str(decision.body["is"]) for pair in decision.body["handles"]})
    return said


def pairs(handles: Iterable[Handle]) -> list[list[str]]:
    """Write handles as a decision keeps them."""
    return [[handle.kind, handle.value] for handle in handles]


def told(owner: Owner) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses and names of the owner, and why each is taken for one, as they are shown."""
    shown = [(handle.value, why) for handle, why in zip(owner.handles, owner.because, strict=True) if handle != SELF]
    return tuple(value for value, _ in shown), tuple(why for _, why in shown)
