"""The week ahead, and the year of the critical few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Verb, call
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.week import SeeingLine, Week, Year
    from amity.faces.cli.frame import Call
    from amity.faces.cli.paper import Paper

MINUTES = click.option("--minutes", type=click.IntRange(0, 1440), metavar="M", help=mark("A day; else the settings'."))
SEEN = 3  # days on which somebody was seen, that are shown


@click.command(cls=Verb)
@MINUTES
def week(minutes: int | None) -> None:
    """Show what each of the next seven days offers, as an outlook: what comes in changes it."""
    _week(call(), minutes)


@click.command(cls=Verb)
@click.option("--year", "whole", is_flag=True, help=mark("When to see each of the critical few, in the next 365 days."))
@MINUTES
def plan(whole: bool, minutes: int | None) -> None:
    """Show the week ahead; with --year, when the critical few will be seen, two or three times each."""
    chosen = call()
    if not whole:
        _week(chosen, minutes)
        return
    from amity.app import week

    ahead = week.year(chosen.desk())
    if chosen.json:
        chosen.answer(ahead)
    else:
        _tell_year(chosen.paper(), ahead)


@click.command(cls=Verb)
def digest() -> None:
    """Write the day and the week on one page, to be printed, or sent to yourself.

    \b
    amity digest | mail -s "My people" me@home.example
    """
    from amity.app import week
    from amity.faces.cli.commands.journeys import tell as tell_journeys

    chosen = call()
    made = week.digest(chosen.desk())
    if chosen.json:
        chosen.answer(made)
        return
    from amity.faces.cli.commands.today import tell
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    tell(paper, made.today)
    paper.gap()
    _tell_week(paper, made.week)
    if made.journeys:
        paper.gap()
        paper.line(Span(say("Where you will be"), "head"))
        tell_journeys(paper, made.journeys)
    if made.seeings:
        paper.gap()
        paper.line(Span(say("Whom of your critical few to see in the next four weeks"), "head"))
        _tell_seeings(paper, made.seeings)


def _week(chosen: Call, minutes: int | None) -> None:
    from amity.app import week

    shown = week.ahead(chosen.desk(), minutes)
    if chosen.json:
        chosen.answer(shown)
    else:
        _tell_week(chosen.paper(), shown)


def _tell_week(paper: Paper, shown: Week) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import long_day

    paper.line(
        Span(say("The week ahead"), "head"),
        Span(say(" · {minutes} minutes a day, as an outlook", minutes=shown.minutes), "quiet"),
    )
    for line in shown.days:
        paper.gap()
        taken = sum(one.minutes for one in line.offers)
        paper.line(
            Span(long_day(line.on), "name"), Span(say(" · {taken} minutes", taken=taken) if taken else "", "quiet")
        )
        for one in line.offers:
            paper.line(one.act, Span(f"  {one.person.id}", "warm"), lead="  · ")
        if not line.offers:
            paper.line(Span(say("Nothing is asked of you."), "quiet"), indent=2)
    if shown.chance is not None:
        paper.gap()
        act = shown.chance
        paper.line(say("And one that leads outward: "), f"{act.act}, {act.why}. ", Span(act.person.id, "warm"))


def _tell_year(paper: Paper, ahead: Year) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    paper.line(
        Span(say("The year with your critical few"), "head"), Span(say(" · until {day}", day=day(ahead.until)), "quiet")
    )
    if not ahead.few:
        paper.line(say("It is too early to say who they are; pin somebody: `amity tie NAME --pin critical`."))
    for one in ahead.few:
        seen = ", ".join(day(on) for on in one.seen[-SEEN:]) or say("not in the last year")
        words = (
            say("met where no archive looks")
            if one.unseen
            else say("seen {n} ×, lately {seen}", n=len(one.seen), seen=seen)
        )
        words += "" if one.planned or one.unseen else say("; you see one another anyway")
        paper.line(Span(one.person.name, "name"), f": {words}", lead="· ")
    paper.gap()
    _tell_seeings(paper, ahead.seeings)


def _tell_seeings(paper: Paper, seeings: tuple[SeeingLine, ...]) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    for seeing in seeings:
        paper.line(
            say("Week of {day}: ", day=day(seeing.week)),
            Span(seeing.person.name, "name"),
            Span(f" · {seeing.why}", "quiet"),
            indent=2,
        )
