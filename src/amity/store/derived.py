"""What we worked out: replaced whole or advanced, never migrated; dropping all of it loses nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from operator import itemgetter
from typing import Any, NamedTuple, cast

import apsw
import msgspec

from amity.model import Card, Channel, Handle
from amity.store.db import Database, among, derived_schema, integer
from amity.store.evidence import card_of, card_versions, superseded

MAILBOXES = ("mbox", "maildir", "thunderbird", "emlx", "eml", "imap")
FEW = 8  # persons or handles of whom it is worth remembering what was found while nothing changes

Strand = tuple[int, int, int, bytes]  # handle, first, last, entries
MomentColumns = tuple[int, int, int, bytes, int, int, int, int]


class PersonRow(NamedTuple):
    """One person as worked out: the columns of derived_person."""

    id: int
    kind: str
    name: str
    organisation: str
    title: str
    birthday: str
    first: int | None
    last: int | None
    body: Mapping[str, Any]


class TieRow(NamedTuple):
    """One tie as worked out: the columns of derived_tie."""

    person: int
    strength: float
    p_contact: float
    momentum: str
    segment: str
    reciprocity: float
    initiative: float
    sent: int
    received: int
    met: int
    days: int
    gap: float
    first: int
    last: int
    turned: int | None
    heard: int | None
    heard_moment: int | None
    heard_group: int
    written: int | None
    met_last: int | None
    first_was: str
    channel: str


class CardRow(NamedTuple):
    """A card as kept, with the numbers of its handles, its own among them.

    A card belongs to whoever has its own handle; any other that it names may be somebody else's too.
    """

    id: int
    card: Card
    source: str
    handles: tuple[int, ...]
    own: int
    told: int  # when it was known: its own date, else that of the reading (epoch seconds)


def marks(database: Database) -> dict[str, Any]:
    """Return the marks that say what the derived tables were worked out from; empty where there are none."""
    database.notice()
    return dict(database.once("marks", lambda: _marks(database)))


def _marks(database: Database) -> dict[str, Any]:
    try:
        rows = database.execute("SELECT name, value FROM derived_state").fetchall()
    except apsw.SQLError as error:
        if "no such table" in str(error):
            return {}
        raise
    return {str(name): msgspec.json.decode(str(value)) for name, value in rows}


def put_marks(database: Database, values: Mapping[str, Any]) -> None:
    """Write marks. Runs in the caller's transaction."""
    database.executemany(
        "INSERT OR REPLACE INTO derived_state (name, value) VALUES (?, ?)",
        ((name, msgspec.json.encode(value).decode()) for name, value in values.items()),
    )


def newest(database: Database) -> tuple[int, int, int, int, int]:
    """Return the newest moment, card, decision and version by number, and how many items were ever new or retold."""
    return database.once("newest", lambda: _newest(database))


def _newest(database: Database) -> tuple[int, int, int, int, int]:
    row = database.execute(
        """SELECT (SELECT coalesce(max(id), 0) FROM moment), (SELECT coalesce(max(id), 0) FROM card),
                  (SELECT coalesce(max(id), 0) FROM decision), (SELECT coalesce(max(id), 0) FROM version),
                  (SELECT coalesce(sum(fresh + retold), 0) FROM reading)"""
    ).get
    moment, card, decision, version, told = map(integer, row)
    return moment, card, decision, version, told


def drop(database: Database) -> None:
    """Drop every derived table. Runs in the caller's transaction."""
    names = database.execute(
        """SELECT name FROM sqlite_schema
           WHERE type = 'table' AND name GLOB 'derived_*' AND name NOT GLOB 'derived_search_*'"""
    ).fetchall()
    for (name,) in names:
        database.execute(f"DROP TABLE {name}")


def create(database: Database) -> None:
    """Make the derived tables anew, empty. Runs in the caller's transaction."""
    drop(database)
    sql, digest = derived_schema()
    database.execute(sql)
    put_marks(database, {"schema": digest})


