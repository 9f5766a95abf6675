"""People as a list: narrowed, told of many at once, filters kept; and every setting on a page."""

from __future__ import annotations

import re

from amity.app import facts, people, settings
from amity.faces.web.pages import people as people_page
from amity.settings import TABLE


def test_a_note_finds_its_person(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    facts.tell(desk, "Hermann Bahr", "note", "Lent him the skates")
    desk.database.close()
    page = client.get("/people?q=skates").text
    assert "1 person for “skates”" in page
    assert "Hermann Bahr" in page


def test_the_list_is_narrowed_and_the_filter_kept_and_let_go(a_house):
    client = a_house.guest()
    page = client.get("/people?segment=critical&q=schau").text
    assert page.count('<div class="who">') == 2
    assert "Keep this filter as" in page
    back = a_house.post(
        client, "/people/filters", name="Stage", q="schau", segment="critical", back="/people?q=schau", key="a"
    )
    assert back.startswith("/people?q=schau&change=")
    page = client.get(back).text
    assert "Kept the filter Stage" in page
    assert '<a href="/people?q=schau&amp;segment=critical">Stage</a>' in page
    a_house.post(client, "/people/filters", drop="Stage", key="b")
    assert ">Stage</a>" not in client.get("/people").text
    whole = client.get("/people").text
    for nonsense in ("segment=royal", "role=%3Cscript%3E", "pin=x", "momentum="):
        assert client.get(f"/people?{nonsense}").text.count('class="who"') == whole.count('class="who"')


def test_one_thing_is_said_of_all_who_are_selected(a_house):
    client = a_house.guest()
    ids = re.findall(r'name="person" value="(p\d+)"', client.get("/people").text)[:3]
    csrf = next(iter(a_house.keys.sessions.values()))
    sent = {"csrf": csrf, "key": "k", "said": "role mentor", "person": ids, "back": "/people?q=a"}
    answer = client.post("/people/selected", data=sent)
    assert answer.status_code == 303
    page = client.get(answer.headers["location"]).text
    assert "3 people: mentor" in page
    assert "data-undo" in page
    desk = a_house.open_desk()
    assert sorted(one.id for one in people.find(desk, role="mentor").people) == sorted(ids)
    desk.database.close()
    number = re.search(r'name="change" value="(\d+)"', page).group(1)
    a_house.post(client, "/undo", change=number, key="u")
    desk = a_house.open_desk()
    assert people.find(desk, role="mentor").total == 0
    desk.database.close()
    assert client.post("/people/selected", data={**sent, "said": "role king"}).status_code == 422
    assert client.post("/people/selected", data={**sent, "person": [], "key": "z"}).status_code == 422


def test_everything_that_can_be_said_of_many_is_understood(a_house):
    client = a_house.guest()
    who = re.search(r'name="person" value="(p\d+)"', client.get("/people").text).group(1)
    for place, said in enumerate(people_page.SAID):
        back = a_house.post(client, "/people/selected", said=said, person=who, key=f"k{place}")
        assert client.get(back).status_code == 200


def test_a_setting_is_said_on_its_page_and_undone(a_house):
    client = a_house.guest()
    page = client.get("/settings").text
    for one in TABLE:
        assert f"<code>{one.name}</code>" in page
        assert one.meaning[1:].replace("'", "&#39;") in page
    back = a_house.post(client, "/settings", name="minutes", value="45", back="/settings", key="a")
    assert "Set minutes to 45" in client.get(back).text
    assert "of your 45 minutes" in client.get("/").text
    a_house.post(client, "/settings", name="minutes", reset="yes", key="b")
    assert "of your 30 minutes" in client.get("/").text
    csrf = next(iter(a_house.keys.sessions.values()))
    answer = client.post("/settings", data={"csrf": csrf, "name": "minutes", "value": "lots", "key": "c"})
    assert answer.status_code == 422
    assert 'value="lots"' in answer.text
    assert "minutes must be a whole number" in answer.text
    desk = a_house.open_desk()
    assert not any(line.said for line in settings.list_(desk))
    desk.database.close()
