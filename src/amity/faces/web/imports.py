"""Imports that pages ask for: one at a time, in a thread of its own, with how far it has come."""

from __future__ import annotations

import logging
import threading
import weakref
from collections.abc import Callable
from contextlib import closing
from contextvars import copy_context
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from amity.app.desk import Desk
from amity.app.intake import ImportReport
from amity.errors import AmityError, Code
from amity.faces.web import uploads
from amity.language import say

Work = Callable[[Desk], ImportReport]

log = logging.getLogger("amity.web")


class Import(Struct):
    """One import: how far it has come, and in the end what came of it or why nothing did."""

    key: str = ""
    names: tuple[str, ...] = ()
    uploaded: bool = False
    share: float = 0.0  # of the source in hand, 0 to 1
    words: str = ""
    report: ImportReport | None = None
    error: AmityError | None = None

    @property
    def running(self) -> bool:
        """Tell whether it is still going on."""
        return self.report is None and self.error is None


class Imports:
    """The imports of one app. What was uploaded is removed when its import ends, or the process does."""

    def __init__(self, open_desk: Callable[[], Desk]) -> None:
        self.open_desk = open_desk
        self.latest: Import | None = None
        self.busy = threading.Lock()

    def begin(self) -> None:
        """Claim the place of the one import that may run; `start` or `give_up` must follow.

        Raises AmityError REFUSED while another runs.
        """
        if not self.busy.acquire(blocking=False):
            raise AmityError(
                Code.REFUSED, say("Something is being read already."), say("Wait for it to end, then try again.")
            )

    def give_up(self, room: Path | None = None) -> None:
        """Leave the place without having imported anything."""
        if room is not None:
            uploads.clear(room)
        self.busy.release()

    def start(self, made: Import, work: Work, room: Path | None = None) -> None:
        """Do the work in a thread; `room` is the folder of uploads, to be removed in the end."""
        self.latest = made
        # The thread ends with the process, at any moment; what was uploaded must not outlive it then.
        leftover = weakref.finalize(self, uploads.clear, room) if room is not None else None

        def run() -> None:
            try:
                made.report = self._run(made, work)
            except AmityError as error:
                made.error = error
            except Exception as error:
                log.error("import: %s: %s", type(error).__name__, error)
                log.debug("", exc_info=True)
                made.error = AmityError(
                    Code.INTERNAL, say("Amity could not do that."), say("What was read before is kept.")
                )
            finally:
                if leftover is not None:
                    leftover()
                self.busy.release()

        # A thread begins in English; this one speaks as the page that started it.
        threading.Thread(target=copy_context().run, args=(run,), name="import", daemon=True).start()

    def _run(self, made: Import, work: Work) -> ImportReport:
        def progress(share: float, words: str) -> None:
            made.share, made.words = share, words

        desk = self.open_desk()
        with closing(desk.database):
            return work(replace(desk, progress=progress))
