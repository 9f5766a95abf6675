"""Circles: the critical few and who stands at their edge, who is loyal, and which ties of trust sleep."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.freshness import keep, refresh
from amity.app.operation import Effect, operation
from amity.app.people import Named, identify
from amity.app.words import words_on_ties
from amity.errors import AmityError, Code
from amity.insight.bands import band
from amity.insight.words import ROLES, Word
from amity.language import mark, say
from amity.ledger.entries import THEM, UNMADE
from amity.model import Reason
from amity.store import search
from amity.store.search import Listed, Sleeping

if TYPE_CHECKING:
    from amity.app.tiebook import TieBook
    from amity.insight.loyal import Deeds
    from amity.insight.segments import Capacity

EDGE = 5  # people shown at the edge of the few
LOOKED_AT = 60  # of the strongest ties, those whose answers are timed
TRUSTED = 3  # contacts from the side that gave less, before a dormant tie counts as one of trust
YEAR = 365
FAR_YEARS = 3  # a tie that slept so long is as far as it gets (Levin 2011 asked for three years)
BARELY = mark(
    "Who comes back by themselves can barely be foretold, so these stand by how much trust there "
    "was, and by how far apart you have grown: what they know now is news to you."
)


class FewLine(Struct, frozen=True):
    """One of the critical few, or somebody at their edge."""

    person: Named
    strength: float
    band: str
    momentum: str
    why: str
    minutes: float  # a day, in the last horizon: an estimate from what was written, read and met
    pin: str  # "critical" | "not_critical" | ""
    roles: tuple[str, ...]  # by your word
    loyal: str  # by your word: "yes" | "no" | ""


class Room(Struct, frozen=True):
    """How many critical ties your time carries; times in minutes a day."""

    wanted: int
    spent: float
    each: float  # what one of the few takes, the middle of them
    carries: int
    held: int
    words: str


class Circles(Struct, frozen=True):
    """The critical few, who stands at their edge, and how many people each circle holds."""

    enough: bool
    few: tuple[FewLine, ...]
    edge: tuple[FewLine, ...]
    refused: tuple[FewLine, ...]  # whom you never want there
    room: Room
    close: int
    many: int
    dormant: int
    unknown: int
    uncovered: tuple[str, ...]  # roles that none of the few has by your word; empty where you gave none


class Weighed(Struct, frozen=True):
    """What it would mean to take somebody among the critical few."""

    person: Named
    within: bool  # they are among them already
    leaves: tuple[Named, ...]  # who would have to leave
    words: str


class LoyalLine(Struct, frozen=True):
    """Somebody who would go out of their way for you, or may, with what they did."""

    person: Named
    because: tuple[Reason, ...]


class Loyal(Struct, frozen=True):
    """The loyal few: those you named, and those whom what they did suggests."""

    confirmed: tuple[LoyalLine, ...]
    suggested: tuple[LoyalLine, ...]


class DormantLine(Struct, frozen=True):
    """A tie that sleeps."""

    person: Named
    silent_days: int
    because: tuple[Reason, ...]


class Dormant(Struct, frozen=True):
    """Dormant ties of past trust, those with most of it and furthest grown apart first."""

    ties: tuple[DormantLine, ...]
    total: int
    words: str


@operation(Effect.READ)
def show(desk: Desk) -> Circles:
    """Show the critical few with reasons, who stands at their edge, and how many such ties your time carries."""
    refresh(desk)
    return keep(desk, "circles", Circles, lambda: _show(desk))


def _show(desk: Desk) -> Circles:
    from amity.app.tiebook import open_book
    from amity.insight import segments

    book = open_book(desk)
    segment = search.segments(desk.database)
    held = Counter(segment.values())
    proposed = [segment.get(person, "unknown") for person in book.people.tolist()]
    found = segments.capacity(book.judgement, book.tallies, desk.settings.minutes)
    now = segments.propose(book.judgement, book.tallies, book.pins, most=found.carries)
    few = [_line(book, proposed, one, now) for one in search.by_strength(desk.database, segments=("critical",))]
    pinned = {int(book.people[place]): pin for place, pin in book.pins.items()}
    unwanted = [one for one in segment if pinned.get(one) == "not_critical" and segment[one] in ("close", "many")]
    by_id = {one.person.id: one for one in search.persons(desk.database, unwanted)}
    others = [_line(book, proposed, by_id[one], now) for one in unwanted]
    close = search.by_strength(desk.database, segments=("close",))
    near = islice((one for one in close if one.person.id not in pinned), EDGE)
    given = {role for line in few for role in line.roles}
    return Circles(
        enough=book.judgement.enough,
        few=tuple(few),
        edge=tuple(_line(book, proposed, one, now) for one in near),
        refused=tuple(others),
        room=Room(
            desk.settings.minutes,
            round(found.spent, 1),
            round(found.each, 1),
            found.carries,
            len(few),
            _room(found, len(few), desk.settings.horizon_days),
        ),
        close=held["close"],
        many=held["many"],
        dormant=held["dormant"],
        unknown=held["unknown"],
        uncovered=tuple(role for role in ROLES if role not in given) if given else (),
    )


def _word(book: TieBook, listed: Listed) -> Word:
    place = book.place(listed.person.id)
    return Word() if place is None else book.words.get(place, Word())


def _line(book: TieBook, settled: list[str], listed: Listed, now: list[str]) -> FewLine:
    """Describe one of a circle; `now` is where everybody would stand if nothing had been before."""
    from amity.insight import segments

    place = book.place(listed.person.id)
    if place is None or listed.tie is None:
        raise ValueError("one of a circle has a tie")
    word, tie = _word(book, listed), listed.tie
    why = segments.reason(book.judgement, book.tallies, settled, place)
    if word.pin:
        wanted = say("you want them here: {why}", why=why)
        why = wanted if word.pin == "critical" else say("you do not want them here: {why}", why=why)
    elif settled[place] == "critical" != now[place]:
        why = say("{why}; among the few before, and not clearly behind yet", why=why)
    return FewLine(
        Named(f"p{listed.person.id}", listed.person.name),
        round(tie.strength, 1),
        band(tie.strength),
        tie.momentum,
        why,
        round(float(segments.effort(book.tallies)[place]), 1),
        word.pin,
        word.roles,
        word.loyal,
    )


def _room(found: Capacity, held: int, horizon: int) -> str:
    spent = say(
        "You want to give people {wanted:.0f} minutes a day, and gave about {spent:.0f}",
        wanted=found.wanted,
        spent=found.spent,
    )
    spent += say(" in the last {horizon} days", horizon=horizon)
    carries = say(
        "Half of that carries {carries} critical ties, at about {each:.0f} minutes a day each",
        carries=found.carries,
        each=found.each,
    )
    if found.wanted < found.spent:
        carries = say(
            "Half of what you gave carries {carries} critical ties, at about {each:.0f} minutes a day each",
            carries=found.carries,
            each=found.each,
        )
    if held > found.carries:
        over = held - found.carries
        return say(
            "{spent}. {carries}; you hold {held}, {over} more than that.",
            spent=spent,
            carries=carries,
            held=held,
            over=over,
        )
    if held == found.carries:
        return say("{spent}. {carries}; all {held} places are taken.", spent=spent, carries=carries, held=held)
    return say("{spent}. {carries}; {held} are taken.", spent=spent, carries=carries, held=held)


@operation(Effect.READ)
def weigh(desk: Desk, person: str) -> Weighed:
    """Say what it would mean to take somebody among the critical few, and who would have to leave for them.

    Raises AmityError NOT_FOUND for somebody whom the owner was never in direct contact with.
    """
    refresh(desk)
    from amity.app.tiebook import open_book, segments_of
    from amity.insight import segments

    listed = search.person(desk.database, identify(desk, person))
    book = open_book(desk)
    place = book.place(listed.person.id) if listed else None
    if listed is None or listed.tie is None or place is None:
        name = listed.person.name if listed else person
        raise AmityError(
            Code.NOT_FOUND, say("You have no tie with {name}: you were never in direct contact.", name=name)
        )
    who = Named(f"p{listed.person.id}", listed.person.name)
    if listed.tie.segment == "critical":
        return Weighed(who, True, (), say("{name} is among the critical few already.", name=who.name))
    before = {at for at, word in enumerate(segments_of(desk, book)) if word == "critical"}
    after = {at for at, word in enumerate(segments_of(desk, book, {place: "critical"})) if word == "critical"}
    out = [int(book.people[at]) for at in sorted(before - after, key=lambda at: book.judgement.strength[at])]
    names = search.names(desk.database, out)
    leaves = tuple(Named(f"p{one}", names[one]) for one in out)
    carries = segments.capacity(book.judgement, book.tallies, desk.settings.minutes).carries
    many = say("Your time carries {carries} critical ties, and you hold {before}.", carries=carries, before=len(before))
    if not leaves and len(after) > carries:
        words = say(
            "{many} All of them are there by your word, so nobody leaves by themselves: one too many to tend well.",
            many=many,
        )
    elif not leaves:
        words = say("{many} There is room for {name}.", many=many, name=who.name)
    else:
        going = " and ".join(one.name for one in leaves)
        words = say(
            "{many} {going} would leave for {name}: the weakest tie of those not there by your word.",
            many=many,
            going=going,
            name=who.name,
        )
    return Weighed(who, False, leaves, words)


@operation(Effect.READ)
def loyal(desk: Desk) -> Loyal:
    """Show the loyal few: who would go out of their way for you, by your word, or suggested by what they did.

    They begin, answer fast, introduced you, helped. `closeness.tell` confirms or refuses somebody.
    """
    refresh(desk)
    return keep(desk, "loyal", Loyal, lambda: _loyal(desk))


def _loyal(desk: Desk) -> Loyal:
    import numpy as np

    from amity.app.tiebook import gather, open_book
    from amity.insight import loyal as insight

    book = open_book(desk)
    deeds = _deeds(desk)
    said = {int(book.people[place]): word for place, word in book.words.items()}
    ranked = [one.person.id for one in search.ties(desk.database, LOOKED_AT)]
    looked = [one for one in dict.fromkeys([*ranked, *deeds, *said]) if book.place(one) is not None]
    wait = insight.waits(gather(desk, looked), len(looked))
    usual = float(np.nanmedian(wait)) if (~np.isnan(wait)).any() else 0.0
    waits = np.full(len(book.people), np.nan)
    places = {one: place for one in looked if (place := book.place(one)) is not None}
    waits[list(places.values())] = wait
    names = search.names(desk.database, looked)
    confirmed, suggested = [], []
    for one, place in places.items():
        word = said.get(one, Word())
        because = insight.evidence(book.tallies, waits, usual, place, deeds.get(one, insight.Deeds()))
        line = LoyalLine(Named(f"p{one}", names[one]), because)
        if word.loyal == "yes":
            confirmed.append(line)
        elif not word.loyal and not word.state and insight.is_suggested(because):
            suggested.append(line)
    suggested.sort(key=lambda line: -sum(reason.weight for reason in line.because))
    return Loyal(tuple(confirmed), tuple(suggested))


def _deeds(desk: Desk) -> dict[int, Deeds]:
    """Count of each person how often they introduced the owner, and how often they helped."""
    from amity.insight.loyal import Deeds

    introduced: Counter[int] = Counter()
    helped: Counter[int] = Counter()
    for entry in entries_of(desk):
        if entry.by != THEM or not entry.people or not entry.people[0]:
            continue
        who = int(entry.people[0][1:])
        if entry.kind == "introduction" and entry.status not in UNMADE:
            introduced[who] += 1
        elif entry.kind in ("gift", "recommendation") or (entry.kind == "promise" and entry.status == "kept"):
            helped[who] += 1
    return {who: Deeds(introduced[who], helped[who]) for who in introduced | helped}


@operation(Effect.READ)
def dormant(desk: Desk, limit: int = 20) -> Dormant:
    """List dormant ties by past trust both ways and by distance, never by who might come back by themselves."""
    refresh(desk)
    said = words_on_ties(desk.database).words
    ranked: list[tuple[float, str, _Asleep]] = []
    for tie in search.sleeping(desk.database, TRUSTED):
        if tie.person in said and said[tie.person].state:
            continue
        silent = (desk.end - 1 - tie.last) // 86_400
        trust = (1 - 2 ** (-tie.days / 30)) * (1 + tie.reciprocity) / 2
        far = min(1.0, silent / YEAR / FAR_YEARS)
        ranked.append((-trust * (1 + far), tie.name, _Asleep(tie, silent, trust, far)))
    ranked.sort(key=lambda row: row[:2])
    return Dormant(tuple(_dormant_line(asleep) for *_, asleep in ranked[:limit]), len(ranked), say(BARELY))


class _Asleep(NamedTuple):
    """A dormant tie with the figures that it is ranked by."""

    tie: Sleeping
    silent: int  # days
    trust: float  # 0 to 1
    far: float  # 0 to 1


def _dormant_line(asleep: _Asleep) -> DormantLine:
    days = say("{days:,} days of contact", days=asleep.tie.days)
    because = (
        Reason(say("past trust both ways"), days, round(asleep.trust, 2)),
        Reason(say("grown apart"), _long(asleep.silent), round(asleep.far, 2)),
    )
    return DormantLine(Named(f"p{asleep.tie.person}", asleep.tie.name), asleep.silent, because)


def _long(days: int) -> str:
    return say("{days:.0f} years", days=days / YEAR) if days >= 2 * YEAR else say("{days:,} days", days=days)
