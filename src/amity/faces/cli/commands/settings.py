"""The settings in force, and how to say others."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call
from amity.language import mark, say


@click.command(cls=Verb)
@click.argument("name", required=False)
@click.argument("value", required=False)
@click.option("--reset", is_flag=True, help=mark("Take back what was set: the file or the default holds again."))
def settings(name: str | None, value: str | None, reset: bool) -> None:
    """Show every setting with its value; with a name and a value, set it, which undo takes back."""
    from amity.faces import door
    from amity.settings import FILE, TABLE
    from amity.store.db import FILE as VAULT

    chosen = call()
    folder = door.folder_of(chosen.vault)
    if name is not None:
        _change(name, value, reset=reset)
        return
    values = door.settings_of(folder, fixed_day=door.day_of(chosen.today) is not None)
    if (folder / VAULT).is_file():
        values = chosen.desk().settings
    lines = [
        {"name": one.name, "value": getattr(values, one.name), "default": one.default, "meaning": say(one.meaning)}
        for one in TABLE
    ]
    if chosen.json:
        chosen.answer({"file": str(folder / FILE), "settings": lines})
        return
    from amity.faces.cli.paper import Column, Span

    paper = chosen.paper()
    rows = [(Span(str(one["name"]), "name"), _shown(one["value"])) for one in lines]
    paper.table([Column(""), Column("", right=True)], rows, [Span(str(one["meaning"]), "quiet") for one in lines])
    paper.gap()
    paper.line(
        say(
            "`amity settings minutes 45` sets one; so does a line in {file}, for example: minutes = 45",
            file=folder / FILE,
        )
    )


def _change(name: str, value: str | None, *, reset: bool) -> None:
    from amity.app import settings
    from amity.errors import AmityError, Code

    if (value is None) != reset:
        raise AmityError(
            Code.USAGE, say("Say a value, or --reset."), say("For example `amity settings {name} 45`.", name=name)
        )
    chosen = call()
    desk = chosen.desk()
    line = None if value is None else settings.set_(desk, name, value)
    words = (
        settings.reset(desk, name)
        if line is None
        else say("{name} is {value}: {meaning}", name=name, value=_shown(line.value), meaning=say(line.meaning))
    )
    if chosen.json:
        chosen.answer(line or words)
    else:
        chosen.paper().line(f"{words}.")


def _shown(value: object) -> str:
    return str(value) if value != "" else "–"
