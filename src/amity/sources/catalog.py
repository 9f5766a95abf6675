"""Every source at a glance: what it reads, how it is recognised, where it is read. Imports none of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

from msgspec import Struct

from amity.errors import AmityError, Code
from amity.language import mark, say
from amity.model import Item, LiveReader, Reader, Since
from amity.sources import quarantine

HEAD = 4096  # bytes of a file that a source may look at to recognise it

Recognise = Callable[[Path, bytes], bool]


class Source(Struct, frozen=True):
    """One kind of archive."""

    name: str
    reads: str
    channel: str  # what most of it holds: a channel's word, "cards", or "any"
    recognise: str  # "module:function" of path and the file's first bytes
    read: str  # "module:function"
    schemes: tuple[str, ...] = ()  # of a live source: how its addresses begin
    guarded: bool = True  # read in a child process; the header scan of mail is linear code of our own, and is not


SOURCES = (
    Source(
        name="maildir",
        reads=mark("a Maildir with its subfolders"),
        channel="mail",
        recognise="amity.sources.maildir:recognise",
        read="amity.sources.maildir:read",
        guarded=False,
    ),
    Source(
        name="thunderbird",
        reads=mark("a Thunderbird profile"),
        channel="mail",
        recognise="amity.sources.thunderbird:recognise",
        read="amity.sources.thunderbird:read",
        guarded=False,
    ),
    Source(
        name="emlx",
        reads=mark("Apple Mail's own store, .emlx"),
        channel="mail",
        recognise="amity.sources.emlx:recognise",
        read="amity.sources.emlx:read",
        guarded=False,
    ),
    Source(
        name="eml",
        reads=mark("mail as one file a message, .eml, single or in folders"),
        channel="mail",
        recognise="amity.sources.eml:recognise",
        read="amity.sources.eml:read",
        guarded=False,
    ),
    Source(
        name="mbox",
        reads=mark("mail in one file, as most programs export it"),
        channel="mail",
        recognise="amity.sources.mbox:recognise",
        read="amity.sources.mbox:read",
        guarded=False,
    ),
    Source(
        name="vcard",
        reads=mark("contacts: a .vcf file or a folder of them, vCard 2.1 to 4.0"),
        channel="cards",
        recognise="amity.sources.vcard:recognise",
        read="amity.sources.vcard:read",
    ),
    Source(
        name="icalendar",
        reads=mark("a calendar: .ics files or a folder of them"),
        channel="meeting",
        recognise="amity.sources.ics:recognise",
        read="amity.sources.ics:read",
    ),
    Source(
        name="slack",
        reads=mark("a workspace's export from Slack"),
        channel="chat",
        recognise="amity.sources.slack:recognise",
        read="amity.sources.slack:read",
    ),
    Source(
        name="discord",
        reads=mark("Discord's data package"),
        channel="chat",
        recognise="amity.sources.discord:recognise",
        read="amity.sources.discord:read",
    ),
    Source(
        name="meta",
        reads=mark("messages of Facebook and Instagram: JSON, a folder or one thread"),
        channel="chat",
        recognise="amity.sources.meta:recognise",
        read="amity.sources.meta:read",
    ),
    Source(
        name="telegram",
        reads=mark("Telegram's result.json"),
        channel="chat",
        recognise="amity.sources.telegram:recognise",
        read="amity.sources.telegram:read",
    ),
    Source(
        name="signal",
        reads=mark("Signal's own export, or a chat's folder of signal-export"),
        channel="chat",
        recognise="amity.sources.signal:recognise",
        read="amity.sources.signal:read",
    ),
    Source(
        name="imessage",
        reads=mark("Messages of macOS: chat.db"),
        channel="chat",
        recognise="amity.sources.imessage:recognise",
        read="amity.sources.imessage:read",
    ),
    Source(
        name="sms",
        reads=mark("texts and calls of Android: XML of SMS Backup & Restore"),
        channel="chat",
        recognise="amity.sources.sms:recognise",
        read="amity.sources.sms:read",
    ),
    Source(
        name="linkedin-messages",
        reads=mark("LinkedIn's messages.csv"),
        channel="chat",
        recognise="amity.sources.linkedin_messages:recognise",
        read="amity.sources.linkedin_messages:read",
    ),
    Source(
        name="whatsapp",
        reads=mark("a chat exported from WhatsApp: .txt or its folder"),
        channel="chat",
        recognise="amity.sources.whatsapp:recognise",
        read="amity.sources.whatsapp:read",
    ),
    Source(
        name="linkedin",
        reads=mark("LinkedIn's Connections.csv"),
        channel="cards",
        recognise="amity.sources.linkedin:recognise",
        read="amity.sources.linkedin:read",
    ),
    Source(
        name="call-log",
        reads=mark("a phone's calls as a table: .csv"),
        channel="call",
        recognise="amity.sources.call_log:recognise",
        read="amity.sources.call_log:read",
    ),
    Source(
        name="monica",
        reads=mark("an export of Monica 4: .json or .sql"),
        channel="cards",
        recognise="amity.sources.monica:recognise",
        read="amity.sources.monica:read",
    ),
    Source(
        name="cmif",
        reads=mark("letters between people: CMIF, TEI correspDesc"),
        channel="letter",
        recognise="amity.sources.cmif:recognise",
        read="amity.sources.cmif:read",
    ),
    Source(
        name="interactions",
        reads=mark("a table of contacts: .csv, .csv.gz, .csv.xz"),
        channel="any",
        recognise="amity.sources.interactions:recognise",
        read="amity.sources.interactions:read",
    ),
    Source(
        name="contacts-csv",
        reads=mark("contacts of Google, Outlook, Dex, Clay or any table: .csv"),
        channel="cards",
        recognise="amity.sources.contacts_csv:recognise",
        read="amity.sources.contacts_csv:read",
    ),
)
LIVE: tuple[Source, ...] = (
    Source(
        name="imap",
        reads=mark("mail on a server, read-only: imaps://you@host"),
        channel="mail",
        recognise="",
        read="amity.sources.imap:read",
        schemes=("imap", "imaps"),
    ),
    Source(
        name="caldav",
        reads=mark("calendars on a server: caldavs://you@host"),
        channel="meeting",
        recognise="",
        read="amity.sources.caldav:read",
        schemes=("caldav", "caldavs"),
    ),
    Source(
        name="carddav",
        reads=mark("address books on a server: carddavs://you@host"),
        channel="cards",
        recognise="",
        read="amity.sources.carddav:read",
        schemes=("carddav", "carddavs"),
    ),
)


def _load(reference: str) -> object:
    module, _, name = reference.partition(":")
    return cast(object, getattr(import_module(module), name))


def open_reader(source: Source) -> Reader:
    """Import a source's module and return its reader, which runs in this process."""
    return cast(Reader, _load(source.read))


