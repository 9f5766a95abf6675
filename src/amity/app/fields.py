"""What may be known of a person, and what the owner said of it: read from the decisions in force.

It was said of handles, so it follows them to whoever has them now; of two words on one thing the later one stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from amity.app.identity import numbers
from amity.language import mark
from amity.model import Handle
from amity.store import decisions, derived
from amity.store.acquaintances import Described
from amity.store.db import Database
from amity.store.decisions import Decision

YOU = "you"


class Field(NamedTuple):
    """One kind of fact: what it means, and whether a person has only one of it."""

    words: str
    single: bool = False


FIELDS: Mapping[str, Field] = {
    "name": Field(mark("the name they go by"), single=True),
    "birthday": Field(mark("1990-04-12, without year --04-12, or as precise as it is known"), single=True),
    "died": Field(mark("the day of their death, as precise as it is known"), single=True),
    "met": Field(mark("how you met"), single=True),
    "through": Field(mark("through whom you met"), single=True),
    "zone": Field(mark("the time zone they live in, such as Europe/Vienna"), single=True),
    "place": Field(mark("where they are; --label home or work, --zone for the time there")),
    "family": Field(mark("people around them; --label says who they are to them")),
    "date": Field(mark("a day that matters; --label says which; any calendar, as text")),
    "language": Field(mark("a language they speak")),
    "field": Field(mark("a field they work in")),
    "taste": Field(mark("something they like")),
    "gift": Field(mark("an idea for a gift")),
    "nickname": Field(mark("another name for them")),
    "priority": Field(mark("agenda: what comes first for them now")),
    "need": Field(mark("agenda: what they look for")),
    "goal": Field(mark("agenda: what they want to reach")),
    "worry": Field(mark("agenda: what weighs on them")),
    "offer": Field(mark("what they can help others with")),
    "note": Field(mark("a note, in Markdown")),
    "file": Field(mark("a file, kept in the vault's folder")),
    "photo": Field(mark("a photo of them, kept in the vault's folder; the newest is shown")),
    "household": Field(mark("the household they belong to")),
    "group": Field(mark("a group that you put them in")),
    "custom": Field(mark("a field of your own; --label is its name")),
}
AGENDA = ("priority", "need", "goal", "worry")
SETS = ("household", "group")
ATTACHED = ("file", "photo")  # whose label is the name under which the vault keeps what was attached
ON_THE_LIST = ("name", "birthday", "died", "field", "nickname")  # what lists of people show or suggestions stand on
KINDS = ("fact", "fact_said", "unanalysed")


class Fact(Struct, frozen=True):
    """One thing known of a person, as the owner or a source told it."""

    field: str
    value: str
    label: str = ""  # which one it is: "daughter", "home", the name of a custom field
    zone: str = ""  # of a place, its time zone
    on: str = ""  # as of which day, ISO 8601
    source: str = YOU
    private: bool = False
    id: str = ""

    @property
    def same(self) -> tuple[str, str, str]:
        """What makes it the same fact, whoever tells it."""
        return self.field, self.label.casefold(), " ".join(self.value.split()).casefold()

    @property
    def by_owner(self) -> bool:
        """Tell whether it is the owner's own word."""
        return self.id[:1] == "f"


def imported_id(person: int, fact: Fact) -> str:
    """Return the id of a fact that a source told: the same as long as it is told of the same person."""
    from hashlib import blake2b  # loads OpenSSL, which most reads do without

    return "x" + blake2b("\x1f".join((str(person), *fact.same)).encode("utf-8", "replace"), digest_size=6).hexdigest()


class Told(Struct):
    """What the owner said of one person."""

    facts: dict[str, Fact] = field(default_factory=dict)  # by id, oldest first
    marks: dict[tuple[str, str, str], dict[str, Any]] = field(default_factory=dict)  # on what sources told
    analysed: bool = True

    def applied(self, person: int, imported: Iterable[Fact]) -> list[Fact]:
        """Put the owner's word before what sources told, each fact once; what was refused is left out."""
        found = list({fact.same: fact for fact in self.facts.values()}.values())[::-1]
        seen = {fact.same for fact in found}
        for fact in imported:
            mark = self.marks.get(fact.same, {})
            if fact.same not in seen and not mark.get("gone"):
                seen.add(fact.same)
                private = bool(mark.get("private", fact.private))
                found.append(replace(fact, id=imported_id(person, fact), private=private))
        order = {name: place for place, name in enumerate(FIELDS)}
        return sorted(found, key=lambda fact: order[fact.field])


def told_of_all(database: Database, day: str) -> dict[int, Told]:
    """Return what the owner had said by the end of a day (ISO), by person. The derived tables must be fresh."""
    return database.once(("told", day), lambda: _told_of_all(database, day))


def _told_of_all(database: Database, day: str) -> dict[int, Told]:
    standing = _by_then(database, day)
    if not standing:
        return {}
    handles = {handle for one in standing for handle in _handles(one)}
    number = numbers(database, handles)
    belongs = derived.belongs(database, number.values())
    who = {one.id: {_behind(side, number, belongs) for side in one.body["sides"]} for one in standing}
    return _gathered(standing, who)


def _behind(side: Iterable[Sequence[str]], number: Mapping[Handle, int], belongs: Mapping[int, int]) -> int | None:
    """Return the person whom one side of a decision names, None where nobody has any of its handles."""
    held = (number.get(Handle(*pair)) for pair in side)
    return next((belongs[handle] for handle in held if handle is not None and handle in belongs), None)


