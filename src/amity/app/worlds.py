"""Worlds: the groups that the owner's people form, what joins them, what the owner alone holds, and their map."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import log
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct

from amity.app.acquaintances import pull
from amity.app.desk import Desk
from amity.app.fields import without_private
from amity.app.freshness import keep, refresh
from amity.app.operation import Effect, operation
from amity.app.people import Named
from amity.insight import worlds as insight
from amity.insight.paths import Ints, Network, Real, weave
from amity.language import mark, say
from amity.ledger.acquaintances import Acquaintances
from amity.store import acquaintances as store
from amity.store.acquaintances import ContactRow, Described

YEAR = 365 * 86_400
SMALLEST = 3  # people who make a world
SHOWN = 3  # names of each
JOINED = 0.25  # of the people of a world share what names it
THIN = 2  # living ties that a bridge into a world hangs on
MOST_PEOPLE, MOST_TIES = 5_000, 50_000
PARTLY = mark(
    "Partly observed: who knows whom is what your own archive shows, so groups may be one, and more is joined."
)


class World(Struct, frozen=True):
    """One group of people, and how the owner stands to it."""

    number: int
    name: str
    why: str  # what joins them
    people: int
    ties: int  # of the owner's, into it
    living: int  # of these, with a contact within a year
    known: tuple[Named, ...]  # whom the owner is closest to there
    last: date | None  # the owner's last contact with anybody there
    thin: bool  # it hangs on few living ties


class Kept(Struct, frozen=True):
    """Of the ties that were alive a year ago, how many had a contact since."""

    ties: int
    alive: int


class Worlds(Struct, frozen=True):
    """The owner's worlds, the largest first, and what the owner holds between them."""

    worlds: tuple[World, ...]
    people: int
    alone: int  # who are not seen to know anybody
    modularity: float  # how clearly the worlds part, at most 1
    contacts: int
    effective_size: float  # of the contacts, those that lead somewhere else
    constraint: float  # 0 free, towards 1 bound to one circle
    bridges: Kept  # ties to people who know none of the other contacts
    embedded: Kept  # ties to people who know some
    notes: tuple[str, ...]


class WorldMap(Struct, frozen=True):
    """The picture: people and acquaintances as columns, places between -1 and 1, people by their place in the list."""

    worlds: tuple[str, ...]
    id: tuple[str, ...]
    name: tuple[str, ...]
    x: tuple[float, ...]
    y: tuple[float, ...]
    world: tuple[int, ...]  # -1 for none
    tie: tuple[int, ...]  # the owner's tie with them, 0 to 100
    tie_first: tuple[int, ...]  # year; 0 where there is no tie
    tie_last: tuple[int, ...]
    a: tuple[int, ...]
    b: tuple[int, ...]
    strength: tuple[int, ...]  # of the acquaintance, 0 to 100
    first: tuple[int, ...]  # year
    last: tuple[int, ...]
    people: int  # in all; the map shows the nearest and best known
    acquaintances: int
    notes: tuple[str, ...]


class _Seen(NamedTuple):
    people: Ints
    known: Acquaintances
    network: Network
    labels: Ints
    ties: Sequence[ContactRow]
    contacts: Ints  # the places of `ties`


@operation(Effect.READ)
def list_(desk: Desk, limit: int = 20) -> Worlds:
    """List the worlds that the owner's people form, the largest first, with bridges, constraint and effective size."""
    refresh(desk)
    return keep(desk, f"worlds {limit}", Worlds, lambda: _worlds(desk, limit))


def _worlds(desk: Desk, limit: int) -> Worlds:
    seen = _see(desk)
    strength = np.array([row.strength / 100 for row in seen.ties], np.float64)
    held = insight.brokerage(seen.network, seen.contacts, strength)
    sizes = np.bincount(seen.labels[seen.labels >= 0])
    count = int((sizes >= SMALLEST).sum())
    names = _names(desk, seen, min(count, limit))
    known = _closest(desk, seen, min(count, limit))
    last = np.array([row.last for row in seen.ties], np.int64)
    first = np.array([row.first for row in seen.ties], np.int64)
    alive_then = (first < desk.end - YEAR) & (last >= desk.end - 2 * YEAR)
    alive_now = alive_then & (last >= desk.end - YEAR)
    bridge = held.shared == 0
    return Worlds(
        tuple(
            _world(desk, seen, number, *names[number], int(sizes[number]), known[number])
            for number in range(min(count, limit))
        ),
        len(seen.people),
        int((seen.labels == insight.ALONE).sum()),
        round(insight.modularity(seen.network, seen.labels), 3),
        len(seen.ties),
        round(held.effective_size, 1),
        round(held.constraint, 3),
        Kept(int((alive_then & bridge).sum()), int((alive_now & bridge).sum())),
        Kept(int((alive_then & ~bridge).sum()), int((alive_now & ~bridge).sum())),
        (say(PARTLY),),
    )


