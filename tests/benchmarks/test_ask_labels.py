"""The labels of the ask benchmark: whole, placed, of the texts that they name; and its measures by hand."""

from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from amity.plan.asks import POINTERS
from benchmarks import asks

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_texts = pytest.mark.skipif(
    not (SHARED / "asks").is_dir(), reason="the public texts are not beside the repository"
)


def test_every_label_is_known_and_every_half_is_of_one_text() -> None:
    halves: dict[str, str] = {}
    with asks.LABELS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert row["label"] in {*POINTERS, *asks.FLAGS, *asks.PITCHES, "nothing"}
            assert row["reading"] in ("first", "second", "settled")
            assert bool(row["start"]) == (row["label"] in POINTERS)
            assert halves.setdefault(row["text"], row["half"]) == row["half"]
    assert len(halves) > 700
    assert len(asks.labels("second")) >= 400


@needs_texts
def test_places_lie_in_the_texts_that_they_name() -> None:
    texts = asks.texts(SHARED)
    for name, (digest, _, places) in asks.labels("settled").items():
        text = texts[name]
        assert sha256(text.encode()).hexdigest().startswith(digest)
        for place in places:
            if place.start is not None and place.end is not None:
                assert text[place.start : place.end].strip()


def test_kappa_is_what_a_table_by_hand_gives() -> None:
    first = [True] * 20 + [True] * 5 + [False] * 10 + [False] * 15
    second = [True] * 20 + [False] * 5 + [True] * 10 + [False] * 15
    assert asks.kappa(first, second) == pytest.approx(0.4)
    assert asks.kappa([True, False], [True, False]) == 1


def test_overlap_is_shared_over_covered() -> None:
    assert asks.overlap((0, 10), (5, 15)) == pytest.approx(1 / 3)
    assert asks.overlap((0, 4), (4, 8)) == 0
    assert asks.overlap((2, 6), (2, 6)) == 1


def test_a_score_counts_both_ways() -> None:
    score = asks.Score(6, 2, 4)
    assert score.f1 == pytest.approx(2 * 6 / (2 * 6 + 2 + 4))
    low, high = score.interval()
    assert low < score.f1 < high


def test_a_regression_learns_what_is_there() -> None:
    rng = np.random.default_rng(3)
    found = np.concatenate([rng.integers(0, 2, (400, 4)), np.ones((400, 1))], axis=1).astype(np.float32)
    is_so = found[:, 2] > 0
    weights = asks.fit(found, is_so, 1.0)
    assert np.argmax(np.abs(weights[:-1])) == 2
    assert ((found @ weights > 0) == is_so).all()
