"""Pages of what lies between people: warm paths, introductions and matches, and the map."""

from __future__ import annotations

import re

from amity.app import facts, introductions, people, worlds

MAIN = re.compile(r"<main.*?</main>", re.S)


def main(client, path: str) -> str:
    return MAIN.search(client.get(path).text).group(0)


def test_a_way_is_shown_step_by_step(a_house):
    client = a_house.guest()
    page = client.get("/paths", params={"to": "Theodor Herzl"}).text
    assert "To Theodor Herzl" in page
    assert page.count('class="panel path"') >= 1
    assert "your side only" in page
    trouble = client.get("/paths", params={"to": "Nobody At All"})
    assert trouble.status_code == 200
    assert 'role="alert"' in trouble.text
    assert 'name="to"' in client.get("/paths").text


def test_an_introduction_goes_its_way_on_the_page(a_house):
    client = a_house.guest()
    a_house.post(client, "/introductions", one="Hermann Bahr", other="Felix Salten", why="both write", key="a")
    page = main(client, "/introductions")
    assert "Ask Hermann Bahr whether they would like to meet Felix Salten" in page
    (entry,) = set(re.findall(r'action="/introductions/(e\d+)"', page))
    for number, (step, person) in enumerate(
        (("asked", "Hermann Bahr"), ("yes", "Hermann Bahr"), ("yes", "Felix Salten"))
    ):
        a_house.post(client, f"/introductions/{entry}", step=step, person=person, key=f"k{number}")
    page = main(client, "/introductions")
    assert "both have said yes" in page
    assert "Hermann, meet Felix" in page
    back = a_house.post(client, f"/introductions/{entry}", step="introduced", person="", key="z", back="/introductions")
    assert back.startswith("/introductions?change=")


def test_what_does_not_fit_is_said_on_the_page_and_may_be_meant_all_the_same(a_house):
    client = a_house.guest()
    both = {"one": "Hermann Bahr", "other": "Felix Salten", "why": "both write"}
    a_house.post(client, "/introductions", **both, key="a")
    csrf = next(iter(a_house.keys.sessions.values()))
    refused = client.post("/introductions", data={"csrf": csrf, "key": "b", **both})
    assert refused.status_code == 409
    assert "is under way" in refused.text
    assert "I mean it all the same" in refused.text
    a_house.post(client, "/introductions", **both, again="yes", key="c")
    unknown = client.post("/introductions", data={"csrf": csrf, "key": "d", **both, "one": "Nobody At All"})
    assert unknown.status_code == 404
    assert 'value="Nobody At All"' in unknown.text


def test_a_match_becomes_an_introduction_or_is_refused(a_house):
    desk = a_house.open_desk()
    facts.tell(desk, "Hermann Bahr", "need", "violin lessons")
    facts.tell(desk, "Felix Salten", "offer", "teaches the violin")
    desk.database.close()
    client = a_house.guest()
    assert "could help" in main(client, "/introductions")
    page = main(client, "/matches?who=Hermann+Bahr")
    assert "could help <a" in page
    assert "violin lessons" in page
    assert "could help <a" not in main(client, "/matches?who=Richard+Beer-Hofmann")
    assert "Nobody is known" in client.get("/matches?who=Nobody+At+All").text
    match = re.search(r'name="match" value="(m\w+)"', page).group(1)
    a_house.post(client, "/matches/refuse", match=match, key="a")
    assert match not in main(client, "/introductions")
    assert match not in main(client, "/matches")


def test_the_map_has_a_table_of_the_same_facts(a_house):
    client = a_house.guest()
    page = main(client, "/map")
    desk = a_house.open_desk()
    found = worlds.list_(desk)
    desk.database.close()
    assert len(found.worlds) >= 3
    for world in found.worlds:
        assert world.name.replace("'", "&#39;") in page
    assert "Constraint" in page
    assert "Partly observed" in page
    data = client.get("/api/worlds/map").json()
    assert len(data["id"]) == len(data["x"]) == len(data["world"]) == len(data["tie"])
    assert all(0 <= one < len(data["id"]) for column in ("a", "b") for one in data[column])


def test_an_empty_vault_has_these_pages_too(build_house):
    client = build_house(none_csv="when,channel,from,to,cc,subject,depth,minutes,id\n").guest()
    for path in ("/paths", "/introductions", "/matches", "/map"):
        assert client.get(path).status_code == 200
    assert client.get("/api/worlds/map").json()["id"] == []


def test_the_number_of_questions_does_not_grow_with_what_is_shown(a_house):
    client = a_house.guest()
    client.get("/introductions")
    client.get("/map")

    def questions(path: str) -> int:
        a_house.statements.clear()
        client.get(path)
        return len(a_house.statements)

    few = [questions(path) for path in ("/introductions", "/map")]
    desk = a_house.open_desk()
    some = people.find(desk, limit=12).people
    for one, other in zip(some[::2], some[1::2], strict=True):
        introductions.propose(desk, one.id, other.id, "both write")
    desk.database.close()
    client.get("/introductions")
    client.get("/map")
    many = [questions(path) for path in ("/introductions", "/map")]
    assert all(after <= before + 4 for before, after in zip(few, many, strict=True)), (few, many)


def test_hostile_texts_lie_still_on_these_pages(poisoned):
    house, _, texts = poisoned
    client = house.guest()
    desk = house.open_desk()
    listed = people.find(desk, limit=100).people
    introductions.propose(desk, listed[0].id, listed[1].id, texts[0], for_one=texts[1])
    desk.database.close()
    for path in (
        "/map",
        "/introductions",
        "/matches",
        f"/paths?to={listed[0].id}",
        "/paths?to=%3Cscript%3Ewindow.hurt=1",
    ):
        page = client.get(path).text
        assert "<script>window" not in page
        assert "<img src=x" not in page
        assert "<svg onload" not in page
