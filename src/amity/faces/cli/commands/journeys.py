"""Where you will be, and whom you know there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Verb, Words, call, key_option
from amity.language import mark

if TYPE_CHECKING:
    from amity.app.journeys import JourneyLine
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.argument("sentence", type=Words(), required=False, default="")
@click.option("--from", "first", default="", metavar="DATE", help=mark("The first day; else as the sentence says."))
@click.option("--until", "last", default="", metavar="DATE", help=mark("The last day."))
@click.option("--drop", default="", metavar="ID", help=mark("You will not go."))
@key_option
def journey(sentence: str, first: str, last: str, drop: str, key: str) -> None:
    """Say where you will be, and see whom you know there; with nothing said, the journeys ahead.

    From two weeks before, those people come up in your days.

    \b
    amity journey "in Berlin next week"
    amity journey Lisbon --from 2027-05-01 --until 2027-05-04
    """
    from amity.app import journeys

    chosen = call()
    desk = chosen.desk()
    if drop:
        said = journeys.drop(desk, drop, key)
        if chosen.json:
            chosen.answer(said)
        else:
            chosen.paper().line(said)
        return
    found = (journeys.add(desk, sentence, first, last, key),) if sentence else journeys.list_(desk)
    if chosen.json:
        chosen.answer(found[0] if sentence else found)
        return
    tell(chosen.paper(), found)


def tell(paper: Paper, found: tuple[JourneyLine, ...]) -> None:
    """Write journeys down, each with whom you know there."""
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day
    from amity.language import say

    if not found:
        paper.line(say('No journey is ahead. `amity journey "in Berlin next week"` says one.'))
    for line in found:
        days = day(line.first) if line.first == line.last else f"{day(line.first)} – {day(line.last)}"
        paper.line(Span(line.place, "head"), Span(f" · {days} · {line.id}", "quiet"))
        for one in line.people:
            paper.line(
                Span(one.person.name, "name"),
                f": {one.known}  ",
                Span(one.person.id, "warm"),
                lead="· ",
            )
        if not line.people:
            paper.line(say("Nobody is known to live there. Say where somebody lives: `amity fact NAME place Berlin`."))
