"""The mirror: every figure with its course over the years, and what is behind one."""

from __future__ import annotations

from markupsafe import Markup
from msgspec import Struct

from amity.app import mirror
from amity.app.desk import Desk
from amity.app.mirror import Behind, FigureLine
from amity.faces.web import pictures
from amity.faces.web.pictures import Picture
from amity.language import mark
from amity.plan.reflection import figure

ARROWS = {"more": mark("↗ more than before"), "less": mark("↘ less than before"), "same": mark("→ as before"), "": ""}


class Card(Struct, frozen=True):
    """One figure as the page shows it."""

    line: FigureLine
    value: str
    course: str
    spark: Markup


class MirrorContext(Struct, frozen=True):
    """What the page of the mirror shows."""

    year: int
    needed: str
    cards: tuple[Card, ...]
    pictures: tuple[Picture, ...]


class BehindContext(Struct, frozen=True):
    """What the page behind one figure shows."""

    behind: Behind
    card: Card
    years: tuple[tuple[int, str, int, int], ...]  # newest first: year, value, how many, of how many


def context(desk: Desk) -> MirrorContext:
    """Gather all figures."""
    shown = mirror.look(desk)
    cards = tuple(_card(line) for line in shown.figures)
    return MirrorContext(shown.year, mirror.NEEDED, cards, pictures.of_mirror(shown))


def behind(desk: Desk, name: str, year: int | None) -> BehindContext:
    """Gather what is behind one figure in a year; raises AmityError as the operation does."""
    found = mirror.behind(desk, name, year)
    years = tuple(
        (one.year, _value(one.value, found.figure.unit), one.count, one.of) for one in reversed(found.figure.years)
    )
    return BehindContext(found, _card(found.figure), years)


def _card(line: FigureLine) -> Card:
    return Card(line, _value(line.value, line.unit), ARROWS[line.course], pictures.spark(line))


def _value(value: float | None, unit: str) -> str:
    return "–" if value is None else figure(value, unit)
