"""The river: work out the derived tables from evidence and decisions.

Facts flow one way: moments are spun into strands, handles are grouped into people, contacts are counted and judged
as ties, and ties become the day's suggestions. Each stage is done again only where what it stands on has changed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from msgspec import Struct, field

from amity.app.desk import Desk
from amity.app.fields import Heard, Told, heard, listed
from amity.app.identity import Said, handles_named, numbers, said
from amity.app.owner import Owner, owner_of, verdicts_on_machines
from amity.app.tiebook import count, open_book, segments_of
from amity.app.words import words_on_ties
from amity.handles import phone
from amity.language import mark
from amity.ledger.strands import ENTRY, Entries, Handles, cut, order, spin, traffic
from amity.model import Handle, Reason, Traffic
from amity.people import machines, mailboxes, names
from amity.people.resolve import CardLinks, Group, resolve
from amity.store import decisions, derived, evidence
from amity.store.db import derived_schema, digest
from amity.store.derived import CardRow, PersonRow

CHUNK = 250_000
# Where an import touches more handles than this, grouping everybody anew is the quicker way.
FEW = 2_000
PIECE = 5_000  # people that are written at once
# Handles that stand for a card, a person or the owner, and are no address.
STAND_INS = frozenset(("card", "person", "me"))
SILENT = Traffic()


class _Course(Struct):
    """What one run of the river knows and has changed."""

    desk: Desk
    marks: dict[str, Any]
    moment: int
    card: int
    decision: int
    owner: Owner
    said: Said
    heard: Heard
    hidden: frozenset[int]
    superseded: frozenset[int]
    returned: int
    touched: set[int] = field(default_factory=set)
    respun: bool = False
    everybody: bool = False
    people: set[int] = field(default_factory=set)


def run(desk: Desk, marks: dict[str, Any]) -> None:
    """Run every stage whose ground has changed. Runs in the caller's transaction."""
    database = desk.database
    if marks.get("schema") != derived_schema()[1]:
        derived.create(database)
        marks = derived.marks(database)
    newest = derived.newest(database)
    moment, card, decision, *_ = newest
    hidden, returned = evidence.withdrawn(database), evidence.returned(database)
    superseded = evidence.superseded(database, hidden)
    owner, words, told = owner_of(database), said(database), heard(database, desk.today.isoformat())
    course = _Course(desk, marks, moment, card, decision, owner, words, told, hidden, superseded, returned)
    _spin(course)
    _settle(course)
    _judge(course)
    done = {"moment": moment, "card": card, "reading": derived.last_reading(database), "newest": newest}
    derived.put_marks(database, done | {"end": desk.end, "settings": desk.judged_by})


def _spin(course: _Course) -> None:
    """Advance the strands by the moments that came since.

    All of them anew when the owner's own handles changed, or another version stands of what was spun.
    """
    database = course.desk.database
    basis = [sorted(course.owner.numbers), sorted(course.hidden), course.returned]
    after = int(course.marks.get("moment", 0))
    # What is superseded before it was ever spun is passed over, and needs nothing anew.
    without = _fingerprint(number for number in course.superseded if number <= after)
    if course.marks.get("spun_for") != basis or course.marks.get("spun_without") != without:
        derived.clear_strands(database)
        after, course.respun = 0, True
    derived.put_marks(database, {"spun_for": basis, "spun_without": _fingerprint(course.superseded)})
    if after == course.moment:
        return
    spun = [spin(rows, course.owner.numbers) for rows in derived.moments_after(database, after, course.hidden, CHUNK)]
    handles, entries = _merge(spun, {} if after == 0 else None, course)
    course.touched.update(handles.tolist())
    # What the owner writes to themself is no contact, but may tell a name of theirs.
    course.touched.update(course.owner.numbers)
    body = entries.tobytes()
    at = entries["at"]
    size = entries.dtype.itemsize
    derived.put_strands(
        database,
        (
            (handle, int(at[start]), int(at[stop - 1]), body[start * size : stop * size])
            for handle, start, stop in cut(handles)
        ),
    )


def _fingerprint(numbers: Iterable[int]) -> str:
    return digest(sorted(numbers)).hex()


def _merge(
    spun: Sequence[tuple[Handles, Entries]], kept: dict[int, bytes] | None, course: _Course
) -> tuple[Handles, Entries]:
    """Put what was spun in chunks together, with what the touched strands held before."""
    if not spun:
        return np.empty(0, np.uint32), np.empty(0, ENTRY)
    handles = np.concatenate([part[0] for part in spun])
    entries = np.concatenate([part[1] for part in spun])
    if kept is None:
        old_handles, old_entries = _join(derived.strands(course.desk.database, handles.tolist()))
        handles, entries = np.concatenate([old_handles, handles]), np.concatenate([old_entries, entries])
    elif len(spun) == 1:
        return handles, entries
    return order(handles, entries)


