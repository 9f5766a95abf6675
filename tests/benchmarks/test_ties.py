"""The measures of the tie benchmark against counting by hand, and a small run of it."""

from __future__ import annotations

import gzip
import math
from argparse import ArgumentParser
from pathlib import Path

import numpy as np
import pytest

from amity.ledger.tally import DAY
from benchmarks import archives, fit, ties

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_archives = pytest.mark.skipif(
    not (SHARED / "mail").is_dir(), reason="the public archives are not beside the repository"
)

LETTERS = "when,channel,from,to,cc,subject,depth,minutes,id\n"


def parse(*words: str):
    parser = ArgumentParser()
    parser.add_argument("--data", type=Path, nargs="+", default=None)
    ties.add_arguments(parser)
    return parser.parse_args(words)


def test_auc_counts_pairs_in_the_right_order():
    rng = np.random.default_rng(1)
    cell = np.repeat([0, 1, 2, 3], [6, 9, 4, 3])
    score = rng.integers(0, 4, len(cell)).astype(float)
    label = rng.random(len(cell)) < 0.5
    label[-3:] = True
    found = ties.auc(cell, label, score, 4)
    for i in range(3):
        good, bad = score[(cell == i) & label], score[(cell == i) & ~label]
        by_hand = np.mean([(g > b) + 0.5 * (g == b) for g in good for b in bad])
        assert found[i] == pytest.approx(by_hand)
    assert math.isnan(found[3])


def test_average_precision_and_the_first_five():
    cell = np.zeros(7, np.int64)
    label = np.array([1, 0, 1, 0, 0, 0, 1], bool)
    ap, at5 = ties.precision(cell, label, np.arange(7, 0, -1.0), 1)
    assert ap[0] == pytest.approx((1 + 2 / 3 + 3 / 7) / 3)
    assert at5[0] == pytest.approx(2 / 5)


def test_calibration_error_of_a_liar_and_of_an_honest_one():
    label = np.arange(1500) % 4 == 0
    assert ties.ece(label, np.full(1500, 0.25)) < 0.01
    assert ties.ece(label, np.full(1500, 0.75)) == pytest.approx(0.5)
    assert ties.floor(np.full(1500, 0.25)) < 0.06


def test_isotonic_pools_what_goes_down():
    rise = ties.isotonic(np.array([1.0, 2, 3, 4]), np.array([False, True, False, True]))
    assert rise(np.array([0.0, 1, 2, 3, 4, 9])).tolist() == [0, 0, 0.5, 0.5, 1, 1]


def test_lgamma_agrees_with_the_library():
    x = np.array([0.01, 0.5, 1, 2.5, 10, 300])
    assert ties.lgamma(x) == pytest.approx([math.lgamma(v) for v in x], rel=1e-7, abs=1e-8)


def test_the_purchase_model_finds_who_is_alive():
    """BG/NBD, fitted on histories that it drew itself, gives the lively more than the silent."""
    rng = np.random.default_rng(2)
    x = rng.poisson(5, 500).astype(float)
    last = np.where(x > 0, rng.uniform(0.5, 3.9, 500), 0.0)
    best = ties.simplex(lambda point: ties.purchase_loss(point, x, last, np.full(500, 4.0)), np.zeros(4))
    start = ties.purchase_loss(np.zeros(4), x, last, np.full(500, 4.0))
    assert ties.purchase_loss(best, x, last, np.full(500, 4.0)) < start


def test_one_ego_per_cut_and_nothing_later_than_the_cut():
    rows = [archives.Contact("me", f"p{i}", day * DAY + i) for i in range(25) for day in range(0, 300, 30)]
    rows += [archives.Contact(f"p{i}", "me", (day + 1) * DAY) for i in range(15) for day in range(0, 300, 30)]
    archive = archives.build("toy", 90, rows, [], [100 * DAY, 200 * DAY], frozenset({"me"}))
    found = list(archives.cells(archive, archive.test))
    assert [cell.cut for cell in found] == [100 * DAY, 200 * DAY]
    for cell in found:
        assert cell.strands.at.max() < cell.cut
        assert cell.mutual.sum() == 15
        assert cell.labels[:, 0].all()
        assert cell.labels[:, 1].sum() == 15


def test_any_interactions_file_runs_the_whole_protocol(tmp_path):
    lines = [LETTERS]
    for i in range(30):
        step = 5 + i
        for day in range(i, 900 if i % 3 else 420, step):
            when = np.datetime64("2020-01-01") + np.timedelta64(day, "D")
            one, other = ("Me <me@x.org>", f"p{i}") if (day // step) % 2 else (f"p{i}", "me@x.org")
            lines.append(f"{when},letter,{one},{other},,,,,\n")
    lines += ["2020-02,meeting,me@x.org;p1;p2,,,,,,\n", "someday,mail,me@x.org,p1,,,,,\n"]
    path = tmp_path / "life.csv.gz"
    path.write_bytes(gzip.compress("".join(lines).encode()))
    report = ties.run(parse("--data", str(path), "--owner", "me@x.org", "--bootstraps", "50"))
    mine = report.figures["life.csv.gz"]
    assert mine["egos"] == 1
    assert 0 <= mine["send"]["models"][ties.CARD]["auc"][0] <= 1
    assert any("1 rows without a readable day" in note for note in report.notes)
    with pytest.raises(ValueError, match="no such person"):
        archives.interactions(path, ("nobody",))


@needs_archives
def test_the_card_outdoes_recency_and_total_frequency_where_it_was_not_fitted():
    """CollegeMsg, half of its test cuts; the bars themselves are the benchmark's."""
    archive = archives.college(SHARED)
    found = ties.sample(archive, archive.test[:2], ties.Purchase(1, 1, 1, 1))
    assert found is not None
    area = {
        name: np.nanmean(ties.auc(found.cell, found.labels[:, 0], score, len(found.ego)))
        for name, score in {**found.scores, ties.CARD: found.chance[:, 0]}.items()
    }
    assert area[ties.CARD] > area["recency, last contact"]
    assert area[ties.CARD] > area["total frequency"] + 0.05
    assert area[ties.CARD] < 0.9, "too good to be true: look for a leak"


@needs_archives
def test_the_shipped_card_is_what_the_fit_gives():
    """On one archive only, so that it stays quick: the fit is reproducible to the last digit printed."""
    archive = archives.enron(SHARED)
    rows = fit.rows_of(archive, archive.early)
    assert fit.fit_cards([rows]) == fit.fit_cards([rows])
    assert all(len(card) == rows.numbers.shape[1] + 2 for card in ties.SHIPPED)
