"""Who may come in: loopback hosts, one browser by a one-time link, programs by tokens. Safe headers on all answers.

A page of another site can make a browser send requests to this port, and a name of another site can be made to point
here. So every request must name a loopback host, carry the cookie or the token, and, where it changes something, come
from a page of our own.
"""

from __future__ import annotations

import hmac
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from math import ceil
from secrets import token_urlsafe

from msgspec import Struct, field
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amity import language
from amity.app.facts import FILE_LIMIT
from amity.app.tokens import SCOPES, TokenLine
from amity.faces.web import uploads
from amity.language import say

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
BY_BROWSERS = frozenset(("cookie", "origin", "sec-fetch-site"))  # what only browsers send by themselves
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; "
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
# Requests are a sentence or a form; whatever is larger is a mistake. Files come by two ways alone.
LARGEST_BODY = 1 << 20
UPLOAD = "/sources/import"
ATTACH = re.compile(r"/people/p\d+/files")
MOST_WAITING = 1_000  # who ask, before those who have not asked for long are forgotten

ShowError = Callable[[Request, HTTPStatus, str], Response]
Admit = Callable[[str], TokenLine | None]  # from what a program presents as its token to the one that it is
EVERYTHING = frozenset(SCOPES)
NOTHING: frozenset[str] = frozenset()


class Pace(Struct):
    """How often one program may ask: `burst` requests at once, and `rate` a second in the long run (a token bucket)."""

    rate: float = 20.0
    burst: int = 200
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)  # by who asks: requests left, and when

    def wait(self, who: str, now: float) -> float:
        """Count one request and return the seconds until there is room for it, 0 where it may go on at once."""
        if len(self._left) > MOST_WAITING:
            self._left = {one: kept for one, kept in self._left.items() if now - kept[1] < self.burst / self.rate}
        left, since = self._left.get(who, (float(self.burst), now))
        left = min(float(self.burst), left + (now - since) * self.rate)
        short = max(0.0, 1.0 - left)
        self._left[who] = (left if short else left - 1.0, now)
        return short / self.rate


class Keys(Struct):
    """What opens the door: the link for the next browser, the cookies handed out, and the tokens that `admit` knows.

    Links and cookies are kept in memory alone, so stopping the server locks out every browser. No program asks oftener
    than `pace` allows.
    """

    link: str
    sessions: dict[str, str] = field(default_factory=dict)  # cookie -> CSRF token
    admit: Admit = lambda _: None
    pace: Pace = field(default_factory=Pace)

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


def _same(given: str, kept: str) -> bool:
    return hmac.compare_digest(given.encode(), kept.encode())


def hosts(port: int) -> frozenset[str]:
    """Return the Host headers under which the server answers."""
    names = ("127.0.0.1", "localhost", "[::1]")
    return frozenset(f"{name}:{port}" for name in names) | (frozenset(names) if port == 80 else frozenset())


class Guard:
    """Stand before an application and let in only what belongs here.

    Pages need the cookie; paths under `programs` take a token as well, and answer refusals as problem+json (RFC 9457).
    A request that came in has under `state.csrf` its CSRF token, "" for a program, under `state.scopes` what it may do,
    under `state.token` the token that it came with, and under `state.wished` the languages that the browser wishes for.
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
        # Whatever a program's library wishes for, it is answered in the language that the owner set.
        program = scope["path"].startswith(self.programs) and self.cookie not in request.cookies
        asked = "" if program else request.headers.get("accept-language", "")
        request.state.wished = language.accepted(asked)
        with language.speaking(language.choose(language.AUTO, request.state.wished)):
            await self._let_in(request, scope, receive, send)

    async def _let_in(self, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        sent = _with_headers(send, scope["path"].startswith(STATIC))
        refusal = self._refusal(request)
        if refusal:
            await refusal(scope, receive, sent)
            return
        await self.app(scope, _limited(receive, _largest(scope["path"])), sent)

    def _refusal(self, request: Request) -> Response | None:
        path = request.scope["path"]
        request.state.csrf, request.state.scopes, request.state.token = "", NOTHING, None
        if request.headers.get("host", "").lower() not in self.hosts:
            return self._refuse(request, HTTPStatus.MISDIRECTED_REQUEST, say("This is not an address of Amity."))
        request.state.csrf = self.keys.csrf(request.cookies.get(self.cookie, "")) or ""
        unsafe = request.method not in SAFE
        for_programs = bool(self.programs) and path.startswith(self.programs)
        if unsafe and not self._from_here(request):
            if for_programs and not (request.state.csrf or BY_BROWSERS.intersection(request.headers.keys())):
                return self._refuse(request, HTTPStatus.UNAUTHORIZED, say("This needs a token: `amity token NAME`."))
            return self._refuse(request, HTTPStatus.FORBIDDEN, say("This did not come from a page of Amity."))
        if for_programs:
            if refusal := self._introduce(request):
                return refusal
            if request.state.token:
                return None
        if request.state.csrf:
            if unsafe and for_programs and not _same(request.headers.get("x-csrf-token", ""), request.state.csrf):
                return self._refuse(request, HTTPStatus.FORBIDDEN, say("The X-CSRF-Token header is missing or wrong."))
            request.state.scopes = EVERYTHING
            return None
        if path == ENTRANCE or path.startswith(STATIC):
            return None
        if path == "/" and not unsafe:
            return self._refuse(request, HTTPStatus.OK, "")
        if for_programs:
            return self._refuse(request, HTTPStatus.UNAUTHORIZED, say("This needs a token: `amity token NAME`."))
        return self._refuse(request, HTTPStatus.UNAUTHORIZED, say("Amity does not know this browser yet."))

    def _introduce(self, request: Request) -> Response | None:
        """Learn which program asks, and send away whoever asks too often; strangers share one measure."""
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        token = self.keys.admit(secret.strip()) if scheme.lower() == "bearer" else None
        if wait := self.keys.pace.wait(token.id if token else request.state.csrf, time.monotonic()):
            return self._refuse(
                request,
                HTTPStatus.TOO_MANY_REQUESTS,
                say("That is too often: {rate:g} requests a second are the most.", rate=self.keys.pace.rate),
                {"Retry-After": str(ceil(wait))},
            )
        if token:
            request.state.csrf, request.state.token, request.state.scopes = "", token, frozenset(token.scopes)
        return None

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

    def _refuse(
        self, request: Request, status: HTTPStatus, words: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        if not self.programs or not request.scope["path"].startswith(self.programs):
            return self.show(request, status, words)
        return JSONResponse(
            {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": words},
            status,
            {"WWW-Authenticate": "Bearer"} if status is HTTPStatus.UNAUTHORIZED else headers,
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


def _largest(path: str) -> int:
    if path == UPLOAD:
        return uploads.LARGEST
    return FILE_LIMIT + LARGEST_BODY if ATTACH.fullmatch(path) else LARGEST_BODY


def _limited(receive: Receive, largest: int) -> Callable[[], Awaitable[Message]]:
    total = 0

    async def received() -> Message:
        nonlocal total
        message = await receive()
        total += len(message.get("body", b""))
        if total > largest:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, say("That is more than fits."))
        return message

    return received
