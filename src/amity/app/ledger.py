"""The ledger: what the owner tells of their contacts, in a sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import blake2b

from msgspec import Struct

from amity.app.desk import Desk
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.owner import SELF, owner_of
from amity.app.people import Unknown, identify
from amity.app.reading import keep_one
from amity.errors import AmityError, Code
from amity.handles import handle as spell
from amity.language import day, label, listed, month_and_year, say
from amity.ledger.sentence import Said, read_sentence
from amity.model import Handle, Moment, Party, Role
from amity.people.forms import Standing, fits, meant
from amity.store import decisions, derived, evidence, search

MOST_ALIKE = 50  # people who bear one name and are weighed against each other


class Logged(Struct, frozen=True):
    """What was understood of a sentence and kept."""

    people: tuple[str, ...]
    ids: tuple[str, ...]  # "" for somebody who was not known before
    channel: str
    direction: str
    on: date
    imprecise: bool
    minutes: int
    depth: str
    subject: str
    summary: str


@operation(Effect.WRITE)
def log(desk: Desk, sentence: str, key: str = "") -> Logged:
    """Keep a contact that the owner tells in a sentence, such as "coffee with Ana yesterday"; undo takes it back.

    Raises AmityError USAGE for a sentence that is not understood, NOT_FOUND for a name that several people bear
    of whom none is clearly meant.
    """
    database = desk.database
    earlier = decisions.repeated(database, key, "log", {"sentence": sentence})
    # What is told again was told on its own day: "yesterday" stays the day that it was.
    said = read_sentence(sentence, date.fromisoformat(earlier.today) if earlier else desk.today)
    refresh(desk)
    people = [_who(desk, name) for name in said.people]
    summary = _words(said, [name for _, name in people])
    mine = Role.TO if said.direction == "received" else Role.FROM
    theirs = Role.FROM if said.direction == "received" else Role.TO
    others = (Party(theirs, name if spell(name).kind == "name" else "", handle) for handle, name in people)
    key = key or decisions.new_key()
    noon = int(datetime(said.on.year, said.on.month, said.on.day, 12, tzinfo=UTC).timestamp()) - desk.offset
    moment = Moment(
        key=blake2b(f"log {key}".encode(), digest_size=16).digest(),
        at=noon,
        channel=said.channel,
        parties=(Party(mine, "", SELF), *others),
        subject=said.subject,
        place=sentence,
        depth=said.depth,
        minutes=said.minutes,
        imprecise=said.imprecise,
    )
    with database.transaction():
        if not decisions.repeated(database, key, "log", {"sentence": sentence}):
            decision = desk.record(key, "log", summary, {"sentence": sentence})
            keep_one(desk, moment, decision)
    return Logged(
        tuple(name for _, name in people),
        tuple("" if _is_new(handle) else handle.value for handle, _ in people),
        said.channel.word,
        said.direction,
        said.on,
        said.imprecise,
        said.minutes,
        said.depth.name.lower(),
        said.subject,
        summary,
    )


class FoundLine(Struct, frozen=True):
    """A fact that a body shows: proposed with its evidence, not recorded."""

    id: str
    kind: str  # "promise" | "request" | "thanks" | "introduction" | "signature"
    by: str  # a person's id, "" for the owner
    name: str
    on: date
    sentence: str
    people: tuple[str, ...]  # names of whom it concerns besides
    values: dict[str, str]


class SearchLine(Struct, frozen=True):
    """A message whose kept words hold what was looked for."""

    id: str
    on: date
    subject: str
    people: tuple[str, ...]
    excerpt: str


@operation(Effect.READ)
def search_text(desk: Desk, query: str, limit: int = 20) -> tuple[SearchLine, ...]:
    """Find messages by their words, newest first, among those imported with their text kept."""
    refresh(desk)
    database = desk.database
    match = search.match(query)
    if not match:
        raise AmityError(Code.USAGE, say("Say what to look for."), say("For example `amity search the boat`."))
    held = dict(evidence.search_texts(database, match, evidence.withdrawn(database), desk.end, limit))
    moments = evidence.moments(database, held)
    behind = search.people_of(database, {handle for moment in moments for handle, _ in moment.parties})
    mine = owner_of(database).numbers
    return tuple(
        SearchLine(
            f"m{moment.id}",
            desk.day(moment.at),
            moment.subject,
            tuple(dict.fromkeys(behind[h][1] for h, _ in moment.parties if h in behind and h not in mine)),
            held[moment.id],
        )
        for moment in moments
    )


@operation(Effect.READ)
def found(desk: Desk, person: str = "", kind: str = "", limit: int = 50) -> tuple[FoundLine, ...]:
    """List what bodies show, newest first: promises, requests, thanks, introductions, signatures, with the sentence."""
    refresh(desk)
    database = desk.database
    by = derived.belongs_to(database, [identify(desk, person)]) if person else None
    held = evidence.findings(database, evidence.withdrawn(database), desk.end, by=by, kind=kind, limit=limit)
    lines = []
    for one in held:
        writer = search.person_of(database, one.by)
        listed = search.person(database, writer) if writer is not None else None
        mine = listed is not None and listed.person.kind == "me"
        lines.append(
            FoundLine(
                id=f"found {one.id}",
                kind=one.kind,
                by=f"p{listed.person.id}" if listed and not mine else "",
                name=listed.person.name if listed else one.by.value,
                on=desk.day(one.at),
                sentence=one.sentence,
                people=tuple(handle.value for handle in one.people),
                values=dict(one.values),
            )
        )
    return tuple(lines)


def _is_new(handle: Handle) -> bool:
    return handle.kind != "person"


def _who(desk: Desk, name: str) -> tuple[Handle, str]:
    """Return the handle that stands for a person who is named, and their name; somebody new goes by the name given.

    Of several who bear a name it is the one who is clearly meant, since they were in touch lately and the others not.
    """
    try:
        number = identify(desk, name)
    except Unknown:
        return spell(name), name
    except AmityError as several:
        clear = _clearly(desk, name) if several.code is Code.NOT_FOUND else None
        if clear is None:
            raise
        number = clear
    listed = search.person(desk.database, number)
    return Handle("person", f"p{number}"), listed.person.name if listed else name


def _clearly(desk: Desk, name: str) -> int | None:
    """Return whom a name that several bear means, by how it fits and by their ties; None where it is not clear."""
    standings = {}
    for person, tie in search.find(desk.database, name, MOST_ALIKE):
        fit = fits(name, (person.name, *person.body["aliases"]))
        if fit:
            ago = max(0.0, (desk.end - tie.last) / 86_400) if tie else None
            standings[person.id] = Standing(fit, seen=tie.days if tie else 0.0, seen_ago=ago)
    return meant(standings, is_one=True)


def _words(said: Said, names: list[str]) -> str:
    """Say back what was understood."""
    who = listed(names)
    about = f" ({said.subject})" if said.subject else ""
    when = say("on {day}", day=day(said.on))
    if said.imprecise:
        when = say("around {month}", month=month_and_year(said.on))
    channel = label("channel", said.channel.word)
    figures = {"channel": channel[:1].upper() + channel[1:], "who": who + about, "when": when}
    if said.direction == "met":
        return say("{channel} with {who}, {when}", **figures)
    return (
        say("{channel} to {who}, {when}", **figures)
        if said.direction == "sent"
        else say("{channel} from {who}, {when}", **figures)
    )
