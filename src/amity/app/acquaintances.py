"""Acquaintances: who knows whom, worked out when it is asked for and older than evidence and decisions.

New moments are paired and put behind the pairs of before; all of them are paired anew where the strands were spun anew
for. The count by person and day is always of all pairs: few contacts are of more than two. What is told in words
counts beside it: the owner's word that two know each other, or do not; introductions; through whom they met somebody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct, field

from amity.app.days import past_day
from amity.app.desk import EPOCH, Desk
from amity.app.entries import entries_of
from amity.app.fields import told_of_all, unanalysed
from amity.app.freshness import refresh
from amity.app.identity import numbers
from amity.app.introductions import handles_of, party, plain
from amity.app.known import carded, day_of, imported
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of
from amity.app.people import Named, identify, named
from amity.app.together import SHOWN as MOMENTS
from amity.app.together import Shown, Two, show_together
from amity.errors import AmityError, Code
from amity.language import mark, noted, retold, say
from amity.ledger.acquaintances import (
    DAY,
    PAIR,
    SHOWN,
    STATED,
    WROTE,
    Acquaintances,
    Ints,
    Pairs,
    acquaint,
    converse,
    once_a_day,
    pair,
)
from amity.ledger.entries import UNMADE
from amity.model import Handle
from amity.store import acquaintances as store
from amity.store import decisions, derived, evidence, search
from amity.store.db import digest

CHUNK = 250_000
THROUGH = "X-AMITY-THROUGH"  # the property of a card that says through whom its person was met
SEEN = mark("Seen from your side only: who knows whom is what your own archive shows.")
_COLUMNS = ("a", "b", "strength", "days", "first", "last", "moments")


class AcquaintanceLine(Struct, frozen=True):
    """Somebody whom a person knows: how well, since when, and what shows it."""

    person: Named
    strength: float  # 0 to 1
    days: int  # on which the two stand together
    first: date
    last: date
    evidence: tuple[Shown, ...]


class AcquaintanceList(Struct, frozen=True):
    """Whom a person is seen to know, the best known first."""

    person: Named
    acquaintances: tuple[AcquaintanceLine, ...]
    total: int
    notes: tuple[str, ...] = field(default_factory=lambda: (say(SEEN),))


@operation(Effect.READ)
def list_(desk: Desk, person: str, limit: int = 20) -> AcquaintanceList:
    """List whom a person is seen or said to know, the best known first, each with strength, dates and evidence."""
    people, known = pull(desk)
    who = named(desk, identify(desk, person))
    number = int(who.id[1:])
    place = int(np.searchsorted(people, number))
    there = place < len(people) and people[place] == number
    rows = np.flatnonzero((known.a == place) | (known.b == place)) if there else np.empty(0, np.int64)
    rows = rows[np.argsort(-known.strength[rows], kind="stable")]
    shown = rows[:limit].tolist()
    others = [int(people[known.a[row] + known.b[row] - place]) for row in shown]
    names = {one.person: one.name for one in store.described(desk.database, [number, *others])}
    moments: dict[Two, Iterable[int]] = {
        (number, other): [int(one) for one in known.moments[row] if one]
        for row, other in zip(shown, others, strict=True)
    }
    told = show_together(desk, moments, names)
    said = said_of(desk, {number, *others})
    lines = tuple(
        AcquaintanceLine(
            Named(f"p{other}", names[other]),
            round(float(known.strength[row]), 4),
            int(known.days[row]),
            desk.day(int(known.first[row])),
            desk.day(int(known.last[row])),
            (*said.get(frozenset((number, other)), ()), *told[number, other])[:MOMENTS],
        )
        for row, other in zip(shown, others, strict=True)
    )
    return AcquaintanceList(who, lines, len(rows))


@operation(Effect.WRITE)
def state(desk: Desk, one: str, other: str, words: str = "", on: str = "", *, no: bool = False, key: str = "") -> str:
    """Say that two people know each other, as of a day; or with `no` that they do not, whatever the archive shows.

    `words` say from where. Of two words on the same two people the later one stands. Raises AmityError USAGE where they
    are one person, or the owner, or the day lies ahead.
    """
    refresh(desk)
    both = [party(desk, one), party(desk, other)]
    if both[0].id == both[1].id:
        raise AmityError(Code.USAGE, say("{name} is one person.", name=both[0].name), say("Name two people."))
    body = {
        "sides": [handles_of(desk, who) for who in both],
        "names": [who.name for who in both],
        "on": past_day(on, desk.today).isoformat(),
        "text": plain(words),
        "no": no,
    }
    one_name, other_name = both[0].name, both[1].name
    summary = noted("{one} and {other} know each other", one=one_name, other=other_name)
    if no:
        summary = noted("{one} and {other} do not know each other", one=one_name, other=other_name)
    with desk.database.transaction():
        said = {name: body[name] for name in ("names", "text", "no")}
        if earlier := decisions.repeated(desk.database, key, "acquaintance", said):
            return retold(earlier.summary)
        desk.record(key or decisions.new_key(), "acquaintance", summary, body)
    return retold(summary)


# --- what is told in words -------------------------------------------------------------------------------------------


class _Said(NamedTuple):
    """What was said of two people, and what it weighs; a weight of 0 says that they do not know each other."""

    one: int
    other: int
    weight: float
    shown: Shown


def said_of(desk: Desk, people: Iterable[int]) -> dict[frozenset[int], tuple[Shown, ...]]:
    """Return what was said of who of some people knows whom of them, the newest first. Tables must be fresh."""
    wanted = set(people)
    found: dict[frozenset[int], list[Shown]] = {}
    for said in (*_by_owner(desk), *_by_cards(desk, wanted)):
        if said.weight and {said.one, said.other} <= wanted:
            found.setdefault(frozenset((said.one, said.other)), []).append(said.shown)
    return {two: tuple(sorted(shown, key=lambda one: one.date, reverse=True)) for two, shown in found.items()}


def _by_owner(desk: Desk) -> Iterator[_Said]:
    """Yield the owner's word: who was introduced, and to whom; who knows whom; through whom somebody was met."""
    for entry in entries_of(desk):
        if entry.kind == "introduction" and entry.status not in UNMADE:
            what = f"introduction: {entry.text}" if entry.text else "introduction"
            people = sorted({int(one[1:]) for one in entry.people if one})
            for one, other in combinations(people, 2):
                yield _Said(one, other, WROTE, Shown(entry.on, "ledger", what))
    yield from _stated(desk).values()
    for person, told in told_of_all(desk.database, desk.today.isoformat()).items():
        for fact in told.facts.values():
            if fact.field == "through":
                yield from _met_through(desk, person, fact.value, fact.on, "you")


