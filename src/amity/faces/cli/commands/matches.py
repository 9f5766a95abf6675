"""Who could help whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Person, Verb, call, key_option, limit_option
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.matches import MatchLine
    from amity.faces.cli.paper import Paper

LIMIT = 5


@click.command(cls=Verb)
@click.argument("person", nargs=-1, type=Person())
@limit_option(LIMIT, 200)
@click.option("--refuse", default="", metavar="ID", help=mark("This one is no match: it is not shown again."))
@key_option
def matches(person: tuple[str, ...], limit: int, refuse: str, key: str) -> None:
    """Show who could help whom with what they look for: people who do not know each other, whom you could introduce.

    Needs are what people ask of you, and the needs, goals and priorities among their facts; offers are offers among
    their facts, and what they are known for. What is private, and worries, are left out. Words are compared by their
    stems and by lists of words that mean much the same, in English and German.
    """
    from amity.app import matches

    chosen = call()
    if refuse:
        said = matches.refuse(chosen.desk(), refuse, key)
        if chosen.json:
            chosen.answer(said)
        else:
            chosen.paper().line(say("{summary}. `amity undo` takes it back.", summary=said))
        return
    found = matches.list_(chosen.desk(), " ".join(person), limit)
    if chosen.json:
        chosen.answer(found)
        return
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    for line in found.matches:
        _draw(paper, line)
        paper.gap()
    if not found.matches and not found.notes:
        paper.line(
            say(
                "Nobody's offer fits what anybody looks for, of {needs} needs and {offers} offers.",
                needs=found.needs,
                offers=found.offers,
            )
        )
    for note in found.notes:
        paper.line(Span(note, "quiet"))
    if found.matches:
        paper.line(Span(say("`amity introduce ONE OTHER --why …` begins with asking the first of them."), "quiet"))


def _draw(paper: Paper, line: MatchLine) -> None:
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import reasons

    paper.line(
        Span(say("{helper} could help {person}", helper=line.helper.name, person=line.person.name), "name"),
        Span(
            say(
                " · fit {score:.2f}, warmth {warmth:.2f}, fresh {freshness:.2f} · {line}",
                score=line.score,
                warmth=line.warmth,
                freshness=line.freshness,
                line=line.id,
            ),
            "quiet",
        ),
    )
    paper.line(f"{line.act}.", indent=2)
    paper.line(Span(reasons(line.because), "quiet"), lead=Span(say("Because "), "quiet"), indent=2)
