"""What was said of who is who. Apart from the work that it decides, since every read asks for it."""

from __future__ import annotations

from typing import NamedTuple


class Verdict(NamedTuple):
    """What was said about two sets of handles: that they are one person's, or that they are not."""

    one: tuple[int, ...]
    other: tuple[int, ...]
    same: bool
