"""The generic source: one row of a CSV file for each contact.

`when,channel,from,to,cc,subject,depth,minutes,id`; people are `Name <handle>`, bare addresses or bare names, separated
by semicolons. Plain, .gz and .xz files are read as they are.
"""

from __future__ import annotations

import csv
import gzip
import io
import lzma
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, cast

from amity import handles
from amity.language import mark, noted
from amity.model import Channel, Depth, Handle, Item, Known, Mark, Moment, Party, Role, Sign, Since, Trouble
from amity.sources import dates, encoded, exact, quarantine

COLUMNS = ("when", "channel", "from", "to", "cc", "subject", "depth", "minutes", "id")
LINE_LIMIT = 1 << 20  # bytes of one line
_NEEDED = ("when", "from", "to")
_BATCH = 2000  # items between two marks
_KEPT = 4096
_CACHED = 100_000
_UNIQUE = 8  # characters of an id that no other table makes too; shorter ones hold in files of one name
_CHANNELS = {channel.word: channel for channel in Channel}
_DEPTHS = {word: depth for depth in Depth for word in (depth.name.lower(), str(int(depth)))}
_DEPTHS[""] = Depth.ORDINARY
_WHEN = re.compile(r"(-?\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](.*))?)?)?")
_CLOCK = re.compile(r"(\d\d):(\d\d)(?::(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|z|[+-]\d\d(?::?\d\d)?)?")
_EPOCH = date(1970, 1, 1).toordinal()
_HINT = mark("The first line must name at least the columns when, from and to: ") + ",".join(COLUMNS)


class Unreadable(Exception):
    """A row that cannot be understood, with the reason."""


def _open(path: Path) -> IO[bytes]:
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast("IO[bytes]", gzip.open(path, "rb"))
    return cast("IO[bytes]", lzma.open(path, "rb")) if suffix == ".xz" else path.open("rb")


def _columns(line: str) -> list[str]:
    try:
        row = next(csv.reader([line]), [])
    except csv.Error:
        return []
    return [name.strip().lower() for name in row]


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is a table of interactions, by the columns that its first line names."""
    if not path.is_file():
        return False
    if path.suffix.lower() in (".gz", ".xz"):
        try:
            with _open(path) as file:
                head = file.read(4096)
        except (OSError, EOFError, lzma.LZMAError, zlib.error):
            return False
    names = _columns(head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].decode("utf-8", "replace").strip())
    return all(name in names for name in _NEEDED)


def when(text: str) -> tuple[int, bool]:
    """Return the seconds since 1970 UTC and whether the day is unknown; a date without time is its midnight UTC.

    Raises Unreadable.
    """
    match = _WHEN.fullmatch(text)
    if not match:
        raise Unreadable(noted('"{text}" is no ISO date', text=text[:40]))
    year, month, day, clock = match.groups()
    try:
        if day is None:
            first = date(int(year), int(month or 1), 1).toordinal()
            after = date(
                int(year) + (month in (None, "12")), 1 if month in (None, "12") else int(month) + 1, 1
            ).toordinal()
            return (first + after - 2 * _EPOCH) * 43200, True
        at = (date(int(year), int(month), int(day)).toordinal() - _EPOCH) * 86400
    except ValueError:
        raise Unreadable(noted('"{text}" is no day of the calendar', text=text[:40])) from None
    if clock:
        if not (time := _CLOCK.fullmatch(clock.strip())):
            raise Unreadable(noted('"{text}" is no ISO time', text=text[:40]))
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if hour > 23 or minute > 59 or second > 60:
            raise Unreadable(noted('"{text}" is no time of the day', text=text[:40]))
        at += (
            hour * 3600
            + minute * 60
            + second
            - dates.offset((time[4] or "") + ("00" if len(time[4] or "") == 3 else ""))
        )
    return at, False


def _split(text: str) -> list[str]:
    """Split people at semicolons that stand outside of quotes and angle brackets."""
    if '"' not in text and "<" not in text:
        return text.split(";")
    return re.findall(r'(?:[^;"<]++|"[^"]*+"|<[^<>]*+>|["<])++', text)


def people(text: str, role: Role) -> tuple[Party, ...]:
    """Return the participants that one field names, each once."""
    found: dict[Handle, Party] = {}
    for piece in _split(text):
        if piece.strip():
            called, handle = exact.read_party(piece) or handles.parse(encoded.clean(piece))
            if handle.value:
                found.setdefault(handle, Party(role, called, handle))
    return tuple(found.values())


class _Lines:
    """The lines of a file as text, and how far they reach: offset in bytes, and a digest of all of them."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.offset = 0
        self.digest = blake2b(digest_size=16)
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        readline = self.file.readline
        update = self.digest.update
        while data := readline(LINE_LIMIT):
            update(data)
            self.offset += len(data)
            self.number += 1
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError:
                yield encoded.raw(data)


