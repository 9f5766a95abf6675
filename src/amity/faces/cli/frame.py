"""What every command shares: the options that stand before or after its name, and how it answers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from amity import language
from amity.errors import AmityError, Code
from amity.language import mark, say

if TYPE_CHECKING:
    from amity.app.desk import Desk
    from amity.faces.cli.paper import Paper
    from amity.faces.door import Door, Progress


class Call:
    """One call of the command line: what its common options say, wherever they stand."""

    def __init__(self) -> None:
        self.vault: Path | None = None
        self.today: str | None = None
        self.json = False
        self.debug = False

    def door(self, *, ask: bool = True) -> Door:
        """Unlock the vault that is meant."""
        from amity.faces.door import unlock

        return unlock(self.vault, self.today, ask=ask)

    def desk(self, progress: Progress | None = None, *, ask: bool = True) -> Desk:
        """Open the vault that is meant; it is closed when the command ends."""
        return self.hold(self.door(ask=ask).open(progress))

    def hold(self, desk: Desk) -> Desk:
        """Close a desk's vault when the command ends, and speak its owner's language."""
        click.get_current_context().call_on_close(desk.database.close)
        language.speak(language.choose(desk.settings.language, () if self.json else wished()))
        return desk

    def answer(self, value: Any) -> None:
        """Print one JSON document on stdout, on lines of its own where a person looks on."""
        import msgspec

        try:
            body = msgspec.json.encode(value)
        except UnicodeEncodeError:  # a file name that is no text in any encoding
            import json

            body = json.dumps(msgspec.to_builtins(value)).encode()
        if sys.stdout.isatty():
            body = msgspec.json.format(body, indent=2)
        click.echo(body)

    def paper(self) -> Paper:
        """Return what to write for a person on: with colours on a terminal, plain in a pipe."""
        if sys.stdout.isatty():
            from amity.faces.cli.ink import Ink

            return Ink()
        from amity.faces.cli.paper import Paper

        return Paper()


def wished() -> tuple[str, ...]:
    """Return the language that the terminal was set to, if any (POSIX: LC_ALL before LC_MESSAGES before LANG)."""
    said = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return tuple(filter(None, said))[:1]


def call() -> Call:
    """Return the call that is going on."""
    return click.get_current_context().find_root().ensure_object(Call)


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Import what an extra of Amity brings. Raises AmityError REFUSED where it is not installed."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("amity"):
            raise
        raise AmityError(
            Code.REFUSED,
            say("This needs the package {package}.", package=error.name),
            say("Install amity[{extra}], then try again.", extra=name),
        ) from error


def _note(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep a common option's value if it was given; after the command's name it outranks the one before."""
    if value not in (None, False) and parameter.name:
        setattr(context.find_root().ensure_object(Call), parameter.name, value)
        if parameter.name == "json":
            language.speak(language.ENGLISH)  # what a program reads does not depend on the terminal


_FILLED: dict[str, tuple[str, dict[str, object]]] = {}  # messages with figures, by their English words


def filled(message: str, /, **figures: object) -> str:
    """Return in English what an option is for, where that holds a figure; `said` says it in another language."""
    words = message.format(**figures)
    _FILLED[words] = message, figures
    return words


def said(words: str | None) -> str:
    """Say what a command or an option is for in the language that is spoken."""
    if words in _FILLED:
        message, figures = _FILLED[words]
        return say(message, **figures)
    return say(cleandoc(words)) if words else ""


def shared_options() -> list[click.Parameter]:
    """Return the options that every command takes, before and after its name."""
    return [
        click.Option(
            ["--vault"],
            type=Place(path_type=Path, file_okay=False),
            metavar="DIR",
            expose_value=False,
            callback=_note,
            help=mark("Where the data lives. [AMITY_VAULT]"),
        ),
        click.Option(
            ["--today"],
            metavar="DATE",
            expose_value=False,
            callback=_note,
            help=mark("The day to stand on: later facts are invisible. [AMITY_TODAY]"),
        ),
        click.Option(
            ["--json"],
            is_flag=True,
            expose_value=False,
            callback=_note,
            help=mark("Print one JSON document, and nothing else."),
        ),
        click.Option(
            ["--debug"],
            is_flag=True,
            expose_value=False,
            callback=_note,
            help=mark("Show where an error came from."),
        ),
    ]


EVERYWHERE = frozenset(("vault", "today", "json", "debug", "help"))


