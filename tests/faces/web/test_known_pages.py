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


def test_a_fact_is_corrected_on_the_page_and_the_correction_taken_back(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    here = f"/people/{number}"
    back = a_house.post(
        client, f"{here}/facts", field="offer", value="a stage", source="his letter", key="o1", back=here
    )
    page = client.get(back).text
    assert "his letter" in page
    fact = re.search(rf'action="{here}/facts/(f\d+)"', page).group(1)
    back = a_house.post(client, f"{here}/facts/{fact}", mark="value", value="a theatre", key="o2", back=here)
    page = client.get(back).text
    assert '<span class="note">a theatre</span>' in page
    change = re.search(r'name="change" value="(\d+)"', page).group(1)
    back = a_house.post(client, "/undo", change=change, key="o3", back=here)
    page = client.get(back).text
    assert '<span class="note">a stage</span>' in page
    assert "a theatre" not in page.replace("corrected", "")


NOTE = """# Plans

- a *play*
- **two** books

| what | when |
|---|---|
| tea | May |

<script>window.hurt=1</script> [out](https://a.example) [bad](javascript:window.hurt=1) ![seen](https://spy.example/1.png)
"""


def test_a_note_is_rendered_as_markdown_and_html_in_it_is_never_run(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    back = a_house.post(client, f"/people/{number}/facts", field="note", value=NOTE, key="n1", back=f"/people/{number}")
    page = client.get(back).text
    for wanted in (
        "<h3>Plans</h3>",
        "<em>play</em>",
        "<strong>two</strong>",
        "<td>tea</td>",
        '<a href="https://a.example" rel="noreferrer noopener">out</a>',
        "&lt;script&gt;window.hurt=1&lt;/script&gt;",
    ):
        assert wanted in page
    for never in ("<script>window", 'href="javascript:', "<img"):
        assert never not in page


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
