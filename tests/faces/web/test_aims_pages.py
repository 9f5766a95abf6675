"""Pages of goals and encounters: forms that lead on, and what they show."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def guest(a_house):
    return a_house.guest()


def text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_a_goal_is_set_and_shows_who_would_answer(a_house, guest):
    place = a_house.post(
        guest, "/goals", name="Liebelei", on="1895-10-09", why="a first night", needs="critics", key="g"
    )
    assert re.match(r"/goals/g\d+\?change=\d+", place)
    goal = place.partition("?")[0]
    a_house.post(guest, f"{goal}/targets", people="Hermann Bahr\nNobody Known", key="t")
    shown = text(guest.get(goal).text)
    assert "Would answer today Hermann Bahr" in shown
    assert "Missing Nobody Known" in shown
    assert "Too late to build for this" in shown  # a week before
    assert "The whisper list" in shown
    a_house.post(guest, f"{goal}/target", person="Nobody Known", stage="gone", key="s")
    assert "Nobody Known" not in guest.get(goal).text
    a_house.post(guest, goal, state="reached", outcome="a great success", key="r")
    assert "This goal is reached. a great success" in text(guest.get("/goals").text)


def test_an_event_takes_people_a_line_each(a_house, guest):
    place = a_house.post(guest, "/encounters", name="The salon", on="1895-09-30", key="e")
    event = place.partition("?")[0]
    a_house.post(guest, event, people="Neue Dame <dame@x.example>, the new play\nHerr Doktor", key="p")
    shown = text(guest.get(event).text)
    assert "Neue Dame met the new play A first line by 2 October 1895" in shown
    assert "what you said about the new play has stayed with me" in shown
    assert "2 met → 0 you wrote" in shown
    assert "The salon" in guest.get("/encounters").text


def test_my_own_card_is_there_to_be_scanned(a_house, guest):
    place = a_house.post(guest, "/encounters", name="The ball", on="1895-09-30", key="b").partition("?")[0]
    for path in ("/encounters", place):
        page = guest.get(path).text
        assert "Your card, to be scanned" in page
        assert "<svg viewBox" in page
        assert "arthur.schnitzler@letters.example" in page


def test_a_meeting_with_strangers_is_kept_or_let_be(a_house, guest):
    page = guest.get("/encounters").text
    first, second = re.findall(r'name="meeting" value="(m\d+)"', page)[:2]
    a_house.post(guest, "/encounters/proposed", meeting=first, answer="refuse", key="n")
    place = a_house.post(guest, "/encounters/proposed", meeting=second, answer="accept", name="A walk", key="y")
    assert "A walk" in guest.get(place).text
    assert not {first, second} & set(re.findall(r'value="(m\d+)"', guest.get("/encounters").text))


@pytest.mark.parametrize("path", ["/goals/g999999", "/encounters/v999999"])
def test_what_is_not_there_is_said_kindly(guest, path):
    assert guest.get(path).status_code == 404


def test_a_form_that_is_not_ours_is_refused(guest):
    assert guest.post("/goals", data={"name": "x", "on": "1895-10-09"}).status_code == 403


def test_every_page_lists_them(guest):
    assert 'href="/goals"' in guest.get("/more").text


def test_a_journey_is_said_on_the_page_of_the_week_and_shows_who_is_known_there(a_house, guest):
    assert a_house.post(guest, "/journeys", journey="in Berlin next week", key="j").startswith("/week?change=")
    shown = text(guest.get("/week").text)
    assert "Berlin 7 October 1895 – 13 October 1895" in shown
    assert "Otto Brahm their last letter: “Letter from Berlin”" in shown
    number = re.search(r'name="drop" value="(j\d+)"', guest.get("/week").text)[1]
    a_house.post(guest, "/journeys", drop=number, key="k")
    assert "13 October 1895" not in text(guest.get("/week").text)


def test_a_suggestion_is_written_in_the_mail_program_and_turned_down_by_kind_or_person(a_house, guest):
    page = guest.get("/").text
    assert re.search(r'href="mailto:[^"?]+\?body=Dear%20', page)
    assert 'value="not_kind"' in page
    assert 'value="not_person"' in page
