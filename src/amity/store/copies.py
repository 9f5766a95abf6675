"""Check what is kept, copy it while it is in use, and bring a copy back."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import cast

import apsw

from amity.errors import AmityError, Code
from amity.language import say
from amity.store import decisions, evidence
from amity.store.db import (
    FILE,
    Connection,
    Database,
    connect,
    copy,
    is_encrypted,
    migrations,
    new_file,
    open_vault,
    sync_folder,
)

FILES = "files"  # the folder of attachments within the vault's own
_STORED = re.compile(r"([0-9a-f]{24})(?:\.[^/\\\x00-\x1f]*)?")


def stored_name(content: bytes, suffix: str) -> str:
    """Return the name under which a file is kept: told by its content, so that one which changed is known."""
    return blake2b(content, digest_size=12).hexdigest() + suffix[:20]


def kept_file(folder: Path, name: str) -> Path | None:
    """Return where a vault keeps a file of this name; None where it keeps none, and for a name that leads elsewhere."""
    path = folder / FILES / name
    return path if _STORED.fullmatch(name) and path.is_file() else None


def lay_in(folder: Path, file: Path) -> bool:
    """Keep a file under the name that its content tells, with a vault that is not encrypted.

    Returns whether it is there and is what its name says.
    """
    if is_encrypted(folder / FILE) or not file.is_file() or not _is_whole(file.name, file.read_bytes()):
        return False
    room = folder / FILES
    room.mkdir(exist_ok=True, mode=0o700)
    if not (room / file.name).exists():
        shutil.copyfile(file, room / file.name)
        (room / file.name).chmod(0o600)
    return True


def back_up(database: Database, file: Path) -> None:
    """Write a consistent copy of the vault to a file, the attachments within it; see `db.copy`."""
    if file.exists():
        raise AmityError(Code.REFUSED, say("{file} exists already.", file=file), say("Name another file."))
    partial = file.with_name(f"{file.name}.attached")
    try:
        copy(database, partial, overwrite=True)
        held = sorted(path for path in (database.folder / FILES).glob("*") if _STORED.fullmatch(path.name))
        if held:
            # The copy has the key of the vault that it is attached to.
            database.execute("ATTACH ? AS copy", (str(partial),))
            try:
                with database.transaction():
                    database.execute("CREATE TABLE copy.attachment (name TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT")
                    rows = ((path.name, path.read_bytes()) for path in held)
                    database.executemany("INSERT INTO copy.attachment (name, body) VALUES (?, ?)", rows)
            finally:
                database.execute("DETACH copy")
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def check(database: Database) -> tuple[dict[str, int], list[str]]:
    """Check the file, its references and every batch against its digest; return counts, and the damaged places."""
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
        places.extend(decisions.broken(database))
    except (apsw.Error, UnicodeDecodeError, TypeError) as error:
        # What SQLite or Python stumbles over in rows that Amity wrote is damage, whichever of them says so.
        places.append(f"{database.folder / FILE}: {error}")
    return counts, places


def restore(folder: Path, file: Path, secret: str | None, now: int) -> Path | None:
    """Put a backup in the place of the vault, after checking it; what was there is kept beside it.

    Returns where the former vault now lies, None where there was none. Raises AmityError DAMAGED when the backup is
    not whole, NOT_FOUND when it is not there.
    """
    if not file.is_file():
        raise AmityError(Code.NOT_FOUND, say("There is no backup {file}.", file=file), say("Check the path."))
    connection = connect(file, secret, read_only=True)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        ours = "SELECT count(*) FROM sqlite_schema WHERE name IN ('moment', 'decision')"
        tables = connection.execute(ours).fetchone()
        schema = int(str(connection.pragma("user_version")))
        if not found and tables and tables[0] == 2 and schema == migrations()[-1][0]:
            _, found = check(Database(file.parent, connection))
        found += [f"attachment {name}" for name, body in _attached(connection) if not _is_whole(name, body)]
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise AmityError(
            Code.DAMAGED, say("The backup {file} is damaged: {error}.", file=file, error=error), say("Use another one.")
        ) from error
    finally:
        connection.close()
    if found:
        raise AmityError(
            Code.DAMAGED,
            say("The backup {file} is damaged: {error}.", file=file, error=found[0]),
            say("Use another one."),
        )
    if not tables or tables[0] != 2:
        raise AmityError(
            Code.USAGE, say("{file} is no backup of an Amity vault.", file=file), say("`amity backup FILE` makes one.")
        )
    if schema > migrations()[-1][0]:
        raise AmityError(
            Code.REFUSED,
            say("{file} was written by a newer Amity.", file=file),
            say("Install that version or a newer one."),
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = folder / (FILE + ".partial")
    with file.open("rb") as backup_stream, new_file(partial) as stream:
        shutil.copyfileobj(backup_stream, stream)
        stream.flush()
        os.fsync(stream.fileno())
        former = _set_aside(folder, secret, now)
    partial.replace(folder / FILE)
    sync_folder(folder)
    with closing(open_vault(folder, secret).connection) as connection:
        _lay_out(folder, connection)
    return former


def _attached(connection: Connection) -> Iterator[tuple[str, bytes]]:
    """Yield the attachments that a backup carries, with their names."""
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'attachment'").fetchone():
        for name, body in connection.execute("SELECT name, body FROM attachment"):
            yield str(name), cast(bytes, body)


def _is_whole(name: str, body: bytes) -> bool:
    return _STORED.fullmatch(name) is not None and stored_name(body, Path(name).suffix) == name


def _lay_out(folder: Path, connection: Connection) -> None:
    """Put the attachments of a backup beside the vault, and take them out of its file."""
    room = folder / FILES
    names = []
    for name, body in _attached(connection):
        room.mkdir(exist_ok=True, mode=0o700)
        with new_file(room / f"{name}.partial") as stream:
            stream.write(body)
        names.append((room / f"{name}.partial").replace(room / name))
    if names:
        sync_folder(room)
        connection.execute("DROP TABLE attachment")
        connection.execute("VACUUM")


def _set_aside(folder: Path, secret: str | None, now: int) -> Path | None:
    """Keep the present vault among the backups, its write-ahead log folded in; as it lies where it does not open.

    It stays in its place besides, where the file system has hard links: there is a vault at every moment.
    """
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
            Code.REFUSED,
            say("The vault {folder} is in use.", folder=folder),
            say("Stop `amity serve` and other commands, then try again."),
        ) from error
    except (AmityError, apsw.Error):
        for ending in ("-wal", "-shm"):
            side = present.with_name(FILE + ending)
            if side.exists():
                side.replace(former.with_name(former.name + ending))
    try:
        former.hardlink_to(present)
    except OSError:
        present.replace(former)
    return former
