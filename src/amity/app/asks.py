"""Asks: hold a message against what makes an ask honest, and against what has been between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from amity.app import entries, paths, people
from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.people import Unknown, identify
from amity.errors import AmityError, Code
from amity.ledger.entries import ME
from amity.plan.asking.history import SILENT, Asked, Deed, History
from amity.plan.asks import Check, check
from amity.plan.words import first_name
from amity.store import search

LIMIT = 1_000_000  # characters of a message
CONTACTS = 200  # of the newest contacts that are held against the asks among them
ENDED = {
    "answered": "granted",
    "met": "granted",
    "thanked": "granted",
    "declined": "declined",
    "no_answer": "unanswered",
}
GIVEN = frozenset(("gift", "introduction", "recommendation"))


@operation(Effect.READ, takes_text=True)
def check_ask(desk: Desk, text: str, to: str = "") -> Check:
    """Find the five pointers of an honest ask in a message, and what turns it sour; `to` brings in what has been.

    Raises AmityError USAGE for a message longer than a million characters, NOT_FOUND for a name that nobody or several
    people bear; an address that is not known belongs to somebody who was never written to.
    """
    if len(text) > LIMIT:
        raise AmityError(Code.USAGE, f"The message is longer than {LIMIT:,} characters.", "Nobody would read it.")
    return check(text, history(desk, to), desk.today) if to else check(text)


def history(desk: Desk, to: str) -> History:
    """Gather what has been between the owner and a person, as of the desk's day."""
    refresh(desk)
    try:
        number = identify(desk, to)
    except Unknown:
        if "@" not in to:
            raise
        return _with_path(desk, to, History(to))
    listed = search.person(desk.database, number)
    if listed is None:
        raise AmityError(Code.NOT_FOUND, f"Nobody is known as {to!r}.")
    who = f"p{number}"
    contacts = [one for one in people.contacts(desk, who, CONTACTS).contacts if one.way != "aside"]
    balance = entries.balance(desk, who, limit=CONTACTS)
    waiting = {(loop.kind, loop.entry) for loop in balance.loops}
    found = [
        one for one in entries.proposals(desk, CONTACTS) if one.by == ME and who in {near.id for near in one.people}
    ]

    def deed(line: entries.EntryLine) -> Deed:
        is_open = any((kind, line.id) in waiting for kind in ("promise", "thanks", "outcome"))
        return Deed(line.on, line.text, is_open)

    given = tuple(deed(line) for line in balance.entries if line.kind in GIVEN and line.by == ME)
    received = tuple(deed(line) for line in balance.entries if line.kind in GIVEN and line.by != ME)
    asked = [
        Asked(line.on, line.text, ENDED.get(line.status, "open"))
        for line in balance.entries
        if line.kind == "ask" and line.by == ME and line.status != "draft"
    ]
    asked += [Asked(one.on, one.text) for one in found if one.kind == "ask"]
    promised = [deed(line) for line in balance.entries if line.kind == "promise" and line.by == ME]
    promised += [Deed(one.on, one.text, True) for one in found if one.kind == "promise"]
    known = History(
        name=first_name(listed.person.name) or listed.person.name,
        last=max((one.on for one in contacts), default=None),
        wrote=tuple(one.on for one in contacts if one.way == "sent"),
        given=given,
        received=received,
        asked=tuple(asked),
        promised=tuple(promised),
        initiative=listed.tie.initiative if listed.tie else None,
    )
    return known if _warm(known.last, desk.today) else _with_path(desk, who, known)


def _warm(last: date | None, today: date) -> bool:
    return last is not None and (today - last).days <= SILENT


def _with_path(desk: Desk, who: str, known: History) -> History:
    """Add whoever might bring the two together, where somebody is known to."""
    try:
        found = paths.find(desk, who, 1)
    except AmityError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return known
    return replace(known, path=found.paths[0].steps[0].to) if found.paths else known
