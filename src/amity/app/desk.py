"""The desk: all that an operation may touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Protocol

from msgspec import Struct, field

from amity.errors import AmityError, Code
from amity.language import say
from amity.settings import Settings
from amity.store import decisions
from amity.store.db import Database

EPOCH = date(1970, 1, 1).toordinal()


def _silent(_share: float, _words: str) -> None:
    """Take no notice of progress."""


def _no_secret(place: str) -> str:
    raise AmityError(
        Code.REFUSED, say("There is no password for {place}.", place=place), say("Import it from the command line.")
    )


class Polisher(Protocol):
    """A model that words one message anew."""

    @property
    def address(self) -> str:
        """Where it is."""

    def request(self, text: str) -> str:
        """Return exactly what would leave the machine for a message."""

    def polish(self, text: str) -> str:
        """Send a message and return it as the model words it."""


class Desk(Struct, frozen=True):
    """One vault, one day, one owner's settings.

    `today` is the day as of whose end everything is said; `now` stamps what is written (seconds since 1970).
    `progress` is told the share that is done and a few words, from time to time; `secret` gives the password or token
    of a live source by its address.
    """

    database: Database
    today: date
    now: int
    settings: Settings = field(default_factory=Settings)
    progress: Callable[[float, str], None] = _silent
    secret: Callable[[str], str] = _no_secret
    embed: Callable[[Sequence[str]], Sequence[Sequence[float]]] | None = None  # the owner's own model of language
    polisher: Polisher | None = None  # the owner's own model that words a message anew

    @property
    def end(self) -> int:
        """The first second after today, in the owner's day."""
        return (self.today.toordinal() + 1 - EPOCH) * 86_400 - self.offset

    @property
    def offset(self) -> int:
        """Seconds that the owner's day is ahead of UTC."""
        return self.settings.utc_offset * 60

    @property
    def judged_by(self) -> list[int | str]:
        """The settings that people and ties depend on."""
        settings = self.settings
        return [settings.horizon_days, settings.utc_offset, settings.minutes, settings.region]

    def day(self, at: int) -> date:
        """Return the owner's day in which a moment lies."""
        try:
            return date.fromordinal(EPOCH + (at + self.offset) // 86_400)
        except (ValueError, OverflowError):  # the calendar's first or last day, moved beyond it by the offset
            return date.min if at < 0 else date.max

    def record(self, key: str, kind: str, summary: str, body: dict[str, Any], undoes: int | None = None) -> int:
        """Append a decision of the owner's. Runs in the caller's transaction."""
        return decisions.record(
            self.database,
            key=key,
            at=self.now,
            today=self.today.isoformat(),
            kind=kind,
            summary=summary,
            body=body,
            undoes=undoes,
        )
