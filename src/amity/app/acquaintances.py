"""Pull the acquaintances: who knows whom, worked out when it is asked for and older than evidence and decisions.

New moments are paired and put behind the pairs of before; all of them are paired anew where the strands were spun anew
for. The count by person and day is always of all pairs: few contacts are of more than two. What the owner has told of
introductions counts like a letter between the two.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from amity.app.desk import EPOCH, Desk
from amity.app.entries import entries_of
from amity.app.fields import unanalysed
from amity.app.freshness import refresh
from amity.app.owner import owner_of
from amity.ledger.acquaintances import DAY, PAIR, SHOWN, WROTE, Acquaintances, Ints, Pairs, acquaint, once_a_day, pair
from amity.ledger.entries import UNMADE
from amity.store import acquaintances as store
from amity.store import derived, evidence
from amity.store.db import digest

CHUNK = 250_000
_COLUMNS = ("a", "b", "strength", "days", "first", "last", "moments")


def pull(desk: Desk) -> tuple[Ints, Acquaintances]:
    """Return the persons by place, in order of id, and who of them knows whom; everything derived is fresh after it."""
    refresh(desk)
    database = desk.database
    word = _Word(_stated(desk), sorted(unanalysed(database, desk.today.isoformat())))
    if not _is_fresh(derived.marks(database), word):
        with database.transaction():
            marks = derived.marks(database)
            if not _is_fresh(marks, word):
                _work_out(desk, marks, word)
    return _kept(desk)


class _Word(NamedTuple):
    """What the owner says of who knows whom."""

    stated: list[list[int]]  # a handle of each of two people, and when (epoch seconds)
    silent: list[int]  # persons who are not to be analysed


def _stated(desk: Desk) -> list[list[int]]:
    """Return who knows whom by the owner's word: those who were introduced, and who introduced to whom."""
    told = [entry for entry in entries_of(desk) if entry.kind == "introduction" and entry.status not in UNMADE]
    pairs = [(entry, sorted({int(one[1:]) for one in entry.people if one})) for entry in told]
    handles = derived.belongs_to(desk.database, {person for _, people in pairs for person in people})
    first: dict[int, int] = {}
    for handle, person in handles.items():
        first.setdefault(person, handle)
    return [
        [*sorted((first[one], first[other])), noon(entry.on)]
        for entry, people in pairs
        for one, other in combinations(people, 2)
        if one in first and other in first
    ]


def noon(on: date) -> int:
    """Return the middle of a day in seconds since 1970."""
    return (on.toordinal() - EPOCH) * DAY + DAY // 2


def _is_fresh(marks: dict[str, Any], word: _Word) -> bool:
    return bool(marks.get("acquainted_for") == _basis(marks, word))


def _basis(marks: dict[str, Any], word: _Word) -> list[Any]:
    """Return what the acquaintances stand on: contacts, who is who, the owner's word, and the day."""
    named = ("moment", "card", "end", "spun_for", "spun_without", "roster_basis", "said")
    return [*(marks.get(name) for name in named), *word]


def _work_out(desk: Desk, marks: dict[str, Any], word: _Word) -> None:
    database = desk.database
    told = np.array([(one, other, at, 0, WROTE) for one, other, at in word.stated], PAIR)
    pairs = np.concatenate([_pair(desk, marks), told])
    people = np.array(derived.person_ids(database), np.int64)
    belongs = derived.belongs(database)
    handles = np.fromiter(belongs, np.int64, len(belongs))
    owners = np.fromiter(belongs.values(), np.int64, len(belongs))
    place_of = np.full(max(int(handles.max(initial=0)), int(pairs["b"].max(initial=0))) + 1, -1, np.int64)
    if len(people):
        places = np.searchsorted(people, owners).clip(max=len(people) - 1)
        counted = (people[places] == owners) & ~np.isin(owners, np.array(word.silent, np.int64))
        place_of[handles[counted]] = places[counted]
    known = acquaint(pairs, place_of, desk.end)
    columns = {name: getattr(known, name) for name in _COLUMNS} | {"people": people}
    store.put_columns(database, {f"{name} {column.dtype.str}": column.tobytes() for name, column in columns.items()})
    derived.put_marks(database, {"acquainted_for": _basis(marks, word)})


def _pair(desk: Desk, marks: dict[str, Any]) -> Pairs:
    """Bring the pairs of handles up to date with the moments, and return them."""
    database = desk.database
    after = int(marks.get("paired", 0))
    hidden = evidence.withdrawn(database)
    superseded = sorted(evidence.superseded(database, hidden))
    ground = [marks.get("spun_for"), digest([number for number in superseded if number <= after]).hex()]
    if marks.get("paired_for") != ground:
        store.clear_together(database)
        after = 0
    if after < marks["moment"]:
        owner = owner_of(database).numbers
        spun = [pair(chunk, owner) for chunk in derived.moments_after(database, after, hidden, CHUNK)]
        if spun:
            store.add_together(database, once_a_day(np.concatenate(spun)).tobytes())
    stands = [marks.get("spun_for"), digest(superseded).hex()]
    derived.put_marks(database, {"paired": marks["moment"], "paired_for": stands})
    return np.frombuffer(b"".join(store.together(database)), PAIR)


def _kept(desk: Desk) -> tuple[Ints, Acquaintances]:
    columns: dict[str, Any] = {}
    for name, body in store.columns(desk.database).items():
        field, _, dtype = name.partition(" ")
        columns[field] = np.frombuffer(body, dtype)
    columns["moments"] = columns["moments"].reshape(-1, SHOWN)
    return columns.pop("people"), Acquaintances(**columns)
