"""Pull the acquaintances: who knows whom, worked out when it is asked for and older than evidence and decisions.

New moments are paired and put behind the pairs of before; all of them are paired anew where the strands were spun anew
for. The count by person and day is always of all pairs: few contacts are of more than two.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.owner import owner_of
from amity.ledger.acquaintances import PAIR, SHOWN, Acquaintances, Ints, Pairs, acquaint, once_a_day, pair
from amity.store import acquaintances as store
from amity.store import derived, evidence

CHUNK = 250_000
_COLUMNS = ("a", "b", "strength", "days", "first", "last", "moments")


def pull(desk: Desk) -> tuple[Ints, Acquaintances]:
    """Return the persons by place, in order of id, and who of them knows whom; everything derived is fresh after it."""
    refresh(desk)
    database = desk.database
    if derived.marks(database).get("acquainted_for") != _basis(derived.marks(database)):
        with database.transaction():
            marks = derived.marks(database)
            if marks.get("acquainted_for") != _basis(marks):
                _work_out(desk, marks)
    return _kept(desk)


def _basis(marks: dict[str, Any]) -> list[Any]:
    """Return what the acquaintances stand on: contacts, who is who, and the day."""
    return [marks.get(name) for name in ("moment", "card", "end", "spun_for", "roster_basis")]


def _work_out(desk: Desk, marks: dict[str, Any]) -> None:
    database = desk.database
    pairs = _pair(desk, marks)
    people = np.array(derived.person_ids(database), np.int64)
    belongs = derived.belongs(database)
    handles = np.fromiter(belongs, np.int64, len(belongs))
    owners = np.fromiter(belongs.values(), np.int64, len(belongs))
    place_of = np.full(max(int(handles.max(initial=0)), int(pairs["b"].max(initial=0))) + 1, -1, np.int64)
    if len(people):
        places = np.searchsorted(people, owners).clip(max=len(people) - 1)
        counted = people[places] == owners
        place_of[handles[counted]] = places[counted]
    known = acquaint(pairs, place_of, desk.end)
    columns = {name: getattr(known, name) for name in _COLUMNS} | {"people": people}
    store.put_columns(database, {f"{name} {column.dtype.str}": column.tobytes() for name, column in columns.items()})
    derived.put_marks(database, {"acquainted_for": _basis(marks)})


def _pair(desk: Desk, marks: dict[str, Any]) -> Pairs:
    """Bring the pairs of handles up to date with the moments, and return them."""
    database = desk.database
    after = int(marks.get("paired", 0))
    if marks.get("paired_for") != marks.get("spun_for"):
        store.clear_together(database)
        after = 0
    if after < marks["moment"]:
        owner, hidden = owner_of(database).numbers, evidence.withdrawn(database)
        rows = derived.moments_after(database, after, hidden, CHUNK)
        spun = [pair(chunk, owner) for chunk in rows]
        if spun:
            store.add_together(database, once_a_day(np.concatenate(spun)).tobytes())
    derived.put_marks(database, {"paired": marks["moment"], "paired_for": marks.get("spun_for")})
    return np.frombuffer(b"".join(store.together(database)), PAIR)


def _kept(desk: Desk) -> tuple[Ints, Acquaintances]:
    columns: dict[str, Any] = {}
    for name, body in store.columns(desk.database).items():
        field, _, dtype = name.partition(" ")
        columns[field] = np.frombuffer(body, dtype)
    columns["moments"] = columns["moments"].reshape(-1, SHOWN)
    return columns.pop("people"), Acquaintances(**columns)
