"""What was said of who is who: read from the decisions in force."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from amity.model import Handle
from amity.people.verdicts import Verdict
from amity.store import decisions
from amity.store.db import Database, integer
from amity.store.decisions import Decision

KINDS = ("same", "apart")
BY_OWNER, BY_AMITY = "owner", "amity"


class Said(NamedTuple):
    """All that was said of who is who: the strongest word first, and the persons that were split off."""

    verdicts: tuple[Verdict, ...]
    anchors: dict[int, int]  # the handles that were split off, each with the person that they became
    decisions: tuple[int, ...]


def said(database: Database) -> Said:
    """Return what was said of who is who; of two words that contradict each other the later one is the stronger.

    The owner's word outranks what Amity joined on its own.
    """
    return database.once("who is who", lambda: _said(database))


def _said(database: Database) -> Said:
    standing = _standing(database)
    number = numbers(database, (handle for one in standing for handle in handles_named(one)))
    ranked = sorted(standing, key=lambda one: (one.body["by"] == BY_OWNER, one.id), reverse=True)
    verdicts = []
    anchors = {}
    for one in ranked:
        for sides in one.body["pairs"]:
            left, right = (tuple(number[h] for h in map(_handle, side) if h in number) for side in sides)
            if left and right:
                verdicts.append(Verdict(left, right, one.kind != "apart"))
    for one in standing:
        if "minted" in one.body:
            anchors.update({number[h]: int(one.body["minted"]) for h in map(_handle, one.body["pairs"][0][0])})
    return Said(tuple(verdicts), anchors, tuple(one.id for one in standing))


def _standing(database: Database) -> list[Decision]:
    """List what joins and parts, and the nicknames that stand for nobody else; those taken back since are left out."""
    found = decisions.standing(database, (*KINDS, "fact", "fact_said"))
    gone = {one.body["id"] for one in found if one.kind == "fact_said" and one.body["said"].keys() & {"gone", "value"}}
    return [one for one in found if one.kind in KINDS or (one.body.get("pairs") and f"f{one.id}" not in gone)]


def numbers(database: Database, handles: Iterable[Handle]) -> dict[Handle, int]:
    """Return the numbers of those handles that are kept, by one question however many they are."""
    asked = msgspec.json.encode(sorted(set(handles))).decode()
    rows = database.execute(
        """SELECT handle.kind, handle.value, handle.id FROM json_each(?) AS asked JOIN handle
           ON handle.kind = asked.value ->> 0 AND handle.value = asked.value ->> 1""",
        (asked,),
    )
    return {Handle(str(kind), str(value)): integer(row) for kind, value, row in rows}


def handles_named(decision: Decision) -> set[Handle]:
    """Return the handles that a decision on who is who names."""
    return {_handle(pair) for sides in decision.body["pairs"] for side in sides for pair in side}


def _handle(pair: list[str]) -> Handle:
    return Handle(*pair)
