"""Lay what is known of many people out in columns, so that many pairs of them can be compared at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from itertools import chain

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from amity.people.nearness import Spelt, spell
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


class Profile(Struct, frozen=True):
    """What is known of one person (or of one address), to be compared with others.

    `birthdays` are ISO 8601, possibly partial ("1962", "--05-15"); `first` and `last` are days of activity, counted
    from any one day; `correspondents` are the ids of people written with or met together, `answered_for` of those in
    whose place they answered.
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
    answered_for: frozenset[int] = frozenset()
    first: int | None = None
    last: int | None = None


class Column(Struct):
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


def distinct(values: Numbers) -> Numbers:
    """Return each value once, in order, several times as fast as `np.unique`."""
    values = np.sort(values)
    fresh = np.ones(len(values), bool)
    np.not_equal(values[1:], values[:-1], out=fresh[1:])
    return values[fresh]


class Words(Struct):
    """Every word of a vocabulary, ready to be compared."""

    values: list[str]
    spelt: Spelt
    sounds: Numbers  # equal for words that sound alike
    lines: Numbers  # (words, MOST_LINES) of the table of nicknames, -1 where there is none


def vocabulary(values: Sequence[str]) -> Words:
    """Return the words with their letters, sounds and lines of the table of nicknames."""
    numbers: dict[str, int] = {}
    sounds = np.array([numbers.setdefault(sound(word), len(numbers)) for word in values], np.int64)
    table = lines()
    rows = np.full((len(values), MOST_LINES), -1, np.int64)
    for place, word in enumerate(values):
        if word in table:
            mine = sorted(table[word])[:MOST_LINES]
            rows[place, : len(mine)] = mine
    return Words(list(values), spell(values), sounds, rows)


class Facts(Struct):
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
    letters: Column  # local parts, letters only, of those of whom no name is told
    whole: Column  # which of these the names could be built to, both words whole; numbered as `letters` are
    part: Column  # and which with an initial for one of them
    mere: NDArray[np.bool_]  # which of the locals are nothing but a name, and so say no more than the name
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
    answers: Numbers  # pairs of whom one answered for the other: left * people + right, left < right, in order
    shapes: Column  # what addresses look like at a glance

    @property
    def size(self) -> int:
        """Return how many people there are."""
        return len(self.profiles)


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


WHOLE = 2  # of what `builds` returns, so many take both words whole


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
    found = [word for text in texts for word in _plain_words(text)]
    return [word for word in found if word not in _FORMAL] or found


@lru_cache(maxsize=1 << 14)
def _plain_words(text: str) -> list[str]:
    return _ALNUM.findall(plain(text))


_GENDERS = {"m": 1, "male": 1, "f": 2, "female": 2}


