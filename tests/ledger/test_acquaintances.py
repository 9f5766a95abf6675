"""Who knows whom: what moments of two others show, and how little a crowd shows."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.ledger.acquaintances import DAY, MOST, WROTE, Acquaintances, acquaint, converse, once_a_day, pair
from amity.model import Channel, Depth, Role, Sign

ME, ANA, BO, CY = 1, 2, 3, 4
END = 1000 * DAY
Row = tuple[int, int, int, bytes, int, int, int, int]


def moment(
    day: int,
    sender: int,
    to: tuple[int, ...],
    channel: Channel = Channel.MAIL,
    number: int = 1,
    signs: Sign = Sign.NONE,
    depth: Depth = Depth.ORDINARY,
) -> Row:
    parties = [(sender, Role.FROM), *((handle, Role.TO) for handle in to)]
    packed = struct.pack(f"<{len(parties)}I", *(handle << 2 | role for handle, role in parties))
    return number, day * DAY + 100, channel, packed, signs, depth, 0, 1


def known(*rows: Row, end: int = END, places: dict[int, int] | None = None) -> Acquaintances:
    place_of = np.full(200, -1, np.int64)
    for handle, place in (places or {handle: handle for handle in range(2, 200)}).items():
        place_of[handle] = place
    return acquaint(pair(rows, [ME]), place_of, end)


def strength(found: Acquaintances, one: int = ANA, other: int = BO) -> float:
    row = found.row(one, other)
    return 0.0 if row is None else float(found.strength[row])


def test_who_is_written_to_together_knows_each_other() -> None:
    assert strength(known(moment(990, ME, (ANA, BO)))) > 0


def test_a_letter_between_two_others_shows_more_than_a_letter_to_both() -> None:
    assert strength(known(moment(990, ANA, (BO,)))) > strength(known(moment(990, ME, (ANA, BO))))


def test_a_letter_to_the_owner_joins_nobody() -> None:
    assert len(known(moment(990, ANA, (ME,))).a) == 0


def test_the_more_there_are_the_less_it_shows() -> None:
    sizes = [strength(known(moment(990, ME, tuple(range(2, 2 + size))))) for size in (2, 4, 8)]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[-1] > 0


def test_a_mail_to_forty_joins_nobody() -> None:
    assert len(known(moment(990, ME, tuple(range(2, 42)))).a) == 0
    assert len(known(moment(990, ME, tuple(range(2, 3 + MOST)))).a) == 0


@pytest.mark.parametrize("sign", [Sign.LIST, Sign.BULK, Sign.AUTO, Sign.UNSUBSCRIBE, Sign.NULL_SENDER])
def test_lists_and_machines_join_nobody(sign: Sign) -> None:
    assert len(known(moment(990, ME, (ANA, BO), signs=sign)).a) == 0


def test_many_mails_of_one_day_are_one_day() -> None:
    once, often = (known(*(moment(990, ANA, (BO,), number=n) for n in range(1, times + 1))) for times in (1, 9))
    assert strength(once) == strength(often)
    assert often.days.tolist() == [1]


def wrote(thread: int, day: int, sender: int, number: int = 1) -> tuple[int, int, int, bytes]:
    return thread, day * DAY, number, moment(day, sender, (ME,))[3]


def in_threads(*mails: tuple[int, int, int, bytes]) -> list[tuple[int, int, int]]:
    return [(int(row["a"]), int(row["b"]), int(row["moment"])) for row in converse(mails, [ME])]


def test_who_answers_in_a_thread_knows_those_who_wrote_before() -> None:
    assert in_threads(wrote(7, 990, ANA, 1), wrote(7, 991, ME, 2), wrote(7, 992, BO, 3)) == [(ANA, BO, 3)]


def test_two_threads_join_nobody() -> None:
    assert in_threads(wrote(7, 990, ANA), wrote(8, 990, BO)) == []


def test_a_thread_in_which_a_crowd_writes_joins_nobody() -> None:
    few, many = ([wrote(7, 900, handle) for handle in range(2, 2 + size)] for size in (MOST, MOST + 1))
    assert len(in_threads(*few)) == MOST * (MOST - 1) // 2
    assert in_threads(*many) == []


def test_what_is_long_ago_is_weaker_and_never_gone() -> None:
    assert (
        0
        < strength(known(moment(10, ANA, (BO,)), end=9000 * DAY))
        < strength(known(moment(8990, ANA, (BO,)), end=9000 * DAY))
    )


def test_what_is_later_than_today_is_not_seen() -> None:
    assert len(known(moment(1000, ANA, (BO,)), end=END).a) == 0


def test_a_meeting_in_passing_shows_less_than_one_that_both_remember() -> None:
    passing, plain, deep = (
        strength(known(moment(990, ME, (ANA, BO), Channel.MEETING, depth=depth)))
        for depth in (Depth.PASSING, Depth.ORDINARY, Depth.DEEP)
    )
    assert passing < plain < deep


def test_two_addresses_of_one_person_are_one_acquaintance() -> None:
    found = known(moment(980, ANA, (BO,), number=1), moment(990, CY, (BO,), number=2), places={ANA: 0, CY: 0, BO: 1})
    assert found.days.tolist() == [2]
    assert (found.first[0] // DAY, found.last[0] // DAY) == (980, 990)
    assert found.row(0, 1) == found.row(1, 0) == 0


def test_the_moments_that_say_most_are_kept_as_evidence() -> None:
    rows = [moment(900 + n, ME, (ANA, BO), number=n) for n in range(1, 9)]
    found = known(*rows, moment(905, ANA, (BO,), number=50))
    assert found.moments[0].tolist() == [50, 8, 7]


@given(
    st.lists(st.tuples(st.integers(0, 999), st.integers(2, 6), st.sets(st.integers(1, 6), min_size=1)), max_size=30),
    st.integers(0, 30),
)
def test_pairs_that_come_in_batches_are_those_that_come_at_once(
    told: list[tuple[int, int, set[int]]], cut: int
) -> None:
    rows = [moment(day, sender, tuple(to), number=n) for n, (day, sender, to) in enumerate(told, 1)]
    whole = pair(rows, [ME])
    parts = once_a_day(np.concatenate([pair(rows[:cut], [ME]), pair(rows[cut:], [ME])]))
    assert whole.tolist() == parts.tolist()
    assert all(row["a"] < row["b"] and row["weight"] <= WROTE for row in whole)
    one, other = (
        acquaint(pairs, np.arange(10), END)
        for pairs in (whole, np.concatenate([pair(rows[:cut], [ME]), pair(rows[cut:], [ME])]))
    )
    assert one.strength.tolist() == other.strength.tolist()
    assert all((one.strength > 0) & (one.strength < 1))
