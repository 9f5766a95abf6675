"""Let the shell complete commands and names."""

from __future__ import annotations

import click

from amity.faces.cli.frame import Verb

SHELLS = ("bash", "zsh", "fish")


@click.command(cls=Verb)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print a script that lets your shell complete commands, options, and people's names.

    \b
    bash: amity completion bash > ~/.local/share/bash-completion/completions/amity
    zsh:  amity completion zsh > "${fpath[1]}/_amity"
    fish: amity completion fish > ~/.config/fish/completions/amity.fish
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    assert found is not None
    click.echo(found(context.find_root().command, {}, "amity", "_AMITY_COMPLETE").source())
