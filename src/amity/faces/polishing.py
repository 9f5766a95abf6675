"""Have one message polished by the model that the owner's settings point to: what leaves is shown before it does."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import SplitResult

import msgspec

from amity.faces.endpoint import address_of, failed, is_here, post
from amity.language import say
from amity.settings import Settings

SECONDS = 120
LONGEST = 20_000  # characters of an answer
WISH = (
    "Polish the wording of this message. Keep its language, its tone, every fact, what is asked, what the reader "
    "gains, how much time it takes, and the way to say no. Add no flattery, no urgency and nothing that is not in it. "
    "Return the message alone."
)


class _Message(msgspec.Struct):
    content: str


class _Choice(msgspec.Struct):
    message: _Message


class _Answer(msgspec.Struct):
    choices: list[_Choice]


class Polisher:
    """A model that was pointed to: where it is, what it would be told, and what it answers."""

    def __init__(self, at: SplitResult, model: str, token_of: Callable[[str], str]) -> None:
        self._at = at
        self._model = model
        self._token_of = token_of
        self.address = at.geturl()

    def request(self, text: str) -> str:
        """Return exactly what would leave for a message, as JSON."""
        told = [{"role": "system", "content": WISH}, {"role": "user", "content": text}]
        return msgspec.json.encode({"model": self._model, "messages": told, "stream": False}).decode()

    def polish(self, text: str) -> str:
        """Send a message and return it as the model words it. Raises AmityError REFUSED where it is of no help."""
        token = "" if is_here(self._at) else self._token_of(self.address)
        told = post(self._at, self.request(text).encode(), SECONDS, token)
        try:
            choices = msgspec.json.decode(told, type=_Answer).choices
        except msgspec.MsgspecError as error:
            raise failed(self._at, str(error)) from error
        worded = choices[0].message.content.strip() if choices else ""
        if not worded or len(worded) > LONGEST:
            raise failed(self._at, say("it returns no message") if not worded else say("it returns a book"))
        return worded


def polisher(settings: Settings, token_of: Callable[[str], str]) -> Polisher | None:
    """Return the owner's model, None where they point to none. Raises AmityError USAGE for an address that is none."""
    if not settings.polish_at:
        return None
    at = address_of("polish_at", settings.polish_at, "http://127.0.0.1:8080/v1/chat/completions", only_here=False)
    return Polisher(at, settings.polish_model, token_of)
