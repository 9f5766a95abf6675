"""A message as it was typed -> the sentences that its writer newly wrote, each with its place in the text.

Quoted lines, signatures, footers of lists and greetings are left out. Offsets are characters of the text as given,
whatever its line ends, accents or emoji. One pass over the text; no sentence is longer than `LONGEST`, so that what
looks for phrases costs the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple
from unicodedata import combining, is_normalized, normalize

from amity.plan.asking.languages import Language

LONGEST = 600  # characters of a sentence; what is longer is cut at a blank
SHORT = 50  # characters of a line that may be a title, an item or a name of its own

_LINE = re.compile(r"([^\r\n]*+)(?:\r\n|\n|\r|\Z)")
_RULE = re.compile(r"\s{0,8}[-_=*~#+]{5,}+\s*+")
_LONG_RULE = re.compile(r"\s{0,8}[-_=]{20,}+")
_LIST_FOOTER = re.compile(r"mailing list|sponsored by|unsubscri|listinfo|groups sponsor", re.IGNORECASE)
_QUOTED = re.compile(r"\s{0,8}(?:[>|]|[A-Za-z]{1,10}>|--\])")
_FORWARDED = re.compile(
    r"[\s*>]{0,8}-{2,20}\s{0,4}(?:begin )?(?:original|forwarded|urspr(?:ü|ue)nglich|weitergeleitet)", re.IGNORECASE
)
_ATTRIBUTION = re.compile(
    r"\b(?:wrote|writes|said|mentioned|included|schrieb|schreibt)\b[^.!?]{0,60}(?::|\*)\s*+\Z", re.IGNORECASE
)
_SIGNED = re.compile(r"\s{0,4}--\s{0,2}\Z|\s{0,4}-- \S")
_ITEM = re.compile(r"\s{0,8}(?:[-*•·]|\d{1,2}[.)]|\([a-z\d]\))\s+")
_PREFIX = re.compile(
    r"\W{0,3}(?:req(?:uest)?|offer|trade|bitte|anfrage)\W{1,4}\s*+(?:\W{0,2}(?:trade|us|usa|uk)\W{1,3})?", re.IGNORECASE
)
_END = re.compile(r"[.!?…]++[\"'”“’)\]]{0,3}+(?=\s)|\s[:;]['-]?[)(DPp/3](?=\s)|(?<=\s)<3(?=\s)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*+")
_PLAIN = str.maketrans("’‘´`“”„«»–—\t\r\n\xa0", '\'\'\'\'"""""--    ')
_IRREGULAR = re.compile(r"\s\s|[^\S ]")


