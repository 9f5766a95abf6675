"""The ask coach: a message -> its five pointers, its flags, and how ready it is.

It finds and proposes; it never sends, and promises no success. The big way out is looked for because it is decent:
that it makes a yes likelier is not borne out (see docs/how-to/ask-well.md). What research bears out is a clear need, a
reason and thanks (Althoff et al. 2014).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from amity.plan.asking import flags as sour
from amity.plan.asking import pointers as find
from amity.plan.asking.history import History, cold, open_promises, told
from amity.plan.asking.languages import Language, language, spoken
from amity.plan.asking.pointers import Hit
from amity.plan.asking.texts import Layout, lay_out
from amity.plan.asking.wording import Voice

EARLY = 60  # words before the intent that are not yet late
POINTERS = ("intent", "benefit", "specifics", "time", "out")
GRAVE = frozenset(("hidden_ask", "pitch_in_disguise", "pushy", "cold_ask", "open_promise"))


class Pointer(Struct, frozen=True):
    """One of the five things that an honest ask says; offsets are characters of the message."""

    found: bool
    start: int | None
    end: int | None
    why: str
    instead: str  # wording to take over, "" where nothing is amiss


class Flag(Struct, frozen=True):
    """Something that turns an ask sour, with its place in the message."""

    kind: str
    start: int
    end: int
    why: str
    instead: str


class Check(Struct, frozen=True):
    """What the coach says of a message."""

    pointers: dict[str, Pointer]
    flags: tuple[Flag, ...]
    verdict: str  # "ready" | "almost" | "not_yet"
    words: int
    language: str
    tone: str  # "formal" | "informal"
    history: tuple[str, ...]


def check(text: str, history: History | None = None, today: date | None = None, name: str = "") -> Check:
    """Return what a message says and lacks as an ask; a history needs the day as of which it is told.

    `name` is the folder of a language; without it the language is told by the words.
    """
    speech = language(name or spoken(text))
    layout = lay_out(text, speech)
    asked = find.intents(layout.sentences, speech)
    voice = Voice(text, layout, speech, asks=bool(asked))
    intent = find.intent(asked)
    ways = find.outs(layout.sentences, speech)
    exact = find.specifics(asked, layout.sentences, ways, speech)
    pointers = _pointers(layout, asked, intent, exact, find.out(ways, asked), voice, speech)
    found = _flags(layout, asked, exact, voice, speech)
    lines: tuple[str, ...] = ()
    if history is not None and today is not None:
        found += _remembered(intent, history, today, voice)
        lines = told(history, today, speech)
    return Check(pointers, tuple(found), _verdict(pointers, found), len(text.split()), speech.name, voice.tone, lines)


def is_request(sentence: str, name: str = "en") -> bool:
    """Tell whether one sentence asks its reader to do something."""
    return find.request_score(sentence, language(name)) > 0


def _verdict(pointers: Mapping[str, Pointer], flags: Sequence[Flag]) -> str:
    missing = sum(not pointer.found for pointer in pointers.values())
    plain = not (pointers["intent"].found or pointers["time"].found)  # a note that asks for nothing lacks nothing
    if not flags and (plain or not missing):
        return "ready"
    grave = any(flag.kind in GRAVE for flag in flags)
    return "almost" if pointers["intent"].found and missing <= 2 and not grave and len(flags) <= 2 else "not_yet"


def _pointers(
    layout: Layout,
    asked: Sequence[Hit],
    intent: Hit | None,
    exact: Hit | None,
    out: Hit | None,
    voice: Voice,
    speech: Language,
) -> dict[str, Pointer]:
    sentences = layout.sentences
    benefit = find.benefit(sentences, asked, speech)
    time = find.time(sentences, asked, speech)
    asking = {id(hit.sentence) for hit in asked}
    places = {
        "intent": intent.whole if intent else None,
        "benefit": None if benefit is None else benefit.clause if id(benefit.sentence) in asking else benefit.whole,
        "specifics": exact.whole if exact else None,
        "time": time.phrase if time else None,
        "out": out.tight if out else None,
    }
    pointers = {}
    for kind, place in places.items():
        if place is None:
            pointers[kind] = Pointer(
                False, None, None, voice.why("pointers", kind, "missing"), voice.instead("pointers", kind)
            )
        else:
            pointers[kind] = Pointer(True, *place, voice.why("pointers", kind, "found"), "")
    if intent is not None and (before := voice.words_before(intent)) > EARLY:
        quote = voice.quote(*intent.whole)
        why = voice.why("pointers", "intent", "late", before=before)
        pointers["intent"] = Pointer(
            True, *intent.whole, why, voice.proposal("pointers", "intent", "late", quote=quote)
        )
    return pointers


def _flags(layout: Layout, asked: Sequence[Hit], exact: Hit | None, voice: Voice, speech: Language) -> list[Flag]:
    found = []
    for flag in sour.flags(layout, asked, exact, speech):
        quote = voice.quote(flag.start, flag.end)
        key = "why"
        instead = voice.instead("flags", flag.kind)
        if flag.kind == sour.HIDDEN:
            key = "why" if asked else "unasked"
            instead = voice.proposal("flags", flag.kind, "late", quote=quote) if asked else instead
        before = voice.words_until(flag.start)
        why = voice.why(
            "flags", flag.kind, key, quote=quote, before=before, words=layout.words, dress=voice.dress(flag.detail)
        )
        found.append(Flag(flag.kind, flag.start, flag.end, why, instead))
    return found


def _remembered(intent: Hit | None, history: History, today: date, voice: Voice) -> list[Flag]:
    """Return the flags that what has been makes of an ask; a message that asks for nothing gets none."""
    if intent is None:
        return []
    start, end = intent.whole
    flags = []
    if why := cold(history, today, voice.language):
        flags.append(Flag("cold_ask", start, end, why, voice.instead("flags", "cold_ask", name=history.name)))
    instead = voice.instead("flags", "open_promise", name=history.name)
    flags += [Flag("open_promise", start, end, why, instead) for why in open_promises(history, today, voice.language)]
    return flags
