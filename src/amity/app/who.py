"""Who is who: merge what is one person, split what is not, and say so for good."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.identity import BY_OWNER
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import identify
from amity.errors import AmityError, Code
from amity.handles import handle as spell
from amity.language import noted, retold, say
from amity.model import Handle
from amity.store import decisions, derived, evidence, search


class Verdict(Struct, frozen=True):
    """What was said of who is who, and whom it left."""

    summary: str
    person: str  # who it is about now
    other: str  # whom a split made; empty otherwise


class _Somebody(Struct, frozen=True):
    """A person with the handles that make them."""

    id: int
    name: str
    handles: tuple[Handle, ...]


@operation(Effect.WRITE, rules={"people": {"minItems": 2}})
def merge(desk: Desk, people: Sequence[str], key: str = "") -> Verdict:
    """Say that several people are one; the id that was there first stands, and the others lead to it.

    Raises AmityError USAGE for fewer than two, or where one of them is the owner.
    """
    if done := _done(desk, key, "same"):
        return done
    refresh(desk)
    persons = _persons(desk, people)
    if len(persons) < 2:
        raise AmityError(
            Code.USAGE, say("It takes two people to merge."), say("Say who they are: names, addresses or ids.")
        )
    first, *others = sorted(persons, key=lambda one: one.id)
    summary = noted("{names} are one person", names=" and ".join(one.name for one in persons))
    body = {
        "pairs": [[pairs(first.handles), pairs(other.handles)] for other in others],
        "by": BY_OWNER,
        "merged": [{"into": f"p{first.id}", "from": [f"p{other.id}" for other in others], "because": []}],
    }
    return _record(desk, "same", summary, body, first.id, key)


@operation(Effect.WRITE)
def keep_apart(desk: Desk, one: str, other: str, key: str = "") -> Verdict:
    """Say that two people are not one; they are never offered or merged again."""
    if done := _done(desk, key, "apart"):
        return done
    refresh(desk)
    persons = _persons(desk, (one, other))
    if len(persons) < 2:
        raise AmityError(
            Code.REFUSED,
            say("{nearer} and {farther} are one person.", nearer=one, farther=other),
            say("`amity split` takes an address out."),
        )
    left, right = persons
    body = {"pairs": [[pairs(left.handles), pairs(right.handles)]], "by": BY_OWNER}
    return _record(
        desk, "apart", noted("{one} and {other} are two people", one=left.name, other=right.name), body, left.id, key
    )


@operation(Effect.WRITE)
def split(desk: Desk, person: str, handles: Sequence[str] = (), source: str = "", key: str = "") -> Verdict:
    """Take some addresses of a person back out, with all that passed over them, as a person of their own.

    A card that names no other address of theirs goes along. With `source`, all that this source alone says of them.
    Raises AmityError NOT_FOUND for an address that is not theirs, USAGE where nothing or everything would go.
    """
    if done := _done(desk, key, "apart"):
        return done
    refresh(desk)
    database = desk.database
    (whole,) = _persons(desk, (person,))
    out = [spell(text) for text in handles]
    for text, one in zip(handles, out, strict=True):
        if one not in whole.handles:
            raise AmityError(
                Code.NOT_FOUND,
                say("{text!r} is no address of {name}.", text=text, name=whole.name),
                say("`amity show p{id}`.", id=whole.id),
            )
    if source:
        told = derived.told_by(database, derived.belongs_to(database, [whole.id]))
        every = {kind for kinds in told.values() for kind in kinds}
        if source not in every:
            words = say(
                "It knows {name} from: {every}.",
                name=whole.name,
                every=", ".join(sorted(every)) or say("no card or name"),
            )
            raise AmityError(
                Code.NOT_FOUND, say("{source!r} says nothing of {name}.", source=source, name=whole.name), words
            )
        held = derived.handles(database, told)
        out += [held[number] for number, kinds in sorted(told.items()) if kinds == {source}]
    out += _with_their_cards(desk, whole.id, out)
    rest = [one for one in whole.handles if one not in out]
    if not out or not rest:
        raise AmityError(
            Code.USAGE,
            say("A split leaves something on both sides."),
            say("{name} has: {addresses}.", name=whole.name, addresses=_shown(whole.handles)),
        )
    with database.transaction():
        (minted,) = decisions.mint(database, [()], desk.now)
        body = {"pairs": [[pairs(out), pairs(rest)]], "minted": minted, "by": BY_OWNER}
        said = _record(
            desk,
            "apart",
            noted("{addresses} is not {name}", addresses=_shown(out), name=whole.name),
            body,
            whole.id,
            key,
        )
    return Verdict(said.summary, said.person, f"p{minted}")


def _with_their_cards(desk: Desk, person: int, out: Sequence[Handle]) -> list[Handle]:
    """Return what goes along with addresses: the cards that name no others of mail, and what these cards alone name."""
    database = desk.database
    held = derived.handles(database, derived.belongs_to(database, [person]))
    gone = {number for number, handle in held.items() if handle in out}
    along: set[int] = set()
    staying: set[int] = set()
    for own, named, *_ in derived.card_links(database, desk.end, evidence.withdrawn(database), held):
        mails = {number for number in named if number in held and held[number].kind == "email"}
        (along if mails and mails <= gone else staying).update((own, *named))
    return [held[number] for number in sorted(along - staying - gone) if number in held]


def _shown(handles: Sequence[Handle]) -> str:
    return ", ".join(handle.value for handle in handles if handle.kind != "card") or say("an address book's card")


def _persons(desk: Desk, people: Sequence[str]) -> list[_Somebody]:
    """Look people up, each once, in the order in which they were named."""
    found = {}
    for text in people:
        who = identify(desk, text)
        listed = search.person(desk.database, who)
        if listed is None or listed.person.kind == "me":
            raise AmityError(
                Code.USAGE, say("{name} is you.", name=text), say("`amity me --add` and `--remove` say what is yours.")
            )
        held = derived.handles(desk.database, derived.belongs_to(desk.database, [who]))
        own = tuple(handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me"))
        found[who] = _Somebody(who, listed.person.name, own)
    return list(found.values())


def _record(desk: Desk, kind: str, summary: str, body: dict[str, Any], person: int, key: str) -> Verdict:
    body["person"] = f"p{person}"
    with desk.database.transaction():
        desk.record(key or decisions.new_key(), kind, summary, body)
    return Verdict(retold(summary), f"p{person}", "")


def _done(desk: Desk, key: str, kind: str) -> Verdict | None:
    """Return what a repeated request said the first time. Raises AmityError REFUSED for a key of another change."""
    earlier = decisions.repeated(desk.database, key, kind)
    if earlier is None:
        return None
    minted = earlier.body.get("minted")
    return Verdict(retold(earlier.summary), str(earlier.body["person"]), f"p{minted}" if minted else "")
