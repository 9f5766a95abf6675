"""Calendars: iCalendar (RFC 5545) and what is left of vCalendar 1.0, one file, or a folder with a file an event (vdir).

Each event is cut out and read on its own, so that no broken one takes the rest of the file with it. To-dos, journals
and free-busy times are passed over. Times without a zone are in that of their calendar where it names one
(X-WR-TIMEZONE, which no standard knows and many programs write); else they count as UTC, as whole days do.
"""

from __future__ import annotations

import mmap
import re
from binascii import a2b_qp
from bisect import bisect_right
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from amity import handles
from amity.language import noted
from amity.model import Channel, Depth, Event, Handle, Item, Known, Mark, Moment, Party, Role, Since, Trouble
from amity.sources import encoded, exact, recurrence, vcard, zones
from amity.sources.recurrence import Purse
from amity.sources.zones import Observance, Zone

FILE_LIMIT = 1 << 30  # bytes of one file; more is no calendar
EVENT_LIMIT = 64 << 20  # bytes of one event, pictures and all
OCCURRENCES = 5000  # of one event; of more, the latest are told
_BATCH = 2000  # items between two marks
_KEPT = 4096
_MAPPED = 4 << 20  # bytes above which a file is mapped and not read
_STEPS = 3_000_000  # that all repeating events of a file may take together: about three seconds
_STEPS_EACH = 200_000
_UNIQUE = 8  # characters of an id that no other calendar makes too
_LONGEST = 7 * 1440  # minutes that a meeting may last
_LATEST = 64_060_588_800  # seconds since 1970 of the year 4000
_EPOCH = 1 << 62  # added to seconds since 1970, so that they are never negative and never nothing
_AHEAD = 400 * 86400  # seconds beyond `until` in which the next occurrence is looked for
_SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb", ".vcs")
_BESIDE = ("color", "displayname", "description", "order")  # what vdirsyncer lays beside a folder's events

_EDGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:(BEGIN)|END)[ \t]*:[ \t]*([A-Za-z0-9_-]{1,64})[ \t\r]*$", re.IGNORECASE | re.MULTILINE
)
_HEAD = re.compile(rb"\s*BEGIN[ \t]*:[ \t]*(?:VCALENDAR|VEVENT|VTIMEZONE|VTODO)\b", re.IGNORECASE)
_ANYWHERE = re.compile(
    rb"^(?:\xef\xbb\xbf)?BEGIN[ \t]*:[ \t]*V(?:CALENDAR|EVENT|TIMEZONE|TODO|JOURNAL|FREEBUSY|ALARM)\b",
    re.IGNORECASE | re.MULTILINE,
)
_EVENT = re.compile(rb"\s*BEGIN[ \t]*:[ \t]*VEVENT\b", re.IGNORECASE)
_FIRST_DAY = re.compile(rb"^DTSTART[^\n]*(?:\n[ \t][^\n]*)*\n?", re.IGNORECASE | re.MULTILINE)
_METHOD = re.compile(r"^METHOD(?:;[^:\n]*)?:[ \t]*([A-Za-z]{1,32})", re.IGNORECASE | re.MULTILINE)
_HOME = re.compile(r"^X-WR-TIMEZONE(?:;[^:\n]*)?:(.{1,200})", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(rb"^UID[^\n]{0,300}", re.IGNORECASE | re.MULTILINE)
_ZONE_NAME = re.compile(r"^TZID(?:;[^:\n]*)?:(.*)$", re.IGNORECASE | re.MULTILINE)
_INNER = re.compile(r"^(?:(BEGIN)|END)[ \t]*:[ \t]*([A-Za-z0-9_-]{1,64})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_NAMES = (
    "DTSTART DTEND DURATION UID SUMMARY STATUS ORGANIZER ATTENDEE LOCATION RRULE EXRULE RDATE EXDATE"
    " RECURRENCE-ID SEQUENCE TZOFFSETFROM TZOFFSETTO X-AMITY-CONTACT"
)
_LINE = re.compile(
    rf"^({_NAMES.replace(' ', '|')})"
    r"(?:[ \t]*+((?:;(?:[^\":;\n\\]++|\"[^\"\n]*+\"|\\[^\n])*+)*+)[ \t]*+:|((?:;[^:\n]*+)?):)(.*)$",
    re.IGNORECASE | re.MULTILINE,
)
_PARAM = re.compile(r";[ \t]*([^=;:\"\s]++)[ \t]*=[ \t]*((?:[^\";\\]++|\"[^\"]*+\"|\\.?)*+)")
_ESCAPED = re.compile(r"\\([,;:\"\\])")
_SOFT = re.compile(r"(QUOTED-PRINTABLE[^\n:]{0,200}+:[^\n]*+(?:(?<==)\n[^\n]*+)++)", re.IGNORECASE)
_TIME = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s*(Z|[+-]\d\d:?\d\d)?)?", re.IGNORECASE
)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,6})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,8})H)?(?:(\d{1,8})M)?(?:(\d{1,9})S)?)?", re.IGNORECASE
)
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)
_SPACED = re.compile(r"[\s,;]+")
_NOBODY = ("@group.calendar.google.com", "@resource.calendar.google.com", "@import.calendar.google.com")
_UNKNOWN = ("unknownorganizer@calendar.google.com", "noreply@calendar.google.com")
_ANSWERS = ("REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH")
_COMPONENTS = (b"VEVENT", b"VTODO", b"VJOURNAL", b"VFREEBUSY", b"VTIMEZONE", b"VCALENDAR")
_WRITTEN = "X-AMITY-CONTACT"  # in what Amity wrote itself
DATE = "date"  # its value where an event is a date of the address book
_SEVERAL = ("ATTENDEE", "RRULE", "EXRULE", "RDATE", "EXDATE")

