"""The routes that every page leads to: find anything, the keys, a line to log, the settings."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import entries, ledger, settings
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import find
from amity.faces.web.pages import settings as settings_page


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

    async def _settings(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "settings/settings.html", settings_page.context(desk))

    async def _set(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        name, value, key = (page.text(form, field) for field in ("name", "value", "key"))
        try:
            if page.text(form, "reset"):
                settings.reset(desk, name, key)
            else:
                settings.set_(desk, name, value, key)
        except AmityError as error:
            if error.code is not Code.USAGE:
                raise
            said = settings_page.context(desk, name, value, str(error))
            return page.show(request, desk, "settings/settings.html", said, 422)
        return page.back(desk, form)

    return [
        Route("/settings", page.at_desk(_settings)),
        Route("/settings", page.at_desk(_set), methods=["POST"]),
        Route("/find", page.at_desk(_find)),
        Route("/keys", page.at_desk(_keys)),
        Route("/log", page.at_desk(_line)),
        Route("/log", page.at_desk(_log), methods=["POST"]),
    ]
