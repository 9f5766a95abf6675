"""An ask held against what has been with whoever it is for."""

from __future__ import annotations

from datetime import date

import pytest
from world import World

from amity.app import asks, entries, facts
from amity.errors import AmityError, Code

ASK = (
    "Hi Ben, could you introduce me to the editor of Orchard Monthly? It would take you two minutes. No worries if not."
)


def kinds(world: World, to: str) -> dict[str, str]:
    return {flag.kind: flag.why for flag in asks.check_ask(world.desk, ASK, to).flags}


def test_without_a_name_only_the_words_count(world: World) -> None:
    """today 2025-06-30"""
    said = asks.check_ask(world.desk, ASK)
    assert said.pointers["intent"].found
    assert said.flags == ()
    assert said.history == ()


def test_three_letters_with_three_requests_are_said_before_the_fourth(world: World) -> None:
    """
    2023-07-10 mail me > Ben Hill <ben@hill.example>
    2024-05-02 mail me > Ben Hill <ben@hill.example>
    2025-04-01 mail me > Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    for day in ("2023-07-10", "2024-05-02", "2025-04-01"):
        entries.note(world.desk, "ask", ["Ben Hill"], "an introduction", on=day, status="no_answer")
    why = kinds(world, "Ben Hill")["cold_ask"]
    assert why.startswith("You have written to Ben three times in two years, each time with a request.")


def test_a_silence_makes_an_ask_cold_and_a_gift_warms_it(world: World) -> None:
    """
    2024-01-10 mail Ben Hill <ben@hill.example> > me
    2024-01-12 mail me > Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    assert "18 months" in kinds(world, "Ben Hill")["cold_ask"]
    entries.note(world.desk, "gift", ["Ben Hill"], "the paper on kilns", on="2025-06-01")
    assert "cold_ask" not in kinds(world, "Ben Hill")
    assert "You last gave Ben something four weeks ago: the paper on kilns." in (
        asks.check_ask(world.desk, ASK, "Ben Hill").history
    )


def test_a_promise_that_is_open_comes_first_until_it_is_kept(world: World) -> None:
    """
    2025-06-10 mail Ben Hill <ben@hill.example> > me
    2025-06-12 mail me > Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    promise = entries.note(world.desk, "promise", ["Ben Hill"], "send the recipe", on="2025-06-12")
    assert "send the recipe" in kinds(world, "Ben Hill")["open_promise"]
    entries.amend(world.desk, promise.id, status="kept")
    assert kinds(world, "Ben Hill") == {}


def test_all_that_waits_is_told_before_another_ask(world: World) -> None:
    """
    2025-06-10 mail Ben Hill <ben@hill.example> > me
    2025-06-12 mail me > Ben Hill <ben@hill.example>
    2025-06-12 mail me > Cy Wood <cy@wood.example>
    today 2025-06-30
    """
    entries.note(world.desk, "ask", ["Ben Hill"], "a list of mills", by="them", on="2025-06-20")
    granted = entries.note(world.desk, "ask", ["Ben Hill"], "his notes on kilns", on="2025-06-01", status="answered")
    entries.tell(world.desk, "introduced Ben Hill to Cy Wood")
    facts.tell(world.desk, "Ben Hill", "goal", "an orchard of his own")
    facts.tell(world.desk, "Ben Hill", "worry", "his health", private=True)
    told = asks.check_ask(world.desk, ASK, "Ben Hill").history
    assert "Ben asked you for something ten days ago, and it waits for your word: a list of mills." in told
    assert "Ben said yes when you asked four weeks ago (his notes on kilns), and has not been thanked." in told
    assert "You last gave Ben something today: an introduction of Ben Hill and Cy Wood." in told
    assert "What Ben is after: an orchard of his own." in told
    entries.amend(world.desk, granted.id, status="thanked", outcome="the oak stayed whole")
    told = asks.check_ask(world.desk, ASK, "Ben Hill").history
    assert "Ben said yes when you asked four weeks ago (his notes on kilns), and has not heard what came of it." in told


def test_a_draft_is_no_ask_and_a_decline_is_a_good_answer(world: World) -> None:
    """
    2025-06-10 mail Ben Hill <ben@hill.example> > me
    2025-06-12 mail me > Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    entries.note(world.desk, "ask", ["Ben Hill"], "a reference", on="2025-06-12", status="declined")
    entries.note(world.desk, "ask", ["Ben Hill"], "the ladder", on="2025-06-20", status="draft")
    known = asks.history(world.desk, "Ben Hill")
    assert [(ask.what, ask.outcome) for ask in known.asked] == [("a reference", "declined")]
    assert any("good answer" in line for line in asks.check_ask(world.desk, ASK, "Ben Hill").history)


