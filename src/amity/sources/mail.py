"""One mail's headers, as bytes -> a Moment. Shared by every source that holds mail; bodies are never looked at.

The way is hot: a hundred thousand mails in about a second. So one expression finds the wanted headers, and
dictionaries keyed on raw bytes remember what was decoded before; only what is new to them reaches a parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b
from itertools import islice
from typing import cast

from amity.language import mark, noted
from amity.model import Channel, Depth, Handle, Moment, Party, Role, Sign, Trouble
from amity.sources import addresses, dates, encoded
from amity.sources.limits import USUAL, Limits

KEPT = 4096  # bytes kept of a mail that could not be read
UNDATED = mark("no usable date")  # the reason of a Trouble whose other headers can be read: see `undated`
_KEPT_UNDATED = 16 << 10  # bytes of headers kept of such a mail
_SHORT = 200  # bytes of a header of people that is remembered as a whole
_WHOLE = 2_000  # such headers, and paths for bounces, that are remembered
_PATH = 400  # bytes of a Return-Path that are looked at; RFC 5321 §4.5.3.1 allows 256
_CACHED = 60_000  # entries of a cache before it starts anew, so that memory stays flat

# Headers that services set on what they send to many: Mailchimp, Brevo, the Certified Senders Alliance, and others.
_CAMPAIGN = (
    b"Feedback-ID", b"X-Campaign", b"X-CampaignID", b"X-Campaign-ID", b"X-MC-User", b"X-CSA-Complaints", b"X-Bulkmail",
    b"X-Mailin-Campaign",
)  # fmt: skip
# What calls itself so in X-Mailer sends to many; programs that send whatever they are given are left out.
_MAILERS = rb"(?=[AaGgILlMOPpUW])(?i:lyris|list ?manager|octeth|phplist|aweber|inxmail|maxbulk|unitymail|group ?mail)"
# Looking ahead at two letters, `re` rejects most lines before it tries the alternatives, and these by a set each.
_FIELDS = re.compile(
    rb"\n(?=[FfTtCcBbDdSsMmIiRrLlPpAaXxEe][ROCAEUNI\-rocaeuni])([Ff](?i:rom)|[Tt][Oo]|[Cc][Cc]|[Bb](?i:cc)|[Dd](?i:ate|elivered-to)|[Ss](?i:ubject)"
    rb"|[Mm](?i:essage-id|ailing-list)|[Ii](?i:n-reply-to)|[Rr][Ee](?:[Ff](?i:erences)|[Tt](?i:urn-path)"
    rb"|[Pp](?i:ly-to)(?=[ \t]*:[^\n]*(?i:leave|unsub|no[-_.]?t?[-_.]?reply)))"
    rb"|[Ll](?i:ist-(?:id|post|unsubscribe))|[Pp](?i:recedence)|[Aa](?i:uto-submitted)"
    rb"|[Xx]-(?=[ABCMOabcmo])(?:[Aa](?i:utoreply|uto-response-suppress)|[Oo](?i:riginal-to)|[Bb](?i:ulkmail)"
    rb"|[Cc](?i:ampaign(?:-?id)?|sa-complaints)|[Mm][Cc]-(?i:user)|[Mm][Aa][Ii][Ll](?:(?i:in-campaign)"
    rb"|[Ee][Rr](?=[ \t]*:[ \t]*+" + _MAILERS + rb")))"
    rb"|[Ff](?i:eedback-id)|[Ee](?i:nvelope-to))"
    rb"[ \t]*:[ \t]*+([^\n]*+(?:\n[ \t][^\n]*+)*+)"
)
_CANON = {
    name.lower(): name
    for name in (
        b"From", b"To", b"Cc", b"Bcc", b"Date", b"Subject", b"Message-ID", b"In-Reply-To", b"References", b"List-Id",
        b"List-Post", b"Mailing-List", b"Precedence", b"Auto-Submitted", b"X-Autoreply", b"X-Auto-Response-Suppress",
        b"List-Unsubscribe", b"Return-Path", b"Delivered-To", b"X-Original-To", b"Envelope-To", b"Reply-To",
        b"X-Mailer", *_CAMPAIGN,
    )
}  # fmt: skip
_NAMES = frozenset((*_CANON.values(), b"Message-Id"))
_JOINED = frozenset((b"To", b"Cc", b"Bcc"))
_SPECIAL = frozenset(
    (b"List-Id", b"List-Post", b"Mailing-List", b"Precedence", b"Auto-Submitted", b"X-Autoreply",
     b"X-Auto-Response-Suppress", b"List-Unsubscribe", b"Delivered-To", b"X-Original-To", b"Envelope-To", b"Bcc",
     b"Reply-To", b"X-Mailer", *_CAMPAIGN)
)  # fmt: skip
_SOFTWARE = frozenset((b"Reply-To", b"X-Mailer", *_CAMPAIGN))
_PIECES = re.compile(rb'(?:[^,"]++|"[^"]*+")++')  # what stands between commas outside of quotes
_SIMPLE = re.compile(  # "Name <address>" or an address, with nothing that needs a grammar
    rb"\s*+(?:\"([^\"\\]*+)\"\s*+|([^\"<>(),:;@\[\]\\]*+))"
    rb"<([\w.!#$%&*+/=?^`{|}~-]{1,200}+@[A-Za-z0-9.-]{0,250}[A-Za-z0-9])>\s*+"
    rb"|\s*+([\w.!#$%&*+/=?^`{|}~-]{1,200}+@[A-Za-z0-9.-]{0,250}[A-Za-z0-9])\s*+"
)
_ANY_FIELD = re.compile(rb"\n[!-9;-~]{1,200}+[ \t]*:")
_RECEIVED = re.compile(rb"\n[Rr](?i:eceived)[ \t]*:([^\n]*+(?:\n[ \t][^\n]*+)*+)")
_USUAL_DATE = re.compile(rb"(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} (?=\d\d:\d\d:\d\d [+-]\d{4}$)")
_ID = re.compile(r"<([^<>\s]++)>")
_LOOSE_ID = re.compile(r"<([^<>]{1,998})>")
_FOLD = re.compile(r"\s*+\n\s*+")
_COMMENT = re.compile(r" ?\([^()]{0,998}\)")
_AROUND = re.compile(r" ?([.@]) ?")
_CONTENT = re.compile(rb"\ncontent-type[ \t]*:([^\n]*+(?:\n[ \t][^\n]*+)*+)", re.IGNORECASE)
_CHARSET = re.compile(rb"charset[ \t]*=[ \t]*\"?([\w.:-]{1,40})", re.IGNORECASE)
_WORD_CHARSET = re.compile(rb"=\?([\w.:-]{1,40})\?[bq]\?", re.IGNORECASE)
# "From ana@x.org Sat Jan  3 01:05:34 1996 +0000" parts mails: the date begins at the day's name.
ENVELOPE = re.compile(rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[, ].*|\b\d{4}-\d\d-\d\d.*")
_ROLES = tuple(Role)
_SIGNS = tuple(Sign(bits) for bits in range(64))
# Return-Paths that software makes for what bounces of a list or a mailing: after "bounce" with a figure come Lyris
# ListManager and most of today's services; then Majordomo and LISTSERV, Yahoo! Groups, Topica, Mailman and SmartList,
# and ezmlm.
_BOUNCES = re.compile(
    rb"<?(?:bounces?[-+=._][^@]*\d|owner-.|sentto-\d|list-errors\.\d|[^@]*[-+=._]bounces?[-+=._][^@]*\d"
    rb"|[^@]+-(?:bounces?|admin|owner|request|errors)(?:[-+=][^@]*)?@|[^@]+-return-\d+-)"
)
_BOUNCING = re.compile(rb"[@.-]bounces?\.")  # in the host of such an address
_OWN = re.compile(rb"\bprvs=|\+caf_=")  # tagged against backscatter (BATV); forwarded by Gmail
_LEAVES = re.compile(rb"(?:^|[<\s:\"]|[-_.+])(?:leave|unsub(?:scribe)?)(?:[-_.+][^\s@<>]*)?@")  # answering it ends it
_DEAF = re.compile(rb"(?:^|[<\s:\"-]|do[-_.]?)not?[-_.]?reply[^\s@<>]*@([\w.-]+)")
# Every program that people write with gives a mail its id. The forms in which servers make up for one that lacks it:
# Exim, sendmail and Postfix, qmail; ListManager's own; and Gmail's.
_GIVEN_ID = re.compile(
    r"(?:E1\w{5}-\w{6}-\w\w|\d{12}\.\w{14}|\d{14}\.[0-9A-F]{5,12}|\d{14}\.\d+\.qmail)@([\w.-]+)"
    r"|LISTMANAGER|[\w.]{1,80}SMTPIN_ADDED_"
)
_GIVEN = frozenset(("E1", "19", "20", "LI"))  # how the first of these begin
_CLOCKS = {b"%02d:%02d" % divmod(minute, 60): 60 * minute for minute in range(1440)}
_SECONDS = {b":%02d" % second: second for second in range(60)}

Scan = Callable[[bytes, int | str, bytes], "Moment | Trouble"]


def unix(block: bytes) -> bytes:
    """Return a header block with plain line breaks, cut at its first empty line."""
    block = block.replace(b"\r\n", b"\n")
    end = block.find(b"\n\n")
    return block[:end] if end >= 0 else block.rstrip(b"\r")


def _settle(found: list[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Bring headers to their usual spelling; repeated recipients are joined, of others the first one counts."""
    fields: dict[bytes, bytes] = {}
    for name, value in found:
        name = _CANON[name.lower()]
        if name not in fields:
            fields[name] = value
        elif (name in _JOINED and value.strip()) or (name == b"Delivered-To" and len(fields[name]) < 2000):
            fields[name] += b",\n " + value
    return fields


