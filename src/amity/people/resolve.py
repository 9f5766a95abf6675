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


class _Union:
    """Disjoint sets over the few handles that are joined to another; all others stand alone."""

    def __init__(self) -> None:
        self.parent: dict[int, int] = {}

    def find(self, handle: int) -> int:
        root = handle
        while (up := self.parent.get(root, root)) != root:
            root = up
        while (up := self.parent.get(handle, handle)) != root:
            self.parent[handle] = root
            handle = up
        return root

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self.parent.setdefault(low, low)
        self.parent[high] = low


def resolve(
    cards: Sequence[CardLinks],
    seen: Iterable[int],
    anchors: Mapping[int, int],
    *,
    owner: Iterable[int] = (),
    same: Iterable[tuple[int, int]] = (),
) -> list[Group]:
    """Group handles into persons, ordered by their lowest handle.

    `seen` are the handles that appear at all, `owner` those of the owner, `same` pairs that the owner has said to be
    one person. An address that two cards with contradicting names share belongs to the first of them only: a family's
    or an office's address joins nobody.
    """
    union = _Union()
    first_name: dict[int, str] = {}
    members = set(seen)
    for card in cards:
        members.add(card.own)
        for handle in card.handles:
            members.add(handle)
            taken = first_name.get(handle, "")
            if words(card.name) and not taken:
                first_name[handle] = card.name
            if not contradict(taken, card.name):
                union.join(card.own, handle)
    owned = sorted(owner)
    for other in owned[1:]:
        union.join(owned[0], other)
    members.update(owned)
    for one, other in same:
        union.join(one, other)
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
