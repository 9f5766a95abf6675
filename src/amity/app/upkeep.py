"""Upkeep: check what is kept, copy it, bring it back, and take back what was done."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import apsw

from amity.app.desk import Desk
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.store import decisions, evidence
from amity.store.db import FILE, connect, copy, migrations, open_vault, sync_folder
from amity.store.decisions import Decision


@dataclass(frozen=True, slots=True)
class Health:
    """What a check of everything kept found."""

    sound: bool
    checked: dict[str, int]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One change by the owner, as the history lists it."""

    id: int
    at: str
    kind: str
    summary: str
    undone: bool


@operation(Effect.READ)
def verify(desk: Desk) -> Health:
    """Check the whole file, its references, and every batch of evidence against the digest written with it."""
    database = desk.database
    places: list[str] = []
    counts: dict[str, int] = {}
    try:
        places.extend(str(row[0]) for row in database.execute("PRAGMA integrity_check") if row[0] != "ok")
        places.extend(
            f"{table} {row}: refers to what is not there ({parent})"
            for table, row, parent, _ in database.execute("PRAGMA foreign_key_check")
        )
        for table in ("moment", "card", "trouble", "handle", "decision"):
            counts[table] = int(str(database.value(f"SELECT count(*) FROM {table}")))
        places.extend(evidence.broken_seals(database))
        places.extend(evidence.dangling(database))
    except (apsw.Error, UnicodeDecodeError, TypeError) as error:
        # What SQLite or Python stumbles over in rows that Amity wrote is damage, whichever of them says so.
        places.append(f"{database.folder / FILE}: {error}")
    return Health(not places, counts, tuple(places))


@operation(Effect.READ, names_files=True)
def backup(desk: Desk, file: Path) -> Path:
    """Write a consistent copy of the vault to a file, also while it is in use; an encrypted vault stays encrypted."""
    if file.is_dir():
        file = file / f"amity-{desk.today.isoformat()}.db"
    if not file.parent.is_dir():
        raise AmityError(Code.NOT_FOUND, f"There is no folder {file.parent}.", "Make it first.")
    copy(desk.database, file)
    return file


def restore(folder: Path, file: Path, secret: str | None, now: int) -> Path | None:
    """Put a backup in the place of the vault, after checking it; what was there is kept beside it.

    Returns where the former vault now lies, None where there was none. Raises AmityError DAMAGED when the backup is
    not whole, NOT_FOUND when it is not there.
    """
    if not file.is_file():
        raise AmityError(Code.NOT_FOUND, f"There is no backup {file}.", "Check the path.")
    connection = connect(file, secret, read_only=True)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
        tables = connection.execute(
            "SELECT count(*) FROM sqlite_schema WHERE name IN ('moment', 'decision')"
        ).fetchone()
        schema = int(str(connection.pragma("user_version")))
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise AmityError(Code.DAMAGED, f"The backup {file} is damaged: {error}.", "Use another one.") from error
    finally:
        connection.close()
    if found != ["ok"]:
        raise AmityError(Code.DAMAGED, f"The backup {file} is damaged: {found[0]}.", "Use another one.")
    if not tables or tables[0] != 2:
        raise AmityError(Code.USAGE, f"{file} is no backup of an Amity vault.", "`amity backup FILE` makes one.")
    if schema > migrations()[-1][0]:
        raise AmityError(Code.REFUSED, f"{file} was written by a newer Amity.", "Install that version or a newer one.")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / (FILE + ".partial")
    with file.open("rb") as backup_stream, partial.open("wb") as stream:
        shutil.copyfileobj(backup_stream, stream)
        stream.flush()
        os.fsync(stream.fileno())
    partial.chmod(0o600)
    former = _set_aside(folder, secret, now)
    partial.replace(folder / FILE)
    sync_folder(folder)
    open_vault(folder, secret).close()
    return former


def _set_aside(folder: Path, secret: str | None, now: int) -> Path | None:
    """Move the present vault to the backups, its write-ahead log folded in; as it lies where it does not open."""
    present = folder / FILE
    if not present.exists():
        return None
    backups = folder / "backups"
    backups.mkdir(exist_ok=True, mode=0o700)
    name = f"before-restore-{datetime.fromtimestamp(now, UTC):%Y%m%d-%H%M%S}"
    earlier = len(list(backups.glob(f"{name}*.db")))
    former = backups / (f"{name}-{earlier + 1}.db" if earlier else f"{name}.db")
    try:
        connection = connect(present, secret)
        connection.pragma("journal_mode", "delete")
        connection.close()
    except (apsw.BusyError, apsw.LockedError) as error:
        raise AmityError(
            Code.REFUSED, f"The vault {folder} is in use.", "Stop `amity serve` and other commands, then try again."
        ) from error
    except (AmityError, apsw.Error):
        for ending in ("-wal", "-shm"):
            side = present.with_name(FILE + ending)
            if side.exists():
                side.replace(former.with_name(former.name + ending))
    present.replace(former)
    return former


@operation(Effect.READ)
def history(desk: Desk, limit: int = 50) -> tuple[Change, ...]:
    """List what the owner did, newest first."""
    gone = decisions.undone(desk.database)
    return tuple(_change(decision, decision.id in gone) for decision in decisions.latest(desk.database, limit))


@operation(Effect.WRITE)
def undo(desk: Desk, count: int = 1, key: str = "") -> tuple[Change, ...]:
    """Take back the owner's last changes, newest first; undoing is a change itself, so `redo` brings them back.

    Returns what was taken back. Raises AmityError NOT_FOUND where there is nothing to take back.
    """
    if count < 1:
        raise AmityError(Code.USAGE, f"{count} changes cannot be taken back.", "Say how many: 1 or more.")
    database = desk.database
    with database.transaction():
        if key and decisions.by_key(database, f"{key}:1"):
            return ()
        standing = [decision for decision in decisions.standing(database) if _matters(decision)]
        targets = standing[-1 : -count - 1 : -1]
        if not targets:
            raise AmityError(Code.NOT_FOUND, "There is nothing to take back.")
        base = key or decisions.new_key()
        for place, target in enumerate(targets, 1):
            desk.record(f"{base}:{place}", "undo", f"Took back: {target.summary}", {}, undoes=target.id)
    return tuple(_change(target, undone=True) for target in targets)


@operation(Effect.WRITE)
def redo(desk: Desk, key: str = "") -> Change:
    """Bring back what was taken back last."""
    database = desk.database
    with database.transaction():
        if key and (earlier := decisions.by_key(database, key)):
            return _change(earlier, undone=False)
        gone = decisions.undone(database)
        undos = [one for one in decisions.latest(database, -1) if one.kind == "undo" and one.id not in gone]
        if not undos:
            raise AmityError(Code.NOT_FOUND, "There is nothing to bring back.")
        target = undos[0]
        words = target.summary.removeprefix("Took back: ")
        number = desk.record(key or decisions.new_key(), "redo", f"Brought back: {words}", {}, undoes=target.id)
    return Change(number, _stamp(desk.now), "redo", f"Brought back: {words}", undone=False)


def _matters(decision: Decision) -> bool:
    """Leave out imports that found nothing new: taking them back would change nothing."""
    return decision.kind != "import" or bool(decision.body.get("new", 1)) or bool(decision.body.get("me"))


def _change(decision: Decision, undone: bool) -> Change:
    return Change(decision.id, _stamp(decision.at), decision.kind, decision.summary, undone)


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")
