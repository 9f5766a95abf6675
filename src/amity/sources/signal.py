"""Chats of Signal, in the forms that can be had without the app's keys.

The app's own export of chats in JSON lines (a line of version and time, then accounts, recipients, chats and messages,
as libsignal's JsonExporter writes its backup frames), and a chat's folder of the tool signal-export (`data.json`, or
`chat.md` alone). XML that other tools write for "SMS Backup & Restore" is read as that. In the app's export people are
`signal:` and their account's id, joined with numbers and names by cards; in the other they are names, and "Me" is the
owner. Its times without a zone are taken as UTC.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Channel, ChatLine, Handle, Item, Moment, Since, Trouble
from amity.sources import chats, encoded

LINE_LIMIT = 1 << 24  # bytes of one line: a frame may hold a whole group
_BATCH = 2000  # items between two marks
_VERSION = re.compile(rb'\s*\{[^{}]{0,2000}"backupTimeMs"\s*:')
_WRITTEN = re.compile(rb'\s*\{"date"\s*:\s*"[^"]{10,40}"\s*,\s*"sender"\s*:')
_LINE = re.compile(r"\[(\d{4}-\d\d-\d\d,? \d\d:\d\d(?::\d\d)?)\] ?([^:\n]{1,200}): ?(.*)", re.DOTALL)
_CALL = re.compile(
    r"(Incoming|Outgoing|Missed)(?: (?:voice|video|group|adhoc|direct))? call(?: \((?:accepted, )?(.{0,60})\))?$"
)
_LENGTH = re.compile(r"(?:(\d{1,5})m )?(\d{1,5})s$")
_NOBODY = ("", "No-Sender", "None")
# Frames of Backup.proto in which nobody meets anybody.
_OTHER = re.compile(rb'\s*\{\s*"(?:account|stickerPack|adHocCall|notificationProfile|chatFolder)"\s*:|\s*\{\s*\}')

Id = int | str


class _Name(msgspec.Struct):
    given: str = ""
    family: str = ""


class _Contact(msgspec.Struct):
    aci: str | None = None
    pni: str | None = None
    e164: Id | None = None
    username: str | None = None
    nickname: _Name | None = None
    profile_given: str = msgspec.field(name="profileGivenName", default="")
    profile_family: str = msgspec.field(name="profileFamilyName", default="")
    system_given: str = msgspec.field(name="systemGivenName", default="")
    system_family: str = msgspec.field(name="systemFamilyName", default="")


class _Member(msgspec.Struct):
    user_id: str = msgspec.field(name="userId", default="")


class _Title(msgspec.Struct):
    title: str = ""


class _Snapshot(msgspec.Struct):
    title: _Title | None = None
    members: list[_Member] = []


class _Group(msgspec.Struct):
    snapshot: _Snapshot | None = None


class _Recipient(msgspec.Struct):
    id: Id
    contact: _Contact | None = None
    group: _Group | None = None
    self: dict[str, Any] | None = None


class _Chat(msgspec.Struct):
    id: Id
    recipient: Id = msgspec.field(name="recipientId", default=0)


class _Call(msgspec.Struct):
    state: Id = ""
    started: Id | None = msgspec.field(name="startedCallTimestamp", default=None)
    ended: Id | None = msgspec.field(name="endedCallTimestamp", default=None)
    direction: Id = ""
    starter: Id | None = msgspec.field(name="startedCallRecipientId", default=None)


class _Update(msgspec.Struct):
    individual: _Call | None = msgspec.field(name="individualCall", default=None)
    group: _Call | None = msgspec.field(name="groupCall", default=None)


class _Entry(msgspec.Struct):
    chat: Id = msgspec.field(name="chatId")
    author: Id = msgspec.field(name="authorId", default=0)
    sent: Id = msgspec.field(name="dateSent", default=0)
    update: _Update | None = msgspec.field(name="updateMessage", default=None)


class _Frame(msgspec.Struct):
    recipient: _Recipient | None = None
    chat: _Chat | None = None
    entry: _Entry | None = msgspec.field(name="chatItem", default=None)


class _Written(msgspec.Struct):
    date: str
    sender: str | None = None
    body: str | None = None
    call: bool = False


_FRAME = msgspec.json.Decoder(_Frame)
_WRITTEN_LINE = msgspec.json.Decoder(_Written)


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is the app's export or one of signal-export's, or a folder a chat that the tool wrote."""
    if path.is_dir():
        return _chat_of(path) is not None
    head = head.removeprefix(b"\xef\xbb\xbf")
    if _VERSION.match(head) or _WRITTEN.match(head):
        return True
    return path.name == "chat.md" and _LINE.match(head.decode("utf-8", "replace")) is not None


