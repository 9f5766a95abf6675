"""Files with a person: taken from a form, given back to be kept, and a photo to be looked at.

Whatever was attached leaves as a download, which no browser opens as a page of ours. Only a photo is shown: as it is,
since nothing here decodes pictures, but only where its first bytes are those of a picture of a modest size.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from secrets import token_hex
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from amity.app import facts
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces.web import uploads
from amity.faces.web.guard import is_ours
from amity.faces.web.known import Page
from amity.faces.web.tour import refused
from amity.language import say
from amity.sources.pictures import picture
from amity.store.db import FILE, is_encrypted


def routes(page: Page) -> list[Route]:
    """Return the routes."""

    async def _attach(request: Request, desk: Desk) -> Response:
        if request.state.touring:
            raise refused()
        folder = desk.database.folder
        if is_encrypted(folder / FILE):  # asked before the first byte lies beside it in the clear
            raise AmityError(Code.REFUSED, say("Files lie in the clear, beside a vault that is encrypted."))
        person = page.known(request)
        room = folder / f"{uploads.FOLDER}-{token_hex(8)}"  # of its own: an import may have the other
        try:
            taken = await uploads.take(request, room, partial(is_ours, request))
            if len(taken.files) != 1:
                raise AmityError(Code.USAGE, say("No file was chosen."), say("Choose one, then try again."))
            form = taken.fields
            private = "private" in form
            facts.attach(desk, person, taken.files[0], photo="photo" in form, private=private, key=form.get("key", ""))
        finally:
            uploads.clear(room)
        return page.back(desk, form)

    async def _download(request: Request, desk: Desk) -> Response:
        known, content = facts.attached(desk, page.known(request), request.path_params["fact"])
        disposition = f"attachment; filename*=UTF-8''{quote(uploads.safe_name(known.value), safe='')}"
        return Response(content, media_type="application/octet-stream", headers={"Content-Disposition": disposition})

    async def _photo(request: Request, desk: Desk) -> Response:
        known, content = facts.attached(desk, page.known(request), request.path_params["fact"])
        shown = picture(content) if known.field == "photo" else None
        if shown is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return Response(content, media_type=shown.type, headers={"Content-Disposition": "inline"})

    return [
        Route("/people/{person:str}/files", page.at_desk(_attach), methods=["POST"]),
        Route("/people/{person:str}/files/{fact:str}", page.at_desk(_download)),
        Route("/people/{person:str}/photos/{fact:str}", page.at_desk(_photo)),
    ]
