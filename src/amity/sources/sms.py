"""Text messages and calls of an Android phone, as the app "SMS Backup & Restore" writes them in XML.

Read as a stream and without entities: a document type is refused. What the app is known to get wrong is put right:
characters beyond the basic plane written as two numbers, control characters, bare ampersands. Pictures are passed over.
Drafts and messages that were not sent have no parties. A missed or rejected call stays what it is, an attempt to reach
the owner: received, of no minutes; so does a call of the owner's that nobody took, as sent.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from xml.parsers import expat

from amity import handles
from amity.language import noted
from amity.model import Channel, ChatLine, Handle, Item, Moment, Party, Role, Since, Trouble
from amity.sources import chats, encoded

_BATCH = 2000  # items between two marks
_PIECE = 1 << 18
_LONGEST = 1 << 24  # characters of one element, pictures left out
_ROOT = re.compile(rb"<(?:smses|calls)[\s>]")
_BEFORE = re.compile(rb"(?:\s|<\?[^>]{0,500}\?>|<!--.{0,2000}?-->|<!DOCTYPE[^>]{0,500}>)*", re.DOTALL)
_RECORD = re.compile(r"<(?:sms|mms|call)\s")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NUMBERS = re.compile(r"(?:&#(?:\d{1,10}|[xX][0-9A-Fa-f]{1,8});)+")
_NUMBER = re.compile(r"&#(?:(\d+)|[xX]([0-9A-Fa-f]+));")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,10}|#x[0-9A-Fa-f]{1,8});)")
_PICTURE = re.compile(r'(\sdata=")[A-Za-z0-9+/=\s]{64,}')
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]*")
_UNSAFE_END = re.compile(r'(?:&[#\w]{0,12};?){1,2}$|\s(?:d(?:a(?:t(?:a(?:="?[A-Za-z0-9+/=\s]{0,63})?)?)?)?)?$')
_NOBODY = ("", "-1", "-2", "-3", "null", "unknown", "private", "insert-address-token")

Attributes = dict[str, str]


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is a backup of messages or calls, by its root element."""
    if path.is_dir():
        return False
    head = head.removeprefix(b"\xef\xbb\xbf")
    found = _BEFORE.match(head)
    return found is not None and _ROOT.match(head, found.end()) is not None


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each message and call, its place being its number in the file.

    Raises OSError where the file cannot be opened.
    """
    yield from chats.take_up([path], since, lambda reading: _records(path, reading), _BATCH)


class _Refused(Exception):
    """A document that declares types or entities."""


class _Backup:
    """The records of one file, gathered by the parser's callbacks."""

    def __init__(self) -> None:
        self.records: list[tuple[str, Attributes, list[Attributes], list[str]]] = []
        self.open: tuple[str, Attributes, list[Attributes], list[str]] | None = None
        self.root = ""
        self.since = 0  # characters fed since the last element began

    def parser(self) -> expat.XMLParserType:
        """Return a parser that gathers records here."""
        made = expat.ParserCreate("utf-8")
        made.StartElementHandler = self.start
        made.EndElementHandler = self.end
        made.StartDoctypeDeclHandler = self.refuse
        made.EntityDeclHandler = self.refuse
        made.buffer_text = True
        return made

    def refuse(self, *_: object) -> None:
        """Refuse a document type. Raises _Refused."""
        raise _Refused(noted("the file declares a document type, which is not read"))

    def start(self, name: str, attributes: Attributes) -> None:
        """Take an element's attributes."""
        self.since = 0
        self.root = self.root or name
        if name in ("sms", "call"):
            self.records.append((name, attributes, [], []))
        elif name == "mms":
            self.open = (name, attributes, [], [])
        elif self.open is not None:
            if name == "addr" and len(self.open[2]) < 1000:
                self.open[2].append(attributes)
            elif name == "part" and attributes.get("ct", "") == "text/plain" and len(self.open[3]) < 1000:
                self.open[3].append(attributes.get("text", ""))

    def end(self, name: str) -> None:
        """Close a message of several parts."""
        if name == "mms" and self.open is not None:
            self.records.append(self.open)
            self.open = None