Buffer = bytes | mmap.mmap


class Unreadable(ValueError):
    """Say why an event cannot be read."""


class _Head(NamedTuple):
    """What a calendar says above its events."""

    method: str = ""
    zone: str = ""  # X-WR-TIMEZONE


class Property(NamedTuple):
    """One line of an event: parameters by upper-case name, value as written."""

    name: str
    params: dict[str, str]
    value: str


class Time(NamedTuple):
    """A time as written: by the clock on the wall of its zone, or a whole day."""

    local: datetime
    all_day: bool
    utc: bool  # written with Z
    zone: Zone | None

    @property
    def at(self) -> int:
        """Return seconds since 1970 UTC."""
        return zones.epoch(self.local, self.zone)

    @property
    def written(self) -> str:
        """Return the time in ISO 8601, with Z where it was written so and else without any zone."""
        if self.all_day:
            return self.local.date().isoformat()
        return self.local.isoformat(timespec="seconds") + ("Z" if self.utc else "")


_UNDATED = Time(datetime(1970, 1, 1), all_day=False, utc=False, zone=None)  # an answer to an invitation may say no day


class _Meeting(Struct):
    """One VEVENT, read."""

    place: int | str
    uid: str
    start: Time
    minutes: int
    subject: str
    parties: tuple[Party, ...]
    told: Event
    rules: list[str] = field(default_factory=list)
    except_rules: list[str] = field(default_factory=list)
    dates: list[Property] = field(default_factory=list)
    except_dates: list[Property] = field(default_factory=list)
    instead_of: Property | None = None
    since: Time | None = None  # when that one would have been, where it can be read
    onward: bool = False  # it stands in for all later occurrences too (RANGE=THISANDFUTURE)
    sequence: int = 0
    cancelled: bool = False
    written: str = ""  # by Amity itself: which contact it is, or that it is a date of the address book

    @property
    def version(self) -> tuple[int, bool]:
        """Return what is greater in a later version of the same event."""
        return self.sequence, self.cancelled

    @property
    def repeats(self) -> bool:
        """Tell whether it takes place by rules or dates of its own."""
        return bool(self.rules or self.dates) and (self.instead_of is None or self.onward)


class _Change(NamedTuple):
    """What all occurrences of an event become from one of them on."""

    since: Time  # the first of them, as it was before
    meeting: _Meeting


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is a calendar, by its first line or its name, or a folder nothing but calendars."""
    if path.is_dir():
        files = [child for child in path.iterdir() if not child.name.startswith(".") and child.name not in _BESIDE]
        return bool(files) and all(child.suffix.lower() in _SUFFIXES and child.is_file() for child in files)
    if charset := vcard.wide(head):
        head = head.decode(charset, "ignore").encode("utf-8", "ignore")
    return _HEAD.match(head.removeprefix(b"\xef\xbb\xbf")) is not None or path.suffix.lower() in _SUFFIXES


# --- lines -------------------------------------------------------------------


def _text(block: bytes) -> str:
    """Unfold a block of lines and decode it; it may have been folded inside of a character (RFC 5545 §3.1)."""
    if b"\r" in block:
        block = block.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    while b"\n\n" in block:  # early Mozilla put an empty line before each folded one
        block = block.replace(b"\n\n", b"\n")
    if b"\n " in block or b"\n\t" in block:
        block = block.replace(b"\n ", b"").replace(b"\n\t", b"")
    if b"\0" in block:
        block = block.replace(b"\0", b"")
    text = encoded.raw(block)
    if "=\n" in text:
        text = _SOFT.sub(lambda match: match[1].replace("=\n", ""), text)
    return text


def _without_parts(text: str) -> str:
    """Leave out the parts inside an event: alarms, and what others put there."""
    kept = []
    depth = end = 0
    for match in _INNER.finditer(text):
        if match[1]:
            if depth == 1:
                kept.append(text[end : match.start()])
            depth += 1
        elif depth:
            depth -= 1
            if depth == 1:
                end = match.end()
    if depth <= 1:
        kept.append(text[end:])
    return "".join(kept)


@lru_cache(maxsize=4096)
def _usual_params(text: str) -> dict[str, str]:
    return _params(text)


def _params(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _PARAM.findall(text):
        value = value.strip()
        if '"' in value:
            value = value.replace('"', "")
        if "\\" in value:  # no part of the standard, and written all the same
            value = _ESCAPED.sub(r"\1", value)
        if "^" in value:  # RFC 6868
            value = value.replace("^n", "\n").replace("^'", '"').replace("^^", "^")
        found.setdefault(name.upper(), value)
    return found


def properties(text: str) -> Iterator[Property]:
    """Yield the lines of an event's text that matter here, first to last."""
    if "\nBEGIN" in text.upper():
        text = _without_parts(text)
    for name, params, loose, value in _LINE.findall(text):
        params = params or loose
        told = (_usual_params(params) if len(params) < 200 else _params(params)) if params else {}
        if told.get("ENCODING", "").upper() == "QUOTED-PRINTABLE":
            value = encoded.decode(a2b_qp(value.encode()), told.get("CHARSET", "utf-8"))
        yield Property(name.upper(), told, value.strip())


