"""Monica 4.x: its account export as JSON ("1.0-preview.1") or SQL, and a mysqldump of its database.

People become cards; activities, calls, messages of conversations and the day of a first meeting become moments with
the owner. What neither can hold — relationships, life events, gifts, debts, reminders, tasks, pets, food, how one
met — becomes a note with its kind in front, and stands whole, as Monica told it, in the card's text (JSON).
Journal and rated days are notes of the owner's own card. Pictures and documents are counted and named, not read.

Monica keeps a day without its year, and an age without its day, as whole dates with a mark: "--05-15" and "1985" here.
Days stand for their midnight UTC. A moment's key is made of its content, so that JSON and SQL of one account agree.
"""

from __future__ import annotations

import mmap
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec

from amity import handles
from amity.language import noted
from amity.model import Card, Channel, ChatLine, Handle, Item, Moment, Party, Position, Role, Since, Trouble
from amity.sources import dates, encoded, tables

_BATCH = 2000  # items between two marks
_SEARCHED = 1 << 22  # bytes in which a dump must show that it is Monica's
_KEPT = 4096
_ME = Handle("me", "me")
_EXPERIENCES = frozenset(("sport", "cultural_activities"))
_PROFILES = {
    "facebook": "https://www.facebook.com/",
    "twitter": "https://twitter.com/",
    "linkedin": "https://www.linkedin.com/in/",
    "instagram": "https://www.instagram.com/",
    "telegram": "https://t.me/",
}
# What an account and a contact consist of; what is called otherwise is told as a trouble.
_OF_ACCOUNT = frozenset(("user", "contact", "relationship", "activity", "document"))
_NOT_READ = frozenset(("photo", "addressbook", "address_book", "addressbook_subscription", "address_book_subscription"))
_OF_PERSON = frozenset((
    "activity", "address", "call", "contact_field", "conversation", "debt", "document", "gift", "life_event", "note",
    "occupation", "pet", "photo", "reminder", "task",
))  # fmt: skip
_NOUNS = (("debt", "Debt"), ("gift", "Gift"), ("reminder", "Reminder"), ("task", "Task"), ("pet", "Pet"))

Row = dict[str, Any]


class _Account(msgspec.Struct):
    """What belongs to the whole account, by which the contacts are understood."""

    owner: Row = msgspec.field(default_factory=dict)
    me: str = ""  # the contact that is the owner
    names: dict[str, str] = msgspec.field(default_factory=dict)
    types: dict[str, Row] = msgspec.field(default_factory=dict)
    relations: dict[str, list[tuple[str, str]]] = msgspec.field(default_factory=lambda: defaultdict(list))
    activities: dict[str, Row] = msgspec.field(default_factory=dict)
    present: dict[str, list[str]] = msgspec.field(default_factory=lambda: defaultdict(list))
    documents: dict[str, str] = msgspec.field(default_factory=dict)
    journal: list[str] = msgspec.field(default_factory=list)
    seen: dict[bytes, int] = msgspec.field(default_factory=dict)

    def type(self, uuid: object) -> Row:
        """Return the properties of a type of activity, life event or contact field."""
        return self.types.get(str(uuid), {})

    def key(self, *content: object) -> bytes:
        """Return a key of a moment's content; equal ones are told apart by their order."""
        text = "\n".join(("monica", *map(str, content)))
        key = blake2b(text.encode("utf-8", "replace"), digest_size=16).digest()
        ordinal = self.seen[key] = self.seen.get(key, 0) + 1
        if ordinal > 1:
            key = blake2b(f"{ordinal}\n{text}".encode("utf-8", "replace"), digest_size=16).digest()
        return key

    def party(self, uuid: str, role: Role) -> Party:
        """Return a contact as a participant."""
        return Party(role, self.names.get(uuid, ""), _ME if uuid == self.me else Handle("handle", f"monica:{uuid}"))


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is an export of Monica, by the first keys of its JSON or the tables of its SQL."""
    if not path.is_file():
        return False
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:1] == b"{":
        return b'"app_version"' in head and (b'"exported_by"' in head or b'"account"' in head)
    if start[:1] not in b"#-/SICD" or not re.match(rb"#|--|/\*|SET |INSERT |CREATE |DROP ", start):
        return False
    try:
        with path.open("rb") as file:
            data = file.read(_SEARCHED)
    except OSError:
        return False
    return re.search(rb"^(?:INSERT|CREATE)[^\n]*contact_field_types`?", data, re.MULTILINE) is not None


# ---------------------------------------------------------------- small words


def _text(value: object) -> str:
    """Return a value as text of one line."""
    return "" if value is None or isinstance(value, dict | list) else encoded.clean(str(value))


def _whole(value: object) -> str:
    """Return a value as text, its lines kept."""
    return str(value).replace("\r\n", "\n").strip() if isinstance(value, str | int | float) else ""


def _true(value: object) -> bool:
    return value in (True, 1, "1", "yes", "true")


def _props(row: Row) -> Row:
    """Return the properties of an object; PHP writes none as an empty list."""
    found = row.get("properties")
    return found if isinstance(found, dict) else {}


def _day(value: object) -> str:
    """Return the day of a date or time as Monica writes it."""
    text = _text(value)
    return text[:10] if re.match(r"\d{4}-\d\d-\d\d", text) else ""


def _at(value: object) -> int | None:
    return dates.parse(_text(value))


def _special(value: object) -> str:
    """Return one of Monica's special dates in ISO 8601, as precise as it is known."""
    row = value if isinstance(value, dict) else {}
    day = _day(row.get("date"))
    if not day:
        return ""
    if _true(row.get("is_year_unknown")):
        return f"--{day[5:]}"
    return day[:4] if _true(row.get("is_age_based")) else day


