"""The text of mails on a server: where it stands in each (BODYSTRUCTURE, RFC 3501 §7.4.2), and its bytes.

Only the parts that `bodies` reads are asked for, so that no attachment crosses the line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

from amity.sources.bodies import TAKEN, Leaf, Part, TooMuch
from amity.sources.limits import USUAL, Limits

AT_ONCE = 8 << 20  # bytes of text asked for with one question
_BLANK = 256  # bytes below which a plain part may hold no word, so that the page beside it is fetched too
_TOKENS = 100_000  # of what a server says of one mail
_TOKEN = re.compile(rb'[()]|"((?:[^"\\]|\\.)*+)"|[^\s()"]++', re.DOTALL)
_LITERAL = re.compile(rb"\{\d{1,12}\+?\}\s*$")
_QUOTED = re.compile(rb"\\(.)", re.DOTALL)

Response = Sequence[bytes | tuple[bytes, bytes] | None]


class Section(NamedTuple):
    """One text part of a mail: what the server calls it, how it is written, and its size in bytes."""

    name: str  # "1.2"
    part: Part
    size: int


def _answers(data: Response) -> Iterator[list[bytes | str]]:
    """Yield the tokens of each answer to FETCH: marks and words as bytes, texts as latin-1 strings."""
    tokens: list[bytes | str] = []
    for piece in data:
        if piece is None:
            continue
        said = piece if isinstance(piece, bytes) else _LITERAL.sub(b"", piece[0])
        for match in _TOKEN.finditer(said):
            quoted = match[1]
            tokens.append(match[0] if quoted is None else _QUOTED.sub(rb"\1", quoted).decode("latin-1"))
            if len(tokens) > _TOKENS:
                break
        if isinstance(piece, bytes):
            yield tokens
            tokens = []
        else:
            tokens.append(piece[1].decode("latin-1"))
    if tokens:
        yield tokens


def _uid(tokens: list[bytes | str]) -> int:
    """Return the UID that an answer names, 0 for none."""
    for word, number in pairwise(tokens):
        if isinstance(word, bytes) and word.upper() == b"UID" and isinstance(number, bytes) and number.isdigit():
            return int(number[:10])
    return 0


def _tree(tokens: list[bytes | str], start: int, bounds: Limits) -> list[object] | None:
    """Return the list that begins at a token, None where it is none or nested too deeply."""
    stack: list[list[object]] = []
    for token in tokens[start:]:
        if token == b"(":
            if len(stack) > 2 * bounds.mime_depth:
                return None
            stack.append([])
        elif not stack:
            return None
        elif token == b")":
            done = stack.pop()
            if not stack:
                return done
            stack[-1].append(done)
        elif isinstance(token, str):
            stack[-1].append(token)
        else:
            stack[-1].append(None if token.upper() == b"NIL" else token.decode("latin-1"))
    return None


def _word(node: Sequence[object], index: int) -> str:
    found = node[index] if index < len(node) else None
    return found.lower() if isinstance(found, str) else ""


def _pairs(node: object) -> dict[str, str]:
    """Return the parameters of a part by their names in small letters."""
    if not isinstance(node, list):
        return {}
    words = [word if isinstance(word, str) else "" for word in node]
    return {name.lower(): value for name, value in zip(words[::2], words[1::2], strict=False)}


def _text_parts(node: list[object], name: str, left: int) -> Iterator[Section]:
    """Yield the text parts below a node of BODYSTRUCTURE in their order; messages inside the mail are not opened.

    Raises TooMuch where more than `left` multiparts stand within one another.
    """
    if node and isinstance(node[0], list):
        if not left:
            raise TooMuch
        for number, child in enumerate(node, 1):
            if not isinstance(child, list):
                break
            yield from _text_parts(child, f"{name}.{number}" if name else str(number), left - 1)
        return
    kind = f"{_word(node, 0)}/{_word(node, 1)}"
    if kind not in ("text/plain", "text/html"):
        return
    disposition = node[9] if len(node) > 9 and isinstance(node[9], list) else []
    attached = _word(disposition, 0) == "attachment" or any(
        key.startswith("filename") for key in _pairs(disposition[1] if len(disposition) > 1 else None)
    )
    size = _word(node, 6)
    written = _pairs(node[2] if len(node) > 2 else None).get("charset", "")
    part = Part(kind, written, _word(node, 5), attached, 0, 0)
    yield Section(name or "1", part, int(size) if size.isdecimal() and len(size) < 16 else TAKEN)


def chosen(sections: Iterable[Section], bounds: Limits = USUAL) -> tuple[Section, ...]:
    """Return the parts that tell the author's words: the plain ones, else the first page, both where in doubt."""
    plain: list[Section] = []
    page: list[Section] = []
    for section in sections:
        if not section.part.attached:
            (plain if section.part.kind == "text/plain" else page).append(section)
    size = 0
    taken = []
    for section in plain[: bounds.mime_parts]:
        if size < TAKEN:
            taken.append(section)
            size += section.size
    return tuple(taken if size > _BLANK else taken + page[:1])


def structures(data: Response, bounds: Limits = USUAL) -> dict[int, tuple[Section, ...]]:
    """Return the parts to be read of each mail by its UID, from the answers to FETCH (UID BODYSTRUCTURE).

    A mail of which no sense can be made, or with too much within one another, is left out; one without text has none.
    """
    found = {}
    for tokens in _answers(data):
        uid = _uid(tokens)
        for at, word in enumerate(tokens[:-1]):
            if uid and isinstance(word, bytes) and word.upper() == b"BODYSTRUCTURE":
                if (tree := _tree(tokens, at + 1, bounds)) is not None:
                    with suppress(TooMuch):
                        found[uid] = chosen(_text_parts(tree, "", bounds.mime_depth), bounds)
                break
    return found


def questions(wanted: dict[int, tuple[Section, ...]]) -> Iterator[tuple[list[int], tuple[Section, ...]]]:
    """Yield UIDs in order with the parts to be asked of them all, as much at once as may be held in memory."""
    alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for uid, sections in wanted.items():
        if sections:
            alike[tuple(section.name for section in sections)].append(uid)
    for uids in alike.values():
        together: list[int] = []
        size = 0
        for uid in sorted(uids):
            more = sum(min(section.size, TAKEN) for section in wanted[uid])
            if together and size + more > AT_ONCE:
                yield together, wanted[together[0]]
                together, size = [], 0
            together.append(uid)
            size += more
        yield together, wanted[together[0]]


def texts(data: Response, wanted: dict[int, tuple[Section, ...]]) -> Iterator[tuple[int, list[Leaf]]]:
    """Yield the UID and the parts of each mail, from the answers to FETCH (UID BODY.PEEK[…])."""
    for tokens in _answers(data):
        uid = _uid(tokens)
        bodies: dict[str, bytes] = {}
        for word, value in pairwise(tokens):
            if isinstance(word, bytes) and isinstance(value, str) and word[:5].upper() == b"BODY[":
                bodies[word[5:].partition(b"]")[0].decode("latin-1")] = value.encode("latin-1")
        leaves = [
            Leaf(bodies[section.name], section.part._replace(end=len(bodies[section.name])))
            for section in wanted.get(uid, ())
            if section.name in bodies
        ]
        if leaves:
            yield uid, leaves
