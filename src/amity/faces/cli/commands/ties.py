"""The ties, strongest first."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call

LIMIT = 20
WIDE = 118  # from here on the reason has a column of its own


@click.command(cls=Verb)
@click.option("--limit", type=click.IntRange(0), metavar="N", help=f"So many at most; {LIMIT}, or all with --json.")
def ties(limit: int | None) -> None:
    """Show the people you have a tie with, strongest first, each with the first reason for it."""
    from amity.app import ties

    chosen = call()
    most = limit if limit is not None else None if chosen.json else LIMIT
    lines = ties.list_(chosen.desk(), None if chosen.json or most is None else most + 1)
    if chosen.json:
        chosen.answer(lines if most is None else lines[:most])
        return
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import MOMENTUM, bar, day, strength

    paper = chosen.paper()
    if not lines:
        paper.line("No ties yet: `amity import PATH` takes in what they can be seen from.")
        return
    if not lines[0].enough:
        paper.line("Too early to say much: there is too little history yet, so these figures will move.")
        paper.gap()
    shown = lines[:most]
    wide = paper.fits and paper.width >= WIDE
    columns = [
        Column("name", gives=True),
        Column("strength"),
        Column("momentum"),
        Column("last contact", right=True),
        Column("sent", right=True),
        Column("received", right=True),
        Column("met", right=True),
        Column("segment"),
    ]
    reasons = [Span(line.because[0].reason if line.because else "", "quiet") for line in shown]
    rows = [
        (
            Span(line.name, "name"),
            f"{bar(line.strength, 5)} {line.strength:>3.0f} {strength(line.strength)}",
            MOMENTUM[line.momentum],
            day(line.last),
            f"{line.sent:,}",
            f"{line.received:,}",
            f"{line.met:,}",
            line.segment,
        )
        for line in shown
    ]
    if wide:
        columns.append(Column("because", gives=True))
        paper.table(columns, [(*row, reason) for row, reason in zip(rows, reasons, strict=True)])
    else:
        paper.table(columns, rows, reasons)
    if len(lines) > len(shown):
        paper.gap()
        paper.line(Span("There are more; --limit shows them.", "quiet"))