def _line(kind: str, day: str, *texts: str) -> str:
    """Return "Gift (offered), 2019-12-24: a book – with love"."""
    return f"{kind}{', ' + day if day else ''}: {' – '.join(filter(None, texts))}"


def _name(props: Row) -> str:
    return " ".join(filter(None, (_text(props.get(part)) for part in ("first_name", "middle_name", "last_name"))))


def _parts(contact: Row) -> list[Row]:
    data = contact.get("data")
    parts = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    return [part for part in parts if isinstance(part, dict)]


def _data(contact: Row, kind: str) -> list[Any]:
    """Return what a contact has of one kind."""
    for part in _parts(contact):
        if part.get("type") == kind:
            values = part.get("values")
            return values if isinstance(values, list) else []
    return []


def _rows(contact: Row, kind: str) -> list[Row]:
    return [row for row in _data(contact, kind) if isinstance(row, dict)]


# ---------------------------------------------------------------- a contact


def _reach(account: _Account, row: Row) -> Handle | None:
    """Return the handle that a contact field is."""
    props = _props(row)
    told = account.type(props.get("type"))
    value, kind = _text(props.get("data")), _text(told.get("type")).lower()
    name, protocol = _text(told.get("name")).lower(), _text(told.get("protocol")).lower()
    if not value:
        return None
    if kind == "email" or protocol == "mailto:" or ("@" in value and "email" in name):
        return handles.email(value)
    if kind == "phone" or protocol.startswith(("tel:", "sms:")) or name in ("whatsapp", "phone", "mobile"):
        return handles.phone(value) if any(map(str.isdigit, value)) else None
    if value.lower().startswith(("http://", "https://", "www.")):
        return handles.url(value)
    if name in _PROFILES:
        return handles.url(value if "/" in value else _PROFILES[name] + value.lstrip("@"))
    if (found := handles.handle(value)).kind != "name":
        return found
    return Handle("handle", f"{name or 'monica'}:{value.lower()}")


def _notes(account: _Account, contact: Row, uuid: str) -> Iterator[str]:
    """Yield the notes of a contact, and as notes what a card has no place for."""
    props = _props(contact)
    yield _whole(props.get("description"))
    for row in _rows(contact, "note"):
        yield _whole(_props(row).get("body"))
    for row in _rows(contact, "life_event"):
        told = _props(row)
        kind = account.type(told.get("type"))
        word = _text(kind.get("translation_key")) or _text(kind.get("name"))
        day = _day(told.get("happened_at"))
        if _true(told.get("happened_at_month_unknown")):
            day = day[:4]
        elif _true(told.get("happened_at_day_unknown")):
            day = day[:7]
        name = f"Life event ({word.replace('_', ' ')})" if word else "Life event"
        yield _line(name, day, _text(told.get("name")), _whole(told.get("note")), _information(told))
    for kind_, other in account.relations.get(uuid, ()):
        yield _line(f"Relationship ({kind_})", "", account.names.get(other, other))
    for kind_, noun in _NOUNS:
        for row in _rows(contact, kind_):
            yield _thing(account, noun, _props(row))
    if food := _whole(props.get("food_preferences")):
        yield _line("Food", "", food)
    through = account.names.get(_text(props.get("first_met_through")), "")
    met = (_text(props.get("first_met_where")), _whole(props.get("first_met_additional_info")))
    if through or any(met):
        yield _line("How we met", _special(props.get("first_met_date")), through and f"through {through}", *met)
    if _true(props.get("is_dead")) and not _special(props.get("deceased_date")):
        yield "Died, the day is not known"
    for row in _rows(contact, "occupation"):
        told = _props(row)
        span = "–".join(filter(None, (_day(told.get("start_date")), _day(told.get("end_date")))))
        yield _line(
            "Occupation", span, _text(told.get("title")), _text(told.get("company")), _whole(told.get("description"))
        )
    for document in _data(contact, "document"):
        yield _line("Document", "", account.documents.get(_text(document), _text(document)))


