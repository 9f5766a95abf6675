"""People who may be one: list, merge, keep apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from amity.faces.cli.frame import Verb, call, key_option
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.desk import Desk
    from amity.app.duplicates import Duplicates, PairLine
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help=mark("How many pairs at most."))
@click.option("--accept", "accepted", multiple=True, metavar="ID-ID", help=mark("These two are one, such as p12-p40."))
@click.option("--refuse", "refused", multiple=True, metavar="ID-ID", help=mark("These two are not; never ask again."))
@click.option("--accept-sure", is_flag=True, help=mark("Join all pairs that are surely one person, as one change."))
@click.option("--ask", is_flag=True, help=mark("Go through the pairs one by one: y one person, n two, s skip, q stop."))
@key_option
def duplicates(
    limit: int, accepted: tuple[str, ...], refused: tuple[str, ...], accept_sure: bool, ask: bool, key: str
) -> None:
    """Show people who may be one, each pair with what speaks for and against it.

    What you say outranks what Amity thinks for ever, also when archives are read again, and `amity undo` takes it back.
    """
    from amity.app import duplicates

    chosen = call()
    desk = chosen.desk()
    for place, (pair, same) in enumerate([*((one, True) for one in accepted), *((one, False) for one in refused)]):
        _say(desk, *_ids(pair), same=same, key=f"{key}:{place}" if key else "")
    if accept_sure:
        joined = duplicates.join_sure(desk, f"{key}:sure" if key else "")
        if not chosen.json:
            chosen.paper().line(say("Joined {n:,} pairs.", n=joined) if joined else say("No pair is sure."))
    found = duplicates.review(desk, limit)
    if chosen.json:
        chosen.answer(_contract(found))
    elif ask:
        _ask(desk, found)
    else:
        _draw(chosen.paper(), found)


def _contract(found: Duplicates) -> dict[str, Any]:
    """Name things as other tools know them: `from` is no name in Python."""
    return {
        "pairs": found.pairs,
        "merged": [
            {"into": one.into, "from": one.joined, "because": one.because, "by": one.by, "change": one.change}
            for one in found.merged
        ],
        "total": found.total,
    }


def _ids(pair: str) -> tuple[str, str]:
    from amity.errors import AmityError, Code

    left, dash, right = pair.partition("-")
    if not (dash and left and right):
        raise AmityError(Code.USAGE, say("{pair!r} is no pair.", pair=pair), say("Write it as p12-p40."))
    return left, right


def _say(desk: Desk, left: str, right: str, *, same: bool, key: str = "") -> None:
    from amity.app import who

    if same:
        who.merge(desk, [left, right], key)
    else:
        who.keep_apart(desk, left, right, key)


def _draw(paper: Paper, found: Duplicates) -> None:
    from amity.faces.cli.paper import Span

    if not found.pairs:
        paper.line(say("Nobody here seems to be two."))
    for one in found.pairs:
        _pair(paper, one)
    if found.total > len(found.pairs):
        paper.line(Span(say("{total:,} more; --limit shows them.", total=found.total - len(found.pairs)), "quiet"))
    if found.pairs:
        first = found.pairs[0]
        pair = f"{first.left}-{first.right}"
        paper.gap()
        paper.line(
            Span(
                say("amity duplicates --accept {pair}, --refuse {pair}, or --ask to go through them.", pair=pair),
                "quiet",
            )
        )


def _pair(paper: Paper, one: PairLine) -> None:
    from amity.faces.cli.paper import Span

    sure = say(", surely") if one.sure else ""
    names = say(
        "{one} ({left}) and {other} ({right})",
        one=one.names[0],
        left=one.left,
        other=one.names[1],
        right=one.right,
    )
    paper.line(Span(names, "name"), say(" · {score:.0%} one person{sure}", score=one.score, sure=sure))
    for reason in one.because:
        figure = f": {reason.figure}" if reason.figure else ""
        paper.line(f"{reason.reason}{figure}", lead="+ " if reason.weight > 0 else "− ", indent=4)


def _ask(desk: Desk, found: Duplicates) -> None:
    paper = call().paper()
    said = 0
    for number, one in enumerate(found.pairs, 1):
        _pair(paper, one)
        prompt = say(
            "{number}/{pairs}  one person? (y yes, n no, s skip, q stop)", number=number, pairs=len(found.pairs)
        )
        answer = click.prompt(prompt, type=click.Choice(("y", "n", "s", "q")), show_choices=False, err=True)
        if answer == "q":
            break
        if answer != "s":
            _say(desk, one.left, one.right, same=answer == "y")
            said += 1
    paper.line(say("{said} said. `amity undo {said}` takes it back.", said=said) if said else say("Nothing said."))
