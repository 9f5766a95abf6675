"""Mail in one file: mboxo, mboxrd, with LF or CRLF, whole or cut short (RFC 4155)."""

from __future__ import annotations

import mmap
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

from amity.model import Item, Known, Mark, Moment, Since, Trouble
from amity.sources.mail import HEADER_LIMIT, KEPT, scanner

# A line of prose can begin with "From ", and some archives leave out the empty line before a real one.
# So a boundary must hold a time of day and be followed by a header. Bounds keep hostile lines linear.
_BOUNDARY = re.compile(rb"\nFrom [^\n]{0,250}?\d\d:\d\d[^\n]{0,250}+\n(?=[!-9;-~]{1,200}+[ \t]?:|>From )")
_LOOSE = re.compile(rb"\nFrom [^\n]{0,500}+\n(?=[!-9;-~]{1,200}+:[ \t])")  # for files whose first line has no time
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]{0,8}(?=From )")
_TIME = re.compile(rb"\d\d:\d\d")
# "From ana@x.org Sat Jan  3 01:05:34 1996 +0000": the date begins at the day's name.
_ENVELOPE = re.compile(rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[, ].*|\b\d{4}-\d\d-\d\d.*")
_BATCH = 2000  # items between two marks
_STRIDE = 32 << 20  # bytes between two marks
_DROP = 64 << 20  # bytes of pages that are given back to the system at once
_TAIL = 64 << 10  # bytes before the offset of a mark by which a grown file is known again
_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]{0,8}From \S[^\n]*\r?\n>?[!-9;-~]{1,200}[ \t:]")


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is an mbox, by its first bytes; an empty one by its name."""
    if not head:
        return path.is_file() and path.suffix.lower() in (".mbox", ".mbx") and path.stat().st_size == 0
    if _HEAD.match(head):
        return True
    return path.suffix.lower() in (".mbox", ".mbx") and _BOUNDARY.search(head) is not None


def _tail(view: mmap.mmap, offset: int) -> str:
    return blake2b(view[max(0, offset - _TAIL) : offset], digest_size=16).hexdigest()


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the mails of an mbox file, with a mark about every 2,000.

    A file that has only grown since the mark is read on from there; one that changed otherwise, from its start.
    Raises OSError where the file cannot be opened.
    """
    with path.open("rb") as file:
        stat = path.stat()
        size = stat.st_size
        old: dict[str, Any] = dict(since.state)
        state: dict[str, Any] = {"size": size, "mtime_ns": stat.st_mtime_ns}
        if size == 0:
            yield Mark({**state, "offset": 0, "items": 0, "before": 0, "last": 0, "tail": ""}, 1.0)
            return
        # Never closed by hand: it goes with its last user, and one may still be at work when a reader is dropped.
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    yield from _mails(view, size, old, state)


def _resume(view: mmap.mmap, size: int, old: dict[str, Any], state: dict[str, Any]) -> tuple[int, int]:
    """Return the offset from which to read on, and how many items are kept before it; (0, 0) for a new start."""
    offset = old.get("offset", 0)
    if not offset or offset > size:
        return 0, 0
    same = all(old.get(name) == state[name] for name in ("size", "mtime_ns"))
    if not same and old.get("tail") != _tail(view, offset):
        return 0, 0
    if offset == size or view[offset : offset + 5] == b"From " or view[offset : offset + 7].lstrip()[:5] == b"From ":
        return offset, old["items"]
    return old["last"], old["before"]  # the last mail itself has grown


def _mails(view: mmap.mmap, size: int, old: dict[str, Any], state: dict[str, Any]) -> Iterator[Item]:
    offset, items = _resume(view, size, old, state)
    if items:
        yield Known(items)
    if offset == size:
        yield Mark({**old, **state, "loose": old.get("loose", False)}, 1.0)
        return
    loose = bool(offset and old.get("loose"))
    first = _FIRST.match(view, offset)
    start = first.end() if first else -1
    if first and not offset and not _TIME.search(view[start : start + 500].partition(b"\n")[0]):
        loose = _BOUNDARY.search(view, start, min(size, start + _STRIDE)) is None
    boundary = _LOOSE if loose else _BOUNDARY
    state["loose"] = loose

    scan = scanner()
    drop = getattr(view, "madvise", None)
    find = view.find
    given = offset // _DROP * _DROP
    next_mark, next_count = offset + _STRIDE, 0
    before, last = items, offset
    crlf = False
    blank = b"\n\n"

    def block(at: int, end: int) -> tuple[bytes, bytes]:
        """Return the From line and the header block, from its line break on, of the mail at an offset."""
        nonlocal blank, crlf
        head = find(b"\n", at, end)
        if head < 0:
            return view[at : min(end, at + KEPT)], b""
        stop = find(blank, head, min(end, head + HEADER_LIMIT))
        if stop < 0:
            crlf = not crlf
            blank = b"\n\r\n" if crlf else b"\n\n"
            stop = find(blank, head, min(end, head + HEADER_LIMIT))
            if stop < 0:
                stop = min(end, head + HEADER_LIMIT)
        text = view[head:stop]
        if not crlf and b"\n\r\n" in text:
            crlf, blank = True, b"\n\r\n"
            text = text[: text.find(blank)]
        return view[at : min(head, at + 1000)], text

    def take(at: int, end: int) -> Moment | Trouble:
        line, text = block(at, end)
        if not text:
            return Trouble(at, "no mail headers", line)
        found = scan(text, at, b"")
        if type(found) is Trouble and (day := _ENVELOPE.search(line)):
            return scan(text, at, day[0])  # the From line knows no zone, so a server's own date goes before it
        return found

    if start < 0:
        match = boundary.search(view, offset)
        end = match.start() + 1 if match else size
        if view[offset : min(end, offset + KEPT)].strip():
            yield Trouble(
                offset, 'not an mbox: the first line does not begin with "From "', view[offset : offset + KEPT]
            )
        start = end
    if start < size:
        for match in boundary.finditer(view, start):
            end = match.start() + 1
            item = take(start, end)
            before, last = items, start
            if type(item) is Moment:
                items += 1
            yield item
            start = end
            next_count += 1
            if next_count >= _BATCH or start >= next_mark:
                if drop is not None and start - given >= _DROP:
                    # Pages of a mapped file count as this process's memory until they are given back.
                    upto = start // _DROP * _DROP
                    drop(mmap.MADV_DONTNEED, given, upto - given)
                    given = upto
                next_mark, next_count = start + _STRIDE, 0
                progress = {"offset": start, "items": items, "before": before, "last": last, "tail": _tail(view, start)}
                yield Mark({**state, **progress}, start / size)
        item = take(start, size)
        before, last = items, start
        if type(item) is Moment:
            items += 1
        yield item
    progress = {"offset": size, "items": items, "before": before, "last": last, "tail": _tail(view, size)}
    yield Mark({**state, **progress}, 1.0)
