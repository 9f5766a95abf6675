"""What was given, asked, promised or said, told in a sentence.

"sent Ana the paper on batteries; she offered to introduce me to Ben" holds a gift and a promise. A clause counts only
where its verb is one of those below and it names, or points to, a person: better to miss than to invent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from amity.ledger.entries import ME, THEM
from amity.ledger.sentence import told_days


class Deed(Struct, frozen=True):
    """One thing that a clause tells."""

    kind: str
    by: str
    sort: str
    people: tuple[str, ...]  # names as written, whoever acted or was acted on first
    text: str
    on: date
    start: int
    end: int


_WORD = r"(?:(?:Dr|Mr|Mrs|Ms|Prof|[A-ZÀ-ÖØ-Þ])\.|[A-ZÀ-ÖØ-Þ][\w'’-]*)"
_MORE = rf"(?: (?:von|van|de|der|den|di|da|zu|la|le|bin|al)| {_WORD}){{0,3}}"
_NAMED = rf"(?:{_WORD}|[\w.+-]+@[\w.-]+){_MORE}|her|him|them"
_THEY = rf"(?P<who>{_WORD}{_MORE}|[Ss]he|[Hh]e|[Tt]hey)"
_I = r"(?:(?:and )?(?:I|we) )?(?:have |had |just |also |finally )*"
_PRONOUNS = frozenset(("her", "him", "them", "she", "he", "they"))
_NOT_NAMES = frozenset(
    re.findall(
        r"\w+",
        "i we the a an my yesterday today monday tuesday wednesday thursday friday saturday sunday coffee lunch dinner"
        " met called call sent gave asked thanked helped introduced recommended promised",
    )
)
_ONE = re.compile(rf"(?P<one>{_NAMED})")

_FUN = re.compile(
    r"\b(?:tickets?|cakes?|wine|flowers|dinner|lunch|party|concert|joke|trip|chocolates?|game|beer|song)\b",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"\b(?:help\w*|feedback|review\w*|proofread\w*|lift|hand|money|advice|repair\w*|move|moving|babysit\w*|a place)\b",
    re.IGNORECASE,
)


_A, _B = rf"(?P<one>{_NAMED})", rf"(?P<other>{_NAMED})"
_TEXT = r"(?P<text>[^\n]{1,300})"
_TAIL = r"(?P<text>[^\n]{0,300})"
_THING = r"(?P<text>(?:the|a|an|some|my|our|two|three|four|that|this|his|her)\b[^\n]{1,300})"
_SHORT = r"(?P<text>[^\n]{1,300}?)"
_SHORT_THING = r"(?P<text>(?:the|a|an|some|my|our|two|three|four|that|this|his|her)\b[^\n]{1,300}?)"
_HELPING = "(?:feedback|advice|help|money|tips|a hand|a lift)"
_NEEDED = "(?:(?:an? )?(?:introduction|intro|reference|loan|lift|recommendation)|help|advice|feedback|money)"
_PASSED = "sent|gave|forwarded|showed|lent|passed|brought|mailed"
_ABOUT = "(?:for|to|if|whether|about)"
_WILL = "(?:I(?:'ll| will)|will|I need to|I must)"
_OFFERED = "(?:offered|promised|agreed|wants? to|will|said (?:she|he|they) (?:will|would))"
_EITHER = "?"  # the kind of gift is told by its words
_RULES = tuple(
    (re.compile(pattern + r"\s*$"), kind, by, sort)
    for pattern, kind, by, sort in (
        (rf"{_I}(?:introduced|connected) {_A} (?:to|with|and) {_B}{_TAIL}", "introduction", ME, ""),
        (rf"{_THEY} (?:introduced|connected) me (?:to|with) {_B}{_TAIL}", "introduction", THEM, ""),
        (rf"{_I}put {_A} in touch with {_B}{_TAIL}", "introduction", ME, ""),
        (rf"{_THEY} put me in touch with {_B}{_TAIL}", "introduction", THEM, ""),
        (rf"{_THEY} (?:offered|promised) me (?:to )?{_TEXT}", "promise", THEM, ""),
        (rf"{_THEY} {_OFFERED} (?:to )?{_TEXT}", "promise", THEM, ""),
        (rf"{_I}(?:promised|told) {_A} (?:to|that {_WILL}|{_WILL}) {_TEXT}", "promise", ME, ""),
        (rf"{_I}promised {_A} {_THING}", "promise", ME, ""),
        (rf"{_I}promised {_SHORT_THING} to {_A}", "promise", ME, ""),
        (rf"{_I}owe {_A} {_TEXT}", "promise", ME, ""),
        (rf"{_WILL} (?:send|give|call|show|introduce|write|lend|bring|help) {_A}{_TAIL}", "promise", ME, ""),
        (rf"{_I}recommended {_A} {_THING}", "recommendation", ME, ""),
        (rf"{_I}recommended {_SHORT} to {_A}", "recommendation", ME, ""),
        (rf"{_THEY} recommended {_SHORT} to me", "recommendation", THEM, ""),
        (rf"{_THEY} recommended (?:me )?{_TEXT}", "recommendation", THEM, ""),
        (rf"{_I}thanked {_A}{_TAIL}", "thanks", ME, ""),
        (rf"{_THEY} thanked me{_TAIL}", "thanks", THEM, ""),
        (rf"{_I}asked {_A} {_ABOUT} {_TEXT}", "ask", ME, ""),
        (rf"{_THEY} asked (?:me )?{_ABOUT} {_TEXT}", "ask", THEM, ""),
        (rf"{_THEY} (?:wants?|needs?) (?P<text>{_NEEDED}\b[^\n]{{0,300}})", "ask", THEM, ""),
        (rf"{_I}(?:helped|supported|vouched for) {_A}{_TAIL}", "gift", ME, "help"),
        (rf"{_I}gave {_A} (?P<text>{_HELPING}\b[^\n]{{0,300}})", "gift", ME, "help"),
        (rf"{_I}wrote {_A} (?P<text>an? (?:reference|recommendation)\b[^\n]{{0,300}})", "gift", ME, "help"),
        (rf"{_I}(?:proofread|reviewed|edited|translated|checked) {_SHORT_THING} for {_A}", "gift", ME, "help"),
        (rf"{_THEY} (?:helped|supported|vouched for) me{_TAIL}", "gift", THEM, "help"),
        (rf"{_I}invited {_A} {_TEXT}", "gift", ME, "fun"),
        (rf"{_THEY} invited me {_TEXT}", "gift", THEM, "fun"),
        (rf"{_I}(?:{_PASSED}|shared with|bought|made) {_A} {_THING}", "gift", ME, _EITHER),
        (rf"{_I}(?:{_PASSED}|told) {_A} (?P<text>(?:about|of) [^\n]{{1,300}})", "gift", ME, "idea"),
        (rf"{_I}(?:{_PASSED}) (?P<text>(?:the|a|an|some|my|our)\b[^\n]{{1,300}}?) to {_A}", "gift", ME, _EITHER),
        (rf"{_I}(?:baked|made|wrote|drew|painted|built|bought) {_SHORT_THING} for {_A}", "gift", ME, _EITHER),
        (rf"{_I}shared {_SHORT_THING} with {_A}", "gift", ME, _EITHER),
        (rf"{_I}(?:got|received|borrowed) {_SHORT_THING} from {_A}", "gift", THEM, _EITHER),
        (rf"{_THEY} (?:{_PASSED}|bought|made) me {_TEXT}", "gift", THEM, _EITHER),
    )
)
_SUBJECT = "(?:[Ss]he|[Hh]e|[Tt]hey|I|[Ww]e)"
_CUT = re.compile(
    r"\s*(?:;|(?<!Dr)(?<!Mr)(?<!Mrs)(?<!Ms)(?<!Prof)(?<! [A-Z])\.(?=\s|$)"
    rf"|,?\s+and (?={_SUBJECT}\b)|,\s+(?={_SUBJECT}\b)|,?\s+then (?=\w))\s*"
)
_LEAD = re.compile(r"^(?:and|then|also)[,:]?\s+", re.IGNORECASE)
_LONGEST = 2000  # characters; a longer text is a letter, not a note


def read_deeds(sentence: str, today: date) -> tuple[Deed, ...]:
    """Find the gifts, asks, introductions, recommendations, thanks and promises that a note tells, in their order.

    "she", "him" and the like stand for the person named last. The first day that is told counts for all, else it is
    today; a day inside of what was promised or asked is part of that. Nothing is found in a text of over 2,000
    characters.
    """
    return tuple(_deeds(sentence, today)) if len(sentence) <= _LONGEST else ()


def _deeds(sentence: str, today: date) -> Iterator[Deed]:
    last, on = "", today
    for start, end in _clauses(sentence):
        clause = _LEAD.sub("", sentence[start:end])
        told, bare = _without_day(clause, today)
        for pattern, kind, by, sort in _RULES:
            told_ahead = kind in ("promise", "ask")
            match = pattern.match(clause if told_ahead else bare)
            people = _people(match, last) if match else ()
            if match and people:
                last = people[0]
                on = on if told_ahead else told or on
                text = _text(match.groupdict().get("text") or "")
                yield Deed(kind, by, _sort(text) if sort == _EITHER else sort, people, text, on, start, end)
                break
        else:
            on = told or on
            named = _ONE.search(bare)
            if named and named["one"].lower() not in _PRONOUNS | _NOT_NAMES:
                last = named["one"]


def _without_day(clause: str, today: date) -> tuple[date | None, str]:
    """Return the first day that a clause tells, and the clause without it."""
    for first, end, on in told_days(clause, today):
        if on <= today:
            return on, " ".join(f"{clause[:first]} {clause[end:]}".split())
    return None, clause


def _clauses(sentence: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in _CUT.finditer(sentence):
        if cut.start() > start:
            yield start, cut.start()
        start = cut.end()
    if start < len(sentence):
        yield start, len(sentence)


def _people(match: re.Match[str], last: str) -> tuple[str, ...]:
    """Return who is named, pronouns resolved; nobody where one of them points to nobody."""
    found = []
    for group in ("who", "one", "other"):
        name = match.groupdict().get(group)
        if name is None:
            continue
        if name.lower() in _PRONOUNS:
            name = last
        if not name or name.split(" ")[0].lower() in _NOT_NAMES:
            return ()
        found.append(name)
    return tuple(dict.fromkeys(found))


def _text(text: str) -> str:
    return " ".join(text.split()).strip(" ,:;.").removeprefix("for ").removeprefix("with ").strip()


def _sort(text: str) -> str:
    if _FUN.search(text):
        return "fun"
    return "help" if _HELP.search(text) else "idea"
