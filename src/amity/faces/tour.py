"""The vault of the demo: a life to look around in, beside one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from msgspec.structs import replace

from amity.app import goals, intake
from amity.app.desk import Desk
from amity.app.intake import ImportReport
from amity.demo import life
from amity.faces import door
from amity.faces.door import Door
from amity.store import decisions
from amity.store.db import FILE

GOAL_KEY = "the goal of the demo"


def folder_of_life() -> Path:
    """Return where the demo's vault lies unless another place is named."""
    return door.data_folder("amity-demo")


def unlock_life(folder: Path, today: str | date | None = None) -> Door:
    """Open the door to the demo's vault, which is made where it is not there yet. Raises AmityError as `unlock`."""
    if not (folder / FILE).exists():
        door.make_vault(folder)
    return door.unlock(folder, today, otherwise=life.TODAY)


def take_in(desk: Desk) -> ImportReport:
    """Unpack the life beside its vault and read it, as anybody's files would be; what is known is not read again.

    The goal of that summer is set once, as it would have been then; whoever takes it back is not told of it again.
    """
    report = intake.import_(desk, [str(path) for path in life.unpack(desk.database.folder / "files")])
    if decisions.by_key(desk.database, GOAL_KEY) is None:
        then = replace(desk, today=life.SUMMER)
        goal = goals.add(then, life.GOAL, life.FIRST_NIGHT.isoformat(), life.WHY, life.NEEDS, key=GOAL_KEY)
        goals.aim(then, goal.id, life.TARGETS, key=f"{GOAL_KEY}:targets")
    return report
