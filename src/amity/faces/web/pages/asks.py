"""Asks: a message held against what makes an ask honest and easy to refuse."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise

from msgspec import Struct

from amity.app import asks
from amity.app.asks import AskLine, Composed, Polished
from amity.app.desk import Desk
from amity.language import mark
from amity.plan.asking.proposal import in_words, lasting
from amity.plan.asks import Check

ON_A_PAGE = 20
FIELDS = ("to", "intent", "benefit", "specifics", "time", "out", "me", "tone", "language", "when", "minutes")
POINTERS = {
    "intent": mark("What you want, up front"),
    "benefit": mark("What is in it for them"),
    "specifics": mark("What exactly"),
    "time": mark("How much of their time"),
    "out": mark("A true way out"),
}


class Piece(Struct, frozen=True):
    """A stretch of the message, and what was found in it."""

    text: str
    marks: tuple[str, ...]


class AsksContext(Struct, frozen=True):
    """What the page of asks shows."""

    text: str
    to: str
    check: Check | None
    pieces: tuple[Piece, ...]
    pointers: dict[str, str]
    polished: Polished | None
    polishes: bool  # the owner points to a model that words a message anew
    under_way: tuple[AskLine, ...]


class NewContext(Struct, frozen=True):
    """What the page that puts an ask together shows."""

    given: Mapping[str, str]  # by the names of FIELDS
    made: Composed | None = None


def context(desk: Desk, text: str, to: str, polish: bool | None = None) -> AsksContext:
    """Check a message, where there is one; `polish` shows what would go to the owner's model, True sends it."""
    found = asks.check_ask(desk, text, to) if text.strip() else None
    polished = asks.polish(desk, text, send=polish) if found and polish is not None else None
    under_way = () if text else asks.under_way(desk, limit=ON_A_PAGE)
    shown = pieces(text, found) if found else ()
    return AsksContext(text, to, found, shown, POINTERS, polished, desk.polisher is not None, under_way)


def empty(to: str) -> NewContext:
    """Begin a new ask of somebody."""
    return NewContext(dict.fromkeys(FIELDS, "") | {"to": to})


def made(desk: Desk, given: Mapping[str, str]) -> NewContext:
    """Put an ask together from what was given by name; see FIELDS."""
    parts = {name: given[name] for name in ("benefit", "specifics", "time", "out", "to", "me")}
    language = given["language"] or "en"
    try:
        when = in_words(datetime.fromisoformat(given["when"]), language) if given["when"] else ""
    except ValueError:
        when = given["when"]  # in words of the owner's own
    formal = given["tone"] == "formal"
    ask = asks.compose_ask(desk, given["intent"], **parts, when=when, formal=formal, language=language)
    return NewContext({**given, "minutes": given["minutes"] or str(lasting(given["time"]))}, ask)


def pieces(text: str, found: Check) -> tuple[Piece, ...]:
    """Cut a message where something begins or ends that was found in it."""
    spans = [
        (one.start, one.end, name)
        for name, one in ((name, found.pointers[name]) for name in POINTERS)
        if one.found and one.start is not None and one.end is not None
    ]
    spans += [(one.start, one.end, one.kind) for one in found.flags if one.start is not None and one.end is not None]
    edges = sorted({0, len(text), *(edge for start, end, _ in spans for edge in (start, end))})
    return tuple(
        Piece(text[low:high], tuple(name for start, end, name in spans if start <= low and high <= end))
        for low, high in pairwise(edges)
    )
