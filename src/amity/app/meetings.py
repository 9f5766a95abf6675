"""Meetings: whom the calendar has the owner meet today, a reason to read up on them."""

from __future__ import annotations

from collections.abc import Iterator
from struct import calcsize, iter_unpack

from amity.app.contacts import newest
from amity.app.desk import Desk
from amity.language import say
from amity.ledger.timeline import ENTRY, WAY, WAYS
from amity.model import Channel
from amity.plan.today import Waiting
from amity.plan.words import PREPARE
from amity.store import derived, evidence, search

NEWEST = 100  # contacts of an address that are looked at
MOST = 12  # people of one meeting; among more, nobody is prepared for by name


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield whom a calendar has the owner meet today at an hour, for today's plan. The derived tables must be fresh.

    What the owner noted themself, and what has no hour, such as a diary, has been already.
    """
    database = desk.database
    people = search.met_since(database, desk.end - 86_400)
    if not people:
        return
    of_handle = derived.belongs_to(database, people)
    who: dict[int, set[int]] = {}
    end = desk.end
    for handle, body in derived.strands(database, of_handle):
        for at, moment, flags in iter_unpack(ENTRY, newest(body, end, NEWEST * calcsize(ENTRY))):
            if end - 86_400 <= at and WAYS.get(flags & WAY) == "met":
                who.setdefault(moment, set()).add(of_handle[handle])
    # By what they are and not by their source: what the owner noted comes back from an export as a calendar.
    planned = evidence.events(database, who) if who else set()
    for one in evidence.moments(database, planned) if planned else ():
        minutes = (one.at + desk.offset) // 60 % 1440
        if one.channel is not Channel.MEETING or not minutes or len(who[one.id]) > MOST:
            continue
        hour = f"{minutes // 60:02}:{minutes % 60:02}"
        matter = say("{hour}, {subject}", hour=hour, subject=one.subject) if one.subject else hour
        for person in sorted(who[one.id]):
            yield f"p{person}", Waiting(PREPARE, desk.today, matter)
