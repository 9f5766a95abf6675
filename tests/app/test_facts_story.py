"""What the owner says of a person, what cards say, and what stays between the owner and the vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from world import World

from amity.app import facts, people, plan, ties, upkeep
from amity.app.known import FactLine
from amity.errors import AmityError, Code
from amity.settings import Settings

CARD = """BEGIN:VCARD
VERSION:4.0
UID:ana-in-the-address-book
FN:Ana Miller
EMAIL:ana@x.example
BDAY:19900412
ADR;TYPE=home;TZ=Europe/Vienna:;;Berggasse 19;Wien;;;
RELATED;TYPE=child;VALUE=text:Mia
ANNIVERSARY:20150601
LANG:pt
INTEREST:old maps
NOTE:Met at the lake\\, in the rain.
END:VCARD
"""


def _card(world: World, text: str = CARD) -> None:
    file = world.folder / "ana.vcf"
    file.write_text(text, encoding="utf-8")
    from amity.app import intake

    intake.import_(world.desk, [str(file)], me=world.me)


def _of(world: World, field: str, person: str = "Ana Miller") -> list[FactLine]:
    return [line for line in facts.list_(world.desk, person) if line.field == field]


def _values(world: World, field: str) -> list[str]:
    return [line.value for line in _of(world, field)]


def test_every_fact_of_a_card_is_shown_with_its_source_and_day(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    _card(world)
    page = world.show("Ana Miller")
    assert {(one.field, one.label, one.value) for one in page.facts} == {
        ("birthday", "", "1990-04-12"),
        ("place", "home", "Berggasse 19, Wien"),
        ("family", "child", "Mia"),
        ("date", "anniversary", "2015-06-01"),
        ("language", "", "pt"),
        ("taste", "", "old maps"),
        ("note", "", "Met at the lake, in the rain."),
    }
    assert all(one.source.startswith("vcard ") and one.on and not one.yours for one in page.facts)
    (place,) = _of(world, "place")
    assert place.time_there == "01:00"  # the vault's clock stands at midnight UTC, in winter
    assert page.places == ("Berggasse 19, Wien",)


def test_the_owners_word_wins_is_shown_as_theirs_and_can_be_taken_back(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    _card(world)
    facts.tell(world.desk, "Ana Miller", "birthday", "1991-04-12")
    mine, theirs = _of(world, "birthday")
    assert (mine.value, mine.yours, mine.source, mine.outranked) == ("1991-04-12", True, "you", False)
    assert (theirs.value, theirs.outranked) == ("1990-04-12", True)
    assert world.show("Ana Miller").birthday == "1991-04-12"
    world.undo()
    assert _values(world, "birthday") == ["1990-04-12"]
    assert world.show("Ana Miller").birthday == "1990-04-12"
    world.redo()
    assert world.show("Ana Miller").birthday == "1991-04-12"


def test_a_new_name_is_found_and_the_old_one_too(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    number = world.show("Ana Miller").id
    facts.tell(world.desk, number, "name", "Ana Stone")
    assert world.people() == {"Ana Stone"}
    assert world.show("Ana Miller").id == world.show("Ana Stone").id == number
    assert world.show(number).aliases == ("Ana Miller",)
    assert world.tie("Ana Stone").received == 1
    world.undo()
    assert world.people() == {"Ana Miller"}


def test_a_day_before_it_was_said_does_not_know_it(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2025-03-01
    """
    facts.tell(world.desk, "Ana Miller", "name", "Ana Stone")
    facts.tell(world.desk, "Ana Stone", "need", "a flat in Vienna", on="2025-02-20")
    assert world.on("2025-02-25").people() == {"Ana Miller"}
    assert world.show("Ana Miller").agenda == ()
    assert world.on("2025-03-01").people() == {"Ana Stone"}
    assert [one.value for one in world.show("Ana Stone").agenda] == ["a flat in Vienna"]


