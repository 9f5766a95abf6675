from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from amity.app import intake, people, settings, tokens
from amity.app.desk import Desk
from amity.demo import life
from amity.faces import house, tour
from amity.faces.web.guard import Keys
from amity.faces.web.tour import Life
from amity.store.db import open_vault
from tests.faces.web import chromium

PORT = 8765
HOME = f"http://127.0.0.1:{PORT}"
NOW = 1_700_000_000
HEADER = "when,channel,from,to,cc,subject,depth,minutes,id\n"
OWNER = f"{life.OWNER_NAME} <{life.OWNER_ADDRESS}>"
POISON = (
    "<script>window.hurt=1</script>",
    '"><img src=x onerror="window.hurt=1">',
    "'-window.hurt=1-'",
    "{{ 'q' * 7 }}",
    "</title><svg onload=window.hurt=1>",
    "javascript:window.hurt=1",
)


def make_vault(folder: Path, files: list[Path]) -> Path:
    database = open_vault(folder, create=True)
    intake.import_(Desk(database, life.TODAY, NOW), files, me=[life.OWNER_ADDRESS])
    database.close()
    return folder


@dataclass
class House:
    """A vault with the app before it, asked as a browser or a program would."""

    folder: Path
    keys: Keys = field(default_factory=lambda: Keys("the-link"))
    statements: list[str] = field(default_factory=list)

    def open_desk(self) -> Desk:
        database = open_vault(self.folder)

        def heard(_: object, sql: str, __: object) -> bool:
            self.statements.append(sql)
            return True

        database.connection.exec_trace = heard
        return settings.applied(Desk(database, life.TODAY, int(time.time())))

    def open_life(self) -> Desk:
        return tour.unlock_life(self.folder.parent / "life").open()

    @property
    def life(self) -> Life:
        return Life(self.open_life, tour.take_in, life.OWNER_NAME, life.ATTRIBUTION)

    def client(self) -> TestClient:
        app = house.build(self.open_desk, self.keys, port=PORT, attribution=life.ATTRIBUTION, life=self.life)
        return TestClient(app, base_url=HOME, follow_redirects=False)

    def guest(self) -> TestClient:
        """Return a client that came in by the link."""
        client = self.client()
        entered = client.post("/session", json={"token": self.keys.link}, headers={"origin": HOME})
        assert entered.status_code == 204
        client.headers["origin"] = HOME
        return client

    def token(self, *scopes: str) -> str:
        """Make a token that may read, and what else is said."""
        desk = self.open_desk()
        with closing(desk.database):
            return tokens.mint(desk, "a script", scopes).secret

    def program(self, *scopes: str) -> TestClient:
        """Return a client that is a program with a token of its own."""
        client = self.client()
        client.headers["authorization"] = f"Bearer {self.token(*scopes)}"
        return client

    def post(self, client: TestClient, path: str, **data: str) -> str:
        """Send a form of ours and return where it leads."""
        csrf = next(iter(self.keys.sessions.values()))
        answer = client.post(path, data={"csrf": csrf, **data})
        assert answer.status_code == 303, answer.text
        return str(answer.headers["location"])


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("demo")
    return make_vault(place / "vault", life.unpack(place / "files"))


@pytest.fixture
def copied(demo: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(demo, tmp_path / "vault"))


@pytest.fixture
def a_house(copied: Path) -> House:
    return House(copied)


@pytest.fixture
def build_house(tmp_path: Path) -> Callable[..., House]:
    """Build a house from the text of files."""

    def build(**files: str) -> House:
        paths = []
        for name, text in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        return House(make_vault(tmp_path / "vault", paths))

    return build


@pytest.fixture
def served(a_house: House) -> Iterator[tuple[str, House]]:
    """Serve a copy of the demo on a port of its own; yield the address of the front door."""
    with serving(a_house) as address:
        yield address, a_house


class serving:  # noqa: N801
    """Serve a house from a thread for as long as a block lasts."""

    def __init__(self, a_house: House, port: int = 0) -> None:
        self.listener = socket.create_server(("127.0.0.1", port))
        port = self.listener.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        app = house.build(a_house.open_desk, a_house.keys, port=port, attribution=life.ATTRIBUTION, life=a_house.life)
        config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", ws="none")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listener]}, daemon=True)

    def __enter__(self) -> str:
        self.thread.start()
        while not self.server.started:
            time.sleep(0.01)
        return self.address

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(5)
        self.listener.close()


@pytest.fixture
def poisoned(build_house: Callable[..., House]) -> tuple[House, list[str], tuple[str, ...]]:
    """Build a house where every text that comes from outside is hostile; with its pages, and the texts."""
    rows, cards = [], []
    for place, text in enumerate(POISON):
        quoted = text.replace('"', '""')
        name = text.replace("<", "").replace(">", "").replace(";", "").replace('"', "") if place % 2 else text
        named = name.replace('"', '""').replace("<", "(").replace(">", ")")
        for day in range(1, 9):
            rows.append(f'1895-0{day}-0{place + 1},mail,"{named} <x{place}@y.example>",{OWNER},,"{quoted}",,,\n')
            rows.append(f'1895-0{day}-1{place + 1},letter,{OWNER},"{named} <x{place}@y.example>",,"{quoted}",,,\n')
        raw = text.replace(",", r"\,").replace(";", r"\;")
        cards.append(
            f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{raw}\r\nNICKNAME:{raw}\r\nORG:{raw}\r\nTITLE:{raw}\r\nNOTE:{raw}\r\n"
            f"CATEGORIES:{raw}\r\nADR:;;{raw};;;;\r\nBDAY;VALUE=text:{raw}\r\nURL:{raw}\r\n"
            f"EMAIL:x{place}@y.example\r\nTEL:+4315550{place}\r\nEND:VCARD\r\n"
        )
    house = build_house(poison_vcf="".join(cards), poison_csv=HEADER + "".join(rows))
    desk = house.open_desk()
    listed = people.find(desk, limit=100).people
    desk.database.close()
    queries = [f"/people?q={text}" for text in ("%3Cscript%3Ewindow.hurt=1", "%22%3E%3Cimg%20src=x%20onerror=1%3E")]
    paths = [
        "/",
        "/people",
        "/machines",
        "/sources",
        "/sources/troubles",
        "/history",
        *queries,
        *(f"/people/{one.id}" for one in listed),
    ]
    return house, paths, POISON


@pytest.fixture
def serve() -> type[serving]:
    """Serve any house: `with serve(house) as address`."""
    return serving


@pytest.fixture(scope="module")
def opened() -> Iterator[chromium.Browser]:
    pytest.importorskip("playwright.sync_api")
    if chromium.CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with chromium.running() as browser:
        yield browser


@pytest.fixture
def browser(opened: chromium.Browser) -> Iterator[chromium.Browser]:
    """Yield a browser behind the proxy, of which nothing may have been asked in the end."""
    yield opened
    assert opened.proxy.asked == []


@pytest.fixture
def visit(browser: chromium.Browser, served: tuple[str, House]) -> Iterator[chromium.Visit]:
    """Yield a visit of the demo that must end without a word on the console and without a request to anywhere else."""
    made = chromium.Visit(browser, *served)
    yield made
    made.leave()
