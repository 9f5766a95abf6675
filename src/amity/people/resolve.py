"""Make persons of handles: cards join the addresses they name, the owner's verdicts outrank everything.

Nothing is joined on a name alone.
"""

from __future__ import annotations

import heapq
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import NamedTuple

import numpy as np

from amity.people.names import contradict, words
from amity.people.verdicts import Verdict

YEARS_APART = 10  # of birth: beyond what a slip of the pen makes of one


class CardLinks(NamedTuple):
    """What a card says about identity: its own handle, the handles it names, a name, and a year of birth."""

    own: int
    handles: tuple[int, ...]
    name: str
    born: int = 0  # not known


class Group(NamedTuple):
    """One person: their handles in order, and the id that stands for them, None where it has yet to be minted."""

    handles: tuple[int, ...]
    person: int | None


class _Union:
    """Disjoint sets over the few handles that are joined to another; all others stand alone."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}
        self.kept_out: dict[int, set[int]] = {}  # of a set's root, the handles that may not come into it

    def find(self, handle: int) -> int:
        root = handle
        while (up := self.parent.get(root, root)) != root:
            root = up
        while (up := self.parent.get(handle, handle)) != root:
            self.parent[handle] = root
            handle = up
        return root

    def join(self, one: int, other: int) -> None:
        """Make two sets one, unless something was said to stay out of the other."""
        low, high = sorted((self.find(one), self.find(other)))
        if low == high or self._keeps_out(low, high) or self._keeps_out(high, low):
            return
        self.parent.setdefault(low, low)
        self.parent[high] = low
        if high in self.kept_out:
            self.kept_out.setdefault(low, set()).update(self.kept_out.pop(high))

    def part(self, one: Iterable[int], other: Iterable[int]) -> None:
        """Keep two sets of handles from being joined later; what is together already stays."""
        for these, those in ((one, other), (other, one)):
            for handle in these:
                self.kept_out.setdefault(self.find(handle), set()).update(those)

    def _keeps_out(self, root: int, other: int) -> bool:
        return any(self.find(handle) == other for handle in self.kept_out.get(root, ()))


def resolve(
    cards: Iterable[CardLinks],
    seen: Collection[int],
    anchors: Mapping[int, int],
    *,
    owner: Iterable[int] = (),
    same: Iterable[tuple[int, int]] = (),
    verdicts: Iterable[Verdict] = (),
) -> Iterator[Group]:
    """Group handles into persons, ordered by their lowest handle.

    A million cards are held as numbers and names alone, and most of them share nothing with another: each of these is
    a group as it stands.

    `seen` are the handles that appear at all, `owner` those of the owner, `same` pairs that are one by what they say,
    `verdicts` what was said of who is who, the strongest word first: each stands unless a stronger one speaks against
    it, and all of them before the cards. Handles that do not appear join nobody. An address that two cards with
    contradicting names or years of birth share belongs to the first of them only: a family's or an office's address
    joins nobody, nor does that of a father and a son of one name.
    """
    mentions, ends, names, births = array("q"), array("q", (0,)), [], array("h")
    for card in cards:
        mentions.append(card.own)
        mentions.extend(card.handles)
        ends.append(len(mentions))
        names.append(card.name)
        births.append(card.born)
    named, times = np.unique(np.array(mentions, np.int64), return_counts=True)
    owned, said, pairs = sorted(owner), list(verdicts), list(same)
    spoken_of = {handle for verdict in said for handle in (*verdict.one, *verdict.other)}
    tangled = {*named[times > 1].tolist(), *owned, *spoken_of, *(handle for pair in pairs for handle in pair)}
    members = {*seen, *owned, *named[np.isin(named, np.array(sorted(spoken_of), np.int64))].tolist()}
    union = _Union()
    first: dict[int, tuple[str, int]] = {}  # who has a handle: the name and year of birth on its first card
    for other in owned[1:]:
        union.join(owned[0], other)
    for verdict in said:
        one = [handle for handle in verdict.one if handle in members]
        other_one = [handle for handle in verdict.other if handle in members]
        if not verdict.same:
            union.part(one, other_one)
        elif one and other_one:
            union.join(one[0], other_one[0])
    for here, there in pairs:
        union.join(here, there)
    alone = array("q")  # the cards that share nothing, by their place
    for place, name in enumerate(names):
        links = mentions[ends[place] : ends[place + 1]]
        if tangled.isdisjoint(links):
            alone.append(place)
            members.difference_update(links)
            continue
        members.update(links)
        for handle in links[1:]:
            taken, born = first.get(handle, ("", 0))
            if words(name) and not taken:
                first[handle] = name, births[place]
            if not (contradict(taken, name) or (born and births[place] and abs(born - births[place]) > YEARS_APART)):
                union.join(links[0], handle)
    groups: dict[int, list[int]] = {}
    parent = union.parent
    for handle in sorted(members):
        groups.setdefault(union.find(handle) if handle in parent else handle, []).append(handle)
    places = np.array(alone, np.int64)
    lowest = np.minimum.reduceat(np.array(mentions, np.int64), np.array(ends, np.int64)[:-1]) if names else places
    ordered = places[np.argsort(lowest[places])]
    single = (sorted(mentions[ends[place] : ends[place + 1]]) for place in map(int, ordered))
    return _name(heapq.merge(groups.values(), single, key=itemgetter(0)), anchors)


def _name(groups: Iterable[list[int]], anchors: Mapping[int, int]) -> Iterator[Group]:
    """Give each group the lowest person id that its handles are anchored to, each id to one group only."""
    taken: set[int] = set()
    for handles in groups:
        ids = sorted({anchors[handle] for handle in handles if handle in anchors} - taken)
        person = ids[0] if ids else None
        if person is not None:
            taken.add(person)
        yield Group(tuple(handles), person)
