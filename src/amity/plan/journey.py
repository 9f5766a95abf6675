"""Where the owner will be: a sentence such as "in Berlin next week", and who is known there."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

from amity.plan.quiet import WEEKDAYS

AHEAD = 14  # days before the first day from which a journey is brought up
LATELY = 730  # days in which a letter's place tells where somebody lives
_DAY = r"\d{4}-\d\d-\d\d"
_SENTENCE = re.compile(
    rf"(?:i(?:'ll| will| shall)? (?:be|am) )?(?:in |to |at )?(?P<place>.+?)[,:]?(?: (?:"
    rf"(?P<word>today|tomorrow|(?:this|next) week|this weekend|next month|(?:on |next )?(?:{'|'.join(WEEKDAYS)})[a-z]*)"
    rf"|(?:on |from )?(?P<first>{_DAY})(?: ?(?:to|until|till|-|–|/) ?(?P<last>{_DAY}))?))?[.:?!]*(?: whom.*)?",
    re.IGNORECASE | re.DOTALL,
)


class Journey(NamedTuple):
    """A place, and the first and the last day there."""

    place: str
    first: date
    last: date


def read(text: str, today: date) -> Journey:
    """Read "in Berlin next week", "Berlin tomorrow" or "Paris from 2027-05-01 to 2027-05-04"; without days, a week.

    Raises ValueError for a sentence that names no place, or days that are none or in the wrong order.
    """
    match = _SENTENCE.fullmatch(" ".join(text.split()))
    if match is None or not any(letter.isalpha() for letter in match["place"]):
        raise ValueError(text)
    if match["first"]:
        first = date.fromisoformat(match["first"])
        last = date.fromisoformat(match["last"] or match["first"])
    else:
        first, last = _days((match["word"] or "").lower(), today)
    if last < first:
        raise ValueError(text)
    return Journey(match["place"].strip(" ,"), first, last)


def is_there(place: str, told: str) -> bool:
    """Tell whether words such as an address name a place: as whole words, in any case."""
    return bool(re.search(rf"(?<!\w){re.escape(place.casefold())}(?!\w)", told.casefold()))


def _days(word: str, today: date) -> tuple[date, date]:
    left = date.max - today
    monday = today - timedelta(today.weekday())

    def spanned(first: date, days: int) -> tuple[date, date]:
        return first, first + min(timedelta(days), date.max - first)

    if left < timedelta(62):  # at the end of the calendar there is no next month
        return today, today
    if word == "today":
        return today, today
    if word == "tomorrow":
        return spanned(today + timedelta(1), 0)
    if word == "this week":
        return today, monday + timedelta(6)
    if word == "next week":
        return spanned(monday + timedelta(7), 6)
    if word == "this weekend":
        return max(today, monday + timedelta(5)), monday + timedelta(6)
    if word == "next month":
        first = (today.replace(day=1) + timedelta(31)).replace(day=1)
        return first, (first + timedelta(31)).replace(day=1) - timedelta(1)
    if word:
        wanted = WEEKDAYS.index(word.removeprefix("on ").removeprefix("next ")[:3])
        return spanned(today + timedelta((wanted - today.weekday() - 1) % 7 + 1), 0)
    return spanned(today, 6)