_ISSUES = (
    *("newsletter", "newsflash", "ezine", "e-zine", "digest", "bulletin", "headlines", "advisory", "advisories"),
    *("press release", "pressemitteilung", "memberships reminder"),
    *("rundbrief", "infobrief", "nieuwsbrief", "nyhetsbrev"),
)
# What a subject says, as bits: 2 that it answers; 4, of a mail, that it is a newsletter, or a numbered or dated issue.
SUBJECT_SAYS = f"""CASE
  WHEN substr(subject, 1, 3) COLLATE NOCASE IN ('re:', 're[', 'aw:', 'sv:', 'vs:', 'odp') THEN 2
  WHEN channel <> {int(Channel.MAIL)} OR subject LIKE '%] re: %' THEN 0
  WHEN {" OR ".join(f"subject LIKE '%{word}%'" for word in _ISSUES)}
    OR (instr(subject, '#') AND subject GLOB '*#[0-9]*')
    OR (subject LIKE '%issue %' AND subject GLOB '*[Ii]ssue [0-9]*')
    OR substr(subject, -10) GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    OR substr(subject, -6) GLOB '/[0-9][0-9]/[0-9][0-9]' THEN 4
  ELSE 0 END"""


def moments_after(database: Database, after: int, hidden: Iterable[int], chunk: int) -> Iterator[list[MomentColumns]]:
    """Yield the moments numbered above `after` in chunks, as the columns that strands are spun from.

    Those of hidden readings and those in whose place another version stands are left out.
    """
    gone, replaced = among("id", superseded(database, hidden) or None, "AND")
    excluded = ", ".join(str(int(reading)) for reading in sorted(hidden))
    kinds = ", ".join(f"'{kind}'" for kind in MAILBOXES)
    cursor = database.execute(
        f"""SELECT id, at, channel, parties, signs, depth, imprecise, (reading IN (
              SELECT reading.id FROM reading JOIN source ON source.id = reading.source WHERE source.kind IN ({kinds})))
              + {SUBJECT_SAYS}
            FROM moment WHERE id > ? {f"AND reading NOT IN ({excluded})" if excluded else ""}
              {gone.replace(" IN ", " NOT IN ")} ORDER BY id""",
        (after, *replaced),
    )
    while rows := list(islice(cursor, chunk)):
        yield cast("list[MomentColumns]", rows)


def strands(database: Database, only: Iterable[int] | None = None) -> list[tuple[int, bytes]]:
    """Return (handle, entries) for all handles or some, ordered by handle."""
    wanted = None if only is None else tuple(sorted(only))
    if wanted is None or len(wanted) > FEW:
        return _strands(database, wanted)
    return list(database.once(("strands", wanted), lambda: _strands(database, wanted)))


def _strands(database: Database, only: Iterable[int] | None) -> list[tuple[int, bytes]]:
    where, bindings = among("handle", only)
    rows = database.execute(f"SELECT handle, body FROM derived_strand {where} ORDER BY handle", bindings).fetchall()
    return cast("list[tuple[int, bytes]]", rows)


def put_strands(database: Database, rows: Iterable[Strand]) -> None:
    """Write strands, each in place of what its handle had. Runs in the caller's transaction."""
    database.executemany("INSERT OR REPLACE INTO derived_strand (handle, first, last, body) VALUES (?, ?, ?, ?)", rows)


