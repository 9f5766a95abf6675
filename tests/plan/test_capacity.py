"""As much is suggested as is done, with some room."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from amity.plan.capacity import suggestions_a_day

TODAY = date(2025, 3, 5)


def ago(*days: int) -> list[date]:
    return [TODAY - timedelta(day) for day in days]


@pytest.mark.parametrize(("a_day", "shown"), [(0, 2), (1, 3), (2, 5), (5, 5)])
def test_whoever_does_less_sees_less(a_day: int, shown: int) -> None:
    offered = ago(*range(1, 21))
    assert suggestions_a_day(offered, offered * a_day, TODAY, 5) == shown


def test_nothing_is_learnt_from_a_few_days_or_from_long_ago() -> None:
    assert suggestions_a_day(ago(*range(1, 9)), [], TODAY, 5) == 5
    assert suggestions_a_day(ago(*range(60, 90)), [], TODAY, 5) == 5


def test_never_more_than_the_owner_set() -> None:
    offered = ago(*range(1, 21))
    assert suggestions_a_day(offered, offered * 9, TODAY, 4) == 4
    assert suggestions_a_day(offered, [], TODAY, 1) == 1
