"""Answers that are kept: for the process, and in the vault, while nothing that they stand on has changed."""

from __future__ import annotations

from msgspec.structs import replace
from world import World

from amity.app import circles, facts, people, ties
from amity.app.desk import Desk
from amity.app.freshness import keep, remember
from amity.language import speaking
from amity.store.db import open_vault

STORY = """
2024-01-05 mail Ana > me: The house
2024-02-05 mail me > Ana: The house
2025-01-05 meeting me + Ana
2025-01-20 mail Bo > me: A boat
today 2025-02-01
"""


def counted(desk: Desk, calls: list[str], name: str = "answer") -> tuple[str, ...]:
    """Ask a question whose working out is counted."""

    def work_out() -> tuple[str, ...]:
        calls.append(name)
        return (name, str(len(calls)))

    return keep(desk, name, tuple[str, ...], work_out)


def test_an_answer_is_given_once_to_each_question(world: World) -> None:
    world.tell(STORY)
    ties.list_(world.desk)
    calls: list[str] = []
    assert counted(world.desk, calls) == counted(world.desk, calls) == ("answer", "1")
    assert counted(world.desk, calls, "another") == ("another", "2")
    assert calls == ["answer", "another"]


def test_another_process_reads_what_was_kept_in_the_vault(world: World) -> None:
    world.tell(STORY)
    ties.list_(world.desk)
    calls: list[str] = []
    first = counted(world.desk, calls)
    remember(replace(world.desk, now=1), "forget the process's own", lambda: None)
    with speaking("de"):  # the process holds the answers of one state alone
        remember(world.desk, "in German", lambda: None)
    other = replace(world.desk, database=open_vault(world.database.folder))
    assert counted(other, calls) == first
    other.database.close()
    assert calls == ["answer"]


def test_every_language_day_and_setting_has_answers_of_its_own(world: World) -> None:
    world.tell(STORY)
    ties.list_(world.desk)
    calls: list[str] = []
    counted(world.desk, calls)
    with speaking("de"):
        counted(world.desk, calls)
    counted(replace(world.desk, settings=replace(world.desk.settings, reminders=3)), calls)
    later = world.on("2025-02-02").desk
    ties.list_(later)
    counted(later, calls)
    assert len(calls) == 4


def test_what_comes_in_elsewhere_is_in_the_next_answer(world: World) -> None:
    world.tell(STORY)
    before = circles.show(world.desk), people.show(world.desk, "Ana")
    other = replace(world.desk, database=open_vault(world.database.folder))
    facts.tell(other, "Ana", "field", "sailing")
    other.database.close()
    after = circles.show(world.desk), people.show(world.desk, "Ana")
    assert after[0] == before[0]
    assert {fact.value for fact in after[1].facts} - {fact.value for fact in before[1].facts} == {"sailing"}
    world.tell("2025-01-25 mail me > Ana: The roof\ntoday 2025-02-01")
    sent = people.show(world.desk, "Ana").tie
    assert sent is not None
    assert before[1].tie is not None
    assert sent.sent == before[1].tie.sent + 1
    world.undo()
    back = people.show(world.desk, "Ana").tie
    assert back == before[1].tie
