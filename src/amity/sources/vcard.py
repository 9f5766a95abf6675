"""Contacts: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350), one file with any number of cards or a folder of files.

Every property is kept as it was read, known or not; embedded photos are counted and left out.
An organisation is the first part of ORG; its units stay in the card's text, as does whatever has no field here.
"""

from __future__ import annotations

import codecs
import re
from binascii import Error as NoBase64
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import IO, NamedTuple

from amity import handles
from amity.language import mark, noted
from amity.model import Card, Handle, Item, Known, Mark, Position, Since, Trouble
from amity.sources import dates, encoded, exact, quarantine

FILE_LIMIT = 1 << 30  # bytes of one file; more is no address book
CARD_LIMIT = 1 << 26  # bytes of one card; a larger one is cut there
_BLOCK = 1 << 20  # bytes that are read at once
_BATCH = 2000  # items between two marks
_KEPT = 4096
SHIFTED = mark("the file ends in half a letter: a byte is missing or too many, and what stands behind it unreadable")
_PHOTO_LIMIT = 500  # characters of a photo's value above which it is embedded and not a link

_EDGE = re.compile(r"^[ \t]*(?:(BEGIN)|END)[ \t]*:[ \t]*VCARD[ \t]*$", re.IGNORECASE | re.MULTILINE)
_AGENT = re.compile(r"(?:^|\n)(?:[^\n:;.]{1,64}\.)?AGENT(?:;[^\n:]*)?:[ \t]*\n?\Z", re.IGNORECASE)
_PHOTO = re.compile(
    r"^((?:[^\s:;.]{1,64}\.)?(?:PHOTO|LOGO|SOUND|KEY|X-[^\s:;]{0,32}PHOTO)"
    r"(?:;(?:[^\n:\"]|\"[^\"\n]*+\"|\n[ \t]){0,2000}+)?:)"  # macOS writes parameters that run over the fold
    r"([^\n]*(?:\n(?:[ \t][^\n]*|[A-Za-z0-9+/=]+(?=\n)))*)",
    re.IGNORECASE | re.MULTILINE,
)
_LINE = re.compile(
    r"^[ \t]*+(?:([^\s:;.\"]++)\.)?([^\s:;.\"]++)[ \t]*+((?:;(?:[^\":;\n]++|\"[^\"\n]*+\")*+)*+):(.*+)$", re.MULTILINE
)
_SOFT = re.compile(r"(QUOTED-PRINTABLE[^\n:]{0,200}+:[^\n]*+(?:(?<==)\n[^\n]*+)++)", re.IGNORECASE)
_TORN = re.compile(r"(QUOTED-PRINTABLE[^\n:]{0,200}+:[^\n]*+(?:\n=[0-9A-F]{2}[^\n]*+)++)", re.IGNORECASE)
_OLD = re.compile(r"^VERSION[ \t]*:[ \t]*2\.1", re.IGNORECASE | re.MULTILINE)
_ESCAPE = re.compile(r"\\([nN,;:\"\\])")  # the colon and the quote need none, and get one from some programs
_PARAM = re.compile(r';([^=;:"]*+)(=(?:[^";]++|"[^"]*+")*+)?')
_EMBEDDED = frozenset(("PHOTO", "LOGO", "SOUND", "KEY"))
_SURROGATES = re.compile("[\udc80-\udcff]")
_SEMICOLON = re.compile(r"(?<!\\)((?:\\\\)*);")
_COMMA = re.compile(r"(?<!\\)((?:\\\\)*),")
_DAY = re.compile(r"(\d{4}|--)-?(\d\d)-?(\d\d)(?:[T ].*)?$")
_LOOSE_DAY = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ].*)?$")
_MONTH = re.compile(r"(\d{4})(\d\d)$")
_BEGIN = re.compile(rb"[\r\n][ \t]*BEGIN[ \t]*:[ \t]*VCARD[ \t]*(?=[\r\n])", re.IGNORECASE)
_BEFORE_AGENT = re.compile(rb"AGENT(?:;[^\r\n:]*)?:[ \t\r\n]*\Z", re.IGNORECASE)
_ANGLE = re.compile(r"[^<>]*<\s*([^<>\s]+@[^<>\s]+)\s*>")


