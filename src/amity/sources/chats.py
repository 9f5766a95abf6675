"""What all sources of chats share: taking up again, keys, who writes to whom, and JSON that may be damaged.

A message goes from its sender to everybody else known to be in the conversation. In a crowd of more than 64 others it
goes to nobody in particular: what is said to all is said to no one, and naming all would take quadratic space.
"""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Handle, Item, Known, Mark, Moment, Party, Role, Since, Trouble
from amity.sources import dates, quarantine

CROWD = 64  # others in a conversation beyond whom nobody is named
KEPT = 4096  # bytes of a trouble's raw record
ME = Handle("me", "me")  # always the owner
EARLIEST, LATEST = -62135596800, 253402300799  # the years 1 to 9999
_PIECE = 1 << 20
_DEEPEST = 500  # nesting of JSON
_ERROR_AT = re.compile(r"\(byte (\d+)\)")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\]"]', re.DOTALL)
_ESCAPE = re.compile(
    rb"\\(?:[^u]|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u(?:[^dD]|[dD][0-7]))"
    rb"|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_BLANKED = bytes(32 if code < 32 else code for code in range(256))

T = TypeVar("T")
Fact = Card | Moment | Trouble


class Unreadable(Exception):
    """A record that cannot be understood, with the reason."""


class Reading:
    """How far a source has got with its input."""

    def __init__(self) -> None:
        self.share = 0.0


def take_up(
    files: Sequence[Path], since: Since, body: Callable[[Reading], Iterator[Fact]], batch: int
) -> Iterator[Item]:
    """Yield what `body` reads of files, with a mark about every `batch` items, from where a mark was left.

    Files with unchanged names, sizes and dates are not opened; with unchanged content they are as good as read. What
    has changed is read anew, since its keys tell what is known. Raises OSError where the first file cannot be opened.
    """
    stats = [files[0].stat(), *(stat for file in files[1:] if (stat := _stat(file)))]
    names = blake2b(digest_size=16)
    for file, stat in zip(files, stats, strict=False):
        names.update(f"{file.parent.name}/{file.name}\n{stat.st_size}\n{stat.st_mtime_ns}\n".encode("utf-8", "replace"))
    stamp: dict[str, Any] = {
        "size": sum(stat.st_size for stat in stats),
        "mtime_ns": max(stat.st_mtime_ns for stat in stats),
        "files": names.hexdigest(),
    }
    old = dict(since.state)
    same = bool(old) and all(old.get(name) == value for name, value in stamp.items())
    stamp["digest"] = old["digest"] if same else _digest(files)
    same = same or old.get("digest") == stamp["digest"]
    skip = old["seen"] if same else 0
    if skip and old["items"]:
        yield Known(old["items"])
    if same and old["whole"]:
        yield Mark({**old, **stamp}, 1.0)
        return
    reading = Reading()
    seen = items = recent = 0
    share = 0.0
    for item in body(reading):
        seen += 1
        items += type(item) is not Trouble
        if seen <= skip:
            if len(files) == 1:  # of several, the one at hand is known
                quarantine.at(f"after {item.place}")  # nothing is yielded here that tells how far it has come
            continue
        yield item
        recent += 1
        if recent >= batch:
            recent = 0
            share = max(share, min(1.0, reading.share))
            yield Mark({**stamp, "seen": seen, "items": items, "whole": False}, share)
    yield Mark({**stamp, "seen": seen, "items": items, "whole": True}, 1.0)


def _stat(file: Path) -> Any:
    try:
        return file.stat()
    except OSError:
        return None


def _digest(files: Iterable[Path]) -> str:
    """Return a digest of names and contents; a file that cannot be read counts by its name."""
    found = blake2b(digest_size=16)
    for file in files:
        found.update(file.name.encode("utf-8", "surrogateescape") + b"\0")
        try:
            with file.open("rb") as opened:
                while piece := opened.read(_PIECE):
                    found.update(piece)
        except OSError:
            continue
    return found.hexdigest()


def key(*parts: object) -> bytes:
    """Return the 16 bytes that stand for a contact with these marks."""
    return blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=16).digest()


class Keys:
    """Keys of contacts without an id: equal ones are told apart by their order."""

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}

    def make(self, *parts: object) -> bytes:
        """Return the key of the next contact with these marks."""
        made = key(*parts)
        short = int.from_bytes(made[:8], "big")
        ordinal = self._seen.get(short, 0)
        self._seen[short] = ordinal + 1
        return key(ordinal, *parts) if ordinal else made


