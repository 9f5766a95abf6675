"""Gifts, asks, introductions, recommendations, thanks and promises, and what became of them.

A balance is told as a story, never as a debt; an open loop is something that waits for the owner's word.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from msgspec import Struct

from amity.language import mark, month, month_and_year, quoted, say

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


class Entry(Struct, frozen=True):
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
    first, others = names[0], say(" and ").join(names[1:])
    mine, theirs = _TOLD["introduction to" if kind == "introduction" and others else kind]
    told = say(mine if by == ME else theirs, name=first, others=others)
    return f"{told}: {text}" if text else told


_TOLD = {
    "gift": (mark("You gave {name}"), mark("{name} gave you")),
    "ask": (mark("You asked {name}"), mark("{name} asked you")),
    "recommendation": (mark("You recommended to {name}"), mark("{name} recommended to you")),
    "thanks": (mark("You thanked {name}"), mark("{name} thanked you")),
    "promise": (mark("You promised {name}"), mark("{name} promised you")),
    "introduction": (mark("You introduced {name}"), mark("{name} introduced you")),
    "introduction to": (mark("You introduced {name} to {others}"), mark("{name} introduced you to {others}")),
}


def loops(entries: Sequence[Entry], today: date) -> list[Loop]:
    """List what is open towards people, the oldest first: promises, requests to the owner, thanks and outcomes owed."""
    found = [loop for entry in entries for loop in _loops(entry, entries, today)]
    return sorted(found, key=lambda loop: (loop.since, loop.entry, loop.kind))


def _loops(entry: Entry, entries: Sequence[Entry], today: date) -> Iterator[Loop]:
    if not entry.people:
        return
    person, name = entry.people[0], entry.names[0]
    if entry.kind == "promise" and entry.by == ME and entry.status not in CLOSED:
        yield Loop(
            "promise", person, entry.id, entry.on, say("you promised {name}: {matter}", name=name, matter=entry.text)
        )
    if entry.kind == "ask" and entry.by == THEM and entry.status not in CLOSED and entry.status != "answered":
        yield Loop("ask", person, entry.id, entry.on, say("{name} asked you: {matter}", name=name, matter=entry.text))
    owed = entry.by == THEM and entry.kind in ("gift", "introduction", "recommendation")
    owed = owed or (entry.by == ME and entry.kind == "ask" and entry.status in ("answered", "met", "thanked"))
    if not owed:
        return
    if today - entry.on <= THANKED_WITHIN and not _thanked(entry, entries):
        yield Loop(
            "thanks",
            person,
            entry.id,
            entry.on,
            say("{name} has not been thanked for {what}", name=name, what=_what(entry)),
        )
    if entry.kind == "gift" or entry.told:
        return
    if entry.outcome:
        words = say(
            "{name} has not heard what came of {what}: {outcome}", name=name, what=_what(entry), outcome=entry.outcome
        )
        yield Loop("outcome", person, entry.id, entry.on, words)
    elif today - entry.on >= OUTCOME_AFTER and entry.kind == "introduction" and entry.status not in CLOSED:
        yield Loop(
            "outcome",
            person,
            entry.id,
            entry.on,
            say("{name} may wonder what came of {what}", name=name, what=_what(entry)),
        )


def _thanked(entry: Entry, entries: Sequence[Entry]) -> bool:
    return entry.status == "thanked" or any(
        other.kind == "thanks" and other.by == ME and entry.people[0] in other.people and other.on >= entry.on
        for other in entries
    )


def _what(entry: Entry) -> str:
    if entry.kind == "introduction":
        others = say(" and ").join(entry.names[1:])
        if others:
            return say("introducing you to {others}", others=others)
        return say("an introduction ({text})", text=entry.text)
    return quoted(entry.text)


def _gift(entry: Entry) -> str:
    """Name what was given; an introduction goes by those who were brought together where nothing else is said of it."""
    if entry.text or entry.kind != "introduction":
        return entry.text
    return say("an introduction of {names}", names=say(" and ").join(entry.names)) if entry.by == ME else _what(entry)


def story(entries: Sequence[Entry], today: date, *, starts: tuple[str, int] | None = None) -> tuple[str, ...]:
    """Tell the balance with one person in words, never as a sum; `starts` is who began the last conversations."""
    told = []
    if starts and starts[1] > 1:
        who, count = starts
        began = say("you started the last {count} conversations", count=count)
        told.append(began if who == ME else say("they started the last {count} conversations", count=count))
    gave = [entry for entry in entries if is_given(entry)]
    got = [entry for entry in entries if entry.by == THEM and entry.kind in ("gift", "introduction", "recommendation")]
    if gave:
        last = max(gave, key=lambda entry: entry.order)
        told.append(say("you last gave {month}: {gift}", month=_month(last.on, today), gift=_gift(last)))
    if got:
        last = max(got, key=lambda entry: entry.order)
        told.append(say("they last gave {month}: {gift}", month=_month(last.on, today), gift=_gift(last)))
    met = sum(entry.kind == "introduction" for entry in got)
    if met:
        unheard = [entry for entry in got if entry.kind == "introduction" and not entry.told]
        ending = say(" and have not heard what came of it") if unheard else ""
        told.append(say("they introduced you {times}", times=_times(met)) + ending)
    asked = [entry for entry in entries if entry.by == ME and entry.kind == "ask"]
    if asked and not gave:
        told.append(say("you asked them {times} and have given nothing yet", times=_times(len(asked))))
    if gave and not got and not asked:
        told.append(say("nothing has come back, and nothing needs to"))
    if not told:
        told.append(say("nothing is noted between you yet"))
    return tuple(told)


def is_given(entry: Entry) -> bool:
    """Tell whether the owner gave something: an introduction once it was made."""
    return entry.by == ME and (
        entry.kind in ("gift", "recommendation") or (entry.kind == "introduction" and entry.status not in UNMADE)
    )


def _times(count: int) -> str:
    return {1: say("once"), 2: say("twice")}.get(count) or say("{n} times", n=count)


def _month(on: date, today: date) -> str:
    return say("in {month}", month=month(on.month) if (today - on).days < 300 else month_and_year(on))


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
