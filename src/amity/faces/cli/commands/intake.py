"""Take archives in, or only look into them."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from amity.faces.cli.frame import Archive, Mine, Person, Verb, call, key_option, limit_option
from amity.language import label, mark, number, say, say_many

if TYPE_CHECKING:
    from amity.app.intake import ImportReport
    from amity.app.reading import SetAside
    from amity.faces.cli.paper import Cell, Paper
    from amity.faces.door import Progress

SHOWN = 10  # troubles that are told one by one


@click.command("import", cls=Verb)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=Archive())
@click.option("--as", "as_source", default="", metavar="SOURCE", help=mark("What it is, where it is not recognised."))
@click.option(
    "--me", multiple=True, metavar="ADDRESS", type=Mine(), help=mark("An address or name of yours; repeat for more.")
)
@click.option("--dry-run", is_flag=True, help=mark("Only say what would be new."))
@click.option(
    "--read-bodies", is_flag=True, help=mark("Look into mails for promises, thanks, introductions and signatures.")
)
@click.option("--keep-text", is_flag=True, help=mark("Keep the words of mails, to be found by `amity search`."))
@click.option("--anew", is_flag=True, help=mark("Read from the beginning, also what was set aside before."))
@click.option(
    "--acquaintances-of",
    default="",
    metavar="PERSON",
    type=Person(),
    help=mark("Whose connections these are: they lent them."),
)
@key_option
def import_(
    paths: tuple[str, ...],
    as_source: str,
    me: tuple[str, ...],
    dry_run: bool,
    read_bodies: bool,
    keep_text: bool,
    anew: bool,
    acquaintances_of: str,
    key: str,
) -> int:
    """Take in files, folders, archives and live accounts: mail, contacts, calendars, chats, calls, letters.

    What they are is recognised by their content; imaps://you@host, caldavs://you@host and carddavs://you@host are
    read live. Of mail only the headers are kept, and with --read-bodies the facts that are found. It can be stopped at
    any time and repeated: what is known already is not taken in twice. What cannot be read is set aside, and the exit
    code is 1.

    A friend's Connections.csv, lent with their consent, is read with --acquaintances-of: it says whom they know.
    """
    from amity.app import intake

    # An import makes objects by the million and no circles of them: looking for circles would take a fifth of its time.
    gc.set_threshold(1_000_000, 50, 1_000)
    chosen = call()
    start = time.perf_counter()
    with _progress() as progress:
        desk = chosen.desk(progress)
        try:
            report = intake.import_(
                desk,
                paths,
                as_source=as_source,
                me=me,
                dry_run=dry_run,
                read_bodies=read_bodies,
                keep_text=keep_text,
                anew=anew,
                acquaintances_of=acquaintances_of,
                key=key,
            )
        except KeyboardInterrupt as stop:
            stop.add_note(say("What was read is kept; the same command goes on from there."))
            raise
    took = time.perf_counter() - start
    if chosen.json:
        answer = {"sources": report.sources, "unread": report.unread, "people": report.people}
        chosen.answer(answer | {"joined": report.joined, "took_s": round(took, 3), "me": report.me})
    else:
        tell(chosen.paper(), report, took, dry_run=dry_run)
    return int(bool(report.unread) or any(source.troubles for source in report.sources))


@click.command(cls=Verb)
@click.argument("paths", nargs=-1, required=True, metavar="PATH…", type=Archive())
@click.option("--as", "as_source", default="", metavar="SOURCE", help=mark("What it is, where it is not recognised."))
def read(paths: tuple[str, ...], as_source: str) -> int:
    """Print what files hold, one object a line, without a vault and without keeping anything.

    Each line is {"card": …}, {"moment": …} or {"trouble": …}, in the order of the file, with --json or without.
    """
    import msgspec

    from amity.app import intake

    encode = msgspec.json.Encoder().encode
    write = sys.stdout.buffer.write
    troubles = False
    for item in intake.read(paths, as_source=as_source):
        troubles = troubles or "trouble" in item
        write(encode(item) + b"\n")
    return int(troubles)


@click.command(cls=Verb)
def sources() -> None:
    """Show what was read, when, how much of it is kept, and how much was set aside."""
    from amity.app import intake

    chosen = call()
    told = intake.sources(chosen.desk())
    if chosen.json:
        chosen.answer(told)
        return
    from amity.faces.cli.paper import Column, Span

    paper = chosen.paper()
    if not told:
        paper.line(say("Nothing was read yet: `amity import PATH`."))
        return
    columns = [
        Column(label("column", "source")),
        Column(label("column", "where"), gives=True),
        Column(label("column", "read last (UTC)")),
        Column(label("column", "contacts"), right=True),
        Column(label("column", "cards"), right=True),
        Column(label("column", "set aside"), right=True),
    ]
    rows: list[Sequence[Cell]] = [
        (
            one.source,
            Span(one.path, "name"),
            Span(one.read_last[:16].replace("T", " "), "quiet"),
            *(number(count) for count in (one.moments, one.cards, one.troubles)),
        )
        for one in told
    ]
    paper.table(columns, rows)
    if any(one.troubles for one in told):
        paper.gap()
        paper.line(Span(say("`amity troubles` shows what was set aside."), "quiet"))


@click.command(cls=Verb)
@limit_option(20)
@click.option(
    "--retry", is_flag=True, help=mark("Read the sources of what was set aside once more, from the beginning.")
)
@key_option
def troubles(limit: int, retry: bool, key: str) -> int:
    """Show what could not be read, where it stands and why, with the raw record; --retry tries once more."""
    from amity.app import intake

    chosen = call()
    desk = chosen.desk()
    if retry:
        report = intake.retry(desk, key=key)
        if chosen.json:
            chosen.answer(report)
        else:
            tell(chosen.paper(), report, None)
        return int(bool(report.unread) or any(source.troubles for source in report.sources))
    told = intake.troubles(desk, limit)
    if chosen.json:
        chosen.answer(told)
        return 0
    from amity.faces.cli.paper import Span

    paper = chosen.paper()
    if not told:
        paper.line(say("Nothing was set aside."))
    for one in told:
        paper.line(Span(say("{path}, at {place}", path=one.path, place=one.place), "name"), lead=f"{one.id}  ")
        paper.line(one.reason, indent=4)
        if one.kept:
            paper.line(Span(one.kept[:400], "quiet"), indent=4)
    return 0


@contextmanager
def _progress() -> Iterator[Progress | None]:
    """Draw a bar with the time that is left on stderr, where a person looks on."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich import progress as rich
    from rich.console import Console

    from amity.faces.cli.paper import clean

    columns = (
        rich.TextColumn("{task.description}", markup=False),
        rich.BarColumn(bar_width=24, complete_style="cyan", finished_style="cyan"),
        rich.TaskProgressColumn(),
        rich.TimeRemainingColumn(),
    )
    with rich.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, rich.TaskID] = {}

        def progress(share: float, words: str) -> None:
            source = words.partition(":")[0]
            if source not in tasks:
                for done in tasks.values():
                    bar.update(done, visible=False)
                tasks[source] = bar.add_task(source, total=1.0)
            bar.update(tasks[source], completed=share, description=clean(words))

        yield progress


