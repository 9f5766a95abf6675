"""Lay what is known of many people out in columns, so that many pairs of them can be compared at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from amity.people.nearness import Letters, letters
from amity.people.nicknames import RARE, commonness, lines
from amity.people.spellings import MOST_WORDS, Form, feigned, looks, plain, read, sound

MOST_VALUES = 8  # of one kind, of one person, that are compared
MOST_FORMS = 6
MOST_LINES = 3  # of the table of nicknames in which one word stands
BACKGROUND = 5_000  # people that the table of common names counts for beside those of the archive

Numbers = NDArray[np.int64]
Real = NDArray[np.float64]

# Providers at which anybody may have an address, and at which dots in it do not count.
DOTLESS = frozenset(["gmail.com", "googlemail.com"])
ALIASES = {
    "googlemail.com": "gmail.com",
    "hotmail.com": "outlook.com",
    "live.com": "outlook.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
}
_ROLE = re.compile(
    r"(?:info|contact|kontakt|hello|hi|office|buero|admin|support|help|sales|billing|accounts?|hr|jobs|team|webmaster|service"
    r"|press|presse|mail|email|post|me|home|work|private|privat|family|familie|noreply|no-reply)\d*"
)
_PARTS = re.compile(r"[._+\-]+")
_DIGITS = re.compile(r"\d+")
_ALNUM = re.compile(r"[^\W_]+")
_FORMAL = frozenset(
    str.split(
        "inc ltd llc llp gmbh ag kg ug se sa sarl srl spa bv nv ab as oy plc corp corporation company co "
        "limited group the of and und fur et de der die das university"
    )
)


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of one person (or of one address), to be compared with others.

    `birthdays` are ISO 8601, possibly partial ("1962", "--05-15"); `first` and `last` are days of activity, counted
    from any one day; `correspondents` are the ids of people written with or met together.
    """

    id: int
    names: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    organisations: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    birthdays: tuple[str, ...] = ()
    gender: str = ""
    correspondents: frozenset[int] = frozenset()
    first: int | None = None
    last: int | None = None


@dataclass(slots=True)
class Column:
    """The terms that each person has of one kind: those of person i are terms[start[i]:start[i + 1]]."""

    start: Numbers
    terms: Numbers
    values: list[str]
    holders: Numbers  # how many people have each term

    @property
    def counts(self) -> Numbers:
        """Return how many terms each person has."""
        return np.diff(self.start)

    def rarity(self, population: int, background: int) -> Real:
        """Return minus the logarithm of the share of people who have each term, as if `background` more had none.

        A small archive does not know how rare a birthday is.
        """
        return np.asarray(-np.log((self.holders + 0.5) / (population + background)))


