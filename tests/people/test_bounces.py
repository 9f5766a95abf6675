"""Which address of a person is dead, and which one works."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amity.people.bounces import DAY, DEAD, FULL, SILENT, WORKS, Report, Sent, Used, failed, judge, switches

OLD, NEW = 1, 2


def test_what_failed_is_dead_until_they_write_from_it_again() -> None:
    used = [Used(OLD, 0, 10 * DAY, 5, 20 * DAY)]
    (one,) = judge(used, [Report(OLD, 20 * DAY, "gone", "550 user unknown")])
    assert (one.state, one.since, one.words) == (DEAD, 20 * DAY, "550 user unknown")
    (again,) = judge([Used(OLD, 0, 30 * DAY, 6, 20 * DAY)], [Report(OLD, 20 * DAY, "gone", "550 user unknown")])
    assert again.state == WORKS


def test_a_full_mailbox_and_a_delay_kill_nothing() -> None:
    used = [Used(OLD, 0, 10 * DAY, 5, 20 * DAY)]
    assert judge(used, [Report(OLD, 20 * DAY, "full", "quota")])[0].state == FULL
    assert judge(used, [Report(OLD, 20 * DAY, "delayed", "")])[0].state == WORKS


def test_the_one_that_works_is_preferred_to_the_one_that_is_dead() -> None:
    used = [Used(OLD, 0, 100 * DAY, 50, 200 * DAY), Used(NEW, 90 * DAY, 95 * DAY, 2, None)]
    old, new = judge(used, [Report(OLD, 200 * DAY, "gone", "")])
    assert not old.preferred
    assert new.preferred


def test_an_address_that_falls_silent_while_another_starts_is_a_change() -> None:
    used = [Used(OLD, 0, 100 * DAY, 50, None), Used(NEW, 110 * DAY, 400 * DAY, 9, None)]
    (switch,) = switches(used)
    assert (switch.at, switch.before, switch.now) == (110 * DAY, OLD, NEW)
    assert [one.state for one in judge(used, [])] == [SILENT, WORKS]


def test_two_addresses_in_use_are_no_change() -> None:
    assert switches([Used(OLD, 0, 390 * DAY, 50, None), Used(NEW, 110 * DAY, 400 * DAY, 9, None)]) == []


def test_headers_alone_tell_of_a_message_to_one_reader_in_the_same_thread() -> None:
    sent = [Sent(OLD, 0, 7, 1), Sent(NEW, 0, 8, 1)]
    assert failed(sent, DAY, 8) == NEW
    assert failed(sent, DAY, 9) is None
    assert failed(sent, 30 * DAY, 8) is None
    assert failed([Sent(OLD, 0, 7, 3)], DAY, 7) is None
    assert failed([Sent(OLD, 0, 0, 1)], DAY, 0) is None


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900), st.booleans()), min_size=1, max_size=5))
def test_one_living_address_is_preferred_and_no_dead_one(told: list[tuple[int, int, bool]]) -> None:
    used = [Used(n, min(a, b) * DAY, max(a, b) * DAY, 3, None) for n, (a, b, _) in enumerate(told)]
    reports = [Report(n, 1000 * DAY, "gone", "") for n, (_, _, gone) in enumerate(told) if gone]
    found = judge(used, reports)
    living = [one for one in found if one.state != DEAD]
    assert sum(one.preferred for one in found) == (1 if living else 0)
    assert not any(one.preferred for one in found if one.state == DEAD)
