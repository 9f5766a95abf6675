"""Introductions under way with a text for the next step, and matches that could become one."""

from __future__ import annotations

from msgspec import Struct

from amity.app import introductions, matches
from amity.app.desk import Desk
from amity.app.introductions import IntroductionLine
from amity.app.matches import MatchLine
from amity.language import mark

MOST = 3  # matches beside the introductions; their own page has more
# What may be said at each stage: the step and its word; of one of the two, where the stage is about one.
ANSWERS = {
    "ask": (("asked", mark("I asked")), ("yes", mark("They said yes")), ("no", mark("They said no"))),
    "wait": (("yes", mark("They said yes")), ("no", mark("They said no"))),
    "rest": (("yes", mark("They said yes")), ("no", mark("They said no")), ("dropped", mark("Let it go"))),
    "introduce": (("introduced", mark("I introduced them")), ("dropped", mark("Let it go"))),
    "hear": (("met", mark("They met")), ("nothing", mark("It came to nothing"))),
    "learn": (("outcome", mark("This came of it")), ("nothing", mark("It came to nothing"))),
    "thank": (("thanked", mark("I thanked")),),
}


class Begun(Struct, frozen=True):
    """What was typed into the form for a new introduction."""

    one: str = ""
    other: str = ""
    why: str = ""
    trouble: str = ""
    again: bool = False  # they were introduced before, and the owner may mean it all the same


class Process(Struct, frozen=True):
    """One introduction, and what may be said of it now."""

    line: IntroductionLine
    answers: tuple[tuple[str, str], ...]
    person: str  # of whom the answers are said; "" for both
    says: bool  # an answer takes words


class IntroductionsContext(Struct, frozen=True):
    """What the page of introductions shows."""

    processes: tuple[Process, ...]
    matches: tuple[MatchLine, ...]
    notes: tuple[str, ...]
    form: Begun


def context(desk: Desk, form: Begun | None = None) -> IntroductionsContext:
    """Gather the introductions under way and the matches."""
    lines = introductions.list_(desk)
    found = matches.list_(desk, limit=MOST)
    return IntroductionsContext(tuple(map(_process, lines)), found.matches, found.notes, form or Begun())


def _process(line: IntroductionLine) -> Process:
    answers = ANSWERS.get(line.move, ())
    says = any(step == "outcome" for step, _ in answers)
    return Process(line, answers, line.turn, says)
