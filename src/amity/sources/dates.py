"""Dates as mail has written them since 1982: RFC 822, 2822 and 5322, asctime, ISO 8601, and what became of them."""

from __future__ import annotations

import re
from datetime import date

EPOCH = date(1970, 1, 1).toordinal()

MONTHS = {
    word: number
    for number, names in enumerate(
        (
            "jan ene gen jän janv",
            "feb fév fev fevr févr",
            "mar mär mrz mars maa",
            "apr abr avr",
            "may mai mag mei",
            "jun giu juin",
            "jul lug juil",
            "aug ago aoû aou août",
            "sep set",
            "oct okt ott out",
            "nov",
            "dec dez dic déc",
        ),
        1,
    )
    for word in names.split()
}
_HOURS = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "pst": -8, "pdt": -7, "akst": -9, "akdt": -8, "hst": -10, "ast": -4, "adt": -3, "cet": 1, "met": 1, "mez": 1,
    "bst": 1, "west": 1, "cest": 2, "mest": 2, "mesz": 2, "eet": 2, "sast": 2, "eest": 3, "msk": 3, "msd": 4,
    "ist": 5.5, "sgt": 8, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13,
}  # fmt: skip

_CLOCK = r"(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2})(?:[.,]\d{1,9})?)?(?:\s{0,4}([AaPp])\.?[Mm]\.?)?"
_DAY_FIRST = re.compile(
    rf"\s*(?:[^\W\d]{{1,12}}\.?\s*,?\s{{0,8}})?(\d{{1,2}})(?:st|nd|rd|th|\.)?[\s\-/]{{0,8}}([^\W\d]{{3,12}})\.?[\s\-/,]{{0,8}}"
    rf"(\d{{2,5}})\b(?:(?:,|\s|T|at){{1,8}}{_CLOCK})?"
)
_MONTH_FIRST = re.compile(
    rf"\s*(?:[^\W\d]{{2,12}}\.?,?\s{{1,8}})?([^\W\d]{{3,12}})\.?\s{{1,8}}(\d{{1,2}}),?\s{{1,8}}"
    rf"(?:(\d{{4}}),?\s{{1,8}})?{_CLOCK}(?:\s{{1,8}}([A-Za-z]{{1,5}}|[+\-]\d{{4}}))?(?:\s{{1,8}}(\d{{4}}))?"
)
_ISO = re.compile(
    r"\s*(\d{4})[\-/](\d{1,2})[\-/](\d{1,2})(?:(?:T|[,\s]{1,4}(?:[^\W\d]{2,12}[.,]?\s{1,4})?)" + _CLOCK + ")?"
)
_OFFSET = re.compile(r"\s*\(?(?:GMT|UTC?)?\s*([+\-])\s?(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)
_BARE_OFFSET = re.compile(r"\s+(\d\d)(\d\d)(?!\d)")  # "0530": the sign is missing
_ZONE = re.compile(r"\s*[\"(]?([A-Za-z]{1,5})\b")
_COMMENT = re.compile(r"(?<!\\)\((?:[^()\\]|\\.)*+\)(?=.*\d)", re.DOTALL)  # one behind all numbers names the zone
_DEEPEST = 4  # comments within comments
_APART = re.compile(r"\s*:\s*")


def offset(text: str) -> int:
    """Return the seconds east of Greenwich that the zone at the start of a text says; 0 where it says none."""
    if match := _OFFSET.match(text):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours < 24 and minutes < 60:
            return (hours * 3600 + minutes * 60) * (-1 if match[1] == "-" else 1)
        return 0
    if match := _BARE_OFFSET.match(text):
        hours, minutes = int(match[1]), int(match[2])
        return hours * 3600 + minutes * 60 if hours < 15 and minutes < 60 else 0
    if match := _ZONE.match(text):
        return int(_HOURS.get(match[1].lower(), 0) * 3600)
    return 0


def _year(text: str) -> int:
    """Return the year of two, three or four digits, RFC 5322 §4.3; "0102" is 102 years after 1900 as well."""
    year = int(text)
    if len(text) == 2:
        return year + (2000 if year < 50 else 1900)
    return year + 1900 if year < 200 else year


def _month(text: str) -> int:
    text = text.lower()
    return MONTHS.get(text, 0) or MONTHS.get(text[:4], 0) or MONTHS.get(text[:3], 0)


def _seconds(year: int, month: int, day: int, clock: tuple[str | None, ...], zone: int) -> int | None:
    hour, minute, second = (int(part or 0) for part in clock[:3])
    if half := clock[3]:
        hour = hour % 12 + (12 if half in "pP" else 0)
    if not (1000 <= year <= 9999 and hour < 24 and minute < 60 and second < 61):
        return None
    try:
        days = date(year, month, day).toordinal() - EPOCH
    except ValueError:
        return None
    return days * 86400 + hour * 3600 + minute * 60 + second - zone


def parse(text: str) -> int | None:
    """Return the seconds since 1970 UTC that a date says, or None; a date without zone is taken as UTC.

    Comments and blanks may stand between any two words of it (RFC 5322 §4.3).
    """
    text = text[:200]
    if "(" in text and _COMMENT.search(text):
        for _ in range(_DEEPEST):
            text = _COMMENT.sub(" ", text)
    if " :" in text or ": " in text:
        text = _APART.sub(":", text)
    if match := _ISO.match(text):
        year, month, day, *clock = match.groups()
        return _seconds(int(year), int(month), int(day), tuple(clock), offset(text[match.end() :]))
    if match := _DAY_FIRST.match(text):
        day, month, year, *clock = match.groups()
        if number := _month(month):
            zone = offset(text[match.end() :]) if clock[0] else 0
            return _seconds(_year(year), number, int(day), tuple(clock), zone)
    if match := _MONTH_FIRST.match(text):
        month, day, early, *clock = match.groups()
        zone_text, late = clock[4], clock[5]
        year = early or late
        if (number := _month(month)) and year:
            zone = offset(zone_text or text[match.end() :])
            return _seconds(int(year), number, int(day), tuple(clock[:4]), zone)
    return None
