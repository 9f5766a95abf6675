"""Paper to write on for a person: lines that wrap, tables that fit, and a style that a terminal may show.

Names and subjects come from other people's mail, so nothing that steers a terminal passes through.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple
from unicodedata import category, east_asian_width

# C0, DEL and C1 steer terminals; the bidirectional marks reorder what stands around them.
_STEERING: dict[int, str] = dict.fromkeys(
    (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)), "\ufffd"
)
_STEERING |= {ord(space): " " for space in "\t\n\r\v\f\x85\u2028\u2029"}
_WIDTHLESS = ("Mn", "Me", "Cf")  # accents that stand over a letter, joiners between the parts of one sign
WIDEST = 100  # prose wider than this is hard to read


class Span(NamedTuple):
    """A piece of text in one style: "" | "head" | "name" | "quiet" | "said" | "warm" | "note" | "code"."""

    text: str
    style: str = ""


Cell = str | Span


class Column(NamedTuple):
    """One column of a table; one that `gives` is cut short where the page is narrow."""

    title: str
    right: bool = False
    gives: bool = False


def clean(text: str) -> str:
    """Take out of a text what would steer a terminal."""
    return text.translate(_STEERING)


def cells(text: str) -> int:
    """Count the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_cells(sign) for sign in text)


def _cells(sign: str) -> int:
    if category(sign) in _WIDTHLESS:
        return 0
    return 2 if east_asian_width(sign) in "WF" else 1


def cut(text: str, width: int) -> str:
    """Shorten a text to so many columns."""
    if cells(text) <= width:
        return text
    while text and cells(text) >= width:
        text = text[:-1]
    return text.rstrip() + "…"


def _span(part: Cell) -> Span:
    return Span(clean(part.text), part.style) if isinstance(part, Span) else Span(clean(part))


class Paper:
    """Plain paper, as a pipe or a file gets it."""

    fits = False  # whether tables are cut to the width

    def __init__(self) -> None:
        self.width = shutil.get_terminal_size().columns

    def put(self, spans: Sequence[Span]) -> None:
        """Write one line as it is."""
        sys.stdout.write("".join(span.text for span in spans).rstrip() + "\n")

    def gap(self) -> None:
        """Leave a line empty."""
        self.put(())

    def line(self, *parts: Cell, lead: Cell = "", indent: int = 0) -> None:
        """Write a paragraph, wrapped; `lead` stands before its first line, and the others are indented as far."""
        first = _span(lead)
        margin = indent + cells(first.text)
        start = [Span(" " * indent), first]
        for wrapped in _wrap([_span(part) for part in parts], min(self.width, WIDEST) - margin):
            self.put([*start, *wrapped])
            start = [Span(" " * margin)]

    def table(
        self,
        columns: Sequence[Column],
        rows: Iterable[Sequence[Cell]],
        notes: Sequence[Cell] = (),
        *,
        indent: int = 0,
    ) -> None:
        """Write a table with a line of titles; a note, where there is one, stands under its row."""
        body = [[_span(cell) for cell in row] for row in rows]
        widths = [
            max([cells(column.title), *(cells(row[place].text) for row in body)])
            for place, column in enumerate(columns)
        ]
        if self.fits and not _fit(widths, columns, self.width - indent):
            self._pile(columns, body, notes, indent)
            return
        if any(column.title for column in columns):
            self._row([Span(column.title, "quiet") for column in columns], columns, widths, indent)
        for place, row in enumerate(body):
            self._row(row, columns, widths, indent)
            if place < len(notes):
                self.line(notes[place], indent=indent + 4)

    def _pile(
        self, columns: Sequence[Column], body: Sequence[Sequence[Span]], notes: Sequence[Cell], indent: int
    ) -> None:
        """Write each row as a heading with the rest under it, where the page is too narrow for columns."""
        head = next((place for place, column in enumerate(columns) if column.gives), 0)
        for place, row in enumerate(body):
            self.line(row[head], indent=indent)
            parts: list[Span] = []
            for at, (column, cell) in enumerate(zip(columns, row, strict=True)):
                if at != head and cell.text.strip():
                    parts += [Span(" · ", "quiet")] if parts else []
                    parts += [Span(f"{column.title} ", "quiet")] if column.title else []
                    parts.append(cell)
            self.line(*parts, indent=indent + 2)
            if place < len(notes):
                self.line(notes[place], indent=indent + 4)

    def _row(self, row: Sequence[Span], columns: Sequence[Column], widths: Sequence[int], indent: int) -> None:
        spans = [Span(" " * indent)]
        for (text, style), column, width in zip(row, columns, widths, strict=True):
            shown = cut(text, width) if self.fits else text
            space = " " * (width - cells(shown))
            spans += [Span(space), Span(shown, style)] if column.right else [Span(shown, style), Span(space)]
            spans.append(Span("  "))
        while spans and not spans[-1].text.strip():
            spans.pop()
        self.put(spans)


def _fit(widths: list[int], columns: Sequence[Column], width: int) -> bool:
    """Take from the widest of the columns that give until the table fits, and tell whether it does."""
    gives = [place for place, column in enumerate(columns) if column.gives]
    while gives and sum(widths) + 2 * (len(widths) - 1) > width:
        widest = max(gives, key=lambda place: widths[place])
        if widths[widest] <= 8:
            return False
        widths[widest] -= 1
    return sum(widths) + 2 * (len(widths) - 1) <= width


def _wrap(spans: Sequence[Span], width: int) -> list[list[Span]]:
    """Break styled text into lines at spaces; a word that is longer than a line stands alone."""
    words: list[list[Span]] = [[]]
    for text, style in spans:
        for is_space, run in groupby(text, str.isspace):
            if is_space:
                words.append([])
            else:
                words[-1].append(Span("".join(run), style))
    lines: list[list[Span]] = []
    room = 0
    for word in filter(None, words):
        size = sum(cells(part.text) for part in word)
        if lines and size + 1 <= room:
            style = word[0].style if lines[-1][-1].style == word[0].style else ""
            lines[-1] += [Span(" ", style), *word]
            room -= size + 1
        else:
            lines.append(list(word))
            room = width - size
    return lines or [[]]