# --- events ------------------------------------------------------------------


def _blocks(data: Buffer) -> Iterator[tuple[bytes, int, int, _Head]]:
    """Yield name, start, end and the calendar's head of each VEVENT and VTIMEZONE; without END, up to the next.

    An event whose BEGIN is damaged reaches from the edge before it to its END.
    """
    kind = b""
    start = begun = behind = 0
    head = _Head()
    for match in _EDGE.finditer(data):
        name = match[2].upper()
        if match[1]:
            if kind and name in _COMPONENTS:
                yield kind, start, match.start(), head
                kind, behind = b"", match.start()
            if begun and name != b"VCALENDAR":
                text = _text(data[begun : min(match.start(), begun + _KEPT)])
                method, zone = _METHOD.search(text), _HOME.search(text)
                head = _Head(method[1].upper() if method else "", zone[1].strip() if zone else "")
                begun = 0
            if name == b"VCALENDAR":
                begun, head = match.end(), _Head()
                behind = match.end()
            elif not kind and name in (b"VEVENT", b"VTIMEZONE"):
                kind, start = name, match.start()
        elif kind and name in (kind, b"VCALENDAR"):
            yield kind, start, match.end() if name == kind else match.start(), head
            kind, behind = b"", match.end()
        elif not kind and name in _COMPONENTS:
            if name == b"VEVENT" and data[behind : match.start()].strip():
                yield name, behind, match.end(), head
            behind = match.end()
    if kind:
        yield kind, start, len(data), head


def _observances(text: str) -> list[Observance]:
    found = []
    start = -1
    for match in _INNER.finditer(text):
        if match[2].upper() not in ("STANDARD", "DAYLIGHT"):
            continue
        if match[1]:
            start = match.end()
        elif start >= 0:
            values: dict[str, list[str]] = {}
            for name, _, value in properties(text[start : match.start()]):
                values.setdefault(name, []).append(value)
            first = {name: told[0] for name, told in values.items()}
            dates = [part for told in values.get("RDATE", ()) for part in told.split(",")]
            offsets = first.get("TZOFFSETFROM", ""), first.get("TZOFFSETTO", "")
            found.append(Observance(first.get("DTSTART", ""), *offsets, tuple(values.get("RRULE", ())), tuple(dates)))
            start = -1
    return found


@lru_cache(maxsize=65536)
def _party(role: Role, name: str, handle: Handle) -> Party:
    return Party(role, name, handle)


def _address(line: Property) -> str:
    """Return the address of a participant in lower case; Apple keeps it in a parameter where the value is a path."""
    value = line.value
    for match in _MAILTO.finditer(value):
        value = line.value[match.end() :]
    if "@" not in value and "@" in line.params.get("EMAIL", ""):
        value = line.params["EMAIL"]
    value = encoded.clean(value).strip("\"' ").lower()
    return value[1:-1].strip() if value[:1] == "<" and value[-1:] == ">" else value


def _participant(line: Property, role: Role) -> Party | None:
    """Return who a line names, or None for rooms, groups, shared calendars and what stands for nobody."""
    if known := exact.read_party(line.value):
        return _party(role, known.name, known.handle)
    if line.params.get("CUTYPE", "").upper() in ("ROOM", "RESOURCE", "GROUP"):
        return None
    address = _address(line)
    if address.endswith(_NOBODY) or address in _UNKNOWN:
        return None
    name = encoded.clean(line.params.get("CN", "")).strip("\"' ")
    handle = handles.email(address) or handles.email(name)
    if handle is None:
        if address.startswith("tel:"):
            handle = handles.phone(address)
        elif name:
            handle = handles.name(name)
        else:
            return None
    return _party(role, "" if handles.email(name) else name, handle)


def _parties(organizer: Property | None, attendees: list[Property]) -> tuple[Party, ...]:
    """Return who took part: all but those who declined, each once."""
    found: dict[Handle, Party] = {}
    gone = set()
    lines = [(line, Role.TO) for line in attendees]
    if organizer is not None:
        lines.insert(0, (organizer, Role.FROM))
    for line, role in lines:
        if (party := _participant(line, role)) is None:
            continue
        if line.params.get("PARTSTAT", "").upper() == "DECLINED":
            gone.add(party.handle)
        elif (before := found.get(party.handle)) is None:
            found[party.handle] = party
        elif party.name and not before.name:
            found[party.handle] = _party(before.role, party.name, party.handle)
    return tuple(party for handle, party in found.items() if handle not in gone)


