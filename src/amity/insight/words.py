"""The words that an owner may say of a tie."""

from __future__ import annotations

from typing import NamedTuple

from amity.language import mark

RINGS = {"inner": (80.0, 100.0), "middle": (50.0, 79.0), "outer": (0.0, 40.0)}  # the strengths that a ring spans
PINS = ("critical", "not_critical")
ROLES = ("client", "prospect", "colleague", "mentor", "collaborator", "friend", "family")
# How somebody is met beside the archive, and how that is said.
UNSEEN = {
    "live_together": mark("you live together"),
    "phone": mark("you phone"),
    "in_person": mark("you meet without a calendar"),
    "letters": mark("you write letters"),
    "elsewhere": mark("you are in touch elsewhere"),
}
PLACED = {
    "inner": mark("you placed them in your inner ring"),
    "middle": mark("you placed them in your middle ring"),
    "outer": mark("you placed them in your outer ring"),
}
BY = {
    "mail": mark("by mail"),
    "chat": mark("by chat"),
    "call": mark("by call"),
    "meeting": mark("by meeting"),
    "letter": mark("by letter"),
    "social": mark("by social"),
    "experience": mark("by experience"),
    "other": mark("by other"),
}
LOYAL = ("yes", "no")
STATES = {
    "ended": mark("you said that this has ended"),
    "ruptured": mark("you said that you fell out"),
    "died": mark("they have died"),
}


class Word(NamedTuple):
    """What the owner said of one tie; empty where they said nothing."""

    ring: str = ""
    pin: str = ""
    roles: tuple[str, ...] = ()
    kin: bool = False
    unseen: tuple[str, ...] = ()
    state: str = ""
    refused: tuple[str, ...] = ()  # roles that they do not have, whatever the archive suggests
    loyal: str = ""  # "yes" or "no": whether they would go out of their way for the owner
    asked: bool = False  # the owner was asked how else they are in touch, and has answered
