"""Welcome: the first minutes, from what somebody has to the people who matter most to them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from amity.app import closeness, people, ties
from amity.app.closeness import TAPS, Comparison
from amity.app.desk import Desk
from amity.app.people import PersonLine
from amity.app.ties import TieLine
from amity.faces.web import uploads
from amity.faces.web.pages.sources import file_kinds, servers
from amity.language import mark

STEPS = (mark("What you have"), mark("You"), mark("Your critical few"), mark("Who is closer"), mark("Today"))
FEW = 12


class WelcomeContext(Struct, frozen=True):
    """What an empty vault shows."""

    kinds: tuple[tuple[str, str], ...]
    servers: tuple[tuple[str, str], ...]
    largest: int
    tour: str  # whose life one may look around in, "" for none
    steps: tuple[str, ...] = STEPS
    at: int = 0


class YouContext(Struct, frozen=True):
    """Who is taken for the owner, and why."""

    handles: tuple[tuple[str, str], ...]
    trouble: str
    typed: str
    steps: tuple[str, ...] = STEPS
    at: int = 1


class FewContext(Struct, frozen=True):
    """Who seems to matter most, to be agreed with or not."""

    ties: tuple[TieLine, ...]
    about: Mapping[str, PersonLine]
    agreed: int
    enough: bool
    trouble: str
    typed: str
    steps: tuple[str, ...] = STEPS
    at: int = 2


class CloserContext(Struct, frozen=True):
    """One pair of people of whom one may be closer; none when enough was asked."""

    pair: Comparison | None
    about: Mapping[str, PersonLine]
    tap: int  # counted from 1
    taps: int
    left_out: int
    words: str
    steps: tuple[str, ...] = STEPS
    at: int = 3


def context(tour: str) -> WelcomeContext:
    """Gather the welcome of an empty vault."""
    return WelcomeContext(file_kinds(), servers(), uploads.LARGEST, tour)


def you(desk: Desk, trouble: str = "", typed: str = "") -> YouContext:
    """Gather who is taken for the owner; with what was typed and why it was not taken."""
    owner = people.me(desk)
    return YouContext(tuple(zip(owner.handles, owner.because, strict=True)), trouble, typed)


def few(desk: Desk, trouble: str = "", typed: str = "") -> FewContext:
    """Gather who seems to belong to the critical few, those whom the owner said no to left out."""
    listed = [line for line in ties.list_(desk, FEW * 3) if line.said.pin != "not_critical"]
    wanted = [line for line in listed if line.segment == "critical"] or listed
    shown = tuple(wanted[:FEW])
    return FewContext(
        shown,
        _about(desk, [line.id for line in shown]),
        sum(line.said.pin == "critical" for line in shown),
        all(line.enough for line in shown),
        trouble,
        typed,
    )


def closer(desk: Desk, tap: int, left_out: int) -> CloserContext:
    """Gather the pair to be asked about next; `left_out` pairs were passed over."""
    asked = closeness.questions(desk, left_out + 1) if tap <= TAPS else ()
    pair = asked[left_out] if len(asked) > left_out else None
    about = _about(desk, [pair.one.id, pair.other.id]) if pair else {}
    return CloserContext(pair, about, tap, TAPS, left_out, "" if pair else closeness.agreement(desk).words)


def _about(desk: Desk, ids: list[str]) -> dict[str, PersonLine]:
    return {line.id: line for line in people.some_people(desk, ids)}
