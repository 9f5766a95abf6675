"""Read one source after the other into the vault, a batch a transaction, each from where it was left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import nullcontext
from hashlib import blake2b
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict, replace

from amity.app.desk import Desk
from amity.app.forgotten import Guard
from amity.app.owner import SELF, pairs
from amity.errors import AmityError, Code
from amity.handles import phone
from amity.language import noted, retold, say
from amity.model import Card, Found, Handle, Item, Mark, Moment, Since, Text, Trouble
from amity.settings import Settings
from amity.sources import catalog
from amity.sources.catalog import Source
from amity.sources.limits import Limits
from amity.store import decisions, evidence

# Items a transaction: every commit writes the index of keys anew wherever it was touched.
ENOUGH = 8_000
# Sources a transaction, where they are small.
TOGETHER = 64
# Recurring events are spread out so far ahead of today (seconds).
AHEAD = 366 * 86_400


class SetAside(Struct, frozen=True):
    """An item that could not be read, and under which name it is kept."""

    place: int | str
    reason: str
    kept_as: str


class SourceReport(Struct, frozen=True):
    """What came of reading one source; `read` is always `new` + `known` + the number of troubles."""

    path: str
    source: str
    read: int
    new: int
    known: int
    moments: int
    cards: int
    found: int  # facts that bodies show, to be proposed
    troubles: tuple[SetAside, ...]
    columns: tuple[str, ...] = ()  # how the columns of a table were understood


class Place(Struct, frozen=True):
    """One source to read: where it is, and under which name it is kept when that differs."""

    source: Source
    at: Path | str  # a file or folder, or a live source's address
    label: str
    lender: str = ""  # the id of a person whose connections these are, "" for what is the owner's own
    of: Handle | None = None  # an address of theirs

    @property
    def kind(self) -> str:
        """The name of the source, with whose it is: what another lent is told apart from the owner's own."""
        # Kept, and taken apart again by what retries it: the same in every language.
        return f"{self.source.name} of {self.lender}" if self.lender else self.source.name

    @property
    def name(self) -> str:
        """The last part of the label, as a person knows it."""
        return self.label.rstrip("/").rpartition("/")[2] or self.label


class Wishes(Struct, frozen=True):
    """How the owner wants an import to be done."""

    dry: bool = False  # only say what would happen
    bodies: bool = False  # facts may be read from bodies
    texts: bool = False  # the words of messages are kept for search
    anew: bool = False  # from the beginning, also where nothing seems to have changed


def limits(ours: Settings) -> Limits:
    """Return how much of anything a source takes, by the owner's settings."""
    return Limits(
        header_bytes=ours.mail_header_kib << 10,
        people=ours.mail_people,
        mime_depth=ours.mail_depth,
        mime_parts=ours.mail_parts,
        archive_entries=ours.archive_files,
        archive_bytes=ours.archive_mib << 20,
        archive_ratio=ours.archive_ratio,
        archive_nested=ours.archive_nested,
        archive_depth=ours.archive_depth,
    )


class Run:
    """One import while it goes on: its decision is written when there is something to write."""

    def __init__(self, desk: Desk, key: str, me: Sequence[Handle], wishes: Wishes) -> None:
        self.desk = desk
        self.wishes = wishes
        self.key = key
        self.me = pairs(me)
        self.decision = self._decided()
        self.hidden = evidence.withdrawn(desk.database)
        self.learnt = 0  # facts and texts of bodies that were new
        self.changed = 0  # known items that stand again, or no more
        if self.me and not wishes.dry:
            with desk.database.transaction():
                self.decide()

    def _decided(self) -> int | None:
        """Return the decision that the key stands for already, also one that another process has just recorded."""
        earlier = decisions.repeated(self.desk.database, self.key, "import")
        if earlier and earlier.id in decisions.undone(self.desk.database):
            raise AmityError(Code.REFUSED, say("This import was taken back."), say("`amity redo` brings it back."))
        return earlier.id if earlier else None

    def decide(self) -> int:
        """Return the import's decision, recording it the first time. Runs in the caller's transaction."""
        if self.decision is None:
            self.decision = self._decided()
        if self.decision is None:
            body = {"me": self.me} if self.me else {}
            self.decision = self.desk.record(self.key, "import", noted("Import, not finished"), body)
        return self.decision

    def close(self, reports: Sequence[SourceReport]) -> None:
        """Complete the words under which the import stands in the history; a repeat adds to what the first call did."""
        if self.decision is None:
            return
        database = self.desk.database
        with database.transaction():
            (earlier,) = decisions.some(database, [self.decision])
            # From the readings, since a call that was killed, or that goes on beside this one, adds nothing up here.
            fresh, retold = evidence.told_under(database, self.decision)
            learnt = self.learnt + int(earlier.body.get("learnt", 0))
            changed = self.changed + int(earlier.body.get("changed", 0))
            told = {"new": fresh + learnt, "changed": changed, "retold": retold}
            if all(earlier.body.get(name) == count for name, count in told.items()):
                return  # what the first call did stays what the history tells, and what undo takes back
            paths = list(dict.fromkeys([*earlier.body.get("paths", ()), *(report.path for report in reports)]))
            body: dict[str, Any] = {**earlier.body, **told, "learnt": learnt, "paths": paths}
            decisions.amend(database, self.decision, _summary(paths, **told), body)


