"""The data package that Discord sends on request: only what the owner wrote, in the folder that its archive unpacks to.

A line in a direct message goes to the other recipients; one in a server's channel is written to nobody in particular
and names the owner alone. People are `discord:NUMBER`, friends are cards with their names. Times are UTC.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from amity.language import noted
from amity.model import Card, Channel, ChatLine, Handle, Item, Moment, Since
from amity.sources import chats, encoded

_BATCH = 2000  # items between two marks
_CHANNEL = re.compile(r"c?\d{5,20}")
_DIRECT = (1, 3, "1", "3", "DM", "GROUP_DM")
_WITH = re.compile(r"Direct Message with (.+?)(?:#0|#\d{4})?")
_LINE_LIMIT = 1 << 20

Number = int | str


class _Guild(msgspec.Struct):
    name: str | None = None


class _Conversation(msgspec.Struct):
    id: Number
    type: Number | None = None
    name: str | None = None
    recipients: list[Number] | None = None
    guild: _Guild | None = None


class _Message(msgspec.Struct):
    id: Number = msgspec.field(name="ID")
    timestamp: str = msgspec.field(name="Timestamp")


class _Person(msgspec.Struct):
    id: Number | None = None
    username: str | None = None
    global_name: str | None = None


class _Relation(msgspec.Struct):
    id: Number
    type: Number | None = None
    nickname: str | None = None
    user: _Person | None = None


class _Self(msgspec.Struct):
    id: Number | None = None
    relationships: list[msgspec.Raw] | None = None


_MESSAGE = msgspec.json.Decoder(_Message)
_RELATION = msgspec.json.Decoder(_Relation)


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a folder is a data package, or the messages of one."""
    return not head and path.is_dir() and _messages_of(path) is not None


def _messages_of(path: Path) -> Path | None:
    """Return the folder that holds an index and numbered channels: the path or a folder in it."""
    try:
        for folder in (path, *(child for child in islice(path.iterdir(), 50) if child.is_dir())):
            if (folder / "index.json").is_file() and any(
                _CHANNEL.fullmatch(child.name) and (child / "channel.json").is_file()
                for child in islice(folder.iterdir(), 20)
            ):
                return folder
    except OSError:
        pass  # what cannot be looked into is no package
    return None


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a card for each friend and a moment for each line; a place is the channel's folder and the line's id.

    Raises OSError where the folder cannot be opened.
    """
    messages = _messages_of(path) or path
    files = _files(messages)
    yield from chats.take_up(files, since, lambda reading: _Package(messages, files).items(reading), _BATCH)


def _files(messages: Path) -> list[Path]:
    """Return index, account and each channel's description and messages. Raises OSError."""
    found = [messages / "index.json"]
    found += [
        folder / "user.json"
        for folder in sorted(messages.parent.iterdir())
        if folder != messages and folder.is_dir() and (folder / "user.json").is_file()
    ]
    for folder in sorted(messages.iterdir()):
        if _CHANNEL.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            found += [
                folder / name for name in ("channel.json", "messages.json", "messages.csv") if (folder / name).is_file()
            ]
    return found


