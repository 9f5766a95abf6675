"""The routes of what is known of a person: say it, correct it, and the brief, made for paper."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import brief, facts
from amity.app.desk import Desk

AtDesk = Callable[[Request, Desk], Awaitable[Response]]
MARKS: dict[str, dict[str, Any]] = {"gone": {"gone": True}, "private": {"private": True}, "shared": {"private": False}}


class Page(NamedTuple):
    """What the server gives every handler: a desk, a template shown, a form of ours read, the way back."""

    at_desk: Callable[[AtDesk], Callable[[Request], Awaitable[Response]]]
    show: Callable[..., Response]  # with a status after the context, where it is not 200
    form: Callable[[Request], Awaitable[FormData]]
    text: Callable[[FormData, str], str]
    back: Callable[..., Response]  # with whom it was about as `who`, where a word on it shall lead there
    known: Callable[[Request], str]


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _brief(request: Request, desk: Desk) -> Response:
        private = request.query_params.get("private") == "yes"
        return page.show(request, desk, "brief/brief.html", brief.of(desk, page.known(request), private=private))

    async def _tell(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        field, own = page.text(form, "field"), ""
        if field.startswith("own "):
            field, own = "custom", field.removeprefix("own ")
        facts.tell(
            desk,
            page.known(request),
            field,
            page.text(form, "value"),
            label=own or page.text(form, "label"),
            zone=page.text(form, "zone").strip(),
            on=page.text(form, "on"),
            source=page.text(form, "source"),
            private="private" in form,
            key=page.text(form, "key"),
        )
        return page.back(desk, form)

    async def _amend(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        # The words of the form count with its own button alone: the others send them too.
        said = MARKS.get(page.text(form, "mark")) or {"value": page.text(form, "value")}
        facts.amend(
            desk,
            page.known(request),
            request.path_params["fact"],
            key=page.text(form, "key"),
            **said,
        )
        return page.back(desk, form)

    return [
        Route("/people/{person:str}/brief", page.at_desk(_brief)),
        Route("/people/{person:str}/facts", page.at_desk(_tell), methods=["POST"]),
        Route("/people/{person:str}/facts/{fact:str}", page.at_desk(_amend), methods=["POST"]),
    ]
