"""Bring two people together who both want it, step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, Words, call, key_option
from amity.language import mark, say
from amity.ledger.introductions import STEPS

if TYPE_CHECKING:
    from amity.app.introductions import IntroductionLine
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.argument("one", type=Person())
@click.argument("other", type=Person())
@click.option(
    "--why", required=True, metavar="WORDS", type=Words(), help=mark("What brought them to mind; both hear it.")
)
@click.option(
    "--for-one", default="", metavar="WORDS", type=Words(), help=mark("What may be in it for the first alone.")
)
@click.option(
    "--for-other", default="", metavar="WORDS", type=Words(), help=mark("What may be in it for the second alone.")
)
@click.option("--from", "parent", default="", metavar="ENTRY", help=mark("The entry of the ledger that led to it."))
@click.option("--again", is_flag=True, help=mark("Although they were introduced, or one of them said no, before."))
@key_option
def introduce(one: str, other: str, why: str, for_one: str, for_other: str, parent: str, again: bool, key: str) -> None:
    """Begin an introduction of two people: each is asked on their own first, with texts to send yourself.

    \b
    amity introduce "Ana Sol" Ben --why "both restore old boats"
    amity introduction e12 asked
    amity introduction e12 yes
    """
    from amity.app import introductions

    begun = introductions.propose(
        call().desk(), one, other, why, for_one=for_one, for_other=for_other, parent=parent, again=again, key=key
    )
    _show(begun)


@click.command(cls=Verb)
@click.option("--all", "every", is_flag=True, help=mark("Those that are over as well."))
def introductions(every: bool) -> None:
    """List the introductions that are under way, and what comes next for each."""
    from amity.app import introductions

    chosen = call()
    found = introductions.list_(chosen.desk(), every=every)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not found:
        paper.line(say("No introduction is under way. `amity matches` may know of two who could help each other."))
    for line in found:
        _head(paper, line)
        if line.next:
            paper.line(Span(line.next, "warm" if line.due else "quiet"), indent=2)


@click.command(cls=Verb)
@click.argument("introduction", metavar="ID")
@click.argument("what", type=click.Choice(STEPS), required=False, metavar="[STEP]")
@click.argument("person", default="", metavar="[PERSON]", type=Person())
@click.option("--words", default="", metavar="WORDS", type=Words(), help=mark("What they said, or what came of it."))
@click.option("--on", "day", default="", metavar="DATE", help=mark("When; today if it is not said."))
@key_option
def introduction(introduction: str, what: str | None, person: str, words: str, day: str, key: str) -> None:
    """Show one introduction with the texts for its next step, or say what was done.

    STEP is asked, yes, no or thanked of one of the two (the one whose turn it is, or PERSON), and introduced, met,
    nothing, outcome or dropped of both. Nobody is introduced who has not said yes.
    """
    from amity.app import introductions

    desk = call().desk()
    if what is None:
        _show(introductions.list_(desk, introduction)[0])
    else:
        _show(introductions.step(desk, introduction, what, person, words, day, key))


def _head(paper: Paper, line: IntroductionLine) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    paper.line(
        Span(say("{one} and {other}", one=line.one.name, other=line.other.name), "name"),
        Span(f" · {line.stage}, {day(line.since)} · {line.id}", "quiet"),
    )


def _show(line: IntroductionLine) -> None:
    chosen = call()
    if chosen.json:
        chosen.answer(line)
        return
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    paper = chosen.paper()
    _head(paper, line)
    paper.line(line.why, indent=2)
    for step in line.steps:
        words = " ".join(filter(None, (step.what, step.person)))
        paper.line(f"{day(step.on)}: {words}{f', {step.words}' if step.words else ''}", lead="· ", indent=2)
    for note in line.notes:
        paper.line(Span(note, "note"), lead="! ", indent=2)
    if line.next:
        paper.gap()
        paper.line(Span(say("Next: {next}.", next=line.next), "warm" if line.due else "quiet"))
    for draft in line.texts:
        paper.gap()
        paper.line(Span(f"To {' and '.join(draft.to)}: {draft.subject}", "head"))
        for part in draft.text.split("\n\n"):
            paper.line(Span(part, "said"), indent=2)
    if line.texts:
        paper.gap()
        paper.line(Span(say("Nothing was sent: these are yours to change and to send."), "quiet"))
