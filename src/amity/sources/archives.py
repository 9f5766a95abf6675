"""Archives of files: zip, tar, and tar packed with gzip, bzip2 or xz; those inside them too, to a depth.

Nothing leaves the folder that they are unpacked into: links, devices, absolute names and names with ".." are refused.
Pictures, films, sound and documents hold no contacts and stay where they are.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import mmap
import os
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from io import BytesIO
from pathlib import Path
from typing import IO, NamedTuple, cast

from amity.language import noted
from amity.model import Trouble
from amity.sources import encoded
from amity.sources.limits import USUAL, Limits

_KINDS = """
    jpg jpeg jpe png gif webp heic heif avif bmp tif tiff dng psd ico ttf otf woff woff2 css
    mp4 m4v mov avi mkv webm 3gp 3g2 mpg mpeg wmv flv mp3 m4a aac amr ogg oga opus wav flac wma
    pdf doc docx xls xlsx ppt pptx odt ods odp epub exe dll msi dmg iso apk ipa jar
"""
SKIPPED = frozenset("." + kind for kind in _KINDS.split())
_LITTER = frozenset(("__macosx", ".ds_store", "thumbs.db", "desktop.ini"))
_PACKED = re.compile(r"\.(?:zip|tar|tgz|tbz2?|txz|tar\.(?:gz|bz2|xz))$", re.IGNORECASE)
_OFFICE = (b"mimetype", b"[Content_Types].xml", b"_rels/", b"META-INF/", b"AndroidManifest.xml", b"classes.dex")
_PIECE = 1 << 18  # bytes written at once
_SLACK = 4 << 20  # bytes that may come out before the ratio is looked at: a short text of blanks is no bomb
_NAMED = 20  # troubles of one kind that are told one by one; the rest is counted
_XZ_MEMORY = 256 << 20  # bytes; the strongest setting of xz needs 65 MB
_LONGEST = 1 << 20  # bytes of a tar header that holds a name
_DAMAGE = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, struct.error,
    ValueError, RuntimeError,
)  # fmt: skip


class _Member(NamedTuple):
    """One file of an archive, and how to read it."""

    name: str
    mtime: int  # seconds since 1970; without zone in most zip files, and taken as UTC
    refused: str  # why it is not unpacked, or ""
    open: Callable[[], IO[bytes]]


class _Refused(Exception):
    """A limit that ends the reading of one member, or of all."""

    def __init__(self, reason: str, whole: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.whole = whole


def _is_tar(block: bytes) -> bool:
    if len(block) < 512:
        return False
    try:
        tarfile.TarInfo.frombuf(block[:512], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def _begins(head: bytes) -> bytes:
    """Return the first bytes of what a compressed file holds, as far as its own first bytes tell."""
    try:
        if head[:2] == b"\x1f\x8b":
            return zlib.decompressobj(31).decompress(head, 1024)
        if head[:6] == b"\xfd7zXZ\0":
            return lzma.LZMADecompressor(memlimit=256 << 20).decompress(head, 1024)
        if head[:3] == b"BZh":
            return bz2.BZ2Decompressor().decompress(head, 1024)
    except (zlib.error, lzma.LZMAError, OSError, ValueError, EOFError):
        return b""
    return head


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file is an archive of files, by its first bytes; documents that are zip files are none."""
    if head[:4] in (b"PK\x03\x04", b"PK\x05\x06") or head[:8] == b"PK00PK\x03\x04":
        start = head.find(b"PK\x03\x04")
        return start < 0 or (
            not head[start + 30 : start + 60].startswith(_OFFICE) and path.suffix.lower() not in SKIPPED
        )
    block = _begins(head)
    if head[:3] == b"BZh" and not block:  # its first block is longer than what can be looked at
        return _PACKED.search(path.name) is not None
    return _is_tar(block)


def unpack(path: Path, into: Path, limits: Limits = USUAL) -> Iterator[Path | Trouble]:
    """Unpack what a source may want of an archive, and yield each file as it stands there, and what was left behind.

    Files carry a date made of the archive's own and of their content, folders one made of what they hold: unpacking
    again gives the same dates where nothing has changed, so that readers see a file that they know.
    Of a damaged archive, what can be read is unpacked. Raises OSError where the archive cannot be opened.
    """
    into.mkdir(parents=True, exist_ok=True)
    yield from _Unpacking(into, limits).archive(path, "")
    _date_folders(into)


