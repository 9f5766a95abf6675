"""Time zones as calendars name them: by the tz database, by Windows, or by their own rules (RFC 5545 §3.6.5)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

from amity.language import noted
from amity.sources import recurrence

# Seconds east of Greenwich at a time by the clock on the wall. Where a clock shows a time twice the first is meant;
# where it leaps over one, the offset before the leap counts, as RFC 5545 §3.3.5 has it.
Zone = Callable[[datetime], int]

_EPOCH = date(1970, 1, 1).toordinal()
_LAST = datetime(2100, 1, 1)
# Windows' names, most without "Standard Time", from Unicode CLDR's windowsZones.xml (2025-04-10, territory 001).
_WINDOWS_NAMES = """
AUS Central=Australia/Darwin; AUS Eastern=Australia/Sydney; Afghanistan=Asia/Kabul; Alaskan=America/Anchorage;
Aleutian=America/Adak; Altai=Asia/Barnaul; Arab=Asia/Riyadh; Arabian=Asia/Dubai; Arabic=Asia/Baghdad;
Argentina=America/Buenos_Aires; Astrakhan=Europe/Astrakhan; Atlantic=America/Halifax;
Aus Central W.=Australia/Eucla; Azerbaijan=Asia/Baku; Azores=Atlantic/Azores; Bahia=America/Bahia;
Bangladesh=Asia/Dhaka; Belarus=Europe/Minsk; Bougainville=Pacific/Bougainville; Canada Central=America/Regina;
Cape Verde=Atlantic/Cape_Verde; Caucasus=Asia/Yerevan; Cen. Australia=Australia/Adelaide;
Central America=America/Guatemala; Central Asia=Asia/Bishkek; Central Brazilian=America/Cuiaba;
Central Europe=Europe/Budapest; Central European=Europe/Warsaw; Central Pacific=Pacific/Guadalcanal;
Central=America/Chicago; Chatham Islands=Pacific/Chatham; China=Asia/Shanghai; Cuba=America/Havana;
Dateline=Etc/GMT+12; E. Africa=Africa/Nairobi; E. Australia=Australia/Brisbane; E. Europe=Europe/Chisinau;
E. South America=America/Sao_Paulo; Easter Island=Pacific/Easter; Eastern=America/New_York; Egypt=Africa/Cairo;
Ekaterinburg=Asia/Yekaterinburg; FLE=Europe/Kiev; Fiji=Pacific/Fiji; GMT=Europe/London; GTB=Europe/Bucharest;
Georgian=Asia/Tbilisi; Greenland=America/Godthab; Greenwich=Atlantic/Reykjavik; Haiti=America/Port-au-Prince;
Hawaiian=Pacific/Honolulu; India=Asia/Calcutta; Iran=Asia/Tehran; Israel=Asia/Jerusalem; Jordan=Asia/Amman;
Kaliningrad=Europe/Kaliningrad; Korea=Asia/Seoul; Libya=Africa/Tripoli; Line Islands=Pacific/Kiritimati;
Lord Howe=Australia/Lord_Howe; Magadan=Asia/Magadan; Magallanes=America/Punta_Arenas;
Marquesas=Pacific/Marquesas; Mauritius=Indian/Mauritius; Middle East=Asia/Beirut;
Montevideo=America/Montevideo; Morocco=Africa/Casablanca; Mountain=America/Denver; Myanmar=Asia/Rangoon;
N. Central Asia=Asia/Novosibirsk; Namibia=Africa/Windhoek; Nepal=Asia/Katmandu; New Zealand=Pacific/Auckland;
Newfoundland=America/St_Johns; Norfolk=Pacific/Norfolk; North Asia East=Asia/Irkutsk;
North Asia=Asia/Krasnoyarsk; North Korea=Asia/Pyongyang; Omsk=Asia/Omsk; Pacific SA=America/Santiago;
Pacific=America/Los_Angeles; Pakistan=Asia/Karachi; Paraguay=America/Asuncion; Qyzylorda=Asia/Qyzylorda;
Romance=Europe/Paris; Russian=Europe/Moscow; SA Eastern=America/Cayenne; SA Pacific=America/Bogota;
SA Western=America/La_Paz; SE Asia=Asia/Bangkok; Saint Pierre=America/Miquelon; Sakhalin=Asia/Sakhalin;
Samoa=Pacific/Apia; Sao Tome=Africa/Sao_Tome; Saratov=Europe/Saratov; Singapore=Asia/Singapore;
South Africa=Africa/Johannesburg; South Sudan=Africa/Juba; Sri Lanka=Asia/Colombo; Sudan=Africa/Khartoum;
Syria=Asia/Damascus; Taipei=Asia/Taipei; Tasmania=Australia/Hobart; Tocantins=America/Araguaina;
Tokyo=Asia/Tokyo; Tomsk=Asia/Tomsk; Tonga=Pacific/Tongatapu; Transbaikal=Asia/Chita; Turkey=Europe/Istanbul;
Turks And Caicos=America/Grand_Turk; US Eastern=America/Indianapolis; US Mountain=America/Phoenix;
Ulaanbaatar=Asia/Ulaanbaatar; Venezuela=America/Caracas; Vladivostok=Asia/Vladivostok;
Volgograd=Europe/Volgograd; W. Australia=Australia/Perth; W. Central Africa=Africa/Lagos;
W. Europe=Europe/Berlin; W. Mongolia=Asia/Hovd; West Asia=Asia/Tashkent; West Bank=Asia/Hebron;
West Pacific=Pacific/Port_Moresby; Yakutsk=Asia/Yakutsk; Yukon=America/Whitehorse;
Central Standard Time (Mexico)=America/Mexico_City; Eastern Standard Time (Mexico)=America/Cancun;
Mountain Standard Time (Mexico)=America/Mazatlan; Pacific Standard Time (Mexico)=America/Tijuana;
Russia Time Zone 10=Asia/Srednekolymsk; Russia Time Zone 11=Asia/Kamchatka; Russia Time Zone 3=Europe/Samara;
UTC=Etc/UTC; UTC+12=Etc/GMT-12; UTC+13=Etc/GMT-13; UTC-02=Etc/GMT+2; UTC-08=Etc/GMT+8; UTC-09=Etc/GMT+9;
UTC-11=Etc/GMT+11
"""
_WINDOWS = {
    name.lower(): zone
    for name, _, zone in (row.partition("=") for row in _WINDOWS_NAMES.strip().replace("\n", " ").split("; "))
}
_OFFSET = re.compile(r"(?:UTC|GMT)\s*([+-])\s*(\d{1,2})(?:[:.]?(\d\d))?(?!\d)", re.IGNORECASE)
_UTC_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)(?::?(\d\d))?")
_TIME = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d)(?::?(\d\d))?(Z)?)?")


class Observance(NamedTuple):
    """One STANDARD or DAYLIGHT part of a zone's own rules, its values as written."""

    start: str
    offset_from: str
    offset_to: str
    rules: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()