def test_later_facts_are_invisible(world: World) -> None:
    """
    2025-01-12 mail me > Ben Hill <ben@hill.example>
    2025-06-12 mail me > Ben Hill <ben@hill.example>
    today 2025-02-01
    """
    assert asks.history(world.desk, "Ben Hill").last == date(2025, 1, 12)


def test_a_stranger_by_address_was_never_written_to_and_a_stranger_by_name_is_not_found(world: World) -> None:
    """
    2025-06-12 mail me > Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    assert "never been in touch" in kinds(world, "zoe@new.example")["cold_ask"]
    with pytest.raises(AmityError) as caught:
        asks.check_ask(world.desk, ASK, "Zoe")
    assert caught.value.code is Code.NOT_FOUND


def test_who_might_introduce_is_named_where_there_was_no_contact(world: World) -> None:
    """
    2025-06-01 mail Ana Sol <ana@sea.example> > me cc Ben Hill <ben@hill.example>
    2025-06-03 mail me > Ana Sol <ana@sea.example>
    2025-06-05 mail Ana Sol <ana@sea.example> > me cc Ben Hill <ben@hill.example>
    2025-06-07 mail me > Ana Sol <ana@sea.example>
    2025-06-09 mail Ana Sol <ana@sea.example> > me cc Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    known = asks.history(world.desk, "Ben Hill")
    assert known.path == "Ana Sol"
    assert "Ana Sol may bring you together" in kinds(world, "Ben Hill")["cold_ask"]


def test_a_message_that_nobody_would_read_is_refused(world: World) -> None:
    """today 2025-06-30"""
    with pytest.raises(AmityError) as caught:
        asks.check_ask(world.desk, "a" * (asks.LIMIT + 1))
    assert caught.value.code is Code.USAGE


def test_an_ask_is_put_together_and_held_against_what_has_been(world: World) -> None:
    """
    2025-05-10 mail Ben Hill <ben@hill.example> > me
    2025-05-12 mail me > Ben Hill <ben@hill.example>
    today 2025-06-30
    """
    made = asks.compose_ask(
        world.desk,
        "could you read my chapter on kilns",
        benefit="I'd gladly proofread your next issue",
        specifics="It has twelve pages",
        time="40 minutes",
        to="Ben Hill",
        me="Mia",
    )
    assert made.name == "Ben"
    assert made.long.startswith("Hi Ben,")
    assert all(pointer.found for pointer in made.check.pointers.values())
    assert made.check.history
    assert "Mia" in made.blurb
    assert asks.compose_ask(world.desk, "could you help", to="Nobody Known").name == "Nobody Known"
    for wrong in ({"intent": " "}, {"intent": "help me", "language": "xx"}):
        with pytest.raises(AmityError) as told:
            asks.compose_ask(world.desk, **wrong)
        assert told.value.code is Code.USAGE


def test_asks_under_way_say_what_comes_next(world: World) -> None:
    """
    2025-05-10 mail Ben Hill <ben@hill.example> > me
    2025-06-01 mail me > Ben Hill <ben@hill.example>
    2025-06-02 mail me > Cleo Day <cleo@day.example>
    2025-06-05 mail Cleo Day <cleo@day.example> > me
    today 2025-06-10
    """
    note = entries.note
    to_ben = note(world.desk, "ask", ["Ben Hill"], "an introduction", on="2025-06-01", status="sent")
    to_cleo = note(world.desk, "ask", ["Cleo Day"], "a reading", on="2025-06-02", status="sent")
    draft = note(world.desk, "ask", ["Cleo Day"], "a lift", on="2025-06-09", status="draft")
    assert [(one.entry.id, one.step) for one in asks.under_way(world.desk)] == [
        (draft.id, "send"), (to_cleo.id, "listen"), (to_ben.id, "wait"),
    ]  # fmt: skip
    assert [one.entry.id for one in asks.under_way(world.desk, "Ben Hill")] == [to_ben.id]
    assert asks.under_way(world.desk, "Ben Hill")[0].until == date(2025, 6, 15)
    world.on("2025-06-20")
    assert asks.under_way(world.desk, "Ben Hill")[0].step == "remind"
    entries.amend(world.desk, to_ben.id, status="declined")
    assert to_ben.id not in [one.entry.id for one in asks.under_way(world.desk)]
    (ended,) = asks.under_way(world.desk, "Ben Hill", every=True)
    assert "good answer" in ended.words
