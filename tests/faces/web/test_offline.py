"""What a browser may keep for when Amity does not run: little, only when asked, and never of an encrypted vault."""

from __future__ import annotations

import time

import pytest

from amity.app import people
from amity.faces.web.pages import settings as settings_page


def test_only_pages_without_private_words_may_be_copied(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    who = people.find(desk, "Hofmannsthal").people[0].id
    desk.database.close()
    for path in ("/", "/people", f"/people/{who}/brief"):
        assert client.get(path).headers["amity-copy"] == "may", path
    for path in (
        f"/people/{who}",
        f"/people/{who}/brief?private=yes",
        "/history",
        "/ledger",
        "/people?q=a",
        "/settings",
    ):
        assert client.get(path).headers["amity-copy"] == "no", path
    assert "amity-copy" not in client.get("/nowhere").headers
    assert client.get("/").headers["cache-control"] == "no-store", "the browser itself keeps nothing"


def test_of_an_encrypted_vault_nothing_is_copied_and_what_was_is_taken_away(a_house, monkeypatch):
    monkeypatch.setattr(settings_page, "is_encrypted", lambda _file: True)
    client = a_house.guest()
    for path in ("/", "/people", "/history"):
        assert client.get(path).headers["amity-copy"] == "none", path
    assert "no page, since this vault is encrypted" in client.get("/settings").text


def test_a_life_that_is_looked_around_in_is_not_copied(build_house):
    house = build_house(none_csv="when,channel,from,to,cc,subject,depth,minutes,id\n")
    client = house.guest()
    house.post(client, "/tour")
    while client.get("/tour").status_code == 200:
        time.sleep(0.05)
    assert client.get("/").headers["amity-copy"] == "none"


def test_a_stranger_gets_neither_copy_nor_worker(a_house):
    client = a_house.client()
    assert "amity-copy" not in client.get("/").headers
    assert client.get("/worker.js").status_code == 401
    assert client.get("/offline").status_code == 401


def test_the_app_can_be_installed(a_house):
    client = a_house.guest()
    worker = client.get("/worker.js")
    assert worker.headers["content-type"].startswith("text/javascript")
    manifest = client.get("/static/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    for icon in manifest.json()["icons"]:
        assert client.get(icon["src"]).status_code == 200
        if icon["type"] == "image/png":
            size = int.from_bytes(client.get(icon["src"]).content[16:20], "big")
            assert icon["sizes"] == f"{size}x{size}"
    assert "worker-src 'self'" in worker.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("day", "on"),
    [
        ("1895-09-20", "19 September 1895"),
        ("1895-10-01", "30 September 1895"),
        ("1999-01-01", "30 September 1895"),
        ("1700-01-01", "30 September 1895"),
        ("soon", "30 September 1895"),
    ],
)
def test_a_line_that_waited_is_kept_as_of_its_day_and_once(a_house, day, on):
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    line = {"csrf": csrf, "sentence": "coffee with Hermann Bahr yesterday", "day": day, "key": "k"}
    for _ in range(2):
        assert client.post("/log/later", data=line).status_code == 204
    history = client.get("/history").text
    assert history.count(f"Meeting with Hermann Bahr (coffee), on {on}") == 2, "in the line and the name of its button"


def test_a_line_that_waited_and_is_not_understood_is_told(a_house):
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    answer = client.post("/log/later", data={"csrf": csrf, "sentence": "hm", "day": "1895-10-01", "key": "k"})
    assert answer.status_code == 422
    assert client.post("/log/later", data={"sentence": "coffee with Hermann Bahr"}).status_code == 403


def test_nothing_of_a_life_is_on_the_page_for_when_it_does_not_run(a_house):
    client = a_house.guest()
    page = client.get("/offline").text
    assert "Amity is not running" in page
    assert "Hofmannsthal" not in page
