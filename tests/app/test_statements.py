"""Reads ask SQLite as often for a thousand people as for ten."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from world import World, days

from amity.app import facts, introductions, matches, people, plan, ties

READS: dict[str, Callable[[World], object]] = {
    "people.find": lambda world: people.find(world.desk, limit=1000),
    "people.show": lambda world: people.show(world.desk, "p1"),
    "people.machines": lambda world: people.machines(world.desk),
    "ties.list": lambda world: ties.list_(world.desk),
    "matches.list": lambda world: matches.list_(world.desk),
    "introductions.list": lambda world: introductions.list_(world.desk, every=True),
    "today again": lambda world: plan.today(world.desk),
    "today anew": lambda world: plan.today(world.desk, minutes=45),
}


def _peopled(folder: Path, count: int) -> World:
    world = World(folder)
    lines = [f"card Person {number} <p{number}@x.example> born 1990-02-03" for number in range(count)]
    for number in range(count):
        for day in days("2023-01-01", 60, 12):
            lines += [
                f"{day} mail P{number} <p{number}@x.example> > me: {number}",
                f"{day} mail me > p{number}@x.example",
            ]
        lines.append(f"2025-01-20 mail info{number}@firm.example > me")
    world.tell("\n".join(lines))
    for number in range(0, count - 1, 2):
        facts.tell(world.desk, f"p{number}@x.example", "need", "violin lessons")
        facts.tell(world.desk, f"p{number + 1}@x.example", "offer", "teaches the violin")
        introductions.propose(world.desk, f"p{number}@x.example", f"p{number + 1}@x.example", "both sing")
    for day in range(1, 8):
        world.on(f"2025-01-2{day}").today()
    world.on("2025-02-01").today()
    for one in world.today().suggestions[: min(count, 3)]:
        plan.answer(world.desk, one.id, "snooze", days=1)
    world.today()
    return world


def _queries(world: World, read: Callable[[World], object]) -> int:
    """Count the queries of a read; what it writes down for another time, a row a suggestion, is bounded by the day."""
    ran: list[str] = []

    def trace(_cursor: object, sql: str, _bindings: object) -> bool:
        if sql.lstrip().startswith(("SELECT", "WITH")):
            ran.append(sql)
        return True

    world.database.connection.exec_trace = trace
    try:
        read(world)
    finally:
        world.database.connection.exec_trace = None
    return len(ran)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, World]:
    """Make a small world and one twenty times as large."""
    return _peopled(tmp_path_factory.mktemp("few"), 6), _peopled(tmp_path_factory.mktemp("many"), 120)


@pytest.mark.parametrize("read", READS)
def test_the_number_of_queries_does_not_grow_with_the_people(worlds: tuple[World, World], read: str) -> None:
    few, many = (_queries(world, READS[read]) for world in worlds)
    assert 0 < many <= few + 1, read
    assert many <= 40


def test_a_read_of_what_is_fresh_writes_nothing(worlds: tuple[World, World]) -> None:
    world = worlds[0]
    reads = [READS[name] for name in ("people.find", "people.show", "ties.list", "today again")]
    for read in reads:
        read(world)  # what was worked out for an answer is kept with it
    before = world.database.connection.total_changes()
    for read in reads:
        read(world)
    assert world.database.connection.total_changes() == before
