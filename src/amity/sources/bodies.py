"""One raw mail as bytes -> the words that its author newly wrote, and the facts that these tell.

Bodies are read only where the owner allows it. Every step is one pass over the bytes: a crafted mail costs its length.
MIME after RFC 2045 and 2046, quoting as mailers practise it.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from collections.abc import Iterable, Iterator
from html import unescape
from itertools import islice
from typing import NamedTuple
from unicodedata import normalize

from amity.language import noted
from amity.model import Found, Moment, Sign, Since, Text, Trouble
from amity.sources import bounces, encoded, limits, remarks, signatures
from amity.sources.limits import USUAL, Limits

LIMIT = 200_000  # characters of a body that are read
LONGEST_LINE = 1000  # characters; longer ones are broken at a blank
RAW = 32 << 20  # bytes of one mail that are looked at; what stands behind them are attachments
_HEADERS = 16 << 10  # bytes of a part's headers
_DELIMITERS = 100_000  # lines that begin with "--" and are looked at
_WIDEST = 6  # bytes of markup or encoding that one character is allowed on average
TAKEN = _WIDEST * LIMIT  # bytes of one part that are read at most

_EMPTY = re.compile(rb"\n\r?\n")
_DASHES = re.compile(rb"\n--([^\n]{1,250})")
_WANTED = re.compile(
    rb"^content-(type|disposition|transfer-encoding)[ \t]*:[ \t]*+([^\n]{0,4000}+(?:\n[ \t][^\n]{0,4000}+){0,40}+)",
    re.IGNORECASE | re.MULTILINE,
)
_PARAMETER = re.compile(
    rb";\s*+([\w-]{1,20})(?:\*(\d{1,2}))?\*?\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)\"?|([^\s;\"]++))", re.DOTALL
)
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")

# -- markup -----------------------------------------------------------------------------------------------------------

_TAG = re.compile(r"<(?:(!--)|[!?][^>]*+>|(/?)([A-Za-z][A-Za-z0-9:]{0,20})([^>]*+)>)")
_ENTITY = re.compile(r"&(?:#\d{1,7}(?!\d)|#[xX][0-9a-fA-F]{1,6}(?![0-9a-fA-F])|[A-Za-z][A-Za-z0-9]{1,31});?")
_UNSEEN = frozenset(("head", "script", "style", "title", "noscript", "template", "svg", "object", "select", "textarea"))
_CLOSE = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in _UNSEEN}
_BREAKS = frozenset(("br", "div", "tr", "table", "hr", "ul", "ol", "dl", "dt", "dd", "section", "article", "address"))
_SPACES = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "center"))
_REPLY_BELOW = re.compile(r"appendonsend|divRplyFwdMsg|OLK_SRC_BODY|yahoo_quoted|reply-intro", re.IGNORECASE)
_SIGNATURE_BELOW = re.compile(r"gmail_signature|moz-signature|id=\"?'?(?:ms-outlook-mobile-)?signature", re.IGNORECASE)

# -- quoted text ------------------------------------------------------------------------------------------------------

QUOTE = "-----Original Message-----"
_QUOTED = re.compile(r"\s{0,8}(?:[>|]|[A-Za-z]{1,4}>|: )")
_ESCAPED_FROM = re.compile(r">From ")
_CUT = re.compile(
    r"""[\s*>]{0,8}(?:
      [-_=*]{2,20}\s{0,4}(?:(?:begin\s)?(?:original|forwarded|urspr(?:ü|ue)ngliche|weitergeleitete|weitergeleitet|message\sd'origine
        |mensaje\soriginal|messaggio\soriginale|oorspronkelijk)\b)
    | (?:begin\sforwarded\smessage|anfang\sder\sweitergeleiteten\s(?:nachricht|e-?mail))\s?:
    | _{20,}\s*$
    | -{5}BEGIN\sPGP\s(?:SIGNATURE|MESSAGE|PUBLIC)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_HEADER = re.compile(r"[\s*]{0,8}(?:from|von|de|da|van|från|fra|od)\s{0,2}:\*{0,2}\s{1,8}\S", re.IGNORECASE)
_TO = re.compile(r"[\s*]{0,8}(?:to|an)\s{0,2}:\*{0,2}\s{1,8}\S", re.IGNORECASE)
_MORE_HEADERS = re.compile(
    r"[\s*]{0,8}(?:sent|gesendet|date|datum|to|an|subject|betreff|cc|envoyé|objet|enviado|asunto|inviato|oggetto|verzonden"
    r"|onderwerp|fecha|data|skickat|sendt)(?:\s{0,2}am)?\s{0,2}:",
    re.IGNORECASE,
)
# "On Tue, 5 Mar 2024 at 10:11, Ana <ana@x.org> wrote:", over up to three lines
_WROTE = re.compile(
    r"\b(?:wrote|writes|schrieb|écrit|escribió|scritto|schreef|skrev|escreveu)\b[^.!?]{0,120}(?::|\.{3}|…)\**\s*$",
    re.IGNORECASE,
)
_ON = ("on ", "am ", "le ", "el ", "il ", "op ", "at ")
_DATED = re.compile(r"\d{4}|\d\d?[:.]\d\d|\d\d?[./-]\d\d?[./-]\d\d|<?\S@\S")
_UUENCODED = re.compile(r"begin \d{3} \S")
_ARMOUR = re.compile(r"-{5}BEGIN PGP SIGNED MESSAGE")


class Part(NamedTuple):
    """One leaf of a mail: where its text stands in the bytes, and how it is written."""

    kind: str  # "text/plain"
    charset: str
    transfer: str
    attached: bool
    start: int
    end: int


class Leaf(NamedTuple):
    """A part together with the bytes in which it stands."""

    raw: bytes
    part: Part


def _parameters(value: bytes) -> dict[str, str]:
    """Return the parameters of a header's value, continued ones joined (RFC 2231)."""
    found: dict[str, str] = {}
    for name, order, quoted, plain in _PARAMETER.findall(value[:8000]):
        key = name.decode("ascii", "replace").lower()
        text = (quoted or plain).decode("latin-1")
        if order not in (b"", b"0"):
            found[key] = found.get(key, "") + text
        else:
            found.setdefault(key, text)
    return found


def _header(raw: bytes, start: int, end: int) -> tuple[dict[bytes, bytes], int]:
    """Return the content headers of a part, and where its body begins."""
    if raw[start : start + 1] == b"\n" or raw[start : start + 2] == b"\r\n":
        return {}, raw.find(b"\n", start) + 1
    match = _EMPTY.search(raw, start, end)
    found: dict[bytes, bytes] = {}
    for name, value in _WANTED.findall(raw[start : match.start() if match else end]):
        found.setdefault(name.lower(), value)
    return found, match.end() if match else end


class TooMuch(Exception):
    """Say which limit what is left of a mail goes beyond."""


def parts(raw: bytes, bounds: Limits = USUAL) -> Iterator[Part]:
    """Yield the text parts of a mail in their order.

    Attached messages are somebody else's words and are not opened. One pass over the bytes, whatever their nesting.
    Raises TooMuch behind the parts that keep within the limits, where there are others.
    """
    deeper = False  # a multipart was passed over
    stack: list[tuple[bytes, bool]] = []  # boundary, and whether its parts are messages unless they say otherwise
    levels: dict[bytes, int] = {}
    size = len(raw)

    def opened(start: int, digest: bool) -> Part | None:
        """Read a part's headers: a multipart goes on the stack, a leaf of text is returned without its end."""
        nonlocal deeper
        fields, body = _header(raw, start, min(size, start + (_HEADERS if start else bounds.header_bytes)))
        default = b"message/rfc822" if digest else b"text/plain"
        value = fields.get(b"type", default)
        kind = value.partition(b";")[0].strip().lower().decode("latin-1")
        kind = "text/plain" if kind in ("text", "plain", "") else kind
        named = _parameters(value)
        if kind.startswith("multipart/"):
            boundary = named.get("boundary", "").encode("latin-1").rstrip()
            if not boundary and not stack and (guess := _DASHES.search(raw, max(0, body - 1))):
                boundary = guess[1].rstrip()
            deeper = deeper or len(stack) >= bounds.mime_depth
            if boundary and len(stack) < bounds.mime_depth:
                stack.append((boundary, kind == "multipart/digest"))
                levels[boundary] = len(stack) - 1
            return None
        if kind not in ("text/plain", "text/html"):
            return None
        place = fields.get(b"disposition", b"").lower()
        attached = place.lstrip().startswith(b"attachment") or b"filename" in place
        transfer = fields.get(b"transfer-encoding", b"").partition(b";")[0].strip().lower().decode("latin-1")
        return Part(kind, named.get("charset", ""), transfer, attached, body, size)

    leaf = opened(0, False)
    if not stack:
        if leaf is not None:
            yield leaf
        return
    seen = 0
    for match in islice(_DASHES.finditer(raw), _DELIMITERS):
        line = match[1].rstrip()
        level = levels.get(line)
        closing = False
        if level is None:
            if not line.endswith(b"--") or (level := levels.get(line[:-2])) is None:
                continue
            closing = True
        if leaf is not None:
            yield leaf._replace(end=match.start())
        leaf = None
        seen += not closing
        del stack[level + (not closing) :]
        levels = {boundary: index for index, (boundary, _) in enumerate(stack)}
        if seen > bounds.mime_parts:
            raise TooMuch(noted("its body has more than {n:,} parts, and the rest is not read", n=bounds.mime_parts))
        if not stack:
            break
        if not closing:
            leaf = opened(match.end() + 1, stack[level][1])
    if leaf is not None:
        yield leaf  # the mail was cut short
    if deeper:
        raise TooMuch(
            noted("its body has more than {n:,} multiparts in one another, and is read so deep", n=bounds.mime_depth)
        )


def _decoded(raw: bytes, part: Part, limit: int) -> str:
    """Return the text of a part, as far as the limit in characters goes."""
    data = raw[part.start : min(part.end, part.start + _WIDEST * limit)]
    if part.transfer == "base64":
        kept = _NOT_BASE64.sub(b"", data.partition(b"=")[0])
        kept = kept[: len(kept) - (len(kept) % 4 == 1)]
        data = a2b_base64(kept + b"=" * (-len(kept) % 4))
    elif part.transfer == "quoted-printable":
        data = a2b_qp(data)
    return encoded.decode(data, part.charset)


class _Page:
    """The lines of a page as a reader of plain text would see them: quoted ones begin with ">"."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.quotes = 0

    def end_line(self) -> None:
        text = "".join(self.line).rstrip()
        self.line.clear()
        self.lines.append(("> " if self.quotes else "") + text)

    def between_blocks(self) -> None:
        if self.line:
            self.end_line()

    def add(self, text: str, *, kept: bool) -> None:
        text = _ENTITY.sub(lambda match: unescape(match[0]), text).replace("\xa0", " ")
        if kept:
            *whole, text = text.split("\n")
            for line in whole:
                self.line.append(line)
                self.end_line()
        elif text:
            words = " ".join(text.split())
            if words or self.line:
                before = " " if text[0].isspace() and self.line and not self.line[-1].endswith(" ") else ""
                after = " " if words and text[-1].isspace() else ""
                text = before + words + after
            else:
                text = ""
        if text:
            self.line.append(text)


def page_text(html: str) -> str:
    """Return the words of an HTML page, one line a block; quotations begin with ">", what is not shown is left out."""
    page = _Page()
    position = 0
    pre = 0
    last = html.rfind(">") + 1  # behind it no tag can end, so that a search from any "<" before it finds an end
    while (match := _TAG.search(html, position, last)) is not None:
        if match.start() > position:
            page.add(html[position : match.start()], kept=pre > 0)
        position = match.end()
        if match[1]:
            position = html.find("-->", position)
            if position < 0:
                return "\n".join((*page.lines, "".join(page.line)))
            position += 3
            continue
        name = (match[3] or "").lower()
        if not name:
            continue
        closes = bool(match[2])
        if name in _UNSEEN and not closes and not match[4].endswith("/"):
            end = _CLOSE[name].search(html, position, last)
            if end is None:
                break
            position = end.start()
        elif name == "blockquote":
            page.between_blocks()
            page.quotes = max(0, page.quotes + (-1 if closes else 1))
        elif name == "li":
            page.between_blocks()
            if not closes:
                page.line.append("- ")
        elif name in ("td", "th"):
            if page.line:
                page.line.append(" ")
        elif name in _BREAKS:
            if name == "br":
                page.end_line()
            else:
                page.between_blocks()
        elif name in _SPACES:
            page.between_blocks()
            if page.lines and page.lines[-1]:
                page.lines.append("")
            if name == "pre":
                pre = max(0, pre + (-1 if closes else 1))
        if not closes and len(match[4]) < 2000 and ("id=" in match[4] or "class=" in match[4]):
            if _REPLY_BELOW.search(match[4]):
                page.between_blocks()
                page.lines.append(QUOTE)
                return "\n".join(page.lines)
            if _SIGNATURE_BELOW.search(match[4]):
                page.between_blocks()
                page.lines.append("-- ")
    else:
        page.add(html[position:], kept=pre > 0)
    page.between_blocks()
    return "\n".join(page.lines)


def _attribution(lines: list[str], at: int) -> tuple[int, bool]:
    """Return how many lines from here on say who wrote what follows (0 for none), and whether they say so surely."""
    first = lines[at][:LONGEST_LINE].rstrip()
    if first[-1:] in ":.…*" and _WROTE.search(first[-200:]):
        return 1, first.lstrip()[:3].lower() in _ON or _DATED.search(first) is not None
    if first.lstrip()[:3].lower() not in _ON or not _DATED.search(first):
        return 0, False
    for count in (2, 3):
        line = lines[at + count - 1][:LONGEST_LINE] if at + count <= len(lines) else ""
        if not line.strip():
            break
        if _WROTE.search(line[-200:]):
            return count, True
    return 0, False


def own_words(text: str) -> str:
    """Return the lines that the author wrote anew: without quotations, forwarded mail and what carries them.

    Answers between quoted lines stay. In doubt a line is left out: rather miss a word than take another's for theirs.
    """
    out: list[str] = []
    lines = text.split("\n")
    at = 0
    total = len(lines)
    hidden = False
    while at < total:
        line = lines[at].rstrip()
        head = line[:LONGEST_LINE]
        at += 1
        if not head:
            if out and out[-1]:
                out.append("")
            continue
        if hidden:  # an attachment written into the text, or the headers of a signed message
            hidden = head not in ("end", "")
            continue
        start = head[:16].lstrip()[:1]
        if start in ">|:" or ">" in head[:13]:
            if _ESCAPED_FROM.match(head):
                out.append(line[1:])
                continue
            if _QUOTED.match(head):
                continue
        if start in "-_=*bBaA>":  # all other lines are prose: this way is hot
            if _CUT.match(head):
                break
            if _ARMOUR.match(head):
                while at < total and lines[at].strip():
                    at += 1
                continue
            if _UUENCODED.match(head):
                hidden = True
                continue
        if (":" in head[:12]) and (_HEADER.match(head) or _TO.match(head)):
            near = [near[:200] for near in lines[at : at + 5] if near.strip()][:3]
            if sum(_MORE_HEADERS.match(one) is not None for one in near) >= (2 if _HEADER.match(head) else 1):
                break
        count, sure = _attribution(lines, at - 1)
        if count:
            after = at - 1 + count
            while after < total and not lines[after].strip():
                after += 1
            quoted = after < total and _QUOTED.match(lines[after][:LONGEST_LINE]) is not None
            if sure and not quoted:
                break
            if quoted:
                at = after
                continue
        out.append(head if len(line) == len(head) else line)
    return "\n".join(out).strip("\n")


def _broken(line: str) -> Iterator[str]:
    """Yield a long line in pieces, broken at blanks; a word longer than a line is cut."""
    start = 0
    while len(line) - start > LONGEST_LINE:
        end = line.rfind(" ", start, start + LONGEST_LINE)
        if end <= start:
            yield line[start : start + LONGEST_LINE]
            end = line.find(" ", start + LONGEST_LINE)
            if end < 0:
                return
        else:
            yield line[start:end]
        start = end + 1
    yield line[start:]


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u2060\ufeff\ud800-\udfff]+")


def text_of(raw: bytes, *, limit: int = LIMIT) -> str:
    """Return the author's own new words of one raw mail: plain text, else the page without its markup.

    At most `limit` characters in lines of at most 1,000; "" where there are none. Never raises.
    """
    return text_of_leaves(_leaves(raw, USUAL)[0], limit=limit)


def _leaves(raw: bytes, bounds: Limits) -> tuple[list[Leaf], str]:
    """Return the text parts of one raw mail, and why there are not all of them."""
    if b"\n" not in raw[:LIMIT]:
        raw = raw.replace(b"\r", b"\n")
    raw = raw[:RAW]
    found: list[Leaf] = []
    try:
        found.extend(Leaf(raw, part) for part in parts(raw, bounds))
    except TooMuch as reason:
        return found, str(reason)
    return found, ""


def text_of_leaves(leaves: Iterable[Leaf], *, limit: int = LIMIT) -> str:
    """Return the author's own new words, as `text_of` does, of a mail's parts in their order. Never raises."""
    plain: list[str] = []
    page = ""
    room = limit
    for raw, part in leaves:
        if part.attached or room <= 0:
            continue
        if part.kind == "text/plain":
            text = _decoded(raw, part, limit)[:room]
            if text.strip():
                plain.append(text)
                room -= len(text)
        elif not page:
            page = _decoded(raw, part, limit)
    text = "\n\n".join(plain) if plain else page_text(page)[:limit]
    text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = own_words(text.replace("\xa0", " "))
    if len(text) > LONGEST_LINE:
        text = "\n".join(
            piece for line in text.split("\n") for piece in (_broken(line) if len(line) > LONGEST_LINE else (line,))
        )
    if not text.isascii():
        text = normalize("NFC", text)  # on short lines alone: a run of accents costs its square
    return text[:limit]


def told(raw: bytes, moment: Moment, since: Since) -> Iterator[Found | Text | Trouble]:
    """Yield what the owner wants of a mail's body: facts, the author's own words to be searched, or both.

    raw is the whole mail, headers and body, and moment what its headers said. Never raises.
    """
    if since.bodies and bounces.is_bounce(moment):
        yield from bounces.found(raw, moment)
    leaves, missing = _leaves(raw, limits.of(since))
    yield from _told(text_of_leaves(leaves), moment, since)
    if missing:
        yield Trouble(moment.place, missing)


def told_of_leaves(leaves: Iterable[Leaf], moment: Moment, since: Since) -> Iterator[Found | Text]:
    """Yield what `told` does, of a mail's parts in their order. Never raises."""
    return _told(text_of_leaves(leaves), moment, since)


def wanted(moment: Moment, since: Since) -> bool:
    """Tell whether a mail's body can tell anything that the owner wants, by what its headers said."""
    return since.texts or (since.bodies and _is_personal(moment))


def _told(text: str, moment: Moment, since: Since) -> Iterator[Found | Text]:
    if not text:
        return
    if since.texts:
        yield Text(moment, text)
    if since.bodies:
        yield from facts(text, moment)


def facts(text: str, moment: Moment) -> Iterator[Found]:
    """Yield what a mail's text tells of promises, requests, thanks, introductions, and its writer's position.

    A mail whose headers say that a list or a machine sent it tells nothing. Nothing is kept but the sentences yielded.
    """
    if not _is_personal(moment):
        return
    yield from remarks.find(text, moment)
    if (signature := signatures.find(text, moment)) is not None:
        yield signature


def _is_personal(moment: Moment) -> bool:
    return moment.signs == Sign.NONE and remarks.writer(moment) is not None
