"""The routes of people as a list: found, narrowed, told of many at once, filters kept and let go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import selection
from amity.app.desk import Desk
from amity.app.selection import Filter
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import people
from amity.language import say

YES_NO = {"yes": True, "no": False}


def routes(page: Page, number: Callable[[str, int], int]) -> list[Route]:
    """Return the routes; `number` reads a number from an address."""

    async def _people(request: Request, desk: Desk) -> Response:
        asked = request.query_params
        wanted = Filter("", asked.get("q", "").strip(), **people.known(asked))
        at = max(1, number(asked.get("page", ""), 1))
        return page.show(request, desk, "people/people.html", people.context(desk, wanted, at))

    async def _tell(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        chosen = page.text(form, "said")
        if chosen not in people.SAID:
            raise AmityError(Code.USAGE, say("Nothing was chosen to say of them."), say("Choose it beside the button."))
        what, _, value = chosen.partition(" ")
        said: dict[str, Any] = {what: YES_NO.get(value, value)}
        whom = [one for one in form.getlist("person") if isinstance(one, str)]
        selection.tell(desk, whom, key=page.text(form, "key"), **said)
        return page.back(desk, form)

    async def _filters(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        key = page.text(form, "key")
        if gone := page.text(form, "drop"):
            selection.drop(desk, gone, key)
        else:
            wanted = people.known({name: page.text(form, name) for name in people.NARROWED})
            selection.keep(desk, page.text(form, "name"), page.text(form, "q"), **wanted, key=key)
        return page.back(desk, form)

    return [
        Route("/people", page.at_desk(_people)),
        Route("/people/selected", page.at_desk(_tell), methods=["POST"]),
        Route("/people/filters", page.at_desk(_filters), methods=["POST"]),
    ]
