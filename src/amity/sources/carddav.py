"""Address books on a server, read and never written: CardDAV (RFC 6352) with sync tokens (RFC 6578) or entity tags.

Works with Nextcloud, Fastmail, iCloud, mailbox.org, Radicale, Baïkal and others that take a name and a password.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from msgspec.structs import replace

from amity.language import noted
from amity.model import Card, Item, Known, Mark, Since, Trouble
from amity.sources import vcard, webdav

_BATCH = 2000  # items between two marks
_OF_THE_SERVER = "/z-server-generated--"  # Nextcloud lists all its own users so: no address book of the owner's
_GROUP_MARKS = ("KIND", "X-ADDRESSBOOKSERVER-KIND")
KIND = webdav.Kind(
    noun="address book",
    plural="address books",
    scheme="carddav",
    namespace="urn:ietf:params:xml:ns:carddav",
    collection="addressbook",
    home="addressbook-home-set",
    asked="",
    multiget="addressbook-multiget",
    data="address-data",
    example="carddavs://ana@cloud.example",
)


def read(address: str, since: Since) -> Iterator[Item]:
    """Yield the cards of all address books at an address such as carddavs://ana@cloud.example/, with marks in between.

    Only what changed since the mark is fetched. A place is a card's path. A group of people is no card; a card that is
    deleted on the server stays known. Raises AmityError: USAGE for what is no address or has no password, REFUSED for a
    wrong one or a connection that is not safe, NOT_FOUND where the server or its address books are not to be found.
    """
    with closing(webdav.open_session(address, since.secret, KIND)) as session:
        yield from _read(session, since)


def _read(session: webdav.Session, since: Since) -> Iterator[Item]:
    past: dict[str, Any] = dict(since.state.get("books", {}))
    done: dict[str, Any] = {}
    books = webdav.collections(session, lambda book: _OF_THE_SERVER not in book.href)
    recent = 0
    for index, (url, resource) in enumerate(books):
        place = urlsplit(url).path
        old = past.get(place, {})
        earlier: dict[str, list[Any]] = old.get("cards", {})
        tags, token, _ = webdav.changes(
            session, url, resource, old.get("token", ""), {path: tag for path, (tag, _) in earlier.items()}
        )
        cards = {
            path: earlier[path] for path, tag in tags.items() if path in earlier and earlier[path][0] == tag and tag
        }
        if unchanged := sum(count for _, count in cards.values()):
            yield Known(unchanged)
        wanted = sorted(path for path in tags if path not in cards)  # servers list in any order
        for at in range(0, len(wanted), webdav.AT_ONCE):
            for path, data in webdav.fetch(session, url, wanted[at : at + webdav.AT_ONCE]):
                recent += 1
                if isinstance(data, str):
                    token = ""  # so that it is listed again, and asked for
                    yield Trouble(path, data)
                    continue
                told = list(_cards(path, data))
                yield from told
                cards[path] = [tags[path], sum(isinstance(item, Card) for item in told)]
            if recent >= _BATCH:
                recent = 0
                # Without the new token, so that what is still to come is listed again.
                here = {"token": old.get("token", ""), "cards": {**earlier, **cards}}
                yield Mark({"books": {**past, **done, place: here}}, (index + at / len(wanted)) / len(books))
        done[place] = {"token": token, "cards": cards}
    yield Mark({"books": done}, 1.0)


def _cards(path: str, data: bytes) -> Iterator[Card | Trouble]:
    """Yield the card at a path; what is a group of people is left out."""
    found = list(vcard.cards(vcard.decode(data)))
    if not any(isinstance(item, Card) for item in found):
        yield Trouble(path, noted("no vCard at this address"), data)
        return
    for item in found:
        if isinstance(item, Trouble):
            yield item._replace(place=path)
        elif not _is_group(item):
            yield replace(item, place=path)


def _is_group(card: Card) -> bool:
    """Tell whether a card stands for several people (RFC 6350 §6.1.4, and as Apple wrote it in version 3.0)."""
    return any(one.name in _GROUP_MARKS and one.value.strip().lower() == "group" for one in vcard.properties(card.raw))
