"""The yearly letter: who came, who went, who came back, who stood nearest, who gave, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from msgspec import Struct

from amity.insight.mirror import GIVEN, is_ask
from amity.insight.past import Past, starts_of
from amity.insight.portfolio import both_ways, year_end
from amity.language import month, say, say_many
from amity.ledger.entries import THEM, Entry, is_given

NAMED = 8  # people of a section who are named
NEAREST = 5
CAME_DAYS = 3  # contact days in the year that make a beginning
WENT_DAYS = 5  # contact days in the two years before that make a loss
BACK_AFTER = 730  # days of silence after which somebody comes back


class Told(NamedTuple):
    """One person of a section, by place, and what is said of them."""

    place: int
    words: str


class Deed(NamedTuple):
    """One entry of the ledger, with whom it is of, and what is said of it."""

    entry: str
    names: tuple[str, ...]
    words: str


class Section(Struct, frozen=True):
    """One part of the letter."""

    heading: str
    words: str
    people: tuple[Told, ...] = ()
    deeds: tuple[Deed, ...] = ()


def compose(
    past: Past,
    year: int,
    *,
    entries: Sequence[Entry],
    died: Mapping[int, str],
    friends: Mapping[int, int],
) -> tuple[Section, ...]:
    """Tell one year in people; `died` gives days of death by place, `friends` how many true friends a year ended with.

    A section of which there is nothing to say is left out. Later years are not looked into.
    """
    so_far = year_end(past, year) == past.today
    told = [
        _the_year(past, year, friends, so_far=so_far),
        _nearest(past, year),
        _came(past, year),
        _came_back(past, year),
        _went(past, year, died, so_far=so_far),
        _died(year, died),
        _gave(entries, year),
        _given(entries, year),
        _came_of(entries, year),
    ]
    return tuple(section for section in told if section is not None)


def _counts(past: Past, low: int, high: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the days of contact with each person from one year to another, both included."""
    rows = (past.days.year >= low) & (past.days.year <= high)
    return np.bincount(past.days.person[rows], minlength=past.people)


def _the_year(past: Past, year: int, friends: Mapping[int, int], *, so_far: bool) -> Section:
    days = past.days
    rows = days.year == year
    people, total = len(np.unique(days.person[rows])), int(rows.sum())
    if not total:
        nothing = say("Nothing is known of contact with anybody in {year}.", year=year)
        if so_far:
            nothing = say("Nothing is known of contact with anybody in {year} so far.", year=year)
        return Section(say("The year"), nothing)
    months = days.day[rows].astype("M8[D]").astype("M8[M]").astype(np.int64) % 12
    held = np.bincount(months, minlength=12)
    met = int(days.met[rows].sum())
    words = say_many("You were in contact with {n:,} person", "You were in contact with {n:,} people", people)
    words += say(": {total:,} days of contact, a day with two of them counted twice", total=total)
    words += say("; on {met:,} of these you met", met=met) if met else ""
    words += say(". The fullest month was {month}.", month=month(1 + int(held.argmax())))
    if year in friends:
        n = friends[year]
        stands = say_many(" It stands at {n:,} true friend", " It stands at {n:,} true friends", n)
        words += (
            stands if so_far else say_many(" It ended with {n:,} true friend", " It ended with {n:,} true friends", n)
        )
        if year - 1 in friends:
            words += say("; the year before ended with {friends:,}", friends=friends[year - 1])
        words += "."
    return Section(say("The year"), words)


def _nearest(past: Past, year: int) -> Section | None:
    counts = _counts(past, year, year)
    if not counts.any():
        return None
    before = _counts(past, year - 1, year - 1)
    order = np.lexsort((np.arange(len(counts)), -counts))[:NEAREST].tolist()
    share = counts[order].sum() / counts.sum()
    people = [Told(place, _days(int(counts[place])) + _against(int(before[place]))) for place in order if counts[place]]
    return Section(
        say("Who stood nearest"),
        say("{share:.0f} % of the year's days of contact were with these.", share=100 * float(share)),
        tuple(people),
    )


def _against(before: int) -> str:
    return say(", {before:,} the year before", before=before) if before else say(", none the year before")


def _came(past: Past, year: int) -> Section | None:
    days = past.days
    first = np.flatnonzero(starts_of(days.person))
    new = first[days.year[first] == year]
    if not len(new):
        return None
    counts = _counts(past, year, year)
    rows = [row for row in new.tolist() if counts[days.person[row]] >= CAME_DAYS]
    rows.sort(key=lambda row: (-int(counts[days.person[row]]), row))
    people = []
    for row in rows[:NAMED]:
        place = int(days.person[row])
        when = _month(int(days.day[row]))
        if days.met[row]:
            how = say("you met in {month}", month=when)
        elif days.wrote[row]:
            how = say("you wrote first in {month}", month=when)
        else:
            how = say("they wrote first in {month}", month=when)
        people.append(Told(place, how + say_many("; {n:,} day since", "; {n:,} days since", int(counts[place]))))
    words = say_many("{n:,} new person came into the year", "{n:,} new people came into the year", len(new))
    more = say_many(
        "; with one of them it became more than a beginning",
        "; with {n:,} of them it became more than a beginning",
        len(rows),
    )
    return Section(say("Who came"), words + (more if rows else "") + ".", tuple(people))


