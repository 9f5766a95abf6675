"""The routes of circles and of the owner's word on a tie: pins, rings, roles, taps, blind spots; a tie's picture."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import closeness, roles
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import circles, person
from amity.faces.web.pictures import Picture
from amity.faces.web.retrospect import file_of
from amity.language import say

NONE = closeness.NOTHING


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _circles(request: Request, desk: Desk) -> Response:
        entering = request.query_params.get("if", "").strip()
        return page.show(request, desk, "circles/circles.html", circles.context(desk, entering))

    async def _say(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        who, key = page.text(form, "person"), page.text(form, "key")
        role = page.text(form, "role")
        if role:
            roles.answer(desk, who, role, page.text(form, "fits") == "yes", key)
        else:
            ring, pin, loyal = (page.text(form, name) for name in ("ring", "pin", "loyal"))
            closeness.tell(desk, who, ring=ring, pin=pin, loyal=loyal, key=key)
        return page.back(desk, form)

    async def _nearer(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        nearer, one, other = (page.text(form, name) for name in ("nearer", "one", "other"))
        closeness.compare(desk, nearer, other if nearer == one else one, page.text(form, "key"))
        return page.back(desk, form)

    async def _word(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        who, key = page.known(request), page.text(form, "key")
        if page.text(form, "about") == "unseen":
            closeness.tell(desk, who, unseen=_ticked(form, "unseen"), key=key)
        else:
            ring, pin, state, loyal = (page.text(form, name) for name in ("ring", "pin", "state", "loyal"))
            given = _ticked(form, "roles")
            kin = "kin" in form
            closeness.tell(desk, who, ring=ring, pin=pin, state=state, loyal=loyal, roles=given, kin=kin, key=key)
        return page.back(desk, form)

    async def _drawn(request: Request, desk: Desk) -> Response:
        picture = _picture(desk, page.known(request))
        return file_of(picture.svg, "image/svg+xml", "amity-tie.svg")

    async def _told(request: Request, desk: Desk) -> Response:
        picture = _picture(desk, page.known(request))
        return file_of(picture.csv(), "text/csv", "amity-tie.csv")

    return [
        Route("/circles", page.at_desk(_circles)),
        Route("/circles", page.at_desk(_say), methods=["POST"]),
        Route("/circles/nearer", page.at_desk(_nearer), methods=["POST"]),
        Route("/people/{person:str}/tie", page.at_desk(_word), methods=["POST"]),
        Route("/people/{person:str}/tie.svg", page.at_desk(_drawn)),
        Route("/people/{person:str}/tie.csv", page.at_desk(_told)),
    ]


def _ticked(form: FormData, name: str) -> list[str]:
    """Return what was ticked under a name; where nothing was, that nothing is so."""
    return [value for value in form.getlist(name) if isinstance(value, str)] or [NONE]


def _picture(desk: Desk, who: str) -> Picture:
    made = person.picture(desk, who)
    if made is None:
        raise AmityError(Code.NOT_FOUND, say("There are too few contacts for a picture."))
    return made
