"""Choose one good name for a person from the many spellings under which they appear."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amity.model import Handle

_SPACES = re.compile(r"\s+")
_NO_NAME = re.compile(r"[@\d]")
_TITLES = frozenset(["inc", "ltd", "llc", "llp", "gmbh", "corp", "plc", "phd", "msc", "mba", "esq", "jun", "sen"])
_MARKS = re.compile(r"[()\[\]<>/|]")


def tidy(name: str) -> str:
    """Take quotes and stray marks off a display name, and turn "Last, First" round."""
    name = _SPACES.sub(" ", name.strip().strip("'\"").strip())
    family, comma, given = name.partition(", ")
    # Only a plain "Family, Given" is turned; "Acme, Inc." or "Ana Lopez, PhD" are left alone.
    plain = comma and "," not in given and " " not in family.strip() and given[:1].isupper() and len(given) > 2
    if plain and given.rstrip(".").lower() not in _TITLES:
        name = f"{given} {family}"
    return name


def quality(name: str) -> int:
    """Rank a spelling: whole names over single words, mixed case over capitals, words over addresses."""
    if not name:
        return -10
    score = 4 if 1 <= name.count(" ") <= 3 else 0
    if _NO_NAME.search(name):
        score -= 6
    if not (name.isupper() or name.islower()):
        score += 2
    if _MARKS.search(name):
        score -= 3
    return score


def choose(on_cards: Iterable[str], seen: Iterable[tuple[str, int]], handles: Iterable[Handle]) -> str:
    """Choose the name to show: the newest card's, else the best spelling seen (earliest first), else an address.

    `seen` are (spelling, first seen) pairs.
    """
    for name in on_cards:
        if name:
            return tidy(name)
    spellings = sorted((-quality(name), first, name) for name, first in ((tidy(name), first) for name, first in seen))
    if spellings and spellings[0][0] < 6:
        return spellings[0][2]
    first_handle = min(handles, key=_readability, default=None)
    if first_handle is not None:
        return first_handle.value
    return spellings[0][2] if spellings else "?"


def _readability(handle: Handle) -> tuple[int, str]:
    order = {"name": 0, "email": 1, "handle": 2, "phone": 3, "url": 4}
    return order.get(handle.kind, 9), handle.value


def words(name: str) -> frozenset[str]:
    """Return the words of a name for comparing, folded and without initials."""
    return frozenset(word for word in re.split(r"[\W_]+", name.casefold()) if len(word) > 1)


def contradict(one: str, other: str) -> bool:
    """Tell whether two names cannot be one person's: neither holds the other, and neither holds the other's first word.

    A new surname, a title or a second given name does not part a name; "Ana Miller" and "Bo Miller" are a family.
    """
    ours, theirs = words(one), words(other)
    if ours <= theirs or theirs <= ours:
        return False
    return _first_word(one) not in theirs and _first_word(other) not in ours


def _first_word(name: str) -> str:
    return next(word for word in re.split(r"[\W_]+", tidy(name).casefold()) if len(word) > 1)
