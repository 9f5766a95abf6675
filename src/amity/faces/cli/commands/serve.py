"""Open the pages in the browser."""

from __future__ import annotations

import sys

import click

from amity.faces.cli.frame import Verb, call, extra
from amity.faces.door import Door
from amity.language import mark

PORT = 8765


@click.command(cls=Verb)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help=mark("0 takes any free one.")
)
@click.option("--no-browser", is_flag=True, help=mark("Print the address, and open no browser."))
def serve(port: int, no_browser: bool) -> None:
    """Open the pages in the browser. They are served to this machine alone, until Ctrl-C."""
    open_pages(call().door(), port, open_browser=not no_browser)


def open_pages(door: Door, port: int, *, open_browser: bool, attribution: tuple[str, ...] = ()) -> None:
    """Serve the pages of a vault until the owner stops it. Raises AmityError REFUSED where the extra is missing."""
    with extra("server"):
        from amity.faces import house
    sys.stdout.flush()  # what was told before stands before the address, in a pipe too
    house.serve(
        door.open,
        port=port,
        open_browser=open_browser,
        attribution=attribution,
        life=None if attribution else house.life_of_demo(),
    )
