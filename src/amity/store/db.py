"""Open a vault's one file safely: a fixed SQLite, full durability, numbered migrations with a backup before."""

from __future__ import annotations

import os
import zlib
from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

import apsw
import msgspec

from amity.errors import AmityError, Code
from amity.language import say

FILE = "amity.db"
HERE = Path(__file__).parent
# WAL-reset could lose committed data with two connections before these; see docs/decisions/0001.
FIXED_SQLITE = (3, 51, 3)
BUSY_MS = 20_000
# Pages that the write-ahead log grows to before it is folded in: an import rewrites the same index pages often.
CHECKPOINT = 2_000
PAGE = 8_192  # bytes; an import writes a twentieth quicker than with SQLite's 4,096
PLAIN_HEADER = b"SQLite format 3\x00"

Connection = apsw.Connection
_Found = TypeVar("_Found")


class Database:
    """One open vault. Reads run at once; writes go through `transaction`."""

    def __init__(self, folder: Path, connection: Connection) -> None:
        self.folder = folder
        self.connection = connection
        self.execute = connection.execute
        self.executemany = connection.executemany
        self._known: dict[Hashable, object] = {}
        self._known_of: tuple[int, int] = (0, 0)

    def once(self, name: Hashable, look_up: Callable[[], _Found]) -> _Found:
        """Return what was looked up before under a name, as long as nothing in the file has changed since.

        What other processes commit is noticed by `notice`, with which every operation begins, and by any other read.
        """
        state = (self.connection.data_version(), self.connection.total_changes())
        if state != self._known_of:
            self._known.clear()
            self._known_of = state
        if name not in self._known:
            self._known[name] = look_up()
        return cast(_Found, self._known[name])

    def notice(self) -> None:
        """Take notice of what other processes have committed."""
        self.execute("PRAGMA data_version").fetchall()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block as one immediate transaction: all of it is kept, or nothing. Inside another it joins that one.

        Raises AmityError REFUSED when another process keeps the vault locked for longer than the time allowed.
        """
        if self.connection.in_transaction:
            yield
            return
        try:
            self.execute("BEGIN IMMEDIATE")
        except apsw.BusyError as error:
            raise AmityError(
                Code.REFUSED,
                say("The vault {folder} is being written by another process.", folder=self.folder),
                say("Wait for it to finish, then try again."),
            ) from error
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:
                self.execute("ROLLBACK")
            self._known.clear()  # what was looked up inside is of a state that never came to be
            raise
        self.execute("COMMIT")

    def value(self, sql: str, bindings: tuple[apsw.SQLiteValue, ...] = ()) -> apsw.SQLiteValue:
        """Return the first column of the first row, or None where there is no row."""
        row = self.execute(sql, bindings).fetchone()
        return row[0] if row else None

    def close(self) -> None:
        """Close the connection; what was committed is on disk already."""
        self.connection.close()


def assert_fixed_sqlite() -> None:
    """Refuse to run on a SQLite that can lose committed data.

    Source: the WAL-reset bug, SQLite 3.7.0 to 3.51.2.
    """
    version = tuple(int(part) for part in apsw.sqlite_lib_version().split(".")[:3])
    if version < FIXED_SQLITE:
        raise AmityError(
            Code.INTERNAL,
            say("SQLite {version} can lose committed data.", version=apsw.sqlite_lib_version()),
            say("Install apsw-sqlite3mc 3.54 or newer."),
        )


def is_encrypted(file: Path) -> bool:
    """Tell by its first bytes whether a database file is encrypted."""
    with file.open("rb") as stream:
        start = stream.read(len(PLAIN_HEADER))
    return bool(start) and start != PLAIN_HEADER


def migrations() -> list[tuple[int, str]]:
    """List the numbered migrations in order, as (number, SQL)."""
    files = sorted((HERE / "migrations").glob("*.sql"))
    return [(int(file.name[:4]), file.read_text(encoding="utf-8")) for file in files]


def connect(file: Path, key: str | None = None, *, create: bool = False, read_only: bool = False) -> Connection:
    """Open a database file with everything that durability needs.

    Raises AmityError REFUSED for a wrong passphrase, DAMAGED for a file that is no database.
    """
    assert_fixed_sqlite()
    flags = apsw.SQLITE_OPEN_READONLY if read_only else apsw.SQLITE_OPEN_READWRITE
    if create:
        flags |= apsw.SQLITE_OPEN_CREATE
    try:
        connection = apsw.Connection(str(file), flags=flags)
    except apsw.CantOpenError as error:
        raise AmityError(
            Code.REFUSED, say("Cannot open {file}.", file=file), say("Check the path and its permissions.")
        ) from error
    try:
        if key is not None:
            connection.pragma("key", key)
        connection.set_busy_timeout(BUSY_MS)
        if create:
            connection.pragma("page_size", PAGE)
        connection.pragma("schema_version")
        if not read_only:
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            connection.wal_autocheckpoint(CHECKPOINT)
        connection.pragma("foreign_keys", True)
        connection.pragma("cache_size", -32_000)
    except apsw.NotADBError as error:
        connection.close()
        if key is not None or (file.exists() and not _looks_damaged(file)):
            raise AmityError(
                Code.REFUSED,
                say("{file} does not open with this passphrase.", file=file)
                if key
                else say("{file} is encrypted, and no key was given.", file=file),
                say("Give the passphrase that the vault was made with (AMITY_PASSPHRASE, or at the prompt)."),
            ) from error
        raise damaged(file, str(error)) from error
    except (apsw.CorruptError, apsw.SQLError) as error:
        connection.close()
        raise damaged(file, str(error)) from error
    return connection


def _looks_damaged(file: Path) -> bool:
    return file.stat().st_size % 512 != 0 or not is_encrypted(file)


def damaged(file: Path, what: str) -> AmityError:
    """Build the error for a file whose content is not what was written."""
    return AmityError(
        Code.DAMAGED,
        say("{file} is damaged: {what}.", file=file, what=what),
        say("Run `amity verify` for the places; `amity restore FILE` brings a backup back."),
    )


def open_vault(folder: Path, key: str | None = None, *, create: bool = False) -> Database:
    """Open the vault in a folder, bring its schema up to date, and return it.

    A backup is written beside the file before a migration touches existing data. Raises AmityError NOT_FOUND where
    there is no vault, REFUSED for one made by a newer Amity.
    """
    file = folder / FILE
    if create:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif not file.exists():
        raise AmityError(
            Code.NOT_FOUND, say("There is no vault in {folder}.", folder=folder), say("Make one with `amity init`.")
        )
    connection = connect(file, key, create=create)
    database = Database(folder, connection)
    try:
        _migrate(database)
    except apsw.SQLError as error:
        connection.close()
        raise damaged(file, f"its schema is not what its number says ({error})") from error
    except BaseException:
        connection.close()
        raise
    if os.name == "posix" and file.stat().st_mode & 0o077:
        file.chmod(0o600)
    return database


def _migrate(database: Database) -> None:
    steps = migrations()
    newest = steps[-1][0]
    current = int(str(database.connection.pragma("user_version")))
    if current > newest:
        raise AmityError(
            Code.REFUSED,
            say(
                "The vault {folder} was written by a newer Amity (schema {current}, this one knows {newest}).",
                folder=database.folder,
                current=current,
                newest=newest,
            ),
            say("Install that version or a newer one."),
        )
    if current == newest:
        return
    if current:
        backups = database.folder / "backups"
        backups.mkdir(exist_ok=True, mode=0o700)
        copy(database, backups / f"before-schema-{newest:04}.db", overwrite=True)
    for number, sql in steps:
        with database.transaction():
            # Read again under the lock: another process may have migrated while this one waited.
            if int(str(database.connection.pragma("user_version"))) < number:
                database.execute(sql)
                database.connection.pragma("user_version", number)


def copy(database: Database, file: Path, *, overwrite: bool = False) -> None:
    """Write a consistent copy of the vault to a file, also while others write; an encrypted vault stays encrypted.

    The copy appears under its name only when it is whole. Raises AmityError REFUSED where the file exists.
    """
    if file.exists() and not overwrite:
        raise AmityError(Code.REFUSED, say("{file} exists already.", file=file), say("Name another file."))
    partial = file.with_name(file.name + ".partial")
    with new_file(partial) as stream:
        database.execute("VACUUM INTO ?", (str(partial),))
        os.fsync(stream.fileno())
    partial.replace(file)
    sync_folder(file.parent)


@contextmanager
def new_file(file: Path) -> Iterator[BinaryIO]:
    """Open a new file that nobody but the owner may read, from its first byte on; a failure leaves nothing of it."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "r+b") as stream:
        try:
            yield stream
        except BaseException:
            file.unlink(missing_ok=True)
            raise


