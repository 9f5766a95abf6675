"""The words of suggestions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from amity.plan.words import KEEP, Scene, ago, ahead, first_name, kind, topic


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"), (1, "yesterday"), (2, "two days ago"), (13, "13 days ago"), (14, "two weeks ago"),
        (41, "six weeks ago"), (60, "two months ago"), (200, "seven months ago"), (365, "12 months ago"),
        (1100, "three years ago"), (9000, "25 years ago"),
    ],
)  # fmt: skip
def test_past_days_in_the_unit_that_people_use(days: int, words: str) -> None:
    assert ago(days) == words.replace("12 months", "twelve months")


@pytest.mark.parametrize(("days", "words"), [(0, "today"), (1, "tomorrow"), (3, "on Friday, 4 October")])
def test_days_to_come(days: int, words: str) -> None:
    assert ahead(days, date(1895, 10, 1)) == words


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Hermann Bahr", "Hermann"), ("Bahr, Hermann", "Hermann"), ("Dr. Hermann Bahr", "Hermann"), ("Fany", "Fany"),
        ("Frau Müller", "Frau Müller"), ("J. S. Bach", "J. S. Bach"), ("ana@example.org", ""), ("", ""), ("12345", ""),
        ("Dr.", "Dr."), ("  Ana   Lee ", "Ana"),
    ],
)  # fmt: skip
def test_how_to_address_somebody(name: str, first: str) -> None:
    assert first_name(name) == first


@pytest.mark.parametrize(
    ("subject", "theme"),
    [
        ("Re: AW: [press] The play", "The play"), ("RE[2]: x y", "x y"), ("(no subject)", ""), ("Re:", ""), ("", ""),
        ("Letter from Wien", "Letter from Wien"), ("word " * 30, "word " * 11 + "word…"),
    ],
)  # fmt: skip
def test_what_a_subject_is_about(subject: str, theme: str) -> None:
    assert topic(subject) == theme


@pytest.mark.parametrize("introduce", [False, True])
def test_over_a_year_everybody_is_given_every_way_in_turn(introduce: bool) -> None:
    gave: tuple[str, ...] = ()
    for month in range(12):
        day = date(2025, 1, 1) + timedelta(30 * month)
        scene = Scene(
            "p7", "Ana", KEEP, "mail", day, 30, 30, 20, "close", "The boat", ("sailing",), 1, 9, 400, gave=gave
        )
        gave = (kind(scene, frozenset(), introduce), *gave)
    ways = 4 if introduce else 3
    assert all(len(set(gave[place : place + ways])) == ways for place in range(12 - ways))
