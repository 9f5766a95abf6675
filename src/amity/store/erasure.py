"""Erase a person: every row that is about them, every word that names them, and the seals over what is left.

This is the one place that takes evidence and decisions away for good.
"""

from __future__ import annotations

import re
import struct
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Sequence, Set
from typing import Any, NamedTuple, cast

import apsw
import msgspec

from amity.errors import AmityError, Code
from amity.language import say
from amity.model import Handle, Role
from amity.store import derived
from amity.store.db import Database, checksum, digest, integer
from amity.store.evidence import CARD_COLUMNS, MOMENT_COLUMNS, SEALED, TROUBLE_COLUMNS

GONE = "[forgotten]"
FORGOTTEN = "forgotten"  # the kind of a decision that was erased, and of the one that says so
_COLUMNS = {"moment": MOMENT_COLUMNS, "card": CARD_COLUMNS, "trouble": TROUBLE_COLUMNS}
# Decisions that are about the whole vault: only the words that name the person go.
_WHOLE = ("import", "me", "undo", "redo", FORGOTTEN)


class Erased(NamedTuple):
    """How much went, and how much was changed because others took part in it."""

    contacts: int
    changed: int
    cards: int
    decisions: int


class Names(msgspec.Struct, frozen=True):
    """What a person is known by: their handles by number, and their names."""

    person: int
    handles: dict[int, Handle]
    names: tuple[str, ...]

    @property
    def telling(self) -> list[str]:
        """What means them wherever it stands: addresses, and names of more than one word."""
        addresses = [h.value for h in self.handles.values() if h.kind not in ("person", "card", "name")]
        found = [text for text in addresses if len(text) > 4]
        found += [name for name in self.names if len(name.split()) > 1]
        return found + [h.value for h in self.handles.values() if h.kind == "name" and len(h.value.split()) > 1]

    @property
    def near(self) -> list[str]:
        """What means them in a row in which they take part: single names too."""
        singles = [part for name in self.names for part in (name, *name.split()) if len(part) > 1]
        return [*self.telling, *singles, *(h.value for h in self.handles.values() if h.kind in ("name", "handle"))]


Redact = Callable[[str], str]


def _redactor(words: Iterable[str]) -> Redact:
    found = sorted({word.casefold() for word in words if word.strip()}, key=len, reverse=True)
    if not found:
        return lambda text: text
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in found), re.IGNORECASE)
    return lambda text: pattern.sub(GONE, text)


class _Work(msgspec.Struct):
    """What an erasure knows and has done so far."""

    database: Database
    who: Names
    owner: Set[int]
    far: Redact
    close: Redact
    touched: dict[str, set[int]] = msgspec.field(default_factory=lambda: {name: set() for name in _COLUMNS})
    gone: dict[str, set[int]] = msgspec.field(
        default_factory=lambda: {name: set() for name in (*_COLUMNS, "finding", "words")}
    )
    readings: set[int] = msgspec.field(default_factory=set)  # that told of them
    decisions: set[int] = msgspec.field(default_factory=set)  # erased


def erase(database: Database, who: Names, owner: Set[int]) -> Erased:
    """Erase a person. Runs in the caller's transaction; the derived tables are dropped, to be worked out anew.

    A contact in which only they and the owner take part goes; of another their part goes, and the words that name them.
    """
    work = _Work(database, who, owner, _redactor(who.telling), _redactor(who.near))
    database.execute("PRAGMA secure_delete = ON")
    _moments(work)
    _bodies(work)
    _cards(work)
    _troubles(work)
    _namings(work)
    _sources(work)
    _decisions(work)
    _people(work)
    for drawer in _COLUMNS:
        _seal_anew(database, drawer, work.touched[drawer] | work.gone[drawer])
    derived.drop(database)
    moments = work.touched["moment"] - work.gone["moment"]
    return Erased(len(work.gone["moment"]), len(moments), len(work.gone["card"]), len(work.decisions))


def sweep(database: Database) -> None:
    """Write the file anew without the pages that held what was erased. Runs outside of any transaction.

    Raises AmityError REFUSED where another process holds the vault open; what was erased is overwritten all the same.
    """
    try:
        database.execute("VACUUM")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except (apsw.BusyError, apsw.LockedError) as error:
        raise AmityError(
            Code.REFUSED,
            say("The vault {folder} is in use, so its file could not be written anew.", folder=database.folder),
            say("They are forgotten; stop `amity serve` and run `amity forget --sweep` to clear the file too."),
        ) from error


