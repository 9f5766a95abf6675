"""The routes of the first minutes: who the owner is, who matters most, who is closer."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from amity.app import closeness, people
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import welcome

TYPED = (Code.USAGE, Code.NOT_FOUND)  # what a person mends in the field before them


def routes(page: Page, number: Callable[[str, int], int]) -> list[Route]:
    """Return the routes; `number` reads a number from an address."""

    async def _you(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "welcome/you.html", welcome.you(desk))

    async def _tell_you(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        typed, wrong = page.text(form, "add").strip(), page.text(form, "remove")
        try:
            people.set_me(desk, [typed] if typed else [], [wrong] if wrong else [], key=page.text(form, "key"))
        except AmityError as error:
            if error.code not in TYPED:
                raise
            return page.show(request, desk, "welcome/you.html", welcome.you(desk, str(error), typed), 422)
        return page.back(desk, form)

    async def _few(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "welcome/few.html", welcome.few(desk))

    async def _tell_few(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        who = page.text(form, "person").strip()
        try:
            closeness.tell(desk, who, pin=page.text(form, "pin"), key=page.text(form, "key"))
        except AmityError as error:
            if error.code not in TYPED:
                raise
            return page.show(request, desk, "welcome/few.html", welcome.few(desk, str(error), who), 422)
        return page.back(desk, form)

    async def _closer(request: Request, desk: Desk) -> Response:
        tap, left_out = (number(request.query_params.get(name, ""), first) for name, first in (("tap", 1), ("past", 0)))
        return page.show(request, desk, "welcome/closer.html", welcome.closer(desk, max(1, tap), min(left_out, 100)))

    async def _tell_closer(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        nearer, farther = page.text(form, "nearer"), page.text(form, "farther")
        tap, left_out = number(page.text(form, "tap"), 1), number(page.text(form, "past"), 0)
        if nearer:
            closeness.compare(desk, nearer, farther, page.text(form, "key"))
        else:
            left_out += 1
        onward = urlencode({"tap": tap + 1, "past": left_out})
        return RedirectResponse(f"/welcome/closer?{onward}", HTTPStatus.SEE_OTHER)

    return [
        Route("/welcome/you", page.at_desk(_you)),
        Route("/welcome/you", page.at_desk(_tell_you), methods=["POST"]),
        Route("/welcome/few", page.at_desk(_few)),
        Route("/welcome/few", page.at_desk(_tell_few), methods=["POST"]),
        Route("/welcome/closer", page.at_desk(_closer)),
        Route("/welcome/closer", page.at_desk(_tell_closer), methods=["POST"]),
    ]