def lay_out(profiles: Sequence[Profile]) -> Facts:
    """Lay profiles out in columns."""
    size = len(profiles)
    owners, emails = _flat([one.emails for one in profiles])
    plainly = [address.casefold() for address in emails]
    locals_ = [address[: max(address.rfind("@"), 0)] for address in plainly]
    callers, handles = _flat([one.handles for one in profiles])
    columns = {
        "mails": _column(size, owners, map(mailbox, plainly)),
        "shapes": _column(size, owners, map(looks, emails)),
    }
    own = [*map(own_word, locals_), *map(own_word, handles)]
    calls = np.r_[owners, callers]
    order = np.argsort(calls, kind="stable")
    columns["locals"] = _column(size, calls[order], [own[place] for place in order.tolist()])
    for kind, values, read_one in (
        ("phones", [one.phones for one in profiles], number),
        ("births", [one.birthdays for one in profiles], date),
        ("urls", [one.urls for one in profiles], str),
        ("identifiers", [one.identifiers for one in profiles], str),
    ):
        people, flat = _flat(values)
        columns[kind] = _column(size, people, map(read_one, flat))
    for kind, values in (
        ("places", [one.places for one in profiles]),
        ("organisations", [one.organisations for one in profiles]),
        ("titles", [one.titles for one in profiles]),
    ):
        columns[kind] = _column(size, *_texts(values))
    names, forms, derived = _names(profiles)
    unnamed = np.flatnonzero((names.counts == 0) | derived).tolist()
    people, flat = _flat([profiles[person].emails for person in unnamed])
    bare = (_letters(address.rpartition("@")[0].partition("+")[0]) for address in flat)
    columns["letters"] = _column(size, np.array(unnamed, np.int64)[people], bare)
    form_words, words = _words(forms)
    whole, part, mere = _built(forms, names, words, columns["letters"], columns["locals"].values)
    generations: dict[str, int] = {"": 0}
    active = [one.first is not None and one.last is not None for one in profiles]
    return Facts(
        profiles,
        forms,
        form_words,
        np.array([generations.setdefault(form.generation, len(generations)) for form in forms], np.int64),
        np.array([form.feigned for form in forms], bool),
        names,
        words,
        _word_rarity(words, form_words, names, size),
        whole=whole,
        part=part,
        mere=mere,
        gender=np.array([_GENDERS.get(one.gender.casefold(), 0) if one.gender else 0 for one in profiles], np.int8),
        first=np.array([one.first if known else None for one, known in zip(profiles, active, strict=True)], float),
        last=np.array([one.last if known else None for one, known in zip(profiles, active, strict=True)], float),
        derived=derived,
        answers=_answers(profiles),
        **columns,
    )


def _answers(profiles: Sequence[Profile]) -> Numbers:
    """Return the pairs of whom one answered for the other, packed, each once, in order."""
    answering = [(place, one.answered_for) for place, one in enumerate(profiles) if one.answered_for]
    if not answering:
        return np.zeros(0, np.int64)
    at = {one.id: place for place, one in enumerate(profiles)}
    pairs = ((place, at[other]) for place, others in answering for other in others if other in at)
    return distinct(np.array([min(pair) * len(profiles) + max(pair) for pair in pairs], np.int64))


def _flat(values: Sequence[Sequence[str]]) -> tuple[Numbers, list[str]]:
    """Return what each person has one after the other, and who has it."""
    counts = np.fromiter(map(len, values), np.int64, len(values))
    return np.repeat(np.arange(len(values)), counts), list(chain.from_iterable(values))


def _texts(values: Sequence[Sequence[str]]) -> tuple[Numbers, list[str]]:
    """Return the words of what each person has one after the other, and whose they are."""
    people: list[int] = []
    flat: list[str] = []
    for person, texts in enumerate(values):
        if texts:
            found = terms(texts)
            flat += found
            people += [person] * len(found)
    return np.array(people, np.int64), flat


def _column(
    size: int,
    people: Numbers,
    values: Iterable[str],
    *,
    numbers: dict[str, int] | None = None,
    most: int = MOST_VALUES,
) -> Column:
    """Return the column of what people have, in their order, each value once and at most so many a person.

    `numbers` are those of another column, where the two are to be compared.
    """
    numbers = {} if numbers is None else numbers
    found = np.array([numbers.setdefault(value, len(numbers)) if value else -1 for value in values], np.int64)
    return _ordered(size, people[found >= 0], found[found >= 0], list(numbers), most)


def _ordered(size: int, people: Numbers, found: Numbers, values: list[str], most: int) -> Column:
    """Return the column of the terms that people have, in their order, each once and at most so many a person."""
    if (people[1:] == people[:-1]).any():
        _, once = np.unique(people * max(len(values), 1) + found, return_index=True)
        once.sort()
        people, found = people[once], found[once]
        kept = np.arange(len(people)) - np.searchsorted(people, people) < most
        people, found = people[kept], found[kept]
    start = np.searchsorted(people, np.arange(size + 1))
    return Column(start, found, values, np.bincount(found, minlength=len(values)))