def _chat_of(folder: Path) -> Path | None:
    """Return the file to read of a chat's folder: the one with the fullest times."""
    for name, form in (("data.json", _WRITTEN), ("chat.md", None)):
        file = folder / name
        try:
            if file.is_file():
                with file.open("rb") as opened:
                    head = opened.read(4096)
                if form.search(head) if form else _LINE.match(head.decode("utf-8", "replace")):
                    return file
        except OSError:
            continue
    return None


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a card for each contact and a moment for each message, its place being its line.

    Raises OSError where the file cannot be opened.
    """
    file = (_chat_of(path) or path / "data.json") if path.is_dir() else path
    with file.open("rb") as opened:
        frames = _VERSION.search(opened.read(4096)) is not None
    yield from chats.take_up(
        [file], since, lambda reading: _frames(file, reading) if frames else _written(file, reading), _BATCH
    )


def _lines(file: Path, reading: chats.Reading) -> Iterator[tuple[int, bytes]]:
    size = max(1, file.stat().st_size)
    with file.open("rb") as opened:
        number = done = 0
        while data := opened.readline(LINE_LIMIT):
            number += 1
            done += len(data)
            reading.share = done / size
            yield number, data.removeprefix(b"\xef\xbb\xbf") if number == 1 else data


def _integer(number: Id | None) -> int:
    """Return a number that proto3's JSON writes as a string. Raises Unreadable."""
    try:
        return int(number or 0)
    except ValueError:
        raise chats.Unreadable(noted('"{text}" is no number', text=str(number)[:40])) from None


def _account(text: str) -> Handle | None:
    """Return the handle of an account's id, 16 bytes in base64."""
    try:
        data = b64decode(text, validate=False)
    except (NotBase64, ValueError):
        return None
    return Handle("handle", f"signal:{UUID(bytes=data)}") if len(data) == 16 else None


class _Account:
    """Who and what the frames read so far have told of, by their numbers in the file."""

    def __init__(self) -> None:
        self.people: dict[str, tuple[Handle, str]] = {}
        self.named: dict[Handle, str] = {}
        self.groups: dict[str, tuple[str, list[Handle]]] = {}
        self.chats: dict[str, str] = {}  # each one's recipient
        self.told: dict[str, tuple[str, str, chats.Circle]] = {}

    def recipient(self, recipient: _Recipient, place: int) -> Card | None:
        """Take note of somebody, and return the card of a contact."""
        number = str(recipient.id)
        if recipient.self is not None:
            self.people[number] = (chats.ME, "")
        if recipient.group is not None:
            snapshot = recipient.group.snapshot or _Snapshot()
            members = [one for member in snapshot.members if (one := _account(member.user_id))]
            self.groups[number] = (encoded.clean(snapshot.title.title if snapshot.title else ""), members)
        contact = recipient.contact
        if contact is None:
            return None
        nick = contact.nickname or _Name()
        given, family = next(
            (
                pair
                for pair in (
                    (nick.given, nick.family),
                    (contact.system_given, contact.system_family),
                    (contact.profile_given, contact.profile_family),
                )
                if any(pair)
            ),
            ("", ""),
        )
        given, family = encoded.clean(given), encoded.clean(family)
        name = " ".join(filter(None, (given, family)))
        found: list[Handle] = []
        if account := _account(contact.aci or ""):
            found.append(account)
        if phone := _integer(contact.e164):
            found.append(handles.phone(f"+{phone}"))
        if contact.username:
            found.append(Handle("handle", f"signal:{encoded.clean(contact.username).lower()}"))
        if not found and (other := _account(contact.pni or "")):
            found.append(other)
        if not found:
            return None
        self.people[number] = (found[0], name)
        self.named[found[0]] = name
        return Card(
            key=chats.key("signal card", name, *found),
            name=name,
            given=given,
            family=family,
            handles=tuple(found),
            place=place,
        )

    def conversation(self, number: str) -> tuple[str, str, chats.Circle]:
        """Return title, form ("pair", "group" or "alone") and circle of a chat whose messages begin."""
        if number in self.told:
            return self.told[number]
        recipient = self.chats.get(number, "")
        if recipient in self.groups:
            title, members = self.groups[recipient]
            # The owner is a member too, under an account that no contact has.
            known = [(handle, self.named[handle]) for handle in members if handle in self.named]
            found = (title, "group", chats.Circle([*known, (chats.ME, "")]))
        elif recipient in self.people and self.people[recipient][0] != chats.ME:
            handle, name = self.people[recipient]
            found = (name or handle.value, "pair", chats.Circle([(handle, name), (chats.ME, "")]))
        else:
            found = ("", "alone", chats.Circle())
        self.told[number] = found
        return found


