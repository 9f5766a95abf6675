"""The owner's own card, for whoever they meet."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call
from amity.language import mark


@click.command(cls=Verb)
@click.option("--qr", "drawn", is_flag=True, help=mark("As a code that a telephone reads."))
def card(drawn: bool) -> None:
    """Show your own card: your name, position and addresses, as a vCard, or with --qr as a code to be scanned."""
    from amity.app import card

    chosen = call()
    found = card.own(chosen.desk())
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    if not drawn:
        for line in found.text.splitlines():
            paper.line(line)
        return
    from amity.faces import qr
    from amity.faces.cli.paper import Span

    paper.line(Span(found.name, "head"))
    for line in found.lines:
        paper.line(line)
    paper.gap()
    for line in qr.lines(found.text):
        paper.put([Span(line, "code")])
