"""The tie book: tallies of all people side by side, and what they are judged to mean.

Kept as columns, so that a new contact costs the count of one person and a new day one pass over the strands.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from amity.app.desk import Desk
from amity.insight import segments, tie
from amity.ledger.strands import DEPTH, ENTRY, GROUP, MET, NONE, RECEIVED, SENT, WAY, Latest, contacts, latest
from amity.ledger.tally import NEVER, Strands, Tallies, tally
from amity.model import Channel, Reason
from amity.store import derived
from amity.store.derived import TieRow

_COLUMNS = tuple(f.name for f in fields(Tallies) if f.name not in ("end", "horizon_days"))
FIRST_WAYS = {SENT: "you wrote", RECEIVED: "they wrote", MET: "you met"}


@dataclass(frozen=True, slots=True)
class TieBook:
    """Everybody's tallies, in order of person id, and the judgement on them."""

    people: NDArray[np.int64]
    tallies: Tallies
    latest: Latest
    judgement: tie.Judgement

    def columns(self) -> dict[str, bytes]:
        """Return the tallies as they are kept."""
        arrays = {name: getattr(self.tallies, name) for name in _COLUMNS}
        arrays |= {f"latest_{name}": column for name, column in zip(Latest._fields, self.latest, strict=True)}
        arrays["people"] = self.people
        return {f"{name} {array.dtype.str}": array.tobytes() for name, array in arrays.items()}

    def place(self, person: int) -> int | None:
        """Return where a person stands in the columns, None for one without a tie."""
        found = int(np.searchsorted(self.people, person))
        return found if found < len(self.people) and self.people[found] == person else None

    def because(self, place: int) -> tuple[Reason, ...]:
        """Say why the tie at a place is what it is."""
        return tie.explain(self.tallies, self.judgement, place)

    def rows(self) -> Iterator[TieRow]:
        """Yield the ties to keep, one for each person whom the owner was ever in direct contact with."""
        judged, tallies = self.judgement, self.tallies
        proposed = segments.propose(judged, tallies)
        columns = [
            column.tolist()
            for column in (
                self.people,
                judged.strength,
                judged.p_contact,
                judged.momentum,
                judged.reciprocity,
                judged.initiative,
                tallies.sent,
                tallies.received,
                tallies.met,
                tallies.first,
                tallies.last,
                tallies.last_sent,
                tallies.last_received,
                np.nan_to_num(tallies.gap),
                tallies.days,
                judged.turned,
                tallies.n,
                *self.latest,
            )
        ]
        for place, row in enumerate(zip(*columns, strict=True)):
            (
                person,
                strength,
                p_contact,
                momentum,
                reciprocity,
                initiative,
                sent,
                received,
                met,
                first,
                last,
                last_sent,
                last_received,
                gap,
                days,
                turned,
                n,
                moment,
                heard,
                group,
                written,
                met_at,
                first_way,
                channel,
            ) = row
            if not n:
                continue
            yield TieRow(
                person,
                strength,
                p_contact,
                tie.MOMENTA[momentum],
                proposed[place] if judged.enough else "unknown",
                {
                    "reciprocity": reciprocity,
                    "initiative": initiative,
                    "sent": sent,
                    "received": received,
                    "met": met,
                    "first": first,
                    "last": last,
                    "gap": gap,
                    "days": days,
                    "turned": None if turned == NEVER else turned,
                    "last_in": _known(last_received),
                    "last_out": _known(last_sent),
                    "moment_in": _known(moment),
                    "heard": _known(heard),
                    "group_in": 0 if group == NONE else group,
                    "written": _known(written),
                    "met_at": _known(met_at),
                    "first_was": FIRST_WAYS.get(first_way, ""),
                    "channel": Channel(channel).word if channel > 0 else "other",
                },
            )


def _known(value: int) -> int | None:
    return None if value in (NEVER, NONE) else value


def count(desk: Desk, only: Set[int] | None) -> TieBook:
    """Count the contacts of everybody, or count some people again within the book that is kept."""
    fresh = _count(desk, derived.person_ids(desk.database, only))
    if only is not None:
        fresh = _replace(desk, fresh, only)
    people, tallies, last = fresh
    return TieBook(people, tallies, last, tie.judge(tallies, horizon_days=desk.settings.horizon_days))


def open_book(desk: Desk) -> TieBook:
    """Return the tie book as it was last kept; the derived tables must be fresh."""
    people, tallies, last = _kept(desk)
    return TieBook(people, tallies, last, tie.judge(tallies, horizon_days=desk.settings.horizon_days))


_Book = tuple[NDArray[np.int64], Tallies, Latest]


def _count(desk: Desk, people: list[int]) -> _Book:
    database = desk.database
    place = {person: at for at, person in enumerate(people)}
    belongs = derived.belongs_to(database, people)
    rows = derived.strands(database, belongs)
    entries = np.frombuffer(b"".join(body for _, body in rows), ENTRY)
    handles = np.repeat(
        np.fromiter((handle for handle, _ in rows), np.uint32, len(rows)),
        [len(body) // ENTRY.itemsize for _, body in rows],
    )
    place_of = np.full(max(belongs, default=0) + 1, -1, np.int64)
    for handle, person in belongs.items():
        place_of[handle] = place[person]
    found = contacts(handles, entries, place_of, desk.end)
    flags = found.entries["flags"]
    ways = np.zeros(4, np.int8)
    ways[SENT], ways[RECEIVED] = 1, -1
    strands = Strands(
        found.person,
        found.entries["at"],
        ways[flags & WAY],
        ((flags >> GROUP) & 255).astype(np.uint8),
        ((flags >> DEPTH) & 3).astype(np.uint8),
    )
    tallies = tally(strands, len(people), end=desk.end, horizon_days=desk.settings.horizon_days, utc_offset=desk.offset)
    return np.array(people, np.int64), tallies, latest(found, len(people))


def _kept(desk: Desk) -> _Book:
    columns: dict[str, Any] = {}
    for name, body in derived.tallies(desk.database).items():
        field, _, dtype = name.partition(" ")
        columns[field] = np.frombuffer(body, dtype)
    tallies = Tallies(
        **{name: columns[name] for name in _COLUMNS}, end=desk.end, horizon_days=desk.settings.horizon_days
    )
    return columns["people"], tallies, Latest(*[columns[f"latest_{name}"] for name in Latest._fields])


def _replace(desk: Desk, fresh: _Book, only: Set[int]) -> _Book:
    """Put freshly counted people in the place of their old counts, in order of id."""
    people, tallies, last = _kept(desk)
    stay = ~np.isin(people, np.fromiter(only, np.int64))
    joined = np.concatenate([people[stay], fresh[0]])
    order = np.argsort(joined, kind="stable")

    def merge(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        merged: NDArray[Any] = np.concatenate([old[stay], new])[order]
        return merged

    columns: dict[str, Any] = {name: merge(getattr(tallies, name), getattr(fresh[1], name)) for name in _COLUMNS}
    return (
        joined[order],
        Tallies(**columns, end=desk.end, horizon_days=desk.settings.horizon_days),
        Latest(*[merge(old, new) for old, new in zip(last, fresh[2], strict=True)]),
    )
