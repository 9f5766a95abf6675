"""The portfolio: how steady, how concentrated and how diverse the owner's contact is, and what would balance it.

Contribution is counted in days on which the owner wrote or met, attention in days of any contact, each once a person
and day. Diversity is entropy: its exponential is the number of equal parts that would be as diverse. Whose part is not
known is said, never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.insight.past import Flags, Past, months_of

TOPS = (5, 15, 50)
YEAR = 365  # days
STEADY_MONTHS = 12
BURST_DAYS = 30  # before an ask
QUIET_DAYS = 150  # before these
PARTS = 10  # of a dimension that are shown
DIMENSIONS = ("field", "organisation", "place", "generation", "language", "world")


class Month(NamedTuple):
    """What one month held."""

    month: int  # since the year 0
    given: int  # days on which the owner wrote or met, once a person
    contacts: int  # days of contact, once a person


class Concentration(NamedTuple):
    """How a year's attention was spread over people."""

    year: int
    people: int
    days: int
    top: tuple[float, ...]  # share of the 5, 15 and 50 with most
    even: float  # so many people with equal parts would be as spread; 0 where there was no contact


class Part(NamedTuple):
    """One part of a dimension, with its share of the attention whose part is known."""

    value: str
    share: float
    people: int


class Diversity(Struct, frozen=True):
    """How attention was spread over the parts of one dimension in a year."""

    dimension: str
    year: int
    unknown: float  # share of the attention of which the part is not known
    parts: int
    even: float  # so many equal parts would be as diverse; 0 where nothing is known
    shown: tuple[Part, ...]


class Quality(NamedTuple):
    """How many of all whom the owner was ever in contact with were what in the 365 days up to a year's end."""

    year: int
    mutual: int  # both wrote, or they met
    alive: int  # one side wrote
    dormant: int  # contact before, none in these days


def by_month(past: Past) -> tuple[Month, ...]:
    """Count contribution and contact a month, from the first to this one, quiet months included."""
    days = past.days
    this = int(months_of(np.array([past.today]))[0])
    if not len(days.day):
        return (Month(this, 0, 0),)
    month = months_of(days.day)
    first = int(month.min())
    length = this - first + 1
    given = np.bincount(month[days.wrote | days.met] - first, minlength=length)
    contacts = np.bincount(month - first, minlength=length)
    return tuple(Month(first + n, *row) for n, row in enumerate(zip(given.tolist(), contacts.tolist(), strict=True)))


def steadiness(months: Sequence[Month]) -> float | None:
    """Return how evenly the last twelve whole months were contributed to, 0 to 1; None where they are not there.

    1 is the same in every month; 0 is all of it in one.
    """
    last = [one.given for one in months[:-1]][-STEADY_MONTHS:]
    total = sum(last)
    if len(last) < STEADY_MONTHS or not total:
        return None
    shares = np.array([n / total for n in last if n])
    return float(-(shares * np.log(shares)).sum() / np.log(STEADY_MONTHS)) + 0.0


