"""The ledger: what was given, asked and promised, what is open, and the ripples of it."""

from __future__ import annotations

from msgspec import Struct

from amity.app import entries
from amity.app.desk import Desk
from amity.app.entries import Balance, BranchLine, ConnectorLine, Proposal

ON_A_PAGE = 50


class LedgerContext(Struct, frozen=True):
    """What the page of the ledger shows."""

    balance: Balance
    branches: tuple[BranchLine, ...]
    connectors: tuple[ConnectorLine, ...]
    proposals: tuple[Proposal, ...]
    page: int
    more: bool


def context(desk: Desk, person: str, page: int) -> LedgerContext:
    """Gather the ledger of one person, or of all; `page` counts from 1."""
    balance = entries.balance(desk, person, limit=ON_A_PAGE, offset=(page - 1) * ON_A_PAGE)
    of_all = not person
    return LedgerContext(
        balance,
        entries.ripple(desk) if of_all else (),
        entries.connectors(desk) if of_all else (),
        entries.proposals(desk, 10) if of_all else (),
        page,
        balance.total > page * ON_A_PAGE,
    )
