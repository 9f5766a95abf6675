"""What the owner said of their ties: read from the decisions in force."""

from __future__ import annotations

from typing import Any, NamedTuple

from amity.app.identity import numbers
from amity.insight.words import Word
from amity.model import Handle
from amity.store import decisions, derived
from amity.store.db import Database


class Said(NamedTuple):
    """All that was said, by person id, and which decisions said it."""

    words: dict[int, Word]
    nearer: tuple[tuple[int, int], ...]  # pairs of persons, the closer one first
    decisions: tuple[int, ...]


def words_on_ties(database: Database) -> Said:
    """Return what the owner said of their ties; of two words on one thing the later one stands.

    It was said of handles, so it follows them to whoever has them now. The derived tables must be fresh but for ties.
    """
    return database.once("words on ties", lambda: _words_on_ties(database))


def _words_on_ties(database: Database) -> Said:
    standing = decisions.standing(database, ("tie", "nearer"))
    if not standing:
        return Said({}, (), ())
    sides = {one.id: [[Handle(*pair) for pair in side] for side in one.body["sides"]] for one in standing}
    number = numbers(database, (handle for both in sides.values() for side in both for handle in side))
    belongs = derived.belongs(database, number.values())
    who = {
        decision: [next((belongs[number[h]] for h in side if number.get(h) in belongs), None) for side in both]
        for decision, both in sides.items()
    }
    words: dict[int, Word] = {}
    nearer: dict[frozenset[int], tuple[int, int]] = {}
    for one in standing:
        persons = who[one.id]
        if one.kind == "tie":
            for person in dict.fromkeys(found for found in persons if found is not None):
                known = words.get(person, Word())._asdict() | one.body["said"]
                said: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in known.items()}
                words[person] = Word(**said)
            continue
        first, other = persons
        if first is not None and other is not None and first != other:
            nearer[frozenset((first, other))] = (first, other)
    return Said(words, tuple(nearer.values()), tuple(one.id for one in standing))
