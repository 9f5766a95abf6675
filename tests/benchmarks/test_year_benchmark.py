"""The benchmark of the year, on a few instances."""

from __future__ import annotations

from argparse import Namespace

from benchmarks import year


def test_the_best_is_never_surpassed_and_week_by_week_falls_behind() -> None:
    report = year.run(Namespace(instances=3))
    (table,) = report.tables
    assert len(table.rows) == len(year.SIZES) + 1
    for people, weeks in year.SIZES:
        found = report.figures[f"{people} people, {weeks} weeks"]
        assert all(0.98 <= share <= 1 + 1e-9 for share in found["together"])
        assert all(share < 1 for share in found["week by week"])
