"""Closeness: why a tie is what it is, and what the owner says to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Interaction, Named, contacts, identify, named
from amity.app.ties import TieLine, tie_line
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.insight.words import PINS, RINGS, ROLES, STATES, UNSEEN
from amity.model import Channel
from amity.store import decisions, derived, search

NOTHING = "none"  # takes a word back
WORDS = {
    name: (*words, NOTHING)
    for name, words in (("ring", RINGS), ("pin", PINS), ("roles", ROLES), ("unseen", UNSEEN), ("state", STATES))
}
TAPS = 10
NEWEST = 8


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two people of whom one may be closer: the answer teaches Amity about others too."""

    one: Named
    other: Named


@dataclass(frozen=True, slots=True)
class Agreed:
    """How well Amity's order of ties agrees with the owner's rings, by contact alone and after it was told.

    Spearman's rank correlation, -1 to 1; `after` judges each person by what was said of the others alone.
    """

    placed: int
    comparisons: int
    before: float | None  # None where fewer than three were placed
    after: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Why:
    """One tie with all that it stands on: figures, reasons, and the contacts behind them."""

    tie: TieLine
    channels: dict[str, int]  # contacts over each
    unseen: tuple[str, ...]  # channels over which this archive holds nothing with them, though it holds others'
    contacts: tuple[Interaction, ...]  # the newest
    total: int


@operation(Effect.READ)
def why(desk: Desk, person: str) -> Why:
    """Say why a tie is what it is: its figures, its reasons with their numbers, and the newest contacts behind them."""
    refresh(desk)
    database = desk.database
    listed = search.person(database, identify(desk, person))
    if listed is None or listed.tie is None:
        name = listed.person.name if listed else person
        raise AmityError(Code.NOT_FOUND, f"You have no tie with {name}: you were never in direct contact.")
    row = listed.person
    handles = search.handles_of(database, [row.id]).get(row.id, [])
    tie = tie_line(desk, listed, tuple(handle.value for _, handle in handles))
    assert tie is not None
    own = derived.belongs_to(database, [row.id])
    from amity.app.tiebook import CHANNELS, channels_of, open_book

    held = Counter(channels_of(desk, own))
    everywhere = {CHANNELS.get(number) for number in open_book(desk).latest.channel.tolist()}
    silent = [channel.word for channel in Channel if channel.word in everywhere and not held[channel.word]]
    shown = contacts(desk, f"p{row.id}", NEWEST)
    return Why(tie, dict(held.most_common()), tuple(silent), shown.contacts, shown.total)


@operation(Effect.WRITE)
def tell(
    desk: Desk,
    person: str,
    *,
    ring: str = "",
    pin: str = "",
    roles: Sequence[str] = (),
    kin: bool | None = None,
    unseen: Sequence[str] = (),
    state: str = "",
    key: str = "",
) -> TieLine | None:
    """Say what Amity cannot see of a tie; it outranks what the archive shows, is shown as yours, and can be taken back.

    `ring` is inner, middle or outer; `pin` critical or not_critical; `roles` client, prospect, colleague, mentor,
    collaborator, friend or family; `unseen` how else you are in touch: live_together, phone, in_person, letters or
    elsewhere; `state` ended, ruptured or died. "none" takes a word of that kind back. Returns the tie as it is now.
    Raises AmityError USAGE for another word, or for none.
    """
    said: dict[str, Any] = {}
    for name, value in (("ring", ring), ("pin", pin), ("state", state)):
        if value:
            said[name] = "" if _checked(name, value) == NOTHING else value
    for name, values in (("roles", roles), ("unseen", unseen)):
        if values:
            chosen = sorted({_checked(name, value) for value in values})
            said[name] = [] if NOTHING in chosen else chosen
    if kin is not None:
        said["kin"] = kin
    if not said:
        raise AmityError(Code.USAGE, "Nothing was said.", "For example `amity tie Ana --ring inner`.")
    refresh(desk)
    who = identify(desk, person)
    listed = search.person(desk.database, who)
    name = listed.person.name if listed else person
    words = ", ".join(f"{field} {_shown(value)}" for field, value in said.items())
    _record(desk, "tie", f"{name}: {words}", [who], {"said": said}, key)
    return _tie(desk, who)