def epoch(local: datetime, zone: Zone | None) -> int:
    """Return the seconds since 1970 UTC of a time by the clock on the wall; None is UTC."""
    seconds = (local.toordinal() - _EPOCH) * 86400 + local.hour * 3600 + local.minute * 60 + local.second
    return seconds if zone is None else seconds - zone(local)


def fixed(seconds: int) -> Zone:
    """Return the zone that is always so many seconds east of Greenwich."""
    return lambda _: seconds


@lru_cache(maxsize=1024)
def _in_database(name: str) -> Zone | None:
    try:
        found = ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, no path inside the database, or a folder of it ("Europe")
        return None

    def offset(local: datetime) -> int:
        told = local.replace(tzinfo=found).utcoffset()
        return int(told.total_seconds()) if told else 0

    return offset


@lru_cache(maxsize=1)
def _spellings() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}


@lru_cache(maxsize=1024)
def named(name: str) -> Zone | None:
    """Return the zone of a name alone: of the tz database, of Windows, with a maker's prefix or in another case."""
    name = name.strip("\"' /")
    if not name or len(name) > 200:
        return None
    if name.lower() in ("utc", "z", "gmt", "etc/utc"):
        return fixed(0)
    if found := _in_database(name):
        return found
    if (windows := _WINDOWS.get(name.lower().removesuffix(" standard time").removesuffix(" daylight time"))) and (
        found := _in_database(windows)
    ):
        return found
    parts = name.split("/")  # /freeassociation.sourceforge.net/Tzfile/Europe/Berlin
    tails = ["/".join(parts[-length:]) for length in (3, 2, 1) if length < len(parts)]
    flat = [name.replace("_", "/", 1), name.replace("-", "/", 1)] if "/" not in name else []
    for tail in (*tails, name, *flat):
        if spelt := _spellings().get(tail.lower()):
            return _in_database(spelt)
    return None


