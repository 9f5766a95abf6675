"""Pacing: when a word, a reminder or an ask is in its time."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amity.plan.pacing import Beat, Rules, pace, rhythm

START = date(2025, 1, 1)


def beats(*told: tuple[int, str]) -> list[Beat]:
    return [Beat(START + timedelta(after), way) for after, way in told]


def on(after: int) -> date:
    return START + timedelta(after)


QUICK = beats(*((n * 30 + d, way) for n in range(4) for d, way in ((0, "sent"), (2, "received"))))


def test_no_second_message_while_the_first_may_still_be_answered() -> None:
    told = rhythm([*QUICK, Beat(on(130), "sent")])
    assert (told.usual, told.replies, told.unanswered) == (2, 4, 1)
    soon = pace(told, on(131), Rules(), given=[on(1)])
    assert not soon.may_write
    assert not soon.may_ask
    assert soon.until == on(132)
    assert "they usually answer within 2 days" in soon.because[0].reason
    later = pace(told, on(133), Rules(), given=[on(1)])
    assert later.may_write
    assert "a reminder is in its time" in later.because[0].reason


def test_where_their_time_is_not_known_a_fortnight_is_given() -> None:
    told = rhythm(beats((0, "sent")))
    assert told.usual is None
    assert pace(told, on(13), Rules()).until == on(14)
    assert pace(told, on(13), Rules(reply_days=7)).may_write


def test_after_the_last_reminder_their_silence_is_respected() -> None:
    told = rhythm(beats((0, "sent"), (20, "sent")))
    found = pace(told, on(60), Rules())
    assert not found.may_write
    assert found.until == on(110)
    assert pace(told, on(60), Rules(reminders=2, reply_days=14)).may_write


def test_an_answer_or_a_meeting_ends_the_wait() -> None:
    assert pace(rhythm(beats((0, "sent"), (3, "received"))), on(4), Rules()).may_write
    assert pace(rhythm(beats((0, "sent"), (3, "met"))), on(4), Rules()).may_write


def test_no_ask_before_something_was_given_since_the_last() -> None:
    told = rhythm(beats((0, "sent"), (1, "received")))
    assert not pace(told, on(9), Rules()).may_ask
    assert pace(told, on(9), Rules(), given=[on(2)]).may_ask
    assert not pace(told, on(9), Rules(), given=[on(2)], asked=[on(3)]).may_ask
    assert pace(told, on(9), Rules(gifts=0)).may_ask


@given(
    st.lists(st.tuples(st.integers(0, 400), st.sampled_from(("sent", "received", "met"))), max_size=30),
    st.integers(0, 500),
)
def test_a_hold_always_says_why_and_ends(told: list[tuple[int, str]], today: int) -> None:
    seen = rhythm(beats(*(one for one in told if one[0] <= today)))
    found = pace(seen, on(today), Rules())
    assert found.because
    assert found.may_write == (found.until is None)
    if found.until is not None:
        assert found.until > on(today)
        assert pace(seen, found.until, Rules()).may_write
    assert not (found.may_ask and not found.may_write)
