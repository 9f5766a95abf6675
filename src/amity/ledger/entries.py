"""Gifts, asks, introductions, recommendations, thanks and promises, and what became of them.

A balance is told as a story, never as a debt; an open loop is something that waits for the owner's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

KINDS = ("gift", "ask", "introduction", "recommendation", "thanks", "promise")
SORTS = ("idea", "introduction", "help", "fun")  # of gifts: the four ways of giving
ME, THEM = "me", "them"
VERBS = {
    "gift": "gave",
    "ask": "asked",
    "recommendation": "recommended",
    "thanks": "thanked",
    "promise": "promised",
}
# What may become of each kind; the first is how it begins, and what stands behind it closes it.
STATUS: Mapping[str, tuple[str, ...]] = {
    "gift": ("given", "useful", "not_useful"),
    "ask": ("sent", "draft", "answered", "declined", "no_answer", "met", "thanked"),
    "introduction": ("made", "proposed", "declined", "met", "came_to_nothing", "led_on"),
    "recommendation": ("given", "used", "not_used"),
    "thanks": ("said",),
    "promise": ("open", "kept", "released"),
}
UNMADE = frozenset(("proposed", "declined"))  # of an introduction that has brought nobody together
CLOSED = frozenset(("kept", "released", "thanked", "declined", "no_answer", "came_to_nothing"))
THANKED_WITHIN = timedelta(days=730)  # thanks that came so late, or never, are not asked for any more
OUTCOME_AFTER = timedelta(days=30)  # when somebody who introduced may well wonder what came of it
REST = timedelta(days=90)  # between two things asked of one connector


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing given, asked, promised or said, with all that is known of it as of a day."""

    id: str
    kind: str
    by: str  # who did it: "me" or "them"
    sort: str  # of a gift: "idea", "introduction", "help" or "fun"; else ""
    people: tuple[str, ...]  # ids; of an introduction those who were brought together besides the owner
    names: tuple[str, ...]
    on: date
    text: str
    size: str  # in words
    source: str
    status: str
    outcome: str  # what came of it
    told: bool  # those who made it possible have heard what came of it
    parent: str  # id of the entry that led to it, "" where none did

    @property
    def order(self) -> tuple[date, int]:
        """Where it stands in time, and of one day in the order in which it was noted."""
        return self.on, int(self.id[1:])


class Loop(NamedTuple):
    """Something that waits for the owner: shown before anything is asked of that person."""

    kind: str  # "promise" | "ask" | "thanks" | "outcome"
    person: str
    entry: str
    since: date
    words: str


class Care(NamedTuple):
    """How one connector was treated."""

    person: str
    introductions: int
    last: date
    thanked: int
    told: int
    rests_until: date


def sentence(kind: str, by: str, names: Sequence[str], text: str) -> str:
    """Tell an entry in a sentence: "Ana introduced you to Ben: over the choir"."""
    first, others = names[0], " and ".join(names[1:])
    if kind == "introduction":
        told = f"You introduced {first}" if by == ME else f"{first} introduced you"
        told += f" to {others}" if others else ""
    else:
        verb = {"gift": "gave", "ask": "asked", "recommendation": "recommended", "thanks": "thanked"}.get(
            kind, "promised"
        )
        to = " to" if kind == "recommendation" else ""
        told = f"You {verb}{to} {first}" if by == ME else f"{first} {verb} you"
    return f"{told}: {text}" if text else told


def loops(entries: Sequence[Entry], today: date) -> list[Loop]:
    """List what is open towards people, the oldest first: promises, requests to the owner, thanks and outcomes owed."""
    found = [loop for entry in entries for loop in _loops(entry, entries, today)]
    return sorted(found, key=lambda loop: (loop.since, loop.entry, loop.kind))


def _loops(entry: Entry, entries: Sequence[Entry], today: date) -> Iterator[Loop]:
    if not entry.people:
        return
    person, name = entry.people[0], entry.names[0]
    if entry.kind == "promise" and entry.by == ME and entry.status not in CLOSED:
        yield Loop("promise", person, entry.id, entry.on, f"you promised {name}: {entry.text}")
    if entry.kind == "ask" and entry.by == THEM and entry.status not in CLOSED and entry.status != "answered":
        yield Loop("ask", person, entry.id, entry.on, f"{name} asked you: {entry.text}")
    owed = entry.by == THEM and entry.kind in ("gift", "introduction", "recommendation")
    owed = owed or (entry.by == ME and entry.kind == "ask" and entry.status in ("answered", "met"))
    if not owed:
        return
    if today - entry.on <= THANKED_WITHIN and not _thanked(entry, entries):
        yield Loop("thanks", person, entry.id, entry.on, f"{name} has not been thanked for {_what(entry)}")
    if entry.kind == "gift" or entry.told:
        return
    if entry.outcome:
        words = f"{name} has not heard what came of {_what(entry)}: {entry.outcome}"
        yield Loop("outcome", person, entry.id, entry.on, words)
    elif today - entry.on >= OUTCOME_AFTER and entry.kind == "introduction" and entry.status not in CLOSED:
        yield Loop("outcome", person, entry.id, entry.on, f"{name} may wonder what came of {_what(entry)}")


