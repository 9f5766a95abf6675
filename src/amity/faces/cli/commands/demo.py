"""A real life to try Amity on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from amity.faces.cli.commands.serve import PORT, open_pages
from amity.faces.cli.frame import Verb, call
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.ties import TieLine
    from amity.faces.cli.paper import Paper


@click.command(cls=Verb)
@click.option("--no-serve", is_flag=True, help=mark("Print today's advice, and open no pages."))
@click.option(
    "--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help=mark("0 takes any free one.")
)
@click.option("--no-browser", is_flag=True, help=mark("Print the address, and open no browser."))
def demo(no_serve: bool, port: int, no_browser: bool) -> None:
    """Open the life of Arthur Schnitzler, a week before the first night of "Liebelei", and see the day's advice.

    His letters, diary and address book are unpacked as files and taken in as yours would be, into a vault of their
    own: yours is not touched. Then the pages open in the browser.
    """
    from amity.app import plan, ties
    from amity.demo import life
    from amity.faces import tour

    chosen = call()
    folder = chosen.vault or tour.folder_of_life()
    entrance = tour.unlock_life(folder, chosen.today)
    desk = chosen.hold(entrance.open())
    report = tour.take_in(desk)
    few = [line for line in ties.list_(desk, 100) if line.segment == "critical"]
    day = plan.today(desk)
    if chosen.json:
        chosen.answer(
            {
                "vault": str(folder),
                "attribution": life.ATTRIBUTION,
                "sources": report.sources,
                "people": report.people,
                "me": report.me,
                "critical": few,
                "today": day,
            }
        )
    else:
        _tell(chosen.paper(), folder, report.people, few, desk.today == life.TODAY)
        from amity.faces.cli.commands import today

        paper = chosen.paper()
        today.tell(paper, day)
        paper.gap()
        paper.line(say("To look around: amity ties --vault {folder} --today {today}", folder=folder, today=desk.today))
    if not (no_serve or chosen.json):
        desk.database.close()
        open_pages(entrance, port, open_browser=not no_browser, attribution=life.ATTRIBUTION)


def _tell(paper: Paper, folder: Path, people: int, few: list[TieLine], is_the_day: bool) -> None:
    from amity.demo import life
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import MOMENTUM, bar, day

    paper.line(Span(say("The life of {name}", name=life.OWNER_NAME), "head"))
    when = say("It is a week before the first night of “Liebelei” at the Burgtheater. ") if is_the_day else ""
    paper.line(
        say(
            "{when}Of the {people:,} people whom his letters and his diary name, these are the critical few:",
            when=when,
            people=people,
        )
    )
    paper.gap()
    rows = [
        (
            Span(line.name, "name"),
            f"{bar(line.strength, 5)} {line.strength:.0f}",
            MOMENTUM[line.momentum],
            say("last {day}", day=day(line.last)),
        )
        for line in few
    ]
    reasons = [Span(line.because[0].reason if line.because else "", "quiet") for line in few]
    paper.table([Column("", gives=True), Column(""), Column(""), Column("")], rows, reasons, indent=2)
    paper.gap()
    for words in life.ATTRIBUTION:
        paper.line(Span(words, "quiet"), lead="  ")
    paper.line(Span(say("The files: {folder}", folder=folder / "files"), "quiet"), lead="  ")
    paper.gap()
