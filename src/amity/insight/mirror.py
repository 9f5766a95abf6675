"""The mirror: how the owner practises the method, in figures from their own history.

Each figure is counted a year, with the people, contacts and entries behind it, and held against the owner's own past
alone. What cannot be counted is None, never zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from amity.insight.past import Days, Flags, Ints, Past, starts_of, year_of
from amity.language import mark, say
from amity.ledger.entries import ME, THEM, Entry, is_given

EPOCH = date(1970, 1, 1).toordinal()
COLD_DAYS = 180  # without contact, after which an ask comes cold
FOLLOW_UP_DAYS = 30
TWICE = 2  # personal meetings a year that the critical few are owed
PUSH_DAYS = 14  # between two messages into one silence
PUSHES = 3  # days of writing into one silence before it counts as pushing
GIVEN = frozenset(("gift", "introduction", "recommendation"))  # by others
ROLES = ("client", "prospect", "colleague", "mentor", "collaborator", "friend")
BEFORE = 3  # years of the owner's own past that a year is held against
BEHIND = 20  # people and contacts shown behind a share
LISTED = 200  # people shown where they are the figure


class Meaning(NamedTuple):
    """What a figure is: its name in words, how it is counted, and which way the method would have it go."""

    words: str
    definition: str
    better: int  # 1 more, -1 less, 0 neither
    unit: str  # "share" | "ratio" | "count"


FIGURES: Mapping[str, Meaning] = {
    "critical_time": Meaning(
        mark("time with the critical few"),
        mark(
            "Of all days of contact in the year, counted once a person and day, those with the critical few as they"
            " were at its end. Amity knows days, not hours."
        ),
        1,
        "share",
    ),
    "critical_met": Meaning(
        mark("critical few met in person twice"),
        mark(
            "Of the critical few at the end of the year, those with two days or more on which you met, called, wrote a"
            " letter or went through something together."
        ),
        1,
        "share",
    ),
    "gifts_to_asks": Meaning(
        mark("gifts to asks"),
        mark("Gifts, introductions and recommendations of yours that the ledger holds, for each ask of yours."),
        1,
        "ratio",
    ),
    "cold_asks": Meaning(
        mark("asks made cold"),
        mark(
            "Of your asks in the ledger, those to somebody with whom there was no contact in the {cold_days} days"
            " before, and to whom you gave nothing in them."
        ),
        -1,
        "share",
    ),
    "only_asked": Meaning(
        mark("written to only when you needed something"),
        mark(
            "Of the people whom you asked for something in the year, those to whom you gave nothing in it, and whom you"
            " wrote to or met on no day but those of your asks."
        ),
        -1,
        "share",
    ),
    "follow_up": Meaning(
        mark("first meetings followed up"),
        mark(
            "Of the people with whom the first contact ever was a meeting in the year, those whom you wrote to or met"
            " again within {follow_up_days} days. Meetings for which that time is not over are left out until they are."
        ),
        1,
        "share",
    ),
    "starts": Meaning(
        mark("conversations that you began"),
        mark("Of the conversations that a message began after four days of silence between two, those that you began."),
        0,
        "share",
    ),
    "answers": Meaning(
        mark("conversations that you answered"),
        mark("Of the conversations that others began, those in which you wrote or met them within 30 days."),
        1,
        "share",
    ),
    "answered": Meaning(
        mark("conversations that were answered"),
        mark("Of the conversations that you began, those in which they wrote or met you within 30 days."),
        0,
        "share",
    ),
    "fields": Meaning(
        mark("fields reached"),
        mark("Different fields of work among the people you were in contact with, as cards and you tell them."),
        1,
        "count",
    ),
    "agendas": Meaning(
        mark("agendas known"),
        mark(
            "Of the critical few at the end of the year, those of whom you had noted by then what they need, aim at,"
            " worry about or put first."
        ),
        1,
        "share",
    ),
    "roles": Meaning(
        mark("roles covered"),
        mark(
            "Of the six roles (client, prospect, colleague, mentor, collaborator, friend), those that you gave to"
            " somebody with whom contact went both ways, or whom you met, in the year."
        ),
        1,
        "share",
    ),
    "pushed": Meaning(
        mark("people pushed"),
        mark(
            "Of the people you wrote to, alone or with two others at most, those to whom you wrote on {pushes} days or"
            " more, each within {push_days} days of the one before, with nothing from them in between."
        ),
        -1,
        "share",
    ),
}


def definition(name: str) -> str:
    """Say how a figure is counted."""
    return say(
        FIGURES[name].definition,
        cold_days=COLD_DAYS,
        follow_up_days=FOLLOW_UP_DAYS,
        pushes=PUSHES,
        push_days=PUSH_DAYS,
    )


class Known(Struct, frozen=True):
    """What is known of people beside their contacts; people by place."""

    critical: Mapping[int, Sequence[int]] = field(default_factory=dict)  # by year; none where it is too early to say
    fields: Mapping[int, Sequence[str]] = field(default_factory=dict)
    agendas: Mapping[int, int] = field(default_factory=dict)  # the day (since 1970) as of which one was first noted
    roles: Mapping[int, Sequence[str]] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)  # of entries' people
    entries: Sequence[Entry] = ()


class Counted(Struct, frozen=True):
    """One figure in one year: how many of how many, and what is behind it."""

    year: int
    count: int
    of: int
    people: tuple[tuple[int, int], ...] = ()  # (place, how much of it), most first
    moments: tuple[int, ...] = ()  # newest first
    entries: tuple[str, ...] = ()  # ids, oldest first
    words: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """Return the share or ratio; None where there is nothing to count."""
        return self.count / self.of if self.of else None


def reflect(past: Past, known: Known) -> dict[str, tuple[Counted, ...]]:
    """Count every figure for every year from the first contact to today, in the order of FIGURES."""
    counting: Mapping[str, Callable[[Past, Known, int], Counted]] = {
        "critical_time": _critical_time,
        "critical_met": _critical_met,
        "gifts_to_asks": _gifts_to_asks,
        "cold_asks": _cold_asks,
        "only_asked": _only_asked,
        "follow_up": _follow_up,
        "starts": _starts,
        "answers": _answers,
        "answered": _answered,
        "fields": _fields,
        "agendas": _agendas,
        "roles": _roles,
        "pushed": _pushed,
    }
    years = past.years
    if known.entries:
        years = range(min(years.start, known.entries[0].on.year), years.stop)
    return {name: tuple(counting[name](past, known, year) for year in years) for name in FIGURES}


def value_of(name: str, counted: Counted) -> float | None:
    """Return what a figure says of a year: a share, a ratio, or a number."""
    return float(counted.count) if FIGURES[name].unit == "count" else counted.value


def usual(name: str, years: Sequence[Counted]) -> float | None:
    """Return what was usual before the last of some years: all of up to three earlier years counted together."""
    earlier = [one for one in years[:-1] if one.of][-BEFORE:]
    if not earlier:
        return None
    if FIGURES[name].unit == "count":
        return sum(one.count for one in earlier) / len(earlier)
    return sum(one.count for one in earlier) / sum(one.of for one in earlier)


def _in_year(days: Days, year: int) -> slice | NDArray[np.intp]:
    return np.flatnonzero(days.year == year)


def _per_person(people: Ints, most: int = BEHIND) -> tuple[tuple[int, int], ...]:
    """Count rows by person, most first."""
    ids, counts = np.unique(people, return_counts=True)
    order = np.lexsort((ids, -counts))[:most]
    return tuple(zip(ids[order].tolist(), counts[order].tolist(), strict=True))


def _newest(day: Ints, moment: Ints) -> tuple[int, ...]:
    """Return the moments of the newest rows, each once."""
    order = np.lexsort((moment, day))[::-1]
    return tuple(dict.fromkeys(moment[order].tolist()))[:BEHIND]


def _critical_time(past: Past, known: Known, year: int) -> Counted:
    days = past.days
    rows = _in_year(days, year)
    few = known.critical.get(year)
    if not few:
        return Counted(year, 0, 0)
    with_them = np.isin(days.person[rows], np.array(few, np.int64))
    people, day, moment = days.person[rows][with_them], days.day[rows][with_them], days.moment[rows][with_them]
    total = len(days.person[rows])
    return Counted(year, int(with_them.sum()), total, _per_person(people), _newest(day, moment))


def _critical_met(past: Past, known: Known, year: int) -> Counted:
    few = known.critical.get(year)
    if not few:
        return Counted(year, 0, 0)
    days = past.days
    rows = np.flatnonzero((days.year == year) & days.personal & np.isin(days.person, np.array(few, np.int64)))
    times = Counter(days.person[rows].tolist())
    people = sorted(((place, times[place]) for place in few), key=lambda pair: (-pair[1], pair[0]))
    count = sum(n >= TWICE for _, n in people)
    return Counted(year, count, len(few), tuple(people[:BEHIND]), _newest(days.day[rows], days.moment[rows]))


def _gifts(known: Known, year: int) -> list[Entry]:
    return [one for one in known.entries if is_given(one) and one.on.year == year]


def _asks(known: Known, year: int) -> list[Entry]:
    """Return the owner's asks of a year; a draft was never sent."""
    return [one for one in known.entries if is_ask(one) and one.on.year == year]


