"""Chats and contacts exported from Telegram Desktop as JSON: `result.json` of one chat or of the whole account.

The owner is the account's user, or in one person's chat whoever is not that person. Messages of channels, bots and
notes to oneself are no contact between people and have no parties. A call that nobody took has no minutes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Channel, ChatLine, Handle, Item, Moment, Since, Trouble
from amity.sources import chats, encoded

_BATCH = 2000  # items between two marks
_ALONE = ("saved_messages", "bot_chat", "public_channel", "private_channel", "verify_codes", "replies")
_USER = re.compile(r"(?:user)?(\d{1,20})")
_FIRST = re.compile(rb'\{\s*"(about|name|personal_information|chats|contacts|type|id)"\s*:')
_TYPE = re.compile(
    rb'"type"\s*:\s*"(?:personal_chat|bot_chat|saved_messages|(?:private|public)_(?:group|supergroup|channel)|replies)"'
)

# What an export of the whole account consists of besides contacts and chats.
_NOT_READ = frozenset(
    (
        "about",
        "profile_pictures",
        "stories",
        "profile_music",
        "frequent_contacts",
        "sessions",
        "web_sessions",
        "other_data",
    )
)

Number = int | str | None


class _Chat(msgspec.Struct):
    messages: list[msgspec.Raw]
    name: str | None = None
    type: str = ""
    id: Number = None


class _Several(msgspec.Struct):
    entries: list[msgspec.Raw] = msgspec.field(name="list")


class _Self(msgspec.Struct):
    user_id: Number = None


class _Message(msgspec.Struct):
    id: int
    type: str = "message"
    date: str = ""
    date_unixtime: Number = None
    from_: str | None = msgspec.field(name="from", default=None)
    from_id: Number = None
    actor: str | None = None
    actor_id: Number = None
    action: str | None = None
    text: Any = ""
    duration_seconds: float | None = None
    discard_reason: str | None = None


class _Sender(msgspec.Struct):
    type: str = "message"
    action: str | None = None
    from_: str | None = msgspec.field(name="from", default=None)
    from_id: Number = None
    actor: str | None = None
    actor_id: Number = None


class _Contact(msgspec.Struct):
    user_id: Number = None
    first_name: str | None = None
    last_name: str | None = None
    phone_number: str | None = None


_CHAT = msgspec.json.Decoder(_Chat)
_MESSAGE = msgspec.json.Decoder(_Message)
_SENDER = msgspec.json.Decoder(_Sender)
_CONTACT = msgspec.json.Decoder(_Contact)
_SELF = msgspec.json.Decoder(_Self | None)
_LIST = msgspec.json.Decoder(_Several | None)
_MESSAGES = msgspec.json.Decoder(list[msgspec.Raw] | None)
_WORD = msgspec.json.Decoder(str | None)
_NUMBER = msgspec.json.Decoder(Number)
_PART = re.compile(rb"\s*[\[{]\s*[^\s\]}]")  # that holds something

T = TypeVar("T")


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is an export of Telegram, by its first keys and words that only it has."""
    head = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if path.is_dir() or not _FIRST.match(head):
        return False
    if _TYPE.search(head) and b'"messages"' in head:
        return True
    return b"Telegram" in head and (b'"about"' in head or b'"personal_information"' in head)


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a card for each contact and a moment for each message, its place being its number in the file.

    Raises OSError where the file cannot be opened.
    """
    yield from chats.take_up([path], since, lambda reading: _Archive(reading).items(path), _BATCH)


def _user(number: Number) -> str:
    """Return the digits of a user's number, "" for a channel's, a group's or none."""
    if isinstance(number, int):
        return str(number) if 0 < number < 1 << 32 else ""  # old exports count groups and channels above
    match = _USER.fullmatch(number or "")
    return match[1] if match else ""


