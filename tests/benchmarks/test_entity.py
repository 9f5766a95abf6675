"""The measures of the entity benchmark against counting by hand, and its made-up cards."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest

from amity.people.likeness import Profile
from benchmarks import entity, persons

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_sets = pytest.mark.skipif(
    not (SHARED / "entity").is_dir(), reason="the labelled sets are not beside the repository"
)


def scored(*pairs: tuple[int, int, float]) -> entity.Scored:
    left, right, odds = (np.array(column) for column in zip(*pairs, strict=True))
    return entity.Scored(left, right, odds.astype(float), odds > 5)


# Three records of one person, two of another, one of a third.
PERSON = np.array([0, 0, 0, 1, 1, 2])
FOUND = scored((0, 1, 4.0), (1, 2, 3.0), (3, 4, 2.0), (4, 5, 1.0))


def test_pairs_are_counted_one_by_one() -> None:
    assert entity.of_pairs(FOUND, PERSON, 1.5) == (3, 3, 4)
    assert entity.of_pairs(FOUND, PERSON, 0.0) == (4, 3, 4)


def test_joining_reaches_pairs_that_were_not_told() -> None:
    assert entity.of_groups(FOUND, PERSON, 1.5) == (4, 4, 4)
    assert entity.of_groups(FOUND, PERSON, 0.0) == (6, 4, 4)


def test_rates_and_thresholds() -> None:
    assert entity.rates(4, 3, 6) == pytest.approx((0.75, 0.5, 0.6))
    assert entity.rates(0, 0, 0) == (1.0, 1.0, 1.0)
    assert 1.0 < entity.best(FOUND, PERSON, entity.of_groups) <= 2.0
    assert 1.0 < entity.precise(FOUND, PERSON) <= 2.0


def test_intervals_hold_the_figure() -> None:
    low, high = entity.wilson(990, 1000)
    assert low < 0.99 < high
    told = persons.Persons("", [Profile(i) for i in range(6)], PERSON, {})
    span = entity.interval(FOUND, told, 1.5, joined=True)
    assert span["precision"] == (1.0, 1.0)


def test_cards_are_made_up_the_same_way_every_time() -> None:
    one, again = persons.cards(300, 30, seed=4), persons.cards(300, 30, seed=4)
    assert one.profiles == again.profiles
    assert len(one.profiles) == 330
    assert np.bincount(one.person).max() == 2
    assert {len(values) for values in one.columns.values()} == {330}


def test_nobody_is_in_both_halves() -> None:
    whole = persons.cards(300, 100, seed=4)
    train, test = persons.half(whole, train=True), persons.half(whole, train=False)
    assert len(train.profiles) + len(test.profiles) == 400
    names = {one.emails for one in train.profiles if one.emails} & {one.emails for one in test.profiles if one.emails}
    assert names == set()


@needs_sets
def test_a_small_run_without_the_peer() -> None:
    parser = ArgumentParser()
    parser.add_argument("--data", type=Path, nargs="+", default=None)
    entity.add_arguments(parser)
    report = entity.run(parser.parse_args(["--sets", "fake_1000", "--no-splink"]))
    shipped = report.figures["fake_1000"][entity.SHIPPED]
    assert shipped["joined, best F1"]["f1"] >= 0.95
    assert shipped["sure"]["hit"] == shipped["sure"]["told"]
