"""A look around in a real life: the demo's vault in place of the owner's, for as long as a browser wants it."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

from msgspec import Struct, field
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from amity.app.desk import Desk
from amity.app.intake import ImportReport
from amity.errors import AmityError, Code
from amity.faces.web.imports import Import, Imports
from amity.faces.web.known import Page
from amity.faces.web.pages import sources
from amity.language import say


class Life(Struct, frozen=True):
    """A life to look around in: how its vault opens, how it is filled, whom it belongs to and who edited it."""

    open_desk: Callable[[], Desk]
    take_in: Callable[[Desk], ImportReport]
    name: str
    attribution: tuple[str, ...]


class Tour(Struct):
    """Who is looking around at present; kept in memory, as sessions are."""

    life: Life
    imports: Imports
    visitors: set[str] = field(default_factory=set)  # by the CSRF token of their session

    @property
    def is_ready(self) -> bool:
        """Tell whether the life was read since Amity started."""
        return self.imports.latest is not None and self.imports.latest.report is not None

    def has(self, request: Request) -> bool:
        """Tell whether the browser that asks is looking around."""
        return bool(request.state.csrf) and request.state.csrf in self.visitors


def routes(tour: Tour, page: Page) -> list[Route]:
    """Return the routes."""

    async def _begin(request: Request, _desk: Desk) -> Response:
        await page.form(request)
        if not tour.is_ready and not (tour.imports.latest and tour.imports.latest.running):
            tour.imports.begin()
            made = Import(names=(say("the life of {name}", name=tour.life.name),))
            tour.imports.start(made, tour.life.take_in)
        return RedirectResponse("/tour", HTTPStatus.SEE_OTHER)

    async def _so_far(request: Request, desk: Desk) -> Response:
        made = tour.imports.latest
        if made is None:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        if made.report is not None:
            tour.visitors.add(request.state.csrf)
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        return page.show(request, desk, "sources/import.html", sources.import_context(made, Path()))

    async def _leave(request: Request, _desk: Desk) -> Response:
        await page.form(request)
        tour.visitors.discard(request.state.csrf)
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)

    return [
        Route("/tour", page.at_desk(_begin), methods=["POST"]),
        Route("/tour", page.at_desk(_so_far)),
        Route("/tour/leave", page.at_desk(_leave), methods=["POST"]),
    ]


def refused() -> AmityError:
    """Say that what belongs to the owner is not put into another's life."""
    return AmityError(
        Code.REFUSED,
        say("You are looking around in somebody else's life."),
        say("Go back to your own first: the line above every page leads there."),
    )
