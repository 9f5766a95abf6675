"""The command line: a table of commands, each imported when it is called."""

from __future__ import annotations

import atexit
import gc
import os
import sys
import threading
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import click

from amity import language
from amity.errors import AmityError, Code
from amity.faces.cli.frame import Call, Spoken, shared_options, wished, write_options
from amity.language import mark, retold, say


class Entry(NamedTuple):
    """One command: where it is, and what it does in a few words."""

    place: str  # "module:command" under amity.faces.cli.commands
    words: str


SECTIONS: dict[str, dict[str, Entry]] = {
    mark("Begin"): {
        "demo": Entry("demo:demo", mark("Open a real life, from files, and see today's advice.")),
        "init": Entry("init:init", mark("Make a vault for your own data.")),
        "import": Entry("intake:import_", mark("Take in mail, contacts, calendars and chats that you already have.")),
        "me": Entry("me:me", mark("Say which addresses are yours.")),
    },
    mark("Every day"): {
        "today": Entry("today:today", mark("The few things worth doing today, and why.")),
        "week": Entry("week:week", mark("What each of the next seven days offers.")),
        "plan": Entry("week:plan", mark("The week; with --year, when you will see the critical few.")),
        "digest": Entry("week:digest", mark("The day and the week on one page, to be sent to yourself.")),
        "done": Entry("answers:done", mark("A suggestion is done.")),
        "write": Entry("answers:write", mark("Open your mail program with a suggestion's first sentence.")),
        "snooze": Entry("answers:snooze", mark("Not now: put a suggestion off.")),
        "not-this": Entry("answers:not_this", mark("Not this one: it will not be suggested again soon.")),
        "log": Entry("log:log", mark('Note a contact in a sentence: "coffee with Ana yesterday".')),
        "note": Entry("entries:note", mark("Note a gift, an ask, a promise … in parts.")),
        "outcome": Entry("entries:outcome", mark("Say what came of it.")),
        "knows": Entry("acquaintances:knows", mark("Say that two people know each other, or do not.")),
        "introduce": Entry("introductions:introduce", mark("Bring two people together who both want it.")),
        "introduction": Entry("introductions:introduction", mark("One introduction: its texts, and what was done.")),
        "meet": Entry("encounters:meet", mark("Open an event, and add the people met there.")),
        "card": Entry("card:card", mark("Your own card, as a code that a telephone reads.")),
        "journey": Entry("journeys:journey", mark("Say where you will be, and see whom you know there.")),
        "goal": Entry("goals:goal", mark("Set a goal, and name who matters to it.")),
        "ask": Entry("asks:ask", mark("Check an ask before you send it, or put one together.")),
        "serve": Entry("serve:serve", mark("Open the pages in the browser, on this machine alone.")),
    },
    mark("Look"): {
        "people": Entry("people:people", mark("Find people.")),
        "show": Entry("people:show", mark("One person whole.")),
        "brief": Entry("brief:brief", mark("The page before a meeting: what passed, what is open, what to ask.")),
        "agenda": Entry("brief:agenda", mark("What they care about, and three good questions.")),
        "ties": Entry("ties:ties", mark("Your ties, strongest first, with their reasons.")),
        "circles": Entry("circles:circles", mark("The critical few and their edge; who would have to leave for whom.")),
        "roles": Entry("circles:roles", mark("Who is a client, a mentor, a friend …; and who seems to be.")),
        "loyal": Entry("circles:loyal", mark("Who would go out of their way for you, by what they did.")),
        "dormant": Entry("circles:dormant", mark("Ties of past trust that sleep.")),
        "goals": Entry("goals:goals", mark("How ready your goals are, what to give by when, whom to tell.")),
        "pace": Entry("goals:pace", mark("Whether a word or an ask to somebody is in its time.")),
        "encounters": Entry("encounters:encounters", mark("The people you met, and what became of it.")),
        "path": Entry("paths:path", mark("Who can introduce you to a person or into an organisation.")),
        "acquaintances": Entry(
            "acquaintances:acquaintances", mark("Whom somebody is seen to know, and what shows it.")
        ),
        "introductions": Entry("introductions:introductions", mark("Introductions under way, and what comes next.")),
        "worlds": Entry("worlds:worlds", mark("The worlds your people form, and what you hold between them.")),
        "matches": Entry("matches:matches", mark("Who could help whom, through you.")),
        "mirror": Entry("mirror:mirror", mark("How you practise the method, in your own figures over the years.")),
        "portfolio": Entry(
            "mirror:portfolio", mark("How steady and diverse your contact is, and what would balance it.")
        ),
        "letter": Entry("letter:letter", mark("A year in people: who came, who went, who gave, what came of it.")),
        "ledger": Entry("entries:ledger", mark("What was given, asked and promised, and what is open.")),
        "ripple": Entry("entries:ripple", mark("What came of a gift, and what came of that.")),
        "recommend": Entry("entries:recommend", mark("Who knows a good …?")),
        "found": Entry("log:found", mark("What bodies showed: promises, requests, thanks, introductions.")),
        "search": Entry("log:search", mark("Messages by their words, where their text was kept.")),
        "machines": Entry("machines:machines", mark("Addresses set aside as robots, lists or roles.")),
        "read": Entry("intake:read", mark("What a file holds, without keeping it.")),
        "sources": Entry("intake:sources", mark("What was read, when, and how much of it.")),
        "troubles": Entry("intake:troubles", mark("What could not be read, and why; try again.")),
    },
    mark("Who they are"): {
        "facts": Entry("facts:facts", mark("What is known of a person, and from where.")),
        "fact": Entry("facts:fact", mark("Say something of a person; your word stands.")),
        "correct": Entry("facts:correct", mark("Correct a fact, keep it private, or take it out.")),
        "attach": Entry("facts:attach", mark("Keep a file with a person.")),
        "fields": Entry("facts:fields", mark("The fields of facts; make your own.")),
        "groups": Entry("facts:groups", mark("Your households and groups.")),
        "analyse": Entry("facts:analyse", mark("Whether a person may be analysed at all.")),
        "why": Entry("closeness:why", mark("Why a tie is what it is, and the contacts behind it.")),
        "tie": Entry("closeness:tie", mark("Say of a tie what no archive shows.")),
        "closer": Entry("closeness:closer", mark("Ten taps: which of two people is closer to you?")),
        "blind-spots": Entry("circles:blind_spots", mark("How else you are in touch, asked once and remembered.")),
        "duplicates": Entry("duplicates:duplicates", mark("People who may be one: merge them, or keep them apart.")),
        "merge": Entry("who:merge", mark("Say that several people are one.")),
        "split": Entry("who:split", mark("Take an address back out of a person.")),
        "call": Entry("aliases:call", mark("Give somebody a nickname, and find them under it.")),
    },
    mark("Programs"): {
        "mcp": Entry("mcp:mcp", mark("Answer an assistant on stdin and stdout.")),
        "confirm": Entry("mcp:confirm", mark("What programs asked for, and your word on it.")),
        "token": Entry("tokens:token", mark("Let a program in by a token, and say what it may do.")),
        "hide": Entry("discretion:hide", mark("Never show somebody to an assistant.")),
    },
    mark("Keep"): {
        "history": Entry("history:history", mark("What you did, newest first.")),
        "undo": Entry("history:undo", mark("Take back your last changes.")),
        "redo": Entry("history:redo", mark("Bring back what was taken back.")),
        "verify": Entry("upkeep:verify", mark("Check everything kept.")),
        "backup": Entry("upkeep:backup", mark("Write a copy of the vault, also while it is in use.")),
        "restore": Entry("upkeep:restore", mark("Put a backup in the vault's place.")),
        "export": Entry("export:export", mark("Leave with everything, in open formats.")),
        "forget": Entry("export:forget", mark("Erase a person for good.")),
        "settings": Entry("settings:settings", mark("The settings in force, and what they mean.")),
        "completion": Entry(
            "completion:completion", mark("A script that lets your shell complete commands and names.")
        ),
    },
}
COMMANDS = {name: entry for section in SECTIONS.values() for name, entry in section.items()}


