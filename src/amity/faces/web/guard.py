"""Who may come in: loopback hosts, one browser by a one-time link, programs by a token. Safe headers on all answers.

A page of another site can make a browser send requests to this port, and a name of another site can be made to point
here. So every request must name a loopback host, carry the cookie or the token, and, where it changes something, come
from a page of our own.
"""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from secrets import token_urlsafe

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amity.faces.web import uploads

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
STATIC = "/static/"
ENTRANCE = "/session"
# Requests are a sentence or a form; whatever is larger is a mistake. Files come by one way alone.
LARGEST_BODY = 1 << 20
UPLOAD = "/sources/import"

ShowError = Callable[[Request, HTTPStatus, str], Response]


@dataclass(slots=True)
class Keys:
    """What opens the door: the link for the next browser, the cookies handed out, the token for programs.

    Everything is kept in memory, so stopping the server locks out everybody.
    """

    link: str
    programs: str = field(default_factory=token_urlsafe)
    sessions: dict[str, str] = field(default_factory=dict)  # cookie -> CSRF token

    def exchange(self, token: str) -> str | None:
        """Spend the link's token for a cookie, and mint the token of the next link; None for a wrong one."""
        if not _same(token, self.link):
            return None
        self.link = token_urlsafe()
        cookie = token_urlsafe()
        self.sessions[cookie] = token_urlsafe()
        return cookie

    def csrf(self, cookie: str) -> str | None:
        """Return the CSRF token that belongs to a cookie, None for a cookie that was not handed out."""
        return self.sessions.get(cookie)

    def is_program(self, authorization: str) -> bool:
        """Tell whether an Authorization header carries the token for programs."""
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and _same(token.strip(), self.programs)


def _same(given: str, kept: str) -> bool:
    return hmac.compare_digest(given.encode(), kept.encode())


def hosts(port: int) -> frozenset[str]:
    """Return the Host headers under which the server answers."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())


class Guard:
    """Stand before an application and let in only what belongs here.

    Pages need the cookie; paths under `programs` take the token for programs as well, and answer refusals as
    problem+json (RFC 9457). A request that came in has its CSRF token under `state.csrf`, "" for a program.
    """

    def __init__(self, app: ASGIApp, keys: Keys, port: int, show: ShowError, programs: tuple[str, ...] = ()) -> None:
        self.app = app
        self.keys = keys
        self.hosts = hosts(port)
        self.cookie = cookie_name(port)
        self.show = show
        self.programs = programs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        sent = _with_headers(send, scope["path"].startswith(STATIC))
        refusal = self._refusal(request)
        if refusal:
            await refusal(scope, receive, sent)
            return
        largest = uploads.LARGEST if scope["path"] == UPLOAD else LARGEST_BODY
        await self.app(scope, _limited(receive, largest), sent)

    def _refusal(self, request: Request) -> Response | None:
        path = request.scope["path"]
        request.state.csrf = ""
        if request.headers.get("host", "").lower() not in self.hosts:
            return self._refuse(request, HTTPStatus.MISDIRECTED_REQUEST, "This is not an address of Amity.")
        request.state.csrf = self.keys.csrf(request.cookies.get(self.cookie, "")) or ""
        unsafe = request.method not in SAFE
        if unsafe and not self._from_here(request):
            return self._refuse(request, HTTPStatus.FORBIDDEN, "This did not come from a page of Amity.")
        for_programs = bool(self.programs) and path.startswith(self.programs)
        if for_programs and self.keys.is_program(request.headers.get("authorization", "")):
            request.state.csrf = ""
            return None
        if request.state.csrf:
            if unsafe and for_programs and not _same(request.headers.get("x-csrf-token", ""), request.state.csrf):
                return self._refuse(request, HTTPStatus.FORBIDDEN, "The X-CSRF-Token header is missing or wrong.")
            return None
        if path == ENTRANCE or path.startswith(STATIC):
            return None
        if path == "/" and not unsafe:
            return self._refuse(request, HTTPStatus.OK, "")
        return self._refuse(request, HTTPStatus.UNAUTHORIZED, "Amity does not know this browser yet.")

    def _from_here(self, request: Request) -> bool:
        """Tell whether a request that changes something was made by one of our pages, or by no browser at all.

        Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with a form, so then Sec-Fetch-Site decides.
        """
        site = request.headers.get("sec-fetch-site")
        origin = request.headers.get("origin")
        if site not in (None, "same-origin"):
            return False
        if origin not in (None, "null"):
            return origin.lower() == f"http://{request.headers['host'].lower()}"
        return site is not None or (origin is None and "authorization" in request.headers)

    def _refuse(self, request: Request, status: HTTPStatus, words: str) -> Response:
        if not self.programs or not request.scope["path"].startswith(self.programs):
            return self.show(request, status, words)
        return JSONResponse(
            {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": words},
            status,
            {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else None,
            "application/problem+json",
        )


def cookie_name(port: int) -> str:
    """Name the cookie after the port, since browsers share cookies between the ports of a host."""
    return f"amity_{port}"


def is_ours(request: Request, form: Mapping[str, object]) -> bool:
    """Tell whether a form carries the CSRF token of the session it comes with."""
    given = form.get("csrf")
    return isinstance(given, str) and bool(request.state.csrf) and _same(given, request.state.csrf)


def _with_headers(send: Send, is_static: bool) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
            # The addresses of static files name their content, so that they may be kept; nothing else may.
            fresh = is_static and message["status"] == HTTPStatus.OK
            headers["Cache-Control"] = "public, max-age=31536000, immutable" if fresh else "no-store"
        await send(message)

    return sent


def _limited(receive: Receive, largest: int) -> Callable[[], Awaitable[Message]]:
    total = 0

    async def received() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > largest:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That is more than fits.")
        return message

    return received
