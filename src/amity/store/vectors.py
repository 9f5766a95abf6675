"""Keep the vectors that the owner's own model gave to texts, so that no text is asked for twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

import msgspec

from amity.store.db import Database


def vectors(database: Database, keys: Iterable[str]) -> dict[str, bytes]:
    """Return the vectors that are kept under some keys."""
    rows = database.execute(
        "SELECT key, body FROM derived_vector WHERE key IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(keys)).decode(),),
    )
    return {str(key): cast(bytes, body) for key, body in rows}


def put_vectors(database: Database, found: Mapping[str, bytes]) -> None:
    """Keep vectors under their keys. Runs in the caller's transaction."""
    database.executemany("INSERT OR REPLACE INTO derived_vector (key, body) VALUES (?, ?)", found.items())
