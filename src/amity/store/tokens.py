"""Tokens of programs: digests alone, with what each may do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from amity.store.db import Database, digest, integer

_COLUMNS = "id, name, scopes, made"


class Token(NamedTuple):
    """One token in force, without its secret."""

    id: int
    name: str
    scopes: tuple[str, ...]
    made: int


def put(database: Database, name: str, secret: str, scopes: Iterable[str], now: int) -> int:
    """Keep the digest of a token, and return its number. Runs in the caller's transaction."""
    database.execute(
        "INSERT INTO token (name, digest, scopes, made) VALUES (?, ?, ?, ?)",
        (name, digest(secret), " ".join(scopes), now),
    )
    return database.connection.last_insert_rowid()


def by_secret(database: Database, secret: str) -> Token | None:
    """Find the token in force that a program presents."""
    row = database.execute(
        f"SELECT {_COLUMNS} FROM token WHERE digest = ? AND revoked IS NULL", (digest(secret),)
    ).fetchone()
    return _token(row) if row else None


def in_force(database: Database) -> list[Token]:
    """List the tokens that were not revoked, the oldest first."""
    rows = database.execute(f"SELECT {_COLUMNS} FROM token WHERE revoked IS NULL ORDER BY id")
    return [_token(row) for row in rows]


def revoke(database: Database, number: int, now: int) -> bool:
    """Revoke a token for good; False where there is none in force. Runs in the caller's transaction."""
    database.execute("UPDATE token SET revoked = ? WHERE id = ? AND revoked IS NULL", (now, number))
    return database.connection.changes() > 0


def _token(row: tuple[Any, ...]) -> Token:
    number, name, scopes, made = row
    return Token(integer(number), str(name), tuple(str(scopes).split()), integer(made))
