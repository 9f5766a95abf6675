"""Goals: how ready they are; one with its targets, the plan back from its day, and whom to tell quietly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from amity.app import goals
from amity.app.desk import Desk
from amity.app.goals import GoalLine, TargetLine
from amity.language import mark
from amity.plan.goals import STAGES

GROUPS = (
    ("today", mark("Would answer today")),
    ("after_giving", mark("After some giving")),
    ("missing", mark("Missing")),
)
WORDS = {
    "unknown": mark("unknown"),
    "aware": mark("aware of you"),
    "in_touch": mark("in touch"),
    "has_received": mark("has received"),
    "trusts": mark("trusts you"),
    "asked": mark("asked"),
}


class GoalsContext(Struct, frozen=True):
    """What the page of all goals shows."""

    goals: tuple[GoalLine, ...]
    needs: tuple[str, ...]


class GoalContext(Struct, frozen=True):
    """What the page of one goal shows."""

    goal: GoalLine
    groups: tuple[tuple[str, tuple[TargetLine, ...]], ...]
    stages: tuple[str, ...]
    words: Mapping[str, str]  # of stages
    today: date


def context(desk: Desk) -> GoalsContext:
    """Gather the goals."""
    return GoalsContext(goals.list_(desk), goals.NEEDS)


def one(desk: Desk, goal: str) -> GoalContext:
    """Gather one goal. Raises AmityError NOT_FOUND where there is none of this id."""
    (line,) = goals.list_(desk, goal)
    groups = [(title, tuple(one for one in line.targets if one.would_answer == key)) for key, title in GROUPS]
    return GoalContext(line, tuple(group for group in groups if group[1]), STAGES, WORDS, desk.today)
