"""Write contacts as a table of interactions that reads back as the contacts that they were."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from amity import handles
from amity.model import Channel, Depth, Party, Role
from amity.sources import exact
from amity.sources.encoded import clean
from amity.sources.interactions import COLUMNS
from amity.sources.lines import moment_time
from amity.store.outgoing import WholeMoment

HEADER = (*COLUMNS, "delivered")


def row(moment: WholeMoment, parties: Sequence[Party]) -> list[str]:
    """Write one contact, its participants with the names that are to stand beside them."""
    marks = {name for name, sign in exact.SIGNS.items() if moment.signs & sign}
    if moment.imprecise:
        marks.add(exact.IMPRECISE)
    return [
        moment_time(moment.at),
        Channel(moment.channel).word,
        *(_people(party for party in parties if party.role is role) for role in (Role.FROM, Role.TO, Role.CC)),
        moment.subject,
        "" if moment.depth == Depth.ORDINARY else Depth(moment.depth).name.lower(),
        str(moment.minutes) if moment.minutes else "",
        exact.write_contact(moment.key, moment.same, frozenset(marks)),
        _people(party for party in parties if party.role is Role.DELIVERED),
    ]


def _people(parties: Iterable[Party]) -> str:
    return "; ".join(map(_party, parties))


def _party(party: Party) -> str:
    """Write a participant as people do where that reads back as the same, else exactly."""
    name, handle = party.name, party.handle
    shown = name if handle.kind == "name" and name else f"{name} <{handle.value}>" if name else handle.value
    if not set(shown) & set(';"') and handles.parse(clean(shown)) == (name, handle):
        return shown
    return f"<{exact.write_party(name, handle)}>"
