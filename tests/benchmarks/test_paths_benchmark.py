"""The benchmark of paths: its measures against counting by hand, and a small run of it."""

from __future__ import annotations

from argparse import ArgumentParser
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from amity.ledger.acquaintances import acquaint, pair
from amity.model import Channel
from benchmarks import intermediaries, paths
from benchmarks.intermediaries import Letter, Post, Roll, Told, moments, seconds, weighted_auc

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def test_auc_counts_pairs_in_the_right_order_as_often_as_they_are_drawn() -> None:
    rng = np.random.default_rng(3)
    label, score, weight = rng.random(30) < 0.4, rng.integers(0, 5, 30).astype(float), rng.integers(0, 3, 30)
    good, bad = (np.repeat(score[side], weight[side]) for side in (label, ~label))
    by_hand = np.mean([(g > b) + 0.5 * (g == b) for g, b in product(good, bad)])
    assert weighted_auc(label, score, weight) == pytest.approx(by_hand)


def test_a_world_is_what_was_asked_for_and_survives_the_disk(tmp_path: Path) -> None:
    world = paths.make(500, 3_000)
    assert len(world.a) == 3_000
    assert np.all(world.a < world.b)
    assert np.all(np.diff(world.a.astype(np.int64) * 500 + world.b) > 0)
    paths.save(world, tmp_path / "w.npz")
    again = paths.load(tmp_path / "w.npz")
    assert again.people == 500
    assert [company.tolist() for company in again.companies] == [company.tolist() for company in world.companies]


def test_a_small_run_has_a_row_for_every_engine_at_hand() -> None:
    parser = ArgumentParser()
    parser.add_argument("--data", type=Path, nargs="+", default=None)
    paths.add_arguments(parser)
    words = ["--people", "400", "--acquaintances", "1500", "--queries", "5", "--peer-queries", "2", "--no-history"]
    (table,) = paths.run(parser.parse_args(words)).tables
    assert table.rows[0][0] == "amity"


def test_the_friend_who_spoke_of_a_newcomer_stands_first() -> None:
    def letters(year: int) -> list[Letter]:
        days = [seconds(f"{year}-{month:02}-05") for month in range(1, 13)]
        told = [Letter(day, (one,), ("me",), ()) for day in days for one in ("ana", "bo", "cy")]
        return told + [Letter(day + 60, ("me",), (one,), ()) for day in days for one in ("ana", "bo", "cy")]

    told = [
        *letters(1850),
        Letter(seconds("1850-06-06"), ("bo",), ("me",), ("dee",)),
        Letter(seconds("1851-03-01"), ("dee",), ("me",), ("bo",)),
    ]
    found = intermediaries.doors(Post("small", "me", sorted(told), range(1850, 1852)), times=10)
    assert found.totals["of these reached"] == 1
    assert found.ranks[intermediaries.IN_COMMON][intermediaries.PATHS].median[0] == 1.0


def test_groups_are_scored_as_the_product_scores_them() -> None:
    roll = Roll({"me": 0})
    told = [Told(seconds("1890-05-05"), Channel.MEETING, ("me",), ("ana", "bo")) for _ in range(2)]
    rows = moments(told, roll)
    known = acquaint(pair(rows, [0]), np.arange(3), seconds("1890-06-01"))
    cell = intermediaries.cell_of([1, 2], [[1, 2], [1, 2]], {frozenset((1, 2))}, known)
    assert cell.label.tolist() == [True]
    assert cell.scores[intermediaries.COUNTS].tolist() == [2.0]
    assert cell.scores[intermediaries.OURS].tolist() == pytest.approx(known.strength.tolist())


@pytest.mark.skipif(not (SHARED / "letters").is_dir(), reason="the public archives are not beside the repository")
def test_the_letters_are_read() -> None:
    post = intermediaries.schnitzler(SHARED)
    assert len(post.letters) > 4_000
    assert any(letter.mentions for letter in post.letters)
