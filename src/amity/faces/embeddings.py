"""Ask a model on this machine for the vectors of texts: the one that the owner's settings point to, and no other.

It must lie on this machine: what people need and offer is nobody else's business.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from urllib.parse import SplitResult

import msgspec

from amity.faces.endpoint import address_of, failed, post
from amity.settings import Settings

SECONDS = 30  # for one batch
BATCH = 64  # texts

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


def _ask(address: str, model: str, texts: Sequence[str]) -> list[list[float]]:
    """Return the vector of each text.

    Raises AmityError USAGE for an address that is none or not on this machine, REFUSED where the model does not answer
    as it should.
    """
    at = address_of("meanings_at", address, "http://127.0.0.1:8080/v1/embeddings", only_here=True)
    found: list[list[float]] = []
    for start in range(0, len(texts), BATCH):
        found += _batch(at, model, texts[start : start + BATCH])
    return found


def _batch(at: SplitResult, model: str, texts: Sequence[str]) -> list[list[float]]:
    body = msgspec.json.encode({"model": model, "input": list(texts), "encoding_format": "float"})
    told = post(at, body, SECONDS)
    try:
        vectors = sorted(msgspec.json.decode(told, type=_Answer).data, key=lambda one: one.index)
    except msgspec.MsgspecError as error:
        raise failed(at, str(error)) from error
    lengths = {len(one.embedding) for one in vectors}
    if len(vectors) != len(texts) or len(lengths) != 1 or 0 in lengths:
        raise failed(at, "it gives other vectors than it was asked for")
    return [one.embedding for one in vectors]