def sync_folder(folder: Path) -> None:
    """Make a rename in a folder survive a power cut, where the platform can."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def derived_schema() -> tuple[str, str]:
    """Return the SQL of the derived drawer and a digest by which a stale one is told."""
    sql = (HERE / "derived.sql").read_text(encoding="utf-8")
    return sql, f"{zlib.crc32(sql.encode()):08x}"


def digest(values: object) -> bytes:
    """Digest plain values, so that a change which nobody made is told."""
    from hashlib import blake2b  # loads OpenSSL, which no read needs

    return blake2b(msgspec.msgpack.encode(values), digest_size=16).digest()


def checksum(values: object) -> int:
    """Sum up the plain values of one row, so that a byte which changed is told; see `digest` for whole batches."""
    return zlib.crc32(msgspec.msgpack.encode(values))


def integer(value: object) -> int:
    """Return a column that the schema says is an integer as one, for the type checker's sake and ours."""
    if not isinstance(value, int):
        raise TypeError(f"expected an integer, got {value!r}")
    return value


def among(column: str, numbers: Iterable[int] | None, joint: str = "WHERE") -> tuple[str, tuple[str, ...]]:
    """Build a condition that a column is one of some numbers, with its binding; none at all for None."""
    if numbers is None:
        return "", ()
    return f"{joint} {column} IN (SELECT value FROM json_each(?))", (f"[{','.join(map(str, numbers))}]",)
