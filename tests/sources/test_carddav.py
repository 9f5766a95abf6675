"""Address books on a server: a real one on this machine, and answers that only some give."""

import contextlib
from collections.abc import Iterator
from datetime import date

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.app import intake, people
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.model import Card, Item, Known, Mark, Since, Trouble
from amity.sources import carddav, vcard, webdav
from amity.store.db import open_vault
from tests.sources.servers import Radicale, multistatus, response

ANA = (
    "BEGIN:VCARD\r\nVERSION:{version}\r\nUID:ana\r\nFN:Ana Sá\r\nN:Sá;Ana;;;\r\nEMAIL:ana@x.org\r\n"
    "TEL:+351 21 555 0100\r\nORG:Choir\r\nBDAY:1980-05-15\r\nNOTE:Sings\\, and well\r\nEND:VCARD\r\n"
)
BO = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:bo\r\nFN:Bo Ek\r\nN:Ek;Bo;;;\r\nEMAIL:{0}\r\nEND:VCARD\r\n"
CHOIR = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:choir\r\nFN:Choir\r\nN:Choir;;;;\r\nX-ADDRESSBOOKSERVER-KIND:group\r\n"
    "X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:ana\r\nEND:VCARD\r\n"
)


@pytest.fixture
def radicale(tmp_path) -> Iterator[Radicale]:
    pytest.importorskip("radicale")
    running = Radicale(tmp_path)
    yield running
    running.stop()


def put(radicale: Radicale, path: str, card: str) -> None:
    radicale.put(path, card, "text/vcard")


def read(radicale: Radicale, mark: Mark | None = None, path: str = "") -> list[Item]:
    since = Since(mark.state if mark else {}, secret=lambda: "secret")
    return list(carddav.read(radicale.address("carddav") + path, since))


def named(items: list[Item]) -> list[tuple[str, str, str]]:
    return [
        (str(item.place).rpartition("/")[2], item.name, item.handles[0].value)
        for item in items
        if isinstance(item, Card)
    ]


def last(items: list[Item]) -> Mark:
    assert isinstance(items[-1], Mark)
    assert items[-1].share == 1.0
    return items[-1]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_a_year_with_a_real_server(radicale, version):
    radicale.make_book("friends")
    radicale.make_book("office")
    radicale.make("home")  # a calendar beside them is not theirs
    put(radicale, "friends/ana ü.vcf", ANA.format(version=version))
    put(radicale, "friends/choir.vcf", CHOIR)
    put(radicale, "office/bo.vcf", BO.format("bo@x.org"))
    first = read(radicale)
    assert named(first) == [("ana%20%C3%BC.vcf", "Ana Sá", "ana@x.org"), ("bo.vcf", "Bo Ek", "bo@x.org")]
    ana = first[0]
    assert (ana.birthday, ana.notes, ana.position.organisation) == ("1980-05-15", ("Sings, and well",), "Choir")
    assert not [item for item in first if isinstance(item, Trouble | Known)]

    again = read(radicale, last(first))
    assert again == [Known(1), Known(1), last(first)]

    put(radicale, "office/bo.vcf", BO.format("bo@work.example"))
    radicale.delete("friends/ana ü.vcf")
    put(radicale, "friends/cy.vcf", BO.format("cy@x.org").replace("bo\r", "cy\r").replace("Bo Ek", "Cy"))
    changed = read(radicale, last(again))
    assert named(changed) == [("cy.vcf", "Cy", "cy@x.org"), ("bo.vcf", "Bo Ek", "bo@work.example")]
    assert read(radicale, last(changed))[:-1] == [Known(1), Known(1)]
    assert named(read(radicale, path="ana@x.org/office/")) == [("bo.vcf", "Bo Ek", "bo@work.example")]


def test_a_changed_card_takes_the_place_of_the_old_and_a_deleted_one_stays_known(radicale, tmp_path):
    radicale.make_book("friends")
    put(radicale, "friends/ana.vcf", ANA.format(version="3.0"))
    put(radicale, "friends/bo.vcf", BO.format("bo@old.example"))
    vault = tmp_path / "vault"
    with contextlib.closing(open_vault(vault, create=True)) as database:
        desk = Desk(database, date(2026, 6, 1), 1_780_000_000, secret=lambda _: "secret")
        (source,) = intake.import_(desk, [radicale.address("carddav")]).sources
        assert (source.source, source.new) == ("carddav", 2)
        put(radicale, "friends/bo.vcf", BO.format("bo@new.example"))
        radicale.delete("friends/ana.vcf")
        (source,) = intake.import_(desk, [radicale.address("carddav")]).sources
        assert source.new == 1
        known = {one.name: list(one.handles) for one in people.find(desk).people}
    assert known == {"Ana Sá": ["ana@x.org", "+351215550100"], "Bo Ek": ["bo@new.example"]}


