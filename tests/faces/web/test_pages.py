"""What the pages show, what their forms do, and what they cost."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from amity.app import people, plan, ties
from amity.faces.web.guard import Keys

HEADER = "when,channel,from,to,cc,subject,depth,minutes,id\n"
OWNER = "Arthur Schnitzler <arthur.schnitzler@letters.example>"
BIG = "Big Friend <big@y.example>"


def test_today_shows_who_why_and_what_to_say(a_house):
    page = a_house.guest().get("/").text
    desk = a_house.open_desk()
    made = plan.today(desk)
    assert 3 <= len(made.suggestions) <= 5
    assert "Tuesday, 1 October 1895" in page
    for line in made.suggestions:
        assert f'href="/people/{line.person.id}"' in page
        assert line.person.name in page
        assert page.count("Why this?") == len(made.suggestions)
    assert "Müller" in page, "the demo names its sources"
    desk.database.close()


def test_done_leads_back_with_a_word_and_undo_brings_it_back(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    first = plan.today(desk).suggestions[0]
    desk.database.close()
    back = a_house.post(client, "/today/answer", suggestion=first.id, verdict="done", key="k1")
    page = client.get(back).text
    assert f"Done: {first.person.name}" in page
    assert f'value="{first.id}"' not in page
    number = re.search(r"change=(\d+)", back).group(1)
    back = a_house.post(client, "/undo", change=number, key="k2")
    page = client.get(back).text
    assert f"Took back: Done: {first.person.name}" in page
    assert f'value="{first.id}"' in page
    number = re.search(r"change=(\d+)", back).group(1)
    back = a_house.post(client, "/redo", change=number, key="k3", back="/history")
    assert back.startswith("/history?")
    assert f"Brought back: Done: {first.person.name}" in client.get(back).text


def test_a_form_sent_twice_is_done_once(a_house):
    client = a_house.guest()
    for _ in range(2):
        a_house.post(client, "/log", sentence="coffee with Hermann Bahr yesterday", key="once")
    assert client.get("/history").text.count("Hermann Bahr (coffee)") == 2, "in the line and the name of its button"


def test_undo_never_takes_back_something_newer(a_house):
    client = a_house.guest()
    a_house.post(client, "/log", sentence="coffee with Hermann Bahr yesterday", key="a")
    number = re.search(r'name="change" value="(\d+)"', client.get("/history").text).group(1)
    a_house.post(client, "/log", sentence="called Felix Salten today", key="b")
    csrf = next(iter(a_house.keys.sessions.values()))
    refused = client.post("/undo", data={"csrf": csrf, "change": number, "key": "c"})
    assert refused.status_code == 409
    assert "newer" in refused.text
    history = client.get("/history").text
    assert "taken back" not in history
    assert "Felix Salten" in history


def test_a_sentence_that_is_not_understood_stays_in_the_field(a_house):
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    for sentence in ("", "coffee with Marie yesterday", "hm"):
        answer = client.post("/log", data={"csrf": csrf, "sentence": sentence, "key": "k"})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert f'value="{sentence}"' in answer.text


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "/people/x", "\\\\evil", "/api/x"])
def test_a_form_leads_back_only_to_pages(a_house, back):
    client = a_house.guest()
    location = a_house.post(client, "/log", sentence="coffee with Hermann Bahr", key="k", back=back)
    assert location.startswith("/?change=")


def test_people_are_found_and_paged(a_house):
    client = a_house.guest()
    page = client.get("/people").text
    assert page.count('<div class="who">') == 50
    assert "1,4" in page
    assert "Page 1 of" in page
    assert client.get("/people?page=2").text.count('<div class="who">') == 50
    assert client.get("/people?page=99999999").status_code == 200
    assert client.get("/people?page=-1").status_code == 200
    found = client.get("/people", params={"q": "hofmannst"}).text
    assert "Hugo von Hofmannsthal" in found
    assert "Nobody here goes by that" in client.get("/people", params={"q": "qqqq"}).text
    assert client.get("/people", params={"q": '" OR *'}).status_code == 200


def test_a_person_is_shown_whole(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    who = next(line for line in ties.list_(desk, 20) if line.name == "Hugo von Hofmannsthal")
    desk.database.close()
    page = client.get(f"/people/{who.id}").text
    assert 'href="mailto:hugo.von.hofmannsthal@letters.example"' in page
    assert "1 February 1874" in page
    assert "critical few" in page
    for reason in who.because:
        assert reason.reason in page
    assert f"You wrote {who.sent} times" in page
    assert f"You met {who.met} times" in page
    assert "1896" not in re.sub(r"<footer.*", "", page, flags=re.S), "what is to come is not seen"


def test_all_contacts_are_there_a_page_at_a_time(a_house):
    client = a_house.guest()
    desk = a_house.open_desk()
    who = people.show(desk, "Hugo von Hofmannsthal")
    desk.database.close()
    assert f'href="/people/{who.id}/contacts"' in client.get(f"/people/{who.id}").text
    seen = []
    for number in range(1, -(-who.contacts // 100) + 1):
        seen += re.findall(r"<time datetime=\"([0-9-]+)\"", client.get(f"/people/{who.id}/contacts?page={number}").text)
    assert len(seen) == who.contacts
    assert seen == sorted(seen, reverse=True)
    assert client.get("/people/p999999/contacts").status_code == 404


@pytest.mark.parametrize("path", ["/people/p999999", "/people/x", "/people/p1/no", "/nowhere", "/people/%00"])
def test_what_is_not_there_is_said_kindly(a_house, path):
    answer = a_house.guest().get(path)
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


def test_a_fault_is_told_without_its_insides(a_house, monkeypatch, caplog):
    client = a_house.guest()

    def broken(*_: object) -> None:
        raise RuntimeError("secret insides")

    monkeypatch.setattr(plan, "today", broken)
    answer = client.get("/")
    assert answer.status_code == 500
    assert "secret insides" not in answer.text
    assert "Something went wrong here" in answer.text
    assert "secret insides" in caplog.text


def test_a_machine_becomes_a_person_when_the_owner_says_so(build_house):
    rows = "".join(
        f"1895-0{month}-1{day},mail,Shop <no-reply@shop.example>,{OWNER},,Offer {month}{day},,,\n"
        for month in range(1, 9)
        for day in range(5)
    )
    house = build_house(mail_csv=HEADER + rows + f"1895-01-01,mail,{OWNER},Ana <ana@x.example>,,Hi,,,\n")
    client = house.guest()
    page = client.get("/machines").text
    assert "no-reply@shop.example" in page
    who = re.search(r'href="/people/(p\d+)"', page).group(1)
    back = house.post(client, f"/people/{who}/machine", **{"is": "person", "key": "k", "back": "/machines"})
    assert "is a person" in client.get(back).text
    assert "everybody here looks like a person" in client.get("/machines").text


def test_an_empty_vault_says_how_to_begin(build_house):
    house = build_house(none_csv=HEADER)
    page = house.guest().get("/").text
    assert "Nobody is here yet" in page
    assert "amity import" in page


def test_a_young_archive_is_not_judged(build_house):
    house = build_house(few_csv=HEADER + f"1895-09-20,mail,{OWNER},Ana <ana@x.example>,,Hi,,,\n")
    assert "too early to say" in house.guest().get("/").text


class _Seen(HTMLParser):
    """Collect what a browser would act on."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            source = name in ("src", "href", "action", "formaction")
            if name.startswith("on") or name == "style":
                self.wrong.append(f"<{tag} {name}>")
            if source and (value or "").lower().startswith(("javascript:", "data:")):
                self.wrong.append(f"<{tag} {name}={value}>")
            if tag in ("script", "img", "iframe", "object") and not (value or "").startswith("/static/") and source:
                self.wrong.append(f"<{tag} {name}={value}>")
        if tag == "style" or (tag == "script" and not dict(attrs).get("src")):
            self.wrong.append(f"<{tag}>")


