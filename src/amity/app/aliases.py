"""Nicknames: the names under which the owner knows a person, and no source does."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from amity.app import facts
from amity.app.desk import Desk
from amity.app.fields import YOU
from amity.app.freshness import refresh
from amity.app.identity import BY_OWNER
from amity.app.known import FactLine
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import identify, named
from amity.errors import AmityError, Code
from amity.handles import handle as spell
from amity.handles import person_number, words
from amity.language import say
from amity.model import Handle
from amity.store import decisions, derived, search


class Called(Struct, frozen=True):
    """A nickname that was attached to a person, or taken off."""

    person: str
    name: str
    nickname: str
    summary: str


@operation(Effect.WRITE)
def call(desk: Desk, person: str, nickname: str, key: str = "") -> Called:
    """Attach a nickname to a person: they are found under it, and what names nobody but it is theirs.

    Raises AmityError USAGE for what is no name, REFUSED where they are called so already.
    """
    refresh(desk)
    database = desk.database
    who = identify(desk, person)
    nickname, bare = words(nickname), spell(nickname)
    if bare.kind != "name" or person_number(nickname) is not None or not any(map(str.isalpha, nickname)):
        raise AmityError(
            Code.USAGE,
            say("{nickname!r} is no name.", nickname=nickname),
            say("`amity merge` joins an address with a person."),
        )
    name = named(desk, who).name
    summary = say("{name} is called {nickname}", name=name, nickname=nickname)
    fact = {"field": "nickname", "value": nickname, "label": "", "zone": "", "on": desk.today.isoformat()}
    fact |= {"source": YOU}
    if decisions.repeated(database, key, "fact", {"called": nickname}) is None:
        if any(one.value.casefold() == nickname.casefold() for one in _nicknames(desk, who)):
            raise AmityError(
                Code.REFUSED,
                say("{summary} already.", summary=summary),
                say("`amity call PERSON NAME --forget` takes it off."),
            )
        own = _handles(desk, [who])
        body: dict[str, Any] = {"sides": [pairs(own)], "fact": {**fact, "private": False}}
        body |= {"called": nickname, "by": BY_OWNER}
        body["pairs"] = [[pairs(own), pairs([bare])]] if _is_free(desk, who, bare) else []
        with database.transaction():
            desk.record(key or decisions.new_key(), "fact", summary, body)
    return Called(f"p{who}", name, nickname, summary)


@operation(Effect.WRITE)
def uncall(desk: Desk, person: str, nickname: str, key: str = "") -> Called:
    """Take a nickname off a person; what named nobody but it is nobody's again.

    Raises AmityError NOT_FOUND where it is no nickname of theirs.
    """
    refresh(desk)
    who = identify(desk, person)
    name = named(desk, who).name
    nickname = words(nickname)
    summary = say("{name} is not called {nickname}", name=name, nickname=nickname)
    if decisions.repeated(desk.database, key, "fact_said") is not None:
        return Called(f"p{who}", name, nickname, summary)
    known = {one.value.casefold(): one for one in _nicknames(desk, who)}
    fact = known.get(nickname.casefold())
    if fact is None:
        shown = ", ".join(one.value for one in known.values())
        raise AmityError(
            Code.NOT_FOUND,
            say("{name} is not called {nickname}.", name=name, nickname=nickname),
            say("They are called {shown}.", shown=shown) if shown else "",
        )
    facts.amend(desk, f"p{who}", fact.id, gone=True, key=key)
    return Called(f"p{who}", name, nickname, summary)


def _nicknames(desk: Desk, person: int) -> list[FactLine]:
    return [line for line in facts.list_(desk, f"p{person}") if line.field == "nickname"]


def _handles(desk: Desk, people: list[int]) -> list[Handle]:
    """Return the handles of some persons that say who they are."""
    held = derived.handles(desk.database, derived.belongs_to(desk.database, people))
    return [handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me")]


def _is_free(desk: Desk, person: int, bare: Handle) -> bool:
    """Tell whether a bare name is nobody's: not kept, theirs already, or of one who is known by that name alone."""
    holder = search.person_of(desk.database, bare)
    if holder is None or holder == person:
        return True
    listed = search.person(desk.database, holder)
    return listed is not None and listed.person.kind != "me" and _handles(desk, [holder]) == [bare]