class Property(NamedTuple):
    """One line of a card: parameters by upper-case name, value unescaped only where its meaning asks for it."""

    group: str
    name: str
    params: dict[str, tuple[str, ...]]
    value: str


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file holds vCards, by its first bytes, or a folder nothing but files that do."""
    if path.is_dir():
        files = [child for child in path.iterdir() if not child.name.startswith(".")]
        return bool(files) and all(child.suffix.lower() in (".vcf", ".vcard") and child.is_file() for child in files)
    if charset := wide(head):
        head = head.decode(charset, "ignore").encode()
    return (
        re.search(rb"(?:^|[\r\n])[ \t]*BEGIN[ \t]*:[ \t]*VCARD", head.removeprefix(b"\xef\xbb\xbf"), re.I) is not None
    )


def wide(head: bytes) -> str:
    """Return the charset of two bytes a letter that a file is in, by its first bytes, or nothing."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if head[:8] == b"B\0E\0G\0I\0":
        return "utf-16-le"
    return "utf-16-be" if head[:8] == b"\0B\0E\0G\0I" else ""


def decode(data: bytes) -> str:
    """Decode a file; bytes that are no UTF-8 are kept as surrogates until a property says its charset."""
    if charset := wide(data):
        text = data.decode(charset, "replace").removeprefix("\ufeff")
    else:
        text = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "")


@lru_cache(maxsize=4096)
def _usual_params(text: str) -> dict[str, tuple[str, ...]]:
    return _params(text)


def _params(text: str) -> dict[str, tuple[str, ...]]:
    """Read `;TYPE=home,work;PREF`; a bare word is a type, as in vCard 2.1."""
    found: dict[str, list[str]] = {}
    for name, value in _PARAM.findall(text):
        name, value = name.strip().upper(), value[1:].strip()
        if not value:
            if name in ("QUOTED-PRINTABLE", "BASE64", "B", "8BIT", "7BIT"):
                name, value = "ENCODING", name
            elif name:
                name, value = "TYPE", name.lower()
            else:
                continue
        for part in value.split(","):
            told = part.strip().strip('"')
            if "^" in told:  # RFC 6868
                told = told.replace("^n", "\n").replace("^'", '"').replace("^^", "^")
            found.setdefault(name, []).append(told)
    return {name: tuple(told) for name, told in found.items()}


def _unfold(chunk: str, old: bool) -> str:
    """Join folded lines: RFC 6350 §3.2; vCard 2.1 folds at blanks, which belong to the text."""
    if "=\n" in chunk:
        chunk = _SOFT.sub(lambda match: match[1].replace("=\n", ""), chunk)
    if "\n=" in chunk:  # some phones break the line and do not say so
        chunk = _TORN.sub(lambda match: match[1].replace("\n=", "="), chunk)
    if "\n " not in chunk and "\n\t" not in chunk:
        return chunk
    if not old:
        return chunk.replace("\n ", "").replace("\n\t", "")
    pieces: list[str] = []
    width = 0
    for line in chunk.split("\n"):
        if line[:1] in (" ", "\t") and pieces:
            # A line cut at its full width was cut inside a word, as later versions do.
            pieces.append(line[1:] if width >= 72 else " " + line.lstrip())
        else:
            pieces.append("\n" + line if pieces else line)
        width = len(line)
    return "".join(pieces)


def _decoded(name: str, value: str, params: dict[str, tuple[str, ...]]) -> str:
    """Undo a property's transfer encoding and charset."""
    charset = params.get("CHARSET", ("utf-8",))[0]
    encoding = params.get("ENCODING", ("",))[0].upper()
    if encoding == "QUOTED-PRINTABLE":
        data = a2b_qp(value.encode("utf-8", "surrogateescape"))
        return encoded.decode(data, charset).replace("\r\n", "\n")
    if encoding in ("BASE64", "B") and name not in _EMBEDDED:
        try:
            return encoded.decode(a2b_base64(value.encode("ascii"), strict_mode=True), charset).replace("\r\n", "\n")
        except (NoBase64, UnicodeEncodeError):
            return value
    if "\x1b" in value:  # ISO-2022: letters of seven bits
        return encoded.decode(value.encode("utf-8", "surrogateescape"), charset)
    if _SURROGATES.search(value):
        return encoded.decode(
            value.encode("utf-8", "surrogateescape"), "windows-1252" if charset == "utf-8" else charset
        )
    return value