class _Filling:
    """A column while it is being filled."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.terms: list[int] = []
        self.start: list[int] = [0]

    def add(self, values: Iterable[str], most: int = MOST_VALUES) -> None:
        numbers = self.numbers
        mine: list[int] = []
        for value in values:
            if value and (number := numbers.setdefault(value, len(numbers))) not in mine:
                mine.append(number)
                if len(mine) == most:
                    break
        self.terms += mine
        self.start.append(len(self.terms))

    def column(self) -> Column:
        terms = np.array(self.terms, np.int64)
        holders = np.bincount(terms, minlength=len(self.numbers)).astype(np.int64)
        return Column(np.array(self.start, np.int64), terms, list(self.numbers), holders)


@dataclass(slots=True)
class Words:
    """Every word of a vocabulary, ready to be compared."""

    values: list[str]
    codes: Letters
    lengths: NDArray[np.int8]
    sounds: Numbers  # equal for words that sound alike
    lines: Numbers  # (words, MOST_LINES) of the table of nicknames, -1 where there is none


def vocabulary(values: Sequence[str]) -> Words:
    """Return the words with their letters, sounds and lines of the table of nicknames."""
    codes, lengths = letters(values)
    numbers: dict[str, int] = {}
    sounds = np.array([numbers.setdefault(sound(word), len(numbers)) for word in values], np.int64)
    table = lines()
    rows = np.full((len(values), MOST_LINES), -1, np.int64)
    for place, word in enumerate(values):
        if word in table:
            mine = sorted(table[word])[:MOST_LINES]
            rows[place, : len(mine)] = mine
    return Words(list(values), codes, lengths, sounds, rows)


@dataclass(slots=True)
class Facts:
    """Everything known of a population, in columns."""

    profiles: Sequence[Profile]
    forms: list[Form]
    form_words: Numbers  # (forms, MOST_WORDS), -1 past the last
    form_generation: Numbers  # 0 where none is told
    form_feigned: NDArray[np.bool_]
    names: Column  # forms of each person
    words: Words
    word_rarity: Real
    births: Column
    mails: Column
    locals: Column  # local parts and handles: what somebody calls themself
    domains: Column
    letters: Column  # local parts, letters only, of those without a name of their own parts
    built: Column  # what local parts could be built from the names
    phones: Column
    urls: Column
    identifiers: Column
    places: Column
    organisations: Column
    titles: Column
    gender: NDArray[np.int8]  # 0 unknown
    first: Real  # NaN where unknown
    last: Real
    derived: NDArray[np.bool_]  # the name was read off an address
    shapes: Column = field(repr=False)  # what addresses look like at a glance

    @property
    def size(self) -> int:
        """Return how many people there are."""
        return len(self.profiles)


@lru_cache(maxsize=1 << 16)
def mailbox(address: str) -> str:
    """Return the mailbox that an address leads to: tags, and at some providers dots, are no part of it."""
    local, _, host = address.casefold().rpartition("@")
    host = ALIASES.get(host, host)
    local = local.partition("+")[0] or local
    if host in DOTLESS:
        local = local.replace(".", "")
    return f"{local}@{host}"


def number(phone: str) -> str:
    """Return the last nine digits of a phone number, in which the ways of writing its country agree."""
    digits = "".join(_DIGITS.findall(phone))
    return digits[-9:] if len(digits) >= 6 else ""


def own_word(local: str) -> str:
    """Return a local part or handle where it says something of the person, else nothing."""
    local = local.casefold().lstrip("@").partition("+")[0]
    return "" if len(local) < 5 or _ROLE.fullmatch(local) else local


def name_in(local: str) -> Form | None:
    """Read a name off a local part that has its words apart ("ana.lopez"), or None."""
    parts = [_DIGITS.sub("", part) for part in _PARTS.split(local.partition("+")[0])]
    parts = [plain(part) for part in parts if part]
    if not 2 <= len(parts) <= 3 or not all(part.isalpha() for part in parts) or max(map(len, parts)) < 3:
        return None
    return None if any(_ROLE.fullmatch(part) for part in parts) else Form(tuple(parts))


def builds(words: Sequence[str]) -> list[str]:
    """Return the local parts that people usually make of their name, letters only."""
    if len(words) < 2:
        return []
    first, last = words[0], words[-1]
    if len(first) < 2 or len(last) < 3:
        return []
    return [first + last, last + first, first[0] + last, first + last[0], last + first[0]]


def date(text: str) -> str:
    """Return a birthday as eight characters YYYYMMDD with - for what is not known; nothing where it is none."""
    text = text.strip()
    if text.startswith("--"):
        digits = "".join(_DIGITS.findall(text))
        return f"----{digits[:4]}" if len(digits) == 4 else ""
    digits = "".join(_DIGITS.findall(text.partition("T")[0]))
    if len(digits) not in (4, 6, 8):
        return ""
    return digits.ljust(8, "-")


def terms(texts: Iterable[str]) -> list[str]:
    """Return the plain words of places, organisations or titles, the short and the formal ones left out."""
    found = [word for text in texts for word in _ALNUM.findall(plain(text))]
    return [word for word in found if word not in _FORMAL] or found


_GENDERS = {"m": 1, "male": 1, "f": 2, "female": 2}


def lay_out(profiles: Sequence[Profile]) -> Facts:
    """Lay profiles out in columns."""
    form_numbers: dict[Form, int] = {}
    forms: list[Form] = []
    readings: dict[str, int] = {}
    word_numbers: dict[str, int] = {}
    kinds = ("births", "mails", "locals", "domains", "letters", "built", "phones", "urls", "identifiers")
    fill = {kind: _Filling() for kind in (*kinds, "places", "organisations", "titles", "shapes")}
    name_terms: list[int] = []
    name_start = [0]
    gender = np.zeros(len(profiles), np.int8)
    derived = np.zeros(len(profiles), bool)
    first = np.full(len(profiles), np.nan)
    last = np.full(len(profiles), np.nan)

    def numbered(form: Form) -> int:
        found = form_numbers.setdefault(form, len(forms))
        if found == len(forms):
            forms.append(form)
        return found

    def reading(text: str) -> int:
        found = readings.get(text)
        if found is None:
            form = read(text)
            found = readings[text] = numbered(form) if form.words else -1
        return found

    for place, one in enumerate(profiles):
        mine: list[int] = []
        for text in one.names:
            found = reading(text)
            if found >= 0 and found not in mine:
                mine.append(found)
                if len(mine) == MOST_FORMS:
                    break
        fill["locals"].add(
            own_word(word) for word in (*(address.rpartition("@")[0] for address in one.emails), *one.handles)
        )
        fill["mails"].add(map(mailbox, one.emails))
        fill["domains"].add(address.casefold().rpartition("@")[2] for address in one.emails)
        fill["shapes"].add(looks(address) for address in one.emails)
        if not mine:
            for address in one.emails:
                form = name_in(address.rpartition("@")[0])
                if form is not None:
                    mine.append(numbered(form))
                    derived[place] = True
                    break
        name_terms += mine
        name_start.append(len(name_terms))
        fill["built"].add(build for form in mine for build in builds(forms[form].words))
        fill["letters"].add(
            "".join(letter for letter in plain(address.rpartition("@")[0].partition("+")[0]) if letter.isalpha())
            for address in one.emails
        )
        fill["phones"].add(map(number, one.phones))
        fill["urls"].add(one.urls)
        fill["identifiers"].add(one.identifiers)
        fill["births"].add(map(date, one.birthdays))
        fill["places"].add(terms(one.places))
        fill["organisations"].add(terms(one.organisations))
        fill["titles"].add(terms(one.titles))
        gender[place] = _GENDERS.get(one.gender.casefold(), 0)
        if one.first is not None and one.last is not None:
            first[place], last[place] = one.first, one.last
    form_words = np.full((len(forms), MOST_WORDS), -1, np.int64)
    for row, form in enumerate(forms):
        for place, word in enumerate(form.words[:MOST_WORDS]):
            form_words[row, place] = word_numbers.setdefault(word, len(word_numbers))
    generations: dict[str, int] = {"": 0}
    name_column = _column(name_start, name_terms, [" ".join(form.words) for form in forms])
    words = vocabulary(list(word_numbers))
    return Facts(
        profiles,
        forms,
        form_words,
        np.array([generations.setdefault(form.generation, len(generations)) for form in forms], np.int64),
        np.array([form.feigned for form in forms], bool),
        name_column,
        words,
        _word_rarity(words, form_words, name_column, len(profiles)),
        gender=gender,
        first=first,
        last=last,
        derived=derived,
        **{kind: filling.column() for kind, filling in fill.items()},
    )


def _column(start: list[int], found: list[int], values: list[str]) -> Column:
    numbers = np.array(found, np.int64)
    return Column(
        np.array(start, np.int64), numbers, values, np.bincount(numbers, minlength=len(values)).astype(np.int64)
    )


def _word_rarity(words: Words, form_words: Numbers, names: Column, population: int) -> Real:
    """Return minus the logarithm of the share of people who bear each word.

    A small archive does not know that Smith is common, so the table of common names counts for some people too.
    """
    person = np.repeat(np.arange(population), names.counts)
    borne = form_words[names.terms]
    pairs = np.column_stack((np.repeat(person, MOST_WORDS), borne.ravel()))
    pairs = np.unique(pairs[pairs[:, 1] >= 0], axis=0)
    holders = np.bincount(pairs[:, 1], minlength=len(words.values))
    known = commonness()
    prior = np.array([known.get(word, RARE) for word in words.values])
    return np.asarray(-np.log((holders + BACKGROUND * prior) / (population + BACKGROUND)))


def dressed(facts: Facts) -> NDArray[np.bool_]:
    """Tell of each person whether a name or address of theirs is made to look like another."""
    found = np.zeros(facts.size, bool)
    person = np.repeat(np.arange(facts.size), facts.names.counts)
    found[person[facts.form_feigned[facts.names.terms]]] = True
    for place, one in enumerate(facts.profiles):
        if not found[place] and any(not address.isascii() and feigned(address) for address in one.emails):
            found[place] = True
    return found
