"""Find the reports of mail that failed, and what is needed to tell which message they are about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from amity.store.db import Database, among, integer

DAEMONS = ("mailer-daemon@", "postmaster@", "mdaemon@", "mail-daemon@", "microsoftexchange")


class Threaded(NamedTuple):
    """A message with what it answers, how many take part in it, and its subject."""

    id: int
    at: int
    thread: int
    parties: int
    subject: str


class Reporters(NamedTuple):
    """Whether bodies told of failures, and the addresses from which mail servers report."""

    told: bool
    daemons: list[int]


def reporters(database: Database) -> Reporters:
    """Return what there is that tells of mail that failed."""
    some = " OR ".join(["(kind = 'email' AND value >= ? AND value < ?)"] * len(DAEMONS))
    bindings = [bound for name in DAEMONS for bound in (name, f"{name}\U0010ffff")]
    rows = database.execute(
        f"""SELECT 0 FROM (SELECT 1 FROM finding WHERE kind = 'bounce' LIMIT 1)
            UNION ALL SELECT id FROM handle WHERE {some}""",
        bindings,
    )
    found = [integer(row[0]) for row in rows]
    return Reporters(0 in found, [number for number in found if number])


def threaded(database: Database, ids: Iterable[int]) -> dict[int, Threaded]:
    """Return some moments with what they answer."""
    where, bindings = among("id", ids)
    rows = database.execute(f"SELECT id, at, thread, length(parties) / 4, subject FROM moment {where}", bindings)
    return {
        integer(number): Threaded(integer(number), integer(at), integer(thread), integer(parties), str(subject))
        for number, at, thread, parties, subject in rows
    }
