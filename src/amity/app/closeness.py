"""Closeness: why a tie is what it is, and what the owner says to it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Interaction, Named, contacts, identify, named
from amity.app.ties import TieLine, tie_line
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.insight.words import BY, LOYAL, PINS, RINGS, ROLES, STATES, UNSEEN, Word
from amity.language import label, mark, noted, say
from amity.ledger.timeline import by_channel
from amity.model import Channel
from amity.store import decisions, derived, search

NOTHING = "none"  # takes a word back
WORDS = {
    name: (*words, NOTHING)
    for name, words in (
        ("ring", RINGS),
        ("pin", PINS),
        ("roles", ROLES),
        ("unseen", UNSEEN),
        ("state", STATES),
        ("loyal", LOYAL),
    )
}
_FIELDS = {"refused": mark("not"), "unseen": mark("beside what Amity reads:")}
TAPS = 10
FACES = 15
BLIND = 5  # people asked about at a time
ASKED_FROM = 8  # contact days, from which it matters how else one is in touch
NEWEST = 8


class Comparison(Struct, frozen=True):
    """Two people of whom one may be closer: the answer teaches Amity about others too."""

    one: Named
    other: Named


class Agreed(Struct, frozen=True):
    """How well Amity's order of ties agrees with the owner's rings, by contact alone and after it was told.

    Spearman's rank correlation, -1 to 1; `after` judges each person by what was said of the others alone.
    """

    placed: int
    comparisons: int
    before: float | None  # None where fewer than three were placed
    after: float | None
    words: str


class Why(Struct, frozen=True):
    """One tie with all that it stands on: figures, reasons, and the contacts behind them."""

    tie: TieLine
    channels: dict[str, int]  # contacts over each
    unseen: tuple[str, ...]  # channels over which this archive holds nothing with them, though it holds others'
    contacts: tuple[Interaction, ...]  # the newest
    total: int
    ask: bool  # you have not said yet how else you are in touch


class BlindSpot(Struct, frozen=True):
    """Somebody of whom Amity may see too little: through which channels it sees them, and through which not."""

    person: Named
    seen: tuple[str, ...]
    silent: tuple[str, ...]
    why: str


@operation(Effect.READ)
def why(desk: Desk, person: str) -> Why:
    """Say why a tie is what it is: its figures, its reasons with their numbers, and the newest contacts behind them."""
    refresh(desk)
    database = desk.database
    listed = search.person(database, identify(desk, person))
    if listed is None or listed.tie is None:
        name = listed.person.name if listed else person
        raise AmityError(
            Code.NOT_FOUND, say("You have no tie with {name}: you were never in direct contact.", name=name)
        )
    row = listed.person
    handles = search.handles_of(database, [row.id]).get(row.id, [])
    tie = tie_line(desk, listed, tuple(handle.value for _, handle in handles))
    assert tie is not None
    held, silent = _seen_and_silent(desk, row.id, search.channels(desk.database))
    shown = contacts(desk, f"p{row.id}", NEWEST)
    ask = not (tie.said.asked or tie.said.unseen or tie.said.state)
    return Why(tie, held, silent, shown.contacts, shown.total, ask)


def _seen_and_silent(desk: Desk, person: int, everywhere: Set[str]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Count somebody's contacts by channel, and name the channels that hold others' contacts and none of theirs."""
    strands = [body for _, body in derived.strands(desk.database, derived.belongs_to(desk.database, [person]))]
    held = {channel.word: count for channel, count in by_channel(strands, desk.end).items()}
    silent = tuple(channel.word for channel in Channel if channel.word in everywhere and channel.word not in held)
    return held, silent


