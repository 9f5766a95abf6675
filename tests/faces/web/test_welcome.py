"""The first five minutes: from an empty vault to the people who matter, or a look around in another's life first."""

from __future__ import annotations

import re
import time

import pytest

from amity.app import closeness, people, ties
from amity.demo import life
from amity.errors import AmityError
from amity.faces.web.pages.sources import address
from tests.sources.servers import Radicale

BO = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:bo\r\nFN:Bo Ek\r\nN:Ek;Bo;;;\r\nEMAIL:bo@x.org\r\nEND:VCARD\r\n"
DINNER = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:18950901T000000Z\r\n"
    "DTSTART:18950902T190000Z\r\nSUMMARY:Dinner\r\nORGANIZER:mailto:bo@x.org\r\nATTENDEE:mailto:ana@x.org\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
HEADER = "when,channel,from,to,cc,subject,depth,minutes,id\n"


def outcome(client, path="/sources/import"):
    """Wait for an import to end and return the answer that tells of it."""
    for _ in range(600):
        answer = client.get(path)
        if "data-running" not in answer.text:
            return answer
        time.sleep(0.05)
    raise AssertionError("the import does not end")


def test_an_empty_vault_asks_what_there_is(build_house):
    page = build_house(none_csv=HEADER).guest().get("/").text
    assert "What do you have?" in page
    assert 'type="file"' in page
    assert "Mail (IMAP)" in page
    assert "Calendar (CalDAV)" in page
    assert "Address book (CardDAV)" in page
    assert f"letters, the diary and the address book of {life.OWNER_NAME}" in page


def test_a_visitor_looks_around_in_a_real_life_and_comes_back_to_an_empty_vault(build_house):
    house = build_house(none_csv=HEADER)
    client = house.guest()
    assert house.post(client, "/tour") == "/tour"
    assert outcome(client, "/tour").headers["location"] == "/"
    page = client.get("/").text
    assert "Tuesday, 1 October 1895" in page
    assert f"You are looking around in the life of {life.OWNER_NAME}" in page
    assert life.ATTRIBUTION[0] in page
    house.post(client, "/log", sentence="coffee with Hermann Bahr yesterday", key="k")
    csrf = next(iter(house.keys.sessions.values()))
    sent = client.post("/sources/import", data={"csrf": csrf}, files=[("files", ("a.csv", HEADER))])
    assert sent.status_code == 409, "one's own papers do not go into another's life"
    assert house.post(client, "/tour/leave") == "/"
    assert "What do you have?" in client.get("/").text
    assert "Hermann Bahr" not in client.get("/history").text
    desk = house.open_desk()
    assert people.find(desk).total == 0
    desk.database.close()


