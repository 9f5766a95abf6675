"""Figures in words, as a person reads them on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from amity import language
from amity.insight import bands
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.ties import TieLine
    from amity.model import Reason

MOMENTUM = {
    "rising": mark("↗ rising"),
    "steady": mark("→ steady"),
    "fading": mark("↘ fading"),
    "dormant": mark("· dormant"),
    "new": mark("+ new"),
}


def day(on: date | None) -> str:
    """Write a day shortly: 1 Oct 1895."""
    return "" if on is None else language.short_day(on)


def long_day(on: date) -> str:
    """Write a day in full: Tuesday, 1 October 1895."""
    return language.weekday(on)


def birthday(text: str) -> str:
    """Write an ISO birthday, which may lack its year or its day, as a person would."""
    if text.startswith("--") and len(text) == 7:
        text = f"2000{text[1:]}"
        shown = date.fromisoformat(text)
        return language.day_and_month(shown)
    try:
        shown = date.fromisoformat(text)
    except ValueError:
        return text
    return language.day(shown)


def ago(on: date, today: date) -> str:
    """Say how long ago a day was."""
    days = (today - on).days
    if days <= 1:
        return say("today") if days == 0 else say("yesterday")
    if days < 60:
        return say("{n} days ago", n=days)
    if days < 730:
        return say("{n} months ago", n=round(days / 30.44))
    return say("{n} years ago", n=round(days / 365.25))


def bar(strength: float, length: int = 10) -> str:
    """Draw a strength of 0 to 100 as a bar."""
    full = round(strength / 100 * length)
    return "█" * full + "░" * (length - full)


def strength(figure: float) -> str:
    """Name the band that a strength lies in."""
    return language.label("band", bands.band(figure))


def momentum(tie: TieLine) -> str:
    """Say where a tie is going, and since when."""
    since = say(" since {day}", day=day(tie.turned)) if tie.turned else ""
    return f"{say(MOMENTUM[tie.momentum])}{since}"


def reasons(because: Iterable[Reason]) -> str:
    """Say reasons with their figures, where they have one."""
    return "; ".join(f"{one.reason} ({one.figure})" if one.figure else one.reason for one in because)