@pytest.mark.parametrize("language", ["en", "de"])
def test_nothing_that_comes_from_outside_runs(poisoned, language):
    house, paths, words = poisoned
    client = house.guest()
    client.headers["accept-language"] = language
    csrf = next(iter(house.keys.sessions.values()))
    assert len(paths) > 10
    pages = [client.get(path) for path in paths]
    pages.append(client.post("/log", data={"csrf": csrf, "sentence": words[1], "key": "k"}))
    for answer in pages:
        assert answer.status_code in (200, 303, 422), answer.text
        assert not _Seen(answer.text).wrong
        assert "qqqqqqq" not in answer.text, "no text is taken for a template"
    whole = "".join(answer.text for answer in pages)
    assert "&lt;script&gt;window.hurt=1" in whole


def cost(house, client, path):
    client.get(path)
    house.statements.clear()
    began = time.process_time()
    answer = client.get(path)
    spent = time.process_time() - began
    assert answer.status_code == 200
    return len(house.statements), spent


def test_ten_thousand_people_and_contacts_cost_no_more_statements_than_a_few(build_house, demo):
    rows = [
        f"189{i % 5}-0{i % 9 + 1}-1{i % 9},mail,{OWNER},N{i} Person <n{i}@y.example>,,S{i},,,\n" for i in range(10_000)
    ]
    pairs = ((OWNER, BIG), (BIG, OWNER))
    rows += [
        f"18{85 + i % 10}-{i % 12 + 1:02}-{i % 28 + 1:02}T{i % 24:02}:{i % 60:02}:{i % 59:02},mail,"
        f"{pairs[i % 2][0]},{pairs[i % 2][1]},,B{i},,,\n"
        for i in range(10_000)
    ]
    large = build_house(large_csv=HEADER + "".join(rows))
    small = type(large)(demo, Keys("another"))
    desk = large.open_desk()
    big = people.find(desk, "Big Friend").people[0].id
    assert people.find(desk).total == 10_001
    assert people.show(desk, big).contacts > 9_000
    little = people.find(desk, "N77 Person").people[0].id
    desk.database.close()
    desk = small.open_desk()
    friend = people.find(desk, "Hofmannsthal").people[0].id
    desk.database.close()
    one, other = large.guest(), small.guest()
    for path, likewise in (
        ("/", "/"),
        ("/people", "/people"),
        ("/history", "/history"),
        (f"/people/{big}", f"/people/{friend}"),
    ):
        statements, spent = cost(large, one, path)
        assert statements <= cost(small, other, likewise)[0] + 2, path
        assert statements <= 40
        assert spent < 0.5, path
    assert cost(large, one, "/people")[0] == cost(large, one, "/people?page=201")[0]
    assert cost(large, one, f"/people/{big}/contacts?page=50")[1] < 0.5
    assert cost(large, one, f"/people/{big}")[0] == cost(large, one, f"/people/{little}")[0]
