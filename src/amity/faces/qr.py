"""Draw a text as a QR code (ISO/IEC 18004), for a terminal and for a page."""

from __future__ import annotations

import segno

QUIET = 4  # modules of light around it, as the standard wants it
MODULE = 4  # pixels on a page
# Two rows stand in one line; light is drawn, so that on a dark terminal it is light.
_HALVES = {(True, True): " ", (True, False): "▄", (False, True): "▀", (False, False): "█"}


def lines(text: str) -> list[str]:
    """Return the code as lines of half blocks, light modules drawn."""
    rows = [[module > 0 for module in row] for row in _code(text).matrix_iter(border=QUIET)]
    rows += [[False] * len(rows[0])] * (len(rows) % 2)
    return [
        "".join(_HALVES[pair] for pair in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    ]


def svg(text: str) -> str:
    """Return the code as an SVG element, dark on light whatever the page's colours are."""
    return _code(text).svg_inline(
        scale=MODULE, border=QUIET, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )


def _code(text: str) -> segno.QRCode:
    return segno.make_qr(text, error="m")
