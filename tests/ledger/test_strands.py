"""Strands against a plain reading of the moments, one at a time."""

from __future__ import annotations

import struct
from collections import Counter
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import asdict

from amity.ledger import strands
from amity.ledger.strands import ENTRY, contacts, cut, latest, order, presence, spin, traffic
from amity.model import Channel, Role, Sign, Traffic

Row = tuple[int, int, int, bytes, int, int, int, int]
parties = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(list(Role))), max_size=6, unique=True)
rows_of = st.lists(
    st.tuples(
        st.integers(-5, 5).map(lambda day: day * 86_400 * 20_000),
        st.sampled_from(list(Channel)),
        parties,
        st.integers(0, 63),
        st.integers(0, 3),
        st.booleans(),
        st.integers(0, 7),
    ),
    max_size=15,
).map(lambda found: [_row(number, *one) for number, one in enumerate(found, 1)])
owners = st.sets(st.integers(1, 4), max_size=2)


def _row(
    number: int, at: int, channel: int, who: list[tuple[int, Role]], signs: int, depth: int, vague: bool, boxed: int
) -> Row:
    packed = b"".join(struct.pack("<I", handle << 2 | role) for handle, role in who)
    return number, at, int(channel), packed, signs, depth, int(vague), int(boxed)


def _parties(row: Row) -> list[tuple[int, Role]]:
    return [(word >> 2, Role(word & 3)) for (word,) in struct.iter_unpack("<I", row[3])]


def _way(row: Row, handle: int, me: set[int]) -> int:
    """Say in the plainest way what a moment was between the owner and one handle."""
    who = _parties(row)
    mine = [role for other, role in who if other in me]
    theirs = [role for other, role in who if other == handle]
    if not Channel(row[2]).has_direction:
        return strands.MET if mine else strands.ASIDE
    if Role.FROM in mine:
        return strands.SENT if Role.TO in theirs or Role.CC in theirs else strands.ASIDE
    if (mine or row[7] & 1) and Role.FROM in theirs:
        return strands.RECEIVED
    return strands.ASIDE


def _plain(rows: list[Row], me: set[int]) -> dict[tuple[int, int], tuple[int, int]]:
    """Return the time and way of each handle's part in each moment."""
    return {
        (handle, row[0]): (row[1], _way(row, handle, me))
        for row in rows
        for handle, role in _parties(row)
        if handle not in me and role is not Role.DELIVERED
    }


@given(rows_of, owners)
def test_spinning_says_what_a_plain_reading_says(rows: list[Row], me: set[int]) -> None:
    handles, entries = spin(rows, me)
    found = {
        (handle, moment): (at, flags & strands.WAY)
        for handle, (at, moment, flags) in zip(handles.tolist(), entries.tolist(), strict=True)
    }
    assert len(found) == len(handles), "one entry a handle and moment"
    assert found == _plain(rows, me)
    assert list(zip(handles.tolist(), entries["at"].tolist(), entries["moment"].tolist(), strict=True)) == sorted(
        zip(handles.tolist(), entries["at"].tolist(), entries["moment"].tolist(), strict=True)
    )
    by_number = {row[0]: row for row in rows}
    for at, moment, flags in entries.tolist():
        row = by_number[moment]
        assert at == row[1]
        assert (flags >> strands.CHANNEL) & 15 == row[2]
        assert (flags >> strands.DEPTH) & 3 == row[5]
        assert bool(flags & strands.IMPRECISE) == bool(row[6])
        assert bool(flags & strands.BOXED) == bool(row[7] & 1)
        assert bool(flags & strands.ANSWER) == bool(row[7] & 2)
        assert bool(flags & strands.ISSUE) == bool(row[7] & 4)
        assert bool(flags & strands.LIST) == bool(row[4] & Sign.LIST)
        assert bool(flags & strands.MAILING) == bool(row[4] & Sign.MAILING)
        assert bool(flags & strands.AUTO) == bool(row[4] & (Sign.AUTO | Sign.NULL_SENDER))
        assert (flags >> strands.GROUP) & 255 == _group(row, me)


def _group(row: Row, me: set[int]) -> int:
    who = _parties(row)
    if not Channel(row[2]).has_direction:
        return sum(handle not in me for handle, _ in who)
    if not any(handle in me for handle, _ in who):
        return strands.NOT_ADDRESSED
    return sum(role in (Role.TO, Role.CC) for _, role in who)


@given(rows_of, owners, st.integers(0, 15))
def test_spinning_in_parts_and_laying_them_together_is_spinning_at_once(rows: list[Row], me: set[int], at: int) -> None:
    first, second = spin(rows[:at], me), spin(rows[at:], me)
    handles, entries = order(np.concatenate([first[0], second[0]]), np.concatenate([first[1], second[1]]))
    whole = spin(rows, me)
    assert handles.tolist() == whole[0].tolist()
    assert entries.tolist() == whole[1].tolist()


@given(rows_of, owners)
def test_cutting_covers_every_row_once(rows: list[Row], me: set[int]) -> None:
    handles, _ = spin(rows, me)
    pieces = cut(handles)
    assert [n for _, start, stop in pieces for n in range(start, stop)] == list(range(len(handles)))
    assert [handle for handle, _, _ in pieces] == sorted(set(handles.tolist()))


