"""What programs asked for and the owner has yet to confirm."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec

from amity.store.db import Database, integer


class Errand(NamedTuple):
    """One operation that a program wants done."""

    id: int
    asked: int
    operation: str
    arguments: Mapping[str, Any]
    answered: int | None
    confirmed: bool


def put(database: Database, operation: str, arguments: Mapping[str, Any], now: int) -> int:
    """Keep what a program asks for, and return its number. Runs in the caller's transaction."""
    database.execute(
        "INSERT INTO errand (asked, operation, arguments) VALUES (?, ?, ?)",
        (now, operation, msgspec.json.encode(arguments).decode()),
    )
    return database.connection.last_insert_rowid()


def waiting(database: Database) -> list[Errand]:
    """List what waits, the oldest first."""
    rows = database.execute("SELECT * FROM errand WHERE answered IS NULL ORDER BY id")
    return [_errand(row) for row in rows]


def find(database: Database, number: int) -> Errand | None:
    """Return one errand, answered or not."""
    row = database.execute("SELECT * FROM errand WHERE id = ?", (number,)).fetchone()
    return _errand(row) if row else None


def answer(database: Database, number: int, now: int, *, confirmed: bool) -> None:
    """Write down what the owner said to it. Runs in the caller's transaction."""
    database.execute("UPDATE errand SET answered = ?, confirmed = ? WHERE id = ?", (now, int(confirmed), number))


def count(database: Database) -> tuple[int, int]:
    """Return how many errands there ever were, and how many of them were answered."""
    asked, answered = map(integer, database.execute("SELECT count(*), count(answered) FROM errand").get)
    return asked, answered


def _errand(row: tuple[Any, ...]) -> Errand:
    number, asked, operation, arguments, answered, confirmed = row
    return Errand(integer(number), integer(asked), operation, msgspec.json.decode(arguments), answered, bool(confirmed))
