"""How much a sentence reads like a request, by its words: for what no phrase of the tables covers.

The weights are those of a logistic regression over words and the tables' own rules, fitted on labelled
sentences of mail; a language without weights does without.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+|[?!$]")


def features(words: str, rules: Iterable[tuple[str, float]]) -> Iterator[str]:
    """Yield what a sentence is judged by: its words and the rules that it meets."""
    for token in _TOKEN.findall(words.lower().replace("’", "'")):
        yield "0" if token[0].isdigit() else token
    for rule, strength in rules:
        yield f"#{rule}"
        yield "#asked" if strength >= 2 else "#question"


def score(words: str, rules: Iterable[tuple[str, float]], weights: Mapping[str, float]) -> float:
    """Return the log odds that a sentence asks the reader to do something; 0 without weights."""
    if not weights:
        return 0.0
    return weights["bias"] + sum(weights.get(feature, 0.0) for feature in set(features(words, rules)))