def clear_strands(database: Database) -> None:
    """Forget all strands. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_strand")


def all_in_view(database: Database, end: int) -> bool:
    """Tell whether every fact is dated before `end`, so that a later day sees the same people."""
    return not (
        database.value("SELECT 1 FROM derived_strand WHERE last >= ? LIMIT 1", (end,))
        or database.value("SELECT 1 FROM card WHERE revised >= ? LIMIT 1", (end,))
    )


def handles(database: Database, only: Iterable[int] | None = None, kind: str = "") -> dict[int, Handle]:
    """Return all handles or some, or those of one kind, by their number."""
    some, bindings = among("id", only, "AND")
    rows = database.execute(
        f"SELECT id, kind, value FROM handle WHERE (? = '' OR kind = ?) {some}", (kind, kind, *bindings)
    )
    return {integer(number): Handle(str(kind), str(value)) for number, kind, value in rows}


def spelled_freely(database: Database, domains: Iterable[str]) -> list[tuple[int, str]]:
    """Return the addresses that carry a tag, or are at a provider where one mailbox has many spellings."""
    wanted = [f"*@{domain}" for domain in domains]
    some = " OR ".join("value GLOB ?" for _ in wanted)
    rows = database.execute(
        f"SELECT id, value FROM handle WHERE kind = 'email' AND (value GLOB '*+*@*' OR {some}) ORDER BY id", wanted
    )
    return [(integer(number), str(value)) for number, value in rows]


def phones_without_country(database: Database) -> list[tuple[int, str]]:
    """Return the telephone numbers that are no E.164: the country is not written before them."""
    rows = database.execute("SELECT id, value FROM handle WHERE kind = 'phone' AND value NOT GLOB '+*' ORDER BY id")
    return [(integer(number), str(value)) for number, value in rows]


def told_by(database: Database, only: Iterable[int]) -> dict[int, set[str]]:
    """Return the sources that tell of each of some handles: by a card, or by a name beside it."""
    where, bindings = among("handle", only)
    rows = database.execute(
        f"""SELECT handle, source.kind FROM (
              SELECT handle, reading FROM card_handle JOIN card ON card.id = card {where}
              UNION SELECT handle, reading FROM naming {where})
            JOIN reading ON reading.id = reading JOIN source ON source.id = source""",
        (*bindings, *bindings),
    )
    told: dict[int, set[str]] = {}
    for handle, kind in rows:
        told.setdefault(integer(handle), set()).add(str(kind))
    return told


def card_links(
    database: Database, end: int, hidden: Iterable[int], only: Iterable[int] | None = None
) -> Iterator[tuple[int, tuple[int, ...], str, int]]:
    """Yield of each card in force before `end` its own handle, the others that it names, its name and year of birth.

    Oldest first; a year that is not known is 0. With `only`, of those that name one of these handles.
    """
    where, bindings = among("handle", only)
    some = f"AND card.id IN (SELECT card FROM card_handle {where})" if where else ""
    kept = f"""FROM card JOIN reading ON reading.id = card.reading
               WHERE (card.revised IS NULL OR card.revised < ?) {some}"""
    gone = frozenset(hidden)
    versions = card_versions(database, gone, end)
    # Only of what a source told more than once the last is looked for: a million cards have a million other ids.
    again = (
        f"SELECT reading.source, coalesce(nullif(uid, ''), card.key) AS one {kept} GROUP BY 1, 2 HAVING count(*) > 1"
    )
    several = set(database.execute(again, (end, *bindings)))
    last: dict[tuple[object, object], int] = {}
    named: dict[int, tuple[str, int]] = {}
    rows = database.execute(
        f"""SELECT card.id, card.uid, card.key, reading.source, card.reading, coalesce(card.body ->> '$.name', ''),
              iif(card.body ->> '$.birthday' GLOB '[0-9][0-9][0-9][0-9]*', substr(card.body ->> '$.birthday', 1, 4), 0)
            {kept} ORDER BY card.id""",
        (end, *bindings),
    )
    for number, uid, key, source, reading, name, born in rows:
        if reading not in gone and number not in versions.superseded:
            named[integer(number)] = str(name), int(cast("str | int", born))
            if (source, uid or key) in several:
                which = (source, key if number in versions.every else uid or key)
                if which in last:
                    del named[last[which]]
                last[which] = integer(number)
    of_these = f"""SELECT card, handle, kind = 'card' FROM card_handle JOIN handle ON handle.id = handle
                   WHERE card IN (SELECT card FROM card_handle {where}) ORDER BY 1, 3 DESC, 2"""
    for number, links in groupby(database.execute(of_these, bindings), itemgetter(0)):
        if (told := named.pop(integer(number), None)) is not None:
            own, *others = (integer(handle) for _, handle, _ in links)
            yield own, tuple(others), *told


def cards(
    database: Database,
    end: int,
    hidden: Iterable[int],
    only: Iterable[int] | None = None,
    *,
    superseded: bool = False,
    brief: bool = False,
) -> list[CardRow]:
    """Return the cards in force before `end`, oldest first; of cards with one uid from one source, the last told.

    With `only`, those that name one of these handles; with `superseded`, also those that a newer one replaced; with
    `brief`, without notes, addresses and the raw card, which are most of it.
    """
    where, bindings = among("handle", only)
    some, _ = among("card.id", only, "AND")
    some = some.replace("(SELECT value FROM json_each(?))", f"(SELECT card FROM card_handle {where})")
    links: dict[int, list[int]] = {}
    own: dict[int, int] = {}
    of_these = f"""SELECT card, handle, kind = 'card' FROM card_handle JOIN handle ON handle.id = handle
                   WHERE card IN (SELECT card FROM card_handle {where}) ORDER BY 1, 2"""
    for card, handle, is_own in database.execute(of_these, bindings):
        links.setdefault(integer(card), []).append(integer(handle))
        if is_own:
            own[integer(card)] = integer(handle)
    rows = database.execute(
        f"""SELECT card.id, card.key, card.uid, card.revised, card.place, card.body, {"''" if brief else "card.raw"},
                   reading.source,
                   source.kind || ' ' || source.place, card.reading, reading.started
            FROM card JOIN reading ON reading.id = card.reading JOIN source ON source.id = reading.source
            WHERE (card.revised IS NULL OR card.revised < ?) {some} ORDER BY card.id""",
        (end, *bindings),
    )
    gone = frozenset(hidden)
    versions = card_versions(database, gone, end)
    latest: dict[tuple[object, ...], CardRow] = {}
    for number, key, uid, revised, place, body, raw, source, named, reading, started in rows:
        if reading in gone or (number in versions.superseded and not superseded):
            continue
        card = card_of(
            cast(bytes, key),
            str(uid),
            cast("int | None", revised),
            cast("int | str", place),
            str(body),
            str(raw),
            brief=brief,
        )
        told = card.revised if card.revised is not None else integer(started)
        latest[(source, uid) if uid and not superseded and number not in versions.every else (source, key)] = CardRow(
            integer(number), card, str(named), tuple(links[integer(number)]), own[integer(number)], told
        )
    return sorted(latest.values(), key=lambda row: row.id)


def names_seen(
    database: Database, end: int, hidden: Iterable[int], only: Iterable[int] | None = None
) -> dict[int, list[tuple[str, int]]]:
    """Return the names under which each handle was seen before `end`, as (name, first seen) pairs."""
    some, bindings = among("handle", only, "AND")
    gone, excluded = among("reading", hidden, "AND")
    sql = f"""SELECT handle, name, min(first) FROM naming
              WHERE first < ? {some} {gone.replace(" IN ", " NOT IN ")} GROUP BY handle, name"""
    seen: dict[int, list[tuple[str, int]]] = {}
    for handle, name, first in database.execute(sql, (end, *bindings, *excluded)):
        seen.setdefault(integer(handle), []).append((str(name), integer(first)))
    return seen


def named_by_retellers(database: Database, after: int) -> set[int]:
    """Return the handles that were named in readings above `after` which told again what other sources had told."""
    readings = [integer(row[0]) for row in database.execute("SELECT id FROM reading WHERE id > ? AND retold", (after,))]
    if not readings:
        return set()
    some, bindings = among("reading", readings)
    return {integer(row[0]) for row in database.execute(f"SELECT DISTINCT handle FROM naming {some}", bindings)}


def last_reading(database: Database) -> int:
    """Return the number of the newest reading that came to its end, 0 where there is none."""
    return integer(database.value("SELECT coalesce(max(id), 0) FROM reading WHERE finished IS NOT NULL"))


def clear_roster(database: Database) -> None:
    """Forget who is who. Runs in the caller's transaction."""
    for table in ("derived_person", "derived_belongs", "derived_redirect", "derived_search"):
        database.execute(f"DELETE FROM {table}")


