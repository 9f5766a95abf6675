"""Find the pairs of people that are worth comparing, in time that grows with their number.

People who share a key are compared: an address, a way a name sounds, an initial with a family name, a birthday with an
initial. A key that many share says little, so of every kind of key the rarest are taken first, up to a budget.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from amity.people.facts import Column, Facts
from amity.people.spellings import bones, sound

SURE_KEYS = 60  # people who may share an address or number and still all be compared
BUDGET = 12  # pairs a person, of each kind of key
LEAST_BUDGET = 150_000  # pairs of each kind that are affordable in any archive, however many share the key
# People who may share a key of a kind and still all be compared, in a large archive.
MOST = {"bones": 60, "initial": 40, "nickname": 40, "word": 20, "head": 20, "tail": 20, "birth": 40, "place": 30}
MOST_OTHERWISE = 20
TOGETHER = 1_000_000  # pairs that wait to be merged into those found before
EVERYBODY = 500_000  # pairs up to which everybody is simply compared with everybody

Numbers = NDArray[np.int64]


def candidates(facts: Facts) -> tuple[Numbers, Numbers]:
    """Return the pairs worth comparing as places (left, right) in the population, left < right, in order."""
    size = facts.size
    if size * (size - 1) // 2 <= EVERYBODY:
        left, right = np.triu_indices(size, 1)
        return left.astype(np.int64), right.astype(np.int64)
    budget = max(LEAST_BUDGET, BUDGET * size)
    found = _Found()
    for column in (facts.mails, facts.phones, facts.urls, facts.identifiers, facts.locals, facts.shapes):
        people = np.repeat(np.arange(size), column.counts)
        found.add(_within(column.terms, people, size, SURE_KEYS, budget))
    found.add(_built(facts, budget))
    kinds: dict[str, tuple[array[int], array[int]]] = {}
    for person, kind, key in _keys(facts):
        keys, holders = kinds.setdefault(kind, (array("q"), array("q")))
        keys.append(key)
        holders.append(person)
    while kinds:
        # What has been used makes room for what it yields.
        kind, (keys, holders) = kinds.popitem()
        most = MOST.get(kind, MOST_OTHERWISE)
        found.add(_within(np.frombuffer(keys, np.int64), np.frombuffer(holders, np.int64), size, most, budget))
    packed = found.all()
    return packed // size, packed % size


class _Found:
    """Packed pairs, each once, brought together now and then so that they do not pile up."""

    def __init__(self) -> None:
        self.merged = np.zeros(0, np.int64)
        self.waiting: list[Numbers] = []

    def add(self, pairs: Numbers) -> None:
        self.waiting.append(pairs)
        if sum(map(len, self.waiting)) > TOGETHER:
            self.all()

    def all(self) -> Numbers:
        """Return every pair found so far, in order."""
        everything = np.concatenate([self.merged, *self.waiting])
        self.waiting.clear()
        everything.sort()
        fresh = np.ones(len(everything), bool)
        np.not_equal(everything[1:], everything[:-1], out=fresh[1:])
        self.merged = everything[fresh]
        return self.merged


def _within(keys: Numbers, people: Numbers, size: int, most: int, budget: int) -> Numbers:
    """Return the pairs, packed, of people who share a key, the rarest keys first while the budget lasts."""
    if not len(keys):
        return np.zeros(0, np.int64)
    order = np.lexsort((people, keys))
    keys, people = keys[order], people[order]
    fresh = np.ones(len(keys), bool)
    fresh[1:] = (keys[1:] != keys[:-1]) | (people[1:] != people[:-1])
    keys, people = keys[fresh], people[fresh]
    start = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[start, len(keys)])
    ranked = np.argsort(sizes, kind="stable")
    cost = np.cumsum(sizes[ranked] * (sizes[ranked] - 1) // 2)
    # All keys of one size are taken, or none: which of them come first would otherwise be chance.
    free = _last_whole(sizes[ranked], cost, LEAST_BUDGET)
    limit = max(free, min(_last_whole(sizes[ranked], cost, budget), most))
    found = []
    for count in np.unique(sizes[(sizes > 1) & (sizes <= limit)]):
        rows = start[sizes == count][:, None] + np.arange(count)
        block = people[rows]
        left, right = np.triu_indices(int(count), 1)
        found.append((block[:, left] * size + block[:, right]).ravel())
    return np.unique(np.concatenate(found)) if found else np.zeros(0, np.int64)


def _last_whole(sizes: Numbers, cost: Numbers, budget: int) -> int:
    """Return the largest size of which all keys, and those of all smaller sizes, can be afforded."""
    count = int(np.searchsorted(cost, budget, side="right"))
    if not count:
        return 0
    limit = int(sizes[count - 1])
    return limit - 1 if count < len(sizes) and sizes[count] == limit else limit


def _built(facts: Facts, budget: int) -> Numbers:
    """Return the pairs, packed, of which one's address could be built of the other's name."""
    places = {value: number for number, value in enumerate(facts.built.values)}
    match = np.array([places.get(value, -1) for value in facts.letters.values], np.int64)
    size = facts.size
    person = np.repeat(np.arange(size), facts.letters.counts)
    key = match[facts.letters.terms] if len(facts.letters.terms) else np.zeros(0, np.int64)
    named = np.diff(facts.names.start) > 0
    open_ = (key >= 0) & ~(named & ~facts.derived)[person]
    other = np.repeat(np.arange(size), facts.built.counts)
    keys = np.r_[key[open_], facts.built.terms]
    return _within(keys, np.r_[person[open_], other], size, SURE_KEYS, budget)


def _keys(facts: Facts) -> Iterator[tuple[int, str, int]]:
    """Yield (person, kind, key) of the weak keys."""
    bone = [bones(word) for word in facts.words.values]
    spoken = [sound(word) for word in facts.words.values]
    lines = [[line for line in row if line >= 0] for row in facts.words.lines.tolist()]
    of_form = [[word for word in row if word >= 0] for row in facts.form_words.tolist()]
    values = facts.words.values
    start, terms = facts.names.start.tolist(), facts.names.terms.tolist()
    births = _rows(facts.births)
    places, organisations = _rows(facts.places), _rows(facts.organisations)
    for person in range(facts.size):
        mine = [of_form[form] for form in terms[start[person] : start[person + 1]]]
        words = {word for form in mine for word in form}
        seen = set()
        for form in mine:
            for place, one in enumerate(form):
                for other in form[place + 1 :]:
                    pair = (bone[one], bone[other]) if bone[one] < bone[other] else (bone[other], bone[one])
                    seen.add(("bones", hash(pair)))
                    for given, family in ((one, other), (other, one)):
                        seen.add(("initial", hash((values[given][0], spoken[family]))))
                        for line in lines[given]:
                            seen.add(("nickname", hash((line, bone[family]))))
        for word in words:
            seen.add(("word", hash(spoken[word])))
            if len(values[word]) > 4:
                seen.add(("head", hash(values[word][:4])))
                seen.add(("tail", hash(values[word][-4:])))
        firsts = {bone[word][:1] for word in words}
        for birth in births[person]:
            seen.add(("birth", hash(birth)))
            if len(birth) == 8:
                parts = (birth[:4], birth[4:6], birth[6:])
                for gap in range(3):
                    known = tuple(part if place != gap else "" for place, part in enumerate(parts))
                    seen.add((f"birth alone but {gap}", hash(known)))
                    for letter in firsts:
                        seen.add((f"birth but {gap}", hash((known, letter))))
        for kind, at in (("place", places[person]), ("organisation", organisations[person])):
            for where in at:
                for word in words:
                    seen.add((kind, hash((where, bone[word]))))
        for kind, key in seen:
            yield person, kind, key


def _rows(column: Column) -> list[list[str]]:
    """Return the values of each person."""
    start, terms, values = column.start.tolist(), column.terms.tolist(), column.values
    return [[values[term] for term in terms[start[i] : start[i + 1]]] for i in range(len(start) - 1)]
