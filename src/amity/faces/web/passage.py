"""How the contacts with one person are spread over the years: counts by month, and the picture of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from amity.app.people import MonthCount
from amity.faces.web.words import MONTHS, count

# In the order in which the lanes stand.
WAYS = {"sent": "You wrote", "received": "They wrote", "met": "You met"}
# A bar stands for the finest span of months that leaves it wide enough to see on a telephone.
SPANS = ((1, 72), (3, 216), (12, 1 << 30))
LABEL, BAR, LANE = 20, 30, 64  # pixels: room for a lane's words, its highest bar, the whole lane
LEAST_BAR = 2.0
TICKS = 6
FEWEST = 6  # contacts; fewer say more as a list

Months = Mapping[tuple[str, int], int]  # (way, months since year 0) -> contacts


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: left edge and width in percent of the picture, top and height in pixels, and what it says."""

    x: float
    width: float
    y: float
    height: float
    says: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One direction through the years."""

    way: str
    words: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A year under the picture, at a place in percent."""

    x: float
    year: int


@dataclass(frozen=True, slots=True)
class Passage:
    """The picture and the table behind it."""

    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    height: int
    ways: tuple[str, ...]
    years: tuple[tuple[int, tuple[int, ...]], ...]  # newest first; one count a way
    says: str


def passage(months: Iterable[MonthCount], today: date) -> Passage | None:
    """Draw the contacts from the first year to today; None where they are too few to show a course."""
    counted: Months = {(one.way, one.year * 12 + one.month - 1): one.contacts for one in months}
    if sum(counted.values()) < FEWEST:
        return None
    first = min(month for _, month in counted) // 12 * 12
    end = today.year * 12 + today.month
    span = next(length for length, most in SPANS if end - first <= most)
    slots = -(-(end - first) // span)
    ways = [way for way in WAYS if any(seen == way for seen, _ in counted)]
    lanes = tuple(_lane(counted, way, place * LANE, first, slots, span) for place, way in enumerate(ways))
    total = sum(counted.values())
    return Passage(
        lanes=lanes,
        ticks=tuple(_ticks(first // 12, today.year, slots * span)),
        height=len(lanes) * LANE + 20,
        ways=tuple(WAYS[way] for way in ways),
        years=tuple(_years(counted, ways)),
        says=f"{count(total, 'contact')} from {first // 12} to {today.year}: {', '.join(lane.words for lane in lanes)}",
    )


def _lane(counted: Months, way: str, y: int, first: int, slots: int, span: int) -> Lane:
    held: Counter[int] = Counter()
    for (seen, month), number in counted.items():
        if seen == way:
            held[(month - first) // span] += number
    most = max(held.values())
    bars = []
    for slot, number in sorted(held.items()):
        height = max(LEAST_BAR, BAR * number / most)
        bars.append(
            Bar(
                x=round(100 * slot / slots, 3),
                width=round(80 / slots, 3),
                y=round(y + LABEL + BAR - height, 1),
                height=round(height, 1),
                says=f"{_span_words(first + slot * span, span)}: {number}",
            )
        )
    in_words = {1: "month", 3: "quarter", 12: "year"}[span]
    times = count(held.total(), "time")
    return Lane(way, f"{WAYS[way]} {times}, at most {most} a {in_words}", y, tuple(bars))


def _span_words(month: int, span: int) -> str:
    year, start = divmod(month, 12)
    if span == 12:
        return str(year)
    if span == 1:
        return f"{MONTHS[start]} {year}"
    return f"{MONTHS[start]} to {MONTHS[start + 2]} {year}"


def _ticks(first: int, last: int, length: int) -> Iterable[Tick]:
    step = -(-(last - first + 1) // TICKS)
    for year in range(first, last + 1, step):
        yield Tick(round(100 * (year - first) * 12 / length, 3), year)


def _years(counted: Months, ways: list[str]) -> Iterable[tuple[int, tuple[int, ...]]]:
    held: Counter[tuple[int, str]] = Counter()
    for (way, month), number in counted.items():
        held[month // 12, way] += number
    for year in sorted({year for year, _ in held}, reverse=True):
        yield year, tuple(held[year, way] for way in ways)
