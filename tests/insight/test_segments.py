"""The circles around the owner, cut by the owner's own signature."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.insight.segments import (
    FEWEST,
    MOST,
    SEGMENTS,
    WEEKS,
    capacity,
    contested,
    pinned,
    propose,
    reason,
    settle,
    weeks_before,
)
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


def test_time_carries_so_many_and_no_more():
    """Twelve friends who write back every third day, and an owner with little time."""
    rows = [row for person in range(12) for row in letters(person, 3, first=540)]
    tallies = count(rows, 12)
    ties = judge(tallies)
    much, little = capacity(ties, tallies, 120), capacity(ties, tallies, 1)
    assert much.carries > little.carries >= FEWEST
    assert much.spent == little.spent == pytest.approx(12 * 30 * (8 + 2) / 90)
    assert propose(ties, tallies, most=little.carries).count("critical") <= little.carries


def test_who_wants_to_give_more_time_carries_no_fewer(circle):
    ties = judge(circle)
    carried = [capacity(ties, circle, minutes).carries for minutes in range(1, 200, 7)]
    assert carried == sorted(carried)
    assert FEWEST <= carried[0] <= carried[-1] <= MOST


def test_for_whom_is_pinned_the_weakest_leaves_once_the_places_are_taken(circle):
    ties = judge(circle)
    before = propose(ties, circle, most=FEWEST)
    after = propose(ties, circle, {16: "critical"}, most=FEWEST)
    gone = [i for i in range(20) if before[i] == "critical" != after[i]]
    weakest = min(ties.strength[i] for i in range(20) if before[i] == "critical")
    assert (after[16], after.count("critical")) == ("critical", FEWEST)
    assert [ties.strength[i] for i in gone] == [weakest]
    room = propose(ties, circle, {16: "critical"}, most=MOST)
    assert room.count("critical") == propose(ties, circle, most=MOST).count("critical") + 1, "nobody leaves"


def test_who_is_there_by_the_owners_word_never_leaves_for_another(circle):
    ties = judge(circle)
    pins = dict.fromkeys(range(7, 15), "critical")
    found = pinned(propose(ties, circle, most=FEWEST), ties, pins, most=FEWEST)
    assert [i for i, word in enumerate(found) if word == "critical"] == list(range(7, 15))


def test_whoever_was_among_the_few_stays_until_clearly_behind():
    """One seat; the first has it now, the second had it before."""
    proposed, places = ["critical", "close", "close"], np.array([0, 1, 2])
    weeks = np.array([[64.0, 55.0, 50.0, 40.0], [60.0, 61.0, 62.0, 70.0], [60.0, 58.0, 30.0, 20.0]])  # today first
    assert settle(proposed, places, weeks) == ["critical", "critical", "close"], "the third was never in"
    behind = weeks.copy()
    behind[0, 1] = 85.0
    assert settle(proposed, places, behind) == ["critical", "close", "close"]
    assert settle(["critical"] * 5 + ["close"], np.array([4, 5]), weeks[:2], most=FEWEST)[5] == "close", "no room"


@given(st.integers(0, 10**10), st.sampled_from([0, 3600, -39600]))
def test_weeks_end_on_the_same_days_whatever_day_is_asked_on(end, offset):
    def ends(at: int) -> set[int]:
        return {(at - 1 + offset) // DAY - days for days in weeks_before(at, offset)[1:]}

    assert WEEKS - 1 <= len(ends(end)) <= 2 * WEEKS
    if (end - 1 + offset) // DAY // (7 * WEEKS) == (end + DAY - 1 + offset) // DAY // (7 * WEEKS):
        assert ends(end) <= ends(end + DAY)
    assert all(day % 7 == 0 for day in ends(end))


@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.integers(600, 719), st.sampled_from([1, -1, 0])), min_size=1, max_size=200
    )
)
def test_only_those_near_one_another_contest_a_seat(rows):
    tallies = count(rows, 21)
    ties = judge(tallies)
    found = propose(ties, tallies)
    places = contested(ties, tallies, found, ())
    seats = [i for i in places if found[i] == "critical"]
    assert len(places) == 0 or 0 <= len(seats) <= len(places)
    settled = settle(found, places, np.tile(ties.strength[places][:, None], (1, 4)))
    assert settled == found, "where nothing ever moved, nobody moves"


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