def _information(told: Row) -> str:
    found = told.get("specific_information")
    if isinstance(found, str) and found[:1] == "{":
        try:
            found = msgspec.json.decode(found)
        except (msgspec.DecodeError, RecursionError):
            return _text(found)
    if not isinstance(found, dict):
        return ""
    return ", ".join(f"{name}: {_text(value)}" for name, value in found.items() if _text(value))


def _thing(account: _Account, noun: str, told: Row) -> str:
    """Return the note for a debt, gift, reminder, task or pet."""
    get = told.get
    amount = " ".join(filter(None, (_text(get("amount")), _text(get("currency")))))
    status = _text(get("status"))
    if noun == "Debt":
        word = "I owe" if _true(get("in_debt")) else "owed to me"
        return _line(f"Debt ({', '.join(filter(None, (word, status)))})", "", amount, _whole(get("reason")))
    if noun == "Gift":
        recipient = account.names.get(_text(get("recipient")), "")
        texts = (
            _text(get("name")),
            amount,
            _whole(get("comment")),
            _text(get("url")),
            recipient and f"for {recipient}",
        )
        return _line(f"Gift ({status})" if status else "Gift", _day(get("date")), *texts)
    if noun == "Reminder":
        unit, number = _text(get("frequency_type")), _text(get("frequency_number"))
        often = "once" if unit in ("", "one_time") else f"every {number} {unit}" if number not in ("", "1") else unit
        kind = f"Reminder ({often}{', off' if _true(get('inactive')) else ''})"
        return _line(kind, _day(get("initial_date")), _text(get("title")), _whole(get("description")))
    if noun == "Task":
        state = "done" if _true(get("completed")) else "open"
        return _line(f"Task ({state})", _day(get("completed_at")), _text(get("title")), _whole(get("description")))
    return _line("Pet", "", _text(get("name")), _text(get("category")))


def _address(row: Row) -> str:
    props = _props(row)
    parts = ("street", "postal_code", "city", "province", "country")
    return ", ".join(filter(None, (_text(props.get(part)) for part in parts)))


def _card(account: _Account, contact: Row) -> Card:
    props, uuid = _props(contact), _text(contact.get("uuid"))
    given, family = _text(props.get("first_name")), _text(props.get("last_name"))
    found = [_ME if uuid == account.me else Handle("handle", f"monica:{uuid}")]
    found += filter(None, (_reach(account, row) for row in _rows(contact, "contact_field")))
    organisation, title = _text(props.get("company")), _text(props.get("job"))
    tags = props.get("tags")
    activities = [
        account.activities[key] for key in map(_text, _data(contact, "activity")) if key in account.activities
    ]
    raw = {
        "monica": contact,
        "relationships": [
            {"type": kind, "of": other, "name": account.names.get(other, "")}
            for kind, other in account.relations.get(uuid, ())
        ],
        "activities": activities,
        "types": {key: account.types[key] for key in sorted(_referenced(contact, activities)) if key in account.types},
    }
    content = msgspec.json.encode(raw)
    return Card(
        key=blake2b(content, digest_size=16).digest(),
        uid=uuid,
        name=account.names.get(uuid, "") or _name(props),
        given=given,
        family=family,
        nicknames=tuple(filter(None, (_text(props.get("nickname")),))),
        handles=tuple(dict.fromkeys(found)),
        position=Position(organisation, title) if organisation or title else None,
        addresses=tuple(filter(None, map(_address, _rows(contact, "address")))),
        birthday=_special(props.get("birthdate")),
        died=_special(props.get("deceased_date")),
        notes=tuple(filter(None, _notes(account, contact, uuid))),
        categories=tuple(filter(None, map(_text, tags))) if isinstance(tags, list) else (),
        photos=len(_data(contact, "photo")),
        revised=_at(contact.get("updated_at")),
        place=f"contact:{uuid}",
        raw=content.decode(),
    )


