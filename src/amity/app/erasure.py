"""Forget a person completely: the one thing that cannot be undone."""

from __future__ import annotations

import os

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.fields import ATTACHED, told_of_all
from amity.app.forgotten import stone
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of
from amity.app.people import identify
from amity.errors import AmityError, Code
from amity.language import say
from amity.store import decisions, derived, erasure, search
from amity.store.copies import kept_file


class Forgotten(Struct, frozen=True):
    """What went, what was changed because others took part in it, and where they may still stand."""

    name: str
    contacts: int
    changed: int
    cards: int
    decisions: int
    files: int
    backups: tuple[str, ...]  # copies of the vault that Amity made within its folder and that still hold them


@operation(Effect.WRITE)
def forget(desk: Desk, person: str, *, sure: bool = False, backups: bool = False) -> Forgotten:
    """Erase a person: their cards, names, contacts, what was said of them; nothing brings them back.

    A contact with others stays without them, and the words that name them go. Of them only salted digests are kept,
    by which what is imported again is passed over. With `backups`, the copies that Amity made within the vault's
    folder are deleted too. Raises AmityError REFUSED where the owner is not `sure`, or is meant themselves.
    """
    refresh(desk)
    database = desk.database
    who = identify(desk, person)
    listed = search.person(database, who)
    if listed is None:
        raise AmityError(Code.NOT_FOUND, say("Nobody is known as {to!r}.", to=person))
    row = listed.person
    if row.kind == "me":
        raise AmityError(
            Code.REFUSED, say("{name} is you.", name=row.name), say("Deleting the vault's folder forgets you.")
        )
    if not sure:
        raise AmityError(
            Code.REFUSED,
            say("Forgetting {name} cannot be undone.", name=row.name),
            say("Say that you are sure: --yes."),
        )
    handles = derived.handles(database, [h for h, p in derived.belongs_to(database, [who]).items() if p == who])
    names = tuple(dict.fromkeys((row.name, *row.body["aliases"])))
    own = erasure.Names(who, handles, names)
    kept = _files(desk, who)
    with database.transaction():
        gone = erasure.erase(database, own, owner_of(database).numbers)
        told = stone(os.urandom(16), handles.values(), names)
        desk.record(decisions.new_key(), erasure.FORGOTTEN, say("Somebody was forgotten, for good"), told)
    for name in kept:
        if path := kept_file(database.folder, name):
            path.unlink()
    copies = sorted((database.folder / "backups").glob("*.db*"))
    if backups:
        for copy in copies:
            copy.unlink(missing_ok=True)
        copies = []
    erasure.sweep(database)
    return Forgotten(row.name, *gone, len(kept), tuple(map(str, copies)))


def _files(desk: Desk, person: int) -> list[str]:
    """Return the files that are kept with this person alone."""
    told = told_of_all(desk.database, "9999-12-31")
    held = {
        number: {fact.label for fact in said.facts.values() if fact.field in ATTACHED} for number, said in told.items()
    }
    others = {label for number, labels in held.items() if number != person for label in labels}
    return sorted(held.get(person, set()) - others)


@operation(Effect.WRITE)
def sweep(desk: Desk) -> str:
    """Write the vault's file anew without the pages that held what was erased, where it was in use at that time.

    Raises AmityError REFUSED where it still is.
    """
    erasure.sweep(desk.database)
    return say("The file holds nothing of what was erased.")
