"""Say an operation once: the faces that machines use are derived from this registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from importlib import import_module
from typing import Any, TypeVar

from msgspec import Struct, field


class Effect(Enum):
    """What an operation does to the vault."""

    READ = "read"
    WRITE = "write"
    FETCH = "fetch"


class Operation(Struct, frozen=True):
    """One thing that may be asked of Amity."""

    name: str
    effect: Effect
    summary: str
    run: Callable[..., Any]
    names_files: bool = False  # it is told paths on the machine that Amity runs on
    takes_text: bool = False  # it is told what somebody writes, which is too long and too private for an address
    words: Mapping[str, Sequence[str]] = field(default_factory=dict)  # the only ones that some parameters take
    blank: Sequence[str] = ()  # required parameters that may be empty all the same
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # what else a parameter must be: JSON Schema
    some: Sequence[str] = ()  # parameters of which at least one must say something
    one: Sequence[str] = ()  # parameters of which exactly one must say something


NOUNS = (
    "acquaintances",
    "aliases",
    "asks",
    "brief",
    "card",
    "circles",
    "closeness",
    "discretion",
    "duplicates",
    "encounters",
    "entries",
    "erasure",
    "errands",
    "export",
    "facts",
    "foresight",
    "goals",
    "intake",
    "introductions",
    "journeys",
    "ledger",
    "letter",
    "matches",
    "mirror",
    "paths",
    "people",
    "plan",
    "portfolio",
    "roles",
    "selection",
    "settings",
    "ties",
    "upkeep",
    "week",
    "who",
    "worlds",
)
REGISTRY: dict[str, Operation] = {}
_Run = TypeVar("_Run", bound=Callable[..., Any])


def operation(
    effect: Effect,
    *,
    names_files: bool = False,
    takes_text: bool = False,
    words: Mapping[str, Sequence[str]] | None = None,
    blank: Sequence[str] = (),
    rules: Mapping[str, Mapping[str, Any]] | None = None,
    some: Sequence[str] = (),
    one: Sequence[str] = (),
) -> Callable[[_Run], _Run]:
    """Register a function as an operation named `noun.verb` after its module and itself."""

    def register(run: _Run) -> _Run:
        name = f"{run.__module__.rpartition('.')[2]}.{run.__name__.rstrip('_')}"
        summary = (run.__doc__ or "").partition("\n")[0]
        REGISTRY[name] = Operation(
            name, effect, summary, run, names_files, takes_text, words or {}, blank, rules or {}, some, one
        )
        return run

    return register


def operations() -> dict[str, Operation]:
    """Return every operation by name, importing the nouns that define them."""
    for noun in NOUNS:
        import_module(f"amity.app.{noun}")
    return dict(sorted(REGISTRY.items()))
