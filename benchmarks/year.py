"""The year of the critical few: weeks and people chosen together, against the best there is, and week by week.

The best is found by trying every set of weeks of everybody, cutting off what cannot come up to the best so far; that is
possible for a few people and some twenty weeks. Week by week means that the weeks are gone through in order, and each
takes whoever is most worth seeing in it.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from itertools import combinations, pairwise
from random import Random
from time import process_time

from amity.plan.year import Tended, choose, worth
from benchmarks.report import Report, Table

SUMMARY = "the year of the critical few, chosen together, against the best and against week by week"
INSTANCES = 40
TIMES, APART = 3, 4  # meetings of each, and weeks between two
SIZES = ((2, 16), (3, 20), (4, 24))  # people and weeks
WHOLE = 15  # people of a whole year
SEED = 20261122


def instance(people: int, weeks: int, rng: Random) -> list[Tended]:
    """Make some people: what they are worth, how long they were not seen, and, for half of them, a birthday."""
    return [
        Tended(
            rng.uniform(0.5, 1.5),
            rng.uniform(0, 52),
            frozenset([rng.randrange(weeks)]) if rng.random() < 0.5 else frozenset(),
        )
        for _ in range(people)
    ]


def best(people: list[Tended], weeks: int) -> float:
    """Return what the best plan is worth in which no two share a week."""
    every = [
        some
        for count in range(TIMES + 1)
        for some in combinations(range(weeks), count)
        if all(later - week >= APART for week, later in pairwise(some))
    ]
    rows = [sorted(((worth(one, some, weeks), some) for some in every), reverse=True) for one in people]
    most = [sum(row[0][0] for row in rows[place:]) for place in range(len(rows) + 1)]

    def go_on(place: int, so_far: float, held: frozenset[int], least: float) -> float:
        if place == len(rows):
            return max(least, so_far)
        for value, some in rows[place]:
            if so_far + value + most[place + 1] <= least:
                break
            if held.isdisjoint(some):
                least = go_on(place + 1, so_far + value, held | set(some), least)
        return least

    return go_on(0, 0.0, frozenset(), 0.0)


def week_by_week(people: list[Tended], weeks: int) -> float:
    """Return what a plan is worth that takes in each week whoever gains most by it."""
    chosen: list[tuple[int, ...]] = [() for _ in people]
    for week in range(weeks):
        gains = [
            (worth(one, (*some, week), weeks) - worth(one, some, weeks), place)
            for place, (one, some) in enumerate(zip(people, chosen, strict=True))
            if len(some) < TIMES and (not some or week - some[-1] >= APART)
        ]
        if gains and max(gains)[0] > 0:
            chosen[max(gains)[1]] += (week,)
    return sum(worth(one, some, weeks) for one, some in zip(people, chosen, strict=True))


def add_arguments(parser: ArgumentParser) -> None:
    """Add the number of instances of each size."""
    parser.add_argument("--instances", type=int, default=INSTANCES)


def run(args: Namespace) -> Report:
    """Compare both ways with the best on small instances, and time a whole year."""
    rng = Random(SEED)
    rows: list[tuple[str, ...]] = []
    figures: dict[str, object] = {}
    for people, weeks in SIZES:
        together, in_order, spent = [], [], 0.0
        for _ in range(args.instances):
            made = instance(people, weeks, rng)
            before = process_time()
            chosen = choose(made, weeks, times=TIMES, a_week=1, apart=APART)
            spent += process_time() - before
            most = best(made, weeks)
            together.append(sum(worth(one, some, weeks) for one, some in zip(made, chosen, strict=True)) / most)
            in_order.append(week_by_week(made, weeks) / most)
        name = f"{people} people, {weeks} weeks"
        figures[name] = {"together": together, "week by week": in_order, "ms": 1000 * spent / args.instances}
        rows.append((name, _shares(together), _shares(in_order), f"{1000 * spent / args.instances:.1f}"))
    made = instance(WHOLE, 52, rng)
    before = process_time()
    choose(made, 52)
    whole = 1000 * (process_time() - before)
    figures["whole year, ms"] = whole
    columns = ("instances", "together, worst and mean", "week by week, worst and mean", "ms of CPU")
    rows.append((f"{WHOLE} people, 52 weeks", "too many to try", "", f"{whole:.0f}"))
    return Report("year", (Table("Share of the best plan's worth", columns, tuple(rows)),), figures)


def _shares(found: list[float]) -> str:
    return f"{min(found):.3f}, {sum(found) / len(found):.4f}"