def by_offset(name: str) -> Zone | None:
    """Return the zone of a name that tells its offset: "UTC+2", "(GMT-05.00) Eastern Time". It knows no summer time."""
    if match := _OFFSET.search(name[:200]):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours < 24 and minutes < 60:
            return fixed((hours * 3600 + minutes * 60) * (-1 if match[1] == "-" else 1))
    return None


def _seconds(text: str) -> int:
    match = _UTC_OFFSET.fullmatch(text.strip())
    if match is None:
        raise ValueError(noted('"{text}" is no offset', text=text[:40]))
    hours, minutes, seconds = (int(part or 0) for part in match.groups()[1:])
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(noted('"{text}" is no offset', text=text[:40]))
    return (hours * 3600 + minutes * 60 + seconds) * (-1 if match[1] == "-" else 1)


def _clock(text: str) -> tuple[datetime, bool]:
    """Read a date or time, and tell whether it is in UTC."""
    match = _TIME.match(text.strip())
    if match is None:
        raise ValueError(noted('"{text}" is no time', text=text[:40]))
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    return datetime(year, month, day, hour, minute, second), bool(match[7])


def _onsets(part: Observance, before: int, purse: recurrence.Purse) -> Iterator[datetime]:
    """Yield the times at which an observance begins, by the clock that went before."""
    start, _ = _clock(part.start)
    yield start
    for text in part.dates:
        at, utc = _clock(text)
        yield at + timedelta(seconds=before) if utc else at
    for text in part.rules:
        rule = recurrence.parse(text)
        until = _LAST
        if rule.until:
            until, utc = _clock(rule.until)
            if utc:
                until += timedelta(seconds=before)
        yield from recurrence.spread(rule, start, min(until, _LAST), purse)


def ruled(parts: list[Observance], purse: recurrence.Purse) -> Zone | None:
    """Return the zone that its own rules describe, up to the year 2100; None where none of them can be read."""
    changes: dict[datetime, int] = {}
    first: tuple[datetime, int] | None = None
    for part in parts:
        try:
            before, after = _seconds(part.offset_from or part.offset_to), _seconds(part.offset_to)
            leap = timedelta(seconds=max(0, after - before))
            for onset in _onsets(part, before, purse):
                if first is None or onset < first[0]:
                    first = onset, before
                changes[onset + leap] = after
        except (ValueError, OverflowError):
            continue  # an observance that cannot be read tells nothing; the others still hold
    if first is None:
        return None
    moments = sorted(changes)
    offsets = [first[1], *(changes[moment] for moment in moments)]
    return lambda local: offsets[bisect_right(moments, local)]


def clock(at: int, zone: Zone | None) -> datetime:
    """Return the time by the clock on the wall at seconds since 1970 UTC. Raises OverflowError beyond year 9999."""
    local = datetime(1970, 1, 1) + timedelta(seconds=at)
    if zone is None:
        return local
    found = local + timedelta(seconds=zone(local))
    return local + timedelta(seconds=zone(found))
