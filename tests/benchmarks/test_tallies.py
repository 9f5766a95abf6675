"""The tallies counted in two ways agree, and what is made up is what the tallies ask for."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks import tallies


@pytest.fixture
def folder(tmp_path):
    tallies.make_up(tmp_path, contacts=3_000, people=60)
    return tmp_path


def test_what_is_made_up_is_sorted_with_nobody_twice_in_one_second(folder):
    strands = tallies.read(folder)
    assert len(strands.person) == 3_000
    order = np.lexsort((strands.at, strands.person))
    assert (order == np.arange(3_000)).all()
    assert len({*zip(strands.person.tolist(), strands.at.tolist(), strict=True)}) == 3_000


def test_the_tallies_and_one_sql_statement_count_the_same(folder):
    assert tallies.sqlite(folder, 60) == pytest.approx(tallies.amity(folder, 60), rel=1e-9)


def test_polars_and_duckdb_count_the_same_where_they_are_installed(folder):
    for name in ("duckdb", "polars"):
        pytest.importorskip(name)
        assert tallies.WAYS[name](folder, 60) == pytest.approx(tallies.amity(folder, 60), rel=1e-9)
