"""Write meetings, and the days of people that come every year, as iCalendar (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from amity.app.exports.vcard import escape, fold, parameter
from amity.model import Depth, Party, Role
from amity.sources import exact
from amity.sources.ics import DATE
from amity.store.outgoing import WholeMoment

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LONGEST = 7 * 1440  # minutes; beyond, calendars read something else


def begin() -> str:
    """Open a calendar."""
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Amity//Amity//EN\r\nCALSCALE:GREGORIAN\r\n"


def end() -> str:
    """Close it."""
    return "END:VCALENDAR\r\n"


def meeting(moment: WholeMoment, parties: Iterable[Party], stamp: int) -> str:
    """Write one meeting; read again, it is the contact that it was. `stamp` is when it is written (epoch seconds)."""
    marks = {exact.IMPRECISE} if moment.imprecise else set()
    if moment.depth != Depth.ORDINARY:
        marks.add(Depth(moment.depth).name.lower())
    lines = [
        "BEGIN:VEVENT",
        f"UID:{moment.key.hex()}@amity.invalid",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART:{_utc(moment.at)}",
        *([f"DTEND:{_utc(moment.at + moment.minutes * 60)}"] if moment.minutes else []),
        f"SUMMARY:{escape(moment.subject)}",
        *_participants(parties),
        f"X-AMITY-CONTACT:{exact.write_contact(moment.key, moment.same, frozenset(marks))}",
        "END:VEVENT",
    ]
    return "".join(map(fold, lines))


def _participants(parties: Iterable[Party]) -> Iterator[str]:
    chosen = False
    for party in parties:
        name = "ATTENDEE"
        if party.role is Role.FROM and not chosen:
            name, chosen = "ORGANIZER", True
        if party.handle.kind == "email":
            yield f"{name}{parameter('CN', party.name)}:mailto:{party.handle.value}"
        elif written := exact.write_party(party.name, party.handle):
            yield f"{name}{parameter('CN', party.name)}:{written}"


def yearly(uid: str, summary: str, day: date, stamp: int) -> str:
    """Write a day that comes every year; Amity itself reads it from the card."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{uid}@amity.invalid",
        f"DTSTAMP:{_utc(stamp)}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}".replace(f"{day:%Y}", f"{day.year:04}"),
        "RRULE:FREQ=YEARLY",
        f"SUMMARY:{escape(summary)}",
        "TRANSP:TRANSPARENT",
        f"X-AMITY-CONTACT:{DATE}",
        "END:VEVENT",
    ]
    return "".join(map(fold, lines))


def _utc(at: int) -> str:
    when = _EPOCH + timedelta(seconds=at)
    return f"{when.year:04}{when:%m%dT%H%M%SZ}"
