"""The days and ways of direct contacts with some persons, out of their strands."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from struct import calcsize, iter_unpack, unpack_from

from amity.app.desk import Desk
from amity.ledger.timeline import ENTRY, WAY, WAYS
from amity.store import derived


def contacts_of(desk: Desk, people: Iterable[int], most: int = 0) -> dict[int, list[tuple[date, str]]]:
    """Return the days and ways of the direct contacts with some persons, oldest first.

    With `most`, only so many of the newest before the desk's day of each address, mentions beside others among them.
    """
    of_handle = derived.belongs_to(desk.database, people) if people else {}
    seen: dict[int, dict[int, tuple[int, str]]] = {}
    size = calcsize(ENTRY)
    for handle, body in derived.strands(desk.database, of_handle) if of_handle else ():
        for at, moment, flags in iter_unpack(ENTRY, newest(body, desk.end, most * size) if most else body):
            if at < desk.end and flags & WAY:
                seen.setdefault(of_handle[handle], {})[moment] = (at, WAYS[flags & WAY])
    days: dict[int, date] = {}

    def day(at: int) -> date:
        number = (at + desk.offset) // 86_400
        if number not in days:
            days[number] = desk.day(at)
        return days[number]

    return {person: [(day(at), way) for at, way in sorted(told.values())] for person, told in seen.items()}


def newest(body: bytes, end: int, size: int) -> bytes:
    """Return the last bytes of a strand before a time; it is in order of time."""
    step = calcsize(ENTRY)
    low, high = 0, len(body) // step
    while low < high:
        middle = (low + high) // 2
        if unpack_from(ENTRY, body, middle * step)[0] < end:
            low = middle + 1
        else:
            high = middle
    return body[max(0, low * step - size) : low * step]
