"""Entries of the ledger: gifts, asks, introductions, recommendations, thanks and promises, and what came of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from amity.app.days import DAY_OR_NONE, past_day
from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.identity import numbers
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Named, Unknown, identify, named
from amity.errors import AmityError, Code
from amity.handles import handle as spell
from amity.language import say
from amity.ledger import entries as ledger
from amity.ledger.entries import KINDS, ME, SORTS, STATUS, THEM, Entry
from amity.ledger.timeline import beginnings
from amity.model import Handle
from amity.store import decisions, derived, evidence, search
from amity.store.db import Database

if TYPE_CHECKING:
    from amity.ledger.deeds import Deed

FOUND_KINDS = {"promise": "promise", "request": "ask", "thanks": "thanks", "introduction": "introduction"}


class EntryLine(Struct, frozen=True):
    """One entry, as it is shown."""

    id: str
    words: str  # the entry in a sentence
    kind: str
    by: str  # "me" or "them"
    sort: str  # of a gift: idea, introduction, help or fun
    people: tuple[Named, ...]
    on: date
    text: str
    size: str
    source: str
    status: str
    outcome: str
    told: bool
    parent: str


class Proposal(Struct, frozen=True):
    """What a sentence, or a body, seems to tell: noted only when the owner says so."""

    id: str  # of what was found in a body; empty for a sentence
    words: str  # what it would note, in a sentence
    kind: str
    by: str
    sort: str
    people: tuple[Named, ...]
    on: date
    text: str
    evidence: str


class LoopLine(Struct, frozen=True):
    """Something that waits for the owner's word."""

    kind: str  # promise, ask, thanks, outcome
    person: Named
    entry: str
    since: date
    words: str


class Balance(Struct, frozen=True):
    """What passed between the owner and one person, or all, as a story."""

    person: Named | None
    story: tuple[str, ...]
    loops: tuple[LoopLine, ...]
    entries: tuple[EntryLine, ...]
    total: int


class BranchLine(Struct, frozen=True):
    """One entry of a ripple, and how deep it stands below the first."""

    depth: int
    entry: EntryLine


class ConnectorLine(Struct, frozen=True):
    """Somebody who introduced the owner, and how they were treated."""

    person: Named
    introductions: int
    last: date
    thanked: int
    told: int
    rests_until: date


class Recommended(Struct, frozen=True):
    """What was recommended before, and who may know."""

    recommendations: tuple[EntryLine, ...]
    may_know: tuple[tuple[Named, str], ...]  # with what speaks for it


@operation(Effect.READ, takes_text=True, blank=("sentence",))
def understand(desk: Desk, sentence: str) -> tuple[Proposal, ...]:
    """Say what a sentence tells of what was given, asked, promised or recommended; nothing is kept."""
    refresh(desk)
    return tuple(_proposal(desk, deed) for deed in _read(desk, sentence))


@operation(Effect.WRITE)
def tell(desk: Desk, sentence: str, key: str = "") -> tuple[EntryLine, ...]:
    """Note all that a sentence tells of gifts, asks, introductions, recommendations, thanks and promises.

    Raises AmityError USAGE where it tells none, NOT_FOUND for a name that several people bear.
    """
    refresh(desk)
    deeds = _read(desk, sentence)
    if not deeds:
        raise AmityError(
            Code.USAGE,
            say("Nothing given, asked or promised was found in it."),
            say("Say it like: sent Ana the paper on tea."),
        )
    base = key or decisions.new_key()
    noted = []
    for place, deed in enumerate(deeds):
        body = _body(desk, deed.kind, deed.people, deed.text, deed.by, deed.sort, deed.on)
        noted.append(_note(desk, body, f"{base}:{place}"))
    return tuple(line_of(entry) for entry in noted)