def recode(block: bytes) -> bytes:
    """Return a block in UTF-8 where lines hold raw bytes of another charset, which the mail itself names elsewhere.

    Headers must not hold such bytes (RFC 5322 §2.2); who writes them writes them in the charset of the body.
    """
    try:
        block.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return block
    content = _CONTENT.search(block)
    match = (_CHARSET.search(content[1]) if content else None) or _WORD_CHARSET.search(block)
    charset = match[1].decode("ascii") if match else ""
    lines = block.split(b"\n")
    for number, line in enumerate(lines):
        if not line.isascii():
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                lines[number] = encoded.foreign(line, charset).encode("utf-8", "replace")
    return b"\n".join(lines)


def _plain(text: str) -> str:
    """Return what stands between angle brackets, without folds, and without comments and blanks around dots."""
    text = encoded.clean(_FOLD.sub("", text))
    if " " in text:
        bare = _AROUND.sub(r"\1", _COMMENT.sub("", text) if "(" in text else text).strip()
        return text if " " in bare else bare  # where blanks are left it is no id, but what somebody wrote there
    return text


def _identity(value: bytes) -> str:
    """Return a message id without its angle brackets."""
    text = value.decode("utf-8", "replace")
    match = _LOOSE_ID.search(text)
    return (_plain(match[1]) if match else encoded.clean(text).strip("<> "))[:998]


