"""The yearly letter."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call
from amity.language import say


@click.command(cls=Verb)
@click.argument("year", required=False, type=click.IntRange(1, 9999))
def letter(year: int | None) -> None:
    """Tell a year in people: who came, who went, who gave, and what came of it; this year where none is given."""
    from amity.app import letter

    chosen = call()
    told = letter.write(chosen.desk(), year)
    if chosen.json:
        chosen.answer(told)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    paper.line(
        Span(say("{year}, a year in people", year=told.year), "head"),
        Span(say(" so far") if told.so_far else "", "quiet"),
    )
    for section in told.sections:
        paper.gap()
        paper.line(Span(section.heading, "name"))
        if section.words:
            paper.line(section.words)
        for one in section.people:
            paper.line(Span(one.person.name, "name"), f": {one.words}", lead="  · ")
        for deed in section.deeds:
            paper.line(Span(", ".join(deed.names), "name"), f": {deed.words}", lead="  · ")
