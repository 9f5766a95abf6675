"""What every page can do: find anything, log a line, be walked by keys, and lead back with a word and an undo."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from amity.faces.web.pages import find, more
from amity.faces.web.server import BACK


def hits(page: str) -> list[str]:
    return re.findall(r'<li><a href="[^"]+">([^<]+)</a> <span class="faint">', page)


def test_people_pages_and_actions_are_found_by_a_few_letters(a_house):
    client = a_house.guest()
    assert hits(client.get("/find?q=hofmannst").text)[0] == "Hugo von Hofmannsthal"
    assert hits(client.get("/find?q=portf").text) == ["Portfolio"]
    assert "Read more files" in hits(client.get("/find?q=read").text)
    everything = hits(client.get("/find").text)
    assert {name for _, listed in more.SECTIONS for _, name, _ in listed} <= set(everything)
    assert "Nothing here goes by that" in client.get("/find?q=qqqqq").text
    assert client.get("/find", params={"q": '" OR * <script>'}).status_code == 200


def test_two_letters_look_at_names_and_three_at_what_a_page_is_for(a_house):
    client = a_house.guest()
    assert "Mirror" not in hits(client.get("/find?q=ho").text)
    assert "Mirror" in hits(client.get("/find?q=how").text)


def test_every_page_that_is_listed_is_there(a_house):
    client = a_house.guest()
    for address, name, _ in (*find.pages(), *find.ACTIONS):
        assert client.get(address).status_code == 200, name


def test_a_key_leads_to_one_page_and_the_sheet_is_on_every_page(a_house):
    client = a_house.guest()
    keys = find.keys()
    assert len({address for _, address, _ in keys.places}) == len(keys.places)
    assert "g" in find.PLACES, "goals are at g g"
    sheet = client.get("/keys").text
    for letter, address, name in keys.places:
        assert f'data-go="{letter}"' in sheet
        assert f'<a href="{address}">{name}</a>' in sheet
    for path in ("/", "/people", "/history", "/sources", "/ledger"):
        assert 'data-go="t"' in client.get(path).text, path


def test_a_line_is_logged_from_any_page_and_leads_back_to_it(a_house):
    client = a_house.guest()
    back = a_house.post(client, "/log", sentence="coffee with Hermann Bahr", key="k", back="/people?q=bahr&page=1")
    assert re.fullmatch(r"/people\?q=bahr&page=1&change=\d+&who=p\d+", back)
    page = client.get(back).text
    assert "Meeting with Hermann Bahr (coffee)" in page
    assert "data-undo" in page


def test_a_line_that_is_not_understood_stays_and_still_leads_back(a_house):
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    answer = client.post("/log", data={"csrf": csrf, "sentence": "hm", "key": "k", "back": "/ledger"})
    assert answer.status_code == 422
    assert 'value="hm"' in answer.text
    assert '<input type="hidden" name="back" value="/ledger">' in answer.text


def test_a_form_leads_back_to_every_page_of_ours_and_to_nothing_else(a_house):
    routes = [one.path for one in a_house.client().app.routes if isinstance(one, Route) and "GET" in one.methods]
    for path in routes:
        where = re.sub(r"\{(\w+):\w+\}", lambda found: "p12" if found[1] != "figure" else "answers", path)
        if not where.endswith((".svg", ".csv", ".js")):
            assert BACK.fullmatch(where), path
    for path in (
        "//x.example",
        "/\\x.example",
        "/api/plan/today",
        "/static/amity.css",
        "/session",
        "/undo",
        "/people\n",
    ):
        assert not BACK.fullmatch(path), path


@pytest.mark.parametrize("path", ["/", "/people", "/find?q=ho", "/keys", "/welcome/few", "/welcome/closer"])
def test_the_shell_asks_the_store_no_more_often_for_a_page(a_house, path):
    client = a_house.guest()
    client.get(path)
    a_house.statements.clear()
    client.get(path)
    assert len(a_house.statements) <= 40