def test_an_interrupted_reading_goes_on(radicale, monkeypatch):
    monkeypatch.setattr(carddav, "_BATCH", 1)
    monkeypatch.setattr(webdav, "AT_ONCE", 2)
    radicale.make_book("friends")
    for i in range(5):
        put(radicale, f"friends/{i}.vcf", BO.format(f"{i}@x.org").replace("UID:bo", f"UID:{i}"))
    whole = read(radicale)
    marks = [(at, item) for at, item in enumerate(whole) if isinstance(item, Mark)]
    assert len(marks) == 4
    for at, mark in marks:
        rest = read(radicale, mark)
        assert sum(item.items for item in rest if isinstance(item, Known)) == len(named(whole[:at]))
        assert named(rest) == named(whole[at:])


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("carddav://ana@cloud.example/", Code.REFUSED),
        ("carddavs://ana:secret@cloud.example/", Code.USAGE),
        ("caldavs://ana@cloud.example/", Code.USAGE),
        ("carddavs://ana@cloud.example/", Code.USAGE),
    ],
)
def test_addresses_that_cannot_be_asked(address, code):
    with pytest.raises(AmityError) as raised:
        list(carddav.read(address, Since()))
    assert raised.value.code is code
    assert "secret" not in raised.value.message
    assert "calendar" not in str(raised.value)


def test_a_wrong_password_is_said_so(radicale):
    with pytest.raises(AmityError) as raised:
        list(carddav.read(radicale.address("carddav"), Since(secret=lambda: "wrong")))
    assert "wrong name or password" in raised.value.message


# --- answers as they come from elsewhere

BOOK = "<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype>"


def ask(handler, state: Mark | None = None, url: str = "https://cloud.example/dav/") -> list[Item]:
    where = webdav.Server(url, "ana")
    session = webdav.Session(carddav.KIND, where, "secret", httpx2.MockTransport(handler))
    return list(carddav._read(session, Since(state.state if state else {})))


class Cloud:
    """A server with a book of the owner's and one of its own users, without sync tokens and reports."""

    def __init__(self) -> None:
        self.cards = {"/books/own/a.vcf": ("1", ANA.format(version="4.0")), "/books/own/b.vcf": ("1", "<html>")}
        self.tag = "c1"
        self.asked: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        path, body = request.url.path, request.content.decode()
        self.asked.append(f"{request.method} {path}")
        if request.method == "GET":
            return httpx2.Response(200, content=self.cards[path][1].encode())
        if request.method == "REPORT":
            return httpx2.Response(501)
        if path == "/dav/":
            return self.told(
                response(path, "<c:addressbook-home-set><d:href>/books/</d:href></c:addressbook-home-set>")
            )
        if path == "/books/":
            own = response("/books/own/", f"{BOOK}<s:getctag>{self.tag}</s:getctag>")
            return self.told(own, response("/books/z-server-generated--system/", BOOK))
        assert path == "/books/own/"
        assert "getetag" in body
        return self.told(*(response(href, f"<d:getetag>{tag}</d:getetag>") for href, (tag, _) in self.cards.items()))

    def told(self, *responses: str) -> httpx2.Response:
        return httpx2.Response(207, content=multistatus(*responses, kind="carddav"))


def test_a_server_without_sync_tokens_and_what_is_no_card():
    cloud = Cloud()
    first = ask(cloud)
    assert named(first) == [("a.vcf", "Ana Sá", "ana@x.org")]
    assert [item for item in first if isinstance(item, Trouble)] == [
        Trouble("/books/own/b.vcf", "no vCard at this address", b"<html>")
    ]
    cloud.asked.clear()
    assert ask(cloud, last(first)) == [Known(1), last(first)]
    assert cloud.asked == ["PROPFIND /dav/", "PROPFIND /books/"]
    cloud.cards["/books/own/b.vcf"] = ("2", BO.format("bo@x.org"))
    cloud.tag = "c2"
    assert named(ask(cloud, last(first))) == [("b.vcf", "Bo Ek", "bo@x.org")]


def test_a_card_that_cannot_be_had_is_a_trouble_and_asked_for_again():
    cloud = Cloud()

    def failing(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(500) if request.url.path.endswith("/a.vcf") else cloud(request)

    first = ask(failing)
    assert Trouble("/books/own/a.vcf", "the server answers 500") in first
    assert named(ask(cloud, last(first))) == [("a.vcf", "Ana Sá", "ana@x.org")]


def test_a_card_of_a_server_is_the_same_as_of_a_file():
    card = next(item for item in ask(Cloud()) if isinstance(item, Card))
    (of_file,) = vcard.cards(vcard.decode(ANA.format(version="4.0").encode()))
    assert card.key == of_file.key


@given(st.binary(max_size=200))
def test_no_answer_raises_anything_else(data):
    def handler(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, content=data) if request.method == "GET" else Cloud()(request)

    assert any(isinstance(item, Trouble | Card) for item in ask(handler))
