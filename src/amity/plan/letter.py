"""The yearly letter: who came, who went, who came back, who stood nearest, who gave, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from amity.insight.mirror import GIVEN, is_ask
from amity.insight.past import Past, starts_of
from amity.insight.portfolio import both_ways, year_end
from amity.ledger.entries import THEM, Entry, is_given

NAMED = 8  # people of a section who are named
NEAREST = 5
CAME_DAYS = 3  # contact days in the year that make a beginning
WENT_DAYS = 5  # contact days in the two years before that make a loss
BACK_AFTER = 730  # days of silence after which somebody comes back
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class Told(NamedTuple):
    """One person of a section, by place, and what is said of them."""

    place: int
    words: str


class Deed(NamedTuple):
    """One entry of the ledger, with whom it is of, and what is said of it."""

    entry: str
    names: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Section:
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
        return Section("The year", f"Nothing is known of contact with anybody in {year}{' so far' if so_far else ''}.")
    month = days.day[rows].astype("M8[D]").astype("M8[M]").astype(np.int64) % 12
    held = np.bincount(month, minlength=12)
    met = int(days.met[rows].sum())
    words = (
        f"You were in contact with {people:,} {'person' if people == 1 else 'people'}"
        f": {total:,} days of contact, a day with two of them counted twice"
        f"{f'; on {met:,} of these you met' if met else ''}."
        f" The fullest month was {MONTHS[int(held.argmax())]}."
    )
    if year in friends:
        words += f" It {'stands at' if so_far else 'ended with'} {_number(friends[year], 'true friend')}"
        if year - 1 in friends:
            words += f"; the year before ended with {friends[year - 1]:,}"
        words += "."
    return Section("The year", words)


def _nearest(past: Past, year: int) -> Section | None:
    counts = _counts(past, year, year)
    if not counts.any():
        return None
    before = _counts(past, year - 1, year - 1)
    order = np.lexsort((np.arange(len(counts)), -counts))[:NEAREST].tolist()
    share = counts[order].sum() / counts.sum()
    people = [
        Told(place, f"{_number(int(counts[place]), 'day')}{_against(int(before[place]))}")
        for place in order
        if counts[place]
    ]
    return Section(
        "Who stood nearest", f"{100 * share:.0f} % of the year's days of contact were with these.", tuple(people)
    )


def _against(before: int) -> str:
    return f", {before:,} the year before" if before else ", none the year before"


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
        how = "you met" if days.met[row] else "you wrote first" if days.wrote[row] else "they wrote first"
        people.append(Told(place, f"{how} in {_month(int(days.day[row]))}; {_number(int(counts[place]), 'day')} since"))
    words = f"{_number(len(new), 'new person', 'new people')} came into the year"
    words += (
        f"; with {'one' if len(rows) == 1 else f'{len(rows):,}'} of them it became more than a beginning."
        if rows
        else "."
    )
    return Section("Who came", words, tuple(people))


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
            f"in {_month(int(days.day[row]))}, after {(days.day[row] - days.day[row - 1]) // 365} years of silence",
        )
        for row in back[:NAMED]
    ]
    return Section(
        "Who came back", f"{_number(len(back), 'person', 'people')} returned after two years or more.", tuple(people)
    )


def _went(past: Past, year: int, died: Mapping[int, str], *, so_far: bool) -> Section | None:
    before = _counts(past, year - 2, year - 1)
    _, mutual = both_ways(past, *_span(year - 2, year - 1))
    lost = (before >= WENT_DAYS) & mutual & (_counts(past, year, year) == 0) & (_counts(past, year - 1, year - 1) > 0)
    places = [place for place in np.flatnonzero(lost).tolist() if not "" < died.get(place, "") < f"{year + 1:04}"]
    if not places:
        return None
    places.sort(key=lambda place: (-int(before[place]), place))
    people = [Told(place, f"{_number(int(before[place]), 'day')} in the two years before") for place in places[:NAMED]]
    who = _number(len(places), "person", "people")
    when = "in this year so far" if so_far else "in this year"
    words = f"Of {who} with whom you had been in touch both ways, nothing is known {when}."
    return Section("Who went", words + " It may be a channel that is not read here.", tuple(people))


def _died(year: int, died: Mapping[int, str]) -> Section | None:
    places = sorted((day, place) for place, day in died.items() if day[:4] == f"{year:04}")
    if not places:
        return None
    return Section("Who died", "", tuple(Told(place, day) for day, place in places[:NAMED]))


def _deed(entry: Entry) -> Deed:
    outcome = f" ({entry.outcome})" if entry.outcome else ""
    return Deed(entry.id, entry.names, f"{entry.text}{outcome}")


def _gave(entries: Sequence[Entry], year: int) -> Section | None:
    theirs = [one for one in entries if one.by == THEM and one.kind in GIVEN and one.on.year == year]
    if not theirs:
        return None
    words = f"{_number(len(theirs), 'thing was', 'things were')} given to you."
    return Section("Who gave", words, deeds=tuple(_deed(one) for one in theirs))


def _given(entries: Sequence[Entry], year: int) -> Section | None:
    own = [one for one in entries if is_given(one) and one.on.year == year]
    asks = [one for one in entries if is_ask(one) and one.on.year == year]
    if not own and not asks:
        return None
    times = {0: "nothing", 1: "once", 2: "twice"}
    words = (
        f"You gave {times.get(len(own), f'{len(own)} times')} and asked {times.get(len(asks), f'{len(asks)} times')}."
    )
    return Section("What you gave", words, deeds=tuple(_deed(one) for one in own))


def _came_of(entries: Sequence[Entry], year: int) -> Section | None:
    by_id = {one.id: one for one in entries}
    grown = []
    for one in entries:
        led = by_id.get(one.parent)
        if one.on.year == year and led is not None:
            grown.append(
                Deed(one.id, one.names, f"{one.text}; it came of: {led.text} ({', '.join(led.names)}, {led.on.year})")
            )
        elif one.on.year == year and one.outcome:
            grown.append(_deed(one))
    if not grown:
        return None
    return Section("What came of it", "Every generous act makes a ripple.", deeds=tuple(grown))


def _span(low: int, high: int) -> tuple[int, int]:
    start = int(np.datetime64(f"{low:04}-01-01", "D").astype(np.int64))
    return start, int(np.datetime64(f"{high:04}-12-31", "D").astype(np.int64))


def _month(day: int) -> str:
    return MONTHS[int(np.datetime64(day, "D").astype("M8[M]").astype(np.int64)) % 12]


def _number(n: int, one: str, many: str = "") -> str:
    return f"{n:,} {one if n == 1 else many or one + 's'}"
