"""Facts: what the owner says of a person, what sources say, and which of it is for the owner's eyes alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import asdict

from amity.app.desk import Desk
from amity.app.fields import ATTACHED, FIELDS, SETS, Fact, custom_fields, told_of_all
from amity.app.freshness import refresh
from amity.app.known import FactLine, carded, lines, zone_of
from amity.app.operation import Effect, operation
from amity.app.owner import pairs
from amity.app.people import Named, cards_of, identify, named
from amity.errors import AmityError, Code
from amity.handles import composed
from amity.language import label, noted, say
from amity.sources.encoded import clean
from amity.sources.pictures import picture
from amity.store import decisions, derived
from amity.store.copies import FILES, kept_file, stored_name
from amity.store.db import FILE, is_encrypted

LONGEST = 20_000  # characters of one fact
FILE_LIMIT = 20 << 20  # bytes of one attachment
_DAY = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?|--\d\d-\d\d")


class FieldLine(Struct, frozen=True):
    """One field that a fact may have."""

    name: str
    meaning: str
    yours: bool


class SetLine(Struct, frozen=True):
    """A household or a group, and who is in it."""

    kind: str
    name: str
    people: tuple[Named, ...]


@operation(Effect.READ)
def list_(desk: Desk, person: str, *, private: bool = True) -> tuple[FactLine, ...]:
    """List what is known of a person, each fact with its source, its day and its id; yours before what sources say."""
    refresh(desk)
    who = identify(desk, person)
    return lines(desk, who, cards_of(desk, who), private=private)


@operation(Effect.WRITE)
def tell(
    desk: Desk,
    person: str,
    field: str,
    value: str,
    *,
    label: str = "",
    zone: str = "",
    on: str = "",
    source: str = "",
    private: bool = False,
    key: str = "",
) -> FactLine:
    """Say something of a person; it outranks what sources say, is shown as yours, and can be taken back.

    `field` is one of `facts.fields`, those that you defined among them; `label` says which one it is, `zone` the time
    zone of a place, `on` the day as of which it is so. Raises AmityError USAGE for a field, day or zone that there is
    not, or a name kept private.
    """
    refresh(desk)
    who = identify(desk, person)
    fact = _fact(desk, field, value, label, zone, on, source, private)
    with desk.database.transaction():
        body = {"sides": [pairs(_own(desk, who))], "fact": _kept(fact)}
        earlier = decisions.repeated(desk.database, key, "fact", {"fact": body["fact"]})
        number = earlier.id if earlier else _record(desk, who, "fact", _words(fact), body, key)
    return _line(desk, who, f"f{number}")


@operation(Effect.WRITE, some=("value", "on", "private", "gone"))
def amend(
    desk: Desk,
    person: str,
    fact: str,
    *,
    value: str = "",
    on: str = "",
    private: bool | None = None,
    gone: bool = False,
    key: str = "",
) -> tuple[FactLine, ...]:
    """Correct a fact, keep it private or no longer, or take it out; your word stands before what a source says.

    Private facts are in no list and no export. Returns what is known of the person then. Raises AmityError NOT_FOUND
    for a fact that there is not.
    """
    refresh(desk)
    who = identify(desk, person)
    known = _line(desk, who, fact)
    said: dict[str, Any] = {}
    if private is not None:
        _refuse_private_name(known.field, private)
        said["private"] = private
    if value:
        checked = _fact(desk, known.field, value, known.label, "", on or desk.today.isoformat(), "", private=False)
        said |= {"value": checked.value, "on": checked.on}
    elif on:
        said["on"] = _day(desk, on)
    if gone:
        said = {"gone": True}
    if not said:
        raise AmityError(Code.USAGE, say("Nothing was said of it."), say("For example `amity correct Ana f12 --gone`."))
    if not known.yours and "value" in said:
        replaced = Fact(known.field, said["value"], known.label, on=said["on"], private=private or known.private)
        body = {"sides": [pairs(_own(desk, who))], "fact": _kept(replaced)}
        with desk.database.transaction():
            if not decisions.repeated(desk.database, key, "fact", {"fact": body["fact"]}):
                _record(desk, who, "fact", _words(replaced), body, key)
                if not FIELDS[known.field].single:
                    _mark(desk, who, known, {"gone": True}, "")
    else:
        with desk.database.transaction():
            _mark(desk, who, known, said, key)
            if private and known.yours:
                _hide(desk, who, known)
    return list_(desk, f"p{who}")


@operation(Effect.WRITE, names_files=True)
def attach(
    desk: Desk, person: str, file: Path, *, photo: bool = False, private: bool = False, key: str = ""
) -> FactLine:
    """Keep a copy of a file in the vault's folder, with a person; as `photo` it is shown on their page.

    Raises AmityError NOT_FOUND where there is no such file, USAGE for a photo that is no PNG, JPEG, GIF or WebP, or
    larger than 5 MiB or 40 million pixels, REFUSED for a file above 20 MiB, or where the vault is encrypted: the copy
    would lie in the clear beside it.
    """
    refresh(desk)
    who = identify(desk, person)
    if not file.is_file():
        raise AmityError(Code.NOT_FOUND, say("There is no file {file}.", file=file), say("Check the path."))
    if file.stat().st_size > FILE_LIMIT:
        raise AmityError(
            Code.REFUSED,
            say("{file} is larger than {mib} MiB.", file=file, mib=FILE_LIMIT >> 20),
            say("Keep a note of where it is."),
        )
    folder = desk.database.folder
    if is_encrypted(folder / FILE):
        raise AmityError(
            Code.REFUSED, say("Files lie in the clear, beside a vault that is encrypted."), say("Keep a note of it.")
        )
    content = file.read_bytes()
    if photo and picture(content) is None:
        hint = say("A PNG, JPEG, GIF or WebP is wanted, of at most 5 MiB and 40 million pixels.")
        raise AmityError(Code.USAGE, say("{file} is no photo that can be shown.", file=file.name), hint)
    stored = stored_name(content, file.suffix)
    room = folder / FILES
    room.mkdir(exist_ok=True, mode=0o700)
    if not (room / stored).exists():
        shutil.copyfile(file, room / stored)
        (room / stored).chmod(0o600)
    return tell(desk, f"p{who}", "photo" if photo else "file", file.name, label=stored, private=private, key=key)


def attached(desk: Desk, person: str, fact: str) -> tuple[FactLine, bytes]:
    """Return a fact that has a file, and what is in the file. Raises AmityError NOT_FOUND where there is none."""
    refresh(desk)
    known = _line(desk, identify(desk, person), fact)
    path = kept_file(desk.database.folder, known.label) if known.field in ATTACHED else None
    if path is None:
        raise AmityError(Code.NOT_FOUND, say("That file is not in the vault's folder."), say("Attach it again."))
    return known, path.read_bytes()


@operation(Effect.WRITE)
def analyse(desk: Desk, person: str, *, analysed: bool, key: str = "") -> str:
    """Say whether a person may be analysed at all; of one who may not there is no tie, and nothing is suggested."""
    refresh(desk)
    who = identify(desk, person)
    name = named(desk, who).name
    summary = (
        say("{name} is analysed again", name=name)
        if analysed
        else say("{name} is not analysed: no tie, no suggestions", name=name)
    )
    body = {"sides": [pairs(_own(desk, who))], "unanalysed": not analysed}
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, "unanalysed", {"unanalysed": not analysed}):
            desk.record(key or decisions.new_key(), "unanalysed", summary, body)
    return summary


@operation(Effect.WRITE)
def define(desk: Desk, name: str, meaning: str = "", key: str = "") -> tuple[FieldLine, ...]:
    """Define a field of your own, such as "shoe size". Raises AmityError USAGE for a name that is taken."""
    name = " ".join(name.split())
    if not name or len(name) > 100 or name in FIELDS:
        raise AmityError(
            Code.USAGE, say("{name!r} cannot be a field of yours.", name=name), say("Choose a name that is not taken.")
        )
    body = {"name": name, "meaning": " ".join(meaning.split())}
    with desk.database.transaction():
        if not decisions.repeated(desk.database, key, "field", body):
            desk.record(key or decisions.new_key(), "field", noted("A field of yours: {name}", name=name), body)
    return fields(desk)


@operation(Effect.READ)
def fields(desk: Desk) -> tuple[FieldLine, ...]:
    """List the fields that a fact may have, your own at the end."""
    given = [FieldLine(name, field.words, yours=False) for name, field in FIELDS.items() if name != "custom"]
    return (*given, *(FieldLine(name, words, yours=True) for name, words in custom_fields(desk.database).items()))


@operation(Effect.READ)
def sets(desk: Desk, name: str = "") -> tuple[SetLine, ...]:
    """List households and groups with who is in them, or the one of a name; memberships kept private are left out."""
    refresh(desk)
    told = told_of_all(desk.database, desk.today.isoformat())
    members: dict[tuple[str, str], tuple[str, list[int]]] = {}
    # Of cards only exports of Amity's own name a household or group.
    cards = carded(desk, [f"X-AMITY-{kind.upper()}" for kind in SETS])
    said = {person for person, of in told.items() if any(fact.field in SETS for fact in of.facts.values())}
    for person in sorted(said.union(cards)):
        for line in lines(desk, person, cards.get(person, ()), private=False, told=told.get(person)):
            if line.field in SETS and name.casefold() in ("", line.value.casefold()):
                members.setdefault((line.field, line.value.casefold()), (line.value, []))[1].append(person)
    if name and not members:
        raise AmityError(
            Code.NOT_FOUND,
            say("There is no household or group {name!r}.", name=name),
            say("`amity groups` lists them."),
        )
    return tuple(
        SetLine(kind, shown, tuple(named(desk, person) for person in people))
        for (kind, _), (shown, people) in sorted(members.items())
    )


def _fact(desk: Desk, field: str, value: str, label: str, zone: str, on: str, source: str, private: bool) -> Fact:
    """Check what was said. Raises AmityError USAGE."""
    name = field.strip().lower()
    if name not in FIELDS or name == "custom":
        own = {known.casefold(): known for known in custom_fields(desk.database)}
        if name == "custom":
            name = label.strip().lower()
        if name not in own:
            known = ", ".join([n for n in FIELDS if n != "custom"] + sorted(own.values()))
            hint = say("Fields are: {known}. `amity fields NAME` makes one of your own.", known=known)
            raise AmityError(Code.USAGE, say("There is no field {field!r}.", field=field), hint)
        name, label = "custom", own[name]
    text = composed(value.replace("\r\n", "\n")).strip() if name == "note" else clean(value)
    if not text or len(text) > LONGEST or len(label) > 200:
        raise AmityError(
            Code.USAGE,
            say(
                "A {name} says something, in at most {longest:,} characters.",
                name=_field(name),
                longest=LONGEST,
            ),
        )
    if name in ("birthday", "died") and not _is_day(text):
        hint = say(
            "Write 1990-04-12, 1990-04, 1990 or --04-12; a day of another calendar: `--label birthday` with `date`."
        )
        raise AmityError(Code.USAGE, say("{on!r} is no day.", on=text), hint)
    place_zone = text if name == "zone" else zone.strip()
    if place_zone and zone_of(place_zone) is None:
        raise AmityError(
            Code.USAGE, say("There is no time zone {zone!r}.", zone=place_zone), say("For example Europe/Vienna.")
        )
    _refuse_private_name(name, private)
    day = _day(desk, on) if on else desk.today.isoformat()
    return Fact(name, text, clean(label), zone.strip(), day, source.strip() or "you", private)


def _field(name: str) -> str:
    return label("field", name)


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    full = text.replace("--", "2000-", 1) if text.startswith("--") else (text + "-01-01")[:10]
    try:
        date.fromisoformat(full)
    except ValueError:
        return False
    return True


def _day(desk: Desk, on: str) -> str:
    if not _is_day(on) or on.startswith("--"):
        raise AmityError(Code.USAGE, say("{on!r} is no day.", on=on), say("Write it as 2025-01-31, 2025-01 or 2025."))
    if on > desk.today.isoformat():
        raise AmityError(Code.USAGE, say("{on} lies ahead.", on=on), say("A fact is known as of a day that has come."))
    return on


def _refuse_private_name(field: str, private: bool) -> None:
    if field == "name" and private:
        raise AmityError(
            Code.USAGE, say("A name cannot be private."), say("Give them another one, and keep this as a note.")
        )


def _kept(fact: Fact) -> dict[str, Any]:
    return {name: value for name, value in asdict(fact).items() if name != "id"}


def _words(fact: Fact) -> str:
    which = f" ({fact.label})" if fact.label and fact.field not in ("custom", *ATTACHED) else ""
    what = fact.label if fact.field == "custom" else label("field", fact.field)
    return (
        say("{what}{which}: kept private", what=what, which=which)
        if fact.private
        else f"{what}{which}: {_short(fact.value)}"
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 80 else f"{line[:79]}…"


def _own(desk: Desk, person: int) -> list[Any]:
    """Return the handles by which a fact follows a person."""
    held = derived.handles(desk.database, derived.belongs_to(desk.database, [person]))
    return [handle for _, handle in sorted(held.items()) if handle.kind not in ("person", "me")]


def _record(desk: Desk, person: int, kind: str, words: str, body: dict[str, Any], key: str) -> int:
    return desk.record(key or decisions.new_key(), kind, f"{named(desk, person).name}, {words}", body)


def _mark(desk: Desk, person: int, known: FactLine, said: dict[str, Any], key: str) -> None:
    body = {
        "sides": [pairs(_own(desk, person))],
        "id": known.id,
        "fact": {"field": known.field, "label": known.label, "value": known.value},
        "said": said,
    }
    done = ", ".join(_done(said))
    if not decisions.repeated(desk.database, key, "fact_said", {"id": known.id, "said": said}):
        _record(desk, person, "fact_said", f"{label('field', known.field)}: {done}", body, key)


def _hide(desk: Desk, person: int, known: FactLine) -> None:
    """Take what is private from now on out of the line under which it stands in the history."""
    (decision,) = decisions.some(desk.database, [int(known.id[1:])])
    fact = Fact(known.field, "", known.label, private=True)
    decisions.amend(desk.database, decision.id, f"{named(desk, person).name}, {_words(fact)}", decision.body)


def _done(said: dict[str, Any]) -> Iterable[str]:
    if said.get("gone"):
        yield say("taken out")
    if "private" in said:
        yield say("kept private") if said["private"] else say("no longer private")
    if "value" in said:
        yield say("corrected")
    elif "on" in said:
        yield say("as of {day}", day=said["on"])


def _line(desk: Desk, person: int, fact: str) -> FactLine:
    for line in list_(desk, f"p{person}"):
        if line.id == fact:
            return line
    raise AmityError(
        Code.NOT_FOUND,
        say("There is no fact {fact!r} of theirs.", fact=fact),
        say("`amity facts PERSON` shows their ids."),
    )
