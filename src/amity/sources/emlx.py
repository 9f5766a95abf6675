"""Apple Mail's own store: .emlx files below ~/Library/Mail (V10/…/INBOX.mbox/…/Messages/1234.emlx).

Such a file begins with a line that says how many bytes the message has; behind it stands an XML property list, of
which only the number `flags` is looked at, and not by an XML parser. `.partial.emlx` files lack their attachments
alone. What lies in folders of spam, trash and drafts is left alone, and so is what is marked as draft.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from amity.language import noted
from amity.model import Item, Since, Trouble
from amity.sources import boxes, eml, maildir
from amity.sources.mail import KEPT, Scan, cut, unix

_BATCH = 2000  # items between two marks
_FIRST_READ = 16 << 10  # bytes; the headers of nearly every mail end before
_LOOKED_AT = 2000  # entries that are looked at to recognise a store
_COUNT = re.compile(rb"[ \t]*(\d{1,12})[ \t]*\r?\n")
_FLAGS = re.compile(rb"<key>flags</key>\s*<integer>\s*(\d{1,19})\s*</integer>")
_DRAFT = 1 << 6
_PLIST = 64 << 10  # bytes of the property list at the end
_STORE = re.compile(
    r"V\d{1,3}|MailData|Messages|Attachments|Data|\d|[0-9A-Fa-f-]{36}|.*\.(?:mbox|imapmbox)", re.IGNORECASE
)


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is an Apple mail, by its name and first bytes, or a folder is such a store."""
    if not path.is_dir():
        return path.name.lower().endswith(".emlx") and _COUNT.match(head) is not None
    try:
        with os.scandir(path) as entries:
            top = [entry for entry in entries if entry.name[0] != "."]
            if not all(_STORE.fullmatch(e.name) if e.is_dir() else _own(e.name) for e in top):
                return False
    except OSError:
        return False
    looked = 0
    waiting = [path]
    while waiting:
        try:
            with os.scandir(waiting.pop(0)) as entries:
                for entry in entries:
                    looked += 1
                    if looked > _LOOKED_AT:
                        return False
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(Path(entry.path))
                    elif entry.name.lower().endswith(".emlx"):
                        return True
        except OSError:
            continue
    return False


def _own(name: str) -> bool:
    return (
        name.lower().endswith((".emlx", ".emlxpart", ".plist", ".icloud", ".sqlite", ".data"))
        or name == "table_of_contents"
    )


def _folders(root: Path) -> list[str]:
    """Return the folders below a store, but those of spam, trash and drafts and of attachments."""
    return [
        folder
        for folder in eml.folders(root)
        if folder.rpartition("/")[2] != "Attachments"
        and "/Attachments/" not in folder
        and not any(boxes.left_out(part[:-5]) for part in folder.split("/") if part.lower().endswith(".mbox"))
    ]


def _place(box: str, name: str) -> str:
    if name[0] == "." or not name.endswith(".emlx"):
        return ""
    name = name.replace(".partial.emlx", ".emlx")  # the same mail, before and after its attachments came
    return f"{box}/{name}" if box else name


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the mails of a store, with a mark about every 2,000 and behind each folder, or the one mail of a file.

    Folders whose own date has not moved since the mark are not listed; in others, names known already are not opened.
    Raises OSError where the path cannot be opened.
    """
    if path.is_dir():
        return maildir.walk(path, since, _folders(path), _place, _mail, _BATCH)
    return eml.single(path, since, _mail)


def _mail(name: str, place: str, scan: Scan, longest: int) -> tuple[Item, ...]:
    """Read one file, and tell where its headers are too long; a draft is no contact yet."""
    try:
        with Path(name).open("rb") as file:
            data = file.read(_FIRST_READ)
            match = _COUNT.match(data)
            if match is None:
                return (Trouble(place, noted("its first line does not say how long the message is"), data[:KEPT]),)
            start, length = match.end(), int(match[1])
            size = os.fstat(file.fileno()).st_size
            end = min(start + length, size)
            file.seek(max(end, size - _PLIST))
            tail = file.read(_PLIST)
            block = maildir.first_block(data[start:end])
            if block is None and end > len(data):
                file.seek(start)
                data = file.read(min(length, longest))
                block = maildir.first_block(data)
            else:
                data = data[start:end]
    except OSError as error:
        return (Trouble(place, noted("cannot be read: {reason}", reason=error.strerror)),)
    if (flags := _FLAGS.search(tail)) is not None and int(flags[1]) & _DRAFT:
        return ()
    if not data.strip():
        return (Trouble(place, noted("the file is empty"), data[:KEPT]),)
    item = maildir.one_block(unix(b"\n" + data) if block is None else block, place, scan)
    return (item, cut(place, longest)) if block is None and len(data) == longest < length else (item,)
