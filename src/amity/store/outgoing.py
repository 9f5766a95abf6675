"""What leaves the vault: the moments that stand, whole, and cards by the properties that their text holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from amity.model import Role
from amity.store.db import Database, among, integer
from amity.store.derived import MAILBOXES
from amity.store.evidence import superseded


class WholeMoment(NamedTuple):
    """A moment with all that is kept of it; its participants as (handle, role) pairs."""

    id: int
    key: bytes
    at: int
    channel: int
    parties: tuple[tuple[int, Role], ...]
    subject: str
    signs: int
    depth: int
    minutes: int
    imprecise: bool
    same: bytes
    boxed: bool  # it came from the owner's own mailbox
    source: str


def keys_of(database: Database, moments: Iterable[int]) -> dict[int, str]:
    """Return the keys of some moments, in hexadecimal."""
    where, bindings = among("id", moments)
    rows = database.execute(f"SELECT id, hex(key) FROM moment {where}", bindings)
    return {integer(number): str(key) for number, key in rows}


def with_keys(database: Database, named: Mapping[str, str]) -> dict[str, int]:
    """Return the moments here that have some keys in hexadecimal, by the names given to them."""
    rows = database.execute(
        """SELECT named.key, moment.id FROM json_each(?) AS named JOIN moment ON moment.key = unhex(named.value)""",
        (msgspec.json.encode(named).decode(),),
    )
    return {str(name): integer(number) for name, number in rows}


def moments(database: Database, hidden: Iterable[int], start: int, end: int) -> Iterator[WholeMoment]:
    """Yield the moments that stand from `start` to before `end` (epoch seconds), in order of time."""
    gone, excluded = among("moment.reading", hidden, "AND")
    past, replaced = among("moment.id", superseded(database, hidden), "AND")
    rows = database.execute(
        f"""SELECT moment.id, key, at, channel, parties, subject, signs, depth, minutes, imprecise, same, source.kind
            FROM moment JOIN reading ON reading.id = moment.reading JOIN source ON source.id = reading.source
            WHERE at >= ? AND at < ? {f"{gone} {past}".replace(" IN ", " NOT IN ")} ORDER BY at, moment.id""",
        (start, end, *excluded, *replaced),
    )
    for row in rows:
        number, key, at, channel, parties, subject, signs, depth, minutes, imprecise, same, kind = cast(
            "tuple[Any, ...]", row
        )
        words = memoryview(parties).cast("I")
        yield WholeMoment(
            number,
            key,
            at,
            channel,
            tuple((word >> 2, Role(word & 3)) for word in words),
            subject,
            signs,
            depth,
            minutes,
            bool(imprecise),
            same or b"",
            kind in MAILBOXES,
            kind,
        )


def carded_with(database: Database, properties: Iterable[str]) -> list[int]:
    """Return the persons of whom a card holds one of some properties. The derived tables must be fresh."""
    found: set[int] = set()
    for name in properties:
        rows = database.execute(
            """SELECT person FROM card JOIN card_handle ON card_handle.card = card.id
               JOIN derived_belongs ON derived_belongs.handle = card_handle.handle WHERE instr(raw, ?)""",
            (f"\n{name}",),
        )
        found.update(integer(row[0]) for row in rows)
    return sorted(found)
