"""Every source at a glance: what it reads, how it is recognised, where it is read. Imports none of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import cast

from amity.errors import AmityError, Code
from amity.model import LiveReader, Reader

HEAD = 4096  # bytes of a file that a source may look at to recognise it

Recognise = Callable[[Path, bytes], bool]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of archive."""

    name: str
    reads: str
    channel: str  # what most of it holds: a channel's word, "cards", or "any"
    recognise: str  # "module:function" of path and the file's first bytes
    read: str  # "module:function"
    schemes: tuple[str, ...] = ()  # of a live source: how its addresses begin


SOURCES = (
    Source(
        name="maildir",
        reads="a Maildir with its subfolders",
        channel="mail",
        recognise="amity.sources.maildir:recognise",
        read="amity.sources.maildir:read",
    ),
    Source(
        name="mbox",
        reads="mail in one file, as most programs export it",
        channel="mail",
        recognise="amity.sources.mbox:recognise",
        read="amity.sources.mbox:read",
    ),
    Source(
        name="vcard",
        reads="contacts: a .vcf file or a folder of them, vCard 2.1 to 4.0",
        channel="cards",
        recognise="amity.sources.vcard:recognise",
        read="amity.sources.vcard:read",
    ),
    Source(
        name="interactions",
        reads="a table of contacts: .csv, .csv.gz, .csv.xz",
        channel="any",
        recognise="amity.sources.interactions:recognise",
        read="amity.sources.interactions:read",
    ),
)

LIVE: tuple[Source, ...] = ()


def _load(reference: str) -> object:
    module, _, name = reference.partition(":")
    return cast(object, getattr(import_module(module), name))


def open_reader(source: Source) -> Reader:
    """Import a source's module and return its reader."""
    return cast(Reader, _load(source.read))


def open_live_reader(source: Source) -> LiveReader:
    """Import a live source's module and return its reader."""
    return cast(LiveReader, _load(source.read))


def live(address: str, name: str = "") -> Source | None:
    """Return the live source that an address such as imaps://ana@mail.example names, None for a path."""
    scheme, mark, _ = address.partition("://")
    if not mark:
        return None
    for source in LIVE:
        if scheme.lower() in source.schemes or source.name == name:
            return source
    known = ", ".join(f"{scheme}://" for source in LIVE for scheme in source.schemes)
    raise AmityError(Code.USAGE, f"Amity does not read {scheme}:// addresses.", f"It reads {known}.")


def by_name(name: str) -> Source:
    """Return a source by its name. Raises AmityError with code USAGE."""
    for source in SOURCES:
        if source.name == name.strip().lower():
            return source
    raise AmityError(
        Code.USAGE, f'There is no source "{name}".', f"Sources: {', '.join(sorted(s.name for s in SOURCES))}."
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
