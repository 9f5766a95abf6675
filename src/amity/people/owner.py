"""Find out which handles are the owner's from who takes part in everything."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from amity.model import Handle
from amity.people.names import words

# The owner takes part in nearly every contact of their own archive; half leaves room for lists and odd addresses.
SHARE = 0.5
FEWEST = 3
AS_LIKELY = 0.95


class Presence(NamedTuple):
    """In how many contacts a handle takes part, among those that are not yet accounted for."""

    all: int
    sent: int
    delivered: int


def next_address(
    presence: Mapping[int, Presence],
    total: int,
    handles: Mapping[int, Handle],
    names: Mapping[int, Set[str]],
    found: Set[int],
) -> int | None:
    """Return the handle that is most likely the owner's (next) one, or None where none stands out.

    `total` counts the contacts in which no handle found so far takes part. The first must take part in half of them,
    and send or have mail delivered to it, which a mailing list's address does not. A further one must share its name
    or local part with one found before. Where another takes part as often as the first, nobody is named.
    """
    if total < FEWEST:
        return None
    ranked = sorted(presence.items(), key=lambda item: (-item[1].delivered - item[1].all, item[0]))
    likely = [
        (handle, seen.delivered + seen.all)
        for handle, seen in ranked[:20]
        if seen.all >= SHARE * total and (seen.sent or seen.delivered)
    ]
    if found:
        return next((one for one, _ in likely if any(_alike(one, other, handles, names) for other in found)), None)
    # Where two people wrote to nobody but one another, the archive does not say whose it is.
    for other, weight in likely[1:]:
        if weight >= AS_LIKELY * likely[0][1] and not _alike(likely[0][0], other, handles, names):
            return None
    return likely[0][0] if likely else None


def _alike(one: int, other: int, handles: Mapping[int, Handle], names: Mapping[int, Set[str]]) -> bool:
    ours = {words(name) for name in names.get(one, ())} - {frozenset()}
    theirs = {words(name) for name in names.get(other, ())} - {frozenset()}
    if ours & theirs:
        return True
    first, second = handles[one], handles[other]
    return first.kind == second.kind == "email" and first.value.split("@")[0] == second.value.split("@")[0]
