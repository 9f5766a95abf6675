"""Introductions: from the thought to the thanks, each step told by the owner; nothing is sent, nobody asked twice.

An introduction is an entry of the ledger, so what comes of it has its place there; its steps are words on that entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app.days import DAY_OR_NONE, named_day
from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Named, identify, named
from amity.errors import AmityError, Code
from amity.language import mark, plain_day, say, say_many
from amity.ledger import introductions as ledger
from amity.ledger.entries import ME, REST
from amity.ledger.introductions import BOTH, ONE_SIDED, STATUS_AFTER, STEPS, Move, Process, Step, follow, next_move
from amity.plan import introducing
from amity.plan.introducing import Draft, Side
from amity.plan.today import Waiting
from amity.plan.words import INTRODUCE
from amity.store import acquaintances as store
from amity.store import decisions, derived, search

MOST = 1_000  # characters of what the owner says


class StepLine(Struct, frozen=True):
    """One step that was taken."""

    what: str
    person: str  # a name; "" for both
    on: date
    words: str


class IntroductionLine(Struct, frozen=True):
    """One introduction: how far it is, what the owner would do next, and in which words."""

    id: str
    one: Named
    other: Named
    why: str
    stage: str
    since: date
    open: bool
    due: bool  # it waits for the owner
    move: str  # what comes next: ask, wait, rest, introduce, hear, learn, thank or done
    turn: str  # the name of whose turn it is; "" for both
    next: str  # the same in words
    steps: tuple[StepLine, ...]
    texts: tuple[Draft, ...]  # for what comes next, to edit and send
    outcome: str
    notes: tuple[str, ...] = ()


@operation(Effect.READ)
def list_(desk: Desk, introduction: str = "", *, every: bool = False) -> tuple[IntroductionLine, ...]:
    """List the introductions that are under way, those that wait for the owner first; or all; or one by its id.

    Raises AmityError NOT_FOUND for an id that there is not.
    """
    refresh(desk)
    known = _known(desk)
    chosen = [(process, fors) for process, fors in known if introduction in ("", process.entry.id)]
    if introduction and not chosen:
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no introduction {introduction!r}.", introduction=introduction),
            say("`amity introductions --all`."),
        )
    if not introduction and not every:
        chosen = [one for one in chosen if _is_under_way(one[0], desk.today)]
    lines = _lines(desk, chosen)
    return tuple(sorted(lines, key=lambda line: (not line.due, not line.open, -line.since.toordinal(), line.id)))


@operation(Effect.WRITE)
def propose(
    desk: Desk,
    one: str,
    other: str,
    why: str,
    *,
    for_one: str = "",
    for_other: str = "",
    parent: str = "",
    again: bool = False,
    key: str = "",
) -> IntroductionLine:
    """Begin an introduction of two people: nobody is asked yet. `why` is said to both, `for_one` to the one alone.

    `parent` is the entry of the ledger that led to it. Raises AmityError USAGE where they are one person, or the
    owner, or no why is said; REFUSED where they were introduced before, unless it is meant `again`.
    """
    refresh(desk)
    both = [party(desk, one), party(desk, other)]
    if both[0].id == both[1].id:
        raise AmityError(
            Code.USAGE, say("{name} cannot be introduced to themselves.", name=both[0].name), say("Name two people.")
        )
    reasons = [plain(words) for words in (why, for_one, for_other)]
    if not reasons[0]:
        raise AmityError(
            Code.USAGE, say("An introduction has a reason."), say("Say what might be in it for them: --why.")
        )
    if parent and parent not in {entry.id for entry in entries_of(desk)}:
        raise AmityError(
            Code.NOT_FOUND, say("There is no entry {number!r}.", number=parent), say("`amity ledger` shows their ids.")
        )
    body = {
        "kind": "introduction",
        "by": ME,
        "sort": "",
        "sides": [handles_of(desk, who) for who in both],
        "names": [who.name for who in both],
        "on": desk.today.isoformat(),
        "text": reasons[0],
        "status": "proposed",
        "parent": parent,
        "for": reasons[1:],
    }
    summary = say("Proposed: {one} and {other}, {reason}", one=both[0].name, other=both[1].name, reason=reasons[0])
    with desk.database.transaction():
        said = {"names": body["names"], "text": body["text"]}
        earlier = decisions.repeated(desk.database, key, "entry", said)
        if earlier is None:
            before = ledger.of_pair(processes_of(desk), both[0].id, both[1].id)
            if before and not again:
                raise AmityError(
                    Code.REFUSED, ledger.duplicate(before[0]), say("If you mean it all the same, say so: --again.")
                )
        number = earlier.id if earlier else desk.record(key or decisions.new_key(), "entry", summary, body)
    (line,) = list_(desk, f"e{number}")
    return replace(line, notes=tuple(_notes(desk, both, line.id)))


@operation(Effect.WRITE, words={"what": STEPS}, rules={"on": DAY_OR_NONE})
def step(
    desk: Desk, introduction: str, what: str, person: str = "", words: str = "", on: str = "", key: str = ""
) -> IntroductionLine:
    """Say what was done about an introduction: asked, yes, no or thanked of one of the two; introduced, met, nothing,
    outcome or dropped of both.

    `words` are what came of it, or what they said; `on` is the day. Raises AmityError REFUSED for a step that does not
    follow: nobody is introduced who has not said yes.
    """
    refresh(desk)
    process = next((one for one in processes_of(desk) if one.entry.id == introduction), None)
    if process is None:
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no introduction {introduction!r}.", introduction=introduction),
            say("`amity introductions`."),
        )
    side = _side(desk, process, what, person)
    day = _day(desk, on, process)
    told = plain(words)
    said: dict[str, Any] = {"status": STATUS_AFTER[what]} if what in STATUS_AFTER else {}
    if what == "outcome":
        if not told:
            raise AmityError(
                Code.USAGE, say("Nothing was said of what came of it."), say("For example: outcome 'a choir'.")
            )
        said["outcome"] = told
    who = process.entry.names[side] if side in (0, 1) else " and ".join(process.entry.names)
    body = {
        "entry": introduction,
        "on": day.isoformat(),
        "said": said,
        "step": {"what": what, "side": side, "words": told},
    }
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, "entry_said", {"entry": introduction, "step": body["step"]}):
            ledger.check(process, what, side)
            summary = say("Introduction, {past}: {who}", past=say(_PAST[what]), who=who) + (
                f" ({told})" if told else ""
            )
            desk.record(key or decisions.new_key(), "entry_said", summary, body)
    return list_(desk, introduction)[0]


_PAST = {
    "asked": mark("asked"),
    "yes": mark("willing"),
    "no": mark("declined with grace"),
    "introduced": mark("made"),
    "met": mark("they met"),
    "nothing": mark("came to nothing"),
    "outcome": mark("what came of it"),
    "thanked": mark("thanked"),
    "dropped": mark("let go"),
}


def processes_of(desk: Desk) -> list[Process]:
    """Return the owner's introductions of two people as of the desk's day. The derived tables must be fresh."""
    return [process for process, _ in _known(desk)]


def waiting(desk: Desk) -> Iterator[tuple[str, Waiting]]:
    """Yield what is due of introductions, with the person whom the owner would turn to. Tables must be fresh."""
    for process in processes_of(desk):
        move = next_move(process, desk.today)
        person = process.entry.people[max(move.side, 0)]
        if move.due and person:
            yield person, Waiting(INTRODUCE, move.since, _words(process, move), _opening(process, move))


def _is_under_way(process: Process, today: date) -> bool:
    """Tell whether an introduction is shown unasked: it is open and not forgotten, or thanks are due."""
    move = next_move(process, today)
    return move.due or (process.open and today - process.last <= ledger.FORGOTTEN)


def _known(desk: Desk) -> list[tuple[Process, tuple[str, str]]]:
    """Return every introduction of two people, with what the owner says there is in it for each."""
    standing = decisions.standing(desk.database, ("entry", "entry_said"))
    taken: dict[str, list[Step]] = {}
    fors: dict[str, tuple[str, str]] = {}
    for one in standing:
        if one.kind == "entry" and "for" in one.body:
            first, second = one.body["for"]
            fors[f"e{one.id}"] = (first, second)
        elif "step" in one.body and one.body["on"] <= desk.today.isoformat():
            step_ = one.body["step"]
            made = Step(step_["what"], step_["side"], date.fromisoformat(one.body["on"]), step_["words"])
            taken.setdefault(one.body["entry"], []).append(made)
    return [
        (follow(entry, taken.get(entry.id, ())), fors.get(entry.id, ("", "")))
        for entry in entries_of(desk)
        if ledger.is_one(entry)
    ]


def _lines(desk: Desk, known: list[tuple[Process, tuple[str, str]]]) -> list[IntroductionLine]:
    people = {int(person[1:]) for process, _ in known for person in process.entry.people if person}
    does = {
        one.person: ", ".join(filter(None, (one.title, one.organisation))) or ", ".join(one.about[:2])
        for one in store.described(desk.database, people)
    }
    lines = []
    for process, fors in known:
        entry = process.entry
        move = next_move(process, desk.today)
        both = [
            Side(name, does.get(int(person[1:]), "") if person else "", why)
            for person, name, why in zip(entry.people, entry.names, fors, strict=True)
        ]
        steps = tuple(
            StepLine(one.what, entry.names[one.side] if one.side in (0, 1) else "", one.on, one.words)
            for one in process.steps
        )
        first, second = (Named(person, name) for person, name in zip(entry.people, entry.names, strict=True))
        lines.append(
            IntroductionLine(
                entry.id,
                first,
                second,
                entry.text,
                process.stage,
                process.last,
                process.open,
                move.due,
                move.kind,
                entry.names[move.side] if move.side in (0, 1) else "",
                _words(process, move),
                steps,
                tuple(_texts(process, move, both, desk.today)),
                entry.outcome,
            )
        )
    return lines


def _words(process: Process, move: Move) -> str:
    """Say what the owner would do next."""
    one, other = process.entry.names
    name, second = (one, other) if move.side != 1 else (other, one)
    match move.kind:
        case "ask":
            return say("Ask {name} whether they would like to meet {second}", name=name, second=second)
        case "wait":
            asked = process.asked[move.side]
            return say(
                "{name} was asked on {day}: let them take their time", name=name, day=plain_day(asked) if asked else ""
            )
        case "rest":
            return say("{name} has not answered: let it rest, or ask by voice if you meet", name=name)
        case "introduce":
            return say("Introduce {one} and {other} to each other: both have said yes", one=one, other=other)
        case "hear":
            return say("Ask {one} whether they met {other}", one=one, other=other)
        case "learn":
            return say("Ask {one} what came of meeting {other}", one=one, other=other)
        case "thank":
            return say("Thank {name} for being open to meeting {second}", name=name, second=second)
        case _:
            return ""


def _opening(process: Process, move: Move) -> str:
    """Return a first sentence for the next step."""
    one, other = process.entry.names
    second = one if move.side == 1 else other
    return {
        "ask": say("would you like me to introduce you to {second}? A no is quite all right.", second=second),
        "introduce": say("you both said that you would like to meet, so here is {other}.", other=other),
        "hear": say(
            "did you and {other} find an hour for each other? If it came to nothing, that is quite all right.",
            other=other,
        ),
        "learn": say("did something come of meeting {other}? I ask out of interest alone.", other=other),
        "thank": say("thank you for being open to meeting {second}.", second=second),
    }[move.kind]


def _texts(process: Process, move: Move, both: list[Side], today: date) -> Iterator[Draft]:
    """Yield the texts for what comes next."""
    one, other = both
    reason = process.entry.text
    if any(process.declined) and today - process.last <= ledger.SILENCE:
        no = 0 if process.declined[0] else 1
        yield introducing.withdraw(both[no], both[1 - no])
    match move.kind:
        case "ask":
            side, second = both[move.side], both[1 - move.side]
            willing = process.willing[1 - move.side] is not None
            yield introducing.ask(side, second, reason, other_willing=willing)
            yield introducing.blurb(second, side, reason)
        case "introduce":
            yield introducing.double_mail(one, other, reason)
        case "hear":
            yield introducing.hear(one, other)
        case "learn":
            yield introducing.learn(one, other)
        case "thank":
            side, second = both[move.side], both[1 - move.side]
            yield introducing.thank(side, second, process.entry.outcome, introduced=process.introduced is not None)


def _notes(desk: Desk, both: list[Named], own: str) -> Iterator[str]:
    """Yield what the owner may want to know before anybody is asked."""
    from amity.app.acquaintances import pull  # it needs numpy, which the day's advice does without

    people, known = pull(desk)
    places = [int(people.searchsorted(int(who.id[1:]))) for who in both]
    if all(place < len(people) for place in places):
        row = known.row(*places)
        if row is not None:
            days = int(known.days[row])
            yield (
                say_many(
                    "They may know each other: seen together on {n} day, last {day}.",
                    "They may know each other: seen together on {n} days, last {day}.",
                    days,
                    day=plain_day(desk.day(int(known.last[row]))),
                )
            )
    every = [process for process in processes_of(desk) if process.entry.id != own]
    for who in both:
        for process in ledger.bothered(every, who.id, desk.today, REST)[:1]:
            names = " and ".join(name for name in process.entry.names if name != who.name)
            yield say(
                "{name} was asked or introduced lately ({names}, {day}): perhaps spare them for now.",
                name=who.name,
                names=names,
                day=plain_day(process.last),
            )
    living = store.described(desk.database, [int(who.id[1:]) for who in both])
    yield from (say("{name} died in {year}.", name=one.name, year=one.died[:4]) for one in living if one.died)


def plain(words: str) -> str:
    """Return what the owner says in one line. Raises AmityError USAGE where it is too long."""
    one_line = " ".join(words.split())
    if len(one_line) > MOST:
        raise AmityError(Code.USAGE, say("That is too long: at most {most:,} characters.", most=MOST))
    return one_line


def party(desk: Desk, text: str) -> Named:
    """Return one of two people who are named to each other. Raises AmityError USAGE for the owner and for machines."""
    who = identify(desk, text)
    listed = search.person(desk.database, who)
    if listed is None or listed.person.kind != "person":
        you = listed is not None and listed.person.kind == "me"
        what = say("{text!r} is you.", text=text) if you else say("{text!r} is no person.", text=text)
        raise AmityError(Code.USAGE, what, say("Name two other people."))
    return named(desk, who)


def handles_of(desk: Desk, who: Named) -> list[list[str]]:
    """Return the handles by which a decision means somebody."""
    held = derived.handles(desk.database, derived.belongs_to(desk.database, [int(who.id[1:])]))
    return pairs(handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me"))


def _side(desk: Desk, process: Process, what: str, person: str) -> int:
    """Return which of the two is meant: the one whose turn it is where nobody is named."""
    if what not in ONE_SIDED:
        return BOTH
    entry = process.entry
    if not person:
        move = next_move(process, desk.today)
        if move.side in (0, 1) and (what == "thanked") == (move.kind == "thank"):
            return move.side
        raise AmityError(
            Code.USAGE,
            say("Of whom is {what!r} said?", what=what),
            say("Name {names}.", names=say(" or ").join(entry.names)),
        )
    folded = person.strip().casefold()
    fits = [side for side, name in enumerate(entry.names) if folded in (name.casefold(), name.casefold().split()[0])]
    if len(fits) == 1:
        return fits[0]
    who = f"p{identify(desk, person)}"
    if who not in entry.people:
        raise AmityError(
            Code.USAGE,
            say("{person} has no part in it.", person=person),
            say("Name {names}.", names=say(" or ").join(entry.names)),
        )
    return entry.people.index(who)


def _day(desk: Desk, on: str, process: Process) -> date:
    if not on:
        return desk.today
    day = named_day(on)
    if not process.last <= day <= desk.today:
        raise AmityError(
            Code.USAGE,
            say("{on} lies ahead, or before the step that came last.", on=on),
            say("Steps follow each other."),
        )
    return day
