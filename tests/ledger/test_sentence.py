"""What a sentence tells about a contact."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmityError, Code
from amity.ledger.sentence import EXAMPLES, Said, read_sentence
from amity.model import Channel, Depth

TODAY = date(2025, 1, 15)  # a Wednesday


def hear(text: str) -> Said:
    return read_sentence(text, TODAY)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("coffee with Ana yesterday", "Ana"),
        ("lunch with Ana, Ben and Chris Miller today", "Ana | Ben | Chris Miller"),
        ("dinner with ana and ben last night", "ana | ben"),
        ("drinks with @ana_m and ben@example.org on Monday", "@ana_m | ben@example.org"),
        ("visited my grandmother on Sunday", "grandmother"),
        ("coffee with my old friend Ana and her brother", "Ana"),
        ("emailed Ana Maria de la Cruz 2025-01-05", "Ana Maria de la Cruz"),
        ("letter to Hugo von Hofmannsthal 5.1.2025", "Hugo von Hofmannsthal"),
        ("received a letter from Dr. J. R. Smith last week", "Dr. J. R. Smith"),
        ("coffee with Ana O'Brien-Lee", "Ana O'Brien-Lee"),
        ("Lunch with Mr. Brown & Mrs. Brown", "Mr. Brown | Mrs. Brown"),
        ("met Ana and her husband Ben for tea", "Ana | Ben"),
        ("coffee with Anna-Lena Müller und Jürgen", "Anna-Lena Müller | Jürgen"),
        ("Ana and I had lunch", "Ana"),
        ("Ana, Ben: lunch", "Ana | Ben"),
        ("Dinner: Ana, Ben", "Ana | Ben"),
        ("lunch at Ana's", "Ana"),
        ("Ana's birthday party on Saturday", "Ana"),
        ("called Ana's mother", "Ana's mother"),
        ("coffee with April and May on Tuesday last week", "April | May"),
        ("saw Hamlet with Ana", "Ana"),
        ("visited Rome with Ana", "Ana"),
        ("sent Ana a postcard from Rome", "Ana"),
        ("lunch w/ Ana", "Ana"),
        ('coffee with "Ana"', "Ana"),
        ("coffee with ana, ana and Ana", "ana"),
        ("Ana yesterday", "Ana"),
    ],
)
def test_people(text: str, people: str) -> None:
    assert " | ".join(hear(text).people) == people


@pytest.mark.parametrize(
    ("text", "channel", "direction"),
    [
        ("coffee with Ana", "meeting", "met"),
        ("walk with Ana", "meeting", "met"),
        ("met Ana", "meeting", "met"),
        ("bumped into Ana at the market", "meeting", "met"),
        ("caught up with Ana over dinner", "meeting", "met"),
        ("Ana visited me", "meeting", "met"),
        ("hike with Ana and Ben", "experience", "met"),
        ("trip to Rome with Ana", "experience", "met"),
        ("saw Ana at the funeral of Karl", "experience", "met"),
        ("dinner on our hike with Ana", "experience", "met"),
        ("called Ana", "call", "sent"),
        ("phoned Ben Miller", "call", "sent"),
        ("rang my mother", "call", "sent"),
        ("call with Ana", "call", "sent"),
        ("talked on the phone with Ana", "call", "sent"),
        ("met Ana on Zoom", "call", "sent"),
        ("Ana called me", "call", "received"),
        ("ana called", "call", "received"),
        ("I got a call from Ana", "call", "received"),
        ("wrote to Ana", "mail", "sent"),
        ("mailed ben@example.org", "mail", "sent"),
        ("replied to Ana", "mail", "sent"),
        ("heard from Ana", "mail", "received"),
        ("got a mail from Ana", "mail", "received"),
        ("Ana replied", "mail", "received"),
        ("sent a letter to Ana", "letter", "sent"),
        ("wrote Ana a letter", "letter", "sent"),
        ("letter from Ana", "letter", "received"),
        ("a letter by Ana", "letter", "received"),
        ("got Ana's letter", "letter", "received"),
        ("Ana sent me a postcard", "letter", "received"),
        ("texted Ana", "chat", "sent"),
        ("whatsapp with Ana", "chat", "sent"),
        ("chat with Ana", "chat", "sent"),
        ("DM from @ana", "chat", "received"),
        ("Kaffee mit Ana", "meeting", "met"),
        ("mit Ana telefoniert", "call", "sent"),
        ("Ana angerufen", "call", "sent"),
        ("Brief von Ana", "letter", "received"),
    ],
)
def test_channel_and_direction(text: str, channel: str, direction: str) -> None:
    said = hear(text)
    assert (said.channel.word, said.direction) == (channel, direction)


@pytest.mark.parametrize(
    ("when", "on", "imprecise"),
    [
        ("", "2025-01-15", False),
        ("today", "2025-01-15", False),
        ("this morning", "2025-01-15", False),
        ("yesterday evening", "2025-01-14", False),
        ("last night", "2025-01-14", False),
        ("the day before yesterday", "2025-01-13", False),
        ("on Monday", "2025-01-13", False),
        ("on Wednesday", "2025-01-08", False),
        ("this Wednesday", "2025-01-15", False),
        ("last Friday", "2025-01-10", False),
        ("fri", "2025-01-10", False),
        ("on Tuesday last week", "2025-01-07", False),
        ("last week on Tuesday", "2025-01-07", False),
        ("3 days ago", "2025-01-12", False),
        ("two weeks ago", "2025-01-01", False),
        ("two hours ago", "2025-01-15", False),
        ("a couple of weeks ago", "2025-01-01", True),
        ("a month ago", "2024-12-15", True),
        ("two years ago", "2023-01-15", True),
        ("vor drei Tagen", "2025-01-12", False),
        ("2025-01-05", "2025-01-05", False),
        ("5 Jan", "2025-01-05", False),
        ("20 January", "2024-01-20", False),
        ("Jan 5th 2025", "2025-01-05", False),
        ("on the 5th of January, 2024", "2024-01-05", False),
        ("29 Feb", "2024-02-29", False),
        ("5.1.2025", "2025-01-05", False),
        ("5.1.", "2025-01-05", False),
        ("05/01/2025", "2025-01-05", False),
        ("01/14/2025", "2025-01-14", False),
        ("5/1/24", "2024-01-05", False),
        ("5/1/95", "1995-01-05", False),
        ("last week", "2025-01-09", True),
        ("last weekend", "2025-01-11", True),
        ("last month", "2024-12-15", True),
        ("last year", "2024-07-01", True),
        ("in May 2024", "2024-05-15", True),
        ("in May", "2024-05-15", True),
        ("in 2019", "2019-07-01", True),
        ("at Christmas", "2024-12-25", False),
        ("on New Year's Eve", "2024-12-31", False),
        ("at 5pm yesterday", "2025-01-14", False),
    ],
)
def test_days(when: str, on: str, imprecise: bool) -> None:
    """The last such day up to today; the day before the month; the middle of a span."""
    said = hear(f"coffee with Ana {when}")
    assert (said.people, said.on.isoformat(), said.imprecise, said.subject) == (("Ana",), on, imprecise, "coffee")


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("coffee with Ana", 0),
        ("walk with Ana for two hours", 120),
        ("call with Ana, 90 min", 90),
        ("half an hour with Ana", 30),
        ("called Ana for an hour and a half", 90),
        ("walk with Ana, two and a half hours", 150),
        ("two-hour walk with Ana", 120),
        ("call with Ana 1h30", 90),
        ("walk with Ana for 1.5 hours", 90),
        ("an hour and 20 minutes on the phone with Ana", 80),
        ("spent all day with Ana", 480),
        ("coffee with Ana an hour ago", 0),
    ],
)
def test_minutes(text: str, minutes: int) -> None:
    assert hear(text).minutes == minutes


@pytest.mark.parametrize(
    ("text", "depth"),
    [
        ("coffee with Ana", Depth.ORDINARY),
        ("long walk with Ana", Depth.ORDINARY),
        ("deep talk with Ana", Depth.DEEP),
        ("long talk with Ana", Depth.DEEP),
        ("heart to heart with Ana", Depth.DEEP),
        ("Ana helped me through the divorce", Depth.DEEP),
        ("visited Ana in hospital", Depth.DEEP),
        ("moved house together with Ana", Depth.DEEP),
        ("Ana saved my life", Depth.FORMATIVE),
        ("quick coffee with Ana", Depth.PASSING),
        ("ran into Ana", Depth.PASSING),
    ],
)
def test_depth(text: str, depth: Depth) -> None:
    assert hear(text).depth is depth


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("called Ana", ""),
        ("coffee with Ana yesterday", "coffee"),
        ("had a lovely dinner with Ana at Café Central", "lovely dinner at Café Central"),
        ("phoned Ben on Monday for half an hour about the move", "the move"),
        ("phoned Ben about the move on Monday for half an hour", "the move"),
        ("email from ana@example.org: invoice", "invoice"),
        ("coffee with Ana re: the grant", "the grant"),
        ("talked about the book with Ana", "the book"),
        ("dinner with Ana (lovely evening)", "dinner (lovely evening)"),
        ("visited Ana in hospital", "in hospital"),
        ("called Ana about the meeting tomorrow in Rome", "the meeting tomorrow in Rome"),
        ("trip to Rome with Ana in May 2024", "trip to Rome"),
    ],
)
def test_subject(text: str, subject: str) -> None:
    assert hear(text).subject == subject


@pytest.mark.parametrize(
    "text",
    ["", "   ", "coffee yesterday", "coffee with", "meeting with the team", "Great evening at Sacher", "2025-01-05"],
)
def test_nobody_named_is_refused_with_examples(text: str) -> None:
    with pytest.raises(AmityError, match="Nobody is named") as refused:
        hear(text)
    assert refused.value.code is Code.USAGE
    assert all(example in refused.value.hint for example in EXAMPLES)


def test_what_was_not_understood_is_said() -> None:
    with pytest.raises(AmityError, match="bananas galore"):
        hear("bananas galore")


@pytest.mark.parametrize("when", ["tomorrow", "next week", "in 3 days", "next Friday", "on 2025-01-16", "on 1/12/2025"])
def test_a_day_ahead_is_refused(when: str) -> None:
    with pytest.raises(AmityError, match="lies ahead of 2025-01-15"):
        hear(f"coffee with Ana {when}")


@pytest.mark.parametrize("when", ["on 30.2.2025", "last summer", "three moons ago", "999999 years ago"])
def test_an_unclear_day_is_refused_rather_than_taken_for_today(when: str) -> None:
    with pytest.raises(AmityError):
        hear(f"coffee with Ana {when}")


def test_the_examples_are_understood() -> None:
    said = [hear(example) for example in EXAMPLES]
    assert [(one.people, one.channel, one.on.isoformat(), one.direction) for one in said] == [
        (("Ana",), Channel.MEETING, "2025-01-14", "met"),
        (("Ben Miller",), Channel.CALL, "2025-01-13", "sent"),
        (("Chris",), Channel.LETTER, "2025-01-05", "received"),
    ]


def test_what_was_heard_can_be_shown_back() -> None:
    text = "quick call with Ana on Monday, 20 min, about Rome"
    heard = [(text[start:end], meaning) for start, end, meaning in hear(text).heard]
    assert heard == [
        ("quick", "depth: passing"),
        ("call", "channel: call"),
        ("Ana", "person: Ana"),
        ("on Monday", "day: 2025-01-13"),
        ("20 min", "minutes: 20"),
    ]


WORDS = """
coffee called wrote to with from about Ana ben and , : . my friend the on last next Friday 5 Jan 2025 ago days two hours
half an hour yesterday tomorrow in May 2024-01-01 31/31/2025 @x a@b.org Ana's von I me vor New Year's Eve week a couple
of few weeks and 1h30 5pm 999999 years ² ９ ١ ( brief quick -
"""
SENTENCES = st.lists(st.sampled_from(sorted(set(WORDS.split()))), max_size=12).map(" ".join) | st.text(max_size=60)


def hear_or_refuse(text: str, today: date = TODAY) -> Said | None:
    """Return what was heard, None when it was refused; any other error is a fault."""
    try:
        return read_sentence(text, today)
    except AmityError:
        return None


@given(SENTENCES)
def test_any_text_is_understood_or_refused(text: str) -> None:
    said = hear_or_refuse(text)
    if said is not None:
        assert said.people
        assert all(said.people)
        assert said.on <= TODAY
        assert said.minutes >= 0
        assert all(0 <= start < end <= len(text) for start, end, _ in said.heard)
        assert (said.direction == "met") is (not said.channel.has_direction)


@given(SENTENCES, st.dates())
def test_any_day_will_do_as_today(text: str, today: date) -> None:
    said = hear_or_refuse(text, today)
    assert said is None or said.on <= today


@pytest.mark.parametrize(
    "part", ["a", "@", ".-", "Ana, ", "Ana and ", "with ", "1-", "5 Jan ", "von ", "two hours and ", "a@b ", "(", "9"]
)
def test_a_long_line_takes_linear_time(part: str) -> None:
    def cost(size: int) -> float:
        text = "with " + part * (size // len(part))
        best = 1.0
        for _ in range(3):
            start = time.process_time()
            hear_or_refuse(text)
            best = min(best, time.process_time() - start)
        return best

    assert cost(40_000) < 12 * max(cost(10_000), 0.002)


@pytest.mark.parametrize(
    ("text", "people", "on"),
    [
        ("WhatsApp from +49 170 1234567 yesterday", "+49 170 1234567", date(2025, 1, 14)),
        ("called +491701234567 2 days ago", "+491701234567", date(2025, 1, 13)),
        ("called +33 6 12 34 56 78 12 January", "+33 6 12 34 56 78", date(2025, 1, 12)),
        ("text from +1-202-555-0143 2025-01-02", "+1-202-555-0143", date(2025, 1, 2)),
        ("breakfast with Mary Ann Smith-Jones, Esq. yesterday", "Mary Ann Smith-Jones", date(2025, 1, 14)),
        ("lunch with John Smith, Jr., and Ana", "John Smith | Ana", TODAY),
    ],
)
def test_a_number_is_somebody_and_a_suffix_is_nobody(text: str, people: str, on: date) -> None:
    said = hear(text)
    assert (" | ".join(said.people), said.on) == (people, on)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("coffee with Ana on 31 February", "no such day as 31 February"),
        ("coffee with Ana on Feb 30th, 2024", "no such day as Feb 30th, 2024"),
        ("coffee with Ana in spring 2024", "“in spring 2024” is not clear"),
        ("coffee with Ana in the summer", "“in the summer” is not clear"),
    ],
)
def test_a_day_that_is_not_understood_is_not_taken_for_today(text: str, told: str) -> None:
    with pytest.raises(AmityError, match=told) as refused:
        hear(text)
    assert refused.value.code is Code.USAGE


def test_a_season_or_an_hour_may_be_spoken_of() -> None:
    assert hear("talked to Ana about Paris in spring").subject == "Paris in spring"
    assert hear("autumn walk with Ana").on == TODAY
    assert hear("long talk with Ana until 2 am").subject == ""
    assert hear("1:1 with Ana").subject == "1:1"
