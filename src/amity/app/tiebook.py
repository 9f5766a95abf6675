"""The tie book: tallies of all people side by side, and what they and the owner's word are judged to mean.

Kept as columns, so that a new contact costs the count of one person and a new day one pass over the strands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cached_property
from itertools import compress, repeat
from typing import Any

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.app.desk import Desk
from amity.app.fields import unanalysed
from amity.app.freshness import remember
from amity.app.words import words_on_ties
from amity.insight import closeness, course, segments, tie
from amity.insight.words import Word
from amity.language import mark
from amity.ledger.strands import (
    CHANNEL,
    ENTRY,
    GROUP,
    MET,
    NONE,
    RECEIVED,
    SENT,
    WAY,
    Contacts,
    Latest,
    contacts,
    depths,
    latest,
)
from amity.ledger.tally import DAY, NEVER, Strands, Tallies, tally
from amity.ledger.timeline import WAYS
from amity.model import Channel, Reason
from amity.store import derived
from amity.store.derived import TieRow

_COLUMNS = tuple(name for name in Tallies.__struct_fields__ if name not in ("end", "horizon_days"))
_Book = tuple[NDArray[np.int64], Tallies, Latest]
CHANNELS = {int(channel): channel.word for channel in Channel}
SEVERAL = 100  # people whose contacts are held for whoever asks for the same again
MOST_ROWS = 400_000  # contacts that are counted again for a course, over all its stretches
FIRST_WAYS = {SENT: mark("you wrote"), RECEIVED: mark("they wrote"), MET: mark("you met")}


class TieBook(Struct, frozen=True, dict=True):
    """Everybody's tallies, in order of person id, and the judgement on them."""

    people: NDArray[np.int64]
    tallies: Tallies
    latest: Latest
    card: tie.Judgement  # by contact alone
    judgement: tie.Judgement  # with the owner's word
    words: Mapping[int, Word]  # what the owner said, by place

    def columns(self) -> dict[str, bytes]:
        """Return the tallies as they are kept."""
        arrays = {name: getattr(self.tallies, name) for name in _COLUMNS}
        arrays |= {f"latest_{name}": column for name, column in zip(Latest._fields, self.latest, strict=True)}
        arrays["people"] = self.people
        return {
            f"{name} {array.dtype.str}": array.tobytes() for name, array in ((n, _small(a)) for n, a in arrays.items())
        }

    @cached_property
    def pins(self) -> Mapping[int, str]:
        """Whom the owner put among the critical few for good, or never wants there, by place."""
        return {place: word.pin for place, word in self.words.items() if word.pin}

    def place(self, person: int) -> int | None:
        """Return where a person stands in the columns, None for one without a tie."""
        found = int(np.searchsorted(self.people, person))
        return found if found < len(self.people) and self.people[found] == person else None

    def because(self, place: int) -> tuple[Reason, ...]:
        """Say why the tie at a place is what it is, the owner's own word first."""
        card, heeded = float(self.card.strength[place]), float(self.judgement.strength[place])
        channel = int(self.latest.channel[place])
        quiet = (self.tallies.end - int(self.until[place])) // DAY
        said = closeness.reasons(self.words.get(place, Word()), card, heeded, channel, quiet)
        return (*said, *tie.explain(self.tallies, self.card, place))[: tie.MOST_REASONS]

    @cached_property
    def until(self) -> NDArray[np.int64]:
        """Until when each tie could be seen."""
        return closeness.listened_until(self.tallies, self.latest.channel)

    def rows(self, segment: Sequence[str]) -> Iterator[TieRow]:
        """Return the ties to keep, one for each person whom the owner was ever in direct contact with.

        `segment` are their segments by place.
        """
        judged, tallies, last = self.judgement, self.tallies, self.latest
        columns = zip(
            self.people.tolist(),
            _cut_short(judged.strength),
            _cut_short(judged.p_contact),
            [tie.MOMENTA[place] for place in judged.momentum.tolist()],
            segment,
            _cut_short(judged.reciprocity),
            _cut_short(judged.initiative),
            tallies.sent.tolist(),
            tallies.received.tolist(),
            tallies.met.tolist(),
            tallies.days.tolist(),
            np.nan_to_num(tallies.gap).tolist(),
            tallies.first.tolist(),
            tallies.last.tolist(),
            map(_known, judged.turned.tolist()),
            map(_known, last.received_at.tolist()),
            map(_known, last.received_moment.tolist()),
            np.maximum(last.received_group, 0).tolist(),
            map(_known, last.sent_at.tolist()),
            map(_known, last.met_at.tolist()),
            map(FIRST_WAYS.get, last.first_way.tolist(), repeat("")),
            map(CHANNELS.get, last.channel.tolist(), repeat("other")),
            strict=False,
        )
        return compress(map(TieRow._make, columns), (tallies.n > 0).tolist())