def properties(chunk: str) -> list[Property]:
    """Return all properties of one card's text, first to last; its raw text also has the lines that are none."""
    old = "2.1" in chunk and _OLD.search(chunk) is not None
    out = []
    depth = 0
    make = tuple.__new__
    dirty = "\x1b" in chunk or (not chunk.isascii() and _SURROGATES.search(chunk) is not None)
    for group, name, params, value in _LINE.findall(_unfold(chunk, old)):
        name = name.upper()
        if name in ("BEGIN", "END"):
            depth += 1 if name == "BEGIN" else -1
        elif depth == 1:  # deeper is another's card, inside of AGENT
            told = (_usual_params(params) if len(params) < 200 else _params(params)) if params else {}
            if dirty or "ENCODING" in told:
                value = _decoded(name, value, told)
            out.append(make(Property, (group, name, told, value)))
    return out


def plain(value: str) -> str:
    """Undo the escapes of a text value."""
    if "\\" not in value:
        return value
    return _ESCAPE.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)


def line(value: str) -> str:
    """Return a text value without escapes and on one line."""
    if "\\" in value:
        value = plain(value)
    return " ".join(value.split()) if value.isascii() and value.isprintable() else encoded.clean(value)


def _split(value: str, mark: re.Pattern[str], sign: str) -> list[str]:
    if "\\" not in value:
        return value.split(sign)
    pieces = mark.split(value)  # text, backslashes before the sign, text, …
    return ["".join(pieces[i : i + 2]) for i in range(0, len(pieces), 2)]


def parts(value: str) -> list[str]:
    """Split a structured value at its semicolons."""
    return [line(part) if part else "" for part in _split(value, _SEMICOLON, ";")]


def several(value: str) -> list[str]:
    """Split a list value at its commas; empty entries are dropped."""
    return [found for part in _split(value, _COMMA, ",") if (found := line(part))]


def day(text: str, params: dict[str, tuple[str, ...]]) -> str:
    """Return the day of a birth or death in ISO 8601, without what is not known; other text stays as it is."""
    text = line(text)
    if match := _DAY.match(text):
        year, month, number = match.groups()
    elif match := _LOOSE_DAY.match(text):
        year, month, number = match[1], match[3].zfill(2), match[4].zfill(2)
    else:
        match = _MONTH.match(text)
        return f"{match[1]}-{match[2]}" if match and "01" <= match[2] <= "12" else text
    if year == "0000" or year in params.get("X-APPLE-OMIT-YEAR", ()):
        year = "--"
    try:
        date(2000 if year == "--" else int(year), int(month), int(number))
    except ValueError:
        return text
    return f"--{month}-{number}" if year == "--" else f"{year}-{month}-{number}"


def _split_name(value: str, old: bool) -> tuple[str, str, str]:
    """Return given name, family name and the whole of a structured name; a list in one part is joined by blanks.

    In version 2.1 a comma is a letter like any other.
    """
    if old and "\\" in value:
        pieces = parts(value)
    elif not old and ("," in value or "\\" in value):
        pieces = [" ".join(several(part)) for part in _split(value, _SEMICOLON, ";")]
    else:
        pieces = [line(part) if part else "" for part in value.split(";")]
    family, given, middle, prefix, suffix, *_ = [*pieces, "", "", "", "", ""]
    return given, family, " ".join(filter(None, (prefix, given, middle, family, suffix)))


def _revised(text: str) -> int | None:
    match = re.match(r"(\d{4})-?(\d\d)-?(\d\d)(?:T(\d\d):?(\d\d):?(\d\d))?", text.strip())
    if not match:
        return None
    year, month, day, *clock = match.groups()
    zone = text.strip()[match.end() :]
    return dates.parse(f"{year}-{month}-{day} {clock[0] or '00'}:{clock[1] or '00'}:{clock[2] or '00'} {zone}")


def _mail(value: str) -> str:
    """Return a mail address as it was meant: without mailto:, in lower case."""
    value = line(value).lower()
    if value[-1:] == ">" and (match := _ANGLE.fullmatch(value)):
        value = match[1]
    return value.removeprefix("mailto:").strip("<> ")


def _telephone(value: str) -> str:
    value = line(value)
    return value[4:] if value[:4].lower() == "tel:" else value


