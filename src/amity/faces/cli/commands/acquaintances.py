"""Who knows whom."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Person, Verb, Words, call, key_option, limit_option
from amity.language import mark, say

LIMIT = 20
EVIDENCE = 2  # moments shown of each; --json has more


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, type=Person())
@limit_option(LIMIT, 500)
def acquaintances(person: tuple[str, ...], limit: int) -> None:
    """Show whom somebody is seen or said to know, the best known first, with the moments that show it.

    It comes from your archive, from your own word (`amity knows`), and from connections that friends lent you.
    """
    from amity.app import acquaintances

    chosen = call()
    found = acquaintances.list_(chosen.desk(), " ".join(person), limit)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    paper = chosen.paper()
    shown = "" if found.total == len(found.acquaintances) else say(", the nearest {n}", n=len(found.acquaintances))
    paper.line(
        Span(found.person.name, "head"),
        Span(say(" · seen with {total:,}{shown}", total=found.total, shown=shown), "quiet"),
    )
    for line in found.acquaintances:
        since = (
            say("on {day}", day=day(line.last))
            if line.first == line.last
            else say("{first} to {last}", first=day(line.first), last=day(line.last))
        )
        paper.line(Span(line.person.name, "name"), Span(f" {line.strength:.2f}, {since}", "quiet"))
        for one in line.evidence[:EVIDENCE]:
            paper.line(Span(f"{one.what} ({one.source})", "quiet"), lead=Span(f"{day(one.date)}: ", "quiet"), indent=2)
    paper.gap()
    for note in found.notes:
        paper.line(Span(note, "quiet"))


@click.command(cls=Verb)
@click.argument("one", type=Person())
@click.argument("other", type=Person())
@click.option("--words", default="", metavar="WORDS", type=Words(), help=mark("From where they know each other."))
@click.option("--on", "day", default="", metavar="DATE", help=mark("As of when; today if it is not said."))
@click.option("--not", "no", is_flag=True, help=mark("They do not, whatever the archive shows up to then."))
@key_option
def knows(one: str, other: str, words: str, day: str, no: bool, key: str) -> None:
    """Say that two people know each other, or that they do not; your word stands beside what the archive shows."""
    from amity.app import acquaintances

    chosen = call()
    said = acquaintances.state(chosen.desk(), one, other, words, day, no=no, key=key)
    if chosen.json:
        chosen.answer(said)
    else:
        chosen.paper().line(say("Noted: {said}. `amity undo` takes it back.", said=said))
