"""Mail as one file a message (.eml), a single one or a folder of them with its subfolders.

Outlook, Thunderbird, Apple Mail, Proton and many archives export so. A mail's place is its path within the folder.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path

from amity.model import Item, Known, Mark, Moment, Since
from amity.sources import limits, maildir
from amity.sources.archives import SKIPPED
from amity.sources.mail import scanner

SUFFIXES = (".eml", ".email")
_BATCH = 2000  # items between two marks
_LOOKED_AT = 2000  # entries of a folder, with those below it, that are looked at to recognise it
_FIELD = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,8}(?:>?From [^\n]*\n)?[!-9;-~]{1,200}[ \t]*:")
_MAIL = re.compile(
    rb"^(?:from|to|cc|date|subject|message-id|received|return-path|delivered-to|mime-version|x-[\w-]+|reply-to)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?\s{0,8}(?:[!-9;-~]{1,200}[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*(?:\n|\Z))+")
_NAME = re.compile(rb"^(?:\xef\xbb\xbf)?([!-9;-~]{1,200})[ \t]*:", re.MULTILINE)
_TELLING = frozenset((b"from", b"date", b"subject", b"message-id", b"received", b"return-path", b"mime-version"))
_MAILISH = (".msg", ".mbox", ".mbx", ".mail", ".mime")  # names that other forms of mail have too
_PAGES = (".mht", ".mhtml")  # of the web, saved with headers as mail has them


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is one mail, by its name and first bytes, or a folder holds such and nothing else to read.

    Under another name a file is one whose first lines are headers, from whom it is and when or about what among them.
    Pictures and documents beside the mails, which were attached to them, do not count.
    """
    if path.is_dir():
        return _only(path)
    if path.name.lower().endswith(SUFFIXES):
        return _FIELD.match(head) is not None or _MAIL.search(head) is not None or not head.strip()
    block = _HEADERS.match(head)
    names = {name.lower() for name in _NAME.findall(block[0])} if block else set()
    if path.suffix.lower() in _MAILISH:
        return not names.isdisjoint(_TELLING)
    return b"from" in names and len(names & _TELLING) > 1 and path.suffix.lower() not in _PAGES


def _only(root: Path) -> bool:
    found = False
    looked = 0
    waiting = [os.fspath(root)]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    looked += 1
                    if looked > _LOOKED_AT:
                        return found
                    if entry.name[0] == "." or entry.is_symlink():
                        continue
                    if entry.is_dir():
                        waiting.append(entry.path)
                    elif entry.name.lower().endswith(SUFFIXES):
                        found = True
                    elif os.path.splitext(entry.name)[1].lower() not in SKIPPED:  # noqa: PTH122 - many of them
                        return False
        except OSError:
            continue
    return found


def _place(box: str, name: str) -> str:
    if name[0] == "." or not name.lower().endswith(SUFFIXES):
        return ""
    return f"{box}/{name}" if box else name


def folders(root: Path) -> list[str]:
    """Return a folder and all below it, relative and in stable order; links and hidden ones are left alone."""
    found: list[str] = []
    waiting = [""]
    while waiting:
        here = waiting.pop()
        found.append(here)
        try:
            with os.scandir(root / here) as entries:
                names = sorted(
                    entry.name for entry in entries if entry.name[0] != "." and entry.is_dir(follow_symlinks=False)
                )
        except OSError:
            if not here:
                raise
            continue  # reading it says why it cannot be read
        waiting += [f"{here}/{name}" if here else name for name in reversed(names)]
    return found


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the mails of a folder, with a mark about every 2,000 and behind each folder, or the one mail of a file.

    Folders whose own date has not moved since the mark are not listed; in others, names known already are not opened.
    Raises OSError where the path cannot be opened.
    """
    if path.is_dir():
        return maildir.walk(path, since, folders(path), _place, maildir.one_mail, _BATCH)
    return single(path, since, maildir.one_mail)


def single(path: Path, since: Since, opened: maildir.Opened) -> Iterator[Item]:
    """Yield the one mail of a file, or Known where the file is as it was. Raises OSError."""
    bounds = limits.of(since)
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        state = {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "inside": since.inside}
        digest = blake2b(file.read(bounds.header_bytes), digest_size=16).hexdigest()
    old = dict(since.state)
    same = old.get("size") == status.st_size and old.get("digest") == digest
    if same and not since.inside & ~old.get("inside", 0):
        if old["items"]:
            yield Known(old["items"])
        yield Mark({**state, **old, "mtime_ns": status.st_mtime_ns}, 1.0)
        return
    items = 0
    for item in opened(os.fspath(path), path.name, scanner(bounds), bounds.header_bytes):
        yield item
        if type(item) is Moment:
            items += 1
            if since.inside:
                from amity.sources import bodies  # its tables of phrases are dear to load

                yield from bodies.told(maildir.whole(os.fspath(path), bodies.RAW), item, since)
    yield Mark({**state, "digest": digest, "items": items}, 1.0)