@operation(Effect.WRITE)
def compare(desk: Desk, nearer: str, farther: str, key: str = "") -> Agreed:
    """Say that one person is closer to you than another; Amity learns from it about people like them."""
    refresh(desk)
    one, other = identify(desk, nearer), identify(desk, farther)
    if one == other:
        raise AmityError(Code.USAGE, f"{nearer} and {farther} are one person.")
    names = [search.person(desk.database, who) for who in (one, other)]
    first, second = (listed.person.name if listed else "?" for listed in names)
    _record(desk, "nearer", f"{first} is closer than {second}", [one, other], {}, key)
    return agreement(desk)


@operation(Effect.READ)
def questions(desk: Desk, count: int = TAPS) -> tuple[Comparison, ...]:
    """Choose pairs of people whose comparison teaches most; asking them takes a minute."""
    refresh(desk)
    from amity.app.tiebook import open_book
    from amity.insight.closeness import worth_comparing

    book = open_book(desk)
    said = words_on_ties(desk.database)
    known = [(book.place(one), book.place(other)) for one, other in said.nearer]
    asked = [(one, other) for one, other in known if one is not None and other is not None]
    chosen = worth_comparing(book.card, book.tallies, asked, count)
    people = {place: int(book.people[place]) for pair in chosen for place in pair}
    names = {place: named(desk, person) for place, person in people.items()}
    return tuple(Comparison(names[one], names[other]) for one, other in chosen)


@operation(Effect.READ)
def agreement(desk: Desk) -> Agreed:
    """Say how well Amity's order of ties agrees with yours, by contact alone and after what you told it."""
    refresh(desk)
    from amity.app.tiebook import open_book
    from amity.insight import closeness

    book = open_book(desk)
    said = words_on_ties(desk.database)
    nearer = [
        (one, other)
        for pair in said.nearer
        for one, other in [(book.place(pair[0]), book.place(pair[1]))]
        if one is not None and other is not None
    ]
    found = closeness.agreement(book.card, book.words, nearer)
    if found.people < closeness.FEWEST:
        words = "Place a few people in your inner, middle and outer ring to see how Amity's order agrees with yours."
        return Agreed(found.people, len(nearer), None, None, words)
    before, after = round(found.before, 2), round(found.after, 2)
    better = "closer to yours" if after > before else "no closer to yours"
    words = (
        f"Of the {found.people} people you placed, Amity's order agrees with yours to {before:+.2f} by contact alone"
        f" and to {after:+.2f} with what you said of the others: {better}. 1 is the same order, 0 is chance."
    )
    return Agreed(found.people, len(nearer), before, after, words)


def _checked(name: str, value: str) -> str:
    if value not in WORDS[name]:
        raise AmityError(Code.USAGE, f"There is no {name} {value!r}.", f"Say one of: {', '.join(WORDS[name])}.")
    return value


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return (" and ".join(value) if isinstance(value, list) else str(value)).replace("_", " ") or "taken back"


def _tie(desk: Desk, person: int) -> TieLine | None:
    refresh(desk)
    listed = search.person(desk.database, person)
    if listed is None or listed.tie is None:
        return None
    handles = search.handles_of(desk.database, [person]).get(person, [])
    return tie_line(desk, listed, tuple(handle.value for _, handle in handles))


def _record(desk: Desk, kind: str, summary: str, people: Sequence[int], body: dict[str, Any], key: str) -> None:
    """Keep what was said, by the handles of the people it was said of."""
    database = desk.database
    sides = []
    for person in people:
        held = derived.handles(database, derived.belongs_to(database, [person]))
        sides.append(pairs(handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me")))
    with database.transaction():
        if not (key and decisions.by_key(database, key)):
            desk.record(key or decisions.new_key(), kind, summary, {"sides": sides, **body})
