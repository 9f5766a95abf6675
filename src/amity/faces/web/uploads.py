"""Take files from a form: streamed to disk as they come, under safe names, in a folder beside the vault."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct, field
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request

from amity.errors import AmityError, Code
from amity.language import say

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

FOLDER = "uploads"
LARGEST = 32 << 30  # bytes of one form; what an archive may become when it is unpacked, by default
SPARE = 64 << 20  # bytes that are left free on the disk
FILES, FIELDS = 1_000, 16
FIELD_BYTES = 1 << 14
NAME_BYTES, SUFFIX = 120, 16  # of a file name in bytes, and of its ending in letters
# What some file system or shell takes for more than a letter.
UNSAFE = frozenset('<>:"|?*')

Ours = Callable[[Mapping[str, str]], bool]


class Taken(Struct):
    """What a form brought: its fields, and its files where they lie now."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)


def safe_name(named: str) -> str:
    """Return a file name that leads nowhere else and hides nothing: one part, of printable letters, not too long."""
    last = unicodedata.normalize("NFC", named.replace("\\", "/")).rpartition("/")[2]
    kept = "".join("_" if sign in UNSAFE else sign for sign in last if sign.isprintable()).strip(" .")
    suffix = PurePosixPath(kept).suffix if len(PurePosixPath(kept).suffix) <= SUFFIX else ""
    stem = kept.removesuffix(suffix).encode()[: NAME_BYTES - len(suffix.encode())].decode("utf-8", "ignore")
    return (stem + suffix).strip(" .") or "file"


def clear(room: Path) -> None:
    """Take away what was uploaded into a folder, and the folder."""
    with suppress(FileNotFoundError):
        shutil.rmtree(room)


async def take(request: Request, room: Path, is_ours: Ours) -> Taken:
    """Stream a form's files into a folder, made anew, and return what came; nothing of it stays in memory.

    `is_ours` judges the fields before the first byte of a file is kept, so the form has to send them first. Raises
    HTTPException for what is no such form, too much, or not ours; AmityError REFUSED where the disk has no room.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    if kind != b"multipart/form-data" or not options.get(b"boundary"):
        raise HTTPException(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, say("Files are sent by the form on the page of sources.")
        )
    announced = request.headers.get("content-length", "")
    announced_bytes = int(announced) if announced.isdecimal() and len(announced) < 20 else 0
    if announced_bytes > LARGEST:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{LARGEST >> 30} GiB are the most at a time.")
    clear(room)
    room.mkdir(mode=0o700)
    if announced_bytes + SPARE > shutil.disk_usage(room).free:
        raise AmityError(Code.REFUSED, say("There is no room for that on the disk."), say("Make room, then try again."))
    form = _Form(room, is_ours)
    parser = MultipartParser(options[b"boundary"], form.callbacks())
    try:
        async for chunk in request.stream():
            await run_in_threadpool(parser.write, chunk)
        parser.finalize()
    except FormParserError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, say("The form came damaged. Try once more.")) from error
    finally:
        form.close()
    if not form.admitted:
        form.admit()
    return form.taken


class _Form:
    """A form while it arrives: the parts before, and the one in hand."""

    def __init__(self, room: Path, is_ours: Ours) -> None:
        self.room = room
        self.is_ours = is_ours
        self.admitted = False
        self.taken = Taken()
        self.header = b""
        self.value = b""
        self.disposition = b""
        self.name = ""
        self.text = bytearray()
        self.file: BinaryIO | None = None
        self.skipped = False

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self.part_begins,
            "on_header_field": self.header_field,
            "on_header_value": self.header_value,
            "on_header_end": self.header_ends,
            "on_headers_finished": self.headers_end,
            "on_part_data": self.data,
            "on_part_end": self.part_ends,
        }

    def admit(self) -> None:
        """Judge the fields that came so far."""
        if not self.is_ours(self.taken.fields):
            raise HTTPException(
                HTTPStatus.FORBIDDEN, say("The page was open for too long. Load it again, then try once more.")
            )
        self.admitted = True

    def part_begins(self) -> None:
        self.disposition, self.name, self.text, self.skipped = b"", "", bytearray(), False

    def header_field(self, data: bytes, start: int, end: int) -> None:
        self.header += data[start:end]

    def header_value(self, data: bytes, start: int, end: int) -> None:
        self.value += data[start:end]

    def header_ends(self) -> None:
        if self.header.lower() == b"content-disposition":
            self.disposition = self.value
        self.header = self.value = b""

    def headers_end(self) -> None:
        _, options = parse_options_header(self.disposition)
        self.name = options.get(b"name", b"").decode("utf-8", "replace")
        if b"filename" not in options:
            if len(self.taken.fields) >= FIELDS:
                raise HTTPException(HTTPStatus.BAD_REQUEST, say("That form has too many fields."))
            return
        named = options[b"filename"].decode("utf-8", "replace")
        self.skipped = not named  # a field in which no file was chosen
        if self.skipped:
            return
        if not self.admitted:
            self.admit()
        if len(self.taken.files) >= FILES:
            raise HTTPException(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{FILES:,} files are enough at a time. Pack them as a zip."
            )
        path = self.free_path(safe_name(named))
        self.file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self.taken.files.append(path)

    def free_path(self, name: str) -> Path:
        """Return where a file is kept; of several of one name each has its own place."""
        path, number = self.room / name, 1
        while path.exists():
            number += 1
            stem, dot, suffix = name.rpartition(".")
            path = self.room / (f"{stem} ({number}).{suffix}" if dot else f"{name} ({number})")
        return path

    def data(self, data: bytes, start: int, end: int) -> None:
        if self.file is not None:
            self.file.write(memoryview(data)[start:end])
        elif not self.skipped:
            if len(self.text) + end - start > FIELD_BYTES:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, say("A field of that form is too long."))
            self.text += data[start:end]

    def part_ends(self) -> None:
        if self.file is not None:
            self.close()
        elif not self.skipped:
            self.taken.fields[self.name] = self.text.decode("utf-8", "replace")

    def close(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None