def is_ask(entry: Entry) -> bool:
    """Tell whether the owner asked for something, and sent it."""
    return entry.by == ME and entry.kind == "ask" and entry.status != "draft"


def _ids(entries: Iterable[Entry]) -> tuple[str, ...]:
    return tuple(one.id for one in entries)[-LISTED:]


def _persons(known: Known, entries: Iterable[Entry]) -> tuple[tuple[int, int], ...]:
    counts = Counter(known.places[one] for entry in entries for one in entry.people if one in known.places)
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))[:LISTED]


def _gifts_to_asks(past: Past, known: Known, year: int) -> Counted:  # noqa: ARG001
    gifts, asks = _gifts(known, year), _asks(known, year)
    return Counted(year, len(gifts), len(asks), _persons(known, asks), entries=_ids([*gifts, *asks]))


def _place(known: Known, entry: Entry) -> int | None:
    return known.places.get(entry.people[0]) if entry.people else None


def _cold_asks(past: Past, known: Known, year: int) -> Counted:
    asks = _asks(known, year)
    cold = [ask for ask in asks if _is_cold(past, known, ask)]
    return Counted(year, len(cold), len(asks), _persons(known, cold), entries=_ids(cold))


def _is_cold(past: Past, known: Known, ask: Entry) -> bool:
    on = ask.on.toordinal() - EPOCH
    place = _place(known, ask)
    if place is not None:
        day = _days_with(past, place).day
        before = day[day < on]
        if len(before) and on - int(before[-1]) <= COLD_DAYS:
            return False
    # Where nothing ever passed, no gift is known to have come before.
    return not any(
        is_given(one) and ask.people and ask.people[0] in one.people and 0 <= (ask.on - one.on).days <= COLD_DAYS
        for one in known.entries
    )


