"""Duplicates: people who may be one, with what speaks for and against it, joined, kept apart, or left open."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from amity.app.desk import Desk
from amity.app.fields import unanalysed
from amity.app.freshness import refresh
from amity.app.identity import BY_AMITY, KINDS, Said, said
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of
from amity.app.owner import pairs as written
from amity.app.people import named, reasons_kept
from amity.language import say, say_many
from amity.model import Handle, Reason
from amity.store import decisions, derived, evidence, likeness, search
from amity.store.likeness import Alike

DAY = 86_400
QUICK = 20_000  # people up to whom likeness is worked out in a moment
SOME = 0.01  # of what it stands on that must be new for an import to work it out where there are more people


class PairLine(Struct, frozen=True):
    """Two people who may be one."""

    left: str
    right: str
    score: float  # probability that they are one person
    because: tuple[Reason, ...]  # what speaks against has a negative weight
    names: tuple[str, str]
    sure: bool


class MergedLine(Struct, frozen=True):
    """People who were joined, by the owner or by Amity."""

    into: str
    joined: tuple[str, ...]
    because: tuple[Reason, ...]
    by: str  # "owner" or "amity"
    change: int  # number in the history
    name: str = ""  # of whom they are now


class Duplicates(Struct, frozen=True):
    """Pairs to review, the likeliest first, and what was joined."""

    pairs: tuple[PairLine, ...]
    merged: tuple[MergedLine, ...]
    total: int  # pairs that wait


@operation(Effect.READ)
def review(desk: Desk, limit: int = 50, offset: int = 0) -> Duplicates:
    """List the people who may be one, each pair with its reasons, and what was joined before."""
    found = pull(desk)
    some = found[offset : offset + limit]
    listed = search.persons(desk.database, {person for one in some for person in one[:2]})
    names = {one.person.id: one.person.name for one in listed}
    lines = tuple(_line(one, names) for one in some)
    return Duplicates(lines, _merged(desk), len(found))


def due(desk: Desk) -> bool:
    """Tell whether an import brought enough to look for those who surely are one; `review` looks at all that is new."""
    people = derived.count_people(desk.database)
    if not 1 < people <= desk.settings.join_sure:
        return False
    before = derived.marks(desk.database).get("alike_for")
    if people <= QUICK or not before:
        return True
    now = likeness.basis(desk.database)
    return any(count - known > SOME * count for count, known in zip(now, before[0], strict=True))


def join_sure(desk: Desk, key: str = "") -> int:
    """Join those of whom it is sure, as one change that can be taken back; return how many pairs they were.

    What the owner took back once is not joined again.
    """
    found = [one for one in pull(desk) if one.sure]
    if not found:
        return 0
    database = desk.database
    handles = _handles(desk, {person for one in found for person in one[:2]})
    taken_back = _taken_back(desk)
    fresh = [one for one in found if not _was(handles[one.left], handles[one.right], taken_back)]
    if not fresh:
        return 0
    body = {
        "pairs": [[written(handles[one.left]), written(handles[one.right])] for one in fresh],
        "by": BY_AMITY,
        "merged": [{"into": f"p{min(one[:2])}", "from": [f"p{max(one[:2])}"], "because": one.because} for one in fresh],
    }
    some = ", ".join(named(desk, one.left).name for one in fresh[:3])
    summary = say_many(
        "Joined {n} pair that is surely one person: {some}",
        "Joined {n:,} pairs that are surely one person: {some}",
        len(fresh),
        some=some + (" …" if len(fresh) > 3 else ""),
    )
    with database.transaction():
        if not decisions.repeated(database, key, "same"):
            desk.record(key or decisions.new_key(), "same", summary, body)
    return len(fresh)


def pull(desk: Desk) -> list[Alike]:
    """Return the pairs that may be one, worked out anew where somebody new came or something was said of who is who."""
    refresh(desk)
    database = desk.database
    word = said(database)
    ground = [likeness.basis(database), list(word.decisions), sorted(evidence.withdrawn(database))]
    marks = derived.marks(database)
    if not marks.get("in_view", False):
        ground.append([desk.end])
    before = marks.get("alike_for")
    if before != ground:
        found = _after_verdicts(desk, word, before, ground) if before else None
        if found is None:
            found = _work_out(desk, word)
        with database.transaction():
            likeness.put(database, found)
            derived.put_marks(database, {"alike_for": ground})
    return likeness.find(database)


def _after_verdicts(desk: Desk, word: Said, before: list[Any], now: list[Any]) -> list[Alike] | None:
    """Return what is left of the pairs after some of them were joined or kept apart; None where more has changed.

    So that a batch is gone through quickly: what only shows once two are one is found with the next import.
    """
    database = desk.database
    fresh = set(now[1]) - set(before[1])
    if [before[0], *before[2:]] != [now[0], *now[2:]] or not fresh or not set(before[1]) <= set(now[1]):
        return None
    said_since = list(decisions.some(database, fresh))
    if any(one.kind not in KINDS or "minted" in one.body for one in said_since):
        return None
    into = {
        int(gone[1:]): int(one["into"][1:])
        for decision in said_since
        for one in decision.body.get("merged", ())
        for gone in one["from"]
    }
    known = likeness.find(database)
    if not {*into, *into.values()} <= {person for one in known for person in one[:2]}:
        return None
    apart = _kept_apart(desk, word)
    left: dict[tuple[int, int], Alike] = {}
    for one in known:
        here, there = sorted((_last(into, one.left), _last(into, one.right)))
        if here != there and (here, there) not in apart:
            left.setdefault((here, there), one._replace(left=here, right=there))
    return list(left.values())


def _last(into: Mapping[int, int], person: int) -> int:
    while person in into:
        person = into[person]
    return person


def _kept_apart(desk: Desk, word: Said) -> set[tuple[int, int]]:
    """Return the pairs of people who were said to be two."""
    belongs = derived.belongs(desk.database, {h for one in word.verdicts for h in (*one.one, *one.other)})
    return {
        (min(here, there), max(here, there))
        for one in word.verdicts
        if not one.same
        for here in {belongs[handle] for handle in one.one if handle in belongs}
        for there in {belongs[handle] for handle in one.other if handle in belongs}
        if here != there
    }


def _work_out(desk: Desk, word: Said) -> list[Alike]:
    from amity.people.likeness import pairs

    profiles = _profiles(desk)
    known = {profile.id for profile in profiles}
    apart = {(here, there) for here, there in _kept_apart(desk, word) if here in known and there in known}
    return [
        Alike(one.left, one.right, round(one.score, 4), one.sure, [asdict(reason) for reason in one.because])
        for one in pairs(profiles, apart)
    ]


def _profiles(desk: Desk) -> list[Any]:
    """Gather what is known of each person, as likeness compares it."""
    from amity.app.acquaintances import pull as acquainted
    from amity.people.answers import answers
    from amity.people.likeness import Profile

    database = desk.database
    hidden = evidence.withdrawn(database)
    left_out = set(unanalysed(database, desk.today.isoformat()))
    people = [one for one in derived.person_ids(database) if one not in left_out]
    belongs = derived.belongs_to(database, people)
    handles = derived.handles(database, belongs)
    seen = derived.names_seen(database, desk.end, hidden)
    own: dict[int, list[int]] = defaultdict(list)
    for handle, person in belongs.items():
        own[person].append(handle)
    cards: dict[int, list[Any]] = defaultdict(list)
    for row in derived.cards(database, desk.end, hidden, brief=False):
        if row.own in belongs:
            cards[belongs[row.own]].append(row.card)
    places, known = acquainted(desk)
    spans = derived.spans(database)
    answering: dict[int, set[int]] = defaultdict(set)
    talk = likeness.conversations(database, desk.end, hidden)
    for one, other in answers(talk, belongs, owner_of(database).numbers):
        answering[one].add(other)
    beside: dict[int, set[int]] = defaultdict(set)
    ids = places.tolist()
    for a, b, shown in zip(known.a.tolist(), known.b.tolist(), known.moments.tolist(), strict=True):
        one, other = ids[a], ids[b]
        # Whoever answers for somebody is seen to know them by that alone, which does not make two of one.
        if other in answering[one] or one in answering[other]:
            those = [{belongs.get(number) for number, _ in told.parties} for told in evidence.moments(database, shown)]
            if not any({one, other} <= people_there for people_there in those):
                continue
        beside[one].add(other)
        beside[other].add(one)
    profiles = []
    for person in people:
        mine = [handles[number] for number in own[person] if number in handles]
        held = cards[person]
        named_so = [name for number in own[person] for name, _ in seen.get(number, ())]
        first, last = spans.get(person, (None, None))
        profiles.append(
            Profile(
                id=person,
                names=_once([*(card.name for card in held), *named_so, *_of(mine, "name")]),
                emails=_of(mine, "email"),
                phones=_of(mine, "phone"),
                urls=_of(mine, "url"),
                handles=_of(mine, "handle"),
                organisations=_once(card.position.organisation for card in held if card.position),
                titles=_once(card.position.title for card in held if card.position),
                places=_once(place for card in held for place in card.addresses),
                birthdays=_once(card.birthday for card in held),
                correspondents=frozenset(beside.get(person, ())),
                answered_for=frozenset(answering.get(person, ())),
                first=None if first is None else first // DAY,
                last=None if last is None else last // DAY,
            )
        )
    return profiles


def _of(handles: Iterable[Handle], kind: str) -> tuple[str, ...]:
    return tuple(handle.value for handle in handles if handle.kind == kind)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _line(one: Alike, names: Mapping[int, str]) -> PairLine:
    return PairLine(
        f"p{one.left}",
        f"p{one.right}",
        one.score,
        reasons_kept(one.because),
        (names.get(one.left, "?"), names.get(one.right, "?")),
        one.sure,
    )


def _merged(desk: Desk) -> tuple[MergedLine, ...]:
    lines = []
    for decision in decisions.standing(desk.database, ("same",)):
        for one in decision.body.get("merged", ()):
            listed = search.person(desk.database, int(one["into"][1:]))
            into, name = (f"p{listed.person.id}", listed.person.name) if listed else (one["into"], one["into"])
            because = reasons_kept(one["because"]) or (Reason(say("you said so"), "", 1.0),)
            lines.append(MergedLine(into, tuple(one["from"]), because, decision.body["by"], decision.id, name))
    return tuple(lines)


def _handles(desk: Desk, people: set[int]) -> dict[int, tuple[Handle, ...]]:
    belongs = derived.belongs_to(desk.database, people)
    held = derived.handles(desk.database, belongs)
    found: dict[int, list[Handle]] = defaultdict(list)
    for number, handle in sorted(held.items()):
        if handle.kind not in ("person", "me"):
            found[belongs[number]].append(handle)
    return {person: tuple(found[person]) for person in people}


def _taken_back(desk: Desk) -> list[tuple[set[Handle], set[Handle]]]:
    """Return the pairs that Amity joined and the owner took apart again by taking it back."""
    gone = decisions.undone(desk.database)
    back = [one for one in decisions.some(desk.database, gone) if one.kind == "same" and one.body.get("by") == BY_AMITY]
    return [
        ({Handle(*pair) for pair in left}, {Handle(*pair) for pair in right})
        for one in back
        for left, right in one.body["pairs"]
    ]


def _was(one: Sequence[Handle], other: Sequence[Handle], before: list[tuple[set[Handle], set[Handle]]]) -> bool:
    return any(
        (not left.isdisjoint(one) and not right.isdisjoint(other))
        or (not left.isdisjoint(other) and not right.isdisjoint(one))
        for left, right in before
    )