class _Seen:
    """The contents told so far, of which equal ones are told apart by their order in the file."""

    def __init__(self) -> None:
        self.once: set[int] = set()
        self.again: dict[int, int] = {}  # how often each of those was told that were told more than once

    def key(self, content: str) -> bytes:
        """Return 16 bytes for the next row with this content; equal rows are contacts of their own."""
        key = blake2b(content.encode("utf-8", "replace"), digest_size=16).digest()
        short = int.from_bytes(key[:8], "big")
        if short not in self.once:
            self.once.add(short)
            return key
        ordinal = self.again[short] = self.again.get(short, 0) + 1
        return blake2b(f"{ordinal}\x1f{content}".encode("utf-8", "replace"), digest_size=16).digest()


def _reader(names: Sequence[str], name: str) -> Callable[[list[str], int, _Seen], Moment]:
    """Return a function that makes a moment of a row, for a file with these columns and this name."""
    where = [names.index(name) if name in names else -1 for name in COLUMNS]
    w_when, w_channel, w_from, w_to, w_cc, w_subject, w_depth, w_minutes, w_id = where
    last = max(where)
    days: dict[str, tuple[int, bool]] = {}
    everybody: tuple[dict[str, tuple[Party, ...]], ...] = ({}, {}, {})
    make = tuple.__new__
    none = Sign.NONE

    def parties(text: str, role: Role) -> tuple[Party, ...]:
        cache = everybody[role]
        if len(cache) > _CACHED:
            cache.clear()
        found = cache[text] = people(text, role)
        return found

    known_from, known_to, known_cc = everybody
    w_delivered = names.index("delivered") if "delivered" in names else len(names)

    def moment(row: list[str], place: int, seen: _Seen) -> Moment:
        if len(row) <= last:
            row += [""] * (last + 1 - len(row))
        text = row[w_when]
        at = days.get(text)
        if at is None:
            if len(days) > _CACHED:
                days.clear()
            at = days[text] = when(text.strip())
        word = row[w_channel] if w_channel >= 0 else ""
        channel = _CHANNELS.get(word) or _CHANNELS.get(word.strip().lower() or "other")
        if channel is None:
            raise Unreadable(
                noted('"{text}" is no channel; known are {channels}', text=word[:40], channels=" ".join(_CHANNELS))
            )
        sender, to, cc = row[w_from], row[w_to], row[w_cc] if w_cc >= 0 else ""
        found = known_from.get(sender)
        everyone = parties(sender, Role.FROM) if found is None else found
        found = known_to.get(to)
        everyone += parties(to, Role.TO) if found is None else found
        if cc:
            found = known_cc.get(cc)
            everyone += parties(cc, Role.CC) if found is None else found
        if not everyone:
            raise Unreadable(noted("nobody is named in from, to or cc"))
        subject = row[w_subject] if w_subject >= 0 else ""
        if subject and (
            not subject.isprintable() or not subject.isascii() or "  " in subject or " " in (subject[0], subject[-1])
        ):
            subject = encoded.clean(subject)
        word = row[w_depth] if w_depth >= 0 else ""
        depth = _DEPTHS.get(word)
        if depth is None and (depth := _DEPTHS.get(word.strip().lower())) is None:
            raise Unreadable(
                noted('"{text}" is no depth; known are passing ordinary deep formative, or 0 to 3', text=word[:40])
            )
        minutes = 0
        word = row[w_minutes].strip() if w_minutes >= 0 else ""
        if word:
            try:
                minutes = round(float(word))
            except (ValueError, OverflowError):
                raise Unreadable(noted('"{text}" is no number of minutes', text=word[:40])) from None
            if not 0 <= minutes <= 1_000_000:
                raise Unreadable(noted('"{text}" minutes cannot be', text=word[:40]))
        identity = row[w_id].strip() if w_id >= 0 else ""
        content = "\x1f".join((text, str(int(channel)), sender, to, cc, subject, str(int(depth)), str(minutes)))
        same = b""
        if kept := exact.read_contact(identity):  # a row of an export of ours is the contact that it was
            imprecise = at[1] or exact.IMPRECISE in kept.marks
            if len(row) > w_delivered:
                everyone += people(row[w_delivered], Role.DELIVERED)
            exactly = (kept.key, at[0], channel, everyone, subject, place, "", "", (), 0, kept.signs, depth, minutes)
            return make(Moment, (*exactly, imprecise, None, kept.same))
        if identity:
            content = f"{identity}\x1e{content}"
            thing = identity if len(identity) >= _UNIQUE else f"{identity}\n{name}"
            same = seen.key(f"interactions\n{thing}")[:8] + bytes(8)
            key = blake2b(content.encode("utf-8", "replace"), digest_size=16).digest()
        else:
            key = seen.key(content)
        told = (key, at[0], channel, everyone, subject, place, "", "", (), 0, none, depth, minutes, at[1], None, same)
        return make(Moment, told)

    return moment


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each row, with a mark about every 2,000; a row's place is the line on which it ends.

    Rows behind the mark of a file that has only grown are gone through but not yielded again.
    Raises OSError where the file cannot be opened.
    """
    stat = path.stat()
    stamp: dict[str, Any] = {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    old = dict(since.state)
    if old.get("whole") and all(old.get(name) == value for name, value in stamp.items()):
        if old["items"]:
            yield Known(old["items"])
        yield Mark(old, 1.0)
        return
    until = old.get("offset", 0)
    if until and not _begins(path, until, old["digest"]):
        until = 0
    if until and old["items"]:
        yield Known(old["items"])
    with _open(path) as file:
        yield from _rows(file, path.name, stamp, until)


def _begins(path: Path, until: int, digest: str) -> bool:
    """Tell whether a file's first bytes are still those that a mark covers."""
    found = blake2b(digest_size=16)
    left = until
    try:
        with _open(path) as file:
            while left and (piece := file.read(min(left, 1 << 20))):
                found.update(piece)
                left -= len(piece)
    except (OSError, EOFError, lzma.LZMAError, zlib.error):
        return False
    return not left and found.hexdigest() == digest


