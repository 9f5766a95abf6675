"""A real browser for the tests: Debian's Chromium, whose every request that is not for this machine meets a proxy."""

from __future__ import annotations

import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    # Of its own accord it asks at home what the fields of a form may mean.
    "--disable-features=AutofillServerCommunication,OptimizationHints,Translate,MediaRouter",
]


class Counting:
    """A proxy that lets nothing through and counts what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[bytes] = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.asked.append(connection.recv(4096).partition(b"\r\n")[0])
                connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


class Browser:
    """A browser of which every visitor is behind the proxy; what it asks for at home by itself is none of ours."""

    def __init__(self, opened: Any, proxy: Counting) -> None:
        self.opened = opened
        self.proxy = proxy

    def new_context(self, **options: Any) -> Any:
        way = {"server": f"http://127.0.0.1:{self.proxy.port}", "bypass": "127.0.0.1"}
        return self.opened.new_context(proxy=way, **options)


@contextmanager
def running() -> Iterator[Browser]:
    """Run the browser for as long as a block lasts."""
    from playwright.sync_api import sync_playwright

    proxy = Counting()
    with sync_playwright() as playing:
        opened = playing.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield Browser(opened, proxy)
        opened.close()
    proxy.listener.close()


class Visit:
    """A page that came in by the link, and everything that went wrong on it."""

    def __init__(self, browser: Browser, address: str, house: Any, width: int = 1280, theme: str = "light") -> None:
        self.address = address
        self.house = house
        self.context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=theme,
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.context.set_default_timeout(15_000)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(f"{address}/#token={house.keys.link}")
        self.page.wait_for_selector("nav[aria-label=Main]")
        self.page.wait_for_load_state("load")

    def go(self, path: str) -> None:
        self.page.goto(self.address + path)

    def person(self, name: str) -> str:
        self.go(f"/people?q={name}")
        return urlsplit(self.page.locator(".who a").first.get_attribute("href")).path

    def leave(self) -> None:
        """End the visit, in which nothing may have been said on the console or asked of anybody else."""
        self.context.close()
        assert not self.said
        assert {urlsplit(url).hostname for url in self.requests} == {"127.0.0.1"}