class _Days(NamedTuple):
    day: Ints
    reached: Flags  # the owner wrote, or they met


def _days_with(past: Past, place: int) -> _Days:
    days = past.days
    part = slice(*np.searchsorted(days.person, (place, place + 1)).tolist())
    return _Days(days.day[part], days.wrote[part] | days.met[part])


def _only_asked(past: Past, known: Known, year: int) -> Counted:
    asked: dict[str, list[Entry]] = {}
    for ask in _asks(known, year):
        for person in filter(None, ask.people):
            asked.setdefault(person, []).append(ask)
    gave = {person for one in _gifts(known, year) for person in one.people}
    found = []
    for person, asks in asked.items():
        on = {ask.on.toordinal() - EPOCH for ask in asks}
        place = known.places.get(person)
        reached = set[int]()
        if place is not None:
            with_them = _days_with(past, place)
            reached = {day for day in with_them.day[with_them.reached].tolist() if year_of(day) == year}
        if person not in gave and reached <= on:
            found.append(person)
    entries = [ask for person in found for ask in asked[person]]
    people = [(known.places[one], len(asked[one])) for one in found if one in known.places]
    people.sort(key=lambda pair: (-pair[1], pair[0]))
    return Counted(year, len(found), len(asked), tuple(people[:LISTED]), entries=_ids(dict.fromkeys(entries)))


def _follow_up(past: Past, known: Known, year: int) -> Counted:  # noqa: ARG001
    days = past.days
    first = np.flatnonzero(starts_of(days.person))
    met = first[(days.year[first] == year) & days.met[first] & ~days.wrote[first] & ~days.heard[first]]
    reached = np.flatnonzero(days.wrote | days.met)
    if not len(met):
        return Counted(year, 0, 0)
    place = np.minimum(np.searchsorted(reached, met, side="right"), len(reached) - 1)
    again = reached[place]
    same = (again > met) & (days.person[again] == days.person[met])
    followed = same & (days.day[again] - days.day[met] <= FOLLOW_UP_DAYS)
    over = followed | (past.today - days.day[met] > FOLLOW_UP_DAYS)
    people = [(int(days.person[row]), int(done)) for row, done in zip(met[over], followed[over], strict=True)]
    people.sort(key=lambda pair: (pair[1], pair[0]))
    moments = _newest(days.day[met[over]], days.moment[met[over]])
    return Counted(year, int(followed.sum()), int(over.sum()), tuple(people[:LISTED]), moments)


def _talked(past: Past, year: int, rows: Flags, of: Flags) -> Counted:
    talks = past.talks
    chosen = np.flatnonzero((talks.year == year) & of)
    mine = chosen[rows[chosen]]
    moments = _newest(talks.day[mine], talks.moment[mine])
    return Counted(year, len(mine), len(chosen), _per_person(talks.person[mine]), moments)


