"""Find people; show one whole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, filled
from amity.language import label, mark, plain_day, say, say_many

if TYPE_CHECKING:
    from amity.app.people import Identity, Interaction, PersonPage
    from amity.faces.cli.paper import Paper, Span

LIMIT = 25
ABOVE = ("name", "birthday", "died", "field", "nickname")
TITLES = {
    "place": mark("Lives"),
    "note": mark("Notes"),
    "met": mark("How you met"),
    "family": mark("Around"),
    "date": mark("Dates"),
    "file": mark("Files"),
}
WAYS = {"sent": mark("you →"), "received": mark("→ you"), "met": mark("met"), "aside": mark("beside")}


@click.command(cls=Verb)
@click.argument("query", nargs=-1, metavar="[QUERY]", type=Person())
@click.option(
    "--limit",
    type=click.IntRange(0),
    metavar="N",
    help=filled(mark("So many at most; {limit}, or all with --json."), limit=LIMIT),
)
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
        paper.line(
            say("Nobody is found by that.") if query else say("Nobody is known yet: `amity import PATH` begins.")
        )
        return
    columns = [
        Column(label("column", "id")),
        Column(label("column", "name"), gives=True),
        Column(label("column", "position"), gives=True),
        Column(label("column", "segment")),
        Column(label("column", "tie"), right=True),
        Column(label("column", "last contact"), right=True),
    ]
    rows = [
        (
            Span(one.id, "quiet"),
            Span(one.name, "name"),
            "; ".join(", ".join(filter(None, (held.title, held.organisation))) for held in one.positions),
            label("segment", one.segment),
            "" if one.strength is None else f"{one.strength:.0f}",
            day(one.last),
        )
        for one in found.people
    ]
    paper.table(columns, rows)
    if found.total > len(rows):
        paper.gap()
        paper.line(
            Span(say("{rows:,} of {total:,} people; --limit shows more.", rows=len(rows), total=found.total), "quiet")
        )


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
    from amity.faces.cli.words import birthday, day, reasons

    paper.line(Span(page.name, "head"), Span(f" · {page.id}", "quiet"))
    if page.kind not in ("person", "me"):
        paper.line(
            Span(
                say(
                    "Set aside as a {kind}: {reasons}", kind=label("machine", page.kind), reasons=reasons(page.because)
                ),
                "note",
            )
        )
    elif page.kind == "me":
        paper.line(Span(say("This is you."), "note"))
    facts = [
        (say("Also"), ", ".join(page.aliases)),
        (say("Position"), "; ".join(", ".join(filter(None, (one.title, one.organisation))) for one in page.positions)),
        (
            say("Moved"),
            "; ".join(
                say("{day}: {now} (before: {before})", day=day(move.on), now=move.now, before=move.before)
                for move in page.moves
            ),
        ),
        (say("About"), ", ".join(page.about)),
        (say("Birthday"), birthday(page.birthday)),
        (say("Died"), birthday(page.died)),
        (say("Addresses"), ", ".join(_address(one) for one in page.identities if one.kind != "name")),
    ]
    known = [(title, text) for title, text in facts if text]
    for title, text in known:
        paper.line(text, lead=Span(f"{title:<10} ", "quiet"), indent=2)
    if not page.analysed:
        paper.line(Span(say("Not analysed, as you wished: no tie, no suggestions."), "note"))
    _draw_facts(paper, page)
    if page.tie is not None:
        _draw_tie(paper, page, today)
    if page.paths_in and (page.tie is None or page.tie.strength < page.paths_in[0].warmth * 100):
        paper.gap()
        paper.line(Span(say("Who could introduce you"), "head"))
        for way in page.paths_in:
            over = " → ".join((say("you"), *(who.name for who in way.over), page.name))
            paper.line(Span(over, "name"), Span(f" {way.warmth:.2f}, {way.because}", "quiet"), indent=2)
    if page.timeline:
        paper.gap()
        shown = "" if len(page.timeline) == page.contacts else say(", the newest {n}", n=len(page.timeline))
        some = say("one contact") if page.contacts == 1 else say("{contacts:,} contacts", contacts=page.contacts)
        paper.line(Span(say("Timeline"), "head"), Span(f" · {some}{shown}", "quiet"))
        columns = [Column(""), Column(""), Column(""), Column("", gives=True)]
        paper.table(columns, [_moment(one) for one in page.timeline], indent=2)
    if page.sources:
        paper.gap()
        paper.line(Span(say("From {sources}.", sources=", ".join(page.sources)), "quiet"))


def _address(one: Identity) -> str:
    if one.state == "dead" and one.since:
        return say("{address} (dead since {day})", address=one.value, day=plain_day(one.since))
    return say("{address} (mailbox full)", address=one.value) if one.state == "full" else one.value


def _draw_facts(paper: Paper, page: PersonPage) -> None:
    """Write what is known of them but for what stands above; `amity facts` has the sources and ids."""
    from amity.faces.cli.paper import Span

    shown: dict[str, list[str]] = {}
    for one in page.facts:
        if one.field in ABOVE or one.outranked:
            continue
        title = one.label if one.field == "custom" else _title(one.field)
        label = f" ({one.label})" if one.label and one.field not in ("custom", "file", "photo") else ""
        there = say(", {time_there} there now", time_there=one.time_there) if one.time_there else ""
        marks = (say(" [private]") if one.private else "") + (say(" [old by now]") if one.stale else "")
        shown.setdefault(title, []).append(f"{one.value}{label}{there}{marks}")
    for title, values in shown.items():
        text = (" · " if title == say("Notes") else "; ").join(values)
        paper.line(text, lead=Span(f"{title:<10} ", "quiet"), indent=2)


def _title(field: str) -> str:
    if field in TITLES:
        return say(TITLES[field])
    named = label("field", field)
    return named[:1].upper() + named[1:]


def _draw_tie(paper: Paper, page: PersonPage, today: date) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import ago, bar, day, momentum, strength

    tie = page.tie
    if tie is None:
        return
    paper.gap()
    paper.line(Span(say("Tie"), "head"), *(() if tie.enough else (Span(say(" · too early to say"), "quiet"),)))
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
        (say("Segment"), label("segment", tie.segment)),
        (say("Momentum"), momentum(tie)),
        (
            say("Contact"),
            say(
                "{sent:,} sent, {received:,} received, met {times}, {on_days}",
                sent=tie.sent,
                received=tie.received,
                times=_times(tie.met),
                on_days=_on_days(tie.days),
            ),
        ),
        (
            say("Since"),
            say("{first}, last {last} ({ago})", first=day(tie.first), last=day(tie.last), ago=ago(tie.last, today)),
        ),
        (say("You begin"), say("{initiative:.0%} of your conversations", initiative=tie.initiative)),
        (say("Mutual"), say("{reciprocity:.0%}, where 100% is even give and take", reciprocity=tie.reciprocity)),
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
        paper.line(text, lead=Span(f"{title:<10} ", "quiet"), indent=2)
    paper.line(
        "; ".join(reason.reason for reason in tie.because), lead=Span(f"{say('Because'):<10} ", "quiet"), indent=2
    )


def _times(count: int) -> str:
    return say("once") if count == 1 else say("{n:,} times", n=count)


def _on_days(count: int) -> str:
    return say_many("on one day", "on {n:,} days", count)


def _moment(one: Interaction) -> tuple[str | Span, ...]:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import day

    beside = say("with {others}", others=", ".join(one.others)) if one.others else ""
    return (
        ("~ " if one.imprecise else "") + day(one.on),
        Span(label("channel", one.channel), "quiet"),
        say(WAYS[one.way]),
        " · ".join(filter(None, (one.subject, beside))),
    )
