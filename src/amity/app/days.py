"""Days that the owner names."""

from __future__ import annotations

from datetime import date

from amity.errors import AmityError, Code
from amity.language import say

# What `named_day` takes, as JSON Schema: a day, and a day or nothing.
DAY = {"format": "date"}
DAY_OR_NONE = {"anyOf": [{"const": ""}, {"format": "date"}]}


def named_day(on: str) -> date:
    """Return the day that is named (ISO 8601). Raises AmityError USAGE where it is none."""
    try:
        return date.fromisoformat(on)
    except ValueError as error:
        raise AmityError(Code.USAGE, say("{on!r} is no day.", on=on), say("Write it as 2027-05-01.")) from error


def past_day(on: str, today: date) -> date:
    """Return the day that is named, today where none is. Raises AmityError USAGE where it is none or lies ahead."""
    day = named_day(on) if on else today
    if day > today:
        raise AmityError(Code.USAGE, say("{on} lies ahead.", on=on), say("Say a day that has been."))
    return day