class _Package:
    """One data package while it is read."""

    def __init__(self, messages: Path, files: list[Path]) -> None:
        self.messages = messages
        self.files = files
        self.owner = ""
        self.names: dict[str, str] = {}
        self.index: dict[str, Any] = {}

    def items(self, reading: chats.Reading) -> Iterator[chats.Fact]:
        conversation: _Conversation | None = None
        for done, file in enumerate(self.files):
            reading.share = done / len(self.files)
            where = file.name if file.parent == self.messages else f"{file.parent.name}/{file.name}"
            try:
                if file.name == "index.json":
                    index, damage = chats.decode(chats.contents(file), dict[str, Any])
                    self.index = index or {}
                elif file.name == "user.json":
                    account, damage = chats.decode(chats.contents(file), _Self)
                    yield from self._friends(account or _Self(), where)
                elif file.name == "channel.json":
                    conversation, damage = chats.decode(chats.contents(file), _Conversation)
                else:
                    damage = ""
                    yield from self._lines(file, conversation)
            except OSError as error:
                damage = noted("cannot be read: {reason}", reason=error.strerror)
            if damage:
                yield chats.unread(where, damage)

    def _friends(self, account: _Self, where: str) -> Iterator[chats.Fact]:
        self.owner = str(account.id or "")
        for index, raw in enumerate(account.relationships or ()):
            place = f"{where}:{index}"
            try:
                friend = chats.element(raw, _RELATION)
            except chats.Unreadable as reason:
                yield chats.unread(place, reason, raw)
                continue
            person = friend.user or _Person()
            name = encoded.clean(friend.nickname or person.global_name or person.username or "")
            handle = Handle("handle", f"discord:{friend.id}")
            self.names[str(friend.id)] = name
            alias = encoded.clean(person.username or "")
            yield Card(
                key=chats.key("discord card", name, alias, handle.value),
                name=name,
                nicknames=(alias,) if alias and alias != name else (),
                handles=(handle,),
                place=place,
            )

    def _lines(self, file: Path, conversation: _Conversation | None) -> Iterator[chats.Fact]:
        if conversation is None or file.parent.name.removeprefix("c") != str(conversation.id):
            conversation = _Conversation(id=file.parent.name.removeprefix("c"))
        told = self.index.get(str(conversation.id))
        title = encoded.clean(told if isinstance(told, str) else conversation.name or "")
        circle = self._circle(conversation, title)
        where = file.parent.name
        for place, line in self._table(file) if file.suffix == ".csv" else self._list(file):
            if isinstance(line, str):
                yield chats.unread(f"{where}/{place}", line)
                continue
            try:
                at = chats.time_told(line.timestamp)
            except chats.Unreadable as reason:
                yield chats.unread(f"{where}/{place}", reason)
                continue
            yield Moment(
                key=chats.key("discord", line.id),
                at=at,
                channel=Channel.CHAT,
                parties=circle.sides(chats.ME),
                place=f"{where}/{place}",
                told=ChatLine(title, "me"),
            )

    def _circle(self, conversation: _Conversation, title: str) -> chats.Circle:
        """Return to whom the owner writes in a channel: of a server's, to nobody."""
        if conversation.type not in _DIRECT or conversation.guild is not None:
            return chats.Circle()
        others = [str(number) for number in conversation.recipients or () if str(number).isdigit()]
        if self.owner:
            others = [number for number in others if number != self.owner]
        if conversation.type in (1, "1", "DM") and len(others) > 1:
            return chats.Circle()  # which of the two is the owner is not told
        match = _WITH.fullmatch(title)
        if match and len(others) == 1 and not match[1].startswith("Unknown"):
            self.names.setdefault(others[0], match[1])
        return chats.Circle((Handle("handle", f"discord:{number}"), self.names.get(number, "")) for number in others)

    @staticmethod
    def _list(file: Path) -> Iterator[tuple[str, _Message | str]]:
        found, damage = chats.decode(chats.contents(file), list[msgspec.Raw])
        if damage:
            yield file.name, damage
        for index, raw in enumerate(found or ()):
            try:
                yield f"{index}", chats.element(raw, _MESSAGE)
            except chats.Unreadable as reason:
                yield f"{index}", str(reason)

    @staticmethod
    def _table(file: Path) -> Iterator[tuple[str, _Message | str]]:
        with file.open("rb") as opened:
            decoded = (encoded.raw(line).replace("\0", "") for line in iter(lambda: opened.readline(_LINE_LIMIT), b""))
            rows = csv.reader(decoded)
            names: list[str] = []
            while True:
                number = str(rows.line_num)
                try:
                    row = next(rows, None)
                except csv.Error as error:
                    yield number, f"no CSV: {error}"
                    continue
                if row is None:
                    return
                if not names:
                    names = [name.strip().lstrip("\ufeff").lower() for name in row]
                    if "id" not in names or "timestamp" not in names:
                        yield number, noted("the header lacks ID or Timestamp")
                        return
                elif len(row) < len(names):
                    if row:
                        yield number, noted("{n} fields where the header names {width}", n=len(row), width=len(names))
                else:
                    yield number, _Message(row[names.index("id")].strip(), row[names.index("timestamp")].strip())
