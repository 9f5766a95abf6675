"""How much of anything a source takes, in one table: what is larger was made to hurt, or by mistake.

What a limit stops is told as a Trouble that names it. The owner can raise those of archives in the settings.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most, each as a count or in bytes."""

    header_bytes: int = 1 << 20  # bytes of one mail's headers
    people: int = 10_000  # participants taken of one header
    archive_entries: int = 100_000  # files unpacked from one archive
    archive_depth: int = 1  # archives within one another that are opened inside an archive
    archive_nested: int = 1_000  # files unpacked from archives inside an archive
    archive_ratio: int = 100  # bytes that one packed byte may become
    archive_bytes: int = 32 << 30  # bytes unpacked from one archive


USUAL = Limits()