def test_who_seems_to_be_the_owner_is_shown_and_put_right(a_house):
    client = a_house.guest()
    page = client.get("/welcome/you").text
    assert "These seem to be you" in page
    assert life.OWNER_ADDRESS in page
    back = a_house.post(client, "/welcome/you", add="a.schnitzler@wien.example", back="/welcome/you", key="a")
    assert "a.schnitzler@wien.example is you" in client.get(back).text
    back = a_house.post(client, "/welcome/you", remove="a.schnitzler@wien.example", back="/welcome/you", key="b")
    assert "a.schnitzler@wien.example is not you" in client.get(back).text
    csrf = next(iter(a_house.keys.sessions.values()))
    answer = client.post("/welcome/you", data={"csrf": csrf, "add": " ", "key": "c"})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_critical_few_are_agreed_with_one_by_one(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    wanted = [line for line in ties.list_(desk, 30) if line.segment == "critical"]
    desk.database.close()
    page = client.get("/welcome/few").text
    for line in wanted:
        assert f"Right: {line.name}" in page
    first, second = wanted[0], wanted[1]
    back = a_house.post(client, "/welcome/few", person=first.id, pin="critical", back="/welcome/few", key="a")
    assert f"Not so sure: {first.name}" in client.get(back).text
    a_house.post(client, "/welcome/few", person=second.id, pin="not_critical", back="/welcome/few", key="b")
    assert f'href="/people/{second.id}"' not in client.get("/welcome/few").text
    a_house.post(client, "/welcome/few", person="Hermann Bahr", pin="critical", back="/welcome/few", key="c")
    desk = a_house.open_desk()
    pins = {line.name: line.said.pin for line in ties.list_(desk) if line.said.pin}
    desk.database.close()
    assert pins == {first.name: "critical", second.name: "not_critical", "Hermann Bahr": "critical"}
    csrf = next(iter(a_house.keys.sessions.values()))
    answer = client.post("/welcome/few", data={"csrf": csrf, "person": "Nobody Atall", "pin": "critical", "key": "d"})
    assert answer.status_code == 422
    assert 'value="Nobody Atall"' in answer.text


def test_ten_taps_teach_who_is_closer(a_house):
    client = a_house.guest()
    where, answered = "/welcome/closer", 0
    for tap in range(1, closeness.TAPS + 1):
        page = client.get(where).text
        assert f"{tap} of {closeness.TAPS}" in page
        fields = {name: re.search(f'name="{name}" value="([^"]+)"', page).group(1) for name in ("nearer", "farther")}
        if tap == 3:
            fields = {}
        past = re.search(r'name="past" value="(\d+)"', page).group(1)
        where = a_house.post(client, "/welcome/closer", tap=str(tap), past=past, key=f"t{tap}", **fields)
        answered += bool(fields)
    assert "Thank you" in client.get(where).text
    desk = a_house.open_desk()
    assert closeness.agreement(desk).comparisons == answered
    desk.database.close()


def test_a_server_that_does_not_answer_is_told_and_its_password_kept_nowhere(build_house):
    house = build_house(none_csv=HEADER)
    client = house.guest()
    form = {"kind": "imap", "user": "ana@example.org", "server": "127.0.0.1:9", "secret": "open-sesame", "key": "k"}
    assert house.post(client, "/sources/connect", **form) == "/sources/import"
    page = outcome(client).text
    assert "That could not be read" in page
    assert "open-sesame" not in page
    assert all(b"open-sesame" not in file.read_bytes() for file in house.folder.rglob("*") if file.is_file())


def test_calendars_and_contacts_of_a_server_are_read_from_the_page(build_house, tmp_path):
    pytest.importorskip("radicale")
    house = build_house(none_csv=HEADER)
    client = house.guest()
    running = Radicale(tmp_path)
    try:
        running.make_book("friends")
        running.put("friends/bo.vcf", BO, "text/vcard")
        running.make("home")
        running.put("home/dinner.ics", DINNER)
        for kind in ("carddavs", "caldavs"):
            server = f"http://127.0.0.1:{running.port}/"
            form = {"kind": kind, "user": "ana@x.org", "server": server, "secret": "secret", "key": kind}
            assert house.post(client, "/sources/connect", **form) == "/sources/import"
            assert "1 new" in outcome(client).text
        read = client.get("/sources").text
        assert f"carddav://ana%40x.org@127.0.0.1:{running.port}/" in read
        shown = client.get("/people?q=Bo").text
        assert shown.count("Bo Ek</a>") == 1, "one person, of whom card and calendar tell"
    finally:
        running.stop()


def test_addresses_of_servers_are_put_together_as_a_terminal_takes_them():
    assert address("imaps", "ana@x.org", "mail.x.org") == "imaps://ana%40x.org@mail.x.org"
    assert address("caldavs", "ana", " https://cloud.x.org/dav/ ") == "caldavs://ana@cloud.x.org/dav/"
    assert address("imap", "", "localhost:1143") == "imap://localhost:1143"
    assert address("carddavs", "ana", "http://localhost:5232/") == "carddav://ana@localhost:5232/"
    for kind, server in (("file", "x"), ("imaps", ""), ("imaps", "a b"), ("imaps", " ")):
        with pytest.raises(AmityError):
            address(kind, "ana", server)
