"""The routes that every page leads to: find anything, the keys, a line to log."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import entries, ledger
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import find


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _find(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "find/find.html", find.context(desk, request.query_params.get("q", "")[:200]))

    async def _keys(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "find/keys.html", find.keys())

    async def _line(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "find/log.html", find.LogContext("", "", "/"))

    async def _log(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        sentence, key = page.text(form, "sentence").strip(), page.text(form, "key")
        try:
            if entries.understand(desk, sentence):
                entries.tell(desk, sentence, key)
                return page.back(desk, form)
            kept = ledger.log(desk, sentence, key=key)
        except AmityError as error:
            if error.code not in (Code.USAGE, Code.NOT_FOUND):
                raise
            said = find.LogContext(sentence, str(error), page.text(form, "back"))
            return page.show(request, desk, "find/log.html", said, 422)
        return page.back(desk, form, who=kept.ids[0] if len(kept.ids) == 1 else "")

    return [
        Route("/find", page.at_desk(_find)),
        Route("/keys", page.at_desk(_keys)),
        Route("/log", page.at_desk(_line)),
        Route("/log", page.at_desk(_log), methods=["POST"]),
    ]
