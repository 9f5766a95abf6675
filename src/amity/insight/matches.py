"""Find who could help whom: what one looks for beside what another offers, by the words that both are told in.

Words are compared by their stems and by lists of words that mean much the same (`meanings`). Precision comes first: two
texts meet only on something specific, never on a place, a way of helping or a word of frame alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import NamedTuple
from unicodedata import combining, normalize

from msgspec import Struct

from amity.insight.meanings import GROUPS, PLAIN, SILENT

LEAST = 0.66  # of likeness, 0 to 1; below, nothing is said
SAME, ALIKE = 1.0, 0.85  # what the same word counts, and one of the same meaning
SPECIFIC, FOR_WHOM, BESIDE, PLAINLY = 1.0, 0.45, 0.3, 0.2  # weights: a subject, whom it is for, a place, a way to help
ELSEWHERE = 0.6  # what is left where both name a place, and not the same
HALF_LIFE = 180.0  # days in which a need loses half of its freshness
LONGEST = 400  # characters of a text that are read

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE = re.compile(r"[.;,/\n|•]|\s(?:and|und|or|oder|but|aber)\s|\s[-–—]\s", re.IGNORECASE)
_PLACE = frozenset(("in", "at", "near", "around", "bei", "nahe", "durch", "through"))
_AUDIENCE = frozenset(("for", "für", "on", "over", "to", "with", "during", "while"))
_ENDINGS = sorted(
    [
        "izations",
        "isations",
        "ization",
        "isation",
        "ations",
        "ation",
        "ators",
        "ator",
        "ating",
        "ates",
        "ated",
        "ate",
        "ments",
        "ment",
        "ness",
        "ities",
        "ity",
        "ists",
        "ist",
        "isms",
        "ism",
        "ings",
        "ing",
        "ers",
        "er",
        "ors",
        "or",
        "ies",
        "ied",
        "ed",
        "ly",
        "es",
        "s",
        "ungen",
        "ung",
        "innen",
        "in",
        "en",
        "em",
        "ern",
        "e",
        "y",
        "ure",
        "ures",
        "al",
        "als",
        "ian",
        "ic",
        "ive",
        "ary",
        "erin",
        "erinnen",
    ],
    key=len,
    reverse=True,
)
_SHORTEST = 4  # letters that a stem keeps


class Term(NamedTuple):
    """One word of a text that says something."""

    stem: str
    meanings: frozenset[int]
    weight: float
    place: bool


class Clause(Struct, frozen=True):
    """One thing that is looked for or offered."""

    terms: tuple[Term, ...]

    @property
    def keys(self) -> frozenset[str | int]:
        """What the clause may be found by: stems and meanings of what is specific in it."""
        specific = [term for term in self.terms if term.weight == SPECIFIC]
        return frozenset[str | int](term.stem for term in specific).union(*(term.meanings for term in specific))


class Likeness(NamedTuple):
    """How well an offer fits a need."""

    score: float  # 0 to 1
    shared: tuple[str, ...]  # stems of the need that were met


def plain(word: str) -> str:
    """Return a word without case and accents."""
    return "".join(sign for sign in normalize("NFKD", word.casefold()) if not combining(sign))


@cache
def stem(word: str) -> str:
    """Cut the ending off a word, in English and German alike: at least four letters stay."""
    bare = plain(word)
    for ending in _ENDINGS:
        if bare.endswith(ending) and len(bare) - len(ending) >= _SHORTEST:
            bare = bare[: -len(ending)]
            break
    else:
        if len(bare) == _SHORTEST and bare.endswith("s") and not bare.endswith("ss"):
            bare = bare[:-1]
    if len(bare) >= _SHORTEST and bare[-1] == bare[-2] and bare[-1] not in "aeious":
        bare = bare[:-1]  # "runn" of "running"
    return bare


def words(text: str) -> list[str]:
    """Return the words of a text, those that a hyphen joins one by one as well."""
    return [part for word in _WORD.findall(text) for part in dict.fromkeys((word, *word.split("-")))]


@cache
def _lists() -> tuple[Mapping[str, frozenset[int]], frozenset[str], frozenset[str]]:
    """Return the meanings of a stem, the stems of plain words, and the words that are silent."""
    meanings: dict[str, set[int]] = {}
    for number, line in enumerate(GROUPS.split("\n")):
        for word in line.split():
            meanings.setdefault(stem(word), set()).add(number)
    plainly = frozenset(stem(word) for word in PLAIN.split())
    for number, line in enumerate(PLAIN.split("\n"), 10_000):
        for word in line.split():
            meanings.setdefault(stem(word), set()).add(number)
    silent = frozenset(plain(word) for word in SILENT.split())
    return {word: frozenset(found) for word, found in meanings.items()}, plainly, silent


def read(text: str) -> tuple[Clause, ...]:
    """Take a text apart into the things that it names; what names nothing specific is left out."""
    clauses = []
    for part in _CLAUSE.split(text[:LONGEST]):
        clause = Clause(tuple(_terms(part)))
        if clause.keys:
            clauses.append(clause)
    return tuple(clauses)


def _terms(part: str) -> Iterable[Term]:
    meanings, plainly, silent = _lists()
    seen: set[str] = set()
    said: set[int] = set()  # a meaning counts once: "web site"
    beside = ""
    subject = False  # something specific was named already
    for word in _split(part, meanings):
        bare = plain(word)
        if bare in _PLACE or bare in _AUDIENCE:
            beside = "place" if bare in _PLACE else "audience"
        if bare in silent or len(bare) < 2:
            continue
        root = stem(word)
        if root in seen:
            continue
        seen.add(root)
        means = meanings.get(root, frozenset()) or _compound(root, meanings)
        if means & said:
            continue
        said |= means
        # A name behind "in" is a place; whom something is for matters less than what it is.
        if beside == "place" and word[:1].isupper() and not means:
            yield Term(root, means, BESIDE, place=True)
        elif root in plainly:
            yield Term(root, means, PLAINLY, place=False)
        elif beside == "audience" and subject:
            yield Term(root, means, FOR_WHOM, place=False)
        else:
            subject = True
            yield Term(root, means, SPECIFIC, place=False)


def _split(part: str, meanings: Mapping[str, frozenset[int]]) -> Iterable[str]:
    """Yield the words of a part; those joined by a hyphen one by one, where they are not known together."""
    for word in _WORD.findall(part):
        yield from (word,) if stem(word) in meanings else word.split("-")


def _compound(root: str, meanings: Mapping[str, frozenset[int]]) -> frozenset[int]:
    """Return what a compound means by its first part: "klavierstunde" is about "klavier"."""
    for length in range(len(root) - 3, 5, -1):
        found = meanings.get(root[:length])
        if found:
            return found
    return frozenset()


def likeness(need: Clause, offer: Clause) -> Likeness:
    """Say how well what one offers fits what another looks for."""
    met, shared, specific = _met(need, offer)
    back, _, _ = _met(offer, need)
    if not specific:
        return Likeness(0.0, ())
    score = (met * back) ** 0.5
    places = [{term.stem for term in clause.terms if term.place} for clause in (need, offer)]
    if all(places) and not places[0] & places[1]:
        score *= ELSEWHERE
    return Likeness(score, tuple(shared))


def _met(one: Clause, other: Clause) -> tuple[float, list[str], bool]:
    """Return the share of one clause that the other meets, what of it, and whether something specific is shared."""
    whole = got = 0.0
    shared = []
    specific = False
    for term in one.terms:
        best = 0.0
        for candidate in other.terms:
            close = SAME if candidate.stem == term.stem else ALIKE if candidate.meanings & term.meanings else 0.0
            best = max(best, close)
            specific = specific or (close > 0 and term.weight == SPECIFIC == candidate.weight)
        whole += term.weight
        got += term.weight * best
        if best:
            shared.append(term.stem)
    return (got / whole if whole else 0.0), shared, specific


class Told(NamedTuple):
    """One need or offer of somebody."""

    person: int
    text: str


class Found(NamedTuple):
    """A need that an offer fits, by their places."""

    need: int
    offer: int
    score: float
    shared: tuple[str, ...]  # stems that both name; none where a model of language finds them near
    alike: float = 0.0  # the cosine by that model


def find(needs: Sequence[Told], offers: Sequence[Told], least: float = LEAST) -> list[Found]:
    """Return what fits, the best first: of every need and offer of two people their best clauses."""
    clauses: dict[Clause, int] = {}  # many are known for the same thing
    offered_by: list[list[int]] = []
    for place, offer in enumerate(offers):
        for clause in read(offer.text):
            if clauses.setdefault(clause, len(clauses)) == len(offered_by):
                offered_by.append([])
            offered_by[clauses[clause]].append(place)
    known = list(clauses)
    index: dict[str | int, list[int]] = {}
    for clause, number in clauses.items():
        for key in clause.keys:
            index.setdefault(key, []).append(number)
    # Of an offer no more can be met than what is shared, and what is not specific on either side.
    whole = [sum(term.weight for term in clause.terms) for clause in known]
    loose = [sum(term.weight for term in clause.terms if term.weight < SPECIFIC) for clause in known]
    best: dict[tuple[int, int], Likeness] = {}
    for place, need in enumerate(needs):
        for clause in read(need.text):
            beside = sum(term.weight < SPECIFIC for term in clause.terms)
            shared = Counter(number for key in clause.keys for number in index.get(key, ()))
            for number, count in shared.items():
                if (count + beside + loose[number]) / whole[number] < least**2:
                    continue
                like = likeness(clause, known[number])
                if like.score < least:
                    continue
                for other in offered_by[number]:
                    before = best.get((place, other))
                    if offers[other].person != need.person and (before is None or like.score > before.score):
                        best[place, other] = like
    found = [Found(need, offer, *like) for (need, offer), like in best.items()]
    return sorted(found, key=lambda one: (-one.score, one.need, one.offer))


def kindred(word: str, other: str) -> bool:
    """Tell whether two words have one stem or mean much the same: "medicine" and "Ärztin"."""
    meanings, _, _ = _lists()
    one, two = stem(word), stem(other)
    return one == two or not meanings.get(one, frozenset()).isdisjoint(meanings.get(two, frozenset()))


def fit(need: str, offer: str) -> float:
    """Return how well one text fits another, 0 where nothing specific is shared."""
    return max((likeness(one, other).score for one in read(need) for other in read(offer)), default=0.0)


def freshness(days: float) -> float:
    """Return how fresh a need is that was told so many days ago: half after HALF_LIFE."""
    return float(0.5 ** (max(days, 0.0) / HALF_LIFE))
