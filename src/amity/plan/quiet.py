"""The days on which nothing is suggested: those that the owner names, and the holidays of countries.

Days are written as words: a weekday ("sun"), a day of every year ("12-24"), a weekday of a month ("11-4thu",
"05-lastmon"), a day counted from Easter Sunday ("easter", "easter+39", "easter-2"), a date, or a span of dates
("2026-08-01/2026-08-21").
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EVERY_YEAR = re.compile(r"\d\d-\d\d")
_EASTER = re.compile(r"easter([+-]\d{1,2})?")
_OF_MONTH = re.compile(rf"(\d\d)-([1-4]|last)({'|'.join(WEEKDAYS)})")

# Public holidays of whole countries as their laws have them now; what only a region keeps, and what follows a calendar
# of the moon, is left to the owner's own words.
HOLIDAYS: Mapping[str, str] = {
    "AT": "01-01 01-06 easter+1 05-01 easter+39 easter+50 easter+60 08-15 10-26 11-01 12-08 12-25 12-26",
    "AU": "01-01 01-26 easter-2 easter+1 04-25 12-25 12-26",
    "BE": "01-01 easter+1 05-01 easter+39 easter+50 07-21 08-15 11-01 11-11 12-25",
    "CA": "01-01 easter-2 07-01 09-1mon 12-25",
    "CH": "01-01 easter+39 08-01 12-25",
    "CZ": "01-01 easter-2 easter+1 05-01 05-08 07-05 07-06 09-28 10-28 11-17 12-24 12-25 12-26",
    "DE": "01-01 easter-2 easter+1 05-01 easter+39 easter+50 10-03 12-25 12-26",
    "DK": "01-01 easter-3 easter-2 easter easter+1 easter+39 easter+49 easter+50 12-25 12-26",
    "ES": "01-01 01-06 easter-2 05-01 08-15 10-12 11-01 12-06 12-08 12-25",
    "FI": "01-01 01-06 easter-2 easter easter+1 05-01 easter+39 easter+49 12-06 12-25 12-26",
    "FR": "01-01 easter+1 05-01 05-08 easter+39 easter+50 07-14 08-15 11-01 11-11 12-25",
    "GB": "01-01 easter-2 easter+1 05-1mon 05-lastmon 08-lastmon 12-25 12-26",
    "HU": "01-01 03-15 easter-2 easter+1 05-01 easter+50 08-20 10-23 11-01 12-25 12-26",
    "IE": "01-01 02-1mon 03-17 easter+1 05-1mon 06-1mon 08-1mon 10-lastmon 12-25 12-26",
    "IT": "01-01 01-06 easter easter+1 04-25 05-01 06-02 08-15 11-01 12-08 12-25 12-26",
    "NL": "01-01 easter easter+1 04-27 easter+39 easter+49 easter+50 12-25 12-26",
    "NO": "01-01 easter-3 easter-2 easter easter+1 05-01 05-17 easter+39 easter+49 easter+50 12-25 12-26",
    "NZ": "01-01 01-02 02-06 easter-2 easter+1 04-25 10-4mon 12-25 12-26",
    "PL": "01-01 01-06 easter easter+1 05-01 05-03 easter+49 easter+60 08-15 11-01 11-11 12-24 12-25 12-26",
    "PT": "01-01 easter-2 easter 04-25 05-01 easter+60 06-10 08-15 10-05 11-01 12-01 12-08 12-25",
    "SE": "01-01 01-06 easter-2 easter easter+1 05-01 easter+39 easter+49 06-06 12-25 12-26",
    "US": "01-01 01-3mon 02-3mon 05-lastmon 06-19 07-04 09-1mon 10-2mon 11-11 11-4thu 12-25",
}


def quiet_days(text: str) -> Callable[[date], bool]:
    """Return the test whether a day is quiet, of words such as "sun 12-24 easter+1 2026-08-01/2026-08-21".

    Raises ValueError for a word that is none of them.
    """
    weekdays: set[int] = set()
    every_year: set[str] = set()
    of_month: set[tuple[int, int, str]] = set()  # month, weekday, which
    from_easter: set[int] = set()
    spans: list[tuple[date, date]] = []
    for word in text.casefold().replace(",", " ").split():
        first, _, last = word.partition("/")
        if word[:3] in WEEKDAYS and word.isalpha():
            weekdays.add(WEEKDAYS.index(word[:3]))
        elif _EVERY_YEAR.fullmatch(word):
            date.fromisoformat(f"2000-{word}")
            every_year.add(word)
        elif found := _OF_MONTH.fullmatch(word):
            date.fromisoformat(f"2000-{found[1]}-01")
            of_month.add((int(found[1]), WEEKDAYS.index(found[3]), found[2]))
        elif found := _EASTER.fullmatch(word):
            from_easter.add(int(found[1] or 0))
        else:
            spans.append((date.fromisoformat(first), date.fromisoformat(last or first)))
    return lambda day: (
        day.weekday() in weekdays
        or f"{day:%m-%d}" in every_year
        or any(low <= day <= high for low, high in spans)
        or bool(of_month and _places(day) & of_month)
        or bool(from_easter and (day - easter(day.year)).days in from_easter)
    )


def holidays(text: str) -> Mapping[str, Callable[[date], bool]]:
    """Return by country the test whether a day is a holiday there; the first named is the owner's own.

    `text` is such as "AT": every country has its usual days then. "AT; DE 12-24 easter+1" gives Germany these days
    instead, and a country without usual days its own. Raises ValueError for a word that is no country or no day.
    """
    named: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        code, _, days = part.partition(" ")
        if not re.fullmatch(r"[A-Za-z]{2}", code) or not (days.strip() or code.upper() in HOLIDAYS):
            raise ValueError(part)
        named[code.upper()] = days.strip() or HOLIDAYS[code.upper()]
    if not named:
        return {}
    return {code: quiet_days(days) for code, days in {**named, **HOLIDAYS, **named}.items()}


@cache
def easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher 1876)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    leaps, after = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leaps - shift + 15) % 30
    weekday = (32 + 2 * after + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def _places(day: date) -> set[tuple[int, int, str]]:
    """Return which weekday of its month a day is: the second Monday, and perhaps the last."""
    found = {(day.month, day.weekday(), str((day.day - 1) // 7 + 1))}
    if day.day + 7 > monthrange(day.year, day.month)[1]:
        found.add((day.month, day.weekday(), "last"))
    return found