class Sentence:
    """One sentence: where it stands in the text, and its words on one line, spaces and quotation marks made plain."""

    def __init__(self, text: str, start: int, end: int, language: Language, *, title: bool = False) -> None:
        self.start = start
        self.end = end
        self.language = language
        self.title = title
        raw = text[start:end]
        self._offsets: list[int] | None = None
        if _IRREGULAR.search(raw) or not is_normalized("NFC", raw):
            self.words, self._offsets = _even(raw)
        else:
            self.words = raw.translate(_PLAIN)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """The words in small letters."""
        return frozenset(_WORD.findall(self.words.lower()))

    @cached_property
    def count(self) -> int:
        """How many words there are."""
        return len(self.words.split())

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where a part of `words` stands in the text."""
        if self._offsets is None:
            return self.start + start, self.start + end
        return self.start + self._offsets[start], self.start + self._offsets[end]


class Layout(NamedTuple):
    """A message taken apart."""

    sentences: tuple[Sentence, ...]
    greeting: str  # the line that greets, as typed
    words: int  # that the writer newly wrote


def _even(raw: str) -> tuple[str, list[int]]:
    """Return a text with single blanks and composed letters, and the offset of each of its characters."""
    out: list[str] = []
    offsets: list[int] = []
    at, size = 0, len(raw)
    while at < size:
        start = at
        if raw[at].isspace():
            while at < size and raw[at].isspace():
                at += 1
            out.append(" ")
            offsets.append(start)
            continue
        at += 1
        while at < size and combining(raw[at]):
            at += 1
        for sign in normalize("NFC", raw[start:at]):
            out.append(sign)
            offsets.append(start)
    offsets.append(size)
    return "".join(out).translate(_PLAIN), offsets


class _Line(NamedTuple):
    start: int
    end: int
    text: str


def _written(text: str, language: Language) -> Iterator[list[_Line]]:
    """Yield the paragraphs of what the writer newly wrote, as lines."""
    held: list[_Line] = []
    seen = False  # whether any prose stood above
    closed = False  # below a closing such as "Best regards"
    for match in _LINE.finditer(text):
        line = _Line(match.start(1), match.end(1), match[1])
        bare = line.text.strip()
        head = line.text[:400]
        apart = not bare or _RULE.fullmatch(head) is not None
        if seen and (_SIGNED.match(head) or _FORWARDED.match(head)):
            break
        if seen and _LONG_RULE.match(head) and _LIST_FOOTER.search(text, match.start(), match.start() + 600):
            break
        if apart or _QUOTED.match(head) or (len(bare) < 200 and _ATTRIBUTION.search(bare)):
            if held:
                yield held
                held = []
            continue
        if closed:
            closed = len(bare.split()) < 7 and not language.postscript.match(bare)
            if closed:
                continue
        if held and (_ITEM.match(head) or _breaks(held[-1].text, bare)):
            yield held
            held = []
        if seen and len(bare) < SHORT and language.closing.fullmatch(bare):
            closed = True
            if held:
                yield held
                held = []
            continue
        seen = True
        held.append(line)
    if held:
        yield held


def _breaks(before: str, line: str) -> bool:
    """Tell whether a line after a short one begins anew: a title, an item, a name."""
    before = before.rstrip()
    return len(before) < SHORT and before[-1:] not in ",;-(" and (line[:1].isupper() or before[-1:] in ".!?")


def _cuts(text: str, start: int, end: int, language: Language) -> Iterator[int]:
    """Yield where sentences end within a paragraph."""
    last = start
    for match in _END.finditer(text, start, end):
        after = match.end()
        while after < end and text[after].isspace():
            after += 1
        if after >= end:
            break
        if match[0][:1] == "." and len(match[0].rstrip("\"'”’)")) == 1:
            before = text[max(last, match.start() - 12) : match.start()]
            word = before.rsplit(None, 1)[-1] if before.split() else ""
            if word.lower().strip("(\"'") in language.shortened or (len(word) == 1 and word.isalpha()):
                continue
            if text[after].islower() and len(word) < 3:
                continue
        elif match[0][:1].isspace() and text[after].islower():
            continue
        yield match.end()
        last = match.end()
    yield end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield a sentence, or what is too long for one cut at blanks."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def lay_out(text: str, language: Language) -> Layout:
    """Take a message apart into the sentences of its writer."""
    sentences: list[Sentence] = []
    greeting = ""
    words = 0
    for number, lines in enumerate(_written(text, language)):
        start, end = lines[0].start, lines[-1].end
        if not sentences and not greeting:
            hello = language.greeting.match(text[start : min(end, start + 120)])
            if hello:
                greeting = hello[0].strip()
                words += len(greeting.split())
                start += hello.end()
        title = number == 0 and len(lines) == 1 and end < len(text) and not greeting
        if item := _ITEM.match(text, start, end):
            start = item.end()
        if title and (prefix := _PREFIX.match(text, start, end)):
            start = prefix.end()
        at = start
        for cut in _cuts(text, start, end, language):
            for piece in _pieces(text, *_trim(text, at, cut)):
                a, b = _trim(text, *piece)
                if b > a and any(sign.isalnum() for sign in text[a:b]):
                    sentences.append(Sentence(text, a, b, language, title=title))
                    words += sentences[-1].count
            at = cut
    return Layout(tuple(sentences), greeting, words)
