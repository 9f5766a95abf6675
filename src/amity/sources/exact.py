"""What Amity itself writes into tables, calendars and cards, so that it reads back exactly what it wrote.

A participant is `amity:kind:value:name`, a contact `amity:key[:same[:marks]]`, every part percent-encoded in lower
case. Other programs may pass over both.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from amity.handles import Named
from amity.model import Depth, Handle, Sign

SCHEME = "amity:"
# What stands for a person by number, and so for another one in every vault, is none of them.
KINDS = frozenset(("email", "phone", "url", "handle", "name", "card", "me"))
IMPRECISE = "imprecise"
SIGNS = {sign.name.lower(): sign for sign in Sign if sign.name}
DEPTHS = {depth.name.lower(): depth for depth in Depth}
_SAFE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-._~")
_PARTY = re.compile(r"<?amity:([a-z]+):([^:<>\s]*)(?::([^:<>\s]*))?>?")
_CONTACT = re.compile(r"amity:([0-9a-f]{32})(?::([0-9a-f]{32})?)?(?::([a-z_,]*))?")


class Contact(NamedTuple):
    """Which contact a row or an event is, and what its other columns cannot say."""

    key: bytes
    same: bytes
    marks: frozenset[str]

    @property
    def signs(self) -> Sign:
        """Return what the mail's headers said."""
        found = Sign.NONE
        for mark in self.marks & SIGNS.keys():
            found |= SIGNS[mark]
        return found


def _quote(text: str) -> str:
    return "".join(c if c in _SAFE else "".join(f"%{byte:02x}" for byte in c.encode("utf-8", "replace")) for c in text)


def write_party(name: str, handle: Handle) -> str:
    """Write a participant exactly; nothing where the handle is of a kind that means nothing elsewhere."""
    if handle.kind not in KINDS:
        return ""
    return f"{SCHEME}{handle.kind}:{_quote(handle.value)}" + (f":{_quote(name)}" if name else "")


def read_party(text: str) -> Named | None:
    """Read a participant that was written exactly, with or without angle brackets; None for any other text."""
    if SCHEME not in text:
        return None
    match = _PARTY.fullmatch(text.strip())
    if match is None or match[1] not in KINDS or not match[2]:
        return None
    return Named(unquote(match[3] or ""), Handle(match[1], unquote(match[2])))


def write_contact(key: bytes, same: bytes = b"", marks: frozenset[str] = frozenset()) -> str:
    """Write which contact it is."""
    parts = [key.hex(), same.hex(), ",".join(sorted(marks))]
    while not parts[-1]:
        parts.pop()
    return SCHEME + ":".join(parts)


def read_contact(text: str) -> Contact | None:
    """Read which contact it is; None for any other text."""
    if not text.startswith(SCHEME):
        return None
    match = _CONTACT.fullmatch(text)
    if match is None:
        return None
    marks = frozenset(filter(None, (match[3] or "").split(",")))
    return Contact(bytes.fromhex(match[1]), bytes.fromhex(match[2] or ""), marks)