def _referenced(contact: Row, activities: Iterable[Row]) -> set[str]:
    """Return the types that a contact's facts name."""
    found = {_text(_props(row).get("type")) for row in activities}
    for kind in ("contact_field", "life_event"):
        found |= {_text(_props(row).get("type")) for row in _rows(contact, kind)}
    return found


def _moments(account: _Account, contact: Row) -> Iterator[Moment | Trouble]:
    """Yield the calls, conversations and first meeting of a contact."""
    uuid, props = _text(contact.get("uuid")), _props(contact)
    for part in _parts(contact):
        kind = _text(part.get("type"))
        if kind not in _OF_PERSON or not isinstance(part.get("values"), list):
            reason = noted('its part "{kind}" is not known, and stands in the text of the card alone', kind=kind[:40])
            yield Trouble(f"contact:{uuid}", reason, msgspec.json.encode(part)[:_KEPT])
    for number, row in enumerate(_rows(contact, "call"), 1):
        told = _props(row)
        place = f"call:{uuid}:{number}"
        if (at := _at(told.get("called_at"))) is None:
            yield _undated(place, row)
            continue
        theirs = _true(told.get("contact_called"))
        key = account.key("call", at, uuid, theirs, _text(told.get("content")))
        yield Moment(key, at, Channel.CALL, _two(account, uuid, theirs), place=place)
    for number, row in enumerate(_rows(contact, "conversation"), 1):
        told = _props(row)
        messages = told.get("messages")
        kind = _text(account.type(told.get("contact_field_type")).get("name"))
        chat = f"{account.names.get(uuid, uuid)}{f' ({kind})' if kind else ''}"
        lines = [message for message in messages if isinstance(message, dict)] if isinstance(messages, list) else []
        for count, message in enumerate(lines or [row], 1):
            said = _props(message)
            place = f"conversation:{uuid}:{number}.{count}"
            at = _at(said.get("written_at") or said.get("happened_at"))
            if at is None:
                yield _undated(place, message)
                continue
            theirs = not _true(said.get("written_by_me"))
            sender = account.names.get(uuid, uuid) if theirs else _text(account.owner.get("name"))
            yield Moment(
                account.key("message", at, uuid, theirs, _text(said.get("content"))),
                at,
                Channel.CHAT,
                _two(account, uuid, theirs),
                place=place,
                told=ChatLine(chat, sender),
            )
    met = _special(props.get("first_met_date"))
    if (
        met
        and met[0] != "-"
        and uuid != account.me
        and (at := _at(met if len(met) == 10 else f"{met}-07-02")) is not None
    ):
        where = _text(props.get("first_met_where"))
        yield Moment(
            account.key("met", met, uuid),
            at,
            Channel.MEETING,
            _two(account, uuid, False),
            f"First met: {where}" if where else "First met",
            f"met:{uuid}",
            imprecise=len(met) < 10,
        )


def _two(account: _Account, uuid: str, theirs: bool) -> tuple[Party, ...]:
    me = Party(Role.TO if theirs else Role.FROM, "", _ME)
    them = account.party(uuid, Role.FROM if theirs else Role.TO)
    return (them, me) if theirs else (me, them)


def _undated(place: str, row: Row) -> Trouble:
    return Trouble(place, noted("it is not dated"), msgspec.json.encode(row)[:_KEPT])


def _activity(account: _Account, uuid: str, row: Row) -> Moment | Trouble:
    told, place = _props(row), f"activity:{uuid}"
    at = _at(_day(told.get("happened_at")))
    present = account.present.get(uuid, [])
    if at is None:
        return _undated(place, row)
    if not present:
        return Trouble(place, noted("nobody who took part is known"), msgspec.json.encode(row)[:_KEPT])
    kind = account.type(told.get("type"))
    category = account.type(kind.get("category"))
    experience = _text(category.get("translation_key")) in _EXPERIENCES
    summary = _text(told.get("summary"))
    return Moment(
        account.key("activity", at, summary, *sorted(present)),
        at,
        Channel.EXPERIENCE if experience else Channel.MEETING,
        (
            Party(Role.FROM, "", _ME),
            *(account.party(one, Role.TO) for one in dict.fromkeys(present) if one != account.me),
        ),
        summary or _text(kind.get("name")) or _text(kind.get("translation_key")).replace("_", " "),
        place,
    )