def _moments(work: _Work) -> None:
    database, handles = work.database, work.who.handles.keys()
    changed: list[tuple[Any, ...]] = []
    rows = database.execute("SELECT id, reading, place, parties, subject, message_id FROM moment")
    for row in rows:
        number, reading, place, packed, subject, message_id = cast("tuple[Any, ...]", row)
        words = struct.unpack(f"<{len(packed) // 4}I", packed)
        if not handles.isdisjoint(word >> 2 for word in words):
            work.readings.add(reading)
            rest = [word for word in words if word >> 2 not in handles]
            if all(word >> 2 in work.owner or word & 3 == Role.DELIVERED for word in rest):
                work.gone["moment"].add(number)
                continue
            where = work.close(place) if isinstance(place, str) else place
            parts = (where, struct.pack(f"<{len(rest)}I", *rest), work.close(subject), "")
        else:
            where = work.far(place) if isinstance(place, str) else place
            parts = (where, packed, work.far(subject), work.far(message_id))
            if parts == (place, packed, subject, message_id):
                continue
        work.touched["moment"].add(number)
        changed.append((*parts, number))
    database.executemany("UPDATE moment SET place = ?, parties = ?, subject = ?, message_id = ? WHERE id = ?", changed)


def _bodies(work: _Work) -> None:
    """Take away what bodies showed of them and the words that they wrote; of other words, their name."""
    database, gone = work.database, work.gone["moment"]
    needle = work.close
    for number, moment, writer, sentence, body in database.execute(
        "SELECT id, moment, writer, sentence, body FROM finding"
    ).fetchall():
        told = f"{sentence}\n{body}"
        if moment in gone or writer in work.who.handles or needle(told) != told or _names(body, work.who):
            work.gone["finding"].add(integer(number))
    written = _written_by(work)
    for row in database.execute("SELECT moment, body FROM words").fetchall():
        number, text = integer(row[0]), str(row[1])
        if number in gone or number in written:
            work.gone["words"].add(number)
        else:
            kept = work.close(text) if number in work.touched["moment"] else work.far(text)
            if kept != text:
                database.execute("UPDATE words SET body = ? WHERE moment = ?", (kept, number))
                _seal_row(database, "words", "moment", number)
    _delete(database, "finding", "id", work.gone["finding"])
    _delete(database, "words", "moment", work.gone["words"])
    _delete(database, "moment", "id", gone)
    database.execute("INSERT INTO words_search (words_search) VALUES ('rebuild')")


def _written_by(work: _Work) -> set[int]:
    """Return the moments with kept words of which they were the sender; a sender was taken out of them already."""
    senders = work.database.execute("SELECT words.moment, parties FROM words JOIN moment ON moment.id = words.moment")
    found = set()
    for number, packed in senders:
        words = struct.unpack(f"<{len(cast(bytes, packed)) // 4}I", cast(bytes, packed))
        if integer(number) in work.touched["moment"] and not any(word & 3 == Role.FROM for word in words):
            found.add(integer(number))
    return found


def _names(body: object, who: Names) -> bool:
    """Tell whether a JSON text names one of their handles."""
    pairs = {(handle.kind, handle.value) for handle in who.handles.values()}
    return any(pair in pairs for pair in _pairs(msgspec.json.decode(str(body))))


