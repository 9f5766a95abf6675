"""The one error type of Amity, and its few codes."""

from __future__ import annotations

from enum import IntEnum


class Code(IntEnum):
    """What went wrong, as the exit code that the command line gives it."""

    USAGE = 2
    NOT_FOUND = 3
    REFUSED = 4
    DAMAGED = 5
    INTERNAL = 70


class AmityError(Exception):
    """Say what went wrong, where, and what to do about it."""

    def __init__(self, code: Code, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
