"""A delivery-failure mail as bytes -> the addresses that it says could not be reached, and why.

Whether a mail is one is told by its headers alone; whom it is about stands in its body: as fields of a delivery status
(RFC 3464), in the headers of some servers, or in words, as the servers of thirty years wrote them.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from amity.handles import handle as spell
from amity.model import Found, Moment, Role, Sign

LIMIT = 64 << 10  # bytes of a report that are read; what stands behind them is the mail that came back
MOST = 20  # addresses of one report
GONE, FULL, REFUSED, DELAYED = "gone", "full", "refused", "delayed"

_DAEMON = re.compile(
    r"mailer-?daemon|^(?:mdaemon|mailer|mail-?daemon|\"?postmaster|mailadm|bounces?\b|mail\.delivery|delivery|imss|inetgw|ndr)"
    r"|smtp_mail|_for_smtp|\"?system.administrator",
    re.IGNORECASE,
)
_SYSTEM = re.compile(
    r"mail(?:er)? ?(?:delivery|daemon|admin)|delivery (?:sub)?system|system administrator|postmaster|jetmail system"
    r"|automated response",
    re.IGNORECASE,
)
_SUBJECT = re.compile(
    r"undeliver|non-?delivery|not (?:be(?:en)? )?deliver"
    r"|deliver\w*\W+(?:status|fail|problem|report|warning|notif|has failed)"
    r"|fail(?:ed|ure)\W+(?:notice|mail|deliver|notif)|mail (?:failed|error|system error|not delivered)|returned mail"
    r"|(?:message|mail)\b.{0,30}\bdelayed|delayed mail|deliver\w* failure|processing error|could not be deliv"
    r"|automatically rejected|user unknown|returning to sender|unzustellbar|nicht zugestellt|zustellung"
    r"|non (?:remis|distribu|recens)|no (?:se ha podido )?entreg|mancato recapito|onbestelbaar|не доставлен|退信",
    re.IGNORECASE,
)
# At the beginning of a subject these need no server's sender beside them.
_PLAIN = re.compile(
    r"(?:\[postmaster\] )?(?:undeliver(?:able|ed)|non-delivery|returned mail|failure notice|mail delivery failed"
    r"|failed mail|delivery (?:status notification|failure|notification: delivery has failed))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.!#$%&*+?^`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_FIELDS = re.compile(
    r"^(original-recipient|final-recipient|action|status|diagnostic-code)[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_FAILED = re.compile(r"^x-failed-recipients[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_RETURNED = re.compile(
    r"^content-type[ \t]*:[ \t]*(?:message/rfc822|text/rfc822-headers)", re.IGNORECASE | re.MULTILINE
)
# Behind such a line stands the mail that came back, whose addresses say nothing.
_ORIGINAL = re.compile(
    r"^\W{0,12}\s*(?:(?:this is|here is|below this line is|included is|attachment is|below the next line is)\W+a copy"
    r"|a copy of (?:the|your)|a summary of the undelivered|original message"
    r"|the (?:original message|header of the original)"
    r"|message (?:text|header)s? follow|(?:the )?(?:header|first \d+ lines)\b.{0,60}follow|returned (?:mail|message)"
    r"|start of returned|header of the source|unsent message below|your message reads|old message|message header"
    r"|mensaje original|error detail|the following locator|forwarded message"
    r"|original message headers|received: |return-path: )",
    re.IGNORECASE | re.MULTILINE,
)
_DELAYED = re.compile(
    r"not yet been delivered|delayed|still being retried|will (?:be retried|continue to)|attempts will continue"
    r"|has been postponed|warning message only|just a warning",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"quota|mail ?(?:box|folder)?[^.\n]{0,20}\bfull\b|mail ?box space|too much mail|5\.2\.2", re.IGNORECASE
)
_REFUSED = re.compile(
    r"maximum incoming|message size|too large|spam|unsolicited|not accepting mail from|5\.7\.", re.IGNORECASE
)
_GONE = re.compile(
    r"unknown|no such (?:user|mailbox|address)|no mailbox|does(?:n't| not) (?:have|exist|like recipient)|not listed"
    r"|no longer valid|disabled|discontinued|not found|invalid (?:final|mailbox)|permanent|5\.1\.[0-9]",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"contact|postmaster@|abuse@|https?:|(?<!generated )(?<!expanded )\bfrom\b|standard form", re.IGNORECASE
)
_QUOTED = re.compile(r"\s*(?:to|cc|on behalf of)\s*:", re.IGNORECASE)  # of the mail that came back, told in the report
_FOR = re.compile(r"^[ \t]+for <([^>\s]{3,320})>", re.MULTILINE)  # a Received header of the mail that came back
_TO = re.compile(r"^to[ \t]*:([^\n]*(?:\n[ \t]+[^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_TAGS = re.compile(r"<(?:/?[a-z!][^>@\n]{0,200})>", re.IGNORECASE)
# "following address(es) failed:", "could not be delivered to", "Failed Recipient:": what is named next was not reached.
_NAMES = re.compile(
    r"recipient|addresse?d?\b|deliver|\buser|fail|reach|mailbox|reject|rcpt to|entreg|error-for|^\s*(?:--|\*|>)",
    re.IGNORECASE,
)


class Failure(NamedTuple):
    """An address that a mail did not reach."""

    address: str
    kind: str  # GONE: no such mailbox; FULL; REFUSED: this one mail was not wanted; DELAYED: still being tried
    words: str  # what the server said


def is_bounce(moment: Moment) -> bool:
    """Tell by a mail's headers whether it reports that another one was not delivered.

    A server's own sender, a subject that says so, the empty return path (RFC 3834, RFC 5321 §4.5.5): two of these. The
    usual sender alone is enough, and so is a subject that begins as only such reports do.
    """
    senders = [party for party in moment.parties if party.role is Role.FROM]
    local = senders[0].handle.value.partition("@")[0] if senders else ""
    name = senders[0].name if senders else ""
    said = _SUBJECT.search(moment.subject) is not None
    daemon = _DAEMON.search(local) is not None or _SYSTEM.search(name) is not None or not senders
    null = bool(moment.signs & Sign.NULL_SENDER)
    usual = re.match(r"mailer-?daemon|mdaemon", local, re.IGNORECASE) is not None
    return usual or (said and (daemon or null)) or (daemon and null) or _PLAIN.match(moment.subject) is not None


def failures(raw: bytes) -> tuple[Failure, ...]:
    """Return the addresses that a delivery-failure mail says were not reached; () where it names none. Never raises."""
    text = _readable(raw)
    head, _, body = text.partition("\n\n")
    returned = _RETURNED.search(body)
    report = body[: returned.start()] if returned else body
    original = _ORIGINAL.search(report)
    words = report[: original.start()] if original else report
    own = {address.casefold() for line in _header(head, "from") for address in _ADDRESS.findall(line)}
    own |= {address.casefold() for line in _header(head, "to") for address in _ADDRESS.findall(line)}
    found = list(_told_by_fields(body, words)) or list(_told_in_words(head, words, own))
    if not found:
        match = _FAILED.search(head)
        subject = _header(head, "subject") if _SUBJECT.search(" ".join(_header(head, "subject"))) else []
        named = _ADDRESS.findall(match[1]) if match else [one for line in subject for one in _ADDRESS.findall(line)]
        # Where the report names nobody, the mail that came back does, if it went to one alone.
        if not named and (returned or original):
            start = returned.end() if returned else len(words)
            behind = _FOR.search(body, start) or _TO.search(body, start)
            sent_to = _ADDRESS.findall(behind[1]) if behind else []
            named = sent_to if len(sent_to) == 1 else []
        found = [Failure(one, _kind(words), _short(words)) for one in named if one.casefold() not in own]
    seen: dict[str, Failure] = {}
    for one in found:
        seen.setdefault(one.address.casefold(), one._replace(address=one.address.casefold()))
    return tuple(seen.values())[:MOST]


def found(raw: bytes, moment: Moment) -> Iterator[Found]:
    """Yield what a delivery-failure mail shows: the address that is named, and what the server said of it."""
    sender = next((party.handle for party in moment.parties if party.role is Role.FROM), None)
    if sender is None:
        return
    for one in failures(raw):
        yield Found("bounce", moment, sender, one.words[:300] or one.kind, (spell(one.address),), {"reason": one.kind})


def _readable(raw: bytes) -> str:
    data = raw[:LIMIT].replace(b"\r\n", b"\n")
    if re.search(rb"quoted-printable", data, re.IGNORECASE) or b"=\n" in data:
        head, gap, rest = data.partition(b"\n\n")
        data = head + gap + a2b_qp(rest)
    return data.decode("utf-8", "replace")


def _header(head: str, name: str) -> list[str]:
    return re.findall(rf"^{name}[ \t]*:([^\n]*(?:\n[ \t]+[^\n]*)*)", head, re.IGNORECASE | re.MULTILINE)


def _told_by_fields(body: str, words: str) -> Iterator[Failure]:
    """Read the fields of a delivery status, a group a recipient; an address may stand in either field."""
    chunks = (_FIELDS.findall(chunk) for chunk in re.split(r"\n[ \t]*\n", body))
    groups = [{name.lower(): " ".join(value.split()) for name, value in chunk} for chunk in chunks if chunk]
    for group in groups:
        action = group.get("action", "")
        if "delivered" in action.lower() or "relayed" in action.lower() or "expanded" in action.lower():
            continue
        told = [group.get(name, "") for name in ("original-recipient", "final-recipient")]
        address = next((match[0] for text in told if (match := _ADDRESS.search(text.replace("(a)", "@")))), "")
        if address:
            said = " ".join(filter(None, (group.get("status", ""), group.get("diagnostic-code", ""))))
            late = action.lower().startswith("delay") or group.get("status", "")[:2] == "4."
            telling = said if said and (_FULL.search(said) or _REFUSED.search(said) or _GONE.search(said)) else words
            yield Failure(address, DELAYED if late else _kind(telling), said or _short(words))


def _told_in_words(head: str, words: str, own: Iterable[str]) -> Iterator[Failure]:
    """Find the addresses that a report names in its words: on a line of their own, or after words of failing."""
    text = _TAGS.sub(" ", words).replace("&nbsp;", " ")
    kind = _kind(f"{' '.join(_header(head, 'subject'))} {text}")
    lines = text.split("\n")
    for quoted in (False, True):
        named = 0  # lines since words of failing
        some = False
        for line in lines:
            named = 0 if _NAMES.search(line) else named + bool(line.strip())
            listed = line.lstrip()[:1] == "<" and _ADDRESS.match(line.lstrip(), 1) is not None
            if not listed and (_CONTACT.search(line) or (_QUOTED.match(line) and not quoted)):
                continue
            bare = not _ADDRESS.sub("", line).strip(" \t<>:;,.*\"'()[]|-=")
            if bare or listed or named <= 2 or _GONE.search(line) or _FULL.search(line):
                for one in _ADDRESS.findall(line):
                    if one.casefold() not in own:
                        some = True
                        yield Failure(one, kind, _short(text, one))
        if some:
            return


def _kind(text: str) -> str:
    if _DELAYED.search(text) and not _GONE.search(text):
        return DELAYED
    if _FULL.search(text):
        return FULL
    if _REFUSED.search(text) and not _GONE.search(text):
        return REFUSED
    return GONE


def _short(text: str, address: str = "") -> str:
    """Return the line of a report that says why."""
    lines = [" ".join(line.split()) for line in text.split("\n")]
    telling = [line for line in lines if _GONE.search(line) or _FULL.search(line) or _REFUSED.search(line)]
    telling += [line for line in lines if address and address in line]
    return telling[0][:200] if telling else ""