class Amity(Spoken, click.Group):
    """The table as a group of commands, with one line on stderr for every error."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Name the commands in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, _, name = entry.place.partition(":")
        command = getattr(import_module(f"amity.faces.cli.commands.{module}"), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is called; where there is none, name the ones that look alike."""
        try:
            return super().resolve_command(ctx, args)
        except click.NoSuchCommand as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 3)
            hint = say("`amity --help` lists the commands.")
            if near:
                hint = say("Did you mean {commands}?", commands=say(" or ").join(near))
            raise AmityError(Code.USAGE, say("There is no command {name!r}.", name=args[0]), hint) from error

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, section by section, then the common options."""
        for title, entries in SECTIONS.items():
            with formatter.section(say(title)):
                formatter.write_dl([(name, say(entry.words)) for name, entry in entries.items()])
        write_options(ctx, self, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; where whoever reads its output has had enough, end quietly."""
        try:
            outcome = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            # The interpreter would complain on closing stdout, so it gets another.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return 0
        return outcome

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **more: Any) -> NoReturn:  # type: ignore[override]
        """Run one call and exit with the code that says how it went."""
        sys.exit(self._run(args, prog_name, more))

    def _run(self, args: Sequence[str] | None, prog_name: str | None, more: dict[str, Any]) -> int:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # numpy's threads wait busily, and nothing here needs them
        with language.speaking(language.choose(language.AUTO, wished())):
            return self._call(args, prog_name, more)

    def _call(self, args: Sequence[str] | None, prog_name: str | None, more: dict[str, Any]) -> int:
        chosen = Call()
        more.pop("standalone_mode", None)
        try:
            outcome = super().main(args, prog_name or "amity", standalone_mode=False, obj=chosen, **more)
            return outcome if isinstance(outcome, int) else 0
        except click.Abort as error:
            if chosen.debug:
                raise
            return _interrupted(error)
        except click.ClickException as error:
            return _complain(_as_usage(error), error, chosen)
        except Exception as error:
            from amity.faces.door import explain

            return _complain(explain(error, chosen.vault) or _fault(error), error, chosen)


