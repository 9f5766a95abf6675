"""Worlds, told as stories: who belongs together from what the archive shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days

from amity.app import facts, worlds

CHOIR = ("Ana", "Bo", "Cleo", "Dee")
LAB = ("Eve", "Finn", "Gus")


@pytest.fixture
def known(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    lines = [f"{day} meeting me + {' + '.join(group)}" for group in (CHOIR, LAB) for day in days("2024-03-01", 30, 9)]
    cards = [f"card {name} <{name.lower()}@x.example> uid {name} org Choir" for name in CHOIR]
    made.tell("\n".join([*lines, *cards, "2025-01-10 meeting me + Zoe"]))
    return made


def test_two_worlds_one_named_by_what_joins_it_one_by_its_middle(known: World) -> None:
    found = worlds.list_(known.desk)
    choir, lab = found.worlds
    assert (choir.name, choir.why, choir.people) == ("Choir", "4 of 4: Choir", 4)
    assert lab.name.startswith("the circle around ")
    assert {who.name for who in lab.known} == set(LAB)
    assert (found.alone, found.contacts) == (1, 8)
    assert 1 < found.effective_size < 8
    assert 0 < found.constraint < 1
    assert "Partly observed" in found.notes[0]


def test_a_bridge_that_nobody_walked_is_told(known: World) -> None:
    later = worlds.list_(known.on("2026-01-05").desk)
    assert later.embedded.ties == 7
    assert later.embedded.alive == 0
    assert all(world.thin for world in later.worlds)


def test_later_days_are_not_seen(known: World) -> None:
    assert worlds.list_(known.on("2024-02-01").desk).worlds == ()
    assert worlds.map_(known.on("2024-02-01").desk).id == ()


def test_who_is_not_to_be_analysed_is_in_no_world(known: World) -> None:
    facts.analyse(known.desk, "Eve", analysed=False)
    assert "Eve" not in {who.name for world in worlds.list_(known.desk).worlds for who in world.known}
    assert "Eve" not in worlds.map_(known.desk).name


def test_the_map_is_whole_and_may_be_bounded(known: World) -> None:
    drawn = worlds.map_(known.desk)
    assert set(drawn.name) == {*CHOIR, *LAB, "Zoe"}
    assert (len(drawn.a), drawn.acquaintances) == (9, 9)
    assert set(drawn.first) == {2024}
    place = {name: number for number, name in enumerate(drawn.name)}
    assert drawn.worlds[drawn.world[place["Ana"]]] == "Choir"
    assert drawn.world[place["Zoe"]] == -1
    assert len(worlds.map_(known.desk, people=4).id) == 4
    assert len(worlds.map_(known.desk, ties=2).a) == 2
