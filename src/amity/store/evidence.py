"""What the sources said: appended in batches, each with its mark, its digest and its own transaction."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, cast

import msgspec

from amity.model import Card, Channel, Depth, Found, Handle, Moment, Party, Position, Role, Text, Trouble
from amity.store import decisions
from amity.store.db import Database, among, digest, integer

MOMENT_COLUMNS = (
    "id, reading, key, place, at, channel, parties, subject, message_id, thread, signs, depth, minutes, imprecise"
)
INSERT_MOMENT = f"INSERT INTO moment ({MOMENT_COLUMNS}) VALUES ({', '.join('?' * 14)})"
CARD_COLUMNS = "id, reading, key, uid, revised, place, body, raw"
# Caches of handles, participants and names spare look-ups; each is emptied at this size, so that memory stays flat.
CACHE = 60_000
UNIQUE = 8  # characters of a uid that no other address book makes too


class Kept(NamedTuple):
    """How many items of a batch were new, and how many had been kept before."""

    fresh: int
    known: int


class KeptTrouble(NamedTuple):
    """An item that was set aside, as the store keeps it."""

    id: int
    place: int | str
    reason: str
    kept: bytes


class KeptMoment(NamedTuple):
    """A moment as the store keeps it, its participants as (handle, role) pairs."""

    id: int
    at: int
    channel: Channel
    parties: tuple[tuple[int, Role], ...]
    subject: str
    message_id: str
    source: str
    place: int | str
    depth: Depth
    minutes: int
    imprecise: bool


class Past(NamedTuple):
    """What is known of a source before it is read (again)."""

    kind: str
    place: str
    source: int | None
    reading: int | None
    state: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class _Seen:
    """A participant as a source names them, looked up once however often they write."""

    party: Party
    first: int
    number: int = 0
    word: int = 0


@dataclass(slots=True)
class Reading:
    """One run over one source while it goes on."""

    id: int
    source: int
    handles: dict[Handle, int] = field(default_factory=dict)
    seen: dict[int, _Seen] = field(default_factory=dict)
    namings: dict[tuple[int, str], int] = field(default_factory=dict)
    latest: int = -(1 << 62)


def past(database: Database, kind: str, place: str, hidden: frozenset[int]) -> Past:
    """Look up how far a source was read by the last reading of it that was not taken back.

    Where an import was taken back since, even of another source, it is read anew: what both tell went with that one.
    """
    source = database.value("SELECT id FROM source WHERE kind = ? AND place = ?", (kind, place))
    readings = database.execute(
        "SELECT id, state FROM reading WHERE source = ? AND decision > ? ORDER BY id DESC",
        (source, decisions.last_withdrawal(database)),
    )
    for row, kept in readings:
        if row not in hidden:
            return Past(kind, place, integer(source), integer(row), msgspec.json.decode(str(kept)))
    return Past(kind, place, None if source is None else integer(source), None, {})


def begin(database: Database, before: Past, decision: int, now: int, *, anew: bool) -> Reading:
    """Open a reading of a source under a decision; `anew` when it does not go on from where the last one stopped.

    Runs in the caller's transaction.
    """
    database.execute("INSERT OR IGNORE INTO source (kind, place) VALUES (?, ?)", (before.kind, before.place))
    source = integer(database.value("SELECT id FROM source WHERE kind = ? AND place = ?", (before.kind, before.place)))
    database.execute(
        "INSERT INTO reading (source, decision, goes_on, started) VALUES (?, ?, ?, ?)",
        (source, decision, None if anew else before.reading, now),
    )
    return Reading(database.connection.last_insert_rowid(), source)


def withdrawn(database: Database) -> frozenset[int]:
    """Return the readings whose import the owner has taken back."""
    undone = decisions.undone(database)
    rows = database.execute("SELECT id, decision FROM reading")
    return frozenset(integer(reading) for reading, decision in rows if decision in undone)


def returned(database: Database) -> int:
    """Count how often an item that had been taken back with its import came back under a later one."""
    kept = sum(integer(database.value(f"SELECT coalesce(max(id), 0) FROM {drawer}")) for drawer in ("moment", "card"))
    return integer(database.value("SELECT coalesce(sum(fresh), 0) FROM reading")) - kept


def places(database: Database, source: int) -> Set[int | str]:
    """Return the places of all items kept from one source, troubles included."""
    sql = """
      SELECT place FROM moment WHERE reading IN (SELECT id FROM reading WHERE source = :source)
      UNION ALL SELECT place FROM card WHERE reading IN (SELECT id FROM reading WHERE source = :source)
    """
    return {row[0] for row in database.execute(sql, {"source": source})}


def append(
    database: Database,
    reading: Reading,
    moments: Sequence[Moment],
    cards: Sequence[Card],
    troubles: Sequence[Trouble],
    state: Mapping[str, Any],
    hidden: frozenset[int],
) -> Kept:
    """Keep one batch and the mark that covers it, as one transaction; repeats are counted, not kept twice.

    An item that the owner had taken back with its import comes back under this reading, and counts as new.
    """
    with database.transaction():
        fresh_moments = _append_moments(database, reading, moments, hidden)
        fresh_cards = _append_cards(database, reading, cards, hidden)
        database.executemany(
            "INSERT INTO trouble (reading, place, reason, kept) VALUES (?, ?, ?, ?)",
            ((reading.id, trouble.place, trouble.reason, trouble.kept) for trouble in troubles),
        )
        fresh = fresh_moments + fresh_cards
        known = len(moments) + len(cards) - fresh
        database.execute(
            "UPDATE reading SET state = ?, fresh = fresh + ?, known = known + ? WHERE id = ?",
            (msgspec.json.encode(state).decode(), fresh, known, reading.id),
        )
    return Kept(fresh, known)


def append_found(database: Database, reading: Reading, found: Sequence[Found]) -> int:
    """Keep what bodies show, once each, and return how much was new.

    Runs in the caller's transaction, after the moments were kept.
    """
    before = database.connection.total_changes()
    database.executemany(
        """INSERT OR IGNORE INTO finding (reading, moment, writer, kind, sentence, body)
           SELECT ?, moment.id, handle.id, ?, ?, ? FROM moment, handle
           WHERE moment.key = ? AND handle.kind = ? AND handle.value = ?""",
        ((reading.id, one.kind, one.sentence, _found_json(one), _filed_key(one.moment), *one.by) for one in found),
    )
    return database.connection.total_changes() - before


def append_texts(database: Database, reading: Reading, texts: Sequence[Text]) -> int:
    """Keep the words of messages for search, once each, and return how many were new.

    Runs in the caller's transaction, after the moments were kept.
    """
    fresh = 0
    for one in texts:
        database.execute(
            "INSERT OR IGNORE INTO words (moment, reading, body) SELECT id, ?, ? FROM moment WHERE key = ?",
            (reading.id, one.words, _filed_key(one.moment)),
        )
        if database.connection.changes():
            number = database.connection.last_insert_rowid()
            database.execute("INSERT INTO words_search (rowid, body) VALUES (?, ?)", (number, one.words))
            fresh += 1
    return fresh


def search_texts(database: Database, match: str, hidden: Iterable[int], end: int, limit: int) -> list[tuple[int, str]]:
    """Return (moment, excerpt) of the newest messages before `end` whose kept words match a full-text query."""
    gone, excluded = among("words.reading", hidden, "AND")
    rows = database.execute(
        f"""SELECT words.moment, snippet(words_search, 0, '', '', ' … ', 24)
            FROM words_search JOIN words ON words.moment = words_search.rowid JOIN moment ON moment.id = words.moment
            WHERE words_search MATCH ? AND at < ? {gone.replace(" IN ", " NOT IN ")} ORDER BY at DESC LIMIT ?""",
        (match, end, *excluded, limit),
    )
    return [(integer(number), str(excerpt)) for number, excerpt in rows]


def _found_json(found: Found) -> str:
    return msgspec.json.encode({"by": found.by, "people": found.people, "values": found.values}).decode()


def unknown_keys(
    database: Database, moments: Sequence[Moment], cards: Sequence[Card], hidden: frozenset[int]
) -> set[bytes]:
    """Return the keys of those moments and cards that are not kept yet, or were taken back."""
    keys = {_filed_key(moment) for moment in moments}
    rows = database.executemany("SELECT key, reading FROM moment WHERE key = ?", [(key,) for key in keys])
    known = {cast(bytes, key) for key, of in rows if of not in hidden}
    of_cards = {card.key for card in cards}
    rows = database.executemany("SELECT key, reading FROM card WHERE key = ?", [(key,) for key in of_cards])
    return (keys | of_cards) - known - {cast(bytes, key) for key, of in rows if of not in hidden}


def finish(database: Database, reading: Reading, now: int) -> None:
    """Write down that a reading came to its end."""
    with database.transaction():
        database.execute("UPDATE reading SET finished = ? WHERE id = ?", (now, reading.id))


def _known_keys(
    database: Database, table: str, keys: Iterable[bytes], hidden: frozenset[int], reading: int
) -> tuple[set[bytes], list[bytes]]:
    """Find which keys are kept already, and which of these came back: those of readings taken back move to this one."""
    found = database.executemany(f"SELECT key, reading, id FROM {table} WHERE key = ?", ((key,) for key in keys))
    known = set()
    back = {}
    for key, of, row in found:
        if of in hidden:
            back[cast(bytes, key)] = (reading, row)
        known.add(cast(bytes, key))
    database.executemany(f"UPDATE {table} SET reading = ? WHERE id = ?", back.values())
    return known, list(back)


def _append_moments(database: Database, reading: Reading, moments: Sequence[Moment], hidden: frozenset[int]) -> int:
    if not moments:
        return 0
    unique = {_filed_key(moment): moment for moment in reversed(moments)}
    known, back = _known_keys(database, "moment", unique, hidden, reading.id)
    # The names seen in what came back went with the reading that was taken back; they are noted again.
    _pack_parties(database, reading, [unique[key] for key in back])
    filed = [(key, moment) for key, moment in unique.items() if key not in known]
    if not filed:
        return len(back)
    filed.reverse()
    keys, fresh = zip(*filed, strict=True)
    packed = _pack_parties(database, reading, fresh)
    next_id = integer(database.value("SELECT coalesce(max(id), 0) + 1 FROM moment"))
    number = reading.id
    rows = [
        (
            row_id,
            number,
            key,
            moment[5],  # place
            moment[1],  # at
            int(moment[2]),
            parties,
            moment[4],  # subject
            moment[6],  # message id
            moment[9],  # thread
            int(moment[10]),
            int(moment[11]),
            moment[12],
            int(moment[13]),
        )
        for row_id, (key, moment, parties) in enumerate(zip(keys, fresh, packed, strict=True), next_id)
    ]
    database.executemany(INSERT_MOMENT, rows)
    _seal(database, "moment", next_id, [row[2:] for row in rows])
    return len(rows) + len(back)


def _filed_key(moment: Moment) -> bytes:
    """Put the time before the key, so that an archive in order of time is filed in order, page after page.

    Whatever two sources tell of one contact, they tell one time; 64 seconds a step reach from -2368 to 6325.
    """
    return (((moment[1] >> 6) + 0x8000_0000) & 0xFFFF_FFFF).to_bytes(4, "big") + moment[0][4:]


def _pack_parties(database: Database, reading: Reading, moments: Sequence[Moment]) -> list[bytes]:
    """Pack the participants of each moment, and keep the names under which they were seen.

    A source yields one and the same object for a participant it has met before, so looking up by identity spares
    comparing names and addresses a few times a message. The object is held as long as its place, which keeps the
    identity its own; equal objects that are not the same only miss the short cut.
    """
    seen = reading.seen
    if len(seen) > CACHE:
        seen.clear()
    unseen: list[_Seen] = []
    earlier: list[_Seen] = []
    ranked: list[_Seen] = []
    for moment in moments:
        at, parties = moment[1], moment[3]
        try:
            together = [seen[id(party)] for party in parties]
        except KeyError:
            for party in parties:
                if id(party) not in seen:
                    unseen.append(_Seen(party, at))
                    seen[id(party)] = unseen[-1]
            together = [seen[id(party)] for party in parties]
        # Most archives are in order of time: only what is out of order can show a name earlier than it was seen.
        if at < reading.latest:
            for found in together:
                if at < found.first:
                    found.first = at
                    earlier.append(found)
        else:
            reading.latest = at
        ranked += together
    _intern(database, reading, {found.party.handle for found in unseen})
    handles = reading.handles
    for found in unseen:
        found.number = handles[found.party.handle]
        found.word = found.number * 4 + found.party.role
    _note_names(database, reading, (*unseen, *earlier))
    packed = array("I", [found.word for found in ranked]).tobytes()
    sizes = accumulate((4 * len(moment[3]) for moment in moments), initial=0)
    return [packed[start:stop] for start, stop in pairwise(sizes)]


def _note_names(database: Database, reading: Reading, seen: Iterable[_Seen]) -> None:
    """Keep each name under which a handle was seen, with the earliest moment that shows it."""
    known = reading.namings
    if len(known) > CACHE:
        known.clear()
    earlier: dict[tuple[int, str], int] = {}
    for found in seen:
        if found.party.name:
            pair = (found.number, found.party.name)
            if found.first < known.get(pair, found.first + 1):
                known[pair] = earlier[pair] = found.first
    database.executemany(
        """INSERT INTO naming (handle, name, reading, first) VALUES (?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET first = excluded.first WHERE excluded.first < first""",
        [(handle, name, reading.id, first) for (handle, name), first in earlier.items()],
    )


def _intern(database: Database, reading: Reading, wanted: Set[Handle]) -> None:
    """Make sure that every handle has its number."""
    handles = reading.handles
    if len(handles) > CACHE:
        handles.clear()
    ordered = sorted(handle for handle in wanted if handle not in handles)
    if not ordered:
        return
    database.executemany("INSERT OR IGNORE INTO handle (kind, value) VALUES (?, ?)", ordered)
    found = database.executemany("SELECT kind, value, id FROM handle WHERE kind = ? AND value = ?", ordered)
    for kind, value, number in found:
        handles[Handle(kind, value)] = number


def intern(database: Database, handle: Handle) -> int:
    """Return the number of a handle, giving it one if it has none. Runs in the caller's transaction."""
    database.execute("INSERT OR IGNORE INTO handle (kind, value) VALUES (?, ?)", handle)
    return integer(database.value("SELECT id FROM handle WHERE kind = ? AND value = ?", tuple(handle)))


def _append_cards(database: Database, reading: Reading, cards: Sequence[Card], hidden: frozenset[int]) -> int:
    if not cards:
        return 0
    unique = {card.key: card for card in reversed(cards)}
    known, back = _known_keys(database, "card", unique, hidden, reading.id)
    fresh = [card for key, card in unique.items() if key not in known]
    fresh.reverse()
    if not fresh:
        return len(back)
    _intern(database, reading, {handle for card in fresh for handle in (*card.handles, own_handle(card))})
    next_id = integer(database.value("SELECT coalesce(max(id), 0) + 1 FROM card"))
    rows = [
        (row_id, reading.id, card.key, card.uid, card.revised, card.place, _card_json(card), card.raw)
        for row_id, card in enumerate(fresh, next_id)
    ]
    database.executemany(f"INSERT INTO card ({CARD_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    database.executemany(
        "INSERT OR IGNORE INTO card_handle (card, handle) VALUES (?, ?)",
        (
            (row_id, reading.handles[handle])
            for row_id, card in enumerate(fresh, next_id)
            for handle in (*card.handles, own_handle(card))
        ),
    )
    _seal(database, "card", next_id, [row[2:] for row in rows])
    return len(rows) + len(back)


def own_handle(card: Card) -> Handle:
    """Return the handle that stands for the card itself, so that one without any address is somebody too.

    A short uid such as "1" is unique in its own file only; the name sets it apart from those of other files.
    """
    uid = card.uid if len(card.uid) >= UNIQUE or not card.uid else f"{card.uid} {card.name.casefold()}"
    return Handle("card", uid or card.key.hex())


_STORED_ELSEWHERE = frozenset(("key", "uid", "revised", "place", "raw"))


def _card_json(card: Card) -> str:
    body = {
        name: value
        for name in card.__dataclass_fields__
        if name not in _STORED_ELSEWHERE and (value := getattr(card, name))
    }
    return msgspec.json.encode(body).decode()


def card_of(key: bytes, uid: str, revised: int | None, place: int | str, body: str, raw: str) -> Card:
    """Make a card again from what was kept of it."""
    fields = msgspec.json.decode(body)
    position = fields.pop("position", None)
    handles = tuple(Handle(*pair) for pair in fields.pop("handles", ()))
    for name in ("nicknames", "addresses", "notes", "categories"):
        fields[name] = tuple(fields.get(name, ()))
    return Card(
        key=key,
        uid=uid,
        revised=revised,
        place=place,
        raw=raw,
        handles=handles,
        position=Position(**position) if position else None,
        **fields,
    )


def _seal(database: Database, drawer: str, first: int, rows: Sequence[tuple[object, ...]]) -> None:
    database.execute(
        "INSERT INTO seal (drawer, first, last, digest) VALUES (?, ?, ?, ?)",
        (drawer, first, first + len(rows) - 1, digest(rows)),
    )


def broken_seals(database: Database) -> Iterator[str]:
    """Compare every batch with the digest written beside it, and yield the places that differ."""
    columns = {"moment": MOMENT_COLUMNS, "card": CARD_COLUMNS}
    for drawer, first, last, expected in database.execute("SELECT drawer, first, last, digest FROM seal ORDER BY id"):
        kept = columns[drawer].split(", ", 2)[2]
        try:
            rows = database.execute(
                f"SELECT {kept} FROM {drawer} WHERE id BETWEEN ? AND ? ORDER BY id", (first, last)
            ).fetchall()
        except UnicodeDecodeError:
            rows = []
        if len(rows) != integer(last) - integer(first) + 1 or digest(rows) != expected:
            yield f"{drawer} {first} to {last}: not what was written"


def troubles(database: Database, reading: int) -> list[KeptTrouble]:
    """List what was set aside in a reading and in those that it goes on from, in order of reading."""
    sql = """
      WITH RECURSIVE chain (id) AS (
        SELECT ? UNION ALL
        SELECT goes_on FROM reading JOIN chain ON reading.id = chain.id WHERE goes_on IS NOT NULL)
      SELECT id, place, reason, kept FROM trouble WHERE reading IN chain ORDER BY id
    """
    return [
        KeptTrouble(integer(number), cast("int | str", place), str(reason), cast(bytes, kept))
        for number, place, reason, kept in database.execute(sql, (reading,))
    ]


def kept_from(database: Database, source: int) -> tuple[int, int]:
    """Count the moments and cards that are kept from a source."""
    moments, cards = (
        integer(
            database.value(
                f"SELECT count(*) FROM {drawer} WHERE reading IN (SELECT id FROM reading WHERE source = ?)", (source,)
            )
        )
        for drawer in ("moment", "card")
    )
    return moments, cards


class Finding(NamedTuple):
    """What a body showed, with its moment."""

    id: int
    at: int
    kind: str
    sentence: str
    by: Handle
    people: tuple[Handle, ...]
    values: Mapping[str, str]
    moment: int


def findings(
    database: Database,
    hidden: Iterable[int],
    end: int,
    *,
    by: Iterable[int] | None = None,
    kind: str = "",
    limit: int = -1,
) -> list[Finding]:
    """List what bodies before `end` showed, newest first; with `by`, only what these handles wrote."""
    both, excluded = among("finding.reading", hidden, "AND")
    gone = both.replace(" IN ", " NOT IN ") + both.replace("finding.", "moment.").replace(" IN ", " NOT IN ")
    some, wanted = among("writer", by, "AND")
    rows = database.execute(
        f"""SELECT finding.id, at, finding.kind, sentence, body, moment.id
            FROM finding JOIN moment ON moment.id = finding.moment
            WHERE at < ? AND (? = '' OR finding.kind = ?) {gone} {some} ORDER BY at DESC, finding.id LIMIT ?""",
        (end, kind, kind, *excluded, *excluded, *wanted, limit),
    )
    return [_finding(cast("tuple[Any, ...]", row)) for row in rows]


def _finding(row: tuple[Any, ...]) -> Finding:
    number, at, kind, sentence, body, moment = row
    told = msgspec.json.decode(body)
    people = tuple(Handle(*pair) for pair in told["people"])
    return Finding(number, at, kind, sentence, Handle(*told["by"]), people, told["values"], moment)


class SourceTold(NamedTuple):
    """A source that was read, and what is kept from it."""

    kind: str
    place: str
    started: int
    finished: bool
    times: int
    moments: int
    cards: int


def sources(database: Database, hidden: Iterable[int]) -> list[SourceTold]:
    """List the sources whose readings stand, the one read last first."""
    gone, excluded = among("reading.id", hidden)
    rows = database.execute(
        f"""SELECT kind, source.place, max(started), finished IS NOT NULL, count(*),
                   sum((SELECT count(*) FROM moment WHERE moment.reading = reading.id)),
                   sum((SELECT count(*) FROM card WHERE card.reading = reading.id))
            FROM source JOIN reading ON reading.source = source.id {gone.replace(" IN ", " NOT IN ", 1)}
            GROUP BY source.id ORDER BY max(reading.id) DESC""",
        excluded,
    )
    return [SourceTold._make((*row[:3], bool(row[3]), *row[4:])) for row in rows]


class TroubleTold(NamedTuple):
    """An item that was set aside, with its source."""

    id: int
    kind: str
    path: str
    place: int | str
    reason: str
    kept: bytes


def all_troubles(database: Database, hidden: Iterable[int], limit: int, offset: int) -> list[TroubleTold]:
    """List what was set aside and is not past, newest first: of each source, what its last whole reading met."""
    gone, excluded = among("reading.id", hidden)
    rows = database.execute(
        f"""WITH RECURSIVE chain (id) AS (
              SELECT max(reading.id) FROM reading {gone.replace(" IN ", " NOT IN ", 1)} GROUP BY source
              UNION
              SELECT goes_on FROM reading JOIN chain ON reading.id = chain.id WHERE goes_on IS NOT NULL)
            SELECT trouble.id, kind, source.place, trouble.place, reason, kept
            FROM trouble JOIN reading ON reading.id = trouble.reading JOIN source ON source.id = reading.source
            WHERE trouble.reading IN chain ORDER BY trouble.id DESC LIMIT ? OFFSET ?""",
        (*excluded, limit, offset),
    )
    return [TroubleTold._make(cast("tuple[Any, ...]", row)) for row in rows]


def moments(database: Database, ids: Iterable[int]) -> list[KeptMoment]:
    """Return some moments, newest first."""
    where, bindings = among("moment.id", ids)
    rows = database.execute(
        f"""SELECT moment.id, at, channel, parties, subject, message_id, source.kind, moment.place, depth, minutes,
                   imprecise
            FROM moment JOIN reading ON reading.id = moment.reading JOIN source ON source.id = reading.source
            {where} ORDER BY at DESC, moment.id DESC""",
        bindings,
    )
    return [_moment(cast("tuple[Any, ...]", row)) for row in rows]


def _moment(row: tuple[Any, ...]) -> KeptMoment:
    number, at, channel, parties, subject, message_id, source, place, depth, minutes, imprecise = row
    words = struct.unpack(f"<{len(parties) // 4}I", parties)
    return KeptMoment(
        number,
        at,
        Channel(channel),
        tuple((word >> 2, Role(word & 3)) for word in words),
        subject,
        message_id,
        source,
        place,
        Depth(depth),
        minutes,
        bool(imprecise),
    )


def subjects(database: Database, ids: Iterable[int]) -> dict[int, str]:
    """Return the subjects of some moments."""
    where, bindings = among("id", ids)
    rows = database.execute(f"SELECT id, subject FROM moment {where}", bindings)
    return {integer(number): str(subject) for number, subject in rows}


def some_parties(database: Database, hidden: Iterable[int], most: int) -> list[bytes]:
    """Return the packed participants of the moments that stand: of all, or of about `most` spread evenly over them."""
    stride = integer(database.value("SELECT coalesce(max(id), 0) FROM moment")) // most + 1
    gone, excluded = among("reading", hidden, "AND")
    sql = f"SELECT parties FROM moment WHERE id % ? = 0 {gone.replace(' IN ', ' NOT IN ')}"
    return [cast(bytes, row[0]) for row in database.execute(sql, (stride, *excluded))]


def dangling(database: Database) -> Iterator[str]:
    """Find moments that name a handle which is not kept."""
    most = integer(database.value("SELECT coalesce(max(id), 0) FROM handle"))
    for number, parties in database.execute("SELECT id, parties FROM moment"):
        packed = cast(bytes, parties)
        if len(packed) % 4 or any(not 0 < word >> 2 <= most for (word,) in struct.iter_unpack("<I", packed)):
            yield f"moment {number}: names a handle that is not kept"
