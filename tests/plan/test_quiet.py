"""The owner's quiet days."""

from __future__ import annotations

from datetime import date

import pytest

from amity.plan.quiet import quiet_days


@pytest.mark.parametrize(
    ("text", "day", "quiet"),
    [
        ("", date(2025, 3, 2), False),
        ("sun", date(2025, 3, 2), True),
        ("Sunday, Sat", date(2025, 3, 1), True),
        ("sun", date(2025, 3, 3), False),
        ("12-24", date(2031, 12, 24), True),
        ("02-29", date(2028, 2, 29), True),
        ("2025-08-01/2025-08-21", date(2025, 8, 21), True),
        ("2025-08-01/2025-08-21", date(2025, 8, 22), False),
        ("2025-08-01", date(2025, 8, 1), True),
        ("2025-08-01", date(2026, 8, 1), False),
    ],
)
def test_weekdays_days_of_every_year_dates_and_spans(text: str, day: date, quiet: bool) -> None:
    assert quiet_days(text)(day) is quiet


@pytest.mark.parametrize("text", ["someday", "13-40", "2025-08-01/never", "5"])
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        quiet_days(text)
