"""What is known of people long dead, told by their letters alone: who fell out, and who stood nearest.

Letters are kept unevenly: of those to Darwin far fewer survive than of those by him.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from amity.insight.segments import propose
from amity.insight.tie import Judgement, judge
from amity.ledger.tally import DAY, Strands, Tallies, tally
from benchmarks.archives import Archive, darwin, schnitzler

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not (SHARED / "letters").is_dir(), reason="the letters are not beside the repository")

EPOCH = date(1970, 1, 1)
OWEN, MIVART, FITZROY = "nameregs_3629", "nameregs_3350", "nameregs_1650"
HOOKER, GRAY, HUXLEY, LYELL = "nameregs_2357", "nameregs_1957", "nameregs_2486", "nameregs_3051"
BEER_HOFMANN, HOFMANNSTHAL, SALTEN = "pmb10863", "pmb11740", "pmb2167"


class Life:
    """The letters of one person, judged as of any day."""

    def __init__(self, archive: Archive, owner: str) -> None:
        self.people = archive.people
        self.strands: Strands = archive.ego_strands()[archive.people.index(owner)]

    def tallied(self, day: str, horizon: int) -> Tallies:
        end = (date.fromisoformat(day) - EPOCH).days * DAY
        return tally(self.strands, len(self.people), end=end, horizon_days=horizon)

    def judged(self, day: str, horizon: int) -> Judgement:
        return judge(self.tallied(day, horizon), horizon_days=horizon)

    def critical(self, day: str, horizon: int = 90) -> set[str]:
        proposed = propose(self.judged(day, horizon), self.tallied(day, horizon))
        return {self.people[i] for i, word in enumerate(proposed) if word == "critical"}

    def momentum(self, name: str, day: str, horizon: int = 90) -> str:
        return self.judged(day, horizon).word(self.people.index(name))

    def nearest(self, day: str, most: int, horizon: int = 90) -> set[str]:
        strongest = np.argsort(-self.judged(day, horizon).strength)[:most]
        return {self.people[i] for i in strongest}


@lru_cache(maxsize=2)
def life_of(load: Callable[[Path], Archive], owner: str) -> Life:
    return Life(load(SHARED), owner)


@pytest.fixture
def of_darwin() -> Life:
    return life_of(darwin, "nameregs_1")


@pytest.fixture
def of_schnitzler() -> Life:
    return life_of(schnitzler, "pmb2121")


@pytest.mark.parametrize("day", ["1860-04-01", "1860-07-01", "1860-10-01", "1861-01-01"])
def test_owen_fades_within_months_of_the_origin_of_species_and_silence_does_not_heal_it(of_darwin, day):
    """Their last letters are of December 1859; Owen's hostile review came out in April 1860."""
    assert of_darwin.momentum(OWEN, day) == "fading"


def test_owen_has_gone_silent_a_year_later(of_darwin):
    assert of_darwin.momentum(OWEN, "1861-06-01") == "dormant"
    assert of_darwin.momentum(OWEN, "1861-01-01", 365) == "fading"


@pytest.mark.parametrize(
    ("day", "word"), [("1872-01-01", "fading"), ("1872-10-01", "dormant"), ("1874-01-01", "dormant")]
)
def test_mivart_fades_when_he_turns_against_darwin(of_darwin, day, word):
    """Fifteen letters in 1871, the break in January 1872."""
    assert of_darwin.momentum(MIVART, day) == word
    assert of_darwin.momentum(MIVART, day, 365) in ("fading", "dormant")


def test_fitzroy_is_lost_within_a_year_of_1846(of_darwin):
    assert of_darwin.momentum(FITZROY, "1847-07-01") == "dormant"
    assert of_darwin.momentum(FITZROY, "1847-07-01", 365) == "fading"


@pytest.mark.parametrize("horizon", [90, 365])
def test_hooker_lyell_gray_and_huxley_stand_nearest_to_darwin_in_1860(of_darwin, horizon):
    assert of_darwin.nearest("1861-01-01", 5, horizon) >= {HOOKER, LYELL, GRAY, HUXLEY}


def test_the_critical_few_of_darwin(of_darwin):
    """Few of Huxley's letters before 1861 survive: who is mutual must bear that one side was kept and not the other."""
    assert of_darwin.critical("1861-01-01") >= {HOOKER, LYELL, GRAY, HUXLEY}


@pytest.mark.parametrize("horizon", [90, 365])
def test_beer_hofmann_hofmannsthal_and_salten_stand_nearest_to_schnitzler_in_1895(of_schnitzler, horizon):
    assert of_schnitzler.nearest("1896-01-01", 5, horizon) > {BEER_HOFMANN, HOFMANNSTHAL, SALTEN}
    assert of_schnitzler.critical("1896-01-01", horizon) >= {BEER_HOFMANN, HOFMANNSTHAL, SALTEN}
