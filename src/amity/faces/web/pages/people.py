"""People: everybody the owner knows, found as they type."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from amity.app import people
from amity.app.desk import Desk
from amity.app.people import PersonLine

ON_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class PeopleContext:
    """What the page of people shows."""

    query: str
    people: tuple[PersonLine, ...]
    total: int
    page: int
    pages: int
    today: date


def context(desk: Desk, query: str, page: int) -> PeopleContext:
    """Gather one page of the people who match; `page` counts from 1."""
    found = people.find(desk, query, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    return PeopleContext(query, found.people, found.total, page, max(1, -(-found.total // ON_A_PAGE)), desk.today)
