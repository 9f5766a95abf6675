"""Asks: hold a message against what makes an ask honest, and against what has been between the two."""

from __future__ import annotations

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from amity.app import entries, paths, people
from amity.app.contacts import contacts_of
from amity.app.desk import Desk
from amity.app.entries import EntryLine
from amity.app.freshness import refresh
from amity.app.operation import Effect, operation
from amity.app.people import Unknown, identify
from amity.errors import AmityError, Code
from amity.language import listed, say
from amity.ledger.entries import ME
from amity.plan.asking.composing import Draft, compose
from amity.plan.asking.following import follow
from amity.plan.asking.history import SILENT, Asked, Deed, History
from amity.plan.asking.languages import LANGUAGES
from amity.plan.asking.languages import language as speech_of
from amity.plan.asks import Check, check
from amity.plan.pacing import Beat, Rules, rhythm
from amity.plan.words import first_name
from amity.store import search

LIMIT = 1_000_000  # characters of a message
CONTACTS = 200  # of the newest contacts that are held against the asks among them
ENDED = {
    "answered": "granted",
    "met": "granted",
    "thanked": "granted",
    "declined": "declined",
    "no_answer": "unanswered",
}
GIVEN = frozenset(("gift", "introduction", "recommendation"))


class Composed(Struct, frozen=True):
    """An ask put together: three forms in the owner's own words, and what the coach says of it."""

    short: str
    long: str
    blurb: str
    name: str  # how whoever is asked is addressed
    check: Check  # of the long form


class AskLine(Struct, frozen=True):
    """An ask that the owner made, and what comes next of it."""

    entry: EntryLine
    step: str  # send, wait, remind, listen, rest, thank, tell or done
    words: str
    until: date | None
    choices: tuple[str, ...]


class Polished(Struct, frozen=True):
    """A message worded anew by the owner's own model; `text` is empty until it was sent."""

    to: str
    leaves: str  # exactly what leaves, or has left, the machine
    text: str
    check: Check | None


@operation(Effect.READ, takes_text=True, blank=("text",))
def check_ask(desk: Desk, text: str, to: str = "") -> Check:
    """Find the five pointers of an honest ask in a message, and what turns it sour; `to` brings in what has been.

    Raises AmityError USAGE for a message longer than a million characters, NOT_FOUND for a name that nobody or several
    people bear; an address that is not known belongs to somebody who was never written to.
    """
    if len(text) > LIMIT:
        raise AmityError(
            Code.USAGE,
            say("The message is longer than {limit:,} characters.", limit=LIMIT),
            say("Nobody would read it."),
        )
    return check(text, history(desk, to), desk.today) if to else check(text)


@operation(Effect.READ, takes_text=True, words={"language": tuple(LANGUAGES)})
def compose_ask(
    desk: Desk,
    intent: str,
    *,
    benefit: str = "",
    specifics: str = "",
    time: str = "",
    out: str = "",
    to: str = "",
    me: str = "",
    when: str = "",
    formal: bool = False,
    language: str = "en",
) -> Composed:
    """Put an ask together from the five things it says, in the owner's own words: short, long, and to be forwarded.

    `to` brings in what has been; a name that nobody bears is taken as it is. Nothing is sent or kept. Raises AmityError
    USAGE where nothing is asked, or for a language that there is not.
    """
    if not intent.strip():
        raise AmityError(Code.USAGE, say("There is nothing to ask for."), say("Say what you want of them."))
    if language not in LANGUAGES:
        raise AmityError(
            Code.USAGE,
            say("There is no language {language!r}.", language=language),
            say("Say one of: {words}.", words=", ".join(LANGUAGES)),
        )
    name, past = recipient(desk, to) if to else ("", None)
    speech = speech_of(language)
    letter = compose(Draft(intent, benefit, specifics, time, out, name, me, when, formal), speech)
    return Composed(letter.short, letter.long, letter.blurb, name, check(letter.long, past, desk.today, name=language))


def recipient(desk: Desk, to: str) -> tuple[str, History | None]:
    """Return how to address somebody, and what has been between the two where the vault knows them."""
    try:
        past = history(desk, to)
    except AmityError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return to, None
    return past.name, past


