"""The routes of asks: one is looked at, put together, kept as a draft and followed; nothing is ever sent from here."""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import entries
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import asks
from amity.faces.web.retrospect import file_of
from amity.language import say
from amity.plan.asking.proposal import propose

LOOKED_AT, PUT_TOGETHER = "asks/asks.html", "asks/new.html"
LONGEST = 1_440  # minutes of what is proposed


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _asks(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, LOOKED_AT, asks.context(desk, "", request.query_params.get("to", "")))

    async def _looked(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        message, to = page.text(form, "message"), page.text(form, "to").strip()
        polish = {"show": False, "send": True}.get(page.text(form, "polish"))
        return page.show(request, desk, LOOKED_AT, asks.context(desk, message, to, polish))

    async def _new(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, PUT_TOGETHER, asks.empty(request.query_params.get("to", "")))

    async def _made(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        given = {name: page.text(form, name).strip() for name in asks.FIELDS}
        return page.show(request, desk, PUT_TOGETHER, asks.made(desk, given))

    async def _time(request: Request, _desk: Desk) -> Response:
        form = await page.form(request)
        when, minutes = page.text(form, "when"), page.text(form, "minutes")
        try:
            start, length = datetime.fromisoformat(when), int(minutes or 30)
        except ValueError as error:
            raise AmityError(
                Code.USAGE, say("{when!r} is no time.", when=when), say("Say a day and an hour.")
            ) from error
        if not 0 < length <= LONGEST:
            raise AmityError(
                Code.USAGE,
                say("{length} minutes are no meeting.", length=length),
                say("Say 1 to {longest}.", longest=LONGEST),
            )
        text = propose(page.text(form, "title"), page.text(form, "text"), start, length, datetime.now(UTC))
        return file_of(text, "text/calendar", "amity-time.ics")

    async def _keep(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        to, text = page.text(form, "to").strip(), page.text(form, "intent").strip()
        entries.note(desk, "ask", [to] if to else [], text, status="draft", key=page.text(form, "key"))
        return page.back(desk, form)

    async def _follow(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        status, outcome, key = (page.text(form, name).strip() for name in ("status", "outcome", "key"))
        entries.amend(desk, request.path_params["entry"], status=status, outcome=outcome, key=key)
        return page.back(desk, form)

    return [
        Route("/asks", page.at_desk(_asks)),
        Route("/asks", page.at_desk(_looked), methods=["POST"]),
        Route("/asks/new", page.at_desk(_new)),
        Route("/asks/new", page.at_desk(_made), methods=["POST"]),
        Route("/asks/new/time", page.at_desk(_time), methods=["POST"]),
        Route("/asks/new/keep", page.at_desk(_keep), methods=["POST"]),
        Route("/asks/{entry:str}", page.at_desk(_follow), methods=["POST"]),
    ]