def _length(text: str) -> tuple[int, int]:
    """Return the days and seconds of a duration such as P1DT2H. Raises Unreadable."""
    match = _DURATION.fullmatch(text.strip())
    if match is None or not any(match.groups()[1:]):
        raise Unreadable(noted('the duration "{text}" is none', text=text[:60]))
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    sign = -1 if match[1] == "-" else 1
    return sign * (weeks * 7 + days), sign * (hours * 3600 + minutes * 60 + seconds)


def _is_onward(line: Property) -> bool:
    return line.params.get("RANGE", "").upper() == "THISANDFUTURE"


def _thing(name: str) -> bytes:
    """Return the 8 bytes that stand for an event, whatever is changed about it, by its UID."""
    return blake2b(f"event\n{name}".encode("utf-8", "replace"), digest_size=8).digest()


def deleted(uid: str, at: int, place: int | str) -> Moment:
    """Return what stands for an event, at all its times, that its calendar has no more; `at` is one of them."""
    return Moment(
        key=blake2b(f"deleted\n{uid}\n{at}".encode("utf-8", "replace"), digest_size=16).digest(),
        at=at,
        channel=Channel.MEETING,
        parties=(),
        place=place,
        told=Event(uid, status="CANCELLED"),
        same=_thing(uid) + bytes(8),
    )


def zone_of(text: str) -> Zone | None:
    """Return the first zone that a calendar's text has rules for (RFC 4791 §5.2.2), None where there is none."""
    calendar = Calendar(text.encode("utf-8", "replace"), None)
    calendar._survey()
    return next((calendar._zone(name) for name in calendar._rules), None)


def _moment(meeting: _Meeting, place: int | str, at: int, time: int | None = None) -> Moment:
    """Return the moment of one occurrence; `time` is when it would have been if nobody had moved it, None for once.

    What can change is told from what it was: the key holds who takes part and whether it was called off. A copy that
    hides its guests stands in for nothing, nor does what has no id, or one so short that other calendars have it too.
    """
    if kept := exact.read_contact(meeting.written):
        return Moment(
            key=kept.key,
            at=at,
            channel=Channel.MEETING,
            parties=meeting.parties,
            subject=meeting.subject,
            place=place,
            depth=next((exact.DEPTHS[mark] for mark in kept.marks & exact.DEPTHS.keys()), Depth.ORDINARY),
            minutes=meeting.minutes,
            imprecise=exact.IMPRECISE in kept.marks,
            told=meeting.told,
            same=kept.same,
        )
    name = meeting.uid or "\x1f".join(("", meeting.subject, meeting.told.organizer, meeting.told.location))
    version = f"event\n{name}\n{at}"
    same = b""
    if len(meeting.uid) >= _UNIQUE and (meeting.parties or meeting.cancelled):
        people = sorted(f"{party.handle.kind}:{party.handle.value}" for party in meeting.parties)
        version += f"\n{'' if time is None else time}\n{','.join(people)}\n{'cancelled' * meeting.cancelled}"
        same = _thing(name) + (bytes(8) if time is None else (time + _EPOCH).to_bytes(8, "big"))
    return Moment(
        key=blake2b(version.encode("utf-8", "replace"), digest_size=16).digest(),
        at=at,
        channel=Channel.MEETING,
        parties=meeting.parties,
        subject=meeting.subject,
        place=place,
        minutes=meeting.minutes,
        imprecise=not meeting.told.start,
        told=meeting.told,
        same=same,
    )


def _by_clock(time: Time, start: Time) -> datetime:
    """Return a time by the clock of an event, of which start is the first day; of a whole day, its beginning."""
    if time.all_day:
        return time.local
    if start.all_day:
        return datetime(time.local.year, time.local.month, time.local.day)
    return zones.clock(time.at, start.zone)


def _moved(before: Time, after: Time, later: timedelta) -> int:
    """Return when an occurrence takes place that comes so much later than one moved to `after`, in seconds since 1970.

    Raises OverflowError beyond the years that there are.
    """
    if after.utc and before.zone is not None:  # by the clock of the event's own zone, summer time or not
        return zones.epoch(zones.clock(after.at, before.zone) + later, before.zone)
    return zones.epoch(after.local + later, after.zone)


def _is_cancelled(status: Property | None, method: str) -> bool:
    return method == "CANCEL" or (status is not None and vcard.line(status.value).upper() == "CANCELLED")


def _sequence(line: Property | None) -> int:
    return int(line.value) if line is not None and line.value.isdecimal() and len(line.value) < 10 else 0


