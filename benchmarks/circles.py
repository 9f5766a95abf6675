"""How often the critical few change, and how many of the changes are taken back, with and without what was before.

The days are those of real letters, one in three; a change is one person in or out, and it is taken back where the same
person goes the other way within thirty days.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from amity.insight.course import strengths
from amity.insight.segments import contested, propose, settle, weeks_before
from amity.insight.tie import judge, length
from amity.ledger.tally import DAY, Strands, pick, tally
from benchmarks.archives import Archive, darwin, schnitzler
from benchmarks.fit import DATA
from benchmarks.report import Report, Table

SUMMARY = "how often the critical few change, with and without what was before"
EPOCH = date(1970, 1, 1)
STEP = 3  # days
BACK = 30  # days
HORIZON = 90
LIVES: dict[str, tuple[Callable[[Path], Archive], str, range]] = {
    "Schnitzler's letters": (schnitzler, "pmb2121", range(1893, 1898)),
    "Darwin's letters": (darwin, "nameregs_1", range(1856, 1862)),
}


class Days(NamedTuple):
    """Who was among the few on some days, cut anew each day, and settled by what was before."""

    step: int
    anew: list[frozenset[int]]
    settled: list[frozenset[int]]


def add_arguments(parser: ArgumentParser) -> None:
    """Take nothing beside the data."""
    del parser


def few(strands: Strands, people: int, end: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the places of the critical few as of a day, cut anew and settled."""
    tallies = tally(strands, people, end=end, horizon_days=HORIZON)
    judged = judge(tallies, horizon_days=HORIZON)
    anew = propose(judged, tallies)
    places = contested(judged, tallies, anew, ())
    settled = anew
    if len(places):
        own = pick(strands, np.isin(strands.person, places))
        order = np.full(people, -1, np.int32)
        order[places] = np.arange(len(places))
        ranks = np.argsort(order[own.person], kind="stable")
        own = Strands(order[own.person][ranks], own.at[ranks], own.way[ranks], own.group[ranks], own.depth[ranks])
        ago = weeks_before(end, 0)
        then = strengths(own, len(places), ago, end=end, span=length(tallies), horizon_days=HORIZON)
        settled = settle(anew, places, then)
    return _critical(anew), _critical(settled)


def _critical(segments: Iterable[str]) -> frozenset[int]:
    return frozenset(place for place, word in enumerate(segments) if word == "critical")


def follow(strands: Strands, people: int, years: range) -> Days:
    """Draw the circle every third day of some years."""
    first = (date(years.start, 1, 1) - EPOCH).days
    last = (date(years.stop, 1, 1) - EPOCH).days
    found = [few(strands, people, day * DAY) for day in range(first, last, STEP)]
    return Days(STEP, [one for one, _ in found], [other for _, other in found])


def changes(days: list[frozenset[int]], step: int) -> tuple[int, int]:
    """Count the changes of a circle, and those that are taken back within BACK days."""
    all_told = back = 0
    last: dict[int, int] = {}
    for number, (before, after) in enumerate(pairwise(days)):
        for one in before ^ after:
            all_told += 1
            back += one in last and (number - last[one]) * step <= BACK
            last[one] = number
    return all_told, back


def run(args: Namespace) -> Report:
    """Follow the circles of two lives."""
    data = args.data[0] if args.data else DATA
    figures = {}
    rows = []
    for name, (load, owner, years) in LIVES.items():
        archive = load(data)
        strands = archive.ego_strands()[archive.people.index(owner)]
        found = follow(strands, len(archive.people), years)
        for how, days in (("cut anew every day", found.anew), ("whoever was in stays for a while", found.settled)):
            all_told, back = (count / len(years) for count in changes(days, found.step))
            size = float(np.mean([len(one) for one in days]))
            figures[f"{name}, {how}"] = {"changes": all_told, "taken back": back, "people": size}
            rows.append((name, how, f"{size:.1f}", f"{all_told:.1f}", f"{back:.1f}"))
    columns = ("archive", "circle", "people", "changes a year", f"taken back within {BACK} days, a year")
    note = "Every third day; the horizon is 90 days. How far one may fall behind was chosen on these same letters."
    return Report("circles", (Table("the critical few through the years", columns, tuple(rows)),), figures, (note,))
