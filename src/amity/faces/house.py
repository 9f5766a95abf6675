"""The house: the pages and REST under one roof, on loopback."""

from __future__ import annotations

import gc
import socket
import sys
import webbrowser
from collections.abc import Callable
from contextlib import closing, suppress
from importlib.util import find_spec
from secrets import token_urlsafe

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

from amity.app import tokens
from amity.app.desk import Desk
from amity.app.tokens import TokenLine
from amity.errors import AmityError, Code
from amity.faces.api import make_api
from amity.faces.web.guard import Keys
from amity.faces.web.server import make_app
from amity.faces.web.tour import Life
from amity.language import say

LOOPBACK = "127.0.0.1"


def build(
    open_desk: Callable[[], Desk],
    keys: Keys,
    *,
    port: int,
    attribution: tuple[str, ...] = (),
    on_entry: Callable[[], None] = lambda: None,
    life: Life | None = None,
) -> Starlette:
    """Put the pages, REST and, where its package is there, MCP together behind one guard.

    Programs come in by their tokens and see the owner's vault alone, never a `life`.
    """

    def admit(secret: str) -> TokenLine | None:
        desk = open_desk()
        with closing(desk.database):
            return tokens.admit(desk, secret)

    async def assistant(scope: Scope, receive: Receive, send: Send) -> None:
        # Half a second of imports, which the pages do without.
        from amity.faces import mcp

        await mcp.make_app(open_desk)(scope, receive, send)

    keys.admit = admit
    mounts: dict[str, ASGIApp] = {"/api": make_api(open_desk)}
    if find_spec("mcp"):
        mounts["/mcp"] = assistant
    return make_app(
        open_desk,
        keys,
        port=port,
        attribution=attribution,
        mounts=mounts,
        on_entry=on_entry,
        life=life,
    )


def serve(
    open_desk: Callable[[], Desk],
    *,
    port: int,
    open_browser: bool,
    attribution: tuple[str, ...] = (),
    life: Life | None = None,
) -> None:
    """Serve one vault on loopback until interrupted; port 0 takes any free one.

    `open_desk` is called for every request, at times in another thread, and its connection is closed after it.
    `life` is one that a visitor may look around in first.
    Prints the link that lets one browser in, a new one each time it was used, and where programs may ask.
    Raises AmityError REFUSED when the port is taken.
    """
    try:
        listener = socket.create_server((LOOPBACK, port))
    except OSError as error:
        raise AmityError(
            Code.REFUSED,
            say("Port {port} is taken: {strerror}.", port=port, strerror=error.strerror),
            say("Name another one with --port."),
        ) from error
    with listener:
        port = listener.getsockname()[1]
        keys = Keys(token_urlsafe())

        def link() -> str:
            return f"http://{LOOPBACK}:{port}/#token={keys.link}"

        def on_entry() -> None:
            _say(say("A browser came in. For another one: {link}", link=link()))

        app = build(open_desk, keys, port=port, attribution=attribution, on_entry=on_entry, life=life)
        config = uvicorn.Config(
            app, log_level="warning", access_log=False, server_header=False, lifespan="off", ws="none"
        )
        _say(say("Amity is at {link}", link=link()))
        _say(
            say(
                "For programs: http://{loopback}:{port}/api/openapi.json, with a token of `amity token NAME`.",
                loopback=LOOPBACK,
                port=port,
            )
        )
        _say(say("Ctrl-C stops it."))
        if open_browser:
            webbrowser.open(link())
        gc.freeze()  # modules and templates stay, and need not be gone through while a page is made
        # Ctrl-C is how it is meant to end; the server has closed its connections by then.
        with suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listener])


def life_of_demo() -> Life:
    """Return the life of the demo, in a vault of its own that is made when somebody wants to look around."""
    from amity.demo import life
    from amity.faces import tour

    return Life(lambda: tour.unlock_life(tour.folder_of_life()).open(), tour.take_in, life.OWNER_NAME, life.ATTRIBUTION)


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")
    sys.stderr.flush()