def _summary(paths: Sequence[str], new: int, changed: int, retold: int) -> str:
    """Say in a line what an import did."""
    names = ", ".join(dict.fromkeys(path.rstrip("/").rpartition("/")[2] for path in paths))
    parts = [
        noted("{new:,} new", new=new) if new else "",
        noted("{changed:,} changed", changed=changed) if changed else "",
    ]
    done = ", ".join(filter(None, parts))
    also = noted("; {retold:,} told by others before", retold=retold) if retold else ""
    return (
        noted("Imported {names}: {done}{also}", names=names, done=done, also=also)
        if done
        else noted("Looked through {names}: nothing new{also}", names=names, also=also)
    )


def take_in(run: Run, places: Sequence[Place]) -> list[SourceReport]:
    """Read sources, each from where it was left.

    What several small ones tell is kept in one transaction, since thousands of files may be a source each.
    """
    reports: list[SourceReport] = []
    waiting: list[tuple[Place, _Batch]] = []

    def settle() -> None:
        with nullcontext() if run.wishes.dry else run.desk.database.transaction():
            for place, batch in waiting:
                batch.keep()
                reports.append(batch.report(place))
        waiting.clear()

    try:
        for place in places:
            waiting.append((place, _read(run, place)))
            if len(waiting) >= TOGETHER or sum(batch.held for _, batch in waiting) >= ENOUGH:
                settle()
    finally:
        settle()
    return reports


def _read(run: Run, place: Place) -> _Batch:
    """Read one source, keep all but the last of it, and return that."""
    desk = run.desk
    past = evidence.past(desk.database, place.kind, place.label, run.hidden)
    batch = _Batch(desk, run, past)
    guard = Guard(desk.database)
    for told in _items(run, place, past):
        said = lent(told, place.of) if place.of else told
        item = guard.without(said) if guard.stones else said
        if item is None:
            batch.known += isinstance(told, (Moment, Card))
        elif isinstance(item, Moment):
            batch.moments.append(item)
        elif isinstance(item, Mark):
            batch.mark(item.state)
            desk.progress(
                item.share,
                say(
                    "{source} {place}: {new:,} kept",
                    source=place.source.name,
                    place=place.name,
                    new=batch.new + batch.known,
                ),
            )
        elif isinstance(item, Card):
            batch.cards.append(_in_region(item, desk.settings.region))
        elif isinstance(item, Trouble):
            batch.troubles.append(item)
        elif isinstance(item, Found):
            batch.found.append(item)
        elif isinstance(item, Text):
            batch.texts.append(item)
        else:
            batch.go_on(item.items)
    return batch


def lent(item: Item, friend: Handle) -> Item:
    """Turn what a source tells of its own owner into what it tells of a friend who lent it: whom they know."""
    if not isinstance(item, Moment):
        return item
    key = blake2b(item.key + f"{friend.kind}\n{friend.value}".encode("utf-8", "replace"), digest_size=16).digest()
    parties = tuple(one._replace(handle=friend) if one.handle == SELF else one for one in item.parties)
    return item._replace(key=key, parties=parties)


