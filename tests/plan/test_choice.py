"""The choice of a day: against every set there is, and greedily where a day is longer than days are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.plan.choice import REPEATED, best, greedy, worth
from amity.plan.today import MINUTES


@dataclass(frozen=True)
class Thing:
    """Something that could be done for somebody."""

    person: str
    trigger: str
    value: float

    @property
    def minutes(self) -> int:
        return MINUTES[self.trigger]

    @property
    def candidate(self) -> SimpleNamespace:
        return SimpleNamespace(person=self.person)


def day(random: Random, people: int) -> list[Thing]:
    """Make a day as days are: most people have one occasion, some have two."""
    return [
        Thing(f"p{number}", trigger, round(random.uniform(0.05, 1.2), 3))
        for number in range(people)
        for trigger in random.sample(sorted(MINUTES), 2 if random.random() < 0.3 else 1)
    ]


def brute(things: list[Thing], minutes: int, places: int) -> float:
    """Return the value of the best of all sets."""
    found = 0.0
    for size in range(1, places + 1):
        for chosen in combinations(things, size):
            if len({one.person for one in chosen}) == size and sum(one.minutes for one in chosen) <= minutes:
                found = max(found, worth(chosen))
    return found


@given(st.integers(0, 2**32), st.integers(0, 8), st.integers(0, 40), st.integers(0, 4))
def test_the_choice_is_the_best_of_all_sets(seed: int, people: int, minutes: int, places: int) -> None:
    random = Random(seed)
    things = day(random, people)
    chosen = best(things, minutes, places)
    assert len(chosen) <= places
    assert sum(one.minutes for one in chosen) <= minutes
    assert len({one.person for one in chosen}) == len(chosen)
    assert worth(chosen) == pytest.approx(brute(things, minutes, places))
    random.shuffle(things)
    assert worth(best(things, minutes, places)) == pytest.approx(worth(chosen))


def test_the_greedy_choice_of_a_day_is_within_a_fiftieth_of_the_best() -> None:
    shares = []
    for seed in range(60):
        random = Random(seed)
        things, minutes, places = day(random, 60), random.choice((20, 30, 45)), random.choice((3, 5, 8))
        shares.append(worth(greedy(things, minutes, places)) / worth(best(things, minutes, places)))
    assert sum(shares) / len(shares) >= 0.98


def test_a_day_too_long_to_solve_is_chosen_greedily_and_keeps_to_its_bounds() -> None:
    things = day(Random(3), 300)
    chosen = best(things, 600, 20)
    assert chosen == greedy(things, 600, 20)
    assert len({one.person for one in chosen}) == len(chosen) == 20
    assert sum(one.minutes for one in chosen) <= 600


def test_a_second_of_a_kind_counts_half() -> None:
    assert worth([Thing("p1", "reply", 1.0), Thing("p2", "reply", 0.6)]) == pytest.approx(1 + 0.6 * REPEATED)
    three = [Thing("p1", "reply", 1.0), Thing("p2", "reply", 0.9), Thing("p3", "fading", 0.5)]
    assert [one.person for one in best(three, 16, 5)] == ["p1", "p3"]
