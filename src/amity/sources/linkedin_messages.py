"""Messages of LinkedIn: `messages.csv` from "Get a copy of your data", in the columns of all its generations.

People are links to their profiles, or names where no link stands beside them. Messages of those who have left
("LinkedIn Member") and drafts have no parties; what lay in the spam folder is marked as bulk.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import IO

from amity import handles
from amity.language import noted
from amity.model import Channel, ChatLine, Handle, Item, Moment, Party, Role, Sign, Since, Trouble
from amity.sources import chats, encoded

LINE_LIMIT = 1 << 20  # bytes of one line
_BATCH = 2000  # items between two marks
_NEEDED = ("conversation id", "from", "date", "content")
_GONE = ("", "linkedin member")
_LINK = re.compile(r"https?://[^\s,;]+")


def _header(line: str) -> list[str]:
    try:
        row = next(csv.reader([line]), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is LinkedIn's table of messages, by the columns that its first line names."""
    if path.is_dir():
        return False
    names = _header(head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").strip())
    return all(name in names for name in _NEEDED) and "conversation title" in names


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each message, its place being the line on which it ends.

    Raises OSError where the file cannot be opened.
    """
    yield from chats.take_up([path], since, lambda reading: _messages(path, reading), _BATCH)


class _Lines:
    """The lines of a file as text, and how far they reach."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.number = self.offset = 0

    def __iter__(self) -> Iterator[str]:
        while data := self.file.readline(LINE_LIMIT):
            self.number += 1
            self.offset += len(data)
            try:
                yield data.decode("utf-8-sig" if self.number == 1 else "utf-8").replace("\0", "")
            except UnicodeDecodeError:
                yield encoded.raw(data).replace("\0", "")


def _messages(path: Path, reading: chats.Reading) -> Iterator[Moment | Trouble]:
    size = max(1, path.stat().st_size)
    keys = chats.Keys()
    with path.open("rb") as file:
        lines = _Lines(file)
        rows = csv.reader(iter(lines))
        names: list[str] = []
        while True:
            try:
                row = next(rows, None)
            except csv.Error as error:
                yield chats.unread(lines.number, f"no CSV: {error}")
                continue
            if row is None:
                break
            reading.share = lines.offset / size
            if not any(row):
                continue
            if not names:
                names = [name.strip().lower() for name in row]
                if missing := [name for name in _NEEDED if name not in names]:
                    yield chats.unread(lines.number, noted("the header lacks {missing}", missing=", ".join(missing)))
                    return
                continue
            try:
                if len(row) < len(names):
                    raise chats.Unreadable(
                        noted("{n} fields where the header names {width}", n=len(row), width=len(names))
                    )
                yield _moment(dict(zip(names, row, strict=False)), lines.number, keys)
            except chats.Unreadable as reason:
                yield chats.unread(lines.number, reason, ",".join(row).encode("utf-8", "replace"))


def _person(name: str, link: str) -> tuple[Handle, str] | None:
    """Return somebody by profile, or else by name; None where nobody can be told."""
    if link:
        return handles.url(link), "" if name.lower() in _GONE else name
    return None if name.lower() in _GONE else (handles.name(name), name)


def _people(names: str, links: str) -> Iterator[tuple[Handle, str]]:
    """Yield recipients: names and links side by side where there are as many, else the links, else the names."""
    found = _LINK.findall(links)
    called = [name.strip() for name in re.split("[,;]" if len(found) != 1 else "[;]", names)]
    if found and len(called) != len(found):
        called = [""] * len(found)
    for index, name in enumerate(called):
        if one := _person(name, found[index] if found else ""):
            yield one


def _moment(row: dict[str, str], place: int, keys: chats.Keys) -> Moment:
    at = chats.time_told(row["date"].strip())
    identity = row["conversation id"].strip()
    sender = encoded.clean(row["from"])
    text = encoded.clean(row["content"])
    said = blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    links = _LINK.findall(row.get("sender profile url", ""))
    writer = _person(sender, links[0] if links else "")
    draft = row.get("is message draft", "").strip().lower() in ("yes", "true", "1")
    parties: tuple[Party, ...] = ()
    if writer is not None and not draft:
        others = dict(_people(encoded.clean(row.get("to", "")), row.get("recipient profile urls", "")))
        others.pop(writer[0], None)
        if len(others) > chats.CROWD:
            others = {}
        parties = (
            Party(Role.FROM, writer[1], writer[0]),
            *(Party(Role.TO, name, handle) for handle, name in others.items()),
        )
    thread = int.from_bytes(chats.key("linkedin", identity)[:8], "big", signed=True) if identity else 0
    return Moment(
        key=keys.make("linkedin", identity, at, sender.casefold(), said),
        at=at,
        channel=Channel.CHAT,
        parties=parties,
        subject=encoded.clean(row.get("subject", "")),
        place=place,
        thread=thread,
        signs=Sign.BULK if row.get("folder", "").strip().upper() in ("SPAM", "JUNK") else Sign.NONE,
        told=ChatLine(encoded.clean(row.get("conversation title", "")) or identity, sender),
    )
