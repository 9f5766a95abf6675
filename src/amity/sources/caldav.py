"""Calendars on a server, read and never written: CalDAV (RFC 4791) with sync tokens (RFC 6578) or entity tags.

Works with Nextcloud, Fastmail, iCloud, mailbox.org, Radicale, Baïkal and others that take a name and a password.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import closing
from typing import Any, cast
from urllib.parse import urlsplit

from amity.model import Event, Item, Known, Mark, Moment, Since, Trouble
from amity.sources import ics, webdav

_BATCH = 2000  # items between two marks
KIND = webdav.Kind(
    noun="calendar",
    plural="calendars",
    scheme="caldav",
    namespace="urn:ietf:params:xml:ns:caldav",
    collection="calendar",
    home="calendar-home-set",
    asked="<C:supported-calendar-component-set/><C:calendar-timezone/>",
    multiget="calendar-multiget",
    data="calendar-data",
    example="caldavs://ana@cloud.example",
)


def _holds_events(resource: webdav.Resource) -> bool:
    kinds = resource.properties.get(KIND.tag("supported-calendar-component-set"))
    return kinds is None or not len(kinds) or any(kind.get("name", "").upper() == "VEVENT" for kind in kinds)


def read(address: str, since: Since) -> Iterator[Item]:
    """Yield the events of all calendars at an address such as caldavs://ana@cloud.example/, with marks in between.

    Only what changed since the mark is fetched, and events that repeat once they are due. A place is an event's path.
    Without `since.until` an event that repeats is told once, with it each time it takes place, as `ics.read` does.
    Raises AmityError: USAGE for what is no address or has no password, REFUSED for a wrong one or a connection that is
    not safe, NOT_FOUND where the server or its calendars are not to be found.
    """
    with closing(webdav.open_session(address, since.secret, KIND)) as session:
        yield from _read(session, since)


def _times(event: Sequence[Any]) -> Mapping[str, int]:
    """Return when each event of a path takes place for the first time, by its id."""
    return cast("Mapping[str, int]", event[3]) if len(event) > 3 else {}


def _missing(earlier: Mapping[str, Sequence[Any]], there: Set[str], gone: Set[str]) -> Iterator[tuple[str, str, int]]:
    """Yield path, id and time of each event that a calendar has no more.

    Where the server does not say that it was deleted, only of what is later than the earliest that is left: some
    servers list the last weeks alone.
    """
    first = min((at for path in there & earlier.keys() for at in _times(earlier[path]).values()), default=None)
    for path in sorted(earlier.keys() - there):
        for uid, at in _times(earlier[path]).items():
            if path in gone or (first is not None and at > first):
                yield path, uid, at


def _read(session: webdav.Session, since: Since) -> Iterator[Item]:
    past: dict[str, Any] = dict(since.state.get("calendars", {}))
    done: dict[str, Any] = {}
    calendars = webdav.collections(session, _holds_events)
    recent = 0
    missing: list[tuple[str, str, int]] = []
    for index, (url, resource) in enumerate(calendars):
        place = urlsplit(url).path
        old = past.get(place, {})
        earlier: dict[str, list[Any]] = old.get("events", {})
        known = {path: event[0] for path, event in earlier.items()}
        tags, token, gone = webdav.changes(session, url, resource, old.get("token", ""), known)
        zone = ics.zone_of(rules) if (rules := resource.text(KIND.tag("calendar-timezone"))) else None
        events = {
            path: earlier[path]
            for path, tag in tags.items()
            if path in earlier and earlier[path][0] == tag and tag and ics.settled(earlier[path][2], since.until)
        }
        if unchanged := sum(event[1] for event in events.values()):
            yield Known(unchanged)
        wanted = sorted(path for path in tags if path not in events)  # servers list in any order
        for at in range(0, len(wanted), webdav.AT_ONCE):
            for path, data in webdav.fetch(session, url, wanted[at : at + webdav.AT_ONCE]):
                if isinstance(data, str):
                    token = ""  # so that it is listed again, and asked for
                    recent += 1
                    yield Trouble(path, data)
                    continue
                items = 0
                told: dict[str, int] = {}  # by its id, when an event takes place for the first time
                calendar = ics.Calendar(data, since.until, zone=zone)
                for item in calendar.items():
                    if isinstance(item, Moment):
                        items += 1
                        if item.same and isinstance(item.told, Event):
                            told.setdefault(item.told.uid, item.at)
                    recent += 1
                    yield item._replace(place=path)
                events[path] = [tags[path], items, calendar.due, told]
            if recent >= _BATCH:
                recent = 0
                # Without the new token, so that what is still to come is listed again.
                here = {"token": old.get("token", ""), "events": {**earlier, **events}}
                share = (index + at / len(wanted)) / len(calendars)
                yield Mark({"calendars": {**past, **done, place: here}}, share)
        done[place] = {"token": token, "events": events}
        missing += _missing(earlier, events.keys() | tags.keys(), gone)
    # One that was moved to another calendar is told there.
    kept = {uid for calendar in done.values() for event in calendar["events"].values() for uid in _times(event)}
    yield from (ics.deleted(uid, at, path) for path, uid, at in missing if uid not in kept)
    yield Mark({"calendars": done}, 1.0)
