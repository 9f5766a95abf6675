"""Turn notes, which are Markdown, into HTML; HTML within them is shown as it is written, never run."""

from __future__ import annotations

from functools import cache

from markdown_it import MarkdownIt
from markupsafe import Markup

DEEPER = 2  # levels that headings move down, below those of the page
LOWEST = 6


@cache
def _reader() -> MarkdownIt:
    # A picture would be fetched from wherever a note says, and tell there that it was read.
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def render(text: str) -> Markup:
    """Render a note after CommonMark, with tables; links to anything but web, mail and the like stay words."""
    reader = _reader()
    tokens = reader.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(LOWEST, int(token.tag[1:]) + DEEPER)}"
        for part in token.children or ():
            if part.type == "link_open":
                part.attrSet("rel", "noreferrer noopener")
    return Markup(reader.renderer.render(tokens, reader.options, {}))
