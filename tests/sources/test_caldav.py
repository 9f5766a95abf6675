"""Calendars on a server: a real one on this machine, and answers that no honest one would give."""

import contextlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmityError, Code
from amity.model import Item, Known, Mark, Moment, Since, Trouble
from amity.sources import caldav, webdav
from tests.sources.servers import Radicale, free_port, multistatus, response

UNTIL = int(datetime(2026, 6, 1, tzinfo=UTC).timestamp())
EVENT = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\n{}END:VCALENDAR\r\n"
DINNER = EVENT.format(
    "BEGIN:VEVENT\r\nUID:{0}\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260{1}02T190000Z\r\nSUMMARY:Dinner {0}\r\n"
    "ORGANIZER:mailto:kim@x.org\r\nATTENDEE;CN=Ana Sá:mailto:ana@x.org\r\nEND:VEVENT\r\n"
)
CHOIR = EVENT.format(
    "BEGIN:VEVENT\r\nUID:choir\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260105T190000Z\r\nRRULE:FREQ=WEEKLY;COUNT=4\r\n"
    "EXDATE:20260112T190000Z\r\nEND:VEVENT\r\n"
    "BEGIN:VEVENT\r\nUID:choir\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:20260119T190000Z\r\n"
    "DTSTART:20260120T190000Z\r\nEND:VEVENT\r\n"
)


@pytest.fixture
def radicale(tmp_path) -> Iterator[Radicale]:
    pytest.importorskip("radicale")
    running = Radicale(tmp_path)
    yield running
    running.stop()


def read(radicale: Radicale, mark: Mark | None = None, *, until: int | None = UNTIL, path: str = "") -> list[Item]:
    since = Since(mark.state if mark else {}, until=until, secret=lambda: "secret")
    return list(caldav.read(radicale.address("caldav") + path, since))


def told(items: list[Item]) -> list[tuple[str, str]]:
    return [
        (str(item.place).rpartition("/")[2], datetime.fromtimestamp(item.at, UTC).strftime("%m-%d"))
        for item in items
        if isinstance(item, Moment)
    ]


def last(items: list[Item]) -> Mark:
    assert isinstance(items[-1], Mark)
    assert items[-1].share == 1.0
    return items[-1]


def test_a_year_with_a_real_server(radicale):
    radicale.make("home")
    radicale.make("tasks", "VTODO")
    radicale.make("office")
    radicale.put("home/choir.ics", CHOIR)
    for i in range(3):
        radicale.put(f"office/{i} ü.ics", DINNER.format(i, i + 1))
    first = read(radicale)
    assert told(first) == [
        ("choir.ics", "01-05"), ("choir.ics", "01-26"), ("choir.ics", "01-20"),
        ("0%20%C3%BC.ics", "01-02"), ("1%20%C3%BC.ics", "02-02"), ("2%20%C3%BC.ics", "03-02"),
    ]  # fmt: skip
    assert [party.handle.value for party in first[3].parties] == ["kim@x.org", "ana@x.org"]
    assert not [item for item in first if isinstance(item, Trouble | Known)]

    again = read(radicale, last(first))
    assert again == [Known(3), Known(3), last(first)]

    radicale.delete("office/1 ü.ics")
    radicale.put("office/2 ü.ics", DINNER.format(2, 4))
    radicale.put("office/9.ics", DINNER.format(9, 5))
    changed = read(radicale, last(again))
    assert [item for item in changed if isinstance(item, Known)] == [Known(3), Known(1)]
    assert told(changed) == [("2%20%C3%BC.ics", "04-02"), ("9.ics", "05-02")]
    assert read(radicale, last(changed))[:-1] == [Known(3), Known(3)]

    one = read(radicale, path="ana@x.org/office/", until=None)
    assert sorted(item.told.uid for item in one if isinstance(item, Moment)) == ["0", "2", "9"]


def test_a_weekly_choir_goes_on_though_nothing_changed(radicale):
    radicale.make("home")
    radicale.put("home/choir.ics", CHOIR.replace(";COUNT=4", ""))
    before, after = (int(datetime(2026, 2, day, tzinfo=UTC).timestamp()) for day in (1, 4))
    first = read(radicale, until=before)
    assert told(first)[-2:] == [("choir.ics", "01-26"), ("choir.ics", "01-20")]
    assert read(radicale, last(first), until=before) == [Known(3), last(first)]
    assert ("choir.ics", "02-02") in told(read(radicale, last(first), until=after))


