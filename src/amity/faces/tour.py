"""The vault of the demo: a life to look around in, beside one's own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from amity.app import intake
from amity.app.desk import Desk
from amity.app.intake import ImportReport
from amity.demo import life
from amity.faces import door
from amity.faces.door import Door
from amity.store.db import FILE


def folder_of_life() -> Path:
    """Return where the demo's vault lies unless another place is named."""
    return door.data_folder("amity-demo")


def unlock_life(folder: Path, today: str | date | None = None) -> Door:
    """Open the door to the demo's vault, which is made where it is not there yet. Raises AmityError as `unlock`."""
    if not (folder / FILE).exists():
        door.make_vault(folder)
    return door.unlock(folder, today, otherwise=life.TODAY)


def take_in(desk: Desk) -> ImportReport:
    """Unpack the life beside its vault and read it, as anybody's files would be; what is known is not read again."""
    return intake.import_(desk, [str(path) for path in life.unpack(desk.database.folder / "files")])