def tell(paper: Paper, report: ImportReport, took: float | None, *, dry_run: bool = False) -> None:
    """Say what came of an import."""
    from amity.faces.cli.paper import Column, Span

    columns = [
        Column(label("column", "source")),
        Column(label("column", "file"), gives=True),
        Column(label("column", "read"), right=True),
        Column(label("column", "new"), right=True),
        Column(label("column", "known"), right=True),
        Column(label("column", "set aside"), right=True),
    ]
    rows: list[Sequence[Cell]] = [
        (
            source.source,
            Span(source.path.rstrip("/").rpartition("/")[2] or source.path, "name"),
            *(number(count) for count in (source.read, source.new, source.known, len(source.troubles))),
        )
        for source in report.sources
    ]
    paper.table(columns, rows)
    paper.gap()
    if dry_run:
        paper.line(say("Nothing was kept: this is what an import would do."))
    else:
        known = (
            say("One person is known now.")
            if report.people == 1
            else say("{people:,} people are known now.", people=report.people)
        )
        paper.line(known + (say(" It took {took:.1f} s.", took=took) if took is not None else ""))
        _tell_owner(paper, report)
        if report.joined:
            paper.line(
                say_many(
                    "One pair was surely one person and joined; `amity duplicates` shows them, "
                    "`amity undo` parts them.",
                    "{n:,} pairs were surely one person and joined; `amity duplicates` shows them, "
                    "`amity undo` parts them.",
                    report.joined,
                )
            )
    if found := sum(source.found for source in report.sources):
        paper.line(
            say(
                "{found:,} promises, requests, thanks, introductions and signatures were found in the bodies.",
                found=found,
            )
        )
    for source in report.sources:
        if source.columns:
            paper.gap()
            paper.line(say("How the columns of {path} were understood:", path=source.path))
            for words in source.columns:
                paper.line(words, indent=2)
        _tell_troubles(paper, source.path, source.troubles)
    for one in report.unread:
        paper.line(one.reason, lead=say("Not read: {path}: ", path=one.path))
    if report.people and not dry_run:
        paper.gap()
        paper.line(say("Next: `amity today`, or `amity ties`."))


def _tell_owner(paper: Paper, report: ImportReport) -> None:
    owner = report.me
    if not owner.handles:
        paper.line(say("Who you are does not show in this: `amity me --add ADDRESS` says it."))
    elif owner.inferred:
        reasons = "; ".join(dict.fromkeys(owner.because))
        paper.line(
            say(
                "I take {handles} for you, because {reasons}; if that is wrong: `amity me --remove {one} --add YOURS`.",
                handles=say(" and ").join(owner.handles),
                reasons=reasons,
                one=owner.handles[0],
            )
        )


def _tell_troubles(paper: Paper, path: str, troubles: tuple[SetAside, ...]) -> None:
    from amity.faces.cli.paper import Span

    if not troubles:
        return
    paper.gap()
    paper.line(
        say_many(
            "One item of {path} could not be read, and was set aside:",
            "{n:,} items of {path} could not be read, and were set aside:",
            len(troubles),
            path=path,
        )
    )
    for trouble in troubles[:SHOWN]:
        paper.line(
            trouble.reason,
            Span(say(" (kept as {id})", id=trouble.kept_as) if trouble.kept_as else "", "quiet"),
            lead=say("  at {place}: ", place=trouble.place),
        )
    if len(troubles) > SHOWN:
        paper.line(say("and {n:,} more; --json lists them all.", n=len(troubles) - SHOWN), indent=2)