def _join(rows: Sequence[tuple[int, bytes]]) -> tuple[Handles, Entries]:
    """Lay strands end to end as two columns."""
    entries = np.frombuffer(b"".join(body for _, body in rows), ENTRY)
    lengths = [len(body) // ENTRY.itemsize for _, body in rows]
    handles = np.repeat(np.fromiter((handle for handle, _ in rows), np.uint32, len(rows)), lengths)
    return handles, entries


def _settle(course: _Course) -> None:
    """Group handles into people, tell machines from them, and name them."""
    desk, marks = course.desk, course.marks
    in_view = derived.all_in_view(desk.database, desk.end)
    basis = _roster_basis(course)
    changed = basis != marks.get("roster_basis")
    course.touched.update(_said_anew(course))
    course.touched.update(derived.named_by_retellers(desk.database, int(marks.get("reading", 0))))
    same_view = marks.get("end") == desk.end or (in_view and marks.get("in_view", False))
    if course.respun or changed or not same_view or course.card != marks.get("card") or len(course.touched) > FEW:
        course.everybody = True
        _settle_people(course, None)
    elif course.touched:
        _settle_people(course, course.touched)
    marks_now = {"in_view": in_view, "roster_basis": basis, "said": course.said.decisions}
    marks_now |= {"told": course.heard.decisions}
    derived.put_marks(desk.database, marks_now)


def _said_anew(course: _Course) -> set[int]:
    """Return the handles of which something was said, or taken back, since people were worked out."""
    changed = set(course.said.decisions).symmetric_difference(course.marks.get("said", ()))
    database = course.desk.database
    handles = {handle for decision in decisions.some(database, changed) for handle in handles_named(decision)}
    told = set(course.heard.decisions).symmetric_difference(course.marks.get("told", ()))
    sides = [side for decision in decisions.some(database, told) for side in decision.body["sides"]]
    handles.update(Handle(*pair) for side in sides for pair in side)
    return set(numbers(database, handles).values())


def _roster_basis(course: _Course) -> list[Any]:
    verdicts = verdicts_on_machines(course.desk.database)
    return [
        sorted([handle.kind, handle.value, verdict] for handle, verdict in verdicts.items()),
        sorted(course.owner.numbers),
        sorted(course.hidden),
        course.returned,
        evidence.newest_version(course.desk.database, "card"),
        course.desk.settings.region,
    ]


def _settle_people(course: _Course, touched: set[int] | None) -> None:
    """Work out people anew: all of them, or those of a few handles that were touched."""
    desk, database = course.desk, course.desk.database
    wanted: set[int] | None = None
    if touched is not None:
        wanted = _all_beside(course, touched)
        course.people = set(derived.belongs(database, wanted).values())
    counts = traffic(*_join(derived.strands(database, wanted)), desk.end)
    by_id = _persons_by_id(derived.handles(database, wanted, "person"))
    # Whoever is named by id is that person, even where nothing else of them is in view.
    anchors = by_id | decisions.anchors(database, wanted) | course.said.anchors
    first = decisions.first_handles(database, by_id.values())
    same = [(number, first[person]) for number, person in by_id.items() if number in counts and person in first]
    full = _in_full(course)
    groups = resolve(
        # A family shares a number however its cards write it: it joins nobody whose names contradict.
        (
            CardLinks(own, tuple(full.get(handle, handle) for handle in named), name, born)
            for own, named, name, born in derived.card_links(database, desk.end, course.hidden, wanted)
        ),
        counts,
        anchors,
        owner=course.owner.numbers if wanted is None or wanted & course.owner.numbers else (),
        same=[*same, *_one_mailbox(course), *full.items()],
        verdicts=course.said.verdicts,
    )
    present = _write_people(course, groups, anchors, counts, whole=touched is None)
    if touched is not None:
        derived.drop_people(database, course.people - present)
        course.people |= present


def _one_mailbox(course: _Course) -> list[tuple[int, int]]:
    """Pair the spellings of addresses that reach one mailbox, each with the first of them."""
    spelled = derived.spelled_freely(course.desk.database, mailboxes.FREE)
    reached: dict[str, set[int]] = {}
    for number, address in spelled:
        reached.setdefault(mailboxes.mailbox(address), set()).add(number)
    for handle, number in numbers(course.desk.database, (Handle("email", address) for address in reached)).items():
        reached[handle.value].add(number)
    return [(min(found), number) for found in reached.values() for number in sorted(found)[1:]]


def _in_full(course: _Course) -> dict[int, int]:
    """Return, of each telephone number without country, the same one in the owner's region, if that is kept too."""
    region = course.desk.settings.region
    short = derived.phones_without_country(course.desk.database) if region else []
    full = {number: phone(value, region) for number, value in short}
    known = numbers(course.desk.database, full.values())
    return {number: known[handle] for number, handle in full.items() if known.get(handle, number) != number}


def _persons_by_id(handles: Mapping[int, Handle]) -> dict[int, int]:
    """Return the person that each handle names which names one by id: the owner's log says "p12"."""
    return {number: int(handle.value[1:]) for number, handle in handles.items() if handle.kind == "person"}


def _all_beside(course: _Course, touched: set[int]) -> set[int]:
    """Return some handles and all that may be one person with them: as it was worked out, by cards, or by id."""
    database = course.desk.database
    wanted: set[int] = set()
    found = set(touched)
    alike: list[tuple[int, ...]] = [*_one_mailbox(course), *_in_full(course).items()]
    alike += [(*one.one, *one.other) for one in course.said.verdicts if one.same]
    while found != wanted:
        wanted = set(found)
        by_id = _persons_by_id(derived.handles(database, wanted, "person")).values()
        found.update(decisions.first_handles(database, by_id).values())
        found.update(handle for pair in alike if not found.isdisjoint(pair) for handle in pair)
        found.update(derived.belongs(database, found))
        for own, named, *_ in derived.card_links(database, course.desk.end, course.hidden, found):
            found.update((own, *named))
    return wanted


def _mint(course: _Course, groups: Sequence[Group], anchors: Mapping[int, int]) -> list[Group]:
    """Give every group a person, minting those that are new, and anchor handles seen for the first time."""
    database = course.desk.database
    unnamed = [group.handles for group in groups if group.person is None]
    minted = iter(decisions.mint(database, unnamed, course.desk.now))
    named = [group if group.person is not None else Group(group.handles, next(minted)) for group in groups]
    anchored = {handle for handles in unnamed for handle in handles}
    decisions.anchor(
        database,
        (
            (handle, group.person)
            for group in named
            if group.person is not None
            for handle in group.handles
            if handle not in anchored and handle not in anchors
        ),
    )
    return named


def _write_people(
    course: _Course, groups: Iterator[Group], anchors: Mapping[int, int], counts: Mapping[int, Traffic], *, whole: bool
) -> set[int]:
    """Write who everybody is, or some people, minting those who are new, and return the ids of those some."""
    desk, database = course.desk, course.desk.database
    verdicts = verdicts_on_machines(database)
    if whole:
        derived.clear_roster(database)
    of_handle: dict[int, int] = {}
    # In pieces, so that the cards and rows of a hundred thousand people never stand in memory together.
    while found := list(itertools.islice(groups, PIECE)):
        piece = _mint(course, found, anchors)
        held = [handle for group in piece for handle in group.handles]
        handles = derived.handles(database, held)
        spellings = derived.names_seen(database, desk.end, course.hidden, held)
        by_own: dict[int, list[CardRow]] = {}
        for card in derived.cards(database, desk.end, course.hidden, held, brief=True):
            by_own.setdefault(card.own, []).append(card)
        people: list[PersonRow] = []
        belongs: list[tuple[int, int]] = []
        search: list[tuple[int, str, str, str]] = []
        for group in piece:
            if group.person is None:
                continue
            own = {card.id: card for handle in group.handles for card in by_own.get(handle, ())} if by_own else {}
            cards = [own[number] for number in sorted(own, reverse=True)]
            row = _person(group, cards, counts, handles, spellings, verdicts, course.owner)
            if course.heard.by_handle and (told := course.heard.of(group.handles)):
                row = _as_told(row, told)
            people.append(row)
            belongs.extend((handle, group.person) for handle in group.handles)
            if not whole:
                of_handle.update((handle, group.person) for handle in group.handles)
            named = [handles[handle] for handle in group.handles]
            shown = " ".join([handle.value for handle in named if handle.kind not in STAND_INS])
            aliases = " ".join((row.name, *row.body["aliases"]))
            search.append((group.person, aliases, shown, f"{row.organisation} {row.title}".strip()))
        derived.put_roster(database, people, belongs, search)
    if whole:
        derived.put_redirects(database, (), derived.led_on(database))
        return set()
    present = set(of_handle.values())
    anchored = sorted(decisions.anchors(database, of_handle).items(), reverse=True)
    derived.put_redirects(
        database,
        present,
        ((person, of_handle[handle]) for handle, person in anchored if person not in present),
    )
    return present


def _person(
    group: Group,
    cards: Sequence[CardRow],
    counts: Mapping[int, Traffic],
    handles: Mapping[int, Handle],
    spellings: Mapping[int, list[tuple[str, int]]],
    verdicts: Mapping[Handle, str],
    owner: Owner,
) -> PersonRow:
    """Say who one group of handles is; `cards` are newest first."""
    own = [(handle, handles[handle]) for handle in group.handles]
    shown = [handle for _, handle in own if handle.kind not in STAND_INS]
    seen = [pair for number in group.handles for pair in spellings.get(number, ())]
    if len(seen) > 1:
        seen = sorted(set(seen), key=lambda pair: (pair[1], pair[0]))
    tidied = dict.fromkeys([names.tidy(spelling) for spelling, _ in seen])
    name = names.choose([card.card.name for card in cards], seen, shown)
    kind, because = _kind(own, counts, spellings, verdicts, in_address_book=bool(cards))
    if not owner.numbers.isdisjoint(group.handles):
        kind, because = "me", ()
    traffics = [counts[number] for number in group.handles if number in counts]
    first = min([t.first_direct for t in traffics if t.first_direct is not None], default=None)
    last = max([t.last_direct for t in traffics if t.last_direct is not None], default=None)
    told = _told_by_cards(cards) if cards else _UNTOLD  # most people of an archive stand on no card
    body = {
        "aliases": [alias for alias in tidied if alias != name][:8],
        "because": [{"reason": r.reason, "figure": r.figure, "weight": r.weight} for r in because],
        "cards": [card.id for card in cards],
        "died": told.died,
        "about": list(told.about),
    }
    return PersonRow(group.person or 0, kind, name, *told[:3], first, last, body)


class _ToldByCards(NamedTuple):
    """What the newest cards say of a person beside their name."""

    organisation: str
    title: str
    birthday: str
    died: str
    about: tuple[str, ...]


_UNTOLD = _ToldByCards("", "", "", "", ())


def _told_by_cards(cards: Sequence[CardRow]) -> _ToldByCards:
    position = next((card.card.position for card in cards if card.card.position), None)
    return _ToldByCards(
        position.organisation if position else "",
        position.title if position else "",
        next((card.card.birthday for card in cards if card.card.birthday), ""),
        next((card.card.died for card in cards if card.card.died), ""),
        tuple(dict.fromkeys(word for card in cards for word in card.card.categories))[:8],
    )


def _as_told(row: PersonRow, told: Told) -> PersonRow:
    """Put the owner's word on a person in the place of what sources told."""
    body = dict(row.body)
    name, birthday, body["died"], body["about"] = listed(told, row.name, row.birthday, body["died"], body["about"])
    if name != row.name:
        body["aliases"] = [row.name, *(alias for alias in body["aliases"] if alias != name)][:8]
    called = [fact.value for fact in told.facts.values() if fact.field == "nickname" and not fact.private]
    body["aliases"] = list(dict.fromkeys([*called, *body["aliases"]]))[:8]
    return row._replace(name=name, birthday=birthday, body=body)


def _kind(
    own: Sequence[tuple[int, Handle]],
    counts: Mapping[int, Traffic],
    spellings: Mapping[int, list[tuple[str, int]]],
    verdicts: Mapping[Handle, str],
    *,
    in_address_book: bool,
) -> tuple[str, tuple[Reason, ...]]:
    """Say whether a person stands behind some handles: the owner's word first, then what every one of them shows."""
    said = {verdicts[handle] for _, handle in own if handle in verdicts} if verdicts else ()
    if said:
        return ("person" if "person" in said else "robot"), (Reason(mark("you said so"), "", 1.0),)
    first: machines.Finding | None = None
    for number, handle in own:
        if handle.kind in STAND_INS:
            continue
        seen = [name for name, _ in spellings.get(number, ())]
        finding = machines.judge(handle, counts.get(number, SILENT), in_address_book=in_address_book, names=seen)
        if finding is None:
            return "person", ()
        first = first or finding
    return (first.kind, first.because) if first else ("person", ())


def _judge(course: _Course) -> None:
    """Count and judge the ties: of everybody for a new day, else of the people that were touched."""
    desk, marks = course.desk, course.marks
    if marks.get("end") != desk.end or marks.get("settings") != desk.judged_by:
        course.everybody = True
    heeded = list(words_on_ties(desk.database).decisions)
    if course.everybody or course.people:
        book = count(desk, None if course.everybody else course.people)
        derived.put_tallies(desk.database, book.columns())
    elif heeded != marks.get("heeded", []):
        book = open_book(desk)
    else:
        return
    derived.put_ties(desk.database, book.rows(segments_of(desk, book)))
    derived.put_marks(desk.database, {"enough": book.judgement.enough, "heeded": heeded})
