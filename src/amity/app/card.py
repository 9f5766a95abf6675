"""The owner's own card, as little as a visiting card has, to be scanned by whoever they meet."""

from __future__ import annotations

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.exports import vcard
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of
from amity.app.people import show
from amity.errors import AmityError, Code
from amity.language import say
from amity.model import Handle, Position
from amity.store import search

OF_EACH = 2  # addresses of a kind: a code that holds more is hard to scan
SHOWN = ("email", "phone", "url")
LEFT_OUT = ("dead", "silent")


class OwnCard(Struct, frozen=True):
    """What others get of the owner: in lines, and as vCard 3."""

    name: str
    lines: tuple[str, ...]
    text: str


@operation(Effect.READ)
def own(desk: Desk) -> OwnCard:
    """Put your own name, position and addresses on a card, as others may scan it; nothing that you keep private.

    Raises AmityError NOT_FOUND where no address of yours is known yet.
    """
    refresh(desk)
    listed = search.find(desk.database, "", 1, kinds=("me",))
    page = show(desk, f"p{listed[0].person.id}", private=False) if listed else None
    known = page.identities if page else ()
    gone = {(one.kind, one.value) for one in known if one.state in LEFT_OUT}
    # The archive's first, the one that works before the others; then what the owner said to be theirs.
    every = dict.fromkeys([*((one.kind, one.value) for one in known), *owner_of(desk.database).handles])
    handles = [
        Handle(*one) for kind in SHOWN for one in [one for one in every if one[0] == kind and one not in gone][:OF_EACH]
    ]
    if not handles:
        hint = say("`amity me --add` says which addresses are yours, and an import finds them out.")
        raise AmityError(Code.NOT_FOUND, say("No address of yours is known yet."), hint)
    name = page.name if page and any(map(str.isalpha, page.name)) else handles[0].value
    now = page.positions[0] if page and page.positions else None
    position = Position(now.organisation, now.title) if now else None
    lines = (*filter(None, (now.title, now.organisation) if now else ()), *(handle.value for handle in handles))
    return OwnCard(name, lines, vcard.visiting(name, handles, position))
