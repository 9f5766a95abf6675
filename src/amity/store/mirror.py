"""Keep what the mirror shows, worked out once for a day: a part a row, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from amity.store.db import Database


def part(database: Database, name: str) -> bytes | None:
    """Return one part as it was put, None where there is none."""
    return cast("bytes | None", database.value("SELECT body FROM derived_mirror WHERE name = ?", (name,)))


def put(database: Database, parts: Mapping[str, bytes]) -> None:
    """Write all parts in place of the old ones. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_mirror")
    database.executemany("INSERT INTO derived_mirror (name, body) VALUES (?, ?)", parts.items())
