"""The settings in force."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call


@click.command(cls=Verb)
def settings() -> None:
    """Show every setting with its value, and the file in which to write others."""
    from amity.faces import door
    from amity.settings import FILE, TABLE

    chosen = call()
    folder = door.folder_of(chosen.vault)
    values = door.settings_of(folder, fixed_day=door.day_of(chosen.today) is not None)
    lines = [
        {"name": one.name, "value": getattr(values, one.name), "default": one.default, "meaning": one.meaning}
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
    paper.line(f"Write others in {folder / FILE}, for example: minutes = 45")


def _shown(value: object) -> str:
    return str(value) if value != "" else "–"
