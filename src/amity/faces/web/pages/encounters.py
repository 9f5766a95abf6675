"""Encounters: events, the people met there, a first line for each, and what became of it."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from amity.app import card as own_card
from amity.app import encounters
from amity.app.card import OwnCard
from amity.app.desk import Desk
from amity.app.encounters import Encounters, EventLine, FunnelLine
from amity.errors import AmityError, Code
from amity.language import mark

STAGES = {
    "met": mark("met"),
    "wrote": mark("you wrote"),
    "answered": mark("both wrote"),
    "met_again": mark("met again"),
    "helped": mark("helped"),
}
YEARS = 10
PROPOSED = 12


class EncountersContext(Struct, frozen=True):
    """What the page of encounters shows."""

    found: Encounters
    years: int
    proposed: int
    today: date
    card: OwnCard | None


class EventContext(Struct, frozen=True):
    """What the page of one event shows."""

    event: EventLine
    funnels: tuple[tuple[str, FunnelLine], ...]
    stages: dict[str, str]
    today: date
    card: OwnCard | None


def context(desk: Desk) -> EncountersContext:
    """Gather the encounters."""
    return EncountersContext(encounters.list_(desk), YEARS, PROPOSED, desk.today, _card(desk))


def one(desk: Desk, event: str) -> EventContext:
    """Gather one event. Raises AmityError NOT_FOUND where there is none of this id."""
    (line,) = encounters.list_(desk, event).events
    year = ((mark("After a year"), line.after_a_year),) if line.after_a_year else ()
    return EventContext(line, ((mark("So far"), line.funnel), *year), STAGES, desk.today, _card(desk))


def _card(desk: Desk) -> OwnCard | None:
    try:
        return own_card.own(desk)
    except AmityError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return None
