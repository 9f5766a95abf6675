"""What turns an ask sour: hidden, a pitch in disguise, a lecture, vague, pushy, flattering, mixed with a gift.

Each flag stands on phrases of the language's tables; a pitch is weighed from what sells and what it is dressed in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from amity.plan.asking.languages import Language
from amity.plan.asking.pointers import ASKED, WISHED, Hit, first, strongest
from amity.plan.asking.texts import Layout, Sentence

HIDDEN, PITCH, LECTURE, VAGUE, PUSHY, FLATTERY, MIXED = (
    "hidden_ask", "pitch_in_disguise", "lecture", "vague", "pushy", "flattery", "mixed_gift_and_ask",
)  # fmt: skip
LONG = 280  # words of an ask beyond which it lectures
LATE = 120  # words before an ask beyond which it is buried, if they are most of the message
AGAIN = 0.25  # of a table's strength for each further sentence that it meets
HOOK = 5  # sentences at the beginning, in which a pitch is dressed
SOLD = 2.7  # of what sells, together, that makes a pitch


class Sour(NamedTuple):
    """One flag and where it stands in the text."""

    kind: str
    start: int
    end: int
    detail: str = ""  # what a pitch is dressed in


def _sales(sentences: Sequence[Sentence], language: Language) -> float:
    """Weigh what sells in a message: each table once, a little more where it comes again."""
    total = 0.0
    for rule in language.rules["sells"]:
        found = sum(rule.find(sentence) is not None for sentence in sentences)
        if found:
            total += rule.strength * (1 + AGAIN * min(found - 1, 4))
    return total


def pitch(layout: Layout, language: Language) -> Hit | None:
    """Return what a sales pitch is dressed in, None where nothing is sold or nothing hides it."""
    sold = _sales(layout.sentences, language)
    if sold < SOLD:
        return None
    dressed = first(layout.sentences[:HOOK], language.rules["dressed"])
    return dressed if dressed and (dressed.strength >= WISHED or sold >= SOLD + 1) else None


def flags(layout: Layout, asked: Sequence[Hit], exact: Hit | None, language: Language) -> Iterator[Sour]:
    """Yield the flags of a message, in the order in which they are told."""
    sentences = layout.sentences
    strong = [hit for hit in asked if hit.strength >= WISHED]
    if dressed := pitch(layout, language):
        yield Sour(PITCH, *dressed.whole, dressed.rule)
    yield from _hidden(layout, asked, language)
    yield from _lecture(layout, strong, language)
    if exact is None and (strong or len(asked) > 0):
        vague = first(sentences, (*language.rules["vague_ask"], *language.rules["vague_help"]))
        if vague and (strong or vague.strength >= 3):
            yield Sour(VAGUE, *vague.clause)
    elif (vague := first(sentences, language.rules["vague_ask"])) and not _explained(vague, exact):
        yield Sour(VAGUE, *vague.clause)
    for sentence in sentences:
        if hit := strongest(sentence, language.rules["pushy"]):
            yield Sour(PUSHY, *hit.clause)
    if asked and (flattering := first(sentences, language.rules["flattery"])):
        yield Sour(FLATTERY, *flattering.clause)
    if strong and (given := first(sentences, language.rules["gift"])):
        request = max(strong, key=lambda hit: hit.strength)
        if request.sentence is not given.sentence and request.strength >= ASKED:
            yield Sour(MIXED, *given.whole)


def _explained(vague: Hit, exact: Hit | None) -> bool:
    return exact is not None and exact.sentence is not vague.sentence


def _hidden(layout: Layout, asked: Sequence[Hit], language: Language) -> Iterator[Sour]:
    sentences = layout.sentences
    if not asked:
        if need := first(sentences, language.rules["need"]):
            yield Sour(HIDDEN, *need.whole)
        return
    if any(hit.sentence.title for hit in asked):
        return
    before = 0
    earliest = next((hit for hit in asked if hit.strength >= ASKED), asked[0])
    if earliest.strength < ASKED:
        return
    for sentence in sentences:
        if sentence is earliest.sentence:
            break
        before += sentence.count
    if before > LATE and before > 0.6 * layout.words:
        yield Sour(HIDDEN, *earliest.whole)


def _lecture(layout: Layout, strong: Sequence[Hit], language: Language) -> Iterator[Sour]:
    rules = language.rules["lecture"]
    didactic = [hit for sentence in layout.sentences if (hit := strongest(sentence, rules))]
    if len(didactic) >= 2 and (strong or len(didactic) >= 3) and len(didactic) * 8 >= len(layout.sentences):
        yield Sour(LECTURE, *didactic[0].whole)
    elif strong and layout.words > LONG:
        longest = max(layout.sentences, key=lambda sentence: sentence.count)
        yield Sour(LECTURE, longest.start, longest.end)
