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


PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + (40).to_bytes(4) * 2 + bytes(9)


def _attach(house, client, number: str, name: str, content: bytes, **fields: str):
    here = f"/people/{number}"
    csrf = re.search(r'name="csrf" value="([^"]+)"', client.get(here).text).group(1)
    data = {"csrf": csrf, "key": name, "back": here, **fields}
    return client.post(f"{here}/files", data=data, files={"file": (name, content)}, follow_redirects=False)


def test_a_photo_is_shown_and_taken_back(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    said = _attach(a_house, client, number, "bahr.png", PNG, photo="yes")
    assert said.status_code == 303, said.text
    page = client.get(said.headers["location"]).text
    address = re.search(r'<img class="photo" src="([^"]+)"', page).group(1)
    shown = client.get(address)
    assert (shown.headers["content-type"], shown.content) == ("image/png", PNG)
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    change = re.search(r'name="change" value="(\d+)"', page).group(1)
    back = a_house.post(client, "/undo", change=change, key="u1", back=f"/people/{number}")
    assert '<img class="photo"' not in client.get(back).text
    assert client.get(address).status_code == 404


def test_what_is_no_picture_is_never_shown(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    refused = _attach(a_house, client, number, "bahr.png", b"<svg onload='alert(1)'/>", photo="yes")
    assert refused.status_code == 422
    assert "no photo that can be shown" in refused.text


def test_a_file_is_attached_and_only_ever_downloaded(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    evil = b"<script>alert(1)</script>"
    page = client.get(_attach(a_house, client, number, 'Übersicht "1".html', evil).headers["location"]).text
    address = re.search(r'href="([^"]+/files/f\d+)" download', page).group(1)
    got = client.get(address)
    assert (got.content, got.headers["content-type"]) == (evil, "application/octet-stream")
    assert got.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%C3%9Cbersicht")
    assert client.get(address.replace("/files/", "/photos/")).status_code == 404
    assert not list(a_house.folder.glob("uploads-*")), "nothing of the form is left beside the vault"


def test_a_file_from_another_page_or_too_large_is_refused(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    stranger = client.post(f"/people/{number}/files", data={"csrf": "x"}, files={"file": ("a.txt", b"a")})
    assert stranger.status_code == 403
    assert _attach(a_house, client, number, "large.bin", bytes((20 << 20) + 1)).status_code == 409
    assert _attach(a_house, client, number, "huge.bin", bytes(22 << 20)).status_code == 413


def test_a_fact_that_names_a_place_outside_of_the_vaults_files_gives_nothing(a_house):
    client = a_house.guest()
    number = _bahr(a_house)
    desk = a_house.open_desk()
    said = facts.tell(desk, number, "file", "a file", label="../amity.db")
    facts.tell(desk, number, "photo", "a photo", label="../amity.db")
    desk.database.close()
    assert '<img class="photo"' not in client.get(f"/people/{number}").text
    assert client.get(f"/people/{number}/files/{said.id}").status_code == 404