def _pairs(value: object) -> Iterable[tuple[str, str]]:
    """Yield every pair of texts in a value; that is how handles are kept."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        if len(value) == 2 and all(isinstance(part, str) for part in value):
            yield value[0], value[1]
        for part in value:
            yield from _pairs(part)


def _cards(work: _Work) -> None:
    database, who = work.database, work.who
    links: dict[int, set[int]] = {}
    for card, handle in database.execute("SELECT card, handle FROM card_handle"):
        if handle in who.handles:
            links.setdefault(integer(card), set()).add(integer(handle))
    own = {card for card, held in links.items() if any(who.handles[number].kind == "card" for number in held)}
    work.gone["card"] |= own
    pairs = [list(handle) for handle in who.handles.values()]
    for row in database.execute("SELECT id, reading, place, body, raw FROM card").fetchall():
        number, reading, place, body, raw = cast("tuple[Any, ...]", row)
        if number in own:
            work.readings.add(reading)
            continue
        fields = msgspec.json.decode(body)
        if number in links:
            fields["handles"] = [pair for pair in fields.get("handles", ()) if pair not in pairs]
        said = _redacted(fields, work.far)
        where = work.far(place) if isinstance(place, str) else place
        after = (where, msgspec.json.encode(said).decode(), work.far(raw))
        if (where, said, after[2]) != (place, msgspec.json.decode(body), raw):
            database.execute("UPDATE card SET place = ?, body = ?, raw = ? WHERE id = ?", (*after, number))
            work.touched["card"].add(number)
    uids = [row[0] for row in _select(database, "SELECT uid FROM card WHERE id = ?", own) if row[0]]
    _delete(database, "card_handle", "card", own)
    _delete(database, "card_handle", "handle", who.handles)
    _delete(database, "card", "id", own)
    still = {row[0] for row in database.execute("SELECT uid FROM card WHERE uid <> ''")}
    for uid in {uid for uid in uids if uid not in still}:
        database.execute("DELETE FROM version WHERE drawer = 'card' AND same = ?", (uid,))
    for drawer in ("moment", "card"):
        for number in work.gone[drawer]:
            database.execute("DELETE FROM version WHERE drawer = ? AND item = ?", (drawer, number))
    for drawer in ("moment", "card", "finding", "words"):
        for number in work.gone[drawer]:
            database.execute("DELETE FROM retold WHERE drawer = ? AND item = ?", (drawer, number))


def _redacted(value: Any, redact: Redact) -> Any:
    """Take the words that name them out of every text in a value."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, list):
        return [_redacted(part, redact) for part in value]
    if isinstance(value, dict):
        return {name: _redacted(part, redact) for name, part in value.items()}
    return value


def _troubles(work: _Work) -> None:
    """Take away the raw record of what could not be read where it names them."""
    database = work.database
    for row in database.execute("SELECT id, place, reason, kept FROM trouble").fetchall():
        number, place, reason, kept = cast("tuple[Any, ...]", row)
        raw = kept.decode("utf-8", "replace")
        where = work.far(place) if isinstance(place, str) else place
        after = (where, work.far(reason), b"" if work.far(raw) != raw else kept)
        if after != (place, reason, kept):
            database.execute("UPDATE trouble SET place = ?, reason = ?, kept = ? WHERE id = ?", (*after, number))
            work.touched["trouble"].add(number)


def _namings(work: _Work) -> None:
    database = work.database
    _delete(database, "naming", "handle", work.who.handles)
    for handle, name in database.execute("SELECT DISTINCT handle, name FROM naming").fetchall():
        if work.far(str(name)) != name:
            database.execute("DELETE FROM naming WHERE handle = ? AND name = ?", (handle, name))


def _sources(work: _Work) -> None:
    """Take their name out of the places of sources; one that told of nobody else is known by its number alone."""
    database = work.database
    for row in database.execute("SELECT id, place FROM source").fetchall():
        number, place = integer(row[0]), str(row[1])
        told = {integer(r[0]) for r in database.execute("SELECT id FROM reading WHERE source = ?", (number,))}
        after = work.close(place) if told & work.readings else work.far(place)
        if after != place:
            after = f"{after} #{number}"
            database.execute("UPDATE source SET place = ? WHERE id = ?", (after, number))
    for row in database.execute("SELECT id, state FROM reading").fetchall():
        number, state = integer(row[0]), str(row[1])
        after = work.close(state) if number in work.readings else work.far(state)
        if after != state:
            database.execute("UPDATE reading SET state = '{}' WHERE id = ?", (number,))
            _seal_row(database, "reading", "id", number)


