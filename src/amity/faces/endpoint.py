"""Speak with a model of language that the owner's settings point to, and with nobody else.

It is a program that speaks OpenAI's API, as llama.cpp, Ollama and others do. No proxy is used, and no redirect is
followed. Every desk knows the way here, so what speaks over a network is imported when somebody takes it.
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from amity.errors import AmityError, Code
from amity.language import say

MOST = 64 << 20  # bytes of one answer


def address_of(setting: str, text: str, example: str, *, only_here: bool) -> SplitResult:
    """Return the address that a setting names.

    Plain HTTP is for this machine alone; with `only_here` everything is. Raises AmityError USAGE for an address that is
    none, or not of that kind.
    """
    parts = urlsplit(text)
    try:
        parts.port  # noqa: B018 - raises where it is none
        sound = bool(parts.hostname) and parts.username is None
    except ValueError:
        sound = False
    if not sound or not (is_here(parts) or (parts.scheme == "https" and not only_here)):
        what = (
            say("no address on this machine")
            if only_here
            else say("neither an address on this machine nor one by https")
        )
        raise AmityError(
            Code.USAGE,
            say("{setting}: {text!r} is {what}.", setting=setting, text=text, what=what),
            say("Write it like {example}, or leave it empty.", example=example),
        )
    return parts


def is_here(at: SplitResult) -> bool:
    """Tell whether an address is spoken to in plain HTTP on this machine."""
    try:
        return at.scheme == "http" and (at.hostname == "localhost" or ip_address(at.hostname or "").is_loopback)
    except ValueError:
        return False


def post(at: SplitResult, body: bytes, seconds: int, token: str = "") -> bytes:
    """Send JSON to an address and return its answer. Raises AmityError REFUSED where none comes, or a bad one."""

    from http.client import HTTPConnection, HTTPException, HTTPSConnection  # dear to load, and hardly ever needed

    secure = at.scheme == "https"
    connection = (HTTPSConnection if secure else HTTPConnection)(at.hostname or "", at.port, timeout=seconds)
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        connection.request("POST", (at.path or "/") + (f"?{at.query}" if at.query else ""), body, headers)
        answer = connection.getresponse()
        told = answer.read(MOST + 1)
        status = answer.status
    except (OSError, HTTPException) as error:
        raise failed(at, str(error) or type(error).__name__) from error
    finally:
        connection.close()
    if status != 200:
        raise failed(at, say("it answers {status}", status=status))
    if len(told) > MOST:
        raise failed(at, say("its answer is longer than {most} MiB", most=MOST >> 20))
    return told


def failed(at: SplitResult, why: str) -> AmityError:
    """Return the error of a model that is of no help."""
    return AmityError(
        Code.REFUSED,
        say("The model at {geturl} is of no help: {why}.", geturl=at.geturl(), why=why),
        say("`amity settings` names it."),
    )
