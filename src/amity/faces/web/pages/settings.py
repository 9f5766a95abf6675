"""Settings: every one with its meaning, grouped by what it is about."""

from __future__ import annotations

from msgspec import Struct

from amity.app import settings
from amity.app.desk import Desk
from amity.app.settings import SettingLine
from amity.language import mark
from amity.store.db import FILE, is_encrypted

GROUPS = (
    (mark("Language"), ("language",)),
    (mark("Your day"), ("minutes", "suggestions", "utc_offset")),
    (mark("Waiting and rest"), ("reply_days", "reminders", "rest_days", "agenda_days")),
    (mark("Ties"), ("horizon_days", "gifts_first", "balance", "true_friends")),
    (mark("Reading"), ("region", "join_sure")),
)
REST = mark("More")


class SettingsContext(Struct, frozen=True):
    """What the page of settings shows; with what was typed and why it did not fit."""

    groups: tuple[tuple[str, tuple[SettingLine, ...]], ...]
    wrong: str
    typed: str
    trouble: str
    copies: bool  # whether a browser may hold copies of pages


def context(desk: Desk, wrong: str = "", typed: str = "", trouble: str = "") -> SettingsContext:
    """Gather every setting; one that no group names stands under the last."""
    lines = {line.name: line for line in settings.list_(desk)}
    groups = [(title, tuple(lines.pop(name) for name in names if name in lines)) for title, names in GROUPS]
    listed = (*groups, (REST, tuple(lines.values())))
    return SettingsContext(listed, wrong, typed, trouble, copies=may_copy(desk))


def may_copy(desk: Desk) -> bool:
    """Tell whether a browser may hold copies of pages: never of a vault that is encrypted."""
    return not is_encrypted(desk.database.folder / FILE)
