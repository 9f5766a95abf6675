"""Are the derived tables older than evidence and decisions, or of another day? Then run the river.

What is worked out of fresh tables is kept here too, as long as they are those of the same state: for the process, or in
the vault.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar, cast

import msgspec

from amity.app.desk import Desk
from amity.language import spoken
from amity.store import answers, derived, errands
from amity.store.db import FILE, derived_schema

FORM = 1  # of the answers that are kept; another number gives them anew
_Made = TypeVar("_Made")


class _Shelf:
    """What was worked out for one state of one vault; a server opens the vault anew for every page."""

    def __init__(self, state: tuple[object, ...]) -> None:
        self.state = state
        self.made: dict[Hashable, object] = {}


_shelf = _Shelf(())


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


def remember(desk: Desk, name: Hashable, work_out: Callable[[], _Made]) -> _Made:
    """Return what this process worked out before under a name, over any connection, while the state is the same.

    For what hangs on nothing but the state and the language that is spoken, and is changed by nobody. The derived
    tables must be fresh, so inside a transaction, where they may be on their way, it is worked out anew.
    """
    global _shelf
    database = desk.database
    if database.connection.in_transaction:
        return work_out()
    file = (database.folder / FILE).stat()
    now = (file.st_dev, file.st_ino, spoken(), *state(desk))
    shelf = _shelf
    if shelf.state != now:
        shelf = _shelf = _Shelf(now)
    if name not in shelf.made:
        shelf.made[name] = work_out()
    return cast(_Made, shelf.made[name])


def keep(desk: Desk, name: str, wanted: type[_Made], work_out: Callable[[], _Made]) -> _Made:
    """Return the whole answer of type `wanted` to a question, as it was kept in the vault while the state is the same.

    `name` says what was asked, and with what. As `remember`, beyond the end of the process: what takes numpy to work
    out is read without it.
    """
    return remember(desk, name, lambda: _kept(desk, name, wanted, work_out))


def _kept(desk: Desk, name: str, wanted: type[_Made], work_out: Callable[[], _Made]) -> _Made:
    database = desk.database
    if database.connection.in_transaction:
        return work_out()
    ground = msgspec.json.encode((FORM, spoken(), *state(desk)))
    body = answers.answer(database, name, ground)
    if body is not None:
        return msgspec.json.decode(body, type=wanted)
    made = work_out()
    with database.transaction():
        answers.put_answer(database, name, ground, msgspec.json.encode(made))
    return made
