"""The web app: routes from addresses to pages, behind the guard."""

from __future__ import annotations

import logging
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from functools import partial
from http import HTTPStatus
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import msgspec
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from amity import language
from amity.app import entries, intake, introductions, matches, people, plan, upkeep, who
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web import asking, circles, known, programs, retrospect, selections, shell, uploads, welcome
from amity.faces.web import tour as tours
from amity.faces.web.aims import routes as aim_routes
from amity.faces.web.attachments import routes as attachment_routes
from amity.faces.web.guard import ENTRANCE, UPLOAD, Guard, Keys, cookie_name, is_ours
from amity.faces.web.imports import Import, Imports
from amity.faces.web.leaving import routes as leaving_routes
from amity.faces.web.pages import history, machines, more, person, review, sources, today, troubles
from amity.faces.web.pages import introductions as introductions_page
from amity.faces.web.pages import ledger as ledger_page
from amity.faces.web.pages import map as map_page
from amity.faces.web.pages import matches as matches_page
from amity.faces.web.pages import paths as paths_page
from amity.faces.web.pages import welcome as welcome_page
from amity.faces.web.pages.settings import may_copy
from amity.faces.web.render import page
from amity.faces.web.tour import Life, Tour
from amity.handles import person_number
from amity.language import mark, say
from amity.ledger.introductions import ONE_SIDED

# Python's table of endings does not know it everywhere, and a browser is told to believe the type alone.
mimetypes.add_type("application/manifest+json", ".webmanifest")

OpenDesk = Callable[[], Desk]
AtDesk = Callable[[Request, Desk], Awaitable[Response]]

