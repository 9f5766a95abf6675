"""Messages of Facebook and Instagram: the JSON of "Download your information", a folder of threads or one file of one.

Their text is UTF-8 taken for Latin-1 and is put right. They name people but give no ids, so that people are names; the
owner is the one who takes part in every thread, where several threads leave only one. Reactions are no messages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Channel, ChatLine, Handle, Item, Moment, Since, Trouble
from amity.sources import chats, encoded

_BATCH = 2000  # items between two marks
_FILE = re.compile(r"message_(\d+)\.json", re.IGNORECASE)
_BOXES = ("inbox", "archived_threads", "filtered_threads", "message_requests", "e2ee_cutover", "legacy_threads")
_FIRST = re.compile(rb'\s*\{\s*"(?:participants|messages|threadName|title)"\s*:')
_GONE = ("", "facebook user", "instagram user", "messenger user", "instagram-nutzer", "facebook-nutzer")
_REACTED = re.compile(r"Reacted .{1,40} to your message\s*$|Liked a message\s*$")


class _Thread(msgspec.Struct):
    participants: list[Any] = []
    messages: list[msgspec.Raw] | None = None
    title: str | None = None
    thread_path: str | None = None
    thread_name: str | None = msgspec.field(name="threadName", default=None)


class _Circle(msgspec.Struct):
    participants: list[Any] = []


class _Message(msgspec.Struct):
    sender_name: str | None = None
    sender: str | None = msgspec.field(name="senderName", default=None)
    timestamp_ms: float | None = None
    timestamp: float | None = None
    content: Any = None
    text: Any = None
    type: str | None = None
    call_duration: float | None = None


_MESSAGE = msgspec.json.Decoder(_Message)


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is a thread of messages by its first keys, or a folder holds boxes of such threads."""
    if path.is_dir():
        return bool(_boxes(path)) and next(_files(path), None) is not None
    head = head.removeprefix(b"\xef\xbb\xbf")
    if not _FIRST.match(head) or b'"participants"' not in head:
        return False
    return b'"sender_name"' in head or b'"timestamp_ms"' in head or b'"senderName"' in head


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each message; its place is the thread's folder, the file's number and its number in there.

    Raises OSError where the path cannot be opened.
    """
    files = list(_files(path)) if path.is_dir() else [path]
    yield from chats.take_up(files or [path], since, lambda reading: _messages(files, reading), _BATCH)


def _boxes(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in _BOXES if (folder / name).is_dir()]
    except OSError:
        return []


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files of all threads, each thread's in the order of their numbers."""
    for box in _boxes(folder):
        try:
            threads = sorted(thread for thread in box.iterdir() if thread.is_dir() and not thread.is_symlink())
        except OSError:
            continue
        for thread in threads:
            try:
                named = [(_FILE.fullmatch(file.name), file) for file in thread.iterdir()]
            except OSError:
                continue
            yield from (file for _, file in sorted((int(match[1][:9]), file) for match, file in named if match))


def righted(text: str) -> str:
    """Return text whose UTF-8 was taken for Latin-1 as it was meant; other text stays as it is."""
    if not text.isascii():
        with suppress(UnicodeError):  # it was right, or nobody can tell
            text = text.encode("latin-1").decode("utf-8")
    return encoded.clean(text)


def _names(participants: Sequence[Any]) -> list[str]:
    found = (entry.get("name") if isinstance(entry, dict) else entry for entry in participants)
    return [righted(name) for name in found if isinstance(name, str)]


def _owner(files: Sequence[Path]) -> str:
    """Return the one name that takes part in every thread, "" where there is none or more than one."""
    common: set[str] | None = None
    threads: set[Path] = set()
    for file in files:
        if file.parent in threads:
            continue
        try:
            circle, _ = chats.decode(chats.contents(file), _Circle)
        except OSError:
            continue
        names = {name.casefold() for name in _names(circle.participants)} if circle else set()
        if len(names) > 1:
            threads.add(file.parent)
            common = names if common is None else common & names
    return next(iter(common)) if common and len(common) == 1 and len(threads) > 1 else ""


def _messages(files: Sequence[Path], reading: chats.Reading) -> Iterator[Moment | Trouble]:
    owner = _owner(files) if len(files) > 1 else ""
    keys = chats.Keys()
    folder: Path | None = None
    circle = chats.Circle()
    for done, file in enumerate(files):
        where = f"{file.parent.name}/{file.name}" if len(files) > 1 else file.name
        try:
            data = chats.contents(file)
            thread, damage = chats.decode(data, _Thread)
        except OSError as error:
            yield chats.unread(where, noted("cannot be read: {reason}", reason=error.strerror))
            continue
        if damage:
            yield chats.unread(where, damage)
        if thread is None:
            continue
        if file.parent != folder or not circle.members:
            folder, circle = file.parent, _circle(thread, files[done:], owner)
        if thread.messages is None:
            if not damage:
                yield chats.unread(
                    where, noted("the thread has no list of messages"), bytes(memoryview(data)[: chats.KEPT])
                )
            continue
        title = righted(thread.title or thread.thread_name or "")
        identity = (thread.thread_path or thread.thread_name or file.parent.name).rpartition("/")[2]
        count = max(1, len(thread.messages))
        for index, raw in enumerate(thread.messages):
            reading.share = (done + index / count) / len(files)
            try:
                message = chats.element(raw, _MESSAGE)
                yield _moment(message, f"{where}:{index}", identity, title, circle, owner, keys)
            except chats.Unreadable as reason:
                yield chats.unread(f"{where}:{index}", reason, raw)


def _circle(thread: _Thread, files: Sequence[Path], owner: str) -> chats.Circle:
    """Return who is in a thread: whom it lists, and whoever else writes in it."""
    members: dict[Handle, str] = {}
    for name in _names(thread.participants):
        if name.casefold() not in _GONE:
            members[_who(name, owner)] = name
    for file in islice(files, 1, None) if not members else ():
        if file.parent != files[0].parent:
            break
        try:
            later, _ = chats.decode(chats.contents(file), _Circle)
        except OSError:
            continue
        members |= {_who(name, owner): name for name in _names(later.participants if later else ())}
    return chats.Circle(members.items())


def _who(name: str, owner: str) -> Handle:
    return chats.ME if owner and name.casefold() == owner else handles.name(name)


def _moment(
    message: _Message, place: str, identity: str, title: str, circle: chats.Circle, owner: str, keys: chats.Keys
) -> Moment:
    told = message.timestamp_ms if message.timestamp_ms is not None else message.timestamp
    if told is None:
        raise chats.Unreadable(noted("there is no time"))
    at = chats.moment_of(told, 1000)
    sender = righted(message.sender_name or message.sender or "")
    text = righted(chats.plain(message.content or message.text or ""))
    call = message.call_duration is not None or message.type == "Call"
    system = message.type in ("Subscribe", "Unsubscribe") or not sender or _REACTED.match(text) is not None
    said = blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return Moment(
        key=keys.make("meta", identity, int(told), sender.casefold(), said),
        at=at,
        channel=Channel.CALL if call else Channel.CHAT,
        parties=() if system or sender.casefold() in _GONE else circle.sides(_who(sender, owner), sender),
        place=place,
        minutes=chats.minutes_of(message.call_duration or 0),
        told=ChatLine(title, sender, system),
    )