@operation(Effect.WRITE, words={"kind": KINDS, "by": (ME, THEM), "sort": ("", *SORTS)}, rules={"on": DAY_OR_NONE})
def note(
    desk: Desk,
    kind: str,
    people: Sequence[str],
    text: str,
    *,
    by: str = ME,
    sort: str = "",
    on: str = "",
    size: str = "",
    parent: str = "",
    status: str = "",
    key: str = "",
) -> EntryLine:
    """Note one entry: `kind` gift, ask, introduction, recommendation, thanks or promise; `by` me or them.

    A gift is of a `sort`: idea, introduction, help or fun. `parent` is the entry that led to it. Raises AmityError
    USAGE for a kind, sort, day or status that there is not, NOT_FOUND for a parent that there is not.
    """
    refresh(desk)
    if kind not in KINDS or by not in (ME, THEM) or (sort and sort not in SORTS) or (sort and kind != "gift"):
        raise AmityError(
            Code.USAGE,
            say("There is no {sort} {kind} by {by}.", sort=sort, kind=kind, by=by),
            say("Kinds: {kinds}; by me or them.", kinds=", ".join(KINDS)),
        )
    if not people or not text.strip():
        raise AmityError(
            Code.USAGE, say("An entry says who and what."), say("For example `amity note gift Ana 'the book'`.")
        )
    day = past_day(on, desk.today)
    body = _body(desk, kind, people, text, by, sort or ("help" if kind == "gift" else ""), day)
    body["size"] = size
    if status:
        body["status"] = _status(kind, status)
    if parent:
        body["parent"] = _entry(desk, parent).id
    return line_of(_note(desk, body, key))


@operation(Effect.WRITE, words={"sort": ("", *SORTS)}, some=("status", "outcome", "told", "parent", "text", "sort"))
def amend(
    desk: Desk,
    entry: str,
    *,
    status: str = "",
    outcome: str = "",
    told: bool | None = None,
    parent: str = "",
    text: str = "",
    sort: str = "",
    key: str = "",
) -> EntryLine:
    """Say what became of an entry: its status, what came of it, and whether those who made it possible have heard.

    Raises AmityError NOT_FOUND for an entry that there is not, USAGE for a status that its kind does not have.
    """
    refresh(desk)
    kept = _entry(desk, entry)
    said: dict[str, Any] = {name: value for name, value in (("outcome", outcome), ("text", text)) if value}
    if status:
        said["status"] = _status(kept.kind, status)
    if told is not None:
        said["told"] = told
    if sort:
        if kept.kind != "gift" or sort not in SORTS:
            raise AmityError(
                Code.USAGE,
                say("There is no {sort} {kind}.", sort=sort, kind=kept.kind),
                say("Gifts are: {sorts}.", sorts=", ".join(SORTS)),
            )
        said["sort"] = sort
    if parent:
        said["parent"] = _parent(desk, kept, parent)
    if not said:
        raise AmityError(
            Code.USAGE, say("Nothing was said of it."), say("For example `amity outcome e3 'they met' --told`.")
        )
    words = ", ".join(f"{name} {value}" for name, value in said.items())
    body = {"entry": kept.id, "on": desk.today.isoformat(), "said": said}
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, "entry_said", body):
            desk.record(key or decisions.new_key(), "entry_said", f"{kept.text}: {words}", body)
    return line_of(_entry(desk, entry))


@operation(Effect.READ, words={"kind": ("", *KINDS)})
def balance(desk: Desk, person: str = "", kind: str = "", limit: int = 50, offset: int = 0) -> Balance:
    """Tell what passed between the owner and a person, or everybody, as a story, with what is open and all entries.

    The story is empty where the owner's settings hide it.
    """
    refresh(desk)
    every = entries_of(desk)
    if kind and kind not in KINDS:
        raise AmityError(
            Code.USAGE,
            say("There is no kind {kind!r}.", kind=kind),
            say("Say one of: {words}.", words=", ".join(KINDS)),
        )
    who = None
    chosen = sorted(every, key=lambda entry: entry.order, reverse=True)
    starts = None
    if person:
        who = named(desk, identify(desk, person))
        chosen = ledger.with_person(every, who.id)
        starts = _starts(desk, int(who.id[1:]))
    story: tuple[str, ...] = ()
    if desk.settings.balance:
        story = ledger.story(chosen, desk.today, starts=starts) if who else _overall(every)
    open_ones = [loop for loop in ledger.loops(every, desk.today) if who is None or loop.person == who.id]
    some = [entry for entry in chosen if not kind or entry.kind == kind]
    return Balance(
        who,
        story,
        tuple(_loop(loop, every) for loop in open_ones),
        tuple(line_of(entry) for entry in some[offset : offset + limit]),
        len(some),
    )


