"""What machines may ask: every operation with what it takes and answers, derived from its signature.

REST and MCP stand on this; neither says an operation again.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_origin, get_type_hints

import msgspec

from amity import language
from amity.app.desk import Desk
from amity.app.operation import Effect, Operation, operations

# Whole numbers of the operations count things: people, minutes, days.
MOST = 1_000_000
COUNT = Annotated[int, msgspec.Meta(ge=0, le=MOST)]


class Call(msgspec.Struct, frozen=True):
    """An operation as an address: how it is asked, what it takes, what it answers."""

    operation: Operation
    method: str
    takes: type[msgspec.Struct]
    lists: frozenset[str]
    answers: Any
    own: frozenset[str]  # the parameters of the operation itself

    @property
    def path(self) -> str:
        """Return the address below /api."""
        return "/" + self.operation.name.replace(".", "/")

    @property
    def at_desk(self) -> bool:
        """Tell whether it needs a vault."""
        return "desk" in self.own

    @property
    def keyed(self) -> bool:
        """Tell whether it is done once under a key, and can be taken back."""
        return "key" in self.own

    @property
    def streams(self) -> bool:
        """Tell whether the answer is one JSON document a line."""
        return get_origin(self.answers) is Iterator

    @property
    def pages(self) -> bool:
        """Tell whether the answer comes a page at a time: lists do, and what counts the whole beside its page."""
        return self.method == "GET" and (get_origin(self.answers) is tuple or {"limit", "offset"} <= self.own)

    @property
    def scope(self) -> str:
        """Return what a token must allow for this.

        What goes into files needs "export"; what is not done under a key cannot be taken back, and needs "delete" as
        joining and parting people does. To be told of files on the machine is not to look into the vault: "write".
        """
        effect, name = self.operation.effect, self.operation.name
        if effect is Effect.READ:
            return "read" if not self.operation.names_files else "export" if self.at_desk else "write"
        return "write" if self.keyed and not name.startswith("who.") else "delete"


class Answer(NamedTuple):
    """What an operation found, and whether more follows behind this page."""

    found: Any
    more: bool


def at_desk(open_desk: Callable[[], Desk]) -> Callable[[], Desk]:
    """Return what opens a desk to answer a program in the language that its owner set, if they set one."""

    def opened() -> Desk:
        desk = open_desk()
        if desk.settings.language != language.AUTO:
            language.speak(language.choose(desk.settings.language, ()))
        return desk

    return opened


def calls() -> list[Call]:
    """Derive the addresses from the operations."""
    return [_call(operation) for operation in operations().values()]


def _call(operation: Operation) -> Call:
    hints = get_type_hints(operation.run)
    parameters = inspect.signature(operation.run).parameters
    taken = {name: hints[name] for name in parameters if name not in ("desk", "key")}
    fields: list[Any] = []
    for name, hint in taken.items():
        default = parameters[name].default
        required = default is inspect.Parameter.empty
        described = _described(operation, name, hint, required=required)
        fields.append((name, described, *([] if required else [default])))
    reads = operation.effect is Effect.READ and not (operation.names_files or operation.takes_text)
    if reads and get_origin(hints["return"]) is tuple:
        fields += [(name, hint, default) for name, hint, default in _PAGE if name not in taken]
    name = "".join(part.capitalize() for part in operation.name.replace("_", ".").split("."))
    return Call(
        operation,
        "GET" if reads else "POST",
        msgspec.defstruct(f"{name}Parameters", fields, kw_only=True, forbid_unknown_fields=True),
        frozenset(name for name, hint in taken.items() if get_origin(hint) not in (None, *_UNIONS)),
        hints["return"],
        frozenset(parameters),
    )


_PAGE: tuple[tuple[str, Any, Any], ...] = (("limit", COUNT | None, None), ("offset", COUNT, 0))
_UNIONS = (type(int | None),)
SAYS_SOMETHING = {"pattern": r"\S"}


def _counted(hint: Any, least: int) -> Any:
    count = Annotated[int, msgspec.Meta(ge=least, le=MOST)]
    if hint is int:
        return count
    return count | None if hint == int | None else hint


def _described(operation: Operation, name: str, hint: Any, *, required: bool) -> Any:
    """Tell what an operation itself refuses: the description rules it out, the operation says what to do instead."""
    rules = dict(operation.rules.get(name, {}))
    hint = _counted(hint, rules.pop("minimum", 0))
    if words := operation.words.get(name):
        said = Annotated[str, msgspec.Meta(extra_json_schema={"enum": list(words)})]
        return said if hint is str else Sequence[said]
    named = name in operation.some or (required and name not in operation.blank)
    if get_origin(hint) is Sequence and named and hint.__args__ == (str,):
        hint = Sequence[Annotated[str, msgspec.Meta(extra_json_schema=SAYS_SOMETHING)]]
    if required and name not in operation.blank:
        if hint is str and "format" not in rules:
            rules |= SAYS_SOMETHING
        elif get_origin(hint) is Sequence:
            rules = {"minItems": 1, **rules}
    return Annotated[hint, msgspec.Meta(extra_json_schema=rules)] if rules else hint


def choices(call: Call) -> dict[str, list[dict[str, Any]]]:
    """Return what of several parameters must be said, as JSON Schema over the whole of them; nothing where all is free.

    Not every program that reads the schema of a tool takes this, so that it is a part of its own.
    """
    operation = call.operation
    hints = {field.name: field for field in msgspec.structs.fields(call.takes)}
    said = {name: {"required": [name], "properties": {name: _said(hints[name].default)}} for name in hints}
    found = {"anyOf": operation.some, "oneOf": operation.one}
    return {rule: [said[name] for name in names] for rule, names in found.items() if names}


def _said(default: object) -> dict[str, Any]:
    """Return what a parameter is that says something, judged by what it is where it says nothing."""
    if default is None:
        return {"not": {"type": "null"}}
    if default is False:
        return {"const": True}
    return {"minItems": 1} if default == () else SAYS_SOMETHING


def run(call: Call, desk: Desk, arguments: Mapping[str, Any]) -> Answer:
    """Do an operation with the arguments that its call takes; a list comes as the page that they name.

    Raises AmityError as the operation does.
    """
    given = dict(arguments)
    if not call.pages:
        return Answer(call.operation.run(desk, **given), more=False)
    limit, offset = given["limit"], given["offset"]
    if get_origin(call.answers) is not tuple:
        found = call.operation.run(desk, **given)
        return Answer(found, more=offset + limit < found.total)
    # One more than the page holds tells whether another follows.
    asked = {name: value for name, value in given.items() if name in call.own}
    skipped = 0 if "offset" in call.own else offset
    if "limit" in call.own and limit is not None:
        asked["limit"] = skipped + limit + 1
    rest = call.operation.run(desk, **asked)[skipped:]
    return Answer(rest[:limit], more=limit is not None and len(rest) > limit)


def whole(value: Any) -> Any:
    """Return JSON with every whole number as one: to JSON Schema, 1.0 is an integer."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: whole(each) for name, each in value.items()}
    return [whole(each) for each in value] if isinstance(value, list) else value


def decode(wanted: type, value: Any) -> Any:
    """Make of JSON what msgspec does not know by itself."""
    if wanted is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(wanted)


def schema(wanted: type) -> dict[str, Any]:
    """Describe what msgspec does not know by itself."""
    if wanted is Path:
        return {"type": "string", "description": "a path on the machine that Amity runs on"}
    raise NotImplementedError(wanted)