def _names(profiles: Sequence[Profile]) -> tuple[Column, list[Form], NDArray[np.bool_]]:
    """Return which forms the names of each person have, these forms, and of whom the name was read off an address."""
    people, texts = _flat([one.names for one in profiles])
    numbers: dict[Form, int] = {}
    readings: dict[str, int] = {}
    for text in texts:
        if text not in readings:
            form = read(text)
            readings[text] = numbers.setdefault(form, len(numbers)) if form.words else -1
    found = np.array([readings[text] for text in texts], np.int64)
    people, found = people[found >= 0], found[found >= 0]
    derived = np.zeros(len(profiles), bool)
    derived[people] = True
    read_off: list[tuple[int, int]] = []
    for person in np.flatnonzero(~derived).tolist():
        locals_ = (address.rpartition("@")[0] for address in profiles[person].emails)
        form_read = next(filter(None, map(name_in, locals_)), None)
        if form_read is not None:
            read_off.append((person, numbers.setdefault(form_read, len(numbers))))
    derived[:] = False
    if read_off:
        others, forms_read = np.array(read_off, np.int64).T
        derived[others] = True
        order = np.argsort(np.r_[people, others], kind="stable")
        people, found = np.r_[people, others][order], np.r_[found, forms_read][order]
    forms = list(numbers)
    return _ordered(len(profiles), people, found, [" ".join(form.words) for form in forms], MOST_FORMS), forms, derived


def _words(forms: Sequence[Form]) -> tuple[Numbers, Words]:
    """Return the words of each form, -1 past the last, and the vocabulary that they number."""
    rows, words = _flat([form.words[:MOST_WORDS] for form in forms])
    numbers: dict[str, int] = {}
    found = np.full((len(forms), MOST_WORDS), -1, np.int64)
    found[rows, np.arange(len(rows)) - np.searchsorted(rows, rows)] = [
        numbers.setdefault(word, len(numbers)) for word in words
    ]
    return found, vocabulary(list(numbers))


def _letters(local: str) -> str:
    """Return the letters of a local part, without figures, dots and other signs."""
    text = plain(local)
    return text if text.isalpha() else "".join(filter(str.isalpha, text))


def _built(
    forms: Sequence[Form], names: Column, words: Words, letters_: Column, locals_: Sequence[str]
) -> tuple[Column, Column, NDArray[np.bool_]]:
    """Return what people's names could be built to, both words whole or one as an initial, and which locals are names.

    Of all that could be built only what is the letters of somebody's address is kept.
    """
    bare = ["" if _DIGITS.search(local) else _letters(local) for local in locals_]
    wanted = set(bare)
    numbers = {value: number for number, value in enumerate(letters_.values)}
    found: set[str] = set()
    held: dict[int, list[str]] = {}
    for place, form in enumerate(forms):
        built = builds(form.words)
        found.update(wanted.intersection(built))
        if not numbers.keys().isdisjoint(built):
            held[place] = built
    size = len(names.counts)
    people = np.repeat(np.arange(size), names.counts)
    rows = np.flatnonzero(np.isin(names.terms, np.array(list(held), np.int64)))
    columns = []
    for part in (slice(None, WHOLE), slice(WHOLE, None)):
        row, built = _flat([[one for one in held[form][part] if one in numbers] for form in names.terms[rows].tolist()])
        columns.append(_column(size, people[rows][row], built, numbers=numbers))
    common = set(words.values)
    mere = [_mere(local, one, found, common) for local, one in zip(locals_, bare, strict=True)]
    return columns[0], columns[1], np.array(mere, bool)


def _mere(local: str, bare: str, built: Set[str], words: Set[str]) -> bool:
    """Tell whether a local part is nothing but a name that somebody here bears."""
    if bare in built or bare in words:
        return True
    form = name_in(local) if bare else None
    return form is not None and any(word in words for word in form.words)


def _word_rarity(words: Words, form_words: Numbers, names: Column, population: int) -> Real:
    """Return minus the logarithm of the share of people who bear each word.

    A small archive does not know that Smith is common, so the table of common names counts for some people too.
    """
    person = np.repeat(np.arange(population), names.counts)
    borne = form_words[names.terms]
    many = max(len(words.values), 1)
    pairs = distinct((person[:, None] * many + borne)[borne >= 0])
    holders = np.bincount(pairs % many, minlength=len(words.values))
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
