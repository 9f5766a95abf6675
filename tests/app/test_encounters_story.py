"""Encounters: people met at an event, a line within two days, and what became of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World

from amity.app import encounters, entries, upkeep
from amity.errors import AmityError, Code


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    made.tell("2024-06-05 mail Dee > me\n2024-06-06 mail me > Dee\n2025-01-20 mail Dee > me\ntoday 2025-02-01")
    return made


def shown(world: World) -> encounters.EventLine:
    (event,) = encounters.list_(world.desk, "Web Summit").events
    return event


def summit(world: World, *people: str) -> encounters.EventLine:
    encounters.open_(world.desk, "Web Summit", "2025-02-01", "Lisbon")
    return encounters.add(world.desk, "web summit", people)


def test_people_are_added_a_line_each(world: World) -> None:
    event = summit(world, "Ana Miller <ana@sea.example>, batteries", "Bo Hill; roofs\nCy Wood <cy@wood.example>")
    assert [(one.person.name, one.said) for one in event.people] == [
        ("Ana Miller", "batteries"),
        ("Bo Hill", "roofs"),
        ("Cy Wood", ""),
    ]
    assert all(one.person.id for one in event.people)
    assert event.funnel == encounters.FunnelLine(3, 0, 0, 0, 0)
    page = world.show("ana@sea.example")
    assert [(one.way, one.subject) for one in page.timeline] == [("met", "Web Summit: batteries")]


def test_whoever_is_known_already_is_met_again(world: World) -> None:
    event = summit(world, "dee@x.example, the choir")
    assert event.people[0].person.name == "Dee"
    assert world.show("Dee").contacts == 4


def test_a_line_is_suggested_that_refers_to_what_was_said(world: World) -> None:
    summit(world, "Ana Miller <ana@sea.example>, batteries")
    (one,) = [one for one in world.on("2025-02-02").today().suggestions if one.person.name == "Ana Miller"]
    assert one.trigger == "follow_up"
    assert one.opener == (
        "Dear Ana, it was good to meet you at Web Summit; what you said about batteries has stayed with me."
    )
    assert "You met yesterday at Web Summit, and are new to each other" in one.why_now


def test_once_written_nothing_is_due_and_the_funnel_goes_on(world: World) -> None:
    summit(world, "Ana Miller <ana@sea.example>, batteries", "Bo Hill <bo@hill.example>")
    world.tell(
        """
        2025-02-02 mail me > Ana Miller <ana@sea.example>: Batteries
        2025-02-03 mail Ana Miller <ana@sea.example> > me: Re: Batteries
        2025-05-03 meeting me + Ana Miller <ana@sea.example>: Coffee
        today 2026-03-01
        """
    )
    entries.note(world.desk, "gift", ["Ana Miller"], "the paper on cells", on="2025-06-01")
    event = shown(world)
    assert event.funnel == encounters.FunnelLine(2, 1, 1, 1, 1)
    assert event.after_a_year == encounters.FunnelLine(2, 1, 1, 1, 1)
    assert {one.person.name: one.stage for one in event.people} == {"Ana Miller": "helped", "Bo Hill": "met"}
    assert [one.due for one in event.people] == [None, None]
    found = encounters.list_(world.desk)
    assert found.overall == event.funnel
    # Dee wrote first, so only the two of the summit are first meetings.
    assert [(one.year, one.funnel.met) for one in found.years] == [(2025, 2)]


def test_each_is_taken_back_by_itself(world: World) -> None:
    summit(world, "Ana Miller <ana@sea.example>", "Bo Hill <bo@hill.example>")
    upkeep.undo(world.desk)
    assert [one.person.name for one in shown(world).people] == ["Ana Miller"]
    assert world.people() == {"Ana Miller", "Dee"}


def test_the_same_key_adds_once(world: World) -> None:
    encounters.open_(world.desk, "Web Summit", "2025-02-01", key="a")
    for _ in range(2):
        encounters.open_(world.desk, "Web Summit", "2025-02-01", key="a")
        encounters.add(world.desk, "Web Summit", ["Ana Miller <ana@sea.example>, batteries"], key="b")
    assert len(shown(world).people) == 1
    assert world.show("ana@sea.example").contacts == 1


def test_cards_of_a_file_are_kept_with_the_meeting(world: World, tmp_path: Path) -> None:
    encounters.open_(world.desk, "Web Summit", "2025-02-01")
    file = tmp_path / "cards.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Eve Sol\nEMAIL:eve@sol.example\nTITLE:Engineer\nORG:Sol\nNOTE:solar roofs\n"
        "END:VCARD\n"
        "BEGIN:VCARD\nVERSION:4.0\nFN:Finn Low\nEND:VCARD\n"
    )
    event = encounters.add_cards(world.desk, "Web Summit", file)
    assert {(one.person.name, one.said) for one in event.people} == {("Eve Sol", "solar roofs"), ("Finn Low", "")}
    assert world.show("eve@sol.example").positions[0].title == "Engineer"


def test_a_meeting_in_the_calendar_with_a_stranger_is_proposed(world: World) -> None:
    world.tell("2025-01-25 meeting me + Gil + Dee: Dinner at Dee's")
    (proposed,) = encounters.list_(world.desk).proposed
    assert (proposed.name, [one.name for one in proposed.people]) == ("Dinner at Dee's", ["Gil"])
    event = encounters.accept(world.desk, proposed.id)
    assert [one.person.name for one in event.people] == ["Gil"]
    assert world.show("Gil").contacts == 1
    assert encounters.list_(world.desk).proposed == ()


def test_what_is_refused_is_not_proposed_again(world: World) -> None:
    world.tell("2025-01-25 meeting me + Gil: Dentist")
    encounters.refuse(world.desk, encounters.list_(world.desk).proposed[0].id)
    assert encounters.list_(world.desk).proposed == ()


def test_what_is_told_wrongly_is_refused(world: World) -> None:
    for call in (
        lambda: encounters.open_(world.desk, " "),
        lambda: encounters.open_(world.desk, "Fair", "soon"),
        lambda: encounters.add(world.desk, "Nowhere", ["Ana"]),
        lambda: summit(world, ", batteries"),
        lambda: encounters.accept(world.desk, "m1"),
    ):
        with pytest.raises(AmityError) as caught:
            call()
        assert caught.value.code in (Code.USAGE, Code.NOT_FOUND)


def test_an_event_ahead_takes_nobody_yet(world: World) -> None:
    encounters.open_(world.desk, "Fair", "2025-04-01")
    with pytest.raises(AmityError):
        encounters.add(world.desk, "Fair", ["Ana"])
    assert [one.name for one in encounters.list_(world.desk).events] == ["Fair"]