def _stated(desk: Desk) -> dict[frozenset[int], _Said]:
    """Return the owner's last word on each two people."""
    database = desk.database
    standing = [
        one for one in decisions.standing(database, ("acquaintance",)) if one.body["on"] <= desk.today.isoformat()
    ]
    handles = {Handle(*both) for one in standing for side in one.body["sides"] for both in side}
    number = numbers(database, handles) if handles else {}
    belongs = derived.belongs(database, number.values()) if number else {}
    found = {}
    for one in standing:
        people = [
            next((belongs[number[h]] for h in (Handle(*both) for both in side) if number.get(h) in belongs), None)
            for side in one.body["sides"]
        ]
        first, second = people
        if first is not None and second is not None and first != second:
            what = say("you said so") + (f": {one.body['text']}" if one.body["text"] else "")
            shown = Shown(date.fromisoformat(one.body["on"]), "you", what)
            weight = 0.0 if one.body["no"] else STATED
            found[frozenset((first, second))] = _Said(first, second, weight, shown)
    return found


def _by_cards(desk: Desk, people: Iterable[int] | None = None) -> Iterator[_Said]:
    """Yield through whom the owner met somebody, by the cards of some people or of all."""
    for person, rows in carded(desk, (THROUGH,), people).items():
        for fact in imported(desk, rows):
            if fact.field == "through":
                yield from _met_through(desk, person, fact.value, fact.on, fact.source)


def _met_through(desk: Desk, person: int, name: str, on: str, source: str) -> Iterator[_Said]:
    """Yield that somebody knows the one through whom the owner met them, where one person alone goes by that name."""
    folded = name.strip().casefold()
    meant = {
        one.person.id
        for one in search.find(desk.database, name, 20, kinds=("person",))
        if folded in (one.person.name.casefold(), *map(str.casefold, one.person.body["aliases"]))
    } - {person}
    day = day_of(on)
    if len(meant) == 1 and day is not None:
        yield _Said(meant.pop(), person, WROTE, Shown(day, source, say("you met through {name}", name=name.strip())))


# --- what the archive shows ------------------------------------------------------------------------------------------


def pull(desk: Desk) -> tuple[Ints, Acquaintances]:
    """Return the persons by place, in order of id, and who of them knows whom; everything derived is fresh after it."""
    refresh(desk)
    database = desk.database
    word = _Word(*_by_handle(desk, _by_owner(desk)), sorted(unanalysed(database, desk.today.isoformat())))
    if not _is_fresh(derived.marks(database), word):
        with database.transaction():
            marks = derived.marks(database)
            if not _is_fresh(marks, word):
                _work_out(desk, marks, word)
    return _kept(desk)


