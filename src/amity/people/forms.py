"""Whom a short form of a name means: "Richard", "R.", "Gusti", "Dr. Pollak", or a nickname that was learnt.

Every person whom the form may mean is weighed: how well it fits their names, how often it meant them before, how
often and how lately they were met or written to, and who is named beside them. Where nobody stands out, nobody is
meant. The weights are those of a conditional logit (McFadden 1974), fitted on a diary; docs/benchmarks/surface.md.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from math import exp, log1p
from typing import NamedTuple, TypeVar
from unicodedata import combining, normalize

from amity.people.nicknames import lines

SURE = 0.9
_WORDS = re.compile(r"[^\W\d_]+\.?")
_ASIDE = frozenset(("dr", "dr.", "prof", "prof.", "frau", "fr.", "herr", "hr.", "frl.", "mr", "mrs", "ms", "von", "v."))
_Person = TypeVar("_Person", bound=Hashable)


class Standing(NamedTuple):
    """How one person stands when a form is read; counts are of days and may be weighed by their age."""

    fits: float = 0.0  # 0 to 1, see `fits`
    called: float = 0.0  # days on which this form meant them
    called_ago: float | None = None  # days since it last did
    seen: float = 0.0  # days on which they were met, written to or named
    seen_ago: float | None = None  # days since the last of them
    beside: float = 0.0  # how often they were seen with those who are named now


# In the order of `features`; and what speaks for somebody who is not among the people weighed.
WEIGHTS = (1.525, -0.113, 3.347, 2.568, 0.365, 3.668, 0.148)
NOBODY = 3.939


def fits(form: str, names: Iterable[str]) -> float:
    """Return how well a form fits somebody's names, 0 where it cannot mean them.

    Each of its words must be a word of the name, an abbreviation or initial with its stop, a short form of a given
    name, or a word with the s of a family or of the genitive.
    """
    wanted = words(form)
    if not wanted:
        return 0.0
    return max((_share(wanted, words(name)) for name in names), default=0.0)


def words(name: str) -> tuple[str, ...]:
    """Return the words of a name without accents and titles; an abbreviation keeps its stop."""
    plain = "".join(letter for letter in normalize("NFD", name.casefold()) if not combining(letter))
    found = [word for word in _WORDS.findall(plain) if word not in _ASIDE]
    return tuple(found)


def _share(wanted: tuple[str, ...], held: tuple[str, ...]) -> float:
    left = list(held)
    total = 0.0
    for word in wanted:
        value, match = max(((_alike(word, other), other) for other in left), default=(0.0, ""))
        if not value:
            return 0.0
        total += value
        left.remove(match)
    return total / len(wanted) * (0.7 + 0.3 * len(wanted) / max(len(held), len(wanted)))


def _alike(word: str, other: str) -> float:
    bare = word.rstrip(".")
    other = other.rstrip(".")
    if word == other:
        return 1.0
    if word != bare:
        return (0.5 if len(bare) > 1 else 0.3) if other.startswith(bare) else 0.0
    if len(other) > 3 and word in (f"{other}s", f"{other}es"):
        return 0.9
    table = lines()
    return 0.6 if not table.get(word, frozenset()).isdisjoint(table.get(other, frozenset())) else 0.0


def features(one: Standing, called: float) -> tuple[float, ...]:
    """Return what is weighed of a person; `called` is how often the form meant anybody."""
    return (
        one.fits,
        log1p(one.called),
        one.called / called if called else 0.0,
        0.0 if one.called_ago is None else 1 / (1 + one.called_ago / 30),
        log1p(one.seen),
        0.0 if one.seen_ago is None else 1 / (1 + one.seen_ago / 30),
        log1p(one.beside),
    )


def chances(people: Mapping[_Person, Standing], *, is_one: bool = False) -> dict[_Person, float]:
    """Return for each person the chance that the form means them; what is left is that it means somebody else.

    With `is_one` it is known to mean one of them.
    """
    called = sum(one.called for one in people.values())
    odds = {
        who: exp(sum(weight * value for weight, value in zip(WEIGHTS, features(one, called), strict=True)))
        for who, one in people.items()
    }
    whole = sum(odds.values()) + (0.0 if is_one else exp(NOBODY))
    return {who: value / whole for who, value in odds.items()}


def meant(people: Mapping[_Person, Standing], *, is_one: bool = False, sure: float = SURE) -> _Person | None:
    """Return the person whom a form means, None where the chance of the likeliest is below `sure`."""
    found = chances(people, is_one=is_one)
    likeliest = max(found, key=lambda who: found[who], default=None)
    return likeliest if likeliest is not None and found[likeliest] >= sure else None
