"""Counting what passed: columns against plain Python, and stories of conversations."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import median
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.ledger import tally as ledger
from amity.ledger.tally import CROWD, DAY, DEPTHS, GRAIN, NEVER, SILENCE, SPACING, Strands, Tallies, blocks, tally

PEOPLE = 4
END = 400 * DAY


class Row(NamedTuple):
    person: int
    at: int
    way: int
    group: int = 1
    depth: int = 1


rows = st.lists(
    st.builds(
        Row,
        st.integers(0, PEOPLE - 1),
        st.one_of(st.integers(-50 * DAY, 500 * DAY), st.integers(0, 60).map(lambda n: n * 7 * DAY)),
        st.sampled_from([1, -1, 0]),
        st.sampled_from([1, 2, CROWD, CROWD + 1, 255]),
        st.integers(0, 3),
    ),
    max_size=60,
)


def strands(rows: list[Row]) -> Strands:
    ordered = sorted(rows, key=lambda row: (row.person, row.at))
    table = np.array(ordered, np.int64).reshape(-1, 5)
    kinds = (np.int32, np.int64, np.int8, np.uint8, np.uint8)
    return Strands(*(table[:, i].astype(kind) for i, kind in enumerate(kinds)))


def naive(rows: list[Row], end: int, horizon: float, offset: int) -> dict[str, list[float]]:
    """Count as one would on paper."""
    out: dict[str, list[float]] = {}
    today = (end - 1 + offset) // DAY
    for person in range(PEOPLE):
        mine = sorted((r for r in rows if r.person == person and r.at < end), key=lambda r: r.at)
        # Equal times keep the order in which the columns hold them.
        near = [r for r in mine if r.group <= CROWD]
        deepest: dict[int, float] = {}
        for r in near:
            day = (r.at + offset) // DAY
            deepest[day] = max(deepest.get(day, 0.0), DEPTHS[r.depth])
        days = sorted(deepest)
        recent = [r for r in near if today - (r.at + offset) // DAY < round(horizon)]
        talks: list[list[Row]] = []
        for r in near:
            if not talks or r.at - talks[-1][-1].at > SILENCE:
                talks.append([])
            talks[-1].append(r)
        begun = [t for t in talks if t[0].way]

        def both(t: list[Row]) -> bool:
            return any(r.way >= 0 for r in t) and any(r.way <= 0 for r in t)

        def decayed(ways: tuple[int, ...], near: list[Row] = near) -> float:
            return sum(2 ** -((today - (r.at + offset) // DAY) / horizon) for r in near if r.way in ways)

        figures = {
            "n": len(near),
            "sent": sum(r.way == 1 for r in near),
            "received": sum(r.way == -1 for r in near),
            "met": sum(r.way == 0 for r in near),
            "crowd": len(mine) - len(near),
            "days": len(days),
            "sent_recent": sum(r.way == 1 for r in recent),
            "received_recent": sum(r.way == -1 for r in recent),
            "met_recent": sum(r.way == 0 for r in recent),
            "days_recent": sum(today - d < round(horizon) for d in days),
            "days_before": sum(round(horizon) <= today - d < 2 * round(horizon) for d in days),
            "days_latest": sum(days[-1] - d < round(horizon) for d in days),
            "first": near[0].at if near else NEVER,
            "last": near[-1].at if near else NEVER,
            "last_sent": max((r.at for r in near if r.way >= 0), default=NEVER),
            "last_received": max((r.at for r in near if r.way <= 0), default=NEVER),
            "gap": median(b - a for a, b in pairwise(days)) if len(days) > 1 else math.nan,
            "activation": sum(w * ((today - d) / horizon + GRAIN) ** SPACING for d, w in deepest.items()),
            "sent_decayed": decayed((0, 1)),
            "received_decayed": decayed((0, -1)),
            "conversations": len(begun),
            "starts": sum(t[0].way == 1 for t in begun),
            "meetings": len(talks) - len(begun),
            "answers_got": sum(t[0].way == 1 and both(t) for t in begun),
            "answers_given": sum(t[0].way == -1 and both(t) for t in begun),
        }
        for name, figure in figures.items():
            out.setdefault(name, []).append(figure)
    return out


def assert_same(one: Tallies, other: Tallies) -> None:
    for name in Tallies.__struct_fields__:
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name), err_msg=name)


@settings(max_examples=200, deadline=None)
@given(rows, st.sampled_from([90.0, 45.0, 10.0]), st.sampled_from([0, 3600, -5 * 3600]))
def test_the_columns_say_what_counting_by_hand_says(rows, horizon, offset):
    found = tally(strands(rows), PEOPLE, end=END, horizon_days=horizon, utc_offset=offset)
    for name, figures in naive(rows, END, horizon, offset).items():
        np.testing.assert_allclose(getattr(found, name), figures, rtol=1e-12, err_msg=name)


@given(rows, st.integers(0, 450))
def test_what_comes_later_changes_nothing(rows, day):
    end = day * DAY
    known = [row for row in rows if row.at < end]
    assert_same(tally(strands(rows), PEOPLE, end=end), tally(strands(known), PEOPLE, end=end))


@given(rows)
def test_the_size_of_the_blocks_changes_nothing(rows):
    whole = tally(strands(rows), PEOPLE, end=END)
    kept, ledger.BLOCK = ledger.BLOCK, 3
    try:
        parts = list(blocks(strands(rows).person, 3))
        assert [low for low, _ in parts[1:]] == [high for _, high in parts[:-1]]
        cut = tally(strands(rows), PEOPLE, end=END)
    finally:
        ledger.BLOCK = kept
    assert_same(whole, cut)


def test_days_of_silence_begin_a_new_conversation():
    """They write, the owner answers; three weeks later the owner writes and hears nothing."""
    found = tally(strands([Row(0, 0, -1), Row(0, DAY, 1), Row(0, 22 * DAY, 1)]), 1, end=60 * DAY)
    assert (found.conversations[0], found.starts[0]) == (2, 1)
    assert (found.answers_given[0], found.answers_got[0]) == (1, 0)


def test_a_meeting_begins_no_conversation_but_goes_both_ways():
    found = tally(strands([Row(0, 0, 0)]), 1, end=DAY)
    assert (found.conversations[0], found.met[0], found.sent[0], found.received[0]) == (0, 1, 0, 0)
    assert found.meetings[0] == 1
    assert found.sent_decayed[0] == found.received_decayed[0] == 1.0
    assert found.last_sent[0] == found.last_received[0] == 0


def test_one_formative_day_outweighs_ten_coffees():
    coffees = [Row(0, (100 + day) * DAY, 0) for day in range(10)]
    shipwreck = [Row(1, 105 * DAY, 0, depth=3)]
    found = tally(strands(coffees + shipwreck), 2, end=200 * DAY)
    assert found.activation[1] > found.activation[0]
    assert found.days.tolist() == [10, 1]


def test_a_message_to_a_crowd_joins_nobody():
    found = tally(strands([Row(0, 0, -1, group=CROWD + 1)]), 1, end=DAY)
    assert (found.n[0], found.crowd[0], found.last[0]) == (0, 1, NEVER)


def test_midnight_is_where_the_owner_lives():
    evening = [Row(0, 22 * 3600, 1), Row(0, 25 * 3600, -1)]
    assert tally(strands(evening), 1, end=3 * DAY).days[0] == 2
    assert tally(strands(evening), 1, end=3 * DAY, utc_offset=-5 * 3600).days[0] == 1


def test_unsorted_rows_are_refused():
    jumbled = strands([Row(0, 0, 1), Row(1, 0, 1)])
    with pytest.raises(ValueError, match="sorted"):
        tally(jumbled._replace(person=jumbled.person[::-1]), 2, end=DAY)
