"""Leaving with everything and coming back: what the owner said is read back as it was said."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from world import World, days

from amity.app import (
    aliases,
    closeness,
    encounters,
    entries,
    export,
    facts,
    goals,
    intake,
    introductions,
    people,
    plan,
    upkeep,
    who,
)
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code

PEOPLE = ("Ana", "Bo", "Cleo", "Dee")
HISTORY = "\n".join(
    [
        f"{day} mail {name} <{name.lower()}@x.example> > me: on {day}"
        for name in PEOPLE
        for day in days("2024-03-03", 20, 15)
    ]
    + [f"{day} mail me > {name} <{name.lower()}@x.example>" for name in PEOPLE for day in days("2024-03-05", 20, 15)]
    + [
        "2025-01-20 meeting me + Eve Low <eve@x.example>: Tidal power",
        "2025-01-21 mail Anna Working <ana@work.example> > me",
    ]
)


def _vault(folder: Path) -> World:
    world = World(folder)
    world.day = date(2025, 2, 1)
    world.tell(HISTORY)
    return world


def _back(world: World, folder: Path, *, private: bool = True) -> World:
    """Leave with everything, and come into a fresh vault with it."""
    export.write(world.desk, folder / "out", private=private)
    other = World(folder / "again")
    other.day = world.day
    intake.import_(other.desk, [str(folder / "out")])
    return other


def _picture(world: World) -> dict[str, Any]:
    """Tell what the owner said, and what stands on it, without the numbers of this vault."""
    desk = world.desk
    names = {one.id: one.name for one in people.find(desk, limit=100).people}
    told: dict[str, Any] = {
        "people": {
            name: sorted(
                (f.field, f.label, f.value, f.private, f.yours, f.on if f.yours else "") for f in world.show(p).facts
            )
            for p, name in names.items()
        },
        "analysed": {name: world.show(p).analysed for p, name in names.items()},
        "aliases": {name: sorted(world.show(p).aliases) for p, name in names.items()},
        "fields": facts.fields(desk),
        "entries": [_plain(one) for one in entries.balance(desk, limit=100).entries],
        "loops": [_plain(one) for one in entries.balance(desk).loops],
        "goals": [_plain(goals.list_(desk, one.id)[0]) for one in goals.list_(desk)],
        "events": [_plain(one) for one in encounters.list_(desk).events],
        "introductions": [_plain(one) for one in introductions.list_(desk, every=True)],
        "ties": {names.get(f"p{person}"): word for person, word in words_on_ties(desk.database).words.items()},
        "today": [(one.person.name, one.trigger) for one in plan.today(desk).suggestions],
        "history": [
            (one.kind, one.summary, one.undone)
            for one in upkeep.history(desk, 1000)
            if one.kind not in ("import", "me")
        ],
        "me": people.me(desk).handles,
    }
    return told


def _plain(line: Any) -> Any:
    """Return a line without ids."""

    def without(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                name: without(one) for name, one in value.items() if name not in ("id", "entry", "parent", "source")
            }
        return [without(one) for one in value] if isinstance(value, (list, tuple)) else value

    return without(msgspec.to_builtins(line))


def _say_much(world: World) -> None:
    desk = world.desk
    facts.define(desk, "Shoe size")
    facts.tell(desk, "Ana", "shoe size", "39")
    note = facts.tell(desk, "Ana", "note", "her secret")
    facts.amend(desk, "Ana", note.id, private=True)
    facts.amend(desk, "Ana", facts.tell(desk, "Ana", "offer", "a boat").id, value="two boats")
    facts.amend(desk, "Bo", facts.tell(desk, "Bo", "taste", "tea").id, gone=True)
    aliases.call(desk, "Cleo", "Loris")
    facts.analyse(desk, "Dee", analysed=False)
    first = entries.note(desk, "gift", ["Ana"], "the paper", sort="idea")
    entries.note(desk, "introduction", ["Bo"], "to Ben", by="them", parent=first.id)
    entries.amend(desk, first.id, outcome="she built it", told=False)
    entries.note(desk, "promise", ["Cleo"], "the slides")
    closeness.tell(desk, "Cleo", ring="inner")
    goal = goals.add(desk, "A first night", "2025-10-09", "the play", ["readers"])
    goals.aim(desk, goal.id, ["Ana", "Bo", "Nobody Yet"])
    goals.tell(desk, goal.id, "Bo", stage="trusts")
    goals.amend(desk, goal.id, why="the second play")
    event = encounters.open_(desk, "Web Summit", "2025-01-10")
    encounters.add(desk, event.id, ["Finn Sol <finn@x.example>, batteries"])
    (meeting,) = encounters.list_(desk).proposed
    encounters.refuse(desk, meeting.id)
    proposed = introductions.propose(desk, "Ana", "Bo", "both build boats")
    introductions.step(desk, proposed.id, "asked", "Ana")
    who.merge(desk, ["Ana", "ana@work.example"])
    who.split(desk, "ana@x.example", ["ana@work.example"])
    world.log("coffee with Zoe yesterday")
    for one in plan.today(desk).suggestions[:2]:
        plan.answer(desk, one.id, "snooze")
    facts.tell(desk, "Bo", "need", "a flat")
    world.undo(2)
    world.redo()


def test_all_that_was_said_comes_back(tmp_path: Path) -> None:
    world = _vault(tmp_path / "world")
    _say_much(world)
    (tmp_path / "face.gif").write_bytes(b"GIF89a\x02\x00\x02\x00;")
    photo = facts.attach(world.desk, "Ana", tmp_path / "face.gif", photo=True)
    (tmp_path / "map.png").write_bytes(b"a map")
    kept = facts.attach(world.desk, "Ana", tmp_path / "map.png")
    before = _picture(world)
    again = _back(world, tmp_path)
    after = _picture(again)
    for part in before:
        assert after[part] == before[part], part
    assert (again.folder / "vault" / "files" / kept.label).read_bytes() == b"a map"
    assert (again.folder / "vault" / "files" / photo.label).read_bytes() == b"GIF89a\x02\x00\x02\x00;"
    assert "Tidal power" not in {one.name for one in encounters.list_(again.desk).proposed}
    again.undo()
    (file,) = [one for one in again.show("Ana").facts if one.field == "file"]
    assert not file.yours, "what was said can be taken back there; the card still says it"
    intake.import_(world.desk, [str(tmp_path / "out" / "everything.json")])
    assert _picture(world) == before, "in its own vault all of it is known"
    again.close()


def test_what_is_corrected_after_coming_back_does_not_come_back_from_the_card(tmp_path: Path) -> None:
    world = _vault(tmp_path / "world")
    facts.tell(world.desk, "Ana", "offer", "a boat")
    facts.tell(world.desk, "Ana", "taste", "tea")
    again = _back(world, tmp_path)
    for field, change in (("offer", {"value": "two boats"}), ("taste", {"gone": True})):
        (one,) = [line for line in again.show("Ana").facts if line.field == field]
        facts.amend(again.desk, "Ana", one.id, **change)  # type: ignore[arg-type]
    assert [(one.field, one.value) for one in again.show("Ana").facts] == [("offer", "two boats")]
    again.close()


def test_what_is_private_stays_behind(tmp_path: Path) -> None:
    world = _vault(tmp_path / "world")
    facts.tell(world.desk, "Ana", "worry", "her mother", private=True)
    facts.tell(world.desk, "Ana", "need", "a flat")
    again = _back(world, tmp_path, private=False)
    assert [(one.field, one.yours) for one in again.show("Ana").facts] == [("need", True)]
    again.close()


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda told: told["decisions"][-1]["body"]["fact"].update(field="no field"), Code.DAMAGED),
        (lambda told: told["decisions"][-1].update(body={}), Code.DAMAGED),
        (lambda told: told["decisions"][-1].update(today="yesterday"), Code.DAMAGED),
        (lambda told: told["decisions"][-1].update(id="one"), Code.DAMAGED),
        (lambda told: told["amity"].update(format=2), Code.REFUSED),
    ],
)
def test_a_file_that_does_not_hold_together_is_refused_whole(
    tmp_path: Path, spoil: Callable[[Any], Any], code: Code
) -> None:
    world = _vault(tmp_path / "world")
    facts.tell(world.desk, "Ana", "need", "a flat")
    export.write(world.desk, tmp_path / "out")
    file = tmp_path / "out" / "everything.json"
    told = json.loads(file.read_text(encoding="utf-8"))
    spoil(told)
    file.write_text(json.dumps(told).replace('{"amity": {', '{"amity": {', 1), encoding="utf-8")
    other = _vault(tmp_path / "other")
    before = _picture(other)
    with pytest.raises(AmityError) as refusal:
        intake.import_(other.desk, [str(file)])
    assert refusal.value.code is code
    assert _picture(other) == before
    assert upkeep.verify(other.desk).sound
    other.close()


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Co", "Cn")), min_size=1, max_size=12
).filter(str.strip)
ACTS = st.one_of(
    st.tuples(st.just("fact"), st.sampled_from(PEOPLE), st.sampled_from(("need", "offer", "note", "taste")), TEXTS),
    st.tuples(st.just("gift"), st.sampled_from(PEOPLE), st.sampled_from(("idea", "help")), TEXTS),
    st.tuples(st.just("goal"), st.sampled_from(PEOPLE), st.integers(1, 400), TEXTS),
    st.tuples(st.just("met"), st.sampled_from(PEOPLE), st.integers(0, 20), TEXTS),
    st.tuples(st.just("correct"), st.sampled_from(PEOPLE), st.sampled_from(("gone", "private", "value")), TEXTS),
    st.tuples(st.just("undo"), st.just(""), st.integers(1, 3), st.just("")),
    st.tuples(st.just("redo"), st.just(""), st.just(0), st.just("")),
)


def _do(world: World, what: str, person: str, how: Any, text: str) -> None:
    desk = world.desk
    if what == "fact":
        facts.tell(desk, person, how, text)
    elif what == "gift":
        entries.note(desk, "gift", [person], text, sort=how)
    elif what == "goal":
        goal = goals.add(desk, text, (world.day + timedelta(days=how)).isoformat())
        goals.aim(desk, goal.id, [person])
    elif what == "met":
        event = encounters.open_(desk, text, (world.day - timedelta(days=how)).isoformat())
        encounters.add(desk, event.id, [person])
    elif what == "correct":
        mine = [line for line in world.show(person).facts if line.yours]
        if mine:
            said = {"value": text} if how == "value" else {how: True}
            facts.amend(desk, person, mine[0].id, **said)
    elif what == "undo":
        world.undo(how)
    else:
        world.redo()


@settings(
    max_examples=15, deadline=None, phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck)
)
@given(st.lists(ACTS, max_size=8))
def test_whatever_was_said_comes_back(acts: list[Any]) -> None:
    with TemporaryDirectory() as room:
        world = _vault(Path(room) / "world")
        facts.tell(world.desk, "Ana", "field", "boats")
        for act in acts:
            try:
                _do(world, *act)
            except AmityError as error:
                if error.code not in (Code.USAGE, Code.NOT_FOUND):
                    raise
        before = _picture(world)
        again = _back(world, Path(room))
        assert _picture(again) == before
        again.close()
        world.close()
