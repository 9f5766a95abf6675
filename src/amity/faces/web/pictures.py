"""Pictures of mirror, portfolio, ripples and one tie: drawn here as SVG, with the table behind most, also as CSV.

Parts are told apart by lightness, place and words, never by hue alone, so they read in grey; colours stand as
attributes, which the page's style outranks, so that a picture is whole when it is saved.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from math import cos, pi, sin, sqrt

from markupsafe import Markup, escape
from msgspec import Struct

from amity.app.entries import BranchLine
from amity.app.mirror import FigureLine, Mirror
from amity.app.portfolio import Portfolio
from amity.app.ties import Course, MarkLine
from amity.insight.bands import BANDS
from amity.language import day, label, mark, say, say_many
from amity.language import month as month_name
from amity.plan.reflection import figure

INK, SOFT, LINE, PAPER = "#2c2620", "#6b6156", "#d9d0c2", "#fffdf9"
ACCENT, WARM = "#2f6b5e", "#b9854a"
# Dark and light by turns, so that neighbours differ in grey too.
LAYERS = ("#1f4d43", "#a9cbc2", "#4d8c7e", "#d6e5e0", "#6b4a22", "#dcc29c", "#9a7038", "#efe3cf", "#39665b", "#e7dfd2")
SHADES = ("#f1ece2", "#cfe0da", "#9cc3b8", "#5f9a8c", "#2f6b5e", "#153a32")
FONT = "font-family='Candara, Optima, Noto Sans, sans-serif' font-size='12'"
RINGS = 8  # years of the wheel
LEAST = 6  # contacts; fewer say more as a list
ROW, STEP = 46, 44  # pixels of a ripple: from one entry to the next, and from what led to it to the right
WORDS = 84  # characters of an entry in a ripple
THICK = 13  # pixels of a layer that its number fits into
WAYS = {"sent": mark("you wrote"), "received": mark("they wrote"), "met": mark("you met")}
CALLED = {"call": {"sent": mark("you called"), "received": mark("they called")}}
LOOKS = {"sent": mark("above, filled"), "received": mark("below, outlined"), "met": mark("dots")}


class Picture(Struct, frozen=True):
    """One picture: what it shows, how it is drawn, and the table behind it."""

    name: str
    title: str
    says: str
    svg: Markup
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    place: str = "/pictures"  # the address below which it can be saved

    def csv(self) -> str:
        """Return the table as CSV (RFC 4180); what a spreadsheet would take for a formula is quoted as text."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(self.columns)
        writer.writerows([_plain(cell) for cell in row] for row in self.rows)
        return out.getvalue()


def _plain(cell: str) -> str:
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@", "\t", "\r") else cell


def of_mirror(shown: Mirror) -> tuple[Picture, ...]:
    """Draw the figures of the mirror side by side."""
    return (_multiples(shown),) if shown.figures else ()


def of_portfolio(shown: Portfolio) -> tuple[Picture, ...]:
    """Draw the portfolio: the stream of closeness, the wheel of months, the balance of giving."""
    made = [_stream(shown), _wheel(shown)]
    if shown.giving:
        made.append(_giving(shown))
    return tuple(made)


def stream(shown: Portfolio) -> Picture:
    """Draw who mattered when: the days of contact with the nearest through the years."""
    return _stream(shown)


