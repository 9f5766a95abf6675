"""The five things that an ask says, in the writer's own words -> a short form, a long form, and a blurb to forward.

Words are kept as they were typed; only what joins them is added. Nothing is sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from amity.plan.asking.languages import Language
from amity.plan.asking.wording import FORMAL, INFORMAL, fill

_BARE = 5  # words of a time that is an amount and no sentence


class Draft(Struct, frozen=True):
    """What the writer wants to say; what is left empty is left out, but for the way out, which is proposed."""

    intent: str
    benefit: str = ""
    specifics: str = ""
    time: str = ""
    out: str = ""
    name: str = ""  # of whoever is asked
    me: str = ""
    when: str = ""  # a time for a meeting, in words
    formal: bool = False


class Letter(Struct, frozen=True):
    """An ask in three forms."""

    short: str
    long: str
    blurb: str


def compose(draft: Draft, language: Language) -> Letter:
    """Put an ask together in a language."""
    words = language.wording["compose"]
    tone = FORMAL if draft.formal else INFORMAL
    intent = _sentence(draft.intent, words["questions"])
    specifics, benefit = (_begun(_sentence(part)) for part in (draft.specifics, draft.benefit))
    time = _time(draft.time, words["time"][tone])
    meeting = fill(words["meeting"][tone], {"when": draft.when.strip()}) if draft.when.strip() else ""
    own_out = _begun(_sentence(draft.out))
    greeting = fill(words["greeting"][tone if draft.name else "nobody"], {"name": draft.name})
    closing = "\n".join(line for line in (words["closing"][tone], draft.me) if line)
    ask = fill(words["intent"][tone], {"intent": intent}) if intent else ""
    paragraphs = (
        greeting,
        _join(ask, specifics),
        _join(time, benefit),
        _join(meeting, own_out or words["out"][tone]),
        closing,
    )
    asked = _join(intent, specifics, time, benefit)
    blurb = fill(
        words["blurb"], {"me": draft.me or words["me"], "name": draft.name or words["somebody"], "asked": asked}
    )
    return Letter(
        short=_join(greeting, asked, meeting, own_out or words["short_out"]),
        long="\n\n".join(part for part in paragraphs if part) + "\n",
        blurb=blurb,
    )


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _sentence(text: str, questions: Sequence[str] = ()) -> str:
    """Return a sentence with an end: a question mark where its first word asks."""
    plain = " ".join(text.split())
    if not plain or plain[-1] in ".!?…":
        return plain
    return f"{plain}{'?' if plain.split()[0].lower() in questions else '.'}"


def _begun(text: str) -> str:
    """Begin a sentence with a capital."""
    return text[:1].upper() + text[1:]


def _time(text: str, template: str) -> str:
    """Return an amount as a sentence; what is a sentence already stays."""
    plain = " ".join(text.split())
    if not plain:
        return ""
    return fill(template, {"time": plain.rstrip(".")}) if len(plain.split()) <= _BARE else _sentence(plain)
