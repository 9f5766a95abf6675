"""The newest contacts of a person, out of their strands."""

from __future__ import annotations

from collections.abc import Sequence
from struct import iter_unpack

ENTRY = "<qII"  # time, moment, flags: the layout of ledger/strands.py, read here without numpy


def newest(strands: Sequence[bytes], end: int, limit: int) -> tuple[list[int], int]:
    """Return the moments of the newest `limit` contacts before `end`, newest first, and how many there are in all."""
    seen = {moment: at for body in strands for at, moment, _ in iter_unpack(ENTRY, body) if at < end}
    ranked = sorted(seen, key=lambda moment: (-seen[moment], -moment))
    return ranked[:limit], len(ranked)
