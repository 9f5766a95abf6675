"""How quickly an owner's own ties fade, learnt from them, and not from what advice brought about."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from amity.plan.fading import Course, learn, prompted
from amity.plan.gain import SHIPPED

DAY = date(2025, 1, 1)


def courses(last: float, seed: int = 1, ties: int = 200) -> list[Course]:
    """Make ties with contact every fortnight or so, each contact being the last with a chance, over three years."""
    rng = Random(seed)
    made = []
    for _ in range(ties):
        at, days = 0, 1
        while rng.random() >= last and at < 1000:
            at += rng.randint(7, 21)
            days += 1
        made.append(Course(days, at, 1095 - at))
    return made


def test_of_nobody_nothing_is_learnt() -> None:
    assert learn([]) == SHIPPED
    assert learn([Course(3, 20, 900)] * 50) == SHIPPED  # too few days for a rhythm


def test_ties_that_end_sooner_are_taken_to_fade_more_quickly() -> None:
    slow, quick = learn(courses(0.01)), learn(courses(0.1))
    assert slow.fade < SHIPPED.fade < quick.fade
    assert slow.often == quick.often == SHIPPED.often


def test_a_wrong_belief_gives_way_to_what_is_seen() -> None:
    seen = courses(0.05)
    wrong = learn(seen, SHIPPED._replace(fade=2 * SHIPPED.fade)).fade
    assert 0.85 < wrong / learn(seen).fade < 1.18
    few = seen[:2]
    assert learn(few, SHIPPED._replace(fade=2 * SHIPPED.fade)).fade > learn(few).fade


@given(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 4000), st.integers(0, 4000)), max_size=30))
def test_whatever_was_seen_the_belief_stays_within_reason(rows: list[tuple[int, int, int]]) -> None:
    learnt = learn(Course(min(days, span + 1), span, silence) for days, span, silence in rows)
    assert SHIPPED.fade / 500 < learnt.fade < 500 * SHIPPED.fade


def test_contact_that_came_of_advice_is_its_own_day_and_the_next_within_a_fortnight() -> None:
    days = [DAY + timedelta(ahead) for ahead in (0, 30, 31, 33, 60, 80)]
    assert prompted(days, []) == 0
    assert prompted(days, [DAY + timedelta(30)]) == 2  # the word and its answer; what came after came by itself
    assert prompted(days, [DAY + timedelta(29)]) == 1  # the word was not on record
    assert prompted(days, [DAY + timedelta(61)]) == 0  # the next came nineteen days later
    assert prompted(days, [DAY + timedelta(30), DAY + timedelta(31)]) == 3
