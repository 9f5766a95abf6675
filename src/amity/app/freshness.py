"""Are the derived tables older than evidence and decisions, or of another day? Then run the river."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amity.app.desk import Desk
from amity.store import derived, errands
from amity.store.db import derived_schema


def refresh(desk: Desk) -> None:
    """Bring the derived tables up to date with evidence, decisions, settings and today; at once where they are."""
    if is_fresh(desk, derived.marks(desk.database)):
        return
    # The river needs numpy, which a read of fresh tables does without.
    from amity.app import river

    with desk.database.transaction():
        marks = derived.marks(desk.database)
        if not is_fresh(desk, marks):
            river.run(desk, marks)


def is_fresh(desk: Desk, marks: Mapping[str, Any]) -> bool:
    """Tell whether the marks are those of this vault, as of this day."""
    return (
        marks.get("schema") == derived_schema()[1]
        and marks.get("end") == desk.end
        and marks.get("settings") == desk.judged_by
        and marks.get("newest") == list(derived.newest(desk.database))
    )


def state(desk: Desk) -> tuple[object, ...]:
    """Return plain values that are the same as long as every read answers the same, but for the clock on the wall."""
    return (derived_schema()[1], desk.end, desk.settings, derived.newest(desk.database), errands.count(desk.database))
