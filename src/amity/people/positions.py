"""Follow a person's positions through what sources said of them, one after the other.

A change of spelling is no change of position, nor is a firm's new name: what is told must differ in its words, beyond
legal forms, usual abbreviations and a slip of the hand.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from unicodedata import combining, normalize

from amity.model import Position

WITNESSES = 2  # people who were at a firm together before and after, under the same titles, tell of a new name
SHORTEST = 3  # letters of a word that one slip leaves to be known
SLIP = 5  # letters of a word in which one slip may be, twice as many for two
_WORD = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){1,5}[^\W\d_]\b")  # "S.A.", "b.v"
_FORMS = frozenset(
    _WORD.findall(
        """
        inc incorporated ltd limited llc llp lp gmbh ag kg mbh ug se sa sas sarl srl spa sl bv nv ab as asa oy oyj aps
        plc pty corp corporation co company the und and et y e of for
        """
    )
)
_SHORT = {
    "sr": "senior",
    "snr": "senior",
    "jr": "junior",
    "jnr": "junior",
    "vp": "vice president",
    "svp": "senior vice president",
    "evp": "executive vice president",
    "eng": "engineer",
    "engr": "engineer",
    "mgr": "manager",
    "mngr": "manager",
    "dir": "director",
    "asst": "assistant",
    "assoc": "associate",
    "dept": "department",
    "dev": "developer",
    "ceo": "chief executive officer",
    "cto": "chief technology officer",
    "cfo": "chief financial officer",
    "coo": "chief operating officer",
    "cmo": "chief marketing officer",
    "hr": "human resources",
    "prof": "professor",
    "univ": "university",
    "intl": "international",
    "tech": "technology",
    "technologies": "technology",
}


class Sighting(NamedTuple):
    """A position as a source told it at a time (epoch seconds)."""

    at: int
    position: Position
    source: str


class Held(NamedTuple):
    """A position as it is known: when it was first and last told, and by which source first."""

    position: Position
    first: int
    last: int
    source: str


class Move(NamedTuple):
    """A change against the position known last: a reason to write."""

    at: int
    before: Position
    now: Position
    source: str


@lru_cache(maxsize=1 << 14)
def words(text: str) -> tuple[str, ...]:
    """Return the telling words of a firm or title: plain letters, abbreviations written out, no legal forms."""
    bare = "".join(sign for sign in normalize("NFKD", text.replace("ß", "ss")) if not combining(sign)).casefold()
    bare = _DOTTED.sub(lambda match: match[0].replace(".", ""), bare)
    found = [part for word in _WORD.findall(bare) for part in _SHORT.get(word, word).split()]
    return tuple(word for word in found if word not in _FORMS) or tuple(found)


def means_the_same(one: str, other: str) -> bool:
    """Tell whether two texts name one firm, or one title: equal words in any order, but for slips and initials."""
    ours, theirs = words(one), words(other)
    if sorted(ours) == sorted(theirs):
        return True
    if "".join(ours) == "".join(theirs) or _is_short_for(ours, theirs) or _is_short_for(theirs, ours):
        return True
    if len(ours) != len(theirs):
        return False
    left, right = sorted(set(ours) - set(theirs)), sorted(set(theirs) - set(ours))
    # Where other words agree, a letter lost, doubled or out of place is a slip in a short word too.
    among = len(ours) > 1
    return len(left) == len(right) == 1 and (_is_slip(left[0], right[0]) or (among and _is_dropped(left[0], right[0])))


def _is_short_for(short: Sequence[str], full: Sequence[str]) -> bool:
    return len(short) == 1 and len(full) > 2 and short[0] == "".join(word[0] for word in full)


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words are one but for a slip: a letter more, less, other, or two that changed places."""
    if min(len(one), len(other)) < SLIP or any(map(str.isdigit, one + other)):
        return False
    allowed = 2 if min(len(one), len(other)) >= 2 * SLIP else 1
    return abs(len(one) - len(other)) <= allowed and _distance(one, other) <= allowed


def _is_dropped(one: str, other: str) -> bool:
    """Tell whether two words of at least three letters have the same letters, but for one more or their order."""
    if min(len(one), len(other)) < SHORTEST or any(map(str.isdigit, one + other)):
        return False
    return (len(one) != len(other) or sorted(one) == sorted(other)) and _distance(one, other) == 1