def _owner(account: _Account) -> Card:
    """Return the owner's own card, with the journal."""
    owner = account.owner
    mail = handles.email(_text(owner.get("email")))
    content = msgspec.json.encode({"monica": owner, "journal": account.journal})
    return Card(
        key=blake2b(content, digest_size=16).digest(),
        name=_text(owner.get("name")),
        given=_text(owner.get("first_name")),
        family=_text(owner.get("last_name")),
        handles=tuple(filter(None, (_ME, mail))),
        notes=tuple(account.journal),
        place="owner",
        raw=content.decode(),
    )


def _take_owner(account: _Account, users: list[Row], exported_by: str) -> None:
    """Settle who the owner is: the user who exported, else the first; no password or key of theirs is kept."""
    for row in sorted(users, key=lambda row: row.get("uuid") != exported_by)[:1]:
        kept = ("uuid", "first_name", "last_name", "email")
        account.owner = {name: row[name] for name in kept if row.get(name)}
        account.owner["name"] = _name(row)
        account.me = _text(_props(row).get("me_contact"))


def _journal(row: Row) -> str:
    told = _props(row)
    if _text(told.get("type")) == "day" or "rate" in told:
        parts = [_text(told.get(part)).zfill(2) for part in ("year", "month", "day") if told.get(part)]
        day = _day(told.get("date")) or "-".join(parts)
        return _line(f"Day (rated {_text(told.get('rate'))})", day, _whole(told.get("comment")))
    return _line("Journal", _day(told.get("date")), _text(told.get("title")), _whole(told.get("post")))


def _all(account: _Account, contacts: Iterable[Row | Trouble], count: int) -> tables.Facts:
    """Yield everything of an account, contact by contact, then the activities."""
    total = max(1, count + len(account.activities))
    done = 0
    if account.owner or account.journal:
        yield _owner(account), 0.0
    for contact in contacts:
        done += 1
        if isinstance(contact, Trouble):
            yield contact, done / total
            continue
        yield _card(account, contact), done / total
        for fact in _moments(account, contact):
            yield fact, done / total
    for uuid, row in account.activities.items():
        done += 1
        yield _activity(account, uuid, row), min(1.0, done / total)


# ---------------------------------------------------------------- JSON


class _Collection(msgspec.Struct):
    type: str = ""
    values: msgspec.Raw = msgspec.Raw(b"")


class _Inside(msgspec.Struct):
    data: list[_Collection] | dict[str, _Collection]
    properties: msgspec.Raw = msgspec.Raw(b"{}")
    instance: msgspec.Raw = msgspec.Raw(b"{}")


class _File(msgspec.Struct):
    account: _Inside
    exported_by: str | None = None


def _json(data: mmap.mmap, start: int) -> tables.Facts:
    """Yield the facts of an account; one contact at a time is in memory, pictures and documents never are."""
    view = memoryview(data)
    troubles: list[Trouble] = []
    try:
        file = msgspec.json.decode(view[start:], type=_File)
        inside = file.account.data
        collections: dict[str, msgspec.Raw] = {}
        for one in inside.values() if isinstance(inside, dict) else inside:
            if one.type in _NOT_READ:
                continue
            if not len(memoryview(one.values)):
                troubles.append(Trouble(f"account:{one.type}", noted("a part of the account without values")))
            elif one.type not in _OF_ACCOUNT or one.type in collections:
                reason = noted("a part of the account that is not known, and was not read")
                troubles.append(Trouble(f"account:{one.type}", reason, bytes(memoryview(one.values)[:_KEPT])))
            else:
                collections[one.type] = one.values

        def rows(kind: str) -> list[Row]:
            kept = []
            for number, row in enumerate(msgspec.json.decode(collections.get(kind, b"[]")), 1):
                if isinstance(row, dict):
                    kept.append(row)
                else:
                    reason = noted("the {kind} is no object", kind=kind)
                    troubles.append(Trouble(f"{kind}:{number}", reason, msgspec.json.encode(row)[:_KEPT]))
            return kept

        account = _Account()
        for properties in (file.account.instance, file.account.properties):
            told = msgspec.json.decode(properties)
            for name, entries in told.items() if isinstance(told, dict) else ():
                if not isinstance(entries, list) or name not in _TYPED:
                    continue
                for row in entries:
                    if isinstance(row, dict):
                        if name == "journal_entries":
                            account.journal.append(_journal(row))
                        else:
                            account.types[_text(row.get("uuid"))] = _props(row)
        _take_owner(account, rows("user"), file.exported_by or "")
        for row in rows("relationship"):
            told = _props(row)
            pair = (_text(told.get("type")), _text(told.get("of_contact")))
            account.relations[_text(told.get("contact_is"))].append(pair)
        account.activities = {_text(row.get("uuid")): row for row in rows("activity")}
        shells = msgspec.json.decode(collections.get("document", b"[]"), type=list[_Document])
        account.documents = {shell.uuid: shell.properties.original_filename or "" for shell in shells}
        contacts = msgspec.json.decode(collections.get("contact", b"[]"), type=list[msgspec.Raw])
        for contact in _decoded(contacts):
            if isinstance(contact, dict):
                uuid = _text(contact.get("uuid"))
                account.names[uuid] = _name(_props(contact))
                for activity in map(_text, _data(contact, "activity")):
                    account.present[activity].append(uuid)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        yield Trouble(1, noted("no export of Monica: {error}", error=error), bytes(view[:_KEPT])), 1.0
        return
    except RecursionError:
        yield Trouble(1, noted("its JSON is nested too deep"), bytes(view[:_KEPT])), 1.0
        return
    for trouble in troubles:
        yield trouble, 0.0
    yield from _all(account, _decoded(contacts), len(contacts))


