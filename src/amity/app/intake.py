"""Take in what a person already has: recognise it, read it, keep it, and say what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of, pairs, told
from amity.errors import AmityError, Code
from amity.handles import handle as spell
from amity.handles import phone
from amity.model import Card, Known, Mark, Moment, Since, Trouble
from amity.people.owner import Presence, next_address
from amity.sources import catalog
from amity.sources.catalog import Source
from amity.sources.lines import describe
from amity.store import decisions, derived, evidence

# Items a transaction: every commit writes the index of keys anew wherever it was touched.
ENOUGH = 8_000
# Contacts that are looked at to find out who the owner is; they take part in nearly all.
SAMPLE = 100_000


@dataclass(frozen=True, slots=True)
class SetAside:
    """An item that could not be read, and under which name it is kept."""

    place: int | str
    reason: str
    kept_as: str


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What came of reading one source; `read` is always `new` + `known` + the number of troubles."""

    path: str
    source: str
    read: int
    new: int
    known: int
    moments: int
    cards: int
    troubles: tuple[SetAside, ...]


@dataclass(frozen=True, slots=True)
class OwnerReport:
    """Whom the import took for the owner, and why."""

    handles: tuple[str, ...]
    because: tuple[str, ...]
    inferred: bool


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What came of an import."""

    sources: tuple[SourceReport, ...]
    people: int
    me: OwnerReport


@operation(Effect.WRITE)
def import_(
    desk: Desk, paths: Sequence[Path], *, as_source: str = "", me: Sequence[str] = (), key: str = ""
) -> ImportReport:
    """Read archives into the vault, each from where it was left, and find out who the owner is if nobody said.

    Every batch is kept for good before the next is read, so stopping at any moment loses nothing. A repeated `key`
    does the work once. Raises AmityError NOT_FOUND for a path that is not there, USAGE where nothing is recognised.
    """
    database = desk.database
    found = [pair for path in paths for pair in _recognise(path, as_source)]
    run = _Run(desk, key or decisions.new_key(), [spell(text) for text in me])
    reports = [_take_in(run, source, path) for source, path in found]
    run.close(reports)
    inferred = _infer_owner(desk) if any(report.new for report in reports) else False
    refresh(desk)
    owner = owner_of(database)
    return ImportReport(
        tuple(reports),
        derived.count_people(database),
        OwnerReport(*told(owner), inferred),
    )


@operation(Effect.READ)
def read(paths: Sequence[Path], *, as_source: str = "") -> Iterator[dict[str, Any]]:
    """Yield what sources tell, in their order and without a vault: cards, moments and troubles as plain values."""
    for path in paths:
        for source, place in _recognise(path, as_source):
            for item in catalog.open_reader(source)(place, Since()):
                if isinstance(item, (Card, Moment, Trouble)):
                    yield describe(item)


def _recognise(path: Path, as_source: str) -> list[tuple[Source, Path]]:
    if not path.exists():
        raise AmityError(Code.NOT_FOUND, f"There is no {path}.", "Check the path.")
    if as_source:
        return [(catalog.by_name(as_source), path)]
    try:
        found = catalog.discover(path)
    except OSError as error:
        raise AmityError(
            Code.NOT_FOUND, f"Cannot open {path}: {error.strerror}.", "Check that you may read it."
        ) from error
    if not found:
        raise AmityError(
            Code.USAGE,
            f"{path} is nothing that Amity knows how to read.",
            f"It reads: {'; '.join(f'{source.name} ({source.reads})' for source in catalog.SOURCES)}."
            " Use --as to say which it is.",
        )
    return found


class _Run:
    """One import while it goes on: its decision is written when there is something to write."""

    def __init__(self, desk: Desk, key: str, me: Sequence[Any]) -> None:
        self.desk = desk
        self.key = key
        self.me = pairs(me)
        earlier = decisions.by_key(desk.database, key)
        if earlier and earlier.id in decisions.undone(desk.database):
            raise AmityError(Code.REFUSED, "This import was taken back.", "`amity redo` brings it back.")
        self.decision = earlier.id if earlier else None
        self.before = int(earlier.body.get("new", 0)) if earlier else None
        self.hidden = evidence.withdrawn(desk.database)
        if self.me and not earlier:
            with desk.database.transaction():
                self.decide()

    def decide(self) -> int:
        """Return the import's decision, recording it the first time. Runs in the caller's transaction."""
        if self.decision is None:
            body = {"me": self.me} if self.me else {}
            self.decision = self.desk.record(self.key, "import", "Import, not finished", body)
        return self.decision

    def close(self, reports: Sequence[SourceReport]) -> None:
        """Complete the words under which the import stands in the history."""
        if self.decision is None:
            return
        fresh = sum(report.new for report in reports)
        if self.before is not None:
            if not fresh:
                return  # what the first call did stays what the history tells, and what undo takes back
            fresh += self.before
        names = ", ".join(dict.fromkeys(Path(report.path).name for report in reports))
        summary = f"Imported {names}: {fresh:,} new" if fresh else f"Looked through {names}: nothing new"
        body: dict[str, Any] = {"new": fresh, "paths": [report.path for report in reports]}
        if self.me:
            body["me"] = self.me
        with self.desk.database.transaction():
            decisions.amend(self.desk.database, self.decision, summary, body)


def _take_in(run: _Run, source: Source, path: Path) -> SourceReport:
    """Read one source from where it was left, a batch a transaction."""
    desk, database = run.desk, run.desk.database
    place = str(path.absolute())
    past = evidence.past(database, source.name, place, run.hidden)
    since = Since(past.state, lambda: evidence.places(database, past.source or 0) if past.reading else frozenset())
    batch = _Batch(desk, run, past)
    words = f"{source.name} {path.name}"
    for item in catalog.open_reader(source)(path, since):
        if isinstance(item, Moment):
            batch.moments.append(item)
        elif isinstance(item, Mark):
            batch.mark(item.state)
            desk.progress(item.share, f"{words}: {batch.new + batch.known:,} kept")
        elif isinstance(item, Card):
            batch.cards.append(_in_region(item, desk.settings.region))
        elif isinstance(item, Trouble):
            batch.troubles.append(item)
        elif isinstance(item, Known):
            batch.go_on(item.items)
    batch.keep()
    return batch.report(place, source.name)


def _in_region(card: Card, region: str) -> Card:
    """Complete phone numbers that were written without their country."""
    if not region or all(handle.kind != "phone" or handle.value.startswith("+") for handle in card.handles):
        return card
    return replace(
        card,
        handles=tuple(
            phone(handle.value, region) if handle.kind == "phone" and not handle.value.startswith("+") else handle
            for handle in card.handles
        ),
    )


class _Batch:
    """What was read since the last mark, and the counts so far."""

    def __init__(self, desk: Desk, run: _Run, past: evidence.Past) -> None:
        self.desk = desk
        self.run = run
        self.past = past
        self.reading: evidence.Reading | None = None
        self.goes_on = False
        self.moments: list[Moment] = []
        self.cards: list[Card] = []
        self.troubles: list[Trouble] = []
        self.state: Mapping[str, Any] = past.state
        self.new = self.known = self.moments_read = self.cards_read = 0

    def go_on(self, items: int) -> None:
        """Take note that a source goes on from where it was left, with so many items read before."""
        if not self.goes_on:
            self.goes_on = True
            self.moments_read, self.cards_read = evidence.kept_from(self.desk.database, self.past.source or 0)
        self.known += items

    def mark(self, state: Any) -> None:
        """Take note of a mark that covers all items so far, and keep them once there are enough."""
        self.state = state
        if len(self.moments) + len(self.cards) + len(self.troubles) >= ENOUGH:
            self.keep()

    def keep(self) -> None:
        """Keep the batch with the mark that covers it; where neither says anything new, nothing is written."""
        state = self.state
        self.moments_read += len(self.moments)
        self.cards_read += len(self.cards)
        something = self.moments or self.cards or self.troubles
        if something or state != self.past.state:
            database = self.desk.database
            with database.transaction():
                if self.reading is None:
                    self.reading = evidence.begin(
                        database, self.past, self.run.decide(), self.desk.now, anew=not self.goes_on
                    )
                kept = evidence.append(
                    database, self.reading, self.moments, self.cards, self.troubles, state, self.run.hidden
                )
            self.new += kept.fresh
            self.known += kept.known
        self.moments, self.cards, self.troubles = [], [], []

    def report(self, path: str, source: str) -> SourceReport:
        """Say what came of it all."""
        database = self.desk.database
        if self.reading is not None:
            evidence.finish(database, self.reading, self.desk.now)
        of = self.reading.id if self.reading else self.past.reading
        troubles = tuple(
            SetAside(trouble.place, trouble.reason, f"trouble {trouble.id}")
            for trouble in (evidence.troubles(database, of) if of is not None else ())
        )
        return SourceReport(
            path=path,
            source=source,
            read=self.new + self.known + len(troubles),
            new=self.new,
            known=self.known,
            moments=self.moments_read,
            cards=self.cards_read,
            troubles=troubles,
        )


def _infer_owner(desk: Desk) -> bool:
    """Find out which handles are the owner's unless they are known, and write that down as a change of its own."""
    database = desk.database
    if any(handle.kind != "me" for handle in owner_of(database).handles):
        return False
    from amity.ledger.strands import presence

    hidden = evidence.withdrawn(database)
    parties = evidence.some_parties(database, hidden, SAMPLE)
    handles = derived.handles(database)
    spellings = derived.names_seen(database, 1 << 62, hidden)
    names = {handle: {name for name, _ in seen} for handle, seen in spellings.items()}
    found: dict[int, str] = {}
    everything = len(parties)
    while True:
        total, counts = presence(parties, found)
        present = {handle: Presence(*seen) for handle, seen in counts.items()}
        chosen = next_address(present, total, handles, names, found.keys())
        if chosen is None:
            break
        found[chosen] = (
            f"{handles[chosen].value} takes part in {present[chosen].all:,} of {everything:,} contacts looked at"
        )
    if not found:
        return False
    values = ", ".join(handles[number].value for number in found)
    body = {"me": pairs(handles[number] for number in found), "because": "; ".join(found.values()), "inferred": True}
    with database.transaction():
        desk.record(decisions.new_key(), "me", f"Took {values} for you", body)
    return True


def keep_one(desk: Desk, moment: Moment, decision: int) -> None:
    """Keep one moment that the owner told, under its decision. Runs in the caller's transaction."""
    database = desk.database
    past = evidence.past(database, "log", "the owner", evidence.withdrawn(database))
    reading = evidence.begin(database, past, decision, desk.now, anew=True)
    evidence.append(database, reading, [moment], [], [], {}, frozenset())
