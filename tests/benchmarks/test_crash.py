"""A small dose of the crash benchmark: killed at random moments, nothing acknowledged is lost, nothing doubled."""

from __future__ import annotations

import random
from pathlib import Path

from benchmarks import crash

NOTHING = {"lost": 0, "doubled": 0, "unsound": 0, "refused": 0}


def _toll(toll: crash.Toll) -> dict[str, int]:
    assert toll.kills >= 4
    return {name: getattr(toll, name) for name in NOTHING}


def test_imports_that_are_killed_lose_and_double_nothing(tmp_path: Path) -> None:
    assert _toll(crash.kill_imports(4, random.Random(5), tmp_path, 4_000)) == NOTHING


def test_edits_that_are_killed_stand_once_where_they_were_acknowledged(tmp_path: Path) -> None:
    assert _toll(crash.kill_edits(4, random.Random(6), tmp_path)) == NOTHING
