"""What the owner did, and the way back."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call, key_option
from amity.language import label, mark, say


@click.command(cls=Verb)
@click.option(
    "--limit", type=click.IntRange(0), default=50, show_default=True, metavar="N", help=mark("So many at most.")
)
def history(limit: int) -> None:
    """List what you did, newest first."""
    from amity.app import upkeep

    chosen = call()
    changes = upkeep.history(chosen.desk(), limit)
    if chosen.json:
        chosen.answer(changes)
        return
    from amity.faces.cli.paper import Column, Span

    paper = chosen.paper()
    if not changes:
        paper.line(say("You have done nothing yet."))
        return
    rows = [
        (
            Span(one.at.replace("T", " ").rstrip("Z")[:16], "quiet"),
            Span(say("taken back"), "note") if one.undone else "",
            Span(one.summary, "quiet") if one.undone else one.summary,
        )
        for one in changes
    ]
    paper.table([Column(label("column", "when (UTC)")), Column(""), Column(label("column", "what"), gives=True)], rows)


@click.command(cls=Verb)
@click.argument("count", type=click.IntRange(1), default=1, metavar="[N]")
@key_option
def undo(count: int, key: str) -> None:
    """Take back your last N changes, imports among them; one where nothing is said."""
    from amity.app import upkeep

    chosen = call()
    changes = upkeep.undo(chosen.desk(), count, key)
    if chosen.json:
        chosen.answer({"undone": changes})
        return
    paper = chosen.paper()
    for change in changes:
        paper.line(say("Taken back: {summary}.", summary=change.summary))
    paper.line(say("`amity redo` brings it back.") if changes else say("That was taken back already."))


@click.command(cls=Verb)
@key_option
def redo(key: str) -> None:
    """Bring back what was taken back last."""
    from amity.app import upkeep

    chosen = call()
    change = upkeep.redo(chosen.desk(), key)
    if chosen.json:
        chosen.answer(change)
    else:
        chosen.paper().line(f"{change.summary}.")
