"""How strong ties were on past days: the same as if one had asked on that day."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.insight.course import strengths
from amity.insight.tie import judge, length
from amity.ledger.tally import DAY, Strands, tally

END = 800 * DAY
ROWS = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 799 * DAY), st.sampled_from([1, -1, 0])), min_size=1, max_size=80
)


def lay(rows: list[tuple[int, int, int]]) -> Strands:
    table = np.array(sorted(rows), np.int64).reshape(-1, 3)
    ones = np.ones(len(table), np.uint8)
    return Strands(table[:, 0].astype(np.int32), table[:, 1], table[:, 2].astype(np.int8), ones, ones.copy())


@settings(deadline=None, max_examples=40)
@given(ROWS, st.lists(st.integers(0, 500), min_size=1, max_size=6), st.sampled_from([0, 3600, -7200]))
def test_a_past_day_is_judged_by_what_was_known_then(rows, ago, offset):
    strands = lay(rows)
    span = length(tally(strands, 5, end=END, utc_offset=offset))
    found = strengths(strands, 5, ago, end=END, span=span, utc_offset=offset)
    assert found.shape == (5, len(ago))
    for column, days in enumerate(ago):
        then = tally(strands, 5, end=END - days * DAY, utc_offset=offset)
        asked = judge(then, span=max(1.0, span - days / 90)).strength
        assert np.allclose(found[:, column], asked)


def test_nobody_and_no_day_make_no_course():
    strands = lay([(0, 5 * DAY, 1)])
    assert strengths(strands, 1, [], end=END, span=2.0).shape == (1, 0)
    assert strengths(strands, 0, [3], end=END, span=2.0).shape == (0, 1)
