"""Ask honestly: check a message, or put one together."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amity.errors import AmityError, Code
from amity.faces.cli.frame import Person, Spoken, Verb, call, said, shared_options, write_options
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.faces.cli.paper import Paper
    from amity.plan.asking.composing import Letter
    from amity.plan.asks import Check

VERDICTS = {"ready": mark("Ready."), "almost": mark("Almost."), "not_yet": mark("Not yet.")}
NAMES = {
    "intent": mark("what you want"),
    "benefit": mark("what is in it for them"),
    "specifics": mark("what exactly"),
    "time": mark("how much time"),
    "out": mark("a way out"),
}


class Noun(Spoken, click.Group):
    """Several commands under one word, with the common options."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params.extend(shared_options())

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the commands, each with the first sentence of what it does."""
        room = formatter.width - 6 - max(map(len, self.commands))
        helps = {name: click.Command(name, help=said(one.help)) for name, one in sorted(self.commands.items())}
        with formatter.section(say("Commands")):
            formatter.write_dl([(name, one.get_short_help_str(room)) for name, one in helps.items()])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, then the common options."""
        self.format_commands(ctx, formatter)
        write_options(ctx, self, formatter)


@click.group(cls=Noun)
def ask() -> None:
    """Check an ask before it is sent, or put one together: what you want, what is in it for them, what exactly,
    how much time, and a very big way out.

    \b
    amity ask check letter.txt --to Ben
    amity ask new --to Ben
    amity ask list

    It never sends, needs no network, and promises no success.
    """


@ask.command(cls=Verb)
@click.argument("file", metavar="FILE|-", type=click.File("rb"))
@click.option(
    "--to", default="", metavar="PERSON", type=Person(), help=mark("Whom it is for: what has been is told too.")
)
def check(file: Any, to: str) -> None:
    """Check a message: five pointers, what turns it sour, and wording to take over. `-` reads what is piped in.

    Without --to no vault is needed. Places in --json are characters of the message as it is.
    """
    text = file.read().decode("utf-8", "replace")
    chosen = call()
    if to:
        from amity.app import asks

        said = asks.check_ask(chosen.desk(), text, to)
    else:
        from amity.plan import asks as coach

        said = coach.check(text)
    if chosen.json:
        chosen.answer(said)
    else:
        tell(chosen.paper(), text, said)


def tell(paper: Paper, text: str, said: Check) -> None:
    """Write down what the coach says of a message."""
    from amity.faces.cli.paper import Span

    paper.line(Span(say(VERDICTS[said.verdict]), "head"), Span(say(" {words} words", words=said.words), "quiet"))
    for line in said.history:
        paper.line(Span(line, "quiet"))
    paper.gap()
    for kind, pointer in said.pointers.items():
        if pointer.found and pointer.start is not None and pointer.end is not None:
            paper.line(Span(say(NAMES[kind]), "name"), f": “{_quote(text, pointer.start, pointer.end)}”", lead="✓ ")
        else:
            paper.line(Span(say(NAMES[kind]), "name"), f": {pointer.why}", lead="· ")
        if pointer.instead:
            why = f"{pointer.why} " if pointer.found else ""
            paper.line(why, Span(pointer.instead, "said"), indent=4)
    for flag in said.flags:
        paper.gap()
        paper.line(Span(flag.kind.replace("_", " "), "note"), f": {flag.why}", lead="! ")
        paper.line(Span(flag.instead, "said"), indent=4)


def _quote(text: str, start: int, end: int) -> str:
    plain = " ".join(text[start:end].split())
    return plain if len(plain) <= 120 else f"{plain[:119]}…"


def _start(_context: click.Context, _parameter: click.Parameter, value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value)
    except ValueError as error:
        raise click.BadParameter(say("say it like 2025-07-01T15:00, with a zone if you like: +02:00.")) from error


@ask.command(cls=Verb)
@click.option("--to", default="", metavar="PERSON", type=Person(), help=mark("Whom you ask."))
@click.option("--intent", metavar="WORDS", help=mark("What you want of them."))
@click.option("--benefit", metavar="WORDS", help=mark("What is in it for them."))
@click.option("--specifics", metavar="WORDS", help=mark("What exactly it is about."))
@click.option("--time", metavar="WORDS", help=mark('How much of their time it takes: "15 minutes".'))
@click.option("--out", metavar="WORDS", help=mark("How they can say no; else one is proposed."))
@click.option("--me", default="", metavar="NAME", help=mark("Your name, below the letter."))
@click.option("--formal", is_flag=True, help=mark("In a formal tone."))
@click.option(
    "--language", type=click.Choice(["en", "de"]), default="en", show_default=True, help=mark("The language.")
)
@click.option("--when", metavar="DATETIME", callback=_start, help=mark("A time to propose: 2025-07-01T15:00."))
@click.option(
    "--minutes", type=click.IntRange(5, 1440), help=mark("How long, with --when; else what --time says, or 30.")
)
@click.option(
    "--ics",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help=mark("Write the time as a calendar file."),
)
def new(
    to: str,
    intent: str | None,
    benefit: str | None,
    specifics: str | None,
    time: str | None,
    out: str | None,
    me: str,
    formal: bool,
    language: str,
    when: datetime | None,
    minutes: int | None,
    ics: Path | None,
) -> None:
    """Put an ask together from five things; what no option gives is asked for in turn.

    A long form, a short form and a blurb for others to forward are printed, in your own words. Nothing is sent.
    """
    if ics is not None and when is None:
        raise click.UsageError(say("--ics goes with --when."))
    from amity.plan.asking.composing import Draft, compose
    from amity.plan.asking.languages import language as speech
    from amity.plan.asking.proposal import in_words, lasting

    words = speech(language)
    name, past = _recipient(to)
    for line in past:
        click.echo(_clean(line), err=True)
    asks = words.wording["compose"]["ask"]
    given = {"intent": intent, "benefit": benefit, "specifics": specifics, "time": time, "out": out}
    parts = {kind: _asked(asks[kind]) if value is None else value for kind, value in given.items()}
    if not parts["intent"].strip():
        raise AmityError(Code.USAGE, say("There is nothing to ask for."), say("Say what you want with --intent."))
    day = "" if when is None else in_words(when, language)
    letter = compose(Draft(**parts, name=name, me=me, when=day, formal=formal), words)
    if ics is not None and when is not None:
        _write_proposal(
            ics, letter, when, minutes or lasting(parts["time"]), " – ".join(part for part in (me, name) if part)
        )
    chosen = call()
    if chosen.json:
        chosen.answer({"short": letter.short, "long": letter.long, "blurb": letter.blurb, "ics": ics and str(ics)})
        return
    _show(chosen.paper(), letter, ics)


