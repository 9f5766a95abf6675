"""Merging and splitting people: the owner's word outranks everything, stays, and is taken back exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from world import World

from amity.app import people, who
from amity.errors import AmityError, Code
from amity.store import decisions


def _groups(world: World) -> set[frozenset[str]]:
    """Return the addresses of each person."""
    return {frozenset(one.handles) for one in people.find(world.desk, limit=100).people}


def test_two_people_merged_are_one_with_all_that_passed(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana Miller <ana@y.example> > me
    2025-01-07 mail me > Bo
    today 2025-02-01
    """
    one, other = world.show("ana@x.example"), world.show("ana@y.example")
    said = who.merge(world.desk, [other.id, one.id])
    assert said.person == one.id
    assert _groups(world) == {frozenset({"ana@x.example", "ana@y.example"}), frozenset({"bo@x.example"})}
    joined = world.show(other.id)
    assert (joined.id, joined.contacts) == (one.id, 2)
    assert world.tie("Ana Miller").received == 2


def test_a_merge_that_is_taken_back_leaves_everything_as_it_was(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana Miller <ana@y.example> > me
    today 2025-02-01
    """
    before, ids = world.picture(), {world.show(value).id for value in ("ana@x.example", "ana@y.example")}
    who.merge(world.desk, sorted(ids))
    world.undo()
    assert world.picture() == before
    assert {world.show(value).id for value in ("ana@x.example", "ana@y.example")} == ids
    world.redo()
    assert len(_groups(world)) == 1


def test_a_verdict_stays_when_the_archive_comes_again(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-06 mail Ana Miller <ana@y.example> > me
    today 2025-02-01
    """
    who.merge(world.desk, ["ana@x.example", "ana@y.example"])
    world.tell("2025-01-09 mail Ana M. <ana@y.example> > me\n2025-01-09 mail Cy > me")
    assert frozenset({"ana@x.example", "ana@y.example"}) in _groups(world)


def test_a_number_without_country_is_the_one_in_full_once_the_region_is_known(world: World) -> None:
    """
    card Ana Miller <ana@x.example> tel +491711234567
    card Ana Miller <ana@y.example> tel 0171-1234567
    2025-01-06 mail Ana Miller <ana@y.example> > me
    today 2025-02-01
    """
    assert len(_groups(world)) == 2
    world.settings = type(world.settings)(region="DE")
    assert _groups(world) == {frozenset({"ana@x.example", "ana@y.example", "+491711234567"})}
    world.tell("2025-01-09 mail Ana Miller <ana@x.example> > me")
    assert len(_groups(world)) == 1
    world.settings = type(world.settings)(region="US")
    assert len(_groups(world)) == 2


def test_a_family_shares_a_number_however_it_is_written_and_stays_two(world: World) -> None:
    """
    card Ana Miller <ana@x.example> tel +491711234567
    card Bo Miller <bo@x.example> tel 0171-1234567
    today 2025-02-01
    """
    world.settings = type(world.settings)(region="DE")
    assert len(_groups(world)) == 2


def test_an_address_split_off_takes_what_passed_over_it(world: World) -> None:
    """
    2025-01-05 mail ana@x.example > me
    2025-01-06 mail me > old@x.example
    2025-01-08 mail me > old@x.example
    card Ana Miller <ana@x.example> <old@x.example>
    today 2025-02-01
    """
    whole = world.show("Ana Miller")
    said = who.split(world.desk, whole.id, ["old@x.example"])
    alone = world.show("old@x.example")
    assert (alone.id, alone.contacts) == (said.other, 2)
    assert world.show("ana@x.example").id == whole.id
    world.tell("card Ana Miller <ana@x.example> <old@x.example> org Orchard")
    assert world.show("old@x.example").id == said.other, "the owner's word outranks a later card"
    world.undo(2)
    assert world.show("old@x.example").id == whole.id


def test_a_card_goes_with_the_only_address_that_it_names(world: World) -> None:
    """
    card Ana Miller <ana@x.example> tel +49301234567
    card Anna Smith <anna@y.example> tel +49307654321
    2025-01-05 mail me > ana@x.example
    today 2025-02-01
    """
    before = world.picture()
    merged = who.merge(world.desk, ["ana@x.example", "anna@y.example"])
    said = who.split(world.desk, merged.person, ["anna@y.example"])
    alone = world.show(said.other)
    assert alone.name == "Anna Smith"
    assert {one.value for one in alone.identities} == {"anna@y.example", "+49307654321"}
    assert world.show("ana@x.example").name == "Ana Miller"
    world.undo(2)
    assert world.picture() == before


def test_one_sources_worth_is_split_off(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    card Ana Miller <ana@x.example> tel +49301234567
    today 2025-02-01
    """
    said = who.split(world.desk, "ana@x.example", source="vcard")
    assert world.show("+49 30 1234567").id == said.other
    assert [one.value for one in world.show("ana@x.example").identities] == ["ana@x.example"]


def test_what_was_kept_apart_is_not_joined_by_a_card(world: World) -> None:
    """
    2025-01-05 mail Jan Smith <jan@x.example> > me
    2025-01-06 mail Jan Smith <jan@y.example> > me
    today 2025-02-01
    """
    who.keep_apart(world.desk, "jan@x.example", "jan@y.example")
    world.tell("card Jan Smith <jan@x.example> <jan@y.example>")
    assert len(_groups(world)) == 2


def test_of_two_words_that_contradict_the_later_one_stands(world: World) -> None:
    """
    2025-01-05 mail Jan Smith <jan@x.example> > me
    2025-01-06 mail Jan Smith <jan@y.example> > me
    today 2025-02-01
    """
    who.merge(world.desk, ["jan@x.example", "jan@y.example"])
    said = who.split(world.desk, "jan@x.example", ["jan@y.example"])
    assert world.show("jan@y.example").id == said.other
    who.merge(world.desk, ["jan@x.example", "jan@y.example"])
    assert len(_groups(world)) == 1


def test_the_spellings_of_one_mailbox_are_one_person(world: World) -> None:
    """
    2025-01-05 mail Ana.Miller@gmail.com > me
    2025-01-06 mail me > anamiller+shop@googlemail.com
    2025-01-07 mail bo+news@x.example > me
    2025-01-08 mail me > bo@x.example
    2025-01-08 mail me > b.o@x.example
    today 2025-02-01
    """
    assert _groups(world) == {
        frozenset({"ana.miller@gmail.com", "anamiller+shop@googlemail.com"}),
        frozenset({"bo@x.example", "bo+news@x.example"}),
        frozenset({"b.o@x.example"}),
    }
    world.tell("2025-01-09 mail me > anamiller@gmail.com")
    assert len(world.show("anamiller@gmail.com").identities) == 3
    who.split(world.desk, "bo@x.example", ["bo+news@x.example"])
    assert frozenset({"bo@x.example"}) in _groups(world)


def test_what_cannot_be_joined_or_split_says_why(world: World) -> None:
    """
    2025-01-05 mail Ana <ana@x.example> > me
    2025-01-05 mail Bo <bo@x.example> > me
    today 2025-02-01
    """
    for call, code in (
        (lambda: who.merge(world.desk, ["ana@x.example"]), Code.USAGE),
        (lambda: who.merge(world.desk, ["ana@x.example", "me@home.example"]), Code.USAGE),
        (lambda: who.split(world.desk, "ana@x.example", ["bo@x.example"]), Code.NOT_FOUND),
        (lambda: who.split(world.desk, "ana@x.example", ["ana@x.example"]), Code.USAGE),
        (lambda: who.split(world.desk, "ana@x.example"), Code.USAGE),
        (lambda: who.split(world.desk, "ana@x.example", source="telegram"), Code.NOT_FOUND),
        (lambda: who.keep_apart(world.desk, "ana@x.example", "Ana"), Code.REFUSED),
    ):
        with pytest.raises(AmityError) as caught:
            call()
        assert caught.value.code is code


def test_a_repeated_request_is_done_once(world: World) -> None:
    """
    2025-01-05 mail me > ana@x.example
    2025-01-05 mail me > ana+y@x.example
    today 2025-02-01
    """
    one = who.split(world.desk, "ana@x.example", ["ana+y@x.example"], key="once")
    assert who.split(world.desk, "ana@x.example", ["ana+y@x.example"], key="once") == one
    assert len(world.undo(10)) == 2  # the split and the import


ADDRESSES = ("a@x.example", "b@x.example", "c@x.example", "d@x.example")
steps = st.lists(
    st.one_of(
        st.tuples(st.just("merge"), st.lists(st.sampled_from(ADDRESSES), min_size=2, max_size=3, unique=True)),
        st.tuples(st.just("split"), st.lists(st.sampled_from(ADDRESSES), min_size=2, max_size=2, unique=True)),
        st.tuples(st.just("apart"), st.lists(st.sampled_from(ADDRESSES), min_size=2, max_size=2, unique=True)),
        st.tuples(st.just("tell"), st.lists(st.sampled_from(ADDRESSES), min_size=2, max_size=2, unique=True)),
        st.tuples(st.just("undo"), st.just([])),
        st.tuples(st.just("redo"), st.just([])),
    ),
    max_size=8,
)


def _step(world: World, step: tuple[str, list[str]], number: int) -> None:
    verb, named = step
    try:
        if verb == "merge":
            who.merge(world.desk, named)
        elif verb == "split":
            who.split(world.desk, named[0], named[1:])
        elif verb == "apart":
            who.keep_apart(world.desk, *named)
        elif verb == "tell":
            world.tell(f"card Z{number} <{named[0]}> <{named[1]}>")
        elif verb == "redo":
            world.redo()
        elif len(decisions.standing(world.database)) > 1:
            world.undo()
    except AmityError as error:
        assert error.code in (Code.USAGE, Code.NOT_FOUND, Code.REFUSED)  # noqa: PT017 - what a step may be refused for


def _ids(world: World) -> dict[str, str]:
    return {address: world.show(address).id for address in ADDRESSES}


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_whatever_was_said_taking_all_of_it_back_is_the_beginning(sequence: list[tuple[str, list[str]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        world.tell("\n".join(f"2025-01-0{day} mail {one} > me" for day, one in enumerate(ADDRESSES, 1)))
        before, ids = world.picture(), _ids(world)
        for number, step in enumerate(sequence):
            _step(world, step, number)
            stepwise = world.roster_and_ties()
            world.database.execute("DELETE FROM derived_state WHERE name = 'roster_basis'")
            assert world.roster_and_ties() == stepwise, "worked out step by step as at once"
        while len(decisions.standing(world.database)) > 1:
            world.undo()
        assert world.picture() == before
        assert _ids(world) == ids
        world.close()
