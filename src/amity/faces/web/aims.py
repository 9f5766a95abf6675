"""The routes of goals, journeys and encounters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from amity.app import encounters, goals, journeys, upkeep
from amity.app.desk import Desk
from amity.faces.web.pages import encounters as encounters_page
from amity.faces.web.pages import goals as goals_page

AtDesk = Callable[[Request, Desk], Awaitable[Response]]
SEE_OTHER = 303


def routes(
    at_desk: Callable[[AtDesk], Callable[[Request], Awaitable[Response]]],
    show: Callable[[Request, Desk, str, Any], Response],
    form: Callable[[Request], Awaitable[FormData]],
) -> list[Route]:
    """Return the routes; `at_desk` gives a handler its desk, `show` renders, `form` reads a form of ours."""

    async def _goals(request: Request, desk: Desk) -> Response:
        return show(request, desk, "goals/goals.html", goals_page.context(desk))

    async def _goal(request: Request, desk: Desk) -> Response:
        return show(request, desk, "goals/goal.html", goals_page.one(desk, request.path_params["goal"]))

    async def _set(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        line = goals.add(
            desk,
            _text(sent, "name"),
            _text(sent, "on"),
            _text(sent, "why"),
            _lines(sent, "needs"),
            key=_text(sent, "key"),
        )
        return _to(desk, f"/goals/{line.id}")

    async def _aim(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        goal: str = request.path_params["goal"]
        goals.aim(desk, goal, _lines(sent, "people"), _lines(sent, "needs"), _text(sent, "key"))
        return _to(desk, f"/goals/{goal}")

    async def _tell(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        goal: str = request.path_params["goal"]
        gone = _text(sent, "stage") == "gone"
        stage = "" if gone else _text(sent, "stage")
        goals.tell(desk, goal, _text(sent, "person"), stage=stage, gone=gone, key=_text(sent, "key"))
        return _to(desk, f"/goals/{goal}")

    async def _change(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        goal: str = request.path_params["goal"]
        goals.amend(
            desk, goal, state=_text(sent, "state"), outcome=_text(sent, "outcome").strip(), key=_text(sent, "key")
        )
        return _to(desk, f"/goals/{goal}")

    async def _encounters(request: Request, desk: Desk) -> Response:
        return show(request, desk, "encounters/encounters.html", encounters_page.context(desk))

    async def _event(request: Request, desk: Desk) -> Response:
        return show(request, desk, "encounters/event.html", encounters_page.one(desk, request.path_params["event"]))

    async def _open(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        line = encounters.open_(desk, _text(sent, "name"), _text(sent, "on"), _text(sent, "place"), _text(sent, "key"))
        return _to(desk, f"/encounters/{line.id}")

    async def _meet(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        event: str = request.path_params["event"]
        encounters.add(desk, event, [_text(sent, "people")], key=_text(sent, "key"))
        return _to(desk, f"/encounters/{event}")

    async def _proposed(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        meeting, key = _text(sent, "meeting"), _text(sent, "key")
        if _text(sent, "answer") == "accept":
            line = encounters.accept(desk, meeting, _text(sent, "name").strip(), key)
            return _to(desk, f"/encounters/{line.id}")
        encounters.refuse(desk, meeting, key)
        return _to(desk, "/encounters")

    async def _journey(request: Request, desk: Desk) -> Response:
        sent = await form(request)
        if off := _text(sent, "drop"):
            journeys.drop(desk, off, _text(sent, "key"))
        else:
            journeys.add(desk, _text(sent, "journey"), key=_text(sent, "key"))
        return _to(desk, "/week")

    return [
        Route("/goals", at_desk(_goals)),
        Route("/goals", at_desk(_set), methods=["POST"]),
        Route("/goals/{goal:str}", at_desk(_goal)),
        Route("/goals/{goal:str}", at_desk(_change), methods=["POST"]),
        Route("/goals/{goal:str}/targets", at_desk(_aim), methods=["POST"]),
        Route("/goals/{goal:str}/target", at_desk(_tell), methods=["POST"]),
        Route("/journeys", at_desk(_journey), methods=["POST"]),
        Route("/encounters", at_desk(_encounters)),
        Route("/encounters", at_desk(_open), methods=["POST"]),
        Route("/encounters/proposed", at_desk(_proposed), methods=["POST"]),
        Route("/encounters/{event:str}", at_desk(_event)),
        Route("/encounters/{event:str}", at_desk(_meet), methods=["POST"]),
    ]


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _lines(form: FormData, name: str) -> list[str]:
    return [line.strip() for line in _text(form, name).splitlines() if line.strip()]


def _to(desk: Desk, path: str) -> Response:
    """Lead to a page, which then says what was done."""
    newest = upkeep.history(desk, 1)
    done = {"change": str(newest[0].id)} if newest else {}
    return RedirectResponse(f"{path}?{urlencode(done)}", SEE_OTHER)
