"""Say in words what shows that two people know each other: dated moments, as the owner's archive has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.owner import owner_of
from amity.language import label, say
from amity.model import Role
from amity.store import evidence, search
from amity.store.evidence import KeptMoment

SHOWN = 3
YOU = "you"
Two = tuple[int | None, int]  # persons by number; None is the owner


class Shown(Struct, frozen=True):
    """A dated moment that shows two people together."""

    date: date
    source: str
    what: str


def show_together(
    desk: Desk, moments: Mapping[Two, Iterable[int]], names: Mapping[int, str]
) -> dict[Two, tuple[Shown, ...]]:
    """Tell of each two their moments, the newest first, a few at most; `names` has everybody who stands in a pair."""
    wanted = {two: list(numbers) for two, numbers in moments.items()}
    numbers = {number for some in wanted.values() for number in some}
    kept = {moment.id: moment for moment in evidence.moments(desk.database, numbers)}
    behind = search.people_of(desk.database, {handle for moment in kept.values() for handle, _ in moment.parties})
    me = owner_of(desk.database).numbers

    def told(two: Two, some: Sequence[int]) -> tuple[Shown, ...]:
        found = sorted((kept[number] for number in some if number in kept), key=lambda one: -one.at)
        return tuple(Shown(desk.day(one.at), one.source, _what(one, two, names, behind, me)) for one in found[:SHOWN])

    return {two: told(two, some) for two, some in wanted.items()}


def _what(
    moment: KeptMoment,
    two: Two,
    names: Mapping[int, str],
    behind: Mapping[int, tuple[int, str]],
    me: Iterable[int],
) -> str:
    """Say what a moment shows of two people, in a few words and with its subject."""
    senders = {behind[handle][0] for handle, role in moment.parties if role is Role.FROM and handle in behind}
    by_me = any(role is Role.FROM and handle in me for handle, role in moment.parties)
    one, other = two
    subject = f": {moment.subject}" if moment.subject else ""
    mine, yours = label("from", "you"), label("to", "you")  # two cases of one word in some languages
    first, second = (mine if one is None else names[one]), names[other]
    everybody = {behind[handle][0] for handle, _ in moment.parties if handle in behind and handle not in me}
    if not moment.channel.has_direction:
        besides = len(everybody - {one, other})
        beside = say(", {besides} more there", besides=besides) if besides else ""
        return say(
            "{channel} of {first} and {second}{beside}{subject}",
            channel=label("channel", moment.channel.word),
            first=first,
            second=second,
            beside=beside,
            subject=subject,
        )
    if one is None:
        giver, to = (mine, second) if by_me else (second, yours)
    elif one in senders and other not in senders:
        giver, to = first, second
    elif other in senders and one not in senders:
        giver, to = second, first
    else:
        somebody = label("from", "somebody")
        giver = mine if by_me else next((name for person, name in behind.values() if person in senders), somebody)
        to = say("both {first} and {second}", first=first, second=second)
    if one is not None and len({one, other} & everybody) == 1:
        return say(
            "{channel} from {giver} where {earlier} had written before{subject}",
            channel=label("channel", moment.channel.word),
            giver=giver,
            earlier=to,
            subject=subject,
        )
    return say(
        "{channel} from {giver} to {to}{subject}",
        channel=label("channel", moment.channel.word),
        giver=giver,
        to=to,
        subject=subject,
    )
