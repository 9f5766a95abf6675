"""Today: the few suggestions, and a line to log what happened."""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from amity.app import people, plan
from amity.app.desk import Desk
from amity.app.plan import SuggestionLine
from amity.language import mark
from amity.ledger.sentence import EXAMPLES

KINDS = {
    "idea": mark("an idea to share"),
    "introduction": mark("an introduction"),
    "help": mark("some help"),
    "fun": mark("a pleasure"),
    "thanks": mark("thanks"),
    "reply": mark("a reply"),
    "follow_up": mark("a first line"),
    "reconnect": mark("a new beginning"),
    "meet": mark("a meeting"),
    "ask_update": mark("a question about them"),
}


class Card(Struct, frozen=True):
    """One suggestion as the page shows it."""

    line: SuggestionLine
    kind: str


class TodayContext(Struct, frozen=True):
    """What the page of today shows."""

    date: date
    minutes: int
    needed: int
    cards: tuple[Card, ...]
    waiting: int
    enough: bool
    quiet: bool
    fewer: int
    people: int
    example: str


def context(desk: Desk) -> TodayContext:
    """Gather the page of today."""
    made = plan.today(desk)
    return TodayContext(
        date=made.date,
        minutes=made.minutes,
        needed=sum(line.minutes for line in made.suggestions),
        cards=tuple(Card(line, KINDS.get(line.kind, line.kind)) for line in made.suggestions),
        waiting=made.waiting,
        enough=made.enough,
        quiet=made.quiet,
        fewer=made.fewer,
        people=people.find(desk, limit=1).total,
        example=EXAMPLES[0],
    )
