"""What a tie is worth, told in small worlds."""

from __future__ import annotations

import re
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.insight.tie import ANY_BEND, BOTH_BEND, MOMENTA, SEND_BEND, Judgement, chance, explain, judge
from amity.ledger.tally import DAY, NEVER, Strands, Tallies, tally

LINE = re.compile(r"(\d{4}-\d\d-\d\d) (\w+) (\w+) (?:([><]) )?(\w+)(?: x(\d+) every (\d+) days)?")
EPOCH = date(1970, 1, 1)


class World:
    """A world as a docstring tells it: `2025-01-05 mail Ana > me`, `… meeting Ana me`, `… x5 every 7 days`."""

    def __init__(self, story: str, horizon: float = 90.0) -> None:
        rows: list[tuple[int, int, int, int, int]] = []
        self.names: list[str] = []
        today = re.search(r"today (\d{4}-\d\d-\d\d)", story)
        assert today is not None
        self.end = ((date.fromisoformat(today[1]) - EPOCH).days + 1) * DAY
        for day, channel, left, arrow, right, times, step in LINE.findall(story):
            other = right if left == "me" else left
            if other not in self.names:
                self.names.append(other)
            way = 0 if channel == "meeting" else 1 if (left == "me") == (arrow == ">") else -1
            first = (date.fromisoformat(day) - EPOCH).days
            rows += [
                (self.names.index(other), (first + i * int(step or 0)) * DAY + DAY // 2, way, 1, 1)
                for i in range(int(times or 1))
            ]
        table = np.array(sorted(rows), np.int64)
        kinds = (np.int32, np.int64, np.int8, np.uint8, np.uint8)
        self.strands = Strands(*(table[:, i].astype(kind) for i, kind in enumerate(kinds)))
        self.tallies: Tallies = tally(self.strands, len(self.names), end=self.end, horizon_days=horizon)
        self.ties: Judgement = judge(self.tallies, horizon_days=horizon)

    def strength(self, name: str) -> float:
        return float(self.ties.strength[self.names.index(name)])

    def momentum(self, name: str) -> str:
        return self.ties.word(self.names.index(name))


def test_an_answered_letter_binds_more_than_two_unanswered_ones():
    world = World("""
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    2025-01-07 mail Bo > me
    2025-01-08 mail Bo > me
    today 2025-02-01
    """)
    assert world.strength("Ana") > world.strength("Bo")
    assert world.ties.p_contact[0] > world.ties.p_contact[1]
    assert world.ties.reciprocity.tolist() == [1.0, 0.0]
    assert world.ties.initiative.tolist() == [0.0, 0.0]


def test_a_broken_rhythm_shows_as_fading_and_names_the_day():
    world = World("""
    2024-01-01 mail me > Ana x40 every 7 days
    2024-01-03 mail Ana > me x40 every 7 days
    2024-01-01 mail me > Bo x52 every 7 days
    2024-01-03 mail Bo > me x52 every 7 days
    today 2024-12-01
    """)
    assert world.momentum("Ana") == "fading"
    assert world.momentum("Bo") == "steady"
    turned = int(world.ties.turned[0])
    assert date(2024, 10, 14) < date.fromordinal(EPOCH.toordinal() + turned) < date(2024, 11, 1)
    assert world.ties.turned[1] == NEVER


def test_more_days_than_before_is_rising_and_none_is_dormant():
    world = World("""
    2024-03-01 mail me > Ana x2 every 60 days
    2024-03-02 mail Ana > me x2 every 60 days
    2024-10-01 mail me > Ana x9 every 6 days
    2024-01-05 mail me > Bo x6 every 10 days
    2024-01-06 mail Bo > me x6 every 10 days
    2024-11-20 mail Cleo > me
    today 2024-12-01
    """)
    assert world.momentum("Ana") == "rising"
    assert world.momentum("Bo") == "dormant"
    assert world.momentum("Cleo") == "new"


def test_silence_heals_no_fading():
    """A quick exchange after years of a letter now and then, and nothing since: no rhythm is broken, but it ceased."""
    story = """
    2012-03-01 mail me > Ana x12 every 300 days
    2023-06-01 mail Ana > me x3 every 9 days
    today {}
    """
    days = ("2023-06-20", "2023-10-01", "2024-01-01", "2024-04-01", "2028-04-01")
    assert [World(story.format(day)).momentum("Ana") for day in days] == ["rising", *["fading"] * 3, "dormant"]


def test_below_two_horizons_it_is_too_early_to_say():
    story = "2025-01-01 mail me > Ana\n 2025-01-02 mail Ana > me\n today {}"
    assert not World(story.format("2025-06-01")).ties.enough
    assert World(story.format("2025-07-15")).ties.enough


def test_meeting_in_person_is_contact_both_ways():
    world = World("""
    2024-01-01 meeting me Ana x12 every 28 days
    2024-01-01 mail Bo > me x12 every 28 days
    today 2024-12-01
    """)
    assert world.ties.p_contact[0] > world.ties.p_contact[1]
    assert world.ties.reciprocity.tolist() == [1.0, 0.0]
    assert world.ties.initiative.tolist() == [0.5, 0.0]


def test_nobody_is_judged_by_a_crowd_or_by_nothing():
    nothing = Strands(*(np.zeros(0, kind) for kind in (np.int32, np.int64, np.int8, np.uint8, np.uint8)))
    tallies = tally(nothing, 2, end=100 * DAY)
    ties = judge(tallies)
    assert ties.strength.tolist() == ties.p_contact.tolist() == [0.0, 0.0]
    assert not ties.enough
    assert explain(tallies, ties, 0) == ()
    crowd = Strands(
        *(
            np.array([x], k)
            for x, k in zip((0, DAY, -1, 200, 1), (np.int32, np.int64, np.int8, np.uint8, np.uint8), strict=True)
        )
    )
    tallies = tally(crowd, 1, end=100 * DAY)
    (reason,) = explain(tallies, judge(tallies), 0)
    assert (reason.reason, reason.figure) == ("you only appear together in messages to many people", "1")


def test_another_horizon_than_the_tallies_is_refused():
    world = World("2025-01-01 mail me > Ana\n today 2025-02-01")
    with pytest.raises(ValueError, match="horizon"):
        judge(world.tallies, horizon_days=30)


contacts = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 500 * DAY), st.sampled_from([1, -1, 0]), st.just(1), st.just(1)),
    min_size=1,
    max_size=40,
)


