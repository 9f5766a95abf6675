"""The ledger: what was given, asked and promised, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, Words, call, key_option, kind_option, limit_option
from amity.language import label, mark, plain_day, say
from amity.ledger.entries import KINDS, SORTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amity.app.entries import EntryLine, Proposal
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.argument("person", nargs=-1, type=Person())
@kind_option(KINDS)
@limit_option(20)
def ledger(person: tuple[str, ...], kind: str | None, limit: int) -> None:
    """Tell what passed between you and a person, or everybody: a story, what is open, and every entry."""
    from amity.app import entries

    chosen = call()
    found = entries.balance(chosen.desk(), " ".join(person), kind or "", limit)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    paper.line(Span(found.person.name if found.person else say("The ledger"), "head"))
    for words in found.story:
        paper.line(words, lead="· ", indent=2)
    if found.loops:
        paper.gap()
        paper.line(Span(say("Open"), "head"))
        for loop in found.loops:
            paper.line(
                loop.words,
                Span(say(" · since {day}, {entry}", day=plain_day(loop.since), entry=loop.entry), "quiet"),
                lead="· ",
                indent=2,
            )
    if found.entries:
        paper.gap()
        _list(paper, found.entries)
    if found.total > len(found.entries):
        paper.line(Span(say("{total:,} more; --limit shows them.", total=found.total - len(found.entries)), "quiet"))


def _list(paper: Paper, entries: Iterable[EntryLine]) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import day

    columns = [Column(""), Column(""), Column("", gives=True)]
    rows = [(Span(one.id, "quiet"), day(one.on), f"{one.words}{_ending(one)}") for one in entries]
    paper.table(columns, rows)


def _ending(one: EntryLine) -> str:
    came = f" → {one.outcome}" if one.outcome else ""
    return f"{came} ({label('status', one.status).replace('_', ' ')})"


@click.command(cls=Verb)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("person", type=Person())
@click.argument("text", nargs=-1, required=True, type=Words())
@click.option(
    "--with", "others", multiple=True, metavar="PERSON", type=Person(), help=mark("Of an introduction: to whom.")
)
@click.option("--theirs", is_flag=True, help=mark("They did it, not you."))
@click.option("--sort", type=click.Choice(SORTS), help=mark("What kind of gift."))
@click.option("--on", "day", default="", metavar="DATE", help=mark("When; today if it is not said."))
@click.option("--from", "parent", default="", metavar="ENTRY", help=mark("The entry that led to it."))
@click.option("--status", default="", metavar="STATUS", help=mark("How it stands, such as answered or kept."))
@key_option
def note(
    kind: str,
    person: str,
    text: tuple[str, ...],
    others: tuple[str, ...],
    theirs: bool,
    sort: str | None,
    day: str,
    parent: str,
    status: str,
    key: str,
) -> None:
    """Note a gift, ask, introduction, recommendation, thanks or promise in parts; `amity log` takes a sentence."""
    from amity.app import entries

    chosen = call()
    by = "them" if theirs else "me"
    noted = entries.note(
        chosen.desk(),
        kind,
        [person, *others],
        " ".join(text),
        by=by,
        sort=sort or "",
        on=day,
        parent=parent,
        status=status,
        key=key,
    )
    show_noted((noted,))


def show_noted(noted: tuple[EntryLine, ...]) -> None:
    """Say what was noted."""
    chosen = call()
    if chosen.json:
        chosen.answer(noted if len(noted) != 1 else noted[0])
        return
    from amity.faces.cli.paper import Span
    from amity.ledger.entries import STATUS

    paper = chosen.paper()
    paper.line(say("Noted:"))
    for one in noted:
        went_on = one.outcome or one.status != STATUS[one.kind][0]
        paper.line(Span(one.id, "quiet"), f" {one.words}{_ending(one) if went_on else ''}.")
    paper.line(say("`amity undo` takes it back."))


@click.command(cls=Verb)
@click.argument("entry")
@click.argument("outcome", nargs=-1, type=Words())
@click.option(
    "--status", default="", metavar="STATUS", help=mark("How it stands, such as answered, declined, kept or met.")
)
@click.option("--told/--not-told", default=None, help=mark("Whether those who made it possible have heard of it."))
@click.option("--from", "parent", default="", metavar="ENTRY", help=mark("The entry that led to it."))
@key_option
def outcome(entry: str, outcome: tuple[str, ...], status: str, told: bool | None, parent: str, key: str) -> None:
    """Say what came of an entry: amity outcome e12 they met and founded a choir --told."""
    from amity.app import entries

    desk = call().desk()
    show_noted(
        (entries.amend(desk, entry, status=status, outcome=" ".join(outcome), told=told, parent=parent, key=key),)
    )


@click.command(cls=Verb)
@click.argument("entry", default="", metavar="[ENTRY]")
def ripple(entry: str) -> None:
    """Show what came of a gift or an introduction, and what came of that, as a tree."""
    from amity.app import entries

    chosen = call()
    branches = entries.ripple(chosen.desk(), entry)
    if chosen.json:
        chosen.answer(branches)
        return
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    paper = chosen.paper()
    if not branches:
        paper.line(say("No ripples yet: `amity outcome ENTRY --from ENTRY` says what led to what."))
    for depth, one in ((branch.depth, branch.entry) for branch in branches):
        words = f"{one.words}{_ending(one)}"
        lead = "└ " if depth else ""
        paper.line(words, Span(f" · {day(one.on)}, {one.id}", "quiet"), lead=lead, indent=2 * depth)


@click.command(cls=Verb)
@click.argument("query", nargs=-1, required=True, metavar="WORDS…", type=Words())
def recommend(query: tuple[str, ...]) -> None:
    """Who knows a good …? What was recommended before, and who may know."""
    from amity.app import entries

    chosen = call()
    found = entries.recommend(chosen.desk(), " ".join(query))
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if found.recommendations:
        paper.line(Span(say("Recommended before"), "head"))
        _list(paper, found.recommendations)
    if found.may_know:
        paper.line(Span(say("May know"), "head"))
        for who, why in found.may_know:
            paper.line(Span(who.name, "name"), Span(f" · {why}", "quiet"), indent=2)
    if not found.recommendations and not found.may_know:
        paper.line(say("Nobody in your vault speaks of that; a path may lead to somebody: `amity path`."))


def confirmed(proposals: tuple[Proposal, ...]) -> bool:
    """Show what a sentence tells and ask, at a terminal; elsewhere it is taken as said."""
    import sys

    chosen = call()
    if chosen.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    paper = chosen.paper()
    for one in proposals:
        sort = f" ({one.sort})" if one.sort else ""
        paper.line(f"{one.words}{sort}, {one.on.isoformat()}", lead="· ")
    return click.confirm(say("Note this?"), default=True)
