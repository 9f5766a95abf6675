"""The portfolio: how steady, narrow and diverse contact is, what rests on one person, and what would balance it."""

from __future__ import annotations

from msgspec import Struct

from amity.app import mirror, portfolio
from amity.app.desk import Desk
from amity.app.portfolio import Portfolio
from amity.errors import AmityError, Code
from amity.faces.web import pictures
from amity.faces.web.pictures import Picture
from amity.language import say

YEARS = 10


class PortfolioContext(Struct, frozen=True):
    """What the page of the portfolio shows."""

    shown: Portfolio
    pictures: tuple[Picture, ...]
    friends: tuple[tuple[int, int], ...]
    roles_known: bool


def context(desk: Desk) -> PortfolioContext:
    """Gather the portfolio with its pictures."""
    shown = portfolio.show(desk)
    friends = tuple((one.year, one.friends) for one in shown.friends if one.friends is not None)[-YEARS:]
    roles = any(role.alive or role.others for role in shown.roles)
    return PortfolioContext(shown, pictures.of_portfolio(shown), friends, roles)


def picture(desk: Desk, name: str) -> Picture:
    """Return one picture of mirror or portfolio by its name. Raises AmityError NOT_FOUND."""
    made = pictures.of_mirror(mirror.look(desk)) if name == "mirror" else pictures.of_portfolio(portfolio.show(desk))
    found = next((one for one in made if one.name == name), None)
    if found is None:
        raise AmityError(
            Code.NOT_FOUND, say("There is no such picture."), say("Portfolio and mirror show those that there are.")
        )
    return found
