"""Tokens: what lets programs in."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, Words, call
from amity.language import label, mark, say


@click.command(cls=Verb)
@click.argument("name", default="", metavar="[NAME]", type=Words())
@click.option(
    "--may",
    multiple=True,
    metavar="SCOPE",
    type=click.Choice(("read", "write", "delete", "export")),
    help=mark("What it may do beside reading: write, delete (join, part and erase people) or export; repeat for more."),
)
@click.option("--revoke", default="", metavar="ID", type=Words(), help=mark("Take a token back, for good."))
def token(name: str, may: tuple[str, ...], revoke: str) -> None:
    """Make a token for a program, list those in force, or revoke one: amity token "my script" --may write.

    A token opens REST and MCP while `amity serve` runs. It is shown once; a digest alone is kept.
    """
    from amity.app import tokens

    if revoke and (name or may):
        raise click.UsageError(say("Revoke a token, or make one."))
    if may and not name:
        raise click.UsageError(say("Name the program that will use the token."))
    chosen = call()
    desk = chosen.desk()
    if name:
        made = tokens.mint(desk, name, may)
        if chosen.json:
            chosen.answer(made)
            return
        paper = chosen.paper()
        paper.line(made.secret)
        paper.gap()
        paper.line(say("It is shown this once. It may {scopes}.", scopes=", ".join(made.token.scopes)))
        paper.line(say("`amity token --revoke {token}` takes it back.", token=made.token.id))
        return
    if revoke:
        tokens.revoke(desk, revoke)
    held = tokens.held(desk)
    if chosen.json:
        chosen.answer(held)
        return
    from amity.faces.cli.paper import Column, Span

    paper = chosen.paper()
    if revoke:
        paper.line(say("{revoke} opens nothing any more.", revoke=revoke))
    if not held:
        paper.line(say('No program has a token: `amity token "my script"` makes one.'))
        return
    columns = [
        Column(label("column", "id")),
        Column(label("column", "program"), gives=True),
        Column(label("column", "may")),
        Column(label("column", "made (UTC)")),
    ]
    rows = [
        (
            Span(one.id, "quiet"),
            Span(one.name, "name"),
            ", ".join(one.scopes),
            Span(one.made[:16].replace("T", " "), "quiet"),
        )
        for one in held
    ]
    paper.table(columns, rows)
