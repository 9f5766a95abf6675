"""The newest contacts of a person, out of their strands."""

from __future__ import annotations

import struct

from hypothesis import given
from hypothesis import strategies as st

from amity.ledger import timeline
from amity.ledger.strands import ENTRY

entries = st.lists(st.tuples(st.integers(-(10**11), 10**11), st.integers(1, 40)), max_size=12)


def _strand(rows: list[tuple[int, int]]) -> bytes:
    return b"".join(struct.pack(timeline.ENTRY, at, moment, 0) for at, moment in sorted(rows))


def test_an_entry_is_laid_out_as_strands_lay_it_out() -> None:
    assert struct.calcsize(timeline.ENTRY) == ENTRY.itemsize


@given(
    st.lists(st.integers(-(10**11), 10**11), max_size=30), st.data(), st.integers(0, 10), st.integers(-(10**11), 10**11)
)
def test_the_newest_come_first_each_contact_once_and_none_of_the_future(
    times: list[int], data: st.DataObject, limit: int, end: int
) -> None:
    rows = list(zip(times, range(1, len(times) + 1), strict=True))
    spread = [data.draw(st.sampled_from((1, 2, 3))) for _ in rows]
    strands = [_strand([row for row, on in zip(rows, spread, strict=True) if on & bit]) for bit in (1, 2)]
    found, total = timeline.newest(strands, end, limit)
    expected = sorted(((at, moment) for at, moment in rows if at < end), reverse=True)
    assert total == len(expected)
    assert found == [moment for _, moment in expected][:limit]
