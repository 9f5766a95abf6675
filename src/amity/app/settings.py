"""Settings: what the owner adjusts in the pages or a terminal, kept as decisions, so that it can be undone."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app.desk import Desk
from amity.app.operation import Effect, operation
from amity.errors import AmityError, Code
from amity.language import noted, say
from amity.settings import TABLE, Setting
from amity.store import decisions
from amity.store.db import Database

KIND = "setting"


class SettingLine(Struct, frozen=True):
    """One setting: its value in force, its default, what it means, and within what it may lie."""

    name: str
    value: int | str
    default: int | str
    meaning: str
    least: int
    most: int
    words: tuple[str, ...]  # the values that a text may have; empty for any
    said: bool  # by the owner here; else the settings file says so, or nobody


def applied(desk: Desk) -> Desk:
    """Return the desk with the settings as the owner said them; what they said outranks the settings file."""
    said = _said(desk.database)
    return replace(desk, settings=replace(desk.settings, **said)) if said else desk


@operation(Effect.READ)
def list_(desk: Desk) -> tuple[SettingLine, ...]:
    """List every setting with its value in force."""
    said = _said(desk.database)
    return tuple(
        SettingLine(
            one.name,
            said.get(one.name, getattr(desk.settings, one.name)),
            one.default,
            one.meaning,
            one.least,
            one.most,
            one.words,
            one.name in said,
        )
        for one in TABLE
    )


@operation(Effect.WRITE, words={"name": tuple(one.name for one in TABLE)}, blank=("value",))
def set_(desk: Desk, name: str, value: str, key: str = "") -> SettingLine:
    """Set a setting, from now on. Raises AmityError NOT_FOUND for a name, USAGE for a value that does not fit."""
    setting = _named(name)
    read = _read(setting, value)
    shown = read if read != "" else say("nothing")
    _record(
        desk,
        noted("Set {name} to {value}: {meaning}", name=name, value=shown, meaning=setting.meaning),
        {"name": name, "value": read},
        key,
    )
    return next(line for line in list_(desk) if line.name == name)


@operation(Effect.WRITE)
def reset(desk: Desk, name: str, key: str = "") -> str:
    """Take back what was set here: the settings file or the default holds again. Raises AmityError NOT_FOUND."""
    _named(name)
    summary = say("{name} is no longer set here", name=name)
    _record(desk, summary, {"name": name, "value": None}, key)
    return summary


def _said(database: Database) -> dict[str, Any]:
    """Return what the owner set, by name; a value that a setting no longer takes is left out."""
    known = {one.name: one for one in TABLE}
    said: dict[str, Any] = {}
    for one in decisions.standing(database, (KIND,)):
        name, value = str(one.body["name"]), one.body["value"]
        said.pop(name, None)
        if name in known and value is not None and known[name].takes(value):
            said[name] = value
    return said


def _read(setting: Setting, text: str) -> int | str:
    number = text.strip().removeprefix("-").isdecimal() and len(text.strip()) < 12
    value: int | str = int(text) if isinstance(setting.default, int) and number else " ".join(text.split())
    if not setting.takes(value):
        raise AmityError(
            Code.USAGE,
            say("{name} must be {wanted}.", name=setting.name, wanted=setting.wanted),
            say("It means: {meaning}.", meaning=say(setting.meaning)),
        )
    return value


def _named(name: str) -> Setting:
    for one in TABLE:
        if one.name == name:
            return one
    known = ", ".join(one.name for one in TABLE)
    raise AmityError(
        Code.NOT_FOUND, say("There is no setting {name!r}.", name=name), say("Known: {known}.", known=known)
    )


def _record(desk: Desk, summary: str, body: dict[str, Any], key: str) -> None:
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, KIND, body):
            desk.record(key or decisions.new_key(), KIND, summary, body)
