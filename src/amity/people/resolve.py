"""Make persons of handles: cards join the addresses they name, the owner's verdicts outrank everything.

Nothing is joined on a name alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from amity.people.names import contradict, words


class CardLinks(NamedTuple):
    """What a card says about identity: its own handle, the handles it names, and a name."""

    own: int
    handles: tuple[int, ...]
    name: str


class Group(NamedTuple):
    """One person: their handles in order, and the id that stands for them, None where it has yet to be minted."""

    handles: tuple[int, ...]
    person: int | None


class Verdict(NamedTuple):
    """What was said about two sets of handles: that they are one person's, or that they are not."""

    one: tuple[int, ...]
    other: tuple[int, ...]
    same: bool


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
    cards: Sequence[CardLinks],
    seen: Iterable[int],
    anchors: Mapping[int, int],
    *,
    owner: Iterable[int] = (),
    same: Iterable[tuple[int, int]] = (),
    verdicts: Iterable[Verdict] = (),
) -> list[Group]:
    """Group handles into persons, ordered by their lowest handle.

    `seen` are the handles that appear at all, `owner` those of the owner, `same` pairs that are one by what they say,
    `verdicts` what was said of who is who, the strongest word first: each stands unless a stronger one speaks against
    it, and all of them before the cards. Handles that do not appear join nobody. An address that two cards with
    contradicting names share belongs to the first of them only: a family's or an office's address joins nobody.
    """
    union = _Union()
    first_name: dict[int, str] = {}
    owned = sorted(owner)
    members = {*seen, *owned, *(handle for card in cards for handle in (card.own, *card.handles))}
    for other in owned[1:]:
        union.join(owned[0], other)
    for verdict in verdicts:
        one = [handle for handle in verdict.one if handle in members]
        other_one = [handle for handle in verdict.other if handle in members]
        if not verdict.same:
            union.part(one, other_one)
        elif one and other_one:
            union.join(one[0], other_one[0])
    for here, there in same:
        union.join(here, there)
    for card in cards:
        for handle in card.handles:
            taken = first_name.get(handle, "")
            if words(card.name) and not taken:
                first_name[handle] = card.name
            if not contradict(taken, card.name):
                union.join(card.own, handle)
    groups: dict[int, list[int]] = {}
    parent = union.parent
    for handle in sorted(members):
        groups.setdefault(union.find(handle) if handle in parent else handle, []).append(handle)
    return _name(groups.values(), anchors)


def _name(groups: Iterable[list[int]], anchors: Mapping[int, int]) -> list[Group]:
    """Give each group the lowest person id that its handles are anchored to, each id to one group only."""
    taken: set[int] = set()
    named = []
    for handles in groups:
        ids = sorted({anchors[handle] for handle in handles if handle in anchors} - taken)
        person = ids[0] if ids else None
        if person is not None:
            taken.add(person)
        named.append(Group(tuple(handles), person))
    return named