@given(contacts, st.integers(1, 500))
def test_the_future_is_invisible(rows, day):
    """Every figure is the same whether later rows are there or not."""
    table = np.array(sorted(rows), np.int64)
    kinds = (np.int32, np.int64, np.int8, np.uint8, np.uint8)
    whole = Strands(*(table[:, i].astype(kind) for i, kind in enumerate(kinds)))
    known = Strands(*(column[whole.at < day * DAY] for column in whole))
    one, other = (tally(part, 4, end=day * DAY) for part in (whole, known))
    left, right = judge(one), judge(other)
    for name in ("strength", "p_contact", "p_send", "p_any", "momentum", "turned", "reciprocity", "initiative"):
        np.testing.assert_array_equal(getattr(left, name), getattr(right, name), err_msg=name)
    assert (left.enough, left.rates) == (right.enough, right.rates)
    for i in range(4):
        assert explain(one, left, i) == explain(other, right, i)


@given(contacts)
def test_figures_keep_to_their_ranges(rows):
    table = np.array(sorted(rows), np.int64)
    kinds = (np.int32, np.int64, np.int8, np.uint8, np.uint8)
    tallies = tally(Strands(*(table[:, i].astype(kind) for i, kind in enumerate(kinds))), 5, end=501 * DAY)
    ties = judge(tallies)
    assert ((ties.strength >= 0) & (ties.strength <= 100)).all()
    for share in (ties.p_contact, ties.p_send, ties.p_any, ties.reciprocity, ties.initiative):
        assert ((share >= 0) & (share <= 1)).all()
    assert {ties.word(i) for i in range(5)} <= set(MOMENTA)
    for i in range(5):
        weights = [abs(reason.weight) for reason in explain(tallies, ties, i)]
        assert len(weights) <= 5
        assert weights == sorted(weights, reverse=True)


@given(contacts, st.integers(1, 60))
def test_after_a_horizon_of_silence_no_tie_recovers_by_itself(rows, later):
    table = np.array(sorted(rows), np.int64)
    kinds = (np.int32, np.int64, np.int8, np.uint8, np.uint8)
    strands = Strands(*(table[:, i].astype(kind) for i, kind in enumerate(kinds)))
    end = (int(strands.at.max()) // DAY + 91) * DAY
    before, after = (judge(tally(strands, 4, end=end + days * DAY)) for days in (1, 1 + later))
    worse = {"new": 0, "rising": 0, "steady": 0, "fading": 1, "dormant": 2}
    for i in range(4):
        assert worse[before.word(i)] <= worse[after.word(i)]


@given(st.floats(-12, 12), st.floats(-12, 12))
def test_a_higher_sum_is_a_higher_chance(one, other):
    for bend in (SEND_BEND, BOTH_BEND, ANY_BEND):
        low, high = (float(chance(np.array(z), bend)) for z in sorted((one, other)))
        assert 0 <= low <= high <= 1


def test_nobody_is_told_that_they_write_every_two_days_when_they_do_it_twice_a_year():
    world = World("""
    2023-01-01 mail me > Ana x4 every 2 days
    2023-08-01 mail Ana > me x4 every 2 days
    2024-03-01 mail me > Ana x4 every 2 days
    2024-11-20 mail me > Ana x4 every 2 days
    today 2024-12-01
    """)
    (words,) = [reason.reason for reason in explain(world.tallies, world.ties, 0) if " on end" in reason.reason]
    assert words.startswith("you are in touch for some days on end, then not for a while")
    assert not any("every 2 days" in reason.reason for reason in explain(world.tallies, world.ties, 0))


def test_large_numbers_are_parted_and_the_owner_s_own_rate_is_no_reason():
    world = World("""
    1990-01-01 mail me > Ana x10223 every 1 days
    1990-01-02 mail Ana > me x1100 every 9 days
    today 2018-01-01
    """)
    said = " ".join(f"{reason.reason} ({reason.figure})" for reason in explain(world.tallies, world.ties, 0))
    assert "you reached out 10,223 times" in said
    assert "(10,223)" in said
    assert "two-way ties" not in said


def test_the_reasons_in_a_small_world(snapshot):
    world = World("""
    2024-01-01 mail me > Ana x40 every 7 days
    2024-01-03 mail Ana > me x30 every 9 days
    2024-05-01 meeting me Ana
    2024-11-30 mail Bo > me
    2023-02-01 mail me > Cleo x3 every 40 days
    2023-02-04 mail Cleo > me x2 every 40 days
    today 2024-12-01
    """)
    told = {
        f"{name}: {world.strength(name):.1f}, {world.ties.p_contact[i]:.2f}, {world.momentum(name)}": [
            f"{reason.weight:+.3f} {reason.reason} ({reason.figure})"
            for reason in explain(world.tallies, world.ties, i)
        ]
        for i, name in enumerate(world.names)
    }
    assert told == snapshot