def _answered(value: bytes) -> str:
    """Return the first id of an In-Reply-To header, or a bare id; behind prose that names a person the last one."""
    text = value.decode("utf-8", "replace")
    if found := _LOOSE_ID.findall(text):
        return _plain(found[0 if text.lstrip()[:1] == "<" else -1])  # RFC 822: "Message from Ana <ana@x.org> <1@x.org>"
    text = encoded.clean(text)
    return text.strip("<>") if "@" in text and " " not in text and len(text) <= 998 else ""


def references(value: bytes) -> tuple[str, ...]:
    """Return the ids of a References header, first to last."""
    text = value.decode("utf-8", "replace")
    found = _ID.findall(text)
    if len(found) != text.count("<"):
        found = [plain for inner in _LOOSE_ID.findall(text) if (plain := _plain(inner))]
    if not found and "@" in text:
        found = [word.strip("<>,") for word in encoded.clean(text).split() if "@" in word]
    return tuple(found)


def _signs(fields: dict[bytes, bytes], sender: str) -> int:
    """Return the bits of Sign that the headers set."""
    bits = 0
    if b"List-Id" in fields or b"List-Post" in fields or b"Mailing-List" in fields:
        bits |= 1
    if fields.get(b"Precedence", b"").strip().lower() in (b"bulk", b"list", b"junk"):
        bits |= 2
    auto = fields.get(b"Auto-Submitted", b"no").partition(b";")[0].strip().lower()
    if auto != b"no" or b"X-Autoreply" in fields or b"X-Auto-Response-Suppress" in fields:
        bits |= 4
    if b"List-Unsubscribe" in fields:
        bits |= 8
    if fields.get(b"Return-Path", b"").strip() == b"<>":
        bits |= 16
    if not bits & 1 and not _SOFTWARE.isdisjoint(fields) and _is_mailing(fields, sender):
        bits |= 32
    return bits


