"""Selections: filters that are kept under a name, and one word said of many people at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import identify
from amity.errors import AmityError, Code
from amity.insight.words import PINS, ROLES
from amity.language import label, noted, say
from amity.store import decisions, derived, search
from amity.store.decisions import Decision

NOTHING = "none"  # takes a word back
MOST = 1_000  # people of whom one word is said
LONGEST_NAME = 100  # characters


class Filter(Struct, frozen=True):
    """What people are picked by, as `people.find` takes it."""

    name: str
    query: str = ""
    segment: str = ""
    momentum: str = ""
    role: str = ""
    pin: str = ""


@operation(Effect.READ)
def list_(desk: Desk) -> tuple[Filter, ...]:
    """List the filters that are kept, by name."""
    held: dict[str, Filter] = {}
    for one in decisions.standing(desk.database, ("filter",)):
        name = str(one.body["name"])
        held.pop(name.casefold(), None)
        if not one.body.get("gone"):
            held[name.casefold()] = Filter(name, **one.body["asked"])
    return tuple(held[name] for name in sorted(held))


@operation(
    Effect.WRITE, rules={"name": {"maxLength": LONGEST_NAME}}, some=("query", "segment", "momentum", "role", "pin")
)
def keep(
    desk: Desk,
    name: str,
    query: str = "",
    *,
    segment: str = "",
    momentum: str = "",
    role: str = "",
    pin: str = "",
    key: str = "",
) -> tuple[Filter, ...]:
    """Keep a filter under a name, in place of one that has it. Raises AmityError USAGE for one that picks nothing."""
    name = " ".join(name.split())
    asked = asdict(Filter("", query.strip(), segment, momentum, role, pin))
    del asked["name"]
    if not name or len(name) > LONGEST_NAME:
        raise AmityError(Code.USAGE, say("A filter needs a name."), say("For example “Choir”."))
    if not any(asked.values()):
        raise AmityError(Code.USAGE, say("That filter lets everybody through."), say("Narrow the list first."))
    _record(desk, "filter", noted("Kept the filter {name}", name=name), {"name": name, "asked": asked}, key)
    return list_(desk)


@operation(Effect.WRITE)
def drop(desk: Desk, name: str, key: str = "") -> tuple[Filter, ...]:
    """Let go of a filter. Raises AmityError NOT_FOUND where none has the name."""
    held = {one.name.casefold(): one.name for one in list_(desk)}
    if name.casefold() not in held:
        raise AmityError(Code.NOT_FOUND, say("There is no filter {name!r}.", name=name))
    named = held[name.casefold()]
    _record(desk, "filter", noted("Let go of the filter {name}", name=named), {"name": named, "gone": True}, key)
    return list_(desk)


@operation(
    Effect.WRITE,
    words={"pin": ("", NOTHING, *PINS), "role": ("", NOTHING, *ROLES)},
    rules={"people": {"maxItems": MOST}},
    one=("pin", "role", "analysed", "machine"),
)
def tell(
    desk: Desk,
    people: Sequence[str],
    *,
    pin: str = "",
    role: str = "",
    analysed: bool | None = None,
    machine: bool | None = None,
    key: str = "",
) -> str:
    """Say one thing of many people at once; one undo takes it back of all.

    `pin` is critical or not_critical, `role` one of those of `closeness.tell`, "none" takes back what was said; or
    whether they may be `analysed`; or whether each is a `machine`. Raises AmityError USAGE unless it is one of these.
    """
    told = [name for name, value in (("pin", pin), ("role", role)) if value]
    told += [name for name, value in (("analysed", analysed), ("machine", machine)) if value is not None]
    if len(told) != 1 or not people or len(people) > MOST:
        raise AmityError(
            Code.USAGE,
            say("Say one thing of 1 to {most:,} people.", most=MOST),
            say("A pin, a role, whether to analyse, or machine."),
        )
    if pin not in ("", NOTHING, *PINS) or role not in ("", NOTHING, *ROLES):
        raise AmityError(
            Code.USAGE,
            say("There is no {name} {value!r}.", name=label("word on a tie", told[0]), value=pin or role),
            say("See `amity tie --help`."),
        )
    refresh(desk)
    who = list(dict.fromkeys(identify(desk, one) for one in people))
    sides = _sides(desk, who)
    names = search.names(desk.database, who)
    of = names[who[0]] if len(who) == 1 else say("{n:,} people", n=len(who))
    if pin:
        said = "" if pin == NOTHING else pin
        words = {"critical": say("critical few"), "not_critical": say("not of the critical few")}.get(
            pin, say("no pin")
        )
        return _record(desk, "tie", f"{of}: {words}", {"sides": sides, "said": {"pin": said}}, key)
    if role:
        roles = [] if role == NOTHING else [role]
        words = say("no role") if role == NOTHING else label("role", role)
        return _record(desk, "tie", f"{of}: {words}", {"sides": sides, "said": {"roles": roles}}, key)
    if analysed is not None:
        words = say("analysed again") if analysed else say("not analysed: no ties, no suggestions")
        return _record(desk, "unanalysed", f"{of}: {words}", {"sides": sides, "unanalysed": not analysed}, key)
    words = say("no people") if machine else say("people")
    handles = [handle for side in sides for handle in side]
    body = {"handles": handles, "is": "machine" if machine else "person"}
    return _record(desk, "machine", f"{of}: {words}", body, key)


def _sides(desk: Desk, people: Sequence[int]) -> list[list[list[str]]]:
    """Return for each person the handles by which what is said follows them."""
    belongs = derived.belongs_to(desk.database, people)
    handles = derived.handles(desk.database, belongs)
    held: dict[int, list[Any]] = {person: [] for person in people}
    for number, person in sorted(belongs.items()):
        if handles[number].kind not in ("person", "me"):
            held[person].append(handles[number])
    return [pairs(held[person]) for person in people]


def _record(desk: Desk, kind: str, summary: str, body: dict[str, Any], key: str) -> str:
    with desk.database.transaction():
        earlier: Decision | None = decisions.repeated(desk.database, key, kind, body)
        if earlier is None:
            desk.record(key or decisions.new_key(), kind, summary, body)
    return earlier.summary if earlier else summary