def _frames(file: Path, reading: chats.Reading) -> Iterator[chats.Fact]:
    account = _Account()
    for number, data in _lines(file, reading):
        if not data.strip() or (number < 4 and _VERSION.match(data)):
            continue
        try:
            frame = chats.element(msgspec.Raw(data), _FRAME)
            if frame.recipient is not None:
                if card := account.recipient(frame.recipient, number):
                    yield card
            elif frame.chat is not None:
                account.chats[str(frame.chat.id)] = str(frame.chat.recipient)
            elif frame.entry is not None:
                yield _entry(frame.entry, account, number)
            elif not _OTHER.match(data):
                raise chats.Unreadable(noted("a line of a kind that is not known"))
        except chats.Unreadable as reason:
            yield chats.unread(number, reason, data)


def _entry(entry: _Entry, account: _Account, place: int) -> Moment:
    sent = _integer(entry.sent)
    if sent <= 0:
        raise chats.Unreadable(noted("there is no time"))
    title, form, circle = account.conversation(str(entry.chat))
    author, name = account.people.get(str(entry.author), (None, ""))
    minutes = 0
    update = entry.update or _Update()
    call = update.individual or update.group
    if call is not None:
        outgoing = call.direction in ("OUTGOING", 2)
        if update.individual is not None:
            author = chats.ME if outgoing else next((one for one in circle.members if one != chats.ME), author)
        elif call.starter is not None:
            author, name = account.people.get(str(call.starter), (author, name))
        begun, ended = _integer(call.started), _integer(call.ended)
        taken = call.state in ("ACCEPTED", "JOINED", 1)
        # How long a call between two lasted is not told; that it was taken counts as one minute.
        minutes = max(1, chats.minutes_of((ended - begun) // 1000)) if taken else 0
        name = circle.members.get(author, name) if author else name
    system = entry.update is not None and call is None
    shown = "me" if author == chats.ME else name or (author.value if author else "")
    return Moment(
        key=chats.key("signal", author.value if author else entry.author, sent),
        at=chats.moment_of(sent, 1000),
        channel=Channel.CALL if call is not None else Channel.CHAT,
        parties=() if system or author is None or form == "alone" else circle.sides(author, name),
        place=place,
        minutes=minutes,
        told=ChatLine(title, shown, system),
    )


class _Said(msgspec.Struct):
    """A message as signal-export wrote it, and the line on which it began."""

    line: int
    date: str
    sender: str
    body: str
    call: bool = False


def _said(file: Path, reading: chats.Reading) -> Iterator[_Said | Trouble]:
    """Yield the messages of `data.json` or `chat.md`."""
    if file.suffix == ".md":
        yield from _said_plainly(file, reading)
        return
    for number, data in _lines(file, reading):
        if not data.strip():
            continue
        try:
            told = chats.element(msgspec.Raw(data), _WRITTEN_LINE)
        except chats.Unreadable as reason:
            yield chats.unread(number, reason, data)
            continue
        yield _Said(number, told.date, told.sender or "", told.body or "", told.call)


def _said_plainly(file: Path, reading: chats.Reading) -> Iterator[_Said | Trouble]:
    last: _Said | None = None
    for number, data in _lines(file, reading):
        text = encoded.raw(data)
        match = _LINE.match(text)
        if match is None:
            if last is not None and len(last.body) < LINE_LIMIT:
                last.body += text
            elif last is None and text.strip():
                yield chats.unread(number, noted("text outside of any message"), data)
            continue
        if last is not None:
            yield last
        last = _Said(number, match[1].replace(",", ""), match[2], match[3])
    if last is not None:
        yield last


def _written(file: Path, reading: chats.Reading) -> Iterator[Moment | Trouble]:
    title = encoded.clean(file.parent.name)
    names: dict[str, None] = {}
    for said in _said(file, chats.Reading()):
        if isinstance(said, _Said) and said.sender not in _NOBODY:
            names[encoded.clean(said.sender)] = None
    if not set(names) - {"Me"} and title not in ("", "Note to Self"):
        names[title] = None  # the other has not yet said anything
    names["Me"] = None
    circle = chats.Circle((_who(name), "" if name == "Me" else name) for name in names)
    keys = chats.Keys()
    for said in _said(file, reading):
        if isinstance(said, Trouble):
            yield said
            continue
        try:
            at = chats.time_told(said.date)
        except chats.Unreadable as reason:
            yield chats.unread(said.line, reason, said.body.encode("utf-8", "replace"))
            continue
        sender, body = encoded.clean(said.sender), encoded.clean(said.body)
        system = sender in _NOBODY
        call = _CALL.match(body)
        length = _LENGTH.match(call[2] or "") if call else None
        yield Moment(
            # What is said is no part of it: reactions come later, and each form shows quotes and files otherwise.
            key=keys.make("signal", title, at, sender),
            at=at,
            channel=Channel.CALL if call or said.call else Channel.CHAT,
            parties=() if system or title == "Note to Self" else circle.sides(_who(sender), sender),
            place=said.line,
            minutes=chats.minutes_of(int(length[1] or 0) * 60 + int(length[2])) if length else 0,
            told=ChatLine(title, sender, system),
        )


def _who(name: str) -> Handle:
    return chats.ME if name == "Me" else chats.person(name)
