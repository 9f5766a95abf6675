"""Warm paths: who can introduce the owner to somebody, step by step with the moments that show it."""

from __future__ import annotations

from msgspec import Struct

from amity.app import paths
from amity.app.desk import Desk
from amity.app.paths import Paths
from amity.errors import AmityError, Code


class PathsContext(Struct, frozen=True):
    """What the page of warm paths shows."""

    target: str
    field: str
    place: str
    found: Paths | None
    trouble: str


def context(desk: Desk, target: str, field: str, place: str) -> PathsContext:
    """Gather the ways to a person, an organisation, or people of a field or a place; nothing where none is asked."""
    if not any((target, field, place)):
        return PathsContext("", "", "", None, "")
    try:
        return PathsContext(target, field, place, paths.find(desk, target, field=field, place=place), "")
    except AmityError as error:
        if error.code not in (Code.USAGE, Code.NOT_FOUND):
            raise
        return PathsContext(target, field, place, None, str(error))
