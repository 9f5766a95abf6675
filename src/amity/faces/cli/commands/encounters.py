"""People met at events, and what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Place, Verb, Words, call, key_option
from amity.language import mark, quoted, say

if TYPE_CHECKING:
    from amity.app.encounters import Encounters, EventLine, FunnelLine
    from amity.faces.cli.paper import Paper

YEARS = 5  # shown; --json has all
PROPOSED = 10
STAGES = {
    "met": mark("met"),
    "wrote": mark("you wrote"),
    "answered": mark("both wrote"),
    "met_again": mark("met again"),
    "helped": mark("helped"),
}


@click.command(cls=Verb)
@click.argument("event", type=Words())
@click.option("--on", "day", default="", metavar="DATE", help=mark("The day of it; today if it is not said."))
@click.option("--place", default="", metavar="WORDS", type=Words(), help=mark("Where it is."))
@click.option(
    "--add", "people", multiple=True, metavar="LINE", type=Words(), help=mark('"Ana <ana@x.org>, what was said".')
)
@click.option(
    "--cards", type=Place(exists=True, dir_okay=False, path_type=Path), help=mark("A vCard file of people met.")
)
@key_option
def meet(event: str, day: str, place: str, people: tuple[str, ...], cards: Path | None, key: str) -> None:
    """Open an event, and add the people met there in seconds; a line to each is suggested within two days.

    \b
    amity meet "Web Summit" --on 2026-11-03 --place Lisbon
    amity meet "Web Summit" --add "Ana Miller <ana@x.org>, batteries" --add "Ben"
    amity meet "Web Summit" --cards from-my-phone.vcf
    """
    from amity.app import encounters
    from amity.errors import AmityError

    chosen = call()
    desk = chosen.desk()
    opened = None
    if not day and (people or cards):
        try:
            opened = encounters.list_(desk, event).events[0]
        except AmityError:
            opened = None
    if opened is None:
        opened = encounters.open_(desk, event, day, place, f"{key}:event" if key else "")
    if people:
        opened = encounters.add(desk, opened.id, people, key=key)
    if cards:
        opened = encounters.add_cards(desk, opened.id, cards, key=f"{key}:file" if key else "")
    if chosen.json:
        chosen.answer(opened)
        return
    paper = chosen.paper()
    _event(paper, opened)
    if not opened.people:
        paper.line(say('Add people: amity meet "{name}" --add "Ana <ana@x.org>, what was said".', name=opened.name))
    paper.line(say("`amity undo` takes back the last of it."))


@click.command(cls=Verb)
@click.argument("event", default="", type=Words())
@click.option("--accept", metavar="MEETING", help=mark("A meeting with strangers was an encounter."))
@click.option("--refuse", metavar="MEETING", help=mark("It was none; it is not proposed again."))
@click.option("--name", default="", metavar="WORDS", type=Words(), help=mark("With --accept: what to call the event."))
@key_option
def encounters(event: str, accept: str | None, refuse: str | None, name: str, key: str) -> None:
    """Show your events, the people met there, and how far it came: met, wrote, answered, met again, helped."""
    from amity.app import encounters

    chosen = call()
    desk = chosen.desk()
    if accept:
        event = encounters.accept(desk, accept, name, key).id
    if refuse:
        encounters.refuse(desk, refuse, key)
    found = encounters.list_(desk, event)
    if chosen.json:
        chosen.answer(found)
    elif event:
        _event(chosen.paper(), found.events[0])
    else:
        _all(chosen.paper(), found)


def _all(paper: Paper, found: Encounters) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    if not found.events:
        paper.line(say('No event is open yet. `amity meet "Web Summit" --on 2026-11-03` opens one.'))
    for event in found.events:
        paper.line(Span(event.name, "name"), Span(f" · {day(event.on)} · {event.id}", "quiet"))
        paper.line(_funnel(event.funnel), indent=4)
        if event.after_a_year:
            paper.line(Span(say("after a year: {funnel}", funnel=_funnel(event.after_a_year)), "quiet"), indent=4)
    if len(found.events) > 1:
        paper.line(Span(say("All events: "), "quiet"), _funnel(found.overall))
    if found.years:
        paper.gap()
        paper.line(Span(say("People first met in person, event or none"), "head"))
        for year in found.years[:YEARS]:
            paper.line(_funnel(year.funnel), lead=Span(f"{year.year}  ", "quiet"), indent=2)
    if found.proposed:
        paper.gap()
        paper.line(Span(say("Meetings with people who were new to you"), "head"))
        for one in found.proposed[:PROPOSED]:
            who = ", ".join(person.name for person in one.people)
            paper.line(Span(one.id, "quiet"), f" {one.name}, {day(one.on)}: {who}", indent=2)
        paper.line(say("`amity encounters --accept ID` keeps one as an encounter, `--refuse ID` lets it be."))


def _event(paper: Paper, event: EventLine) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    place = f", {event.place}" if event.place else ""
    paper.line(Span(event.name, "head"), Span(f" · {day(event.on)}{place} · {event.id}", "quiet"))
    if event.people:
        paper.line(_funnel(event.funnel), indent=2)
    if event.after_a_year:
        paper.line(Span(say("after a year: {funnel}", funnel=_funnel(event.after_a_year)), "quiet"), indent=2)
    for one in event.people:
        said = f": {one.said}" if one.said else ""
        when = say(" · write by {day}", day=day(one.due)) if one.due else ""
        paper.line(Span(one.person.name, "name"), said, Span(f" · {say(STAGES[one.stage])}{when}", "quiet"), indent=2)
        if one.text:
            paper.line(Span(quoted(one.text), "said"), indent=6)


def _funnel(funnel: FunnelLine) -> str:
    return say(
        "{met} met → {wrote} you wrote → {answered} both wrote → {met_again} met again → {helped} helped",
        met=funnel.met,
        wrote=funnel.wrote,
        answered=funnel.answered,
        met_again=funnel.met_again,
        helped=funnel.helped,
    )
