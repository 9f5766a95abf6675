"""The routes of programs: confirm what they asked for, make and revoke their tokens, hide people from assistants."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from amity.app import discretion, errands, tokens
from amity.app.desk import Desk
from amity.faces.web.known import Page
from amity.faces.web.pages import programs
from amity.faces.web.tour import refused

HERE = "/programs"


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _programs(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "programs/programs.html", programs.context(desk))

    async def _answer(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        confirmed = page.text(form, "answer") == "confirm"
        errands.answer(desk, page.text(form, "errand"), confirm=confirmed)
        return page.back(desk, form) if confirmed else RedirectResponse(HERE, HTTPStatus.SEE_OTHER)

    async def _mint(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        if request.state.touring:  # it would open nothing: programs see the owner's vault alone
            raise refused()
        may = [one for one in form.getlist("may") if isinstance(one, str)]
        minted = tokens.mint(desk, page.text(form, "name"), may)
        return page.show(request, desk, "programs/programs.html", programs.context(desk, minted))

    async def _revoke(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        tokens.revoke(desk, page.text(form, "token"))
        return RedirectResponse(HERE, HTTPStatus.SEE_OTHER)

    async def _hide(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        hidden = page.text(form, "hidden") != "no"
        discretion.hide(desk, page.text(form, "person").strip(), hidden=hidden, key=page.text(form, "key"))
        return page.back(desk, form)

    return [
        Route(HERE, page.at_desk(_programs)),
        Route(f"{HERE}/errands", page.at_desk(_answer), methods=["POST"]),
        Route(f"{HERE}/tokens", page.at_desk(_mint), methods=["POST"]),
        Route(f"{HERE}/tokens/revoke", page.at_desk(_revoke), methods=["POST"]),
        Route(f"{HERE}/hidden", page.at_desk(_hide), methods=["POST"]),
    ]