def _cut_short(column: NDArray[np.float64]) -> list[float]:
    """Return figures without their last digits, which hang on who else is worked out beside them, by vector units."""
    kept: list[float] = column.round(12).tolist()
    return kept


def _small(column: NDArray[Any]) -> NDArray[Any]:
    """Return whole numbers in half the space where they fit."""
    if column.dtype == np.int64 and len(column) and abs(column).max() < 1 << 31 and column.min() > NONE:
        return column.astype(np.int32)
    return column


def _known(value: int) -> int | None:
    return None if value in (NEVER, NONE) else value


def count(desk: Desk, only: Set[int] | None) -> TieBook:
    """Count the contacts of everybody with whom there are any, or of whom the owner spoke.

    With `only`, count some people again within the book that is kept.
    """
    silent = unanalysed(desk.database, desk.today.isoformat())
    said = words_on_ties(desk.database)
    spoken_of = {*said.words, *(person for pair in said.nearer for person in pair)}
    people = derived.in_touch(desk.database, only, spoken_of if only is None else spoken_of & only)
    fresh = _count(desk, [person for person in people if person not in silent])
    if only is not None:
        fresh = _replace(desk, fresh, only)
    return _judged(desk, fresh)


def open_book(desk: Desk) -> TieBook:
    """Return the tie book as it was last kept; the derived tables must be fresh."""
    return remember(desk, "tie book", lambda: _judged(desk, _kept(desk)))


def count_as_of(desk: Desk, people: NDArray[np.int64]) -> Tallies:
    """Count the contacts of some people as of the desk's day, whatever day the book was kept for."""
    return _count(desk, people.tolist())[1]


def segments_of(desk: Desk, book: TieBook, also: Mapping[int, str] | None = None) -> list[str]:
    """Return the segment of each person by place, as the owner's time, their pins and the last weeks have it.

    `also` are pins to try out, by place.
    """
    judged, tallies, pins = book.judgement, book.tallies, {**book.pins, **(also or {})}
    if not judged.enough:
        return ["unknown"] * len(tallies)
    carries = segments.capacity(judged, tallies, desk.settings.minutes).carries
    refused = {place: pin for place, pin in pins.items() if pin != "critical"}
    proposed = segments.propose(judged, tallies, refused, most=carries)
    places = segments.contested(judged, tallies, proposed, refused)
    if len(places):
        ago = segments.weeks_before(desk.end, desk.offset)
        proposed = segments.settle(proposed, places, strengths_on(desk, book, places, ago), most=carries)
    return segments.pinned(proposed, judged, pins, most=carries)


def strengths_on(desk: Desk, book: TieBook, places: NDArray[np.int64], ago: Sequence[int]) -> NDArray[np.float64]:
    """Return how strong some ties were at the end of days so many days ago, 0 to 100: (places, days).

    What the owner said of a tie by now is taken to have been so then.
    """
    found = gather(desk, book.people[places].tolist())
    then = course.strengths(
        _strands(found),
        len(places),
        ago,
        end=desk.end,
        span=tie.length(book.tallies),
        horizon_days=desk.settings.horizon_days,
        utc_offset=desk.offset,
    )
    return closeness.shifted(then, book.card.strength[places], book.judgement.strength[places])