def gone(items: list[Item]) -> list[tuple[str, str]]:
    """Return the path and id of each event that is told to be there no more."""
    moments = [item for item in items if isinstance(item, Moment) and item.told.status == "CANCELLED"]
    assert all(moment.same and not moment.parties for moment in moments)
    return [(str(moment.place).rpartition("/")[2], moment.told.uid) for moment in moments]


def test_an_event_that_is_deleted_is_told_and_one_that_is_moved_is_not(radicale):
    for calendar in ("home", "office"):
        radicale.make(calendar)
    dinners = {name: DINNER.format(f"dinner-with-{name}", day) for day, name in enumerate(("ana", "bo", "cy"), 1)}
    for name, text in dinners.items():
        radicale.put(f"home/{name}.ics", text)
    first = read(radicale)
    radicale.delete("home/ana.ics")
    radicale.delete("home/bo.ics")
    radicale.put("office/bo.ics", dinners["bo"])
    then = read(radicale, last(first))
    assert gone(then) == [("ana.ics", "dinner-with-ana")]
    kept = {item.same for item in first if isinstance(item, Moment) and item.told.uid == "dinner-with-ana"}
    assert {item.same for item in then if isinstance(item, Moment) and not item.parties} == kept
    assert read(radicale, last(then))[:-1] == [Known(1), Known(1)]


def test_a_server_that_lists_the_last_weeks_alone_deletes_nothing():
    there = {"/a": ["1", 1, 0, {"u1": 100}], "/b": ["1", 1, 0, {"u2": 200}], "/c": ["1", 1, 0, {"u3": 300}]}
    assert list(caldav._missing(there, {"/b", "/c"}, set())) == []
    assert list(caldav._missing(there, {"/b", "/c"}, {"/a"})) == [("/a", "u1", 100)]
    assert list(caldav._missing(there, {"/a", "/c"}, set())) == [("/b", "u2", 200)]
    assert list(caldav._missing(there, set(), set())) == []


def test_a_calendar_says_in_which_zone_its_times_are(radicale):
    zone = (
        "BEGIN:VCALENDAR&#13;\nVERSION:2.0&#13;\nPRODID:-//x&#13;\nBEGIN:VTIMEZONE&#13;\nTZID:Europe/Vienna&#13;\nBEGIN:STANDARD&#13;\n"
        "DTSTART:19961027T030000&#13;\nTZOFFSETFROM:+0200&#13;\nTZOFFSETTO:+0100&#13;\nEND:STANDARD&#13;\nEND:VTIMEZONE&#13;\n"
        "END:VCALENDAR&#13;\n"
    )
    radicale.make("home")
    body = (
        '<?xml version="1.0"?><D:propertyupdate xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
        f"<C:calendar-timezone>{zone}</C:calendar-timezone></D:prop></D:set></D:propertyupdate>"
    )
    assert radicale.client.request("PROPPATCH", "/ana@x.org/home/", content=body).status_code == 207
    radicale.put("home/1.ics", DINNER.format("dinner-1", 1).replace("190000Z", "190000"))
    (dinner,) = [item for item in read(radicale) if isinstance(item, Moment)]
    assert datetime.fromtimestamp(dinner.at, UTC).hour == 18


def test_an_interrupted_reading_goes_on(radicale, monkeypatch):
    monkeypatch.setattr(caldav, "_BATCH", 1)
    monkeypatch.setattr(webdav, "AT_ONCE", 2)
    radicale.make("office")
    for i in range(5):
        radicale.put(f"office/{i}.ics", DINNER.format(i, i + 1))
    whole = read(radicale)
    marks = [(at, item) for at, item in enumerate(whole) if isinstance(item, Mark)]
    assert len(marks) == 4
    for at, mark in marks:
        rest = read(radicale, mark)
        assert sum(item.items for item in rest if isinstance(item, Known)) == len(told(whole[:at]))
        assert told(rest) == told(whole[at:])


def test_a_wrong_password_is_said_so(radicale):
    with pytest.raises(AmityError) as raised:
        list(caldav.read(radicale.address("caldav"), Since(secret=lambda: "wrong")))
    assert raised.value.code is Code.REFUSED
    assert "wrong name or password" in raised.value.message


