"""Note a contact in a sentence, and see what bodies showed."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Person, Verb, Words, call, key_option, kind_option, limit_option
from amity.language import mark, quoted, say

KINDS = ("promise", "request", "thanks", "introduction", "signature")


@click.command(cls=Verb)
@click.argument("sentence", nargs=-1, required=True, metavar="SENTENCE…", type=Words())
@key_option
def log(sentence: tuple[str, ...], key: str) -> None:
    """Note a contact, a gift, an ask or a promise in a sentence of your own, with or without quotes.

    \b
    amity log coffee with Ana yesterday
    amity log "called Bo, 20 minutes, about the move"
    amity log "sent Ana the paper on batteries; she offered to introduce me to Ben"
    """
    from amity.app import entries, ledger
    from amity.faces.cli.commands.entries import confirmed, show_noted

    chosen = call()
    desk, told = chosen.desk(), " ".join(sentence)
    proposals = entries.understand(desk, told)
    if proposals:
        if confirmed(proposals):
            show_noted(entries.tell(desk, told, key))
        return
    noted = ledger.log(desk, told, key)
    if chosen.json:
        chosen.answer(noted)
        return
    paper = chosen.paper()
    paper.line(say("Noted: {summary}.", summary=noted.summary))
    new = [name for name, number in zip(noted.people, noted.ids, strict=True) if not number]
    if new:
        paper.line(say("New to your vault: {new}.", new=", ".join(new)))
    paper.line(say("`amity undo` takes it back."))


@click.command(cls=Verb)
@click.argument("person", default="", metavar="[PERSON]", type=Person())
@kind_option(KINDS)
@limit_option(20)
@click.option("--accept", metavar="ID", help=mark("Note this one in the ledger, such as 12."))
@click.option("--refuse", metavar="ID", help=mark("This one is nothing of the kind; it is not proposed again."))
@click.option("--waiting", is_flag=True, help=mark("Only what was neither noted nor refused."))
@key_option
def found(
    person: str, kind: str | None, limit: int, accept: str | None, refuse: str | None, waiting: bool, key: str
) -> None:
    """Show what bodies showed, newest first, each with its sentence; `amity import --read-bodies` looks for it."""
    from amity.app import ledger

    chosen = call()
    if accept or refuse or waiting:
        _answer(limit, accept, refuse, key)
        return
    held = ledger.found(chosen.desk(), person, kind or "", limit)
    if chosen.json:
        chosen.answer(held)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not held:
        paper.line(say("Nothing was found in bodies; `amity import --read-bodies` looks into them."))
    for one in held:
        paper.line(Span(one.name, "name"), f" · {one.kind} · {one.on.day} {one.on:%b %Y}")
        paper.line(Span(quoted(one.sentence), "said"), indent=4)
        if one.values:
            paper.line(Span(", ".join(f"{name} {value}" for name, value in one.values.items()), "quiet"), indent=4)


@click.command(cls=Verb)
@click.argument("query", nargs=-1, required=True, metavar="WORDS…", type=Words())
@limit_option(20)
def search(query: tuple[str, ...], limit: int) -> None:
    """Find messages by their words, newest first, among those imported with --keep-text."""
    from amity.app import ledger

    chosen = call()
    held = ledger.search_text(chosen.desk(), " ".join(query), limit)
    if chosen.json:
        chosen.answer(held)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not held:
        paper.line(say("No kept words hold that; `amity import --keep-text` keeps them."))
    for one in held:
        paper.line(
            Span(one.subject or say("(no subject)"), "name"), f" · {', '.join(one.people)} · {one.on.isoformat()}"
        )
        paper.line(Span(one.excerpt, "quiet"), indent=4)


def _answer(limit: int, accept: str | None, refuse: str | None, key: str) -> None:
    """Note or refuse what was found, or list what waits."""
    from amity.app import entries
    from amity.faces.cli.commands.entries import show_noted

    chosen = call()
    desk = chosen.desk()
    if accept:
        show_noted((entries.accept(desk, f"found {accept.removeprefix('found ')}", key),))
        return
    if refuse:
        entries.refuse(desk, f"found {refuse.removeprefix('found ')}", key)
    waiting = entries.proposals(desk, limit)
    if chosen.json:
        chosen.answer(waiting)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not waiting:
        paper.line(say("Nothing is waiting."))
    for one in waiting:
        paper.line(Span(one.id, "quiet"), f" {one.words} · {one.on.isoformat()}")
        paper.line(Span(quoted(one.evidence), "said"), indent=4)
