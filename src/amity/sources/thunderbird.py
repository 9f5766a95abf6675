"""A Thunderbird profile: the mail folders below Mail and ImapMail, each an mbox without extension or a Maildir.

Beside such a file lies its index, `Inbox.msf`; subfolders lie in `Inbox.sbd`. Folders of spam, trash and drafts are
left alone. Mails that Thunderbird has moved or deleted stay in the file until it is compacted, marked so in
X-Mozilla-Status: they are no longer mail of the owner in this folder, and no items.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from amity.language import noted
from amity.model import Item, Mark, Moment, Since, Trouble
from amity.sources import boxes, maildir, mbox

_ROOTS = ("Mail", "ImapMail")
_STATUS = re.compile(rb"\nX-Mozilla-Status:[ \t]*([0-9A-Fa-f]{4})")
_EXPUNGED = 0x0008
_HEAD = 4096  # bytes by which a file shows that it is an mbox
_OWN = (".msf", ".dat", ".html", ".json", ".sqlite", ".js", ".db", ".txt", ".log", ".xml", ".bak", ".ini", ".mozmsgs")
_BATCH = 2000  # items between two marks


def recognise(path: Path, head: bytes) -> bool:  # noqa: ARG001
    """Tell whether a folder is a profile of Thunderbird, one of its accounts, or its Mail or ImapMail."""
    if not path.is_dir():
        return False
    if any((path / root).is_dir() for root in _ROOTS):
        return (path / "prefs.js").is_file() or any(_indexed(path / root) for root in _ROOTS)
    return _indexed(path)


def _indexed(folder: Path) -> bool:
    """Tell whether a folder, or one right below it, holds mail beside Thunderbird's index of it."""
    try:
        for here in (folder, *(child for child in sorted(folder.iterdir()) if child.is_dir())):
            if any(index.with_suffix("").exists() for index in here.glob("*.msf")):
                return True
    except OSError:
        return False
    return False


def folders(root: Path) -> list[str]:
    """Return the files and folders of mail below a profile, relative and in stable order; links are not followed.

    Raises OSError where the root cannot be listed.
    """
    found: list[str] = []
    starts = [name for name in _ROOTS if (root / name).is_dir()]
    waiting = list(reversed(starts)) if starts else [""]
    os.listdir(root)  # noqa: PTH208 - says why a folder that is not there cannot be read
    while waiting:
        here = waiting.pop()
        below: list[str] = []
        try:
            with os.scandir(root / here) as entries:
                children = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            found.append(here)  # reading it says why it cannot be read
            continue
        for entry in children:
            name = f"{here}/{entry.name}" if here else entry.name
            stem = entry.name.removesuffix(".sbd")
            if entry.name[0] == "." or entry.is_symlink() or boxes.left_out(stem):
                continue
            if entry.is_dir():
                if (Path(entry.path) / "cur").is_dir():
                    found.append(name)
                else:
                    below.append(name)
            elif entry.is_file() and not entry.name.lower().endswith(_OWN) and _is_mbox(Path(entry.path)):
                found.append(name)
        waiting += reversed(below)
    return found


def _is_mbox(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError:
        return True  # reading it says why it cannot be read
    # What has an index is a folder of mail, however it begins; without one, a From line further down shows it.
    return path.with_name(path.name + ".msf").exists() or mbox.recognise(path.with_name(path.name + ".mbox"), head)


def expunged(block: bytes) -> bool:
    """Tell whether a header block says that Thunderbird has moved or deleted the mail."""
    match = _STATUS.search(block)
    return match is not None and bool(int(match[1], 16) & _EXPUNGED)


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the mails of a profile folder by folder, each with the place "folder:offset", with marks as mbox has them.

    A folder that has not changed since the mark is Known. Raises OSError where the profile cannot be opened.
    """
    old: dict[str, Any] = dict(since.state.get("folders", {}))
    done: dict[str, Any] = {}
    todo = folders(path)
    sizes = [_size(path / name) for name in todo]
    total = sum(sizes) or 1
    before = 0
    for name, size in zip(todo, sizes, strict=True):
        here = path / name
        last: Mark | None = None
        try:
            for item in _read(here, name, replace(since, state=old.get(name, {}))):
                if isinstance(item, Mark):
                    last = item
                    if item.share < 1.0:
                        yield Mark(
                            {"folders": {**old, **done, name: dict(item.state)}}, (before + item.share * size) / total
                        )
                else:
                    yield item
        except OSError as error:
            yield Trouble(name, noted("cannot be read: {reason}", reason=error.strerror))
        before += size
        if last is not None:
            done[name] = dict(last.state)
            yield Mark({"folders": {**old, **done}}, min(before / total, 0.999))
    yield Mark({"folders": done}, 1.0)


def _size(path: Path) -> int:
    try:
        return 1 + path.stat().st_size
    except OSError:
        return 1


def _read(path: Path, name: str, since: Since) -> Iterator[Item]:
    if path.is_dir():
        apart = "/"
        places = since.places
        length = len(name) + 1

        def within() -> frozenset[int | str]:
            return frozenset(
                place[length:] for place in places() if isinstance(place, str) and place.startswith(name + "/")
            )

        found = maildir.read(path, replace(since, places=within))
    else:
        apart = ":"
        found = mbox.mails(path, since, expunged, _BATCH)
    for item in found:
        if isinstance(item, Moment | Trouble):
            yield item._replace(place=f"{name}{apart}{item.place}")
        else:
            yield item
