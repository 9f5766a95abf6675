"""The ties, strongest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Verb, call, filled
from amity.language import label, mark, number, say

if TYPE_CHECKING:
    from amity.faces.cli.frame import Call
    from amity.faces.cli.paper import Cell

LIMIT = 20
WIDE = 150  # from here on the reason has a column of its own


@click.command(cls=Verb)
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help=filled(mark("So many at most; {limit}, or all with --json."), limit=LIMIT),
)
@click.option("--backtest", is_flag=True, help=mark("How right Amity would have been on past days of your archive."))
def ties(limit: int | None, backtest: bool) -> None:
    """Show the people you have a tie with, strongest first, each with the first reason for it."""
    from amity.app import ties

    chosen = call()
    if backtest:
        _look_back(chosen)
        return
    most = limit if limit is not None else None if chosen.json else LIMIT
    if chosen.json:
        chosen.answer(ties.list_(chosen.desk(), most))
        return
    lines = ties.list_(chosen.desk(), None if most is None else most + 1)
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import MOMENTUM, bar, day, strength

    paper = chosen.paper()
    if not lines:
        paper.line(say("No ties yet: `amity import PATH` takes in what they can be seen from."))
        return
    if not lines[0].enough:
        paper.line(
            say("Too early to say: there is too little history yet to judge ties by, and these figures will move.")
        )
        paper.gap()
    shown = lines[:most]
    columns = [
        Column(label("column", "name"), gives=True),
        Column(label("column", "strength")),
        Column(label("column", "momentum")),
        Column(label("column", "last"), right=True),
        Column(label("column", "sent"), right=True),
        Column(label("column", "received"), right=True),
        Column(label("column", "met"), right=True),
    ]
    rows: list[Sequence[Cell]] = [
        (
            Span(line.name, "name"),
            f"{bar(line.strength, 5)} {line.strength:>3.0f}",
            say(MOMENTUM[line.momentum]),
            day(line.last),
            number(line.sent),
            number(line.received),
            number(line.met),
        )
        for line in shown
    ]
    bands = [strength(line.strength) for line in shown]
    reasons = [line.because[0].reason if line.because else "" for line in shown]
    if paper.fits and paper.width >= WIDE:
        columns += [Column(label("column", "segment")), Column(""), Column(label("column", "because"), gives=True)]
        more = zip(shown, bands, reasons, strict=True)
        rows = [
            (*row, label("segment", line.segment), band, Span(why, "quiet"))
            for row, (line, band, why) in zip(rows, more, strict=True)
        ]
        paper.table(columns, rows)
    else:
        words = zip(shown, bands, reasons, strict=True)
        notes = [
            Span(" · ".join(filter(None, (label("segment", line.segment), band, why))), "quiet")
            for line, band, why in words
        ]
        paper.table(columns, rows, notes)
    if len(lines) > len(shown):
        paper.gap()
        paper.line(Span(say("There are more; --limit shows them."), "quiet"))


def _look_back(chosen: Call) -> None:
    from amity.app import foresight

    found = foresight.backtest(chosen.desk())
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    for words in found.words:
        paper.line(words, lead="· ")
    ranked = [one.order for one in found.cuts if one.order is not None]
    if ranked:
        from amity.faces.cli.paper import Span

        mean = sum(ranked) / len(ranked)
        paper.gap()
        paper.line(
            Span(
                say(
                    "Somebody you were in touch with stood above somebody you were not {mean:.0%} of the time.",
                    mean=mean,
                ),
                "quiet",
            )
        )
