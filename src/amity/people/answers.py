"""Who answered for whom: somebody was written to, and in that conversation another address answers.

Together with the name it tells of a new address of the same person, written from before anybody was told of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from itertools import groupby
from operator import itemgetter
from struct import unpack

from amity.model import Role

MOST_ASKED = 3  # people; of more that were written to at once, nobody can say for whom another answers


def answers(messages: Iterable[tuple[int, bytes]], belongs: Mapping[int, int], owner: Set[int]) -> set[tuple[int, int]]:
    """Return pairs (who answered, for whom), as persons.

    `messages` are (thread, packed participants: handle * 4 + role in four bytes each) by thread, the earliest first;
    `belongs` says whose each handle is, `owner` holds those of the owner. Who answers took no part before, and the one
    who was asked has not written in that conversation.
    """
    found: set[tuple[int, int]] = set()
    for _, several in groupby(messages, itemgetter(0)):
        asked: set[int] = set()
        seen: set[int] = set()
        for _, packed in several:
            words = unpack(f"<{len(packed) // 4}I", packed)
            senders = [word >> 2 for word in words if word & 3 == Role.FROM]
            others = {belongs[word >> 2] for word in words if word & 3 != Role.FROM and word >> 2 in belongs}
            if not owner.isdisjoint(senders):
                asked |= others if len(others) <= MOST_ASKED else set()
            else:
                writers = {belongs[sender] for sender in senders if sender in belongs}
                found.update((writer, one) for writer in writers - seen for one in asked - writers)
                asked -= writers
                seen |= writers
            seen |= others
    return found
