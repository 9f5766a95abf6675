"""Asks: a message held against what makes an ask honest and easy to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from amity.app import asks
from amity.app.desk import Desk
from amity.plan.asks import Check

POINTERS = {
    "intent": "What you want, up front",
    "benefit": "What is in it for them",
    "specifics": "What exactly",
    "time": "How much of their time",
    "out": "A true way out",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the message, and what was found in it."""

    text: str
    marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AsksContext:
    """What the page of asks shows."""

    text: str
    to: str
    check: Check | None
    pieces: tuple[Piece, ...]
    pointers: dict[str, str]


def context(desk: Desk, text: str, to: str) -> AsksContext:
    """Check a message, where there is one."""
    found = asks.check_ask(desk, text, to) if text.strip() else None
    return AsksContext(text, to, found, pieces(text, found) if found else (), POINTERS)


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
