"""A circle that does not flicker: counted by hand, and on real letters."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from amity.ledger.tally import DAY
from benchmarks.archives import darwin, schnitzler
from benchmarks.circles import EPOCH, LIVES, changes, few, follow

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
needs_letters = pytest.mark.skipif(
    not (SHARED / "letters").is_dir(), reason="the letters are not beside the repository"
)
NEAREST = {
    "1860-10-01": (darwin, "nameregs_1", {"nameregs_2357", "nameregs_1957", "nameregs_3051"}),  # Hooker, Gray, Lyell
    "1861-01-01": (darwin, "nameregs_1", {"nameregs_2357", "nameregs_1957", "nameregs_2486", "nameregs_3051"}),
    "1896-01-01": (schnitzler, "pmb2121", {"pmb10863", "pmb11740", "pmb2167"}),  # Beer-Hofmann, Hofmannsthal, Salten
}


def test_changes_and_those_taken_back_are_counted():
    days = [frozenset(one) for one in ({1, 2}, {1, 3}, {1, 3}, {1, 2}, {1, 2}, {2})]
    assert changes(days, 3) == (5, 2)
    assert changes(days, 20) == (5, 0)
    assert changes(days[:1], 3) == (0, 0)


@needs_letters
@pytest.mark.parametrize("day", NEAREST)
def test_whoever_is_documented_as_nearest_stands_among_the_few_that_last(day):
    load, owner, known = NEAREST[day]
    archive = load(SHARED)
    strands = archive.ego_strands()[archive.people.index(owner)]
    _, settled = few(strands, len(archive.people), (date.fromisoformat(day) - EPOCH).days * DAY)
    assert {archive.people[place] for place in settled} >= known


@needs_letters
def test_the_circle_changes_less_and_takes_less_back():
    load, owner, _ = LIVES["Schnitzler's letters"]
    archive = load(SHARED)
    strands = archive.ego_strands()[archive.people.index(owner)]
    found = follow(strands, len(archive.people), range(1894, 1895))
    anew, settled = changes(found.anew, found.step), changes(found.settled, found.step)
    assert settled[0] < anew[0]
    assert settled[1] < anew[1]