@operation(
    Effect.WRITE,
    words={
        **WORDS,
        **{one: ("", *WORDS[one]) for one in ("ring", "pin", "state", "loyal")},
        "not_roles": WORDS["roles"],
    },
    some=("ring", "pin", "roles", "kin", "unseen", "state", "loyal", "not_roles"),
)
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
    loyal: str = "",
    not_roles: Sequence[str] = (),
    key: str = "",
) -> TieLine | None:
    """Say what Amity cannot see of a tie; it outranks what the archive shows, is shown as yours, and can be taken back.

    `ring` is inner, middle or outer; `pin` critical or not_critical; `roles` client, prospect, colleague, mentor,
    collaborator, friend or family, and `not_roles` those that are not theirs whatever it looks like; `unseen` how else
    you are in touch: live_together, phone, in_person, letters or elsewhere; `state` ended, ruptured or died; `loyal`
    whether they would go out of their way for you, yes or no. "none" takes a word of that kind back. Returns the tie as
    it is now. Raises AmityError USAGE for another word, or for none.
    """
    said: dict[str, Any] = {}
    for name, value in (("ring", ring), ("pin", pin), ("state", state), ("loyal", loyal)):
        if value:
            said[name] = "" if _checked(name, value) == NOTHING else value
    for name, values in (("roles", roles), ("unseen", unseen)):
        if values:
            chosen = sorted({_checked(name, value) for value in values})
            said[name] = [] if NOTHING in chosen else chosen
    if unseen:
        said["asked"] = True
    if kin is not None:
        said["kin"] = kin
    refused = {_checked("roles", value) for value in not_roles}
    if not said and not refused:
        raise AmityError(Code.USAGE, say("Nothing was said."), say("For example `amity tie Ana --ring inner`."))
    refresh(desk)
    who = identify(desk, person)
    known = words_on_ties(desk.database).words.get(who, Word())
    said |= _roles(known, said.get("roles"), refused)
    # A form tells all at once; what it leaves as it was is not said again, unless nothing else is.
    before = {name: list(value) if isinstance(value, tuple) else value for name, value in known._asdict().items()}
    said = {name: value for name, value in said.items() if before[name] != value} or said
    listed = search.person(desk.database, who)
    name = listed.person.name if listed else person
    words = ", ".join(
        f"{say(_FIELDS[field]) if field in _FIELDS else label('word on a tie', field)} {_shown(value)}"
        for field, value in said.items()
        if field != "asked"
    )
    words = words or (say("nothing beside what Amity reads") if "asked" in said else say("as it was"))
    _record(desk, "tie", f"{name}: {words}", [who], {"said": said}, key)
    return _tie(desk, who)


@operation(Effect.WRITE)
def compare(desk: Desk, nearer: str, farther: str, key: str = "") -> Agreed:
    """Say that one person is closer to you than another; Amity learns from it about people like them."""
    refresh(desk)
    one, other = identify(desk, nearer), identify(desk, farther)
    if one == other:
        raise AmityError(Code.USAGE, say("{nearer} and {farther} are one person.", nearer=nearer, farther=farther))
    names = [search.person(desk.database, who) for who in (one, other)]
    first, second = (listed.person.name if listed else "?" for listed in names)
    _record(desk, "nearer", noted("{first} is closer than {second}", first=first, second=second), [one, other], {}, key)
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
def faces(desk: Desk, count: int = FACES) -> tuple[Named, ...]:
    """Choose people to place in the three rings: those whom you are in touch with most and have not placed yet."""
    refresh(desk)
    said = words_on_ties(desk.database).words
    chosen: list[Named] = []
    for one in search.by_strength(desk.database):
        if len(chosen) >= count:
            break
        word = said.get(one.person.id, Word())
        two_way = one.tie is not None and (one.tie.met > 0 or (one.tie.sent > 0 and one.tie.received > 0))
        if two_way and not word.ring and not word.state:
            chosen.append(Named(f"p{one.person.id}", one.person.name))
    return tuple(chosen)