def of_tie(shown: Course) -> Picture | None:
    """Draw a tie through the years: how strong it was, and under it the contacts by channel and way.

    None where there were too few for a course.
    """
    if sum(one.contacts for one in shown.marks) < LEAST:
        return None
    wide, high, lane, foot = 800, 150, 58, 22
    first, last = shown.marks[0].on, shown.strength[-1].on
    whole = max((last - first).days, 1)

    def across(on: date) -> float:
        return max((on - first).days, 0) / whole * wide

    def down(strength: float) -> float:
        return 14 + (high - 18) * (1 - strength / 100)

    parts = []
    for least, word in BANDS:
        y = down(least)
        parts.append(f"<line class='axis' x1='0' x2='{wide}' y1='{y:.1f}' y2='{y:.1f}' stroke='{LINE}'/>")
        parts.append(_text(wide - 4, y - 3, label("band", word), "end", size=10))
    points = [f"{across(one.on):.1f},{down(one.strength):.1f}" for one in shown.strength]
    top = max(shown.strength, key=lambda one: (one.strength, one.on))
    says_last = say("strength, {strength:.0f} of 100 on {day}", strength=shown.strength[-1].strength, day=day(last))
    parts.append(
        f"<polyline class='course line' points='{' '.join(points)}' fill='none' stroke='{ACCENT}' stroke-width='2'>"
        f"<title>{escape(says_last)}</title></polyline>"
    )
    says_top = say("{strength:.0f} of 100 on {day}, the strongest", strength=top.strength, day=day(top.on))
    parts.append(
        f"<circle class='dot' cx='{across(top.on):.1f}' cy='{down(top.strength):.1f}' r='4' fill='{ACCENT}'>"
        f"<title>{escape(says_top)}</title></circle>"
    )
    parts.append(_text(0, 11, say("How strong the tie was, as it would have been told then")))
    channels = sorted({one.channel for one in shown.marks}, key=lambda channel: -_much(shown.marks, channel))
    for number, channel in enumerate(channels):
        parts += _lane([one for one in shown.marks if one.channel == channel], high + 16 + number * lane, across, shown)
    height = high + 16 + len(channels) * lane + foot
    parts += _ticks(first, last, across, height - 6)
    told = ", ".join(f"{words[0].upper()}{words[1:]}" for words in _totals(shown.marks))
    says = say(
        "The tie with {name} from {first} to {last}: strength and contacts. {told}",
        name=shown.name,
        first=first.year,
        last=last.year,
        told=told,
    )
    return Picture(
        "tie",
        say("The tie through the years"),
        says,
        _frame(wide, height, says, parts),
        *_tie_table(shown, channels),
        place=f"/people/{shown.person}",
    )


def _times(number: int) -> str:
    return say_many("{n:,} time", "{n:,} times", number)


def _days(number: int) -> str:
    return say_many("{n:,} day of contact", "{n:,} days of contact", number)


def _span(first: int, last: int) -> str:
    return say("{first} to {last}", first=first, last=last)


def _much(marks: Iterable[MarkLine], channel: str, way: str = "") -> int:
    return sum(one.contacts for one in marks if one.channel == channel and way in ("", one.way))


def _totals(marks: Sequence[MarkLine]) -> list[str]:
    held = {way: sum(one.contacts for one in marks if one.way == way) for way in WAYS}
    return [f"{say(WAYS[way])} {_times(number)}" for way, number in held.items() if number]


def _did(channel: str, way: str) -> str:
    return say(CALLED.get(channel, {}).get(way, WAYS[way]))


def _lane(marks: Sequence[MarkLine], y: float, across: Callable[[date], float], shown: Course) -> Iterable[str]:
    """Draw one channel: what the owner sent above a line, what came below it, outlined; meetings as dots on it."""
    room, middle = 17.0, y + 32
    most = max(one.contacts for one in marks)
    total = {way: sum(one.contacts for one in marks if one.way == way) for way in WAYS}
    parts = [f"{_did(marks[0].channel, way)} {_times(n)} ({say(LOOKS[way])})" for way, n in total.items() if n]
    yield _text(0, y + 8, f"{label('channel', marks[0].channel)}: {', '.join(parts)}")
    yield f"<line class='axis' x1='0' x2='800' y1='{middle:.1f}' y2='{middle:.1f}' stroke='{LINE}'/>"
    width = max(1.6, 0.7 * 800 / max(len(shown.strength), 12))
    for one in marks:
        x = min(across(one.on), 800 - width)
        size = max(2.5, room * sqrt(one.contacts / most))
        until = day(one.on)
        if shown.days > 1:
            until = say_many("{n:,} day from {day}", "{n:,} days from {day}", shown.days, day=until)
        did = f"{_did(one.channel, one.way)} {_times(one.contacts)}: {until}"
        says = f"<title>{escape(did)}</title>"
        if one.way == "met":
            radius = max(1.6, size / 3)
            yield (
                f"<circle class='mark met' cx='{x + width / 2:.1f}' cy='{middle:.1f}' r='{radius:.1f}' fill='{SOFT}'>"
                f"{says}</circle>"
            )
        else:
            top = middle - size if one.way == "sent" else middle
            look = f"fill='{ACCENT}'" if one.way == "sent" else f"fill='{PAPER}' stroke='{WARM}'"
            box = f"x='{x:.1f}' y='{top:.1f}' width='{width:.1f}' height='{size:.1f}'"
            yield f"<rect class='mark {one.way}' {box} {look}>{says}</rect>"


