"""Mirror, portfolio and letters as pages, and their pictures as files."""

from __future__ import annotations

import csv
import io
import re
from contextlib import closing
from xml.etree import ElementTree

import pytest

from amity.app import week

PICTURES = ("mirror", "stream", "wheel")


def test_the_mirror_shows_each_figure_and_opens_what_is_behind_it(a_house):
    client = a_house.guest()
    page = client.get("/mirror").text
    assert "days of contact in 1895 so far were with the critical few" in page
    opened = re.findall(r'href="(/mirror/\w+)"', page)
    assert len(set(opened)) == 13
    for address in sorted(set(opened)):
        assert client.get(address).status_code == 200
    behind = client.get("/mirror/critical_time?year=1894").text
    assert "Adele Sandrock" in behind
    assert 'href="/people/p' in behind


def test_whom_did_i_only_write_to_when_i_needed_something(a_house):
    client = a_house.guest()
    a_house.post(client, "/log", sentence="asked Georg Brandes for a word in Copenhagen", key="ask")
    page = client.get("/mirror").text
    (address,) = re.findall(r'href="([^"]+)">Whom did I only write to', page)
    listed = client.get(address).text
    assert "Georg Brandes" in listed
    assert "a word in Copenhagen" in listed


def test_the_week_shows_meetings_days_and_the_year_with_the_few(a_house):
    page = a_house.guest().get("/week").text
    with closing((desk := a_house.open_desk()).database):
        ahead, year = week.ahead(desk), week.year(desk)
    assert page.count("<time datetime=") == 7
    for offer in (one for day in ahead.days for one in day.offers):
        assert f'<a href="/people/{offer.person.id}">' in page
    assert re.search(r'href="/people/p\d+/brief">Hugo von Hofmannsthal</a>', page), "met today"
    assert year.seeings
    assert page.count('">week of ') == len(year.seeings)
    assert ">January 1896<" in page


def test_the_portfolio_says_what_would_balance_it(a_house):
    page = a_house.guest().get("/portfolio").text
    assert "What would balance it" in page
    assert "A stream of closeness" in page
    assert "Wilhelm Bölsche" in page, "a dormant tie of past trust"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_file_of_its_own_and_its_table_another(a_house, name):
    client = a_house.guest()
    drawn = client.get(f"/pictures/{name}.svg")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    root = ElementTree.fromstring(drawn.text)
    assert root.get("role") == "img"
    assert root.get("aria-label")
    rows = list(csv.reader(io.StringIO(client.get(f"/pictures/{name}.csv").text)))
    assert rows[0][0] == "year"
    assert rows[1][0] == "1895"
    assert {len(row) for row in rows} == {len(rows[0])}
    assert client.get("/pictures/nothing.svg").status_code == 404


def test_the_balance_of_giving_is_drawn_once_something_is_noted(a_house):
    client = a_house.guest()
    assert client.get("/pictures/giving.svg").status_code == 404
    for number, sentence in enumerate(
        ("gave Hermann Bahr the play", "asked Georg Brandes for a word", "Hermann Bahr sent me a book")
    ):
        a_house.post(client, "/log", sentence=sentence, key=f"k{number}")
    assert "The balance of giving" in client.get("/portfolio").text
    rows = list(csv.reader(io.StringIO(client.get("/pictures/giving.csv").text)))
    assert rows == [["year", "you gave", "you asked", "you were given"], ["1895", "1", "1", "1"]]
    assert len(ElementTree.fromstring(client.get("/pictures/giving.svg").text).findall("{*}rect")) == 3


def test_every_picture_has_its_table_beside_it(a_house):
    client = a_house.guest()
    for path in ("/mirror", "/portfolio"):
        page = client.get(path).text
        assert page.count("<figure") == page.count("The same as a table") > 0


def test_a_letter_tells_a_year_and_leads_to_the_years_beside_it(a_house):
    client = a_house.guest()
    page = client.get("/letter/1894").text
    assert "Adele Sandrock" in page
    assert 'href="/letter/1893"' in page
    assert 'href="/letter/1895"' in page
    assert "so far" in client.get("/letter").text
    assert client.get("/letter/1700").status_code == 404


def test_an_empty_vault_has_a_mirror_too(build_house):
    client = build_house(empty_csv="when,channel,from,to,cc,subject,depth,minutes,id\n").guest()
    for path in ("/mirror", "/portfolio", "/letter", "/pictures/stream.svg", "/pictures/wheel.svg"):
        assert client.get(path).status_code == 200, path


def test_hostile_names_stay_text_in_pages_and_pictures(poisoned):
    house, _, texts = poisoned
    client = house.guest()
    for path in ("/mirror", "/mirror/starts", "/portfolio", "/letter", "/pictures/stream.svg"):
        answer = client.get(path)
        assert answer.status_code == 200
        assert not [text for text in texts if "<" in text and text in answer.text], path
    ElementTree.fromstring(client.get("/pictures/stream.svg").text)
