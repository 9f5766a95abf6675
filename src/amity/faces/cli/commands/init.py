"""Make a vault."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Mine, Verb, call, key_option


@click.command(cls=Verb)
@click.option("--encrypt", is_flag=True, help="Encrypt the vault with a passphrase. [AMITY_PASSPHRASE, or a prompt]")
@click.option("--keyring", is_flag=True, help="With --encrypt: mint a key, and leave it to the system's keyring.")
@click.option(
    "--me", multiple=True, metavar="ADDRESS", type=Mine(), help="An address or name of yours; repeat for more."
)
@key_option
def init(encrypt: bool, keyring: bool, me: tuple[str, ...], key: str) -> None:
    """Make an empty vault: one folder on this machine, for your own data.

    Without --me, your addresses are found out from what you import, and shown to you.
    """
    from amity.faces import door

    chosen = call()
    if keyring and not encrypt:
        raise click.UsageError("--keyring goes with --encrypt.")
    folder = door.folder_of(chosen.vault)
    how = door.make_vault(folder, ("keyring" if keyring else "passphrase") if encrypt else None)
    if me:
        from amity.app import people

        people.set_me(chosen.desk(), me, key=key)
    if chosen.json:
        chosen.answer({"vault": str(folder), "encrypted": how.key, "me": list(me)})
        return
    paper = chosen.paper()
    paper.line(f"Your vault is in {folder}", ", encrypted." if encrypt else ".")
    if how.key == "passphrase":
        paper.line("Nobody can open it without the passphrase, nor can you: keep it well.")
    elif how.key == "keyring":
        paper.line(f"The key is in this system's keyring, under {door.SERVICE!r}; a backup opens with it alone.")
    paper.line("Next: `amity import PATH` with a mailbox, an address book, or a folder of both.")