@given(rows_of, owners, st.sampled_from([0, 1, 86_400, 86_400 * 40_000, -86_400 * 40_000]))
def test_traffic_is_what_counting_one_by_one_gives(rows: list[Row], me: set[int], end: int) -> None:
    counted = traffic(*spin(rows, me), end)
    by_number = {row[0]: row for row in rows}
    expected: dict[int, dict[str, Any]] = {}
    for (handle, moment), (at, way) in _plain(rows, me).items():
        if at >= end:
            continue
        row = by_number[moment]
        told = expected.setdefault(handle, {"counts": Counter(), "all": [], "direct": []})
        told["all"].append(at)
        received, aside = way == strands.RECEIVED, way == strands.ASIDE
        bulk = row[4] & (Sign.BULK | Sign.UNSUBSCRIBE)
        mailing = row[4] & Sign.MAILING
        auto = row[4] & (Sign.AUTO | Sign.NULL_SENDER)
        named = any(handle in me and role in (Role.TO, Role.CC) for handle, role in _parties(row))
        addressed = [handle for handle, role in _parties(row) if role in (Role.TO, Role.CC)]
        senders = [handle for handle, role in _parties(row) if role is Role.FROM]
        to_itself = received and senders[-1] in addressed
        relayed = received and bool(bulk or mailing) and not to_itself and (not named or len(addressed) > 1)
        is_post = relayed or (received and bool(row[4] & Sign.LIST) and not named)
        for name, counts in (
            ("sent", way == strands.SENT),
            ("received", received),
            ("met", way == strands.MET),
            ("aside", aside),
            ("received_posts", is_post),
            ("received_bulk", received and bulk and not is_post),
            ("received_auto", received and auto),
            ("received_boxed", received and row[7] & 1),
            ("aside_list", aside and row[4] & Sign.LIST),
            ("received_to_itself", to_itself),
            ("received_relayed", relayed and not row[4] & Sign.LIST),
            ("received_answers", received and row[7] & 2),
            ("received_mailings", received and mailing and not is_post),
            ("received_issues", received and row[7] & 4),
        ):
            told["counts"][name] += bool(counts)
        if not aside:
            told["direct"].append(at)
    assert counted == {
        handle: Traffic(
            **told["counts"],
            first=min(told["all"]),
            last=max(told["all"]),
            first_direct=min(told["direct"], default=None),
            last_direct=max(told["direct"], default=None),
        )
        for handle, told in expected.items()
    }
    assert all(value is None or isinstance(value, int) for one in counted.values() for value in asdict(one).values())


@given(rows_of, st.sets(st.integers(1, 6), max_size=3))
def test_presence_is_what_counting_one_by_one_gives(rows: list[Row], without: set[int]) -> None:
    total, counts = presence([row[3] for row in rows], without)
    left = [who for who in map(_parties, rows) if not without & {handle for handle, _ in who}]
    expected = {
        handle: (
            sum(any(other == handle for other, _ in who) for who in left),
            sum((handle, Role.FROM) in who for who in left),
            sum((handle, Role.DELIVERED) in who for who in left),
        )
        for handle in {handle for who in left for handle, _ in who}
    }
    assert counts == expected
    assert total == len(left) or not expected


@given(
    rows_of, owners, st.lists(st.integers(-1, 2), min_size=7, max_size=7), st.sampled_from([1, 86_400 * 40_000, 10**12])
)
def test_a_persons_contacts_are_their_handles_contacts_each_once(
    rows: list[Row], me: set[int], places: list[int], end: int
) -> None:
    handles, entries = spin(rows, me)
    place_of = np.array(places, np.int64)
    found = contacts(handles, entries, place_of, end)
    machine = Sign.LIST | Sign.BULK | Sign.AUTO | Sign.UNSUBSCRIBE | Sign.NULL_SENDER | Sign.MAILING
    signs = {row[0]: row[4] for row in rows}
    expected = {
        (places[handle], at, moment)
        for (handle, moment), (at, way) in _plain(rows, me).items()
        if places[handle] >= 0 and way != strands.ASIDE and at < end and not signs[moment] & machine
    }
    told = list(zip(found.person.tolist(), found.entries["at"].tolist(), found.entries["moment"].tolist(), strict=True))
    assert told == sorted(expected)
    last = latest(found, 3)
    for place in range(3):
        ways = [
            (at, moment, flags & strands.WAY)
            for p, (at, moment, flags) in zip(found.person, found.entries.tolist(), strict=True)
            if p == place
        ]
        received = [(at, moment) for at, moment, way in ways if way == strands.RECEIVED]
        sent = [at for at, _, way in ways if way == strands.SENT]
        met = [at for at, _, way in ways if way == strands.MET]
        assert (last[1][place], last[0][place]) == (received[-1] if received else (strands.NONE, strands.NONE))
        assert last[3][place] == (sent[-1] if sent else strands.NONE)
        assert last[4][place] == (met[-1] if met else strands.NONE)
        if ways:
            assert last[5][place] == ways[0][2]


def test_no_moments_make_no_strands() -> None:
    handles, entries = spin([], {1})
    assert len(handles) == 0
    assert entries.dtype == ENTRY
    assert cut(handles) == []
    assert traffic(handles, entries, 10) == {}
    assert presence([], []) == (0, {})


def test_two_letters_of_one_second_to_both_addresses_of_one_person_are_two_contacts() -> None:
    rows = [
        _row(number, 86_400, Channel.MAIL, [(1, Role.FROM), (2, Role.TO), (3, Role.TO)], 0, 1, False, False)
        for number in (1, 2)
    ]
    found = contacts(*spin(rows, {1}), np.array([-1, -1, 0, 0]), 10**9)
    assert found.entries["moment"].tolist() == [1, 2]


def test_a_meeting_of_many_is_a_meeting_in_passing() -> None:
    def met(people: int, depth: int) -> int:
        who = [(1, Role.FROM), *((number, Role.TO) for number in range(2, people + 2))]
        _, entries = spin([_row(1, 0, Channel.MEETING, who, 0, depth, False, False)], {1})
        return int(strands.depths(entries)[0])

    assert met(3, 1) == 1
    assert met(30, 1) == 0
    assert met(30, 2) == 2, "what the owner calls deep stays deep"
