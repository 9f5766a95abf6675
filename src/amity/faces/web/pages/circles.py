"""Circles: the critical few and the many, roles, the loyal few, the three rings, ten taps, and who mattered when."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from amity.app import circles, closeness, portfolio, roles
from amity.app.circles import Circles, Dormant, Loyal, Weighed
from amity.app.closeness import Agreed, BlindSpot, Comparison
from amity.app.desk import Desk
from amity.app.people import Named
from amity.app.roles import Roles
from amity.errors import AmityError, Code
from amity.faces.web.pictures import Picture, stream
from amity.insight.words import RINGS, ROLES, UNSEEN
from amity.language import mark

SLEEPING = 8  # dormant ties shown
PROPOSED = 12  # roles shown at a time


class Choices(Struct, frozen=True):
    """What the owner may say of a tie, in words."""

    rings: tuple[str, ...] = tuple(RINGS)
    pins: Mapping[str, str] = field(
        default_factory=lambda: {
            "critical": mark("always among the critical few"),
            "not_critical": mark("never among them"),
        }
    )
    roles: tuple[str, ...] = ROLES
    unseen: Mapping[str, str] = field(default_factory=lambda: dict(UNSEEN))
    states: Mapping[str, str] = field(
        default_factory=lambda: {
            "ended": mark("it has ended"),
            "ruptured": mark("we fell out"),
            "died": mark("they have died"),
        }
    )
    loyal: Mapping[str, str] = field(
        default_factory=lambda: {"yes": mark("yes, they would"), "no": mark("no, they would not")}
    )


CHOICES = Choices()


class CirclesContext(Struct, frozen=True):
    """What the page of circles shows."""

    shown: Circles
    asked: str  # who would have to leave if this one came in
    weighed: Weighed | None
    trouble: str
    roles: Roles
    loyal: Loyal
    pair: Comparison | None
    pairs: int  # that are worth asking about still, this one among them
    faces: tuple[Named, ...]  # to be placed
    rings: Mapping[str, tuple[Named, ...]]  # by your word
    agreed: Agreed
    spots: tuple[BlindSpot, ...]
    dormant: Dormant
    picture: Picture
    choices: Choices


def context(desk: Desk, entering: str = "") -> CirclesContext:
    """Gather the circles; `entering` is somebody of whom it is asked who would have to leave for them."""
    shown = circles.show(desk)
    weighed, trouble = None, ""
    if entering:
        try:
            weighed = circles.weigh(desk, entering)
        except AmityError as error:
            if error.code not in (Code.NOT_FOUND, Code.USAGE):
                raise
            trouble = str(error)
    pairs = closeness.questions(desk)
    return CirclesContext(
        shown=shown,
        asked=entering,
        weighed=weighed,
        trouble=trouble,
        roles=roles.list_(desk, PROPOSED),
        loyal=circles.loyal(desk),
        pair=pairs[0] if pairs else None,
        pairs=len(pairs),
        faces=closeness.faces(desk),
        rings=closeness.rings(desk),
        agreed=closeness.agreement(desk),
        spots=closeness.blind_spots(desk),
        dormant=circles.dormant(desk, SLEEPING),
        picture=stream(portfolio.show(desk)),
        choices=CHOICES,
    )
