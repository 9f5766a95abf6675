"""Text out of header bytes: encoded words (RFC 2047), raw eight-bit bytes, any charset, however broken."""

from __future__ import annotations

import codecs
import re
from binascii import a2b_base64, a2b_qp
from functools import lru_cache

from amity.handles import composed

_WORD = re.compile(r"=\?([^?*\s]{1,64})(?:\*[^?\s]{0,32})?\?([bBqQ])\?([^?]*+(?:\?(?!=)[^?]*+){0,8}+)\?=")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]+")
_ESCAPES = re.compile(rb"\x1b\$(?:[@B]|\)C|\(D)")  # ISO-2022-JP and -KR name themselves, RFC 1468 and 1557
_PAIR = re.compile(rb"([\x81-\xfe][\x40-\x7e\x80-\xfe])|_")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/=]+")
# As in WHATWG's Encoding Standard: the narrow name is written, the wide one is meant.
_WIDER = {
    "ascii": "utf-8",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "johab": "cp949",
    "shift_jis": "cp932",
    "tis-620": "cp874",
    "iso8859-9": "cp1254",
}
_NAMES = {
    "ks_c_5601-1987": "cp949",
    "x-gbk": "gb18030",
    "chinesebig5": "cp950",
    "chinese_big5": "cp950",
    "x-x-big5": "cp950",
    "x-euc-jp": "euc_jp",
    "x-windows-949": "cp949",
    "windows-949": "cp949",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "unicode-1-1-utf-7": "utf-7",
    "x-unknown": "",
    "unknown-8bit": "",
    "x-user-defined": "",
    "x-sjis": "cp932",
    "x-mac-roman": "mac-roman",
    "cp-850": "cp850",
}
_DOUBLE = {"big5", "big5hkscs", "cp950", "gb18030", "cp932", "cp949"}  # whose second bytes may be letters
# Not character sets of mail, and some take quadratic time on hostile input.
_REFUSED = {
    "idna",
    "punycode",
    "unicode_escape",
    "raw_unicode_escape",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
}


def raw(data: bytes) -> str:
    """Decode bytes that carry no charset: UTF-8 or ISO-2022, else windows-1252, else latin-1."""
    if b"\x1b" in data and (match := _ESCAPES.search(data)):
        return data.decode("iso2022_kr" if match[0] == b"\x1b$)C" else "iso2022_jp_ext", "replace")
    for charset in ("utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Return the codec to use for a charset's name as written, or "" where there is none."""
    charset = charset.strip("\"' ").lower()
    try:
        codec = codecs.lookup(_NAMES.get(charset, charset)).name
    except (LookupError, ValueError, UnicodeError):
        return ""
    codec = _WIDER.get(codec, codec)
    if codec in _REFUSED:
        return ""
    try:
        b"a".decode(codec)
    except LookupError:  # a codec from bytes to bytes
        return ""
    except UnicodeError:
        pass  # a charset of wider units
    return codec


def decode(data: bytes, charset: str) -> str:
    """Decode bytes in a named charset; where name or bytes are wrong, what can be read of them."""
    codec = _codec(charset)
    if not codec:
        return raw(data)
    try:
        return data.decode(codec)
    except (UnicodeError, ValueError):
        if codec in ("utf-8", "cp1252"):
            return raw(data) if codec == "utf-8" else data.decode("latin-1")
        return data.decode(codec, "replace")


def foreign(data: bytes, charset: str) -> str:
    """Decode raw bytes in the charset that stands elsewhere in the mail, unless they are none of it."""
    codec = _codec(charset)
    if codec and codec not in ("utf-8", "cp1252"):
        try:
            return data.decode(codec)
        except (UnicodeError, ValueError):
            pass
    return raw(data)


def _payload(kind: str, data: bytes, charset: str) -> bytes:
    """Return the bytes that an encoded word stands for, its padding and alphabet right or wrong."""
    if kind in "qQ":
        data = data.replace(b"\n", b"")
        out = a2b_qp(data.replace(b"_", b" "))
        if b"_" in data and not out.isascii() and _codec(charset) in _DOUBLE:
            try:
                out.decode(_codec(charset))
            except UnicodeError:
                # Mailers leave the underline as it is where it is the second half of a character.
                return _PAIR.sub(lambda pair: pair[1] or b" ", a2b_qp(data))
        return out
    out = b""
    for piece in _NOT_BASE64.sub(b"", data).split(b"="):
        whole = piece[:-1] if len(piece) % 4 == 1 else piece  # a lone character holds six bits of nothing
        out += a2b_base64(whole + b"=" * (-len(whole) % 4))
    return out


def words(text: str) -> str:
    """Decode the encoded words of a header's text and leave the rest as it is.

    Words side by side in one charset are joined before they are decoded, since mailers split characters between them.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    pending: list[bytes] = []
    charset = ""
    end = 0
    for match in _WORD.finditer(text):
        between = text[end : match.start()]
        # Blanks between two encoded words are no part of the text, RFC 2047 §6.2.
        apart = not end or (not between.isspace() and between != "")
        if apart or match[1].lower() != charset.lower():
            out.append(decode(b"".join(pending), charset))
            pending.clear()
        if apart:
            out.append(between)
        charset = match[1]
        pending.append(_payload(match[2], match[3].encode("utf-8", "surrogatepass"), charset))
        end = match.end()
    out.append(decode(b"".join(pending), charset))
    out.append(text[end:])
    return "".join(out)


def clean(text: str) -> str:
    """Return text in NFC, without control characters and lone surrogates, white space collapsed."""
    if not text:
        return text
    if not text.isprintable():
        text = _CONTROLS.sub("", text)
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not text.isascii():
        text = composed(text)
    return " ".join(text.split())


def header(data: bytes) -> str:
    """Return the text of an unstructured header's value, folded or not."""
    return clean(words(raw(data)))
