"""Who is who: merge what is one person, split what is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, key_option
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.who import Verdict


@click.command(cls=Verb)
@click.argument("people", nargs=-1, required=True, metavar="PERSON PERSON...", type=Person())
@key_option
def merge(people: tuple[str, ...], key: str) -> None:
    """Say that several people are one.

    The id that was there first stands, and the others lead to it; every address keeps what passed over it. Your word
    outranks what Amity thinks, and `amity undo` takes it back.
    """
    from amity.app import who

    _tell(who.merge(call().desk(), people, key))


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.argument("handles", nargs=-1, metavar="[ADDRESS]...")
@click.option(
    "--source", default="", metavar="SOURCE", help=mark("All that this source alone says of them, such as vcard.")
)
@click.option(
    "--from", "other", default="", metavar="PERSON", type=Person(), help=mark("Say that these two are not one.")
)
@key_option
def split(person: str, handles: tuple[str, ...], source: str, other: str, key: str) -> None:
    """Take addresses back out of a person, with all that passed over them, as a person of their own.

    With --from, say that two people are not one, so that they are never offered or merged again. Your word outranks
    every card that is read later, and `amity undo` takes it back.
    """
    from amity.app import who

    desk = call().desk()
    _tell(who.keep_apart(desk, person, other, key) if other else who.split(desk, person, handles, source, key))


def _tell(said: Verdict) -> None:
    chosen = call()
    if chosen.json:
        chosen.answer(said)
        return
    became = say(" It is {other} now.", other=said.other) if said.other else ""
    chosen.paper().line(say("{summary}.{became} `amity undo` takes it back.", summary=said.summary, became=became))
