"""An introduction as a process between two people who both must want it.

    proposed → asked one → asked the other → both willing → introduced → met → what came of it → both thanked

Nobody is introduced who has not said yes, either may say no and nothing more is asked of them, and a silence is left
alone. An introduction is an entry of the ledger; what was done about it are its steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from amity.errors import AmityError, Code
from amity.language import label, listed, plain_day, say
from amity.ledger.entries import ME, UNMADE, Entry

BOTH = -1
STEPS = ("asked", "yes", "no", "introduced", "met", "nothing", "outcome", "thanked", "dropped")
ONE_SIDED = frozenset(("asked", "yes", "no", "thanked"))
# What an entry's status says after a step; the other steps leave it as it is.
STATUS_AFTER = {
    "introduced": "made",
    "met": "met",
    "outcome": "led_on",
    "no": "declined",
    "dropped": "declined",
    "nothing": "came_to_nothing",
}
SILENCE = timedelta(days=14)  # after so long without an answer it is let rest, not asked again
MEETING = timedelta(days=21)  # after so long it is natural to ask whether they met
BEARING = timedelta(days=60)  # and after so long, what came of it
FORGOTTEN = timedelta(days=400)  # what was noted so long ago is not asked after any more


class Step(NamedTuple):
    """One thing that was done about an introduction."""

    what: str  # one of STEPS
    side: int  # 0 or 1: whom of the two it concerns; BOTH
    on: date
    words: str = ""


class Move(NamedTuple):
    """What the owner would do next: nothing happens by itself."""

    kind: str  # "ask" | "wait" | "rest" | "introduce" | "hear" | "learn" | "thank" | "done"
    side: int  # 0, 1 or BOTH
    since: date  # since when it is so
    due: bool  # it waits for the owner today


class Process(Struct, frozen=True):
    """How far one introduction has come."""

    entry: Entry
    steps: tuple[Step, ...] = ()
    asked: tuple[date | None, date | None] = (None, None)
    willing: tuple[date | None, date | None] = (None, None)  # since when each wants it
    declined: tuple[date | None, date | None] = (None, None)
    introduced: date | None = None
    met: date | None = None
    bore: date | None = None  # since when it is known what came of it
    ended: date | None = None  # came to nothing, or was let go
    thanked: tuple[date | None, date | None] = (None, None)

    @property
    def stage(self) -> str:
        """The stage in a few words."""
        if any(self.declined):
            return "declined"
        if self.ended:
            return "came to nothing" if self.introduced else "let go"
        if all(self.thanked):
            return "both thanked"
        for stage, day in (("outcome known", self.bore), ("met", self.met), ("introduced", self.introduced)):
            if day:
                return stage
        if any(self.willing):
            return "both willing" if all(self.willing) else "one willing"
        return "asked" if any(self.asked) else "proposed"

    @property
    def open(self) -> bool:
        """Tell whether something may still come of it, or is owed for it."""
        return self.stage not in ("declined", "came to nothing", "let go", "both thanked")

    @property
    def last(self) -> date:
        """The day of the last step."""
        return max((step.on for step in self.steps), default=self.entry.on)


def follow(entry: Entry, steps: Iterable[Step]) -> Process:
    """Follow the steps of an introduction in their order.

    An entry that was noted as made, or as met, begins there: both are taken to have wanted it.
    """
    process, steps = Process(entry), tuple(steps)
    told = {step.what for step in steps}
    if entry.status not in UNMADE and "introduced" not in told:
        process = replace(process, willing=(entry.on, entry.on), introduced=entry.on)
        if entry.status in ("met", "led_on") and "met" not in told:
            process = replace(process, met=entry.on)
        if entry.status == "came_to_nothing" and "nothing" not in told:
            process = replace(process, ended=entry.on)
    elif entry.status == "declined" and not told & {"no", "dropped"}:
        process = replace(process, ended=entry.on)
    if entry.outcome and "outcome" not in told and process.introduced:
        process = replace(process, bore=entry.on)
    for step in steps:
        process = _taken(process, step)
    return process


def _taken(process: Process, step: Step) -> Process:
    steps, on = (*process.steps, step), step.on

    def put(pair: tuple[date | None, date | None]) -> tuple[date | None, date | None]:
        return (on, pair[1]) if step.side == 0 else (pair[0], on)

    match step.what:
        case "asked":
            return replace(process, steps=steps, asked=put(process.asked))
        case "yes":
            return replace(process, steps=steps, willing=put(process.willing))
        case "no":
            return replace(process, steps=steps, declined=put(process.declined))
        case "introduced":
            return replace(process, steps=steps, introduced=on)
        case "met":
            return replace(process, steps=steps, met=on)
        case "outcome":
            return replace(process, steps=steps, bore=on, met=process.met or on)
        case "thanked":
            return replace(process, steps=steps, thanked=put(process.thanked))
        case _:
            return replace(process, steps=steps, ended=on)


def check(process: Process, what: str, side: int = BOTH) -> None:
    """Refuse a step that does not follow. Raises AmityError USAGE for no step, REFUSED with what is missing."""
    if what not in STEPS:
        raise AmityError(
            Code.USAGE,
            say("There is no step {what!r}.", what=what),
            say("Say one of: {words}.", words=", ".join(STEPS)),
        )
    if (side in (0, 1)) != (what in ONE_SIDED):
        needed = say("{what!r} is said of both.", what=what)
        if what in ONE_SIDED:
            needed = say("{what!r} is said of one of the two.", what=what)
        raise AmityError(Code.USAGE, needed, say("Name the person, or leave the name out."))
    if trouble := _trouble(process, what, side):
        raise AmityError(Code.REFUSED, trouble, say("`amity undo` takes back a step that was said by mistake."))


def _trouble(process: Process, what: str, side: int) -> str:
    """Say why a step does not follow, "" where it does."""
    one, other = process.entry.names[:2]
    name = (one, other)[side] if side in (0, 1) else ""
    if what == "thanked":
        if not process.willing[side]:
            return say("{name} has not said yes, so there is nothing to thank for.", name=name)
        return say("{name} is thanked already.", name=name) if process.thanked[side] else ""
    if not process.open:
        return say("This introduction is over: {stage}.", stage=label("stage", process.stage))
    if what in ("asked", "yes", "no", "dropped") and process.introduced:
        return say("They are introduced already.")
    if what in ("asked", "yes") and process.willing[side]:
        return say("{name} has said yes already.", name=name)
    if what == "asked" and (asked := process.asked[side]):
        return say("{name} was asked on {day}; once is enough.", name=name, day=plain_day(asked))
    if what == "introduced":
        if process.introduced:
            return say("They are introduced already.")
        missing = [who for who, yes in zip((one, other), process.willing, strict=True) if not yes]
        return say("Nobody is introduced who has not said yes: {names}.", names=listed(missing)) if missing else ""
    if what in ("met", "nothing", "outcome") and not process.introduced:
        return say("They are not introduced yet.")
    return say("That they met is known already.") if what == "met" and process.met else ""


def next_move(process: Process, today: date) -> Move:
    """Say what the owner would do next, and since when it is so. Never twice the same question to one person."""
    if not process.open:
        owed = [side for side in (0, 1) if process.willing[side] and not process.thanked[side]]
        # Whoever was willing while the other was not hears of it kindly, and is thanked.
        if owed and any(process.declined) and today - process.last <= FORGOTTEN:
            return Move("thank", owed[0], process.last, due=True)
        return Move("done", BOTH, process.last, due=False)
    if process.introduced:
        return _after_introduction(process, today)
    for side in (0, 1):
        asked = process.asked[side]
        if process.willing[side]:
            continue
        if asked is None:
            since = process.willing[0] or process.entry.on if side else process.entry.on
            return Move("ask", side, since, due=today - since <= FORGOTTEN)
        if today - asked < SILENCE:
            return Move("wait", side, asked, due=False)
        return Move("rest", side, asked + SILENCE, due=False)
    since = max(day for day in process.willing if day)
    return Move("introduce", BOTH, since, due=today - since <= FORGOTTEN)


def _after_introduction(process: Process, today: date) -> Move:
    """Say what comes after both were introduced."""
    assert process.introduced
    old = today - process.last > FORGOTTEN
    if process.bore:
        side = 1 if process.thanked[0] else 0
        return Move("thank", side, process.bore, due=not old)
    if process.met:
        since = process.met + BEARING
        return Move("learn", BOTH, since, due=today >= since and not old)
    since = process.introduced + MEETING
    return Move("hear", BOTH, since, due=today >= since and not old)


def of_pair(processes: Sequence[Process], one: str, other: str) -> list[Process]:
    """Return the introductions of two people to each other by the owner, the newest first."""
    found = [process for process in processes if {one, other} == set(process.entry.people[:2])]
    return sorted(found, key=lambda process: process.entry.order, reverse=True)


def duplicate(process: Process) -> str:
    """Say that two people were brought together before, or how it stands."""
    one, other = process.entry.names[:2]
    if process.introduced:
        return say(
            "You introduced {one} and {other} on {day}.",
            one=one,
            other=other,
            day=plain_day(process.introduced),
        )
    if any(process.declined):
        who = one if process.declined[0] else other
        declined = plain_day(max(day for day in process.declined if day))
        return say("{who} did not want to be introduced: {declined}.", who=who, declined=declined)
    if process.ended:
        return say(
            "You let go of introducing {one} and {other} on {day}.",
            one=one,
            other=other,
            day=plain_day(process.ended),
        )
    return say(
        "Introducing {one} and {other} is under way: {stage} ({entry}).",
        one=one,
        other=other,
        stage=label("stage", process.stage),
        entry=process.entry.id,
    )


def is_one(entry: Entry) -> bool:
    """Tell whether an entry is an introduction of two people by the owner."""
    return entry.kind == "introduction" and entry.by == ME and len(entry.people) == 2


def bothered(processes: Sequence[Process], person: str, today: date, within: timedelta) -> list[Process]:
    """Return the introductions for which somebody was asked or introduced lately, the newest first."""
    found = []
    for process in processes:
        if person not in process.entry.people:
            continue
        side = process.entry.people.index(person)
        days = [day for day in (process.asked[side], process.introduced) if day]
        if days and today - max(days) <= within:
            found.append((max(days), process))
    return [process for _, process in sorted(found, key=lambda row: row[0], reverse=True)]
