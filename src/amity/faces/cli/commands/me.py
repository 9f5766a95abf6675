"""Who the owner is."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Mine, Verb, call, key_option
from amity.language import mark, say


@click.command(cls=Verb)
@click.option(
    "--add", multiple=True, metavar="ADDRESS", type=Mine(), help=mark("This address or name is yours; repeat for more.")
)
@click.option("--remove", multiple=True, metavar="ADDRESS", type=Mine(), help=mark("This one is not; repeat for more."))
@key_option
def me(add: tuple[str, ...], remove: tuple[str, ...], key: str) -> None:
    """Show which addresses and names are taken for you, and why; add to them, or take some away."""
    from amity.app import people

    chosen = call()
    desk = chosen.desk()
    owner = people.set_me(desk, add, remove, key) if add or remove else people.me(desk)
    if chosen.json:
        chosen.answer(owner)
        return
    from amity.faces.cli.paper import Column, Span

    paper = chosen.paper()
    if not owner.handles:
        paper.line(say("Nobody is taken for you yet. `amity me --add ADDRESS` says who you are."))
        return
    paper.line(say("These are taken for you:"))
    rows = [(Span(handle, "name"),) for handle in owner.handles]
    paper.table([Column("")], rows, [Span(say("because {why}", why=why), "quiet") for why in owner.because], indent=2)
