"""What an assistant is shown: every character visible, long texts cut, and nothing of whom it is never to see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from amity.app.discretion import Spellings
from amity.errors import AmityError, Code
from amity.language import say

LONGEST = 2_000  # characters of one text
MOST = 200  # items of one list
UNSEEN = "(somebody who is not shown)"
CHAINS = ("steps",)  # lists that mean nothing without each of their items
SHORTEST = 3  # letters of a single word by which somebody is told within a text


def shown(value: Any) -> Any:
    """Return plain values with every text visible and cut, and long lists cut with a word about the rest."""
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(str(name)): shown(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        some = [shown(one) for one in value[:MOST]]
        return [*some, f"… and {len(value) - MOST:,} more"] if len(value) > MOST else some
    return value


def visible(text: str) -> str:
    """Return a text in which nothing hides: control, format and private characters are written as \\u escapes."""
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}… ({len(text):,} characters)"
    if cut.isascii() and cut.isprintable():
        return cut
    return "".join(
        one if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf", "Co", "Cs", "Cn") else f"\\u{ord(one):04x}"
        for one in cut
    )


class Veil:
    """Keep from view the people who are never shown: by id, and wherever a text spells a name or address of theirs.

    A name of one word is told within a text by its capitals alone, since others are words as well.
    """

    def __init__(self, hidden: Iterable[Spellings]) -> None:
        held = list(hidden)
        words = {word for one in held for word in one.words if word}
        self.exact = {one.id for one in held} | {word.casefold() for word in words}
        loose = [re.escape(word) for word in words if not word.isalpha()]
        strict = [re.escape(word) for word in words if word.isalpha() and len(word) >= SHORTEST]
        self.within = [
            re.compile(rf"(?<!\w)(?:{'|'.join(sorted(some, key=len, reverse=True))})(?!\w)", flags)
            for some, flags in ((loose, re.IGNORECASE), (strict, re.NOFLAG))
            if some
        ]

    def covers(self, text: str) -> bool:
        """Tell whether a text gives somebody away."""
        return text.casefold() in self.exact or any(pattern.search(text) for pattern in self.within)

    def over(self, answer: Any) -> Any:
        """Return a plain answer without them. Raises AmityError NOT_FOUND for one that is about one of them."""
        if self.exact and self._is_about(answer):
            raise unknown()
        return self._veiled(answer) if self.exact else answer

    def _is_about(self, value: Any) -> bool:
        """Tell whether a value is one of them, or an object that names one in its own fields."""
        if isinstance(value, str):
            return value.casefold() in self.exact
        return isinstance(value, dict) and any(self._is_about(one) for one in value.values())

    def _veiled(self, value: Any) -> Any:
        if isinstance(value, str):
            return UNSEEN if self.covers(value) else value
        if isinstance(value, dict):
            return {name: self._veiled(one) for name, one in value.items() if not self.covers(str(name))}
        if isinstance(value, (list, tuple)):
            return [self._veiled(one) for one in value if not self._drops(one)]
        return value

    def _drops(self, item: Any) -> bool:
        """Tell whether an item of a list is left out: a text, object or row that names one of them, a broken chain."""
        if isinstance(item, str):
            return self.covers(item)
        if isinstance(item, (list, tuple)):
            return any(map(self._drops, item))
        if not isinstance(item, dict):
            return False
        return any(
            self._drops(one) if not isinstance(one, (list, tuple)) else name in CHAINS and any(map(self._drops, one))
            for name, one in item.items()
        )


def unknown() -> AmityError:
    """Build the error for whoever is never shown: the one for somebody who is not known."""
    return AmityError(Code.NOT_FOUND, say("Nobody is known by that."), say("Try people_find with a part of the name."))


def texts(value: Any) -> Iterator[str]:
    """Yield every text within a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts(one)
