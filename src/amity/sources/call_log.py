"""Calls as a table: a phone's log with columns for number, date, duration and kind, whatever their names and order.

A table is taken for one only if it clearly is: a number, a day with a time, and a duration or a kind of call.
Times without zone are taken as UTC. A missed or refused call is a passing contact.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from hashlib import blake2b
from pathlib import Path

from amity import handles
from amity.language import noted
from amity.model import Channel, Depth, Handle, Item, Moment, Party, Role, Since, Trouble
from amity.sources import columns, dates, encoded, tables

_BATCH = 2000  # items between two marks
_ME = Handle("me", "me")
_NAMES = {
    "number": "number,phone number,phone,caller,caller id,telephone,contact number,nummer,rufnummer,"
    "telefonnummer,numéro,numéro de téléphone,número,numero",
    "name": "name,contact,contact name,caller name,cached name,kontakt,nom,nombre,nome",
    "date": "date,date time,datetime,call date,timestamp,time stamp,start,start time,started,when,datum,zeitpunkt,"
    "datum uhrzeit,date et heure,fecha,data",
    "time": "time,call time,uhrzeit,zeit,heure,hora,ora",
    "duration": "duration,call duration,duration seconds,duration sec,duration s,duration in seconds,length,seconds,"
    "dauer,dauer sekunden,durée,duración,durata,duration minutes,duration min,minutes",
    "type": "type,call type,direction,kind,typ,art,anrufart,richtung,sens,tipo,tipo de llamada",
}
_FIELDS = {name: field for field, names in _NAMES.items() for name in names.split(",")}
_IN = re.compile(
    r"\b(in|incoming|inbound|received|answered|eingehend\w*|angenommen|entrant|reçu|entrante|recibida|1)\b"
)
_OUT = re.compile(
    r"\b(out|outgoing|outbound|dialed|dialled|placed|ausgehend\w*|gewählt|sortant|émis|saliente|realizada|2)\b"
)
_MISSED = re.compile(
    r"\b(missed|rejected|refused|blocked|unanswered|voicemail|verpasst\w*|entgangen|abgelehnt|manqué|rejeté|perdida|"
    r"rechazada|persa|3|4|5|6)\b"
)
_SPELLED = re.compile(r"(?:(\d+)\s*h\w*)?\s*(?:(\d+)\s*m\w*)?\s*(?:(\d+)\s*s\w*)?")
_CLOCKED = re.compile(r"(?:(\d+):)?(\d{1,3}):(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4})(?:,?\s+(.*))?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?\.?[Mm]?\.?")


def _places(header: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, name in enumerate(header):
        if field := _FIELDS.get(tables.plain(name)):
            found.setdefault(field, at)
    return found


def _fits(cells: list[str]) -> bool:
    found = _places(cells)
    names = {tables.plain(cell) for cell in cells}
    alone = {"caller", "caller id", "call date", "call type", "call duration", "rufnummer", "anrufart"} & names
    return (
        {"number", "date"} <= set(found)
        and ("duration" in found or bool(alone))
        and ("type" in found or "duration" in found)
        and not {"from", "to", "amount", "e mail", "email", "price"} & names
    )


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is a log of calls as a table, by the names of its columns."""
    return path.is_file() and tables.header_line(tables.first_lines(path, head), _fits, 3) >= 0


def when(text: str, day_first: bool) -> int | None:
    """Return the seconds since 1970 UTC that a date with a time says, or None; also of milliseconds since 1970."""
    text = encoded.clean(text)
    if text.isascii() and text.isdigit() and 9 <= len(text) <= 13:
        return int(text) // (1000 if len(text) > 11 else 1)
    if match := _NUMERIC.fullmatch(text):
        try:
            day = date.fromisoformat(columns.day(match[1], day_first)).toordinal() - dates.EPOCH
        except ValueError:
            return None
        if not match[2]:
            return day * 86400
        clock = _TIME.match(match[2])
        if clock is None:
            return None
        hour = int(clock[1])
        if clock[4]:
            hour = hour % 12 + (12 if clock[4] in "pP" else 0)
        return day * 86400 + hour * 3600 + int(clock[2]) * 60 + int(clock[3] or 0) if hour < 24 else None
    return dates.parse(text)


