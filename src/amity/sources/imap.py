"""Mail where it lies: an IMAP account (RFC 3501, 9051), read and never changed.

Folders are opened with EXAMINE and headers fetched with BODY.PEEK, so no mail becomes read. The text of mails is
fetched only where the owner wants it, and nothing else of a body.
What is new shows in UIDVALIDITY and UIDNEXT, and in HIGHESTMODSEQ where the server has it (RFC 7162).
An address is imaps://user@host[:port][/folder], or imap:// for STARTTLS; imap:// to the machine itself stays plain.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit

from imap_tools.errors import ImapToolsError, MailboxLoginError
from imap_tools.folder import FolderInfo
from imap_tools.mailbox import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.utils import encode_folder
from msgspec import Struct

from amity.errors import AmityError, Code
from amity.language import noted, say
from amity.model import Item, Known, Mark, Moment, Since, Trouble
from amity.sources import boxes, limits
from amity.sources.mail import Scan, cut, scanner, unix

SCHEMES = ("imap", "imaps")
TOKEN = "oauth2:"  # a secret that begins so is a token and no password
_BATCH = 500  # mails fetched at once, and between two marks
_PATIENCE = 60.0  # seconds
_LEFT_OUT = frozenset((r"\junk", r"\trash", r"\drafts", r"\noselect", r"\nonexistent"))
_UID = re.compile(rb"\bUID (\d{1,10})\b")
_NUMBER = re.compile(rb"(?<!\S)\d{1,10}(?!\S)")
_DAY = re.compile(rb'INTERNALDATE "([^"]{0,60})"')
_DRAFT = re.compile(rb"FLAGS \([^)]*\\Draft", re.IGNORECASE)
_STATUS = re.compile(rb"(UIDVALIDITY|UIDNEXT|MESSAGES|HIGHESTMODSEQ) (\d{1,20})\b", re.IGNORECASE)
_BEGINNING = 256 << 10  # bytes of a mail in which its text is looked for, where the server cannot say where it stands
_DROPPED = (imaplib.IMAP4.abort, ssl.SSLError, OSError, EOFError)  # of a connection that was good before

T = TypeVar("T")


class Account(Struct, frozen=True):
    """Where an account is and who asks for it."""

    user: str
    host: str
    port: int
    way: str  # "tls" | "starttls" | "plain"
    folder: str = ""  # the only one to be read; empty for all


def is_address(text: str) -> bool:
    """Tell whether a text is the address of an IMAP account."""
    return text.partition("://")[0].lower() in SCHEMES and "://" in text


def account(address: str) -> Account:
    """Take an address apart. Raises AmityError with code USAGE where it is none."""
    hint = "Write it so: imaps://ana@mail.example"
    try:
        parts: SplitResult = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise AmityError(
            Code.USAGE, say("This is no address of a mail account: {error}.", error=error), hint
        ) from error
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise AmityError(
            Code.USAGE,
            say(
                '"{scheme}://{hostname}" is no address of a mail account.',
                scheme=parts.scheme,
                hostname=parts.hostname or "",
            ),
            hint,
        )
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    if password:
        raise AmityError(
            Code.USAGE,
            say("The address holds a password."),
            say(
                "Leave it out: others can see it there. It is asked for, or taken from the keyring or the environment."
            ),
        )
    if not user:
        raise AmityError(Code.USAGE, say("The address does not say who you are."), hint)
    host = parts.hostname
    if parts.scheme == "imaps":
        way = "tls"
    else:
        way = "plain" if host in ("localhost", "::1") or re.fullmatch(r"127(?:\.\d{1,3}){3}", host) else "starttls"
    user = unquote(user.partition(";")[0])
    return Account(user, host, port or (993 if way == "tls" else 143), way, unquote(parts.path.strip("/")))


class _Session:
    """A connection that is made anew once where it drops, with the folder that was open."""

    def __init__(self, where: Account, secret: str) -> None:
        self.where = where
        self.secret = secret
        self.opened = ""
        self.validity = 0
        self.box = self.connect()

    def connect(self) -> BaseMailBox:
        """Connect and log in. Raises AmityError."""
        where = self.where
        place = f"{where.host}:{where.port}"
        box: BaseMailBox
        try:
            if where.way == "tls":
                box = MailBox(where.host, where.port, _PATIENCE, ssl_context=ssl.create_default_context())
            elif where.way == "starttls":
                box = MailBoxStartTls(where.host, where.port, _PATIENCE, ssl_context=ssl.create_default_context())
            else:
                box = MailBoxUnencrypted(where.host, where.port, _PATIENCE)
        except ssl.SSLCertVerificationError as error:
            raise AmityError(
                Code.REFUSED,
                say(
                    "{place} cannot prove that it is {host}: {reason}.",
                    place=place,
                    host=where.host,
                    reason=error.verify_message,
                ),
                say("Check the address. Amity does not send a password to a server that it cannot tell from another."),
            ) from error
        except ssl.SSLError as error:
            hint = f"Does it speak TLS on this port? Without, write imap://{where.user}@{where.host}."
            raise AmityError(
                Code.REFUSED,
                say("No safe connection to {place}: {reason}.", place=place, reason=error.reason or error),
                hint,
            ) from error
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            hint = f"It must offer STARTTLS; or write imaps://{where.user}@{where.host}."
            raise AmityError(
                Code.REFUSED, say("{place} does not let us in: {reason}.", place=place, reason=_short(error)), hint
            ) from error
        except OSError as error:
            reason = error.strerror or _short(error)
            raise AmityError(
                Code.NOT_FOUND,
                say("{host} cannot be reached: {why}.", host=place, why=reason),
                say("Check the address and your connection."),
            ) from error
        self.log_in(box)
        return box

    def log_in(self, box: BaseMailBox) -> None:
        """Say who we are, by password or token. Raises AmityError."""
        user, secret = self.where.user, self.secret
        try:
            if secret.startswith(TOKEN):
                box.xoauth2(user, secret[len(TOKEN) :].strip(), initial_folder=None)
            elif user.isascii() and secret.isascii():
                box.login(user, secret, initial_folder=None)
            else:
                box.login_utf8(user, secret, initial_folder=None)
        except (imaplib.IMAP4.abort, OSError) as error:
            hint = "Try again later."
            raise AmityError(
                Code.NOT_FOUND, say("{host} hung up: {reason}.", host=self.where.host, reason=_short(error)), hint
            ) from error
        except (MailboxLoginError, imaplib.IMAP4.error) as error:
            with suppress(Exception):
                box.client.shutdown()
            what = "token" if secret.startswith(TOKEN) else "password"
            # What the server says may repeat what it was sent, so it is not passed on.
            raise AmityError(
                Code.REFUSED,
                say("{host} does not take this {what} for {user}.", host=self.where.host, what=what, user=user),
                say("Many providers want an app password, made in the account's settings."),
            ) from (None if isinstance(error, MailboxLoginError) else error)

    def ask(self, question: Callable[[BaseMailBox], T]) -> T:
        """Return what the server answers; where the connection has dropped, ask once more over a new one.

        Raises AmityError where that drops too, and ImapToolsError or IMAP4.error where the server says no.
        """
        try:
            return question(self.box)
        except _DROPPED:
            self.close()
        self.box = self.connect()
        try:
            if self.opened and _examine(self.box, self.opened) != self.validity:
                raise imaplib.IMAP4.error(noted("the folder was made anew while it was read"))
            return question(self.box)
        except _DROPPED as error:
            raise AmityError(
                Code.NOT_FOUND,
                say("The connection to {host} dropped twice: {reason}.", host=self.where.host, reason=_short(error)),
                say("Run the same command again: it goes on from where it was."),
            ) from error

    def open(self, folder: str) -> int:
        """Open a folder for reading alone, and return its UIDVALIDITY."""
        self.opened = ""
        self.validity = self.ask(lambda box: _examine(box, folder))
        self.opened = folder
        return self.validity

    def close(self) -> None:
        """Hang up, whatever state the connection is in."""
        with suppress(Exception):
            self.box.client.shutdown()


def _short(error: BaseException) -> str:
    """Return what an error says, in one line without a dot at its end."""
    return " ".join(str(error).split())[:200].rstrip(".") or type(error).__name__


def _examine(box: BaseMailBox, folder: str) -> int:
    """Open a folder for reading alone, and return its UIDVALIDITY."""
    box.folder.set(folder, readonly=True)
    _, data = box.client.response("UIDVALIDITY")
    return int(data[0]) if data and data[0] else 0


def _folders(listed: list[FolderInfo]) -> list[FolderInfo]:
    """Return the folders to be read: the one of all mail where there is one (Gmail), else all but spam and such."""
    kept = []
    for folder in listed:
        flags = {flag.lower() for flag in folder.flags}
        if r"\all" in flags and not flags & {r"\noselect", r"\nonexistent"}:
            return [folder]
        special = flags & {r"\sent", r"\archive", r"\inbox", r"\flagged", r"\important"}
        if not flags & _LEFT_OUT and (special or not boxes.left_out(folder.name, folder.delim)):
            kept.append(folder)
    return kept


def _counts_changes(box: BaseMailBox) -> bool:
    """Tell whether the server numbers changes (RFC 7162); most say what they can do only to whom they know."""
    _, data = box.client.capability()
    return not {b"CONDSTORE", b"QRESYNC"}.isdisjoint(b" ".join(part for part in data if part).upper().split())


def _numbers(box: BaseMailBox, folder: str, modseq: bool) -> dict[str, int]:
    """Return what STATUS says of a folder, by the names of RFC 3501 in small letters."""
    wanted = "(MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ)" if modseq else "(MESSAGES UIDNEXT UIDVALIDITY)"
    status, data = box.client.status(encode_folder(folder).decode("ascii"), wanted)
    if status != "OK":
        raise imaplib.IMAP4.error(f"STATUS: {data!r}"[:200])
    text = b" ".join(b" ".join(part) if isinstance(part, tuple) else part for part in data if part)
    return {name.decode("ascii").lower(): int(number) for name, number in _STATUS.findall(text.rpartition(b"(")[2])}


def _uids(box: BaseMailBox, first: int) -> list[int]:
    """Return the UIDs of the open folder from one on, in order."""
    status, data = box.client.uid("SEARCH", f"UID {first}:*")
    if status != "OK":
        raise imaplib.IMAP4.error(f"SEARCH: {data!r}"[:200])
    said = b" ".join(part for part in data if isinstance(part, bytes))
    found = {int(uid) for uid in _NUMBER.findall(said)}
    return sorted(uid for uid in found if uid >= first)  # "9:*" holds the last mail even where it is number 8


def spans(uids: list[int]) -> str:
    """Return numbers in order as IMAP writes a set of them: 1:3,7,9:10."""
    out: list[list[int]] = []
    for uid in uids:
        if out and uid == out[-1][1] + 1:
            out[-1][1] = uid
        else:
            out.append([uid, uid])
    return ",".join(str(a) if a == b else f"{a}:{b}" for a, b in out)


def _asked(box: BaseMailBox, uids: list[int], items: str) -> list[Any]:
    """Return what FETCH says of some mails of the open folder. Raises IMAP4.error where the server says no."""
    status, data = box.client.uid("FETCH", spans(uids), f"(UID {items})")
    if status != "OK":
        raise imaplib.IMAP4.error(f"FETCH: {data!r}"[:200])
    return list(data or [])


def _fetch(box: BaseMailBox, uids: list[int]) -> list[tuple[int, bytes, bytes, bool]]:
    """Return UID, date of arrival, header block and whether it is a draft, of each mail of the open folder."""
    found: dict[int, tuple[int, bytes, bytes, bool]] = {}
    parts = _asked(box, uids, "FLAGS INTERNALDATE BODY.PEEK[HEADER]")
    for index, part in enumerate(parts):
        if not isinstance(part, tuple):
            continue
        # What the server says of a mail may stand before its header or behind.
        behind = parts[index + 1] if index + 1 < len(parts) else b""
        said = part[0] + b" " + (behind if isinstance(behind, bytes) else b"")
        if uid := _UID.search(said):
            day = _DAY.search(said)
            found[int(uid[1])] = (int(uid[1]), day[1] if day else b"", part[1], _DRAFT.search(said) is not None)
    return [found[uid] for uid in uids if uid in found]


def read(address: str, since: Since) -> Iterator[Item]:
    """Yield the mails of an account folder by folder, with a mark after every 500 and behind each folder.

    What `since` wants of bodies comes behind the mails of each batch.

    The state of a mark holds of each folder UIDVALIDITY, the last UID, what is kept of it, and HIGHESTMODSEQ. A folder
    whose numbers stand still is Known and not opened; one whose UIDVALIDITY has changed is read anew.
    Raises AmityError: USAGE for what is no address or without a password, REFUSED for a wrong one or a connection that
    is not safe, NOT_FOUND where the server cannot be reached.
    """
    where = account(address)
    secret = since.secret() if since.secret is not None else ""
    if not secret:
        raise AmityError(
            Code.USAGE,
            say("No password for {user} at {host}.", user=where.user, host=where.host),
            say('Give it when asked, or keep it in the keyring; a token of OAuth2 begins with "{token}".', token=TOKEN),
        )
    session = _Session(where, secret)
    try:
        yield from _account(session, dict(since.state.get("folders", {})), since)
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        raise AmityError(
            Code.REFUSED,
            say("{host} refuses: {reason}.", host=where.host, reason=_short(error)),
            say("Try again later."),
        ) from error
    finally:
        session.close()


def _account(session: _Session, old: dict[str, dict[str, int]], since: Since) -> Iterator[Item]:
    only = session.where.folder
    listed = session.ask(lambda box: box.folder.list())
    todo = [folder for folder in listed if folder.name == only] if only else _folders(listed)
    if only and not todo:
        raise AmityError(
            Code.NOT_FOUND,
            say('There is no folder "{only}".', only=only),
            say("There are: {listed}.", listed=", ".join(f.name for f in listed)),
        )
    modseq = session.ask(_counts_changes)
    numbers: dict[str, dict[str, int]] = {}
    for folder in todo:
        name = folder.name
        try:
            numbers[name] = session.ask(lambda box, name=name: _numbers(box, name, modseq))  # type: ignore[misc]
        except (ImapToolsError, imaplib.IMAP4.error) as error:
            yield Trouble(name, noted("the folder cannot be opened: {reason}", reason=_short(error)))
    total = sum(said.get("messages", 0) + 1 for said in numbers.values())
    before = 0
    scan = scanner(limits.of(since))
    done: dict[str, dict[str, int]] = {}
    for name, said in numbers.items():
        for item in _folder(session, name, said, old.get(name, {}), scan, since):
            if isinstance(item, Mark):
                done[name] = dict(item.state)
                share = (before + item.share * (said.get("messages", 0) + 1)) / (total + 1)
                yield Mark({"folders": {**old, **done}}, share)
            else:
                yield item
        before += said.get("messages", 0) + 1
    yield Mark({"folders": done}, 1.0)


def _folder(
    session: _Session, name: str, said: dict[str, int], old: dict[str, int], scan: Scan, since: Since
) -> Iterator[Item]:
    """Yield what is new in one folder, with marks whose state is of this folder alone."""
    validity = said.get("uidvalidity", 0)
    if old.get("validity") != validity or since.inside & ~old.get("inside", 0):
        old = {}  # made anew, or with bodies that were not read yet: keys see to it that no mail counts twice
    items, last = old.get("items", 0), old.get("last", 0)
    if items:
        yield Known(items)
    changes = said.get("highestmodseq", 0)  # 0 of a folder whose changes are not numbered
    still = bool(old) and ((changes and changes == old.get("modseq")) or said.get("uidnext", -1) == last + 1)
    state = {"validity": validity, "last": last, "items": items, "inside": since.inside | old.get("inside", 0)}
    if changes:
        state["modseq"] = changes
    if still or not said.get("messages", 1):
        yield Mark({**state, "last": max(last, said.get("uidnext", 1) - 1)}, 1.0)
        return
    try:
        opened = session.open(name)
    except (ImapToolsError, imaplib.IMAP4.error) as error:
        yield Trouble(name, noted("the folder cannot be opened: {reason}", reason=_short(error)))
        return
    if opened and opened != validity:
        yield Trouble(name, noted("the folder was made anew while it was read; the next reading takes it up"))
        return
    uids = session.ask(lambda box: _uids(box, last + 1))
    if uids:
        state["inside"] = since.inside  # what was wanted of all bodies that the mark covers
    longest = limits.of(since).header_bytes
    partial = {key: value for key, value in state.items() if key != "modseq"}  # it stands for the folder as a whole
    for start in range(0, len(uids), _BATCH):
        batch = uids[start : start + _BATCH]
        read: dict[int, Moment] = {}
        for uid, day, block, draft in session.ask(lambda box, batch=batch: _fetch(box, batch)):  # type: ignore[misc]
            if draft:
                continue
            item = _mail(f"{name};UIDVALIDITY={validity};UID={uid}", day, block[:longest], scan)
            if isinstance(item, Moment):
                items += 1
                read[uid] = item
            yield item
            if len(block) > longest:
                yield cut(item.place, longest)
        if since.inside:
            yield from _inside(session, read, since)
        yield Mark({**partial, "last": batch[-1], "items": items}, (start + len(batch)) / len(uids))
    yield Mark({**state, "last": max(last, uids[-1] if uids else 0, said.get("uidnext", 1) - 1), "items": items}, 1.0)


def _inside(session: _Session, read: dict[int, Moment], since: Since) -> Iterator[Item]:
    """Yield what the text of mails tells of what the owner wants; only the parts that hold it are fetched."""
    from amity.sources import bodies, bounces, imap_text  # its tables of phrases are dear to load

    # Whom a mail did not reach stands in parts that are no text, and in the mail that came back behind them.
    returned = {uid for uid, moment in read.items() if since.bodies and bounces.is_bounce(moment)}
    for uid in returned:
        yield from _beginning(session, uid, read[uid], since)
    wanted = [uid for uid, moment in read.items() if uid not in returned and bodies.wanted(moment, since)]
    if not wanted:
        return
    try:
        answer = session.ask(lambda box: _asked(box, wanted, "BODYSTRUCTURE"))
        sections = imap_text.structures(answer, limits.of(since))
    except imaplib.IMAP4.error:
        # Of a mail in ten thousand parts the answer is longer than a line may be, and what comes behind it cannot be
        # understood; or the server refuses. Each mail is asked for alone, over a new connection.
        session.close()
        sections = {}
    for uids, parts in imap_text.questions(sections):
        items = " ".join(f"BODY.PEEK[{part.name}]<0.{bodies.TAKEN}>" for part in parts)
        try:
            answer = session.ask(lambda box, uids=uids, items=items: _asked(box, uids, items))  # type: ignore[misc]
        except imaplib.IMAP4.error as error:
            yield from (
                Trouble(read[uid].place, noted("its text cannot be fetched: {reason}", reason=_short(error)))
                for uid in uids
            )
            continue
        for uid, leaves in imap_text.texts(answer, sections):
            if uid in read:
                yield from bodies.told_of_leaves(leaves, read[uid], since)
    for uid in wanted:
        if uid not in sections:
            yield from _beginning(session, uid, read[uid], since)


def _beginning(session: _Session, uid: int, moment: Moment, since: Since) -> Iterator[Item]:
    """Yield what the first bytes of a mail tell that came back, or of which the server cannot say where its text is."""
    from amity.sources import bodies

    try:
        answer = session.ask(lambda box: _asked(box, [uid], f"BODY.PEEK[]<0.{_BEGINNING}>"))
    except imaplib.IMAP4.error as error:
        yield Trouble(moment.place, noted("its text cannot be fetched: {reason}", reason=_short(error)))
        return
    for part in answer:
        if isinstance(part, tuple):
            yield from bodies.told(part[1], moment, since)


def _mail(place: str, day: bytes, block: bytes, scan: Scan) -> Moment | Trouble:
    block = unix(b"\n" + block)
    item = scan(block, place, b"")
    if isinstance(item, Trouble) and day:
        return scan(block, place, day)  # the server's own date, where the mail has none
    return item
