"""A proposed time as an iCalendar file (RFC 5545): tentative, for the writer to attach; it invites nobody by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

_LINE = 75  # octets, RFC 5545 section 3.1
_ESCAPED = re.compile(r"[\\;,]")


def propose(summary: str, description: str, start: datetime, minutes: int, now: datetime) -> str:
    """Return an iCalendar document with one tentative event.

    A start without a zone is the same time of day wherever it is read (a floating time); one with a zone is written in
    UTC. The method is PUBLISH and there are no attendees, so that no calendar answers or invites by itself. `now`
    stamps the proposal and needs a zone.
    """
    end = start + timedelta(minutes=minutes)
    seed = f"{summary}\n{description}\n{start.isoformat()}\n{minutes}"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Amity//ask//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{blake2b(seed.encode(), digest_size=16).hexdigest()}@amity.invalid",
        f"DTSTAMP:{_stamp(now.astimezone(UTC))}",
        f"DTSTART:{_stamp(start)}",
        f"DTEND:{_stamp(end)}",
        f"SUMMARY:{_text(summary)}",
        f"DESCRIPTION:{_text(description)}",
        "STATUS:TENTATIVE",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(_fold(line) for line in lines)


def _stamp(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%S}" if at.tzinfo is None else f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _ESCAPED.sub(lambda match: f"\\{match[0]}", plain).replace("\n", "\\n")


def _fold(line: str) -> str:
    """Break a line at 75 octets, never within a character."""
    out: list[str] = []
    size = 0
    for sign in line:
        width = len(sign.encode())
        if size + width > _LINE:
            out.append("\r\n ")
            size = 1
        out.append(sign)
        size += width
    return "".join(out) + "\r\n"