def test_a_server_that_is_not_there():
    with pytest.raises(AmityError) as raised:
        list(caldav.read(f"caldav://ana@127.0.0.1:{free_port()}/", Since(secret=lambda: "x")))
    assert raised.value.code is Code.NOT_FOUND


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("caldav://ana@cloud.example/", Code.REFUSED),
        ("http://ana@10.0.0.1/dav", Code.REFUSED),
        ("caldavs://ana:secret@cloud.example/", Code.USAGE),
        ("ftp://cloud.example/", Code.USAGE),
        ("caldavs://ana@cloud.example:port/", Code.USAGE),
        ("caldavs:///path", Code.USAGE),
        ("caldavs://ana@cloud.example/", Code.USAGE),
    ],
)
def test_addresses_that_cannot_be_asked(address, code):
    with pytest.raises(AmityError) as raised:
        list(caldav.read(address, Since()))
    assert raised.value.code is code
    assert "secret" not in raised.value.message


def test_addresses_that_can():
    assert webdav.server("caldavs://ana%40x.org@cloud.example:8443/dav/", caldav.KIND) == webdav.Server(
        "https://cloud.example:8443/dav/", "ana@x.org"
    )
    assert webdav.server("caldav://ana@localhost", caldav.KIND).url == "http://localhost/"
    assert webdav.server("http://[::1]:5232/", caldav.KIND).url == "http://[::1]:5232/"


# --- answers as they come from elsewhere


CALENDAR = "<d:resourcetype><d:collection/><c:calendar/></d:resourcetype>"
Handler = Callable[[httpx2.Request], httpx2.Response]


def ask(handler: Handler, state: Mark | None = None, url: str = "https://cloud.example/cal/") -> list[Item]:
    session = webdav.Session(caldav.KIND, webdav.Server(url, "ana"), "secret", httpx2.MockTransport(handler))
    return list(caldav._read(session, Since(state.state if state else {}, until=UNTIL)))


class Plain:
    """A server without sync tokens, which answers no question for several events."""

    def __init__(self) -> None:
        self.events = {"/cal/a.ics": ("1", DINNER.format("a", 1)), "/cal/b.ics": ("1", DINNER.format("b", 2))}
        self.tag = "c1"
        self.asked: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(f"{request.method} {request.url.path}")
        body = request.content.decode()
        if request.method == "GET":
            return httpx2.Response(200, content=self.events[request.url.path][1].encode())
        if request.method == "REPORT":
            return httpx2.Response(501)
        if "resourcetype" in body:
            properties = f"{CALENDAR}<s:getctag>{self.tag}</s:getctag>"
            return httpx2.Response(207, content=multistatus(response("/cal/", properties)))
        listed = [response(href, f"<d:getetag>{tag}</d:getetag>") for href, (tag, _) in self.events.items()]
        return httpx2.Response(207, content=multistatus(response("/cal/", "<d:getetag>x</d:getetag>"), *listed))


def test_a_server_without_sync_tokens():
    plain = Plain()
    first = ask(plain)
    assert told(first) == [("a.ics", "01-02"), ("b.ics", "02-02")]
    plain.asked.clear()
    assert ask(plain, last(first)) == [Known(2), last(first)]
    assert plain.asked == ["PROPFIND /cal/"]
    plain.events["/cal/a.ics"] = ("2", DINNER.format("a", 3))
    plain.tag = "c2"
    assert told(ask(plain, last(first))) == [("a.ics", "03-02")]


