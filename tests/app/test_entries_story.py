"""The ledger: gifts, asks, introductions, thanks and promises, told in a sentence, and what came of them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import World

from amity.app import entries, who
from amity.app import settings as adjusting
from amity.errors import AmityError, Code
from amity.ledger.deeds import read_deeds

TODAY = date(2025, 2, 1)


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "sent Ana the paper on batteries; she offered to introduce me to Ben",
            [("gift", "me", "idea", ("Ana",)), ("promise", "them", "", ("Ana",))],
        ),
        ("introduced Ana Miller to Ben von Stein", [("introduction", "me", "", ("Ana Miller", "Ben von Stein"))]),
        (
            "Ana introduced me to Ben. I thanked her for it",
            [("introduction", "them", "", ("Ana", "Ben")), ("thanks", "me", "", ("Ana",))],
        ),
        ("asked Ben for a review of the draft by Friday", [("ask", "me", "", ("Ben",))]),
        ("Ben asked me whether I know a lawyer", [("ask", "them", "", ("Ben",))]),
        ("gave Ana two tickets for the opera", [("gift", "me", "fun", ("Ana",))]),
        (
            "helped Chris with his move on Saturday, and she promised to lend me the drill",
            [("gift", "me", "help", ("Chris",)), ("promise", "them", "", ("Chris",))],
        ),
        ("recommended Dr. Lee to Ana", [("recommendation", "me", "", ("Ana",))]),
        ("Ana recommended a tax adviser in Lyon: Mme Petit", [("recommendation", "them", "", ("Ana",))]),
        ("I'll send Ana the slides", [("promise", "me", "", ("Ana",))]),
        ("lunch with Ben about the move; promised him to call Zoe", [("promise", "me", "", ("Ben",))]),
        ("promised Ana the sketches", [("promise", "me", "", ("Ana",))]),
        ("promised the sketches to Ana", [("promise", "me", "", ("Ana",))]),
        ("Ana offered me a desk in her shop", [("promise", "them", "", ("Ana",))]),
        ("Ana wants an introduction to Ben", [("ask", "them", "", ("Ana",))]),
        ("recommended Ana the dentist in Graz", [("recommendation", "me", "", ("Ana",))]),
        ("put Ana in touch with Ben", [("introduction", "me", "", ("Ana", "Ben"))]),
        ("got a book from Ana", [("gift", "them", "idea", ("Ana",))]),
        ("gave Ana feedback on her thesis", [("gift", "me", "help", ("Ana",))]),
        ("reviewed the draft for Ana", [("gift", "me", "help", ("Ana",))]),
        ("Ana vouched for me", [("gift", "them", "help", ("Ana",))]),
        ("baked a cake for Ana", [("gift", "me", "fun", ("Ana",))]),
        ("coffee with Ana yesterday", []),
        ("called Ben, 20 minutes", []),
        ("she sent me a book", []),  # nobody was named whom "she" could mean
        ("the parcel was sent to Ana", []),
    ],
)  # fmt: skip
def test_a_sentence_tells_what_was_given_asked_and_promised(sentence: str, told: list[tuple[object, ...]]) -> None:
    assert [(one.kind, one.by, one.sort, one.people) for one in read_deeds(sentence, TODAY)] == told


def test_what_is_promised_to_the_owner_is_told_without_them() -> None:
    (offer,) = read_deeds("Ana promised me the second act", TODAY)
    (advice,) = read_deeds("Ana recommended a tax adviser in Lyon to me", TODAY)
    assert (offer.by, offer.text) == ("them", "the second act")
    assert (advice.by, advice.text) == ("them", "a tax adviser in Lyon")


def test_the_balance_is_hidden_where_the_owner_does_not_want_to_see_it(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    entries.tell(world.desk, "promised Ana the sketches; got a book from Ana")
    assert entries.balance(world.desk, "Ana").story
    adjusting.set_(world.desk, "balance", "0")
    hidden = entries.balance(adjusting.applied(world.desk), "Ana")
    assert hidden.story == ()
    assert len(hidden.entries) == 2
    assert {loop.kind for loop in hidden.loops} == {"promise", "thanks"}


def test_the_day_of_a_note_counts_for_all_of_it_but_not_the_day_of_a_promise() -> None:
    helped, promised = read_deeds(
        "helped Chris with his move on 25 January 2025, and he promised to call on Monday", TODAY
    )
    assert (helped.on, helped.text) == (date(2025, 1, 25), "his move")
    assert (promised.on, promised.text) == (date(2025, 1, 25), "call on Monday")


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=400))
def test_no_note_breaks_the_reading_of_notes(text: str) -> None:
    for one in read_deeds(text, TODAY):
        assert one.people
        assert text[one.start : one.end]


def test_a_gift_told_in_a_sentence_stands_in_the_balance(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    gift, promise = entries.tell(world.desk, "sent Ana the paper on batteries; she offered to introduce me to Ben")
    assert (gift.kind, gift.sort, gift.people[0].id, promise.by) == ("gift", "idea", world.show("Ana").id, "them")
    story = entries.balance(world.desk, "Ana").story
    assert "you last gave in February: the paper on batteries" in story
    assert "nothing has come back, and nothing needs to" in story
    world.undo(2)
    assert entries.balance(world.desk, "Ana").total == 0


def test_who_started_the_last_conversations_is_told(world: World) -> None:
    """
    2024-11-05 mail me > Ana
    2024-12-05 mail Ana > me
    2024-12-06 mail me > Ana
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    assert entries.balance(world.desk, "Ana").story[0] == "they started the last 2 conversations"