def course_of(
    desk: Desk, person: int, most: int
) -> tuple[int, list[tuple[int, float]], list[tuple[int, str, str, int]]]:
    """Follow one tie from its first contact to today, in `most` stretches of equal length or fewer.

    Returns the length of a stretch in days, (days ago, strength) at each stretch's end, and (days ago, channel, way,
    contacts) from each stretch's first day; oldest first.
    """
    book = open_book(desk)
    place = book.place(person)
    found = gather(desk, [person])
    if place is None or not len(found.person):
        return 1, [], []
    ago = (desk.end - 1 - found.entries["at"].astype(np.int64)) // DAY
    # Heavy correspondents are told in fewer stretches, since each is judged over all that came before.
    stretches = max(12, min(most, MOST_ROWS // len(ago)))
    step = max(1, -(-(int(ago.max()) + 1) // stretches))
    ends = list(range(int(ago.max()) // step * step, -1, -step))
    strength = strengths_on(desk, book, np.array([place]), ends)[0]
    flags = found.entries["flags"]
    kinds = (ago // step) << 8 | ((flags >> CHANNEL) & 15).astype(np.int64) << 4 | (flags & WAY).astype(np.int64)
    held, count = np.unique(kinds, return_counts=True)
    marks = [
        ((kind >> 8) * step + step - 1, CHANNELS.get(kind >> 4 & 15, "other"), WAYS[kind & 15], number)
        for kind, number in zip(held.tolist(), count.tolist(), strict=True)
    ]
    return step, list(zip(ends, strength.tolist(), strict=True)), marks[::-1]


def _judged(desk: Desk, counted: _Book) -> TieBook:
    """Judge what was counted, by the card and then with the owner's word."""
    people, tallies, last = counted
    card = tie.judge(tallies, horizon_days=desk.settings.horizon_days)
    said = words_on_ties(desk.database)
    place = {person: at for at, person in enumerate(people.tolist())} if said.words or said.nearer else {}
    words = {place[person]: word for person, word in said.words.items() if person in place}
    nearer = [(place[one], place[other]) for one, other in said.nearer if one in place and other in place]
    heeded = closeness.heed(card, tallies, last.channel, words, nearer)
    return TieBook(people, tallies, last, card, heeded, words)


def gather(desk: Desk, people: list[int]) -> Contacts:
    """Return the direct contacts with some people up to the desk's day, persons by their place in the list."""
    if len(people) > SEVERAL:
        return _gather(desk, people)
    return desk.database.once(("contacts", desk.end, tuple(people)), lambda: _gather(desk, people))


def _gather(desk: Desk, people: list[int]) -> Contacts:
    database = desk.database
    place = {person: at for at, person in enumerate(people)}
    belongs = derived.belongs_to(database, people)
    # By person from the start, so that contacts need no sorting where everybody has one address.
    rows = sorted(derived.strands(database, belongs), key=lambda row: place[belongs[row[0]]])
    entries = np.frombuffer(b"".join(body for _, body in rows), ENTRY)
    handles = np.repeat(
        np.fromiter((handle for handle, _ in rows), np.uint32, len(rows)),
        [len(body) // ENTRY.itemsize for _, body in rows],
    )
    place_of = np.full(max(belongs, default=0) + 1, -1, np.int64)
    for handle, person in belongs.items():
        place_of[handle] = place[person]
    return contacts(handles, entries, place_of, desk.end)


def judge_contacts(desk: Desk, people: list[int], found: Contacts) -> TieBook:
    """Judge the ties of some people by contacts that were gathered, as of the desk's day; later ones are not seen."""
    seen = found.entries["at"] < desk.end
    return _judged(desk, _tallied(desk, people, Contacts(found.person[seen], found.entries[seen])))


def _count(desk: Desk, people: list[int]) -> _Book:
    return _tallied(desk, people, gather(desk, people))


def _strands(found: Contacts) -> Strands:
    """Return gathered contacts as the columns that are counted."""
    flags = found.entries["flags"]
    ways = np.zeros(4, np.int8)
    ways[SENT], ways[RECEIVED] = 1, -1
    return Strands(
        found.person,
        found.entries["at"],
        ways[flags & WAY],
        ((flags >> GROUP) & 255).astype(np.uint8),
        depths(found.entries),
    )


def _tallied(desk: Desk, people: list[int], found: Contacts) -> _Book:
    strands = _strands(found)
    tallies = tally(strands, len(people), end=desk.end, horizon_days=desk.settings.horizon_days, utc_offset=desk.offset)
    return np.array(people, np.int64), tallies, latest(found, len(people))


def _kept(desk: Desk) -> _Book:
    columns: dict[str, Any] = {}
    for name, body in derived.tallies(desk.database).items():
        field, _, dtype = name.partition(" ")
        column = np.frombuffer(body, dtype)
        columns[field] = column.astype(np.int64) if dtype == "<i4" else column
    tallies = Tallies(
        **{name: columns[name] for name in _COLUMNS}, end=desk.end, horizon_days=desk.settings.horizon_days
    )
    return columns["people"], tallies, Latest(*[columns[f"latest_{name}"] for name in Latest._fields])


def _replace(desk: Desk, fresh: _Book, only: Set[int]) -> _Book:
    """Put freshly counted people in the place of their old counts, in order of id."""
    people, tallies, last = _kept(desk)
    stay = ~np.isin(people, np.fromiter(only, np.int64))
    joined = np.concatenate([people[stay], fresh[0]])
    order = np.argsort(joined, kind="stable")

    def merge(old: NDArray[Any], new: NDArray[Any]) -> NDArray[Any]:
        merged: NDArray[Any] = np.concatenate([old[stay], new])[order]
        return merged

    columns: dict[str, Any] = {name: merge(getattr(tallies, name), getattr(fresh[1], name)) for name in _COLUMNS}
    return (
        joined[order],
        Tallies(**columns, end=desk.end, horizon_days=desk.settings.horizon_days),
        Latest(*[merge(old, new) for old, new in zip(last, fresh[2], strict=True)]),
    )
