"""Circles in the browser without a script: every drag has its button."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

from amity.app import circles, closeness, ties
from amity.faces.web.pages import circles as page_of_circles


def _shown(house):
    desk = house.open_desk()
    shown = circles.show(desk)
    desk.database.close()
    return shown


def test_the_few_stand_with_reasons_room_and_a_stream(a_house):
    shown = _shown(a_house)
    page = a_house.guest().get("/circles").text
    for one in (*shown.few, *shown.edge):
        assert f'href="/people/{one.person.id}"' in page
        assert one.why in page
    assert shown.room.words in page
    assert "barely be foretold" in page
    assert "A stream of closeness" in page
    assert "The same as a table" in page


def test_somebody_is_pinned_refused_and_let_go_by_button(a_house):
    client = a_house.guest()
    who = _shown(a_house).edge[0].person
    back = a_house.post(client, "/circles", person=who.id, pin="critical", key="c1", back="/circles")
    assert back.startswith("/circles?change=")
    assert f"{who.name}: pin critical" in client.get(back).text
    assert who.id in {one.person.id for one in _shown(a_house).few}
    a_house.post(client, "/circles", person=who.id, pin="not_critical", key="c2", back="/circles")
    assert [one.person.id for one in _shown(a_house).refused] == [who.id]
    a_house.post(client, "/circles", person=who.id, pin="none", key="c3", back="/circles")
    assert not _shown(a_house).refused


def test_who_would_have_to_leave_is_answered_on_the_page(a_house):
    client = a_house.guest()
    outside = _shown(a_house).edge[0].person.name
    assert "Your time carries" in client.get("/circles", params={"if": outside}).text
    assert "is among the critical few already" in client.get("/circles", params={"if": "Beer-Hofmann"}).text
    page = client.get("/circles", params={"if": "<Nobody>"}).text
    assert "Nobody is known as" in page
    assert "<Nobody>" not in page


def test_faces_go_into_rings_and_taps_are_counted(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    first = page_of_circles.context(desk)
    desk.database.close()
    assert (len(first.faces), first.pairs) == (15, 10)
    for number, ring in enumerate(("inner", "middle", "outer")):
        person = first.faces[number].id
        a_house.post(client, "/circles", person=person, ring=ring, key=f"r{number}", back="/circles")
    pair = first.pair
    answered = {"one": pair.one.id, "other": pair.other.id, "nearer": pair.other.id}
    a_house.post(client, "/circles/nearer", **answered, key="n", back="/circles")
    desk = a_house.open_desk()
    then = page_of_circles.context(desk)
    history = closeness.words_on_ties(desk.database).nearer
    desk.database.close()
    assert [len(then.rings[ring]) for ring in ("inner", "middle", "outer")] == [1, 1, 1]
    assert history == ((int(pair.other.id[1:]), int(pair.one.id[1:])),)
    page = client.get("/circles").text
    assert "1 answer so far" in page
    assert "Of the 3 people you placed" in page


def test_a_blind_spot_is_asked_once_on_a_person_s_page(a_house):
    client = a_house.guest()
    who = _shown(a_house).few[0].person.id
    asking = "It asks once, and your answer stands"
    assert asking in client.get(f"/people/{who}").text
    a_house.post(client, f"/people/{who}/tie", about="unseen", key="u", back=f"/people/{who}")
    page = client.get(f"/people/{who}").text
    assert asking not in page
    assert "nothing else" in page


def test_the_owner_s_word_is_said_whole_and_only_what_changes_is_noted(a_house):
    client = a_house.guest()
    who = _shown(a_house).few[0].person
    form = {"ring": "none", "pin": "critical", "state": "none", "loyal": "yes", "roles": "friend"}
    back = a_house.post(client, f"/people/{who.id}/tie", **form, key="w", back=f"/people/{who.id}")
    page = client.get(back).text
    toast = re.search(rf"{who.name}: ([a-z ,]+)", page).group(1)
    assert set(toast.split(", ")) == {"pin critical", "loyal yes", "roles friend"}
    assert 'value="friend" checked' in page
    assert '<option value="critical" selected>' in page
    circle = client.get("/circles").text
    assert '<span class="chip">friend</span>' in circle
    assert '<span class="chip">loyal</span>' in circle


def test_a_tie_is_drawn_with_its_marks_and_saved(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    who = next(line for line in ties.list_(desk, 20) if line.name == "Hugo von Hofmannsthal")
    desk.database.close()
    page = client.get(f"/people/{who.id}").text
    assert "The tie through the years" in page
    assert f"you wrote {who.sent} times (above, filled)" in page
    saved = client.get(f"/people/{who.id}/tie.svg")
    assert saved.headers["content-type"].startswith("image/svg+xml")
    drawn = ET.fromstring(saved.text)
    space = "{http://www.w3.org/2000/svg}"
    marks = [one.get("class") for one in drawn.iter() if (one.get("class") or "").startswith("mark")]
    assert {"mark sent", "mark received", "mark met"} == set(marks)
    assert drawn.find(f"{space}polyline") is not None
    assert all(one.find(f"{space}title") is not None for one in drawn.iter() if one.get("class") in set(marks))
    told = client.get(f"/people/{who.id}/tie.csv").text.splitlines()
    assert told[0].startswith("year,strength at its end,")
    sent = told[0].split(",").index("mail: you wrote")
    assert sum(int(line.split(",")[sent]) for line in told[1:]) == who.sent


def test_circles_are_reached_from_people_and_from_more(a_house):
    client = a_house.guest()
    for path in ("/people", "/more"):
        assert 'href="/circles"' in client.get(path).text
