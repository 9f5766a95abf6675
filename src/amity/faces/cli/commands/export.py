"""Leave with everything, and forget a person."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from amity.errors import AmityError, Code
from amity.faces.cli.frame import Person, Place, Verb, call
from amity.language import label, mark, number, say, say_many


@click.command(cls=Verb)
@click.argument("folder", metavar="DIR", type=Place(path_type=Path, file_okay=False))
@click.option("--with-private", "private", is_flag=True, help=mark("Also what you keep to yourself."))
@click.option("--replace", is_flag=True, help=mark("Write over an earlier export in DIR."))
def export(folder: Path, private: bool, replace: bool) -> None:
    """Write everything to DIR in open formats: vCard 4, iCalendar, a table of contacts, and JSON.

    Imported into a fresh vault they give the same people, contacts, facts and words of yours.
    """
    from amity.app import export

    chosen = call()
    done = export.write(chosen.desk(), folder, private=private, replace=replace)
    if chosen.json:
        chosen.answer(done)
        return
    from amity.faces.cli.paper import Column

    paper = chosen.paper()
    paper.line(
        say("Everything is in {folder}", folder=done.folder)
        + ("." if private else say(", but for what you keep private."))
    )
    columns = [Column(""), Column(label("column", "items"), right=True), Column(label("column", "bytes"), right=True)]
    paper.table(columns, [(one.name, number(one.items), number(one.bytes)) for one in done.files], indent=2)


@click.command(cls=Verb)
@click.argument("person", nargs=-1, metavar="PERSON", type=Person())
@click.option("--sweep", is_flag=True, help=mark("Only clear the file of what was erased while it was in use."))
@click.option("--yes", "sure", is_flag=True, help=mark("Do not ask."))
@click.option(
    "--backups", is_flag=True, help=mark("Delete the copies in the vault's own folder too, which hold them still.")
)
def forget(person: tuple[str, ...], sweep: bool, sure: bool, backups: bool) -> None:
    """Erase a person for good: cards, names, contacts, and what you said of them. This cannot be undone.

    A contact with others stays without them. What is imported again does not bring them back.
    """
    from amity.app import erasure, people

    chosen = call()
    desk = chosen.desk()
    who = " ".join(person)
    if sweep == bool(who):
        raise AmityError(
            Code.USAGE, say("Say whom to forget, or --sweep alone."), say("For example `amity forget p12`.")
        )
    if sweep:
        words = erasure.sweep(desk)
        chosen.answer(words) if chosen.json else chosen.paper().line(words)
        return
    if not sure and sys.stdin.isatty():
        page = people.show(desk, who)
        words = say(
            "Forget {name} ({id}, {contacts:,} contacts) for good? This cannot be undone.",
            name=page.name,
            id=page.id,
            contacts=page.contacts,
        )
        sure = click.confirm(words, err=True)
        who = page.id
    done = erasure.forget(desk, who, sure=sure, backups=backups)
    if chosen.json:
        chosen.answer(done)
        return
    paper = chosen.paper()
    paper.line(
        say(
            "{name} is forgotten. Erased: {contacts}, {cards}, {words} of yours. Left without them: {others}.",
            name=done.name,
            contacts=say_many("{n:,} contact", "{n:,} contacts", done.contacts),
            cards=say_many("{n:,} card", "{n:,} cards", done.cards),
            words=say_many("{n:,} word", "{n:,} words", done.decisions),
            others=say_many("{n:,} contact with others", "{n:,} contacts with others", done.changed),
        )
    )
    if done.backups:
        paper.line(say("These copies of the vault hold them still; --backups would have deleted them:"))
        for copy in done.backups:
            paper.line(copy, indent=2)
    paper.line(say("Copies and exports that you made elsewhere are yours to delete."))
