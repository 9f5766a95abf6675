"""The five pointers of an honest ask, each found in a sentence or missing.

What is wanted, what is in it for the reader, what exactly, how much time, and a way out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import zip_longest
from typing import NamedTuple

from amity.plan.asking.languages import Language, Rule
from amity.plan.asking.requests import score
from amity.plan.asking.texts import Sentence

ASKED, WISHED, LIKELY, QUESTION = 2.5, 2.0, 1.5, 1.0  # strengths of an intent
CLEAR = 2.7  # strength above which an ask needs but one word of its own
SURE = 1.0  # log odds above which a sentence without any known phrase is taken for a request
FEW = 3  # words beside a phrase that are no clause of their own
OPEN = 3.0  # strength of a way out that needs no ask beside it to be one
ENOUGH = 2  # words of its own that make an ask specific

_CONTENT = re.compile(r"[^\W_]+(?:['.&+/-][^\W_]+)*+|`[^`]{1,60}`|<url>")


class Hit(NamedTuple):
    """A phrase that was found: in which sentence, where in its words, how strong, and by which rule."""

    sentence: Sentence
    start: int
    end: int
    strength: float
    rule: str

    @property
    def whole(self) -> tuple[int, int]:
        """Where its sentence stands in the text."""
        return self.sentence.start, self.sentence.end

    @property
    def phrase(self) -> tuple[int, int]:
        """Where the phrase itself stands in the text."""
        return self.sentence.place(self.start, self.end)

    @property
    def tight(self) -> tuple[int, int]:
        """Where the phrase stands with the end of its clause; a few words beside it are taken in."""
        words = self.sentence.words
        start, end = self.start, self.part()[1]
        if len(words[:start].split()) < FEW:
            start = 0
        if len(words[end:].split()) <= 2 * FEW:
            end = len(words)
        return self.sentence.place(start, end)

    @property
    def clause(self) -> tuple[int, int]:
        """Where the part of the sentence stands that holds the phrase."""
        return self.sentence.place(*self.part())

    def part(self) -> tuple[int, int]:
        """Return the part of the words around the phrase, from one comma or joining word to the next."""
        words = self.sentence.words
        left, right = 0, len(words)
        for cut in self.sentence.language.clause.finditer(words):
            if cut.end() <= self.start:
                left = cut.end()
            elif cut.start() >= self.end:
                right = cut.start()
                break
        while right > left and words[right - 1] in " ,;:":
            right -= 1
        return left, max(right, self.end)


def strongest(sentence: Sentence, rules: Iterable[Rule]) -> Hit | None:
    """Return the strongest rule that a sentence meets."""
    best: Hit | None = None
    tokens = sentence.tokens
    for rule in rules:
        if rule.hints and rule.hints.isdisjoint(tokens):
            continue  # most rules end here, before the call
        if (best is None or rule.strength > best.strength) and (match := rule.find(sentence)):
            best = Hit(sentence, match.start(), match.end(), rule.strength, rule.name)
    return best


def intents(sentences: Sequence[Sentence], language: Language) -> list[Hit]:
    """Return every sentence that asks for something, in order."""
    found = []
    for sentence, after in zip_longest(sentences, sentences[1:]):
        if strongest(sentence, language.rules["administrative"]):
            continue
        hit = strongest(sentence, language.rules["intent"])
        if hit is None and score(sentence.words, (), language.weights) > SURE:
            hit = Hit(sentence, 0, len(sentence.words), LIKELY, "by_its_words")
        if hit is None or (hit.strength <= QUESTION and not _expects(sentence, after, language)):
            continue
        found.append(hit._replace(strength=hit.strength - 0.3) if sentence.title and hit.strength > WISHED else hit)
    return found


def _expects(sentence: Sentence, after: Sentence | None, language: Language) -> bool:
    """Tell whether a question expects an answer of its reader."""
    if sentence.count < 3 or strongest(sentence, language.rules["rhetorical"]):
        return False
    return after is None or strongest(after, language.rules["answered"]) is None


def met(words: str, language: Language) -> list[tuple[str, float]]:
    """Return the rules of intent that one sentence meets, each with its strength."""
    sentence = Sentence(words, 0, len(words), language)
    return [(rule.name, rule.strength) for rule in language.rules["intent"] if rule.find(sentence)]


def request_score(words: str, language: Language) -> float:
    """Return the log odds that one sentence asks its reader to do something, by phrases and by words."""
    rules = met(words, language)
    if not language.weights:
        return max((strength for _, strength in rules), default=0.0) - WISHED
    return score(words, rules, language.weights)


def intent(asked: Sequence[Hit]) -> Hit | None:
    """Return the first sentence that asks outright, else the clearest of those that ask."""
    outright = next((hit for hit in asked if hit.strength >= ASKED and not hit.sentence.title), None)
    return outright or max(asked, key=lambda hit: (hit.strength, -hit.sentence.start), default=None)


def own_words(words: str, language: Language) -> int:
    """Count the words that say what a sentence is about."""
    seen = set()
    weight = 0
    for match in _CONTENT.finditer(words):
        word = match[0]
        low = word.lower()
        if low in seen or low in language.generic:
            continue
        seen.add(low)
        figure = len(word) > 3 and any(sign.isdigit() for sign in word)
        named = language.names_by_capitals and match.start() > 0 and word[0].isupper() and not word.isupper()
        weight += 2 if word[0] in "`<" or figure or named else 1
    return weight


def _object(hit: Hit, leave: Hit | None) -> str:
    """Return the part of a sentence that says what is wanted: of a wish only what follows it, and no way out."""
    words = hit.sentence.words
    if leave:
        words = words[: leave.start].ljust(leave.end) + words[leave.end :]
    if hit.strength < WISHED:
        return words
    if hit.strength > WISHED:
        cut = hit.sentence.language.reason.search(words, hit.end)
        return words[hit.start : cut.start() if cut else len(words)]
    _, end = hit.part()
    cut = hit.sentence.language.purpose.search(words, hit.end, end)
    return words[hit.start : cut.start() if cut else end]


def specifics(
    asked: Sequence[Hit], sentences: Sequence[Sentence], told: Sequence[Hit], language: Language
) -> Hit | None:
    """Return the sentence that says what exactly is asked: one that asks, or one beside it; `told` are the ways out."""
    if _plain(asked, sentences, language):
        return _which(asked, sentences, language)
    best: Hit | None = None
    strong = max((hit.strength for hit in asked), default=0.0)
    leaving = {id(hit.sentence): hit for hit in told}
    exactly = (*language.rules["specifics"], *language.rules["thing"])
    for hit in asked:
        if strongest(hit.sentence, language.rules["vague_ask"]) or (strong >= ASKED and hit.strength == LIKELY):
            continue
        if hit.strength <= WISHED < strong and strongest(hit.sentence, language.rules["benefit"]):
            continue  # what is offered in return is not what is asked
        own = own_words(_object(hit, leaving.get(id(hit.sentence))), language)
        exact = strongest(hit.sentence, exactly)
        if own >= _least(hit) or (exact and own):
            weight = hit.strength + min(own, 6) / 10 + (1 if exact else 0)
            if best is None or weight > best.strength + 0.2:
                best = Hit(hit.sentence, hit.start, hit.end, weight, hit.rule)
    return best or _before(asked, sentences, language)


def _least(hit: Hit) -> int:
    """Return how many words of its own an ask needs to be specific."""
    if hit.strength <= QUESTION:
        return ENOUGH - 1 + 2 * (strongest(hit.sentence, hit.sentence.language.rules["deictic"]) is not None)
    return ENOUGH - (hit.strength > CLEAR) + (hit.strength <= WISHED) + hit.sentence.title


def _plain(asked: Sequence[Hit], sentences: Sequence[Sentence], language: Language) -> bool:
    """Tell whether no more is asked for than a meal, money, or help in a message about such."""
    good, bare = language.rules["plain_good"], language.rules["bare_help"]
    outright = [hit.sentence for hit in asked if hit.strength > QUESTION]
    if any(strongest(sentence, good) for sentence in outright or (hit.sentence for hit in asked)):
        return True
    return any(strongest(sentence, bare) for sentence in outright) and any(strongest(one, good) for one in sentences)


def _which(asked: Sequence[Hit], sentences: Sequence[Sentence], language: Language) -> Hit | None:
    """Return the sentence that says which of a plain good is asked for: its kind, size, number, shop or day."""
    rules = language.rules["which_good"]
    wanted = language.rules["told_where"]
    for sentence in (*(hit.sentence for hit in asked), *(one for one in sentences if strongest(one, wanted))):
        hit = strongest(sentence, rules)
        given = strongest(sentence, language.rules["own_doing"])
        if hit and not (given and given.start < hit.start):
            return hit
    return None


def _before(asked: Sequence[Hit], sentences: Sequence[Sentence], language: Language) -> Hit | None:
    """Return what was told right before an ask that says nothing of its own, such as "any ideas?"."""
    if not asked:
        return None
    question = all(hit.strength <= QUESTION for hit in asked)
    at = next(place for place, sentence in enumerate(sentences) if sentence is asked[0].sentence)
    for sentence in reversed(sentences[max(0, at - 2) : at]):
        thing = strongest(sentence, language.rules["thing"])
        if own_words(sentence.words, language) >= 2 * ENOUGH and (question or thing):
            return Hit(sentence, 0, len(sentence.words), 1, "told_before")
    return None


@cache
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    return {key: re.compile(value, re.IGNORECASE) for key, value in language.time_not.items()}


def time(sentences: Sequence[Sentence], asked: Sequence[Hit], language: Language) -> Hit | None:
    """Return the phrase that says how much of the reader's time is asked for."""
    near = {id(hit.sentence) for hit in asked if hit.strength >= WISHED}
    no = _patterns(language)
    best: Hit | None = None
    for sentence in sentences:
        asks = id(sentence) in near
        if no["sentence_not"].search(sentence.words) or not (asks or no["asks"].search(sentence.words)):
            continue
        for rule in language.rules["time"]:
            if rule.hints and rule.hints.isdisjoint(sentence.tokens):
                continue
            if rule.unless is not None and rule.unless.search(sentence.words):
                continue
            for match in rule.phrase.finditer(sentence.words):
                before, after = sentence.words[: match.start()][-60:], sentence.words[match.end() :][:60]
                if no["before"].search(before) or no["after"].search(after):
                    continue
                if no["idle"].match(match[0]) and not no["idle_but"].search(before):
                    continue
                strength = rule.strength + (1 if asks else 0)
                if strength > (best.strength if best else 2.4):
                    best = Hit(sentence, match.start(), match.end(), strength, rule.name)
                break
    return best


