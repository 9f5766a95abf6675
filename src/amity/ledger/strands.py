"""Spin moments into strands: for each handle its contacts in order of time, as plain columns.

A strand says what a contact was as seen from the owner; who a handle belongs to is not in it, so that joining and
parting people moves no strand. Counting over strands takes a small fraction of what a statement over rows takes;
docs/decisions/0002 has the figures.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.model import Channel, Depth, Role, Sign, Traffic

ENTRY = np.dtype([("at", "<i8"), ("moment", "<u4"), ("flags", "<u4")])

# What a contact was, in the low bits of `flags`.
ASIDE, SENT, RECEIVED, MET = 0, 1, 2, 3
WAY = 3
COPIED = 1 << 2
LIST = 1 << 3
BULK = 1 << 4
AUTO = 1 << 5
UNSUBSCRIBE = 1 << 6
CHANNEL = 7
DEPTH = 11
IMPRECISE = 1 << 13
BOXED = 1 << 14  # from a mailbox, where mail that names nobody we know was still sent to the owner
NAMED = 1 << 15  # the owner stands in To or Cc
GROUP = 16
TO_ITSELF = 1 << 24  # the sender, of several the last, stands in To or Cc too
ANSWER = 1 << 25  # the subject says so
MAILING = 1 << 26
ISSUE = 1 << 27  # the subject is a newsletter's
NONE = np.iinfo(np.int64).min
MANY = 8  # people met at once; among more, nobody speaks with everybody
NOT_ADDRESSED = 255  # the group of a mail that reached the owner without naming them
MACHINE_SIGNS = LIST | BULK | AUTO | UNSUBSCRIBE | MAILING

Entries = NDArray[np.void]
Handles = NDArray[np.uint32]


class MomentRow(NamedTuple):
    """The columns of a kept moment that a strand is spun from."""

    id: int
    at: int
    channel: int
    parties: bytes
    signs: int
    depth: int
    imprecise: int
    boxed: int  # 1 from a mailbox; and what its subject says, 2 that it answers, 4 that it is a newsletter's


def spin(rows: Sequence[tuple[int, int, int, bytes, int, int, int, int]], me: Iterable[int]) -> tuple[Handles, Entries]:
    """Turn moments into entries sorted by handle and time; the owner's own handles get none.

    `rows` are MomentRow-shaped. Each handle has one entry a moment, the one that says most.
    """
    if not rows:
        return np.empty(0, np.uint32), np.empty(0, ENTRY)
    ids, ats, channels, parties, signs, depths, imprecise, boxed = zip(*rows, strict=True)
    words = np.frombuffer(b"".join(parties), "<u4")
    row = np.repeat(np.arange(len(rows)), np.fromiter(map(len, parties), np.int64, len(rows)) // 4)
    role, handle = words & 3, words >> 2
    is_me = np.isin(handle, np.fromiter(me, np.uint32))
    channel = np.array(channels, np.uint32)
    sign = np.array(signs, np.uint32)
    source = np.array(boxed, np.uint32)
    is_boxed = (source & 1) > 0

    def any_in(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.bincount(row[mask], minlength=len(rows)) > 0

    by_me = any_in(is_me & (role == Role.FROM))
    to_me = any_in(is_me & (role != Role.FROM))
    names_me = any_in(is_me & ((role == Role.TO) | (role == Role.CC)))
    sender = np.zeros(len(rows), np.uint32)
    sender[row[role == Role.FROM]] = handle[role == Role.FROM]
    to_itself = any_in(((role == Role.TO) | (role == Role.CC)) & (handle == sender[row]))
    mutual = np.isin(channel, [c for c in Channel if not c.has_direction])
    addressed = (role == Role.TO) | (role == Role.CC)
    group = np.bincount(row[addressed], minlength=len(rows))
    present = np.bincount(row[~is_me], minlength=len(rows))
    group = np.where(mutual, present, group).clip(0, NOT_ADDRESSED - 1)
    group[~mutual & ~by_me & ~to_me] = NOT_ADDRESSED

    way = np.full(len(words), ASIDE, np.uint32)
    sent = ~mutual & by_me
    received = ~mutual & ~by_me & (to_me | is_boxed)
    way[sent[row] & addressed] = SENT
    way[received[row] & (role == Role.FROM)] = RECEIVED
    way[(mutual & (by_me | to_me))[row]] = MET

    flags = (
        np.where(sign & Sign.LIST, LIST, 0)
        | np.where(sign & Sign.BULK, BULK, 0)
        | np.where(sign & (Sign.AUTO | Sign.NULL_SENDER), AUTO, 0)
        | np.where(sign & Sign.UNSUBSCRIBE, UNSUBSCRIBE, 0)
        | np.where(sign & Sign.MAILING, MAILING, 0)
        | (channel << CHANNEL)
        | (np.array(depths, np.uint32) << DEPTH)
        | np.where(np.array(imprecise, bool), IMPRECISE, 0)
        | np.where(is_boxed, BOXED, 0)
        | np.where(names_me, NAMED, 0)
        | np.where(to_itself, TO_ITSELF, 0)
        | np.where(source & 2, ANSWER, 0)
        | np.where(source & 4, ISSUE, 0)
        | (group.astype(np.uint32) << GROUP)
    ).astype(np.uint32)

    keep = ~is_me & (role != Role.DELIVERED)
    row, handle, role, way = row[keep], handle[keep], role[keep], way[keep]
    entries = np.empty(len(row), ENTRY)
    entries["at"] = np.array(ats, np.int64)[row]
    entries["moment"] = np.array(ids, np.uint32)[row]
    entries["flags"] = flags[row] | way | np.where(role == Role.CC, COPIED, 0).astype(np.uint32)
    return order(handle.astype(np.uint32), entries)


def order(handles: Handles, entries: Entries) -> tuple[Handles, Entries]:
    """Sort entries by handle, time and moment, and keep one entry a handle and moment."""
    aside = (entries["flags"] & WAY) == ASIDE
    ranks = np.lexsort((aside, entries["moment"], entries["at"], handles))
    handles, entries = handles[ranks], entries[ranks]
    first = np.ones(len(handles), bool)
    first[1:] = (handles[1:] != handles[:-1]) | (entries["moment"][1:] != entries["moment"][:-1])
    return handles[first], entries[first]


def cut(handles: Handles) -> list[tuple[int, int, int]]:
    """Return (handle, start, stop) for each run of a sorted handle column."""
    if not len(handles):
        return []
    starts = np.flatnonzero(np.r_[True, handles[1:] != handles[:-1]])
    stops = np.r_[starts[1:], len(handles)]
    return list(zip(handles[starts].tolist(), starts.tolist(), stops.tolist(), strict=True))


def traffic(handles: Handles, entries: Entries, end: int) -> dict[int, Traffic]:
    """Count, for each handle of a sorted column, what passed up to `end` (epoch seconds, exclusive)."""
    visible = entries["at"] < end
    handles, entries = handles[visible], entries[visible]
    if not len(handles):
        return {}
    flags, at = entries["flags"], entries["at"]
    way = flags & WAY
    starts = np.flatnonzero(np.r_[True, handles[1:] != handles[:-1]])
    stops = np.r_[starts[1:], len(handles)]
    direct = way != ASIDE
    received = way == RECEIVED
    aside = way == ASIDE
    listed = (flags & LIST) > 0
    # A newsletter is sent to each reader alone; what names others too came through a list, whether it says so or not.
    mailing = (flags & MAILING) > 0
    bulk = (flags & (BULK | UNSUBSCRIBE)) > 0
    among_others = ((flags & NAMED) == 0) | (((flags >> GROUP) & NOT_ADDRESSED) > 1)
    passed_on = received & (bulk | mailing) & among_others & ((flags & TO_ITSELF) == 0)
    relayed = passed_on & ~listed
    posts = (received & listed & ((flags & NAMED) == 0)) | passed_on

    def count(mask: NDArray[np.bool_]) -> list[int]:
        return [int(n) for n in np.add.reduceat(mask.astype(np.int64), starts)]

    late, early = np.iinfo(np.int64).max, np.iinfo(np.int64).min
    first_direct = np.minimum.reduceat(np.where(direct, at, late), starts).tolist()
    last_direct = np.maximum.reduceat(np.where(direct, at, early), starts).tolist()
    columns = zip(
        count(way == SENT),
        count(received),
        count(way == MET),
        count(aside),
        count(posts),
        count(received & ~posts & bulk),
        count(received & ((flags & AUTO) > 0)),
        count(received & ((flags & BOXED) > 0)),
        count(aside & listed),
        at[starts].tolist(),
        at[stops - 1].tolist(),
        (None if value == late else value for value in first_direct),
        (None if value == early else value for value in last_direct),
        count(received & ((flags & TO_ITSELF) > 0)),
        count(relayed),
        count(received & ((flags & ANSWER) > 0)),
        count(received & ~posts & mailing),
        count(received & ((flags & ISSUE) > 0)),
        strict=True,
    )
    return dict(zip(handles[starts].tolist(), (Traffic(*row) for row in columns), strict=True))


class Latest(NamedTuple):
    """Of each person, what came last and what came first, by columns; `NONE` where there is nothing."""

    received_moment: NDArray[np.int64]
    received_at: NDArray[np.int64]
    received_group: NDArray[np.int64]
    sent_at: NDArray[np.int64]
    met_at: NDArray[np.int64]
    first_way: NDArray[np.int64]
    channel: NDArray[np.int64]  # of the last contact that was more than passing


class Contacts(NamedTuple):
    """Direct contacts of many people in order of person and time; bulk and automatic mail is left out."""

    person: NDArray[np.int32]
    entries: Entries


def contacts(handles: Handles, entries: Entries, place_of: NDArray[np.int64], end: int) -> Contacts:
    """Lay the strands of handles together by person, each contact once, up to `end` (epoch seconds, exclusive).

    `place_of` gives, by handle number, the place of the person it belongs to, or -1 for nobody who counts.
    """
    flags = entries["flags"]
    person = place_of[handles]
    keep = (person >= 0) & ((flags & WAY) != ASIDE) & ((flags & MACHINE_SIGNS) == 0) & (entries["at"] < end)
    person, entries = person[keep].astype(np.int32), entries[keep]
    at, moment = entries["at"], entries["moment"]
    if len(person) > 1:
        # Two addresses of one person may meet at one second, so the moment decides the order too.
        late = (at[1:] < at[:-1]) | ((at[1:] == at[:-1]) & (moment[1:] < moment[:-1]))
        if np.any((person[1:] < person[:-1]) | ((person[1:] == person[:-1]) & late)):
            ranks = np.lexsort((moment, at, person))
            person, entries = person[ranks], entries[ranks]
        # One mail to two addresses of one person is one contact.
        once = np.r_[True, (person[1:] != person[:-1]) | (entries["moment"][1:] != entries["moment"][:-1])]
        person, entries = person[once], entries[once]
    return Contacts(person, entries)


def depths(entries: Entries) -> NDArray[np.uint8]:
    """Return how much each contact meant (model.Depth); an ordinary meeting of many was a meeting in passing."""
    flags = entries["flags"]
    depth = ((flags >> DEPTH) & 3).astype(np.uint8)
    of_many = ((flags & WAY) == MET) & (((flags >> GROUP) & NOT_ADDRESSED) > MANY)
    return np.where(of_many & (depth == Depth.ORDINARY), np.uint8(Depth.PASSING), depth)


def latest(found: Contacts, people: int) -> Latest:
    """Find, for each of `people` persons, their last message, last meeting and first contact."""
    person, entries = found
    flags, at = entries["flags"], entries["at"]
    way = flags & WAY
    columns = [np.full(people, NONE, np.int64) for _ in Latest._fields]
    if len(person):
        starts = np.flatnonzero(np.r_[True, person[1:] != person[:-1]])
        who = person[starts]
        rows = np.arange(len(person))

        def last_row(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
            return np.maximum.reduceat(np.where(mask, rows, -1), starts)

        received, sent, met = (last_row(way == kind) for kind in (RECEIVED, SENT, MET))
        deep = last_row(((flags >> DEPTH) & 3) > 0)
        deep = np.where(deep < 0, last_row(way != ASIDE), deep)
        columns[0][who] = np.where(received >= 0, entries["moment"][received].astype(np.int64), NONE)
        columns[1][who] = np.where(received >= 0, at[received], NONE)
        columns[2][who] = np.where(received >= 0, (flags[received] >> GROUP) & NOT_ADDRESSED, 0)
        columns[3][who] = np.where(sent >= 0, at[sent], NONE)
        columns[4][who] = np.where(met >= 0, at[met], NONE)
        columns[5][who] = way[starts]
        columns[6][who] = (flags[deep] >> CHANNEL) & 15
    return Latest(*columns)


def presence(parties: Sequence[bytes], without: Iterable[int]) -> tuple[int, dict[int, tuple[int, int, int]]]:
    """Count, over the contacts in which none of some handles takes part, in how many each other handle does.

    Returns the number of these contacts, and for each handle how often it takes part, sends, and is delivered to.
    """
    words = np.frombuffer(b"".join(parties), "<u4")
    row = np.repeat(np.arange(len(parties)), np.fromiter(map(len, parties), np.int64, len(parties)) // 4)
    handle, role = (words >> 2).astype(np.int64), words & 3
    covered = np.zeros(len(parties), bool)
    covered[row[np.isin(handle, np.fromiter(without, np.int64))]] = True
    keep = ~covered[row]
    row, handle, role = row[keep], handle[keep], role[keep]
    if not len(row):
        return 0, {}
    once = np.sort((handle << 32) | row)
    once = once[np.r_[True, once[1:] != once[:-1]]]
    size = int(handle.max()) + 1
    part = np.bincount(once >> 32, minlength=size)
    sent = np.bincount(handle[role == Role.FROM], minlength=size)
    delivered = np.bincount(handle[role == Role.DELIVERED], minlength=size)
    seen = np.flatnonzero(part)
    counts = zip(part[seen].tolist(), sent[seen].tolist(), delivered[seen].tolist(), strict=True)
    return int((~covered).sum()), dict(zip(seen.tolist(), counts, strict=True))
