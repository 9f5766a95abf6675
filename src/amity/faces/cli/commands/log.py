"""Note a contact in a sentence."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb, call, key_option


@click.command(cls=Verb)
@click.argument("sentence", nargs=-1, required=True, metavar="SENTENCE…")
@key_option
def log(sentence: tuple[str, ...], key: str) -> None:
    """Note a contact in a sentence of your own, with or without quotes.

    \b
    amity log coffee with Ana yesterday
    amity log "called Bo, 20 minutes, about the move"
    """
    from amity.app import ledger

    chosen = call()
    noted = ledger.log(chosen.desk(), " ".join(sentence), key)
    if chosen.json:
        chosen.answer(noted)
        return
    paper = chosen.paper()
    paper.line(f"Noted: {noted.summary}.")
    new = [name for name, number in zip(noted.people, noted.ids, strict=True) if not number]
    if new:
        paper.line(f"New to your vault: {', '.join(new)}.")
    paper.line("`amity undo` takes it back.")