class Calendar:
    """The events of one file or of one answer of a server, and when the next of them that repeat is due."""

    def __init__(self, data: Buffer, until: int | None, prefix: str = "", zone: Zone | None = None) -> None:
        """Take the bytes of a calendar; events that repeat are spread out up to `until`, or told once where it is None.

        Places are the lines on which events begin, behind the prefix where there is one; `zone` is that of times
        without any, where the calendar does not name one.
        """
        self.zone = zone
        charset = vcard.wide(data[:8])
        self._shifted = charset != "" and len(data) % 2 == 1
        if charset:
            data = data[:].decode(charset, "replace").encode("utf-8", "replace")
        if b"\r" in data[:65536] and b"\n" not in data[:65536]:
            data = data[:].replace(b"\r", b"\n")
        self.data = data
        self.until = None if until is None else min(until, _LATEST)
        self.prefix = prefix
        self.due = 0  # seconds since 1970 of the first occurrence left out; 0 where none is, -1 where all are told once
        self.share = 0.0  # how much of it is read
        self._purse = Purse(_STEPS)
        self._zones: dict[str, Zone | None] = {}
        self._rules: dict[str, tuple[int, int]] = {}  # where a zone's own rules stand
        self._home = ""  # the zone of the calendar that is being read
        self._instead: dict[str, list[Time]] = {}  # the occurrences of an event that others stand in for
        self._onward: dict[str, list[_Change]] = {}  # what changes an event from one occurrence on, in order
        self._newest: dict[tuple[str, str], tuple[int, bool]] = {}  # the last of what a file has in several versions
        self._cancelled: dict[str, int] = {}  # SEQUENCE up to which an event was called off as a whole

    def items(self) -> Iterator[Moment | Trouble]:
        """Yield the events, first to last, and that a byte is missing where every letter has two."""
        yield from self._events()
        if self._shifted:
            number = self.data[:].count(b"\n") + 1
            yield Trouble(f"{self.prefix}:{number}" if self.prefix else number, vcard.SHIFTED)

    def _events(self) -> Iterator[Moment | Trouble]:
        if not _ANYWHERE.search(self.data):
            if self.data[:_KEPT].strip():
                yield Trouble(self.prefix or 1, noted("no calendar in the file"), self.data[:_KEPT])
            return
        self._survey()
        number, counted = 1, 0
        for kind, start, end, head in _blocks(self.data):
            self.share = start / len(self.data)
            if kind != b"VEVENT":
                continue
            number += self.data[counted:start].count(b"\n")
            counted = start
            place: int | str = f"{self.prefix}:{number}" if self.prefix else number
            if end - start > EVENT_LIMIT:
                yield Trouble(place, noted("the event is larger than 64 MB"), self.data[start : start + _KEPT])
                continue
            self._home = head.zone
            try:
                meeting = self._meeting(_text(self.data[start:end]), place, head.method)
            except (Unreadable, ValueError, OverflowError) as reason:
                why = str(reason) if isinstance(reason, Unreadable) else noted("its dates cannot be read")
                yield Trouble(place, why, self.data[start : min(end, start + _KEPT)])
                continue
            if meeting.written == DATE and self.until is not None:
                continue  # Amity wrote it for other programs; it reads it from the card
            if self._newest:
                instead = meeting.instead_of.value if meeting.instead_of is not None else ""
                if meeting.version < self._newest.get((meeting.uid, instead), (0, False)):
                    continue  # a later version of the same event stands in this file too
            yield from self._told(self._unless_called_off(meeting))

    def _survey(self) -> None:
        """Go through the file once for what events may need before it comes: zones, and what replaces occurrences."""
        seen: dict[bytes, tuple[int, int, _Head]] = {}
        repeated: dict[tuple[int, int, _Head], None] = {}
        for kind, start, end, head in _blocks(self.data):
            if end - start > EVENT_LIMIT:
                continue
            if kind == b"VTIMEZONE":
                if name := _ZONE_NAME.search(_text(self.data[start:end])):
                    self._rules.setdefault(name[1].strip().strip('"'), (start, end))
            elif self.until is not None and (told := _UID.search(self.data, start, end)):
                before = seen.setdefault(told[0].strip(), (start, end, head))
                if before != (start, end, head):
                    repeated[before] = repeated[start, end, head] = None
        for start, end, head in repeated:
            self._home = head.zone
            self._version(_text(self.data[start:end]), head.method)
        for changes in self._onward.values():
            changes.sort(key=lambda change: (change.since.at, change.meeting.version))

    def _unless_called_off(self, meeting: _Meeting) -> _Meeting:
        """Return an event, without anybody where it was called off together with all that has its id."""
        return (
            replace(meeting, parties=(), cancelled=True)
            if meeting.sequence <= self._cancelled.get(meeting.uid, -1)
            else meeting
        )

    def _version(self, text: str, method: str) -> None:
        """Take note of one of several events with the same id: how new it is, and what it replaces or calls off."""
        lines = {line.name: line for line in reversed(list(properties(text)))}
        uid, instead = vcard.line(lines["UID"].value) if "UID" in lines else "", lines.get("RECURRENCE-ID")
        which = (uid, instead.value if instead is not None else "")
        sequence = _sequence(lines.get("SEQUENCE"))
        version = (sequence, _is_cancelled(lines.get("STATUS"), method))
        self._newest[which] = max(self._newest.get(which, version), version)
        if instead is None:
            if method == "CANCEL":  # RFC 5546 §3.2.5
                self._cancelled[uid] = max(self._cancelled.get(uid, -1), sequence)
            return
        try:
            self._instead.setdefault(uid, []).append(self._time(instead))
            if _is_onward(instead):
                meeting = self._meeting(text, 0, method)
                self._onward.setdefault(uid, []).append(_Change(self._instead[uid][-1], meeting))
        except (ValueError, OverflowError):
            return  # the event itself is told, or set aside, when it comes

    def _zone(self, name: str) -> Zone | None:
        """Return the zone of a name: known to all, by the file's own rules, or by the offset it tells; else UTC."""
        name = name.strip().strip('"')
        if name not in self._zones:
            found = zones.named(name)
            if found is None and name in self._rules:
                start, end = self._rules[name]
                found = zones.ruled(_observances(_text(self.data[start:end])), self._purse)
            self._zones[name] = found or zones.by_offset(name)
        return self._zones[name]

    def _time(self, line: Property, value: str | None = None) -> Time:
        """Read a date or time. Raises ValueError."""
        text = line.value if value is None else value
        zone_name = line.params.get("TZID", "")
        match = _TIME.fullmatch(text.strip())
        if match is None and ":" in text:  # the zone's name has a colon and no quotes
            rest, _, text = text.rpartition(":")
            zone_name += ":" + rest
            match = _TIME.fullmatch(text.strip())
        if match is None:
            raise Unreadable(noted('{line} "{text}" is no date', line=line.name, text=text[:60]))
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        all_day = match[4] is None or line.params.get("VALUE", "").upper() == "DATE"
        try:
            local = datetime(year, month, day)
            if not all_day:
                if hour > 24 or minute > 59 or second > 60 or (hour == 24 and minute + second):
                    raise ValueError
                local += timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
        except (ValueError, OverflowError):
            raise Unreadable(noted('{line} "{text}" is no date', line=line.name, text=text[:60])) from None
        offset = (match[7] or "").upper()
        if all_day:
            return Time(local, all_day=True, utc=False, zone=None)
        if offset == "Z":
            return Time(local, all_day=False, utc=True, zone=None)
        if offset:
            seconds = (int(offset[1:3]) * 3600 + int(offset[-2:]) * 60) * (-1 if offset[0] == "-" else 1)
            return Time(local, all_day=False, utc=False, zone=zones.fixed(seconds))
        zone_name = zone_name or self._home
        return Time(local, all_day=False, utc=False, zone=self._zone(zone_name) if zone_name else self.zone)

    def _end(self, start: Time, end: Property | None, duration: Property | None) -> Time | None:
        """Return when an event ends; None where it does not say, or not in words that can be read."""
        try:
            if end is not None and end.value:
                return self._time(end)
            if duration is not None:
                days, seconds = _length(duration.value)
                local = start.local + timedelta(days=days)
                if start.all_day:
                    local += timedelta(days=int(seconds / 86400))
                elif seconds:  # days are by the calendar, hours by the clock: RFC 5545 §3.3.6
                    local = zones.clock(zones.epoch(local, start.zone) + seconds, start.zone)
                return start._replace(local=local)
        except (ValueError, OverflowError):
            pass  # when it began is known, and that is what counts
        return None

    def _meeting(self, text: str, place: int | str, method: str) -> _Meeting:
        """Read one event. Raises Unreadable."""
        first: dict[str, Property] = {}
        several: dict[str, list[Property]] = {}
        for line in properties(text):
            first.setdefault(line.name, line)
            if line.name in _SEVERAL and line.value:
                several.setdefault(line.name, []).append(line)

        def plain(name: str) -> str:
            return vcard.line(first[name].value) if name in first else ""

        cancelled = _is_cancelled(first.get("STATUS"), method)
        instead = first.get("RECURRENCE-ID")
        try:
            since = self._time(instead) if instead is not None else None
        except (ValueError, OverflowError):
            since = None  # it is told by itself
        began = first.get("DTSTART") or (instead if cancelled else None)  # of what is called off it says enough
        dated = began is not None and bool(began.value)
        if not dated and self.until is not None:
            raise Unreadable(noted("it says no day on which it begins"))
        start = self._time(began) if began is not None and dated else _UNDATED
        end = self._end(start, first.get("DTEND"), first.get("DURATION") if dated else None)
        organizer = first.get("ORGANIZER")
        attendees = several.get("ATTENDEE", [])
        rules, dates = several.get("RRULE", []), several.get("RDATE", [])
        answer = self.until is not None and method in _ANSWERS  # it names who answers, and not who meets
        minutes = 0
        if dated and end is not None and not start.all_day and not end.all_day:
            minutes = max(0, min((end.at - start.at) // 60, _LONGEST))
        told = Event(
            uid=plain("UID"),
            start=start.written if dated else "",
            end=end.written if end is not None else "",
            all_day=start.all_day,
            recurring=bool(rules or dates),
            status=plain("STATUS").upper(),
            organizer=_address(organizer) if organizer is not None else "",
            attendees=tuple(address for line in attendees if (address := _address(line))),
            location=plain("LOCATION"),
        )
        return _Meeting(
            place=place,
            uid=told.uid,
            start=start,
            minutes=minutes,
            subject=plain("SUMMARY"),
            parties=() if cancelled or not dated or answer else _parties(organizer, attendees),
            told=told,
            rules=[line.value for line in rules],
            except_rules=[line.value for line in several.get("EXRULE", [])],
            dates=dates,
            except_dates=several.get("EXDATE", []),
            instead_of=instead,
            since=since,
            onward=instead is not None and since is not None and _is_onward(instead),
            sequence=_sequence(first.get("SEQUENCE")),
            cancelled=cancelled,
            written=first[_WRITTEN].value if _WRITTEN in first else "",
        )

    def _told(self, meeting: _Meeting) -> Iterator[Moment | Trouble]:
        """Yield the moment of an event, or of each of its occurrences."""
        if not meeting.repeats:
            time = meeting.since.at if meeting.since is not None else None
            yield _moment(meeting, meeting.place, meeting.start.at, time)
        elif self.until is None:
            self.due = -1
            yield _moment(meeting, meeting.place, meeting.start.at, meeting.start.at)
        elif self._purse.left <= 0:
            yield _moment(meeting, meeting.place, meeting.start.at, meeting.start.at)
            why = noted("so many repeating events in one file take too long to follow: told once")
            yield Trouble(meeting.place, why, meeting.told.uid.encode()[:_KEPT])
        else:
            found, troubles = self._occurrences(meeting, self.until)
            try:
                changed = list(self._changed(meeting, found))
            except OverflowError:
                changed = [(meeting, at, at) for at, _ in found]
                troubles.append(noted("from one day on it is moved beyond the calendar: told as if it were not"))
            yield from (_moment(one, meeting.place, at, time) for one, at, time in changed)
            if troubles:
                yield Trouble(meeting.place, "; ".join(troubles[:3]), meeting.told.uid.encode()[:_KEPT])

    def _changed(self, meeting: _Meeting, found: Iterable[tuple[int, datetime]]) -> Iterator[tuple[_Meeting, int, int]]:
        """Yield what each occurrence of an event is, when, and when it was to be, behind changes to all after it.

        The change moves them by as much, on the clock on the wall, as it moves its own (RFC 5545 §3.2.13). One that
        brings rules of its own ends the event, and is told by itself: Lotus Notes writes such.
        """
        changes = self._onward.get(meeting.uid, [])
        if meeting.since is not None:
            changes = [change for change in changes if change.since.at > meeting.since.at]
        starts = [_by_clock(change.since, meeting.start) for change in changes]
        for at, local in found:
            index = bisect_right(starts, local) - 1
            if index < 0:
                yield meeting, at, at
            elif not (after := changes[index].meeting).repeats:
                yield self._unless_called_off(after), _moved(meeting.start, after.start, local - starts[index]), at

    def _occurrences(self, meeting: _Meeting, until: int) -> tuple[list[tuple[int, datetime]], list[str]]:
        """Return when an event takes place up to a time, in seconds since 1970 and by its clock, in order.

        Returned besides is what of its rules could not be followed.
        """
        troubles: list[str] = []
        # Many events of one id, each with the changes to all of them, would cost their square.
        self._purse.spend(5 * len(self._instead.get(meeting.uid, ())))
        purse = Purse(min(_STEPS_EACH, max(1, self._purse.left)))
        steps = purse.left
        dates = list(self._dates(meeting.dates, troubles))
        left_out = list(self._dates(meeting.except_dates, troubles))
        left_out += [time for time in self._instead.get(meeting.uid, ()) if time != meeting.since]
        whole = meeting.start.all_day
        moments = {time.at for time in left_out if not time.all_day}
        days = {time.local.date() for time in left_out if whole or time.all_day}
        for text in meeting.except_rules:
            moments.update(at for at, _ in self._ruled(meeting.start, text, until, purse, troubles, aside=True))
        found: deque[tuple[int, datetime]] = deque(maxlen=OCCURRENCES + 1)
        every: list[Iterator[tuple[int, datetime]]] = [
            iter([(time.at, time.local) for time in (meeting.start, *dates)])
        ]
        every += [self._ruled(meeting.start, text, until, purse, troubles) for text in meeting.rules]
        spread: dict[int, datetime] = {}
        for times in every:
            for at, local in times:
                if at > until and at != meeting.start.at:
                    self._next(at)
                elif at not in moments and local.date() not in days:
                    found.append((at, local))
            spread.update(found)
            found.clear()
        if purse.left <= 0:
            troubles.append(noted("its rule takes too long to follow, and was followed only so far"))
        self._purse.spend(steps - max(0, purse.left))
        if len(spread) > OCCURRENCES:
            troubles.append(noted("it takes place more than {n:,} times; the latest of them are told", n=OCCURRENCES))
        return sorted(spread.items())[-OCCURRENCES:], troubles

    def _next(self, at: int) -> None:
        """Take note of an occurrence that is still to come."""
        self.due = min(self.due, at) if self.due else at

    def _ruled(
        self, start: Time, text: str, until: int, purse: Purse, troubles: list[str], *, aside: bool = False
    ) -> Iterator[tuple[int, datetime]]:
        """Yield when a rule comes true, in seconds since 1970 and by the clock; the one after `until` ends it."""
        try:
            rule = recurrence.parse(text)
            end = self._time(Property("UNTIL", {}, rule.until)) if rule.until else None
            last = zones.clock(until + _AHEAD, start.zone)
            told = 0
            for local in recurrence.spread(rule, start.local, last, purse):
                at = zones.epoch(local, start.zone)
                told += 1
                if end is not None and (
                    local.date() > end.local.date()
                    if end.all_day or start.all_day
                    else (at > end.at if end.utc else local > end.local)
                ):
                    return
                yield at, local
                if at > until:
                    return
            if not aside and (rule.count is None or told < rule.count):
                self._next(until + _AHEAD)
        except (ValueError, OverflowError) as reason:
            troubles.append(noted('its rule "{text}" cannot be followed: {reason}', text=text[:100], reason=reason))

    def _dates(self, lines: Iterable[Property], troubles: list[str]) -> Iterator[Time]:
        """Yield the times of RDATE or EXDATE lines; of a period, when it begins."""
        for line in lines:
            for part in _SPACED.split(line.value):
                if not part:
                    continue
                try:
                    yield self._time(line, part.partition("/")[0])
                except (ValueError, OverflowError) as reason:
                    troubles.append(str(reason))


def undated(trouble: Trouble) -> Moment | None:
    """Return what else an event says that was set aside since its first day cannot be read; None for other troubles."""
    if not (trouble.reason.startswith("DTSTART ") and _EVENT.match(trouble.kept)):
        return None
    told = Calendar(_FIRST_DAY.sub(b"", trouble.kept), None).items()
    return next((item for item in told if isinstance(item, Moment)), None)


# --- files -------------------------------------------------------------------


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(child for child in path.iterdir() if child.suffix.lower() in _SUFFIXES and child.is_file())


def _load(path: Path, size: int) -> Buffer:
    if size <= _MAPPED:
        return path.read_bytes()
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _digest(data: Buffer) -> str:
    found = blake2b(digest_size=16)
    for start in range(0, len(data), 1 << 20):
        found.update(data[start : start + (1 << 20)])
    return found.hexdigest()


def settled(due: int, until: int | None) -> bool:
    """Tell whether nothing can have come of what has not changed, its first occurrence left out being due then."""
    return until is None or due == 0 or until < due


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the events of a calendar or of a folder of them, with a mark about every 2,000.

    Files that have not changed since the mark are not read again until one of their repeating events is due.
    Without `since.until` an event that repeats is told once, and one that says no day is told without (its moment is
    imprecise, at 0, and joins nobody); with it, an event is told each time that it takes place up to then, at most
    5,000 times, and one without a day is a trouble. Who declined took no part, and nobody in what was cancelled.
    Raises OSError where the path cannot be opened.
    """
    old: dict[str, list[Any]] = dict(since.state.get("files", {}))
    part: dict[str, list[Any]] = dict(since.state.get("part", {}))
    done: dict[str, list[Any]] = {}
    files = _files(path)
    folder = path.is_dir()
    recent = 0
    for index, file in enumerate(files):
        name = file.name
        try:
            stat = file.stat()
            stamp = [stat.st_size, stat.st_mtime_ns]
            past = old.get(name)
            if past is not None and past[:2] == stamp and settled(past[4], since.until):
                done[name] = past
                if past[3]:
                    yield Known(past[3])
                continue
            if stat.st_size > FILE_LIMIT:
                yield Trouble(name, noted("the file is larger than 1 GB"))
                continue
            data = _load(file, stat.st_size)
        except OSError as error:
            if not folder:
                raise
            yield Trouble(name, noted("cannot be read: {reason}", reason=error.strerror))
            continue
        digest = _digest(data)
        if past is not None and past[2] == digest and settled(past[4], since.until):
            done[name] = [*stamp, *past[2:]]
            if past[3]:
                yield Known(past[3])
            continue
        skip = items = 0
        if part.get(name, [])[:4] == [*stamp, digest, since.until]:
            skip, items = part[name][4:]
            if items:
                yield Known(items)
        calendar = Calendar(data, since.until, name if folder else "")
        for seen, item in enumerate(calendar.items(), 1):
            if seen <= skip:
                continue
            items += type(item) is Moment
            yield item
            recent += 1
            if recent >= _BATCH:
                recent = 0
                here = {name: [*stamp, digest, since.until, seen, items]}
                yield Mark({"files": {**old, **done}, "part": here}, (index + calendar.share) / len(files))
        done[name] = [*stamp, digest, items, calendar.due]
    yield Mark({"files": done}, 1.0)