@operation(Effect.READ)
def ripple(desk: Desk, entry: str = "") -> tuple[BranchLine, ...]:
    """Show what came of an entry, and what came of that; without one, of all that something came of."""
    refresh(desk)
    every = entries_of(desk)
    first = [_entry(desk, entry)] if entry else ledger.roots(every)
    return tuple(
        BranchLine(branch.depth, line_of(branch.entry)) for root in first for branch in ledger.ripple(every, root.id)
    )


@operation(Effect.READ)
def connectors(desk: Desk) -> tuple[ConnectorLine, ...]:
    """List those who introduced the owner: how often, whether thanked and told, and until when they may rest."""
    refresh(desk)
    found = ledger.connectors(entries_of(desk), desk.today)
    return tuple(
        ConnectorLine(
            named(desk, int(one.person[1:])), one.introductions, one.last, one.thanked, one.told, one.rests_until
        )
        for one in found
        if one.person
    )


@operation(Effect.READ)
def recommend(desk: Desk, query: str, limit: int = 10) -> Recommended:
    """Answer "who knows a good tax adviser in Lyon?": what was recommended before, and people who may know."""
    refresh(desk)
    words = _words(query)
    if not words:
        raise AmityError(
            Code.USAGE, say("Say what is looked for."), say("For example `amity recommend tax adviser Lyon`.")
        )
    told = []
    for entry in entries_of(desk):
        hits = words & _words(f"{entry.text} {entry.outcome} {' '.join(entry.names)}")
        if entry.kind == "recommendation" and hits:
            told.append((-len(hits), -entry.on.toordinal(), entry.order, entry))
    told.sort(key=lambda row: row[:3])
    known: dict[int, tuple[int, float, Named, str]] = {}
    for word in sorted(words):
        for one in search.find(desk.database, word, 200):
            row = one.person
            about = [row.title, row.organisation, *row.body["about"]]
            fits = [text for text in about if word in _words(text)]
            if fits:
                before = known.get(row.id)
                strength = one.tie.strength if one.tie else 0.0
                why = fits[0] if before is None else f"{before[3]}; {fits[0]}"
                known[row.id] = ((before[0] if before else 0) - 1, -strength, Named(f"p{row.id}", row.name), why)
    best = sorted(known.items(), key=lambda item: (item[1][:2], item[0]))[:limit]
    return Recommended(
        tuple(line_of(row[3]) for row in told[:limit]), tuple((who, why) for _, (_, _, who, why) in best)
    )


@operation(Effect.READ)
def proposals(desk: Desk, limit: int = 50) -> tuple[Proposal, ...]:
    """List what bodies seem to tell and was neither noted nor refused yet, newest first, each with its sentence."""
    refresh(desk)
    database = desk.database
    answered = {str(one.body.get("found")) for one in decisions.standing(database, ("entry", "entry_refused"))}
    shown = []
    for one in evidence.findings(database, evidence.withdrawn(database), desk.end, limit=-1):
        number = f"found {one.id}"
        if one.kind in FOUND_KINDS and number not in answered:
            proposal = _found(desk, one, number)
            if proposal is not None:
                shown.append(proposal)
        if len(shown) == limit:
            break
    return tuple(shown)


@operation(Effect.WRITE)
def accept(desk: Desk, found: str, key: str = "") -> EntryLine:
    """Note what a body seems to tell. Raises AmityError NOT_FOUND where that is not waiting."""
    proposal = _waiting(desk, found)
    body = _body(
        desk,
        proposal.kind,
        [one.id or one.name for one in proposal.people],
        proposal.text,
        proposal.by,
        proposal.sort,
        proposal.on,
    )
    return line_of(_note(desk, body | {"found": found, "source": "mail"}, key))


@operation(Effect.WRITE)
def refuse(desk: Desk, found: str, key: str = "") -> Proposal:
    """Say that what a body seems to tell is nothing of the kind; it is not proposed again."""
    proposal = _waiting(desk, found)
    with desk.database.transaction():
        body = {"found": found}
        if not decisions.repeated(desk.database, key, "entry_refused", body):
            desk.record(
                key or decisions.new_key(), "entry_refused", say("Not so: {evidence}", evidence=proposal.evidence), body
            )
    return proposal


