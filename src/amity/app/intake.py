"""Take in what a person already has: recognise it, read it, keep it, and say what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app.desk import Desk
from amity.app.exports import everything
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import SELF, owner_of, pairs, told
from amity.app.people import identify
from amity.app.reading import Place, Run, SourceReport, Wishes, limits, take_in
from amity.errors import AmityError, Code
from amity.handles import parse
from amity.language import noted, retold, say
from amity.model import Card, Moment, Since, Trouble
from amity.people.owner import FEWEST, Presence, next_address
from amity.sources import catalog
from amity.sources.limits import USUAL, Limits
from amity.sources.lines import describe
from amity.store import decisions, derived, evidence, search

# Contacts that are looked at to find out who the owner is; they take part in nearly all.
SAMPLE = 20_000
LENT = ("linkedin",)  # the sources that another person may lend: they tell whom their owner knows, and no more


class OwnerReport(Struct, frozen=True):
    """Whom the import took for the owner, and why."""

    handles: tuple[str, ...]
    because: tuple[str, ...]
    inferred: bool


class Unread(Struct, frozen=True):
    """A path that was given and that nothing could be made of."""

    path: str
    reason: str


class ImportReport(Struct, frozen=True):
    """What came of an import."""

    sources: tuple[SourceReport, ...]
    unread: tuple[Unread, ...]
    people: int
    me: OwnerReport
    joined: int = 0  # pairs that were surely one person


class SourceLine(Struct, frozen=True):
    """One source that was read before."""

    source: str
    path: str
    read_last: str  # ISO 8601
    finished: bool
    times: int
    moments: int
    cards: int
    troubles: int


class TroubleLine(Struct, frozen=True):
    """One item that was set aside, with what was kept of it."""

    id: str
    source: str
    path: str
    place: int | str
    reason: str
    kept: str


@operation(Effect.WRITE, names_files=True, blank=("paths",))
def import_(
    desk: Desk,
    paths: Sequence[str],
    *,
    as_source: str = "",
    me: Sequence[str] = (),
    dry_run: bool = False,
    read_bodies: bool = False,
    keep_text: bool = False,
    anew: bool = False,
    acquaintances_of: str = "",
    key: str = "",
) -> ImportReport:
    """Read archives, files, folders and live sources into the vault, each from where it was left.

    Every batch is kept for good before the next is read, so stopping at any moment loses nothing. A repeated `key`
    does the work once. `dry_run` only says what would be new; `read_bodies` allows facts to be read from bodies, which
    are not kept; `keep_text` keeps the words of mails for `ledger.search_text`; `anew` reads from the beginning.
    `acquaintances_of` names a person who lent their list of connections: it tells whom they know, and nothing of the
    owner.
    Raises AmityError NOT_FOUND for a path that is not there, USAGE where nothing is recognised; among several paths
    these are told in the report, and the rest is taken.
    """
    wishes = Wishes(dry_run, read_bodies, keep_text, anew)
    run = Run(desk, key or decisions.new_key(), [parse(text).handle for text in me], wishes)
    with ExitStack() as rooms:
        found, unread = _places(paths, as_source, rooms, desk.database.folder, limits(desk.settings))
        if acquaintances_of:
            found = _lent(desk, found, acquaintances_of)
        reports = take_in(run, [place for place in found if place.source is not everything.SOURCE])
        if not dry_run:
            run.close(reports)
        said = everything.take_in_all(
            desk, [place for place in found if place.source is everything.SOURCE], dry=dry_run
        )
    inferred = False
    if not dry_run:
        # Nobody may be known yet although nothing is new: an import that was killed did not come so far.
        unknown = not told(owner_of(desk.database))[0]
        inferred = (unknown or any(report.new for report in reports)) and _infer_owner(desk)
    refresh(desk)
    joined = 0
    if not dry_run and any(report.new for report in reports):
        joined = _join_sure(desk, run.key)
    people = derived.count_people(desk.database)
    return ImportReport(
        (*reports, *said), unread, people, OwnerReport(*told(owner_of(desk.database)), inferred), joined
    )


def _lent(desk: Desk, places: Sequence[Place], friend: str) -> list[Place]:
    """Return places as lent by a friend. Raises AmityError USAGE where a source is no list of connections."""
    refresh(desk)
    who = identify(desk, friend)
    addresses = [handle for some in search.handles_of(desk.database, [who]).values() for _, handle in some]
    if not addresses:
        raise AmityError(
            Code.USAGE,
            say("{friend} has no address that is known.", friend=friend),
            say("Import a card of theirs first."),
        )
    for place in places:
        if place.source.name not in LENT:
            raise AmityError(
                Code.USAGE,
                say("{file} is no list of connections.", file=place.name),
                say("What can be lent: {sources}.", sources=", ".join(LENT)),
            )
    return [replace(place, lender=f"p{who}", of=addresses[0]) for place in places]


def _join_sure(desk: Desk, key: str) -> int:
    """Join those who surely are one, where it does not take long beside what was read."""
    from amity.app.duplicates import due, join_sure  # likeness is dear to load, and most reads do without it

    if not due(desk):
        return 0
    joined = join_sure(desk, f"{key}:sure")
    refresh(desk)
    return joined


@operation(Effect.READ, names_files=True, blank=("paths",))
def read(paths: Sequence[str], *, as_source: str = "") -> Iterator[dict[str, Any]]:
    """Yield what sources tell, in their order and without a vault: cards, moments and troubles as plain values."""
    with ExitStack() as rooms:
        found, unread = _places(paths, as_source, rooms, None, USUAL)
        for place in found:
            if not isinstance(place.at, Path) or place.source is everything.SOURCE:
                raise AmityError(Code.USAGE, say("{place} is read by `amity import` only.", place=place.label))
            for item in catalog.read_safely(place.source, place.at, Since()):
                if isinstance(item, (Card, Moment, Trouble)):
                    yield describe(item)
    for one in unread:
        yield describe(Trouble(one.path, one.reason))


@operation(Effect.READ)
def sources(desk: Desk) -> tuple[SourceLine, ...]:
    """List what was read, when, how much, and how many troubles there were."""
    gone = evidence.withdrawn(desk.database)
    aside = evidence.count_troubles(desk.database, gone)
    return tuple(
        SourceLine(one.kind, one.place, _stamp(one.started), *one[3:], aside.get((one.kind, one.place), 0))
        for one in evidence.sources(desk.database, gone)
    )


@operation(Effect.READ)
def troubles(desk: Desk, limit: int = 100, offset: int = 0) -> tuple[TroubleLine, ...]:
    """List what was set aside, newest first, with the place, the reason and the raw record."""
    gone = evidence.withdrawn(desk.database)
    return tuple(
        TroubleLine(
            f"trouble {one.id}", one.kind, one.path, one.place, retold(one.reason), one.kept.decode("utf-8", "replace")
        )
        for one in evidence.all_troubles(desk.database, gone, limit, offset)
    )


@operation(Effect.WRITE)
def retry(desk: Desk, key: str = "") -> ImportReport:
    """Read the sources of everything that was set aside once more, from the beginning."""
    waiting = {_opened(one) for one in troubles(desk, limit=-1)}
    if not waiting:
        raise AmityError(Code.NOT_FOUND, say("Nothing was set aside."))
    reports = []
    gone = []
    for path, source in sorted(waiting):
        try:
            kind, _, friend = source.partition(" of ")
            own = f"{key}:{path}" if key else ""
            reports.append(import_(desk, [path], as_source=kind, anew=True, acquaintances_of=friend, key=own))
        except AmityError as error:
            if error.code is not Code.NOT_FOUND:
                raise
            gone.append(Unread(path, str(error)))
    if not reports:
        raise AmityError(
            Code.NOT_FOUND, say("None of the files that hold them is there any more."), retold(gone[0].reason)
        )
    last = reports[-1]
    return ImportReport(
        tuple(line for report in reports for line in report.sources),
        (*gone, *(line for report in reports for line in report.unread)),
        last.people,
        last.me,
        sum(report.joined for report in reports),
    )


def _opened(trouble: TroubleLine) -> tuple[str, str]:
    """Return what to import again for a trouble: its source, or the archive that held it."""
    outside, inside, _ = trouble.path.partition("!/")
    return outside, "" if inside else trouble.source


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z")


def _places(
    paths: Sequence[str], as_source: str, rooms: ExitStack, vault: Path | None, limits: Limits
) -> tuple[list[Place], tuple[Unread, ...]]:
    """Find every source at the paths; with several paths, one that leads nowhere does not stop the others."""
    found: list[Place] = []
    unread: list[Unread] = []
    first: AmityError | None = None
    for path in paths:
        try:
            found += _recognise(str(path), as_source, rooms, vault, limits, unread)
        except AmityError as error:
            first = first or error
            unread.append(Unread(str(path), str(error)))
    if first is not None and not found:
        raise first
    return found, tuple(unread)


def _is_archive(path: Path) -> bool:
    if not path.is_file() or catalog.recognise(path) is not None:
        return False
    from amity.sources import archives  # zip and tar are dear to load, and most of what is imported is neither

    with path.open("rb") as file:
        return archives.recognise(path, file.read(catalog.HEAD))


def _recognise(
    text: str, as_source: str, rooms: ExitStack, vault: Path | None, limits: Limits, unread: list[Unread]
) -> list[Place]:
    live = catalog.live(text, as_source)
    if live is not None:
        return [Place(live, text, text)]
    path = Path(text)
    if not path.exists():
        raise AmityError(Code.NOT_FOUND, say("There is no {path}.", path=path), say("Check the path."))
    try:
        if not as_source and _is_archive(path):
            from amity.sources import archives

            # Beside the vault and not in the system's temporary folder: what is unpacked is as private as the vault.
            room = Path(rooms.enter_context(TemporaryDirectory(prefix="unpacked-", dir=vault)))
            left = [one for one in archives.unpack(path, room, limits) if isinstance(one, Trouble)]
            unread += [Unread(f"{path}!/{one.place}", retold(one.reason)) for one in left]
            inside = [*catalog.discover(room), *((everything.SOURCE, at) for at in everything.find(room))]
            found = [Place(source, at, f"{path.absolute()}!/{at.relative_to(room)}") for source, at in inside]
        elif as_source:
            found = [Place(catalog.by_name(as_source), path, str(path.absolute()))]
        else:
            inside = [*catalog.discover(path), *((everything.SOURCE, at) for at in everything.find(path))]
            found = [Place(source, at, str(at.absolute())) for source, at in inside]
    except OSError as error:
        raise AmityError(
            Code.NOT_FOUND,
            say("Cannot open {path}: {reason}.", path=path, reason=error.strerror),
            say("Check that you may read it."),
        ) from error
    if not found:
        raise AmityError(
            Code.USAGE,
            say("{path} is nothing that Amity knows how to read.", path=path),
            say(
                "It reads: {sources}. Use --as to say which it is.",
                sources="; ".join(f"{source.name} ({say(source.reads)})" for source in catalog.SOURCES),
            ),
        )
    return found


def _infer_owner(desk: Desk) -> bool:
    """Find out which handles are the owner's beside those known, and write that down as a change of its own."""
    from amity.ledger.strands import presence

    database = desk.database
    owner = owner_of(database)
    hidden = evidence.withdrawn(database)
    parties = evidence.some_parties(database, hidden, SAMPLE)
    total, counts = presence(parties, owner.numbers)
    if total < FEWEST:
        return False  # the handles known already take part in nearly all, so nobody needs to be looked up
    handles = derived.handles(database)
    spellings = derived.names_seen(database, 1 << 62, hidden)
    names = {handle: {name for name, _ in seen} for handle, seen in spellings.items()}
    found: dict[int, str] = {}
    everything = len(parties)
    while True:
        mine = owner.numbers | found.keys()
        present = {handle: Presence(*seen) for handle, seen in counts.items() if handles[handle] not in owner.refused}
        known = {handle for handle in mine if handles[handle] != SELF}
        if not known and told(owner)[0]:
            break  # the owner said who they are; that none of it occurs here is no reason to guess
        chosen = next_address(present, total, handles, names, known)
        if chosen is None:
            break
        found[chosen] = say(
            "{address} takes part in {all:,} of {everything:,} contacts looked at",
            address=handles[chosen].value,
            all=present[chosen].all,
            everything=everything,
        )
        total, counts = presence(parties, owner.numbers | found.keys())
    if not found:
        return False
    values = ", ".join(handles[number].value for number in found)
    body = {"me": pairs(handles[number] for number in found), "because": "; ".join(found.values()), "inferred": True}
    with database.transaction():
        desk.record(decisions.new_key(), "me", noted("Took {values} for you", values=values), body)
    return True
