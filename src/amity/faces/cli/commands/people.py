"""Find people; show one whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call

if TYPE_CHECKING:
    from amity.app.people import Identity, Interaction, PersonPage
    from amity.faces.cli.paper import Paper, Span

LIMIT = 25
ABOVE = ("name", "birthday", "died", "field", "nickname")
TITLES = {"place": "Lives", "note": "Notes", "met": "How you met", "family": "Around", "date": "Dates", "file": "Files"}
WAYS = {"sent": "you →", "received": "→ you", "met": "met", "aside": "beside"}


@click.command(cls=Verb)
@click.argument("query", nargs=-1, metavar="[QUERY]", type=Person())
@click.option("--limit", type=click.IntRange(0), metavar="N", help=f"So many at most; {LIMIT}, or all with --json.")
def people(query: tuple[str, ...], limit: int | None) -> None:
    """Find people by name, address or organisation; without a query, all of them, the strongest ties first."""
    from amity.app import people

    chosen = call()
    most = limit if limit is not None else -1 if chosen.json else LIMIT
    found = people.find(chosen.desk(), " ".join(query), most)
    if chosen.json:
        chosen.answer(found.people)
        return
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import day

    paper = chosen.paper()
    if not found.total:
        paper.line("Nobody is found by that." if query else "Nobody is known yet: `amity import PATH` begins.")
        return
    columns = [
        Column("id"),
        Column("name", gives=True),
        Column("position", gives=True),
        Column("segment"),
        Column("tie", right=True),
        Column("last contact", right=True),
    ]
    rows = [
        (
            Span(one.id, "quiet"),
            Span(one.name, "name"),
            "; ".join(", ".join(filter(None, (held.title, held.organisation))) for held in one.positions),
            one.segment,
            "" if one.strength is None else f"{one.strength:.0f}",
            day(one.last),
        )
        for one in found.people
    ]
    paper.table(columns, rows)
    if found.total > len(rows):
        paper.gap()
        paper.line(Span(f"{len(rows):,} of {found.total:,} people; --limit shows more.", "quiet"))


@click.command(cls=Verb)
@click.argument("person", nargs=-1, required=True, metavar="PERSON", type=Person())
def show(person: tuple[str, ...]) -> None:
    """Show one person whole: addresses, the tie and its reasons, and what passed between you.

    PERSON is a name, an address, or an id such as p12.
    """
    from amity.app import people

    chosen = call()
    desk = chosen.desk()
    page = people.show(desk, " ".join(person))
    if chosen.json:
        chosen.answer(page)
    else:
        _draw(chosen.paper(), page, desk.today)


def _draw(paper: Paper, page: PersonPage, today: date) -> None:
    from amity.faces.cli.paper import Column, Span
    from amity.faces.cli.words import birthday, reasons

    paper.line(Span(page.name, "head"), Span(f" · {page.id}", "quiet"))
    if page.kind not in ("person", "me"):
        paper.line(Span(f"Set aside as a {page.kind}: {reasons(page.because)}", "note"))
    elif page.kind == "me":
        paper.line(Span("This is you.", "note"))
    facts = [
        ("Also", ", ".join(page.aliases)),
        ("Position", "; ".join(", ".join(filter(None, (one.title, one.organisation))) for one in page.positions)),
        (
            "Moved",
            "; ".join(f"{move.on.day} {move.on:%b %Y}: {move.now} (before: {move.before})" for move in page.moves),
        ),
        ("About", ", ".join(page.about)),
        ("Birthday", birthday(page.birthday)),
        ("Died", birthday(page.died)),
        ("Addresses", ", ".join(_address(one) for one in page.identities if one.kind != "name")),
    ]
    known = [(title, text) for title, text in facts if text]
    for title, text in known:
        paper.line(text, lead=Span(f"{title:<11}", "quiet"), indent=2)
    if not page.analysed:
        paper.line(Span("Not analysed, as you wished: no tie, no suggestions.", "note"))
    _draw_facts(paper, page)
    if page.tie is not None:
        _draw_tie(paper, page, today)
    if page.paths_in and (page.tie is None or page.tie.strength < page.paths_in[0].warmth * 100):
        paper.gap()
        paper.line(Span("Who could introduce you", "head"))
        for way in page.paths_in:
            over = " → ".join(("you", *(who.name for who in way.over), page.name))
            paper.line(Span(over, "name"), Span(f" {way.warmth:.2f}, {way.because}", "quiet"), indent=2)
    if page.timeline:
        paper.gap()
        shown = "" if len(page.timeline) == page.contacts else f", the newest {len(page.timeline)}"
        some = "one contact" if page.contacts == 1 else f"{page.contacts:,} contacts"
        paper.line(Span("Timeline", "head"), Span(f" · {some}{shown}", "quiet"))
        columns = [Column(""), Column(""), Column(""), Column("", gives=True)]
        paper.table(columns, [_moment(one) for one in page.timeline], indent=2)
    if page.sources:
        paper.gap()
        paper.line(Span(f"From {', '.join(page.sources)}.", "quiet"))


def _address(one: Identity) -> str:
    if one.state == "dead" and one.since:
        return f"{one.value} (dead since {one.since.isoformat()})"
    return f"{one.value} (mailbox full)" if one.state == "full" else one.value


def _draw_facts(paper: Paper, page: PersonPage) -> None:
    """Write what is known of them but for what stands above; `amity facts` has the sources and ids."""
    from amity.faces.cli.paper import Span

    shown: dict[str, list[str]] = {}
    for one in page.facts:
        if one.field in ABOVE or one.outranked:
            continue
        title = one.label if one.field == "custom" else TITLES.get(one.field, one.field.capitalize())
        label = f" ({one.label})" if one.label and one.field not in ("custom", "file", "photo") else ""
        there = f", {one.time_there} there now" if one.time_there else ""
        marks = (" [private]" if one.private else "") + (" [old by now]" if one.stale else "")
        shown.setdefault(title, []).append(f"{one.value}{label}{there}{marks}")
    for title, values in shown.items():
        text = (" · " if title == "Notes" else "; ").join(values)
        paper.line(text, lead=Span(f"{title:<10} ", "quiet"), indent=2)


def _draw_tie(paper: Paper, page: PersonPage, today: date) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import ago, bar, day, momentum, strength

    tie = page.tie
    if tie is None:
        return
    paper.gap()
    paper.line(Span("Tie", "head"), *(() if tie.enough else (Span(" · too early to say", "quiet"),)))
    lines = [
        ("Strength", f"{bar(tie.strength)} {tie.strength:.0f} of 100, {strength(tie.strength)}"),
        ("Segment", tie.segment),
        ("Momentum", momentum(tie)),
        ("Contact", f"{tie.sent:,} sent, {tie.received:,} received, met {_times(tie.met)}, on {_days(tie.days)}"),
        ("Since", f"{day(tie.first)}, last {day(tie.last)} ({ago(tie.last, today)})"),
        ("You begin", f"{tie.initiative:.0%} of your conversations"),
        ("Mutual", f"{tie.reciprocity:.0%}, where 100% is even give and take"),
        ("Ahead", f"{tie.p_contact:.0%} likely to be in touch both ways in {tie.horizon_days} days"),
    ]
    for title, text in lines:
        paper.line(text, lead=Span(f"{title:<11}", "quiet"), indent=2)
    paper.line("; ".join(reason.reason for reason in tie.because), lead=Span(f"{'Because':<11}", "quiet"), indent=2)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"


def _days(count: int) -> str:
    return "one day" if count == 1 else f"{count:,} days"


def _moment(one: Interaction) -> tuple[str | Span, ...]:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    beside = f"with {', '.join(one.others)}" if one.others else ""
    return (
        ("~ " if one.imprecise else "") + day(one.on),
        Span(one.channel, "quiet"),
        WAYS[one.way],
        " · ".join(filter(None, (one.subject, beside))),
    )
