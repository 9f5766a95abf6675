"""A proposed time as an iCalendar file (RFC 5545): tentative, for the writer to attach; it invites nobody by itself."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from amity.language import speaking, weekday
from amity.plan.asking.languages import LANGUAGES, language

USUAL = 30  # minutes of a meeting whose length nobody says
_MORE = {
    15: ("fifteen", "fünfzehn"),
    20: ("twenty", "zwanzig"),
    30: ("thirty", "dreißig"),
    40: ("forty", "vierzig"),
    45: ("forty-five", "fünfundvierzig"),
    90: ("ninety", "neunzig"),
}
_LINE = 75  # octets, RFC 5545 section 3.1
_LENGTH = re.compile(
    r"\b(?P<half>half an hour|(?:eine )?halbe stunde)|\b(?P<quarter>quarter of an hour|viertelstunde)"
    r"|\b(?P<count>\d{1,3}|an?|[^\W\d_]+(?:-five)?)[ -]?(?:(?P<hours>hours?|hrs?|stunden?|std)|min(?:ute[ns]?|s)?)\b",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"[\\;,]")


def in_words(start: datetime, name: str) -> str:
    """Return a time as a letter in a language says it."""
    with speaking(name):
        return f"{weekday(start.date())}, {start:%H:%M}"


def lasting(time: str) -> int:
    """Return how many minutes words such as "half an hour" mean, the usual length where they say none."""
    for match in _LENGTH.finditer(time):
        if match["half"] or match["quarter"]:
            return 30 if match["half"] else 15
        count = _count(match["count"].lower())
        if count:
            return min(count * (60 if match["hours"] else 1), 1440)
    return USUAL


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    if word in ("a", "an", "eine", "einer"):
        return 1
    names = (language(name).wording["numbers"] for name in LANGUAGES)
    counted = next((numbers.index(word) for numbers in names if word in numbers), 0)
    return counted or next((count for count, more in _MORE.items() if word in more), 0)


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
