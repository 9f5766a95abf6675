"""Mail in one file: mboxo, mboxrd, with LF or CRLF, whole or cut short (RFC 4155)."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable, Iterator
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any

from stringzilla import Str

from amity.language import noted
from amity.model import Item, Known, Mark, Moment, Since, Trouble
from amity.sources import boxes, encoded, limits
from amity.sources.mail import ENVELOPE, KEPT, cut, scanner, unix

# A line of prose can begin with "From ", and some archives leave out the empty line before a real one.
# So a boundary must hold a time of day and be followed by a header. Bounds keep hostile lines linear.
_BOUNDARY = re.compile(rb"\nFrom [^\n]{0,250}?\d\d:\d\d[^\n]{0,250}+\n(?=[!-9;-~]{1,200}+[ \t]?:|>From )")
_LOOSE = re.compile(rb"\nFrom [^\n]{0,500}+\n(?=[!-9;-~]{1,200}+:[ \t])")  # for files whose first line has no time
_FIRST = re.compile(rb"(?:\xef\xbb\xbf)?[\r\n]{0,8}(?=From )")
_PARTED = b"\nFrom "  # with which every boundary begins
_TIME = re.compile(rb"\d\d:\d\d")
_LABELS = re.compile(rb"\nX-Gmail-Labels:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.IGNORECASE)
_LABELLED = 256 << 10  # bytes at a file's start in which Google's labels must show, if it has them
_EMPTY = re.compile(rb"\n\n")  # on a mapped file `re` is quicker than find
_EMPTY_CRLF = re.compile(rb"\n\r\n")
_BATCH = 2000  # items between two marks
_STRIDE = 16 << 20  # bytes between two marks
_DROP = 16 << 20  # bytes of pages that are given back to the system at once
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


def labelled_aside(block: bytes) -> bool:
    """Tell whether Gmail's labels in a header block say spam, trash or draft, in any of its tongues."""
    match = _LABELS.search(block)
    return match is not None and any(map(boxes.left_out, encoded.header(match[1]).split(",")))


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the mails of an mbox file, with a mark about every 2,000.

    A file that has only grown since the mark is read on from there; one that changed otherwise, from its start.
    Of Gmail's export ("All mail Including Spam and Trash.mbox"), what its labels call spam, trash or draft is no item.
    Raises OSError where the file cannot be opened.
    """
    return mails(path, since, None, _BATCH)


def mails(path: Path, since: Since, left_out: Callable[[bytes], bool] | None, batch: int) -> Iterator[Item]:
    """Yield the mails of an mbox file as `read` does, but those whose header block `left_out` says are no items."""
    with path.open("rb") as file:
        stat = path.stat()
        size = stat.st_size
        old: dict[str, Any] = dict(since.state)
        if since.inside & ~old.get("inside", 0):
            old = {}  # bodies that were not read yet: keys see to it that no mail counts twice
        state: dict[str, Any] = {"size": size, "mtime_ns": stat.st_mtime_ns}
        unchanged = all(old.get(name) == value for name, value in state.items())
        state["inside"] = since.inside | (old.get("inside", 0) if unchanged else 0)
        if size == 0:
            yield Mark({**state, "offset": 0, "items": 0, "before": 0, "last": 0, "tail": ""}, 1.0)
            return
        # Never closed by hand: it goes with its last user, and one may still be at work when a reader is dropped.
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if left_out is None and _LABELS.search(view, 0, min(size, _LABELLED)) is not None:
        left_out = labelled_aside
    yield from _mails(view, size, old, state, left_out, batch, since)


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


def _found(boundary: re.Pattern[bytes], view: mmap.mmap, start: int) -> Iterator[re.Match[bytes]]:
    """Yield the boundaries behind an offset; what may be one is found eight times as quickly as `re` finds it."""
    whole = Str(memoryview(view))
    size = len(view)
    at = start
    while at < size:
        at = whole.find(_PARTED, at)
        if at < 0:
            return
        if (match := boundary.match(view, at)) is not None:
            yield match
        at += len(_PARTED)


def _mails(
    view: mmap.mmap,
    size: int,
    old: dict[str, Any],
    state: dict[str, Any],
    left_out: Callable[[bytes], bool] | None,
    batch: int,
    since: Since,
) -> Iterator[Item]:
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

    bounds = limits.of(since)
    scan, longest = scanner(bounds), bounds.header_bytes
    drop = getattr(view, "madvise", None)
    given = offset // _DROP * _DROP
    next_mark, recent = offset + _STRIDE, 0
    before, last = items, offset
    ends = _EMPTY.search
    inside = since.inside

    def mark(at: int) -> Mark:
        progress = {"offset": at, "items": items, "before": before, "last": last, "tail": _tail(view, at)}
        return Mark({**state, **progress}, at / size)

    def searched(head: int, end: int) -> bytes:
        """Return a header block whose end the quick way did not find, and remember the file's line breaks."""
        nonlocal ends
        for other in (_EMPTY_CRLF, _EMPTY):
            if (found := other.search(view, head, end)) is not None:
                ends = other.search
                return view[head : found.start()]
        return view[head:end]

    if start < 0:
        match = boundary.search(view, offset)
        start = match.start() + 1 if match else size
        if view[offset : min(start, offset + KEPT)].strip():
            kept = view[offset : min(start, offset + KEPT)]
            yield Trouble(offset, noted('not an mbox: the first line does not begin with "From "'), kept)
    line = view.find(b"\n", start, size)
    head = line if line >= 0 else size
    ahead: Iterator[re.Match[bytes] | None] = chain(_found(boundary, view, start), (None,) if start < size else ())
    for match in ahead:
        end = size if match is None else match.start() + 1
        limit = end if end - head < longest else head + longest
        found = ends(view, head, limit)
        block = searched(head, limit) if found is None else view[head : found.start()]
        if b"\r" in block:
            block = unix(block)
        before, last = items, start
        if left_out is None or not left_out(block):
            item = scan(block, start, b"")
            if type(item) is Moment:
                items += 1
            elif day := ENVELOPE.search(view[start : min(head, start + 1000)]):
                item = scan(block, start, day[0])  # a server's own date goes before it: the From line knows no zone
                items += type(item) is Moment
            yield item
            if found is None and end - head > longest == len(block):
                yield cut(start, longest)
            if inside and type(item) is Moment:
                from amity.sources import bodies  # its tables of phrases are dear to load

                yield from bodies.told(view[head + 1 : min(end, head + bodies.RAW)], item, since)
        if match is None:
            break
        start, head = end, match.end() - 1
        recent += 1
        if recent >= batch or start >= next_mark:
            if drop is not None and start - given >= _DROP:
                # Pages of a mapped file count as this process's memory until they are given back.
                upto = start // _DROP * _DROP
                drop(mmap.MADV_DONTNEED, given, upto - given)
                given = upto
            next_mark, recent = start + _STRIDE, 0
            yield mark(start)
    yield mark(size)
