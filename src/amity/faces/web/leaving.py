"""The routes of leaving: an export and a backup as downloads, and forgetting a person once it was confirmed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from amity.app import export, upkeep
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web.known import Page
from amity.faces.web.pages import leave
from amity.handles import person_number
from amity.language import say

PIECE = 1 << 20  # bytes sent at once
TEMPLATE = "leave/leave.html"


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _leave(request: Request, desk: Desk) -> Response:
        return page.show(request, desk, TEMPLATE, leave.LeaveContext())

    async def _export(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        with TemporaryDirectory(prefix="leaving-", dir=desk.database.folder) as room:
            folder = Path(room) / f"amity-{desk.today.isoformat()}"
            export.write(desk, folder, private="private" in form)
            packed = _nameless(desk)
            with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
                for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                    archive.write(file, file.relative_to(room))
        return _sent(packed, f"amity-{desk.today.isoformat()}.zip", "application/zip")

    async def _backup(request: Request, desk: Desk) -> Response:
        await page.form(request)
        copied = _nameless(desk)
        with TemporaryDirectory(prefix="leaving-", dir=desk.database.folder) as room:
            file = upkeep.backup(desk, Path(room))
            with file.open("rb") as stream:
                shutil.copyfileobj(stream, copied)
        return _sent(copied, file.name, "application/octet-stream")

    async def _forget(request: Request, desk: Desk) -> Response:
        form = await page.form(request)
        person = page.text(form, "person").strip()
        if page.text(form, "sure") != "yes":
            return page.show(request, desk, TEMPLATE, leave.ask(desk, person))
        if person_number(person) is None:
            raise AmityError(Code.USAGE, say("Whom to forget is confirmed on the page."), say("Begin there once more."))
        return page.show(request, desk, TEMPLATE, leave.forget(desk, person, backups="backups" in form))

    return [
        Route("/leave", page.at_desk(_leave)),
        Route("/leave/export", page.at_desk(_export), methods=["POST"]),
        Route("/leave/backup", page.at_desk(_backup), methods=["POST"]),
        Route("/leave/forget", page.at_desk(_forget), methods=["POST"]),
    ]


def _nameless(desk: Desk) -> IO[bytes]:
    """Open a file beside the vault that is gone once it is closed, whether it was sent or not."""
    return TemporaryFile(dir=desk.database.folder)


def _sent(file: IO[bytes], name: str, kind: str) -> Response:
    def pieces() -> Iterator[bytes]:
        with file:
            file.seek(0)
            while piece := file.read(PIECE):
                yield piece

    size = file.seek(0, 2)
    headers: dict[str, Any] = {"content-disposition": f'attachment; filename="{name}"', "content-length": str(size)}
    return StreamingResponse(pieces(), media_type=kind, headers=headers)
