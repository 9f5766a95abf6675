"""One spelling for each address, phone, link and name, so that equal handles are equal values.

Mail domains are kept as ASCII (xn--…): that is how nearly every header already carries them, the mapping from
Unicode is many-to-one while the way back is not, and look-alike letters cannot pass for one another.
Plus-tags and dots are part of an address here; whether two addresses are one mailbox is for likeness to judge.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple
from unicodedata import normalize

from amity.model import Handle

PIECE = 500  # characters that are composed at once
LONGEST = 998  # octets of a header line, RFC 5322 §2.1.1; nothing longer is an address

_ANGLE = re.compile(r"([^<>]*)<([^<>]+)>\s*")
_PHONE = re.compile(r"\+?[\d\s().\-/\u00a0\u2010-\u2015]+(?:(?:ext\.?|x|#|;ext=)\s*\d+)?", re.IGNORECASE)
_PLAIN_PHONE = re.compile(r"\+[1-9][\d .\-()]{7,22}")
_NO_DIGIT = re.compile("[^0-9]+")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_WEB = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
# Country codes whose numbers may begin with a trunk prefix other than 0, which only the full tables can tell.
_TRUNKS = ("+7", "+11", "+36", "+37", "+52", "+54", "+55", "+86", "+99")


class Named(NamedTuple):
    """A handle with the name that stood beside it, which may be empty."""

    name: str
    handle: Handle


def composed(text: str, form: Literal["NFC", "NFKC"] = "NFC") -> str:
    """Return text in a Unicode normal form, in time that grows with its length.

    Composing takes the square of a run of accents, so a long text is composed in pieces, cut at blanks where there
    are any. Source: UAX #15, Stream-Safe Text.
    """
    if len(text) <= PIECE:
        return normalize(form, text)
    pieces = []
    start = 0
    while start < len(text):
        blank = text.rfind(" ", start + 1, start + PIECE)
        stop = blank if blank > 0 and start + PIECE < len(text) else start + PIECE
        pieces.append(normalize(form, text[start:stop]))
        start = stop
    return "".join(pieces)


def words(text: str) -> str:
    """Return text in NFC with every run of white space made one blank."""
    if text.isascii():
        return " ".join(text.split())
    return " ".join(composed(text).split())


def domain(text: str) -> str:
    """Return a mail domain in lower-case ASCII (UTS 46, RFC 5891); what cannot be mapped stays as it is."""
    text = text.strip().rstrip(".").lower()
    if text.isascii() or len(text) > 253:
        return text
    import idna

    try:
        return idna.encode(text, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return text


def email(text: str) -> Handle | None:
    """Return the handle of a mail address, or None where the text is none."""
    text = text.strip()
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    if not text.isascii():
        text = composed(text)
    local, at, host = text.strip("<> \t").rpartition("@")
    host = domain(host)
    if not (at and local and host) or len(text) > LONGEST:
        return None
    if not local.startswith('"') and len((local + host).split()) != 1:
        return None
    return Handle("email", f"{local.lower()}@{host}")


@lru_cache(maxsize=65536)
def phone(text: str, region: str | None = None) -> Handle:
    """Return the handle of a phone number: E.164 where it can be known, else its digits alone.

    region is the two-letter country in which a number without country code was written.
    """
    text = text.strip()
    if text[:4].lower() == "tel:":
        text = text[4:]
    if not text.isascii():
        text = composed(text, "NFKC")
    digits = _NO_DIGIT.sub("", text)
    if text[:2] == "00" and len(digits) > 10:
        text, digits = "+" + text[2:], digits[2:]
    plain = _PLAIN_PHONE.fullmatch(text) is not None and len(digits) <= 15
    if plain and "0" not in digits[1:4] and not ("+" + digits).startswith(_TRUNKS):
        return Handle("phone", "+" + digits)
    if (text[:1] == "+" or region) and len(text) <= 250:
        from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_possible_number, parse

        try:
            number = parse(text, region)
        except NumberParseException:
            number = None
        if number is not None and is_possible_number(number):
            return Handle("phone", format_number(number, PhoneNumberFormat.E164))
    return Handle("phone", digits or words(text).lower())


def url(text: str) -> Handle:
    """Return the handle of a link: https, host in lower case without www, no slash at the end.

    It names a page or profile and is not meant to be opened; a source keeps the link as written.
    """
    text = words(text)
    if not _SCHEME.match(text) or re.match(r"[^/:]+:\d", text):
        text = "https://" + text.lstrip("/")
    scheme, _, rest = text.partition(":")
    scheme = scheme.lower()
    if not rest.startswith("//"):
        return Handle("url", f"{scheme}:{rest}")
    host, slash, path = rest[2:].partition("/")
    host = domain(host).removeprefix("www.")
    host = host.removesuffix(":80").removesuffix(":443")
    scheme = "https" if scheme == "http" else scheme
    return Handle("url", f"{scheme}://{host}{slash}{path}".rstrip("/"))


def name(text: str) -> Handle:
    """Return the handle of somebody known by name alone."""
    return Handle("name", words(text).casefold())


def handle(text: str) -> Handle:
    """Return the handle that a bare text is: mail address, link, phone number or else a name.

    A row of digits without any mark of a phone number is a name, since many archives number their people.
    """
    text = words(text)
    if "@" in text and (found := email(text)) is not None:
        return found
    if _WEB.fullmatch(text):
        return url(text)
    if text[:4].lower() == "tel:":
        return phone(text)
    if _PHONE.fullmatch(text) and not text.isdigit():
        digits = sum(map(str.isdigit, text))
        if 7 <= digits <= 20 or (text.startswith("+") and digits >= 5):
            return phone(text)
    return name(text)


def parse(text: str) -> Named:
    """Read what a person types for somebody: "Ana <ana@x.org>", an address, a phone number or a name."""
    text = text[:LONGEST]
    if match := _ANGLE.fullmatch(text):
        called = words(match[1]).strip("\"' ")
        found = handle(match[2])
        if found.kind == "name":
            found = Handle("handle", found.value)
        return Named(called, found)
    found = handle(text)
    return Named(words(text) if found.kind == "name" else "", found)


def person_number(person: str) -> int | None:
    """Read a person id such as "p12", None where the text is none."""
    return int(person[1:]) if person[:1] == "p" and person[1:].isdecimal() and len(person) < 18 else None