def _is_mailing(fields: dict[bytes, bytes], sender: str) -> bool:
    """Tell whether software for lists and mass mailings shows itself, or an answer would end or miss a subscription."""
    for name in _SOFTWARE.intersection(fields):
        value = fields[name].lower()
        if name == b"Reply-To":
            deaf = _DEAF.search(value)
            whose = _owned(deaf[1].decode("ascii", "replace")) if deaf else ""
            if _LEAVES.search(value) is not None or (whose and whose == _owned(sender.rpartition("@")[2])):
                return True
        # Fastmail sets this one on every mail of its customers.
        elif name != b"Feedback-ID" or not value.rstrip().endswith(b":fastmail"):
            return True
    return False


def _lacked_id(identity: str, people: tuple[Party, ...]) -> int:
    """Return Sign.MAILING where the reader's server, not the author's, gave a mail its id, which scripts forget."""
    given = _GIVEN_ID.match(identity)
    if given is None:
        return 0
    if given[1] is None:
        return 32
    host = _owned(given[1].lower())
    if not people or people[0].handle.value.endswith(host):
        return 0
    return 32 if any(_owned(party.handle.value.rpartition("@")[2]) == host for party in people) else 0


def _bounced(path: bytes) -> tuple[str, str] | tuple[()]:
    """Return the local part of a Return-Path that may gather a mailing's bounces; nothing where it is anybody's own.

    Beside it stands whose mailing it must be, as the last two labels of a domain, or "" where list software or a
    mailing service made the path. A host for bounces, or the reader's address in the local part (VERP), tells at the
    author's own domain alone: elsewhere it may be that of a service which invites in the author's name.
    """
    path = path.lower()
    if b"-" not in path and b"=" not in path and b"bounce" not in path:
        return ()
    if _BOUNCES.match(path) is not None:
        return path.partition(b"@")[0].decode("ascii", "replace"), ""
    if (b"=" in path and _OWN.search(path) is None) or _BOUNCING.search(path) is not None:
        local, _, host = path.decode("ascii", "replace").rstrip("> ").rpartition("@")
        return local, _owned(host)
    return ()