def card(chunk: str, place: int | str, photos: int, content: bytes) -> Card:
    """Make a card of the text from BEGIN to END; content is all its bytes, of which its key is made."""
    full = given = family = composed = uid = born = died = title = version = ""
    revised: int | None = None
    organisation: str | None = None
    old = "2.1" in chunk and _OLD.search(chunk) is not None
    nicknames: list[str] = []
    found: list[Handle] = []
    addresses: list[str] = []
    notes: list[str] = []
    categories: list[str] = []
    for _, name, params, value in properties(chunk):
        if not value:
            continue
        if name == "FN":
            full = full or line(value)
        elif name == "N":
            if not composed:
                given, family, composed = _split_name(value, old)
        elif name == "EMAIL":
            if handle := handles.email(_mail(value)):
                found.append(handle)
        elif name == "TEL":
            if number := _telephone(value):
                found.append(handles.phone(number))
        elif name == "ORG":
            if organisation is None:
                organisation = next(filter(None, parts(value)), None)
        elif name == "TITLE":
            title = title or line(value)
        elif name == "ADR":
            if address := ", ".join(filter(None, parts(value))):
                addresses.append(address)
        elif name == "URL":
            if link := line(value):
                found.append(handles.url(link))
        elif name == "NICKNAME":
            nicknames += several(value)
        elif name == "BDAY":
            born = born or day(value, params)
        elif name == "DEATHDATE":
            died = died or day(value, params)
        elif name == "NOTE":
            if note := plain(value).strip():
                notes.append(note)
        elif name == "CATEGORIES":
            categories += several(value)
        elif name == "UID":
            uid = uid or line(value)
        elif name == "VERSION":
            version = version or line(value)
        elif name == "REV":
            revised = revised if revised is not None else _revised(value)
        elif name == "IMPP":
            found.append(Handle("handle", line(value).lower()))
        elif name == "X-AMITY-HANDLE" and (known := exact.read_party(line(value))) and known.handle.kind != "me":
            found.append(known.handle)
    position = Position(organisation or "", title) if organisation or title else None
    return Card(
        key=blake2b(content, digest_size=16).digest(),
        uid=uid,
        name=full or composed,
        given=given,
        family=family,
        nicknames=tuple(nicknames),
        handles=tuple(dict.fromkeys(found)),
        position=position,
        addresses=tuple(addresses),
        birthday=born,
        died=died,
        notes=tuple(notes),
        categories=tuple(categories),
        photos=photos,
        version=version,
        revised=revised,
        place=place,
        raw=chunk
        if chunk.isascii() or _SURROGATES.search(chunk) is None
        else encoded.raw(chunk.encode("utf-8", "surrogateescape")),
    )


def written(chunk: str) -> dict[str, list[str]]:
    """Return a card's mail addresses (in lower case), phone numbers and links as they stand in its text."""
    found: dict[str, list[str]] = {"EMAIL": [], "TEL": [], "URL": []}
    for _, name, _, value in properties(chunk):
        if name in found and (text := _mail(value) if name == "EMAIL" else _telephone(value)):
            found[name].append(text)
    return found


def _without_photos(chunk: str) -> tuple[str, int]:
    """Leave embedded pictures, sounds and keys out of a card's text; also return how many photos it has."""
    photos = 0

    def cut(match: re.Match[str]) -> str:
        nonlocal photos
        name = re.split("[;:]", match[1], maxsplit=1)[0].rpartition(".")[2]
        photos += name.upper() == "PHOTO" and bool(match[2].strip())
        return match[1] if len(match[2]) > _PHOTO_LIMIT else match[0]

    return _PHOTO.sub(cut, chunk), photos


def cards(text: str, prefix: str = "", first: int = 1) -> Iterator[Card | Trouble]:
    """Yield the cards of a text; a place is the line of BEGIN, behind the file's name where there is one.

    first is the number of the text's first line.
    """
    depth = 0
    start = end = counted = 0
    number = first

    def place(at: int) -> int | str:
        nonlocal number, counted
        number += text.count("\n", counted, at)
        counted = at
        return f"{prefix}:{number}" if prefix else number

    def stray(until: int) -> Iterator[Trouble]:
        between = text[end:until].strip()
        if between:
            yield Trouble(place(end + 1), noted("text outside any card"), between[:_KEPT].encode("utf-8", "replace"))

    def made(until: int) -> Card | Trouble:
        chunk = text[start:until]
        where = place(start)
        content = chunk.encode("utf-8", "surrogateescape")
        if len(chunk) < 200 and ":" not in _EDGE.sub("", chunk):
            return Trouble(where, noted("the card is empty"), content)
        photos = 0
        upper = chunk.upper()
        if "PHOTO" in upper or "LOGO" in upper or "SOUND" in upper or "KEY" in upper:
            chunk, photos = _without_photos(chunk)
        return card(chunk, where, photos, content)

    for match in _EDGE.finditer(text):
        if match[1]:
            if depth == 0:
                yield from stray(match.start())
                start, depth = match.start(), 1
            elif _AGENT.search(text, max(start, match.start() - 200), match.start()):
                depth += 1
            else:  # the card before has no END
                yield made(match.start())
                start, depth = match.start(), 1
        elif depth:
            depth -= 1
            if depth == 0:
                yield made(match.end())
                end = match.end()
    if depth:
        yield made(len(text))
    else:
        yield from stray(len(text))


