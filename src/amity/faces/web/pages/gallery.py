"""The gallery: every part that pages are made of, with made-up people, in both themes."""

from __future__ import annotations

from datetime import UTC, date, datetime

from msgspec import Struct

from amity.app.people import Machine, PersonLine, PositionLine
from amity.app.upkeep import Change
from amity.faces.web.pages.history import Step
from amity.faces.web.pages.welcome import STEPS
from amity.model import Reason

COLOURS = (
    ("paper", "the ground"),
    ("sheet", "what lies on it"),
    ("line", "edges"),
    ("ink", "words"),
    ("soft", "lesser words"),
    ("accent", "what can be done"),
    ("wash", "what is chosen"),
    ("sand", "what is set apart"),
    ("warm", "what came from others; what wants a look"),
)
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7")
TODAY = date(2025, 6, 30)


class GalleryContext(Struct, frozen=True):
    """What the gallery shows."""

    themes: tuple[str, ...]
    colours: tuple[tuple[str, str], ...]
    spaces: tuple[str, ...]
    people: tuple[PersonLine, ...]
    machine: Machine
    steps: tuple[str, ...]
    at: int
    changes: tuple[Step, ...]
    today: date


def context() -> GalleryContext:
    """Make up what the gallery shows."""
    return GalleryContext(
        themes=("light", "dark"),
        colours=COLOURS,
        spaces=SPACES,
        people=(
            _person("p1", "Ana Sol", "critical", 91.0, "steady", date(2025, 6, 29), "Violinist"),
            _person("p2", "Ben Hill", "close", 47.0, "rising", date(2025, 6, 2), ""),
            _person(
                "p3", "Maximiliane von Hohenfels-Altenburg zu Sommerau", "dormant", 12.0, "dormant", None, "Notary"
            ),
        ),
        machine=Machine("p4", "Shop", ("no-reply@shop.example",), "robot", (Reason("its name says so", "no-reply"),)),
        steps=STEPS,
        at=2,
        changes=(
            _step(3, "Meeting with Ana Sol (coffee), on 29 June 2025", "undo"),
            _step(2, "Took back: Ben Hill: friend", ""),
            _step(1, "Ben Hill: friend", "", undone=True),
        ),
        today=TODAY,
    )


def _person(
    id_: str, name: str, segment: str, strength: float, momentum: str, last: date | None, title: str
) -> PersonLine:
    return PersonLine(
        id=id_,
        name=name,
        handles=(),
        positions=(PositionLine("", title, ""),) if title else (),
        segment=segment,
        counts={},
        strength=strength,
        momentum=momentum,
        first=None,
        last=last,
    )


def _step(number: int, summary: str, way: str, *, undone: bool = False) -> Step:
    at = datetime(2025, 6, 30, 9, number, tzinfo=UTC)
    return Step(Change(number, at.isoformat(), "log", summary, undone), at, way)