def benefit(sentences: Sequence[Sentence], asked: Sequence[Hit], language: Language) -> Hit | None:
    """Return the sentence that says what is in it for the reader, by the rules that hold for what is asked."""
    strong = max((hit.strength for hit in asked), default=0.0)
    least = {"offer": QUESTION, "gain": LIKELY}
    return first(sentences, (rule for rule in language.rules["benefit"] if strong >= least.get(rule.kind, 0)))


def outs(sentences: Sequence[Sentence], language: Language) -> list[Hit]:
    """Return what lets the reader decline, in every sentence that says it."""
    rules, machines = language.rules["out"], language.rules["administrative"]
    return [hit for one in sentences if (hit := strongest(one, rules)) and not strongest(one, machines)]


def out(told: Sequence[Hit], asked: Sequence[Hit]) -> Hit | None:
    """Return the clearest way out; one that is half said counts beside an ask alone."""
    sure = (hit for hit in told if asked or hit.strength >= OPEN)
    return max(sure, key=lambda hit: (hit.strength, -hit.sentence.start), default=None)


def first(sentences: Sequence[Sentence], rules: Iterable[Rule]) -> Hit | None:
    """Return the strongest sentence that meets one of the rules, of equal ones the first."""
    held = tuple(rules)
    best: Hit | None = None
    for sentence in sentences:
        hit = strongest(sentence, held)
        if hit and (best is None or hit.strength > best.strength):
            best = hit
    return best
