"""The people of whom no assistant is told anything."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Person, Verb, call, key_option
from amity.language import mark, say


@click.command(cls=Verb)
@click.argument("person", default="", metavar="[PERSON]", type=Person())
@click.option("--show", is_flag=True, help=mark("They may be shown again."))
@key_option
def hide(person: str, show: bool, key: str) -> None:
    """Never show somebody to an assistant (MCP); without a name, list who is hidden. Everything else shows them."""
    from amity.app import discretion

    if show and not person:
        raise click.UsageError(say("Say who may be shown again."))
    chosen = call()
    desk = chosen.desk()
    if person:
        said = discretion.hide(desk, person, hidden=not show, key=key)
        if chosen.json:
            chosen.answer(said)
        else:
            chosen.paper().line(say("{summary}. `amity undo` takes it back.", summary=said))
        return
    hidden = discretion.list_(desk)
    if chosen.json:
        chosen.answer(hidden)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not hidden:
        paper.line(say("Nobody is hidden from assistants."))
    for one in hidden:
        paper.line(Span(one.id, "quiet"), " ", Span(one.name, "name"))
