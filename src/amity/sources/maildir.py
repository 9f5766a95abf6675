"""Mail in a Maildir: cur and new, Maildir++ subfolders (.Sent) and nested ones (Archive/2024)."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from amity.language import noted
from amity.model import Item, Known, Mark, Moment, Since, Trouble
from amity.sources import limits
from amity.sources.mail import ENVELOPE, KEPT, Scan, cut, scanner, unix

_FIRST_READ = 16 << 10  # bytes; the headers of nearly every mail end before
_BATCH = 2000  # items between two marks
_SETTLED_NS = 2_000_000_000  # a folder changed this shortly before it was listed may change again within one tick
# Reads one file: its name, the mail's place, the scanner, and how many bytes its headers may have.
Opened = Callable[[str, str, Scan, int], tuple[Item, ...]]
_PARTING = frozenset((b"\nFrom ", b"\n>From"))
_BOXES = ("cur", "new")


def recognise(path: Path, head: bytes) -> bool:  # noqa: ARG001
    """Tell whether a folder is a Maildir."""
    return any((path / box).is_dir() for box in _BOXES)


def boxes(root: Path) -> list[str]:
    """Return the folders of mail below a Maildir, relative and in stable order; links are not followed."""
    found: list[str] = []
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(root / folder) as entries:
                names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        except OSError:
            if not folder:
                raise
            found.append(folder)  # reading it says why it cannot be read
            continue
        here = [name for name in _BOXES if name in names]
        found += [f"{folder}/{name}" if folder else name for name in here]
        inner = [name for name in names if name not in ("cur", "new", "tmp")]
        waiting += [f"{folder}/{name}" if folder else name for name in reversed(inner)]
    return found


def _place(box: str, name: str) -> str:
    """Return a mail's place: its folder and name without flags, which stay when it is read or moved to cur.

    Hidden files are no mail and have none.
    """
    if name[0] == ".":
        return ""
    folder = box.rpartition("/")[0]
    base = name.partition(":")[0] if ":" in name else name.partition(";2,")[0]
    return f"{folder}/{base}" if folder else base


def first_block(data: bytes) -> bytes | None:
    """Return the header block, from a line break on, or None where it does not end within the data."""
    end = data.find(b"\n\n")
    if end < 0 or b"\r" in data[:end]:
        other = data.find(b"\n\r\n")
        if other < 0 and end < 0:
            if b"\r" in data and b"\n" not in data:
                return first_block(data.replace(b"\r", b"\n"))
            return None
        return unix(b"\n" + data[: other if end < 0 else end])
    return b"\n" + data[:end]


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the mails of a Maildir, with a mark about every 2,000 and behind each folder.

    Folders whose own date has not moved since the mark are not listed; in others, names known already are not opened.
    Raises OSError where the root cannot be listed.
    """
    yield from walk(path, since, boxes(path), _place, one_mail, _BATCH)


def walk(
    path: Path,
    since: Since,
    todo: list[str],
    placed: Callable[[str, str], str],
    opened: Opened,
    batch: int,
) -> Iterator[Item]:
    """Yield the mails of folders that hold one file a mail, with a mark about every `batch` and behind each folder.

    `todo` are the folders, relative to `path`; `placed` gives a mail's place from its folder and file name, or nothing
    for what is no mail; `opened` reads one file by its name and place.
    """
    bounds = limits.of(since)
    scan, longest = scanner(bounds), bounds.header_bytes
    inside = since.state.get("inside", 0)
    afresh = bool(since.inside & ~inside)  # bodies that were not read yet; keys count no mail twice
    old: dict[str, list[int]] = {} if afresh else dict(since.state.get("boxes", {}))
    done: dict[str, list[int]] = {}
    places = None
    recent = known = 0  # items, and known ones among all, since the last mark
    inside |= since.inside  # what was wanted of all bodies that the last mark covers
    for index, box in enumerate(todo):
        folder = path / box
        try:
            listed = time.time_ns()
            changed = folder.stat().st_mtime_ns
            before = old.get(box)
            if before is not None and before[0] == changed:
                done[box] = before
                known += before[1]
                continue
            names = sorted(os.listdir(folder))  # noqa: PTH208 - a path for each of 100,000 names is dear
        except OSError as error:
            yield Trouble(box, noted("cannot be listed: {reason}", reason=error.strerror))
            continue
        if places is None:
            places = frozenset() if afresh else since.places()
        items = 0
        prefix = os.fspath(folder) + os.sep
        for position, name in enumerate(names):
            place = placed(box, name)
            if not place:
                continue
            if place in places:
                known += 1
                items += 1
                continue
            for item in opened(prefix + name, place, scan, longest):
                if type(item) is Moment:
                    items += 1
                yield item
                inside = since.inside
                if inside and type(item) is Moment:
                    from amity.sources import bodies  # its tables of phrases are dear to load

                    yield from bodies.told(whole(prefix + name, bodies.RAW), item, since)
                recent += 1
            if recent >= batch:
                if known:
                    yield Known(known)
                recent = known = 0
                yield Mark({"boxes": {**old, **done}}, (index + position / len(names)) / len(todo))
        if listed - changed > _SETTLED_NS:
            done[box] = [changed, items]
        else:
            old.pop(box, None)
        if recent:
            if known:
                yield Known(known)
            recent = known = 0
            yield Mark({"boxes": {**old, **done}}, (index + 1) / len(todo))
    if known:
        yield Known(known)
    yield Mark({"boxes": done, "inside": inside}, 1.0)


def whole(name: str, most: int) -> bytes:
    """Return the first bytes of one mail, or none where it went away since its headers were read."""
    try:
        with open(name, "rb") as file:  # noqa: PTH123 - as the folders' names are
            return file.read(most)
    except OSError:
        return b""


def one_mail(name: str, place: str, scan: Scan, longest: int) -> tuple[Item, ...]:
    """Read one file that holds one mail, and tell where its headers are too long; a folder inside a box is no mail."""
    try:
        handle = os.open(name, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
        try:
            data = os.read(handle, _FIRST_READ)
            block = first_block(data)
            if block is None and len(data) == _FIRST_READ:
                more = [data]
                got = len(data)
                while got < longest and (piece := os.read(handle, longest - got)):
                    more.append(piece)
                    got += len(piece)
                data = b"".join(more)
                block = first_block(data)
        finally:
            os.close(handle)
    except IsADirectoryError:
        return ()
    except OSError as error:
        return (Trouble(place, noted("cannot be read: {reason}", reason=error.strerror)),)
    if not data.strip():
        return (Trouble(place, noted("the file is empty"), data[:KEPT]),)
    long = block is None and len(data) == longest
    if block is None:
        block = unix(b"\n" + data)
    item = scan(block, place, b"") if block[:6] not in _PARTING else one_block(block, place, scan)
    return (item, cut(place, longest)) if long else (item,)


def one_block(block: bytes, place: str, scan: Scan) -> Item:
    """Read a header block that may begin with the line by which an mbox parts mails; its date is the last resort."""
    if block[:6] in _PARTING:
        line, _, block = block[1:].partition(b"\n")
        item = scan(b"\n" + block, place, b"")
        if type(item) is Trouble and (day := ENVELOPE.search(line[:1000])):
            return scan(b"\n" + block, place, day[0])
        return item
    return scan(block, place, b"")
