"""The simulation of a year of advice: its worlds, its policies, and that it is the same every time."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.plan import (
    BEFORE,
    BEGAN,
    FEW,
    MINUTES,
    OWN_SEEDS,
    OWNERS,
    POLICIES,
    TEST,
    TIES,
    TOUCHES,
    TRAIN,
    Fitted,
    Kind,
    born,
    simulate,
)

WORLD = [Fitted("made up", (Kind(0.5, 0.1, 10), Kind(0.1, 0.04, 10)), 0.7, 0.02, 0.6)]


def test_every_policy_meets_the_same_luck_and_keeps_to_the_same_hour() -> None:
    for name, policy in POLICIES.items():
        if not name.startswith("Amity") and name != "respectful oracle":
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


@pytest.mark.parametrize("name", ["Amity", "Amity, told of nobody"])
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


def test_the_respectful_oracle_leaves_alone_whoever_let_a_word_lie() -> None:
    assert simulate(WORLD, 2, 1.0, POLICIES["respectful oracle"]).unwanted <= 20
    assert simulate(WORLD, 2, 1.0, POLICIES["oracle"]).unwanted > 20


def test_the_owners_who_are_reported_are_none_of_those_on_whom_things_are_chosen() -> None:
    assert OWN_SEEDS[TEST] - OWN_SEEDS[TRAIN] >= 100 * OWNERS


def test_a_tie_begins_with_a_contact_on_record_and_a_meeting_that_was_advised_is_one() -> None:
    life = born(WORLD, 5, 1.0)
    assert {person for person, *_ in life.rows} == set(range(TIES))
    life.chances[0, :, 1] = 0.0  # whoever is written to answers
    life.to_see = {7}
    life.live([7, 8])
    assert (7, life.rows[0][1] + 7 * BEGAN - 1, 0) in life.rows
    assert (8, life.rows[0][1] + 7 * BEGAN - 1, 0) not in life.rows
