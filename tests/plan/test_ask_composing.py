"""An ask put together from the five things, in the writer's own words; and a time to propose."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.plan.asking.composing import Draft, compose
from amity.plan.asking.languages import language
from amity.plan.asking.proposal import USUAL, in_words, lasting, propose
from amity.plan.asks import check

NOW = datetime(2025, 6, 30, 12, tzinfo=UTC)
ENGLISH = Draft(
    intent="could you introduce me to the editor of Orchard Monthly",
    benefit="I'd gladly proofread your next issue",
    specifics="it is about a series on perry, three pages",
    time="10 minutes",
    name="Ben",
    me="Mia",
)
GERMAN = Draft(
    intent="könntest du mich der Redaktion der Obstzeitung vorstellen",
    benefit="Dafür lese ich gern dein nächstes Heft Korrektur",
    specifics="es geht um eine Reihe über Birnenmost, drei Seiten",
    time="zehn Minuten",
    name="Ben",
    me="Mia",
)


@pytest.mark.parametrize(("draft", "name"), [(ENGLISH, "en"), (GERMAN, "de")])
def test_every_form_keeps_the_words_and_holds_the_five_pointers(draft: Draft, name: str) -> None:
    letter = compose(draft, language(name))
    for form in (letter.short, letter.long, letter.blurb):
        for words in (draft.intent, draft.benefit, draft.specifics, draft.time, draft.name):
            assert words.lower() in form.lower()
    for form in (letter.short, letter.long):
        said = check(form, name=name)
        missing = [kind for kind, pointer in said.pointers.items() if not pointer.found]
        assert (missing, said.flags) == ([], ()), form
    assert len(letter.short.split()) < len(letter.long.split())
    assert letter.long.startswith(("Hi Ben,", "Hallo Ben,"))
    assert letter.long.endswith("Mia\n")
    assert "Mia" in letter.blurb


def test_what_is_left_empty_is_left_out_but_for_the_way_out() -> None:
    letter = compose(Draft("could you lend me the ladder?"), language("en"))
    assert letter.long == (
        "Hello,\n\nI'd like to ask you for something: could you lend me the ladder?\n\n"
        "If it doesn't suit you, just say no. No hard feelings at all, and no need to explain.\n\nBest,\n"
    )
    assert "  " not in letter.short
    assert "take" not in letter.long


def test_a_time_that_is_a_sentence_stays_one() -> None:
    time = "Twenty minutes on the phone would be plenty, whenever it suits you"
    assert f"{time}." in compose(Draft("could you call me?", time=time), language("en")).long


def test_the_formal_tone_is_formal_in_both_languages() -> None:
    english = compose(Draft("would you read chapter three?", name="Dr Sol", formal=True), language("en"))
    german = compose(Draft("würden Sie das dritte Kapitel lesen?", name="Frau Sol", formal=True), language("de"))
    assert english.long.startswith("Dear Dr Sol,")
    assert "Kind regards" in english.long
    assert "Ihnen" in german.long
    assert " du " not in german.long


def test_a_proposal_is_an_event_without_guests() -> None:
    text = propose("Mia; Ben, talk", "line one\nline two", datetime(2025, 7, 1, 15), 20, NOW)
    lines = re.sub("\r\n ", "", text).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "SUMMARY:Mia\\; Ben\\, talk" in lines
    assert "DESCRIPTION:line one\\nline two" in lines
    assert "DTSTART:20250701T150000" in lines
    assert "DTEND:20250701T152000" in lines
    assert "DTSTAMP:20250630T120000Z" in lines
    assert not [line for line in lines if line.startswith(("ATTENDEE", "ORGANIZER"))]


@pytest.mark.parametrize(
    ("time", "minutes"),
    [
        ("15 minutes", 15),
        ("an hour", 60),
        ("one hour on the phone", 60),
        ("half an hour", 30),
        ("a quarter of an hour", 15),
        ("twenty minutes", 20),
        ("zwei Stunden", 120),
        ("eine halbe Stunde", 30),
        ("zwei Zeilen", USUAL),
        ("", USUAL),
    ],
)
def test_a_meeting_lasts_as_long_as_the_time_that_is_asked_for(time: str, minutes: int) -> None:
    assert lasting(time) == minutes


def test_a_time_is_proposed_in_words_of_the_letters_language() -> None:
    start = datetime(2025, 7, 5, 15)
    assert in_words(start, "en") == "Saturday, 5 July 2025, 15:00"
    assert in_words(start, "de") == "Samstag, 5. Juli 2025, 15:00"


def test_a_time_with_a_zone_is_written_in_utc() -> None:
    start = datetime(2025, 7, 1, 15, tzinfo=timezone(timedelta(hours=2)))
    assert "DTSTART:20250701T130000Z\r\n" in propose("x", "", start, 30, NOW)


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=300), st.text(max_size=50))
def test_no_line_is_longer_than_75_octets_and_none_is_torn(description: str, summary: str) -> None:
    clean = summary.encode("utf-8", "replace").decode()
    text = propose(clean, description, datetime(2025, 7, 1, 15), 30, NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_the_same_proposal_has_the_same_name() -> None:
    first, again = (propose("x", "y", datetime(2025, 7, 1, 15), 30, NOW) for _ in range(2))
    assert first == again