def read_safely(source: Source, path: Path, since: Since) -> Iterator[Item]:
    """Read a source where a hang or a crash costs one item: in a child process, but for the linear scan of headers."""
    if source.guarded or since.inside:
        return quarantine.guarded(source.read, path, since)
    return open_reader(source)(path, since)


def open_live_reader(source: Source) -> LiveReader:
    """Import a live source's module and return its reader. Raises AmityError where a package it needs is missing."""
    try:
        return cast(LiveReader, _load(source.read))
    except ModuleNotFoundError as error:
        raise AmityError(
            Code.REFUSED,
            say("Reading {source} needs the package {package}.", source=source.name, package=error.name),
            say("Install amity[live]."),
        ) from error


def live(address: str, name: str = "") -> Source | None:
    """Return the live source that an address such as imaps://ana@mail.example names, None for a path."""
    scheme, mark, _ = address.partition("://")
    if not mark:
        return None
    for source in LIVE:
        if scheme.lower() in source.schemes or source.name == name:
            return source
    known = ", ".join(f"{scheme}://" for source in LIVE for scheme in source.schemes)
    raise AmityError(
        Code.USAGE,
        say("Amity does not read {scheme}:// addresses.", scheme=scheme),
        say("It reads {known}.", known=known),
    )


def by_name(name: str) -> Source:
    """Return a source by its name. Raises AmityError with code USAGE."""
    for source in SOURCES:
        if source.name == name.strip().lower():
            return source
    raise AmityError(
        Code.USAGE,
        say('There is no source "{name}".', name=name),
        say("Sources: {sources}.", sources=", ".join(sorted(s.name for s in SOURCES))),
    )


def recognise(path: Path) -> Source | None:
    """Return the source that a file or folder is, by its content, or None. Raises OSError where it cannot be opened."""
    head = b""
    if not path.is_dir():
        if not path.is_file():
            return None
        with path.open("rb") as file:
            head = file.read(HEAD)
    for source in SOURCES:
        if cast(Recognise, _load(source.recognise))(path, head):
            return source
    return None


def discover(path: Path) -> list[tuple[Source, Path]]:
    """Return every source at or below a path, in the order of their names; hidden files, links and what
    below it cannot be opened are left alone.

    A folder that is a source as a whole is not looked into. Raises OSError where the path itself cannot be opened.
    """
    found: list[tuple[Source, Path]] = []
    waiting = [path]
    while waiting:
        here = waiting.pop()
        try:
            source = recognise(here)
            children = sorted(here.iterdir()) if source is None and here.is_dir() else []
        except OSError:
            if here == path:
                raise
            continue
        if source is not None:
            found.append((source, here))
        waiting += [child for child in reversed(children) if not child.name.startswith(".") and not child.is_symlink()]
    return found
