"""Upkeep: check what is kept, copy it, bring it back, and take back what was done."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.language import noted, retold, say
from amity.store import copies, decisions, evidence
from amity.store.decisions import Decision
from amity.store.erasure import FORGOTTEN


class Health(Struct, frozen=True):
    """What a check of everything kept found."""

    sound: bool
    checked: dict[str, int]
    places: tuple[str, ...]


class Change(Struct, frozen=True):
    """One change by the owner, as the history lists it."""

    id: int
    at: str
    kind: str
    summary: str
    undone: bool


@operation(Effect.READ)
def verify(desk: Desk) -> Health:
    """Check the whole file, its references, and every batch of evidence against the digest written with it."""
    counts, places = copies.check(desk.database)
    return Health(not places, counts, tuple(places))


@operation(Effect.READ, names_files=True)
def backup(desk: Desk, file: Path) -> Path:
    """Write a consistent copy of the vault to a file, also while it is in use; an encrypted vault stays encrypted.

    The files that are kept with people are within it.
    """
    if file.is_dir():
        file = file / f"amity-{desk.today.isoformat()}.db"
    if not file.parent.is_dir():
        raise AmityError(Code.NOT_FOUND, say("There is no folder {folder}.", folder=file.parent), say("Make it first."))
    copies.back_up(desk.database, file)
    return file


def restore(folder: Path, file: Path, secret: str | None, now: int) -> Path | None:
    """Put a backup in the place of the vault, after checking it; return where the former vault now lies.

    It is no operation of a desk, since the vault that is there may not open. Raises AmityError as `copies.restore`.
    """
    return copies.restore(folder, file, secret, now)


@operation(Effect.READ)
def history(desk: Desk, limit: int = 50) -> tuple[Change, ...]:
    """List what the owner did, newest first."""
    gone = decisions.undone(desk.database)
    return tuple(_change(decision, decision.id in gone) for decision in decisions.latest(desk.database, limit))


@operation(Effect.WRITE, rules={"count": {"minimum": 1}})
def undo(desk: Desk, count: int = 1, key: str = "") -> tuple[Change, ...]:
    """Take back the owner's last changes, newest first; undoing is a change itself, so `redo` brings them back.

    Returns what was taken back. Raises AmityError NOT_FOUND where there is nothing to take back.
    """
    if count < 1:
        raise AmityError(
            Code.USAGE, say("{count} changes cannot be taken back.", count=count), say("Say how many: 1 or more.")
        )
    database = desk.database
    with database.transaction():
        if key and decisions.repeated(database, f"{key}:1", "undo"):
            return ()
        targets = _standing(desk)[-1 : -count - 1 : -1]
        if not targets:
            raise AmityError(Code.NOT_FOUND, say("There is nothing to take back."))
        base = key or decisions.new_key()
        for place, target in enumerate(targets, 1):
            desk.record(
                f"{base}:{place}", "undo", noted("Took back: {summary}", summary=target.summary), {}, undoes=target.id
            )
        evidence.settle(database)
    return tuple(_change(target, undone=True) for target in targets)


@operation(Effect.WRITE)
def redo(desk: Desk, key: str = "") -> Change:
    """Bring back what was taken back last."""
    database = desk.database
    with database.transaction():
        if earlier := decisions.repeated(database, key, "redo"):
            return _change(earlier, undone=False)
        gone = decisions.undone(database)
        undos = [one for one in decisions.latest(database, -1) if one.kind == "undo" and one.id not in gone]
        if not undos:
            raise AmityError(Code.NOT_FOUND, say("There is nothing to bring back."))
        target = undos[0]
        words = "; ".join(one.summary for one in decisions.some(database, [target.undoes] if target.undoes else []))
        number = desk.record(
            key or decisions.new_key(), "redo", noted("Brought back: {words}", words=words), {}, undoes=target.id
        )
        evidence.settle(database)
    return Change(number, _stamp(desk.now), "redo", retold(noted("Brought back: {words}", words=words)), undone=False)


def next_to_undo(desk: Desk) -> int | None:
    """Return the number of the change that `undo` would take back, None where there is none."""
    standing = _standing(desk)
    return standing[-1].id if standing else None


def _standing(desk: Desk) -> list[Decision]:
    return [decision for decision in decisions.standing(desk.database) if _matters(decision)]


def _matters(decision: Decision) -> bool:
    """Leave out imports that told nothing, and what was forgotten: taking them back would change nothing."""
    told = decision.body.get("new", 1) or any(decision.body.get(name) for name in ("changed", "retold", "me"))
    return decision.kind != FORGOTTEN and (decision.kind != "import" or bool(told))


def _change(decision: Decision, undone: bool) -> Change:
    return Change(decision.id, _stamp(decision.at), decision.kind, retold(decision.summary), undone)


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