def _thanked(entry: Entry, entries: Sequence[Entry]) -> bool:
    return entry.status == "thanked" or any(
        other.kind == "thanks" and other.by == ME and entry.people[0] in other.people and other.on >= entry.on
        for other in entries
    )


def _what(entry: Entry) -> str:
    if entry.kind == "introduction":
        others = " and ".join(entry.names[1:])
        return f"introducing you to {others}" if others else f"an introduction ({entry.text})"
    return f"“{entry.text}”"


def story(entries: Sequence[Entry], today: date, *, starts: tuple[str, int] | None = None) -> tuple[str, ...]:
    """Tell the balance with one person in words, never as a sum; `starts` is who began the last conversations."""
    told = []
    if starts and starts[1] > 1:
        who, count = starts
        told.append(f"{'you' if who == ME else 'they'} started the last {count} conversations")
    gave = [entry for entry in entries if is_given(entry)]
    got = [entry for entry in entries if entry.by == THEM and entry.kind in ("gift", "introduction", "recommendation")]
    if gave:
        last = max(gave, key=lambda entry: entry.order)
        told.append(f"you last gave {_month(last.on, today)}: {last.text}")
    if got:
        last = max(got, key=lambda entry: entry.order)
        told.append(f"they last gave {_month(last.on, today)}: {last.text}")
    met = sum(entry.kind == "introduction" for entry in got)
    if met:
        unheard = [entry for entry in got if entry.kind == "introduction" and not entry.told]
        ending = " and have not heard what came of it" if unheard else ""
        told.append(f"they introduced you {_times(met)}{ending}")
    asked = [entry for entry in entries if entry.by == ME and entry.kind == "ask"]
    if asked and not gave:
        told.append(f"you asked them {_times(len(asked))} and have given nothing yet")
    if gave and not got and not asked:
        told.append("nothing has come back, and nothing needs to")
    if not told:
        told.append("nothing is noted between you yet")
    return tuple(told)


def is_given(entry: Entry) -> bool:
    """Tell whether the owner gave something: an introduction once it was made."""
    return entry.by == ME and (
        entry.kind in ("gift", "recommendation") or (entry.kind == "introduction" and entry.status not in UNMADE)
    )


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _month(on: date, today: date) -> str:
    return f"in {on:%B}" if (today - on).days < 300 else f"in {on:%B} {on.year}"


class Branch(NamedTuple):
    """One entry in a ripple, with how deep it stands below the first."""

    depth: int
    entry: Entry


def ripple(entries: Sequence[Entry], root: str) -> list[Branch]:
    """Return an entry and all that came of it, and of that, in the order of a tree; each once, however they lead."""
    children: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry.order):
        children.setdefault(entry.parent, []).append(entry)
    by_id = {entry.id: entry for entry in entries}
    grown: list[Branch] = []
    seen: set[str] = set()
    waiting = [Branch(0, by_id[root])] if root in by_id else []
    while waiting:
        branch = waiting.pop()
        if branch.entry.id not in seen:
            seen.add(branch.entry.id)
            grown.append(branch)
            waiting += [Branch(branch.depth + 1, child) for child in reversed(children.get(branch.entry.id, ()))]
    return grown


def roots(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries that something came of and that nothing led to, the fullest ripple first."""
    parents = {entry.parent for entry in entries if entry.parent}
    known = {entry.id for entry in entries}
    first = [entry for entry in entries if entry.id in parents and entry.parent not in known]
    return sorted(first, key=lambda entry: (-len(ripple(entries, entry.id)), entry.order))


def connectors(entries: Sequence[Entry], today: date) -> list[Care]:
    """Say of everybody who introduced the owner how often they did, and whether they were thanked and told."""
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.kind == "introduction" and entry.by == THEM and entry.people and entry.on <= today:
            by_person.setdefault(entry.people[0], []).append(entry)
    found = [
        Care(
            person,
            len(made),
            max(entry.on for entry in made),
            sum(_thanked(entry, entries) for entry in made),
            sum(entry.told for entry in made),
            max(entry.on for entry in made) + REST,
        )
        for person, made in by_person.items()
    ]
    return sorted(found, key=lambda care: (-care.introductions, care.person))


def with_person(entries: Iterable[Entry], person: str) -> list[Entry]:
    """Return the entries in which a person has a part, newest first."""
    return sorted((e for e in entries if person in e.people), key=lambda e: (e.on, e.id), reverse=True)
