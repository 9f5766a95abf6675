"""Check what is kept, copy it, and bring a copy back."""

from __future__ import annotations

import time
from pathlib import Path

import click

from amity.errors import AmityError, Code
from amity.faces.cli.frame import Place, Verb, call


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
            counts = ", ".join(f"{count:,} {_many(name, count)}" for name, count in health.checked.items())
            paper.line(f"All is whole: {counts}.")
    if health.sound:
        return 0
    some = "one place" if len(health.places) == 1 else f"{len(health.places):,} places"
    raise AmityError(
        Code.DAMAGED,
        f"The vault {folder_of(chosen.vault)} is damaged in {some}.",
        "`amity restore FILE` brings a backup back; what is here is kept beside it.",
    )


def _many(name: str, count: int) -> str:
    words = {"moment": "interaction", "handle": "identity", "decision": "change by you", "trouble": "item set aside"}
    word = words.get(name, name)
    if count == 1:
        return word
    plural = {"identity": "identities", "change by you": "changes by you", "item set aside": "items set aside"}
    return plural.get(word, word + "s")


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
        chosen.paper().line(f"The copy is {written} ({size / 1e6:,.1f} MB).")


@click.command(cls=Verb)
@click.argument("file", metavar="FILE", type=Place(path_type=Path))
def restore(file: Path) -> None:
    """Put the backup FILE in the place of the vault, after checking it; what was there is kept beside it."""
    from amity.app import upkeep
    from amity.faces import door

    chosen = call()
    if not file.is_file():
        raise AmityError(Code.NOT_FOUND, f"There is no backup {file}.", "Check the path.")
    folder = door.folder_of(chosen.vault)
    how, secret = door.how_for(folder, file)
    former = upkeep.restore(folder, file, secret, int(time.time()))
    door.write_how(folder, how)
    if chosen.json:
        chosen.answer({"vault": str(folder), "former": None if former is None else str(former)})
        return
    paper = chosen.paper()
    paper.line(f"The vault {folder} is now what {file} holds.")
    if former is not None:
        paper.line(f"What was there before is kept as {former}.")
