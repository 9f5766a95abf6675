"""Write the reference of the command line from its own help: `python -m amity.faces.cli.reference [FILE]`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from amity.faces.cli.main import SECTIONS, amity

FILE = Path(__file__).resolve().parents[4] / "docs" / "reference" / "cli.md"
WIDTH = 80
HEAD = """# The command line

This page is written by `python -m amity.faces.cli.reference` from the program's own help, and a test holds the two
together.

Options under *Everywhere* stand before or after the name of a command. With `--json` a command prints one JSON
document on stdout and nothing else; progress and hints go to stderr. Every error is one line on stderr: what, where,
and what to do.

| exit code | meaning |
|---|---|
| 0 | done |
| 1 | done, with troubles set aside |
| 2 | wrong usage |
| 3 | not found, or ambiguous |
| 4 | refused: a conflict, a lock, a wrong passphrase, read-only, no room |
| 5 | damaged data |
| 70 | a fault in Amity |
| 130 | stopped with Ctrl-C |
"""


def reference() -> str:
    """Return the reference as Markdown: the help of every command, in the order of the table."""
    root = click.Context(amity, info_name="amity", terminal_width=WIDTH)
    parts = [HEAD, _entry("amity", root.get_help())]
    for title, entries in SECTIONS.items():
        parts.append(f"## {title}\n")
        for name in entries:
            command = amity.get_command(root, name)
            assert command is not None
            context = click.Context(command, parent=root, info_name=name, terminal_width=WIDTH)
            parts.append(_entry(f"amity {name}", context.get_help(), "###"))
    return "\n".join(parts)


def _entry(title: str, text: str, level: str = "##") -> str:
    return f"{level} `{title}`\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(reference(), encoding="utf-8")