def _distance(one: str, other: str) -> int:
    """Count the slips between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, sign in enumerate(one, 1):
        last, before, row = before, row, [place, *([0] * len(other))]
        for at, also in enumerate(other, 1):
            row[at] = min(before[at] + 1, row[at - 1] + 1, before[at - 1] + (sign != also))
            if place > 1 and at > 1 and sign == other[at - 2] and one[place - 2] == also:
                row[at] = min(row[at], last[at - 2] + 1)
    return row[-1]


def _same(one: Position, other: Position, renamed: Mapping[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Tell whether two sources mean one position: what both of them name is the same."""
    told = []
    if one.organisation and other.organisation:
        told.append(means_the_same(one.organisation, other.organisation))
        if renamed and not told[0]:
            ours, theirs = (" ".join(_now_called(words(each.organisation), renamed)) for each in (one, other))
            told[0] = means_the_same(ours, theirs)
    if one.title and other.title:
        told.append(means_the_same(one.title, other.title))
    return bool(told) and all(told)


def _now_called(firm: tuple[str, ...], renamed: Mapping[tuple[str, ...], tuple[str, ...]]) -> tuple[str, ...]:
    seen = {firm}
    while firm in renamed and renamed[firm] not in seen:
        firm = renamed[firm]
        seen.add(firm)
    return firm


def renames(careers: Iterable[Sequence[Sighting]]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Find the firms that took a new name, as the words of the old name and of the new.

    `careers` are the sightings of each person. A firm has a new name where at least two of its people are found under
    it next with the titles that they had, and most who are found there; where it was not heard of before, and the old
    name not after.
    """
    first: dict[tuple[str, ...], int] = {}
    last: dict[tuple[str, ...], int] = {}
    went: dict[tuple[str, ...], dict[tuple[str, ...], int]] = {}
    same_title: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    when: dict[tuple[tuple[str, ...], tuple[str, ...]], int] = {}
    for career in careers:
        by_time = sorted((one for one in career if one.position.organisation), key=lambda one: one.at)
        for one in by_time:
            firm = words(one.position.organisation)
            first[firm] = min(first.get(firm, one.at), one.at)
            last[firm] = max(last.get(firm, one.at), one.at)
        for one, after in pairwise(by_time):
            old, new = words(one.position.organisation), words(after.position.organisation)
            if old == new or means_the_same(one.position.organisation, after.position.organisation):
                continue
            went.setdefault(old, {})[new] = went.get(old, {}).get(new, 0) + 1
            when[old, new] = min(when.get((old, new), after.at), after.at)
            if means_the_same(one.position.title, after.position.title):
                same_title[old, new] = same_title.get((old, new), 0) + 1
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for old, to in went.items():
        new, count = max(to.items(), key=lambda pair: pair[1])
        kept = same_title.get((old, new), 0)
        at = when[old, new]
        if kept >= WITNESSES and 2 * kept > count and first[new] >= at and last[old] < at:
            found[old] = new
    return found


def follow(
    sightings: Iterable[Sighting], renamed: Mapping[tuple[str, ...], tuple[str, ...]] | None = None
) -> tuple[list[Held], list[Move]]:
    """Return the positions held, the newest first, and the moves between them, the newest first.

    Positions told for one time by several sources stand side by side and are no move. One that was held before is taken
    up again where a source that told of another since says so. `renamed` are the firms with a new name, as `renames`
    finds them.
    """
    held: list[Held] = []
    moves: list[Move] = []
    told_by: list[set[str]] = []  # beside `held`
    changed = renamed or {}
    for at, position, source in sorted(sightings, key=lambda one: (one.at, one.source, one.position.organisation)):
        if not (position.organisation or position.title):
            continue
        again = next(
            (place for place in reversed(range(len(held))) if _same(held[place].position, position, changed)), None
        )
        if again is not None:
            known, sources = held.pop(again), told_by.pop(again)
            if again < len(held) and held[-1].last < at and known.last < held[-1].last and source in told_by[-1]:
                moves.append(Move(at, held[-1].position, position, source))
            fuller = max(known.position, position, key=lambda one: bool(one.organisation) + bool(one.title))
            held.append(Held(fuller, known.first, at, known.source))
            told_by.append(sources | {source})
            continue
        if held and held[-1].last < at:
            moves.append(Move(at, held[-1].position, position, source))
        held.append(Held(position, at, at, source))
        told_by.append({source})
    return held[::-1], moves[::-1]
