"""How much of anything a source takes, in one table: what is larger was made to hurt, or by mistake.

The owner can raise any of them; what a limit stops is set aside as a Trouble that names it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields


def _limit(most: int, meaning: str) -> int:
    return field(default=most, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Limits:
    """What is read at most, each as a count or in bytes."""

    header_bytes: int = _limit(1 << 20, "bytes of one mail's headers")
    mime_depth: int = _limit(50, "mails and parts inside one another in one mail")
    mime_parts: int = _limit(1_000, "parts of one mail")
    people: int = _limit(10_000, "participants taken of one header")
    json_depth: int = _limit(200, "lists and objects inside one another in a JSON file")
    json_bytes: int = _limit(64 << 20, "bytes of JSON that are held in memory at once")
    xml_depth: int = _limit(100, "elements inside one another in an XML file")
    xml_bytes: int = _limit(16 << 20, "bytes of one XML element's text")
    archive_entries: int = _limit(100_000, "files unpacked from one archive")
    archive_nested: int = _limit(1_000, "files unpacked from archives inside an archive")
    archive_ratio: int = _limit(100, "bytes that one packed byte may become")
    archive_bytes: int = _limit(32 << 30, "bytes unpacked from one archive")


USUAL = Limits()


def meanings() -> dict[str, str]:
    """Return what each limit counts, by its name."""
    return {limit.name: limit.metadata["meaning"] for limit in fields(Limits)}
