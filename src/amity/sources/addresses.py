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
    | (?P<text>(?:
          =\?[^?\s()<>,;:"]{1,64}+\?[bBqQ]\?[^?\s<>"]{0,2000}+\?=  # an encoded word, commas in it or not
        | \[[^\[\]\s,<>()"]*+\]                            # a domain literal
        | \\[()] | [^"()<>,;:]                             # atoms, blanks between them
      )++)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_APART = re.compile(r"(@[^\s@]++) \. ?(?=\w)")  # "ana@x . org"
_WRAPPED = re.compile(r"\(([^()]*+)\)")
_NOBODY = re.compile(r"<?(?:undisclosed|unlisted|suppressed)[\s._-]*recipients?\b", re.IGNORECASE)


def _address(text: str) -> Handle | None:
    """Return the handle of what stood where an address belongs; local users have no domain."""
    text = _BLANKS.sub("", text) if not text.startswith('"') else text
    if text.startswith("@") and ":" in text:
        text = text.rpartition(":")[2]  # a route: <@relay.org,@other.org:ana@x.org>
    if text[:7].lower() == "mailto:":
        text = text[7:]
    if "=?" in text:
        text = _BLANKS.sub("", encoded.clean(encoded.words(text)))
    if ":;" in text or text.endswith(";") or _NOBODY.match(text):
        return None  # "<undisclosed-recipients:;@relay.org>", an empty group that a relay took for a user
    text = text.strip("'\"") if text.count('"') != 2 or '"@' not in text else text
    if found := handles.email(text):
        return found
    text = encoded.clean(text).lower()
    return Handle("handle", text[: handles.LONGEST]) if text else None


def _finish(phrase: list[tuple[str, bool]], angle: str | None, comments: list[str]) -> tuple[tuple[str, Handle], ...]:
    """Make the participant of the words, the address and the comments between two commas; two where it was missing."""
    remark = encoded.clean(encoded.words("".join(comments)))
    if wrapped := _WRAPPED.fullmatch(remark):
        remark = wrapped[1].strip()
    if angle is not None:
        called = encoded.clean(encoded.words(" ".join(text for text, _ in phrase)))
        found = _address(angle)
        if found is None and (not called or _NOBODY.match(called)):
            return ()
        return ((called or remark, found or handles.name(called)),)
    if not phrase:
        return ()
    if len(phrase) == 2 and phrase[0][1] and phrase[1][0].startswith("@"):
        # "ana maria"@x.org: a quoted local part
        found = handles.email(f'"{phrase[0][0]}"{_BLANKS.sub("", phrase[1][0])}')
        return ((remark, found),) if found else ()
    plain = handles.words(" ".join(text for text, _ in phrase))
    if _NOBODY.match(plain):
        return ()
    if "@" in plain:
        pieces = _APART.sub(r"\1.", plain.replace(" @", "@").replace("@ ", "@")).split()
        if len(pieces) > 1 and all("@" in piece for piece in pieces):
            return tuple([("", one) for piece in pieces if (one := handles.email(piece.strip("'\""))) is not None])
        at = next(i for i, piece in enumerate(pieces) if "@" in piece)
        if found := handles.email(pieces[at].strip("'\"")):
            called = encoded.clean(encoded.words(" ".join(pieces[:at] + pieces[at + 1 :])))
            return ((called or remark, found),)
    called = encoded.clean(encoded.words(plain))
    if not called:
        return ()
    if " " in called or phrase[0][1]:
        return ((called, handles.name(called)),)
    return ((remark, Handle("handle", called.lower()[: handles.LONGEST])),)


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
        if not loose:
            yield from _finish(phrase, "".join(angle) if within or after else None, comments)
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
            comments.append(_ESCAPED.sub(r"\1", word) if depth else " ")
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