class Circle:
    """Those who are known to be in one conversation, by handle and name."""

    def __init__(self, members: Iterable[tuple[Handle, str]] = ()) -> None:
        self.members = dict(members)
        self._sides: dict[Handle, tuple[Party, ...]] = {}

    def sides(self, sender: Handle, name: str = "") -> tuple[Party, ...]:
        """Return who takes part in a message by one of them: the sender, then everybody else unless it is a crowd."""
        found = self._sides.get(sender)
        if found is None:
            crowd = len(self.members) - (sender in self.members) > CROWD
            others = [] if crowd else [pair for pair in self.members.items() if pair[0] != sender]
            found = (
                Party(Role.FROM, name or self.members.get(sender, ""), sender),
                *(Party(Role.TO, called, handle) for handle, called in others),
            )
            if len(self._sides) < 4096:
                self._sides[sender] = found
        return found


def moment_of(told: float, unit: int = 1) -> int:
    """Return a time told in units of which so many make a second, in whole seconds, rounded down.

    Raises Unreadable where it lies outside the years 1 to 9999.
    """
    if not EARLIEST * unit <= told <= LATEST * unit:  # also where it is no number
        raise Unreadable(noted("the time lies outside the calendar"))
    return int(told // unit)


def time_told(text: str) -> int:
    """Return the seconds since 1970 UTC of an ISO date and time, UTC where no zone is told. Raises Unreadable."""
    at = dates.parse(text)
    if at is None:
        raise Unreadable(noted('"{text}" is no date and time', text=text[:40]))
    return moment_of(at)


def minutes_of(seconds: float) -> int:
    """Return a call's length in minutes: 0 only where nobody answered."""
    if not 0 < seconds <= 1e8:
        return 0
    return max(1, round(seconds / 60))


def person(text: str) -> Handle:
    """Return the handle of somebody whom a chat calls by name or by phone number."""
    return handles.phone(text) if text[:1] == "+" and sum(map(str.isdigit, text)) > 4 else handles.name(text)


def contents(path: Path) -> bytes | mmap.mmap | memoryview:
    """Return the bytes of a file without reading them all at once, and without a byte order mark. Raises OSError."""
    with path.open("rb") as file:
        if not path.stat().st_size:
            return b""
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return memoryview(data)[3:] if data[:3] == b"\xef\xbb\xbf" else data


def decode(data: bytes | mmap.mmap | memoryview, kind: type[T]) -> tuple[T | None, str]:
    """Return what JSON says as a value of a type, and what was wrong with it, "" if nothing.

    Of a file that is cut short or damaged, what stands before the damage is returned.
    """
    if not len(data):
        return None, noted("the file is empty")
    try:
        return msgspec.json.decode(data, type=kind), ""
    except (msgspec.ValidationError, UnicodeDecodeError) as error:
        return None, noted("not of the form that is known: {error}", error=error)
    except RecursionError:
        return None, noted("nested too deep")
    except msgspec.DecodeError as error:
        reason = str(error)
    clean = _ESCAPE.sub(lambda match: rb"\ufffd" if match[1] else match[0], bytes(data).translate(_BLANKED))
    try:
        return msgspec.json.decode(clean, type=kind), ""
    except msgspec.DecodeError as error:
        reason = str(error)
    except (RecursionError, UnicodeDecodeError):
        return None, noted("nested too deep, or no text")
    if match := _ERROR_AT.search(reason):
        clean = clean[: int(match[1])]
    mended = _mended(clean)
    try:
        value = msgspec.json.decode(mended, type=kind) if mended else None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        value = None
    return value, noted("damaged or cut short: {reason}", reason=reason)


def _mended(data: bytes) -> bytes:
    """Return JSON up to the last whole element of a list, with what is open closed; nothing where there is none."""
    opened = bytearray()
    cut, closing = 0, b""
    for match in _TOKEN.finditer(data):
        token = match[0]
        if token in (b"{", b"["):
            opened += b"}" if token == b"{" else b"]"
            if len(opened) > _DEEPEST:
                break
        elif token == b'"':  # never closed
            break
        elif token in (b"}", b"]"):
            if not opened or opened[-1:] != token:
                break
            del opened[-1:]
            if opened[-1:] == b"]":
                cut, closing = match.end(), bytes(reversed(opened))
    return data[:cut] + closing


def element(raw: msgspec.Raw, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode one record. Raises Unreadable."""
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise Unreadable(str(error)) from None
    except RecursionError:
        raise Unreadable(noted("nested too deep")) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        pass
    try:
        return msgspec.convert(json.loads(bytes(raw).decode("utf-8", "replace")), decoder.type)
    except RecursionError:
        raise Unreadable(noted("nested too deep")) from None
    except (ValueError, msgspec.ValidationError) as error:
        raise Unreadable(str(error)) from None


def unread(place: int | str, reason: object, raw: bytes | msgspec.Raw = b"") -> Trouble:
    """Return the trouble with one record."""
    return Trouble(place, str(reason)[:500], bytes(memoryview(raw)[:KEPT]))


def plain(text: object) -> str:
    """Return the words of a text that may be a string or a list of strings and objects with a "text"."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(
            part if isinstance(part, str) else str(part.get("text", "")) if isinstance(part, dict) else ""
            for part in text
        )
    return ""
