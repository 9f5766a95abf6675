"""Leave with everything: people as vCard, meetings as iCalendar, contacts as a table, all of it as JSON."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import asdict

from amity.app.desk import Desk
from amity.app.entries import entries_of
from amity.app.exports import calendar, table, vcard
from amity.app.exports.everything import EVERYTHING, FORMAT
from amity.app.exports.vcard import Leaving
from amity.app.fields import ATTACHED, FIELDS, Fact, Told, told_of_all
from amity.app.freshness import refresh
from amity.app.known import FactLine, imported, lines
from amity.app.operation import Effect, operation
from amity.app.owner import owner_of, told
from amity.app.positions import told_earlier
from amity.errors import AmityError, Code
from amity.language import say
from amity.model import Channel, Handle, Party, Position, Role
from amity.people.positions import Held, Move, Sighting, follow
from amity.store import decisions, derived, evidence, outgoing, search
from amity.store.copies import FILES, kept_file
from amity.store.db import new_file, sync_folder
from amity.store.derived import CardRow
from amity.store.search import Listed

CARDS, CALENDAR, TABLE = "contacts.vcf", "calendar.ics", "interactions.csv"
BEGINNING = -(1 << 62)


class ExportedFile(msgspec.Struct, frozen=True):
    """One file that was written, and how many people, meetings or contacts it holds."""

    name: str
    items: int
    bytes: int


class Exported(msgspec.Struct, frozen=True):
    """What an export wrote."""

    folder: str
    files: tuple[ExportedFile, ...]
    private: bool  # whether what the owner keeps private is in it


class _Everybody(msgspec.Struct, frozen=True):
    """All people with what is known of them, gathered in one pass."""

    listed: Sequence[Listed]
    handles: Mapping[int, list[Handle]]
    cards: Mapping[int, list[CardRow]]  # in force, the newest first
    careers: Mapping[int, tuple[list[Held], list[Move]]]
    told: Mapping[int, Told]


@operation(Effect.READ, names_files=True)
def write(desk: Desk, folder: Path, *, private: bool = False, replace: bool = False) -> Exported:
    """Write everything to a folder in open formats: contacts.vcf, calendar.ics, interactions.csv, everything.json.

    Imported into a fresh vault they give the same people, contacts, facts and words of yours. Facts that you keep
    private are left out unless `private`; files of these names that are there are kept unless `replace`. Raises
    AmityError REFUSED where there are.
    """
    refresh(desk)
    names = (CARDS, CALENDAR, TABLE, EVERYTHING)
    there = [name for name in names if (folder / name).exists()]
    if there and not replace:
        raise AmityError(
            Code.REFUSED,
            say("{folder} holds {files} already.", folder=folder, files=", ".join(there)),
            say("Name another folder, or --replace."),
        )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    everybody = _gather(desk)
    contents = (
        _cards(desk, everybody, private=private),
        _events(desk, everybody),
        _contacts(desk),
        _everything(desk, everybody, private=private),
    )
    files = [_put(folder / name, content) for name, content in zip(names, contents, strict=True)]
    files += _attachments(desk, folder, everybody, private=private)
    return Exported(str(folder), tuple(files), private)


def _put(file: Path, content: Iterable[tuple[int, str]]) -> ExportedFile:
    """Write a file piece by piece, each with how many items it holds; it appears under its name when it is whole."""
    partial = file.with_name(f"{file.name}.partial")
    items = 0
    with new_file(partial) as stream:
        for count, text in content:
            stream.write(text.encode("utf-8", "replace"))
            items += count
        size = stream.tell()
    partial.replace(file)
    sync_folder(file.parent)
    return ExportedFile(file.name, items, size)


def _gather(desk: Desk) -> _Everybody:
    database = desk.database
    hidden = evidence.withdrawn(database)
    belongs = derived.belongs(database)
    cards: dict[int, list[CardRow]] = {}
    for row in sorted(derived.cards(database, desk.end, hidden), key=lambda row: -row.id):
        if (person := belongs.get(row.own)) is not None:
            cards.setdefault(person, []).append(row)
    handles: dict[int, list[Handle]] = {}
    held = derived.handles(database)
    for number in sorted(belongs):
        handles.setdefault(belongs[number], []).append(held[number])
    every = search.find(database, "", -1, kinds=("person", "role", "robot", "list"))
    return _Everybody(
        sorted(every, key=lambda one: one.person.id),
        handles,
        cards,
        _careers(desk, belongs, hidden),
        told_of_all(database, desk.today.isoformat()),
    )


def _careers(
    desk: Desk, belongs: Mapping[int, int], hidden: frozenset[int]
) -> dict[int, tuple[list[Held], list[Move]]]:
    """Follow the positions of everybody, as their pages do."""
    sightings: dict[int, list[Sighting]] = {}
    for row in derived.cards(desk.database, desk.end, hidden, superseded=True):
        person = belongs.get(row.own)
        if person is None:
            continue
        if row.card.position:
            sightings.setdefault(person, []).append(Sighting(row.told, row.card.position, row.source))
        for sighting in told_earlier(desk, row):
            sightings.setdefault(person, []).append(sighting)
    for found in evidence.findings(desk.database, hidden, desk.end, kind="signature"):
        person = search.person_of(desk.database, found.by)
        if person is not None:
            position = Position(found.values.get("organisation", ""), found.values.get("title", ""))
            sightings.setdefault(person, []).append(Sighting(found.at, position, "signature"))
    return {person: follow(seen) for person, seen in sightings.items()}


def _leaving(desk: Desk, everybody: _Everybody, one: Listed, *, private: bool) -> Leaving:
    """Put together what of a person goes into a card: of what there is one of, the word that stands."""
    number = one.person.id
    cards = everybody.cards.get(number, [])
    facts: list[Fact] = []
    single = set()
    for fact in everybody.told.get(number, Told()).applied(number, imported(desk, cards)):
        if FIELDS[fact.field].single:
            if fact.field in single:
                continue
            single.add(fact.field)
        if private or not fact.private:
            facts.append(fact)
    held, _ = everybody.careers.get(number, ([], []))
    return Leaving(
        one.person.name,
        tuple(everybody.handles.get(number, ())),
        tuple(facts),
        tuple((known.position, desk.day(known.first), desk.day(known.last)) for known in held),
        tuple(row.card for row in cards),
    )


def _cards(desk: Desk, everybody: _Everybody, *, private: bool) -> Iterator[tuple[int, str]]:
    for one in everybody.listed:
        if one.person.kind == "person":
            yield 1, vcard.card(_leaving(desk, everybody, one, private=private))


def _events(desk: Desk, everybody: _Everybody) -> Iterator[tuple[int, str]]:
    """Write meetings, and the days that come every year of those who live; private days are in no calendar."""
    yield 0, calendar.begin()
    for moment, parties in _moments(desk):
        if moment.channel == Channel.MEETING and moment.minutes <= calendar.LONGEST:
            yield 1, calendar.meeting(moment, parties, desk.now)
    for one in everybody.listed:
        if one.person.kind == "person" and not one.person.body["died"]:
            for what, day in _days(_leaving(desk, everybody, one, private=False)):
                summary = f"{one.person.name}: {what}"
                yield 1, calendar.yearly(f"p{one.person.id}-{what}-{day}".replace(" ", "-"), summary, day, desk.now)
    yield 0, calendar.end()


def _days(leaving: Leaving) -> Iterator[tuple[str, date]]:
    for fact in leaving.facts:
        if fact.field in ("birthday", "date"):
            text = f"2000{fact.value[1:]}" if fact.value.startswith("--") else fact.value
            try:
                day = date.fromisoformat(text)
            except ValueError:
                continue
            yield "birthday" if fact.field == "birthday" else fact.label or say("a date"), day


def _contacts(desk: Desk) -> Iterator[tuple[int, str]]:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(table.HEADER)
    count = 0
    for moment, parties in _moments(desk):
        writer.writerow(table.row(moment, parties))
        count += 1
        if count == 1_000:
            yield count, stream.getvalue()
            stream.seek(0)
            stream.truncate()
            count = 0
    yield count, stream.getvalue()


def _moments(desk: Desk) -> Iterator[tuple[outgoing.WholeMoment, list[Party]]]:
    """Yield the contacts that stand, oldest first, with the names under which their participants were seen.

    A name stands at the first contact after it was first seen, so that it is as old when it is read again. Whoever is
    named by a number of this vault is written under an address or name of theirs.
    """
    database = desk.database
    hidden = evidence.withdrawn(database)
    handles = derived.handles(database)
    behind = _stand_ins(desk, handles)
    owner = owner_of(database).numbers
    waiting = {
        handle: sorted(((first, name) for name, first in seen), reverse=True)
        for handle, seen in derived.names_seen(database, desk.end, hidden).items()
    }
    shown: dict[int, str] = {}
    myself = Handle("me", "me")
    for moment in outgoing.moments(database, hidden, BEGINNING, desk.end):
        parties = []
        for number, role in moment.parties:
            names = waiting.get(number)
            if names and names[-1][0] <= moment.at:
                shown[number] = names.pop()[1]
            parties.append(Party(role, shown.get(number, ""), behind.get(number, handles[number])))
        if moment.boxed and owner.isdisjoint(number for number, _ in moment.parties):
            parties.append(Party(Role.DELIVERED, "", myself))
        if parties:
            yield moment, parties


def _stand_ins(desk: Desk, handles: Mapping[int, Handle]) -> dict[int, Handle]:
    """Return, for each handle that names a person by number, another one of theirs that means them anywhere."""
    belongs = derived.belongs(desk.database)
    numbered = [number for number, handle in handles.items() if handle.kind == "person"]
    if not numbered:
        return {}
    best: dict[int, Handle] = {}
    ranks = {kind: place for place, kind in enumerate(("email", "phone", "handle", "url", "name", "card"))}
    for number, whose in belongs.items():
        handle = handles[number]
        if handle.kind in ranks and (whose not in best or ranks[handle.kind] < ranks[best[whose].kind]):
            best[whose] = handle
    found = {}
    for number in numbered:
        person = belongs.get(number)
        listed = None if person is None else search.person(desk.database, person)
        name = listed.person.name if listed else handles[number].value
        found[number] = best.get(person or 0) or Handle("name", " ".join(name.split()).casefold())
    return found


def _everything(desk: Desk, everybody: _Everybody, *, private: bool) -> Iterator[tuple[int, str]]:
    """Write all people with all facts, all entries and all decisions as one JSON document, a line each."""
    shut: set[str] = set()  # ids of the owner's facts that are private
    owned = {
        "handles": told(owner_of(desk.database))[0],
        "exported": desk.today.isoformat(),
        "format": FORMAT,
    }
    yield 0, '{"amity": ' + _json(owned) + ',\n"people": ['
    for place, one in enumerate(everybody.listed):
        number = one.person.id
        said = everybody.told.get(number) or Told()
        known = lines(desk, number, everybody.cards.get(number, ()), told=said)
        shut.update(line.id for line in known if line.private)
        yield 1, ("," if place else "") + "\n" + _json(_person(desk, everybody, one, known, private=private))
    yield 0, '\n],\n"entries": ['
    for place, entry in enumerate(entries_of(desk)):
        yield 0, ("," if place else "") + "\n" + _json(entry)
    yield 0, '\n],\n"decisions": ['
    first = True
    meetings: set[int] = set()
    for decision in reversed(decisions.latest(desk.database, -1)):
        if decision.today <= desk.today.isoformat() and (private or not _is_shut(decision, shut)):
            yield 0, ("" if first else ",") + "\n" + _json(decision._asdict())
            first = False
            if "meeting" in decision.body:
                meetings.add(int(decision.body["meeting"][1:]))
    named = {f"m{number}": key for number, key in outgoing.keys_of(desk.database, meetings).items()}
    offered = decisions.nudges(desk.database, "", (desk.today + timedelta(days=1)).isoformat())
    yield 0, '\n],\n"meetings": ' + _json(named) + ',\n"offered": ['
    yield 0, ",".join("\n" + _json((day, f"p{person}", why)) for day, person, why in offered)
    yield 0, "\n]}\n"


def _is_shut(decision: decisions.Decision, shut: set[str]) -> bool:
    """Tell whether a decision holds what is private."""
    if decision.kind == "fact":
        return bool(decision.body["fact"]["private"]) or f"f{decision.id}" in shut
    return decision.kind == "fact_said" and (decision.body["id"] in shut or bool(decision.body["said"].get("private")))


def _person(
    desk: Desk, everybody: _Everybody, one: Listed, known: Sequence[FactLine], *, private: bool
) -> dict[str, Any]:
    row = one.person
    held, moves = everybody.careers.get(row.id, ([], []))
    return {
        "id": f"p{row.id}",
        "kind": row.kind,
        "name": row.name,
        "aliases": row.body["aliases"],
        "identities": [handle._asdict() for handle in everybody.handles.get(row.id, ()) if handle.kind != "person"],
        "facts": [asdict(line) for line in known if private or not line.private],
        "positions": [
            {**asdict(p.position), "first": desk.day(p.first), "last": desk.day(p.last), "source": p.source}
            for p in held
        ],
        "moves": [
            {"on": desk.day(move.at), "before": asdict(move.before), "now": asdict(move.now), "source": move.source}
            for move in moves
        ],
        "analysed": (everybody.told.get(row.id) or Told()).analysed,
    }


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _attachments(desk: Desk, folder: Path, everybody: _Everybody, *, private: bool) -> list[ExportedFile]:
    """Copy the files that facts name."""
    found = []
    for said in everybody.told.values():
        for fact in said.facts.values():
            kept = kept_file(desk.database.folder, fact.label) if fact.field in ATTACHED else None
            if kept and (private or not fact.private):
                room = folder / FILES
                room.mkdir(exist_ok=True, mode=0o700)
                shutil.copyfile(kept, room / fact.label)
                found.append(ExportedFile(f"{FILES}/{fact.label}", 1, kept.stat().st_size))
    return found
