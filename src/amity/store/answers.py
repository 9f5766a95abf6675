"""Answers kept whole, each with the state of the vault that it was given in."""

from __future__ import annotations

from typing import cast

from amity.store.db import Database


def answer(database: Database, name: str, ground: bytes) -> bytes | None:
    """Return what was answered to a question in that state, None where it was not asked in it."""
    found = database.value("SELECT body FROM derived_answer WHERE name = ? AND ground = ?", (name, ground))
    return cast("bytes | None", found)


def put_answer(database: Database, name: str, ground: bytes, body: bytes) -> None:
    """Keep an answer; those of other states are dropped. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_answer WHERE ground <> ?", (ground,))
    database.execute(
        "INSERT OR REPLACE INTO derived_answer (name, ground, body) VALUES (?, ?, ?)", (name, ground, body)
    )
