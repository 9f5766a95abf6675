"""What is known of a person: say it, correct it, keep it private."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Place, Verb, Words, call, key_option
from amity.language import label, mark, say

if TYPE_CHECKING:
    from amity.app.known import FactLine
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, metavar="PERSON", type=Person())
def facts(person: tuple[str, ...]) -> None:
    """List what is known of a person: yours first, then what sources say, each with its day, its source and its id."""
    from amity.app import facts

    chosen = call()
    found = facts.list_(chosen.desk(), " ".join(person))
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    if not found:
        paper.line(say("Nothing is known of them yet: `amity fact PERSON FIELD VALUE` says something."))
        return
    draw(paper, found)


def draw(paper: Paper, found: Iterable[FactLine], *, indent: int = 0) -> None:
    """Write facts as a table."""
    from amity.faces.cli.paper import Column, Span

    columns = [
        Column(label("column", "id")),
        Column(label("column", "field")),
        Column("", gives=True),
        Column(label("column", "of")),
        Column(label("column", "from"), gives=True),
    ]
    paper.table(columns, [(Span(one.id, "quiet"), *_row(one)) for one in found], indent=indent)


def _row(one: FactLine) -> tuple[str, str, str, str]:
    label = "" if one.field in ("file", "photo") else one.label
    field = label if one.field == "custom" else one.field + (f" ({label})" if label else "")
    value = " ".join(one.value.split())
    there = say(", {time_there} there now", time_there=one.time_there) if one.time_there else ""
    marks = ", ".join(
        word
        for word, holds in (
            (say("private"), one.private),
            (say("you say otherwise"), one.outranked),
            (say("old by now"), one.stale),
        )
        if holds
    )
    return field, f"{value}{there}" + (f" [{marks}]" if marks else ""), one.on, _source(one.source)


def _source(named: str) -> str:
    """Shorten a source to its kind and the last part of its place."""
    kind, _, place = named.partition(" ")
    return f"{kind} {PurePath(place).name}".strip() if "/" in place or "\\" in place else named


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.argument("field", type=Words())
@click.argument("value", nargs=-1, required=True, type=Words())
@click.option("--label", default="", type=Words(), help=mark("Which one it is: daughter, home, wedding."))
@click.option("--zone", default="", metavar="ZONE", help=mark("The time zone of a place, such as Europe/Vienna."))
@click.option("--on", default="", metavar="DAY", help=mark("As of which day; today where nothing is said."))
@click.option("--source", default="", type=Words(), help=mark("Where you know it from; you, where nothing is said."))
@click.option(
    "--private", is_flag=True, help=mark("For your eyes alone: in no list, no export, no answer to a program.")
)
@key_option
def fact(
    person: str,
    field: str,
    value: tuple[str, ...],
    label: str,
    zone: str,
    on: str,
    source: str,
    private: bool,
    key: str,
) -> None:
    """Say something of a person: `amity fact Ana need "a flat in Vienna"`.

    `amity fields` lists the fields. Your word stands before what sources say, and `amity undo` takes it back.
    """
    from amity.app import facts

    chosen = call()
    desk = chosen.desk()
    told = facts.tell(
        desk,
        person,
        field,
        " ".join(value),
        label=label,
        zone=zone,
        on=on,
        source=source,
        private=private,
        key=key,
    )
    if chosen.json:
        chosen.answer(told)
    else:
        chosen.paper().line(say("Noted as {told}. `amity undo` takes it back.", told=told.id))


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.argument("fact", metavar="FACT")
@click.argument("value", nargs=-1, metavar="[VALUE]", type=Words())
@click.option("--on", default="", metavar="DAY", help=mark("As of which day."))
@click.option("--private/--shared", default=None, help=mark("For your eyes alone, or no longer."))
@click.option("--gone", is_flag=True, help=mark("It is not so, or no longer: take it out."))
@key_option
def correct(
    person: str, fact: str, value: tuple[str, ...], on: str, private: bool | None, gone: bool, key: str
) -> None:
    """Correct a fact, by its id from `amity facts PERSON`; also one that a source says."""
    from amity.app import facts

    chosen = call()
    found = facts.amend(chosen.desk(), person, fact, value=" ".join(value), on=on, private=private, gone=gone, key=key)
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    paper.line(say("Noted. `amity undo` takes it back."))
    if found:
        paper.gap()
        draw(paper, found)


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.argument("file", metavar="FILE", type=Place(path_type=Path))
@click.option(
    "--photo", is_flag=True, help=mark("It is a photo of them, to be shown on their page: PNG, JPEG, GIF or WebP.")
)
@click.option("--private", is_flag=True, help=mark("In no export."))
@key_option
def attach(person: str, file: Path, photo: bool, private: bool, key: str) -> None:
    """Keep a copy of FILE in the vault's folder, with a person; at most 20 MiB."""
    from amity.app import facts

    chosen = call()
    kept = facts.attach(chosen.desk(), person, file, photo=photo, private=private, key=key)
    if chosen.json:
        chosen.answer(kept)
    else:
        chosen.paper().line(
            say("{value} is kept as {kept}. `amity undo` takes it back.", value=kept.value, kept=kept.id)
        )


@click.command(cls=Verb)
@click.argument("name", nargs=-1, metavar="[NAME]", type=Words())
@click.option("--meaning", default="", type=Words(), help=mark("What stands in it."))
@key_option
def fields(name: tuple[str, ...], meaning: str, key: str) -> None:
    """List the fields that a fact may have; with NAME, make one of your own."""
    from amity.app import facts

    chosen = call()
    desk = chosen.desk()
    found = facts.define(desk, " ".join(name), meaning, key) if name else facts.fields(desk)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Column

    columns = [Column(label("column", "field")), Column("", gives=True), Column("")]
    chosen.paper().table(columns, [(one.name, say(one.meaning), say("yours") if one.yours else "") for one in found])


@click.command(cls=Verb)
@click.argument("name", nargs=-1, metavar="[NAME]", type=Words())
def groups(name: tuple[str, ...]) -> None:
    """List your households and groups with who is in them; `amity fact PERSON group NAME` puts somebody in one."""
    from amity.app import facts

    chosen = call()
    found = facts.sets(chosen.desk(), " ".join(name))
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not found:
        paper.line(say('There are none yet: `amity fact Ana group "Choir"` begins one.'))
    for one in found:
        paper.line(Span(one.name, "head"), Span(f" · {one.kind}", "quiet"))
        paper.line(", ".join(who.name for who in one.people), indent=2)


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, metavar="PERSON", type=Person())
@click.option("--not", "silent", is_flag=True, help=mark("Do not analyse them: no tie, no suggestions."))
@key_option
def analyse(person: tuple[str, ...], silent: bool, key: str) -> None:
    """Say whether a person may be analysed; with --not there is no tie with them, and nothing is suggested."""
    from amity.app import facts

    chosen = call()
    said = facts.analyse(chosen.desk(), " ".join(person), analysed=not silent, key=key)
    if chosen.json:
        chosen.answer({"summary": said})
    else:
        chosen.paper().line(say("{summary}. `amity undo` takes it back.", summary=said))
