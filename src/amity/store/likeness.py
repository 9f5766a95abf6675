"""Which people may be one, as it was worked out, and what that stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, cast

import msgspec

from amity.model import Channel
from amity.store.db import Database, among, integer
from amity.store.evidence import superseded


class Alike(NamedTuple):
    """Two people who may be one, with the reasons as plain values."""

    left: int
    right: int
    score: float
    sure: bool
    because: list[dict[str, Any]]


def basis(database: Database) -> list[int]:
    """Return what likeness stands on: handles, cards and names. More contacts between the known change it little."""
    return [
        integer(database.value(sql))
        for sql in (
            "SELECT coalesce(max(id), 0) FROM handle",
            "SELECT coalesce(max(id), 0) FROM card",
            "SELECT count(*) FROM naming",
        )
    ]


def conversations(database: Database, end: int, hidden: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """Yield (thread, packed participants) of the mails before `end` that answer or are answered, by thread and time."""
    gone, excluded = among("reading", hidden, "AND")
    past, replaced = among("id", superseded(database, hidden) or None, "AND")
    rows = database.execute(
        f"""SELECT thread, parties FROM moment WHERE channel = ? AND at < ? AND thread IN (
              SELECT thread FROM moment WHERE thread <> 0 GROUP BY thread HAVING count(*) > 1)
            {f"{gone} {past}".replace(" IN ", " NOT IN ")} ORDER BY thread, at, id""",
        (int(Channel.MAIL), end, *excluded, *replaced),
    )
    return cast("Iterator[tuple[int, bytes]]", rows)


def put(database: Database, pairs: Iterable[Alike]) -> None:
    """Write the pairs in place of the old ones. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_likeness")
    database.executemany(
        "INSERT INTO derived_likeness (place, one, other, score, sure, because) VALUES (?, ?, ?, ?, ?, ?)",
        (
            (place, pair.left, pair.right, pair.score, int(pair.sure), msgspec.json.encode(pair.because).decode())
            for place, pair in enumerate(pairs)
        ),
    )


def find(database: Database) -> list[Alike]:
    """Return the pairs, the likeliest first."""
    rows = database.execute("SELECT one, other, score, sure, because FROM derived_likeness ORDER BY place")
    return [
        Alike(integer(one), integer(other), cast(float, score), bool(sure), msgspec.json.decode(str(because)))
        for one, other, score, sure, because in rows
    ]
