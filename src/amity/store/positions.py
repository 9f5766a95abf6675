"""Find the people who were ever told to be at some organisations, and those who may have moved lately."""

from __future__ import annotations

from collections.abc import Iterable

from amity.store.db import Database, among, integer


def people_at(database: Database, organisations: Iterable[str]) -> list[int]:
    """Return the persons of whom a card ever told one of some organisations, by its exact name."""
    names = tuple(organisations)
    rows = database.execute(
        f"""SELECT DISTINCT person FROM card
            JOIN card_handle ON card_handle.card = card.id
            JOIN handle ON handle.id = card_handle.handle AND handle.kind = 'card'
            JOIN derived_belongs ON derived_belongs.handle = handle.id
            WHERE card.body ->> '$.position.organisation' IN ({", ".join("?" * len(names))}) ORDER BY person""",
        names,
    )
    return [integer(row[0]) for row in rows]


def told_anew(database: Database, since: int, end: int, hidden: Iterable[int]) -> list[int]:
    """Return the persons of whom several positions were told before `end`, by cards or signatures, one since `since`.

    Times in epoch seconds. What is told twice in other words is among them.
    """
    by_card, withdrawn = among("card.reading", hidden, "AND")
    by_body, also = among("finding.reading", hidden, "AND")
    rows = database.execute(
        f"""SELECT person FROM (
              SELECT person, card.body ->> '$.position' AS told, coalesce(card.revised, reading.started) AS at
              FROM card JOIN reading ON reading.id = card.reading
                JOIN card_handle ON card_handle.card = card.id
                JOIN handle ON handle.id = card_handle.handle AND handle.kind = 'card'
                JOIN derived_belongs ON derived_belongs.handle = handle.id
              WHERE card.body ->> '$.position' IS NOT NULL AND (card.revised IS NULL OR card.revised < ?)
                {by_card.replace(" IN ", " NOT IN ")}
              UNION ALL
              SELECT person, finding.body ->> '$.values', moment.at
              FROM finding JOIN moment ON moment.id = finding.moment
                JOIN derived_belongs ON derived_belongs.handle = finding.writer
              WHERE finding.kind = 'signature' AND moment.at < ? {by_body.replace(" IN ", " NOT IN ")})
            GROUP BY person HAVING count(DISTINCT told) > 1 AND max(at) >= ? ORDER BY person""",
        (end, *withdrawn, end, *also, since),
    )
    return [integer(row[0]) for row in rows]


def with_newer_address(database: Database, since: int, end: int) -> list[int]:
    """Return the persons one of whose mail addresses first occurs from `since` to before `end`, after another one.

    Times in epoch seconds.
    """
    rows = database.execute(
        """SELECT DISTINCT new.person FROM derived_strand AS newer
           JOIN handle AS held ON held.id = newer.handle AND held.kind = 'email'
           JOIN derived_belongs AS new ON new.handle = newer.handle
           JOIN derived_belongs AS old ON old.person = new.person AND old.handle <> new.handle
           JOIN handle ON handle.id = old.handle AND handle.kind = 'email'
           JOIN derived_strand AS older ON older.handle = old.handle AND older.first < newer.first
           WHERE newer.first >= ? AND newer.first < ? ORDER BY new.person""",
        (since, end),
    )
    return [integer(row[0]) for row in rows]
