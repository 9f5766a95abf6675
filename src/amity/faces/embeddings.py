"""Ask a model on this machine for the vectors of texts: the one that the owner's settings point to, and no other.

The address is that of a program that speaks OpenAI's embeddings API, as llama.cpp, Ollama and others do. It must lie
on this machine: what people need and offer is nobody else's business. No proxy is used, and no redirect is followed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import msgspec

from amity.errors import AmityError, Code
from amity.settings import Settings

SECONDS = 30  # for one batch
BATCH = 64  # texts
MOST = 64 << 20  # bytes of one answer

Embed = Callable[[Sequence[str]], list[list[float]]]


class _Vector(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Vector]


def embedder(settings: Settings) -> Embed | None:
    """Return what asks the owner's model, None where they point to none.

    An address that is none, or not on this machine, is refused when it is to be asked: a vault must open all the same.
    """
    if not settings.meanings_at:
        return None
    return partial(_ask, settings.meanings_at, settings.meanings_model)


def _on_this_machine(address: str) -> SplitResult:
    parts = urlsplit(address)
    host = parts.hostname or ""
    try:
        local = host == "localhost" or ip_address(host).is_loopback
        parts.port  # noqa: B018 - raises where it is none
    except ValueError:
        local = False
    if parts.scheme != "http" or not local:
        raise AmityError(
            Code.USAGE,
            f"meanings_at: {address!r} is no address on this machine.",
            "Write it like http://127.0.0.1:8080/v1/embeddings, or leave it empty.",
        )
    return parts


def _ask(address: str, model: str, texts: Sequence[str]) -> list[list[float]]:
    """Return the vector of each text.

    Raises AmityError USAGE for an address that is none or not on this machine, REFUSED where the model does not answer
    as it should.
    """
    at = _on_this_machine(address)
    found: list[list[float]] = []
    for start in range(0, len(texts), BATCH):
        found += _batch(at, model, texts[start : start + BATCH])
    return found


def _batch(at: SplitResult, model: str, texts: Sequence[str]) -> list[list[float]]:
    from http.client import HTTPConnection, HTTPException

    connection = HTTPConnection(at.hostname or "", at.port or 80, timeout=SECONDS)
    body = msgspec.json.encode({"model": model, "input": list(texts), "encoding_format": "float"})
    try:
        path = (at.path or "/") + (f"?{at.query}" if at.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        told = answer.read(MOST + 1)
        if answer.status != 200:
            raise _failed(at, f"it answers {answer.status}")
        vectors = sorted(msgspec.json.decode(told, type=_Answer).data, key=lambda one: one.index)
    except (OSError, HTTPException, msgspec.MsgspecError) as error:
        raise _failed(at, str(error) or type(error).__name__) from error
    finally:
        connection.close()
    lengths = {len(one.embedding) for one in vectors}
    if len(vectors) != len(texts) or len(lengths) != 1 or 0 in lengths:
        raise _failed(at, "it gives other vectors than it was asked for")
    return [one.embedding for one in vectors]


def _failed(at: SplitResult, why: str) -> AmityError:
    return AmityError(Code.REFUSED, f"The model at {at.geturl()} is of no help: {why}.", "`amity settings` names it.")
