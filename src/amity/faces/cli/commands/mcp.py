"""What assistants may ask, and what they wait for."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call, extra
from amity.language import mark, say


@click.command(cls=Verb)
@click.option("--write", is_flag=True, help=mark("Offer changes too; each waits until you confirm it."))
def mcp(write: bool) -> None:
    """Answer an assistant on stdin and stdout (Model Context Protocol). It reads; it sends and fetches nothing."""
    with extra("mcp"):
        import anyio

        from amity.faces import mcp as face
    door = call().door(ask=False)
    anyio.run(lambda: face.serve(door.open, write=write))


@click.command(cls=Verb)
@click.argument("errand", default="", metavar="[ERRAND]")
@click.option("--refuse", is_flag=True, help=mark("Do not do it."))
def confirm(errand: str, refuse: bool) -> None:
    """Show what programs asked for, and let one of them happen: amity confirm r3."""
    from amity.app import errands

    chosen = call()
    desk = chosen.desk()
    if errand:
        done = errands.answer(desk, errand, confirm=not refuse)
        if chosen.json:
            chosen.answer(done)
        else:
            chosen.paper().line(say("Refused.") if refuse else say("Done. `amity undo` takes it back."))
        return
    waiting = errands.waiting(desk)
    if chosen.json:
        chosen.answer(waiting)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not waiting:
        paper.line(say("Nothing waits for you."))
    for one in waiting:
        paper.line(Span(one.id, "name"), f" {one.operation} · {one.asked}", Span(f"  {one.summary}", "quiet"))
        for name, value in one.arguments.items():
            paper.line(f"{name}: {value}", indent=4)
