"""Who can introduce you."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, limit_option
from amity.language import mark, say, say_many

if TYPE_CHECKING:
    from amity.app.paths import Paths, Step, WarmPath
    from amity.faces.cli.paper import Paper

LIMIT = 5
EVIDENCE = 2  # moments shown under a step; --json has more


@click.command(cls=Verb)
@click.argument("target", nargs=-1, metavar="[TARGET]", type=Person())
@click.option("--field", default="", metavar="WORDS", help=mark("Whoever is known for this: a profession, a subject."))
@click.option("--place", default="", metavar="WORDS", help=mark("Whoever is known there."))
@limit_option(LIMIT, 50)
def path(target: tuple[str, ...], field: str, place: str, limit: int) -> None:
    """Show the warmest ways to a person, into an organisation, or to people of a field or a place.

    TARGET is a name, an address, an id such as p12, or an organisation. A way has three steps at most, and each begins
    with somebody else. Who knows whom is what your own archive shows.
    """
    from amity.app import paths

    chosen = call()
    found = paths.find(chosen.desk(), " ".join(target), limit, field, place)
    if chosen.json:
        chosen.answer(found)
    else:
        _draw(chosen.paper(), found)


def _draw(paper: Paper, found: Paths) -> None:
    from amity.faces.cli.paper import Span

    people = (
        ""
        if found.kind == "person" or not found.people
        else " · " + say_many("{n:,} person", "{n:,} people", found.people)
    )
    paper.line(Span(say("To {name}", name=found.target), "head"), Span(people, "quiet"))
    for number, one in enumerate(found.paths, 1):
        paper.gap()
        _draw_path(paper, number, one)
    if not found.paths:
        paper.gap()
        if found.people:
            paper.line(say("No path is known: nobody you know is seen with them, not even over a third."))
        else:
            paper.line(say("Nobody is known for {field}.", field=found.target))
        if found.ground:
            paper.line(say("The nearest ground:"))
        for near in found.ground:
            paper.line(
                Span(near.name, "name"),
                f" {near.why}",
                Span(say(" · tie {strength:.0f}", strength=near.strength * 100), "quiet"),
                indent=2,
            )
    paper.gap()
    for note in found.notes:
        paper.line(Span(note, "quiet"))


def _draw_path(paper: Paper, number: int, one: WarmPath) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import bar, reasons

    way = " → ".join([say("you"), *(step.to for step in one.steps)])
    paper.line(Span(way, "name"), Span(f"  {bar(one.warmth * 100, 5)} {one.warmth:.2f}", "warm"), lead=f"{number}. ")
    for place, step in enumerate(one.steps):
        _draw_step(paper, step, 3 + 3 * place)
    paper.line(Span(reasons(one.because), "quiet"), lead=Span(say("Because "), "quiet"), indent=3)


def _draw_step(paper: Paper, step: Step, indent: int) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    since = (
        say(" {strength:.2f}, {day} to {day2}", strength=step.strength, day=day(step.first), day2=day(step.last))
        if step.first != step.last
        else ""
    )
    paper.line(
        f"{step.giver} – {step.to}",
        Span(since or say(" {strength:.2f}, on {day}", strength=step.strength, day=day(step.last)), "quiet"),
        lead=Span("└─ ", "quiet"),
        indent=indent,
    )
    for shown in step.evidence[:EVIDENCE]:
        paper.line(
            Span(f"{shown.what} ({shown.source})", "quiet"),
            lead=Span(f"{day(shown.date)}: ", "quiet"),
            indent=indent + 3,
        )
