"""Check what is kept, copy it, and bring a copy back."""

from __future__ import annotations

import time
from pathlib import Path

import click

from amity.errors import AmityError, Code
from amity.faces.cli.frame import Place, Verb, call
from amity.language import say, say_many


@click.command(cls=Verb)
def verify() -> int:
    """Check everything kept: the file, its references, and every batch against the digest written with it.

    The exit code is 5 where something is damaged, and the places are listed.
    """
    from amity.app import upkeep
    from amity.faces.door import explain, folder_of

    chosen = call()
    try:
        health = upkeep.verify(chosen.desk())
    except Exception as error:
        known = explain(error, chosen.vault)
        if known is None or known.code is not Code.DAMAGED:
            raise
        health = upkeep.Health(sound=False, checked={}, places=(known.message,))
    if chosen.json:
        chosen.answer(health)
    else:
        paper = chosen.paper()
        for place in health.places:
            paper.line(place)
        if health.sound:
            counts = ", ".join(_counted(name, count) for name, count in health.checked.items())
            paper.line(say("All is whole: {counts}.", counts=counts))
    if health.sound:
        return 0
    some = say("one place") if len(health.places) == 1 else say("{places:,} places", places=len(health.places))
    raise AmityError(
        Code.DAMAGED,
        say("The vault {folder} is damaged in {some}.", folder=folder_of(chosen.vault), some=some),
        say("`amity restore FILE` brings a backup back; what is here is kept beside it."),
    )


def _counted(name: str, count: int) -> str:
    counted = {
        "moment": say_many("{n:,} interaction", "{n:,} interactions", count),
        "handle": say_many("{n:,} identity", "{n:,} identities", count),
        "decision": say_many("{n:,} change by you", "{n:,} changes by you", count),
        "trouble": say_many("{n:,} item set aside", "{n:,} items set aside", count),
        "card": say_many("{n:,} card", "{n:,} cards", count),
        "reading": say_many("{n:,} reading", "{n:,} readings", count),
    }
    return counted[name]


@click.command(cls=Verb)
@click.argument("file", metavar="FILE", type=Place(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of the vault to FILE, also while it is in use; an encrypted vault stays encrypted.

    In a folder the copy is named after the day. A file that is there already is not touched.
    """
    from amity.app import upkeep

    chosen = call()
    written = upkeep.backup(chosen.desk(), file)
    size = written.stat().st_size
    if chosen.json:
        chosen.answer({"file": str(written), "bytes": size})
    else:
        chosen.paper().line(say("The copy is {file} ({size:,.1f} MB).", file=written, size=size / 1000000.0))


@click.command(cls=Verb)
@click.argument("file", metavar="FILE", type=Place(path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in the place of the vault, after checking it; what was there is kept beside it."""
    from amity.app import upkeep
    from amity.faces import door

    chosen = call()
    if not file.is_file():
        raise AmityError(Code.NOT_FOUND, say("There is no backup {file}.", file=file), say("Check the path."))
    folder = door.folder_of(chosen.vault)
    how, secret = door.how_for(folder, file)
    former = upkeep.restore(folder, file, secret, int(time.time()))
    door.write_how(folder, how)
    if chosen.json:
        chosen.answer({"vault": str(folder), "former": None if former is None else str(former)})
        return
    paper = chosen.paper()
    paper.line(say("The vault {folder} is now what {file} holds.", folder=folder, file=file))
    if former is not None:
        paper.line(say("What was there before is kept as {former}.", former=former))
