"""A workspace exported from Slack, as the folder that its archive unpacks to.

People are `slack:TEAM/USER`, joined with their mail addresses by cards of their profiles. A message goes to the other
members of its conversation; what bots and the program itself say has no parties, nor have channels without a member
list any but the sender. Messages of one thread share it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Channel, ChatLine, Handle, Item, Moment, Position, Since
from amity.sources import chats, encoded

_BATCH = 2000  # items between two marks
_LISTS = ("channels.json", "groups.json", "dms.json", "mpims.json")
_DAY = re.compile(r"\d{4}-\d\d-\d\d\.json")
# What people write; every other subtype is the program's own line.
_HUMAN = ("", "me_message", "thread_broadcast", "file_share", "file_comment", "file_mention", "reply_broadcast")


class _Profile(msgspec.Struct):
    email: str | None = None
    phone: str | None = None
    title: str | None = None
    real_name: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class _User(msgspec.Struct):
    id: str
    team_id: str | None = None
    name: str | None = None
    real_name: str | None = None
    is_bot: bool = False
    profile: _Profile | None = None


class _Conversation(msgspec.Struct):
    id: str
    name: str | None = None
    members: list[str] | None = None


class _Message(msgspec.Struct):
    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    text: Any = ""
    ts: str | float | None = None
    thread_ts: str | float | None = None


_USER = msgspec.json.Decoder(_User)
_CONVERSATION = msgspec.json.Decoder(_Conversation)
_MESSAGE = msgspec.json.Decoder(_Message)


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a folder is an export: it lists users and conversations."""
    if head or not path.is_dir():
        return False
    return (path / "users.json").is_file() and any((path / name).is_file() for name in _LISTS)


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a card for each person and a moment for each message; a place is the file and the number in it.

    Raises OSError where the folder cannot be opened.
    """
    files = _files(path)
    yield from chats.take_up(files, since, lambda reading: _Workspace(path, files).items(reading), _BATCH)


def _files(path: Path) -> list[Path]:
    """Return the export's own files: its lists, then each conversation's days in their order. Raises OSError."""
    found = [path / "users.json", *(path / name for name in _LISTS if (path / name).is_file())]
    for folder in sorted(path.iterdir()):
        if folder.is_dir() and not folder.is_symlink():
            try:
                found += sorted(file for file in folder.iterdir() if _DAY.fullmatch(file.name) and file.is_file())
            except OSError:
                continue
    return found


class _Workspace:
    """One export while it is read."""

    def __init__(self, path: Path, files: list[Path]) -> None:
        self.path = path
        self.lists = [file for file in files if file.parent == path]
        self.days = [file for file in files if file.parent != path]
        self.names: dict[str, str] = {}
        self.teams: dict[str, str] = {}
        self.bots: set[str] = set()
        self.circles: dict[str, tuple[str, str, chats.Circle]] = {}  # by the folder's name

    def items(self, reading: chats.Reading) -> Iterator[chats.Fact]:
        for file in self.lists:
            for place, raw in self._elements(file):
                if isinstance(raw, str):
                    yield chats.unread(place, raw)
                    continue
                try:
                    if file.name == "users.json":
                        if card := self._card(chats.element(raw, _USER), place):
                            yield card
                    else:
                        self._conversation(chats.element(raw, _CONVERSATION), file.name)
                except chats.Unreadable as reason:
                    yield chats.unread(place, reason, raw)
        for done, file in enumerate(self.days):
            reading.share = done / len(self.days)
            identity, title, circle = self.circles.get(
                file.parent.name, (file.parent.name, file.parent.name, chats.Circle())
            )
            for place, raw in self._elements(file):
                if isinstance(raw, str):
                    yield chats.unread(place, raw)
                    continue
                try:
                    yield self._moment(chats.element(raw, _MESSAGE), place, identity, title, circle)
                except chats.Unreadable as reason:
                    yield chats.unread(place, reason, raw)

    def _elements(self, file: Path) -> Iterator[tuple[str, msgspec.Raw | str]]:
        """Yield place and record of a file's list, or what is wrong with it."""
        where = file.name if file.parent == self.path else f"{file.parent.name}/{file.name}"
        try:
            found, damage = chats.decode(chats.contents(file), list[msgspec.Raw])
        except OSError as error:
            found, damage = None, noted("cannot be read: {reason}", reason=error.strerror)
        if damage:
            yield where, damage
        for index, raw in enumerate(found or ()):
            yield f"{where}:{index}", raw

    def _handle(self, user: str) -> Handle:
        return Handle("handle", f"slack:{self.teams.get(user, '')}/{user}".replace(":/", ":"))

    def _card(self, user: _User, place: str) -> Card | None:
        profile = user.profile or _Profile()
        name = encoded.clean(profile.real_name or user.real_name or profile.display_name or user.name or "")
        self.names[user.id] = name
        self.teams[user.id] = user.team_id or ""
        if user.is_bot or user.id == "USLACKBOT":
            self.bots.add(user.id)
            return None
        found = [self._handle(user.id)]
        if profile.email and (mail := handles.email(profile.email)):
            found.append(mail)
        if profile.phone and sum(map(str.isdigit, profile.phone)) > 4:
            found.append(handles.phone(encoded.clean(profile.phone)))
        title = encoded.clean(profile.title or "")
        return Card(
            key=chats.key("slack card", name, title, *found),
            name=name,
            given=encoded.clean(profile.first_name or ""),
            family=encoded.clean(profile.last_name or ""),
            handles=tuple(found),
            position=Position("", title) if title else None,
            place=place,
        )

    def _conversation(self, conversation: _Conversation, listed: str) -> None:
        members = [user for user in conversation.members or () if user not in self.bots]
        circle = chats.Circle((self._handle(user), self.names.get(user, "")) for user in members)
        title = encoded.clean(conversation.name or "")
        if listed in ("dms.json", "mpims.json"):
            title = ", ".join(self.names.get(user) or user for user in members)[:500]
        told = (conversation.id, title, circle)
        self.circles[conversation.id] = told
        if conversation.name:
            self.circles.setdefault(conversation.name, told)

    def _moment(self, message: _Message, place: str, identity: str, title: str, circle: chats.Circle) -> Moment:
        try:
            at = chats.moment_of(float(message.ts if message.ts is not None else "none"))
        except ValueError:
            raise chats.Unreadable(noted("there is no time")) from None
        user = message.user or ""
        human = (
            message.type == "message"
            and (message.subtype or "") in _HUMAN
            and bool(user)
            and not message.bot_id
            and user not in self.bots
        )
        thread = 0
        if message.thread_ts is not None:
            thread = int.from_bytes(chats.key("slack", identity, message.thread_ts)[:8], "big", signed=True)
        return Moment(
            key=chats.key("slack", identity, message.ts, user or message.bot_id or ""),
            at=at,
            channel=Channel.CHAT,
            parties=circle.sides(self._handle(user), self.names.get(user, "")) if human else (),
            place=place,
            thread=thread,
            told=ChatLine(title, self.names.get(user) or user, not human),
        )
