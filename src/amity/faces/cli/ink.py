"""Paper with ink: the same page on a terminal, in quiet colours; NO_COLOR is respected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.text import Text

from amity.faces.cli.paper import Paper, Span

STYLES = {
    "": "",
    "head": "bold",
    "name": "bold",
    "quiet": "dim",
    "said": "italic",
    "warm": "cyan",
    "note": "yellow",
    "code": "bright_white on black",
}


class Ink(Paper):
    """A terminal's page."""

    fits = True

    def __init__(self) -> None:
        super().__init__()
        self.console = Console(highlight=False, soft_wrap=True)
        self.width = self.console.width

    def put(self, spans: Sequence[Span]) -> None:
        """Write one line as it is."""
        line = Text()
        for style, run in groupby(spans, lambda span: span.style):
            line.append("".join(span.text for span in run), STYLES[style])
        line.rstrip()
        self.console.print(line, no_wrap=True, overflow="ignore", crop=False)
