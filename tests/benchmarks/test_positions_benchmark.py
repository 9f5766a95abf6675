"""Ten generated years: changes are noticed, and little else."""

from __future__ import annotations

from benchmarks import positions


def test_changes_are_noticed_and_little_else() -> None:
    sightings, true, _ = positions.world(600, 7)
    figures = positions.figures(positions.noticed(sightings, with_renames=True), true)
    assert figures["precision"] >= 0.95
    assert figures["recall"] >= 0.9
