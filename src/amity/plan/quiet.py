"""The days on which nothing is suggested, as the owner writes them: weekdays, days of every year, dates, spans."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_YEAR = re.compile(r"\d\d-\d\d")


def quiet_days(text: str) -> Callable[[date], bool]:
    """Return the test whether a day is quiet, of words such as "sun 12-24 2026-08-01/2026-08-21".

    Raises ValueError for a word that is no weekday, no day and no span of days.
    """
    weekdays: set[int] = set()
    every_year: set[str] = set()
    spans: list[tuple[date, date]] = []
    for word in text.casefold().replace(",", " ").split():
        first, _, last = word.partition("/")
        if word[:3] in WEEKDAYS and word.isalpha():
            weekdays.add(WEEKDAYS.index(word[:3]))
        elif _EVERY_YEAR.fullmatch(word):
            date.fromisoformat(f"2000-{word}")
            every_year.add(word)
        else:
            spans.append((date.fromisoformat(first), date.fromisoformat(last or first)))
    return lambda day: (
        day.weekday() in weekdays or f"{day:%m-%d}" in every_year or any(low <= day <= high for low, high in spans)
    )
