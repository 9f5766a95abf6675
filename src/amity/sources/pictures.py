"""Pictures: what kind they are and how large, by their first bytes alone; nothing is decoded.

Sources: PNG (ISO/IEC 15948) 5.2 and 11.2.2, JPEG (ITU-T T.81) B.1.1 and B.2.2, GIF89a 17 and 18, WebP (RFC 9649)
2.5 to 2.7.
"""

from __future__ import annotations

from struct import error as struct_error
from struct import unpack_from
from typing import NamedTuple

LARGEST = 5 << 20  # bytes
WIDEST = 8_000  # pixels of a side
MOST_PIXELS = 40_000_000  # what a browser unpacks without a pause
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}  # the markers of JPEG that tell a frame's size
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length


class Picture(NamedTuple):
    """What a picture is: its media type, and its size in pixels."""

    type: str
    width: int
    height: int


def picture(content: bytes) -> Picture | None:
    """Return what a PNG, JPEG, GIF or WebP is; None for anything else, and for one too large to be shown."""
    if len(content) > LARGEST:
        return None
    try:
        found = _read(content)
    except (struct_error, IndexError):
        return None
    if found is None or not (0 < found.width <= WIDEST and 0 < found.height <= WIDEST):
        return None
    return found if found.width * found.height <= MOST_PIXELS else None


def _read(content: bytes) -> Picture | None:
    if content.startswith(b"\x89PNG\r\n\x1a\n") and content[12:16] == b"IHDR":
        return Picture("image/png", *unpack_from(">II", content, 16))
    if content[:6] in (b"GIF87a", b"GIF89a"):
        return Picture("image/gif", *unpack_from("<HH", content, 6))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return _webp(content)
    return _jpeg(content) if content.startswith(b"\xff\xd8\xff") else None


def _webp(content: bytes) -> Picture | None:
    kind = content[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(content[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8 " and content[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in unpack_from("<HH", content, 26))
    elif kind == b"VP8L" and content[20] == 0x2F:
        (bits,) = unpack_from("<I", content, 21)
        width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    else:
        return None
    return Picture("image/webp", width, height)


def _jpeg(content: bytes) -> Picture | None:
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:  # a byte that fills
            at += 1
        elif marker in _FRAMES:
            height, width = unpack_from(">HH", content, at + 5)
            return Picture("image/jpeg", width, height)
        elif marker in _BARE:
            at += 2
        else:
            at += 2 + max(2, unpack_from(">H", content, at + 2)[0])
    return None
