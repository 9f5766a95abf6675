"""Where the owner will be, read off a sentence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.plan.journey import Journey, is_there, read

TODAY = date(2025, 3, 5)  # a Wednesday


@pytest.mark.parametrize(
    ("sentence", "place", "first", "last"),
    [
        ("in Berlin next week: whom do I know there?", "Berlin", "2025-03-10", "2025-03-16"),
        ("Berlin next week", "Berlin", "2025-03-10", "2025-03-16"),
        ("I'll be in New York, tomorrow", "New York", "2025-03-06", "2025-03-06"),
        ("to Lisbon from 2025-05-01 to 2025-05-04", "Lisbon", "2025-05-01", "2025-05-04"),
        ("Lisbon 2025-05-01/2025-05-04.", "Lisbon", "2025-05-01", "2025-05-04"),
        ("at Graz on 2025-05-01", "Graz", "2025-05-01", "2025-05-01"),
        ("in Wien on friday", "Wien", "2025-03-07", "2025-03-07"),
        ("in Wien next wed", "Wien", "2025-03-12", "2025-03-12"),
        ("Salzburg this weekend", "Salzburg", "2025-03-08", "2025-03-09"),
        ("Salzburg this week", "Salzburg", "2025-03-05", "2025-03-09"),
        ("Rome next month", "Rome", "2025-04-01", "2025-04-30"),
        ("Paris", "Paris", "2025-03-05", "2025-03-11"),
    ],
)
def test_a_place_and_its_days_are_read_off_a_sentence(sentence: str, place: str, first: str, last: str) -> None:
    assert read(sentence, TODAY) == Journey(place, date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize("sentence", ["", "  ", "7", "in 12 next week", "Rome from 2025-05-04 to 2025-05-01"])
def test_what_tells_no_place_or_no_days_is_refused(sentence: str) -> None:
    with pytest.raises(ValueError):
        read(sentence, TODAY)


@given(st.dates(), st.sampled_from(["today", "tomorrow", "next week", "this weekend", "next month", "on mon", ""]))
def test_a_journey_never_lies_behind_and_its_days_are_in_order(today: date, word: str) -> None:
    journey = read(f"in Rome {word}", today)
    assert today <= journey.first <= journey.last
    assert journey.last - journey.first <= timedelta(31)


def test_a_place_is_a_whole_word_in_any_case() -> None:
    assert is_there("berlin", "Unter den Linden 1, 10117 Berlin, Germany")
    assert is_there("New York", "5th Avenue, new york")
    assert not is_there("Bern", "Bernau")
    assert not is_there("Rom", "Rome")