@operation(Effect.READ)
def rings(desk: Desk) -> dict[str, tuple[Named, ...]]:
    """Show who stands in the inner, middle and outer ring by your word."""
    refresh(desk)
    said = words_on_ties(desk.database).words
    names = search.names(desk.database, [one for one, word in said.items() if word.ring])
    return {
        ring: tuple(Named(f"p{one}", names[one]) for one, word in said.items() if word.ring == ring and one in names)
        for ring in RINGS
    }


@operation(Effect.READ)
def blind_spots(desk: Desk, limit: int = BLIND) -> tuple[BlindSpot, ...]:
    """List people of whom Amity may see too little, to ask once how else you are in touch; the answer is remembered.

    They are near to you, or were and have gone quiet.
    """
    refresh(desk)
    said = words_on_ties(desk.database).words
    asked: list[tuple[search.Listed, str]] = []
    for one in search.by_strength(desk.database):
        if len(asked) >= limit:
            break
        tie, word = one.tie, said.get(one.person.id, Word())
        if tie is None or word.asked or word.unseen or word.state or tie.days < ASKED_FROM:
            continue
        quiet = tie.momentum in ("fading", "dormant")
        near = tie.segment in ("critical", "close") or word.kin
        if near or (quiet and tie.segment != "unknown"):
            asked.append(
                (
                    one,
                    say("the tie looks {momentum}", momentum=label("momentum", tie.momentum))
                    if quiet
                    else say("they are near to you"),
                )
            )
    everywhere = search.channels(desk.database) if asked else frozenset()
    spots = []
    for one, looks in asked:
        held, silent = _seen_and_silent(desk, one.person.id, everywhere)
        over = say(" and ").join(label("channel", one) for one in held) or say("no channel")
        nothing = (
            say("; nothing {by_channels}", by_channels=", ".join(say(BY[one]) for one in silent)) if silent else ""
        )
        who = Named(f"p{one.person.id}", one.person.name)
        spots.append(
            BlindSpot(
                who,
                tuple(held),
                silent,
                say("{looks}, seen by {over}{nothing}", looks=looks, over=over, nothing=nothing),
            )
        )
    return tuple(spots)


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
        words = say(
            "Place a few people in your inner, middle and outer ring to see how Amity's order agrees with yours."
        )
        return Agreed(found.people, len(nearer), None, None, words)
    before, after = round(found.before, 2), round(found.after, 2)
    better = say("closer to yours") if after > before else say("no closer to yours")
    words = say(
        "Of the {people} people you placed, Amity's order agrees with yours to {before:+.2f} by "
        "contact alone and to {after:+.2f} with what you said of the others: {better}. 1 is the same "
        "order, 0 is chance.",
        people=found.people,
        before=before,
        after=after,
        better=better,
    )
    return Agreed(found.people, len(nearer), before, after, words)


def _roles(known: Word, given: Sequence[str] | None, refused: set[str]) -> dict[str, Any]:
    """Return what changes of a person's roles: one that is given is refused no more, and the other way round."""
    roles = set(known.roles if given is None else given) - refused
    kept = (set() if NOTHING in refused else set(known.refused) | refused) - set(given or ())
    changed = {"roles": sorted(roles), "refused": sorted(kept)}
    before = {"roles": sorted(known.roles), "refused": sorted(known.refused)}
    return {name: value for name, value in changed.items() if value != before[name]}


def _checked(name: str, value: str) -> str:
    if value not in WORDS[name]:
        raise AmityError(
            Code.USAGE,
            say("There is no {name} {value!r}.", name=label("word on a tie", name), value=value),
            say("Say one of: {words}.", words=", ".join(WORDS[name])),
        )
    return value


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    words = value if isinstance(value, list) else [str(value)] if value else []
    return say(" and ").join(label("word on a tie", one.replace("_", " ")) for one in words) or say("taken back")


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
        if not decisions.repeated(database, key, kind):
            desk.record(key or decisions.new_key(), kind, summary, {"sides": sides, **body})