def seconds(text: str, in_minutes: bool) -> int:
    """Return the seconds of a duration: "75", "1:15", "0:01:15", "1 min 15 s"; 0 where it cannot be read."""
    text = encoded.clean(text).lower()
    if match := _CLOCKED.fullmatch(text):
        return int(match[1] or 0) * 3600 + int(match[2]) * 60 + int(match[3])
    try:
        return min(round(float(text) * (60 if in_minutes else 1)), 10**8)
    except (ValueError, OverflowError):
        pass
    match = _SPELLED.fullmatch(text[:40])
    return int(match[1] or 0) * 3600 + int(match[2] or 0) * 60 + int(match[3] or 0) if match else 0


def _facts(path: Path) -> tables.Facts:
    with path.open("rb") as file:
        text = tables.first_lines(path, file.read(4096))
    number = tables.header_line(text, _fits, 3)
    if number < 0:
        yield Trouble(1, noted("no line names the columns of a log of calls")), 1.0
        return
    line = tables.physical(text)[number]
    header = tables.split(line)
    place = _places(header)
    sign = tables.delimiter(line)
    in_minutes = "duration" in place and "min" in header[place["duration"]].lower()
    sample = [
        row.cells[place["date"]].strip().partition(" ")[0].rstrip(",")
        for row, _ in zip(tables.rows(path, number + 1, sign, len(header)), range(columns.SAMPLE), strict=False)
        if len(row.cells) > place["date"]
    ]
    day_first = columns.day_first(sample, usual=place.get("date") is not None and "date" not in line.lower())
    seen: dict[bytes, int] = {}
    for row in tables.rows(path, number + 1, sign, len(header)):
        if row.broken:
            yield Trouble(row.line, row.broken, tables.kept(row.cells)), row.share
            continue
        told = {name: row.cells[at].strip() if at < len(row.cells) else "" for name, at in place.items()}
        if any(told.values()):
            yield _call(told, row, day_first, in_minutes, seen), row.share


def _call(
    told: dict[str, str], row: tables.Row, day_first: bool, in_minutes: bool, seen: dict[bytes, int]
) -> Moment | Trouble:
    at = when(f"{told['date']} {told.get('time', '')}".strip(), day_first)
    if at is None:
        return Trouble(row.line, noted('"{text}" is no date', text=told["date"][:40]), tables.kept(row.cells))
    name = encoded.clean(told.get("name", ""))
    if any(map(str.isdigit, told["number"])):
        who = handles.phone(told["number"])
    elif name:
        who = handles.name(name)
    else:
        return Trouble(row.line, "neither number nor name", tables.kept(row.cells))
    kind = told.get("type", "").lower()
    lasted = seconds(told.get("duration", ""), in_minutes)
    missed = _MISSED.search(kind) is not None
    mine = not missed and _OUT.search(kind) is not None
    them = Party(Role.TO if mine else Role.FROM, name, who)
    content = f"call\n{at}\n{who.value}\n{mine}"
    key = blake2b(content.encode("utf-8", "replace"), digest_size=16).digest()
    ordinal = seen[key] = seen.get(key, 0) + 1
    if ordinal > 1:
        key = blake2b(f"{ordinal}\n{content}".encode("utf-8", "replace"), digest_size=16).digest()
    return Moment(
        key=key,
        at=at,
        channel=Channel.CALL,
        parties=(Party(Role.FROM, "", _ME), them) if mine else (them, Party(Role.TO, "", _ME)),
        place=row.line,
        depth=Depth.PASSING if missed or ("duration" in told and not lasted) else Depth.ORDINARY,
        minutes=min(round(lasted / 60), 100_000),
    )


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each call, with a mark about every 2,000; a call's place is its line.

    Raises OSError where the file cannot be opened.
    """
    yield from tables.take_up(path, since, partial(_facts, path), _BATCH)
