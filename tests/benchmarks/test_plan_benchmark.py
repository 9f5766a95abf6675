"""The simulation of a year of advice: its worlds, its policies, and that it is the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.plan import (
    BEFORE,
    FEW,
    MINUTES,
    POLICIES,
    TIES,
    TOUCHES,
    Fitted,
    Kind,
    born,
    simulate,
)

WORLD = [Fitted("made up", (Kind(0.5, 0.1, 10), Kind(0.1, 0.04, 10)), 0.7, 0.02, 0.6)]


def test_every_policy_meets_the_same_luck_and_keeps_to_the_same_hour() -> None:
    for name, policy in POLICIES.items():
        if not name.startswith("Amity"):
            one = simulate(WORLD, 3, 1.0, policy)
            assert one == simulate(WORLD, 3, 1.0, policy), name
            assert one.minutes <= TOUCHES * MINUTES
            assert 0 < one.kept < 1


def test_advice_is_worth_something_and_knowing_more_is_worth_more() -> None:
    kept = {
        name: np.mean([simulate(WORLD, owner, 1.0, POLICIES[name]).kept for owner in range(8)])
        for name in ("nothing", "random", "oracle")
    }
    assert kept["nothing"] < kept["random"] < kept["oracle"]


def test_ties_that_fade_twice_as_quickly_keep_less() -> None:
    quiet = POLICIES["nothing"]
    assert (
        simulate(WORLD, 1, 2.0, quiet).kept < simulate(WORLD, 1, 1.0, quiet).kept < simulate(WORLD, 1, 0.5, quiet).kept
    )


@pytest.mark.parametrize("name", ["Amity", "Amity, ten pinned"])
def test_the_planner_never_writes_to_one_person_twice_a_week(name: str) -> None:
    life = born(WORLD, 5, 1.0)
    rng = np.random.default_rng(1)
    while life.week < BEFORE:
        life.live(())
    for _ in range(3):
        chosen = POLICIES[name](life, rng)
        assert len(chosen) == len(set(chosen)) <= TOUCHES
        assert chosen
        life.live(chosen)
    assert len(life.worth) == TIES > FEW
