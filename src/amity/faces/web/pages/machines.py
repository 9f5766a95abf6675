"""Machines: the addresses set aside as no person, and why."""

from __future__ import annotations

from msgspec import Struct

from amity.app import people
from amity.app.desk import Desk
from amity.app.people import Machine
from amity.language import mark

ON_A_PAGE = 100
KINDS = {"robot": mark("robot"), "list": mark("mailing list"), "role": mark("office")}


class MachinesContext(Struct, frozen=True):
    """What the page of machines shows."""

    machines: tuple[Machine, ...]
    kinds: dict[str, str]
    page: int
    more: bool


def context(desk: Desk, page: int) -> MachinesContext:
    """Gather one page of the addresses set aside; `page` counts from 1."""
    found = people.machines(desk, limit=ON_A_PAGE + 1, offset=(page - 1) * ON_A_PAGE)
    return MachinesContext(found[:ON_A_PAGE], KINDS, page, len(found) > ON_A_PAGE)
