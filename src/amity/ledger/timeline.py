"""The newest contacts of a person, out of their strands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from heapq import nlargest
from struct import iter_unpack

from amity.model import Channel

# The low bits of an entry's flags, as in ledger/strands.py.
WAY = 3
WAYS = {1: "sent", 2: "received", 3: "met"}
CHANNEL = 7  # the bit at which the four of the channel begin
SILENCE = 4 * 86_400  # seconds after which a message begins a conversation, as in ledger/tally.py
ENTRY = "<qII"  # time, moment, flags: the layout of ledger/strands.py, read here without numpy


def newest(strands: Sequence[bytes], end: int, limit: int, offset: int = 0) -> tuple[list[int], int]:
    """Return the moments of `limit` contacts before `end`, newest first, and how many there are in all."""
    seen = {moment: at for body in strands for at, moment, _ in iter_unpack(ENTRY, body) if at < end}
    ranked = nlargest(offset + limit, zip(seen.values(), seen, strict=True))
    return [moment for _, moment in ranked[offset:]], len(seen)


def beginnings(strands: Sequence[bytes], end: int) -> list[bool]:
    """Say of each conversation before `end`, oldest first, whether the owner began it; meetings begin none.

    A conversation begins with the first message after four days of silence, as the ties count it.
    """
    seen = {moment: (at, flags & WAY) for body in strands for at, moment, flags in iter_unpack(ENTRY, body) if at < end}
    began: list[bool] = []
    last = None
    for at, way in sorted(seen.values()):
        if way and (last is None or at - last > SILENCE) and WAYS[way] != "met":
            began.append(WAYS[way] == "sent")
        if way:
            last = at
    return began


def by_channel(strands: Sequence[bytes], end: int) -> dict[Channel, int]:
    """Count the direct contacts before `end` by channel, each contact once, the most used first."""
    rows = (row for body in strands for row in iter_unpack(ENTRY, body))
    seen = {moment: flags for at, moment, flags in rows if at < end and flags & WAY}
    counted = Counter((flags >> CHANNEL) & 15 for flags in seen.values())
    return {Channel(channel): count for channel, count in counted.most_common()}


def by_month(strands: Sequence[bytes], end: int, offset: int) -> dict[tuple[str, int], int]:
    """Count the direct contacts before `end` by way and month, as months since the year 0.

    `offset` are the seconds that the owner's day is ahead of UTC.
    """
    seen: dict[int, tuple[int, int]] = {}
    for body in strands:
        for at, moment, flags in iter_unpack(ENTRY, body):
            if at < end and flags & WAY:
                seen[moment] = (flags & WAY, at)
    return Counter((WAYS[way], _month(at + offset)) for way, at in seen.values())


def _month(at: int) -> int:
    on = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    return on.year * 12 + on.month - 1
