"""Why a tie is what it is, and the owner's own word on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, key_option
from amity.insight.words import BY, PINS, RINGS, ROLES, STATES, UNSEEN
from amity.language import label, mark, say

if TYPE_CHECKING:
    from amity.app.closeness import Agreed, Why
    from amity.app.desk import Desk
    from amity.faces.cli.frame import Call
    from amity.faces.cli.paper import Paper

NONE = "none"


def _choice(words: object) -> click.Choice[str]:
    assert isinstance(words, (tuple, dict))
    return click.Choice((*words, NONE))


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, type=Person())
def why(person: tuple[str, ...]) -> None:
    """Say why a tie is what it is: its figures, the reasons with their numbers, and the contacts behind them."""
    from amity.app import closeness

    chosen = call()
    found = closeness.why(chosen.desk(), " ".join(person))
    if chosen.json:
        chosen.answer(found)
    else:
        _draw(chosen.paper(), found)


def _draw(paper: Paper, found: Why) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import bar, day, momentum, strength

    tie = found.tie
    paper.line(Span(tie.name, "head"), Span(f" · {tie.id}", "quiet"))
    if not tie.enough:
        paper.line(Span(say("Too early to say: there is too little history yet to judge ties by."), "note"))
    lines = [
        (
            say("Strength"),
            say(
                "{bar} {strength:.0f} of 100, {band}",
                bar=bar(tie.strength),
                strength=tie.strength,
                band=strength(tie.strength),
            ),
        ),
        (say("Momentum"), momentum(tie)),
        (say("Segment"), label("segment", tie.segment)),
        (
            say("Ahead"),
            say(
                "{chance:.0%} likely to be in touch both ways in {days} days",
                chance=tie.p_contact,
                days=tie.horizon_days,
            ),
        ),
    ]
    for title, text in lines:
        paper.line(text, lead=Span(f"{title:<11}", "quiet"), indent=2)
    paper.gap()
    paper.line(Span(say("Because"), "head"))
    for one in tie.because:
        figure = f" ({one.figure})" if one.figure else ""
        paper.line(f"{one.reason}{figure}", Span(f"  {one.weight:+.2f}", "quiet"), lead="· ", indent=2)
    paper.gap()
    over = ", ".join(
        say("{n:,} {by_channel}", n=count, by_channel=say(BY[channel])) for channel, count in found.channels.items()
    )
    paper.line(Span(say("Behind it"), "head"), Span(f" · {over}", "quiet"))
    columns = [Column(""), Column(""), Column("", gives=True)]
    paper.table(columns, [(day(one.on), Span(one.channel, "quiet"), one.subject) for one in found.contacts], indent=2)
    if found.unseen or found.ask:
        paper.gap()
    if found.unseen:
        paper.line(
            Span(
                say("Nothing with them {by_channels}.", by_channels=", ".join(say(BY[one]) for one in found.unseen)),
                "quiet",
            )
        )
    if found.ask:
        paper.line(
            Span(say("How else are you in touch? Say it once, and it is not asked again: "), "quiet"),
            f"amity tie {tie.id} --unseen phone",
            Span(f" ({', '.join((*UNSEEN, NONE))})", "quiet"),
        )


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.option("--ring", type=_choice(RINGS), help=mark("How close they are to you."))
@click.option("--pin", type=_choice(PINS), help=mark("Always among the critical few, or never."))
@click.option(
    "--role", "roles", multiple=True, type=_choice(ROLES), help=mark("What they are to you; may be given again.")
)
@click.option("--not-role", "not_roles", multiple=True, type=_choice(ROLES), help=mark("A role that is not theirs."))
@click.option("--loyal/--not-loyal", default=None, help=mark("They would go out of their way for you, or would not."))
@click.option("--kin/--no-kin", default=None, help=mark("They are family, or are not."))
@click.option(
    "--unseen", multiple=True, type=_choice(UNSEEN), help=mark("How you are in touch beside what Amity reads.")
)
@click.option("--state", type=_choice(STATES), help=mark("It ended, you fell out, or they died: Amity is silent then."))
@key_option
def tie(
    person: str,
    ring: str | None,
    pin: str | None,
    roles: tuple[str, ...],
    not_roles: tuple[str, ...],
    loyal: bool | None,
    kin: bool | None,
    unseen: tuple[str, ...],
    state: str | None,
    key: str,
) -> None:
    """Say of a tie what no archive shows. Your word outranks the figures, and "none" or `amity undo` takes it back."""
    from amity.app import closeness

    chosen = call()
    desk = chosen.desk()
    told = closeness.tell(
        desk,
        person,
        ring=ring or "",
        pin=pin or "",
        roles=roles,
        not_roles=not_roles,
        loyal="" if loyal is None else "yes" if loyal else "no",
        kin=kin,
        unseen=unseen,
        state=state or "",
        key=key,
    )
    if chosen.json:
        chosen.answer(told)
        return
    paper = chosen.paper()
    if told is None:
        paper.line(say("Noted. There is no contact with them in what you imported, so there is no tie to show."))
        return
    from amity.faces.cli.words import momentum

    paper.line(
        say(
            "{name}: strength {strength:.0f}, {momentum}, {segment}. `amity undo` takes it back.",
            name=told.name,
            strength=told.strength,
            momentum=momentum(told),
            segment=label("segment", told.segment),
        )
    )


@click.command(cls=Verb)
@click.option(
    "--count", type=click.IntRange(1, 50), default=10, show_default=True, help=mark("How many pairs to ask about.")
)
@click.option("--rings", is_flag=True, help=mark("Place people in three rings instead."))
@click.option("--nearer", metavar="WHO", type=Person(), default=None, help=mark("This one is closer …"))
@click.option(
    "--than", "farther", metavar="WHO", type=Person(), default=None, help=mark("… than this one; no questions.")
)
@key_option
def closer(count: int, rings: bool, nearer: str | None, farther: str | None, key: str) -> None:
    """Ten taps: which of two people is closer to you? Amity learns from it about people like them.

    With --rings it asks of fifteen people in which ring they stand. With --json and no answer it prints whom it would
    ask about.
    """
    from amity.app import closeness
    from amity.errors import AmityError, Code

    chosen = call()
    desk = chosen.desk()
    if (nearer is None) != (farther is None):
        raise AmityError(Code.USAGE, say("A comparison takes two."), say("`amity closer --nearer Ana --than Ben`."))
    if nearer and farther:
        agreed = closeness.compare(desk, nearer, farther, key)
        chosen.answer(agreed) if chosen.json else _tell(chosen.paper(), agreed)
        return
    if rings:
        _place(chosen, desk)
        return
    asked = closeness.questions(desk, count)
    if chosen.json:
        chosen.answer(asked)
        return
    paper = chosen.paper()
    if not asked:
        paper.line(say("There are too few ties yet to compare."))
        return
    for number, pair in enumerate(asked, 1):
        words = say(
            "{number}/{asked}  1 {one}   2 {other}   (s skip, q stop)",
            number=number,
            asked=len(asked),
            one=pair.one.name,
            other=pair.other.name,
        )
        answer = click.prompt(words, type=click.Choice(("1", "2", "s", "q")), show_choices=False, err=True)
        if answer == "q":
            break
        if answer != "s":
            near, far = (pair.one, pair.other) if answer == "1" else (pair.other, pair.one)
            closeness.compare(desk, near.id, far.id)
    _tell(paper, closeness.agreement(desk))


def _place(chosen: Call, desk: Desk) -> None:
    """Ask in which ring people stand, one after the other."""
    from amity.app import closeness

    faces = closeness.faces(desk)
    if chosen.json:
        chosen.answer(faces)
        return
    paper = chosen.paper()
    if not faces:
        paper.line(say("There is nobody left to place."))
        return
    signs = {ring[0]: ring for ring in RINGS}
    for number, one in enumerate(faces, 1):
        words = f"{number}/{len(faces)}  {one.name}   ({', '.join(f'{sign} {ring}' for sign, ring in signs.items())},"
        answer = click.prompt(
            say("{words} s skip, q stop)", words=words),
            type=click.Choice((*signs, "s", "q")),
            show_choices=False,
            err=True,
        )
        if answer == "q":
            break
        if answer != "s":
            closeness.tell(desk, one.id, ring=signs[answer])
    agreed = closeness.agreement(desk)
    paper.line(say("{placed} placed. {words}", placed=agreed.placed, words=agreed.words))


def _tell(paper: Paper, agreed: Agreed) -> None:
    noted = (
        say("One comparison")
        if agreed.comparisons == 1
        else say("{comparisons} comparisons", comparisons=agreed.comparisons)
    )
    paper.line(say("{noted} noted. {words}", noted=noted, words=agreed.words))