class _Named(msgspec.Struct, frozen=True):
    original_filename: str | None = None


class _Document(msgspec.Struct):
    uuid: str = ""
    properties: _Named = _Named()


_TYPED = frozenset((
    "activity_types", "activity_type_categories", "contact_field_types", "life_event_types", "journal_entries",
))  # fmt: skip


def _decoded(contacts: list[msgspec.Raw]) -> Iterator[Row | Trouble]:
    for number, raw in enumerate(contacts, 1):
        try:
            contact = msgspec.json.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            yield Trouble(
                f"contact:{number}", noted("the contact cannot be read: {error}", error=error), bytes(raw)[:_KEPT]
            )
            continue
        if isinstance(contact, dict):
            yield contact
        else:
            yield Trouble(f"contact:{number}", noted("the contact is no object"), bytes(raw)[:_KEPT])


# ---------------------------------------------------------------- SQL

_STATEMENT = re.compile(
    rb"^[ \t]*(?:(?:INSERT|REPLACE)(?: IGNORE)? INTO `?(?P<into>\w+)`?\s*(?:\((?P<columns>[^)]*)\))?\s*VALUES"
    rb"|CREATE TABLE (?:IF NOT EXISTS )?`?(?P<create>\w+)`?\s*\()",
    re.IGNORECASE | re.MULTILINE,
)
_VALUE = re.compile(
    rb"\s*(?:(?:_binary )?'(?P<text>(?:[^'\\]++|\\.|'')*+)'|(?P<bare>[^,()'\s]++))\s*(?P<next>[,)])", re.DOTALL
)
_OPEN = re.compile(rb"\s*,?\s*\(")
_COLUMN = re.compile(rb"^\s*`(\w+)` ", re.MULTILINE)
_AGAIN = re.compile(rb"\n[ \t]*(?=\()|\)\s*,\s*(?=\()|;[ \t\r]*(?=\n)")  # where a next row may begin, or none does
_LOST = re.compile(
    rb"^[ \t]*\([^,\n]*,|\b(?:INTO|VALUES)\b", re.IGNORECASE | re.MULTILINE
)  # rows that nothing introduces
_ESCAPED = re.compile(rb"\\(.)|''", re.DOTALL)
_CONTROL = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"0": b"", b"Z": b""}
_TABLES = frozenset((
    "users", "contacts", "special_dates", "activities", "activity_contact", "activity_types",
    "activity_type_categories",
    "addresses", "places", "calls", "contact_field_types", "contact_fields", "tags", "contact_tag", "conversations",
    "messages", "debts", "gifts", "notes", "pets", "reminders", "tasks", "life_events", "life_event_types",
    "relationships", "relationship_types", "entries", "days", "journal_entries", "occupations", "companies",
    "documents",
    "contact_photo",
))  # fmt: skip


def _unescaped(match: re.Match[bytes]) -> bytes:
    return _CONTROL.get(match[1], match[1]) if match[1] is not None else b"'"


