"""Texts for every step of an introduction, for the owner to edit and send: each with a way out that costs nothing.

To one and to the other separately, so that a no is heard by the owner alone; the lines that may be passed on; the mail
to both once both have said yes; and what follows. Only what is known is said, and no praise is made up.
"""

from __future__ import annotations

from msgspec import Struct

from amity.language import say
from amity.plan.words import first_name


class Side(Struct, frozen=True):
    """One of the two, as the texts need them."""

    name: str
    known_for: str = ""  # a position or a field: "Curator, Harbour Museum"
    why: str = ""  # what may be in it for them, in the owner's words or from their own


class Draft(Struct, frozen=True):
    """One text: for whom, about what, and the words."""

    to: tuple[str, ...]
    subject: str
    text: str


def ask(side: Side, other: Side, reason: str, *, other_willing: bool) -> Draft:
    """Ask one of the two whether they would like to meet the other. A no is easy, and stays between the two of you."""
    known = f" ({other.known_for})" if other.known_for else ""
    first = _first(other.name)
    lines = [
        _greeting(side.name),
        say("Would you like me to introduce you to {other}?", other=other.name + known),
        _sentence(say("I thought of it because of this: "), reason),
        _sentence(say("For you there might be this in it: "), side.why),
        say("{first} would be glad of it.", first=first)
        if other_willing
        else say("I have not asked {first} yet.", first=first),
        say(
            "If it does not suit you, for any reason or none, just say no or let this lie: I shall not ask again, and "
            "{first} will hear nothing of why.",
            first=first,
        ),
    ]
    return Draft((side.name,), say("{first} and you?", first=first), _joined(lines))


def blurb(side: Side, other: Side, reason: str) -> Draft:
    """Say in lines that may be passed on who somebody is, for the other to decide by."""
    lines = [
        _presented(side) or f"{side.name}.",
        _sentence("", reason),
        _sentence(say("What might interest you: "), other.why),
    ]
    return Draft((other.name,), say("About {side}", side=side.name), _joined(lines))


def double_mail(one: Side, other: Side, reason: str) -> Draft:
    """Introduce two people who have both said yes, in one mail to both."""
    first, second = _first(one.name), _first(other.name)
    both = first_name(one.name) and first_name(other.name)
    greeting = say("Dear {first}, dear {second},", first=first, second=second)
    lines = [
        greeting if both else say("Hello to you both,"),
        say("you both said that you would like to meet."),
        _presented(one),
        _presented(other),
        _sentence(say("Why I thought of the two of you: "), reason),
        say(
            "{first}, perhaps you write the first line? From here on it is yours, and there is no need "
            "to keep me in copy. Should the moment pass, that is quite all right too.",
            first=first,
        ),
    ]
    return Draft((one.name, other.name), say("{first}, meet {second}", first=first, second=second), _joined(lines))


def hear(one: Side, other: Side) -> Draft:
    """Ask one of two who were introduced whether they met."""
    lines = [
        _greeting(one.name),
        say(
            "did you and {first} find an hour for each other? If it came to nothing, that is quite all "
            "right; there is no need to explain.",
            first=_first(other.name),
        ),
    ]
    return Draft((one.name,), say("You and {first}", first=_first(other.name)), _joined(lines))


def learn(one: Side, other: Side) -> Draft:
    """Ask what came of a meeting, out of interest and not to count it."""
    lines = [
        _greeting(one.name),
        say(
            "I was glad to hear that you met {first}. Did something come of it for you? I ask out of "
            "interest alone, and a word is enough.",
            first=_first(other.name),
        ),
    ]
    return Draft((one.name,), say("You and {first}", first=_first(other.name)), _joined(lines))


def thank(side: Side, other: Side, came: str, *, introduced: bool) -> Draft:
    """Thank one of the two for their openness; where the other did not want it, without saying so much."""
    name = _first(other.name)
    if introduced:
        lines = [
            _greeting(side.name),
            say("thank you for being open to meeting {name}.", name=name)
            + (say(" {came} – I am glad.", came=_capital(came)) if came else ""),
        ]
    else:
        lines = [
            _greeting(side.name),
            say(
                "thank you for being open to meeting {name}; that was kind. The moment is not right, so I let it rest.",
                name=name,
            ),
        ]
    return Draft((side.name,), say("Thank you ({name})", name=name), _joined(lines))


def withdraw(side: Side, other: Side) -> Draft:
    """Answer a no with grace."""
    lines = [
        _greeting(side.name),
        say(
            "thank you for saying so plainly. {first} will hear nothing of it, and between us nothing changes.",
            first=_first(other.name),
        ),
    ]
    return Draft((side.name,), say("No need to explain"), _joined(lines))


def _greeting(name: str) -> str:
    return say("Dear {first},", first=first_name(name)) if first_name(name) else say("Hello,")


def _first(name: str) -> str:
    return first_name(name) or name


def _of(known_for: str) -> str:
    """Say a position within a sentence: a title and an organisation, or a field."""
    title, comma, organisation = known_for.partition(", ")
    return say("{title} at {organisation}", title=title, organisation=organisation) if comma else known_for


def _presented(side: Side) -> str:
    return say("{side} is {of}.", side=side.name, of=_of(side.known_for)) if side.known_for else ""


def _sentence(lead: str, words: str) -> str:
    """End words as a sentence; nothing where there are none."""
    plain = " ".join(words.split())
    if not plain:
        return ""
    return f"{lead}{plain if lead else _capital(plain)}" + ("" if plain[-1] in ".!?…" else ".")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _joined(lines: list[str]) -> str:
    greeting, *rest = [line for line in lines if line]
    return "\n\n".join([greeting, *(_capital(line) for line in rest)])
