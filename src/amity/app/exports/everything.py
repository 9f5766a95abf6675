"""Read back what the owner said, from the everything.json of an export: every decision, in its order, under its key.

Contacts and cards come back from the other files. What names something of the former vault by number, an entry, a
goal, a person, names the same thing by its number here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from amity.app.desk import Desk
from amity.app.fields import ATTACHED
from amity.app.freshness import refresh
from amity.app.identity import numbers
from amity.app.reading import Place, SetAside, SourceReport
from amity.errors import AmityError, Code
from amity.model import Handle
from amity.sources.catalog import Source
from amity.store import decisions, derived, outgoing
from amity.store.copies import FILES, lay_in

EVERYTHING = "everything.json"
FORMAT = 1
SOURCE = Source("amity", "what you said, as `amity export` wrote it", "any", "", "")
_HEAD = b'{"amity": {'
_BEGUN = 400  # bytes that tell which file it is
# What an import did comes back by importing; what was found in bodies is found in them again.
_LEFT = ("import", "entry_refused")
# Where a decision names another one, by the letter before its number.
_NAMED = {"event": "v", "goal": "g", "entry": "e", "parent": "e", "id": "f", "journey": "j"}
_NOBODY = "p0"


class _Head(msgspec.Struct):
    format: int


class _Identity(msgspec.Struct):
    kind: str
    value: str


class _Person(msgspec.Struct):
    id: str
    identities: list[_Identity] = []


class _Decision(msgspec.Struct):
    id: int
    key: str
    at: int
    today: str
    kind: str
    summary: str
    body: dict[str, Any]
    undoes: int | None = None


class _Everything(msgspec.Struct):
    amity: _Head
    people: list[_Person]
    decisions: list[_Decision]
    meetings: dict[str, str] = {}  # contacts that decisions name, with their keys in hexadecimal
    offered: list[tuple[str, str, str]] = []  # day, person, and with which reason


class _Words(msgspec.Struct):
    """What one file said, while it is taken in."""

    report: SourceReport
    told: _Everything
    latest: date  # the last day on which something was said
    kept: list[tuple[int, _Decision, dict[str, Any]]] = msgspec.field(default_factory=list)


def find(path: Path) -> list[Path]:
    """Return the files at a path, or in a folder, that an export wrote with what the owner said."""
    places = [path / EVERYTHING, *path.glob(f"*/{EVERYTHING}")] if path.is_dir() else [path]
    return [place for place in places if place.is_file() and _is_ours(place)]


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        begun = file.read(_BEGUN)
    return begun.startswith(_HEAD) and b'"format":' in begun


def take_in_all(desk: Desk, places: Iterable[Place], *, dry: bool) -> list[SourceReport]:
    """Record what some files said that is not known yet, all of it or nothing; with `dry`, only count it.

    Raises AmityError DAMAGED for a file that does not hold what an export writes, REFUSED for one of a newer Amity.
    """
    reports = []
    for place in places:
        with desk.database.transaction():
            try:
                words = _take_in(desk, Path(place.at), place.label, dry=dry)
                if words.kept:
                    _settle(desk, words)
                    _read_whole(replace(desk, today=max(desk.today, words.latest)))
            except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
                what = f"{place.label} does not hold together ({type(error).__name__}: {error})"
                raise AmityError(Code.DAMAGED, f"{what}, and nothing of it was kept.", "Export once more.") from error
        reports.append(words.report)
    return reports


def _read_whole(desk: Desk) -> None:
    """Read once all that stands on what was said, so that nothing is kept on which a page would break."""
    from amity.app import encounters, entries, facts, goals, introductions
    from amity.app.day import grounds

    refresh(desk)
    grounds(desk)
    for read in (facts.fields, facts.sets, entries.balance, goals.list_, encounters.list_, introductions.list_):
        read(desk)


def _take_in(desk: Desk, path: Path, label: str, *, dry: bool) -> _Words:
    try:
        told = msgspec.json.decode(path.read_bytes(), type=_Everything)
        days = [date.fromisoformat(one.today) for one in told.decisions]
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError, RecursionError) as error:
        raise AmityError(Code.DAMAGED, f"{label} is no whole export: {error}.", "Export once more.") from error
    if told.amity.format > FORMAT:
        raise AmityError(Code.REFUSED, f"{label} was written by a newer Amity.", "Install that version or a newer one.")
    said = [one for one in told.decisions if one.kind not in _LEFT or one.body.get("me")]
    earlier = decisions.with_keys(desk.database, (one.key for one in said))
    new = [one for one in said if one.key not in earlier]
    aside: list[SetAside] = []
    words = _Words(
        SourceReport(label, SOURCE.name, len(said), len(new), len(said) - len(new), 0, 0, 0, ()),
        told,
        max(days, default=date.min),
    )
    if dry:
        return words
    into = {one.id: earlier[one.key] for one in said if one.key in earlier}
    meetings = outgoing.with_keys(desk.database, told.meetings)
    for one in sorted(new, key=lambda one: one.id):
        kind, body = ("me", {"me": one.body["me"]}) if one.kind == "import" else (one.kind, one.body)
        here = _renumbered(desk, body, into, meetings)
        undoes = into.get(one.undoes) if one.undoes is not None else None
        if here is None or (one.undoes is not None and undoes is None):
            continue
        number = decisions.record(
            desk.database,
            key=one.key,
            at=one.at,
            today=one.today,
            kind=kind,
            summary=one.summary,
            body=here,
            undoes=undoes,
        )
        into[one.id] = number
        words.kept.append((number, one, here))
        if kind == "fact" and here["fact"]["field"] in ATTACHED:
            name = str(here["fact"]["label"])
            if not lay_in(desk.database.folder, path.parent / FILES / name):
                aside.append(
                    SetAside(name, "the file is not beside it, is not what it was, or would lie in the clear", "")
                )
    words.report = SourceReport(
        label, SOURCE.name, len(said), len(new) - len(aside), len(said) - len(new), 0, 0, 0, tuple(aside)
    )
    return words


def _renumbered(
    desk: Desk, body: Mapping[str, Any], into: Mapping[int, int], meetings: Mapping[str, int]
) -> dict[str, Any] | None:
    """Return what was said with the numbers of this vault, None where it is about something that is not here."""
    here = dict(body)
    here.pop("found", None)
    for name, letter in _NAMED.items():
        if re.fullmatch(rf"{letter}\d+", str(here.get(name, ""))):
            number = into.get(int(here[name][1:]))
            if number is None:
                return None
            here[name] = f"{letter}{number}"
    if "target" in here:
        if here["target"] not in into:
            return None
        here["target"] = into[here["target"]]
    if "meeting" in here:
        if here["meeting"] not in meetings:
            return None
        here["meeting"] = f"m{meetings[here['meeting']]}"
    if "minted" in here:
        (here["minted"],) = decisions.mint(desk.database, [()], desk.now)
    if isinstance(here.get("said"), dict):
        said = _renumbered(desk, here["said"], into, meetings)
        if said is None:
            return None
        here["said"] = said
    return here


def _settle(desk: Desk, words: _Words) -> None:
    """Name the people of what was said by their numbers here. Runs in the caller's transaction."""
    refresh(desk)
    database = desk.database
    wanted = {person for _, one, _ in words.kept for person in _people(one.body)}
    wanted.update(person for _, person, _ in words.told.offered)
    handles = {
        one.id: [Handle(each.kind, each.value) for each in one.identities]
        for one in words.told.people
        if one.id in wanted
    }
    number = numbers(database, (handle for held in handles.values() for handle in held))
    belongs = derived.belongs(database, number.values()) if number else {}
    into: dict[str, str] = {}
    for person, held in handles.items():
        found = next((belongs[number[one]] for one in held if number.get(one) in belongs), None)
        if found is not None:
            into[person] = f"p{found}"
    for decision, one, here in words.kept:
        if _people(one.body):
            decisions.amend(database, decision, one.summary, _with_people(here, into))
    decisions.put_nudges(
        database, ((day, int(into[person][1:]), why) for day, person, why in words.told.offered if person in into)
    )


def _people(body: Mapping[str, Any]) -> set[str]:
    """Return the persons whom a decision names by number."""
    found = {body["person"]} if "person" in body else set()
    for one in body.get("merged", ()):
        found |= {one["into"], *one["from"]}
    return found


def _with_people(body: dict[str, Any], into: Mapping[str, str]) -> dict[str, Any]:
    here = dict(body)
    if "person" in here:
        here["person"] = into.get(here["person"], _NOBODY)
    if "merged" in here:
        here["merged"] = [
            one | {"into": into.get(one["into"], _NOBODY), "from": [into.get(who, _NOBODY) for who in one["from"]]}
            for one in here["merged"]
        ]
    return here
