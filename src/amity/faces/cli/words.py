"""Figures in words, as a person reads them on the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from amity.insight import bands

if TYPE_CHECKING:
    from amity.app.ties import TieLine
    from amity.model import Reason

MOMENTUM = {"rising": "↗ rising", "steady": "→ steady", "fading": "↘ fading", "dormant": "· dormant", "new": "+ new"}


def day(on: date | None) -> str:
    """Write a day shortly: 1 Oct 1895."""
    return "" if on is None else f"{on.day} {on:%b} {on.year}"


def long_day(on: date) -> str:
    """Write a day in full: Tuesday, 1 October 1895."""
    return f"{on:%A}, {on.day} {on:%B} {on.year}"


def birthday(text: str) -> str:
    """Write an ISO birthday, which may lack its year or its day, as a person would."""
    if text.startswith("--") and len(text) == 7:
        text = f"2000{text[1:]}"
        shown = date.fromisoformat(text)
        return f"{shown.day} {shown:%B}"
    try:
        shown = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{shown.day} {shown:%B} {shown.year}"


def ago(on: date, today: date) -> str:
    """Say how long ago a day was."""
    days = (today - on).days
    if days <= 1:
        return "today" if days == 0 else "yesterday"
    if days < 60:
        return f"{days} days ago"
    return f"{days / 30.44:.0f} months ago" if days < 730 else f"{days / 365.25:.0f} years ago"


def bar(strength: float, length: int = 10) -> str:
    """Draw a strength of 0 to 100 as a bar."""
    full = round(strength / 100 * length)
    return "█" * full + "░" * (length - full)


def strength(figure: float) -> str:
    """Name the band that a strength lies in."""
    return bands.band(figure)


def momentum(tie: TieLine) -> str:
    """Say where a tie is going, and since when."""
    since = f" since {day(tie.turned)}" if tie.turned else ""
    return f"{MOMENTUM[tie.momentum]}{since}"


def reasons(because: Iterable[Reason]) -> str:
    """Say reasons with their figures, where they have one."""
    return "; ".join(f"{one.reason} ({one.figure})" if one.figure else one.reason for one in because)
