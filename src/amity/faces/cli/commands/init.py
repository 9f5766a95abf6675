"""Make a vault."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Mine, Verb, call, key_option
from amity.language import mark, say


@click.command(cls=Verb)
@click.option(
    "--encrypt", is_flag=True, help=mark("Encrypt the vault with a passphrase. [AMITY_PASSPHRASE, or a prompt]")
)
@click.option("--keyring", is_flag=True, help=mark("With --encrypt: mint a key, and leave it to the system's keyring."))
@click.option(
    "--me", multiple=True, metavar="ADDRESS", type=Mine(), help=mark("An address or name of yours; repeat for more.")
)
@key_option
def init(encrypt: bool, keyring: bool, me: tuple[str, ...], key: str) -> None:
    """Make an empty vault: one folder on this machine, for your own data.

    Without --me, your addresses are found out from what you import, and shown to you.
    """
    from amity.faces import door

    chosen = call()
    if keyring and not encrypt:
        raise click.UsageError(say("--keyring goes with --encrypt."))
    folder = door.folder_of(chosen.vault)
    how = door.make_vault(folder, ("keyring" if keyring else "passphrase") if encrypt else None)
    if me:
        from amity.app import people

        people.set_me(chosen.desk(), me, key=key)
    if chosen.json:
        chosen.answer({"vault": str(folder), "encrypted": how.key, "me": list(me)})
        return
    paper = chosen.paper()
    paper.line(say("Your vault is in {folder}", folder=folder), say(", encrypted.") if encrypt else ".")
    if how.key == "passphrase":
        paper.line(say("Nobody can open it without the passphrase, nor can you: keep it well."))
    elif how.key == "keyring":
        paper.line(
            say(
                "The key is in this system's keyring, under {service!r}; a backup opens with it alone.",
                service=door.SERVICE,
            )
        )
    paper.line(say("Next: `amity import PATH` with a mailbox, an address book, or a folder of both."))
