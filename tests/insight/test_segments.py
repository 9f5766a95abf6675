"""The circles around the owner, cut by the owner's own signature."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.insight.segments import FEWEST, MOST, SEGMENTS, propose, reason
from amity.insight.tie import judge
from amity.ledger.tally import DAY, Strands, Tallies, tally

END = 720 * DAY


def count(rows: list[tuple[int, int, int]], people: int) -> Tallies:
    """Rows are person, day, way."""
    table = np.array(sorted(rows), np.int64).reshape(-1, 3)
    ones = np.ones(len(table), np.uint8)
    strands = Strands(table[:, 0].astype(np.int32), table[:, 1] * DAY, table[:, 2].astype(np.int8), ones, ones.copy())
    return tally(strands, people, end=END)


def letters(person: int, every: int, first: int = 0, last: int = 720) -> list[tuple[int, int, int]]:
    """Letters there and back."""
    return [row for day in range(first, last - 1, every) for row in ((person, day, 1), (person, day + 1, -1))]


@pytest.fixture
def circle() -> Tallies:
    """Seven friends weekly, ten people monthly, one who fell silent, one who only writes, one never met."""
    rows = [row for person in range(7) for row in letters(person, 7)]
    rows += [row for person in range(7, 17) for row in letters(person, 30 + person)]
    rows += letters(17, 10, last=300)
    rows += [(18, day, -1) for day in range(0, 720, 5)]
    return count(rows, 20)


def test_the_few_who_carry_the_contact_are_critical(circle):
    found = propose(judge(circle), circle)
    assert set(found[:FEWEST]) <= {"critical", "close"}
    assert 4 <= Counter(found[:7])["critical"] <= 7
    assert "critical" not in found[7:]
    assert found[17:] == ["dormant", "unknown", "unknown"]


def test_who_only_writes_is_not_known_however_often(circle):
    found = propose(judge(circle), circle)
    assert reason(judge(circle), circle, found, 18) == "too little is known: contact went one way only"
    assert reason(judge(circle), circle, found, 19) == "you were never in direct contact"


def test_every_segment_says_why(circle):
    ties = judge(circle)
    found = propose(ties, circle)
    assert reason(ties, circle, found, 0).endswith("of your recent contact")
    assert "mutual and alive" in reason(ties, circle, found, found.index("critical"))
    assert reason(ties, circle, found, 17).startswith("you were in touch both ways, but not for")


def test_one_who_is_never_answered_in_kind_is_close_at_most():
    """Ninety letters from Goldmann are kept, and one to him."""
    rows = [row for person in range(8) for row in letters(person, 30)]
    rows += [(8, day, -1) for day in range(0, 720, 8)] + [(8, 700, 1)]
    tallies = count(rows, 9)
    assert propose(judge(tallies), tallies)[8] == "close"


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 719), st.sampled_from([1, -1, 0])), min_size=1, max_size=150)
)
def test_circles_keep_their_size_and_their_members_are_alive(rows):
    tallies = count(rows, 41)
    ties = judge(tallies)
    found = propose(ties, tallies)
    assert len(found) == 41
    assert set(found) <= set(SEGMENTS)
    assert found.count("critical") <= MOST
    for i, segment in enumerate(found):
        assert reason(ties, tallies, found, i)
        if segment in ("critical", "close"):
            assert ties.word(i) != "dormant"
            assert tallies.met[i] or (tallies.sent[i] and tallies.received[i])
        if not tallies.n[i]:
            assert segment == "unknown"
