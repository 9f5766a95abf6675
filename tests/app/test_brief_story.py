"""The page before a meeting, and what may stand on it."""

from __future__ import annotations

from world import World

from amity.app import brief, entries, facts

HISTORY = """
2024-11-05 mail Ana Miller <ana@x.example> > me: The exhibition
2024-11-06 mail me > Ana Miller <ana@x.example>: The exhibition
2025-01-05 mail Ana Miller <ana@x.example> > me: A flat in Vienna
2025-01-12 meeting me + Ana Miller <ana@x.example>: Lunch
card Ana Miller <ana@x.example> born 1990-02-12 org Orchard
today 2025-02-01
"""


def test_one_page_tells_who_what_passed_what_is_open_and_what_to_ask(world: World) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    facts.tell(world.desk, "Ana Miller", "met", "at the lake")
    facts.tell(world.desk, "Ana Miller", "need", "a flat in Vienna")
    facts.tell(world.desk, "Ana Miller", "family", "Mia", label="daughter")
    world.log("coffee with Bo yesterday")
    facts.tell(world.desk, "Bo", "offer", "lets flats")
    entries.note(world.desk, "promise", ["Ana Miller"], "the list of agents", on="2025-01-12")
    entries.note(world.desk, "promise", ["Ana Miller"], "her catalogue", by="them", on="2025-01-12")
    page = brief.of(world.desk, "Ana Miller")
    assert page.alive
    assert page.who[0] == "Orchard"
    assert page.met == ("met: at the lake",)
    assert [one.subject for one in page.passed][:2] == ["Lunch", "A flat in Vienna"]
    assert [one.words for one in page.yours] == ["you promised Ana Miller: the list of agents"]
    assert [one.words for one in page.theirs] == ["they promised: her catalogue"]
    assert [one.value for one in page.agenda] == ["a flat in Vienna"]
    assert page.around == ("Mia (daughter)",)
    assert page.dates == ("birthday on 2025-02-12",)
    assert {one.kind for one in page.give} >= {"help", "introduction"}
    assert any("Bo" in one.words for one in page.give)
    assert len(page.questions) == 3
    assert "a flat in Vienna" in page.questions[0].question


def test_todays_meetings_are_briefed_in_order(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-02-01T15:00 meeting me + Ana Miller <ana@x.example>: Review
    2025-02-01T09:30 meeting me + Bo: Coffee
    2025-02-02T09:30 meeting me + Chris: Tomorrow
    today 2025-02-01
    """
    found = brief.today(world.desk)
    assert [(one.at, one.subject, [who.person.name for who in one.people]) for one in found] == [
        ("09:30", "Coffee", ["Bo"]),
        ("15:00", "Review", ["Ana Miller"]),
    ]


def test_private_facts_are_left_out_unless_asked_for(world: World) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    facts.tell(world.desk, "Ana Miller", "worry", "her mother", private=True)
    assert "mother" not in str(brief.of(world.desk, "Ana Miller"))
    assert "mother" in str(brief.of(world.desk, "Ana Miller", private=True))


def test_of_the_dead_nothing_is_asked_and_nothing_given(world: World) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    facts.tell(world.desk, "Ana Miller", "died", "2025-01-20")
    page = brief.of(world.desk, "Ana Miller")
    assert not page.alive
    assert (page.questions, page.give, page.dates) == ((), (), ())
    assert "died 2025-01-20" in page.who
    assert page.passed


def test_an_agenda_that_is_not_known_comes_with_questions(world: World) -> None:
    """today 2025-02-01"""
    world.tell(HISTORY)
    found = brief.agenda(world.desk, "Ana Miller")
    assert found.agenda == ()
    assert len(found.questions) == 3
    assert any("A flat in Vienna" in one.question for one in found.questions)
