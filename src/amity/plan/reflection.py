"""Put the mirror's figures into one kind sentence each, against the owner's own past."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from amity.language import label, mark, number, say, say_many

NEAR = 0.03  # shares nearer than this to one another are the same to a person


class Phrase(NamedTuple):
    """How a figure is said: of `n` and `of`, and where there is nothing to count."""

    said: str
    nothing: str
    kind: str = ""  # added where it moved away from what the method would have


PHRASES: Mapping[str, Phrase] = {
    "critical_time": Phrase(
        mark("{share} of your days of contact {when} were with the critical few"),
        mark("It is too early to say who your critical few are"),
        mark("One hour with one of them is enough to begin with."),
    ),
    "critical_met": Phrase(
        mark("Of your {of} critical few you met {n} in person twice or more {when}"),
        mark("It is too early to say who your critical few are"),
        mark("There is a plan for the year, under “Week”."),
    ),
    "gifts_to_asks": Phrase(
        mark("You gave {gave} and asked {asked} {when}"),
        mark("You noted no ask {when}"),
        mark("A small gift counts: a link, a name, a thought."),
    ),
    "cold_asks": Phrase(
        mark("{asks} {when}, {n} came cold"),
        mark("You noted no ask {when}"),
        mark("A word without any purpose, some weeks before, would warm the next one."),
    ),
    "only_asked": Phrase(
        mark("{people} whom you asked for something {when}, {n} heard from you only when you needed something"),
        mark("You noted no ask {when}"),
        mark("They may be glad to hear from you for no reason."),
    ),
    "follow_up": Phrase(
        mark("{meetings} {when}, you followed up {n}"),
        mark("You met nobody for the first time {when}, as far as is known here"),
        mark("Most encounters end there, with everybody; one line within a few days is what it takes."),
    ),
    "starts": Phrase(
        mark("{talks} {when}, you began {n}"),
        mark("Nobody began a conversation by message {when}, as far as is known here"),
    ),
    "answers": Phrase(
        mark("{talks} that others began {when}, you answered {n}"),
        mark("Nobody began a conversation with you {when}, as far as is known here"),
        mark("What is old can still be answered: people are gladder of it than one thinks."),
    ),
    "answered": Phrase(
        mark("{talks} that you began {when}, {n} found an answer"),
        mark("You began no conversation by message {when}, as far as is known here"),
        mark("Silence is mostly a full inbox, and seldom a no."),
    ),
    "fields": Phrase(
        mark("You were in contact with {fields} {when}"),
        mark("No field of anybody whom you were in contact with {when} is known"),
        mark("One person from another world is a beginning."),
    ),
    "agendas": Phrase(
        mark("Of your {of} critical few, you had noted by {until} what {n} needed or aimed at"),
        mark("It is too early to say who your critical few are"),
        mark("Ask one of them what they are after just now."),
    ),
    "roles": Phrase(
        mark("You were in touch with people in {n} of six roles {when}: {words}"),
        mark("You have given nobody a role yet"),
        mark("Whoever held the missing one before may be glad of a letter."),
    ),
    "pushed": Phrase(
        mark("{people} whom you wrote to {when}, you wrote on into the silence of {n}"),
        mark("You wrote to nobody {when}, as far as is known here"),
        mark("They will answer when they can; nothing needs to be done."),
    ),
}


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
    when = say("in {year} so far", year=year) if so_far else say("in {year}", year=year)
    if not of or (unit == "count" and not count):
        gave = say(", and gave {times}", times=_times(count)) if name == "gifts_to_asks" and count else ""
        return f"{say(phrase.nothing, when=when)}{gave}."
    told = say(
        phrase.said,
        when=when,
        until=say("now") if so_far else say("the end of {year}", year=year),
        n={0: label("of several", "none"), 1: label("of several", "one")}.get(count) or number(count),
        of=number(of),
        share=percent(count / of),
        gave=_times(count),
        asked=_times(of),
        asks=say_many("Of one ask", "Of {n:,} asks", of),
        talks=say_many("Of one conversation", "Of {n:,} conversations", of),
        people=say_many("Of one person", "Of {n:,} people", of),
        meetings=say_many("Of one first meeting", "Of {n:,} first meetings", of),
        fields=say_many("people of one field", "people of {n:,} fields", count),
        words=", ".join(label("role", word) for word in words) or say("none"),
    )
    against = ""
    if went.word == "same":
        against = say(", as in the years before")
    elif went.word and usual is not None:
        against = say("; it was {figure} in the years before", figure=figure(usual, unit))
    kind = f" {say(phrase.kind)}" if phrase.kind and not went.well else ""
    return f"{told}{against}.{kind}"


def percent(share: float) -> str:
    """Write a share as a person says it."""
    return say("{share:.0f} %", share=100 * share)


def figure(value: float, unit: str) -> str:
    """Write a figure of some unit."""
    if unit == "share":
        return percent(value)
    return say("{value:.1f} to 1", value=value) if unit == "ratio" else number(value, ".0f")


def _times(n: int) -> str:
    return {0: say("nothing"), 1: say("once"), 2: say("twice")}.get(n) or say("{n:,} times", n=n)