class _Unpacking:
    """What is counted while one archive and those inside it are unpacked."""

    def __init__(self, into: Path, limits: Limits) -> None:
        self.into = into
        self.limits = limits
        self.entries = self.nested = self.written = 0

    def archive(self, path: Path, within: str, depth: int = 0) -> Iterator[Path | Trouble]:
        """Unpack one archive below the folder `within`, which is empty for the outer one, so deep inside of others."""
        with path.open("rb") as file:
            zipped = file.read(4)[:2] == b"PK"
        members = _zip_members if zipped else _tar_members
        hidden: Counter[str] = Counter()
        try:
            for member in members(path, self.limits):
                for found in self.member(member, within, depth):
                    if isinstance(found, Trouble):
                        hidden[found.reason] += 1
                        if hidden[found.reason] > _NAMED:
                            continue
                    yield found
        except _Refused as stop:
            yield Trouble(within or path.name, noted("{reason}; the rest was not unpacked", reason=stop.reason))
        except _DAMAGE as damage:
            yield Trouble(
                within or path.name,
                noted("the archive is damaged, its rest cannot be read: {damage}", damage=damage)[:300],
            )
        for reason, count in hidden.items():
            if count > _NAMED:
                yield Trouble(
                    within or path.name, noted("{count} more files: {reason}", count=count - _NAMED, reason=reason)
                )

    def member(self, member: _Member, within: str, depth: int) -> Iterator[Path | Trouble]:
        """Unpack one member. Raises _Refused where a limit ends all."""
        place = encoded.clean(f"{within}/{member.name}" if within else member.name)
        parts = [part for part in member.name.replace("\\", "/").split("/") if part not in ("", ".")]
        name = parts[-1].lower() if parts else ""
        if not member.name:
            yield Trouble(within or "a file", member.refused)
            return
        if not name or not _LITTER.isdisjoint(part.lower() for part in parts) or name.startswith("._"):
            return
        if os.path.splitext(name)[1] in SKIPPED:  # noqa: PTH122 - Path is slow, and a Takeout has 100,000 pictures
            return
        if member.refused:
            yield Trouble(place, member.refused)
            return
        if ".." in parts or member.name[:1] in "/\\" or "\0" in member.name or ":" in parts[0][1:2]:
            yield Trouble(place, noted("its name leads out of the archive"))
            return
        packed = _PACKED.search(name) is not None
        if packed and depth >= self.limits.archive_depth:
            yield Trouble(place, noted("an archive inside of others, deeper than `archive_depth` in the settings"))
            return
        self.count(within)
        inside = "/".join(parts)
        target = self.into.joinpath(*within.split("/"), *parts) if within else self.into.joinpath(*parts)
        written = target.with_name(f".{target.name}.packed") if packed else target
        reason = ""
        try:
            written.parent.mkdir(parents=True, exist_ok=True)
            reason = self.write(member, written)
        except FileExistsError:
            reason = noted("two files of this name are in the archive; the first one was read")
            packed = False
        except (OSError, UnicodeError) as error:
            reason = noted("cannot be unpacked: {reason}", reason=getattr(error, "strerror", None) or error)
            packed = False
        except _Refused as stop:
            written.unlink(missing_ok=True)
            if stop.whole:
                raise
            yield Trouble(place, stop.reason)
            return
        else:
            if not packed:
                yield written
        if reason:
            yield Trouble(place, reason)
        if packed:
            try:
                yield from self.archive(written, f"{within}/{inside}" if within else inside, depth + 1)
            finally:
                written.unlink(missing_ok=True)

    def count(self, within: str) -> None:
        """Count one file to be unpacked. Raises _Refused."""
        self.entries += 1
        self.nested += bool(within)
        if self.entries > self.limits.archive_entries:
            raise _Refused(noted("more than {n:,} files", n=self.limits.archive_entries), whole=True)
        if self.nested > self.limits.archive_nested:
            raise _Refused(
                noted("more than {n:,} files in archives inside it", n=self.limits.archive_nested), whole=True
            )

    def write(self, member: _Member, target: Path) -> str:
        """Write one file and date it; return what was wrong with it. Raises OSError, FileExistsError and _Refused."""
        digest = 0
        reason = ""
        with target.open("xb") as out:
            try:
                with member.open() as file:
                    while piece := file.read(_PIECE):
                        self.written += len(piece)
                        if self.written > self.limits.archive_bytes:
                            raise _Refused(noted("more than {n:,} bytes", n=self.limits.archive_bytes), whole=True)
                        digest = zlib.crc32(piece, digest)
                        out.write(piece)
            except _DAMAGE as damage:
                reason = noted("damaged, what can be read was: {damage}", damage=damage)[:300]
        seconds = min(max(member.mtime, 0), 1 << 32)
        os.utime(target, ns=(0, seconds * 1_000_000_000 + digest % 1_000_000_000 // 100 * 100))
        return reason


def _date_folders(root: Path) -> None:
    """Give each folder below a root a date that stands for the names, sizes and dates of what it holds."""
    for here, _, _ in os.walk(root, topdown=False):
        digest = blake2b(digest_size=7)
        with os.scandir(here) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                status = entry.stat(follow_symlinks=False)
                size = status.st_size if entry.is_file(follow_symlinks=False) else 0
                digest.update(f"{entry.name}\n{size}\n{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
        stamp = int.from_bytes(digest.digest(), "big") << 4
        os.utime(here, ns=(0, stamp // 100 * 100))


# zip


class _Measured:
    """A stream out of which no more may come than a multiple of what went in."""

    def __init__(self, file: IO[bytes], packed: Callable[[], int], limits: Limits, whole: bool) -> None:
        self.file = file
        self.packed = packed
        self.ratio = limits.archive_ratio
        self.whole = whole
        self.got = 0

    def read(self, size: int = -1) -> bytes:
        """Read up to a number of bytes. Raises _Refused."""
        data = self.file.read(size)
        self.got += len(data)
        if self.got > _SLACK and self.got > self.ratio * self.packed():
            reason = noted(
                "one packed byte becomes more than {ratio}, which nothing written by a person does", ratio=self.ratio
            )
            raise _Refused(reason, self.whole)
        return data

    def close(self) -> None:
        """Close the stream."""
        self.file.close()

    def __enter__(self) -> _Measured:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _zip_time(info: zipfile.ZipInfo) -> int:
    try:
        return int(datetime(*info.date_time, tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _zip_members(path: Path, limits: Limits) -> Iterator[_Member]:
    try:
        archive = zipfile.ZipFile(path)
    except _DAMAGE as damage:
        yield from _salvaged(path, limits)
        raise zipfile.BadZipFile(str(damage)) from damage
    locked: list[str] = []

    def opened(info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
        return lambda: cast(
            IO[bytes], _Measured(archive.open(info), lambda: max(info.compress_size, 1), limits, whole=False)
        )

    with archive:
        for info in archive.infolist():
            kind = info.external_attr >> 16 if info.create_system == 3 else 0
            refused = ""
            if info.filename.endswith("/"):
                continue
            if not info.filename:  # damaged: the library trips over it
                refused = noted("a file without a name")
            elif stat.S_ISLNK(kind):
                refused = "a link"
            elif stat.S_IFMT(kind) not in (0, stat.S_IFREG):
                refused = noted("no ordinary file")
            elif info.flag_bits & 1:
                if os.path.splitext(info.filename)[1].lower() not in SKIPPED:  # noqa: PTH122
                    locked.append(info.filename)
                continue
            yield _Member(info.filename, _zip_time(info), refused, opened(info))
    if locked:
        reason = noted("one file is locked by a password: unpack the archive yourself, then import the folder")
        if len(locked) > 1:
            reason = noted(
                "{n:,} files are locked by a password: unpack the archive yourself, then import the folder",
                n=len(locked),
            )
        yield _Member(locked[0], 0, reason, BytesIO)


def _salvaged(path: Path, limits: Limits) -> Iterator[_Member]:
    """Find the files of a zip that has lost its end, one local header after the other (APPNOTE 4.3.7)."""
    with path.open("rb") as file:
        if not os.fstat(file.fileno()).st_size:
            return
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    offset = view.find(b"PK\x03\x04")
    while 0 <= offset <= len(view) - 30:
        _, flags, method, clock, day, _, size, _, named, extra = struct.unpack_from("<HHHHHLLLHH", view, offset + 4)
        name = view[offset + 30 : offset + 30 + named].decode("utf-8" if flags & 0x800 else "cp437", "replace")
        start = offset + 30 + named + extra
        following = view.find(b"PK\x03\x04", start)
        known = not flags & 8 and size != 0xFFFFFFFF
        end = min(start + size, len(view)) if known else (following if following >= 0 else len(view))
        if name and name[-1:] != "/" and start <= len(view) and not flags & 1 and method in (0, 8):
            date = (1980 + (day >> 9), day >> 5 & 15, day & 31, clock >> 11, clock >> 5 & 63, (clock & 31) * 2)
            stream = _Inflated(view, start, end if known else len(view), packed=method == 8)
            if method == 8 or known:
                opened = cast(IO[bytes], _Measured(cast(IO[bytes], stream), stream.taken, limits, whole=False))
                yield _Member(name, _zip_time(zipfile.ZipInfo(name, date)), "", lambda opened=opened: opened)  # type: ignore[misc]
                end = max(end, start) if known else max(start + stream.taken(), start)
        offset = view.find(b"PK\x03\x04", end)


class _Inflated:
    """The content of one member of a zip whose length need not be known."""

    def __init__(self, view: mmap.mmap, start: int, end: int, packed: bool) -> None:
        self.view = view
        self.start = self.at = start
        self.end = end
        self.inflate = zlib.decompressobj(-15) if packed else None

    def taken(self) -> int:
        """Return how many packed bytes were used."""
        return max(self.at - self.start - (len(self.inflate.unused_data) if self.inflate else 0), 1)

    def read(self, _: int = -1) -> bytes:
        """Read some bytes. Raises zlib.error and EOFError."""
        while True:
            if self.inflate is None:
                data = self.view[self.at : min(self.at + _PIECE, self.end)]
                self.at += len(data)
                return data
            if self.inflate.eof:
                return b""
            data = self.inflate.unconsumed_tail
            if not data:
                data = self.view[self.at : min(self.at + (1 << 14), self.end)]
                self.at += len(data)
                if not data:
                    raise EOFError(noted("it ends before its time"))
            if out := self.inflate.decompress(data, _PIECE):
                return out

    def close(self) -> None:
        """Do nothing: the map goes with its last user."""


# tar


class _Unxz:
    """What an xz file holds, with bounded memory: its header may ask for gigabytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.inflate = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)

    def read(self, size: int = -1) -> bytes:
        """Read up to a number of bytes. Raises LZMAError and EOFError."""
        while True:
            if self.inflate.eof:
                rest = (self.inflate.unused_data or self.file.read(_PIECE)).lstrip(b"\0")  # streams are padded
                if not rest:
                    return b""
                self.inflate = lzma.LZMADecompressor(memlimit=_XZ_MEMORY)
            else:
                rest = self.file.read(_PIECE) if self.inflate.needs_input else b""
                if self.inflate.needs_input and not rest:
                    raise EOFError(noted("it ends before its time"))
            if out := self.inflate.decompress(rest, size):
                return out

    def close(self) -> None:
        """Do nothing: the file is closed by who opened it."""


class _TarInfo(tarfile.TarInfo):
    """A header of a tar; one that claims a name of many megabytes is damage."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        long = (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE)
        if self.type in (*long, tarfile.SOLARIS_XHDTYPE) and not 0 <= self.size <= _LONGEST:
            raise tarfile.ReadError(noted("a header is too long"))
        return cast(tarfile.TarInfo, super()._proc_member(archive))  # type: ignore[misc]


def _tar_members(path: Path, limits: Limits) -> Iterator[_Member]:
    with path.open("rb") as file:
        head = file.read(6)
        file.seek(0)
        plain: IO[bytes] = file
        if head[:2] == b"\x1f\x8b":
            plain = cast(IO[bytes], gzip.GzipFile(fileobj=file))
        elif head[:3] == b"BZh":
            plain = cast(IO[bytes], bz2.BZ2File(file))
        elif head == b"\xfd7zXZ\0":
            plain = cast(IO[bytes], _Unxz(file))
        measured = cast(IO[bytes], _Measured(plain, lambda: max(file.tell(), 1), limits, whole=True))
        try:
            with tarfile.open(fileobj=measured, mode="r|", tarinfo=_TarInfo, errorlevel=0) as archive:
                for info in archive:
                    archive.members.clear()  # type: ignore[attr-defined] # it would remember them all
                    if info.isdir():
                        continue
                    refused = ""
                    if info.issym() or info.islnk():
                        refused = "a link"
                    elif not info.isreg() or info.issparse():
                        refused = noted("no ordinary file")
                    yield _Member(info.name, int(info.mtime), refused, _taken(archive, info))
        except OSError as error:  # what gzip and bz2 raise where the data are wrong
            raise tarfile.ReadError(str(error)) from error


def _taken(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        file = archive.extractfile(info)
        if file is None:
            raise tarfile.ReadError(noted("it holds nothing that can be read"))
        return cast(IO[bytes], _Whole(file, info.size))

    return opened


class _Whole:
    """A file of a tar that says so where it ends too early."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file = file
        self.left = size

    def read(self, size: int = -1) -> bytes:
        """Read some bytes. Raises EOFError."""
        try:
            data = self.file.read(min(size, self.left) if size >= 0 else self.left) if self.left else b""
        except OSError as error:
            raise tarfile.ReadError(str(error)) from error
        self.left -= len(data)
        if self.left and not data:
            raise EOFError(noted("it ends before its time"))
        return data

    def __enter__(self) -> _Whole:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
