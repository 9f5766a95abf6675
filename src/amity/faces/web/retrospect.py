"""The routes of what looks ahead and back: week, mirror, portfolio, letters, and their pictures as files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app.desk import Desk
from amity.faces.web.pages import letter, mirror, portfolio, week

AtDesk = Callable[[Request, Desk], Awaitable[Response]]
Show = Callable[[Request, Desk, str, Any], Response]


def routes(at_desk: Callable[[AtDesk], Callable[[Request], Awaitable[Response]]], show: Show) -> list[Route]:
    """Return the routes; `at_desk` gives a handler its desk, `show` renders a template."""

    async def _week(request: Request, desk: Desk) -> Response:
        return show(request, desk, "week/week.html", week.context(desk))

    async def _mirror(request: Request, desk: Desk) -> Response:
        return show(request, desk, "mirror/mirror.html", mirror.context(desk))

    async def _behind(request: Request, desk: Desk) -> Response:
        context = mirror.behind(desk, request.path_params["figure"], _year(request.query_params.get("year", "")))
        return show(request, desk, "mirror/behind.html", context)

    async def _portfolio(request: Request, desk: Desk) -> Response:
        return show(request, desk, "portfolio/portfolio.html", portfolio.context(desk))

    async def _letter(request: Request, desk: Desk) -> Response:
        year = _year(str(request.path_params.get("year", "")))
        return show(request, desk, "letter/letter.html", letter.context(desk, year))

    async def _drawn(request: Request, desk: Desk) -> Response:
        picture = portfolio.picture(desk, request.path_params["picture"])
        return file_of(picture.svg, "image/svg+xml", f"amity-{picture.name}.svg")

    async def _told(request: Request, desk: Desk) -> Response:
        picture = portfolio.picture(desk, request.path_params["picture"])
        return file_of(picture.csv(), "text/csv", f"amity-{picture.name}.csv")

    return [
        Route("/week", at_desk(_week)),
        Route("/mirror", at_desk(_mirror)),
        Route("/mirror/{figure:str}", at_desk(_behind)),
        Route("/portfolio", at_desk(_portfolio)),
        Route("/letter", at_desk(_letter)),
        Route("/letter/{year:int}", at_desk(_letter)),
        Route("/pictures/{picture:str}.svg", at_desk(_drawn)),
        Route("/pictures/{picture:str}.csv", at_desk(_told)),
    ]


def _year(text: str) -> int | None:
    return int(text) if text.isdecimal() and 0 < len(text) < 5 else None


def file_of(body: str, kind: str, name: str) -> Response:
    """Answer with a file that the browser saves."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, media_type=f"{kind}; charset=utf-8", headers=disposition)
