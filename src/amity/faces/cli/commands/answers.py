"""What the owner says to a suggestion."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Advice, Verb, call, key_option
from amity.language import mark, say


def _answer(suggestion: str, verdict: str, key: str, days: int | None = None) -> None:
    from amity.app import plan

    chosen = call()
    summary = plan.answer(chosen.desk(), suggestion, verdict, days, key)
    if chosen.json:
        chosen.answer({"suggestion": suggestion, "verdict": verdict, "days": days, "summary": summary})
    else:
        chosen.paper().line(say("{summary}. Noted; `amity undo` takes it back.", summary=summary))


@click.command(cls=Verb)
@click.argument("suggestion", metavar="ID", type=Advice())
@key_option
def done(suggestion: str, key: str) -> None:
    """Say that a suggestion is done; `amity today` shows their ids."""
    _answer(suggestion, "done", key)


@click.command(cls=Verb)
@click.argument("suggestion", metavar="ID", type=Advice())
@click.option(
    "--days", type=click.IntRange(1, 3650), metavar="N", help=mark("For so many days; 14 where nothing is said.")
)
@key_option
def snooze(suggestion: str, days: int | None, key: str) -> None:
    """Put a suggestion off: not now."""
    _answer(suggestion, "snooze", key, days)


@click.command("not-this", cls=Verb)
@click.argument("suggestion", metavar="ID", type=Advice())
@click.option("--kind", "whole", flag_value="not_kind", help=mark("Nothing of this kind, to anybody, for half a year."))
@click.option("--person", "whole", flag_value="not_person", help=mark("Nothing about this person, for a year."))
@key_option
def not_this(suggestion: str, whole: str | None, key: str) -> None:
    """Turn a suggestion down: not this one. It is not made again for half a year."""
    _answer(suggestion, whole or "not_this", key)


@click.command(cls=Verb)
@click.argument("suggestion", metavar="ID", type=Advice())
@click.option("--print", "shown", is_flag=True, help=mark("Print the mailto address, and open nothing."))
def write(suggestion: str, shown: bool) -> None:
    """Open your mail program with the first sentence of a suggestion in it; you finish it, and send it yourself."""
    from amity.app import plan
    from amity.errors import AmityError, Code

    chosen = call()
    lines = {line.id: line for line in plan.today(chosen.desk()).suggestions}
    if suggestion not in lines:
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no suggestion {suggestion!r}.", suggestion=suggestion),
            say("`amity today` shows their ids."),
        )
    draft = lines[suggestion].write
    if not draft:
        raise AmityError(
            Code.NOT_FOUND,
            say("No mail address of {name} is known.", name=lines[suggestion].person.name),
            say("Write to them in another way, and say `amity done ID`."),
        )
    if chosen.json:
        chosen.answer({"suggestion": suggestion, "write": draft})
    elif shown:
        chosen.paper().line(draft)
    else:
        click.launch(draft)
