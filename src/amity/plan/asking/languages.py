"""The rules and words of each language, as its folder holds them: another language is another folder.

Phrases are regular expressions over one sentence, whose blanks and quotation marks are plain; `{name}` stands for a
fragment of the language. A rule is tried only where one of its `hints` is among the words.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    from amity.plan.asking.texts import Sentence

LANGUAGES = ("en", "de")
_FILES = ("language", "intent", "benefit", "specifics", "time", "out", "flags", "wording")
_FRAGMENT = re.compile(r"\{([a-z_]+)\}")
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 4000  # characters by which the language of a message is told


class Rule:
    """One way to say something: the phrase, what in the same sentence takes it back, and how strong it is."""

    def __init__(self, entry: dict[str, Any], fragments: dict[str, str]) -> None:
        self.name: str = entry["name"]
        self.strength: float = entry.get("strength", 1)
        self.hints = frozenset(entry.get("hints", ()))
        self.kind: str = entry.get("kind", "")
        self._phrase = _fill(entry["phrase"], fragments)
        self._unless = _fill(entry.get("unless", ""), fragments)

    @cached_property
    def phrase(self) -> re.Pattern[str]:
        """The phrase, compiled when it is first needed."""
        return re.compile(self._phrase, re.IGNORECASE)

    @cached_property
    def unless(self) -> re.Pattern[str] | None:
        """What takes the phrase back, None where nothing does."""
        return re.compile(self._unless, re.IGNORECASE) if self._unless else None

    def find(self, sentence: Sentence) -> re.Match[str] | None:
        """Return where the sentence says it."""
        if self.hints and self.hints.isdisjoint(sentence.tokens):
            return None
        match = self.phrase.search(sentence.words)
        if match is None or (self.unless is not None and self.unless.search(sentence.words)):
            return None
        return match


def _fill(pattern: str, fragments: dict[str, str]) -> str:
    # Line breaks in the data are for its readers.
    joined = (
        "".join(line.strip(" ") if line.strip() != "" else "" for line in pattern.split("\n"))
        if "\n" in pattern
        else pattern
    )
    return _FRAGMENT.sub(lambda match: f"(?:{fragments[match[1]]})", joined)


class Language(Struct, frozen=True, eq=False):
    """One language whole."""

    name: str
    shortened: frozenset[str]
    generic: frozenset[str]
    names_by_capitals: bool  # whether a capital within a sentence marks a name
    greeting: re.Pattern[str]
    closing: re.Pattern[str]
    postscript: re.Pattern[str]
    formal: re.Pattern[str]
    informal: re.Pattern[str]
    rules: dict[str, tuple[Rule, ...]]
    time_not: dict[str, str]
    wording: dict[str, Any]
    weights: dict[str, float]  # of words, for what reads like a request; empty where none were fitted
    topic: re.Pattern[str]
    clause: re.Pattern[str]  # what parts the clauses of a sentence
    reason: re.Pattern[str]  # what begins a reason behind an ask
    purpose: re.Pattern[str]  # what begins the purpose of a wish


def _read(name: str, file: str) -> dict[str, Any]:
    place = resources.files("amity.plan.asking") / name / f"{file}.toml"
    return tomllib.loads(place.read_text(encoding="utf-8"))


def _weights(name: str) -> dict[str, float]:
    if not (resources.files("amity.plan.asking") / name / "requests.toml").is_file():
        return {}
    weights: dict[str, float] = _read(name, "requests")["weights"]
    return weights


@cache
def _common(name: str) -> frozenset[str]:
    return frozenset(_read(name, "language")["common"].split())


@cache
def language(name: str) -> Language:
    """Read a language's folder once."""
    held = {file: _read(name, file) for file in _FILES}
    told = held["language"]
    fragments: dict[str, str] = {}
    for file in _FILES:  # those of the language first: the others' build on them
        for key, value in held[file].get("fragments", {}).items():
            fragments[key] = _fill(value, fragments)
    rules = {
        table: tuple(Rule(entry, fragments) for entry in entries)
        for file in _FILES[1:-1]
        for table, entries in held[file].items()
        if isinstance(entries, list) and entries and isinstance(entries[0], dict)
    }

    def pattern(key: str) -> re.Pattern[str]:
        return re.compile(_fill(told[key], fragments), re.IGNORECASE)

    return Language(
        name=name,
        shortened=frozenset(told["shortened"].split()),
        names_by_capitals=told["names_by_capitals"],
        generic=frozenset(held["specifics"]["generic"].split()),
        greeting=pattern("greeting"),
        closing=pattern("closing"),
        postscript=pattern("postscript"),
        formal=pattern("formal"),
        informal=pattern("informal"),
        rules=rules,
        time_not={key: _fill(value, fragments) for key, value in held["time"]["time_not"].items()},
        wording=held["wording"],
        weights=_weights(name),
        topic=pattern("topic"),
        clause=pattern("clause"),
        reason=pattern("reason"),
        purpose=pattern("purpose"),
    )


def spoken(text: str) -> str:
    """Name the language that a message is written in, English where it is unsure."""
    words = [word.lower() for word in _WORD.findall(text[:_SAMPLE])]
    counted = {name: sum(word in _common(name) for word in words) for name in LANGUAGES}
    best = max(LANGUAGES, key=lambda name: counted[name])
    return best if counted[best] > counted["en"] else "en"
