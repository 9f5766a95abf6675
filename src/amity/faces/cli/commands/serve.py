"""Open the pages in the browser."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from amity.errors import AmityError, Code
from amity.faces.cli.frame import Verb, call
from amity.faces.door import Door

if TYPE_CHECKING:
    from amity.faces.web.tour import Life

PORT = 8765


@click.command(cls=Verb)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes any free one.")
@click.option("--no-browser", is_flag=True, help="Print the address, and open no browser.")
def serve(port: int, no_browser: bool) -> None:
    """Open the pages in the browser. They are served to this machine alone, until Ctrl-C."""
    open_pages(call().door(), port, open_browser=not no_browser)


def open_pages(door: Door, port: int, *, open_browser: bool, attribution: tuple[str, ...] = ()) -> None:
    """Serve the pages of a vault until the owner stops it. Raises AmityError REFUSED where the extra is missing."""
    try:
        from amity.faces import house
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("amity"):
            raise
        raise AmityError(
            Code.REFUSED, f"The pages need the package {error.name}.", "Install amity[server], then try again."
        ) from error
    sys.stdout.flush()  # what was told before stands before the address, in a pipe too
    house.serve(
        door.open,
        port=port,
        open_browser=open_browser,
        attribution=attribution,
        life=None if attribution else _life(),
    )


def _life() -> Life:
    """Return the life of the demo, in a vault of its own that is made when somebody wants to look around."""
    from amity.demo import life
    from amity.faces import tour
    from amity.faces.web.tour import Life

    return Life(lambda: tour.unlock_life(tour.folder_of_life()).open(), tour.take_in, life.OWNER_NAME, life.ATTRIBUTION)