def _blocks(file: IO[bytes]) -> Iterator[tuple[bytes, int]]:
    """Yield a file's bytes from card to card, about a megabyte at once, in UTF-8 where letters had two bytes.

    Also yield how far the file is read. A card larger than CARD_LIMIT is cut.
    """
    charset = wide(file.read(8))
    file.seek(0)
    decoder = codecs.getincrementaldecoder(charset)("replace") if charset else None
    held = b""
    searched = 0  # up to where the held bytes are known to have no further card
    while piece := file.read(_BLOCK):
        held += decoder.decode(piece).removeprefix("\ufeff").encode("utf-8", "replace") if decoder else piece
        cut = 0
        for match in _BEGIN.finditer(held, searched):
            if not _BEFORE_AGENT.search(held, max(0, match.start() - 200), match.start()):
                cut = match.start() + 1
        if not cut and len(held) > CARD_LIMIT:
            cut = held.rfind(b"\n") + 1 or len(held)
        if cut:
            yield held[:cut], file.tell()
            held, searched = held[cut:], 0
        searched = max(0, len(held) - 100)
    yield held, file.tell()


def _through(path: Path, prefix: str) -> Iterator[tuple[Card | Trouble, float]]:
    """Yield what one file holds, and how much of it is read by then; a file without any card is one trouble."""
    size = max(1, path.stat().st_size)
    number = 1
    found = False
    before = ""  # what stands ahead of the first card: text that is none of it, or all there is
    with path.open("rb") as file:
        doubled = wide(file.read(8)) != ""
        file.seek(0)
        for data, reached in _blocks(file):
            text = decode(data)
            if not found:
                if _EDGE.search(text) is None:
                    before += text[: _KEPT - len(before)]
                    number += text.count("\n")
                    continue
                found = True
                if before.strip():
                    kept = before.strip().encode("utf-8", "replace")
                    yield Trouble(f"{prefix}:1" if prefix else 1, noted("text outside any card"), kept), reached / size
            for item in cards(text, prefix, number):
                yield item, min(1.0, reached / size)
            number += text.count("\n")
    if not found and before.strip():
        kept = before.encode("utf-8", "surrogateescape")
        yield Trouble(prefix or 1, noted("no vCard in the file"), kept), 1.0
    if doubled and size % 2:
        yield Trouble(f"{prefix}:{number}" if prefix else number, SHIFTED), 1.0


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    return sorted(child for child in path.iterdir() if child.suffix.lower() in (".vcf", ".vcard") and child.is_file())


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield the cards of a file or of a folder of files, with a mark about every 2,000.

    Files whose size and date have not changed since the mark are not read again.
    Raises OSError where the path cannot be opened.
    """
    old: dict[str, list[int]] = dict(since.state.get("files", {}))
    part: dict[str, list[int]] = dict(since.state.get("part", {}))
    done: dict[str, list[int]] = {}
    files = _files(path)
    folder = path.is_dir()
    recent = 0
    for index, file in enumerate(files):
        name = file.name
        try:
            stat = file.stat()
            stamp = [stat.st_size, stat.st_mtime_ns]
            if old.get(name, [])[:2] == stamp:
                done[name] = old[name]
                if old[name][2]:
                    yield Known(old[name][2])
                continue
            if stat.st_size > FILE_LIMIT:
                yield Trouble(name, noted("the file is larger than 1 GB"))
                continue
            with file.open("rb"):
                pass
        except OSError as error:
            if not folder:
                raise
            yield Trouble(name, noted("cannot be read: {reason}", reason=error.strerror))
            continue
        skip = items = 0
        if part.get(name, [])[:2] == stamp:
            skip, items = part[name][2:]
            if items:
                yield Known(items)
        seen = 0
        for item, share in _through(file, name if folder else ""):
            seen += 1
            if seen <= skip:
                if not folder:  # of several files, the one at hand is known
                    quarantine.at(f"after {item.place}")  # nothing is yielded here that tells how far it has come
                continue
            if type(item) is Card:
                items += 1
            yield item
            recent += 1
            if recent >= _BATCH:
                recent = 0
                yield Mark({"files": dict(done), "part": {name: [*stamp, seen, items]}}, (index + share) / len(files))
        done[name] = [*stamp, items]
    yield Mark({"files": done}, 1.0)
