"""Today's few suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Verb, call
from amity.language import label, mark, say, say_many

if TYPE_CHECKING:
    from amity.app.plan import SuggestionLine, Today
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.option(
    "--minutes", type=click.IntRange(0, 1440), metavar="M", help=mark("The time that you have; else the settings'.")
)
@click.option("--limit", type=click.IntRange(0, 100), metavar="N", help=mark("So many at most; else the settings'."))
@click.option(
    "--effect", is_flag=True, help=mark("Say whether suggestions changed anything, where you hold some back.")
)
def today(minutes: int | None, limit: int | None, effect: bool) -> None:
    """Show the few things worth doing today: who, why now, what to give, and how to begin.

    Say `amity done ID` when one is done, `amity snooze ID` for later, `amity not-this ID` to turn it down.
    """
    from amity.app import plan

    chosen = call()
    if effect:
        held = plan.hold_out(chosen.desk())
        if chosen.json:
            chosen.answer(held)
        else:
            chosen.paper().line(held.words)
        return
    desk = chosen.desk()
    day = plan.today(desk, minutes, limit)
    if chosen.json:
        chosen.answer(day)
        return
    tell(chosen.paper(), day)
    if not day.suggestions:
        from amity.app.owner import owner_of, told

        if not told(owner_of(desk.database))[0]:
            chosen.paper().line(
                say("Which addresses are yours is not known, and all hangs on it: `amity me --add YOURS`.")
            )


def tell(paper: Paper, day: Today) -> None:
    """Write the day's suggestions down."""
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import long_day

    taken = sum(line.minutes for line in day.suggestions)
    time = say(" · {taken} of your {minutes} minutes", taken=taken, minutes=day.minutes) if day.suggestions else ""
    paper.line(Span(long_day(day.date), "head"), Span(time, "quiet"))
    if not day.enough:
        paper.line(Span(say("Too early to say much about your ties: there is too little history yet."), "quiet"))
    if day.fewer:
        paper.line(
            Span(
                say("At most {fewer} are shown, as that is about what you do; --limit shows more.", fewer=day.fewer),
                "quiet",
            )
        )
    if not day.suggestions:
        paper.gap()
        if day.quiet:
            paper.line(say("One of your quiet days: nothing is suggested."))
        elif day.waiting:
            paper.line(say("Nothing fits into the time today. With more: `amity today --minutes M`."))
        else:
            paper.line(say("Nothing needs you today. Write to somebody because you like them, or let it be."))
    for place, line in enumerate(day.suggestions, 1):
        paper.gap()
        _tell_one(paper, place, line)
    if day.suggestions:
        paper.gap()
        paper.line(
            say("Then: "),
            Span("amity done ID", "warm"),
            ", ",
            Span("amity snooze ID", "warm"),
            say(" (later) or "),
            Span("amity not-this ID", "warm"),
            say(" (no)."),
        )
    if day.suggestions and day.waiting:
        others = say_many(
            "One other person can wait for another day.", "{n:,} other people can wait for another day.", day.waiting
        )
        paper.line(Span(others, "quiet"))


def _tell_one(paper: Paper, place: int, line: SuggestionLine) -> None:
    from amity.faces.cli.paper import Span

    before, name, after = line.act.partition(line.person.name)
    act = (before, Span(name, "name"), after) if name else (Span(line.person.name, "name"), f": {line.act}")
    paper.line(*act, lead=Span(f"{place:>2}  ", "quiet"))
    paper.line(". ".join(line.why_now) + ".", indent=4)
    if line.opener:
        paper.line(Span(say("“{words}”", words=line.opener), "said"), indent=4)
    figures = [f"{reason.reason}: {reason.figure}" for reason in line.because if reason.reason != say("minutes")]
    paper.line(Span(say("In figures: {figures}.", figures="; ".join(figures)), "quiet"), indent=4)
    paper.line(
        Span(
            say("{minutes} minutes · {channel} · ", minutes=line.minutes, channel=label("channel", line.channel)),
            "quiet",
        ),
        Span(line.id, "warm"),
        indent=4,
    )
