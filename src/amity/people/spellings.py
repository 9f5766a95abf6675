"""Bring the spellings of one name to one form: scripts, accents, order, titles; and tell look-alikes.

A name is read into plain lower-case words. What a word sounds like is a second, coarser form, in which the ways of
writing one name in several alphabets or languages fall together (Schostakowitsch, Shostakovich, Шостакович).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from unicodedata import category, name, normalize

LONGEST = 16  # letters of a word that are compared
MOST_WORDS = 5  # of one name

_CYRILLIC = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґўјљњћђџ",
        [
            "a",
            "b",
            "v",
            "g",
            "d",
            "e",
            "e",
            "zh",
            "z",
            "i",
            "i",
            "k",
            "l",
            "m",
            "n",
            "o",
            "p",
            "r",
            "s",
            "t",
            "u",
            "f",
            "kh",
            "ts",
            "ch",
            "sh",
            "shch",
            ".",
            "y",
            ".",
            "e",
            "yu",
            "ya",
            "i",
            "i",
            "e",
            "g",
            "u",
            "j",
            "lj",
            "nj",
            "c",
            "dj",
            "dz",
        ],
        strict=True,
    )
)
_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρστυφχψως",
        [
            "a",
            "v",
            "g",
            "d",
            "e",
            "z",
            "i",
            "th",
            "i",
            "k",
            "l",
            "m",
            "n",
            "x",
            "o",
            "p",
            "r",
            "s",
            "t",
            "y",
            "f",
            "ch",
            "ps",
            "o",
            "s",
        ],
        strict=True,
    )
)
_LATIN = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ł": "l",
    "ı": "i",
    "ħ": "h",
    "ŋ": "n",
}
_OTHER = str.maketrans(
    {letter: "" if latin == "." else latin for letter, latin in {**_CYRILLIC, **_GREEK, **_LATIN}.items()}
)
_GREEK_PAIRS = (("ου", "ou"), ("μπ", "b"), ("ντ", "nt"), ("γκ", "gk"), ("ευ", "ev"), ("αυ", "av"))

# Letters of other scripts, and figures, that pass for a Latin letter (a part of UTS #39, confusables).
_LOOKS = str.maketrans("аеорсхуіѕјԁԛԝһӏ" + "οανυρτικ" + "0135|", "aeopcxyisjdqwhl" + "oavuptik" + "olesl")

TITLES = frozenset(
    str.split(
        "mr mrs ms miss mx dr prof professor doctor sir rev reverend herr frau fru fräulein frl ing dipl mag "
        "phil jur habil univ hon capt captain maj sgt lt mme mlle monsieur madame signor signora sra srta "
        "freiherr bart baronet esq esquire phd msc bsc mba llm llb cpa pmp md dds dvm obe mbe cbe kbe qc kc "
        "frs gmbh inc ltd llc llp plc"
    )
)
# Titles that are names too: left out only where a given and a family name remain.
_PERHAPS_TITLES = frozenset(
    str.split(
        "dame lord lady father fr hr med rer nat col gen don dona baron baroness count countess graf gräfin "
        "earl duke viscount sig sr m ma ba mp rn ag kg corp"
    )
)
_PARTICLES = frozenset(
    [
        "of",
        "the",
        "von",
        "van",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "du",
        "la",
        "le",
        "zu",
        "zur",
        "vom",
        "ter",
        "ten",
        "und",
        "y",
        "e",
        "and",
    ]
)
_GENERATIONS = {
    "jr": "junior",
    "jun": "junior",
    "junior": "junior",
    "jnr": "junior",
    "younger": "junior",
    "sen": "senior",
    "snr": "senior",
    "senior": "senior",
    "elder": "senior",
    "ii": "second",
    "iii": "third",
    "iv": "fourth",
}
_MEANT = TITLES | _PERHAPS_TITLES | _PARTICLES | _GENERATIONS.keys()
_WORDS = re.compile(rf"[A-Za-z]{{1,{LONGEST}}}(?: [A-Za-z]{{1,{LONGEST}}}){{0,{MOST_WORDS - 1}}}")
_WORD = re.compile(r"[^\W_]+(?:['’ʼ`][^\W\d_]+)?")
_ASIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_QUOTED = re.compile(r"[\"“„«]([^\"“”„«»]+)[\"”“»]")


class Form(NamedTuple):
    """One spelling of a name, read: plain words in the order given name first, and what is not part of comparing."""

    words: tuple[str, ...]
    generation: str = ""  # "junior" | "senior" | "second" | …
    feigned: bool = False  # a word mixes alphabets, or has letters that only look like others


def plain(text: str) -> str:
    """Return text in lower case without accents, in Latin letters where it is Cyrillic or Greek."""
    if text.isascii():
        return text.lower()
    text = normalize("NFKD", text.casefold())
    text = "".join(letter for letter in text if not "\u0300" <= letter <= "\u036f")
    for pair, latin in _GREEK_PAIRS:
        text = text.replace(pair, latin)
    return text.translate(_OTHER)


def looks(text: str) -> str:
    """Return what a text looks like at a glance: equal for two texts that pass for one another (after UTS #39)."""
    text = text.casefold()
    if not text.isascii():
        text = "".join(letter for letter in normalize("NFKD", text) if category(letter) not in ("Mn", "Cf"))
    return text.translate(_LOOKS).replace("rn", "m").replace("vv", "w").replace("i", "l")


def feigned(text: str) -> bool:
    """Tell whether a word mixes alphabets or hides signs in itself, as names made to deceive do."""
    if text.isascii():
        return False
    for word in text.split():
        scripts = set()
        for letter in word:
            kind = category(letter)
            if kind in ("Cf", "Co", "Cn"):
                return True
            if kind[0] == "L" and kind != "Lm":
                scripts.add(_script(letter))
        if "dressed" in scripts or ("latin" in scripts and scripts & {"cyrillic", "greek"}):
            return True
        if {"cyrillic", "greek"} <= scripts:
            return True
    return False


@lru_cache(maxsize=2048)
def _script(letter: str) -> str:
    called = name(letter, "")
    if called.startswith(("FULLWIDTH", "MATHEMATICAL", "CIRCLED", "SQUARED", "PARENTHESIZED", "DOUBLE-STRUCK")):
        return "dressed"
    for script in ("LATIN", "CYRILLIC", "GREEK"):
        if called.startswith(script):
            return script.lower()
    return "other"


def read(text: str) -> Form:
    """Read a display name: "Last, First" turned round, titles and particles left out, a generation kept apart.

    What stands in brackets is left out, what stands in quotes (a nickname) is kept. An address instead of a name has
    no words.
    """
    if "@" in text:
        return Form(())
    # Most names are words alone, none of which means anything to what follows.
    if _WORDS.fullmatch(text) and _MEANT.isdisjoint(words := text.lower().split()):
        return Form(tuple(words))
    bare = _ASIDE.sub(" ", text)
    bare = _QUOTED.sub(r" \1 ", bare) if _QUOTED.fullmatch(bare.strip()) is None else bare
    head, comma, rest = bare.partition(",")
    tail = _words(rest) if comma else []
    if comma and "," not in rest and any(word not in TITLES and word not in _GENERATIONS for word in tail):
        found = [*tail, *_words(head)]
    else:
        found = [*_words(head), *tail]
    generation = next((_GENERATIONS[word] for word in found[1:] if word in _GENERATIONS), "")
    kept = [
        word
        for place, word in enumerate(found)
        if word not in TITLES and word not in _PARTICLES and not (place and word in _GENERATIONS)
    ]
    # "Sr" after a name is the father; before it, the Spanish for Mr.
    if not generation and found[1:] and found[-1] == "sr":
        generation = "senior"
    names = [word for word in kept if word not in _PERHAPS_TITLES]
    if len(names) >= 2:
        kept = names
    kept = [word for word in kept if not word.isdigit()] or [word for word in found if not word.isdigit()]
    return Form(tuple(_shortened(kept)), generation, feigned(text))


def _words(text: str) -> list[str]:
    if text.isascii():
        return [word.replace("'", "").replace("`", "") for word in _WORD.findall(text.lower())]
    marks = str.maketrans("", "", "'’ʼ`")
    # Titles are known with their accents, all else is compared without.
    found = (
        word if word in TITLES or word in _PERHAPS_TITLES else plain(word.translate(marks))
        for word in _WORD.findall(normalize("NFC", text.casefold()))
    )
    # A soft or hard sign that stands alone leaves nothing.
    return [word for word in found if word]


def _shortened(words: list[str]) -> list[str]:
    words = [word[:LONGEST] for word in words]
    return words if len(words) <= MOST_WORDS else [*words[: MOST_WORDS - 2], *words[-2:]]


_SOUNDS = {
    "tsch": "C",
    "shch": "S",
    "sch": "S",
    "tch": "C",
    "tsh": "C",
    "zsch": "C",
    "ch": "C",
    "cz": "C",
    "sh": "S",
    "sz": "S",
    "zh": "z",
    "kh": "h",
    "ph": "f",
    "th": "t",
    "dh": "d",
    "gh": "g",
    "ck": "k",
    "qu": "kv",
    "tz": "z",
    "ts": "z",
    "ce": "se",
    "ci": "si",
    "cy": "si",
    "c": "k",
    "q": "k",
    "x": "ks",
    "w": "v",
    "ae": "a",
    "oe": "o",
    "ue": "u",
    "ou": "u",
    "ay": "ei",
    "ai": "ei",
    "ey": "ei",
    "iy": "i",
    "yi": "i",
    "ij": "i",
    "ie": "i",
    "ya": "ia",
    "ja": "ia",
    "yu": "iu",
    "ju": "iu",
    "j": "i",
    "y": "i",
}
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_TWICE = re.compile(r"(.)\1+")
_SILENT = re.compile(r"(?<=[aeiou])h(?![aeiou])")
_VOWELS = re.compile(r"(?<!^)[aeiouh]")


@lru_cache(maxsize=1 << 16)
def sound(word: str) -> str:
    """Return how a plain word sounds, roughly and in no language: equal for the usual ways of writing one name."""
    spoken = _SOUND.sub(lambda found: _SOUNDS[found[0]], word)
    return _TWICE.sub(r"\1", _SILENT.sub("", spoken))


def bones(word: str) -> str:
    """Return the consonants of how a word sounds, with its first letter: a coarse key for finding candidates."""
    spoken = sound(word)
    return (("a" + spoken[1:]) if spoken[:1] in "aeiou" else spoken)[:1] + _VOWELS.sub("", spoken)[1:6]