def write_options(context: click.Context, command: click.Command, formatter: click.HelpFormatter) -> None:
    """Write a command's own options, then those that every command takes."""
    own: list[tuple[str, str]] = []
    everywhere: list[tuple[str, str]] = []
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None and isinstance(parameter, click.Option):
            english = parameter.help or ""
            words = said(parameter.help) + record[1].removeprefix(english)  # behind it click tells defaults and bounds
            (everywhere if parameter.name in EVERYWHERE else own).append((record[0], words))
    for title, records in ((say("Options"), own), (say("Everywhere"), everywhere)):
        if records:
            with formatter.section(title):
                formatter.write_dl(records)


class Spoken(click.Command):
    """A command whose help is in the language that is spoken."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how it is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix=say("Usage: "))

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write what it does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(said(self.help))


class Verb(Spoken):
    """A command that takes the common options too."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params.extend(shared_options())

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command's own options, then the common ones."""
        write_options(ctx, self, formatter)


def key_option(command: Any) -> Any:
    """Add the idempotency key that every command which writes takes."""
    return click.option(
        "--key",
        default="",
        metavar="KEY",
        type=Words(),
        help=mark("Do this once, however often it is called with this key."),
    )(command)


_Command = TypeVar("_Command", bound="Callable[..., Any] | click.Command")


def limit_option(usual: int, most: int | None = None) -> Callable[[_Command], _Command]:
    """Return the option that says how many are shown."""
    return click.option(
        "--limit",
        type=click.IntRange(1, most),
        default=usual,
        metavar="N",
        help=filled(mark("So many at most; {limit}."), limit=usual),
    )


def kind_option(kinds: Sequence[str]) -> Callable[[_Command], _Command]:
    """Return the option that leaves one kind."""
    return click.option(
        "--kind",
        type=click.Choice(kinds),
        metavar="KIND",
        help=filled(mark("Only one of: {words}."), words=", ".join(kinds)),
    )


class Words(click.ParamType[str]):
    """Words that a person wrote, whatever the locale made of their bytes."""

    name = "words"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Read as UTF-8 what the locale could not; refuse what is no text."""
        try:
            value.encode()
            return value
        except UnicodeEncodeError:
            pass
        try:
            return os.fsencode(value).decode()
        except UnicodeDecodeError:
            self.fail(say("{value!r} is no text in UTF-8.", value=value), param, ctx)


class Mine(Words):
    """An address or a name; nothing is none."""

    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is empty."""
        if not value.strip():
            self.fail(say("An empty one is none."), param, ctx)
        return super().convert(value, param, ctx)


class Archive(click.ParamType[str]):
    """A file, a folder or the address of a live source; the shell completes paths."""

    name = "path"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is empty, such as an unset variable leaves: it does not mean the folder here."""
        return value if value.strip() else self.fail(say("An empty path is none."), param, ctx)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Let the shell offer its files."""
        return [CompletionItem(incomplete, type="file")]


class Place(click.Path):
    """A path of one file or folder; an empty one does not mean the folder here."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Refuse what is empty."""
        if isinstance(value, str) and not value.strip():
            self.fail(say("An empty path is none."), param, ctx)
        return super().convert(value, param, ctx)


class Person(Words):
    """Somebody, by name, address or id; the shell completes names."""

    name = "person"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Offer the people whose names hold what was typed, the strongest tie first.

        Behind words of a name that stand already, what is missing of it is offered.
        """
        from amity.app import people

        before = ctx.params.get(param.name or "") if param.nargs == -1 else None
        words = " ".join(before or ()).casefold().split()
        found = _quietly(ctx, lambda desk: people.find(desk, " ".join([*words, incomplete]), limit=20).people)
        names = [(one.name.split(), one.id) for one in found]
        return [
            CompletionItem(" ".join(name[len(words) :]), help=number)
            for name, number in names
            if [word.casefold() for word in name[: len(words)]] == words and len(name) > len(words)
        ]


class Advice(Words):
    """One of today's suggestions, by its id; the shell completes it."""

    name = "suggestion"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Offer today's suggestions."""
        from amity.app import plan

        found = _quietly(ctx, lambda desk: plan.today(desk).suggestions)
        return [CompletionItem(one.id, help=one.act) for one in found if one.id.startswith(incomplete)]


def _quietly(context: click.Context, ask: Any) -> Sequence[Any]:
    """Answer a shell that completes: where the vault cannot be read, there is nothing to offer and nothing to say."""
    try:
        desk = context.find_root().ensure_object(Call).door(ask=False).open()
    except AmityError:
        return ()
    try:
        return tuple(ask(desk))
    except AmityError:
        return ()
    finally:
        desk.database.close()