class _Word(NamedTuple):
    """What the owner says of who knows whom."""

    stated: list[list[float]]  # a handle of each of two people, when (epoch seconds), and the weight
    denied: list[list[float]]  # the same, who do not know each other
    silent: list[int]  # persons who are not to be analysed


def _by_handle(desk: Desk, said: Iterable[_Said]) -> tuple[list[list[float]], list[list[float]]]:
    """Return what was said by a handle of each person, apart from what was denied."""
    said = list(said)
    handles = derived.belongs_to(desk.database, {person for one in said for person in (one.one, one.other)})
    first: dict[int, int] = {}
    for handle, person in sorted(handles.items()):
        first.setdefault(person, handle)
    stated: list[list[float]] = []
    denied: list[list[float]] = []
    for one in said:
        if one.one in first and one.other in first:
            two = sorted((first[one.one], first[one.other]))
            at = noon(one.shown.date)
            (stated if one.weight else denied).append([*two, at if one.weight else at + DAY // 2, one.weight])
    return stated, denied


def _rows(said: Iterable[Iterable[float]]) -> Pairs:
    """Return what was said as pairs without a moment."""
    return np.array([(int(a), int(b), int(at), 0, weight) for a, b, at, weight in said], PAIR)


def noon(on: date) -> int:
    """Return the middle of a day in seconds since 1970."""
    return (on.toordinal() - EPOCH) * DAY + DAY // 2


def _is_fresh(marks: dict[str, Any], word: _Word) -> bool:
    return bool(marks.get("acquainted_for") == _basis(marks, word))


def _basis(marks: dict[str, Any], word: _Word) -> list[Any]:
    """Return what the acquaintances stand on: contacts, who is who, the owner's word, and the day."""
    named = ("moment", "card", "end", "spun_for", "spun_without", "roster_basis", "said")
    return [*(marks.get(name) for name in named), *word]


def _work_out(desk: Desk, marks: dict[str, Any], word: _Word) -> None:
    database = desk.database
    by_cards, _ = _by_handle(desk, _by_cards(desk))
    seen = np.concatenate([_pair(desk, marks), _rows(word.stated), _rows(by_cards)])
    people = np.array(derived.person_ids(database), np.int64)
    belongs = derived.belongs(database)
    handles = np.fromiter(belongs, np.int64, len(belongs))
    owners = np.fromiter(belongs.values(), np.int64, len(belongs))
    place_of = np.full(max(int(handles.max(initial=0)), int(seen["b"].max(initial=0))) + 1, -1, np.int64)
    if len(people):
        places = np.searchsorted(people, owners).clip(max=len(people) - 1)
        counted = (people[places] == owners) & ~np.isin(owners, np.array(word.silent, np.int64))
        place_of[handles[counted]] = places[counted]
    known = acquaint(seen, place_of, desk.end, _rows(word.denied))
    columns = {name: getattr(known, name) for name in _COLUMNS} | {"people": people}
    store.put_columns(database, {f"{name} {column.dtype.str}": column.tobytes() for name, column in columns.items()})
    derived.put_marks(database, {"acquainted_for": _basis(marks, word)})


def _pair(desk: Desk, marks: dict[str, Any]) -> Pairs:
    """Bring the pairs of handles up to date with the moments, and return them."""
    database = desk.database
    after = int(marks.get("paired", 0))
    hidden = evidence.withdrawn(database)
    superseded = sorted(evidence.superseded(database, hidden))
    ground = [marks.get("spun_for"), digest([number for number in superseded if number <= after]).hex()]
    if marks.get("paired_for") != ground:
        store.clear_together(database)
        after = 0
    if after < marks["moment"]:
        owner = owner_of(database).numbers
        spun = [pair(chunk, owner) for chunk in derived.moments_after(database, after, hidden, CHUNK)]
        spun.append(converse(store.conversations(database, after, hidden), owner))
        store.add_together(database, once_a_day(np.concatenate(spun)).tobytes())
    stands = [marks.get("spun_for"), digest(superseded).hex()]
    derived.put_marks(database, {"paired": marks["moment"], "paired_for": stands})
    return np.frombuffer(b"".join(store.together(database)), PAIR)


def _kept(desk: Desk) -> tuple[Ints, Acquaintances]:
    columns: dict[str, Any] = {}
    for name, body in store.columns(desk.database).items():
        field, _, dtype = name.partition(" ")
        columns[field] = np.frombuffer(body, dtype)
    columns["moments"] = columns["moments"].reshape(-1, SHOWN)
    return columns.pop("people"), Acquaintances(**columns)
