"""Counts that fade, and cases that are weighed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from amity.people.forms import NOBODY, WEIGHTS
from benchmarks import surface

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "letters"


def test_a_count_is_worth_half_after_two_years() -> None:
    counts = surface.Decayed()
    counts.add("a", 0)
    counts.add("a", int(surface.HALF))
    assert counts.at("a", int(surface.HALF)) == 1.5
    assert counts.ago("a", int(surface.HALF) + 3) == 3
    assert counts.ago("b", 0) is None


def test_fitting_finds_what_tells_the_meant_from_the_others() -> None:
    table = np.zeros((2, len(WEIGHTS)))
    table[0, 0] = 1.0
    found = [surface.Case("train", "a", ("a", "b"), table, None, None, None)] * 50
    weights, nobody = surface.fit(found)
    assert weights[0] > 1
    assert surface.chance(found[0], weights, nobody)[0] == "a"


@pytest.mark.skipif(not DATA.exists(), reason="the diary is not at hand")
def test_the_shipped_weights_are_those_of_the_fit() -> None:
    weights, nobody = surface.fit(surface.cases(DATA))
    assert np.allclose(weights, WEIGHTS, atol=0.01)
    assert abs(nobody - NOBODY) < 0.01
