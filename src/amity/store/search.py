"""Find and show people as they were worked out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple, cast

import msgspec

from amity.model import Card, Handle
from amity.store.db import Database, among, integer
from amity.store.derived import PersonRow, TieRow
from amity.store.evidence import card_of


class Listed(NamedTuple):
    """One person with their tie, where there is one."""

    person: PersonRow
    tie: TieRow | None


_SELECT = """
  SELECT p.id, p.kind, p.name, p.organisation, p.title, p.birthday, p.first, p.last, p.body,
         t.*
  FROM derived_person AS p LEFT JOIN derived_tie AS t ON t.person = p.id
"""
NO_TIE = "unknown"  # the segment of those whom nothing joins to the owner
_ORDER = " ORDER BY t.strength DESC, p.name, p.id"


def _listed(row: tuple[Any, ...]) -> Listed:
    person = PersonRow._make((*row[:8], msgspec.json.decode(row[8])))
    return Listed(person, None if row[9] is None else TieRow(*row[9:]))


def match(query: str) -> str:
    """Turn what a person typed into a full-text query: every word a prefix, nothing an operator."""
    words = re.findall(r"\w+", query)
    return " ".join(f'"{word}"*' for word in words)


class Sieve(NamedTuple):
    """What people are picked by besides the words of a query; empty where it does not matter."""

    segment: str = ""
    momentum: str = ""
    among: Iterable[int] | None = None  # these alone
    also: Iterable[int] = ()  # these too, though the words are not in their name, handles or position


ALL = Sieve()


def find(
    database: Database,
    query: str,
    limit: int,
    offset: int = 0,
    kinds: Iterable[str] = ("person",),
    sieve: Sieve = ALL,
) -> list[Listed]:
    """Return people whose name, handles or position hold every word of the query, the strongest tie first."""
    some, bindings = _where(query, kinds, sieve)
    rows = database.execute(f"{_SELECT} WHERE {some} {_ORDER} LIMIT ? OFFSET ?", (*bindings, limit, offset))
    return [_listed(cast("tuple[Any, ...]", row)) for row in rows]


def count(database: Database, query: str, kinds: Iterable[str] = ("person",), sieve: Sieve = ALL) -> int:
    """Count what `find` would return without a limit."""
    some, bindings = _where(query, kinds, sieve)
    joined = "LEFT JOIN derived_tie AS t ON t.person = p.id" if sieve.segment or sieve.momentum else ""
    return integer(database.value(f"SELECT count(*) FROM derived_person AS p {joined} WHERE {some}", bindings))


def _where(query: str, kinds: Iterable[str], sieve: Sieve) -> tuple[str, tuple[str, ...]]:
    wanted = tuple(kinds)
    some, bindings = [f"p.kind IN ({', '.join('?' * len(wanted))})"], list(wanted)
    if query.strip():
        found = match(query)
        if not found:
            return "0", ()
        some.append(
            "(p.id IN (SELECT rowid FROM derived_search WHERE derived_search MATCH ?)"
            " OR p.id IN (SELECT value FROM json_each(?)))"
        )
        bindings += [found, _numbers(sieve.also)]
    for column, value in (("segment", sieve.segment), ("momentum", sieve.momentum)):
        if value:
            some.append(f"coalesce(t.{column}, '{NO_TIE}') = ?")
            bindings.append(value)
    if sieve.among is not None:
        some.append("p.id IN (SELECT value FROM json_each(?))")
        bindings.append(_numbers(sieve.among))
    return " AND ".join(some), tuple(bindings)


def _numbers(people: Iterable[int]) -> str:
    return msgspec.json.encode(sorted(people)).decode()


def untold(database: Database) -> Iterator[tuple[int, int, Card]]:
    """Yield the cards whose words cannot be found yet: number, own handle and card."""
    rows = database.execute(
        """SELECT card.id, handle.id, key, uid, revised, place, body, raw
           FROM card JOIN card_handle ON card_handle.card = card.id
           JOIN handle ON handle.id = handle AND handle.kind = 'card'
           WHERE card.id > (SELECT coalesce(max(card), 0) FROM derived_telling) ORDER BY card.id"""
    ).fetchall()
    for number, own, *columns in cast("list[tuple[Any, ...]]", rows):
        yield number, own, card_of(*columns)


def all_told(database: Database) -> bool:
    """Tell whether the words of every card can be found."""
    return bool(
        database.value(
            "SELECT coalesce((SELECT max(id) FROM card), 0) = coalesce((SELECT max(card) FROM derived_telling), 0)"
        )
    )


def put_tellings(database: Database, tellings: Iterable[tuple[int, int, str, str]]) -> None:
    """Write what cards tell: number, own handle, the folded words that may be shown and those that are private.

    Runs in the caller's transaction.
    """
    database.executemany("INSERT INTO derived_telling (card, own, shown, private) VALUES (?, ?, ?, ?)", tellings)


class Holder(NamedTuple):
    """A person with a card that holds every word looked for."""

    person: int
    shown: bool  # what is not private holds every word too
    single: bool  # no other version of the card is kept, so that it stands


def holders(database: Database, words: Sequence[str], end: int, hidden: Iterable[int]) -> set[Holder]:
    """Return whose cards hold every word, folded, in what they tell; only cards known before `end` and not hidden."""
    some = " AND ".join(["(instr(shown, ?) OR instr(private, ?))"] * len(words))
    shown = " AND ".join(["instr(shown, ?) > 0"] * len(words))
    rows = database.execute(
        f"""SELECT DISTINCT person, {shown},
                   card NOT IN (SELECT item FROM version WHERE drawer = 'card' AND item IS NOT NULL)
                   AND uid NOT IN (SELECT uid FROM card WHERE uid <> '' GROUP BY uid HAVING count(*) > 1)
            FROM derived_telling JOIN derived_belongs ON handle = own JOIN card ON card.id = card
            WHERE {some} AND (revised IS NULL OR revised < ?)
              AND reading NOT IN (SELECT value FROM json_each(?))""",
        (*words, *(word for word in words for _ in range(2)), end, _numbers(hidden)),
    )
    return {Holder(integer(who), bool(is_shown), bool(single)) for who, is_shown, single in rows}


def person(database: Database, number: int) -> Listed | None:
    """Return one person, through a redirect where one leads on."""
    return database.once(("person", number), lambda: _person(database, number))


def _person(database: Database, number: int) -> Listed | None:
    into = database.value("SELECT into_person FROM derived_redirect WHERE person = ?", (number,))
    row = database.execute(f"{_SELECT} WHERE p.id = ?", (into or number,)).fetchone()
    return _listed(cast("tuple[Any, ...]", row)) if row else None


def persons(database: Database, people: Iterable[int]) -> list[Listed]:
    """Return some persons by id."""
    where, bindings = among("p.id", people)
    return [_listed(cast("tuple[Any, ...]", row)) for row in database.execute(f"{_SELECT} {where}", bindings)]


def redirects(database: Database) -> dict[int, int]:
    """Return, for each person who proved to be another, whom they are now."""
    rows = database.execute("SELECT person, into_person FROM derived_redirect")
    return {integer(number): integer(into) for number, into in rows}


def person_of(database: Database, handle: Handle) -> int | None:
    """Return the person a handle belongs to."""
    found = database.value(
        """SELECT person FROM derived_belongs JOIN handle ON handle.id = derived_belongs.handle
           WHERE kind = ? AND value = ?""",
        tuple(handle),
    )
    return None if found is None else integer(found)


def ties(database: Database, limit: int | None = None) -> list[Listed]:
    """Return the ties, strongest first."""
    return list(by_strength(database, limit))


def by_strength(database: Database, limit: int | None = None, segments: Sequence[str] = ()) -> Iterator[Listed]:
    """Yield the ties, strongest first, one at a time for whoever needs the first few alone; of some segments or all."""
    chosen = f"t.segment IN ({', '.join('?' * len(segments))})" if segments else "t.person IS NOT NULL"
    rows = database.execute(
        f"{_SELECT} WHERE {chosen} ORDER BY t.strength DESC, p.id LIMIT ?",
        (*segments, -1 if limit is None else limit),
    )
    for row in rows:
        yield _listed(cast("tuple[Any, ...]", row))


def segments(database: Database) -> dict[int, str]:
    """Return the segment of everybody with a tie, the strongest first."""
    rows = database.execute("SELECT person, segment FROM derived_tie ORDER BY strength DESC, person")
    return dict(cast("Iterator[tuple[int, str]]", rows))


def channels(database: Database) -> frozenset[str]:
    """Return the channels over which anybody was last in touch with the owner."""
    return frozenset(str(channel) for (channel,) in database.execute("SELECT DISTINCT channel FROM derived_tie"))


class Sleeping(NamedTuple):
    """A dormant tie, as far as it is ranked."""

    person: int
    name: str
    days: int
    reciprocity: float
    last: int


def sleeping(database: Database, least: int) -> list[Sleeping]:
    """Return the dormant ties to the living in which each side gave so many contacts at least, strongest first."""
    rows = database.execute(
        """SELECT p.id, p.name, t.days, t.reciprocity, t.last
           FROM derived_tie AS t JOIN derived_person AS p ON p.id = t.person
           WHERE t.segment = 'dormant' AND t.met + min(t.sent, t.received) >= ? AND p.body ->> 'died' = ''
           ORDER BY t.strength DESC, p.id""",
        (least,),
    )
    return [Sleeping(*cast("tuple[Any, ...]", row)) for row in rows]


def met_since(database: Database, at: int) -> list[int]:
    """Return the persons whom the owner last met at or after a time (epoch seconds), in order."""
    rows = database.execute("SELECT person FROM derived_tie WHERE met_last >= ? ORDER BY person", (at,))
    return [integer(person) for (person,) in rows]


def handles_of(database: Database, people: Iterable[int]) -> dict[int, list[tuple[int, Handle]]]:
    """Return the addresses of some persons, by person; handles that only stand for a card or an id are left out."""
    where, bindings = among("person", people)
    rows = database.execute(
        f"""SELECT person, handle.id, kind, value FROM derived_belongs JOIN handle ON handle.id = derived_belongs.handle
            {where} AND kind NOT IN ('card', 'person', 'me') ORDER BY person, handle.id""",
        bindings,
    )
    found: dict[int, list[tuple[int, Handle]]] = {}
    for number, handle, kind, value in rows:
        found.setdefault(integer(number), []).append((integer(handle), Handle(str(kind), str(value))))
    return found


def mail_of(database: Database, people: Iterable[int]) -> list[tuple[int, str, bytes]]:
    """Return (person, mail address, strand) of some persons; what lies ahead of the day is in the strand too."""
    where, bindings = among("person", people)
    rows = database.execute(
        f"""SELECT person, value, coalesce(body, x'') FROM derived_belongs
            JOIN handle ON handle.id = derived_belongs.handle
            LEFT JOIN derived_strand ON derived_strand.handle = handle.id {where} AND kind = 'email'""",
        bindings,
    )
    return cast("list[tuple[int, str, bytes]]", rows.fetchall())


def people_of(database: Database, handles: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return the person and name behind each of some handles."""
    where, bindings = among("handle", handles)
    rows = database.execute(
        f"SELECT handle, p.id, p.name FROM derived_belongs JOIN derived_person AS p ON p.id = person {where}", bindings
    )
    return {integer(handle): (integer(number), str(name)) for handle, number, name in rows}


def names(database: Database, people: Iterable[int]) -> dict[int, str]:
    """Return the names of some persons, by id."""
    where, bindings = among("id", people)
    rows = database.execute(f"SELECT id, name FROM derived_person {where}", bindings)
    return {integer(number): str(name) for number, name in rows}


def suggestions(database: Database) -> Iterator[dict[str, Any]]:
    """Yield the day's suggestions as they were put, in order."""
    for (body,) in database.execute("SELECT body FROM derived_suggestion ORDER BY rank"):
        yield msgspec.json.decode(str(body))
