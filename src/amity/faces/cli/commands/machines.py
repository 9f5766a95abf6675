"""Addresses that are no persons."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Person, Verb, call, key_option
from amity.language import label, mark, say


@click.command(cls=Verb)
@click.option(
    "--person", "persons", multiple=True, metavar="WHO", type=Person(), help=mark("This one is a person after all.")
)
@click.option("--machine", "machine", multiple=True, metavar="WHO", type=Person(), help=mark("This one is no person."))
@key_option
def machines(persons: tuple[str, ...], machine: tuple[str, ...], key: str) -> None:
    """Show the addresses set aside as robots, lists or roles, each with its reasons; or say what one is.

    What you say outranks what Amity thinks, and `amity undo` takes it back.
    """
    from amity.app import people

    chosen = call()
    desk = chosen.desk()
    told = [(who, False) for who in persons] + [(who, True) for who in machine]
    said = [
        people.tell_machine(desk, who, is_machine, f"{key}:{place}" if key else "")
        for place, (who, is_machine) in enumerate(told)
    ]
    if said and not chosen.json:
        chosen.paper().line("; ".join(said), say(". `amity undo` takes it back."))
        return
    aside = people.machines(desk)
    if chosen.json:
        chosen.answer(aside)
        return
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import reasons

    paper = chosen.paper()
    if not aside:
        paper.line(say("Nothing is set aside: every address seems to be a person's."))
        return
    columns = [
        Column(label("column", "id")),
        Column(label("column", "kind")),
        Column(label("column", "name"), gives=True),
    ]
    rows = [
        (
            Span(one.id, "quiet"),
            one.kind,
            Span(one.name, "name"),
        )
        for one in aside
    ]
    notes = [reasons(one.because) for one in aside]
    paper.table(columns, rows, [Span(words, "quiet") for words in notes])
    paper.gap()
    paper.line(Span(say("If one is a person after all: `amity machines --person ID`."), "quiet"))
