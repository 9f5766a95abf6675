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
_JAPANESE = re.compile(rb"\x1b\$[@B]((?:[\x21-\x7e]{2})*+)(?:\x1b\([BJ])?")
_LETTERS = re.compile("[\u0080-\ufffc\ufffe-\U0010ffff]")  # beyond ASCII
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
    "iso8859-11": "cp874",
    "iso2022_jp": "iso2022_jp_ext",
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
    "csmacintosh": "mac-roman",
    "mac": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ukrainian": "mac-cyrillic",
    "x-mac-ce": "mac-latin2",
    "x-mac-greek": "mac-greek",
    "x-mac-turkish": "mac-turkish",
    "unicode": "utf-16",
    "unicode-1-1-utf-8": "utf-8",
    "x-utf-8": "utf-8",
    "koi": "koi8-r",
    "koi8": "koi8-r",
    "koi8-ru": "koi8-u",
    "logical": "iso8859-8",
    "visual": "iso8859-8",
    "gb_2312": "gb18030",
    "gb_2312-80": "gb18030",
    "csgb2312": "gb18030",
    "cn-gb": "gb18030",
    "x-euc-cn": "gb18030",
    "cn-big5": "cp950",
    "cseuckr": "cp949",
    "csksc56011987": "cp949",
    "iso-ir-149": "cp949",
    "ks_c_5601-1989": "cp949",
    "ksc_5601": "cp949",
    "cseucpkdfmtjapanese": "euc_jp",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "csisolatin9": "iso8859-15",
    "latin-9": "iso8859-15",
    "iso-latin-1": "cp1252",
}
_NUMBERED = (  # a family's number is what its many spellings have in common
    (re.compile(r"(?:x-)?(?:cp|ms|win|windows|ibm|dos)[-_]?(\d{3,5})\b.*"), "cp"),
    (re.compile(r"(?:x-|cs)?(?:iso)?[-_]?8[58]59[-_]?(\d{1,2})(?:[-_:;]?[a-z].*)?"), "iso8859-"),
)
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
    """Decode bytes that carry no charset: UTF-8, a little damaged too, or ISO-2022, else windows-1252, else latin-1."""
    if b"\x1b" in data and (match := _ESCAPES.search(data)):
        return data.decode("iso2022_kr" if match[0] == b"\x1b$)C" else "iso2022_jp_ext", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        mended = data.decode("utf-8", "replace")
    if len(_LETTERS.findall(mended)) > mended.count(
        "\ufffd"
    ):  # of a few bytes that were lost, the rest is none the worse
        return mended
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _known(name: str) -> str:
    """Return the name that Python gives a codec, or "" where it has none."""
    try:
        return codecs.lookup(name).name
    except (LookupError, ValueError, UnicodeError):
        return ""


@lru_cache(maxsize=256)
def _codec(charset: str) -> str:
    """Return the codec to use for a charset's name as written, or "" where there is none."""
    charset = charset.strip("\"' ").lower()
    names = [_NAMES.get(charset, charset)]
    names += [family + match[1] for form, family in _NUMBERED if (match := form.fullmatch(charset))]
    codec = next(filter(None, map(_known, names)), "")
    codec = _WIDER.get(codec, codec)
    if not codec or codec in _REFUSED:
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
        if codec.startswith("iso2022_jp"):  # Windows puts letters there that the standard of 1983 has not: "①", "㈱"
            return _JAPANESE.sub(_shifted, data).decode("euc_jis_2004", "replace")
        return data.decode(codec, "replace")


def _shifted(match: re.Match[bytes]) -> bytes:
    """Return letters of two bytes as EUC has them, without the marks that begin and end them."""
    return bytes(byte | 0x80 for byte in match[1])


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


def _written(text: str, charset: str) -> bytes:
    """Return the bytes of an encoded word's text; letters beyond ASCII, which it must not have, are in its charset."""
    if not text.isascii() and (codec := _codec(charset)):
        try:
            return text.encode(codec)
        except UnicodeError:
            pass
    return text.encode("utf-8", "surrogatepass")


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
        pending.append(_payload(match[2], _written(match[3], charset), charset))
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
