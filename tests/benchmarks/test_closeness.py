"""Rated closeness against counting by hand, and the bars on the public studies."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks import closeness

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_studies = pytest.mark.skipif(not (SHARED / "ties").is_dir(), reason="the studies are not beside the repository")


def test_contacts_without_dates_are_spread_evenly_over_the_time_observed():
    seconds = list(closeness.spread(4, 8))
    assert [second // closeness.DAY - closeness.FIRST for second in seconds] == [1, 3, 5, 7]
    assert list(closeness.spread(0, 8)) == []


def test_those_who_rate_all_alike_are_no_raters():
    rating = np.array([[0, 1, 0], [1, 0, 1], [0, 3, 0]], float)
    rows = {0: [(1, 1_000 * closeness.DAY, 1, 1), (2, 1_000 * closeness.DAY, 1, 1)]}
    raters = list(closeness._rated(rows, rating, 1_100 * closeness.DAY))
    assert [rater.rating.tolist() for rater in raters] == [[1, 0], [0, 3]]
    assert raters[0].tallies.n.tolist() == [1, 1]


@needs_studies
def test_strength_agrees_with_how_close_people_said_they_are():
    after = closeness.agreement(closeness.eies(SHARED, 2), 100, chosen=True)
    assert after["strength, pooled"][0] >= 0.45
    seen = closeness.agreement(closeness.observed(SHARED, "fra"), 100, chosen=False)
    assert seen["strength, Spearman"][0] >= 0.39
    friends = closeness.agreement(closeness.social_evolution(SHARED), 100, chosen=True)
    assert friends["strength, AUC"][0] > 0.6


@needs_studies
def test_hiding_the_diary_costs_the_diary_and_hiding_the_letters_the_letters():
    life = closeness.schnitzler(SHARED)
    found = closeness.hidden(life, range(1895, 1930, 5), 50)
    letters, diary = found["letters, diary hidden"], found["diary, letters hidden"]
    assert letters["letters, AUC"] > diary["letters, AUC"]
    assert diary["diary days, AUC"] > letters["diary days, AUC"]