def test_dates_may_be_partial_or_of_another_calendar(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2025-03-01
    """
    for day in ("--04-12", "1990", "1990-04"):
        facts.tell(world.desk, "Ana Miller", "birthday", day)
        assert world.show("Ana Miller").birthday == day
    facts.tell(world.desk, "Ana Miller", "date", "12 Nisan 5750", label="birthday")
    (other,) = _of(world, "date")
    assert (other.label, other.value) == ("birthday", "12 Nisan 5750")
    for wrong in ("12 Nisan", "1990-13", "--02-30", "1990-02-30"):
        with pytest.raises(AmityError) as caught:
            facts.tell(world.desk, "Ana Miller", "birthday", wrong)
        assert caught.value.code is Code.USAGE


def test_an_agenda_is_dated_and_grows_stale(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2025-03-01
    """
    world.settings = replace(Settings(), agenda_days=30)
    facts.tell(world.desk, "Ana Miller", "goal", "a first novel", on="2025-01-10", source="lunch")
    facts.tell(world.desk, "Ana Miller", "worry", "the move", on="2025-02-20")
    facts.tell(world.desk, "Ana Miller", "offer", "knows every printer in town")
    page = world.show("Ana Miller")
    assert [(one.field, one.value, one.source, one.stale) for one in page.agenda] == [
        ("goal", "a first novel", "lunch", True),
        ("worry", "the move", "you", False),
    ]
    assert [one.value for one in page.offers] == ["knows every printer in town"]


def test_what_a_card_says_wrongly_is_taken_out_or_corrected(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    _card(world)
    (taste,) = _of(world, "taste")
    facts.amend(world.desk, "Ana Miller", taste.id, gone=True)
    assert _values(world, "taste") == []
    world.undo()
    facts.amend(world.desk, "Ana Miller", taste.id, value="new maps")
    assert [(one.value, one.yours) for one in _of(world, "taste")] == [("new maps", True)]
    (own,) = _of(world, "taste")
    facts.amend(world.desk, "Ana Miller", own.id, value="globes")
    assert _values(world, "taste") == ["globes"]
    facts.amend(world.desk, "Ana Miller", own.id, gone=True)
    assert _values(world, "taste") == []


def test_what_is_private_is_in_no_list_and_no_suggestion(world: World) -> None:
    """
    2025-09-05 mail Ana Miller <ana@x.example> > me
    2025-09-25 mail me > Ana Miller <ana@x.example>
    2025-11-05 mail Ana Miller <ana@x.example> > me
    2025-12-05 mail me > Ana Miller <ana@x.example>
    2026-03-05 meeting me + Ana Miller <ana@x.example>
    today 2026-04-10
    """
    _card(world)
    assert any(one.id.endswith(".birthday") for one in plan.today(world.desk).suggestions)
    (birthday,) = _of(world, "birthday")
    facts.amend(world.desk, "Ana Miller", birthday.id, private=True)
    facts.tell(world.desk, "Ana Miller", "worry", "her mother's illness", private=True)
    facts.tell(world.desk, "Ana Miller", "group", "choir", private=True)
    seen = people.show(world.desk, "Ana Miller", private=False)
    assert (seen.birthday, seen.agenda) == ("", ())
    assert not any(one.private for one in seen.facts)
    assert not any(one.id.endswith(".birthday") for one in plan.today(world.desk).suggestions)
    assert facts.sets(world.desk) == ()
    mine = world.show("Ana Miller")
    assert mine.birthday == "1990-04-12"
    assert [one.value for one in mine.agenda] == ["her mother's illness"]
    assert all("mother" not in change.summary for change in world.undo(1))
    told = facts.tell(world.desk, "Ana Miller", "note", "the divorce")
    facts.amend(world.desk, "Ana Miller", told.id, private=True)
    assert "divorce" not in str(upkeep.history(world.desk))
    assert upkeep.verify(world.desk).sound
    with pytest.raises(AmityError):
        facts.tell(world.desk, "Ana Miller", "name", "Anna", private=True)


def test_who_is_not_to_be_analysed_has_no_tie_and_is_never_suggested(world: World) -> None:
    """
    2024-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Bo > me
    today 2025-02-01
    """
    facts.analyse(world.desk, "Ana Miller", analysed=False)
    assert world.ties() == {"Bo"}
    assert {one.person.name for one in plan.today(world.desk).suggestions} <= {"Bo"}
    page = world.show("Ana Miller")
    assert (page.tie, page.analysed, page.contacts) == (None, False, 2)
    world.tell("2025-01-20 mail Ana Miller <ana@x.example> > me")
    assert world.ties() == {"Bo"}
    assert {one.name for one in ties.list_(world.on("2025-02-02").desk)} == {"Bo"}
    facts.analyse(world.desk, "Ana Miller", analysed=True)
    assert world.ties() == {"Ana Miller", "Bo"}


def test_the_dead_are_kept_in_memory_without_nagging(world: World) -> None:
    """
    2024-01-05 mail Ana Miller <ana@x.example> > me
    2024-02-05 mail me > Ana Miller <ana@x.example>
    2024-04-05 mail Ana Miller <ana@x.example> > me
    2024-06-05 mail me > Ana Miller <ana@x.example>
    2024-12-05 meeting me + Ana Miller <ana@x.example>
    today 2025-02-01
    """
    facts.tell(world.desk, "Ana Miller", "birthday", "1990-02-03")
    assert world.today().suggestions
    facts.tell(world.desk, "Ana Miller", "died", "2024-12-24")
    assert plan.today(world.desk).suggestions == ()
    page = world.show("Ana Miller")
    assert (page.died, page.contacts) == ("2024-12-24", 5)


def test_facts_follow_the_person_through_a_merge_and_back(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana M <ana@y.example> > me
    today 2025-02-01
    """
    from amity.app import who

    facts.tell(world.desk, "ana@x.example", "need", "a flat")
    facts.tell(world.desk, "ana@y.example", "need", "a cello")
    who.merge(world.desk, ["ana@x.example", "ana@y.example"])
    assert {one.value for one in world.show("ana@x.example").agenda} == {"a flat", "a cello"}
    world.undo()
    assert {one.value for one in world.show("ana@y.example").agenda} == {"a cello"}


def test_fields_of_ones_own_and_groups(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Bo > me
    today 2025-02-01
    """
    with pytest.raises(AmityError, match="no field"):
        facts.tell(world.desk, "Ana Miller", "shoe size", "39")
    facts.define(world.desk, "Shoe size", "European")
    facts.tell(world.desk, "Ana Miller", "shoe size", "39")
    (size,) = _of(world, "custom")
    assert (size.label, size.value) == ("Shoe size", "39")
    for name in ("Ana Miller", "Bo"):
        facts.tell(world.desk, name, "group", "Choir")
    facts.tell(world.desk, "Bo", "household", "The Stones")
    found = {(one.kind, one.name): [who.name for who in one.people] for one in facts.sets(world.desk)}
    assert found == {("group", "Choir"): ["Ana Miller", "Bo"], ("household", "The Stones"): ["Bo"]}
    assert [one.name for one in facts.sets(world.desk, "choir")] == ["Choir"]


def test_an_attachment_is_copied_within_limits(world: World, tmp_path: Path) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2025-02-01
    """
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(b"%PDF")
    kept = facts.attach(world.desk, "Ana Miller", letter)
    assert kept.value == "letter.pdf"
    copy = world.database.folder / facts.FILES / kept.label
    assert copy.read_bytes() == b"%PDF"
    assert copy.stat().st_mode & 0o077 == 0
    letter.write_bytes(b"x" * (facts.FILE_LIMIT + 1))
    with pytest.raises(AmityError, match="larger"):
        facts.attach(world.desk, "Ana Miller", letter)


def test_a_repeated_key_says_it_once(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2025-02-01
    """
    one = facts.tell(world.desk, "Ana Miller", "need", "a flat", key="k")
    assert facts.tell(world.desk, "Ana Miller", "need", "a flat", key="k") == one
    assert _values(world, "need") == ["a flat"]
    with pytest.raises(AmityError) as caught:
        facts.tell(world.desk, "Ana Miller", "need", "a house", key="k")
    assert caught.value.code is Code.REFUSED
