"""People: everybody the owner knows, found as they type, narrowed by filters, and many told of at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from msgspec import Struct

from amity.app import people, selection
from amity.app.desk import Desk
from amity.app.people import PersonLine
from amity.app.selection import Filter
from amity.faces.web.words import SEGMENTS
from amity.insight.words import ROLES
from amity.language import mark

ON_A_PAGE = 50
MOMENTA = ("new", "rising", "steady", "fading", "dormant")
PINS = {"critical": mark("you said: critical few"), "not_critical": mark("you said: not critical")}
NARROWED = ("segment", "momentum", "role", "pin")
# What may be said of everybody who is selected: the value that the form sends, and its words.
SAID: Mapping[str, str] = {
    "pin critical": mark("Critical few"),
    "pin not_critical": mark("Not of the critical few"),
    "pin none": mark("Take the pin back"),
    "role client": mark("Role: client"),
    "role prospect": mark("Role: prospect"),
    "role colleague": mark("Role: colleague"),
    "role mentor": mark("Role: mentor"),
    "role collaborator": mark("Role: collaborator"),
    "role friend": mark("Role: friend"),
    "role family": mark("Role: family"),
    "role none": mark("Take the roles back"),
    "analysed no": mark("Do not analyse"),
    "analysed yes": mark("Analyse again"),
    "machine yes": mark("No people"),
}


class Choice(Struct, frozen=True):
    """One way to narrow the list: its field, its words, and each value with its words."""

    field: str
    words: str
    values: tuple[tuple[str, str], ...]


class Kept(Struct, frozen=True):
    """A filter that is kept, and where it leads."""

    name: str
    address: str
    current: bool


class PeopleContext(Struct, frozen=True):
    """What the page of people shows."""

    query: str
    asked: Filter
    narrowed: str  # the filter as the address holds it
    people: tuple[PersonLine, ...]
    total: int
    page: int
    pages: int
    today: date
    choices: tuple[Choice, ...]
    kept: tuple[Kept, ...]
    said: tuple[tuple[str, str], ...] = tuple(SAID.items())


CHOICES = (
    Choice("segment", mark("Circle"), tuple(SEGMENTS.items())),
    Choice("momentum", mark("Course"), tuple((one, one) for one in MOMENTA)),
    Choice("role", mark("Role"), tuple((one, one) for one in ROLES)),
    Choice("pin", mark("Your word"), tuple(PINS.items())),
)


def context(desk: Desk, asked: Filter, page: int) -> PeopleContext:
    """Gather one page of the people who match; `page` counts from 1."""
    narrowed = {name: getattr(asked, name) for name in NARROWED}
    found = people.find(desk, asked.query, ON_A_PAGE, (page - 1) * ON_A_PAGE, **narrowed)
    here = address(asked)
    kept = tuple(Kept(one.name, f"/people?{address(one)}", address(one) == here) for one in selection.list_(desk))
    pages = max(1, -(-found.total // ON_A_PAGE))
    return PeopleContext(asked.query, asked, here, found.people, found.total, page, pages, desk.today, CHOICES, kept)


def address(asked: Filter) -> str:
    """Write a filter as the address of its page holds it."""
    wanted = {"q": asked.query, **{name: getattr(asked, name) for name in NARROWED}}
    return urlencode({name: value for name, value in wanted.items() if value})


def known(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what is asked for of those values that there are; anything else narrows nothing."""
    allowed = {choice.field: dict(choice.values) for choice in CHOICES}
    return {name: asked[name] for name in NARROWED if asked.get(name, "") in allowed[name]}
