"""What the owner said: appended only. Undo appends the opposite; ids of persons are minted here."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import apsw
import msgspec

from amity.errors import AmityError, Code
from amity.language import say
from amity.store.db import Database, among, checksum, digest, integer


class Decision(NamedTuple):
    """One thing the owner did, as kept."""

    id: int
    key: str
    at: int
    today: str
    kind: str
    summary: str
    body: Mapping[str, Any]
    undoes: int | None


_COLUMNS = "id, key, at, today, kind, summary, body, undoes"


def _decision(row: tuple[Any, ...]) -> Decision:
    number, key, at, today, kind, summary, body, undoes = row
    return Decision(number, key, at, today, kind, summary, msgspec.json.decode(body), undoes)


def new_key() -> str:
    """Mint an idempotency key for a request that came without one."""
    return os.urandom(16).hex()


def record(
    database: Database,
    *,
    key: str,
    at: int,
    today: str,
    kind: str,
    summary: str,
    body: Mapping[str, Any],
    undoes: int | None = None,
) -> int:
    """Append one decision and return its number. Runs in the caller's transaction; `key` must be new.

    Raises AmityError REFUSED where another process has used the key since it was looked for.
    """
    values = (key, at, today, kind, summary, msgspec.json.encode(body).decode(), undoes)
    try:
        database.execute(
            """INSERT INTO decision (key, at, today, kind, summary, body, undoes, digest)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (*values, digest(values)),
        )
    except apsw.ConstraintError as error:
        if by_key(database, key) is None:
            raise
        raise AmityError(
            Code.REFUSED,
            say("Another process does this under the key {key!r}.", key=key),
            say("Wait for it to finish, then try again."),
        ) from error
    return database.connection.last_insert_rowid()


def amend(database: Database, decision: int, summary: str, body: Mapping[str, Any]) -> None:
    """Complete the words of a decision whose outcome was not known when it began. Runs in the caller's transaction."""
    rows = database.execute("SELECT key, at, today, kind, undoes FROM decision WHERE id = ?", (decision,))
    *head, undoes = rows.fetchall()[0]
    text = msgspec.json.encode(body).decode()
    database.execute(
        "UPDATE decision SET summary = ?, body = ?, digest = ? WHERE id = ?",
        (summary, text, digest((*head, summary, text, undoes)), decision),
    )


def broken(database: Database) -> Iterator[str]:
    """Compare every decision with the digest written beside it, and yield the places that differ."""
    rows = database.execute("SELECT id, key, at, today, kind, summary, body, undoes, digest FROM decision ORDER BY id")
    for number, *values, expected in rows:
        if digest(tuple(values)) != expected:
            yield f"decision {number}: not what was written"


def by_key(database: Database, key: str) -> Decision | None:
    """Find the decision that an idempotency key stands for, so that a repeated request is not done twice."""
    row = database.execute(f"SELECT {_COLUMNS} FROM decision WHERE key = ?", (key,)).fetchone()
    return _decision(row) if row else None


def with_keys(database: Database, keys: Iterable[str]) -> dict[str, int]:
    """Return the numbers of the decisions that bear some idempotency keys, by key."""
    rows = database.execute(
        "SELECT key, id FROM decision WHERE key IN (SELECT value FROM json_each(?))",
        (msgspec.json.encode(list(keys)).decode(),),
    )
    return {str(key): integer(number) for key, number in rows}


def repeated(database: Database, key: str, kind: str, said: Mapping[str, Any] | None = None) -> Decision | None:
    """Find what a request did when it came the first time; None where it is new, or bears no key.

    `said` is what of its body must be the same. Raises AmityError REFUSED where the key stands for another change.
    """
    found = by_key(database, key) if key else None
    if found and (found.kind != kind or any(found.body.get(name) != value for name, value in (said or {}).items())):
        raise AmityError(
            Code.REFUSED,
            say("The key {key!r} stands for another change: {summary}.", key=key, summary=found.summary),
            say("Use a key of its own."),
        )
    return found


def undone(database: Database) -> frozenset[int]:
    """Return the decisions that have been taken back and not brought back since."""
    return database.once("undone", lambda: _undone(database))


def _undone(database: Database) -> frozenset[int]:
    taken_back: set[int] = set()
    for number, target in database.execute("SELECT id, undoes FROM decision WHERE undoes IS NOT NULL ORDER BY id DESC"):
        if number not in taken_back:
            taken_back.add(integer(target))
    return frozenset(taken_back)