def drop_people(database: Database, people: Iterable[int]) -> None:
    """Forget some persons, whose handles others have taken over. Runs in the caller's transaction."""
    gone = [(person,) for person in people]
    database.executemany("DELETE FROM derived_person WHERE id = ?", gone)
    database.executemany("DELETE FROM derived_search WHERE rowid = ?", gone)


def led_on(database: Database) -> Iterator[tuple[int, int]]:
    """Yield the persons who were found to be another, with that one, by the handles that were anchored to them."""
    rows = database.execute(
        """SELECT anchor.person, belongs.person FROM anchor JOIN derived_belongs AS belongs USING (handle)
           WHERE anchor.person NOT IN (SELECT id FROM derived_person) ORDER BY handle DESC"""
    )
    return ((integer(person), integer(into)) for person, into in rows.fetchall())


def put_redirects(
    database: Database, present: Iterable[int | None], redirects: Iterable[tuple[int, int | None]]
) -> None:
    """Write which persons lead on to another; those who are present lead nowhere. Runs in the caller's transaction."""
    database.executemany("DELETE FROM derived_redirect WHERE person = ?", ((person,) for person in present))
    database.executemany("INSERT OR REPLACE INTO derived_redirect (person, into_person) VALUES (?, ?)", redirects)


def put_roster(
    database: Database,
    people: Iterable[PersonRow],
    belongs: Iterable[tuple[int, int]],
    search: Iterable[tuple[int, str, str, str]],
) -> None:
    """Write who some persons are, each in place of what was written before. Runs in the caller's transaction."""
    encode = msgspec.json.Encoder().encode
    database.executemany(
        """INSERT OR REPLACE INTO derived_person (id, kind, name, organisation, title, birthday, first, last, body)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [(*person[:-1], encode(person.body).decode()) for person in people],
    )
    # A third of the time that REPLACE takes where there is an index to keep.
    database.executemany(
        """INSERT INTO derived_belongs (handle, person) VALUES (?, ?)
           ON CONFLICT DO UPDATE SET person = excluded.person""",
        belongs,
    )
    database.executemany(
        "INSERT OR REPLACE INTO derived_search (rowid, name, handles, position) VALUES (?, ?, ?, ?)", search
    )


def belongs(database: Database, beside: Iterable[int] | None = None) -> dict[int, int]:
    """Return the person of each handle; with `beside`, of these handles and all others of the same persons."""
    where, bindings = among("handle", beside)
    if where:
        where = f"WHERE person IN (SELECT person FROM derived_belongs {where})"
    rows = database.execute(f"SELECT handle, person FROM derived_belongs {where}", bindings)
    return {integer(handle): integer(person) for handle, person in rows}


def belongs_to(database: Database, people: Iterable[int]) -> dict[int, int]:
    """Return the handles of some persons, each with its person."""
    wanted = tuple(sorted(people))
    if len(wanted) > FEW:
        return _belongs_to(database, wanted)
    return dict(database.once(("belongs to", wanted), lambda: _belongs_to(database, wanted)))


def _belongs_to(database: Database, people: Iterable[int]) -> dict[int, int]:
    where, bindings = among("person", people)
    rows = database.execute(f"SELECT handle, person FROM derived_belongs {where} ORDER BY handle", bindings)
    return {integer(handle): integer(person) for handle, person in rows}


def person_ids(database: Database, only: Iterable[int] | None = None) -> list[int]:
    """Return those who count as persons, robots and the owner left out, in order."""
    some, bindings = among("id", only, "AND")
    rows = database.execute(f"SELECT id FROM derived_person WHERE kind = 'person' {some} ORDER BY id", bindings)
    return [integer(row[0]) for row in rows]


def in_touch(database: Database, only: Iterable[int] | None = None, also: Iterable[int] = ()) -> list[int]:
    """Return those who count as persons and of whom a contact is kept, and some others who do, in order."""
    some, bindings = among("id", only, "AND")
    others, wanted = among("id", also, "OR")
    rows = database.execute(
        f"""SELECT id FROM derived_person WHERE kind = 'person' {some} AND (
              id IN (SELECT person FROM derived_belongs JOIN derived_strand USING (handle)) {others}) ORDER BY id""",
        (*bindings, *wanted),
    )
    return [integer(row[0]) for row in rows]


def spans(database: Database) -> dict[int, tuple[int | None, int | None]]:
    """Return the first and last direct contact with each person, as epoch seconds."""
    rows = database.execute("SELECT id, first, last FROM derived_person WHERE kind = 'person'")
    return {integer(person): (cast("int | None", first), cast("int | None", last)) for person, first, last in rows}


def count_people(database: Database) -> int:
    """Count who counts as a person, the owner left out."""
    return integer(database.value("SELECT count(*) FROM derived_person WHERE kind = 'person'"))


def tallies(database: Database) -> dict[str, bytes]:
    """Return the columns of tallies as they were put."""
    return {str(name): cast(bytes, body) for name, body in database.execute("SELECT name, body FROM derived_tally")}


def put_tallies(database: Database, columns: Mapping[str, bytes]) -> None:
    """Write the columns of tallies in place of the old ones. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_tally")
    database.executemany("INSERT INTO derived_tally (name, body) VALUES (?, ?)", columns.items())


def put_ties(database: Database, ties: Iterable[TieRow]) -> None:
    """Write all ties in place of the old ones. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_tie")
    places = ", ".join("?" * len(TieRow._fields))
    database.executemany(f"INSERT INTO derived_tie ({', '.join(TieRow._fields)}) VALUES ({places})", ties)


def survey(database: Database, ground: bytes) -> bytes | None:
    """Return what a day offers as it was put for that ground, None where there is none."""
    return cast("bytes | None", database.value("SELECT body FROM derived_survey WHERE ground = ?", (ground,)))


def put_survey(database: Database, ground: bytes, body: bytes) -> None:
    """Write what a day offers in place of the old one. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_survey")
    database.execute("INSERT INTO derived_survey (ground, body) VALUES (?, ?)", (ground, body))


def put_suggestions(database: Database, suggestions: Iterable[Any]) -> None:
    """Write the day's suggestions in place of the old ones. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_suggestion")
    database.executemany(
        "INSERT INTO derived_suggestion (rank, body) VALUES (?, ?)",
        ((rank, msgspec.json.encode(suggestion).decode()) for rank, suggestion in enumerate(suggestions)),
    )