def test_an_introduction_is_an_open_loop_until_thanked_and_told(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-05 mail Ben > me
    today 2025-02-01
    """
    met = entries.note(world.desk, "introduction", ["Ana", "Ben"], "over the choir", by="them", on="2025-01-10")
    assert [loop.kind for loop in entries.balance(world.desk, "Ana").loops] == ["thanks"]
    entries.tell(world.desk, "thanked Ana for it")
    assert entries.balance(world.desk, "Ana").loops == ()
    entries.amend(world.desk, met.id, outcome="we sing together")
    (loop,) = entries.balance(world.desk, "Ana").loops
    assert loop.words == "Ana has not heard what came of introducing you to Ben: we sing together"
    assert "they introduced you once and have not heard what came of it" in entries.balance(world.desk, "Ana").story
    entries.amend(world.desk, met.id, told=True)
    assert entries.balance(world.desk, "Ana").loops == ()
    (care,) = entries.connectors(world.desk)
    assert (care.person.name, care.introductions, care.thanked, care.told) == ("Ana", 1, 1, 1)


def test_promises_and_requests_wait_for_the_owner(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    promise, asked = entries.tell(world.desk, "promised Ana to send the slides; she asked me for a lawyer")
    assert [loop.kind for loop in entries.balance(world.desk, "Ana").loops] == ["promise", "ask"]
    entries.amend(world.desk, promise.id, status="kept")
    entries.amend(world.desk, asked.id, status="declined")
    assert entries.balance(world.desk).loops == ()


def test_a_ripple_grows_and_never_bites_its_tail(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    gift = entries.note(world.desk, "gift", ["Ana"], "a book", sort="idea")
    met = entries.note(world.desk, "introduction", ["Ana", "Ben"], "because of it", by="them", parent=gift.id)
    thanks = entries.note(world.desk, "thanks", ["Ben"], "for the talk", parent=met.id)
    assert [(one.depth, one.entry.id) for one in entries.ripple(world.desk)] == [
        (0, gift.id),
        (1, met.id),
        (2, thanks.id),
    ]
    with pytest.raises(AmityError) as caught:
        entries.amend(world.desk, gift.id, parent=thanks.id)
    assert caught.value.code is Code.REFUSED


def test_entries_follow_the_person_through_a_merge_and_back(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana Miller <ana@y.example> > me
    today 2025-02-01
    """
    entries.note(world.desk, "gift", ["ana@y.example"], "a book", sort="idea")
    who.merge(world.desk, ["ana@x.example", "ana@y.example"])
    assert entries.balance(world.desk, "ana@x.example").total == 1
    world.undo()
    assert entries.balance(world.desk, "ana@x.example").total == 0


def test_what_lies_after_the_day_is_not_seen(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    gift = entries.note(world.desk, "gift", ["Ana"], "a book", sort="idea", on="2025-01-20")
    entries.amend(world.desk, gift.id, outcome="she read it")
    assert entries.balance(world.on("2025-01-10").desk, "Ana").total == 0
    (seen,) = entries.balance(world.on("2025-01-25").desk, "Ana").entries
    assert seen.outcome == ""


def test_somebody_recommended_is_found_again(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    card Bo Stone <bo@x.example> org Tax-Advisers-Lyon
    today 2025-02-01
    """
    entries.tell(world.desk, "Ana recommended a tax adviser in Lyon: Mme Petit")
    found = entries.recommend(world.desk, "who knows a good tax adviser in Lyon?")
    assert [one.text for one in found.recommendations] == ["a tax adviser in Lyon: Mme Petit"]
    assert [who.name for who, _ in found.may_know] == ["Bo Stone"]


def test_what_cannot_be_noted_says_why(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    gift = entries.note(world.desk, "gift", ["Ana"], "a book", sort="idea")
    for call, code in (
        (lambda: entries.tell(world.desk, "the weather is fine"), Code.USAGE),
        (lambda: entries.note(world.desk, "bribe", ["Ana"], "x"), Code.USAGE),
        (lambda: entries.note(world.desk, "ask", ["Ana"], "x", sort="fun"), Code.USAGE),
        (lambda: entries.note(world.desk, "gift", ["Ana"], "x", on="2025-03-01"), Code.USAGE),
        (lambda: entries.note(world.desk, "gift", ["Ana"], "x", on="soon"), Code.USAGE),
        (lambda: entries.note(world.desk, "gift", ["Ana"], "x", parent="e999"), Code.NOT_FOUND),
        (lambda: entries.amend(world.desk, gift.id), Code.USAGE),
        (lambda: entries.amend(world.desk, gift.id, status="kept"), Code.USAGE),
        (lambda: entries.accept(world.desk, "found 1"), Code.NOT_FOUND),
    ):
        with pytest.raises(AmityError) as caught:
            call()
        assert caught.value.code is code


def test_a_repeated_note_is_kept_once(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    one = entries.note(world.desk, "gift", ["Ana"], "a book", sort="idea", key="once")
    assert entries.note(world.desk, "gift", ["Ana"], "a book", sort="idea", key="once") == one
    assert entries.balance(world.desk, "Ana").total == 1


def test_what_is_open_is_brought_up_once_it_has_waited(world: World) -> None:
    """
    2024-12-05 mail Ana > me
    2024-12-06 mail me > Ana
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-01-20
    """
    entries.tell(world.desk, "promised Ana to send the slides")
    assert all(one.trigger != "promise" for one in world.today().suggestions), "not on the same day"
    (suggestion,) = [one for one in world.on("2025-02-01").today().suggestions if one.trigger == "promise"]
    assert suggestion.act == "Keep your promise to Ana: send the slides"
    assert suggestion.opener == "Dear Ana, as I promised: send the slides."
    entries.amend(world.desk, entries.balance(world.desk, "Ana").entries[0].id, status="kept")
    assert all(one.trigger != "promise" for one in world.today().suggestions)


def test_news_of_an_introduction_is_owed_to_whoever_made_it(world: World) -> None:
    """
    2024-12-05 mail Ana > me
    2024-12-06 mail me > Ana
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    met = entries.note(world.desk, "introduction", ["Ana", "Ben"], "over the choir", by="them", on="2025-01-10")
    entries.amend(world.desk, met.id, outcome="we sing together", status="led_on")
    entries.note(world.desk, "thanks", ["Ana"], "for it", on="2025-01-11")
    (suggestion,) = [one for one in world.today().suggestions if one.trigger == "outcome"]
    assert suggestion.act == "Tell Ana what came of introducing you to Ben: we sing together"
    assert suggestion.kind == "ask_update"
