"""Find the pairs of people that are worth comparing, in time that grows with their number.

People who share a key are compared: an address, a way a name sounds, an initial with a family name, a birthday with an
initial. A key that many share says little, so of every kind of key the rarest are taken first, up to a budget.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.people.facts import Column, Facts, distinct
from amity.people.spellings import MOST_WORDS, bones

SURE_KEYS = 60  # people who may share an address or number and still all be compared
BUDGET = 12  # pairs a person, of each kind of key
LEAST_BUDGET = 150_000  # pairs of each kind that are affordable in any archive, however many share the key
# People who may share a key of a kind and still all be compared, in a large archive.
MOST = {"bones": 60, "initial": 40, "nickname": 40, "word": 20, "head": 20, "tail": 20, "birth": 40, "place": 30}
MOST_OTHERWISE = 20
TOGETHER = 1_000_000  # pairs that wait to be merged into those found before
MANY = 30_000  # people from whom on a weak key must be borne out by the letters of the names
STRONG = ("bones", "nickname", "birth")  # kinds of keys that need not
ODD_LETTERS = 1  # of one name that the other may lack
EVERYBODY = 500_000  # pairs up to which everybody is simply compared with everybody

Numbers = NDArray[np.int64]


class Candidates(NamedTuple):
    """The pairs worth comparing, as places (left, right) in the population, left < right, in order."""

    left: Numbers
    right: Numbers
    aside: int  # pairs that share a key too, and are set aside, since their names cannot be one


def candidates(facts: Facts) -> Candidates:
    """Return the pairs worth comparing, and how many were set aside."""
    size = facts.size
    if size * (size - 1) // 2 <= EVERYBODY:
        left, right = np.triu_indices(size, 1)
        return Candidates(left.astype(np.int64), right.astype(np.int64), 0)
    budget = max(LEAST_BUDGET, BUDGET * size)
    found = _Found()
    for column in (facts.mails, facts.phones, facts.urls, facts.identifiers, facts.locals, facts.shapes):
        found.add(_within(column.terms, _holders(column), size, SURE_KEYS, budget))
    found.add(_built(facts, budget))
    found.add(facts.answers)
    for kind, keys, people in _keys(facts):
        weak = size >= MANY and kind not in STRONG
        found.add(_within(keys, people, size, MOST.get(kind, MOST_OTHERWISE), budget), weak)
    packed, weak_alone = found.all()
    left = packed // size
    right = packed - left * size
    kept = ~weak_alone
    kept[weak_alone] = _contained(_signs(facts), left[weak_alone], right[weak_alone])
    return Candidates(left[kept], right[kept], int(len(kept) - kept.sum()))


def _signs(facts: Facts) -> NDArray[np.uint64]:
    """Return which letters occur in the names of each person, as bits."""
    of_word = np.append(facts.words.spelt.signs, np.uint64(0))
    found = np.zeros(facts.size, np.uint64)
    of_form = np.bitwise_or.reduce(of_word[facts.form_words], axis=1)
    np.bitwise_or.at(found, _holders(facts.names), of_form[facts.names.terms])
    return found


def _contained(signs: NDArray[np.uint64], left: Numbers, right: Numbers) -> NDArray[np.bool_]:
    """Tell of which pairs one's names have hardly a letter that the other's lack.

    A slip, an initial and a missing word leave it so; another given name beside the same family name does not.
    """
    one, other = signs[left], signs[right]
    odd = np.minimum(np.bitwise_count(one & ~other), np.bitwise_count(other & ~one))
    return np.asarray(odd <= ODD_LETTERS)


class _Found:
    """Packed pairs, each once, brought together now and then so that they do not pile up."""

    def __init__(self) -> None:
        self.merged = np.zeros(0, np.int64)
        self.waiting: list[Numbers] = []

    def add(self, pairs: Numbers, weak: bool = False) -> None:
        """Take in pairs that share a key of a kind; the last bit remembers whether it was a weak one."""
        self.waiting.append(pairs * 2 + weak)
        if sum(map(len, self.waiting)) > TOGETHER:
            self._merge()

    def _merge(self) -> None:
        found = np.sort(np.concatenate([self.merged, *self.waiting]))
        fresh = np.ones(len(found), bool)
        np.not_equal(found[1:] >> 1, found[:-1] >> 1, out=fresh[1:])
        self.merged = found[fresh]
        self.waiting.clear()

    def all(self) -> tuple[Numbers, NDArray[np.bool_]]:
        """Return every pair found so far, in order, and which of them share weak keys alone."""
        self._merge()
        return self.merged >> 1, (self.merged & 1).astype(bool)


def _holders(column: Column) -> Numbers:
    """Return who has each term of a column."""
    counts = column.counts
    return np.repeat(np.arange(len(counts)), counts)


def _within(keys: Numbers, people: Numbers, size: int, most: int, budget: int) -> Numbers:
    """Return the pairs, packed, of people who share a key, the rarest keys first while the budget lasts."""
    held = distinct(keys * size + people)
    keys = held // size
    people = held - keys * size
    start = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]][: len(keys)])
    sizes = np.diff(np.r_[start, len(keys)])
    ranked = np.sort(sizes)
    cost = np.cumsum(ranked * (ranked - 1) // 2)
    # All keys of one size are taken, or none: which of them come first would otherwise be chance.
    free = _last_whole(ranked, cost, LEAST_BUDGET)
    limit = max(free, min(_last_whole(ranked, cost, budget), most))
    found = [np.zeros(0, np.int64)]
    for count in distinct(sizes[(sizes > 1) & (sizes <= limit)]).tolist():
        block = people[start[sizes == count][:, None] + np.arange(count)]
        left, right = np.triu_indices(count, 1)
        found.append((block[:, left] * size + block[:, right]).ravel())
    return np.concatenate(found)


def _last_whole(sizes: Numbers, cost: Numbers, budget: int) -> int:
    """Return the largest size of which all keys, and those of all smaller sizes, can be afforded."""
    count = int(np.searchsorted(cost, budget, side="right"))
    if not count:
        return 0
    limit = int(sizes[count - 1])
    return limit - 1 if count < len(sizes) and sizes[count] == limit else limit


def _built(facts: Facts, budget: int) -> Numbers:
    """Return the pairs, packed, of which one's address could be built of the other's name."""
    key = np.concatenate([column.terms for column in (facts.letters, facts.whole, facts.part)])
    person = np.concatenate([_holders(column) for column in (facts.letters, facts.whole, facts.part)])
    pairs = _within(key, person, facts.size, SURE_KEYS, budget)
    open_ = facts.letters.counts > 0
    return pairs[open_[pairs // facts.size] | open_[pairs % facts.size]]


def _keys(facts: Facts) -> Iterator[tuple[str, Numbers, Numbers]]:
    """Yield the kinds of weak keys, with every key of a kind and the person who has it."""
    words = facts.words
    bone = _numbered(map(bones, words.values))
    first = _numbered(word[0] for word in words.values)
    borne = facts.form_words[facts.names.terms]
    person = _holders(facts.names)
    top = max(len(words.values), 1)
    pairs = []
    for one, other in combinations(range(MOST_WORDS), 2):
        both = np.flatnonzero(borne[:, other] >= 0)
        pairs.append((borne[both, one], borne[both, other], person[both]))
    ours, theirs, people = (np.concatenate(parts) for parts in zip(*pairs, strict=True))
    low, high = np.minimum(bone[ours], bone[theirs]), np.maximum(bone[ours], bone[theirs])
    yield "bones", low * top + high, people
    given, family, twice = np.r_[ours, theirs], np.r_[theirs, ours], np.r_[people, people]
    yield "initial", first[given] * top + words.sounds[family], twice
    line = words.lines[given].T
    yield (
        "nickname",
        np.concatenate([one[one >= 0] * top + bone[family[one >= 0]] for one in line]),
        np.concatenate([twice[one >= 0] for one in line]),
    )
    known = borne >= 0
    packed = distinct((person[:, None] * top + borne)[known])
    person, word = packed // top, packed % top
    yield "word", words.sounds[word], person
    long_ = np.array([len(one) > 4 for one in words.values], bool)[word]
    for kind, parts in (("head", (one[:4] for one in words.values)), ("tail", (one[-4:] for one in words.values))):
        yield kind, _numbered(parts)[word[long_]], person[long_]
    yield from _births(facts, person, _numbered(one[:1] for one in map(bones, words.values))[word])
    for kind, column in (("place", facts.places), ("organisation", facts.organisations)):
        row, where = _crossed(person, column)
        yield kind, where * top + bone[word[row]], person[row]


def _births(facts: Facts, person: Numbers, letter: Numbers) -> Iterator[tuple[str, Numbers, Numbers]]:
    """Yield the birthdays, and what is left of each without its year, month or day, alone and with a letter."""
    births = facts.births
    yield "birth", births.terms, _holders(births)
    row, born = _crossed(person, births)
    top = int(letter.max(initial=0)) + 1
    for gap, (start, end) in enumerate(((0, 4), (4, 6), (6, 8))):
        rest = _numbered(value[:start] + value[end:] for value in births.values)
        yield f"birth alone but {gap}", rest[births.terms], _holders(births)
        yield f"birth but {gap}", rest[born] * top + letter[row], person[row]


def _crossed(people: Numbers, column: Column) -> tuple[Numbers, Numbers]:
    """Return every term that these people have, with the row of `people` that it belongs to."""
    counts = column.counts[people]
    row = np.repeat(np.arange(len(people)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    return row, column.terms[column.start[people[row]] + within]


def _numbered(values: Iterable[str]) -> Numbers:
    """Return a number for each value, equal for equal ones."""
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)
