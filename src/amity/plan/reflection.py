"""Put the mirror's figures into one kind sentence each, against the owner's own past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

NEAR = 0.03  # shares nearer than this to one another are the same to a person


class Phrase(NamedTuple):
    """How a figure is said: of `n` and `of`, and where there is nothing to count."""

    said: str
    nothing: str
    kind: str = ""  # added where it moved away from what the method would have


PHRASES: Mapping[str, Phrase] = {
    "critical_time": Phrase(
        "{share} of your days of contact {when} were with the critical few",
        "It is too early to say who your critical few are",
        "One hour with one of them is enough to begin with.",
    ),
    "critical_met": Phrase(
        "You met {n} of your {of} critical few in person twice or more {when}",
        "It is too early to say who your critical few are",
        "There is a plan for the year: `amity plan --year`.",
    ),
    "gifts_to_asks": Phrase(
        "You gave {n} and asked {of} {when}",
        "You noted no ask {when}",
        "A small gift counts: a link, a name, a thought.",
    ),
    "cold_asks": Phrase(
        "{n} of your {asks} {when} came cold",
        "You noted no ask {when}",
        "A word without any purpose, some weeks before, would warm the next one.",
    ),
    "only_asked": Phrase(
        "Of the {people} you asked for something {when}, you wrote to {n} only when you needed something",
        "You noted no ask {when}",
        "They may be glad to hear from you for no reason.",
    ),
    "follow_up": Phrase(
        "You followed up {n} of the {meetings} of {when_bare}",
        "You met nobody for the first time {when}, as far as is known here",
        "Most encounters end there, with everybody; one line within a few days is what it takes.",
    ),
    "starts": Phrase(
        "You began {n} of {of} conversations {when}",
        "Nobody began a conversation by message {when}, as far as is known here",
    ),
    "answers": Phrase(
        "You answered {n} of the {of} conversations that others began {when}",
        "Nobody began a conversation with you {when}, as far as is known here",
        "What is old can still be answered: people are gladder of it than one thinks.",
    ),
    "answered": Phrase(
        "{n} of the {of} conversations that you began {when} were answered",
        "You began no conversation by message {when}, as far as is known here",
        "Silence is mostly a full inbox, and seldom a no.",
    ),
    "fields": Phrase(
        "You were in contact with people of {fields} {when}",
        "No field of anybody whom you were in contact with {when} is known",
        "One person from another world is a beginning.",
    ),
    "agendas": Phrase(
        "You had noted what {n} of your {of} critical few aim at or need, {by_when}",
        "It is too early to say who your critical few are",
        "Ask one of them what they are after just now.",
    ),
    "roles": Phrase(
        "{n} of six roles were filled by people you were in touch with {when}: {words}",
        "You have given nobody a role yet: `amity tie NAME --role mentor`",
        "Whoever held the missing one before may be glad of a letter.",
    ),
    "pushed": Phrase(
        "You wrote on into the silence of {n} of the {people} you wrote to {when}",
        "You wrote to nobody {when}, as far as is known here",
        "They will answer when they can; nothing needs to be done.",
    ),
}
COURSES = {"more": "more than before", "less": "less than before", "same": "as before", "": ""}


class Course(NamedTuple):
    """Where a figure went against the owner's own past: the word, and whether the method would have it so."""

    word: str  # "more" | "less" | "same" | "" where there is no past to hold it against
    well: bool


def course(value: float | None, usual: float | None, unit: str, better: int) -> Course:
    """Hold a value against what was usual before."""
    if value is None or usual is None:
        return Course("", well=True)
    near = NEAR if unit == "share" else 0.1 * max(usual, 1.0)
    if abs(value - usual) <= near:
        return Course("same", well=True)
    went = 1 if value > usual else -1
    return Course("more" if went > 0 else "less", well=better in (0, went))


def sentence(
    name: str,
    *,
    year: int,
    so_far: bool,
    count: int,
    of: int,
    words: tuple[str, ...],
    usual: float | None,
    unit: str,
    went: Course,
) -> str:
    """Say one figure of one year in a sentence or two; with what was usual before, and a kind word where it fell."""
    phrase = PHRASES[name]
    when = f"in {year}" + (" so far" if so_far else "")
    if not of:
        gave = f", and gave {_times(count)}" if name == "gifts_to_asks" and count else ""
        return f"{phrase.nothing.format(when=when)}{gave}."
    said = phrase.said.format(
        when=when,
        when_bare=f"{year}",
        by_when="by now" if so_far else f"by the end of {year}",
        n=_times(count) if name == "gifts_to_asks" else count or "none",
        of=_times(of) if name == "gifts_to_asks" else f"{of:,}",
        share=percent(count / of),
        asks=_counted(of, "ask"),
        people="one person" if of == 1 else f"{of:,} people",
        meetings=_counted(of, "first meeting"),
        fields=_counted(count, "field"),
        words=", ".join(words) or "none",
    )
    against = ""
    if went.word == "same":
        against = ", as in the years before"
    elif went.word and usual is not None:
        against = f"; it was {figure(usual, unit)} in the years before"
    kind = f" {phrase.kind}" if phrase.kind and not went.well else ""
    return f"{said}{against}.{kind}"


def percent(share: float) -> str:
    """Write a share as a person says it."""
    return f"{100 * share:.0f} %"


def figure(value: float, unit: str) -> str:
    """Write a figure of some unit."""
    if unit == "share":
        return percent(value)
    return f"{value:.1f} to 1" if unit == "ratio" else f"{value:.0f}"


def _times(n: int) -> str:
    return {0: "nothing", 1: "once", 2: "twice"}.get(n, f"{n:,} times")


def _counted(n: int, noun: str) -> str:
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
