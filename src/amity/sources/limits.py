"""How much of anything a source takes, in one table: what is larger was made to hurt, or by mistake.

What a limit stops is told as a Trouble that names it. Each of them is a setting, which the owner can raise.
"""

from __future__ import annotations

from msgspec import Struct

from amity.model import Since


class Limits(Struct, frozen=True):
    """What is read at most, each as a count or in bytes."""

    header_bytes: int = 1 << 20  # bytes of one mail's headers
    people: int = 10_000  # participants of one mail
    mime_depth: int = 50  # multiparts within one another
    mime_parts: int = 1_000  # parts of one mail
    archive_entries: int = 100_000  # files unpacked from one archive
    archive_depth: int = 1  # archives within one another that are opened inside an archive
    archive_nested: int = 1_000  # files unpacked from archives inside an archive
    archive_ratio: int = 100  # bytes that one packed byte may become
    archive_bytes: int = 32 << 30  # bytes unpacked from one archive


USUAL = Limits()


def of(since: Since) -> Limits:
    """Return the limits under which a source is read."""
    return Limits(**since.limits) if since.limits else USUAL