def _sql_rows(data: mmap.mmap, troubles: list[Trouble]) -> Iterator[tuple[str, Row]]:
    """Yield each row of the tables that are read; what cannot be parsed goes to the troubles."""
    columns: dict[str, list[str]] = {}
    at = 0
    prefix: str | None = None
    while True:
        match = _STATEMENT.search(data, at)
        if lost := _LOST.search(data, at, match.start() if match else len(data)):
            reason = noted("rows of no table that can be told")
            troubles.append(Trouble(f"byte:{lost.start()}", reason, data[lost.start() : lost.start() + _KEPT]))
        if match is None:
            return
        at = match.end()
        if match["create"]:
            end = data.find(b"\n)", at, at + (1 << 16))
            columns[match["create"].decode()] = [name.decode() for name in _COLUMN.findall(data[at : max(at, end)])]
            at = max(at, end)
            continue
        table = match["into"].decode()
        if prefix is None and table.endswith("accounts"):
            prefix = table[: -len("accounts")]
        listed = match["columns"]
        names = re.findall(r"\w+", listed.decode("utf-8", "replace")) if listed else columns.get(table, [])
        table = table.removeprefix(prefix or "")
        while opened := _OPEN.match(data, at):
            at = begun = opened.end()
            values: list[str | None] = []
            while value := _VALUE.match(data, at):
                at = value.end()
                if (text := value["text"]) is not None:
                    values.append(
                        encoded.raw(_ESCAPED.sub(_unescaped, text) if b"\\" in text or b"''" in text else text)
                    )
                else:
                    values.append(None if value["bare"] == b"NULL" else encoded.raw(value["bare"]))
                if value["next"] == b")":
                    break
            else:
                troubles.append(
                    Trouble(
                        f"byte:{begun}",
                        noted("a row of {table} cannot be read", table=table),
                        data[begun : begun + _KEPT],
                    )
                )
                again = _AGAIN.search(data, begun)
                at = again.end() if again else len(data)
                continue
            if table in _TABLES and len(values) == len(names):
                yield table, dict(zip(names, values, strict=True))
            elif table in _TABLES:
                reason = noted(
                    "a row of {table} has {values} values for {names} columns",
                    table=table,
                    values=len(values),
                    width=len(names),
                )
                troubles.append(Trouble(f"byte:{at}", reason, repr(values).encode()[:_KEPT]))


def _sql(data: mmap.mmap) -> tables.Facts:
    """Yield the facts of a dump: its tables put together as the JSON of the same account has them."""
    troubles: list[Trouble] = []
    found: dict[str, list[Row]] = defaultdict(list)
    for table, row in _sql_rows(data, troubles):
        found[table].append(row)
    for trouble in troubles:
        yield trouble, 0.0
    account = _Account()
    by_id = {table: {row.get("id"): row for row in rows} for table, rows in found.items()}
    uuids = {row.get("id"): _text(row.get("uuid")) or f"contact-{row.get('id')}" for row in found["contacts"]}
    for table in ("activity_types", "contact_field_types", "life_event_types", "activity_type_categories"):
        for row in found[table]:
            told = dict(row)
            told["translation_key"] = row.get("translation_key") or row.get("default_life_event_type_key")
            told["category"] = f"activity_type_categories:{row.get('activity_type_category_id')}"
            account.types[f"{table}:{row.get('id')}"] = told
    users = [{**row, "properties": {"me_contact": uuids.get(row.get("me_contact_id"), "")}} for row in found["users"]]
    _take_owner(account, users, "")
    account.names = {uuids[row.get("id")]: _name(row) for row in found["contacts"]}
    for row in found["relationships"]:
        kind = by_id.get("relationship_types", {}).get(row.get("relationship_type_id"), {})
        pair = (_text(kind.get("name")), uuids.get(row.get("of_contact"), ""))
        account.relations[uuids.get(row.get("contact_is"), "")].append(pair)
    for row in found["activities"]:
        told = {**row, "type": f"activity_types:{row.get('activity_type_id')}"}
        account.activities[_text(row.get("id"))] = {"properties": told}
    account.documents = {_text(row.get("id")): _text(row.get("original_filename")) for row in found["documents"]}
    days = {row.get("journalable_id"): row.get("date") for row in found["journal_entries"] if _of_entry(row)}
    entries = [{**row, "date": days.get(row.get("id")) or row.get("created_at")} for row in found["entries"]]
    account.journal = [_journal({"properties": row}) for row in (*entries, *found["days"])]
    of: dict[str, dict[Any, list[Row]]] = {}
    for table in (*_OF_CONTACT, "activity_contact", "contact_tag", "contact_photo", "documents"):
        of[table] = defaultdict(list)
        for row in found[table]:
            of[table][row.get("contact_id")].append(row)
    messages: dict[Any, list[Row]] = defaultdict(list)
    for row in found["messages"]:
        messages[row.get("conversation_id")].append({"properties": row})
    for row in found["activity_contact"]:
        account.present[_text(row.get("activity_id"))].append(uuids.get(row.get("contact_id"), ""))

    def contact(row: Row) -> Row:
        own = row.get("id")
        special = by_id.get("special_dates", {})
        props = {
            **row,
            "birthdate": special.get(row.get("birthday_special_date_id")),
            "deceased_date": special.get(row.get("deceased_special_date_id")),
            "first_met_date": special.get(row.get("first_met_special_date_id")),
            "first_met_through": uuids.get(row.get("first_met_through_contact_id"), ""),
            "tags": [
                _text(by_id.get("tags", {}).get(tag.get("tag_id"), {}).get("name")) for tag in of["contact_tag"][own]
            ],
        }
        data = [
            {
                "type": kind,
                "values": [{"properties": _resolved(table, one, by_id, messages, uuids)} for one in of[table][own]],
            }
            for table, kind in _OF_CONTACT.items()
        ]
        data += [
            {"type": "activity", "values": [_text(one.get("activity_id")) for one in of["activity_contact"][own]]},
            {"type": "photo", "values": [_text(one.get("photo_id")) for one in of["contact_photo"][own]]},
            {"type": "document", "values": [_text(one.get("id")) for one in of["documents"][own]]},
        ]
        kept = [one for one in data if one["values"]]
        return {"uuid": uuids[own], "updated_at": row.get("updated_at"), "properties": props, "data": kept}

    yield from _all(account, map(contact, found["contacts"]), len(found["contacts"]))
    there = {row.get("id") for row in found["conversations"]}
    for table in (*_OF_CONTACT, "messages"):
        for row in found[table]:
            if row.get("contact_id") not in uuids or (table == "messages" and row.get("conversation_id") not in there):
                reason = noted("it belongs to nobody in the dump")
                yield Trouble(f"{table}:{row.get('id')}", reason, msgspec.json.encode(row)[:_KEPT]), 1.0


