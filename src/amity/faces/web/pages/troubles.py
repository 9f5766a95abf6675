"""Troubles: what could not be read, where it stands and why, and another try."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from msgspec import Struct

from amity.app import intake
from amity.app.desk import Desk
from amity.app.intake import TroubleLine
from amity.errors import AmityError, Code
from amity.faces.web.pages.sources import Named, is_live, named
from amity.language import say

ON_A_PAGE = 50


class TroubledSource(Struct, frozen=True):
    """Troubles of one source, and whether that can be read again: "here", "live" or "gone"."""

    named: Named
    source: str
    path: str
    again: str
    troubles: tuple[TroubleLine, ...]


class TroublesContext(Struct, frozen=True):
    """What the page of troubles shows."""

    sources: tuple[TroubledSource, ...]
    page: int
    more: bool


def context(desk: Desk, page: int) -> TroublesContext:
    """Gather one page of what was set aside, newest first; `page` counts from 1."""
    found = intake.troubles(desk, ON_A_PAGE + 1, (page - 1) * ON_A_PAGE)
    groups = groupby(found[:ON_A_PAGE], lambda one: (one.source, one.path))
    return TroublesContext(
        tuple(
            TroubledSource(named(desk, source, path), source, path, _again(path), tuple(group))
            for (source, path), group in groups
        ),
        page,
        len(found) > ON_A_PAGE,
    )


def to_retry(desk: Desk, source: str, path: str) -> tuple[str, str]:
    """Return the path to import again for a source with troubles, and as what: an archive as whatever is in it.

    Raises AmityError NOT_FOUND where nothing of this source was set aside, REFUSED where it cannot be read from here.
    """
    if not any((line.source, line.path) == (source, path) and line.troubles for line in intake.sources(desk)):
        raise AmityError(Code.NOT_FOUND, say("Nothing of that was set aside."))
    if _again(path) != "here":
        raise AmityError(
            Code.REFUSED, say("That cannot be read again from here."), say("Choose the file again under Sources.")
        )
    outside, inside, _ = path.partition("!/")
    return outside, "" if inside else source


def _again(path: str) -> str:
    if is_live(path):
        return "live"
    return "here" if Path(path.partition("!/")[0]).exists() else "gone"
