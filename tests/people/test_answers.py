"""Who answered for whom."""

from __future__ import annotations

from struct import pack

from amity.model import Role
from amity.people.answers import answers

ME, OLD, NEW, BO, LIST = 1, 2, 3, 4, 5
BELONGS = {OLD: 20, NEW: 30, BO: 40, LIST: 50}


def mail(sender: int, *others: int, thread: int = 7) -> tuple[int, bytes]:
    words = [sender << 2 | Role.FROM, *(other << 2 | Role.TO for other in others)]
    return thread, pack(f"<{len(words)}I", *words)


def told(*messages: tuple[int, bytes]) -> set[tuple[int, int]]:
    return answers(messages, BELONGS, {ME})


def test_an_answer_from_another_address_is_one_for_who_was_asked() -> None:
    assert told(mail(ME, OLD), mail(NEW, ME)) == {(30, 20)}


def test_who_was_there_before_or_was_never_asked_answers_for_nobody() -> None:
    assert told(mail(ME, OLD, NEW), mail(NEW, ME)) == set()
    assert told(mail(NEW, ME), mail(ME, OLD), mail(NEW, ME)) == set()
    assert told(mail(BO, OLD, ME), mail(NEW, ME)) == set()
    assert told(mail(ME, OLD), mail(NEW, ME, thread=8)) == set()


def test_nobody_answers_for_who_answered_already_or_for_a_crowd() -> None:
    assert told(mail(ME, OLD), mail(OLD, ME), mail(NEW, ME)) == set()
    crowd = {number: number * 10 for number in range(2, 9)}
    assert answers([mail(ME, 2, 3, 4, 5), mail(8, ME)], crowd, {ME}) == set()
