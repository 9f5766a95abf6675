"""The worlds that your people form."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Verb, call, limit_option
from amity.language import label, say, say_many

if TYPE_CHECKING:
    from amity.app.worlds import Worlds
    from amity.faces.cli.paper import Paper

LIMIT = 10


@click.command(cls=Verb)
@limit_option(LIMIT, 500)
def worlds(limit: int) -> None:
    """Show the worlds that your people form, by who is seen with whom, and what you hold between them.

    A world is thin where it hangs on two living ties of yours at most. `amity serve` shows them as a map.
    """
    from amity.app import worlds

    chosen = call()
    found = worlds.list_(chosen.desk(), limit)
    if chosen.json:
        chosen.answer(found)
    else:
        _draw(chosen.paper(), found)


def _draw(paper: Paper, found: Worlds) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import day

    if found.worlds:
        columns = [
            Column(label("column", "World"), gives=True),
            Column(label("column", "People"), right=True),
            Column(label("column", "Your ties"), right=True),
            Column(label("column", "Alive"), right=True),
            Column(label("column", "Last contact")),
            Column(label("column", "Closest to you"), gives=True),
        ]
        rows = [
            (
                Span(one.name + (say(" (thin)") if one.thin else ""), "name"),
                f"{one.people:,}",
                f"{one.ties:,}",
                f"{one.living:,}",
                day(one.last),
                ", ".join(who.name for who in one.known),
            )
            for one in found.worlds
        ]
        paper.table(columns, rows)
        paper.gap()
    else:
        paper.line(say("No worlds are seen: too few of your people stand together in what you imported."))
    paper.line(
        say(
            "Effective size {effective_size:,} of {contacts:,} contacts; constraint {constraint}.",
            effective_size=found.effective_size,
            contacts=found.contacts,
            constraint=found.constraint,
        )
    )
    for words, kept in ((say("into other circles"), found.bridges), (say("within a circle"), found.embedded)):
        if kept.ties:
            paper.line(
                say_many(
                    "Of {ties:,} ties {where} that were alive a year ago, {n:,} still is.",
                    "Of {ties:,} ties {where} that were alive a year ago, {n:,} still are.",
                    kept.alive,
                    ties=kept.ties,
                    where=words,
                )
            )
    for note in found.notes:
        paper.line(Span(note, "quiet"))