def _starts(past: Past, known: Known, year: int) -> Counted:  # noqa: ARG001
    return _talked(past, year, past.talks.mine, np.ones(len(past.talks.mine), bool))


def _answers(past: Past, known: Known, year: int) -> Counted:  # noqa: ARG001
    return _talked(past, year, past.talks.answered, ~past.talks.mine & past.talks.settled)


def _answered(past: Past, known: Known, year: int) -> Counted:  # noqa: ARG001
    return _talked(past, year, past.talks.answered, past.talks.mine & past.talks.settled)


def _fields(past: Past, known: Known, year: int) -> Counted:
    days = past.days
    rows = _in_year(days, year)
    touched = _per_person(days.person[rows], past.people)
    carried: dict[str, int] = {}
    shown: dict[str, str] = {}
    for place, _ in touched:
        for word in known.fields.get(place, ()):
            folded = word.casefold()
            shown.setdefault(folded, word)
            carried[folded] = carried.get(folded, 0) + 1
    words = [f"{shown[one]} ({n})" for one, n in sorted(carried.items(), key=lambda pair: (-pair[1], pair[0]))]
    with_one = [pair for pair in touched if known.fields.get(pair[0])]
    return Counted(year, len(carried), len(touched), tuple(with_one[:BEHIND]), words=tuple(words[:LISTED]))


def _agendas(past: Past, known: Known, year: int) -> Counted:
    few = known.critical.get(year)
    if not few:
        return Counted(year, 0, 0)
    until = min(past.today, date(year, 12, 31).toordinal() - EPOCH)
    people = sorted((int(known.agendas.get(place, until + 1) <= until), place) for place in few)
    return Counted(year, sum(n for n, _ in people), len(few), tuple((place, n) for n, place in people[:BEHIND]))


def _roles(past: Past, known: Known, year: int) -> Counted:
    days = past.days
    rows = _in_year(days, year)
    both = set(days.person[rows][days.met[rows]].tolist())
    both |= set(days.person[rows][days.wrote[rows]].tolist()) & set(days.person[rows][days.heard[rows]].tolist())
    bearing = {role: [place for place in sorted(known.roles) if role in known.roles[place]] for role in ROLES}
    if not any(bearing.values()):
        return Counted(year, 0, 0)
    covered = {role: [place for place in places if place in both] for role, places in bearing.items()}
    people = Counter(place for places in covered.values() for place in places)
    words = tuple(role for role in ROLES if covered[role])
    return Counted(year, len(words), len(ROLES), tuple(people.most_common(BEHIND)), words=words)


def _pushed(past: Past, known: Known, year: int) -> Counted:  # noqa: ARG001
    days = past.days
    wrote = np.flatnonzero(days.addressed & (days.year == year))
    runs = _runs(days)
    pushing = wrote[runs[wrote] >= PUSHES]
    people = _per_person(days.person[pushing], LISTED)
    written_to = len(np.unique(days.person[wrote]))
    number = len(np.unique(days.person[pushing]))
    return Counted(year, number, written_to, people, _newest(days.day[pushing], days.moment[pushing]))


def _runs(days: Days) -> Ints:
    """Return for each day how many days in a row, it included, the owner had written into one silence."""
    # Days without a word of the owner's to them alone break no run unless the other was heard or met on them.
    counts = np.zeros(len(days.person), np.int64)
    rows = np.flatnonzero(days.addressed | days.heard | days.met)
    silent = ~(days.heard | days.met)[rows]
    person, day = days.person[rows], days.day[rows]
    goes_on = np.zeros(len(rows), bool)
    if len(rows):
        goes_on[1:] = silent[1:] & silent[:-1] & (person[1:] == person[:-1]) & (day[1:] - day[:-1] <= PUSH_DAYS)
    place = np.arange(len(rows))
    begin = np.maximum.accumulate(np.where(goes_on, 0, place)) if len(rows) else place
    counts[rows] = np.where(silent, place - begin + 1, 0)
    return counts


def giving_by_year(entries: Iterable[Entry]) -> Iterator[tuple[int, int, int, int]]:
    """Yield of each year from the first entry to the last how often the owner gave, was given to, and asked."""
    gave: Counter[int] = Counter()
    got: Counter[int] = Counter()
    asked: Counter[int] = Counter()
    for one in entries:
        gave[one.on.year] += is_given(one)
        got[one.on.year] += one.by == THEM and one.kind in GIVEN
        asked[one.on.year] += is_ask(one)
    years = [year for held in (gave, got, asked) for year, count in held.items() if count]
    for year in range(min(years, default=1), max(years, default=0) + 1):
        yield year, gave[year], got[year], asked[year]
