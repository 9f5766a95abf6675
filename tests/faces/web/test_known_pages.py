"""What is known of a person in the browser, and the brief."""

from __future__ import annotations

import re

from amity.app import facts, people


def _bahr(house) -> str:
    desk = house.open_desk()
    number = people.find(desk, "Hermann Bahr").people[0].id
    desk.database.close()
    return number


def test_a_fact_is_noted_kept_private_and_taken_out(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    back = a_house.post(
        client,
        f"/people/{number}/facts",
        field="need",
        value="a stage for <his> play",
        key="f1",
        back=f"/people/{number}",
    )
    page = client.get(back).text
    assert "a stage for &lt;his&gt; play" in page
    assert "You said so" in page
    desk = a_house.open_desk()
    (one,) = [line for line in facts.list_(desk, number) if line.field == "need"]
    desk.database.close()
    path = f"/people/{number}/facts/{one.id}"
    back = a_house.post(client, path, mark="private", key="f2", back=f"/people/{number}")
    assert "No longer private" in client.get(back).text
    assert "stage" not in client.get(f"/people/{number}/brief").text
    assert "stage" in client.get(f"/people/{number}/brief?private=yes").text
    back = a_house.post(client, path, mark="gone", key="f3", back=f"/people/{number}")
    assert "a stage for" not in client.get(f"/people/{number}").text


def test_a_brief_for_hermann_bahr(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    assert f'href="/people/{number}/brief"' in client.get(f"/people/{number}").text
    page = client.get(f"/people/{number}/brief").text
    for heading in ("Who they are", "How it stands", "What passed last", "What you could give", "What to ask"):
        assert heading in page
    asked = re.search(r"What to ask</h2>\s*<ol>(.*?)</ol>", page, re.DOTALL).group(1)
    assert asked.count("<li>") == 3


def test_a_form_of_another_page_is_refused(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    answer = client.post(f"/people/{number}/facts", data={"csrf": "wrong", "field": "need", "value": "x"})
    assert answer.status_code == 403
