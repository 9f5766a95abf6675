"""Choose the set of greatest value within minutes and places, one a person, every further one of a kind counting half.

Exactly, where a day is as short as days are: dynamic programming over kinds, minutes and places tells the best set if
one person might stand in it twice, which bounds it from above; where somebody does, either occasion is left out in turn
(branch and bound). Else greedily, by value less a price per minute, at the best of some prices, which is always fast.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any, Protocol, TypeVar

REPEATED = 0.5  # value of each further one of a kind
SOLVED = 600  # minutes times places up to which the choice is exact
BRANCHES = 40  # sets that are solved for at most
PRICES = 12  # of a minute that the greedy choice tries


class Option(Protocol):
    """What may be chosen: its kind, its value, its minutes, and whom it is about."""

    @property
    def trigger(self) -> str:
        """Return the kind; all of a kind take the same minutes."""

    @property
    def value(self) -> float:
        """Return what it is worth."""

    @property
    def minutes(self) -> int:
        """Return what it takes, at least 1."""

    @property
    def candidate(self) -> Any:
        """Return whom it is about, by `person`."""


_Option = TypeVar("_Option", bound=Option)


def best(options: Iterable[_Option], minutes: int, places: int) -> list[_Option]:
    """Return the set of greatest value, what is most worth its minutes first; the same for any order of options."""
    if minutes <= 0 or places <= 0:
        return []
    if minutes * places > SOLVED:
        return greedy(options, minutes, places)
    kinds = _kinds(options)
    found = greedy(options, minutes, places)
    least = worth(found)
    open_ends: list[frozenset[tuple[str, str]]] = [frozenset()]  # what is left out, by person and kind
    for _ in range(BRANCHES):
        if not open_ends:
            break
        without = open_ends.pop()
        chosen = _solve([_left(kind, without, places) for kind in kinds], minutes, places)
        if worth(chosen) <= least + 1e-12:
            continue
        twice = _twice(chosen)
        if twice:
            open_ends += [without | {(one.candidate.person, one.trigger)} for one in twice]
        else:
            found, least = chosen, worth(chosen)
    return in_order(found)


def greedy(options: Iterable[_Option], minutes: int, places: int) -> list[_Option]:
    """Return a set of great value: one after another by value less a price per minute, at the best of some prices."""
    kinds = _kinds(options)
    each = max((kind[0].value / kind[0].minutes for kind in kinds), default=0.0)
    tried = [_greedy(kinds, minutes, places, each * step / PRICES) for step in range(PRICES)]
    return in_order(max(tried, key=worth, default=[]))


def worth(chosen: Iterable[_Option]) -> float:
    """Return the value of a set: of each kind the first counts whole, every further one half of the one before."""
    values = defaultdict(list)
    for one in chosen:
        values[one.trigger].append(one.value)
    return sum(
        value * REPEATED**place for kind in values.values() for place, value in enumerate(sorted(kind, reverse=True))
    )


def in_order(chosen: Iterable[_Option]) -> list[_Option]:
    """Return what was chosen, that first which is most worth its minutes."""
    ranked = []
    seen: dict[str, int] = defaultdict(int)
    for one in sorted(chosen, key=lambda one: (-one.value, one.candidate.person)):
        ranked.append((-one.value * REPEATED ** seen[one.trigger] / one.minutes, one.candidate.person, one))
        seen[one.trigger] += 1
    return [one for *_, one in sorted(ranked, key=lambda row: row[:2])]


def _kinds(options: Iterable[_Option]) -> list[list[_Option]]:
    """Return what there is of each kind, the best first."""
    kinds: dict[str, list[_Option]] = defaultdict(list)
    for one in options:
        kinds[one.trigger].append(one)
    for kind in kinds.values():
        kind.sort(key=lambda one: (-one.value, one.candidate.person))
    return [kinds[trigger] for trigger in sorted(kinds)]


def _left(kind: list[_Option], without: frozenset[tuple[str, str]], places: int) -> list[_Option]:
    left = (one for one in kind if (one.candidate.person, one.trigger) not in without)
    return list(islice(left, places))


def _twice(chosen: Sequence[_Option]) -> list[_Option]:
    """Return the occasions of the first person who stands in a set twice, [] where nobody does."""
    people: dict[str, list[_Option]] = defaultdict(list)
    for one in chosen:
        people[one.candidate.person].append(one)
    return next((several for several in people.values() if len(several) > 1), [])


def _solve(kinds: Sequence[list[_Option]], minutes: int, places: int) -> list[_Option]:
    """Return the best set, in which one person may stand in several kinds."""
    width = places + 1
    values = [0.0] * ((minutes + 1) * width)  # by minutes and places used at most
    taken: list[tuple[int, ...]] = [()] * len(values)
    for kind in kinds:
        cost, sums = kind[0].minutes if kind else 1, [0.0]
        for place, one in enumerate(kind):
            sums.append(sums[-1] + one.value * REPEATED**place)
        before, chosen = values, taken
        values, taken = [], []
        for spent in range(minutes + 1):
            for used in range(width):
                most = min(len(kind), used, spent // cost)
                gained, count = before[spent * width + used], 0
                for n in range(1, most + 1):
                    with_it = before[(spent - n * cost) * width + used - n] + sums[n]
                    if with_it > gained:
                        gained, count = with_it, n
                values.append(gained)
                taken.append((*chosen[(spent - count * cost) * width + used - count], count))
    return [one for kind, count in zip(kinds, taken[-1], strict=True) for one in kind[:count]]


def _greedy(kinds: Sequence[list[_Option]], minutes: int, places: int, price: float) -> list[_Option]:
    chosen: list[_Option] = []
    people: set[str] = set()
    place, count = [0] * len(kinds), [0] * len(kinds)
    left = minutes
    while len(chosen) < places:
        first: tuple[float, int] | None = None
        for k, kind in enumerate(kinds):
            while place[k] < len(kind) and kind[place[k]].candidate.person in people:
                place[k] += 1
            if place[k] < len(kind) and kind[0].minutes <= left:
                gained = kind[place[k]].value * REPEATED ** count[k] - price * kind[0].minutes
                if first is None or gained > first[0]:
                    first = gained, k
        if first is None:
            break
        one = kinds[first[1]][place[first[1]]]
        chosen.append(one)
        people.add(one.candidate.person)
        count[first[1]] += 1
        left -= one.minutes
    return chosen
