"""The words that an owner may say of a tie."""

from __future__ import annotations

from typing import NamedTuple

RINGS = {"inner": (80.0, 100.0), "middle": (50.0, 79.0), "outer": (0.0, 40.0)}  # the strengths that a ring spans
PINS = ("critical", "not_critical")
ROLES = ("client", "prospect", "colleague", "mentor", "collaborator", "friend", "family")
# How somebody is met beside the archive, and how that is said.
UNSEEN = {
    "live_together": "you live together",
    "phone": "you phone",
    "in_person": "you meet without a calendar",
    "letters": "you write letters",
    "elsewhere": "you are in touch elsewhere",
}
LOYAL = ("yes", "no")
STATES = {"ended": "you said that this has ended", "ruptured": "you said that you fell out", "died": "they have died"}


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
