"""Laws of the river: whatever the order and the steps, the same facts and decisions make the same people and ties."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import World

from amity.app import people, plan
from amity.store import derived

NAMES = ("Ana", "Bo", "Chris", "Dora", "info@firm.example", "no-reply@shop.example", "Ana <a.miller@y.example>")
ALIASES = ("Ana Miller <ana@x.example>", "BO <bo@x.example>")
DAY = date(2025, 2, 1)
# A world is dear to build, so a failure is not made smaller: its archive is short enough to read.
few = settings(
    max_examples=25, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)


@contextmanager
def _world(me: bool = True) -> Iterator[World]:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder)) if me else World(Path(folder), me=())
        world.day = DAY
        yield world
        world.close()


class Told:
    """Lines of the notation, each at a time of its own, so that none equals another."""

    def __init__(self) -> None:
        self.count = 0

    def line(self, ago: int, kind: str, who: tuple[str, ...], mine: int) -> str:
        """Tell one contact of some people; `mine` says which part the owner has in it."""
        self.count += 1
        day = (DAY - timedelta(days=ago)).isoformat()
        when = f"{day}T{self.count // 60 % 24:02}:{self.count % 60:02}:00Z"
        if kind == "meeting":
            return f"{when} meeting {' + '.join(('me', *who) if mine else who)}: m{self.count}"
        first, *rest = ("me", *who) if mine == 1 else (*who, "me") if mine == 2 else who
        readers, copied = (rest[:1], rest[1:]) if mine == 3 else (rest, [])
        carbon = f" cc {', '.join(copied)}" if copied else ""
        return f"{when} {kind} {first} > {', '.join(readers)}{carbon}: m{self.count}"


contacts = st.tuples(
    st.integers(-60, 900),
    st.sampled_from(("mail", "mail", "mail", "chat", "call", "meeting", "mail[list]", "mail[auto]")),
    st.lists(st.sampled_from(NAMES + ALIASES), min_size=1, max_size=3, unique=True).map(tuple),
    st.integers(0, 3),
)
archives = st.lists(contacts, min_size=1, max_size=40).map(
    lambda found: (lambda t: [t.line(*c) for c in found])(Told())
)
cards = st.lists(
    st.sampled_from(
        (
            "card Ana Miller <ana@x.example> <a.miller@y.example> born 1990-02-03",
            "card Ana Miller <ana@x.example> tel +49301234567 org Orchard",
            "card Bo Stone <bo@x.example> <info@firm.example>",
            "card Bo Miller <bo@x.example> <ana@x.example>",
            "card Chris uid c1 rev 20250101T000000Z",
            "card Chris <chris@x.example> uid c1 rev 20250301T000000Z",
            "card  <dora@x.example> <chris@x.example>",
            "card Dora Own <me@home.example> <dora@x.example>",
        )
    ),
    max_size=3,
)


def _rows(world: World) -> dict[str, list[Any]]:
    """Return the derived tables row by row."""
    world.today()
    return {
        table: world.database.execute(f"SELECT * FROM derived_{table} ORDER BY 1").fetchall()
        for table in ("strand", "person", "belongs", "redirect", "tie", "tally", "suggestion")
    }


@few
@given(archives, st.randoms(use_true_random=False), st.integers(1, 4))
def test_neither_the_order_of_files_nor_their_number_matters(lines: list[str], rng: Any, parts: int) -> None:
    with _world() as whole, _world() as split:
        whole.tell("\n".join(lines))
        shuffled = rng.sample(lines, len(lines))
        for part in range(parts):
            if shuffled[part::parts]:
                split.tell("\n".join(shuffled[part::parts]))
                if rng.random() < 0.5:
                    split.today()
        assert split.roster_and_ties() == whole.roster_and_ties()


@few
@given(archives, cards)
def test_importing_the_same_again_changes_nothing(lines: list[str], book: list[str]) -> None:
    with _world(me=False) as world:
        files = world.files("\n".join(lines + book))
        from amity.app import intake

        intake.import_(world.desk, files)
        tables, rows = world.tables(), _rows(world)
        again = intake.import_(world.desk, files)
        assert [source.new for source in again.sources] == [0] * len(files)
        assert all(source.read == source.known + len(source.troubles) for source in again.sources)
        assert world.tables() == tables
        assert _rows(world) == rows


@few
@given(st.lists(st.tuples(archives, cards, st.integers(0, 6)), min_size=1, max_size=5), st.integers(-30, 30))
def test_step_by_step_is_the_same_as_all_at_once(steps: list[tuple[list[str], list[str], int]], shift: int) -> None:
    with _world() as world:
        told = Told()
        for number, (lines, book, act) in enumerate(steps):
            unlike = [f"{line} of {number}" for line in lines]
            world.tell("\n".join(unlike if act % 2 else unlike[:2] + book))
            world.today()
            _act(world, act, told)
            world.day = DAY + timedelta(days=shift if act == 5 else 0)
            world.today()
        rows = _rows(world)
        with world.database.transaction():
            derived.drop(world.database)
        assert _rows(world) == rows


@few
@given(archives, cards, st.integers(-30, 600))
def test_as_of_a_day_is_the_same_as_an_archive_that_ends_on_it(lines: list[str], book: list[str], ago: int) -> None:
    day = DAY - timedelta(days=ago)
    seen = [line for line in lines if line[:10] <= day.isoformat()]
    known = [card for card in book if " rev " not in card or card.split(" rev ")[1][:8] <= f"{day:%Y%m%d}"]
    with _world() as full, _world() as cut:
        full.day = cut.day = day
        full.tell("\n".join(lines + book))
        if seen or known:
            cut.tell("\n".join(seen + known))
        mine = full.picture(), cut.picture()
        assert mine[0]["ties"] == mine[1]["ties"]
        assert _without_the_owner(mine[0]) == _without_the_owner(mine[1])
        full.day = DAY + timedelta(days=400)
        full.today()
        full.day = day
        assert full.roster_and_ties() == {name: mine[0][name] for name in ("people", "ties")}


def _without_the_owner(picture: dict[str, Any]) -> dict[str, Any]:
    """Leave out the owner, whose addresses are kept once they were named, and stand alone until they are seen."""
    return picture | {"people": {who: row for who, row in picture["people"].items() if row[0] != "me"}}


def _act(world: World, act: int, told: Told) -> None:
    """Do one thing that an owner may do, where there is occasion for it."""
    listed = people.find(world.desk, limit=100).people
    acts: dict[int, Callable[[], object]] = {
        1: lambda: world.log(f"coffee with {listed[0].id if listed else 'Zoe'} yesterday"),
        2: lambda: world.log("lunch with Zoe Berg today"),
        3: lambda: people.tell_machine(world.desk, listed[-1].id, is_machine=True) if listed else None,
        4: lambda: people.set_me(world.desk, add=["chris@x.example"]),
        5: lambda: people.set_me(world.desk, remove=["chris@x.example"], add=["a.miller@y.example"]),
        6: lambda: [plan.answer(world.desk, one.id, "not_this") for one in world.today().suggestions[:1]],
    }
    told.count += 1
    acts.get(act, lambda: None)()


@few
@given(archives, st.lists(st.tuples(st.integers(0, 7), archives, cards), min_size=1, max_size=6))
def test_taking_back_goes_the_same_way_back_and_bringing_back_forth(
    base: list[str], deeds: list[tuple[int, list[str], list[str]]]
) -> None:
    with _world() as world:
        world.tell("\n".join(base))
        pictures = [_without_the_owner(world.picture())]
        done = _changes(world)
        steps = [0]
        for number, (act, lines, book) in enumerate(deeds):
            if act in (0, 7):
                world.tell("\n".join([f"{line} of {number}" for line in lines[:5]] + book))
            else:
                _act(world, act, Told())
            pictures.append(_without_the_owner(world.picture()))
            steps.append(_changes(world) - done)
        forth = pictures[-1]
        for before, after in zip(reversed(steps[:-1]), reversed(steps[1:]), strict=True):
            for _ in range(after - before):
                world.undo()
            pictures.pop()
            assert _without_the_owner(world.picture()) == pictures[-1]
        for _ in range(steps[-1]):
            world.redo()
        assert _without_the_owner(world.picture()) == forth


def _changes(world: World) -> int:
    count = world.database.value("SELECT count(*) FROM decision WHERE undoes IS NULL")
    assert isinstance(count, int)
    return count
