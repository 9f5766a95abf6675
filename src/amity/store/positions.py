"""Find the people who were ever told to be at some organisations."""

from __future__ import annotations

from collections.abc import Iterable

from amity.store.db import Database, integer


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
