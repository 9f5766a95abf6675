"""Sources: what was read, when and how much; a form to read more, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath
from urllib.parse import quote

from msgspec import Struct

from amity.app import intake
from amity.app.desk import Desk
from amity.app.intake import ImportReport, SourceLine
from amity.app.reading import SourceReport
from amity.errors import AmityError, Code
from amity.faces.web import uploads
from amity.faces.web.imports import Import
from amity.language import mark, say, say_many
from amity.sources import catalog

ON_A_PAGE = 100
# A live source by what its addresses begin with, and how a person calls it.
SERVERS: Mapping[str, str] = {
    "imaps": mark("Mail (IMAP)"),
    "imap": mark("Mail (IMAP with STARTTLS)"),
    "caldavs": mark("Calendar (CalDAV)"),
    "carddavs": mark("Address book (CardDAV)"),
}


class Named(Struct, frozen=True):
    """A source as a person knows it: the last part of its place, and where that is."""

    name: str
    where: str


class SourceRow(Struct, frozen=True):
    """One source that was read."""

    line: SourceLine
    named: Named
    on: date


class SourcesContext(Struct, frozen=True):
    """What the page of sources shows."""

    rows: tuple[SourceRow, ...]
    total: int
    troubles: int
    page: int
    pages: int
    today: date
    kinds: tuple[tuple[str, str], ...]  # of source, with what each reads
    servers: tuple[tuple[str, str], ...]
    largest: int  # bytes that may be uploaded at a time


class SourceRead(Struct, frozen=True):
    """What came of reading one source."""

    report: SourceReport
    named: Named


class ImportContext(Struct, frozen=True):
    """What the page of an import shows, while it goes on and after."""

    name: str
    percent: int
    words: str
    running: bool
    report: ImportReport | None
    sources: tuple[SourceRead, ...]
    unread: tuple[tuple[str, str], ...]
    new: int
    troubles: int
    error: str
    hint: str


def context(desk: Desk, page: int) -> SourcesContext:
    """Gather one page of what was read; `page` counts from 1."""
    lines = intake.sources(desk)
    shown = lines[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]
    return SourcesContext(
        rows=tuple(SourceRow(line, named(desk, line.source, line.path), day_of(desk, line)) for line in shown),
        total=len(lines),
        troubles=sum(line.troubles for line in lines),
        page=page,
        pages=max(1, -(-len(lines) // ON_A_PAGE)),
        today=desk.today,
        kinds=file_kinds(),
        servers=servers(),
        largest=uploads.LARGEST,
    )


def file_kinds() -> tuple[tuple[str, str], ...]:
    """Return the kinds of file that are read, each with what it is."""
    return tuple((one.name, one.reads) for one in catalog.SOURCES if not one.schemes)


def servers() -> tuple[tuple[str, str], ...]:
    """Return the kinds of server that are read, by what their addresses begin with."""
    known = {scheme for source in catalog.LIVE for scheme in source.schemes}
    return tuple((scheme, words) for scheme, words in SERVERS.items() if scheme in known)


def address(scheme: str, user: str, server: str) -> str:
    """Put the address of a live source together, as `amity import` takes it. Raises AmityError USAGE."""
    place = server.strip().partition("://")[2] or server.strip()
    if scheme not in SERVERS or not place or any(sign.isspace() for sign in place):
        raise AmityError(Code.USAGE, say("That is no address of a server."), say("It looks like mail.example.org."))
    if server.strip().lower().startswith("http://") and scheme in ("caldavs", "carddavs"):
        scheme = scheme.removesuffix("s")  # unprotected: the reader itself takes that for this machine alone
    return f"{scheme}://{quote(user.strip(), safe='') + '@' if user.strip() else ''}{place}"


def import_context(made: Import, room: Path) -> ImportContext:
    """Gather the page of an import; `room` is where uploads lie, which is no place to a reader."""
    report, error = made.report, made.error
    reports: Sequence[SourceReport] = report.sources if report else ()
    return ImportContext(
        name=made.names[0] if len(made.names) == 1 else say_many("{n} file", "{n} files", len(made.names)),
        percent=round(100 * min(1.0, made.share)),
        words=made.words,
        running=made.running,
        report=report,
        sources=tuple(SourceRead(one, placed(room, one.source, one.path)) for one in reports),
        unread=tuple((_short(room, one.path), _short(room, one.reason)) for one in (report.unread if report else ())),
        new=sum(one.new for one in reports),
        troubles=sum(len(one.troubles) for one in reports),
        error=_short(room, error.message) if error else "",
        hint=_hint(error, made.uploaded) if error else "",
    )


def named(desk: Desk, source: str, path: str) -> Named:
    """Name a source by the path under which it is kept."""
    return placed(room_of(desk), source, path)


def placed(room: Path, source: str, path: str) -> Named:
    """Name a source, given the folder where uploads lie for as long as they are read."""
    if source == "log":
        return Named(say("What you told Amity yourself"), "")
    if is_live(path):
        return Named(path, say("read from the server"))
    outside, _, inside = path.partition("!/")
    uploaded = PurePath(outside).is_relative_to(room.absolute())
    where = say("given in the browser") if uploaded else str(PurePath(outside).parent)
    if not inside:
        return Named(PurePath(outside).name, where)
    return Named(PurePath(inside).name, say("inside {archive}, {where}", archive=PurePath(outside).name, where=where))


def is_live(path: str) -> bool:
    """Tell whether this is the address of a server, and no path."""
    return "://" in path and not PurePath(path).is_absolute()


def room_of(desk: Desk) -> Path:
    """Return the folder where uploads lie while they are read: beside the vault, and as private."""
    return desk.database.folder / uploads.FOLDER


def day_of(desk: Desk, line: SourceLine) -> date:
    """Return the owner's day on which a source was read last."""
    return (datetime.fromisoformat(line.read_last) + timedelta(seconds=desk.offset)).date()


def _short(room: Path, text: str) -> str:
    return text.replace(f"{room.absolute()}/", "").replace(f"{room}/", "")


def _hint(error: AmityError, uploaded: bool) -> str:
    if uploaded and error.code is Code.USAGE:
        return say("If you know what it is, say so under “More” when you choose it again.")
    return error.hint