def told_of(database: Database, day: str, person: int) -> Told:
    """Return what the owner had said of one person. The derived tables must be fresh."""
    return told_of_all(database, day).get(person) or Told()


def _by_then(database: Database, day: str) -> list[Decision]:
    return [
        one
        for one in decisions.standing(database, KINDS)
        if one.today <= day and str(one.body.get("fact", {}).get("on", "")) <= day
    ]


def _handles(decision: Decision) -> list[Handle]:
    return [Handle(*pair) for side in decision.body["sides"] for pair in side]


def _gathered(standing: Iterable[Decision], who: Mapping[int, Iterable[int | None]]) -> dict[int, Told]:
    found: dict[int, Told] = {}
    of_persons = ((said, number) for said in standing for number in who[said.id] if number is not None)
    for one, person in of_persons:
        told = found.setdefault(person, Told())
        body = one.body
        if one.kind == "unanalysed":
            told.analysed = not body["unanalysed"]
        elif one.kind == "fact":
            told.facts[f"f{one.id}"] = Fact(**body["fact"], id=f"f{one.id}")
            if FIELDS[body["fact"]["field"]].single:  # the later word stands
                for number in [n for n, f in told.facts.items() if f.field == body["fact"]["field"]][:-1]:
                    del told.facts[number]
        elif body["id"][:1] == "f":
            known = told.facts.get(body["id"])
            if known is None:
                continue
            if body["said"].get("gone"):
                del told.facts[known.id]
            else:
                told.facts[known.id] = replace(known, **body["said"])
            if body["said"].keys() & {"gone", "value"}:
                # Nor is it so by the word of a source, such as an export of Amity's own that was read back.
                told.marks[known.same] = told.marks.get(known.same, {}) | {"gone": True}
        else:
            same = Fact(**body["fact"]).same
            told.marks[same] = told.marks.get(same, {}) | body["said"]
    return found


class Heard(NamedTuple):
    """What the owner said that lists of people and ties stand on, by handle, while persons are worked out."""

    by_handle: Mapping[int, tuple[Decision, ...]]
    decisions: tuple[int, ...]

    def of(self, handles: Iterable[int]) -> Told | None:
        """Return what was said of whoever has some handles."""
        found = {one.id: one for handle in handles for one in self.by_handle.get(handle, ())}
        if not found:
            return None
        standing = [found[number] for number in sorted(found)]
        return _gathered(standing, dict.fromkeys(found, (0,))).get(0)


def heard(database: Database, day: str) -> Heard:
    """Return what the owner had said by the end of a day of names, days, fields and who is not to be analysed."""
    standing = _by_then(database, day)
    number = numbers(database, (handle for one in standing for handle in _handles(one))) if standing else {}
    by_handle: dict[int, list[Decision]] = {}
    for one in standing:
        if one.kind == "unanalysed" or one.body["fact"]["field"] in ON_THE_LIST:
            for handle in _handles(one):
                if handle in number:
                    by_handle.setdefault(number[handle], []).append(one)
    ids = sorted({one.id for held in by_handle.values() for one in held})
    return Heard({handle: tuple(held) for handle, held in by_handle.items()}, tuple(ids))


def listed(told: Told, name: str, birthday: str, died: str, about: list[str]) -> tuple[str, str, str, list[str]]:
    """Return a person's name, birthday, day of death and fields as lists may show them: the owner's word, not private.

    A fact of the owner's outranks what sources told; one that is private, theirs or not, is in no list.
    """
    own = {fact.field: fact for fact in told.facts.values()}
    shown = {"name": name, "birthday": birthday, "died": died}
    for what in shown:
        mark = told.marks.get(Fact(what, shown[what]).same, {})
        if mark.get("gone") or mark.get("private"):
            shown[what] = ""
        if what in own:
            shown[what] = "" if own[what].private else own[what].value
    kept = [word for word in about if not _hidden(told, word)]
    kept += [fact.value for fact in told.facts.values() if fact.field == "field" and not fact.private]
    return shown["name"] or name, shown["birthday"], shown["died"], list(dict.fromkeys(kept))


def _hidden(told: Told, word: str) -> bool:
    mark = told.marks.get(Fact("field", word).same, {})
    return bool(mark.get("gone") or mark.get("private"))


def without_private(database: Database, day: str, rows: Iterable[Described]) -> Iterator[Described]:
    """Yield what cards say of people without the notes and places that the owner keeps private or says are not so."""
    told = told_of_all(database, day)
    for row in rows:
        shut = {
            (same[0], same[2])  # whatever its label: a card's text has none
            for same, mark in (told[row.person].marks.items() if row.person in told else ())
            if mark.get("gone") or mark.get("private")
        }
        if shut:
            notes, addresses = (
                tuple(text for text in texts if (field, Fact(field, text).same[2]) not in shut)
                for field, texts in (("note", row.notes), ("place", row.addresses))
            )
            row = row._replace(notes=notes, addresses=addresses)
        yield row


def custom_fields(database: Database) -> dict[str, str]:
    """Return the fields that the owner defined, by name, each with its meaning."""
    found: dict[str, str] = {}
    for one in decisions.standing(database, ("field",)):
        found[str(one.body["name"])] = str(one.body["meaning"])
    return found


def unanalysed(database: Database, day: str) -> frozenset[int]:
    """Return the persons whom the owner does not want analysed: they have no tie, and nothing is suggested."""
    if not decisions.standing(database, ("unanalysed",)):
        return frozenset()
    return frozenset(person for person, told in told_of_all(database, day).items() if not told.analysed)
