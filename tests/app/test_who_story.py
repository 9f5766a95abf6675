"""Who is who, told in small worlds: cards join, names alone never do, and ids stay."""

from __future__ import annotations

import pytest
from world import World

from amity.app import people
from amity.errors import AmityError, Code


def _groups(world: World) -> set[frozenset[str]]:
    """Return the addresses of each person."""
    return {frozenset(one.handles) for one in people.find(world.desk, limit=100).people}


def test_one_address_under_two_names_is_one_person(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana Smith <ANA@X.example> > me
    today 2025-02-01
    """
    (person,) = people.find(world.desk).people
    assert person.counts["received"] == 2
    assert {person.name, *world.show(person.id).aliases} == {"Ana Miller", "Ana Smith"}


def test_one_name_on_two_addresses_is_two_people(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana Miller <ana@y.example> > me
    today 2025-02-01
    """
    assert _groups(world) == {frozenset({"ana@x.example"}), frozenset({"ana@y.example"})}


def test_a_card_joins_two_addresses(world: World) -> None:
    """
    2025-01-05 mail ana@x.example > me
    2025-01-06 mail me > ana@y.example
    card Ana Miller <ana@x.example> <ana@y.example> born 1990-04-12 tel +49301234567 org Orchard
    today 2025-02-01
    """
    (person,) = people.find(world.desk).people
    assert person.name == "Ana Miller"
    assert person.counts == {"sent": 1, "received": 1, "met": 0}
    page = world.show("+49 30 1234567")
    assert (page.birthday, page.id) == ("1990-04-12", person.id)
    assert [position.organisation for position in page.positions] == ["Orchard"]
    assert {identity.value for identity in page.identities} == {"ana@x.example", "ana@y.example", "+49301234567"}


@pytest.mark.parametrize(("one", "other"), [("Ana Miller", "Bo Stone"), ("Ana Miller", "Bo Miller")])
def test_a_familys_address_on_two_cards_joins_nobody(world: World, one: str, other: str) -> None:
    """
    2025-01-05 mail ana@x.example > me
    2025-01-06 mail bo@x.example > me
    2025-01-06 mail home@x.example > me
    today 2025-02-01
    """
    world.tell(f"card {one} <ana@x.example> <home@x.example>\ncard {other} <bo@x.example> <home@x.example> org Quarry")
    assert _groups(world) == {frozenset({"ana@x.example", "home@x.example"}), frozenset({"bo@x.example"})}
    assert world.people() == {one, other}
    assert (world.show(one).positions, len(world.show(other).positions)) == ((), 1)
    assert world.show(one).sources != ()


def test_a_card_without_a_name_does_not_join_a_family(world: World) -> None:
    """
    card  <home@x.example>
    card Ana Miller <ana@x.example> <home@x.example>
    card Bo Stone <bo@x.example> <home@x.example>
    today 2025-02-01
    """
    assert _groups(world) == {frozenset({"ana@x.example", "home@x.example"}), frozenset({"bo@x.example"})}


def test_two_cards_of_one_person_with_a_new_surname_join(world: World) -> None:
    """
    card Ana Miller <ana@x.example> <ana@y.example>
    card Ana Smith <ana@x.example> <ana@z.example>
    today 2025-02-01
    """
    assert len(_groups(world)) == 1


def test_taking_back_a_card_parts_what_it_joined_and_redo_joins_it_again(world: World) -> None:
    """
    2025-01-05 mail ana@x.example > me
    2025-01-06 mail ana@y.example > me
    today 2025-02-01
    """
    first, second = sorted(one.id for one in people.find(world.desk).people)
    apart = world.picture()
    world.tell("card Ana Miller <ana@x.example> <ana@y.example>")
    joined = world.picture()
    assert [one.id for one in people.find(world.desk).people] == [first]
    assert world.show(second).id == first, "the id that was joined leads on"
    world.undo()
    assert world.picture() == apart
    assert sorted(one.id for one in people.find(world.desk).people) == [first, second]
    assert world.show(second).id == second
    world.redo()
    assert world.picture() == joined
    assert world.show(second).id == first


def test_ids_stay_while_archives_come_and_go(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail Bo > me
    today 2025-02-01
    """
    ids = {one.name: one.id for one in people.find(world.desk).people}
    world.tell("2025-01-01 mail Abe > me\n2025-01-07 mail Zoe > me\ncard Bo Berg <bo@x.example> <bo@y.example>")
    assert world.show("ana@x.example").id == ids["Ana"]
    assert world.show("bo@y.example").id == ids["Bo"]
    world.undo(2)
    assert world.people() == set()
    world.redo()
    assert world.show("ana@x.example").id == ids["Ana"]


def test_a_newer_card_of_the_same_uid_replaces_the_older(world: World) -> None:
    """
    card Ana Miller <ana@x.example> uid u1
    today 2025-02-01
    """
    file = world.folder / "told-1.vcf"
    file.write_text(file.read_text().replace("Ana Miller", "Ana Smith").replace("ana@x", "ana@y"))
    from amity.app import intake

    intake.import_(world.desk, [file])
    (person,) = people.find(world.desk).people
    assert (person.name, person.handles) == ("Ana Smith", ("ana@y.example",))


def test_somebody_known_from_a_card_alone_is_a_person_and_can_be_said_to_be_none(world: World) -> None:
    """
    card Ana Miller born 1990-04-12
    today 2025-02-01
    """
    assert world.people() == {"Ana Miller"}
    assert world.show("Ana Miller").identities == ()
    people.tell_machine(world.desk, "Ana Miller", is_machine=True)
    assert world.people() == set()
    world.undo()
    assert world.people() == {"Ana Miller"}


def test_the_owners_word_on_machines_outranks_what_amity_thinks(world: World) -> None:
    """
    2025-01-05 mail Shop <no-reply@shop.example> > me
    2025-01-08 mail Ana > me
    today 2025-02-01
    """
    people.tell_machine(world.desk, "Shop", is_machine=False, key="one")
    people.tell_machine(world.desk, "Shop", is_machine=False, key="one")
    people.tell_machine(world.desk, "Ana", is_machine=True)
    assert world.people() == {"Shop"}
    assert [(one.name, one.because[0].reason) for one in people.machines(world.desk)] == [("Ana", "you said so")]
    world.undo(2)
    assert world.people() == {"Ana"}


def test_someone_new_on_an_old_card_keeps_the_whole_person_together(world: World) -> None:
    """
    card Ana Miller <ana@x.example> <ana@y.example>
    card Ana Miller <ana@y.example> <ana@z.example> born 1990-04-12
    card Bo Stone <ana@x.example> <bo@x.example>
    card Bo Stone <bo@x.example> <bo@y.example> org Quarry
    2025-01-05 mail Chris > me
    today 2025-02-01
    """
    world.people()
    world.tell("2025-01-06 mail ana@x.example > me")
    assert world.show("bo@y.example").positions[0].organisation == "Quarry"
    (bo,) = people.find(world.desk, "Bo").people
    assert set(bo.handles) == {"bo@x.example", "bo@y.example"}
    assert bo.positions[0].organisation == "Quarry"
    assert [one.id for one in people.find(world.desk, "bo@y").people] == [bo.id]
    assert people.find(world.desk, "Ana").people[0].counts["received"] == 1


def test_handles_that_only_stand_for_something_are_never_shown(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    card Bo Stone uid 77-88
    today 2025-02-01
    """
    world.log("coffee with Ana yesterday")
    world.log("lunch with Bo Stone yesterday")
    for one in people.find(world.desk).people:
        page = world.show(one.id)
        kinds = {identity.kind for identity in page.identities}
        assert not kinds & {"card", "person", "me"}
        assert not {value for value in one.handles if value.startswith(("p1", "p2", "77"))}
        assert all("?" not in other for line in page.timeline for other in line.others)
    assert people.find(world.desk, "77").total == 0
    assert people.me(world.desk).handles == ("me@home.example",)


@pytest.mark.parametrize("query", ["Nobody", "p999", "x" * 5000, "'; DROP TABLE moment;", '"*', "NEAR(a b)", "é" * 20])
def test_whom_nobody_knows_is_not_found(world: World, query: str) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    with pytest.raises(AmityError) as refusal:
        world.show(query)
    assert refusal.value.code is Code.NOT_FOUND
    assert people.find(world.desk, query).people == ()


def test_search_finds_by_any_part_that_begins_a_word(world: World) -> None:
    """
    2025-01-05 mail Zoë Müller-Lüdenscheidt <zoe@firm.example> > me
    2025-01-06 mail Bo > me
    today 2025-02-01
    """
    for query in ("zoe", "Mull", "luden zo", "firm", "zoe@firm.example"):
        assert [one.name for one in people.find(world.desk, query).people] == ["Zoë Müller-Lüdenscheidt"], query
