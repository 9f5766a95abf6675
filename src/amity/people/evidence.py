"""Weigh what speaks for and against two people being one: a row of figures for each pair.

Each figure is either 1 or 0 (or a count), or how rare what two people share is: minus the natural logarithm of the
share of people who have it, so that sharing Smith says less than sharing Schnitzler.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.people.facts import Column, Facts, dressed, name_in
from amity.people.nearness import jaro_winkler, letters
from amity.people.spellings import MOST_WORDS, plain

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
    "domain_same",
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
    "company_shared",
    "together",
    "adjoining",
    "overlapping",
)
AT = {kind: place for place, kind in enumerate(KINDS)}

# People of the world outside, who have none of the terms of an archive, by kind of term.
OUTSIDE = {"birth": 1_000, "local": 1_000, "domain": 200, "place": 50, "organisation": 200, "title": 50}
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


def _without_digits(codes: NDArray[np.uint8]) -> Numbers:
    """Return a number for each column of codes, a word each, that is equal where words differ in their digits alone."""
    plain = np.where((codes >= ord("0")) & (codes <= ord("9")), 0, codes)
    _, number = np.unique(plain, axis=1, return_inverse=True)
    return np.asarray(number, np.int64).reshape(-1)


class _Ground(NamedTuple):
    """What is worked out once for a population."""

    births: NDArray[np.uint8]
    birth_days: Real  # since any day, NaN where the date is not whole or none
    birth_rarity: Real
    birth_whole: Bool
    mail_local: tuple[NDArray[np.uint8], NDArray[np.int8], Numbers]
    mail_host: tuple[NDArray[np.uint8], NDArray[np.int8], Numbers]
    identifiers: tuple[NDArray[np.uint8], NDArray[np.int8]]
    texts: dict[str, tuple[NDArray[np.uint8], NDArray[np.int8], Real]]
    feigned: Bool
    local_mere: Bool  # a local part that is nothing but a name, and so says no more than the name
    built: Numbers  # for each local part that a name could be built to, which one it is, or -1
    company: dict[int, float]  # what it says to know somebody
    keeps: Bool  # who has any company


def weigh(facts: Facts, left: Numbers, right: Numbers) -> Evidence:
    """Weigh every pair of people, given as places in the population."""
    return joined([evidence for _, evidence in weighings(facts, left, right)])


def weighings(facts: Facts, left: Numbers, right: Numbers) -> Iterator[tuple[slice, Evidence]]:
    """Yield the evidence on the pairs by chunks, with the rows each is about: all at once would fill the memory."""
    ground = _prepare(facts)
    for start in range(0, len(left), CHUNK):
        rows = slice(start, start + CHUNK)
        figures = np.zeros((len(left[rows]), len(KINDS)), np.float32)
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
        chunk.activity()
        chunk.company()
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
    places = {value: number for number, value in enumerate(facts.letters.values)}
    return _Ground(
        births,
        np.array([_day(value) for value in facts.births.values]),
        facts.births.rarity(facts.size, OUTSIDE["birth"]),
        (births != ord("-")).all(axis=1),
        (*letters(list(parts)), np.array(locals_, np.int64)),
        (*letters(list(numbers)), np.array(hosts, np.int64)),
        letters(facts.identifiers.values),
        {
            kind: (*letters(column.values), np.minimum(column.rarity(facts.size, OUTSIDE[kind]), RAREST))
            for kind, column in (
                ("place", facts.places),
                ("organisation", facts.organisations),
                ("title", facts.titles),
            )
        },
        dressed(facts),
        _mere(facts),
        np.array([places.get(value, -1) for value in facts.built.values], np.int64),
        *_company_kept(facts),
    )


def _mere(facts: Facts) -> Bool:
    built = set(facts.built.values)
    words = set(facts.words.values)

    def mere(local: str) -> bool:
        if any(letter.isdigit() for letter in local):
            return False
        form = name_in(local)
        whole = "".join(letter for letter in plain(local) if letter.isalpha())
        return whole in built or whole in words or (form is not None and any(word in words for word in form.words))

    return np.array([mere(local) for local in facts.locals.values], bool)


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


def spread(column: Column, left: Numbers, right: Numbers, most: int = 8) -> _Spread:
    """Return the combinations of terms of every pair, at most `most` terms a side."""
    ours, theirs = np.minimum(column.counts[left], most), np.minimum(column.counts[right], most)
    rows = np.flatnonzero((ours > 0) & (theirs > 0))
    many = theirs[rows]
    size = ours[rows] * many
    start = np.cumsum(size) - size
    pair = np.repeat(np.arange(len(rows)), size)
    within = np.arange(len(pair)) - start[pair]
    first, second = within // many[pair], within % many[pair]
    return _Spread(
        rows,
        start,
        column.terms[column.start[left[rows]][pair] + first],
        column.terms[column.start[right[rows]][pair] + second],
    )


def _worth_of_key(column: Column) -> Real:
    """Return how much it says that two people share a term that names one: 1 if only these two do, less if more."""
    return np.asarray(1 / (1 + np.log(np.maximum(column.holders - 1, 1))))


def _best(found: _Spread, values: NDArray[np.float64]) -> Real:
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

    # --- names --------------------------------------------------------------------------------------------------------

    def names(self) -> Numbers:
        """Compare the names, and return which spelling of each of the two was taken."""
        facts = self.facts
        chosen = np.full((2, len(self.left)), -1, np.int64)
        found = spread(facts.names, self.left, self.right)
        if not len(found.rows):
            return chosen
        packed, back = np.unique(found.ours * len(facts.forms) + found.theirs, return_inverse=True)
        ours, theirs = packed // len(facts.forms), packed % len(facts.forms)
        figures, score = self._align(facts.form_words[ours], facts.form_words[theirs])
        apart = (facts.form_generation[ours] != facts.form_generation[theirs]) & (
            (facts.form_generation[ours] > 0) | (facts.form_generation[theirs] > 0)
        )
        figures[:, AT["generation_differs"]] = apart
        # Of several spellings those count that agree best.
        all_ = score[back]
        best = _best(found, all_)
        size = np.diff(np.r_[found.start, len(all_)])
        winner = np.flatnonzero(all_ == np.repeat(best, size))
        pair = np.repeat(np.arange(len(found.rows)), size)[winner]
        taken = winner[np.r_[True, pair[1:] != pair[:-1]]]
        self.figures[found.rows, : figures.shape[1]] = figures[back[taken]]
        chosen[0, found.rows], chosen[1, found.rows] = found.ours[taken], found.theirs[taken]
        return chosen

    def _align(self, ours: Numbers, theirs: Numbers) -> tuple[NDArray[np.float32], Real]:
        """Pair the words of two names off, the best first, and return the figures and a score for choosing."""
        facts = self.facts
        width = MOST_WORDS
        n = len(ours)
        a = np.repeat(ours, width, axis=1)
        b = np.tile(theirs, (1, width))
        real = (a >= 0) & (b >= 0)
        how = np.full(a.shape, NOT, np.int8)
        packed, back = np.unique(a[real] * len(facts.words.values) + b[real], return_inverse=True)
        size = len(facts.words.values)
        how[real] = self._word_pairs(packed // size, packed % size)[back]
        rarity = np.zeros(a.shape)
        rarity[real] = np.minimum(facts.word_rarity[a[real]], facts.word_rarity[b[real]])
        rarity = np.minimum(rarity, RAREST)
        open_ours, open_theirs = ours >= 0, theirs >= 0
        figures = np.zeros((n, AT["generation_differs"] + 1), np.float32)
        score = np.zeros(n)
        worth = _WORTH[how] * (1 + 0.02 * rarity)
        every = np.arange(n)
        columns = (
            (SAME, "name_same"),
            (SOUND, "name_sound"),
            (NICKNAME, "name_nickname"),
            (SHORT, "name_short"),
            (MISSPELT, "name_near"),
        )
        matched = np.zeros(n, np.int64)
        initials = np.zeros(n, np.int64)
        for _ in range(width):
            best = worth.argmax(axis=1)
            value = worth[every, best]
            good = value > 0
            if not good.any():
                break
            kind, rare = how[every, best], rarity[every, best]
            for number, column in columns:
                figures[:, AT[column]] += np.where(good & (kind == number), rare, 0)
            initials += good & (kind == INITIAL)
            matched += good
            score += np.where(good, _WORTH[kind] * (1 + rare), 0)
            i, j = best // width, best % width
            rows = np.flatnonzero(good)
            open_ours[rows, i[rows]] = False
            open_theirs[rows, j[rows]] = False
            grid = worth.reshape(n, width, width)
            grid[rows, i[rows], :] = 0
            grid[rows, :, j[rows]] = 0
        figures[:, AT["name_initial"]] = initials
        rest, other = open_ours.sum(axis=1), open_theirs.sum(axis=1)
        differ = np.minimum(rest, other)
        figures[:, AT["name_extra"]] = np.abs(rest - other)
        last_ours, last_theirs = (ours >= 0).sum(axis=1) - 1, (theirs >= 0).sum(axis=1) - 1
        given = open_ours[:, 0] & open_theirs[:, 0] & (matched > 0)
        family = open_ours[every, last_ours] & open_theirs[every, last_theirs] & (matched > 0) & ~given
        figures[:, AT["name_given_differs"]] = given
        figures[:, AT["name_family_differs"]] = family
        figures[:, AT["name_differs"]] = (differ > 0) & (matched > 0) & ~given & ~family
        figures[:, AT["name_disjoint"]] = matched == 0
        score -= 3.0 * differ + 0.3 * np.abs(rest - other)
        return figures, score

    def _word_pairs(self, ours: Numbers, theirs: Numbers) -> NDArray[np.int8]:
        words = self.facts.words
        how = np.full(len(ours), NOT, np.int8)
        short = np.minimum(words.lengths[ours], words.lengths[theirs]).astype(np.int64)
        longest = np.maximum(words.lengths[ours], words.lengths[theirs])
        first = words.codes[0, ours] == words.codes[0, theirs]
        how[first & (short == 1) & (longest > 1)] = INITIAL
        try_ = np.flatnonzero((short >= SHORTEST_NEAR) & (ours != theirs))
        near = jaro_winkler(words.codes, words.lengths, ours[try_], theirs[try_])
        how[try_[near >= NEAR]] = MISSPELT
        head = first & (short >= 3) & (longest > short)
        for place in range(1, int(longest.max(initial=0))):
            head &= (words.codes[place, ours] == words.codes[place, theirs]) | (short <= place)
        how[head] = SHORT
        lines, others = words.lines[ours], words.lines[theirs]
        shared = ((lines[:, :, None] == others[:, None, :]) & (lines[:, :, None] >= 0)).any(axis=(1, 2))
        how[shared & (short > 1)] = NICKNAME
        how[(words.sounds[ours] == words.sounds[theirs]) & (short > 1)] = SOUND
        how[ours == theirs] = SAME
        return how

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
            local_codes, local_lengths, local = ground.mail_local
            host_codes, host_lengths, host = ground.mail_host
            near_local = local[found.ours] == local[found.theirs]
            near_host = host[found.ours] == host[found.theirs]
            near = np.where(near_local, 1.0, 0.0)
            try_ = np.flatnonzero(~same)
            packed, back = np.unique(
                local[found.ours[try_]] * (len(local_lengths) + 1) + local[found.theirs[try_]], return_inverse=True
            )
            value = jaro_winkler(
                local_codes, local_lengths, packed // (len(local_lengths) + 1), packed % (len(local_lengths) + 1)
            )[back]
            near[try_] = np.maximum(near[try_], value)
            # Numbers are given out one after the other: who differs from another in them alone is somebody else.
            word = _without_digits(local_codes)
            near[~near_local & (word[local[found.ours]] == word[local[found.theirs]])] = 0.0
            alike = np.flatnonzero(~same & (near >= NEAR_MAIL))
            host_near = np.where(near_host, 1.0, 0.0)
            host_near[alike] = np.maximum(
                host_near[alike],
                jaro_winkler(host_codes, host_lengths, host[found.ours[alike]], host[found.theirs[alike]]),
            )
            both_near = ~same & (near >= NEAR_MAIL) & (host_near >= NEAR_MAIL)
            strength = np.where(same, _worth_of_key(facts.mails)[found.ours], 0.0)
            best = _best(found, strength)
            self.put("mail_same", found.rows[best > 0], best[best > 0])
            near_best = _best(found, np.where(both_near, near * host_near, 0.0))
            rows = (best == 0) & (near_best > 0)
            self.put("mail_near", found.rows[rows], near_best[rows])
            rows = (best == 0) & (near_best == 0)
            self.put("mail_differs", found.rows[rows])
            # Another host that nearly is the same, under nearly the same name, is what deceivers use.
            deceit = _best(found, (both_near & ~near_host).astype(np.float64))
            forbidden[found.rows[(deceit > 0) & (best == 0)]] = True
            rarity = np.minimum(facts.domains.rarity(facts.size, OUTSIDE["domain"]), RAREST)
            domains = spread(facts.domains, self.left, self.right)
            shared = _best(domains, np.where(domains.ours == domains.theirs, rarity[domains.ours], 0.0))
            shared[self.figures[domains.rows, AT["mail_same"]] > 0] = 0
            self.put("domain_same", domains.rows, shared)
        shapes = spread(facts.shapes, self.left, self.right)
        looks = _best(shapes, (shapes.ours == shapes.theirs).astype(np.float64))
        shown = shapes.rows[looks > 0]
        forbidden[shown[self.figures[shown, AT["mail_same"]] == 0]] = True
        locals_ = spread(facts.locals, self.left, self.right)
        rarity = np.minimum(facts.locals.rarity(facts.size, OUTSIDE["local"]), RAREST)
        mere = ground.local_mere[locals_.ours]
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
        facts, names = self.facts, self.ground.built
        without = facts.names.counts == 0
        for one, other in ((self.left, self.right), (self.right, self.left)):
            rows = np.flatnonzero(without[one] & (facts.letters.counts[one] > 0) & (facts.built.counts[other] > 0))
            for row in rows.tolist():
                mine = facts.letters.terms[facts.letters.start[one[row]] : facts.letters.start[one[row] + 1]]
                begin, end = facts.built.start[other[row]], facts.built.start[other[row] + 1]
                hits = np.flatnonzero(np.isin(names[facts.built.terms[begin:end]], mine))
                if len(hits):
                    # Of the five ways to build one the first two take both words whole.
                    whole = bool((hits % 5 < 2).any())
                    self.put("built_whole" if whole else "built_part", np.array([row]))

    def keys(self) -> None:
        """Tell which phone numbers and links are shared; the more people have one, the less it says."""
        for kind, column in (("phone_same", self.facts.phones), ("url_same", self.facts.urls)):
            found = spread(column, self.left, self.right)
            best = _best(found, np.where(found.ours == found.theirs, _worth_of_key(column)[found.ours], 0.0))
            self.put(kind, found.rows, best)

    def identifiers(self) -> None:
        """Compare numbers and other signs that name one person."""
        codes, lengths = self.ground.identifiers
        found = spread(self.facts.identifiers, self.left, self.right)
        if not len(found.rows):
            return
        near = jaro_winkler(codes, lengths, found.ours, found.theirs).astype(np.float64)
        near[found.ours == found.theirs] = 2
        best = _best(found, near)
        self.put("identifier_same", found.rows[best == 2])
        self.put("identifier_near", found.rows[(best >= NEAR) & (best < 2)])
        self.put("identifier_differs", found.rows[best < NEAR])

    # --- words of places, organisations, titles -----------------------------------------------------------------------

    def texts(self, kind: str, column: Column) -> None:
        """Compare by the rarity of the words shared; where none is, by the nearest."""
        codes, lengths, rarity = self.ground.texts[kind]
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
        packed, back = np.unique(a * len(lengths) + b, return_inverse=True)
        a, b = packed // len(lengths), packed % len(lengths)
        value = jaro_winkler(codes, lengths, a, b)
        value[np.minimum(lengths[a], lengths[b]) < SHORTEST_NEAR] = 0
        worth = np.where(value >= NEAR, np.minimum(rarity[a], rarity[b]), 0.0)
        every = np.zeros(len(found.ours))
        every[open_] = worth[back]
        near = _best(found, every)
        self.put(f"{kind}_near", found.rows[near > 0], near[near > 0])
        self.put(f"{kind}_differs", found.rows[none & (near == 0)])

    # --- the rest -----------------------------------------------------------------------------------------------------

    def genders(self) -> None:
        """Compare what is told of the two people's gender."""
        ours, theirs = self.facts.gender[self.left], self.facts.gender[self.right]
        known = (ours > 0) & (theirs > 0)
        self.put("gender_same", known & (ours == theirs))
        self.put("gender_differs", known & (ours != theirs))

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

    def company(self) -> None:
        """Tell how much company two people share, and whether they wrote to one another or together.

        Somebody known to few says more than somebody known to all. Source: Adamic & Adar (2003), Friends and neighbors
        on the web.
        """
        keeps, worth, profiles = self.ground.keeps, self.ground.company, self.facts.profiles
        for row in np.flatnonzero(keeps[self.left] | keeps[self.right]).tolist():
            one, other = profiles[self.left[row]], profiles[self.right[row]]
            shared = one.correspondents & other.correspondents
            if shared:
                self.figures[row, AT["company_shared"]] = min(sum(worth[person] for person in shared), MOST_COMPANY)
            if other.id in one.correspondents or one.id in other.correspondents:
                self.figures[row, AT["together"]] = 1
