"""What the sources said: appended in batches, each with its mark, its digest and its own transaction."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import accumulate, groupby, pairwise
from typing import Any, NamedTuple, cast

import msgspec

from amity.model import Card, Channel, Depth, Event, Found, Handle, Moment, Party, Position, Role, Text, Trouble
from amity.store import decisions
from amity.store.db import Database, among, checksum, digest, integer

MOMENT_COLUMNS = (
    "id, reading, key, place, at, channel, parties, subject, message_id, thread, signs, depth, minutes, imprecise, same"
)
INSERT_MOMENT = f"INSERT INTO moment ({MOMENT_COLUMNS}) VALUES ({', '.join('?' * 15)})"
CARD_COLUMNS = "id, reading, key, uid, revised, place, body, raw"
TROUBLE_COLUMNS = "id, reading, place, reason, kept"
# What is told by a reading.
DRAWERS = ("moment", "card", "finding", "words")
# The versions that are kept of a thing, as (same, item, reading): of a card, what this source told under its UID.
VERSIONS = {
    "moment": "SELECT same, id, reading FROM moment WHERE same = :same",
    "card": """SELECT uid, id, reading FROM card WHERE uid = :same AND uid <> '' AND (
                 :source = (SELECT source FROM reading WHERE reading.id = card.reading)
                 OR :source IN (SELECT source FROM retold JOIN reading ON reading.id = retold.reading
                                WHERE drawer = 'card' AND item = card.id))""",
}
# Columns that are sealed in their own row, since rows come and go one by one or are completed later.
SEALED = {
    "reading": "id, source, decision, goes_on, started, finished, state, fresh, known, retold",
    "naming": "handle, name, reading, first",
    "finding": "moment, writer, kind, sentence, body",
    "words": "moment, body",
    "retold": "drawer, item, reading",
    "version": "drawer, same, source, reading, item, changed",
    "anchor": "handle, person",
}
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


class _Seen(msgspec.Struct, eq=False):
    """A participant as a source names them, looked up once however often they write."""

    party: Party
    first: int
    number: int = 0


class Reading(msgspec.Struct):
    """One run over one source while it goes on."""

    id: int
    source: int
    whole: bool = True  # what the last reading left unfinished is not missing here
    versions: int = 0  # the newest row about versions before it began
    handles: dict[Handle, int] = msgspec.field(default_factory=dict)
    seen: dict[int, _Seen] = msgspec.field(default_factory=dict)
    # How each of them is packed: the handle's number and the role.
    words: dict[int, int] = msgspec.field(default_factory=dict)
    namings: dict[tuple[int, str], int] = msgspec.field(default_factory=dict)
    latest: int = -(1 << 62)
    sources: dict[int, int] = msgspec.field(default_factory=dict)  # of readings, the source of each
    series: dict[bytes, _Series] = msgspec.field(default_factory=dict)


class _Series(msgspec.Struct):
    """What a reading told of a thing that takes place more than once."""

    times: bytearray = msgspec.field(default_factory=bytearray)  # 8 bytes each
    items: array[int] = msgspec.field(default_factory=lambda: array("q"))
    files: set[str] = msgspec.field(default_factory=set)


def past(database: Database, kind: str, place: str, hidden: frozenset[int]) -> Past:
    """Look up how far a source was read by the last reading of it that was not taken back.

    Where an import of it was taken back since, it is read anew: later readings told only what was new to them.
    """
    found = database.value("SELECT id FROM source WHERE kind = ? AND place = ?", (kind, place))
    if found is None:
        return Past(kind, place, None, None, {})
    source = integer(found)
    readings = database.execute(
        "SELECT id, state FROM reading WHERE source = ? AND decision > ? ORDER BY id DESC",
        (source, decisions.last_withdrawal(database, source)),
    )
    for row, kept in readings:
        if row not in hidden:
            return Past(kind, place, source, integer(row), msgspec.json.decode(str(kept)))
    return Past(kind, place, source, None, {})


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
    number = database.connection.last_insert_rowid()
    _seal_rows(database, "reading", [number])
    cut_short = "SELECT 1 FROM reading WHERE id = ? AND finished IS NULL"
    return Reading(
        number,
        source,
        whole=before.reading is None or database.value(cut_short, (before.reading,)) is None,
        versions=newest_version(database),
    )


def told_under(database: Database, decision: int) -> tuple[int, int]:
    """Count what was new, and what only others had told, in all readings of one import, finished or cut short."""
    sql = "SELECT coalesce(sum(fresh), 0), coalesce(sum(retold), 0) FROM reading WHERE decision = ?"
    ((fresh, retold),) = database.execute(sql, (decision,)).fetchall()
    return integer(fresh), integer(retold)


def withdrawn(database: Database) -> frozenset[int]:
    """Return the readings whose import the owner has taken back."""
    return database.once("withdrawn", lambda: _withdrawn(database))


def _withdrawn(database: Database) -> frozenset[int]:
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
        fresh_moments, retold_moments = _append_moments(database, reading, moments, hidden)
        fresh_cards, retold_cards = _append_cards(database, reading, cards, hidden)
        _append_troubles(database, reading, troubles)
        fresh = fresh_moments + fresh_cards
        known = len(moments) + len(cards) - fresh
        retold = retold_moments + retold_cards
        database.execute(
            "UPDATE reading SET state = ?, fresh = fresh + ?, known = known + ?, retold = retold + ? WHERE id = ?",
            (msgspec.json.encode(state).decode(), fresh, known, retold, reading.id),
        )
        _seal_rows(database, "reading", [reading.id])
    return Kept(fresh, known)


def append_found(database: Database, reading: Reading, found: Sequence[Found], hidden: frozenset[int]) -> int:
    """Keep what bodies show, once each, and return how much was new.

    Runs in the caller's transaction, after the moments were kept.
    """
    rows = [
        (moment, by, one.kind, one.sentence, body)
        for one, body in zip(found, map(_found_json, found), strict=True)
        for moment, by in database.execute(
            "SELECT moment.id, handle.id FROM moment, handle WHERE key = ? AND handle.kind = ? AND value = ?",
            (_filed_key(one.moment), *one.by),
        ).fetchall()
    ]
    known = database.executemany(
        "SELECT id, reading FROM finding WHERE moment = ? AND kind = ? AND sentence = ?",
        [(moment, kind, sentence) for moment, _, kind, sentence, _ in rows],
    )
    told = _tell_again(database, reading, "finding", [(integer(row), integer(of)) for row, of in known], hidden)
    before = database.connection.total_changes()
    database.executemany(
        """INSERT OR IGNORE INTO finding (reading, moment, writer, kind, sentence, body, seal)
           VALUES (?, ?, ?, ?, ?, ?, ?)""",
        ((reading.id, *row, checksum(row)) for row in rows),
    )
    return database.connection.total_changes() - before + len(told.back)


def append_texts(database: Database, reading: Reading, texts: Sequence[Text], hidden: frozenset[int]) -> int:
    """Keep the words of messages for search, once each, and return how many were new.

    Runs in the caller's transaction, after the moments were kept.
    """
    fresh = 0
    known: list[tuple[int, int]] = []
    for one in texts:
        row = database.execute(
            "SELECT id, words.reading FROM moment LEFT JOIN words ON words.moment = id WHERE key = ?",
            (_filed_key(one.moment),),
        ).fetchone()
        if row is None:
            continue
        number = integer(row[0])
        if row[1] is not None:
            known.append((number, integer(row[1])))
            continue
        database.execute(
            "INSERT INTO words (moment, reading, body, seal) VALUES (?, ?, ?, ?)",
            (number, reading.id, one.words, checksum((number, one.words))),
        )
        database.execute("INSERT INTO words_search (rowid, body) VALUES (?, ?)", (number, one.words))
        fresh += 1
    return fresh + len(_tell_again(database, reading, "words", known, hidden).back)


def search_texts(database: Database, match: str, hidden: Iterable[int], end: int, limit: int) -> list[tuple[int, str]]:
    """Return (moment, excerpt) of the newest messages before `end` whose kept words match a full-text query."""
    gone, excluded = among("words.reading", hidden, "AND")
    past, replaced = among("words.moment", superseded(database, hidden), "AND")
    rows = database.execute(
        f"""SELECT words.moment, snippet(words_search, 0, '', '', ' … ', 24)
            FROM words_search JOIN words ON words.moment = words_search.rowid JOIN moment ON moment.id = words.moment
            WHERE words_search MATCH ? AND at < ? {f"{gone} {past}".replace(" IN ", " NOT IN ")}
            ORDER BY at DESC LIMIT ?""",
        (match, end, *excluded, *replaced, limit),
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


def finish(database: Database, reading: Reading, now: int, until: int, hidden: frozenset[int]) -> int:
    """Write down that a reading came to its end, and return how many known items it made stand again or no more.

    Times of a series before `until` (epoch seconds) that its source told before and no longer tells are superseded,
    where everything was read without trouble.
    """
    with database.transaction():
        _forget_turns(database, reading, hidden)
        aside = database.value("SELECT 1 FROM trouble WHERE reading = ? LIMIT 1", (reading.id,))
        if reading.whole and aside is None:
            for thing, series in reading.series.items():
                _note_vanished(database, reading, thing, series, until, hidden)
        for thing, series in reading.series.items():
            _note_called_off(database, reading, thing, series)
        database.execute("UPDATE reading SET finished = ? WHERE id = ?", (now, reading.id))
        _seal_rows(database, "reading", [reading.id])
        turned = database.value(
            """SELECT count(*) FROM version WHERE id > ? AND reading = ? AND changed AND reading IS NOT CASE drawer
                 WHEN 'moment' THEN (SELECT moment.reading FROM moment WHERE moment.id = item)
                 ELSE (SELECT card.reading FROM card WHERE card.id = item) END""",
            (reading.versions, reading.id),
        )
    return integer(turned)


def settle(database: Database) -> None:
    """Let every item that several readings told belong to the first of them that is in force.

    Runs in the caller's transaction, after an import was taken back or brought back.
    """
    hidden = _numbers(withdrawn(database))
    for drawer in DRAWERS:
        moved = database.execute(
            f"""SELECT item, kept.reading, min(retold.reading) FROM retold JOIN {drawer} AS kept ON kept.rowid = item
                WHERE drawer = ? AND retold.reading NOT IN (SELECT value FROM json_each(?)) GROUP BY item
                HAVING kept.reading IN (SELECT value FROM json_each(?)) OR min(retold.reading) < kept.reading""",
            (drawer, hidden, hidden),
        ).fetchall()
        rows = [(integer(item), integer(before), integer(after)) for item, before, after in moved]
        _put_retold(database, drawer, [(item, before) for item, before, _ in rows])
        _hand_over(database, drawer, [(item, after) for item, _, after in rows])


def _hand_over(database: Database, drawer: str, rows: Sequence[tuple[int, int]]) -> None:
    """Let items belong to other readings, as (item, reading)."""
    database.executemany(f"UPDATE {drawer} SET reading = ? WHERE rowid = ?", ((of, item) for item, of in rows))
    database.executemany(
        "DELETE FROM retold WHERE drawer = ? AND item = ? AND reading = ?", ((drawer, *row) for row in rows)
    )


def _put_retold(database: Database, drawer: str, rows: Iterable[tuple[int, int]]) -> None:
    database.executemany(
        "INSERT OR IGNORE INTO retold (drawer, item, reading, seal) VALUES (?, ?, ?, ?)",
        ((drawer, *row, checksum((drawer, *row))) for row in rows),
    )


def _numbers(numbers: Iterable[int]) -> str:
    return msgspec.json.encode(sorted(numbers)).decode()


class _Again(NamedTuple):
    """Items that a reading tells although they are kept: what it brought back, and what only other sources had told."""

    back: frozenset[int]
    retold: frozenset[int]


def _source_of(database: Database, reading: Reading, other: int) -> int:
    """Return the source of another reading, which is looked up once."""
    source = reading.sources.get(other)
    if source is None:
        source = integer(database.value("SELECT source FROM reading WHERE id = ?", (other,)))
        reading.sources[other] = source
    return source


def _tell_again(
    database: Database, reading: Reading, drawer: str, known: Sequence[tuple[int, int]], hidden: frozenset[int]
) -> _Again:
    """Take note of the items, as (item, its reading), that are kept already and are told by this reading too.

    What went with an import that was taken back comes to belong to this reading.
    """
    back = []
    elsewhere = []
    for item, of in known:
        if of in hidden:
            back.append((item, of))
        elif of != reading.id and _source_of(database, reading, of) != reading.source:
            elsewhere.append((drawer, item))
    _put_retold(database, drawer, back)
    _hand_over(database, drawer, [(item, reading.id) for item, _ in back])
    earlier = database.executemany("SELECT item, reading FROM retold WHERE drawer = ? AND item = ?", elsewhere)
    told = {item for item, of in earlier if of not in hidden and _source_of(database, reading, of) == reading.source}
    retold = frozenset(item for _, item in elsewhere) - told
    _put_retold(database, drawer, ((item, reading.id) for item in retold))
    return _Again(frozenset(item for item, _ in back), retold)


def _append_moments(
    database: Database, reading: Reading, moments: Sequence[Moment], hidden: frozenset[int]
) -> tuple[int, int]:
    """Keep moments, and return how many were new and how many only another source had told."""
    if not moments:
        return 0, 0
    unique = {_filed_key(moment): moment for moment in reversed(moments)}
    # Keys begin with the time: what is later than all that is kept is not looked for.
    newest = cast(bytes, database.value("SELECT max(key) FROM moment") or b"")
    asked = [(key,) for key in unique if key <= newest]
    found = database.executemany("SELECT key, id, reading FROM moment WHERE key = ?", asked) if asked else ()
    known = {cast(bytes, key): (row, of) for key, row, of in found}
    again = _tell_again(database, reading, "moment", list(known.values()), hidden) if known else _NOTHING
    if again.back or again.retold:
        # The names seen in them go with the reading that noted them; they are noted for this one too.
        new_here = again.back | again.retold
        _pack_parties(database, reading, [unique[key] for key, (row, _) in known.items() if row in new_here])
    filed = [(key, moment) for key, moment in unique.items() if key not in known]
    next_id = integer(database.value("SELECT coalesce(max(id), 0) + 1 FROM moment"))
    if filed:
        filed.reverse()
        _insert_moments(database, reading, next_id, filed)
    if any(moment[15] for moment in moments):
        ids = {key: row for key, (row, _) in known.items()}
        ids |= {key: row for row, (key, _) in enumerate(filed, next_id)}
        told = {moment.same: ids[_filed_key(moment)] for moment in moments if moment.same}
        _note_series(database, reading, moments, told)
        fresh = again.back.union(range(next_id, next_id + len(filed)))
        _note_versions(database, reading, "moment", told, fresh, hidden)
    return len(filed) + len(again.back), len(again.retold)


_NOTHING = _Again(frozenset(), frozenset())


def _insert_moments(database: Database, reading: Reading, next_id: int, filed: Sequence[tuple[bytes, Moment]]) -> None:
    keys, fresh = zip(*filed, strict=True)
    packed = _pack_parties(database, reading, fresh)
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
            moment[15] or None,  # same
        )
        for row_id, (key, moment, parties) in enumerate(zip(keys, fresh, packed, strict=True), next_id)
    ]
    database.executemany(INSERT_MOMENT, rows)
    _seal(database, "moment", next_id, [row[2:] for row in rows])


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
    seen, words = reading.seen, reading.words
    if len(seen) > CACHE:
        seen.clear()
        words.clear()
    ranked = [id(party) for moment in moments for party in moment[3]]
    fresh = set(ranked).difference(words)
    unseen: list[_Seen] = []
    earlier: list[_Seen] = []
    for moment in moments:
        at = moment[1]
        if fresh:
            for party in moment[3]:
                if id(party) in fresh:
                    fresh.discard(id(party))
                    found = seen[id(party)] = _Seen(party, at)
                    unseen.append(found)
        # Most archives are in order of time: only what is out of order can show a name earlier than it was seen.
        if at < reading.latest:
            for party in moment[3]:
                found = seen[id(party)]
                if at < found.first:
                    found.first = at
                    earlier.append(found)
        else:
            reading.latest = at
    _intern(database, reading, {found.party.handle for found in unseen})
    handles = reading.handles
    for found in unseen:
        found.number = handles[found.party.handle]
        words[id(found.party)] = found.number * 4 + found.party.role
    _note_names(database, reading, (*unseen, *earlier))
    packed = array("I", map(words.__getitem__, ranked)).tobytes()
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
        """INSERT INTO naming (handle, name, reading, first, seal) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET first = excluded.first, seal = excluded.seal WHERE excluded.first < first""",
        [
            (handle, name, reading.id, first, checksum((handle, name, reading.id, first)))
            for (handle, name), first in earlier.items()
        ],
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


def _append_cards(
    database: Database, reading: Reading, cards: Sequence[Card], hidden: frozenset[int]
) -> tuple[int, int]:
    """Keep cards, and return how many were new and how many only another source had told."""
    if not cards:
        return 0, 0
    unique = {card.key: card for card in reversed(cards)}
    found = database.executemany("SELECT key, id, reading FROM card WHERE key = ?", ((key,) for key in unique))
    known = {cast(bytes, key): (row, of) for key, row, of in found}
    again = _tell_again(database, reading, "card", list(known.values()), hidden) if known else _NOTHING
    filed = [card for key, card in unique.items() if key not in known]
    filed.reverse()
    next_id = integer(database.value("SELECT coalesce(max(id), 0) + 1 FROM card"))
    if filed:
        _insert_cards(database, reading, next_id, filed)
    ids = {key: row for key, (row, _) in known.items()}
    ids |= {card.key: row for row, card in enumerate(filed, next_id)}
    told = {card.uid: ids[card.key] for card in cards if card.uid}
    fresh = again.back.union(range(next_id, next_id + len(filed)))
    _note_versions(database, reading, "card", told, fresh, hidden)
    return len(filed) + len(again.back), len(again.retold)


def _insert_cards(database: Database, reading: Reading, next_id: int, fresh: Sequence[Card]) -> None:
    _intern(database, reading, {handle for card in fresh for handle in (*card.handles, own_handle(card))})
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


def _append_troubles(database: Database, reading: Reading, troubles: Sequence[Trouble]) -> None:
    if not troubles:
        return
    next_id = integer(database.value("SELECT coalesce(max(id), 0) + 1 FROM trouble"))
    rows = [
        (row_id, reading.id, trouble.place, trouble.reason, trouble.kept)
        for row_id, trouble in enumerate(troubles, next_id)
    ]
    database.executemany(f"INSERT INTO trouble ({TROUBLE_COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows)
    _seal(database, "trouble", next_id, [row[2:] for row in rows])


class _Telling(NamedTuple):
    """A row about versions: that a reading told an item of a thing, or none any more."""

    source: int
    reading: int
    item: int | None


def _tellings(database: Database, same: bytes | str) -> list[_Telling]:
    rows = database.execute("SELECT source, reading, item FROM version WHERE same = ? ORDER BY id", (same,))
    return [_Telling._make(cast("tuple[Any, ...]", row)) for row in rows]


def _put_version(database: Database, drawer: str, same: bytes | str, telling: _Telling, *, changed: bool) -> None:
    row = (drawer, same, *telling, int(changed))
    database.execute(
        "INSERT INTO version (drawer, same, source, reading, item, changed, seal) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, checksum(row)),
    )


def newest_version(database: Database, drawer: str = "") -> int:
    """Return the number of the newest row about versions, or of those in one drawer, 0 where there is none."""
    some = "WHERE ? IN ('', drawer) ORDER BY id DESC LIMIT 1"
    return integer(database.value(f"SELECT coalesce((SELECT id FROM version {some}), 0)", (drawer,)))


def _note_versions(
    database: Database,
    reading: Reading,
    drawer: str,
    told: Mapping[Any, int],
    fresh: Set[int],
    hidden: frozenset[int],
) -> None:
    """Take note which version this reading tells of each thing, where more than one is kept.

    `told` is the item of each thing, `fresh` the items that did not stand before. A version that another source told
    before is no change when a source tells it for the first time: an old copy of a calendar brings nothing back.
    """
    asked = {same for same, item in told.items() if item in fresh}
    if newest_version(database):
        rest = [(same,) for same in told if same not in asked]
        asked.update(same for (same,) in database.executemany("SELECT same FROM version WHERE same = ? LIMIT 1", rest))
    kept: dict[Any, list[tuple[int, int]]] = {}
    bindings = [{"same": same, "source": reading.source} for same in asked]
    for same, item, of in database.executemany(VERSIONS[drawer], bindings):
        kept.setdefault(same, []).append((integer(item), integer(of)))
    for same, items in kept.items():
        tellings = _tellings(database, same)
        if len(items) == 1 and not tellings:
            continue
        now = told[same]
        before = [(item, of) for item, of in items if item != now or now not in fresh]
        tellings += _open_versions(database, reading, drawer, same, before, tellings)
        own = [one for one in tellings if one.source == reading.source and one.reading not in hidden]
        if not own or own[-1].item != now:
            of = dict(before).get(now, reading.id)
            changed = bool(own) or _source_of(database, reading, of) == reading.source
            if drawer == "moment" and changed and now in fresh:
                changed = not _is_off_before(database, cast(bytes, same), now)
            _put_version(database, drawer, same, _Telling(reading.source, reading.id, now), changed=changed)


class _Version(NamedTuple):
    """One version that is kept of a thing, or of one time of it: where it was first told, and whether as called off."""

    same: bytes
    item: int
    reading: int
    file: tuple[int, str]  # source, and file in a folder
    off: bool


def _versions_of(database: Database, low: bytes, high: bytes) -> list[_Version]:
    rows = database.execute(
        """SELECT same, moment.id, reading, source, place, parties FROM moment JOIN reading ON reading.id = reading
           WHERE same BETWEEN ? AND ? ORDER BY moment.id""",
        (low, high),
    ).fetchall()
    return [
        _Version(same, item, reading, (source, _file_of(place)), parties == b"")
        for same, item, reading, source, place, parties in cast("list[tuple[Any, ...]]", rows)
    ]


def _is_off_before(database: Database, same: bytes, item: int) -> bool:
    """Tell whether a thing had been called off before, and an item that takes place is the first its file tells of it.

    That an invitation is cancelled may be read ahead of the calendar in which the meeting stands.
    """
    versions = _versions_of(database, same, same)
    (now,) = (one for one in versions if one.item == item)
    return (
        not now.off
        and any(one.off and one.item < item for one in versions)
        and not any(one.file == now.file and one.item < item for one in versions)
    )


def _open_versions(
    database: Database,
    reading: Reading,
    drawer: str,
    same: bytes | str,
    items: Iterable[tuple[int, int]],
    tellings: Sequence[_Telling],
) -> list[_Telling]:
    """Write down who told those versions of a thing of which nothing is written yet, and return that."""
    written = {one.item for one in tellings}
    opened = []
    for item, of in sorted(items):
        if item in written:
            continue
        others = database.execute(
            "SELECT reading FROM retold WHERE drawer = ? AND item = ? ORDER BY reading", (drawer, item)
        ).fetchall()
        for teller in (of, *(integer(other) for (other,) in others)):
            opened.append(_Telling(_source_of(database, reading, teller), teller, item))
            _put_version(database, drawer, same, opened[-1], changed=teller == of)
    return opened


_LAST = b"\xff" * 8


def _file_of(place: int | str) -> str:
    """Return the file in which an item of a folder stands; its line comes behind a colon."""
    return place.rpartition(":")[0] or place if isinstance(place, str) else ""


def _note_series(database: Database, reading: Reading, moments: Iterable[Moment], told: Mapping[bytes, int]) -> None:
    """Remember which times of a series this reading tells; a single event was one if more times of it are kept."""
    more = "SELECT 1 FROM moment WHERE same > ? AND same <= ? LIMIT 1"
    for moment in moments:
        thing, time = moment.same[:8], moment.same[8:]
        if not thing:
            continue
        if any(time) or (isinstance(moment.told, Event) and database.value(more, (moment.same, thing + _LAST))):
            series = reading.series.setdefault(thing, _Series())
            series.times += time
            series.items.append(told[moment.same])
            series.files.add(_file_of(moment.place))


def _note_vanished(
    database: Database, reading: Reading, thing: bytes, series: _Series, until: int, hidden: frozenset[int]
) -> None:
    """Write down which times of a series its source told before, in the same file, and tells no more."""
    told = {bytes(series.times[start : start + 8]) for start in range(0, len(series.times), 8)}
    within = (thing + bytes(8), thing + _LAST)
    if database.value("SELECT count(DISTINCT same) FROM moment WHERE same BETWEEN ? AND ?", within) == len(told):
        return
    items_told = set(series.items)  # an event that came to repeat is told again as the first time of its series
    rows = database.execute(
        "SELECT same, place, id, reading FROM moment WHERE same BETWEEN ? AND ? AND at < ? ORDER BY id",
        (*within, until),
    ).fetchall()
    gone: dict[bytes, list[tuple[int, int]]] = {}
    for row in rows:
        same, place, item, of = cast("tuple[bytes, int | str, int, int]", row)
        if same[8:] not in told and item not in items_told and _file_of(place) in series.files:
            gone.setdefault(same, []).append((item, of))
    for same, those in gone.items():
        tellings = _tellings(database, same)
        tellings += _open_versions(database, reading, "moment", same, those, tellings)
        own = [one for one in tellings if one.source == reading.source and one.reading not in hidden]
        if own and own[-1].item is not None:
            _put_version(database, "moment", same, _Telling(reading.source, reading.id, None), changed=True)


def _note_called_off(database: Database, reading: Reading, thing: bytes, series: _Series) -> None:
    """Write down that no time of a series takes place that was called off as a whole, whoever told it, and when.

    Who calls it off names no day of it, and nobody. A file that told of the series before, and no longer tells of it
    what was called off, has planned it anew.
    """
    every = _versions_of(database, thing + bytes(8), thing + bytes(8))
    told = set(series.items)
    for end in (one for one in every if one.off):
        times = [one for one in _versions_of(database, thing + bytes(8), thing + _LAST) if not one.off]
        for file, versions in groupby(sorted(times, key=lambda one: one.file), lambda one: one.file):
            still: list[bool] | None = None  # of what it told earlier and still tells, whether that is off
            for _, items in groupby(versions, lambda one: one.reading):
                all_off = still is None or (bool(still) and all(still))
                still = still or []
                for one in items:
                    off = file != end.file and (all_off or one.item < end.item)
                    if off and one.same != end.same:
                        _note_off(database, reading, one, end)
                    if one.item in told:
                        still.append(off)


def _note_off(database: Database, reading: Reading, one: _Version, end: _Version) -> None:
    """Write down that a time of a series takes place no more, since the reading that called it off."""
    tellings = _tellings(database, one.same)
    tellings += _open_versions(database, reading, "moment", one.same, [(one.item, one.reading)], tellings)
    row = _Telling(end.file[0], end.reading, None)
    if row not in tellings:
        _put_version(database, "moment", one.same, row, changed=True)


def _forget_turns(database: Database, reading: Reading, hidden: frozenset[int]) -> None:
    """Take out what a reading turned to and fro: a file that holds several versions says the same again."""
    twice = database.execute(
        "SELECT same FROM version WHERE id > ? AND reading = ? GROUP BY same HAVING count(*) > 1",
        (reading.versions, reading.id),
    ).fetchall()
    for (same,) in twice:
        tellings = _tellings(database, cast("bytes | str", same))
        here = [one.item for one in tellings if one.reading == reading.id]
        before = [one for one in tellings if one.reading != reading.id]
        own = [one.item for one in before if one.source == reading.source and one.reading not in hidden]
        if own and own[-1] == here[-1] and {one.item for one in before}.issuperset(here):
            database.execute("DELETE FROM version WHERE same = ? AND reading = ?", (same, reading.id))


def superseded(database: Database, hidden: Iterable[int]) -> frozenset[int]:
    """Return the moments in whose place another version stands: what was moved, changed, or is told no more.

    Of all that readings in force told of a thing the last change counts.
    """
    gone = frozenset(hidden)
    return database.once(("superseded", gone), lambda: _superseded(database, gone))


def _superseded(database: Database, hidden: frozenset[int]) -> frozenset[int]:
    rows = database.execute(
        """SELECT same, item, reading IN (SELECT value FROM json_each(?)) FROM version
           WHERE drawer = 'moment' ORDER BY changed, id""",
        (_numbers(hidden),),
    ).fetchall()
    standing = {same: item for same, item, gone in rows if not gone}
    every = {(same, item) for same, item, _ in rows if item is not None}
    return frozenset(integer(item) for same, item in every if standing.get(same, item) != item)


class CardVersions(NamedTuple):
    """The cards of which more than one version is kept, and those in whose place another stands."""

    every: frozenset[int]
    superseded: frozenset[int]


def card_versions(database: Database, hidden: Iterable[int], end: int) -> CardVersions:
    """Tell the versions of cards apart: of those known before `end`, the one stands that a source told last."""
    gone = frozenset(hidden)
    return database.once(("card versions", gone, end), lambda: _card_versions(database, gone, end))


def _card_versions(database: Database, hidden: frozenset[int], end: int) -> CardVersions:
    rows = database.execute(
        """SELECT version.source, same, item, version.reading IN (SELECT value FROM json_each(?))
           FROM version JOIN card ON card.id = item
           WHERE drawer = 'card' AND (revised IS NULL OR revised < ?) ORDER BY version.id""",
        (_numbers(hidden), end),
    ).fetchall()
    last = {(source, same): item for source, same, item, gone in rows if not gone}
    every = frozenset(integer(item) for _, _, item, _ in rows)
    told = frozenset(integer(item) for _, _, item, gone in rows if not gone)
    return CardVersions(every, told - frozenset(map(integer, last.values())))


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
        for name in card.__struct_fields__
        if name not in _STORED_ELSEWHERE and (value := getattr(card, name))
    }
    return msgspec.json.encode(body).decode()


class _Brief(msgspec.Struct):
    """What is kept of a card in its body, but what most of it is."""

    name: str = ""
    given: str = ""
    family: str = ""
    nicknames: tuple[str, ...] = ()
    position: Position | None = None
    birthday: str = ""
    died: str = ""
    categories: tuple[str, ...] = ()
    photos: int = 0
    version: str = ""


class _Body(_Brief):
    """What is kept of a card in its body."""

    handles: tuple[Handle, ...] = ()
    addresses: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


_BRIEF = msgspec.json.Decoder(_Brief)
_BODY = msgspec.json.Decoder(_Body)


def card_of(
    key: bytes, uid: str, revised: int | None, place: int | str, body: str, raw: str, *, brief: bool = False
) -> Card:
    """Make a card again from what was kept of it; with `brief`, without handles, addresses and notes."""
    kept = _BRIEF.decode(body) if brief else _BODY.decode(body)
    return Card(
        key=key,
        uid=uid,
        revised=revised,
        place=place,
        raw=raw,
        name=kept.name,
        given=kept.given,
        family=kept.family,
        nicknames=kept.nicknames,
        position=kept.position,
        birthday=kept.birthday,
        died=kept.died,
        categories=kept.categories,
        photos=kept.photos,
        version=kept.version,
        handles=kept.handles if isinstance(kept, _Body) else (),
        addresses=kept.addresses if isinstance(kept, _Body) else (),
        notes=kept.notes if isinstance(kept, _Body) else (),
    )


def _seal(database: Database, drawer: str, first: int, rows: Sequence[tuple[object, ...]]) -> None:
    database.execute(
        "INSERT INTO seal (drawer, first, last, digest) VALUES (?, ?, ?, ?)",
        (drawer, first, first + len(rows) - 1, digest(rows)),
    )


def broken_seals(database: Database) -> Iterator[str]:
    """Compare every batch with the digest written beside it, and yield the places that differ."""
    columns = {"moment": MOMENT_COLUMNS, "card": CARD_COLUMNS, "trouble": TROUBLE_COLUMNS}
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
    for drawer, sealed in SEALED.items():
        for expected, *row in database.execute(f"SELECT seal, {sealed} FROM {drawer}"):
            if checksum(row) != expected:
                yield f"{drawer} {', '.join(map(str, row[:2]))}: not what was written"


def _seal_rows(database: Database, drawer: str, numbers: Iterable[int]) -> None:
    """Seal rows that are written piece by piece anew."""
    for number in numbers:
        (row,) = database.execute(f"SELECT {SEALED[drawer]} FROM {drawer} WHERE id = ?", (number,)).fetchall()
        database.execute(f"UPDATE {drawer} SET seal = ? WHERE id = ?", (checksum(row), number))


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
    past, replaced = among("moment.id", superseded(database, hidden), "AND")
    gone = f"{both} {both.replace('finding.', 'moment.')} {past}".replace(" IN ", " NOT IN ")
    some, wanted = among("writer", by, "AND")
    rows = database.execute(
        f"""SELECT finding.id, at, finding.kind, sentence, body, moment.id
            FROM finding JOIN moment ON moment.id = finding.moment
            WHERE at < ? AND (? = '' OR finding.kind = ?) {gone} {some} ORDER BY at DESC, finding.id LIMIT ?""",
        (end, kind, kind, *excluded, *excluded, *replaced, *wanted, limit),
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


def _waiting(hidden: Iterable[int]) -> tuple[str, tuple[object, ...]]:
    """Return SQL, without its columns, over what was set aside and is not past.

    That is, of each source, what its last whole reading met.
    """
    gone, excluded = among("reading.id", hidden)
    sql = f"""FROM trouble JOIN reading ON reading.id = trouble.reading JOIN source ON source.id = reading.source
              WHERE trouble.reading IN (
                WITH RECURSIVE chain (id) AS (
                  SELECT max(reading.id) FROM reading {gone.replace(" IN ", " NOT IN ", 1)} GROUP BY source
                  UNION
                  SELECT goes_on FROM reading JOIN chain ON reading.id = chain.id WHERE goes_on IS NOT NULL)
                SELECT id FROM chain)"""
    return sql, tuple(excluded)


def count_troubles(database: Database, hidden: Iterable[int]) -> dict[tuple[str, str], int]:
    """Count what was set aside and is not past, by kind and place of the source."""
    waiting, excluded = _waiting(hidden)
    rows = database.execute(f"SELECT kind, source.place, count(*) {waiting} GROUP BY source.id", excluded)
    return {(str(kind), str(place)): integer(count) for kind, place, count in rows}


class TroubleTold(NamedTuple):
    """An item that was set aside, with its source."""

    id: int
    kind: str
    path: str
    place: int | str
    reason: str
    kept: bytes


def all_troubles(database: Database, hidden: Iterable[int], limit: int, offset: int) -> list[TroubleTold]:
    """List what was set aside and is not past, newest first."""
    waiting, excluded = _waiting(hidden)
    rows = database.execute(
        f"""SELECT trouble.id, kind, source.place, trouble.place, reason, kept {waiting}
            ORDER BY trouble.id DESC LIMIT ? OFFSET ?""",
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


def events(database: Database, ids: Iterable[int]) -> set[int]:
    """Return which of some moments are events, which their source can move and call off; a contact noted is none."""
    where, bindings = among("id", ids)
    return {
        integer(row) for (row,) in database.execute(f"SELECT id FROM moment {where} AND same IS NOT NULL", bindings)
    }


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
    return dict(cast("Iterator[tuple[int, str]]", rows))


def some_parties(database: Database, hidden: Iterable[int], most: int) -> list[bytes]:
    """Return the packed participants of the moments that stand: of all, or of about `most` spread evenly over them."""
    stride = integer(database.value("SELECT coalesce(max(id), 0) FROM moment")) // most + 1
    gone, excluded = among("reading", hidden, "AND")
    past, replaced = among("id", superseded(database, hidden), "AND")
    sql = f"SELECT parties FROM moment WHERE id % ? = 0 {f'{gone} {past}'.replace(' IN ', ' NOT IN ')}"
    return [cast(bytes, row[0]) for row in database.execute(sql, (stride, *excluded, *replaced))]


def dangling(database: Database) -> Iterator[str]:
    """Find moments that name a handle which is not kept."""
    most = integer(database.value("SELECT coalesce(max(id), 0) FROM handle"))
    for number, parties in database.execute("SELECT id, parties FROM moment"):
        packed = cast(bytes, parties)
        if len(packed) % 4 or any(not 0 < word >> 2 <= most for (word,) in struct.iter_unpack("<I", packed)):
            yield f"moment {number}: names a handle that is not kept"
