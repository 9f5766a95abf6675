"""What follows an ask: nothing presses, one reminder is in its time, and a no is a good answer."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from amity.ledger.entries import STATUS, Entry
from amity.plan.asking.following import follow
from amity.plan.pacing import Beat, Rules, rhythm

ASKED = date(2025, 5, 1)
RULES = Rules(reply_days=14, reminders=1)


def ask(status: str, **more: object) -> Entry:
    known = {"outcome": "", "told": False} | more
    return Entry(
        "e1", "ask", "me", "", ("p1",), ("Ben",), ASKED, "an introduction", "", "you", status,
        str(known["outcome"]), bool(known["told"]), "",
    )  # fmt: skip


def beats(*told: tuple[int, str]) -> list[Beat]:
    return [Beat(ASKED + timedelta(day), way) for day, way in told]


def step(status: str, days: int, *told: tuple[int, str], **more: object) -> str:
    return follow(ask(status, **more), rhythm(beats((0, "sent"), *told)), ASKED + timedelta(days), RULES).step


def test_a_draft_waits_for_nobody_but_the_writer() -> None:
    assert step("draft", 100) == "send"


def test_an_answer_has_its_time_then_one_reminder_then_peace() -> None:
    assert [step("sent", day) for day in (0, 13, 14, 40)] == ["wait", "wait", "remind", "remind"]
    assert [step("sent", day, (15, "sent")) for day in (16, 28, 29, 200)] == ["wait", "wait", "rest", "rest"]


def test_whoever_answers_slowly_has_longer() -> None:
    earlier = [
        (-300, "sent"),
        (-270, "received"),
        (-200, "sent"),
        (-170, "received"),
        (-100, "sent"),
        (-70, "received"),
    ]
    assert step("sent", 20, *earlier) == "wait"
    assert follow(ask("sent"), rhythm(beats(*earlier, (0, "sent"))), ASKED, RULES).until == ASKED + timedelta(30)


def test_a_word_from_them_asks_what_they_said() -> None:
    assert step("sent", 5, (3, "received")) == "listen"
    assert step("sent", 5, (3, "met")) == "listen"


def test_thanks_come_after_every_answer_and_the_outcome_after_thanks() -> None:
    assert step("answered", 5) == "thank"
    assert step("met", 5) == "thank"
    assert step("thanked", 5) == "tell"
    assert step("thanked", 5, told=True) == "done"
    assert step("thanked", 5, outcome="she printed it") == "done"


@pytest.mark.parametrize("status", ["declined", "no_answer"])
def test_a_no_and_a_silence_are_an_end_in_good_grace(status: str) -> None:
    told = follow(ask(status), rhythm([]), ASKED, RULES)
    assert told.step == "done"
    assert not told.choices


@pytest.mark.parametrize("status", STATUS["ask"])
def test_what_may_have_become_of_it_are_statuses_that_there_are(status: str) -> None:
    assert set(follow(ask(status), rhythm([]), ASKED, RULES).choices) <= set(STATUS["ask"])