@ask.command(cls=Verb, name="list")
@click.argument("person", required=False, default="", metavar="PERSON", type=Person())
@click.option("--all", "every", is_flag=True, help=mark("Those that came to an end too."))
def list_(person: str, every: bool) -> None:
    """List the asks that you made, and what comes next: send, wait, remind once, thank, tell what came of it.

    `amity outcome ID --status answered` says what became of one; a no is a good answer.
    """
    from amity.app import asks
    from amity.faces.cli.paper import Span
    from amity.faces.cli.words import long_day

    chosen = call()
    found = asks.under_way(chosen.desk(), person, every=every)
    if chosen.json:
        chosen.answer(found)
        return
    paper = chosen.paper()
    for one in found:
        paper.line(Span(one.entry.words, "name"), Span(f" · {long_day(one.entry.on)} · {one.entry.id}", "quiet"))
        until = f" ({long_day(one.until)})" if one.until else ""
        paper.line(f"{one.words}{until}", indent=4)
        if one.choices:
            paper.line(
                Span(
                    f"amity outcome {one.entry.id} --status {'|'.join(one.choices)}",
                    "quiet",
                ),
                indent=4,
            )
    if not found:
        paper.line(say("No ask is under way."))


@ask.command(cls=Verb)
@click.argument("file", metavar="FILE|-", type=click.File("rb"))
@click.option("--send", is_flag=True, help=mark("Send it to the model without being asked once more."))
def polish(file: Any, send: bool) -> None:
    """Have one message worded anew by a model of your own, if the settings point to one.

    Exactly what would leave is shown first, and nothing leaves before you say so.
    """
    from amity.app import asks
    from amity.faces.cli.paper import Span

    text = file.read().decode("utf-8", "replace")
    chosen = call()
    desk = chosen.desk()
    shown = asks.polish(desk, text, send=send and chosen.json)
    if chosen.json:
        chosen.answer(shown)
        return
    paper = chosen.paper()
    paper.line(Span(say("This would leave your machine"), "head"), Span(say(" · to {to}", to=shown.to), "quiet"))
    paper.line(shown.leaves, indent=2)
    if not send and not click.confirm(say("Send it?"), default=False, err=True):
        paper.line(Span(say("Nothing was sent."), "quiet"))
        return
    worded = asks.polish(desk, text, send=True)
    paper.gap()
    paper.line(Span(say("Worded anew"), "head"))
    for line in worded.text.split("\n"):
        paper.line(line, indent=2)
    if worded.check is not None:
        paper.gap()
        tell(paper, worded.text, worded.check)


def _clean(text: str) -> str:
    from amity.faces.cli.paper import clean

    return clean(text)


def _recipient(to: str) -> tuple[str, tuple[str, ...]]:
    """Return how to address somebody, and what has been between the two where a vault knows of it."""
    if not to:
        return "", ()
    from amity.app import asks
    from amity.plan.asking import history
    from amity.plan.asking.languages import language

    try:
        desk = call().desk()
    except AmityError as error:
        return to, (say("Nothing is known of {to}: {message}", to=to, message=error.message),)
    name, past = asks.recipient(desk, to)
    return name, history.told(past, desk.today, language("en")) if past else (
        say("Nothing is known of {wanted}.", wanted=to),
    )


def _asked(question: str) -> str:
    """Ask for one thing in turn; an end of input leaves the rest empty."""
    try:
        return str(click.prompt(question, default="", show_default=False, err=True))
    except click.Abort:
        return ""


def _write_proposal(ics: Path, letter: Letter, when: datetime, minutes: int, who: str) -> None:
    from amity.plan.asking.proposal import propose

    text = propose(who or say("A conversation"), letter.short, when, minutes, datetime.now(UTC))
    try:
        with ics.open("xb") as file:
            file.write(text.encode())
    except FileExistsError as error:
        raise AmityError(Code.REFUSED, say("{file} is there already.", file=ics), say("Name another file.")) from error


def _show(paper: Paper, letter: Letter, ics: Path | None) -> None:
    from amity.faces.cli.paper import Span

    for title, text in ((say("Long"), letter.long), (say("Short"), letter.short), (say("To forward"), letter.blurb)):
        paper.line(Span(title, "head"))
        for line in text.rstrip().split("\n"):
            if line:
                paper.line(line, indent=2)
            else:
                paper.gap()
        paper.gap()
    if ics is not None:
        paper.line(say("The proposed time is in {file}: attach it yourself.", file=ics))
    paper.line(Span(say("Nothing was sent."), "quiet"))
