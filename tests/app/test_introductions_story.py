"""Introductions, told as stories: two who both must want it."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days

from amity.app import entries, introductions, paths, plan
from amity.app.introductions import IntroductionLine
from amity.errors import AmityError, Code


@pytest.fixture
def known(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    names = ("Ana Sol", "Bo Hill", "Cleo Far")
    lines = [f"{day} mail {name} > me" for name in names for day in days("2024-02-03", 20, 18)]
    lines += [f"{day} mail me > {name}" for name in names for day in days("2024-02-05", 20, 18)]
    made.tell("\n".join(["card Bo Hill <bo.hill@x.example> org Sea;School", *lines]))
    return made


def propose(world: World, **more: object) -> IntroductionLine:
    return introductions.propose(world.desk, "Ana Sol", "Bo Hill", "both restore old boats", **more)  # type: ignore[arg-type]


def do(world: World, what: str, person: str = "", **more: str) -> IntroductionLine:
    (line,) = introductions.list_(world.desk, every=True)
    return introductions.step(world.desk, line.id, what, person, **more)


def test_from_the_thought_to_the_thanks(known: World) -> None:
    begun = propose(known)
    assert (begun.stage, begun.next) == ("proposed", "Ask Ana Sol whether they would like to meet Bo Hill")
    assert [draft.to for draft in begun.texts] == [("Ana Sol",), ("Ana Sol",)]
    assert do(known.on("2025-02-02"), "asked").stage == "asked"
    assert do(known.on("2025-02-04"), "yes").next.startswith("Ask Bo Hill")
    do(known.on("2025-02-05"), "asked")
    both = do(known.on("2025-02-07"), "yes", "Bo")
    assert (both.stage, [draft.to for draft in both.texts]) == ("both willing", [("Ana Sol", "Bo Hill")])
    do(known.on("2025-02-08"), "introduced")
    do(known.on("2025-03-08"), "met")
    came = do(known.on("2025-05-08"), "outcome", words="a boat of their own")
    assert (came.outcome, came.next) == ("a boat of their own", "Thank Ana Sol for being open to meeting Bo Hill")
    do(known, "thanked")
    assert do(known, "thanked").stage == "both thanked"
    assert introductions.list_(known.desk) == ()
    (entry,) = entries.balance(known.desk).entries
    assert (entry.status, entry.outcome, entry.kind) == ("led_on", "a boat of their own", "introduction")
    ripple = entries.note(known.desk, "thanks", ["Ana Sol"], "thanked me for Bo", by="them", parent=entry.id)
    assert [branch.entry.id for branch in entries.ripple(known.desk)] == [entry.id, ripple.id]


def test_each_step_is_taken_back_by_undo(known: World) -> None:
    propose(known)
    do(known, "asked")
    do(known, "yes")
    known.undo()
    assert introductions.list_(known.desk)[0].stage == "asked"
    known.undo(2)
    assert introductions.list_(known.desk) == ()
    known.redo()
    assert introductions.list_(known.desk)[0].stage == "proposed"


def test_they_were_introduced_in_2019(known: World) -> None:
    entries.note(known.desk, "introduction", ["Bo Hill", "Ana Sol"], "at the fair", on="2019-05-03")
    with pytest.raises(AmityError) as raised:
        propose(known)
    assert raised.value.code is Code.REFUSED
    assert "You introduced Bo Hill and Ana Sol on 2019-05-03." in raised.value.message
    assert propose(known, again=True).stage == "proposed"


def test_a_no_with_grace_ends_it_and_is_remembered(known: World) -> None:
    propose(known)
    for what, person in (("asked", "Ana"), ("yes", "Ana"), ("asked", "Bo")):
        do(known, what, person)
    ended = do(known, "no", "Bo", words="too much on his plate")
    assert ended.stage == "declined"
    assert {draft.to for draft in ended.texts} == {("Bo Hill",), ("Ana Sol",)}
    assert "plate" not in ended.texts[-1].text
    with pytest.raises(AmityError) as raised:
        propose(known)
    assert "did not want" in raised.value.message


def test_one_key_begins_one_introduction(known: World) -> None:
    first = propose(known, key="k")
    assert propose(known, key="k").id == first.id
    assert len(introductions.list_(known.desk)) == 1


def test_nobody_is_introduced_to_themselves_or_to_the_owner_or_for_no_reason(known: World) -> None:
    for one, other, why in (("Ana Sol", "Ana Sol", "x"), ("Ana Sol", "me@home.example", "x"), ("Ana Sol", "Bo", " ")):
        with pytest.raises(AmityError) as raised:
            introductions.propose(known.desk, one, other, why)
        assert raised.value.code is Code.USAGE
    with pytest.raises(AmityError) as raised:
        introductions.step(known.desk, "e99", "asked")
    assert raised.value.code is Code.NOT_FOUND


def test_that_they_may_know_each_other_is_said_first(known: World) -> None:
    known.tell("2025-01-05 letter Ana Sol > Bo Hill\n2025-01-09 letter Bo Hill > Ana Sol")
    assert propose(known).notes == ("They may know each other: seen together on 2 days, last 2025-01-09.",)


def test_who_was_asked_lately_may_be_spared(known: World) -> None:
    propose(known)
    do(known, "asked", "Ana")
    line = introductions.propose(known.desk, "Cleo Far", "Ana Sol", "both sing")
    assert line.notes == ("Ana Sol was asked or introduced lately (Bo Hill, 2025-02-01): perhaps spare them for now.",)


def test_who_is_not_yet_introduced_does_not_know_the_other(known: World) -> None:
    known.tell("2024-06-01 letter Gus > Cleo Far")
    before = [[step.to for step in path.steps] for path in paths.find(known.desk, "Bo Hill").paths]
    propose(known)
    assert [[step.to for step in path.steps] for path in paths.find(known.desk, "Bo Hill").paths] == before
    for what, person in (("yes", "Ana"), ("yes", "Bo"), ("introduced", "")):
        do(known, what, person)
    assert ["Ana Sol", "Bo Hill"] in [
        [step.to for step in path.steps] for path in paths.find(known.desk, "Bo Hill").paths
    ]


def test_what_waits_is_suggested_and_what_was_asked_waits_for_them(known: World) -> None:
    propose(known)
    assert suggested(known) == {"Ask Ana Sol whether they would like to meet Bo Hill"}
    do(known, "asked")
    assert suggested(known) == set()
    do(known, "yes")
    assert suggested(known) == {"Ask Bo Hill whether they would like to meet Ana Sol"}
    do(known, "yes", "Bo")
    assert suggested(known) == {"Introduce Ana Sol and Bo Hill to each other: both have said yes"}
    do(known, "introduced")
    assert suggested(known.on("2025-02-10")) == set()
    assert suggested(known.on("2025-02-25")) == {"Ask Ana Sol whether they met Bo Hill"}


def suggested(world: World) -> set[str]:
    made = plan.today(world.desk, minutes=240, limit=20).suggestions
    for one in made:
        assert one.opener.endswith((".", "?"))
    return {one.act for one in made if one.trigger == "introduce"}
