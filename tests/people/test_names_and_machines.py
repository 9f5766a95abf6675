"""One good name for a person, names that cannot be one person's, and who is no person at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Handle, Traffic
from amity.people import names
from amity.people.machines import judge

ANA = Handle("email", "ana@x.example")


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("Miller, Ana", "Ana Miller"),
        ("'Ana Miller'", "Ana Miller"),
        ('  "Ana   Miller" ', "Ana Miller"),
        ("Acme, Inc.", "Acme, Inc."),
        ("Lopez Garcia, Ana", "Lopez Garcia, Ana"),
        ("Ana Lopez, PhD", "Ana Lopez, PhD"),
        ("Miller, Ana M.", "Ana M. Miller"),
        ("", ""),
    ],
)
def test_a_display_name_is_tidied(written: str, told: str) -> None:
    assert names.tidy(written) == told
    assert names.tidy(told) == told


def test_a_card_names_a_person_before_any_spelling() -> None:
    assert names.choose(["", "Ana M."], [("Ana Miller", 1)], [ANA]) == "Ana M."


def test_the_best_spelling_seen_names_a_person_and_the_earliest_of_equals() -> None:
    seen = [("ana", 1), ("ANA MILLER", 2), ("Ana Smith", 9), ("Ana Miller", 5), ("ana@x.example", 0)]
    assert names.choose([], seen, [ANA]) == "Ana Miller"
    assert names.choose([], seen[:2], [ANA]) == "ANA MILLER"


def test_without_a_name_an_address_stands_in() -> None:
    assert names.choose([], [], [Handle("phone", "+4930123"), ANA]) == "ana@x.example"
    assert names.choose([], [], []) == "?"


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("Ana Miller", "Bo Stone", True),
        ("Ana Miller", "Bo Miller", True),
        ("Miller, Ana", "Bo Miller", True),
        ("Ana Miller", "Ana Smith", False),
        ("Ana Miller", "Ana Maria Miller", False),
        ("Dr. Ana Miller", "Ana Smith", False),
        ("Ana Miller", "Miller, Ana", False),
        ("Ana Miller", "A. Miller", False),
        ("Ana Miller", "ANA", False),
        ("Ana Miller", "", False),
        ("", "", False),
        ("Ana Miller", "A.", False),
    ],
)
def test_names_of_two_people_contradict_each_other(one: str, other: str, apart: bool) -> None:
    assert names.contradict(one, other) is apart
    assert names.contradict(other, one) is apart


@given(st.text(max_size=30), st.text(max_size=30))
def test_contradiction_is_mutual_and_nobody_contradicts_themself(one: str, other: str) -> None:
    assert names.contradict(one, other) == names.contradict(other, one)
    assert not names.contradict(one, one)


@given(
    st.lists(st.tuples(st.text(max_size=20), st.integers())), st.lists(st.builds(Handle, st.just("email"), st.text()))
)
def test_the_order_of_spellings_does_not_change_the_name(seen: list[tuple[str, int]], handles: list[Handle]) -> None:
    assert names.choose([], seen, handles) == names.choose([], seen[::-1], handles[::-1])


@pytest.mark.parametrize(
    "local",
    [
        *("no-reply", "noreply", "no_reply", "do-not-reply", "donotreply", "shop.noreply", "no-reply+x9"),
        *("mailer-daemon", "postmaster", "bounces", "bounce"),
    ],
)
def test_an_address_that_takes_no_reply_is_a_robot_even_in_the_address_book(local: str) -> None:
    finding = judge(Handle("email", f"{local}@shop.example"), Traffic(received=1, sent=3), in_address_book=True)
    assert finding
    assert finding.kind == "robot"


@pytest.mark.parametrize("local", ["ana", "norepl", "newsom", "alertina", "botond", "rooty", "infoscout", "nora.eply"])
def test_a_name_that_only_resembles_a_machines_is_a_persons(local: str) -> None:
    assert judge(Handle("email", f"{local}@x.example"), Traffic(received=3), in_address_book=False) is None


@pytest.mark.parametrize(
    ("local", "traffic", "in_book", "kind"),
    [
        ("info", Traffic(received=2, sent=2), False, "role"),
        ("info", Traffic(received=2, sent=2), True, None),
        ("news", Traffic(received=2), False, "robot"),
        ("news", Traffic(received=2, sent=1), False, None),
        ("ana", Traffic(received=10, received_auto=9), False, "robot"),
        ("ana", Traffic(received=10, received_auto=7), False, None),
        ("ana", Traffic(received=10, received_auto=9), True, None),
        ("ana", Traffic(received=10, received_bulk=9), False, "robot"),
        ("ana", Traffic(received=10, received_bulk=9, sent=1), False, None),
        ("ana", Traffic(received=10, received_posts=10), False, None),
        ("ana", Traffic(received=60, received_boxed=60), False, "robot"),
        ("ana", Traffic(received=60, received_boxed=60, sent=1), False, None),
        ("ana", Traffic(received=60, received_boxed=60, met=1), False, None),
        ("talk", Traffic(aside=10, aside_list=9), False, "list"),
        ("talk", Traffic(aside=10, aside_list=7), False, None),
        ("talk", Traffic(aside=10, aside_list=10, received=1), False, None),
        ("ana", Traffic(), False, None),
    ],
)
def test_traffic_tells_machines_from_persons(local: str, traffic: Traffic, in_book: bool, kind: str | None) -> None:
    finding = judge(Handle("email", f"{local}@x.example"), traffic, in_address_book=in_book)
    assert (finding.kind if finding else None) == kind
    if finding:
        assert all(reason.reason and reason.figure and 0 < reason.weight <= 1 for reason in finding.because)


@pytest.mark.parametrize("kind", ["phone", "name", "url", "handle", "person", "card", "me"])
def test_only_mail_addresses_are_judged(kind: str) -> None:
    assert judge(Handle(kind, "no-reply@x"), Traffic(received=90, received_auto=90), in_address_book=False) is None


@given(st.text(max_size=200))
def test_no_address_is_slow_to_judge(local: str) -> None:
    judge(Handle("email", f"{local}@x.example"), Traffic(received=1), in_address_book=False)
    judge(Handle("email", f"{'no-' * 80}{local}@x.example"), Traffic(received=1), in_address_book=False)