def _numbered(match: re.Match[str]) -> str:
    """Return a row of numbered characters with surrogates joined, and without what XML does not allow."""
    codes = [int(number[1] or number[2], 10 if number[1] else 16) for number in _NUMBER.finditer(match[0])]
    out: list[str] = []
    high = 0
    for code in codes:
        if 0xDC00 <= code < 0xE000 and high:
            out.append(chr(0x10000 + ((high - 0xD800) << 10) + code - 0xDC00))
            high = 0
            continue
        if high:
            out.append("\ufffd")
            high = 0
        if 0xD800 <= code < 0xDC00:
            high = code
        elif 0xDC00 <= code < 0xE000 or code > 0x10FFFF:
            out.append("\ufffd")
        elif code in (9, 10, 13) or chr(code) in "<>&\"'":
            out.append(f"&#{code};")
        elif code >= 0x20 and code not in (0xFFFE, 0xFFFF):
            out.append(chr(code))
    if high:
        out.append("\ufffd")
    return "".join(out)


def _text(path: Path, reading: chats.Reading) -> Iterator[str]:
    """Yield a file's text in pieces, put right and without pictures."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
    size = max(1, path.stat().st_size)
    rest = ""
    within = False  # a picture's data
    done = 0
    with path.open("rb") as file:
        while True:
            data = file.read(_PIECE)
            done += len(data)
            reading.share = done / size
            text = rest + decoder.decode(data, final=not data)
            rest = ""
            if within:
                end = _BASE64.match(text)
                text = text[end.end() :] if end else text
                within = not text
            if ' data="' in text:
                within = any(picture.end() == len(text) for picture in _PICTURE.finditer(text))
                text = _PICTURE.sub(r"\1", text)
            if data and not within and (unsafe := _UNSAFE_END.search(text, max(0, len(text) - 100))):
                text, rest = text[: unsafe.start()], text[unsafe.start() :]
            if text:
                text = _CONTROLS.sub("", text)
                if "&" in text:
                    text = _AMPERSAND.sub("&amp;", _NUMBERS.sub(_numbered, text))
                yield text
            if not data:
                return


def _records(path: Path, reading: chats.Reading) -> Iterator[Moment | Trouble]:
    backup = _Backup()
    parser = backup.parser()
    keys = chats.Keys()
    number = 0
    lost = False  # looking for the next record behind an error
    fed = 0

    def told() -> Iterator[Moment | Trouble]:
        nonlocal number
        for kind, attributes, addresses, texts in backup.records:
            number += 1
            try:
                yield _moment(kind, attributes, addresses, texts, number, keys)
            except chats.Unreadable as reason:
                kept = " ".join(f'{name}="{value[:200]}"' for name, value in attributes.items())
                yield chats.unread(number, reason, f"<{kind} {kept}>".encode("utf-8", "replace"))
        backup.records.clear()

    for text in _text(path, reading):
        while text:
            if lost:
                found = _RECORD.search(text)
                if not found:
                    break
                text = text[found.start() :]
                parser = backup.parser()
                begun = f"<{backup.root or 'smses'}>"
                parser.Parse(begun, False)
                fed, lost = len(begun), False
                backup.open = None
                backup.since = 0
            data = text.encode("utf-8")
            try:
                parser.Parse(data, False)
                fed += len(data)
                backup.since += len(text)
                text = ""
                if backup.since > _LONGEST:
                    raise chats.Unreadable("an element is longer than 16 MB")
            except _Refused as refusal:
                yield chats.unread(0, refusal)
                return
            except expat.ExpatError as error:
                yield from told()
                number += 1
                at = max(0, parser.ErrorByteIndex - fed)
                yield chats.unread(
                    number, f"no XML: {expat.errors.messages.get(error.code, error)}", data[at : at + 200]
                )
                text = data[at + 1 :].decode("utf-8", "replace")
                lost = True
            except chats.Unreadable as refusal:
                number += 1
                yield chats.unread(number, refusal)
                lost = True
        yield from told()
    try:
        if not lost:
            parser.Parse(b"", True)
    except expat.ExpatError as error:
        number += 1
        yield chats.unread(number, noted("cut short: {reason}", reason=expat.errors.messages.get(error.code, error)))
    yield from told()


def _address(text: str) -> Handle | None:
    """Return the handle of a phone number, a mail address or a sender's word; None where it is withheld."""
    text = encoded.clean(text)
    if text.lower() in _NOBODY:
        return None
    if "@" in text and (mail := handles.email(text)):
        return mail
    digits = sum(map(str.isdigit, text))
    if digits and not any(map(str.isalpha, text)):
        return handles.phone(text)
    return Handle("handle", f"sms:{text.lower()[: handles.LONGEST]}")


