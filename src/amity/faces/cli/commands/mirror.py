"""The mirror and the portfolio."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Verb, Words, call
from amity.language import label, mark, say

if TYPE_CHECKING:
    from amity.app.mirror import Behind, FigureLine, Mirror
    from amity.app.portfolio import Portfolio
    from amity.faces.cli.paper import Cell, Paper

YEARS = 8  # that a row of the mirror shows
COURSES = {"more": "↗", "less": "↘", "same": "→", "": " "}
YEAR = click.IntRange(1, 9999)


@click.command(cls=Verb)
@click.argument("figure", required=False, default="", type=Words())
@click.option("--year", type=YEAR, metavar="YEAR", help=mark("The year to open; else this one."))
def mirror(figure: str, year: int | None) -> None:
    """Show how you practise the method, in your own figures over the years; with FIGURE, what is behind one.

    `amity mirror only_asked` answers: whom did I only write to when I needed something?
    """
    from amity.app import mirror
    from amity.errors import AmityError, Code

    chosen = call()
    if year is not None and not figure:
        raise AmityError(
            Code.USAGE, say("A year is opened for one figure."), say("For example `amity mirror starts --year 1894`.")
        )
    desk = chosen.desk()
    shown = mirror.behind(desk, figure, year) if figure else mirror.look(desk)
    if chosen.json:
        chosen.answer(shown)
    elif isinstance(shown, mirror.Mirror):
        _tell(chosen.paper(), shown)
    else:
        _open(chosen.paper(), shown)


def _tell(paper: Paper, shown: Mirror) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import long_day

    paper.line(
        Span(say("Your mirror"), "head"),
        Span(say(" · {day} · against your own past alone", day=long_day(shown.date)), "quiet"),
    )
    for line in shown.figures:
        paper.gap()
        paper.line(Span(line.words, "name"), Span(f"  {line.name}", "warm"))
        paper.line(line.sentence, indent=2)
        if course := _course(line):
            paper.line(Span(course, "quiet"), indent=2)
    paper.gap()
    paper.line(Span(say("What is behind one: "), "quiet"), Span("amity mirror FIGURE --year YEAR", "warm"))


def _course(line: FigureLine) -> str:
    """Write the last years of a figure in a row."""
    from amity.plan.reflection import figure

    years = [one for one in line.years if one.value is not None][-YEARS:]
    if len(years) < 2:
        return ""
    row = " · ".join(f"{one.year} {figure(one.value, line.unit)}" for one in years if one.value is not None)
    return f"{COURSES[line.course]} {row}".strip()


def _open(paper: Paper, shown: Behind) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import day

    paper.line(Span(shown.figure.words, "head"), Span(f" · {shown.year}", "quiet"))
    paper.line(shown.figure.sentence)
    paper.line(Span(shown.figure.definition, "quiet"))
    if shown.words:
        paper.gap()
        paper.line(", ".join(shown.words))
    if shown.people:
        paper.gap()
        columns = [
            Column(label("column", "who"), gives=True),
            Column(label("column", "times"), right=True),
            Column(label("column", "id")),
        ]
        rows: list[Sequence[Cell]] = [
            (Span(one.person.name, "name"), f"{one.count:,}", Span(one.person.id, "quiet")) for one in shown.people
        ]
        paper.table(columns, rows)
    if shown.entries:
        paper.gap()
        for entry in shown.entries:
            names = " and ".join(one.name for one in entry.people)
            paper.line(Span(f"{entry.id}  ", "warm"), f"{day(entry.on)} · {entry.kind} · {names}: {entry.text}")
    if shown.contacts:
        paper.gap()
        paper.line(Span(say("The newest contacts behind it:"), "quiet"))
        for contact in shown.contacts:
            names = ", ".join(one.name for one in contact.people[:4]) + (" …" if len(contact.people) > 4 else "")
            about = f" · {contact.subject}" if contact.subject else ""
            paper.line(f"{day(contact.on)} · {contact.channel} · {names}{about}", indent=2)


@click.command(cls=Verb)
def portfolio() -> None:
    """Show how steadily, how narrowly and how diversely you give your time, and three acts that would balance it."""
    from amity.app import portfolio

    chosen = call()
    shown = portfolio.show(chosen.desk())
    if chosen.json:
        chosen.answer(shown)
    else:
        _hold(chosen.paper(), shown)


def _hold(paper: Paper, shown: Portfolio) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import day, long_day
    from amity.plan.reflection import percent

    paper.line(Span(say("Your portfolio"), "head"), Span(f" · {long_day(shown.date)}", "quiet"))
    paper.line(shown.contribution)
    for burst in shown.bursts:
        paper.line(
            say(
                "On {day} you asked {person}, whom you had written to again only weeks before.",
                day=day(burst.on),
                person=burst.person.name,
            )
        )
    spread = shown.concentration[-1]
    if spread.days:
        paper.line(
            say(
                "This year the 5 people with most have {of5} of your days of contact, 15 have "
                "{of15}, 50 have {of50}, of {people:,} people in all.",
                of5=percent(spread.top5),
                of15=percent(spread.top15),
                of50=percent(spread.top50),
                people=spread.people,
            )
        )
    last = shown.quality[-1]
    paper.line(
        say(
            "Of all whom you were ever in contact with, {mutual:,} are alive both ways, {alive:,} one "
            "way, and {dormant:,} are dormant; {never:,} in your address book never were.",
            mutual=last.mutual,
            alive=last.alive,
            dormant=last.dormant,
            never=shown.never,
        )
    )
    friends = [one for one in shown.friends if one.friends is not None][-YEARS:]
    if friends:
        row = " · ".join(f"{one.year} {one.friends}" for one in friends)
        paper.line(say("True friends at the end of each year: {row}.", row=row))
    paper.gap()
    columns = [
        Column(label("column", "over")),
        Column(label("column", "as good as"), right=True),
        Column(label("column", "unknown"), right=True),
        Column(label("column", "most"), gives=True),
    ]
    rows: list[Sequence[Cell]] = []
    for one in shown.diversity:
        most = ", ".join(f"{part.value} {percent(part.share)}" for part in one.shown[:3])
        rows.append(
            (
                Span(label("dimension", one.dimension), "name"),
                say("{even:.1f} equal", even=one.even) if one.even else "",
                percent(one.unknown),
                most,
            )
        )
    paper.table(columns, rows)
    paper.gap()
    if not any(role.alive or role.others for role in shown.roles):
        paper.line(say("You have given nobody a role yet: "), Span("amity tie NAME --role mentor", "warm"))
    else:
        for role in shown.roles:
            names = ", ".join(one.name for one in role.alive[:4]) or say("nobody whom you are in touch with")
            alone = say(" (rests on one person)") if role.state == "one person" else ""
            paper.line(Span(f"{label('role', role.role)}: ", "name"), f"{names}{alone}")
    if shown.bridges:
        bridge = shown.bridges[-1]
        paper.gap()
        paper.line(
            say(
                "You are in touch with {reached:,} circles, {single:,} of them through one person alone.",
                reached=bridge.reached,
                single=bridge.single,
            )
        )
        for word, names_of in ((say("Gained"), bridge.gained), (say("Lost"), bridge.lost)):
            if names_of:
                paper.line(say("{word} this year: {names_of}.", word=word, names_of="; ".join(names_of)))
    if shown.acts:
        paper.gap()
        paper.line(Span(say("What would balance it"), "head"))
        for place, act in enumerate(shown.acts, 1):
            paper.line(f"{act.act}: {act.why}. ", Span(act.person.id, "warm"), lead=Span(f"{place}  ", "quiet"))