def test_an_event_that_cannot_be_had_is_a_trouble_and_asked_for_again():
    plain = Plain()

    def failing(request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(500) if request.method == "GET" and "b.ics" in str(request.url) else plain(request)

    first = ask(failing)
    assert [item for item in first if isinstance(item, Trouble)] == [Trouble("/cal/b.ics", "the server answers 500")]
    assert told(ask(plain, last(first))) == [("b.ics", "02-02")]


def test_what_is_no_calendar_is_a_trouble_at_its_path():
    plain = Plain()
    plain.events["/cal/a.ics"] = ("1", "<html>")
    (trouble,) = [item for item in ask(plain) if isinstance(item, Trouble)]
    assert trouble.place == "/cal/a.ics"


def test_a_list_of_changes_in_two_parts_and_a_token_that_is_forgotten():
    def handler(request: httpx2.Request) -> httpx2.Response:
        body = request.content.decode()
        if "multiget" in body:
            data = [
                response(f"/cal/{name}.ics", f"<c:calendar-data>{DINNER.format(name, 1)}</c:calendar-data>")
                for name in "ab"
                if f"/cal/{name}.ics" in body
            ]
            return httpx2.Response(207, content=multistatus(*data))
        if "<D:sync-token>forgotten<" in body:
            return httpx2.Response(403)
        if "sync-collection" in body:
            second = "<D:sync-token>half<" in body
            href, token = ("/cal/b.ics", "whole") if second else ("/cal/a.ics", "half")
            cut = "<d:response><d:href>/cal/</d:href><d:status>HTTP/1.1 507 x</d:status></d:response>"
            more = "" if second else cut
            return httpx2.Response(
                207,
                content=multistatus(
                    response(href, "<d:getetag>1</d:getetag>"), more, end=f"<d:sync-token>{token}</d:sync-token>"
                ),
            )
        return httpx2.Response(
            207, content=multistatus(response("/cal/", f"{CALENDAR}<d:sync-token>whole</d:sync-token>"))
        )

    old = Mark({"calendars": {"/cal/": {"token": "forgotten", "events": {"/cal/z.ics": ["1", 1, 0]}}}})
    items = ask(handler, old)
    assert told(items) == [("a.ics", "01-02"), ("b.ics", "01-02")]
    assert ask(handler, last(items)) == [Known(2), last(items)]


def test_the_password_goes_to_no_other_server():
    seen = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(str(request.url))
        return httpx2.Response(301, headers={"Location": "https://elsewhere.example/cal/"})

    with pytest.raises(AmityError) as raised:
        ask(handler)
    assert raised.value.code is Code.REFUSED
    assert "elsewhere.example" in raised.value.message
    assert seen == ["https://cloud.example/cal/"]
    session = webdav.Session(caldav.KIND, webdav.Server("https://caldav.icloud.com/", "ana"), "x")
    assert session.may_ask("https://p44-caldav.icloud.com:443/1/calendars/")
    assert not session.may_ask("http://caldav.icloud.com/")
    assert not session.may_ask("https://caldav.icloud.com.evil.example/")


def test_redirects_without_end():
    with pytest.raises(AmityError):
        ask(lambda _: httpx2.Response(302, headers={"Location": "/again/"}))


def test_a_well_known_address_leads_to_the_calendars():
    def handler(request: httpx2.Request) -> httpx2.Response:
        match request.url.path:
            case "/.well-known/caldav":
                return httpx2.Response(301, headers={"Location": "/dav/"})
            case "/dav/":
                properties = "<d:current-user-principal><d:href>/dav/me/</d:href></d:current-user-principal>"
                return httpx2.Response(207, content=multistatus(response("/dav/", properties)))
            case "/dav/me/":
                properties = "<c:calendar-home-set><d:href>/home/</d:href></c:calendar-home-set>"
                return httpx2.Response(207, content=multistatus(response("/dav/me/", properties)))
            case "/home/":
                return httpx2.Response(207, content=multistatus(response("/cal/", CALENDAR), response("/home/", "")))
        return Plain()(request)

    assert len(told(ask(handler, url="https://cloud.example/"))) == 2


def test_a_server_that_wants_digests():
    plain = Plain()

    def handler(request: httpx2.Request) -> httpx2.Response:
        if request.headers.get("Authorization", "").startswith("Digest "):
            return plain(request)
        return httpx2.Response(401, headers={"WWW-Authenticate": 'Digest realm="x", nonce="n", qop="auth"'})

    assert len(told(ask(handler))) == 2


@pytest.mark.parametrize(
    "body",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><d:multistatus xmlns:d="DAV:">&a;</d:multistatus>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><x/>'.encode("utf-16"),
        b"<html/>",
        b"<",
        b"",
    ],
)
def test_answers_that_are_refused(body):
    with pytest.raises(webdav.Refused):
        webdav.parse(body)
    with pytest.raises(AmityError):
        ask(lambda _: httpx2.Response(207, content=body))


def test_an_answer_without_end(monkeypatch):
    monkeypatch.setattr(webdav, "ANSWER_LIMIT", 1000)
    with pytest.raises(AmityError) as raised:
        ask(lambda _: httpx2.Response(207, content=b"x" * 2000))
    assert "larger" in raised.value.message


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: multistatus(response("/cal/", CALENDAR), text)))
def test_no_answer_raises_anything_else(body):
    with contextlib.suppress(AmityError):
        ask(lambda _: httpx2.Response(207, content=body))
