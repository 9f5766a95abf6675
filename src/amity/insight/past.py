"""The owner's contacts as days, years and conversations: the ground that mirror, portfolio and letter count on.

Columns in, columns out. What counts as a contact is what the ties count: direct, by no machine, to no crowd.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.ledger.strands import CHANNEL, GROUP, MET, RECEIVED, SENT, WAY, Contacts
from amity.ledger.tally import CROWD, DAY, SILENCE
from amity.model import Channel

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PERSONAL = (Channel.CALL, Channel.MEETING, Channel.LETTER, Channel.EXPERIENCE)  # what a meeting in person may stand for
TO_FEW = 3  # a message to more people than this speaks to nobody in particular
ANSWER_DAYS = 30  # after which a conversation that got no answer counts as left


class Days(NamedTuple):
    """One row for each day on which there was contact with one person, sorted by person and day."""

    person: Ints  # by place
    day: Ints  # days since 1970, the owner's
    year: Ints
    wrote: Flags  # the owner sent something
    addressed: Flags  # the owner wrote to them, or to them and at most two others
    heard: Flags  # they sent something
    met: Flags
    personal: Flags  # a call, a meeting, a letter, something gone through together
    moment: Ints  # the last contact of the day


class Talks(NamedTuple):
    """One row for each conversation that a message began after four days of silence between the two."""

    person: Ints
    day: Ints
    year: Ints
    mine: Flags  # the owner began it
    answered: Flags  # the other wrote, or they met, within ANSWER_DAYS
    settled: Flags  # it was answered, or there was time enough to
    moment: Ints


class Past(Struct, frozen=True):
    """All that lies behind the owner, as of one day."""

    people: int  # places are 0 to people - 1
    today: int  # days since 1970
    days: Days
    talks: Talks

    @property
    def years(self) -> range:
        """Return the years from the first contact to today; at least this one."""
        this = year_of(self.today)
        first = int(self.days.year.min()) if len(self.days.year) else this
        return range(first, this + 1)


def year_of(day: int) -> int:
    """Return the year of a day since 1970."""
    return int(years_of(np.array([day]))[0])


def years_of(days: Ints) -> Ints:
    """Return the year of each day since 1970."""
    whole: Ints = days.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970
    return whole


def months_of(days: Ints) -> Ints:
    """Return the month of each day since 1970, as months since the year 0."""
    whole: Ints = days.astype("M8[D]").astype("M8[M]").astype(np.int64) + 1970 * 12
    return whole


def starts_of(*columns: Ints) -> Flags:
    """Tell of each row of sorted columns whether any of them differs from the row before."""
    new = np.ones(len(columns[0]), bool)
    if len(new):
        new[1:] = False
        for column in columns:
            new[1:] |= column[1:] != column[:-1]
    return new


def lay_out(found: Contacts, people: int, *, today: int, utc_offset: int) -> Past:
    """Lay contacts out by day and by conversation.

    `today` in days since 1970, `utc_offset` in seconds; contacts come sorted by person and time, as they are gathered.
    """
    flags = found.entries["flags"]
    few = ((flags >> GROUP) & 255) <= CROWD
    person = found.person[few].astype(np.int64)
    entries = found.entries[few]
    flags, at = entries["flags"], entries["at"].astype(np.int64)
    day = (at + utc_offset) // DAY
    way = flags & WAY
    channel = (flags >> CHANNEL) & 15
    talks = _talks(person, at, day, way, entries, today)
    return Past(people, today, _days(person, day, way, channel, flags, entries), talks)


def _days(person: Ints, day: Ints, way: Any, channel: Any, flags: Any, entries: Any) -> Days:
    at = np.flatnonzero(starts_of(person, day))

    def any_of(mask: Flags) -> Flags:
        found: Flags = np.logical_or.reduceat(mask, at) if len(at) else np.empty(0, bool)
        return found

    last = np.r_[at[1:], len(person)] - 1 if len(at) else at
    return Days(
        person[at],
        day[at],
        years_of(day[at]),
        any_of(way == SENT),
        any_of((way == SENT) & (((flags >> GROUP) & 255) <= TO_FEW)),
        any_of(way == RECEIVED),
        any_of(way == MET),
        any_of(np.isin(channel, PERSONAL)),
        entries["moment"][last].astype(np.int64),
    )


def _talks(person: Ints, at: Ints, day: Ints, way: Any, entries: Any, today: int) -> Talks:
    new = starts_of(person)
    if len(at):
        new[1:] |= np.diff(at) > SILENCE
    opening = np.flatnonzero(new & (way != MET))
    mine = way[opening] == SENT
    answered = np.zeros(len(opening), bool)
    for side, of in ((RECEIVED, mine), (SENT, ~mine)):
        began = opening[of]
        answers = np.flatnonzero((way == side) | (way == MET))
        if not len(answers):
            continue
        place = np.searchsorted(answers, began, side="right")
        next_one = answers[np.minimum(place, len(answers) - 1)]
        theirs = (place < len(answers)) & (person[next_one] == person[began])
        answered[of] = theirs & (day[next_one] - day[began] <= ANSWER_DAYS)
    return Talks(
        person[opening],
        day[opening],
        years_of(day[opening]),
        mine,
        answered,
        answered | (today - day[opening] > ANSWER_DAYS),
        entries["moment"][opening].astype(np.int64),
    )
