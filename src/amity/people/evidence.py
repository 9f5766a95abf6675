"""Weigh what speaks for and against two people being one: a row of figures for each pair.

Each figure is either 1 or 0 (or a count), or how rare what two people share is: minus the natural logarithm of the
share of people who have it, so that sharing Smith says less than sharing Schnitzler.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.people.facts import Column, Facts, dressed
from amity.people.nearness import Spelt, near, spell
from amity.people.spellings import MOST_WORDS

KINDS = (
    "name_same",
    "name_sound",
    "name_nickname",
    "name_near",
    "name_short",
    "name_initial",
    "name_extra",
    "name_given_differs",
    "name_family_differs",
    "name_differs",
    "name_disjoint",
    "generation_differs",
    "birth_same",
    "birth_near",
    "birth_part",
    "birth_day",
    "birth_year",
    "birth_close",
    "birth_decade",
    "birth_differs",
    "mail_same",
    "mail_near",
    "mail_differs",
    "local_same",
    "local_name",
    "built_whole",
    "built_part",
    "phone_same",
    "url_same",
    "identifier_same",
    "identifier_near",
    "identifier_differs",
    "place_same",
    "place_near",
    "place_differs",
    "organisation_same",
    "organisation_near",
    "organisation_differs",
    "title_same",
    "title_near",
    "title_differs",
    "gender_same",
    "gender_differs",
    "answers",
    "company_shared",
    "together",
    "adjoining",
    "overlapping",
)
AT = {kind: place for place, kind in enumerate(KINDS)}

# People of the world outside, who have none of the terms of an archive, by kind of term.
OUTSIDE = {"birth": 1_000, "local": 1_000, "place": 50, "organisation": 200, "title": 50}
CHUNK = 30_000  # pairs at a time
RAREST = 12.0
NEAR = 0.86  # Jaro–Winkler nearness from which two words may be one, misspelt
NEAR_MAIL = 0.88
SHORTEST_NEAR = 4  # letters
CLOSE, DECADE = 400, 3_660  # days between birthdays
ADJOINING = (-60, 500)  # days from the end of one activity to the start of the other
MOST_COMPANY = 1.5  # in the units of Adamic & Adar
SHORTEST_ACTIVITY = 30  # days
SHARED_OVERLAP = 0.5

Numbers = NDArray[np.int64]
Bool = NDArray[np.bool_]
Real = NDArray[np.float64]

# How two words of names are one, from the best.
SAME, SOUND, NICKNAME, SHORT, MISSPELT, INITIAL, NOT = range(7)
_WORTH = np.array([1.0, 0.95, 0.9, 0.8, 0.75, 0.4, 0.0])
_COLUMN = np.array(
    [AT[kind] for kind in ("name_same", "name_sound", "name_nickname", "name_short", "name_near", "name_initial")]
)


class Evidence(NamedTuple):
    """What was found of many pairs: the figures, which spellings were compared, and what forbids joining unasked."""

    figures: NDArray[np.float32]  # (pairs, KINDS)
    left_form: Numbers  # -1 where a name was not compared
    right_form: Numbers
    forbidden: Bool

    def rows(self, places: Numbers) -> Evidence:
        """Return the evidence on some of the pairs."""
        return Evidence(self.figures[places], self.left_form[places], self.right_form[places], self.forbidden[places])


def joined(parts: Sequence[Evidence]) -> Evidence:
    """Return the evidence on the pairs of all parts, one after the other."""
    return Evidence(
        np.concatenate([np.zeros((0, len(KINDS)), np.float32), *(part.figures for part in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(part.left_form for part in parts)]),
        np.concatenate([np.zeros(0, np.int64), *(part.right_form for part in parts)]),
        np.concatenate([np.zeros(0, bool), *(part.forbidden for part in parts)]),
    )


def _without_figures(words: Sequence[str]) -> Numbers:
    """Return a number for each word that is equal where words differ in their figures alone."""
    numbers: dict[str, int] = {}
    bare = (word.translate(_FIGURES).rstrip("0") for word in words)
    return np.array([numbers.setdefault(word, len(numbers)) for word in bare], np.int64)


_FIGURES = str.maketrans("123456789", "000000000")

# Tells from the figures for which pairs it can count that they share company, and for which that they wrote each other.
Open = Callable[[NDArray[np.float32]], tuple[Bool, Bool]]


class _Ground(NamedTuple):
    """What is worked out once for a population."""

    births: NDArray[np.uint8]
    birth_days: Real  # since any day, NaN where the date is not whole or none
    birth_rarity: Real
    birth_whole: Bool
    mail_local: Numbers  # of each mailbox, among `locals`
    mail_host: Numbers  # and among `hosts`
    locals: Spelt
    local_word: Numbers  # equal for locals that differ in their figures alone
    hosts: Spelt
    identifiers: Spelt
    texts: dict[str, tuple[Spelt, Real]]
    local_rarity: Real
    key_worth: dict[str, Real]
    common: dict[str, Bool]  # of columns of which only what is the same matters: who has what others have too
    feigned: Bool
    company: dict[int, float]  # what it says to know somebody
    keeps: Bool  # who has any company


def weigh(facts: Facts, left: Numbers, right: Numbers) -> Evidence:
    """Weigh every pair of people, given as places in the population."""
    return joined([evidence for _, evidence in weighings(facts, left, right)])


def weighings(
    facts: Facts, left: Numbers, right: Numbers, open_: Open | None = None
) -> Iterator[tuple[slice, Evidence]]:
    """Yield the evidence on the pairs by chunks, with the rows each is about: all at once would fill the memory.

    Company, which is dear, is only looked at where `open_` says from all other figures that it can still count.
    """
    ground = _prepare(facts)
    for start in range(0, len(left), CHUNK):
        rows = slice(start, start + CHUNK)
        figures = np.zeros((len(left[rows]), len(KINDS)), np.float32, order="F")  # one kind is filled in at a time
        chunk = _Chunk(facts, ground, left[rows], right[rows], figures)
        forms = chunk.names()
        chunk.births()
        forbidden = chunk.mails()
        chunk.built()
        chunk.keys()
        chunk.identifiers()
        for kind, column in (
            ("place", facts.places),
            ("organisation", facts.organisations),
            ("title", facts.titles),
        ):
            chunk.texts(kind, column)
        chunk.genders()
        chunk.answers()
        chunk.activity()
        chunk.company(open_)
        yield rows, Evidence(figures, forms[0], forms[1], forbidden | chunk.feigned())


def _prepare(facts: Facts) -> _Ground:
    births = np.zeros((len(facts.births.values), 8), np.uint8)
    for place, value in enumerate(facts.births.values):
        births[place] = np.frombuffer(value.encode("ascii", "replace")[:8], np.uint8)
    locals_, hosts = [], []
    numbers: dict[str, int] = {}
    parts: dict[str, int] = {}
    for address in facts.mails.values:
        local, _, host = address.rpartition("@")
        locals_.append(parts.setdefault(local, len(parts)))
        hosts.append(numbers.setdefault(host, len(numbers)))
    return _Ground(
        births,
        np.array([_day(value) for value in facts.births.values]),
        facts.births.rarity(facts.size, OUTSIDE["birth"]),
        (births != ord("-")).all(axis=1),
        np.array(locals_, np.int64),
        np.array(hosts, np.int64),
        spell(list(parts)),
        _without_figures(list(parts)),
        spell(list(numbers)),
        spell(facts.identifiers.values),
        {
            kind: (spell(column.values), np.minimum(column.rarity(facts.size, OUTSIDE[kind]), RAREST))
            for kind, column in (
                ("place", facts.places),
                ("organisation", facts.organisations),
                ("title", facts.titles),
            )
        },
        np.minimum(facts.locals.rarity(facts.size, OUTSIDE["local"]), RAREST),
        {kind: _worth_of_key(getattr(facts, kind)) for kind in ("mails", "phones", "urls")},
        {kind: _common(getattr(facts, kind)) for kind in ("shapes", "locals", "phones", "urls")},
        dressed(facts),
        *_company_kept(facts),
    )


def _company_kept(facts: Facts) -> tuple[dict[int, float], Bool]:
    degree: dict[int, int] = {}
    for one in facts.profiles:
        for other in one.correspondents:
            degree[other] = degree.get(other, 0) + 1
    worth = {person: 1 / math.log(1 + count) for person, count in degree.items()}
    return worth, np.array([bool(one.correspondents) for one in facts.profiles], bool)


def _day(text: str) -> float:
    try:
        return float(date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal())
    except ValueError:
        return float("nan")


class _Spread(NamedTuple):
    """Every combination of what the two people of each pair have of a kind."""

    rows: Numbers  # of the pairs that both have any
    start: Numbers  # where each of these begins among the combinations
    ours: Numbers
    theirs: Numbers


def spread(column: Column, left: Numbers, right: Numbers, other: Column | None = None, most: int = 8) -> _Spread:
    """Return the combinations of terms of every pair, at most `most` terms a side.

    `other` is where the terms of the right side are looked for, if not in the same column.
    """
    other = column if other is None else other
    ours, theirs = column.start[left], other.start[right]
    first_many, second_many = column.start[left + 1] - ours, other.start[right + 1] - theirs
    rows = np.flatnonzero((first_many > 0) & (second_many > 0))
    ours, theirs = ours[rows], theirs[rows]
    size, many = np.minimum(first_many[rows], most), np.minimum(second_many[rows], most)
    if not len(rows) or size.max() * many.max() == 1:
        return _Spread(rows, np.arange(len(rows)), column.terms[ours], other.terms[theirs])
    size = size * many
    start = np.cumsum(size) - size
    pair = np.repeat(np.arange(len(rows)), size)
    within = np.arange(len(pair)) - start[pair]
    first = within // many[pair]
    second = within - first * many[pair]
    return _Spread(rows, start, column.terms[ours[pair] + first], other.terms[theirs[pair] + second])


def _common(column: Column) -> Bool:
    """Tell who has a term that somebody else has too."""
    found = np.zeros(len(column.start) - 1, bool)
    found[np.repeat(np.arange(len(found)), column.counts)[column.holders[column.terms] > 1]] = True
    return found


def _worth_of_key(column: Column) -> Real:
    """Return how much it says that two people share a term that names one: 1 if only these two do, less if more."""
    return np.asarray(1 / (1 + np.log(np.maximum(column.holders - 1, 1))))


def _best(found: _Spread, values: NDArray[np.float64]) -> Real:
    if len(found.rows) == len(values):
        return values
    return np.maximum.reduceat(values, found.start) if len(found.rows) else np.zeros(0)


class _Chunk:
    """Some pairs, and the rows of figures to be filled in for them."""

    def __init__(
        self, facts: Facts, ground: _Ground, left: Numbers, right: Numbers, figures: NDArray[np.float32]
    ) -> None:
        self.facts, self.ground, self.left, self.right, self.figures = facts, ground, left, right, figures

    def put(self, kind: str, rows: Numbers | Bool, values: Real | float = 1.0) -> None:
        """Set one figure of some pairs."""
        self.figures[rows, AT[kind]] = values

    def shared(self, kind: str) -> _Spread:
        """Return the combinations of terms of the pairs of which both have terms that others have too."""
        common = self.ground.common[kind]
        rows = np.flatnonzero(common[self.left] & common[self.right])
        found = spread(getattr(self.facts, kind), self.left[rows], self.right[rows])
        return found._replace(rows=rows[found.rows])

    # --- names --------------------------------------------------------------------------------------------------------

    def names(self) -> Numbers:
        """Compare the names, and return which spelling of each of the two was taken."""
        facts = self.facts
        chosen = np.full((2, len(self.left)), -1, np.int64)
        found = spread(facts.names, self.left, self.right)
        if not len(found.rows):
            return chosen
        ours, theirs = found.ours, found.theirs
        figures, score = self._align(facts.form_words[ours], facts.form_words[theirs])
        apart = (facts.form_generation[ours] != facts.form_generation[theirs]) & (
            (facts.form_generation[ours] > 0) | (facts.form_generation[theirs] > 0)
        )
        figures[:, AT["generation_differs"]] = apart
        # Of several spellings those count that agree best.
        best = _best(found, score)
        size = np.diff(np.r_[found.start, len(score)])
        winner = np.flatnonzero(score == np.repeat(best, size))
        pair = np.repeat(np.arange(len(found.rows)), size)[winner]
        taken = winner[np.r_[True, pair[1:] != pair[:-1]]]
        for place in range(figures.shape[1]):
            self.figures[found.rows, place] = figures[taken, place]
        chosen[0, found.rows], chosen[1, found.rows] = ours[taken], theirs[taken]
        return chosen

    def _align(self, ours: Numbers, theirs: Numbers) -> tuple[NDArray[np.float32], Real]:
        """Pair the words of two names off, the best first, and return the figures and a score for choosing."""
        figures = np.zeros((len(ours), AT["generation_differs"] + 1), np.float32)
        score = np.zeros(len(ours))
        long_ours, long_theirs = (ours >= 0).sum(axis=1), (theirs >= 0).sum(axis=1)
        shape = long_ours * (MOST_WORDS + 1) + long_theirs
        # Names of as many words are compared at once, without room for words that few have.
        for number in np.flatnonzero(np.bincount(shape)).tolist():
            rows = np.flatnonzero(shape == number)
            many, other = divmod(number, MOST_WORDS + 1)
            figures[rows, : AT["generation_differs"]], score[rows] = self._pair_off(
                ours[rows, :many], theirs[rows, :other]
            )
        return figures, score

    def _pair_off(self, ours: Numbers, theirs: Numbers) -> tuple[NDArray[np.float32], Real]:
        """Pair off the words of names that have all as many words on a side."""
        facts = self.facts
        (n, many), other = ours.shape, theirs.shape[1]
        a, b = np.repeat(ours, other, axis=1).ravel(), np.tile(theirs, (1, many)).ravel()
        how = self._word_pairs(a, b)
        # A word that is the same or sounds so outweighs a slip: where one of the two has such, none is looked for.
        sure = (how <= SOUND).reshape(n, many, other)
        settled = np.logical_or(sure.any(axis=2, keepdims=True), sure.any(axis=1, keepdims=True))
        try_ = np.flatnonzero(~settled.ravel() & (how > SHORT))
        how[try_[self._misspelt(a[try_], b[try_])]] = MISSPELT
        rarity = np.minimum(np.minimum(facts.word_rarity[a], facts.word_rarity[b]), RAREST)
        worth = (_WORTH[how] * (1 + 0.02 * rarity)).reshape(n, many * other)
        open_ours, open_theirs = np.ones((n, many), bool), np.ones((n, other), bool)
        figures = np.zeros((n, AT["generation_differs"]), np.float32)
        score = np.zeros(n)
        matched = np.zeros(n, np.int64)
        rows = np.arange(n)
        for _ in range(min(many, other)):
            best = worth[rows].argmax(axis=1)
            found = worth[rows, best] > 0
            rows, best = rows[found], best[found]
            if not len(rows):
                break
            cell = rows * (many * other) + best
            kind, rare = how[cell], rarity[cell]
            # A second word that agrees in the same way adds to the first.
            figures[rows, _COLUMN[kind]] += np.where(kind == INITIAL, 1, rare)
            matched[rows] += 1
            score[rows] += _WORTH[kind] * (1 + rare)
            i, j = best // other, best % other
            open_ours[rows, i] = False
            open_theirs[rows, j] = False
            grid = worth.reshape(n, many, other)
            grid[rows, i, :] = 0
            grid[rows, :, j] = 0
        rest, rest_theirs = many - matched, other - matched
        differ = np.minimum(rest, rest_theirs)
        given = open_ours[:, 0] & open_theirs[:, 0] & (matched > 0)
        family = open_ours[:, -1] & open_theirs[:, -1] & (matched > 0) & ~given
        figures[:, AT["name_extra"]] = abs(many - other)
        figures[:, AT["name_given_differs"]] = given
        figures[:, AT["name_family_differs"]] = family
        figures[:, AT["name_differs"]] = (differ > 0) & (matched > 0) & ~given & ~family
        figures[:, AT["name_disjoint"]] = matched == 0
        score -= 3.0 * differ + 0.3 * abs(many - other)
        return figures, score

    def _word_pairs(self, ours: Numbers, theirs: Numbers) -> NDArray[np.int8]:
        """Return how each pair of words is one, in the best of the ways there are, but for slips."""
        words = self.facts.words
        codes, lengths, _ = words.spelt
        how = np.full(len(ours), NOT, np.int8)
        how[ours == theirs] = SAME
        rest = np.flatnonzero(how == NOT)
        ours, theirs = ours[rest], theirs[rest]
        length, other = lengths[ours], lengths[theirs]
        short, longest = np.minimum(length, other), np.maximum(length, other)
        first = codes[0][ours] == codes[0][theirs]
        found = np.full(len(rest), NOT, np.int8)
        found[first & (short == 1) & (longest > 1)] = INITIAL
        try_ = np.flatnonzero(first & (short >= 3) & (longest > short))
        for place in range(1, int(short[try_].max(initial=0))):
            same = codes[place][ours[try_]] == codes[place][theirs[try_]]
            try_ = try_[same | (short[try_] <= place)]
        found[try_] = SHORT
        listed = words.lines[:, 0] >= 0
        try_ = np.flatnonzero(listed[ours] & listed[theirs] & (short > 1))
        lines, others = words.lines[ours[try_]], words.lines[theirs[try_]]
        shared = ((lines[:, :, None] == others[:, None, :]) & (lines[:, :, None] >= 0)).any(axis=(1, 2))
        found[try_[shared]] = NICKNAME
        found[(words.sounds[ours] == words.sounds[theirs]) & (short > 1)] = SOUND
        how[rest] = found
        return how

    def _misspelt(self, ours: Numbers, theirs: Numbers) -> Bool:
        """Tell which of two words are one with a slip."""
        spelt = self.facts.words.spelt
        long_ = np.flatnonzero(np.minimum(spelt.lengths[ours], spelt.lengths[theirs]) >= SHORTEST_NEAR)
        found = np.zeros(len(ours), bool)
        found[long_] = near(spelt, ours[long_], theirs[long_], NEAR) > 0
        return found

    # --- birthdays ----------------------------------------------------------------------------------------------------

    def births(self) -> None:
        """Compare the birthdays, by the characters of YYYYMMDD."""
        facts, ground = self.facts, self.ground
        found = spread(facts.births, self.left, self.right)
        if not len(found.rows):
            return
        a, b = ground.births[found.ours], ground.births[found.theirs]
        both = ground.birth_whole[found.ours] & ground.birth_whole[found.theirs]
        unequal = a != b
        count = unequal.sum(axis=1)
        turned = (count == 2) & (np.sort(a, axis=1) == np.sort(b, axis=1)).all(axis=1)
        swapped = (
            (a[:, 4:6] == b[:, 6:]).all(axis=1) & (a[:, 6:] == b[:, 4:6]).all(axis=1) & ~unequal[:, :4].any(axis=1)
        )
        year, month, day = ~unequal[:, :4].any(axis=1), ~unequal[:, 4:6].any(axis=1), ~unequal[:, 6:].any(axis=1)
        known = (a != ord("-")) & (b != ord("-"))
        open_year = ~known[:, :4].any(axis=1)
        between = np.abs(ground.birth_days[found.ours] - ground.birth_days[found.theirs])
        level = np.zeros(len(a), np.int64)  # differs
        with np.errstate(invalid="ignore"):
            level[between <= DECADE] = 1
            level[between <= CLOSE] = 2
        level[~both & ~open_year & (~unequal | ~known).all(axis=1)] = 3
        level[both & (year.astype(int) + month + day == 2)] = 4
        level[open_year & month & day & known[:, 4:].all(axis=1)] = 5
        level[both & ((count == 1) | turned | swapped)] = 6
        level[both & (count == 0)] = 7
        best = _best(found, level + np.minimum(ground.birth_rarity[found.ours], RAREST) / 100)
        top = best.astype(np.int64)
        for number, kind in enumerate(("differs", "decade", "close", "year", "part", "day", "near")):
            self.put(f"birth_{kind}", found.rows[top == number])
        same = top == 7
        self.put("birth_same", found.rows[same], (best[same] - 7) * 100)

    # --- addresses ----------------------------------------------------------------------------------------------------

    def mails(self) -> Bool:
        """Compare the mail addresses, and tell where one may be made to look like the other."""
        facts, ground = self.facts, self.ground
        forbidden = np.zeros(len(self.left), bool)
        found = spread(facts.mails, self.left, self.right)
        if len(found.rows):
            same = found.ours == found.theirs
            local, host, word = ground.mail_local, ground.mail_host, ground.local_word
            ours, theirs = local[found.ours], local[found.theirs]
            near_local, near_host = ours == theirs, host[found.ours] == host[found.theirs]
            nearness = near_local.astype(np.float32)
            # Numbers are given out one after the other: who differs from another in them alone is somebody else.
            try_ = np.flatnonzero(~near_local & (word[ours] != word[theirs]))
            nearness[try_] = near(ground.locals, ours[try_], theirs[try_], NEAR_MAIL)
            alike = np.flatnonzero(~same & (nearness >= NEAR_MAIL))
            host_near = near_host.astype(np.float32)
            other = alike[~near_host[alike]]
            host_near[other] = near(ground.hosts, host[found.ours[other]], host[found.theirs[other]], NEAR_MAIL)
            both_near = ~same & (nearness >= NEAR_MAIL) & (host_near >= NEAR_MAIL)
            strength = np.where(same, ground.key_worth["mails"][found.ours], 0.0)
            best = _best(found, strength)
            self.put("mail_same", found.rows[best > 0], best[best > 0])
            near_best = _best(found, np.where(both_near, nearness * host_near, 0.0))
            rows = (best == 0) & (near_best > 0)
            self.put("mail_near", found.rows[rows], near_best[rows])
            rows = (best == 0) & (near_best == 0)
            self.put("mail_differs", found.rows[rows])
            # Another host that nearly is the same, under nearly the same name, is what deceivers use.
            deceit = _best(found, (both_near & ~near_host).astype(np.float64))
            forbidden[found.rows[(deceit > 0) & (best == 0)]] = True
        shapes = self.shared("shapes")
        looks = _best(shapes, (shapes.ours == shapes.theirs).astype(np.float64))
        shown = shapes.rows[looks > 0]
        forbidden[shown[self.figures[shown, AT["mail_same"]] == 0]] = True
        locals_ = self.shared("locals")
        rarity = ground.local_rarity
        mere = facts.mere[locals_.ours]
        same = locals_.ours == locals_.theirs
        # Of a local part that is but the name the rarity has been counted with the name.
        named = (facts.names.counts[self.left] > 0) & (facts.names.counts[self.right] > 0)
        many = np.diff(np.r_[locals_.start, len(mere)])
        mere &= np.repeat(named[locals_.rows], many)
        other = self.figures[locals_.rows, AT["mail_same"]] == 0
        self.put("local_same", locals_.rows, other * _best(locals_, np.where(same & ~mere, rarity[locals_.ours], 0.0)))
        self.put("local_name", locals_.rows, other * _best(locals_, (same & mere).astype(np.float64)))
        return forbidden

    def built(self) -> None:
        """Tell where the address of somebody without a name could be built of the other's name."""
        facts = self.facts
        without = facts.names.counts == 0
        for one, other in ((self.left, self.right), (self.right, self.left)):
            rows = np.flatnonzero(without[one])
            for kind, column in (("built_part", facts.part), ("built_whole", facts.whole)):
                found = spread(facts.letters, one[rows], other[rows], column)
                hit = found.rows[_best(found, (found.ours == found.theirs).astype(np.float64)) > 0]
                self.put("built_part", rows[hit], 0.0)
                self.put(kind, rows[hit])

    def keys(self) -> None:
        """Tell which phone numbers and links are shared; the more people have one, the less it says."""
        for kind, of in (("phone_same", "phones"), ("url_same", "urls")):
            found = self.shared(of)
            worth = self.ground.key_worth[of][found.ours]
            best = _best(found, np.where(found.ours == found.theirs, worth, 0.0))
            self.put(kind, found.rows, best)

    def identifiers(self) -> None:
        """Compare numbers and other signs that name one person."""
        found = spread(self.facts.identifiers, self.left, self.right)
        if not len(found.rows):
            return
        nearness = near(self.ground.identifiers, found.ours, found.theirs, NEAR).astype(np.float64)
        nearness[found.ours == found.theirs] = 2
        best = _best(found, nearness)
        self.put("identifier_same", found.rows[best == 2])
        self.put("identifier_near", found.rows[(best >= NEAR) & (best < 2)])
        self.put("identifier_differs", found.rows[best < NEAR])

    # --- words of places, organisations, titles -----------------------------------------------------------------------

    def texts(self, kind: str, column: Column) -> None:
        """Compare by the rarity of the words shared; where none is, by the nearest."""
        spelt, rarity = self.ground.texts[kind]
        found = spread(column, self.left, self.right)
        if not len(found.rows):
            return
        shared = np.add.reduceat(np.where(found.ours == found.theirs, rarity[found.ours], 0.0), found.start)
        total = np.minimum(shared, 2 * RAREST)
        self.put(f"{kind}_same", found.rows, total)
        none = shared == 0
        size = np.diff(np.r_[found.start, len(found.ours)])
        open_ = np.repeat(none, size)
        a, b = found.ours[open_], found.theirs[open_]
        try_ = np.flatnonzero(np.minimum(spelt.lengths[a], spelt.lengths[b]) >= SHORTEST_NEAR)
        a, b = a[try_], b[try_]
        worth = np.where(near(spelt, a, b, NEAR) > 0, np.minimum(rarity[a], rarity[b]), 0.0)
        every = np.zeros(len(found.ours))
        every[np.flatnonzero(open_)[try_]] = worth
        nearness = _best(found, every)
        self.put(f"{kind}_near", found.rows[nearness > 0], nearness[nearness > 0])
        self.put(f"{kind}_differs", found.rows[none & (nearness == 0)])

    # --- the rest -----------------------------------------------------------------------------------------------------

    def genders(self) -> None:
        """Compare what is told of the two people's gender."""
        ours, theirs = self.facts.gender[self.left], self.facts.gender[self.right]
        known = (ours > 0) & (theirs > 0)
        self.put("gender_same", known & (ours == theirs))
        self.put("gender_differs", known & (ours != theirs))

    def answers(self) -> None:
        """Tell where one answered in a conversation in which the other had been written to."""
        self.put("answers", np.isin(self.left * self.facts.size + self.right, self.facts.answers))

    def activity(self) -> None:
        """Tell whether one falls silent when the other starts, as after a new address, or both run side by side."""
        start, end = self.facts.first, self.facts.last
        a, b = self.left, self.right
        with np.errstate(invalid="ignore"):
            span = np.minimum(end[a] - start[a], end[b] - start[b])
            gap = np.where(start[a] < start[b], start[b] - end[a], start[a] - end[b])
            enough = span >= SHORTEST_ACTIVITY
            self.put("adjoining", enough & (gap >= ADJOINING[0]) & (gap <= ADJOINING[1]))
            shared = np.minimum(end[a], end[b]) - np.maximum(start[a], start[b])
            self.put("overlapping", enough & (shared > SHARED_OVERLAP * span) & (gap < ADJOINING[0]))

    def feigned(self) -> Bool:
        """Tell where a name or address is written so as to pass for another."""
        return np.asarray(self.ground.feigned[self.left] | self.ground.feigned[self.right])

    def company(self, open_: Open | None) -> None:
        """Tell how much company two people share, and whether they wrote to one another or together.

        Somebody known to few says more than somebody known to all. Source: Adamic & Adar (2003), Friends and neighbors
        on the web.
        """
        keeps, worth, profiles = self.ground.keeps, self.ground.company, self.facts.profiles
        both, either = keeps[self.left] & keeps[self.right], keeps[self.left] | keeps[self.right]
        if open_ is not None and either.any():
            shares, writes = open_(self.figures)
            both, either = both & shares, either & writes
        for row in np.flatnonzero(both | either).tolist():
            one, other = profiles[self.left[row]], profiles[self.right[row]]
            shared = one.correspondents & other.correspondents
            if shared:
                self.figures[row, AT["company_shared"]] = min(sum(worth[person] for person in shared), MOST_COMPANY)
            if other.id in one.correspondents or one.id in other.correspondents:
                self.figures[row, AT["together"]] = 1