def worlds_of(desk: Desk) -> list[tuple[str, list[int]]]:
    """Return every world by its name, with the numbers of its people; the largest first."""
    seen = _see(desk)
    sizes = np.bincount(seen.labels[seen.labels >= 0])
    names = _names(desk, seen, int((sizes >= SMALLEST).sum()))
    return [(name, seen.people[seen.labels == number].tolist()) for number, (name, _) in sorted(names.items())]


@operation(Effect.READ)
def map_(desk: Desk, people: int = MOST_PEOPLE, ties: int = MOST_TIES) -> WorldMap:
    """Draw up the map: who stands where, in which world, and who is seen to know whom, since when and until when."""
    seen = _see(desk)
    kept = _nearest(seen, min(max(people, 0), MOST_PEOPLE))
    place = np.full(len(seen.people), -1)
    place[kept] = np.arange(len(kept))
    known = seen.known
    a, b = place[known.a], place[known.b]
    rows = np.flatnonzero((a >= 0) & (b >= 0))
    rows = np.sort(rows[np.argsort(-known.strength[rows], kind="stable")][: min(max(ties, 0), MOST_TIES)])
    low, high = np.minimum(a[rows], b[rows]), np.maximum(a[rows], b[rows])
    order = np.lexsort((high, low))
    rows, low, high = rows[order], low[order], high[order]
    network = weave(len(kept), low.astype(np.int32), high.astype(np.int32), known.strength[rows])
    labels = seen.labels[kept]
    present, dense = np.unique(labels[labels >= 0], return_inverse=True)
    own = labels.copy()
    own[labels >= 0] = dense
    where = insight.lay_out(network, own)
    tie = {int(at): row for at, row in zip(seen.contacts, seen.ties, strict=True)}
    mine = [tie.get(int(at)) for at in kept]
    sizes = np.bincount(seen.labels[seen.labels >= 0])
    names = _names(desk, seen, int((sizes >= SMALLEST).sum()))
    ids = seen.people[kept].tolist()
    called = {one.person: one.name for one in store.described(desk.database, ids)}

    def years(seconds: Iterable[int]) -> tuple[int, ...]:
        return tuple(desk.day(int(at)).year for at in seconds)

    return WorldMap(
        # In a picture a name must be short: what is drawn there is a circle anyway.
        tuple(
            names[int(number)][0].removeprefix(say("the circle ")) if int(number) in names else "" for number in present
        ),
        tuple(f"p{number}" for number in ids),
        tuple(called.get(number, "?") for number in ids),
        _rounded(where[:, 0]),
        _rounded(where[:, 1]),
        tuple(own.tolist()),
        tuple(round(row.strength) if row else 0 for row in mine),
        tuple(desk.day(row.first).year if row else 0 for row in mine),
        tuple(desk.day(row.last).year if row else 0 for row in mine),
        tuple(low.tolist()),
        tuple(high.tolist()),
        tuple(np.rint(known.strength[rows] * 100).astype(int).tolist()),
        years(known.first[rows]),
        years(known.last[rows]),
        len(seen.people),
        len(known.a),
        (say(PARTLY),),
    )


def _rounded(column: Real) -> tuple[float, ...]:
    return tuple(np.round(column, 4).tolist())


def _see(desk: Desk) -> _Seen:
    """Bring together who knows whom, the groups, and the owner's ties."""
    people, known = pull(desk)
    network = weave(len(people), known.a, known.b, known.strength)
    rows = [row for row in store.contacts(desk.database) if row.strength > 0]
    contacts = np.searchsorted(people, np.array([row.person for row in rows], np.int64)).astype(np.int64)
    return _Seen(people, known, network, insight.group(network), rows, contacts)


