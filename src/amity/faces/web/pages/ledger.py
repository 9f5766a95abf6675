"""The ledger: what was given, asked and promised, what is open, and the ripples of it."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup
from msgspec import Struct

from amity.app import entries
from amity.app.desk import Desk
from amity.app.entries import Balance, BranchLine, ConnectorLine, Proposal, Recommended
from amity.faces.web.pictures import ripples

ON_A_PAGE = 50


class LedgerContext(Struct, frozen=True):
    """What the page of the ledger shows."""

    balance: Balance
    branches: tuple[BranchLine, ...]
    picture: Markup  # of the branches, empty without any
    connectors: tuple[ConnectorLine, ...]
    proposals: tuple[Proposal, ...]
    page: int
    more: bool
    wanted: str  # who is looked for: "a good tax adviser in Lyon"
    recommended: Recommended | None
    today: date


def context(desk: Desk, person: str, page: int, wanted: str = "") -> LedgerContext:
    """Gather the ledger of one person, or of all; `page` counts from 1, `wanted` is whom somebody may recommend."""
    balance = entries.balance(desk, person, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    of_all = not person
    branches = entries.ripple(desk) if of_all else ()
    return LedgerContext(
        balance,
        branches,
        ripples(branches) if branches else Markup(""),
        entries.connectors(desk) if of_all else (),
        entries.proposals(desk, 10) if of_all else (),
        page,
        balance.total > page * ON_A_PAGE,
        wanted,
        entries.recommend(desk, wanted) if wanted.strip() else None,
        desk.today,
    )