def _rows(file: IO[bytes], name: str, stamp: dict[str, Any], until: int) -> Iterator[Item]:
    lines = _Lines(file)
    rows = csv.reader(iter(lines))
    moment: Callable[[list[str], int, _Seen], Moment] | None = None
    seen = _Seen()
    items = recent = 0
    width = 0
    size = max(1, stamp["size"])
    raw = file if isinstance(file, io.BufferedReader) else getattr(file, "fileobj", None) or getattr(file, "_fp", None)

    def mark(whole: bool) -> Mark:
        share = 1.0 if whole else min(1.0, (raw.tell() if raw is not None else 0) / size)
        return Mark(
            {**stamp, "offset": lines.offset, "digest": lines.digest.hexdigest(), "items": items, "whole": whole}, share
        )

    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            if lines.offset > until:
                yield Trouble(lines.number, f"no CSV: {error}")
            continue
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            yield Trouble(lines.number, noted("the compressed file is damaged or cut short: {error}", error=error))
            return
        if row is None:
            break
        if not row:
            continue
        if moment is None:
            names = [name.strip().lower().removeprefix("\ufeff") for name in row]
            if missing := [name for name in _NEEDED if name not in names]:
                yield Trouble(
                    lines.number,
                    noted("the header lacks {missing}. {hint}", missing=", ".join(missing), hint=_HINT),
                    ",".join(row).encode()[:_KEPT],
                )
                return
            moment, width = _reader(names, name), len(names)
            continue
        fresh = lines.offset > until
        try:
            if len(row) > width and any(row[width:]):
                raise Unreadable(
                    noted(
                        "{n} fields where the header names {width}; a field with a comma needs quotes",
                        n=len(row),
                        width=width,
                    )
                )
            item = moment(row, lines.number, seen)
        except Unreadable as reason:
            if fresh:
                yield Trouble(lines.number, str(reason), ",".join(row).encode("utf-8", "replace")[:_KEPT])
        else:
            items += 1
            if fresh:
                yield item
        if fresh:
            recent += 1
            if recent >= _BATCH:
                recent = 0
                yield mark(whole=False)
        else:
            quarantine.at(f"after {lines.number}")  # nothing is yielded here that tells how far it has come
    yield mark(whole=True)
