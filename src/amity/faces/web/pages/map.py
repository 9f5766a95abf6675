"""The map of who is seen to know whom, with the worlds beside it as a table."""

from __future__ import annotations

from msgspec import Struct

from amity.app import worlds
from amity.app.desk import Desk
from amity.app.worlds import World, Worlds
from amity.language import say, say_many


class MapContext(Struct, frozen=True):
    """What the page of the map shows besides the picture, which a script draws."""

    found: Worlds
    rows: tuple[tuple[World, str], ...]  # each world with what joins them, where its name does not say it
    kept: str  # how fast bridges decay, in words


def context(desk: Desk) -> MapContext:
    """Gather the worlds and what the owner holds between them."""
    found = worlds.list_(desk, 50)
    before, _, after = say("the circle around {name}").partition("{name}")
    rows = tuple(
        (one, "" if one.name.startswith(before) and one.name.endswith(after) else one.why) for one in found.worlds
    )
    return MapContext(found, rows, _kept(found))


def _kept(found: Worlds) -> str:
    """Say how many ties of each kind that were alive a year ago had a contact since."""
    parts = []
    if found.bridges.ties:
        parts.append(
            say_many(
                "of {ties} ties into other circles that were alive a year ago, {n} still is",
                "of {ties} ties into other circles that were alive a year ago, {n} still are",
                found.bridges.alive,
                ties=found.bridges.ties,
            )
        )
    if found.embedded.ties:
        parts.append(
            say_many(
                "of {ties} ties within a circle that were alive a year ago, {n} still is",
                "of {ties} ties within a circle that were alive a year ago, {n} still are",
                found.embedded.alive,
                ties=found.embedded.ties,
            )
        )
    return "; ".join(parts)