def _interrupted(error: click.Abort) -> int:
    words = "; ".join(getattr(error.__cause__, "__notes__", ()))
    click.echo(say("amity: Stopped. {words}", words=words).rstrip(), err=True)
    return 130


# What click says by itself, named here so that it comes into the catalogues.
CLICKS_OWN = (
    mark("Show this message and exit."),
    mark("Show the version and exit."),
    mark("No such option '{name}'."),
    mark("Missing argument '{name}'."),
    mark("Missing option '{name}'."),
    mark("Missing command."),
    mark("No such command '{name}'."),
    mark("Invalid value: {reason}."),
    mark("Invalid value for '{name}': {reason}."),
    mark("Got unexpected extra argument ({words})."),
    mark("Got unexpected extra arguments ({words})."),
    mark("Option '{name}' requires an argument."),
    mark("'{value}' is not one of {words}"),
    mark("'{value}' is not a valid integer"),
    mark("'{value}' is not a valid integer range"),
    mark("{value} is not in the range {bounds}"),
    mark("File '{value}' does not exist"),
)


def _as_usage(error: click.ClickException) -> AmityError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "amity"
    message = retold(" ".join(error.format_message().split()).rstrip(".") + ".")
    return AmityError(Code.USAGE, message, say("Try `{command} --help`.", command=path))


def _fault(error: Exception) -> AmityError:
    what = " ".join(f"{type(error).__name__}: {error}".split())
    return AmityError(
        Code.INTERNAL,
        say("A fault in Amity: {what}.", what=what),
        say("Nothing half-done was kept; --debug shows where."),
    )


def _complain(error: AmityError, cause: Exception, chosen: Call) -> int:
    """Say in one line what, where and what to do."""
    from amity.faces.cli.paper import clean

    if chosen.debug:
        import traceback

        traceback.print_exception(cause)
    click.echo(f"amity: {clean(str(error))}", err=True)
    return int(error.code)


@click.group(
    cls=Amity, invoke_without_command=True, params=shared_options(), context_settings={"max_content_width": 80}
)
@click.version_option(package_name="amity", message="%(prog)s %(version)s")
@click.pass_context
def amity(context: click.Context) -> None:
    """Tend the people who matter: from the mail and address books you already have to a few good things to do today.

    Everything stays on this machine. Begin with `amity demo`, or with `amity init` and `amity import`.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> NoReturn:
    """Run the command line, and end the process."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    gc.set_threshold(50_000, 20, 20)  # a call makes many objects that stay, and few that hold one another
    try:
        amity.main()
    except SystemExit as ended:
        _end(int(ended.code or 0))


def _end(code: int) -> NoReturn:
    """End the process at once: all is closed by now, and to take the interpreter apart costs a tenth of a call."""
    if threading.active_count() > 1:
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)