@lru_cache(maxsize=4096)
def _others(told: str, called: str) -> dict[Handle, str]:
    """Return everybody else in a conversation, with the names that the phone knew."""
    addresses = told.split("~")[:1000]
    called = encoded.clean(called)
    names = [called] if len(addresses) == 1 else [name.strip() for name in called.split(",")]
    if len(names) != len(addresses):
        names = [""] * len(addresses)
    found: dict[Handle, str] = {}
    for address, name in zip(addresses, names, strict=True):
        handle = _address(address)
        if handle is not None:
            found.setdefault(handle, "" if name.lower() in ("(unknown)", "null", "unknown") else name)
    return found


def _number(attributes: Attributes, name: str) -> int:
    try:
        return int(attributes.get(name, "").strip() or 0)
    except ValueError:
        raise chats.Unreadable(noted('{name} "{text}" is no number', name=name, text=attributes[name][:40])) from None


def _moment(
    kind: str, attributes: Attributes, addresses: list[Attributes], texts: list[str], place: int, keys: chats.Keys
) -> Moment:
    date = _number(attributes, "date")
    if date <= 0:
        raise chats.Unreadable(noted("there is no date"))
    at = chats.moment_of(date, 1000 if date > 99_999_999_999 else 1)
    way = _number(attributes, "msg_box" if kind == "mms" else "type")
    others = _others(attributes.get("address", attributes.get("number", "")), attributes.get("contact_name", ""))
    minutes = 0
    if kind == "call":
        sent, received = way == 2, way in (1, 3, 4, 5, 6, 7)
        minutes = chats.minutes_of(_number(attributes, "duration")) if way in (1, 2, 7) else 0
    else:
        sent, received = way == 2, way == 1
    writer = next(iter(others), None)
    if kind == "mms" and received:
        # 137 is "from" in Android's table of addresses, PduHeaders.FROM
        from_ = next((_address(each.get("address", "")) for each in addresses if each.get("type") == "137"), None)
        writer = from_ or writer
    parties: tuple[Party, ...] = ()
    sender = ""
    aside = {} if len(others) > chats.CROWD else others
    if sent and others:
        parties = (
            Party(Role.FROM, "", chats.ME),
            *(Party(Role.TO, name, handle) for handle, name in aside.items()),
        )
    elif received and writer is not None:
        parties = (
            Party(Role.FROM, others.get(writer, ""), writer),
            Party(Role.TO, "", chats.ME),
            *(Party(Role.TO, name, handle) for handle, name in aside.items() if handle != writer),
        )
        sender = others.get(writer, "") or writer.value
    body = "\n".join(texts) if kind == "mms" else attributes.get("body", "")
    said = blake2b(encoded.clean(body).encode("utf-8", "replace"), digest_size=16).hexdigest()
    chat = ", ".join(name or handle.value for handle, name in others.items())
    marks = (kind, date, way, *sorted(handle.value for handle in others), said)
    return Moment(
        key=keys.make("sms", *marks),
        at=at,
        channel=Channel.CALL if kind == "call" else Channel.CHAT,
        parties=parties,
        place=place,
        minutes=minutes,
        told=ChatLine(chat[:500], sender),
    )
