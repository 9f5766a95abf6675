"""Why a tie is what it is, and the owner's own word on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, key_option
from amity.insight.words import PINS, RINGS, ROLES, STATES, UNSEEN

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
        paper.line(Span("Too early to say: there is too little history yet to judge ties by.", "note"))
    lines = [
        ("Strength", f"{bar(tie.strength)} {tie.strength:.0f} of 100, {strength(tie.strength)}"),
        ("Momentum", momentum(tie)),
        ("Segment", tie.segment),
        ("Ahead", f"{tie.p_contact:.0%} likely to be in touch both ways in {tie.horizon_days} days"),
    ]
    for title, text in lines:
        paper.line(text, lead=Span(f"{title:<11}", "quiet"), indent=2)
    paper.gap()
    paper.line(Span("Because", "head"))
    for one in tie.because:
        figure = f" ({one.figure})" if one.figure else ""
        paper.line(f"{one.reason}{figure}", Span(f"  {one.weight:+.2f}", "quiet"), lead="· ", indent=2)
    paper.gap()
    over = ", ".join(f"{count:,} by {channel}" for channel, count in found.channels.items())
    paper.line(Span("Behind it", "head"), Span(f" · {over}", "quiet"))
    columns = [Column(""), Column(""), Column("", gives=True)]
    paper.table(columns, [(day(one.on), Span(one.channel, "quiet"), one.subject) for one in found.contacts], indent=2)
    if found.unseen or found.ask:
        paper.gap()
    if found.unseen:
        paper.line(Span(f"Nothing with them by {', '.join(found.unseen)}.", "quiet"))
    if found.ask:
        paper.line(
            Span("How else are you in touch? Say it once, and it is not asked again: ", "quiet"),
            f"amity tie {tie.id} --unseen phone",
            Span(f" ({', '.join((*UNSEEN, NONE))})", "quiet"),
        )


@click.command(cls=Verb)
@click.argument("person", type=Person())
@click.option("--ring", type=_choice(RINGS), help="How close they are to you.")
@click.option("--pin", type=_choice(PINS), help="Always among the critical few, or never.")
@click.option("--role", "roles", multiple=True, type=_choice(ROLES), help="What they are to you; may be given again.")
@click.option("--not-role", "not_roles", multiple=True, type=_choice(ROLES), help="A role that is not theirs.")
@click.option("--loyal/--not-loyal", default=None, help="They would go out of their way for you, or would not.")
@click.option("--kin/--no-kin", default=None, help="They are family, or are not.")
@click.option("--unseen", multiple=True, type=_choice(UNSEEN), help="How you are in touch beside what Amity reads.")
@click.option("--state", type=_choice(STATES), help="It ended, you fell out, or they died: Amity is silent then.")
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
        paper.line("Noted. There is no contact with them in what you imported, so there is no tie to show.")
        return
    from amity.faces.cli.words import momentum

    paper.line(
        f"{told.name}: strength {told.strength:.0f}, {momentum(told)}, {told.segment}. `amity undo` takes it back."
    )


@click.command(cls=Verb)
@click.option("--count", type=click.IntRange(1, 50), default=10, show_default=True, help="How many pairs to ask about.")
@click.option("--rings", is_flag=True, help="Place people in three rings instead.")
@click.option("--nearer", metavar="WHO", type=Person(), default=None, help="This one is closer …")
@click.option("--than", "farther", metavar="WHO", type=Person(), default=None, help="… than this one; no questions.")
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
        raise AmityError(Code.USAGE, "A comparison takes two.", "`amity closer --nearer Ana --than Ben`.")
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
        paper.line("There are too few ties yet to compare.")
        return
    for number, pair in enumerate(asked, 1):
        words = f"{number}/{len(asked)}  1 {pair.one.name}   2 {pair.other.name}   (s skip, q stop)"
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
        paper.line("There is nobody left to place.")
        return
    signs = {ring[0]: ring for ring in RINGS}
    for number, one in enumerate(faces, 1):
        words = f"{number}/{len(faces)}  {one.name}   ({', '.join(f'{sign} {ring}' for sign, ring in signs.items())},"
        answer = click.prompt(
            f"{words} s skip, q stop)", type=click.Choice((*signs, "s", "q")), show_choices=False, err=True
        )
        if answer == "q":
            break
        if answer != "s":
            closeness.tell(desk, one.id, ring=signs[answer])
    agreed = closeness.agreement(desk)
    paper.line(f"{agreed.placed} placed. {agreed.words}")


def _tell(paper: Paper, agreed: Agreed) -> None:
    noted = "One comparison" if agreed.comparisons == 1 else f"{agreed.comparisons} comparisons"
    paper.line(f"{noted} noted. {agreed.words}")
