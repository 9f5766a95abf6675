"""Keep who stands together with whom, and find the people at an organisation, in a field or at a place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import msgspec

from amity.model import Channel
from amity.store.db import Database, among, integer
from amity.store.evidence import superseded

BATCHES = 16  # of pairs; beyond, they are laid together


def together(database: Database) -> list[bytes]:
    """Return the pairs as they were put, batch by batch."""
    return [cast(bytes, body) for (body,) in database.execute("SELECT body FROM derived_together ORDER BY id")]


def add_together(database: Database, body: bytes) -> None:
    """Put one batch of pairs behind the others; too many batches become one. Runs in the caller's transaction."""
    if integer(database.value("SELECT count(*) FROM derived_together")) >= BATCHES:
        body = b"".join([*together(database), body])
        clear_together(database)
    if body:
        database.execute("INSERT INTO derived_together (body) VALUES (?)", (body,))


def conversations(database: Database, after: int, hidden: Iterable[int]) -> Iterator[tuple[int, int, int, bytes]]:
    """Yield (thread, at, moment, packed participants) of the threads with a mail above `after`, by thread and time.

    Mail with any sign of a machine or a list is left out.
    """
    gone, excluded = among("reading", hidden, "AND")
    past, replaced = among("id", superseded(database, hidden) or None, "AND")
    rows = database.execute(
        f"""SELECT thread, at, id, parties FROM moment WHERE channel = ? AND signs = 0 AND thread IN (
              SELECT thread FROM moment WHERE thread <> 0 GROUP BY thread HAVING count(*) > 1 AND max(id) > ?)
            {f"{gone} {past}".replace(" IN ", " NOT IN ")} ORDER BY thread, at, id""",
        (int(Channel.MAIL), after, *excluded, *replaced),
    )
    return cast("Iterator[tuple[int, int, int, bytes]]", rows)


def clear_together(database: Database) -> None:
    """Forget all pairs. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_together")


def columns(database: Database) -> dict[str, bytes]:
    """Return the columns of the acquaintances as they were put."""
    rows = database.execute("SELECT name, body FROM derived_acquaintance")
    return {str(name): cast(bytes, body) for name, body in rows}


def put_columns(database: Database, named: Mapping[str, bytes]) -> None:
    """Write the columns of the acquaintances in place of the old ones. Runs in the caller's transaction."""
    database.execute("DELETE FROM derived_acquaintance")
    database.executemany("INSERT INTO derived_acquaintance (name, body) VALUES (?, ?)", named.items())


class ContactRow(NamedTuple):
    """What a tie says of how near somebody is and how likely they introduce; times in epoch seconds."""

    person: int
    strength: float  # 0 to 100
    segment: str
    reciprocity: float
    first: int
    last: int
    about: str  # the categories of their cards, as JSON


def contacts(database: Database) -> list[ContactRow]:
    """Return everybody whom the owner has a tie with, in order of person."""
    rows = database.execute(
        """SELECT t.person, t.strength, t.segment, t.reciprocity, t.first, t.last, p.body ->> '$.about'
           FROM derived_tie AS t JOIN derived_person AS p ON p.id = t.person
           WHERE p.kind = 'person' ORDER BY t.person"""
    )
    return [ContactRow._make(cast("tuple[Any, ...]", row)) for row in rows]


def dead(database: Database) -> list[int]:
    """Return the persons of whom a card in force says that they died."""
    return [integer(row[0]) for row in database.execute("SELECT id FROM derived_person WHERE body ->> '$.died' <> ''")]


class Employed(NamedTuple):
    """A position that a card tells of a person; `at` in epoch seconds."""

    person: int
    organisation: str
    title: str
    at: int
    source: str


def positions(
    database: Database, end: int, hidden: Iterable[int], people: Iterable[int] | None = None
) -> list[Employed]:
    """Return every position that a card ever told before `end`, of all people or some."""
    gone, excluded = among("card.reading", hidden, "AND")
    some, wanted = among("person", people, "AND")
    rows = database.execute(
        f"""SELECT person, coalesce(card.body ->> '$.position.organisation', ''),
                   coalesce(card.body ->> '$.position.title', ''), coalesce(card.revised, reading.started), source.kind
            FROM card JOIN reading ON reading.id = card.reading JOIN source ON source.id = reading.source
              JOIN card_handle ON card_handle.card = card.id
              JOIN handle ON handle.id = card_handle.handle AND handle.kind = 'card'
              JOIN derived_belongs ON derived_belongs.handle = handle.id
            WHERE card.body ->> '$.position' IS NOT NULL AND (card.revised IS NULL OR card.revised < ?)
              {gone.replace(" IN ", " NOT IN ")} {some} ORDER BY card.id""",
        (end, *excluded, *wanted),
    )
    return [Employed._make(cast("tuple[Any, ...]", row)) for row in rows]


def at_domain(database: Database, domain: str) -> list[int]:
    """Return the persons who have an address at a mail domain, in normal spelling, or below it."""
    rows = database.execute(
        """SELECT DISTINCT person FROM derived_belongs JOIN handle ON handle.id = derived_belongs.handle
           JOIN derived_person AS p ON p.id = person AND p.kind = 'person'
           WHERE handle.kind = 'email' AND (handle.value LIKE '%@' || ?1 OR handle.value LIKE '%.' || ?1) ORDER BY 1""",
        (domain,),
    )
    return [integer(row[0]) for row in rows]


class Described(NamedTuple):
    """The words that say what somebody does and where."""

    person: int
    name: str
    organisation: str
    title: str
    died: str
    about: tuple[str, ...]
    notes: tuple[str, ...]
    addresses: tuple[str, ...]


def described(database: Database, people: Iterable[int] | None = None) -> Iterator[Described]:
    """Yield what the cards in force say of all people or some, in order of person."""
    some, wanted = among("p.id", people, "AND")
    rows = database.execute(
        f"""SELECT p.id, p.name, p.organisation, p.title, p.body,
                   (SELECT json_group_array(json(card.body)) FROM card
                    WHERE card.id IN (SELECT value FROM json_each(p.body, '$.cards')))
            FROM derived_person AS p WHERE p.kind = 'person' {some} ORDER BY p.id""",
        wanted,
    )
    for person, name, organisation, title, body, told in rows:
        own = msgspec.json.decode(str(body))
        notes = addresses = ()
        if told != "[]":
            cards = msgspec.json.decode(str(told))
            notes, addresses = (
                tuple(dict.fromkeys(value for card in cards for value in card.get(name, ())))
                for name in ("notes", "addresses")
            )
        yield Described(
            integer(person),
            str(name),
            str(organisation),
            str(title),
            own["died"],
            tuple(own["about"]),
            notes,
            addresses,
        )


def carded(database: Database) -> list[int]:
    """Return the persons whom a card in force names, in order."""
    rows = database.execute(
        "SELECT id FROM derived_person WHERE kind = 'person' AND json_array_length(body, '$.cards') > 0 ORDER BY id"
    )
    return [integer(row[0]) for row in rows]
