"""Tables of text as programs export them: any delimiter, any charset with a mark, quoted lines, a preamble.

A file that has not changed since it was read whole is not read again; one that has is read anew.
"""

from __future__ import annotations

import codecs
import csv
import re
from collections import deque
from collections.abc import Callable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, NamedTuple

from amity.language import mark
from amity.model import Card, Item, Known, Mark, Moment, Since, Trouble
from amity.sources import encoded, quarantine

LINE_LIMIT = 1 << 20  # bytes of one line
HEADER_LIMIT = 1 << 16  # bytes within which a header ends
_KEPT = 4096
_MENDED = 1000  # quotes never closed that are made good in one file
_UNCLOSED = mark("a quote in this line is never closed")
_SHIFTED = mark(
    "the file ends in half a letter: a byte is missing or too many, and what stands behind it may be unreadable"
)
_END = re.compile(r"\r\n|\r|\n")
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])|[^\w']+|_+")


class Row(NamedTuple):
    """One row with the line on which it begins, and the share of the file that is read by then."""

    line: int
    cells: list[str]
    share: float
    broken: str = ""  # why it is no row that can be read, with its first line


def plain(header: str) -> str:
    """Return a column's name in lower case, its words parted by one blank: "E-mail 1 - Value" is "e mail 1 value"."""
    return " ".join(word for word in _WORD.split(encoded.clean(header.removeprefix("\ufeff"))) if word).casefold()


def first_lines(path: Path, head: bytes) -> str:
    """Return the beginning of a file as text, at least one line where one ends within HEADER_LIMIT."""
    if b"\n" not in head and b"\r" not in head and len(head) >= 4096:
        try:
            with path.open("rb") as file:
                head = file.read(HEADER_LIMIT)
        except OSError:
            return ""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore").removeprefix("\ufeff")
    if b"\0" in head.partition(b"\n")[0]:
        return ""
    return encoded.raw(head.removeprefix(b"\xef\xbb\xbf"))


def delimiter(line: str) -> str:
    """Return what parts the cells of a line: comma, semicolon, tab or bar; a comma where there is none."""
    bare = re.sub(r'"[^"]*"', "", line)
    return max(",;\t|", key=bare.count)


def split(line: str) -> list[str]:
    """Return the cells of one line."""
    try:
        return next(csv.reader([line], delimiter=delimiter(line)), [])
    except csv.Error:
        return []


def physical(text: str) -> list[str]:
    """Return the lines of a text, whatever they end in."""
    return _END.split(text)


def header_line(text: str, fits: Callable[[list[str]], bool], lines: int = 12) -> int:
    """Return the number of the line, from 0, whose cells fit as column names, or -1."""
    for number, line in enumerate(physical(text)[:lines]):
        if fits(split(line)):
            return number
    return -1


class _Lines:
    """The lines of a file as text; those of the row being read can be put back."""

    def __init__(self, file: IO[bytes]) -> None:
        head = file.read(4096)
        charset = "utf-8"
        start = 0
        if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
            charset, start = "utf-16-le" if head[0] == 0xFF else "utf-16-be", 2
        elif head[:3] == b"\xef\xbb\xbf":
            start = 3
        file.seek(start)
        self.file = file
        self.wide = start == 2
        self.number = 0
        self.offset = 0
        self.row: list[str] = []
        self.back: deque[str] = deque()
        usual = charset == "utf-8" and (b"\n" in head or b"\r" not in head)
        self.source = self._lines() if usual else self._pieces(charset)

    def _lines(self) -> Iterator[str]:
        readline = self.file.readline
        while data := readline(LINE_LIMIT):
            self.offset += len(data)
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError:
                yield encoded.raw(data)

    def _pieces(self, charset: str) -> Iterator[str]:
        """Yield the lines of a file with two bytes a letter, or of an old Mac, whose lines end in CR alone."""
        decoder = codecs.getincrementaldecoder(charset)("replace")
        held = ""
        while data := self.file.read(1 << 16):
            self.offset += len(data)
            held += decoder.decode(data)
            if held[-1:] == "\r":  # perhaps half of CR LF
                data = self.file.read(2)
                self.offset += len(data)
                held += decoder.decode(data)
            *lines, held = held.replace("\r\n", "\n").replace("\r", "\n").split("\n")
            for line in lines:
                yield line + "\n"
            if len(held) > LINE_LIMIT:
                yield held
                held = ""
        if held:
            yield held

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        # Not a generator: one that has come to the end cannot go on with lines that are put back.
        line = self.back.popleft() if self.back else next(self.source)
        self.number += 1
        self.row.append(line)
        return line


def _torn(lines: list[str], cells: list[str] | None, sign: str, width: int) -> bool:
    """Tell whether a row of several lines is several rows, of which the first has a quote that is never closed."""

    def like_a_row(line: str) -> bool:
        try:
            return len(next(csv.reader([line.rstrip("\r\n")], delimiter=sign), [])) == width
        except csv.Error:
            return False

    if cells is None or len(cells) != width or "".join(lines).count('"') % 2:
        return any(map(like_a_row, lines[1:100]))
    return len(lines) > 2 and all(map(like_a_row, lines[1:-1]))


def rows(path: Path, skip: int, sign: str, width: int) -> Iterator[Row]:
    """Yield the rows behind a file's first lines.

    A quote that is never closed takes the rows behind it into one cell: such a row is yielded as broken with its
    first line alone, and the lines behind it are read again. Of a file with two bytes a letter that has lost one, the
    last row says so. Raises OSError.
    """
    with path.open("rb") as file:
        size = max(1, path.stat().st_size)
        lines = _Lines(file)
        for _ in range(skip):
            next(lines, None)
        lines.row.clear()
        mended = 0
        while True:
            # A reader of its own for each stretch without a broken row: it holds back no line.
            reader = csv.reader(lines, delimiter=sign)
            for cells in _cells(reader):
                taken = lines.row
                begun = lines.number - len(taken) + 1
                share = min(1.0, lines.offset / size)
                if len(taken) > 1 and mended < _MENDED and _torn(taken, cells, sign, width):
                    mended += 1
                    lines.back.extendleft(reversed(taken[1:]))
                    lines.number = begun
                    yield Row(begun, [taken[0].rstrip("\r\n")], share, _UNCLOSED)
                    taken.clear()
                    break
                if cells is None:
                    yield Row(begun, [taken[0].rstrip("\r\n")] if taken else [], share, _UNCLOSED)
                    taken.clear()
                    break
                taken.clear()
                if cells:
                    yield Row(begun, cells, share)
            else:
                if lines.wide and size % 2:
                    yield Row(lines.number, [], 1.0, _SHIFTED)
                return


def _cells(reader: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Yield each row of a reader, and None for what is none."""
    try:
        yield from reader
    except csv.Error:
        yield None


def kept(cells: list[str]) -> bytes:
    """Return what is kept of a row that could not be read."""
    return ",".join(cells).encode("utf-8", "replace")[:_KEPT]


def digest(path: Path) -> str:
    """Return a digest of a file's bytes. Raises OSError."""
    found = blake2b(digest_size=16)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            found.update(piece)
    return found.hexdigest()


Facts = Iterator[tuple[Card | Moment | Trouble, float]]


def take_up(
    path: Path, since: Since, facts: Callable[[], Facts], batch: int, told: Callable[[], dict[str, Any]] = dict
) -> Iterator[Item]:
    """Yield what a file holds that was not read before, with marks; facts gives all of it, each with its share.

    told gives what a mark shall say besides. Raises OSError.
    """
    stat = path.stat()
    stamp: dict[str, Any] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    old = since.state
    same = all(old.get(name) == value for name, value in stamp.items())
    if not same or "digest" not in old:
        stamp["digest"] = digest(path)
        same = old.get("digest") == stamp["digest"] and old.get("size") == stat.st_size
    else:
        stamp["digest"] = old["digest"]
    if same and old.get("whole"):
        if old["items"]:
            yield Known(old["items"])
        yield Mark({**old, **stamp}, 1.0)
        return
    seen = items = 0
    skip = old.get("seen", 0) if same else 0
    if skip and old["items"]:
        yield Known(old["items"])
    recent = 0
    reached = 0.0
    for item, share in facts():
        seen += 1
        items += type(item) is not Trouble
        if seen <= skip:
            quarantine.at(f"after {item.place}")  # nothing is yielded here that tells how far it has come
            continue
        yield item
        recent += 1
        if recent >= batch:
            recent = 0
            reached = max(reached, min(share, 1.0))
            yield Mark({**stamp, "seen": seen, "items": items, "whole": False, **told()}, reached)
    yield Mark({**stamp, "seen": seen, "items": items, "whole": True, **told()}, 1.0)
