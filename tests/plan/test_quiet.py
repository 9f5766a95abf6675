"""The owner's quiet days."""

from __future__ import annotations

from datetime import date

import pytest

from amity.plan.quiet import HOLIDAYS, easter, holidays, quiet_days


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
        ("easter", date(2025, 4, 20), True),
        ("easter+1, easter-2", date(2025, 4, 21), True),
        ("easter+1 easter-2", date(2025, 4, 18), True),
        ("easter+39", date(2025, 5, 28), False),
        ("11-4thu", date(2025, 11, 27), True),
        ("11-4thu", date(2025, 11, 20), False),
        ("05-lastmon", date(2025, 5, 26), True),
        ("05-lastmon", date(2025, 5, 19), False),
        ("12-lastfri", date(9999, 12, 31), True),
    ],
)
def test_weekdays_days_of_every_year_dates_and_spans(text: str, day: date, quiet: bool) -> None:
    assert quiet_days(text)(day) is quiet


@pytest.mark.parametrize("text", ["someday", "13-40", "2025-08-01/never", "5"])
def test_what_is_no_day_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        quiet_days(text)


@pytest.mark.parametrize(
    "day",
    ["1818-03-22", "1895-04-14", "1943-04-25", "2000-04-23", "2008-03-23", "2024-03-31", "2025-04-20", "2038-04-25"],
)
def test_easter_falls_where_the_church_keeps_it(day: str) -> None:
    assert easter(int(day[:4])) == date.fromisoformat(day)


def test_every_country_keeps_new_year_and_christmas() -> None:
    kept = holidays("AT")
    assert next(iter(kept)) == "AT"
    assert set(kept) == set(HOLIDAYS)
    assert all(is_holiday(date(2025, 1, 1)) and is_holiday(date(2025, 12, 25)) for is_holiday in kept.values())
    assert kept["US"](date(2025, 11, 27))
    assert not kept["AT"](date(2025, 11, 27))
    assert kept["FR"](date(2025, 7, 14))


def test_the_owner_gives_a_country_other_days() -> None:
    kept = holidays("de 12-24 easter+1; at; jp 01-01 05-05")
    assert list(kept)[:3] == ["DE", "AT", "JP"]
    assert kept["DE"](date(2025, 12, 24))
    assert not kept["DE"](date(2025, 10, 3))
    assert kept["JP"](date(2025, 5, 5))
    assert holidays(" ; ") == {}


@pytest.mark.parametrize("text", ["Austria", "XX", "AT whenever", "JP"])
def test_what_is_no_country_or_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        holidays(text)
