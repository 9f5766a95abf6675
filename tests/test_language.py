"""The language that is spoken: English by itself, any other by its catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import date
from pathlib import Path
from time import process_time

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from amity import language
from amity.language import (
    accepted,
    choose,
    day,
    day_and_month,
    day_name,
    known,
    label,
    listed,
    month,
    number,
    own_name,
    plural,
    retold,
    say,
    say_many,
    speak,
    speaking,
    spoken,
    weekday,
)


@contextmanager
def german() -> Iterator[None]:
    with speaking("de"):
        yield


def test_without_a_word_english_is_spoken() -> None:
    assert spoken() == "en"
    assert say("Everything here stays on this machine.") == "Everything here stays on this machine."
    assert say("{name} is a friend", name="Ana") == "Ana is a friend"
    assert say_many("{n:,} letter", "{n:,} letters", 1) == "1 letter"
    assert say_many("{n:,} letter", "{n:,} letters", 1204) == "1,204 letters"
    assert label("momentum", "fading") == "fading"


def test_german_is_spoken_for_a_while_and_no_longer() -> None:
    with german():
        assert spoken() == "de"
        assert say("Everything here stays on this machine.") == "Alles hier bleibt auf diesem Rechner."
        assert label("momentum", "fading") == "verblassend"
    assert spoken() == "en"


def test_plurals_and_fields_follow_the_number() -> None:
    with german():
        assert say_many("{n} year ago", "{n} years ago", 1) == "vor 1 Jahr"
        assert say_many("{n} year ago", "{n} years ago", 4) == "vor 4 Jahren"
        assert plural("%(count)s contact", "%(count)s contacts", 1) == "%(count)s Kontakt"
        assert say("inside {archive}, {where}", where="im Keller", archive="a.zip") == "in a.zip, im Keller"


def test_what_the_catalogue_does_not_know_is_said_in_english() -> None:
    with german():
        assert say("Nobody ever wrote {words} down.", words="this") == "Nobody ever wrote this down."
        assert say_many("{n} gnu", "{n} gnus", 2) == "2 gnus"
        assert label("momentum", "sideways") == "sideways"
        assert label("momentum", "") == say("") == ""


def test_a_bare_word_is_said_as_what_it_is_and_no_word_of_the_owner_s_is_taken_for_one() -> None:
    with german():
        assert say("yesterday") == "gestern"
        assert label("field", "yesterday") == "yesterday"


def test_one_english_word_has_several_german_ones() -> None:
    with german():
        assert (label("status", "met"), label("field", "met")) == ("getroffen", "Kennenlernen")


def test_days_months_numbers_and_lists_are_written_as_the_language_does() -> None:
    on = date(1895, 10, 1)
    assert (day(on), weekday(on)) == ("1 October 1895", "Tuesday, 1 October 1895")
    assert (day_and_month(on), month(10), month(10, short=True), day_name(1)) == (
        "1 October",
        "October",
        "Oct",
        "Tuesday",
    )
    assert (number(1204), number(1.5, "+.2f"), listed(["Ana", "Bo", "Cy"])) == ("1,204", "+1.50", "Ana, Bo and Cy")
    with german():
        assert (day(on), weekday(on)) == ("1. Oktober 1895", "Dienstag, 1. Oktober 1895")
        assert (day_and_month(on), month(10), month(10, short=True), day_name(1)) == (
            "1. Oktober",
            "Oktober",
            "Okt",
            "Dienstag",
        )
        assert (number(1204), number(1.5, "+.2f"), listed(["Ana", "Bo", "Cy"])) == ("1.204", "+1,50", "Ana, Bo und Cy")


def test_figures_within_a_message_are_written_as_the_language_does() -> None:
    template = "{share:.1f} of {n:,}, {name}, {plain}"
    figures = {"share": 0.5, "n": 12_345, "name": "B. Frank, jun.", "plain": 1.25}
    assert say(template, **figures) == "0.5 of 12,345, B. Frank, jun., 1.25"
    with german():
        assert say(template, **figures) == "0,5 of 12.345, B. Frank, jun., 1.25"


@given(words=st.lists(st.text(min_size=1), max_size=4))
def test_a_list_of_one_is_itself_in_every_language(words: list[str]) -> None:
    for code in known():
        with speaking(code):
            assert all(word in listed(words) for word in words)
            assert listed(words[:1]) == "".join(words[:1])


@given(number_=st.integers(-(10**9), 10**9))
def test_a_number_keeps_its_digits_in_every_language(number_: int) -> None:
    for code in known():
        with speaking(code):
            assert "".join(filter(str.isdecimal, number(number_))) == str(abs(number_))


def test_there_is_no_thirteenth_month() -> None:
    with pytest.raises(ValueError):
        month(13)


def test_an_unknown_language_is_english() -> None:
    with speaking("tlh"):
        assert spoken() == "en"


def test_speaking_from_now_on_ends_with_what_surrounds_it() -> None:
    def page() -> str:
        speak("de")
        return spoken()

    assert copy_context().run(page) == "de"
    with speaking("en"):
        speak("de")
        assert spoken() == "de"
    assert spoken() == "en"


def test_the_owner_s_word_outranks_what_is_wished_for() -> None:
    assert choose("de", ["en"]) == "de"
    assert choose("en", ["de"]) == "en"
    assert choose("auto", ["fr", "de-AT", "en"]) == "de"
    assert choose("auto", ["de_AT.UTF-8"]) == "de"
    assert choose("auto", ["C.UTF-8"]) == choose("auto", []) == choose("tlh", ["de"]) == "en"


@pytest.mark.parametrize(
    ("header", "wishes"),
    [
        ("", []),
        ("de", ["de"]),
        ("de-AT,de;q=0.9,en;q=0.8", ["de-AT", "de", "en"]),
        ("en;q=0.2, de;q=0.7", ["de", "en"]),
        ("de;q=0, en", ["en"]),
        ("*;q=0.1, de;q=soon, ;;,", ["*"]),
    ],
)
def test_a_browser_s_wishes_are_heard_in_their_order(header: str, wishes: list[str]) -> None:
    assert accepted(header) == wishes


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add one file to the languages, compiled as `make words` does it."""
    catalogue = Catalog("fr")
    catalogue.add("yesterday", "hier")
    catalogue.add(("{n:,} letter", "{n:,} letters"), ("{n:,} lettre", "{n:,} lettres"))
    place = tmp_path / "fr" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "amity.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    known.cache_clear()
    yield
    known.cache_clear()


@pytest.mark.usefixtures("french")
def test_another_language_is_one_file() -> None:
    assert known() == ("en", "fr")
    assert own_name("fr") == "Français"
    assert choose("auto", ["fr-CA", "en"]) == "fr"
    with speaking("fr"):
        assert say("yesterday") == "hier"
        assert say_many("{n:,} letter", "{n:,} letters", 0) == "0 lettre", "a language counts as its own file says"
        assert day(date(1895, 10, 2)) == "2 octobre 1895"
        assert listed(["Ana", "Bo"]) == "Ana et Bo"
        assert say("Nobody is here yet.") == "Nobody is here yet."


def test_languages_are_found_by_themselves_and_named_as_their_speakers_do() -> None:
    assert known()[0] == "en"
    assert [own_name(code) for code in known()][:2] == ["English", "Deutsch"]
    assert language.AUTO not in known()


def test_kept_words_of_others_cannot_make_it_slow_to_say_them_again() -> None:
    with german():
        began = process_time()
        for sign in (", ", ": ", " and ", "“”", " of ", "a "):
            for length in (390, 400, 100_000):
                hostile = (sign * length)[:length]
                assert retold(hostile) == hostile or length <= 400
        assert process_time() - began < 3
