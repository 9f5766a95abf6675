"""An introduction goes on only where both want it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmityError, Code
from amity.ledger.entries import Entry
from amity.ledger.introductions import (
    BOTH,
    ONE_SIDED,
    STATUS_AFTER,
    STEPS,
    Process,
    Step,
    bothered,
    check,
    duplicate,
    follow,
    next_move,
    of_pair,
)

DAY = date(2025, 1, 1)


def entry(status: str = "proposed", on: date = DAY, outcome: str = "", number: str = "e1") -> Entry:
    names = ("Ana Sol", "Bo Hill")
    return Entry(
        number, "introduction", "me", "", ("p1", "p2"), names, on, "boats", "", "you", status, outcome, False, ""
    )


def walk(*told: str, status: str = "proposed") -> Process:
    """Follow steps told like "asked 0", one day apart, each of which must be allowed."""
    steps: list[Step] = []
    process = follow(entry(status), steps)
    for number, one in enumerate(told, 1):
        what, _, side = one.partition(" ")
        check(process, what, int(side) if side else BOTH)
        steps.append(Step(what, int(side) if side else BOTH, DAY + timedelta(number)))
        process = follow(entry(status), steps)
    return process


WHOLE = ("asked 0", "yes 0", "asked 1", "yes 1", "introduced", "met", "outcome", "thanked 0", "thanked 1")


def test_the_whole_way_one_step_at_a_time():
    stages = [walk(*WHOLE[:number]).stage for number in range(len(WHOLE) + 1)]
    assert stages == [
        "proposed",
        "asked",
        "one willing",
        "one willing",
        "both willing",
        "introduced",
        "met",
        "outcome known",
        "outcome known",
        "both thanked",
    ]
    moves = []
    for number in range(len(WHOLE) + 1):
        move = next_move(walk(*WHOLE[:number]), DAY + timedelta(100))
        moves.append((move.kind, move.side))
    assert moves == [
        ("ask", 0),
        ("rest", 0),
        ("ask", 1),
        ("rest", 1),
        ("introduce", BOTH),
        ("hear", BOTH),
        ("learn", BOTH),
        ("thank", 0),
        ("thank", 1),
        ("done", BOTH),
    ]


def test_nobody_is_introduced_who_has_not_said_yes():
    for way in ((), ("asked 0",), ("asked 0", "yes 0"), ("asked 0", "yes 0", "asked 1")):
        with pytest.raises(AmityError) as raised:
            check(walk(*way), "introduced")
        assert raised.value.code is Code.REFUSED
        assert "Bo Hill" in raised.value.message


def test_a_no_ends_it_and_whoever_was_willing_is_thanked():
    declined = walk("asked 0", "yes 0", "asked 1", "no 1")
    assert (declined.stage, declined.open) == ("declined", False)
    move = next_move(declined, DAY + timedelta(5))
    assert (move.kind, move.side, move.due) == ("thank", 0, True)
    for what, side in (("asked", 0), ("introduced", BOTH), ("yes", 1)):
        with pytest.raises(AmityError):
            check(declined, what, side)
    assert next_move(walk("asked 0", "no 0"), DAY + timedelta(5)).kind == "done"


def test_nobody_is_asked_twice_and_silence_is_left_alone():
    asked = walk("asked 0")
    assert next_move(asked, DAY + timedelta(5)).kind == "wait"
    later = next_move(asked, DAY + timedelta(60))
    assert (later.kind, later.due) == ("rest", False)
    with pytest.raises(AmityError):
        check(asked, "asked", 0)


def test_they_are_asked_after_when_it_is_natural():
    introduced = walk(*WHOLE[:5])
    assert not next_move(introduced, DAY + timedelta(20)).due
    assert next_move(introduced, DAY + timedelta(30)).due
    assert not next_move(introduced, DAY + timedelta(500)).due, "what is so old is let be"


def test_what_was_noted_as_made_begins_there():
    assert follow(entry("made"), ()).stage == "introduced"
    assert follow(entry("met"), ()).stage == "met"
    assert follow(entry("came_to_nothing"), ()).stage == "came to nothing"
    assert follow(entry("declined"), ()).stage == "let go"
    assert follow(entry("led_on", outcome="a choir"), ()).stage == "outcome known"


def test_an_earlier_introduction_of_the_two_is_known():
    old = follow(entry("made", date(2019, 5, 3)), ())
    new = follow(entry("proposed", number="e10"), ())
    assert of_pair([old, new], "p2", "p1") == [new, old]
    assert of_pair([old], "p1", "p3") == []
    assert duplicate(old) == "You introduced Ana Sol and Bo Hill on 2019-05-03."
    assert "e10" in duplicate(new)
    assert duplicate(walk("no 1")).startswith("Bo Hill did not want")


def test_who_was_asked_lately_is_known():
    asked = walk("asked 0")
    assert bothered([asked], "p1", DAY + timedelta(30), timedelta(90)) == [asked]
    assert bothered([asked], "p2", DAY + timedelta(30), timedelta(90)) == []
    assert bothered([asked], "p1", DAY + timedelta(300), timedelta(90)) == []


@given(
    st.lists(
        st.sampled_from([(what, side) for what in STEPS for side in ((0, 1) if what in ONE_SIDED else (BOTH,))]),
        max_size=40,
    )
)
def test_whatever_is_said_both_said_yes_before_they_were_introduced(told):
    steps: list[Step] = []
    for number, (what, side) in enumerate(told):
        process = follow(entry(), steps)
        try:
            check(process, what, side)
        except AmityError:
            continue
        steps.append(Step(what, side, DAY + timedelta(number)))
    process = follow(entry(), steps)
    if process.introduced:
        assert all(yes and yes <= process.introduced for yes in process.willing)
        assert not any(process.declined)
    assert sum(step.what == "introduced" for step in steps) <= 1
    for side in (0, 1):
        assert sum(step.what == "asked" and step.side == side for step in steps) <= 1
    if any(process.declined):
        last = [step.what for step in steps].index("no")
        assert {step.what for step in steps[last + 1 :]} <= {"thanked"}
    assert next_move(process, DAY + timedelta(90)).kind in (
        "ask", "wait", "rest", "introduce", "hear", "learn", "thank", "done",
    )  # fmt: skip
    assert set(STATUS_AFTER) <= set(STEPS)