def _nearest(seen: _Seen, most: int) -> Ints:
    """Return the places of those who are drawn: whom the owner knows, and who is seen to know many."""
    worth = np.zeros(len(seen.people))
    whose, at = seen.network.edges(np.arange(len(seen.people)))
    worth += np.bincount(whose, seen.network.strength[at], len(seen.people))
    worth[seen.contacts] += 1 + np.array([row.strength / 10 for row in seen.ties], np.float64)
    order = np.argsort(-worth, kind="stable")[:most]
    return np.sort(order[worth[order] > 0])


def _closest(desk: Desk, seen: _Seen, count: int) -> list[tuple[Named, ...]]:
    """Return whom the owner is closest to in each world."""
    found: list[list[ContactRow]] = [[] for _ in range(count)]
    by_strength = sorted(
        zip(seen.ties, seen.labels[seen.contacts].tolist(), strict=True), key=lambda one: (-one[0].strength, one[0])
    )
    for row, label in by_strength:
        if 0 <= label < count and len(found[label]) < SHOWN:
            found[label].append(row)
    people = [row.person for rows in found for row in rows]
    names = {one.person: one.name for one in store.described(desk.database, people)}
    return [tuple(Named(f"p{row.person}", names[row.person]) for row in rows) for rows in found]


def _world(desk: Desk, seen: _Seen, number: int, name: str, why: str, size: int, known: tuple[Named, ...]) -> World:
    mine = [row for row, at in zip(seen.ties, seen.contacts.tolist(), strict=True) if seen.labels[at] == number]
    living = sum(row.last >= desk.end - YEAR for row in mine)
    return World(
        number,
        name,
        why,
        size,
        len(mine),
        living,
        known,
        desk.day(max(row.last for row in mine)) if mine else None,
        thin=bool(mine) and living <= THIN,
    )


# --- what joins a world ----------------------------------------------------------------------------------------------


def _names(desk: Desk, seen: _Seen, count: int) -> dict[int, tuple[str, str]]:
    """Name worlds by what joins their people more than others, or by whom they gather around."""
    if not count:
        return {}
    rows = without_private(desk.database, desk.today.isoformat(), store.described(desk.database))
    described = {one.person: one for one in rows}
    of_world: list[list[int]] = [[] for _ in range(count)]
    for person, label in zip(seen.people.tolist(), seen.labels.tolist(), strict=True):
        if 0 <= label < count:
            of_world[label].append(person)
    told = {person: _words(one) for person, one in described.items()}
    overall = Counter(word for words in told.values() for word in words)
    spoken = {word: said for words in told.values() for word, said in words.items()}
    degree = np.bincount(*_within(seen), minlength=len(seen.people))  # how much joins each to their own world
    names: dict[int, tuple[str, str]] = {}
    taken: set[str] = set()
    for number, members in enumerate(of_world):
        shared = Counter(word for person in members for word in told.get(person, ()))
        best = _best(shared, overall, len(members), len(told), taken)
        if best:
            taken.add(best)
            names[number] = (
                spoken[best],
                say("{n} of {members}: {field}", n=shared[best], members=len(members), field=spoken[best]),
            )
        else:
            places = np.searchsorted(seen.people, members)
            middle = int(seen.people[places[int(np.argmax(degree[places]))]])
            name = described[middle].name if middle in described else "?"
            names[number] = (
                say("the circle around {name}", name=name),
                say("{name} is seen with most of them", name=name),
            )
    return names


def _within(seen: _Seen) -> tuple[Any, Any]:
    whose, at = seen.network.edges(np.arange(len(seen.people)))
    own = seen.labels[whose] == seen.labels[seen.network.to[at]]
    return whose[own], seen.network.strength[at][own]


def _words(one: Described) -> Mapping[str, str]:
    """Return what a person may share with others, folded, with how it is said: where they are and what they do."""
    parts = [part.strip() for address in one.addresses for part in re.split(r"[,;\n]", address)]
    places = [part for part in parts if len(part) > 2 and not re.search(r"\d", part)]
    said = [one.organisation, one.title, *one.about, *places]
    return {word.casefold(): word for word in said if word and len(word) <= 60}


def _best(shared: Counter[str], overall: Counter[str], size: int, everybody: int, taken: set[str]) -> str:
    """Return the word that most of a world share and few others do, "" where there is none."""
    best, most = "", 0.0
    for word, count in sorted(shared.items()):
        if count < 2 or count < JOINED * size or word in taken:
            continue
        lift = (count / size) / (overall[word] / max(everybody, 1))
        if lift > 1.5 and (count / size) * log(lift) > most:
            best, most = word, (count / size) * log(lift)
    return best
