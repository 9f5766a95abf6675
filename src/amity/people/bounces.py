"""Which addresses of a person are dead, which one works, and where one took the place of another.

What a report of failure names is dead until they write from it again. A full mailbox, a refusal and a delay kill
nothing: they pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

DEAD, FULL, SILENT, WORKS, UNKNOWN = "dead", "full", "silent", "works", "unknown"
DAY = 86_400
BACK_WITHIN = 6 * DAY  # after a message was sent, servers give up on it (RFC 5321 §4.5.4.1: four to five days)
QUIET = 180 * DAY  # of one address while another one writes
ENOUGH = 2  # messages from an address before it takes the place of another


class Used(NamedTuple):
    """One address of a person with what passed over it; times in epoch seconds, None = never."""

    handle: int
    heard_first: int | None
    heard: int | None  # the last message from it
    heard_times: int
    written: int | None  # the last message to it


class Report(NamedTuple):
    """That mail to an address failed: when, of which kind ("gone", "full", "refused", "delayed"), and the words."""

    handle: int
    at: int
    kind: str
    words: str


class Sent(NamedTuple):
    """A message of the owner's, and the report that may be about it."""

    handle: int  # to whom
    at: int
    thread: int
    readers: int


class Address(NamedTuple):
    """How one address stands; `since` in epoch seconds."""

    handle: int
    state: str  # DEAD | FULL | SILENT | WORKS | UNKNOWN
    since: int | None
    words: str
    preferred: bool


class Switch(NamedTuple):
    """That a person writes from another address than before, since when, and from when on that was sure."""

    at: int
    before: int
    now: int
    sure: int


def failed(sent: Iterable[Sent], at: int, thread: int) -> int | None:
    """Return whom a report at a time is about by its headers alone: the one reader of a message that it answers."""
    about = [one for one in sent if 0 <= at - one.at <= BACK_WITHIN and one.thread == thread and one.readers == 1]
    return max(about, key=lambda one: one.at).handle if about and thread else None


def judge(used: Sequence[Used], reports: Iterable[Report]) -> list[Address]:
    """Say how each address stands, in the order given; of those that are not dead the one heard from last works best.

    Where nobody wrote from any, the one written to last is preferred.
    """
    latest: dict[int, Report] = {}
    for report in sorted(reports, key=lambda one: one.at):
        latest[report.handle] = report
    silent = {switch.before: switch.at for switch in switches(used)}
    found = []
    for one in used:
        told = latest.get(one.handle)
        state, since, words = (WORKS if one.heard else UNKNOWN), one.heard, ""
        if told and (one.heard is None or told.at > one.heard):
            if told.kind == "gone":
                state, since, words = DEAD, told.at, told.words
            elif told.kind == "full" and (one.written is None or one.written <= told.at + BACK_WITHIN):
                state, since, words = FULL, told.at, told.words
        if state == WORKS and one.handle in silent:
            state, since = SILENT, silent[one.handle]
        found.append(Address(one.handle, state, since, words, preferred=False))
    living = [(one, use) for one, use in zip(found, used, strict=True) if one.state != DEAD]
    if not living:
        return found
    best = max(living, key=lambda pair: (pair[0].state != FULL, pair[1].heard or 0, pair[1].written or 0))[0].handle
    return [one._replace(preferred=one.handle == best) for one in found]


def switches(used: Sequence[Used]) -> list[Switch]:
    """Return where one address went silent while another began to write, newest first.

    It is one where nothing has come from the older for half a year before the newer was last heard, and the newer began
    to write no more than that before the older fell silent.
    """
    heard = [one for one in used if one.heard is not None and one.heard_first is not None]
    found = []
    for old in heard:
        taken = [
            new
            for new in heard
            if new.handle != old.handle
            and new.heard_times >= ENOUGH
            and (new.heard or 0) - (old.heard or 0) > QUIET
            and (new.heard_first or 0) >= (old.heard or 0) - QUIET
            and (new.heard_first or 0) > (old.heard_first or 0)
        ]
        if taken:
            new = min(taken, key=lambda one: one.heard_first or 0)
            found.append(Switch(new.heard_first or 0, old.handle, new.handle, (old.heard or 0) + QUIET))
    return sorted(found, reverse=True)
