"""The people in an address header: RFC 5322 §3.4 and §4.4, and what mailers send instead."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amity import handles
from amity.model import Handle
from amity.sources import encoded

_TOKEN = re.compile(
    r"""
      "(?P<quoted>(?:[^"\\]++|\\.?)*+)(?P<end>"|\Z)      # a quoted string, closed or not
    | (?P<special>[()<>,;:])
    | (?P<text>(?:\[[^\[\]\s,<>()"]*+\]|[^"()<>,;:])++)  # atoms and domain literals, blanks between them
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = re.compile(r"\s+")


def _address(text: str) -> Handle | None:
    """Return the handle of what stood where an address belongs; local users have no domain."""
    text = _BLANKS.sub("", text) if not text.startswith('"') else text
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]  # a route: <@relay.org,@other.org:ana@x.org>
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if "=?" in text:
        text = _BLANKS.sub("", encoded.clean(encoded.words(text)))
    if ":;" in text or text.endswith(";"):
        return None  # "<undisclosed-recipients:;@relay.org>", an empty group that a relay took for a user
    text = text.strip("'\"") if text.count('"') != 2 or '"@' not in text else text
    if found := handles.email(text):
        return found
    text = encoded.clean(text).lower()
    return Handle("handle", text[: handles.LONGEST]) if text else None


def _finish(phrase: list[tuple[str, bool]], angle: str | None, comments: list[str]) -> tuple[str, Handle] | None:
    """Make one participant of the words, the address and the comments between two commas."""
    remark = encoded.clean(encoded.words(" ".join(comments)))
    if angle is not None:
        called = encoded.clean(encoded.words(" ".join(text for text, _ in phrase)))
        found = _address(angle)
        if found is None and not phrase:
            return None
        return (called or remark, found or handles.name(called))
    if not phrase:
        return None
    if len(phrase) == 2 and phrase[0][1] and phrase[1][0].startswith("@"):
        # "ana maria"@x.org: a quoted local part
        found = handles.email(f'"{phrase[0][0]}"{_BLANKS.sub("", phrase[1][0])}')
        return (remark, found) if found else None
    plain = handles.words(" ".join(text for text, _ in phrase)).replace(" @", "@").replace("@ ", "@")
    if "@" in plain:
        pieces = plain.split()
        at = next(i for i, piece in enumerate(pieces) if "@" in piece)
        if found := handles.email(pieces[at].strip("'\"")):
            called = encoded.clean(encoded.words(" ".join(pieces[:at] + pieces[at + 1 :])))
            return (called or remark, found)
    called = encoded.clean(encoded.words(plain))
    if not called:
        return None
    if " " in called or phrase[0][1]:
        return (called, handles.name(called))
    return (remark, Handle("handle", called.lower()[: handles.LONGEST]))


def parse(text: str) -> Iterator[tuple[str, Handle]]:
    """Yield name and handle of each participant of an address header's value, decoded bytes but not yet words.

    Groups are opened, empty ones ("undisclosed-recipients:;") hold nobody; a semicolon separates like a comma.
    """
    phrase: list[tuple[str, bool]] = []
    comments: list[str] = []
    angle: list[str] = []
    within = after = loose = False  # inside <>, behind it, and: words behind it that may start the next name
    depth = 0

    def taken() -> Iterator[tuple[str, Handle]]:
        nonlocal within, after, loose
        if not loose and (found := _finish(phrase, "".join(angle) if within or after else None, comments)):
            yield found
        phrase.clear()
        comments.clear()
        angle.clear()
        within = after = loose = False

    tokens = _TOKEN.finditer(text)
    while (token := next(tokens, None)) is not None:
        word = token[0]
        quoted = token["quoted"]
        if quoted is not None and not token["end"]:
            # A quote that is never closed means nothing; the rest is read without any quotes, so this comes but once.
            tokens = _TOKEN.finditer(text[token.start() :].replace('"', " "))
        elif depth:  # inside a comment, nested or not
            depth += (word == "(") - (word == ")")
            if depth:
                comments.append(_ESCAPED.sub(r"\1", word))
        elif word == "(":
            depth = 1
        elif within:
            if word == ">":
                within, after = False, True
            elif word in ",<" and not "".join(angle[:1]).startswith("@"):
                yield from taken()  # "<ana@x.org, bo@y.org": never closed
                within = word == "<"
            else:
                angle.append(word)
        elif word == "<":
            if after:
                yield from taken()  # "<ana@x.org> <bo@y.org>": the comma is missing
            within, loose = True, False
        elif word in (",", ";"):
            yield from taken()
        elif word == ":" and not after:
            phrase.clear()  # the name of a group, or "mailto"
            comments.clear()
        elif token["text"] is not None or quoted is not None:
            if not word.strip():
                continue
            if after:
                yield from taken()
                loose = "@" not in word
            phrase.append((_ESCAPED.sub(r"\1", quoted), True) if quoted is not None else (word.strip(), False))
    yield from taken()
