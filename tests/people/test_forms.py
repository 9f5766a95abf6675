"""A short form of a name means the person whom it fits, who was lately in touch; or nobody, where none stands out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.people.forms import SURE, Standing, chances, fits, meant


@pytest.mark.parametrize(
    ("form", "name", "fit"),
    [
        ("Richard", "Richard Beer-Hofmann", True),
        ("Rich.", "Richard Beer-Hofmann", True),
        ("R.", "Richard Beer-Hofmann", True),
        ("R. L.", "Rosa Löwe", True),
        ("Gus", "August Glümer", True),
        ("Schmidls", "Paula Schmidl", True),
        ("Dr. Pollak", "Max Pollak", True),
        ("Loris", "Loris", True),
        ("José", "Jose Garcia", True),
        ("Paul", "Richard Beer-Hofmann", False),
        ("R. L.", "Richard Beer-Hofmann", False),
        ("Richard Paul", "Richard Beer", False),
        ("", "Richard", False),
        ("Dr.", "Richard", False),
    ],
)
def test_a_form_fits_a_name_or_does_not(form: str, name: str, fit: bool) -> None:
    assert (fits(form, [name]) > 0) is fit


def test_the_fuller_fit_is_the_better_one() -> None:
    names = ["Richard Beer-Hofmann"]
    best = [fits(form, names) for form in ("Richard Hofmann", "Richard", "Dick", "Rich.", "R.")]
    assert best == sorted(best, reverse=True)
    assert fits("Loris", ["Hugo", "Loris"]) == 1.0


def test_who_was_lately_seen_is_meant_and_of_two_alike_nobody() -> None:
    lately, long_ago = Standing(0.9, seen=40, seen_ago=5), Standing(0.9, seen=40, seen_ago=900)
    assert meant({"a": lately, "b": long_ago}, is_one=True) == "a"
    assert meant({"a": lately, "b": lately}, is_one=True) is None
    assert meant({"a": long_ago, "b": long_ago._replace(seen_ago=400)}, is_one=True) is None
    assert meant({}, is_one=True) is None
    assert meant({"a": Standing(0.3)}) is None


def test_what_a_form_meant_before_it_means_again() -> None:
    used = Standing(0.0, called=9, called_ago=10, seen=9, seen_ago=10)
    fitting = Standing(1.0, seen=9, seen_ago=10)
    assert meant({"used": used, "fitting": fitting}) == "used"


standings = st.builds(
    Standing,
    st.floats(0, 1),
    st.floats(0, 1e4),
    st.none() | st.floats(0, 1e5),
    st.floats(0, 1e4),
    st.none() | st.floats(0, 1e5),
    st.floats(0, 1e4),
)


@given(st.dictionaries(st.integers(), standings, max_size=6), st.booleans())
def test_chances_are_shares_and_one_who_is_meant_has_most_of_them(people: dict[int, Standing], is_one: bool) -> None:
    found = chances(people, is_one=is_one)
    assert all(0 <= value <= 1 for value in found.values())
    assert sum(found.values()) <= 1 + 1e-9
    clear = meant(people, is_one=is_one)
    assert clear is None or found[clear] >= SURE
    assert clear == meant(dict(reversed(people.items())), is_one=is_one)


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=3))
def test_any_form_fits_between_nothing_and_wholly(form: str, names: list[str]) -> None:
    assert 0 <= fits(form, names) <= 1.0
