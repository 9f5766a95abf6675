"""What passed between the owner and each person, counted: columns in, columns out.

Rows come sorted by person and time and are worked off in blocks small enough to stay in the
processor's cache, each ending where a person ends, so that a block needs nothing from its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

DAY = 86_400
BLOCK = 100_000  # rows; the temporaries of one block fit in a second-level cache
NEVER = np.iinfo(np.int64).min  # in place of a time that does not exist
OLDEST = 65_535  # days; whatever is older weighs as if it were this old

DEPTHS = (0.3, 1.0, 3.0, 12.0)  # passing, ordinary, deep, formative: one formative day outweighs ten coffees
CROWD = 50  # a message to more people than this joins nobody
SILENCE = 4 * DAY  # ends a conversation: nine replies in ten come within a day, and weekends are long
SPACING = -0.4  # how a contact day fades with its age: a power law (Pachur, Schooler & Stevens 2014)
GRAIN = 1 / 90  # horizons; keeps the contact of today finite


TIMES = ("first", "last", "last_sent", "last_received")
DECAYED = ("activation", "sent_decayed", "received_decayed")


class Strands(NamedTuple):
    """The contacts between the owner and each person, one row a pair, sorted by person and then by time."""

    person: NDArray[np.int32]  # 0 to people - 1
    at: NDArray[np.int64]  # seconds since 1970-01-01 UTC
    way: NDArray[np.int8]  # 1 the owner sent, -1 the owner received, 0 both: they met
    group: NDArray[np.uint8]  # to how many people besides the sender; 1 = to one alone; 255 = that or more
    depth: NDArray[np.uint8]  # model.Depth


class Tallies(Struct, frozen=True):
    """One figure a person in every column; "recent" is the last horizon, "before" the one before it.

    Times are seconds since 1970, `NEVER` where there is none. A contact to a crowd is counted in `crowd` alone.
    """

    n: NDArray[np.int64]
    sent: NDArray[np.int64]
    received: NDArray[np.int64]
    met: NDArray[np.int64]
    crowd: NDArray[np.int64]
    days: NDArray[np.int64]  # distinct days with a contact
    sent_recent: NDArray[np.int64]
    received_recent: NDArray[np.int64]
    met_recent: NDArray[np.int64]
    days_recent: NDArray[np.int64]
    days_before: NDArray[np.int64]  # distinct days in the horizon before the last one
    days_latest: NDArray[np.int64]  # distinct days in the horizon that ends with the last contact
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    last_sent: NDArray[np.int64]  # a meeting is both sent and received
    last_received: NDArray[np.int64]
    gap: NDArray[np.float64]  # median days between neighbouring contact days; NaN with fewer than two
    activation: NDArray[np.float64]  # sum over contact days of depth * (age + GRAIN) ** SPACING, age in horizons
    sent_decayed: NDArray[np.float64]  # sum of 2 ** -age, age in horizons
    received_decayed: NDArray[np.float64]
    conversations: NDArray[np.int64]  # begun by a message, after a silence longer than SILENCE
    starts: NDArray[np.int64]  # of these, begun by the owner
    meetings: NDArray[np.int64]  # silences as long that a meeting broke
    answers_got: NDArray[np.int64]  # begun by the owner and answered
    answers_given: NDArray[np.int64]  # begun by the other and answered
    end: int
    horizon_days: float

    def __len__(self) -> int:
        return len(self.n)


def pick(strands: Strands, rows: slice | NDArray[np.bool_]) -> Strands:
    """Return some of the rows, in their order."""
    return Strands(*[column[rows] for column in cast(tuple[Any, ...], strands)])


def blocks(person: NDArray[np.int32], rows: int) -> Iterator[tuple[int, int]]:
    """Cut sorted rows into stretches of about `rows` that each end where a person ends."""
    low, total = 0, len(person)
    while low < total:
        high = total
        if low + rows < total:
            high = int(np.searchsorted(person, person[low + rows - 1], side="right"))
        yield low, high
        low = high


def medians(owner: NDArray[np.int64], gap: NDArray[np.int64], people: int) -> NDArray[np.float64]:
    """Return the median gap of each of `people` owners, NaN for one without gaps."""
    packed = np.sort((owner << 32) | gap)
    count = np.bincount(owner, minlength=people)
    start = np.cumsum(count) - count
    found = np.full(people, np.nan)
    have = np.flatnonzero(count)
    low = packed[start[have] + (count[have] - 1) // 2] & 0xFFFFFFFF
    high = packed[start[have] + count[have] // 2] & 0xFFFFFFFF
    found[have] = (low + high) / 2
    return found


class _Weights(NamedTuple):
    """What a contact of a given age in whole days weighs, looked up instead of computed."""

    today: int
    horizon: int
    spell: NDArray[np.float64]
    decay: NDArray[np.float64]
    depth: NDArray[np.float64]


def _weights(today: int, horizon_days: float) -> _Weights:
    age = np.arange(OLDEST + 1) / horizon_days
    return _Weights(today, max(1, round(horizon_days)), (age + GRAIN) ** SPACING, np.exp2(-age), np.array(DEPTHS))


def tally(strands: Strands, people: int, *, end: int, horizon_days: float = 90, utc_offset: int = 0) -> Tallies:
    """Count what passed between the owner and each of `people` persons before `end`.

    `end` is the first second that is not yet known (the end of today); later rows change nothing.
    `utc_offset` in seconds decides where days begin. Raises ValueError when the rows are not sorted by person.
    """
    if (strands.person[1:] < strands.person[:-1]).any():
        raise ValueError("strands must be sorted by person and time")
    columns: dict[str, NDArray[Any]] = {name: np.zeros(people, np.int64) for name in Tallies.__struct_fields__[:-2]}
    for name in DECAYED:
        columns[name] = np.zeros(people)
    for name in TIMES:
        columns[name].fill(NEVER)
    columns["gap"] = np.full(people, np.nan)
    weights = _weights((end - 1 + utc_offset) // DAY, horizon_days)
    for low, high in blocks(strands.person, BLOCK):
        _count(pick(strands, slice(low, high)), end, utc_offset, weights, columns)
    return Tallies(end=end, horizon_days=horizon_days, **columns)


def _count(rows: Strands, end: int, utc_offset: int, weights: _Weights, out: dict[str, NDArray[Any]]) -> None:
    """Count the rows of one block into the columns of its people."""
    seen = rows.at < end
    if not seen.all():
        rows = pick(rows, seen)
    direct = rows.group <= CROWD
    if not direct.all():
        ids, crowd = np.unique(rows.person[~direct], return_counts=True)
        out["crowd"][ids] = crowd
        rows = pick(rows, direct)
    person, at, way, _, depth = rows
    total = len(person)
    if not total:
        return
    turn = np.empty(total, bool)  # a new person begins here
    turn[0] = True
    np.not_equal(person[1:], person[:-1], out=turn[1:])
    starts = np.flatnonzero(turn)
    ids = person[starts]
    ends = np.append(starts[1:], total)

    day = (at + utc_offset) // DAY
    age = np.clip(weights.today - day, 0, OLDEST)
    recent = age < weights.horizon
    gave = way >= 0
    took = way <= 0

    def add(flags: NDArray[np.bool_]) -> NDArray[np.int32]:
        return np.add.reduceat(flags.astype(np.int32), starts)

    out["n"][ids] = ends - starts
    sent, received = add(gave), add(took)
    met = sent + received - (ends - starts)
    out["sent"][ids], out["received"][ids], out["met"][ids] = sent - met, received - met, met
    sent, received = add(gave & recent), add(took & recent)
    both = sent + received - add(recent)
    out["sent_recent"][ids], out["received_recent"][ids], out["met_recent"][ids] = sent - both, received - both, both
    out["first"][ids], out["last"][ids] = at[starts], at[ends - 1]
    out["last_sent"][ids] = np.maximum.reduceat(np.where(gave, at, NEVER), starts)
    out["last_received"][ids] = np.maximum.reduceat(np.where(took, at, NEVER), starts)

    fresh = weights.decay[age]
    out["sent_decayed"][ids] = np.add.reduceat(fresh * gave, starts)
    out["received_decayed"][ids] = np.add.reduceat(fresh * took, starts)

    _count_days(turn, day, age, depth, ids, weights, out)
    _count_conversations(turn, at, gave, took, ids, out)


def _count_days(
    turn: NDArray[np.bool_],
    day: NDArray[np.int64],
    age: NDArray[np.int64],
    depth: NDArray[np.uint8],
    ids: NDArray[np.int32],
    weights: _Weights,
    out: dict[str, NDArray[Any]],
) -> None:
    """Count distinct contact days: a day weighs as much as the deepest contact on it."""
    new = turn.copy()
    new[1:] |= day[1:] != day[:-1]
    at = np.flatnonzero(new)
    opens = turn[at]
    first = np.flatnonzero(opens)
    owner = np.cumsum(opens) - 1
    out["days"][ids] = np.append(first[1:], len(at)) - first
    old = age[at]
    weight = weights.depth[np.maximum.reduceat(depth, at)]
    out["activation"][ids] = np.add.reduceat(weight * weights.spell[old], first)
    out["days_recent"][ids] = np.add.reduceat((old < weights.horizon).astype(np.int32), first)
    earlier = (old >= weights.horizon) & (old < 2 * weights.horizon)
    out["days_before"][ids] = np.add.reduceat(earlier.astype(np.int32), first)
    newest = old[np.append(first[1:], len(at)) - 1]
    latest = old - newest[owner] < weights.horizon
    out["days_latest"][ids] = np.add.reduceat(latest.astype(np.int32), first)
    gap = np.diff(day[at])
    inside = np.flatnonzero(~opens[1:])
    out["gap"][ids] = medians(owner[inside], gap[inside], len(ids))


def _count_conversations(
    turn: NDArray[np.bool_],
    at: NDArray[np.int64],
    gave: NDArray[np.bool_],
    took: NDArray[np.bool_],
    ids: NDArray[np.int32],
    out: dict[str, NDArray[Any]],
) -> None:
    """Count who broke each silence, and whether the other answered before the next one. Meetings begin nothing."""
    new = turn.copy()
    new[1:] |= np.diff(at) > SILENCE
    opening = np.flatnonzero(new)
    first = np.flatnonzero(turn[opening])
    wrote = gave[opening] & ~took[opening]
    heard = took[opening] & ~gave[opening]
    both = np.logical_or.reduceat(gave, opening) & np.logical_or.reduceat(took, opening)
    for name, flags in (
        ("conversations", wrote | heard),
        ("starts", wrote),
        ("meetings", ~(wrote | heard)),
        ("answers_got", wrote & both),
        ("answers_given", heard & both),
    ):
        out[name][ids] = np.add.reduceat(flags.astype(np.int32), first)