def _decisions(work: _Work) -> None:
    """Erase what the owner said of them, and what that led to; of decisions on all the vault, only their name."""
    database = work.database
    logged = {integer(row[0]) for row in _select(database, "SELECT decision FROM reading WHERE id = ?", work.readings)}
    rows = database.execute(
        "SELECT id, key, at, today, kind, summary, body, undoes FROM decision ORDER BY id"
    ).fetchall()
    for row in rows:
        number, key, at, today, kind, summary, body, undoes = cast("tuple[Any, ...]", row)
        if kind not in _WHOLE and _is_about(work, number, kind, summary, body, logged):
            work.decisions.add(number)
            after = (FORGOTTEN, "Forgotten", "{}")
        elif undoes in work.decisions:
            after = (kind, "Forgotten", "{}")
        else:
            redact = work.close if number in logged else work.far
            said = _redacted(msgspec.json.decode(body), redact)
            after = (kind, redact(summary), msgspec.json.encode(said).decode())
            if msgspec.json.decode(body) == said:
                after = (kind, after[1], body)
        if after != (kind, summary, body):
            sealed = digest((key, at, today, *after, undoes))
            database.execute(
                "UPDATE decision SET kind = ?, summary = ?, body = ?, digest = ? WHERE id = ?", (*after, sealed, number)
            )


def _is_about(work: _Work, number: int, kind: str, summary: str, body: str, logged: Set[int]) -> bool:
    told = f"{summary}\n{body}"
    if _names(body, work.who) or work.far(told) != told or f'"p{work.who.person}"' in body:
        return True
    if kind == "log" and number in logged:
        return work.close(told) != told
    said = msgspec.json.decode(body)
    of = str(said.get("entry", "")) if isinstance(said, dict) else ""
    return of[:1] == "e" and of[1:].isdecimal() and int(of[1:]) in work.decisions


def _people(work: _Work) -> None:
    database, who = work.database, work.who
    people = {integer(row[0]) for row in _select(database, "SELECT person FROM anchor WHERE handle = ?", who.handles)}
    people.add(who.person)
    _delete(database, "anchor", "handle", who.handles)
    people -= {integer(row[0]) for row in database.execute("SELECT DISTINCT person FROM anchor")}
    for row in database.execute("SELECT id, arguments FROM errand").fetchall():
        number, arguments = integer(row[0]), str(row[1])
        if work.close(arguments) != arguments or f'"p{who.person}"' in arguments:
            database.execute("DELETE FROM errand WHERE id = ?", (number,))
    _delete(database, "nudge", "person", people)
    _delete(database, "person", "id", people)
    _delete(database, "handle", "id", who.handles)


def _select(database: Database, sql: str, numbers: Collection[int]) -> list[tuple[Any, ...]]:
    return cast("list[tuple[Any, ...]]", list(database.executemany(sql, [(number,) for number in numbers])))


def _delete(database: Database, table: str, column: str, numbers: Iterable[int]) -> None:
    database.executemany(f"DELETE FROM {table} WHERE {column} = ?", [(number,) for number in numbers])


def _seal_row(database: Database, drawer: str, column: str, number: int) -> None:
    (row,) = database.execute(f"SELECT {SEALED[drawer]} FROM {drawer} WHERE {column} = ?", (number,)).fetchall()
    database.execute(f"UPDATE {drawer} SET seal = ? WHERE {column} = ?", (checksum(row), number))


def _seal_anew(database: Database, drawer: str, numbers: Set[int]) -> None:
    """Seal the batches that hold some rows anew, each run of rows that is left by itself."""
    if not numbers:
        return
    ordered = sorted(numbers)
    seals = database.execute("SELECT id, first, last FROM seal WHERE drawer = ? ORDER BY first", (drawer,)).fetchall()
    kept = _COLUMNS[drawer].split(", ", 2)[2]
    for row in seals:
        seal, first, last = (integer(value) for value in row)
        place = bisect_left(ordered, first)
        if place == len(ordered) or ordered[place] > last:
            continue
        database.execute("DELETE FROM seal WHERE id = ?", (seal,))
        rows = database.execute(
            f"SELECT id, {kept} FROM {drawer} WHERE id BETWEEN ? AND ? ORDER BY id", (first, last)
        ).fetchall()
        for run in _runs(cast("Sequence[tuple[Any, ...]]", rows)):
            database.execute(
                "INSERT INTO seal (drawer, first, last, digest) VALUES (?, ?, ?, ?)",
                (drawer, run[0][0], run[-1][0], digest([tuple(one[1:]) for one in run])),
            )


def _runs(rows: Sequence[tuple[Any, ...]]) -> Iterable[list[tuple[Any, ...]]]:
    """Yield rows in runs of which each follows the one before by number."""
    run: list[tuple[Any, ...]] = []
    for row in rows:
        if run and row[0] != run[-1][0] + 1:
            yield run
            run = []
        run.append(row)
    if run:
        yield run
