"""Nothing that was worked out or noted in one language stays in it when another is spoken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from world import World, days

from amity.app import duplicates, mirror, people, plan, upkeep
from amity.language import known, retold, say, speaking
from amity.ledger.sentence import EXAMPLES, read_sentence


@pytest.fixture
def told(world: World) -> World:
    """Know four friends for a year, a newsletter, and one of them twice."""
    lines = []
    for place, name in enumerate(("Ana Sol", "Bo Hill", "Cleo Dee", "Ana Sol")):
        which = f"{name} <{name.split()[0].lower()}{place}@x.org>"
        lines += [f"{day} mail {which} > me" for day in days("2024-01-03", 15, 14 + place)]
        lines += [f"{day} mail me > {which}" for day in days("2024-01-05", 15, 14 + place)]
    lines += [f"{day} mail The Weekly <newsletter@news.example> > me" for day in days("2024-01-03", 30, 7)]
    world.tell("\n".join(lines))
    return world.on("2025-02-01")


def sentences(told: World) -> dict[str, Callable[[], object]]:
    desk = told.desk
    return {
        "the day": lambda: [(one.act, one.why_now, one.because) for one in plan.today(desk).suggestions],
        "the mirror": lambda: [(one.words, one.definition, one.sentence) for one in mirror.look(desk).figures],
        "machines": lambda: [one.because for one in people.machines(desk)],
        "pairs": lambda: [one.because for one in duplicates.review(desk).pairs],
        "the history": lambda: [one.summary for one in upkeep.history(desk)],
    }


def test_each_is_said_in_the_language_of_the_day_whichever_came_first(told: World) -> None:
    told.log("coffee with Bo Hill on 2025-01-20")
    english = {name: ask() for name, ask in sentences(told).items()}
    assert all(english.values()), english
    with speaking("de"):
        german = {name: ask() for name, ask in sentences(told).items()}
    for name, said in english.items():
        assert german[name] != said, name
    assert {name: ask() for name, ask in sentences(told).items()} == english


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("the file is empty", "die Datei ist leer"),
        ('"yesterday" is no date', "„yesterday“ ist kein Datum"),
        ("12 of 30", "12 von 30"),
        (
            'its rule "BY" cannot be followed: "X" is no number',
            "seiner Regel „BY“ ist nicht zu folgen: „X“ ist keine Zahl",
        ),
        ("John of Gaunt", "John of Gaunt"),
        ("words that nobody ever wrote down here", "words that nobody ever wrote down here"),
        ("", ""),
    ],
)
def test_what_was_kept_in_english_is_retold_and_what_is_no_message_stays(kept: str, said: str) -> None:
    assert retold(kept) == kept
    with speaking("de"):
        assert retold(kept) == said


@pytest.mark.parametrize("language", known())
def test_the_examples_of_a_log_are_understood_in_every_language(language: str) -> None:
    with speaking(language):
        assert [len(read_sentence(say(example), date(2025, 6, 30)).people) for example in EXAMPLES] == [1, 1, 1]