def _items(run: Run, place: Place, past: evidence.Past) -> Iterator[Item]:
    desk, wishes = run.desk, run.wishes
    state = {} if wishes.anew else past.state

    def places() -> Set[int | str]:
        fresh = wishes.anew or not past.reading
        return frozenset() if fresh else evidence.places(desk.database, past.source or 0)

    ours = asdict(limits(desk.settings))
    since = Since(state, places, desk.end + AHEAD, wishes.bodies, wishes.texts, lambda: desk.secret(place.label), ours)
    if isinstance(place.at, Path):
        return catalog.read_safely(place.source, place.at, since)
    return catalog.open_live_reader(place.source)(place.at, since)


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

    def __init__(self, desk: Desk, run: Run, past: evidence.Past) -> None:
        self.desk = desk
        self.run = run
        self.past = past
        self.reading: evidence.Reading | None = None
        self.goes_on = False
        self.moments: list[Moment] = []
        self.cards: list[Card] = []
        self.troubles: list[Trouble] = []
        self.found: list[Found] = []
        self.texts: list[Text] = []
        self.seen: set[bytes] = set()  # of a dry run, what it would have kept
        self.set_aside: list[Trouble] = []
        self.state: Mapping[str, Any] = past.state
        self.new = self.known = self.moments_read = self.cards_read = self.found_read = 0

    def go_on(self, items: int) -> None:
        """Take note that a source goes on from where it was left, with so many items read before."""
        if not self.goes_on:
            self.goes_on = True
            self.moments_read, self.cards_read = evidence.kept_from(self.desk.database, self.past.source or 0)
        self.known += items

    def mark(self, state: Any) -> None:
        """Take note of a mark that covers all items so far, and keep them once there are enough."""
        self.state = state
        if self.held >= ENOUGH:
            self.keep()

    @property
    def held(self) -> int:
        """The items that are not kept yet."""
        return len(self.moments) + len(self.cards) + len(self.troubles) + len(self.found) + len(self.texts)

    def keep(self) -> None:
        """Keep the batch with the mark that covers it; where neither says anything new, nothing is written."""
        state = self.state
        self.moments_read += len(self.moments)
        self.cards_read += len(self.cards)
        self.found_read += len(self.found)
        something = self.moments or self.cards or self.troubles or self.found or self.texts
        if self.run.wishes.dry:
            self.weigh()
        elif something or state != self.past.state:
            database = self.desk.database
            with database.transaction():
                if self.reading is None:
                    self.reading = evidence.begin(
                        database, self.past, self.run.decide(), self.desk.now, anew=not self.goes_on
                    )
                kept = evidence.append(
                    database, self.reading, self.moments, self.cards, self.troubles, state, self.run.hidden
                )
                hidden = self.run.hidden
                self.run.learnt += evidence.append_found(database, self.reading, self.found, hidden)
                self.run.learnt += evidence.append_texts(database, self.reading, self.texts, hidden)
            self.new += kept.fresh
            self.known += kept.known
        self.moments, self.cards, self.troubles, self.found, self.texts = [], [], [], [], []

    def weigh(self) -> None:
        """Say of a batch what would be new, and keep nothing of it."""
        keys = evidence.unknown_keys(self.desk.database, self.moments, self.cards, self.run.hidden) - self.seen
        self.seen |= keys
        self.new += len(keys)
        self.known += len(self.moments) + len(self.cards) - len(keys)
        self.set_aside += self.troubles

    def report(self, place: Place) -> SourceReport:
        """Say what came of it all."""
        database = self.desk.database
        if self.reading is not None:
            until = self.desk.end + AHEAD
            self.run.changed += evidence.finish(database, self.reading, self.desk.now, until, self.run.hidden)
        before = None if self.run.wishes.anew else self.past.reading
        of = self.reading.id if self.reading else before
        kept = evidence.troubles(database, of) if of is not None else []
        troubles = (
            *(SetAside(trouble.place, retold(trouble.reason), f"trouble {trouble.id}") for trouble in kept),
            *(SetAside(trouble.place, retold(trouble.reason), "") for trouble in self.set_aside),
        )
        return SourceReport(
            path=place.label,
            source=place.kind,
            read=self.new + self.known + len(troubles),
            new=self.new,
            known=self.known,
            moments=self.moments_read,
            cards=self.cards_read,
            found=self.found_read,
            troubles=troubles,
            columns=tuple(
                f"{column}: {field or 'kept'}, {why}" for column, field, why, *_ in self.state.get("mapping", ())
            ),
        )


def keep_one(desk: Desk, moment: Moment, decision: int) -> None:
    """Keep one moment that the owner told, under its decision. Runs in the caller's transaction."""
    database = desk.database
    past = evidence.past(database, "log", "the owner", evidence.withdrawn(database))
    reading = evidence.begin(database, past, decision, desk.now, anew=True)
    evidence.append(database, reading, [moment], [], [], {}, frozenset())
