"""Whose archive it is, from who takes part in everything."""

from __future__ import annotations

from amity.model import Handle
from amity.people.owner import Presence, next_address

HANDLES = {
    1: Handle("email", "me@home.example"),
    2: Handle("email", "me@work.example"),
    3: Handle("email", "ana@x.example"),
    4: Handle("email", "talk@lists.example"),
}
NAMES = {1: {"Mia Own"}, 2: {"Mia O."}, 3: {"Ana Miller"}}


def test_who_takes_part_in_nearly_everything_and_writes_is_the_owner() -> None:
    seen = {1: Presence(9, 4, 0), 3: Presence(5, 3, 0)}
    assert next_address(seen, 10, HANDLES, NAMES, set()) == 1


def test_a_list_that_everything_is_sent_to_but_that_never_writes_is_not() -> None:
    seen = {4: Presence(10, 0, 0), 3: Presence(4, 4, 0)}
    assert next_address(seen, 10, HANDLES, NAMES, set()) is None


def test_to_whom_everything_is_delivered_is_the_owner_though_they_never_write() -> None:
    seen = {4: Presence(10, 0, 0), 1: Presence(8, 0, 8)}
    assert next_address(seen, 10, HANDLES, NAMES, set()) == 1


def test_less_than_half_is_not_enough() -> None:
    assert next_address({1: Presence(4, 4, 0)}, 10, HANDLES, NAMES, set()) is None


def test_two_contacts_tell_nothing() -> None:
    assert next_address({1: Presence(2, 2, 0)}, 2, HANDLES, NAMES, set()) is None


def test_a_further_address_must_be_alike_by_name_or_by_local_part() -> None:
    assert next_address({2: Presence(6, 6, 0)}, 6, HANDLES, NAMES, {1}) == 2, "the same local part"
    assert next_address({3: Presence(6, 6, 0)}, 6, HANDLES, NAMES, {1}) is None
    assert next_address({3: Presence(6, 6, 0)}, 6, HANDLES, {1: {"Mia Own"}, 3: {"Own, Mia"}}, {1}) == 3


def test_names_that_say_nothing_make_nobody_alike() -> None:
    assert next_address({3: Presence(6, 6, 0)}, 6, HANDLES, {1: {""}, 3: {""}}, {1}) is None