def entries_of(desk: Desk) -> list[Entry]:
    """Return all entries as of the desk's day, oldest first. The derived tables must be fresh."""
    day = desk.today.isoformat()
    return list(desk.database.once(("entries", day), lambda: _entries_by(desk.database, day)))


def _entries_by(database: Database, day: str) -> list[Entry]:
    standing = decisions.standing(database, ("entry", "entry_said"))
    handles = {Handle(*pair) for one in standing if one.kind == "entry" for side in one.body["sides"] for pair in side}
    number = numbers(database, handles)
    belongs = derived.belongs(database, number.values()) if number else {}
    found: dict[str, Entry] = {}
    for one in standing:
        body = one.body
        if str(body["on"]) > day:
            continue
        if one.kind == "entry":
            found[f"e{one.id}"] = _made(f"e{one.id}", body, [_behind(side, number, belongs) for side in body["sides"]])
        elif body["entry"] in found:
            found[body["entry"]] = replace(found[body["entry"]], **body["said"])
    return sorted(found.values(), key=lambda entry: entry.order)


def _made(number: str, body: Any, people: Sequence[str]) -> Entry:
    return Entry(
        id=number,
        kind=body["kind"],
        by=body["by"],
        sort=body["sort"],
        people=tuple(people),
        names=tuple(body["names"]),
        on=date.fromisoformat(body["on"]),
        text=body["text"],
        size=body.get("size", ""),
        source=body.get("source", "you"),
        status=body.get("status", STATUS[body["kind"]][0]),
        outcome="",
        told=False,
        parent=body.get("parent", ""),
    )


def _behind(side: Iterable[list[str]], number: dict[Handle, int], belongs: dict[int, int]) -> str:
    """Return the id of whoever has one of some handles now, "" where nobody has."""
    persons = (belongs.get(number.get(Handle(*pair), 0)) for pair in side)
    return next((f"p{person}" for person in persons if person is not None), "")


def _body(desk: Desk, kind: str, people: Sequence[str], text: str, by: str, sort: str, on: date) -> dict[str, Any]:
    sides, names = [], []
    for text_of_person in people:
        handles, name = _who(desk, text_of_person)
        sides.append(pairs(handles))
        names.append(name)
    return {
        "kind": kind,
        "by": by,
        "sort": sort,
        "sides": sides,
        "names": names,
        "on": on.isoformat(),
        "text": " ".join(text.split()),
    }


