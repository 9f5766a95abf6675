"""Keep what the mirror shows, worked out once for a day: a part a row, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from amity.store.db import Database


def part(database: Database, name: str) -> bytes | None:
    """Return one part as it was put, None where there is none."""
    return cast("bytes | None", database.value("SELECT body FROM derived_mirror WHERE name = ?", (name,)))


def put(database: Database, language: str, parts: Mapping[str, bytes]) -> None:
    """Write all parts in place of the old ones in a language, which begin with it. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_mirror WHERE substr(name, 1, ?) = ?", (len(language) + 1, f"{language} "))
    database.executemany("INSERT INTO derived_mirror (name, body) VALUES (?, ?)", parts.items())
