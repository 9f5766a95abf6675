"""What a word gains: little with whoever is heard from anyway, little with whoever is lost, most in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.plan.gain import SHIPPED, WEEKS_AHEAD, gain

rhythms = st.floats(0, 2000)
silences = st.floats(0, 20_000)


@given(rhythms, silences)
def test_a_word_gains_at_most_the_half_year_and_costs_next_to_nothing(gap: float, silence: float) -> None:
    assert -0.1 < gain(gap, silence) < WEEKS_AHEAD


@pytest.mark.parametrize("gap", [3, 9, 30, 90])
def test_strong_ties_look_after_themselves_and_lost_ones_stay_lost(gap: int) -> None:
    between = max(gain(gap, silence) for silence in range(14, 365, 7))
    assert gain(gap, 3) < between / 2
    assert gain(gap, 900) < between / 3


def test_where_answers_come_less_surely_a_word_gains_less() -> None:
    doubtful = SHIPPED._replace(answered=SHIPPED.answered / 2)
    assert gain(30, 60, doubtful) < gain(30, 60)


def test_between_two_weeks_it_lies_between() -> None:
    low, middle, high = (gain(30, days) for days in (14, 17.5, 21))
    assert middle == pytest.approx((low + high) / 2)