@operation(Effect.READ)
def under_way(desk: Desk, person: str = "", *, every: bool = False, limit: int = 50) -> tuple[AskLine, ...]:
    """List the asks that the owner made, newest first, each with what comes next; `every` lists what is done too."""
    refresh(desk)
    who = f"p{identify(desk, person)}" if person else ""
    mine = [
        one for one in entries.entries_of(desk) if one.kind == "ask" and one.by == ME and (not who or who in one.people)
    ]
    of = {one.id: int(one.people[0][1:]) for one in mine if one.people and one.people[0]}
    beats = contacts_of(desk, sorted(set(of.values())), CONTACTS)
    ours = desk.settings
    rules = Rules(ours.reply_days, ours.reminders, ours.rest_days, ours.gifts_first)
    lines = []
    for one in reversed(mine):
        told = rhythm(Beat(*beat) for beat in beats.get(of.get(one.id, 0), ()))
        next_ = follow(one, told, desk.today, rules)
        if every or next_.step != "done":
            lines.append(AskLine(entries.line_of(one), *next_))
    return tuple(lines[:limit])


def polish(desk: Desk, text: str, *, send: bool = False) -> Polished:
    """Have one message worded anew by the model that the settings point to; without `send`, show what would leave.

    Raises AmityError USAGE where no model is set, REFUSED where it is of no help.
    """
    if desk.polisher is None:
        raise AmityError(
            Code.USAGE,
            say("No model is set that could word it anew."),
            say("Point to one of your own: `amity settings polish_at http://127.0.0.1:8080/v1/chat/completions`."),
        )
    leaves = desk.polisher.request(text)
    if not send:
        return Polished(desk.polisher.address, leaves, "", None)
    worded = desk.polisher.polish(text)
    return Polished(desk.polisher.address, leaves, worded, check(worded))


def history(desk: Desk, to: str) -> History:
    """Gather what has been between the owner and a person, as of the desk's day."""
    refresh(desk)
    try:
        number = identify(desk, to)
    except Unknown:
        if "@" not in to:
            raise
        return _with_path(desk, to, History(to))
    row = search.person(desk.database, number)
    if row is None:
        raise AmityError(Code.NOT_FOUND, say("Nobody is known as {to!r}.", to=to))
    who = f"p{number}"
    contacts = [one for one in people.contacts(desk, who, CONTACTS).contacts if one.way != "aside"]
    balance = entries.balance(desk, who, limit=CONTACTS)
    waiting = {(loop.kind, loop.entry) for loop in balance.loops}
    found = [
        one for one in entries.proposals(desk, CONTACTS) if one.by == ME and who in {near.id for near in one.people}
    ]

    def deed(line: EntryLine) -> Deed:
        is_open = any((kind, line.id) in waiting for kind in ("promise", "thanks", "outcome"))
        return Deed(line.on, _what(line), is_open)

    def owed(line: EntryLine) -> str:
        return next((kind for kind in ("thanks", "outcome") if (kind, line.id) in waiting), "")

    given = tuple(deed(line) for line in balance.entries if line.kind in GIVEN and line.by == ME)
    received = tuple(deed(line) for line in balance.entries if line.kind in GIVEN and line.by != ME)
    asked = [
        Asked(line.on, line.text, ENDED.get(line.status, "open"), owed(line))
        for line in balance.entries
        if line.kind == "ask" and line.by == ME and line.status != "draft"
    ]
    asked += [Asked(one.on, one.text) for one in found if one.kind == "ask"]
    promised = [deed(line) for line in balance.entries if line.kind == "promise" and line.by == ME]
    promised += [Deed(one.on, one.text, True) for one in found if one.kind == "promise"]
    known = History(
        name=first_name(row.person.name) or row.person.name,
        last=max((one.on for one in contacts), default=None),
        wrote=tuple(one.on for one in contacts if one.way == "sent"),
        given=given,
        received=received,
        asked=tuple(asked),
        promised=tuple(promised),
        waiting=tuple(deed(line) for line in balance.entries if ("ask", line.id) in waiting),
        agenda=tuple(one.value for one in people.page_of(desk, number, private=False).agenda if not one.stale),
        agenda_asked=True,
        initiative=row.tie.initiative if row.tie else None,
    )
    return known if _warm(known.last, desk.today) else _with_path(desk, who, known)


def _what(line: EntryLine) -> str:
    """Name what was done; an introduction goes by those who were brought together where nothing else is said of it."""
    if line.text or line.kind != "introduction":
        return line.text
    return say("an introduction of {names}", names=listed([one.name for one in line.people]))


def _warm(last: date | None, today: date) -> bool:
    return last is not None and (today - last).days <= SILENT


def _with_path(desk: Desk, who: str, known: History) -> History:
    """Add whoever might bring the two together, where somebody is known to."""
    try:
        found = paths.find(desk, who, 1)
    except AmityError as error:
        if error.code is not Code.NOT_FOUND:
            raise
        return known
    return replace(known, path=found.paths[0].steps[0].to) if found.paths else known