def bursts(past: Past, asks: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those asks, as (place, day since 1970), before which contact revived only in the month before.

    There was contact in the 30 days before, and none in the 150 days before these, though there had been earlier.
    """
    days = past.days
    found = []
    for place, on in asks:
        low, high = np.searchsorted(days.person, (place, place + 1))
        ago = on - days.day[low:high]
        revived = bool(((ago > 0) & (ago <= BURST_DAYS)).any())
        quiet = not bool(((ago > BURST_DAYS) & (ago <= BURST_DAYS + QUIET_DAYS)).any())
        if revived and quiet and bool((ago > BURST_DAYS + QUIET_DAYS).any()):
            found.append((place, on))
    return found


def _attention(past: Past, year: int) -> NDArray[np.int64]:
    """Return the days of contact with each person in a year."""
    return np.bincount(past.days.person[past.days.year == year], minlength=past.people)


def evenness(weights: NDArray[np.float64] | NDArray[np.int64]) -> float:
    """Return the exponential of the entropy of some weights, 0 where there are none."""
    held = weights[weights > 0]
    if not len(held):
        return 0.0
    shares = held / held.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


def concentration(past: Past) -> tuple[Concentration, ...]:
    """Say for each year how much of the attention went to the 5, 15 and 50 people who got most."""
    found = []
    for year in past.years:
        attention = np.sort(_attention(past, year))[::-1]
        total = int(attention.sum())
        top = tuple(float(attention[:n].sum()) / total if total else 0.0 for n in TOPS)
        found.append(Concentration(year, int((attention > 0).sum()), total, top, evenness(attention)))
    return tuple(found)


def diversity(past: Past, dimension: str, parts: Mapping[int, Sequence[str]]) -> tuple[Diversity, ...]:
    """Say for each year how attention was spread over the parts of a dimension.

    `parts` has, by place, the parts that a person belongs to; whoever belongs to several gives each an equal share.
    """
    number: dict[str, int] = {}
    shown: list[str] = []
    rows: list[tuple[int, int, float]] = []
    for place, values in sorted(parts.items()):
        folded = dict.fromkeys(value.casefold() for value in values)
        for value in values:
            if value.casefold() not in number:
                number[value.casefold()] = len(shown)
                shown.append(value)
        rows += ((place, number[value], 1 / len(folded)) for value in folded)
    who, which, share = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.zeros(0, int),) * 3
    found = []
    for year in past.years:
        attention = _attention(past, year)
        spent = attention[who] * share
        weights = np.bincount(which, spent, minlength=len(shown))
        people = np.bincount(which[spent > 0], minlength=len(shown))
        total, known = float(attention.sum()), float(weights.sum())
        ranked = sorted(np.flatnonzero(weights).tolist(), key=lambda part: (-weights[part], shown[part].casefold()))
        found.append(
            Diversity(
                dimension,
                year,
                max(0.0, 1 - known / total) if total else 0.0,
                len(ranked),
                evenness(weights),
                tuple(Part(shown[part], float(weights[part]) / known, int(people[part])) for part in ranked[:PARTS]),
            )
        )
    return tuple(found)


def both_ways(past: Past, start: int, end: int) -> tuple[Flags, Flags]:
    """Tell of each person whether there was contact from one day to another, and whether it went both ways."""
    days = past.days
    rows = np.flatnonzero((days.day >= start) & (days.day <= end))
    seen = [np.zeros(past.people, bool) for _ in range(4)]
    for flags, mask in zip(seen, (days.wrote, days.heard, days.met, np.ones(len(days.day), bool)), strict=True):
        flags[days.person[rows][mask[rows]]] = True
    wrote, heard, met, touched = seen
    return touched, met | (wrote & heard)


def year_end(past: Past, year: int) -> int:
    """Return the last day of a year, or today where that comes first, as days since 1970."""
    return min(past.today, int(np.datetime64(f"{year:04}-12-31", "D").astype(np.int64)))


def quality(past: Past) -> tuple[Quality, ...]:
    """Say for each year which of all acquaintances so far were alive at its end."""
    days = past.days
    known = np.zeros(past.people, bool)
    found = []
    for year in past.years:
        end = year_end(past, year)
        known[days.person[days.year == year]] = True
        touched, mutual = both_ways(past, end - YEAR + 1, end)
        found.append(Quality(year, int(mutual.sum()), int((touched & ~mutual).sum()), int((known & ~touched).sum())))
    return tuple(found)


class Reach(NamedTuple):
    """Through how many people the owner reached each world in a year: one alone is a bridge."""

    year: int
    reached: tuple[tuple[int, tuple[int, ...]], ...]  # (world, places in contact both ways)


def reach(past: Past, groups: Sequence[Sequence[int]]) -> tuple[Reach, ...]:
    """Say for each year through whom the owner was in touch, both ways, with each world."""
    found = []
    for year in past.years:
        end = year_end(past, year)
        _, mutual = both_ways(past, end - YEAR + 1, end)
        through = [(world, tuple(place for place in group if mutual[place])) for world, group in enumerate(groups)]
        found.append(Reach(year, tuple((world, places) for world, places in through if places)))
    return tuple(found)


def bridges(before: Reach | None, now: Reach) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return the worlds held by one person alone, those gained since the year before, and those lost."""
    held = dict(now.reached)
    earlier = dict(before.reached) if before else {}
    single = tuple(world for world, places in held.items() if len(places) == 1)
    return (
        single,
        tuple(world for world in held if world not in earlier),
        tuple(world for world in earlier if world not in held),
    )
