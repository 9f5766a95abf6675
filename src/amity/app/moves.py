"""Moves: whose position or address changed lately, a reason to write."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from amity.app.bounces import switched
from amity.app.desk import Desk
from amity.app.positions import history, in_words
from amity.language import say
from amity.model import Handle
from amity.people.bounces import QUIET
from amity.plan.today import MOVED_DAYS, Waiting
from amity.plan.words import MOVED
from amity.store import derived, evidence, positions


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield whose position or address changed lately, for today's plan. The derived tables must be fresh.

    A change of address counts from the day on which the older one had been silent for long enough.
    """
    database = desk.database
    since = desk.end - int(min(timedelta(MOVED_DAYS), desk.today - date.min).total_seconds())
    hidden = evidence.withdrawn(database)
    moved = set(positions.told_anew(database, since, desk.end, hidden))
    switching = set(positions.with_newer_address(database, since - 2 * QUIET, desk.end))
    held: dict[int, dict[int, Handle]] = {}
    of_handle = derived.belongs_to(database, moved | switching)
    for number, handle in derived.handles(database, of_handle).items() if of_handle else ():
        held.setdefault(of_handle[number], {})[number] = handle
    for person, own in sorted(held.items()):
        _, moves = history(desk, list(own), hidden) if person in moved else ([], [])
        if moves and moves[0].at >= since:
            before, now = in_words(moves[0].before), in_words(moves[0].now)
            yield f"p{person}", Waiting(MOVED, desk.day(moves[0].at), now, before)
            continue
        for switch in switched(desk, own)[:1] if person in switching else ():
            old, new = own[switch.before].value.rpartition("@")[2], own[switch.now].value.rpartition("@")[2]
            if old != new and since <= switch.sure < desk.end:
                yield f"p{person}", Waiting(MOVED, desk.day(switch.sure), say("writing from {new}", new=new), old)
