"""How the contacts with one person are spread over the years: counts by month, and the picture of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from struct import iter_unpack

from amity.app.desk import Desk
from amity.faces.web.words import MONTHS, count
from amity.ledger.timeline import ENTRY
from amity.store import derived

# The low bits of an entry's flags (ledger/strands.py), in the order in which the lanes stand.
WAYS = {1: "You wrote", 2: "They wrote", 3: "You met"}
CLASSES = {1: "sent", 2: "received", 3: "met"}
WAY = 3
# A bar stands for the finest span of months that leaves it wide enough to see on a telephone.
SPANS = ((1, 72), (3, 216), (12, 1 << 30))
LABEL, BAR, LANE = 16, 30, 58  # pixels: room for a lane's words, its highest bar, the whole lane
LEAST_BAR = 2.0
TICKS = 6
FEWEST = 6  # contacts; fewer say more as a list

Months = Mapping[tuple[int, int], int]  # (way, months since year 0) -> contacts


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


def months(desk: Desk, person: str) -> Months:
    """Count the direct contacts with a person by way and month. The derived tables must be fresh."""
    handles = derived.belongs_to(desk.database, [int(person[1:])])
    seen: dict[int, tuple[int, int]] = {}
    for _, body in derived.strands(desk.database, handles):
        seen.update(
            (moment, (flags & WAY, at))
            for at, moment, flags in iter_unpack(ENTRY, body)
            if at < desk.end and flags & WAY
        )
    return Counter((way, _month(at + desk.offset)) for way, at in seen.values())


def _month(at: int) -> int:
    on = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at)
    return on.year * 12 + on.month - 1


def passage(counted: Months, today: date) -> Passage | None:
    """Draw the contacts from the first year to today; None where they are too few to show a course."""
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


def _lane(counted: Months, way: int, y: int, first: int, slots: int, span: int) -> Lane:
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
    return Lane(CLASSES[way], f"{WAYS[way]} {times}, at most {most} a {in_words}", y, tuple(bars))


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


def _years(counted: Months, ways: list[int]) -> Iterable[tuple[int, tuple[int, ...]]]:
    held: Counter[tuple[int, int]] = Counter()
    for (way, month), number in counted.items():
        held[month // 12, way] += number
    for year in sorted({year for year, _ in held}, reverse=True):
        yield year, tuple(held[year, way] for way in ways)
