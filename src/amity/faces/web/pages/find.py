"""Find: people, pages and actions by a few letters; the keys of the pages; a line to log from anywhere."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from amity.app import people
from amity.app.desk import Desk
from amity.app.people import PersonLine
from amity.faces.web.pages.more import SECTIONS
from amity.language import mark, say
from amity.ledger.sentence import EXAMPLES

PEOPLE = 8
ENOUGH = 3  # letters by which what a page is for is looked through, and not its name alone
# "g" and then the letter.
PLACES = {
    "t": "/",
    "p": "/people",
    "c": "/circles",
    "l": "/ledger",
    "a": "/asks",
    "g": "/goals",
    "e": "/encounters",
    "i": "/introductions",
    "w": "/paths",
    "v": "/map",
    "k": "/week",
    "y": "/mirror",
    "f": "/portfolio",
    "b": "/letter",
    "r": "/review",
    "s": "/sources",
    "h": "/history",
    "o": "/settings",
    "m": "/more",
}
KEYS = (
    ("/", mark("Search on this page, or find anything")),
    (mark("Ctrl K"), mark("Find people, pages and actions")),
    ("l", mark("Log whom you saw")),
    ("u", mark("Undo what was just done")),
    ("j k", mark("The next, the one before")),
    ("x", mark("Select the person in hand")),
    ("?", mark("These keys")),
    ("Esc", mark("Close")),
)
FIXED = (
    ("/", mark("Today"), mark("Whom to think of today.")),
    ("/people", mark("People"), mark("Everybody you know.")),
)
ACTIONS = (
    ("/log", mark("Log whom you saw"), mark("A sentence is enough.")),
    ("/sources", mark("Read more files"), mark("Mail, contacts, calendars, chats.")),
    ("/history", mark("Undo something"), mark("What you did, newest first.")),
    ("/welcome/few", mark("Say who your critical few are"), mark("Amity's guess, and your word.")),
    ("/welcome/closer", mark("Ten quick questions: who is closer"), mark("They teach Amity what no archive shows.")),
    ("/keys", mark("Keys"), mark("Every page and action by keyboard.")),
)


class Hit(Struct, frozen=True):
    """A page or an action."""

    address: str
    name: str
    words: str


class FindContext(Struct, frozen=True):
    """What was found."""

    query: str
    people: tuple[PersonLine, ...]
    pages: tuple[Hit, ...]
    actions: tuple[Hit, ...]


class KeysContext(Struct, frozen=True):
    """Every key and what it does."""

    keys: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str, str], ...]  # letter, address, name


class LogContext(Struct, frozen=True):
    """The line to log, with what was typed and why it was not understood."""

    sentence: str
    trouble: str
    back: str
    example: str = EXAMPLES[0]


def context(desk: Desk, query: str) -> FindContext:
    """Gather who and what a few letters may mean; without any, every page and action."""
    found = people.find(desk, query, limit=PEOPLE).people if query.strip() else ()
    return FindContext(query, found, _named(query, pages()), _named(query, ACTIONS))


def pages() -> tuple[tuple[str, str, str], ...]:
    """Return every page: address, name and what it is for."""
    return (*FIXED, *(page for _, listed in SECTIONS for page in listed))


def keys() -> KeysContext:
    """Gather the keys: of every page that has a letter, and of what can be done everywhere."""
    names = {address: name for address, name, _ in (*pages(), ("/more", "More", ""))}
    places = tuple((letter, address, names[address]) for letter, address in PLACES.items() if address in names)
    return KeysContext(KEYS, places)


def _named(query: str, candidates: Iterable[tuple[str, str, str]]) -> tuple[Hit, ...]:
    """Return those of which every word of the query begins a word; where the name does, before the others."""
    wanted = query.casefold().split()
    loose = all(len(word) >= ENOUGH for word in wanted)
    hits = [
        (not _begins(wanted, name), Hit(address, name, words))
        for address, name, words in ((address, say(name), say(words)) for address, name, words in candidates)
        if _begins(wanted, f"{name} {words}" if loose else name)
    ]
    return tuple(hit for _, hit in sorted(hits, key=lambda one: one[0]))


def _begins(wanted: Iterable[str], text: str) -> bool:
    words = text.casefold().replace(",", " ").replace(".", " ").split()
    return all(any(word.startswith(part) for word in words) for part in wanted)