class _Archive:
    """One export while it is read."""

    def __init__(self, reading: chats.Reading) -> None:
        self.reading = reading
        self.number = 0
        self.owner = ""

    def items(self, path: Path) -> Iterator[chats.Fact]:
        parts, damage = chats.decode(chats.contents(path), dict[str, msgspec.Raw])
        if damage:
            yield chats.unread(0, damage)
        if parts is None:
            return
        troubles: list[Trouble] = []

        def part(name: str, decoder: msgspec.json.Decoder[T | None]) -> T | None:
            if (raw := parts.pop(name, None)) is None:
                return None
            try:
                return chats.element(raw, decoder)
            except chats.Unreadable as reason:
                troubles.append(chats.unread(name, reason, raw))
                return None

        itself, contacts = part("personal_information", _SELF), part("contacts", _LIST)
        several = [part("chats", _LIST), part("left_chats", _LIST)]
        title, kind, identity = part("name", _WORD), part("type", _WORD), part("id", _NUMBER)
        alone = part("messages", _MESSAGES)
        self.owner = _user(itself.user_id) if itself else ""
        for name, raw in parts.items():
            if name in _NOT_READ or not _PART.match(memoryview(raw)):
                continue
            try:  # what has the form of chats is read, whatever damage its name has taken
                other = chats.element(raw, _LIST)
                if other is None or not any(b'"messages"' in bytes(memoryview(entry)) for entry in other.entries):
                    raise chats.Unreadable(noted("it is no list of chats"))
                several.append(other)
            except chats.Unreadable:
                troubles.append(chats.unread(name[:80], noted("a part that is not known, and was not read"), raw))
        yield from troubles
        if contacts:
            for raw in contacts.entries:
                yield from self._card(raw)
        if alone or kind:
            yield from self._chat(_Chat(alone or [], title, kind or "", identity), 0.0, 1.0)
        told = [raw for one in several if one for raw in one.entries]
        done, size = 0, max(1, sum(len(memoryview(raw)) for raw in told))
        for raw in told:
            begun, done = done, done + len(memoryview(raw))
            try:
                chat = chats.element(raw, _CHAT)
            except chats.Unreadable as reason:
                self.number += 1
                yield chats.unread(self.number, noted("a chat cannot be read: {reason}", reason=reason), raw)
                continue
            yield from self._chat(chat, begun / size, done / size)

    def _card(self, raw: msgspec.Raw) -> Iterator[chats.Fact]:
        self.number += 1
        try:
            contact = chats.element(raw, _CONTACT)
        except chats.Unreadable as reason:
            yield chats.unread(self.number, reason, raw)
            return
        found = [handles.phone(contact.phone_number)] if contact.phone_number else []
        if user := _user(contact.user_id):
            found.append(Handle("handle", f"telegram:{user}"))
        given, family = encoded.clean(contact.first_name or ""), encoded.clean(contact.last_name or "")
        if not found and not given and not family:
            yield chats.unread(self.number, noted("the contact is empty"), raw)
            return
        name = " ".join(filter(None, (given, family)))
        yield Card(
            key=chats.key("telegram contact", name, *found),
            name=name,
            given=given,
            family=family,
            handles=tuple(found),
            place=self.number,
        )

    def _chat(self, chat: _Chat, begun: float, end: float) -> Iterator[Moment | Trouble]:
        identity = str(chat.id) if chat.id is not None else chat.name or ""
        title = encoded.clean(chat.name or "")
        alone = chat.type in _ALONE
        circle, owner = self._circle(chat, title)
        count = max(1, len(chat.messages))
        for index, raw in enumerate(chat.messages):
            self.number += 1
            self.reading.share = begun + (end - begun) * index / count
            try:
                yield self._moment(chats.element(raw, _MESSAGE), identity, title, circle, owner, alone)
            except chats.Unreadable as reason:
                yield chats.unread(self.number, reason, raw)

    def _circle(self, chat: _Chat, title: str) -> tuple[chats.Circle, str]:
        """Return who is known to be in a chat, and the owner's number in it."""
        members: dict[Handle, str] = {}
        peer = _user(chat.id) if chat.type == "personal_chat" else ""
        owner = self.owner
        for raw in chat.messages:
            try:
                message = chats.element(raw, _SENDER)
            except chats.Unreadable:
                continue
            call = message.action == "phone_call"
            number, name = (message.actor_id, message.actor) if call else (message.from_id, message.from_)
            user = _user(number)
            if peer and user and user != peer and not owner:
                owner = user  # of a chat between two, the one who is not the other
            if not call and message.type != "message":
                continue
            handle = self._handle(user, name, number, owner)
            if handle is not None and not members.get(handle):
                members[handle] = encoded.clean(name or "")
        if peer and peer != owner:
            members.setdefault(Handle("handle", f"telegram:{peer}"), title)
            members.setdefault(chats.ME, "")
        elif owner and chat.type not in _ALONE:
            members.setdefault(chats.ME, "")
        return chats.Circle(members.items()), owner

    @staticmethod
    def _handle(user: str, name: str | None, number: Number, owner: str) -> Handle | None:
        if user:
            return chats.ME if user == owner else Handle("handle", f"telegram:{user}")
        if name and number is None:
            return handles.name(encoded.clean(name))
        return None  # a channel or a group that speaks for itself

    def _moment(
        self, message: _Message, identity: str, title: str, circle: chats.Circle, owner: str, alone: bool
    ) -> Moment:
        at = _when(message)
        call = message.action == "phone_call"
        system = message.type != "message" and not call
        sender, number = (
            (message.actor, message.actor_id) if message.type != "message" else (message.from_, message.from_id)
        )
        called = encoded.clean(sender or "")
        handle = self._handle(_user(number), sender, number, owner)
        return Moment(
            key=chats.key("telegram", identity, message.id),
            at=at,
            channel=Channel.CALL if call else Channel.CHAT,
            parties=() if system or alone or handle is None else circle.sides(handle, called),
            place=self.number,
            minutes=chats.minutes_of(message.duration_seconds or 0) if call else 0,
            told=ChatLine(title, called, system),
        )


def _when(message: _Message) -> int:
    """Return the time in UTC; without it, the local one taken as UTC. Raises Unreadable."""
    if message.date_unixtime is not None:
        try:
            return chats.moment_of(int(message.date_unixtime))
        except (ValueError, OverflowError):
            raise chats.Unreadable(noted('"{text}" is no time', text=str(message.date_unixtime)[:40])) from None
    return chats.time_told(message.date)