STATUS = {
    Code.USAGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.REFUSED: HTTPStatus.CONFLICT,
    Code.DAMAGED: HTTPStatus.INTERNAL_SERVER_ERROR,
    Code.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
TITLES = {
    HTTPStatus.OK: mark("Welcome"),
    HTTPStatus.UNAUTHORIZED: mark("Please come in by the link"),
    HTTPStatus.FORBIDDEN: mark("That was refused, to be on the safe side"),
    HTTPStatus.NOT_FOUND: mark("There is nothing here"),
    HTTPStatus.CONFLICT: mark("That did not fit any more"),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: mark("That is too much"),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: mark("That was not understood"),
    HTTPStatus.BAD_REQUEST: mark("That was not understood"),
    HTTPStatus.MISDIRECTED_REQUEST: mark("Wrong address"),
    HTTPStatus.UNPROCESSABLE_ENTITY: mark("That was not understood"),
    HTTPStatus.INTERNAL_SERVER_ERROR: mark("Something went wrong here"),
}
# A page of ours that a form may lead back to: words and ids, and what the page was asked for.
BACK = re.compile(
    r"/(?!api\b|session\b|static\b|undo\b|redo\b)(?:[a-z]{2,}(?:/(?:[a-z]{2,}|[a-z]?\d+))*)?(?:\?[\w=&%+.~-]*)?"
)
FIELDS = 128  # a page of people may be selected

log = logging.getLogger("amity.web")


class _Entry(msgspec.Struct):
    """What the landing page sends: the token from the link."""

    token: str


def make_app(
    open_desk: OpenDesk,
    keys: Keys,
    *,
    port: int,
    attribution: tuple[str, ...] = (),
    mounts: Mapping[str, ASGIApp] | None = None,
    on_entry: Callable[[], None] = lambda: None,
    life: Life | None = None,
) -> Starlette:
    """Build the web app for one vault.

    `open_desk` is called for every request and its connection closed after it. `mounts` are applications for programs,
    by path; they share the guard and take tokens. `on_entry` is called when a link was used up.
    `life` is one that a visitor may look around in.
    """
    mounted = dict(mounts or {})
    imports = Imports(open_desk)
    tour = Tour(life, Imports(life.open_desk)) if life else None
    common = known.Page(_at_desk, _show, _form, _text, _back, _known)
    routes = [
        Route("/", _at_desk(_today)),
        Route("/today/answer", _at_desk(_answer), methods=["POST"]),
        *selections.routes(common, _number),
        Route("/people/{person:str}", _at_desk(_person)),
        Route("/people/{person:str}/contacts", _at_desk(_contacts)),
        Route("/people/{person:str}/machine", _at_desk(_tell_machine), methods=["POST"]),
        Route("/machines", _at_desk(_machines)),
        Route("/review", _at_desk(_review)),
        Route("/review", _at_desk(_reviewed), methods=["POST"]),
        Route("/ledger", _at_desk(_ledger)),
        Route("/ledger/found", _at_desk(_found), methods=["POST"]),
        Route("/ledger/{entry:str}", _at_desk(_outcome), methods=["POST"]),
        Route("/more", _at_desk(_more)),
        Route("/paths", _at_desk(_paths)),
        Route("/map", _at_desk(_map)),
        Route("/introductions", _at_desk(_introductions)),
        Route("/introductions", _at_desk(_introduce), methods=["POST"]),
        Route("/introductions/{introduction:str}", _at_desk(_step), methods=["POST"]),
        Route("/matches", _at_desk(_matches)),
        Route("/matches/refuse", _at_desk(_no_match), methods=["POST"]),
        *retrospect.routes(_at_desk, _show),
        *aim_routes(_at_desk, _show, _form),
        *known.routes(common),
        *attachment_routes(common),
        *programs.routes(common),
        *circles.routes(common),
        *asking.routes(common),
        *leaving_routes(common),
        *shell.routes(common),
        *welcome.routes(common, _number),
        *(tours.routes(tour, common) if tour else ()),
        Route("/sources", _at_desk(_sources)),
        Route(UPLOAD, _at_desk(partial(_import, imports)), methods=["POST"]),
        Route(UPLOAD, _at_desk(partial(_import_so_far, imports))),
        Route("/sources/connect", _at_desk(partial(_connect, imports)), methods=["POST"]),
        Route("/sources/troubles", _at_desk(_troubles)),
        Route("/sources/troubles", _at_desk(partial(_retry, imports)), methods=["POST"]),
        Route("/history", _at_desk(_history)),
        Route("/undo", _at_desk(partial(_way_back, history.undo)), methods=["POST"]),
        Route("/redo", _at_desk(partial(_way_back, history.redo)), methods=["POST"]),
        Route(ENTRANCE, partial(_enter, keys, port, on_entry), methods=["POST"]),
        Mount("/static", StaticFiles(packages=[("amity.faces.web", "static")])),
        *(Mount(path, app=app) for path, app in mounted.items()),
    ]
    guard = Middleware(Guard, keys=keys, port=port, show=show_error, programs=tuple(f"{path}/" for path in mounted))
    made = Starlette(routes=routes, middleware=[guard], exception_handlers={HTTPException: _http_error})
    made.state.open_desk = open_desk
    made.state.attribution = attribution
    made.state.tour = tour
    return made


def _at_desk(handler: AtDesk) -> Callable[[Request], Awaitable[Response]]:
    """Give a handler a desk of its own, and turn what goes wrong into a page."""

    async def endpoint(request: Request) -> Response:
        try:
            tour: Tour | None = request.app.state.tour
            request.state.touring = tour.life if tour and tour.has(request) else None
            desk: Desk = (request.state.touring or request.app.state).open_desk()
            with closing(desk.database):
                language.speak(language.choose(desk.settings.language, request.state.wished))
                request.state.may_copy = may_copy(desk)
                return await handler(request, desk)
        except AmityError as error:
            return show_error(request, STATUS[error.code], error.message, error.hint)
        except HTTPException:
            raise
        except Exception as error:
            log.error("%s %s: %s: %s", request.method, request.url.path, type(error).__name__, error)
            log.debug("", exc_info=True)
            return show_error(
                request, HTTPStatus.INTERNAL_SERVER_ERROR, say("Amity could not do that. Nothing was lost.")
            )

    return endpoint


def show_error(request: Request, status: HTTPStatus, message: str, hint: str = "") -> Response:
    """Say kindly what went wrong and what to do; who is not in yet is told how to get in."""
    inside = bool(request.state.csrf)
    return page(
        request,
        "error/error.html" if inside or status is HTTPStatus.MISDIRECTED_REQUEST else "error/enter.html",
        status,
        title=say(TITLES[status]) if status in TITLES else status.phrase,
        message=message,
        hint=hint,
    )


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    shown = show_error(request, HTTPStatus(error.status_code), error.detail if error.status_code != 404 else "")
    shown.headers.update(error.headers or {})
    return shown


def _show(request: Request, desk: Desk, template: str, context: Any, status: int = 200) -> Response:
    """Show a page, with a word on what was just done where the address names it."""
    just_done = request.query_params.get("change", "")
    step = history.last(desk, int(just_done)) if just_done.isdecimal() and len(just_done) < 18 else None
    who = request.query_params.get("who", "")
    return page(
        request,
        template,
        status,
        page=context,
        step=step,
        who=who if person_number(who) else "",
        new_key=lambda: token_hex(16),
    )


async def _form(request: Request) -> FormData:
    """Read a form of ours."""
    form = await request.form(max_files=0, max_fields=FIELDS)
    if not is_ours(request, form):
        raise HTTPException(
            HTTPStatus.FORBIDDEN, say("The page was open for too long. Load it again, then try once more.")
        )
    return form


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and 0 < len(text) < 10 else otherwise


def _back(desk: Desk, form: FormData, who: str = "") -> Response:
    """Lead back to the page that a form stood on, which then says what was done."""
    path = _text(form, "back")
    if not BACK.fullmatch(path):
        path = "/"
    newest = upkeep.history(desk, 1)
    done = {"change": str(newest[0].id)} if newest else {}
    if who:
        done["who"] = who
    return RedirectResponse(f"{path}{'&' if '?' in path else '?'}{urlencode(done)}", HTTPStatus.SEE_OTHER)


async def _enter(keys: Keys, port: int, on_entry: Callable[[], None], request: Request) -> Response:
    try:
        token = msgspec.json.decode(await request.body(), type=_Entry).token
    except msgspec.DecodeError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, say("Send the token of the link as JSON.")) from error
    cookie = keys.exchange(token)
    if cookie is None:
        raise HTTPException(HTTPStatus.UNAUTHORIZED, say("That link was used already, or belongs to an earlier start."))
    on_entry()
    answer = Response(status_code=HTTPStatus.NO_CONTENT)
    answer.set_cookie(cookie_name(port), cookie, httponly=True, samesite="strict")
    return answer


