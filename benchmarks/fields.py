"""Every field of cards, events and mail headers beside what usual libraries read: how many agree, and which do not.

A difference is no mistake of either: `--differences` shows them, to be read by eye against the standards.
"""

from __future__ import annotations

import email
import email.header
import email.utils
import io
import logging
import tarfile
import tempfile
import warnings
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

from amity.model import Card, Moment, Since, Trouble
from amity.sources import ics, mail, vcard
from amity.sources.lines import describe
from benchmarks.report import Report, Table

SUMMARY = "fields of vCards, calendars and mail headers beside vobject, icalendar and the standard library"
DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
ARCHIVES = (DATA / "fuzz" / "fuzz.tar.xz", DATA / "mail" / "spamassassin_raw.tar.xz")
_PEER_FAILS = "(the library reads nothing)"

Fields = Mapping[str, Any]


class Compared(NamedTuple):
    """What came of one kind of file."""

    files: int
    items: int
    fields: int
    unread: int  # files of which the library reads nothing, or another number of items
    differences: tuple[str, ...]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--differences", action="store_true", help="show each field that differs")


def _plain(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return " ".join(normalize("NFC", " ".join(map(_plain, value)) if isinstance(value, list) else str(value)).split())


def _cards(data: bytes) -> Iterator[Fields]:
    """Yield the fields of each card as vobject reads them."""
    from vobject import readComponents  # type: ignore[import-untyped, unused-ignore]

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    for card in readComponents(io.StringIO(text), ignoreUnreadable=True, allowQP=True):
        if card.name != "VCARD":
            continue
        told = {name: [_plain(line.value) for line in lines] for name, lines in card.contents.items()}
        first = {name: (lines or [""])[0] for name, lines in told.items()}
        names = card.contents["n"][0].value if "n" in card.contents else None
        organisation = card.contents["org"][0].value if "org" in card.contents else None
        yield {
            "name": first.get("fn"),
            "given": _plain(getattr(names, "given", "")),
            "family": _plain(getattr(names, "family", "")),
            "emails": [value.lower() for value in told.get("email", ()) if value],
            "phones": [value.removeprefix("tel:") for value in told.get("tel", ()) if value],
            "urls": [value for value in told.get("url", ()) if value],
            "org": _plain(organisation[0]) if organisation else None,
            "title": first.get("title"),
            "uid": first.get("uid"),
            "version": first.get("version"),
            "notes": sum(map(bool, told.get("note", ()))),
            "photos": len(told.get("photo", ())),
        }


def _written(told: Any) -> str | None:
    """Return a time as icalendar gives it, by the clock of its own zone."""
    when = told[0].dt if isinstance(told, list) else told.dt
    if not isinstance(when, datetime):
        return str(when.isoformat())
    utc = when.utcoffset() == timedelta(0) and not getattr(told, "params", {}).get("TZID")
    return when.replace(tzinfo=None).isoformat(timespec="seconds") + ("Z" if utc else "")


def _events(data: bytes) -> Iterator[Fields]:
    """Yield the fields of each event as icalendar reads them."""
    from icalendar import Calendar  # type: ignore[import-not-found, import-untyped, unused-ignore]

    for calendar in Calendar.from_ical(data, multiple=True):
        for event in calendar.walk("VEVENT"):
            listed = event.get("ATTENDEE", [])
            people = [
                _plain(one).lower().removeprefix("mailto:")
                for one in (listed if isinstance(listed, list) else [listed])
            ]
            fields: dict[str, Any] = {
                "uid": _plain(event.get("UID", "")),
                "subject": _plain(event.get("SUMMARY", "")),
                "location": _plain(event.get("LOCATION", "")),
                "status": _plain(event.get("STATUS", "")).upper(),
                "organizer": _plain(event.get("ORGANIZER", "")).lower().removeprefix("mailto:"),
                "attendees": people,
                "recurring": bool(event.get("RRULE") or event.get("RDATE")),
            }
            for name, line in (("start", "DTSTART"), ("end", "DTEND")):
                if line in event and (line == "DTSTART" or "DURATION" not in event):
                    try:
                        fields[name] = _written(event[line])
                    except (AttributeError, ValueError):
                        fields[name] = None
            yield fields


def _headers(data: bytes) -> Iterator[Fields]:
    """Yield the fields of one mail as the standard library reads them."""
    told = email.message_from_bytes(data)

    def words(value: object) -> str:
        try:
            return _plain(email.header.make_header(email.header.decode_header(str(value))))
        except (LookupError, ValueError, email.errors.HeaderParseError):
            return ""

    def people(name: str) -> list[dict[str, str | None]]:
        pairs = email.utils.getaddresses([str(value) for value in told.get_all(name, [])])
        return [{"name": words(name) or None, "address": address.lower()} for name, address in pairs if address]

    fields: dict[str, Any] = {
        "subject": words(told["subject"] or ""),
        "from": people("from"),
        "cc": people("cc"),
        "message_id": _plain(told["message-id"] or "").strip("<> "),
        "in_reply_to": _plain(told["in-reply-to"] or "").strip("<> "),
        "references": str(told["references"] or "").count("<"),
    }
    if not told.get_all("bcc"):
        fields["to"] = people("to")
    try:
        when = email.utils.parsedate_to_datetime(str(told["date"]))
        when = when.replace(tzinfo=when.tzinfo or UTC)
        fields["when"] = when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (TypeError, ValueError, OverflowError):
        fields["when"] = None
    yield fields


def _own_cards(path: Path) -> Iterator[Fields]:
    return (describe(item)["card"] for item in vcard.read(path, Since()) if isinstance(item, Card))


def _own_events(path: Path) -> Iterator[Fields]:
    told = (describe(item) for item in ics.read(path, Since()) if isinstance(item, Moment | Trouble))
    return (line["moment"] for line in told if "moment" in line)


def _own_headers(path: Path) -> Iterator[Fields]:
    told = describe(mail.scanner()(mail.unix(b"\n" + path.read_bytes()), path.name, b""))
    return iter([told["moment"]] if "moment" in told else [])


def compare(
    files: Iterable[tuple[str, bytes]],
    ours: Callable[[Path], Iterator[Fields]],
    theirs: Callable[[bytes], Iterator[Fields]],
) -> Compared:
    """Read each file both ways, and compare field by field what the library reads."""
    read = items = fields = unread = 0
    differences = []
    with tempfile.TemporaryDirectory(prefix="amity-fields-") as folder:
        for name, data in files:
            path = Path(folder) / "file"
            path.write_bytes(data)
            read += 1
            own = list(ours(path))
            try:
                other = list(theirs(data))
            except Exception as error:  # whatever a library does of a file, the others are compared
                unread += 1
                differences.append(f"{name}: {_PEER_FAILS} {type(error).__name__}; Amity {len(own)} items")
                continue
            if len(own) != len(other):
                unread += 1
                differences.append(f"{name}: {len(own)} items, the library {len(other)}")
                continue
            for one, another in zip(own, other, strict=True):
                items += 1
                fields += len(another)
                differences += [
                    f"{name}: {field}: {one[field]!r:.200} | the library {value!r:.200}"
                    for field, value in another.items()
                    if (one[field] or None) != (value or None)
                ]
    return Compared(read, items, fields, unread, tuple(differences))


def members(paths: Iterable[Path], fits: Callable[[str], bool]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files in packed archives whose names fit."""
    for path in paths:
        if not path.is_file():
            continue
        with tarfile.open(path) as archive:
            for member in archive:
                if member.isfile() and fits(member.name) and (opened := archive.extractfile(member)) is not None:
                    yield member.name, opened.read()


def _is_mail(name: str) -> bool:
    parts = name.split("/")
    other = name.endswith((".py", ".c", ".cmake", ".md", ".mbox"))
    return not other and (not {"mime", "bounces", "mbox"}.isdisjoint(parts) or "ham" in name or "spam" in name)


def _mails(paths: Iterable[Path]) -> Iterator[tuple[str, bytes]]:
    for name, data in members(paths, _is_mail):
        data = data.replace(b"\r\n", b"\n")
        if data.startswith(b"From "):
            data = data.partition(b"\n")[2]
        if mail.unix(b"\n" + data).count(b":"):
            yield name, data


def run(args: Namespace) -> Report:
    """Compare all three forms over the archives that are at hand."""
    warnings.simplefilter("ignore")
    logging.disable()
    paths = args.data or ARCHIVES
    found = {}
    notes: tuple[str, ...] = ("A difference is no mistake of either; read them with --differences.",)
    files = members(paths, lambda name: name.endswith((".vcf", ".vcard")))
    found["vCard, vobject"] = compare(files, _own_cards, _cards)
    if find_spec("icalendar"):
        files = members(paths, lambda name: name.endswith((".ics", ".vcs")))
        found["iCalendar, icalendar"] = compare(files, _own_events, _events)
    else:
        notes += ("Left out, since it is not installed: icalendar.",)
    found["mail headers, email"] = compare(_mails(paths), _own_headers, _headers)
    rows = []
    for form, told in found.items():
        differ = sum(": (the" not in line and " items, " not in line for line in told.differences)
        share = 1 - differ / max(1, told.fields)
        counts = (told.files, told.items, told.fields, differ)
        rows.append((form, *(f"{count:,}" for count in counts), f"{share:.2%}", f"{told.unread:,}"))
    columns = ("form and library", "files", "items", "fields", "differ", "agree", "files read otherwise")
    if args.differences:
        notes += tuple(line for told in found.values() for line in told.differences)
    figures = {form: told._asdict() for form, told in found.items()}
    return Report("fields", (Table("Fields beside usual libraries", columns, tuple(rows)),), figures, notes)
