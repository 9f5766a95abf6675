"""The circles: the critical few and their edge, roles, the loyal few, ties that sleep, and what no archive shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, key_option, limit_option
from amity.insight.words import ROLES, UNSEEN
from amity.language import label, mark, say
from amity.language import number as numeral

if TYPE_CHECKING:
    from amity.app.circles import FewLine, LoyalLine
    from amity.app.closeness import BlindSpot
    from amity.faces.cli.paper import Cell, Paper


@click.command(cls=Verb)
@click.option(
    "--if", "entering", metavar="PERSON", type=Person(), help=mark("Who would have to leave if PERSON came in.")
)
def circles(entering: str | None) -> None:
    """Show the critical few and why, who stands at their edge, and how many such ties your time carries.

    `amity tie PERSON --pin critical` takes somebody in for good, `--pin not_critical` keeps them out.
    """
    from amity.app import circles as app

    chosen = call()
    desk = chosen.desk()
    if entering:
        weighed = app.weigh(desk, entering)
        chosen.answer(weighed) if chosen.json else chosen.paper().line(weighed.words)
        return
    found = app.show(desk)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not found.enough:
        paper.line(say("Too early to say: there is too little history yet to draw circles."))
        return
    paper.line(Span(say("The critical few"), "head"))
    _circle(paper, found.few)
    paper.gap()
    paper.line(found.room.words)
    if found.edge:
        paper.gap()
        paper.line(Span(say("At their edge"), "head"))
        _circle(paper, found.edge)
    if found.refused:
        paper.gap()
        paper.line(Span(say("Kept out by your word"), "head"))
        _circle(paper, found.refused)
    paper.gap()
    paper.line(
        say(
            "{close:,} close, {many:,} of the many, {dormant:,} dormant, {unknown:,} hardly known.",
            close=found.close,
            many=found.many,
            dormant=found.dormant,
            unknown=found.unknown,
        )
    )
    if found.uncovered:
        paper.line(
            say(
                "Roles that none of the few has: {uncovered}.",
                uncovered=", ".join(label("role", one) for one in found.uncovered),
            )
        )


def _circle(paper: Paper, lines: Sequence[FewLine]) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import bar

    columns = [Column("", gives=True), Column(""), Column(label("column", "min/day"), right=True), Column("")]
    rows = [
        (
            Span(one.person.name, "name"),
            f"{bar(one.strength, 5)} {one.strength:>3.0f}",
            numeral(one.minutes, ".1f"),
            ", ".join((*one.roles, *([say("loyal")] if one.loyal == "yes" else []))),
        )
        for one in lines
    ]
    paper.table(columns, rows, [Span(one.why, "quiet") for one in lines], indent=2)


@click.command(cls=Verb)
@click.argument("person", type=Person(), required=False)
@click.option("--is", "fits", type=click.Choice(ROLES), help=mark("This role is theirs, beside those that they have."))
@click.option("--is-not", "refused", type=click.Choice(ROLES), help=mark("This role is not theirs: proposed no more."))
@key_option
def roles(person: str | None, fits: str | None, refused: str | None, key: str) -> None:
    """Show who has which role, and the roles that people seem to have, with reasons; or answer one.

    For example `amity roles`, then `amity roles Ana --is mentor`.
    """
    from amity.app import roles as app
    from amity.errors import AmityError, Code

    chosen = call()
    desk = chosen.desk()
    if person or fits or refused:
        role = fits or refused
        if not person or not role or (fits and refused):
            raise AmityError(
                Code.USAGE, say("Say who, and one role."), say("For example `amity roles Ana --is mentor`.")
            )
        told = app.answer(desk, person, role, fits is not None, key)
        if chosen.json:
            chosen.answer(told)
        else:
            words = (
                say("Noted.")
                if told is None
                else f"{told.name}: {', '.join(label('role', one) for one in told.said.roles) or say('no role')}."
            )
            chosen.paper().line(say("{words} `amity undo` takes it back.", words=words))
        return
    found = app.list_(desk)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    for one in found.yours:
        paper.line(", ".join(who.name for who in one.people), lead=Span(f"{one.role:<13}", "head"))
    if found.yours and found.proposed:
        paper.gap()
    if found.proposed:
        paper.line(Span(say("Proposed"), "head"), Span(say(" · `amity roles PERSON --is ROLE`, or --is-not"), "quiet"))
    for proposal in found.proposed:
        why = "; ".join(f"{one.reason}: {one.figure}" if one.figure else one.reason for one in proposal.because)
        paper.line(
            Span(proposal.person.name, "name"), f" · {proposal.role}", Span(f" · {why}", "quiet"), lead="· ", indent=2
        )
    if not found.proposed and not found.yours:
        paper.line(say("No roles yet, and nothing sure enough to propose: `amity roles Ana --is mentor` says one."))


@click.command(cls=Verb)
def loyal() -> None:
    """Show the loyal few: who would go out of their way for you, with what they did.

    `amity tie PERSON --loyal` confirms somebody, `--not-loyal` refuses.
    """
    from amity.app import circles as app

    chosen = call()
    found = app.loyal(chosen.desk())
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    for title, lines in ((say("The loyal few"), found.confirmed), (say("Suggested by what they did"), found.suggested)):
        if lines:
            paper.line(Span(title, "head"))
            _deeds(paper, lines)
    if not found.confirmed and not found.suggested:
        paper.line(say("Nothing shows yet who would go out of their way for you: `amity tie Ana --loyal` says so."))


def _deeds(paper: Paper, lines: Sequence[LoyalLine]) -> None:
    from amity.faces.cli.paper import Span

    for one in lines:
        why = "; ".join(f"{reason.reason}: {reason.figure}" for reason in one.because)
        paper.line(Span(one.person.name, "name"), Span(f" · {why}" if why else "", "quiet"), lead="· ", indent=2)


@click.command(cls=Verb)
@limit_option(20)
def dormant(limit: int) -> None:
    """Show dormant ties by past trust and by distance; never by who might come back by themselves."""
    from amity.app import circles as app

    chosen = call()
    found = app.dormant(chosen.desk(), limit)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Column, Span

    paper = chosen.paper()
    if not found.ties:
        paper.line(say("No tie of past trust sleeps."))
        return
    rows: list[Sequence[Cell]] = [
        (Span(one.person.name, "name"), *(reason.figure for reason in one.because)) for one in found.ties
    ]
    paper.table([Column("", gives=True), Column(label("column", "trust")), Column(label("column", "silent for"))], rows)
    paper.gap()
    if found.total > len(found.ties):
        paper.line(Span(say("{total:,} more; --limit shows them.", total=found.total - len(found.ties)), "quiet"))
    paper.line(Span(found.words, "quiet"))


@click.command(name="blind-spots", cls=Verb)
@limit_option(5, 50)
def blind_spots(limit: int) -> None:
    """Ask once how else you are in touch with people of whom Amity may see too little; the answer is remembered.

    With --json it prints them, and `amity tie PERSON --unseen phone` answers.
    """
    from amity.app import closeness

    chosen = call()
    desk = chosen.desk()
    found = closeness.blind_spots(desk, limit)
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    if not found:
        paper.line(say("Nobody is left to ask about."))
        return
    ways = list(UNSEEN)
    paper.line(say("How else are you in touch? Several numbers may be given; 0 nothing else, s skip, q stop."))
    for number, way in enumerate(ways, 1):
        paper.line(f"{number} {say(UNSEEN[way])}", indent=2)
    noted = 0
    for spot in found:
        answer = _ask(spot, len(ways))
        if answer == "q":
            break
        if answer != "s":
            chosen_ways = [ways[int(sign) - 1] for sign in sorted(set(answer)) if sign != "0"]
            closeness.tell(desk, spot.person.id, unseen=chosen_ways or ["none"])
            noted += 1
    paper.line(say("{noted} noted, and not asked again. `amity undo` takes one back.", noted=noted))


def _ask(spot: BlindSpot, ways: int) -> str:
    """Ask about one person until the answer is one that was offered."""
    known = {"s", "q"}
    while True:
        said: str = click.prompt(f"{spot.person.name} ({spot.why})", err=True)
        signs = "".join(said.replace(",", " ").split()).lower()
        if signs in known or (signs and all(sign.isdecimal() and int(sign) <= ways for sign in signs)):
            return signs
        click.echo(say("Say numbers from 0 to {ways}, s or q.", ways=ways), err=True)
