"""Nicknames."""

from __future__ import annotations

import click

from amity.faces.cli import frame
from amity.faces.cli.frame import Person, Verb, Words, key_option
from amity.language import mark, say


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.argument("nickname", type=Words())
@click.option("--forget", is_flag=True, help=mark("They are not called so: take the nickname off."))
@key_option
def call(person: str, nickname: str, forget: bool, key: str) -> None:
    """Give somebody a nickname, and find them under it.

    A note or diary entry that named only the nickname is theirs then. `amity undo` takes it back.
    """
    from amity.app import aliases

    chosen = frame.call()
    said = (aliases.uncall if forget else aliases.call)(chosen.desk(), person, nickname, key)
    if chosen.json:
        chosen.answer(said)
        return
    chosen.paper().line(say("{summary}. `amity undo` takes it back.", summary=said.summary))
