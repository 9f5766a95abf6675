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
        "Of your {of} critical few you met {n} in person twice or more {when}",
        "It is too early to say who your critical few are",
        "There is a plan for the year: `amity plan --year`.",
    ),
    "gifts_to_asks": Phrase(
        "You gave {gave} and asked {asked} {when}",
        "You noted no ask {when}",
        "A small gift counts: a link, a name, a thought.",
    ),
    "cold_asks": Phrase(
        "Of {asks} {when}, {n} came cold",
        "You noted no ask {when}",
        "A word without any purpose, some weeks before, would warm the next one.",
    ),
    "only_asked": Phrase(
        "Of {people} whom you asked for something {when}, {n} heard from you only when you needed something",
        "You noted no ask {when}",
        "They may be glad to hear from you for no reason.",
    ),
    "follow_up": Phrase(
        "Of {meetings} {when}, you followed up {n}",
        "You met nobody for the first time {when}, as far as is known here",
        "Most encounters end there, with everybody; one line within a few days is what it takes.",
    ),
    "starts": Phrase(
        "Of {talks} {when}, you began {n}",
        "Nobody began a conversation by message {when}, as far as is known here",
    ),
    "answers": Phrase(
        "Of {talks} that others began {when}, you answered {n}",
        "Nobody began a conversation with you {when}, as far as is known here",
        "What is old can still be answered: people are gladder of it than one thinks.",
    ),
    "answered": Phrase(
        "Of {talks} that you began {when}, {n} found an answer",
        "You began no conversation by message {when}, as far as is known here",
        "Silence is mostly a full inbox, and seldom a no.",
    ),
    "fields": Phrase(
        "You were in contact with people of {fields} {when}",
        "No field of anybody whom you were in contact with {when} is known",
        "One person from another world is a beginning.",
    ),
    "agendas": Phrase(
        "Of your {of} critical few, you had noted by {until} what {n} needed or aimed at",
        "It is too early to say who your critical few are",
        "Ask one of them what they are after just now.",
    ),
    "roles": Phrase(
        "You were in touch with people in {n} of six roles {when}: {words}",
        "You have given nobody a role yet: `amity tie NAME --role mentor`",
        "Whoever held the missing one before may be glad of a letter.",
    ),
    "pushed": Phrase(
        "Of {people} whom you wrote to {when}, you wrote on into the silence of {n}",
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
    if not of or (unit == "count" and not count):
        gave = f", and gave {_times(count)}" if name == "gifts_to_asks" and count else ""
        return f"{phrase.nothing.format(when=when)}{gave}."
    said = phrase.said.format(
        when=when,
        until="now" if so_far else f"the end of {year}",
        n={0: "none", 1: "one"}.get(count, f"{count:,}"),
        of=f"{of:,}",
        share=percent(count / of),
        gave=_times(count),
        asked=_times(of),
        asks=_counted(of, "ask"),
        talks=_counted(of, "conversation"),
        people=_counted(of, "person", "people"),
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


def _counted(n: int, one: str, many: str = "") -> str:
    return f"one {one}" if n == 1 else f"{n:,} {many or one + 's'}"
