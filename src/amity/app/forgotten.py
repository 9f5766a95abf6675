"""Who was forgotten stays so: what was read before their erasure does not bring them back.

Of them nothing is kept but salted digests of their addresses and names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from msgspec.structs import replace

from amity.app.owner import owner_of
from amity.handles import email
from amity.model import Card, Found, Handle, Item, Moment, Role, Text, Trouble
from amity.store import decisions
from amity.store.db import Database
from amity.store.erasure import FORGOTTEN
from amity.store.evidence import own_handle

_ADDRESS = re.compile(rb"[^\s<>\"',;:()\[\]]{1,64}@[^\s<>\"',;:()\[\]]{3,200}")


class _Stone(NamedTuple):
    salt: bytes
    digests: frozenset[str]
    at: int  # when they were forgotten; what comes later is a new acquaintance


def marked(salt: bytes, kind: str, value: str) -> str:
    """Return the digest that stands for an address or name."""
    return blake2b(f"{kind}\n{value}".encode("utf-8", "replace"), key=salt, digest_size=16).hexdigest()


def stone(salt: bytes, handles: Iterable[Handle], names: Iterable[str]) -> dict[str, object]:
    """Return what is kept of somebody who was forgotten."""
    digests = {marked(salt, *handle) for handle in handles if handle.kind not in ("person", "me")}
    digests |= {marked(salt, "named", name.casefold()) for name in names}
    return {"salt": salt.hex(), "digests": sorted(digests)}


class Guard:
    """Pass over what tells of people who were forgotten."""

    def __init__(self, database: Database) -> None:
        self.stones = [
            _Stone(bytes.fromhex(one.body["salt"]), frozenset(one.body["digests"]), one.at)
            for one in decisions.standing(database, (FORGOTTEN,))
            if one.body
        ]
        self.owner = frozenset(owner_of(database).handles) if self.stones else frozenset()
        self.known: dict[tuple[str, str], int | None] = {}

    def until(self, kind: str, value: str) -> int | None:
        """Return when whoever has an address or name was forgotten, None for anybody else."""
        pair = (kind, value)
        if pair not in self.known:
            found = [stone.at for stone in self.stones if marked(stone.salt, kind, value) in stone.digests]
            self.known[pair] = max(found, default=None)
        return self.known[pair]

    def _is_gone(self, handle: Handle, at: int) -> bool:
        until = self.until(*handle)
        return until is not None and at <= until

    def without(self, item: Item) -> Item | None:
        """Return an item without those who were forgotten, None where nothing is left of it."""
        if isinstance(item, Moment):
            return self._moment(item)
        if isinstance(item, Card):
            return self._card(item)
        if isinstance(item, Found):
            about = (item.by, *item.people)
            return None if any(self._is_gone(handle, item.moment.at) for handle in about) else item
        if isinstance(item, Text):
            senders = (party.handle for party in item.moment.parties if party.role is Role.FROM)
            return None if any(self._is_gone(handle, item.moment.at) for handle in senders) else item
        if isinstance(item, Trouble) and item.kept and any(self._addressed(item.kept)):
            return item._replace(kept=b"")
        return item

    def _moment(self, moment: Moment) -> Moment | None:
        rest = tuple(party for party in moment.parties if not self._is_gone(party.handle, moment.at))
        if len(rest) == len(moment.parties):
            return moment
        others = [party for party in rest if party.handle not in self.owner and party.role is not Role.DELIVERED]
        return moment._replace(parties=rest) if others else None

    def _card(self, card: Card) -> Card | None:
        if self.until(*own_handle(card)) is not None:
            return None
        left = tuple(handle for handle in card.handles if self.until(*handle) is None)
        if len(left) == len(card.handles):
            return card
        if not left or not card.name or self.until("named", card.name.casefold()) is not None:
            return None
        return replace(card, handles=left, raw="")

    def _addressed(self, kept: bytes) -> Iterable[bool]:
        for found in _ADDRESS.findall(kept):
            handle = email(found.decode("utf-8", "replace"))
            if handle is not None:
                yield self.until(*handle) is not None