def _owned(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _mailing(path: tuple[str, str], author: str) -> bool:
    """Tell whether a path is a mailing's and not the author's own, rewritten by a forwarder (SRS) or tagged (BATV)."""
    local, whose = path
    name, _, host = author.partition("@")
    return not local.endswith(name) and (not whose or _owned(host) == whose)


def cut(place: int | str, longest: int) -> Trouble:
    """Return the trouble with a mail of which not all headers were read."""
    return Trouble(place, f"its headers are longer than {longest:,} bytes, and are read so far")


def received(block: bytes) -> int | None:
    """Return when the last server says that it got the mail, or None."""
    match = _RECEIVED.search(block)
    return dates.parse(encoded.clean(encoded.raw(match[1].rpartition(b";")[2]))) if match else None


def undated(trouble: Trouble) -> Moment:
    """Return what the headers say that were kept of a mail without usable date; its `at` is 0 and means nothing."""
    block = b"\n" + trouble.kept
    return cast(Moment, scanner()(block, trouble.place, b"1 Jan 1970"))


def scanner(limits: Limits = USUAL) -> Scan:
    """Return a function that reads one mail's header block, with caches of its own.

    It takes the block, which begins with a line break and ends before the empty line; the mail's place in the
    source; and the date that the source itself knows of the mail (an mbox's From line), which may be empty.
    """
    most = limits.people
    whole: tuple[dict[bytes, tuple[Party, ...]], ...] = ({}, {}, {}, {})
    mailboxes: dict[bytes, tuple[Party, ...]] = {}  # as they are written, in each role
    days: dict[bytes, int] = {}
    clocks, seconds = _CLOCKS, _SECONDS
    zones: dict[bytes, int] = {}
    threads: dict[str, int] = {}
    paths: dict[bytes, tuple[str, str] | tuple[()]] = {}
    fields_of = _FIELDS.findall
    given = _GIVEN
    names = _NAMES
    special = _SPECIAL
    mail = Channel.MAIL
    from_role, to_role, cc_role = Role.FROM, Role.TO, Role.CC
    authors, addressed, copied = whole[from_role], whole[to_role], whole[cc_role]
    ordinary = Depth.ORDINARY
    signs = _SIGNS
    make = tuple.__new__
    strip = bytes.strip
    from_bytes = int.from_bytes

    def grammar(value: bytes, role: Role) -> tuple[Party, ...]:
        named = islice(addresses.parse(encoded.raw(value)), most + 1)
        return tuple([Party(role, name, handle) for name, handle in named])

    def parties(value: bytes, role: Role) -> tuple[Party, ...]:
        """Read a header of people that was not met before as a whole."""
        # Half of a quoted name with a comma in it is never known, so all being known says that no comma was quoted.
        try:
            found = tuple([mailboxes[piece][role] for piece in map(strip, value.split(b","))])
        except KeyError:
            found = unmet(value, role)
        if len(value) < _SHORT:
            met = whole[role]
            if len(met) > _WHOLE:
                met.clear()
            met[value] = found
        return found

    def unmet(value: bytes, role: Role) -> tuple[Party, ...]:
        """Read a header of people of whom some were not met before."""
        if b"\x1b" in value:  # ISO-2022, in which commas and quotes are halves of characters
            return grammar(value, role)
        if len(mailboxes) > _CACHED:
            mailboxes.clear()
        pieces = [*map(strip, _PIECES.findall(value) if b'"' in value else value.split(b","))]
        for piece in pieces:
            if piece not in mailboxes:
                match = _SIMPLE.fullmatch(piece)
                if match is None:
                    return grammar(value, role)
                quoted, phrase, angle, alone = match.groups()
                name = encoded.header(quoted or phrase or b"")
                handle = Handle("email", (angle or alone).decode("ascii").lower())
                mailboxes[piece] = tuple([make(Party, (part, name, handle)) for part in _ROLES])
        return tuple([mailboxes[piece][role] for piece in pieces])

    def when(value: bytes) -> int | None:
        """Read a date, and remember its parts where it has the usual form."""
        value = value.strip()
        at = dates.parse(encoded.clean(encoded.raw(value[:200])))
        if at is not None and (match := _USUAL_DATE.match(value)):
            zone = dates.offset(value[-5:].decode("ascii"))
            clock = clocks.get(value[-14:-9])
            second = seconds.get(value[-9:-6])
            if clock is not None and second is not None:
                if len(days) > _CACHED:
                    days.clear()
                days[match[0]] = at - clock - second + zone
                zones[value[-6:]] = -zone
        return at

    def scan(block: bytes, place: int | str, envelope: bytes) -> Moment | Trouble:
        if not block.isascii():
            block = recode(block)
        found = fields_of(block)
        fields = dict(found)
        if len(fields) != len(found) or not fields.keys() <= names:
            fields = _settle(found)
        get = fields.get

        at: int | None
        date = get(b"Date", b"")
        try:
            at = days[date[:-14]] + clocks[date[-14:-9]] + seconds[date[-9:-6]] + zones[date[-6:]]
        except KeyError:
            at = when(date)
            if at is None:
                at = dates.parse(encoded.raw(envelope)) if envelope else None
                if at is None:
                    at = received(block)
                if at is None:
                    if _ANY_FIELD.match(block) is None:
                        return Trouble(place, noted("no mail headers"), block[1 : KEPT + 1])
                    return Trouble(place, UNDATED, block[1 : _KEPT_UNDATED + 1])

        value = get(b"From", b"")
        people = authors.get(value)
        if people is None:
            people = parties(value, from_role)
        sender = people[0][2][1] if people else ""
        value = get(b"To")
        if value is not None:
            more = addressed.get(value)
            people += parties(value, to_role) if more is None else more
        value = get(b"Cc")
        if value is not None:
            more = copied.get(value)
            people += parties(value, cc_role) if more is None else more

        value = get(b"Return-Path", b"")[:_PATH]
        path = paths.get(value)
        if path is None:
            if len(paths) > _WHOLE:
                paths.clear()
            path = paths[value] = _bounced(value)
        bits = 16 if value == b"<>" else 32 if path and _mailing(path, sender) else 0
        if not special.isdisjoint(fields):
            bits |= _signs(fields, sender)
            if (value := get(b"Bcc")) is not None:
                people += parties(value, Role.TO)  # only the sender's own copy has it
            for name in (b"Delivered-To", b"X-Original-To", b"Envelope-To"):
                if (value := get(name)) is not None:
                    people += tuple([party for party in parties(value, Role.DELIVERED) if party not in people])
        if len(people) > most:
            return Trouble(place, noted("it has more than {n:,} participants", n=most), block[1 : KEPT + 1])

        value = get(b"Subject", b"")
        if value.isascii() and b"=?" not in value:
            subject = value.decode("ascii")
            if not subject.isprintable() or "  " in subject or subject[-1:] == " ":
                subject = encoded.header(value)
        else:
            subject = encoded.header(value)

        value = get(b"Message-ID") or get(b"Message-Id", b"")
        if value[:1] == b"<" and value[-1:] == b">" and value.isascii():
            identity = value[1:-1].decode("ascii")
            if not identity.isprintable() or " " in identity or "<" in identity:
                identity = _identity(value)
        else:
            identity = _identity(value) if value else ""
        if not bits & 1 and (identity[:2] in given or identity[-14:] == "@mx.google.com"):
            bits |= _lacked_id(identity, people)
        # Mailers that fold an id bring a blank into it, or take one out: it is known without.
        known = identity if " " not in identity else identity.replace(" ", "")
        value = get(b"In-Reply-To")
        if value is None:
            answered = ""
        elif value[:1] == b"<" and value[-1:] == b">" and value.isascii():
            answered = value[1:-1].decode("ascii")
            if not answered.isprintable() or " " in answered or "<" in answered:
                answered = _answered(value)
        else:
            answered = _answered(value)
        value = get(b"References")
        earlier = references(value) if value is not None else ()

        root = earlier[0] if earlier else answered or identity
        thread = threads.get(root)
        if thread is None:
            if len(threads) > _CACHED:
                threads.clear()
            if " " in root:
                root = root.replace(" ", "")
            digest = blake2b(root.encode("utf-8", "replace"), digest_size=8).digest()
            thread = threads[root] = from_bytes(digest, "big") >> 1 if root else 0
        if identity:
            content = f"{known}\n{at}\n{sender}"
        else:
            content = f"\n{at}\n{subject}\n{[(role, handle[1]) for role, _, handle in people if role < 3]}"
        key = blake2b(content.encode("utf-8", "replace"), digest_size=16).digest()
        return make(
            Moment,
            (
                key,
                at,
                mail,
                people,
                subject,
                place,
                identity,
                answered,
                earlier,
                thread,
                signs[bits],
                ordinary,
                0,
                False,
                None,
                b"",
            ),
        )

    return scan
