"""Infer who knows whom from moments in which two others stand together.

Only what the owner's archive shows is seen, so a missing tie says nothing. Two stages, as with strands: moments and
threads are paired by handle, whoever that belongs to; the pairs are then counted by person, as of one day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.model import Channel, Depth, Role

PAIR = np.dtype([("a", "<u4"), ("b", "<u4"), ("at", "<i8"), ("moment", "<u4"), ("weight", "<f4")])
MOST = 20  # people beside the owner; among more, nobody is shown to know anybody
WROTE = 1.0  # one of the two wrote to the other
MET = 0.7
ADDRESSED = 0.5  # a third wrote to both: the writer thinks that they belong together
STATED = 3.0  # the owner says that they know each other
# A meeting in passing may be a mention, a deep one is a day that both remember.
DEPTHS = {Depth.PASSING: 0.4, Depth.ORDINARY: 1.0, Depth.DEEP: 1.5, Depth.FORMATIVE: 1.5}
DAY = 86_400
YEAR = 365.25 * DAY
ENOUGH = 3.0  # weighted days of today that make a strength of 1 - 1/e
SHOWN = 3  # moments kept as evidence for one acquaintance

Pairs = NDArray[np.void]
Ints = NDArray[np.int64]
NOTHING: Pairs = np.empty(0, PAIR)


def pair(rows: Sequence[tuple[int, int, int, bytes, int, int, int, int]], me: Iterable[int]) -> Pairs:
    """Return who stands together with whom in some moments (ledger.strands.MomentRow), by handle, once a day (UTC).

    The owner's own handles are left out, and so is mail with any sign of a machine or a list. In a group of n others
    the weight is divided by the root of n - 1, which foretold letters between the others better than n - 1 itself
    (docs/benchmarks/paths.md); above MOST people there is none.
    """
    if not rows:
        return NOTHING
    ids, ats, channels, parties, signs, depths, _, _ = zip(*rows, strict=True)
    words = np.frombuffer(b"".join(parties), "<u4")
    row = np.repeat(np.arange(len(rows)), np.fromiter(map(len, parties), np.int64, len(rows)) // 4)
    role, handle = (words & 3).astype(np.int64), (words >> 2).astype(np.int64)
    keep = ~np.isin(handle, np.fromiter(me, np.int64)) & (role != Role.DELIVERED) & (np.array(signs) == 0)[row]
    row, handle, role = row[keep], handle[keep], role[keep]
    order = np.lexsort((role, handle, row))
    row, handle, role = row[order], handle[order], role[order]
    first = np.ones(len(row), bool)
    first[1:] = (row[1:] != row[:-1]) | (handle[1:] != handle[:-1])
    row, handle, role = row[first], handle[first], role[first]
    size = np.bincount(row, minlength=len(rows))
    start = np.r_[0, np.cumsum(size)[:-1]]

    at, moment = np.array(ats, np.int64), np.array(ids, np.uint32)
    mutual = np.isin(channels, [c for c in Channel if not c.has_direction])
    deep = np.array([DEPTHS[Depth(depth)] for depth in range(4)])[np.array(depths)]
    found = [NOTHING]
    for people in range(2, MOST + 1):
        of_size = np.flatnonzero(size == people)
        if not len(of_size):
            continue
        left, right = np.triu_indices(people, 1)
        one = (start[of_size, None] + left).ravel()
        other = (start[of_size, None] + right).ravel()
        which = np.repeat(of_size, len(left))
        wrote = (role[one] == Role.FROM) != (role[other] == Role.FROM)
        pairs = np.empty(len(which), PAIR)
        pairs["a"], pairs["b"] = handle[one], handle[other]
        pairs["at"], pairs["moment"] = at[which], moment[which]
        pairs["weight"] = np.where(mutual[which], MET, np.where(wrote, WROTE, ADDRESSED)) * deep[which]
        pairs["weight"] /= (people - 1) ** 0.5
        found.append(pairs)
    return once_a_day(np.concatenate(found))


def converse(mails: Iterable[tuple[int, int, int, bytes]], me: Iterable[int]) -> Pairs:
    """Return who wrote in one thread with whom, by handle, once a day (UTC).

    Mails are (thread, epoch seconds, moment, packed participants) in order of thread and time. Who answers has read
    those who wrote before, however they were addressed; a thread in which more than MOST others wrote joins nobody.
    """
    own = set(me)
    found: list[tuple[int, int, int, int, float]] = []
    for _, thread in groupby(mails, key=itemgetter(0)):
        wrote: dict[int, None] = {}
        answers: list[tuple[int, int, int, int]] = []
        for _, at, moment, parties in thread:
            word = int.from_bytes(parties[:4], "little")
            writer = word >> 2
            if not parties or word & 3 != Role.FROM or writer in own:
                continue
            answers += [(min(writer, other), max(writer, other), at, moment) for other in wrote if other != writer]
            wrote[writer] = None
            if len(wrote) > MOST:
                break
        else:
            weight = ADDRESSED / max(len(wrote) - 1, 1) ** 0.5
            found += [(*answer, weight) for answer in answers]
    return once_a_day(np.array(found, PAIR)) if found else NOTHING


def once_a_day(pairs: Pairs) -> Pairs:
    """Sort pairs and keep of each day (UTC) what shows most, the earlier moment where equal."""
    if len(pairs) < 2:
        return pairs
    day = pairs["at"] // DAY
    order = np.lexsort((pairs["moment"], -pairs["weight"], day, pairs["b"], pairs["a"]))
    pairs, day = pairs[order], day[order]
    first = np.ones(len(pairs), bool)
    first[1:] = (pairs["a"][1:] != pairs["a"][:-1]) | (pairs["b"][1:] != pairs["b"][:-1]) | (day[1:] != day[:-1])
    return pairs[first]


class Acquaintances(Struct, frozen=True):
    """Who knows whom as of one day, a pair a row, sorted by `a` and then `b`; people by their place, a below b.

    `moments` has the numbers of up to SHOWN moments a row, what says most first, 0 where there are fewer.
    """

    a: NDArray[np.int32]
    b: NDArray[np.int32]
    strength: NDArray[np.float32]  # 0 to 1
    days: NDArray[np.int32]  # distinct days on which the two stand together
    first: Ints  # epoch seconds
    last: Ints
    moments: NDArray[np.uint32]  # (rows, SHOWN)

    def row(self, one: int, other: int) -> int | None:
        """Return the row of two people, None where they are not known to know each other."""
        low, high = min(one, other), max(one, other)
        start, stop = np.searchsorted(self.a, (low, low + 1))
        place = int(start + np.searchsorted(self.b[start:stop], high))
        return place if place < stop and self.b[place] == high else None


def acquaint(pairs: Pairs, place_of: Ints, end: int, denied: Pairs = NOTHING) -> Acquaintances:
    """Count pairs of handles by person, up to `end` (epoch seconds, exclusive).

    `place_of` gives, by handle number, the place of the person it belongs to, or -1 for nobody who counts. A day counts
    its weight over one plus its age in years, and strength is 1 - exp(-sum / ENOUGH): an old acquaintance is weaker
    and never gone. Two who are `denied` did not know each other up to that moment, whatever shows them together.
    """
    one, other = place_of[pairs["a"]], place_of[pairs["b"]]
    keep = (one >= 0) & (other >= 0) & (one != other) & (pairs["at"] < end)
    for row in denied:
        two = place_of[row["a"]], place_of[row["b"]]
        between = ((one == two[0]) & (other == two[1])) | ((one == two[1]) & (other == two[0]))
        keep &= ~(between & (pairs["at"] <= row["at"]))
    one, other, pairs = one[keep], other[keep], pairs[keep].copy()
    pairs["a"], pairs["b"] = np.minimum(one, other), np.maximum(one, other)
    pairs = once_a_day(pairs)
    if not len(pairs):
        none = np.empty(0, np.int32)
        return Acquaintances(
            none, none, np.empty(0, np.float32), none, *(np.empty(0, np.int64),) * 2, np.empty((0, SHOWN), np.uint32)
        )
    counts = pairs["weight"] / (1 + (end - pairs["at"]) / YEAR)
    new = np.ones(len(pairs), bool)
    new[1:] = (pairs["a"][1:] != pairs["a"][:-1]) | (pairs["b"][1:] != pairs["b"][:-1])
    starts = np.flatnonzero(new)
    days = np.diff(np.r_[starts, len(pairs)])
    group = np.repeat(np.arange(len(starts)), days)
    said_most = np.lexsort((-pairs["at"], -counts, group))
    moments = np.zeros((len(starts), SHOWN), np.uint32)
    for rank in range(SHOWN):
        has = np.flatnonzero(days > rank)
        moments[has, rank] = pairs["moment"][said_most[starts[has] + rank]]
    return Acquaintances(
        a=pairs["a"][starts].astype(np.int32),
        b=pairs["b"][starts].astype(np.int32),
        strength=(1 - np.exp(-np.add.reduceat(counts, starts) / ENOUGH)).astype(np.float32),
        days=days.astype(np.int32),
        first=pairs["at"][starts],
        last=pairs["at"][starts + days - 1],
        moments=moments,
    )