def _ticks(first: date, last: date, across: Callable[[date], float], y: float) -> Iterable[str]:
    years = range(first.year + (first.month > 1 or first.day > 1), last.year + 1)
    for year in years[:: max(1, -(-len(years) // 9))] or [last.year]:
        x = across(max(date(year, 1, 1), first))
        yield f"<line class='axis' x1='{x:.1f}' x2='{x:.1f}' y1='14' y2='{y - 12:.1f}' stroke='{LINE}'/>"
        yield _text(x + 3, y, str(year), "end" if x > 770 else "start")


def _tie_table(shown: Course, channels: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return year by year how strong the tie was at its end, and the contacts by channel and way."""
    kinds = [(channel, way) for channel in channels for way in WAYS if _much(shown.marks, channel, way)]
    held: Counter[tuple[str, str, int]] = Counter()
    for one in shown.marks:
        held[one.channel, one.way, one.on.year] += one.contacts
    rows = []
    for year in range(shown.strength[-1].on.year, shown.marks[0].on.year - 1, -1):
        at_end = [one.strength for one in shown.strength if one.on.year <= year]
        rows.append((str(year), f"{at_end[-1]:.0f}" if at_end else "", *(str(held[*kind, year]) for kind in kinds)))
    columns = (
        say("year"),
        say("strength at its end"),
        *(f"{label('channel', channel)}: {_did(channel, way)}" for channel, way in kinds),
    )
    return columns, tuple(rows)


def _frame(width: int, height: int, says: str, parts: Iterable[str]) -> Markup:
    body = "".join(parts)
    return Markup(
        f"<svg xmlns='http://www.w3.org/2000/svg' class='pic' viewBox='0 0 {width} {height}' width='{width}'"
        f" height='{height}' role='img' aria-label='{escape(says)}' {FONT}>{body}</svg>"
    )


def _text(x: float, y: float, words: str, anchor: str = "start", fill: str = SOFT, size: int = 12) -> str:
    tone = "ink" if fill == INK else "soft" if fill == SOFT else "on"
    return (
        f"<text class='{tone}' x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}' fill='{fill}' font-size='{size}'>"
        f"{escape(words)}</text>"
    )


def ripples(branches: Sequence[BranchLine]) -> Markup:
    """Draw what came of what: a dot for each entry, with a line from what led to it; the owner's own are filled."""
    width, height = 780, ROW * len(branches) + 8
    parts: list[str] = []
    above: list[float] = []  # of each depth the height of its last dot
    for row, branch in enumerate(branches):
        x, y = 16.0 + STEP * min(branch.depth, 9), ROW * row + 20.0
        del above[branch.depth :]
        if above:
            parent = 16.0 + STEP * min(branch.depth - 1, 9)
            parts.append(
                f"<path d='M{parent} {above[-1] + 7} V{y - 12} Q{parent} {y} {parent + 12} {y} H{x - 8}'"
                f" fill='none' stroke='{LINE}' stroke-width='2'/>"
            )
        above.append(y)
        entry = branch.entry
        fill = ACCENT if entry.by == "me" else PAPER
        parts.append(f"<circle cx='{x}' cy='{y}' r='6' fill='{fill}' stroke='{ACCENT}' stroke-width='2'/>")
        came = f" · {entry.outcome}" if entry.outcome else ""
        parts.append(_text(x + 16, y + 1, _cut(entry.words), fill=INK, size=13))
        parts.append(_text(x + 16, y + 17, _cut(f"{day(entry.on)}{came}")))
    return _frame(width, height, say("What came of what"), parts)


def _cut(words: str) -> str:
    return words if len(words) <= WORDS else f"{words[: WORDS - 1].rstrip()}…"


def spark(line: FigureLine, width: int = 220, height: int = 48) -> Markup:
    """Draw the course of one figure over the years, without words; the figures stand beside it."""
    says = f"{line.words}, {_span(line.years[0].year, line.years[-1].year)}" if line.years else line.words
    return _frame(width, height, says, _course(line, 0, 0, width, height))


def _course(line: FigureLine, left: float, top: float, width: float, height: float) -> Iterable[str]:
    known = [(one.year, one.value) for one in line.years if one.value is not None]
    if not known:
        return
    first, last = line.years[0].year, line.years[-1].year
    most = max(1.0 if line.unit == "share" else 0.0, *(value for _, value in known)) or 1.0

    def at(year: int, value: float) -> tuple[float, float]:
        across = (year - first) / max(last - first, 1)
        return left + 4 + across * (width - 8), top + height - 4 - value / most * (height - 8)

    yield (
        f"<line class='axis' x1='{left:.1f}' x2='{left + width:.1f}' y1='{top + height - 3.5:.1f}'"
        f" y2='{top + height - 3.5:.1f}' stroke='{LINE}'/>"
    )
    before: tuple[int, float] | None = None
    for year, value in known:
        x, y = at(year, value)
        if before is not None and before[0] == year - 1:
            a, b = at(*before)
            yield (
                f"<line class='course' x1='{a:.1f}' y1='{b:.1f}' x2='{x:.1f}' y2='{y:.1f}' stroke='{ACCENT}'"
                " stroke-width='2'/>"
            )
        radius = 3.5 if year == last else 2
        yield (
            f"<circle class='dot' cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{ACCENT}'>"
            f"<title>{year}: {escape(figure(value, line.unit))}</title></circle>"
        )
        before = year, value


def _multiples(shown: Mirror) -> Picture:
    across, wide, high, gap = 3, 250, 96, 24
    parts: list[str] = []
    for place, line in enumerate(shown.figures):
        x, y = (place % across) * (wide + gap), (place // across) * (high + gap)
        value = say("no figure") if line.value is None else figure(line.value, line.unit)
        parts.append(_text(x, y + 12, line.words, fill=INK))
        parts.append(_text(x + wide, y + 30, value, "end"))
        parts.append(_text(x, y + 30, _span(line.years[0].year, line.years[-1].year)))
        parts += _course(line, x, y + 36, wide, high - 36)
    height = -(-len(shown.figures) // across) * (high + gap) - gap + 8
    says = say("{n} figures over the years, each against its own past", n=len(shown.figures))
    years = [one.year for one in shown.figures[0].years]
    rows = []
    for at, year in reversed(list(enumerate(years))):
        cells = [line.years[at] for line in shown.figures]
        rows.append((str(year), *("" if one.value is None else _number(one.value) for one in cells)))
    return Picture(
        "mirror",
        say("All figures over the years"),
        says,
        _frame(across * (wide + gap) - gap, height, says, parts),
        (say("year"), *(line.words for line in shown.figures)),
        tuple(rows),
    )


def _number(value: float) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


def _stream(shown: Portfolio) -> Picture:
    """Draw the days of contact with the nearest as layers around a middle; everybody else stands in the table alone."""
    years = [one.year for one in shown.friends]
    near = shown.stream[:-1]
    wide, high, foot, across = 800, 300, 24, 3
    totals = [sum(line.days[at] for line in near) for at in range(len(years))]
    most = max(totals, default=0) or 1
    step = wide / max(len(years) - 1, 1)
    base = [(high - total / most * high) / 2 for total in totals]
    parts: list[str] = []
    labels: list[str] = []
    for layer, line in enumerate(near):
        tops = base
        base = [top + days / most * high for top, days in zip(tops, line.days, strict=True)]
        path = "M" + " L".join([*_edge(tops, step, wide), *reversed(_edge(base, step, wide))]) + " Z"
        shade = LAYERS[layer % len(LAYERS)]
        parts.append(
            f"<path class='layer' d='{path}' fill='{shade}' stroke='{PAPER}' stroke-width='1'>"
            f"<title>{escape(f'{line.person.name}: {_days(sum(line.days))}')}</title></path>"
        )
        widest = max(range(len(years)), key=lambda at: line.days[at])
        if base[widest] - tops[widest] >= THICK:
            x = min(max(widest * step, 12), wide - 12)
            y = (tops[widest] + base[widest]) / 2 + 4
            labels.append(_text(x, y, str(layer + 1), "middle", "#ffffff" if _is_dark(shade) else "#1b1917"))
        left, top = (layer % across) * wide / across, high + foot + 18 + (layer // across) * 20
        parts.append(f"<rect x='{left:.1f}' y='{top - 11}' width='14' height='14' fill='{shade}' stroke='{SOFT}'/>")
        parts.append(_text(left + 20, top, f"{layer + 1}  {line.person.name}"))
    parts += [*labels, *_years(years, step, high + foot - 6)]
    says = say(
        "Days of contact with the {n} people nearest to you in some year, {span}",
        n=len(near),
        span=_span(years[0], years[-1]),
    )
    rows = tuple(
        (str(year), *(str(line.days[at]) for line in shown.stream)) for at, year in reversed(list(enumerate(years)))
    )
    columns = (say("year"), *(line.person.name for line in shown.stream))
    height = high + foot + 10 + -(-len(near) // across) * 20
    return Picture("stream", say("A stream of closeness"), says, _frame(wide, height, says, parts), columns, rows)


def _edge(heights: Sequence[float], step: float, wide: float) -> list[str]:
    """Return the points of one edge; a single year is drawn as a block."""
    points = [f"{at * step:.1f} {y:.1f}" for at, y in enumerate(heights)]
    return points if len(points) > 1 else [f"0 {heights[0]:.1f}", f"{wide:.1f} {heights[0]:.1f}"]


def _is_dark(colour: str) -> bool:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def _years(years: Sequence[int], step: float, y: float) -> Iterable[str]:
    every = -(-len(years) // 8)
    for at in range(0, len(years), every):
        anchor = "start" if at == 0 else "middle" if at * step < step * (len(years) - 1) - 20 else "end"
        yield _text(at * step, y, str(years[at]), anchor)


def _wheel(shown: Portfolio) -> Picture:
    """Draw months as sectors and years as rings, the newest outside; darker is more contact."""
    size, inner = 420, 46
    centre = size / 2
    last = shown.date.year
    years = [year for year in range(last - RINGS + 1, last + 1) if any(one.year == year for one in shown.months)]
    held = {(one.year, one.month): one.contacts for one in shown.months if one.year in years}
    most = max(held.values(), default=0) or 1
    ring = (centre - 26 - inner) / max(len(years), 1)
    parts: list[str] = []
    for at, year in enumerate(years):
        for month in range(1, 13):
            if (year, month) not in held:
                continue
            number = held[year, month]
            shade = SHADES[0] if not number else SHADES[1 + min(4, int(5 * (number - 1) / most))]
            path = _sector(centre, inner + at * ring, inner + (at + 1) * ring, month)
            parts.append(
                f"<path class='cell' d='{path}' fill='{shade}' stroke='{PAPER}'>"
                f"<title>{month_name(month)} {year}: {_days(number)}</title></path>"
            )
    for month in range(1, 13):
        turn = (month - 0.5) / 12 * 2 * pi
        parts.append(
            _text(
                centre + sin(turn) * (centre - 12),
                centre - cos(turn) * (centre - 12) + 4,
                month_name(month, short=True),
                "middle",
            )
        )
    if years:
        parts.append(_text(centre, centre - 2, str(years[-1]), "middle", INK))
        parts.append(_text(centre, centre + 14, say("inside {year}", year=years[0]), "middle", size=10))
    says = say("No contact yet")
    if years:
        says = say("Days of contact by month, {first} inside to {last} outside", first=years[0], last=years[-1])
    rows = tuple((str(year), *(str(held.get((year, month), "")) for month in range(1, 13))) for year in reversed(years))
    columns = (say("year"), *(month_name(month) for month in range(1, 13)))
    return Picture("wheel", say("The wheel of the year"), says, _frame(size, size, says, parts), columns, rows)


def _sector(centre: float, near: float, far: float, month: int) -> str:
    low, high = (month - 1) / 12 * 2 * pi, month / 12 * 2 * pi

    def at(radius: float, turn: float) -> str:
        return f"{centre + radius * sin(turn):.1f} {centre - radius * cos(turn):.1f}"

    return (
        f"M{at(near, low)} L{at(far, low)} A{far:.1f} {far:.1f} 0 0 1 {at(far, high)} L{at(near, high)}"
        f" A{near:.1f} {near:.1f} 0 0 0 {at(near, low)} Z"
    )


def _giving(shown: Portfolio) -> Picture:
    """Draw what was given above the line and what came below it; asks are outlined beside what was given."""
    wide, high, foot = 800, 220, 24
    years = shown.giving
    most = max(1, *(max(one.gave, one.got, one.asked) for one in years))
    slot = wide / len(years)
    bar = min(36.0, slot * 0.35)
    middle = high / 2
    unit = (middle - 16) / most
    parts = [f"<line class='axis' x1='0' x2='{wide}' y1='{middle}' y2='{middle}' stroke='{SOFT}'/>"]
    for at, one in enumerate(years):
        x = at * slot + slot / 2
        bars = (
            (
                x - bar,
                middle - one.gave * unit,
                one.gave,
                f"fill='{ACCENT}' class='gave'",
                say_many("you gave {n} time", "you gave {n} times", one.gave),
            ),
            (
                x - bar,
                middle,
                one.got,
                f"fill='{WARM}' class='got'",
                say_many("you were given to {n} time", "you were given to {n} times", one.got),
            ),
            (
                x + 2,
                middle - one.asked * unit,
                one.asked,
                f"fill='none' stroke='{INK}' class='asked'",
                say_many("you asked {n} time", "you asked {n} times", one.asked),
            ),
        )
        for left, top, number, look, told in bars:
            if number:
                parts.append(
                    f"<rect {look} x='{left:.1f}' y='{top:.1f}' width='{bar:.1f}' height='{number * unit:.1f}'>"
                    f"<title>{one.year}: {escape(told)}</title></rect>"
                )
        if at % -(-len(years) // 12) == 0:
            parts.append(_text(x, high + foot - 6, str(one.year), "middle"))
    parts.append(_text(4, 12, say("you gave (filled) and asked (outlined)")))
    parts.append(_text(4, high - 4, say("you were given")))
    says = say("How often you gave, asked and were given to, {span}", span=_span(years[0].year, years[-1].year))
    rows = tuple((str(one.year), str(one.gave), str(one.asked), str(one.got)) for one in reversed(years))
    columns = (say("year"), say("you gave"), say("you asked"), say("you were given"))
    return Picture("giving", say("The balance of giving"), says, _frame(wide, high + foot, says, parts), columns, rows)