def last_withdrawal(database: Database, source: int) -> int:
    """Return the number of the newest undo in force that took back a reading of a source, 0 where there is none."""
    gone = undone(database)
    undos = database.execute(
        """SELECT undo.id FROM reading JOIN decision AS undo ON undo.undoes = reading.decision
           WHERE reading.source = ? ORDER BY undo.id DESC""",
        (source,),
    )
    return next((integer(number) for (number,) in undos if number not in gone), 0)


def standing(database: Database, kinds: Iterable[str] = ()) -> list[Decision]:
    """List the decisions in force, oldest first; undos themselves are left out."""
    wanted = tuple(kinds)
    return list(database.once(("standing", wanted), lambda: _standing(database, wanted)))


def _standing(database: Database, wanted: tuple[str, ...]) -> list[Decision]:
    gone = undone(database)
    where = f"AND kind IN ({', '.join('?' * len(wanted))})" if wanted else ""
    rows = database.execute(f"SELECT {_COLUMNS} FROM decision WHERE undoes IS NULL {where} ORDER BY id", wanted)
    return [_decision(row) for row in rows if row[0] not in gone]


def state(database: Database, beside: str, day: str) -> tuple[int, int]:
    """Return how many decisions there are and the last one's id, those of one kind on one day (ISO) left out."""
    row = database.execute(
        "SELECT count(*), coalesce(max(id), 0) FROM decision WHERE kind <> ? OR today <> ?", (beside, day)
    ).get
    count, last = map(integer, row)
    return count, last


def some(database: Database, numbers: Iterable[int]) -> list[Decision]:
    """Return some decisions, in force or not, oldest first."""
    where, bindings = among("id", numbers)
    rows = database.execute(f"SELECT {_COLUMNS} FROM decision {where} ORDER BY id", bindings)
    return [_decision(row) for row in rows]


def latest(database: Database, limit: int) -> list[Decision]:
    """List the newest decisions, undos among them, newest first."""
    rows = database.execute(f"SELECT {_COLUMNS} FROM decision ORDER BY id DESC LIMIT ?", (limit,))
    return [_decision(row) for row in rows]


def last(database: Database) -> int:
    """Return the number of the newest decision, 0 where there is none."""
    return integer(database.value("SELECT coalesce(max(id), 0) FROM decision"))


def anchors(database: Database, only: Iterable[int] | None = None) -> dict[int, int]:
    """Return the person for whom each handle, or each of some handles, was first seen."""
    where, bindings = among("handle", only)
    rows = database.execute(f"SELECT handle, person FROM anchor {where}", bindings)
    return {integer(handle): integer(person) for handle, person in rows}


def first_handles(database: Database, people: Iterable[int]) -> dict[int, int]:
    """Return the first handle that each of some persons was seen under; a handle that names a person is none."""
    where, bindings = among("person", people)
    rows = database.execute(
        f"""SELECT person, min(handle) FROM anchor JOIN handle ON handle.id = anchor.handle
            {where} AND handle.kind <> 'person' GROUP BY person""",
        bindings,
    )
    return {integer(person): integer(handle) for person, handle in rows}


def mint(database: Database, groups: Iterable[Iterable[int]], now: int) -> list[int]:
    """Mint a person for each group of handles, in order, and anchor the handles. Runs in the caller's transaction."""
    minted: list[int] = []
    rows: list[tuple[int, int]] = []
    next_id = integer(database.value("SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'person'), 0) + 1"))
    for handles in groups:
        person = next_id + len(minted)
        minted.append(person)
        rows.extend((handle, person) for handle in handles)
    database.executemany("INSERT INTO person (id, minted) VALUES (?, ?)", ((person, now) for person in minted))
    anchor(database, rows)
    return minted


def anchor(database: Database, rows: Iterable[tuple[int, int]]) -> None:
    """Anchor handles to persons, for good unless they prove to be somebody else. Runs in the caller's transaction."""
    database.executemany(
        "INSERT OR REPLACE INTO anchor (handle, person, seal) VALUES (?, ?, ?)",
        ((*row, checksum(row)) for row in rows),
    )


def nudges(database: Database, since: str, before: str) -> list[tuple[str, int, str]]:
    """List what was offered from one day (ISO) to before another, as (day, person, prompt)."""
    rows = database.execute(
        "SELECT day, person, prompt FROM nudge WHERE day >= ? AND day < ? ORDER BY day, person, prompt", (since, before)
    )
    return [(str(day), integer(person), str(prompt)) for day, person, prompt in rows]


def put_nudges(database: Database, rows: Iterable[tuple[str, int, str]]) -> None:
    """Write down what was offered. Runs in the caller's transaction."""
    database.executemany("INSERT OR IGNORE INTO nudge (day, person, prompt) VALUES (?, ?, ?)", rows)
