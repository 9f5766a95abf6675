"""What machines may ask: every operation with what it takes and answers, derived from its signature.

REST and MCP stand on this; neither says an operation again.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_origin, get_type_hints

import msgspec

from amity.app.operation import Effect, Operation, operations

# Whole numbers of the operations count things: people, minutes, days.
COUNT = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


@dataclass(frozen=True, slots=True)
class Call:
    """An operation as an address: how it is asked, what it takes, what it answers."""

    operation: Operation
    method: str
    takes: type[msgspec.Struct]
    lists: frozenset[str]
    answers: Any
    at_desk: bool
    keyed: bool

    @property
    def path(self) -> str:
        """Return the address below /api."""
        return "/" + self.operation.name.replace(".", "/")

    @property
    def streams(self) -> bool:
        """Tell whether the answer is one JSON document a line."""
        return get_origin(self.answers) is Iterator


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
        fields.append((name, _counted(hint), *([] if default is inspect.Parameter.empty else [default])))
    name = "".join(part.capitalize() for part in operation.name.replace("_", ".").split("."))
    return Call(
        operation,
        "GET" if operation.effect is Effect.READ and not (operation.names_files or operation.takes_text) else "POST",
        msgspec.defstruct(f"{name}Parameters", fields, kw_only=True, forbid_unknown_fields=True),
        frozenset(name for name, hint in taken.items() if get_origin(hint) not in (None, *_UNIONS)),
        hints["return"],
        "desk" in parameters,
        "key" in parameters,
    )


_UNIONS = (type(int | None),)


def _counted(hint: Any) -> Any:
    if hint is int:
        return COUNT
    return COUNT | None if hint == int | None else hint


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
