"""The page before a meeting."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from amity.errors import AmityError, Code
from amity.faces.cli.frame import Person, Verb, call
from amity.language import label, mark, say

if TYPE_CHECKING:
    from amity.app.brief import Brief
    from amity.app.known import FactLine
    from amity.faces.cli.paper import Paper

WAYS = {"sent": mark("you →"), "received": mark("→ you"), "met": mark("met"), "aside": mark("beside")}


MEETINGS = "meetings"  # what --today is without a day


class DayVerb(Verb):
    """A command whose --today may stand without a day: then it means the meetings of today."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        told = mark("The people of today's meetings in your calendar; with DATE, the day to stand on. [AMITY_TODAY]")
        own = click.Option(["--today", "day"], metavar="[DATE]", is_flag=False, flag_value=MEETINGS, help=told)
        self.params = [own if one.name == "today" else one for one in self.params]


@click.command(cls=DayVerb)
@click.argument("person", nargs=-1, metavar="[PERSON]", type=Person())
@click.option("--with-private", "private", is_flag=True, help=mark("Also what you keep to yourself."))
def brief(person: tuple[str, ...], day: str | None, private: bool) -> None:
    """Put a person on one page: who they are, what passed, what is open, what they care about, what to ask and give.

    With --today and nobody named, everybody whom you meet today.
    """
    from amity.app import brief

    chosen = call()
    if not person and day is None:
        raise AmityError(Code.USAGE, say("Nobody is named."), say("`amity brief PERSON`, or `amity brief --today`."))
    if day not in (None, MEETINGS):
        chosen.today = day
    desk = chosen.desk()
    if person:
        page = brief.of(desk, " ".join(person), private=private)
        chosen.answer(page) if chosen.json else _draw(chosen.paper(), page, desk.today)
        return
    found = brief.today(desk, private=private)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not found:
        paper.line(say("No meeting with anybody stands in your calendar today."))
    for place, meeting in enumerate(found):
        if place:
            paper.gap()
        paper.line(Span(f"{meeting.at} {meeting.subject}".rstrip(), "head"))
        for page in meeting.people:
            paper.gap()
            _draw(paper, page, desk.today)


def _draw(paper: Paper, page: Brief, today: date) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import ago, day

    paper.line(Span(page.person.name, "head"), Span(f" · {page.person.id} · {day(page.on)}", "quiet"))
    _say(paper, say("Who"), page.who)
    _say(paper, say("Met"), page.met)
    _say(paper, say("Tie"), (page.tie,))
    _say(paper, say("Around"), page.around)
    _say(paper, say("Dates"), page.dates)
    _say(paper, say("Changed"), page.changed)
    _say(
        paper,
        say("Passed"),
        [
            " ".join(
                filter(None, (f"{day(one.on)} ({ago(one.on, today)}), {one.channel},", say(WAYS[one.way]), one.subject))
            )
            for one in page.passed
        ],
    )
    _say(paper, say("Given"), page.story)
    _say(paper, say("Yours"), [f"{one.words} ({day(one.since)}{_from(one.source)})" for one in page.yours])
    _say(paper, say("Theirs"), [f"{one.words} ({day(one.since)}{_from(one.source)})" for one in page.theirs])
    _say(paper, say("Agenda"), wishes(page.agenda))
    _say(paper, say("Offers"), [one.value for one in page.offers])
    _say(paper, say("Give"), [f"{label('give', one.kind)}: {one.words} ({one.because})" for one in page.give])
    _say(paper, say("Ask"), [f"{one.question} ({one.because})" for one in page.questions])


def _from(source: str) -> str:
    return say(", as a mail seems to say") if source == "mail" else ""


def _say(paper: Paper, title: str, lines: Iterable[str]) -> None:
    from amity.faces.cli.paper import Span

    for place, text in enumerate(lines):
        paper.line(text, lead=Span(f"{'' if place else title:<9}", "quiet"), indent=2)


def wishes(agenda: Iterable[FactLine]) -> list[str]:
    """Say the lines of an agenda, each with its day and source."""
    return [
        f"{label('field', one.field)}: {one.value} ({one.on}, {one.source}{say(', old by now') if one.stale else ''})"
        for one in agenda
    ]


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, metavar="PERSON", type=Person())
def agenda(person: tuple[str, ...]) -> None:
    """Say what a person cares about and can help with; where nothing is known, three questions about their work.

    `amity fact PERSON need "…"` notes it; also priority, goal, worry and offer.
    """
    from amity.app import brief

    chosen = call()
    found = brief.agenda(chosen.desk(), " ".join(person), private=True)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    paper.line(Span(found.person.name, "head"), Span(f" · {found.person.id}", "quiet"))
    _say(paper, say("Agenda"), wishes(found.agenda))
    _say(paper, say("Offers"), [one.value for one in found.offers])
    if not found.agenda or all(one.stale for one in found.agenda):
        _say(paper, say("Ask"), [f"{one.question} ({one.because})" for one in found.questions])
