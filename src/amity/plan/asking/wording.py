"""What the coach says, in the language and the tone of whoever writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from amity.plan.asking.languages import Language
from amity.plan.asking.pointers import Hit
from amity.plan.asking.texts import Layout

FORMAL, INFORMAL = "formal", "informal"
TOPIC = 60  # characters of a subject that are taken over
QUOTE = 90  # characters of the writer's own words that are quoted
_SLOT = re.compile(r"\{([a-z]+)\}")


def fill(template: str, values: Mapping[str, object]) -> str:
    """Put values into a template; what is not there leaves nothing, and no double blanks."""
    return " ".join(_SLOT.sub(lambda match: str(values.get(match[1], "")), template).split())


def tone(text: str, language: Language) -> str:
    """Tell whether somebody writes formally: by how they greet, address and close."""
    formal = sum(1 for _ in language.formal.finditer(text[:20_000]))
    informal = sum(1 for _ in language.informal.finditer(text[:20_000]))
    return FORMAL if formal and 2 * formal >= informal else INFORMAL


class Voice:
    """The coach's words for one message."""

    def __init__(self, text: str, layout: Layout, language: Language, *, asks: bool) -> None:
        self._text = text
        self.asks = asks
        self._layout = layout
        self.language = language
        self.tone = tone(text, language)
        self._topic = _topic(layout, language)

    def _entry(self, table: str, kind: str) -> Mapping[str, Any]:
        entry: Mapping[str, Any] = self.language.wording[table][kind]
        return entry

    def why(self, table: str, kind: str, key: str, **values: object) -> str:
        """Say why something is found, missing or flagged."""
        return fill(self._entry(table, kind)[key], values)

    def dress(self, detail: str) -> str:
        """Name what a pitch is dressed in."""
        names: Mapping[str, str] = self.language.wording["flags"]["pitch_in_disguise"]["dress"]
        return names.get(detail, "")

    def instead(self, table: str, kind: str, **values: object) -> str:
        """Propose wording in the writer's own tone, about their own subject where that is known."""
        forms = self._entry(table, kind)["instead"]
        if self._topic and self.asks and "topic" in forms:
            forms = forms["topic"]
        return fill(forms[self.tone], {"topic": self._topic, **values})

    def proposal(self, table: str, kind: str, form: str, **values: object) -> str:
        """Propose something that rests on the writer's own words."""
        return fill(self._entry(table, kind)["instead"][form], values)

    def quote(self, start: int, end: int) -> str:
        """Return the writer's own words on one line, cut at a word."""
        plain = " ".join(self._text[start:end].split())
        return plain if len(plain) <= QUOTE else plain[:QUOTE].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"

    def words_before(self, hit: Hit) -> int:
        """Count the words before the sentence of a find."""
        return self.words_until(hit.sentence.start)

    def words_until(self, start: int) -> int:
        """Count the words before a place in the text."""
        return sum(sentence.count for sentence in self._layout.sentences if sentence.end <= start)


def _topic(layout: Layout, language: Language) -> str:
    """Return what the message says it is about, in its own words, "" where it does not."""
    for sentence in layout.sentences:
        if (match := language.topic.search(sentence.words)) is None:
            continue
        topic = match[1].strip(" ,;:.!?\"'")
        if len(topic) <= TOPIC and any(word not in language.generic for word in topic.lower().split()):
            return topic
    return ""