_OF_CONTACT = {
    "calls": "call",
    "contact_fields": "contact_field",
    "debts": "debt",
    "gifts": "gift",
    "notes": "note",
    "reminders": "reminder",
    "tasks": "task",
    "addresses": "address",
    "pets": "pet",
    "conversations": "conversation",
    "life_events": "life_event",
    "occupations": "occupation",
}


def _of_entry(row: Row) -> bool:
    return _text(row.get("journalable_type")).endswith("Entry")


def _resolved(
    table: str,
    row: Row,
    by_id: Mapping[str, Mapping[Any, Row]],
    messages: Mapping[Any, list[Row]],
    uuids: Mapping[Any, str],
) -> Row:
    """Return a row of a contact's table with what it refers to, as the JSON has it."""
    if table == "contact_fields":
        return {**row, "type": f"contact_field_types:{row.get('contact_field_type_id')}"}
    if table == "life_events":
        return {**row, "type": f"life_event_types:{row.get('life_event_type_id')}"}
    if table == "addresses":
        return {**by_id.get("places", {}).get(row.get("place_id"), {}), "name": row.get("name")}
    if table == "conversations":
        told = {**row, "contact_field_type": f"contact_field_types:{row.get('contact_field_type_id')}"}
        return {
            **told,
            "happened_at": row.get("happened_at") or row.get("created_at"),
            "messages": messages[row.get("id")],
        }
    if table == "occupations":
        return {**row, "company": by_id.get("companies", {}).get(row.get("company_id"), {}).get("name")}
    if table == "gifts":
        return {**row, "recipient": uuids.get(row.get("recipient_id"), "")}
    return row


def _facts(path: Path) -> tables.Facts:
    with path.open("rb") as file:
        if not path.stat().st_size:
            yield Trouble(1, noted("the file is empty")), 1.0
            return
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    brace = data.find(b"{")
    before = data[: max(brace, 0)].strip(b"\xef\xbb\xbf \t\r\n")
    if brace < 0 or (before and _STATEMENT.search(data)):
        yield from _sql(data)
        return
    if before:
        yield Trouble("byte:0", noted("what stands before the account cannot be read"), before[:_KEPT]), 0.0
    yield from _json(data, brace)


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the owner's card, the cards with their moments, then the activities, with a mark about every 2,000.

    Places name the object: "contact:UUID", "call:UUID:1", "activity:UUID".
    Raises OSError where the file cannot be opened.
    """
    yield from tables.take_up(path, since, partial(_facts, path), _BATCH)
