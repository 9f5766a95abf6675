"""The routes that every page leads to: find anything, the keys, a line to log, the settings."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from amity.app import entries, ledger, settings
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import find, gallery
from amity.faces.web.pages import settings as settings_page

WORKER = resources.files("amity.faces.web") / "static" / "worker.js"
OLDEST = timedelta(days=366)  # of a line that waited


def _keep(desk: Desk, sentence: str, key: str) -> str:
    """Keep what a line tells, and return the id of the one person whom it is about, "" where there is none or several.

    Raises AmityError USAGE and NOT_FOUND as `ledger.log`.
    """
    if entries.understand(desk, sentence):
        entries.tell(desk, sentence, key)
        return ""
    kept = ledger.log(desk, sentence, key=key)
    return kept.ids[0] if len(kept.ids) == 1 else ""


def _day(text: str, today: date) -> date:
    """Return the day on which a line was written; today where the browser says none that can be."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if today - OLDEST <= day <= today else today


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
        sentence = page.text(form, "sentence").strip()
        try:
            who = _keep(desk, sentence, page.text(form, "key"))
        except AmityError as error:
            if error.code not in (Code.USAGE, Code.NOT_FOUND):
                raise
            said = find.LogContext(sentence, str(error), page.text(form, "back"))
            return page.show(request, desk, "find/log.html", said, 422)
        return page.back(desk, form, who=who)

    async def _later(request: Request, desk: Desk) -> Response:
        """Keep a line that waited in the browser, as of the day on which it was written."""
        form = await page.form(request)
        day = _day(page.text(form, "day"), desk.today)
        try:
            _keep(replace(desk, today=day), page.text(form, "sentence").strip(), page.text(form, "key"))
        except AmityError as error:
            if error.code not in (Code.USAGE, Code.NOT_FOUND):
                raise
            return PlainTextResponse(str(error), 422)
        return Response(status_code=204)

    async def _offline(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "find/offline.html", None)

    async def _worker(_request: Request) -> Response:
        return Response(WORKER.read_bytes(), media_type="text/javascript")

    async def _gallery(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, "gallery/gallery.html", gallery.context())

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
        Route("/log/later", page.at_desk(_later), methods=["POST"]),
        Route("/gallery", page.at_desk(_gallery)),
        Route("/offline", page.at_desk(_offline)),
        Route("/worker.js", _worker),
        Route("/settings", page.at_desk(_settings)),
        Route("/settings", page.at_desk(_set), methods=["POST"]),
        Route("/find", page.at_desk(_find)),
        Route("/keys", page.at_desk(_keys)),
        Route("/log", page.at_desk(_line)),
        Route("/log", page.at_desk(_log), methods=["POST"]),
    ]