async def _today(request: Request, desk: Desk) -> Response:
    context = today.context(desk)
    if context.people:
        return _show(request, desk, "today/today.html", context)
    tour: Tour | None = request.app.state.tour
    return _show(request, desk, "welcome/welcome.html", welcome_page.context(tour.life.name if tour else ""))


async def _answer(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    plan.answer(desk, _text(form, "suggestion"), _text(form, "verdict"), key=_text(form, "key"))
    return _back(desk, form)


async def _review(request: Request, desk: Desk) -> Response:
    start = _number(request.query_params.get("from", ""), 0)
    return _show(request, desk, "review/review.html", review.context(desk, start))


async def _reviewed(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    left, right, key = (_text(form, name) for name in ("left", "right", "key"))
    if _text(form, "same") == "yes":
        who.merge(desk, [left, right], key)
    else:
        who.keep_apart(desk, left, right, key)
    return _back(desk, form)


async def _ledger(request: Request, desk: Desk) -> Response:
    number = _number(request.query_params.get("page", ""), 1)
    person = request.query_params.get("person", "")
    wanted = request.query_params.get("knows", "")[:300]
    context = ledger_page.context(desk, person if person_number(person) else "", max(1, number), wanted)
    return _show(request, desk, "ledger/ledger.html", context)


async def _found(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    answer = entries.accept if _text(form, "answer") == "accept" else entries.refuse
    answer(desk, _text(form, "found"), _text(form, "key"))
    return _back(desk, form)


async def _outcome(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    told = _text(form, "told") == "yes"
    entry: str = request.path_params["entry"]
    entries.amend(desk, entry, outcome=_text(form, "outcome").strip(), told=told, key=_text(form, "key"))
    return _back(desk, form)


async def _paths(request: Request, desk: Desk) -> Response:
    asked = (request.query_params.get(name, "").strip() for name in ("to", "field", "place"))
    return _show(request, desk, "paths/paths.html", paths_page.context(desk, *asked))


async def _map(request: Request, desk: Desk) -> Response:
    return _show(request, desk, "map/map.html", map_page.context(desk))


async def _introductions(request: Request, desk: Desk) -> Response:
    return _show(request, desk, "introductions/introductions.html", introductions_page.context(desk))


async def _introduce(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    one, other, why = (_text(form, name).strip() for name in ("one", "other", "why"))
    again = _text(form, "again") == "yes"
    try:
        introductions.propose(desk, one, other, why, again=again, key=_text(form, "key"))
    except AmityError as error:
        if error.code not in (Code.USAGE, Code.NOT_FOUND, Code.REFUSED):
            raise
        begun = introductions_page.Begun(one, other, why, error.message, again=error.code is Code.REFUSED)
        context = introductions_page.context(desk, begun)
        return _show(request, desk, "introductions/introductions.html", context, STATUS[error.code])
    return _back(desk, form)


async def _step(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    what, person, words = (_text(form, name).strip() for name in ("step", "person", "words"))
    one_sided = person if what in ONE_SIDED else ""
    introduction: str = request.path_params["introduction"]
    introductions.step(desk, introduction, what, one_sided, words, key=_text(form, "key"))
    return _back(desk, form)


async def _matches(request: Request, desk: Desk) -> Response:
    who = request.query_params.get("who", "").strip()
    return _show(request, desk, "matches/matches.html", matches_page.context(desk, who))


async def _no_match(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    matches.refuse(desk, _text(form, "match"), _text(form, "key"))
    return _back(desk, form)


async def _more(request: Request, desk: Desk) -> Response:
    return _show(request, desk, "more/more.html", more.MoreContext())


async def _person(request: Request, desk: Desk) -> Response:
    context = person.context(desk, _known(request))
    if context.person.id != request.path_params["person"]:
        return RedirectResponse(f"/people/{context.person.id}", HTTPStatus.SEE_OTHER)
    return _show(request, desk, "person/person.html", context)


async def _contacts(request: Request, desk: Desk) -> Response:
    number = _number(request.query_params.get("page", ""), 1)
    return _show(request, desk, "person/contacts.html", person.contacts(desk, _known(request), max(1, number)))


def _known(request: Request) -> str:
    """Return the id in the address; names and addresses are for the search."""
    who: str = request.path_params["person"]
    if person_number(who) is None:
        raise AmityError(
            Code.NOT_FOUND, say("Nobody has this address."), say("Look for them by name among your people.")
        )
    return who


async def _tell_machine(request: Request, desk: Desk) -> Response:
    form = await _form(request)
    people.tell_machine(desk, _known(request), _text(form, "is") == "machine", key=_text(form, "key"))
    return _back(desk, form)


async def _machines(request: Request, desk: Desk) -> Response:
    number = _number(request.query_params.get("page", ""), 1)
    return _show(request, desk, "machines/machines.html", machines.context(desk, max(1, number)))


async def _sources(request: Request, desk: Desk) -> Response:
    number = _number(request.query_params.get("page", ""), 1)
    return _show(request, desk, "sources/sources.html", sources.context(desk, max(1, number)))


async def _import(imports: Imports, request: Request, desk: Desk) -> Response:
    """Take the files of a form, and begin to read them."""
    _own_life(request)
    room = sources.room_of(desk)
    imports.begin()
    try:
        taken = await uploads.take(request, room, partial(is_ours, request))
        if not taken.files:
            raise AmityError(Code.USAGE, say("No file was chosen."), say("Choose one or more, then try again."))
    except BaseException:
        imports.give_up(room)
        raise
    form = taken.fields
    made = Import(form.get("key", ""), tuple(path.name for path in taken.files), uploaded=True)

    def work(at: Desk) -> intake.ImportReport:
        return intake.import_(
            at,
            [str(path) for path in taken.files],
            as_source=form.get("as", ""),
            me=[part for part in map(str.strip, re.split("[,;\n]", form.get("me", ""))) if part],
            read_bodies="read_bodies" in form,
            keep_text="keep_text" in form,
            # A file of the same name may be another one, so where the last one was left means nothing.
            anew=True,
            key=made.key,
        )

    imports.start(made, work, room)
    return RedirectResponse(UPLOAD, HTTPStatus.SEE_OTHER)


def _own_life(request: Request) -> None:
    if request.state.touring:
        raise tours.refused()


async def _connect(imports: Imports, request: Request, _desk: Desk) -> Response:
    """Begin to read a server with the password that was given; it is kept for no longer than the reading takes."""
    form = await _form(request)
    _own_life(request)
    place = sources.address(_text(form, "kind"), _text(form, "user"), _text(form, "server"))
    key, secret = _text(form, "key"), _text(form, "secret")
    me = [_text(form, "user").strip()] if "@" in _text(form, "user") else []
    imports.begin()
    imports.start(
        Import(key, (place,)),
        lambda at: intake.import_(replace(at, secret=lambda _place: secret) if secret else at, [place], me=me, key=key),
    )
    return RedirectResponse(UPLOAD, HTTPStatus.SEE_OTHER)


async def _import_so_far(imports: Imports, request: Request, desk: Desk) -> Response:
    if imports.latest is None:
        return RedirectResponse("/sources", HTTPStatus.SEE_OTHER)
    context = sources.import_context(imports.latest, sources.room_of(desk))
    return _show(request, desk, "sources/import.html", context)


async def _troubles(request: Request, desk: Desk) -> Response:
    number = _number(request.query_params.get("page", ""), 1)
    return _show(request, desk, "troubles/troubles.html", troubles.context(desk, max(1, number)))


async def _retry(imports: Imports, request: Request, desk: Desk) -> Response:
    """Read one source with troubles again, from the beginning."""
    form = await _form(request)
    _own_life(request)
    path, source = troubles.to_retry(desk, _text(form, "source"), _text(form, "path"))
    key = _text(form, "key")
    imports.begin()
    imports.start(
        Import(key, (Path(path).name,)),
        lambda at: intake.import_(at, [path], as_source=source, anew=True, key=key),
    )
    return RedirectResponse(UPLOAD, HTTPStatus.SEE_OTHER)


async def _history(request: Request, desk: Desk) -> Response:
    return _show(request, desk, "history/history.html", history.context(desk))


async def _way_back(go: Callable[[Desk, int, str], None], request: Request, desk: Desk) -> Response:
    form = await _form(request)
    go(desk, _number(_text(form, "change"), 0), _text(form, "key"))
    return _back(desk, form)