def _came_back(past: Past, year: int) -> Section | None:
    days = past.days
    again = np.flatnonzero((days.year == year) & ~starts_of(days.person))
    back = again[days.day[again] - days.day[again - 1] >= BACK_AFTER].tolist()
    if not back:
        return None
    counts = _counts(past, year, year)
    back.sort(key=lambda row: (-int(counts[days.person[row]]), row))
    people = [
        Told(
            int(days.person[row]),
            say(
                "in {month}, after {years} years of silence",
                month=_month(int(days.day[row])),
                years=int(days.day[row] - days.day[row - 1]) // 365,
            ),
        )
        for row in back[:NAMED]
    ]
    words = say_many(
        "{n:,} person returned after two years or more.", "{n:,} people returned after two years or more.", len(back)
    )
    return Section(say("Who came back"), words, tuple(people))


def _went(past: Past, year: int, died: Mapping[int, str], *, so_far: bool) -> Section | None:
    before = _counts(past, year - 2, year - 1)
    _, mutual = both_ways(past, *_span(year - 2, year - 1))
    lost = (before >= WENT_DAYS) & mutual & (_counts(past, year, year) == 0) & (_counts(past, year - 1, year - 1) > 0)
    places = [place for place in np.flatnonzero(lost).tolist() if not "" < died.get(place, "") < f"{year + 1:04}"]
    if not places:
        return None
    places.sort(key=lambda place: (-int(before[place]), place))
    people = [
        Told(
            place,
            say_many("{n:,} day in the two years before", "{n:,} days in the two years before", int(before[place])),
        )
        for place in places[:NAMED]
    ]
    words = say_many(
        "Of {n:,} person with whom you had been in touch both ways, nothing is known in this year",
        "Of {n:,} people with whom you had been in touch both ways, nothing is known in this year",
        len(places),
    )
    words += (
        say(" so far. It may be a channel that is not read here.")
        if so_far
        else say(". It may be a channel that is not read here.")
    )
    return Section(say("Who went"), words, tuple(people))


def _died(year: int, died: Mapping[int, str]) -> Section | None:
    places = sorted((day, place) for place, day in died.items() if day[:4] == f"{year:04}")
    if not places:
        return None
    return Section(say("Who died"), "", tuple(Told(place, day) for day, place in places[:NAMED]))


def _deed(entry: Entry) -> Deed:
    outcome = f" ({entry.outcome})" if entry.outcome else ""
    return Deed(entry.id, entry.names, f"{entry.text}{outcome}")


def _gave(entries: Sequence[Entry], year: int) -> Section | None:
    theirs = [one for one in entries if one.by == THEM and one.kind in GIVEN and one.on.year == year]
    if not theirs:
        return None
    words = say_many("{n:,} thing was given to you.", "{n:,} things were given to you.", len(theirs))
    return Section(say("Who gave"), words, deeds=tuple(_deed(one) for one in theirs))


def _given(entries: Sequence[Entry], year: int) -> Section | None:
    own = [one for one in entries if is_given(one) and one.on.year == year]
    asks = [one for one in entries if is_ask(one) and one.on.year == year]
    if not own and not asks:
        return None
    words = say("You gave {gave} and asked {asked}.", gave=_times(len(own)), asked=_times(len(asks)))
    return Section(say("What you gave"), words, deeds=tuple(_deed(one) for one in own))


def _came_of(entries: Sequence[Entry], year: int) -> Section | None:
    by_id = {one.id: one for one in entries}
    grown = []
    for one in entries:
        led = by_id.get(one.parent)
        if one.on.year == year and led is not None:
            grown.append(
                Deed(
                    one.id,
                    one.names,
                    say(
                        "{text}; it came of: {gift} ({names}, {year})",
                        text=one.text,
                        gift=led.text,
                        names=", ".join(led.names),
                        year=led.on.year,
                    ),
                )
            )
        elif one.on.year == year and one.outcome:
            grown.append(_deed(one))
    if not grown:
        return None
    return Section(say("What came of it"), say("Every generous act makes a ripple."), deeds=tuple(grown))


def _span(low: int, high: int) -> tuple[int, int]:
    start = int(np.datetime64(f"{low:04}-01-01", "D").astype(np.int64))
    return start, int(np.datetime64(f"{high:04}-12-31", "D").astype(np.int64))


def _month(day: int) -> str:
    return month(1 + int(np.datetime64(day, "D").astype("M8[M]").astype(np.int64)) % 12)


def _days(n: int) -> str:
    return say_many("{n:,} day", "{n:,} days", n)


def _times(n: int) -> str:
    return {0: say("nothing"), 1: say("once"), 2: say("twice")}.get(n) or say("{n} times", n=n)
