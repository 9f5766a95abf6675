"""The hold-out tells what suggestions changed, and only that."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

from amity.plan.holdout import HELD, PERIOD, Trial, effect, in_words, is_held, trials

BEGAN = date(2025, 1, 6)


def test_the_draw_holds_for_four_weeks_and_takes_the_share_that_was_agreed() -> None:
    day = date.fromordinal(BEGAN.toordinal() // PERIOD * PERIOD)
    people = [f"p{n}" for n in range(4000)]
    held = {one for one in people if is_held(one, day, 20)}
    assert held == {one for one in people if is_held(one, day + timedelta(PERIOD - 1), 20)}
    assert held != {one for one in people if is_held(one, day + timedelta(PERIOD), 20)}
    assert 0.17 < len(held) / len(people) < 0.23
    assert not any(is_held(one, day, 0) for one in people)


def lived(helps: float, seed: int = 1) -> tuple[Trial, ...]:
    """Live half a year in which somebody is heard from with one chance in three, and `helps` more where suggested."""
    random = Random(seed)
    log, heard = [], {}
    for week in range(26):
        day = BEGAN + timedelta(7 * week)
        for _ in range(20):
            person = f"p{random.randrange(400)}"
            held = is_held(person, day, 30)
            log.append((person, (HELD if held else "") + "fading", day))
            if random.random() < 0.33 + (0 if held else helps):
                heard.setdefault(person, []).append(day + timedelta(5))
    return trials(log, heard, BEGAN + timedelta(260))


def test_what_helps_is_found_and_what_does_not_is_not_claimed() -> None:
    found = effect(lived(0.4))
    assert found is not None
    assert found.low > 0
    assert found.low < found.difference < found.high
    assert in_words(found).endswith("Suggestions brought people back.")
    nothing = effect(lived(0.0))
    assert nothing is not None
    assert nothing.low < 0 < nothing.high
    assert "cannot be told" in in_words(nothing)


def test_only_what_was_drawn_and_is_over_counts() -> None:
    log = [
        ("p1", "fading", BEGAN),
        ("p2", f"{HELD}keep", BEGAN),
        ("p3", "reply", BEGAN),  # a reply is never held back
        ("p4", "fading", BEGAN - timedelta(100)),  # before anything was
        ("p5", "fading", BEGAN + timedelta(30)),  # its four weeks are not over
    ]
    heard = {"p1": [BEGAN + timedelta(3)], "p2": [BEGAN, BEGAN + timedelta(PERIOD + 1)]}
    assert trials(log, heard, BEGAN + timedelta(40)) == (Trial(False, True), Trial(True, False))


@pytest.mark.parametrize("one_side", [(), (Trial(False, True),), (Trial(True, True),)])
def test_where_one_side_is_empty_nothing_is_said(one_side: tuple[Trial, ...]) -> None:
    assert effect(one_side) is None
    assert "Too few" in in_words(None)