def _who(desk: Desk, text: str) -> tuple[list[Handle], str]:
    """Return the handles and the name of a person who is named; somebody new goes by the name given."""
    try:
        person = identify(desk, text)
    except Unknown:
        return [spell(text)], text
    held = derived.handles(desk.database, derived.belongs_to(desk.database, [person]))
    own = [handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me")]
    return own, named(desk, person).name


def _note(desk: Desk, body: dict[str, Any], key: str) -> Entry:
    summary = ledger.sentence(body["kind"], body["by"], body["names"], body["text"])
    with desk.database.transaction():
        earlier = decisions.repeated(desk.database, key, "entry")
        number = earlier.id if earlier else desk.record(key or decisions.new_key(), "entry", summary, body)
    return _entry(desk, f"e{number}")


def _entry(desk: Desk, number: str) -> Entry:
    for entry in entries_of(desk):
        if entry.id == number:
            return entry
    raise AmityError(
        Code.NOT_FOUND, say("There is no entry {number!r}.", number=number), say("`amity ledger` shows their ids.")
    )


def _parent(desk: Desk, entry: Entry, parent: str) -> str:
    above = _entry(desk, parent)
    below = {branch.entry.id for branch in ledger.ripple(entries_of(desk), entry.id)}
    if above.id in below:
        raise AmityError(
            Code.REFUSED,
            say("{later} came of {earlier}, so it cannot have led to it.", later=above.id, earlier=entry.id),
        )
    return above.id


def _status(kind: str, status: str) -> str:
    if status not in STATUS[kind]:
        raise AmityError(
            Code.USAGE,
            say("No {kind} is {status!r}.", kind=kind, status=status),
            say("Say one of: {words}.", words=", ".join(STATUS[kind])),
        )
    return status


def _words(text: str) -> frozenset[str]:
    """Return the words that say something, in their simplest form: a plural is its singular."""
    found = re.findall(r"\w{3,}", text.casefold())
    return frozenset(word.removesuffix("s") if len(word) > 4 else word for word in found) - _EMPTY


_EMPTY = frozenset(
    re.findall(r"\w+", "who knows know good best the and for any someone somebody can you recommend with")
)


def _starts(desk: Desk, person: int) -> tuple[str, int] | None:
    own = derived.belongs_to(desk.database, [person])
    began = beginnings([body for _, body in derived.strands(desk.database, own)], desk.end)
    if not began:
        return None
    last = began[-1]
    count = next((place for place, mine in enumerate(reversed(began)) if mine != last), len(began))
    return (ME if last else THEM), count


def _overall(entries: Sequence[Entry]) -> tuple[str, ...]:
    if not entries:
        return (say("nothing is noted yet: `amity log` takes a sentence"),)
    gave = sum(map(ledger.is_given, entries))
    got = sum(entry.by == THEM and entry.kind in ("gift", "introduction", "recommendation") for entry in entries)
    asked = sum(entry.by == ME and entry.kind == "ask" for entry in entries)
    return (
        say(
            "you gave {gave}, you were given {got}, and you asked {asked}",
            gave=_count(gave),
            got=_count(got),
            asked=_count(asked),
        ),
    )


def _count(number: int) -> str:
    return {0: say("nothing yet"), 1: say("once"), 2: say("twice")}.get(number) or say("{n} times", n=number)


def line_of(entry: Entry) -> EntryLine:
    """Return an entry as it is shown."""
    return EntryLine(
        entry.id,
        ledger.sentence(entry.kind, entry.by, entry.names, entry.text),
        entry.kind,
        entry.by,
        entry.sort,
        tuple(Named(number, name) for number, name in zip(entry.people, entry.names, strict=True)),
        entry.on,
        entry.text,
        entry.size,
        entry.source,
        entry.status,
        entry.outcome,
        entry.told,
        entry.parent,
    )


def _loop(loop: ledger.Loop, entries: Sequence[Entry]) -> LoopLine:
    entry = next(entry for entry in entries if entry.id == loop.entry)
    return LoopLine(loop.kind, Named(loop.person, entry.names[0]), loop.entry, loop.since, loop.words)


def _read(desk: Desk, sentence: str) -> tuple[Deed, ...]:
    from amity.ledger.deeds import read_deeds  # its many expressions are for those who tell, not for those who look

    return read_deeds(sentence, desk.today)


def _proposal(desk: Desk, deed: Deed) -> Proposal:
    people = []
    for text in deed.people:
        try:
            people.append(named(desk, identify(desk, text)))
        except Unknown:
            people.append(Named("", text))
    words = ledger.sentence(deed.kind, deed.by, [one.name for one in people], deed.text)
    return Proposal("", words, deed.kind, deed.by, deed.sort, tuple(people), deed.on, deed.text, deed.text)


def _found(desk: Desk, one: evidence.Finding, number: str) -> Proposal | None:
    """Make a proposal of what a body shows: what the owner wrote is the owner's, what others wrote is theirs."""
    database = desk.database
    writer = search.person_of(database, one.by)
    mine = writer is not None and (row := search.person(database, writer)) is not None and row.person.kind == "me"
    others = [search.person_of(database, handle) for handle in one.people]
    people = [named(desk, person) for person in dict.fromkeys(others) if person is not None and person != writer]
    if not mine and writer is not None:
        people = [named(desk, writer), *people]
    people = [who for who in people if not _is_owner(desk, who)]
    if not people:
        return None
    kind = FOUND_KINDS[one.kind]
    by = ME if mine else THEM
    words = ledger.sentence(kind, by, [who.name for who in people], "")
    return Proposal(number, words, kind, by, "", tuple(people), desk.day(one.at), one.sentence, one.sentence)


def _is_owner(desk: Desk, who: Named) -> bool:
    listed = search.person(desk.database, int(who.id[1:]))
    return listed is not None and listed.person.kind == "me"


def _waiting(desk: Desk, found: str) -> Proposal:
    refresh(desk)
    for proposal in proposals(desk, limit=1_000_000):
        if proposal.id == found:
            return proposal
    raise AmityError(Code.NOT_FOUND, say("{found!r} is not waiting.", found=found), say("`amity found` shows what is."))
