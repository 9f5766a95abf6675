"""Calendars on a server, read and never written: CalDAV (RFC 4791) with sync tokens (RFC 6578) or entity tags.

Works with Nextcloud, Fastmail, iCloud, mailbox.org, Radicale, Baïkal and others that take a name and a password.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any, NamedTuple, cast
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from amity.errors import AmityError, Code
from amity.model import Event, Item, Known, Mark, Moment, Since, Trouble
from amity.sources import ics

if TYPE_CHECKING:
    import httpx2

TOKEN = "oauth2:"  # a secret that begins so is a token and no password
ANSWER_LIMIT = 64 << 20  # bytes of one answer
_TIMEOUT = 30.0  # seconds without a byte
_AT_ONCE = 50  # events fetched with one question
_REDIRECTS = 5
_ROUNDS = 1000  # answers that a list of changes may be cut into
_BATCH = 2000  # items between two marks
_FAMILIES = (".icloud.com",)  # providers that keep a person's calendars on another of their own hosts
_HINT = "An address looks like caldavs://ana@cloud.example/ or caldavs://ana@cloud.example/remote.php/dav/."

_DAV, _CAL, _CS = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
_SPACES = 'xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav" xmlns:S="http://calendarserver.org/ns/"'
_PROPFIND = (
    f'<?xml version="1.0" encoding="utf-8"?><D:propfind {_SPACES}><D:prop><D:resourcetype/><D:displayname/>'
    "<D:current-user-principal/><C:calendar-home-set/><C:supported-calendar-component-set/><D:sync-token/><S:getctag/>"
    "<C:calendar-timezone/>"
    "</D:prop></D:propfind>"
)
_LIST = f'<?xml version="1.0" encoding="utf-8"?><D:propfind {_SPACES}><D:prop><D:getetag/></D:prop></D:propfind>'


@dataclass(frozen=True, slots=True)
class Server:
    """Where the calendars are and who asks for them."""

    url: str
    user: str

    @property
    def host(self) -> str:
        """Return the host's name."""
        return urlsplit(self.url).hostname or ""


@dataclass(slots=True)
class _Resource:
    """What a server says of one address: its properties, where it has them."""

    href: str
    status: int
    properties: dict[str, ElementTree.Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def link(self, name: str) -> str:
        found = self.properties.get(name)
        href = found.find(f"{_DAV}href") if found is not None else None
        return (href.text or "").strip() if href is not None else ""

    @property
    def is_calendar(self) -> bool:
        kind = self.properties.get(f"{_DAV}resourcetype")
        return kind is not None and kind.find(f"{_CAL}calendar") is not None

    @property
    def holds_events(self) -> bool:
        kinds = self.properties.get(f"{_CAL}supported-calendar-component-set")
        return kinds is None or not len(kinds) or any(kind.get("name", "").upper() == "VEVENT" for kind in kinds)


class Answer(NamedTuple):
    """What a server sent back, and from where, redirects followed."""

    status: int
    url: str
    body: bytes


class Refused(Exception):
    """Say what is wrong with an answer."""


def server(address: str) -> Server:
    """Take an address apart. Raises AmityError: USAGE for none, REFUSED where the password would go in clear."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AmityError(Code.USAGE, f"This is no address of a calendar server: {error}.", _HINT) from error
    scheme = {"caldav": "http", "caldavs": "https", "http": "http", "https": "https"}.get(parts.scheme.lower())
    if scheme is None or not host:
        raise AmityError(Code.USAGE, "This is no address of a calendar server.", _HINT)
    if parts.password is not None:
        hint = "Leave it out: others can see it there. It is asked for, or taken from the keyring or the environment."
        raise AmityError(Code.USAGE, "The address holds a password.", hint)
    user = unquote(parts.username or "")
    if scheme == "http" and user and not _is_here(host):
        raise AmityError(
            Code.REFUSED, f"The password would go to {host} unprotected.", "Use caldavs:// or https:// in the address."
        )
    place = f"[{host}]" if ":" in host else host
    return Server(f"{scheme}://{place}{f':{port}' if port else ''}{parts.path or '/'}", user)


def _is_here(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


# --- XML ---------------------------------------------------------------------


class _Builder(ElementTree.TreeBuilder):
    """Builds a tree and refuses what could declare entities."""

    def doctype(self, name: str, public: str | None, system: str | None) -> None:  # noqa: ARG002
        raise Refused("the answer declares a document type")


def parse(body: bytes) -> list[_Resource]:
    """Read a multistatus. Raises Refused where it is none."""
    try:
        root = ElementTree.fromstring(body, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused(f"the answer is no XML: {error}") from error
    if root.tag != f"{_DAV}multistatus":
        raise Refused("the answer is no WebDAV multistatus")
    found = []
    for response in root.iter(f"{_DAV}response"):
        href = response.findtext(f"{_DAV}href", "").strip()
        resource = _Resource(href, _status(response.findtext(f"{_DAV}status", "")))
        for group in response.iter(f"{_DAV}propstat"):
            prop = group.find(f"{_DAV}prop")
            if prop is not None and 200 <= _status(group.findtext(f"{_DAV}status", "")) < 300:
                resource.properties.update((child.tag, child) for child in prop)
        found.append(resource)
    token = root.find(f"{_DAV}sync-token")
    if token is not None:
        found.append(_Resource("", 0, {f"{_DAV}sync-token": token}))
    return found


def _status(line: str) -> int:
    """Return the number in "HTTP/1.1 404 Not Found"; without one all is well."""
    parts = line.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() and len(parts[1]) == 3 else 200


# --- asking ------------------------------------------------------------------


class _Session:
    """One conversation with a server, which only ever asks."""

    def __init__(self, where: Server, secret: str, transport: httpx2.BaseTransport | None = None) -> None:
        import httpx2

        self.where = where
        headers = {"User-Agent": "Amity", "Content-Type": "application/xml; charset=utf-8"}
        auth: httpx2.Auth | None = None
        if where.user and secret.startswith(TOKEN):
            headers["Authorization"] = f"Bearer {secret[len(TOKEN) :].strip()}"
        elif where.user:
            auth = httpx2.BasicAuth(where.user, secret)
        # Tried once the server refuses the first way: Baïkal wants it so.
        self.digest = httpx2.DigestAuth(where.user, secret) if auth is not None else None
        self.client = httpx2.Client(
            headers=headers, auth=auth, timeout=_TIMEOUT, follow_redirects=False, trust_env=False, transport=transport
        )
        self.failures: tuple[type[Exception], ...] = (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError)

    def close(self) -> None:
        """End the conversation."""
        self.client.close()

    def may_ask(self, url: str) -> bool:
        """Tell whether the password may go to an address: of this host or provider, and never less protected."""
        ours, theirs = urlsplit(self.where.url), urlsplit(url)
        if theirs.scheme not in ("http", "https") or (ours.scheme == "https" and theirs.scheme != "https"):
            return False
        here, there = ours.hostname or "", theirs.hostname or ""
        return here == there or any(here.endswith(end) and there.endswith(end) for end in _FAMILIES)

    def ask(self, method: str, url: str, body: str = "", depth: str = "0") -> Answer:
        """Send one question and return the answer. Raises AmityError where there is none, Refused if it is too long."""
        for _ in range(_REDIRECTS):
            if not self.may_ask(url):
                raise AmityError(
                    Code.REFUSED,
                    f"{self.where.host} sends to {urlsplit(url).hostname or url}, which is another server.",
                    "Give the address of that server if you trust it.",
                )
            answer, there = self._once(method, url, body, depth)
            if answer.status == 401 and self.digest is not None:
                self.client.auth, self.digest = self.digest, None
                answer, there = self._once(method, url, body, depth)
            if there is None:
                break
            url = urljoin(url, there)
        else:
            raise AmityError(Code.REFUSED, f"{self.where.host} sends from one address to the next.", _HINT)
        if answer.status == 401:
            raise AmityError(
                Code.REFUSED,
                f"{self.where.host} does not let {self.where.user or 'you'} in: wrong name or password.",
                "Many providers want an app password, made in their settings.",
            )
        return answer

    def _once(self, method: str, url: str, body: str, depth: str) -> tuple[Answer, str | None]:
        try:
            with self.client.stream(method, url, content=body.encode(), headers={"Depth": depth}) as response:
                there = response.headers.get("location")
                if response.status_code in (301, 302, 303, 307, 308) and there:
                    return Answer(response.status_code, url, b""), there
                pieces, size = [], 0
                for piece in response.iter_bytes():
                    size += len(piece)
                    if size > ANSWER_LIMIT:
                        raise Refused("the answer is larger than 64 MB")
                    pieces.append(piece)
        except self.failures as error:
            why = str(error) or type(error).__name__
            raise AmityError(
                Code.NOT_FOUND, f"{self.where.host} cannot be reached: {why}.", "Check the address and the connection."
            ) from error
        return Answer(response.status_code, url, b"".join(pieces)), None

    def properties(self, url: str, depth: str = "0") -> tuple[str, list[_Resource]]:
        """Return where an address is, and the properties found there, if any. Raises AmityError."""
        try:
            answer = self.ask("PROPFIND", url, _PROPFIND, depth)
            if answer.status != 207:
                return answer.url, []
            return answer.url, parse(answer.body)
        except Refused as reason:
            raise AmityError(Code.NOT_FOUND, f"{self.where.host} is no calendar server: {reason}.", _HINT) from reason


def _calendars(session: _Session) -> list[tuple[str, _Resource]]:
    """Return address and properties of each calendar of events. Raises AmityError where none is found."""
    start = session.where.url
    tried = [start] if urlsplit(start).path not in ("", "/") else [urljoin(start, "/.well-known/caldav"), start]
    for url in tried:
        here, found = session.properties(url)
        resource = found[0] if found else None
        if resource is None:
            continue
        if resource.is_calendar:
            return [(here, resource)]
        home = resource.link(f"{_CAL}calendar-home-set")
        if not home and (principal := resource.link(f"{_DAV}current-user-principal")):
            here, found = session.properties(urljoin(here, principal))
            home = found[0].link(f"{_CAL}calendar-home-set") if found else ""
        here, found = session.properties(urljoin(here, home) if home else here, depth="1")
        calendars = [(urljoin(here, each.href), each) for each in found if each.is_calendar and each.holds_events]
        if calendars or home:
            return sorted((pair for pair in calendars if session.may_ask(pair[0])), key=lambda pair: pair[0])
    raise AmityError(Code.NOT_FOUND, f"No calendars are found at {session.where.url}.", _HINT)


# --- reading -----------------------------------------------------------------


class _Changes(NamedTuple):
    """The events of a calendar with their entity tags, and the token that stands for this list."""

    tags: dict[str, str]
    token: str
    gone: frozenset[str] = frozenset()  # that the server says are deleted


def _changes(session: _Session, url: str, resource: _Resource, old: Mapping[str, Any]) -> _Changes:
    """Return all events of a calendar with their tags, asking for no more than has changed. Raises AmityError."""
    known = {path: event[0] for path, event in old.get("events", {}).items()}
    token = resource.text(f"{_DAV}sync-token")
    if token:
        if token == old.get("token"):
            return _Changes(known, token)
        for start in dict.fromkeys((str(old.get("token", "")), "")):
            if (found := _since_token(session, url, start, known if start else {})) is not None:
                return found
    mark = resource.text(f"{_CS}getctag")
    if mark and mark == old.get("token"):
        return _Changes(known, mark)
    try:
        answer = session.ask("PROPFIND", url, _LIST, "1")
        if answer.status != 207:
            raise Refused(f"it answers {answer.status}")
        listed = parse(answer.body)
    except Refused as reason:
        raise AmityError(Code.NOT_FOUND, f"{url} cannot be listed: {reason}.", _HINT) from reason
    tags = {path: each.text(f"{_DAV}getetag") for each in listed if (path := _path(answer.url, each.href))}
    tags.pop(urlsplit(answer.url).path, None)
    tags.pop(urlsplit(url).path, None)
    return _Changes({path: tag for path, tag in tags.items() if not path.endswith("/")}, mark)


def _since_token(session: _Session, url: str, token: str, known: Mapping[str, str]) -> _Changes | None:
    """Ask what changed since a token; None where the server does not know it, or cannot say."""
    tags = dict(known)
    gone: set[str] = set()
    for _ in range(_ROUNDS):
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><D:sync-collection {_SPACES}>'
            f"<D:sync-token>{escape(token)}</D:sync-token><D:sync-level>1</D:sync-level>"
            "<D:prop><D:getetag/></D:prop></D:sync-collection>"
        )
        try:
            answer = session.ask("REPORT", url, body)
            if answer.status != 207:
                return None
            found = parse(answer.body)
        except Refused:
            return None
        more = False
        before, token = token, ""
        for each in found:
            token = each.text(f"{_DAV}sync-token") or token
            path = _path(answer.url, each.href)
            if each.status == 507:
                more = True  # the list goes on behind the token that comes with it
            elif path and not path.endswith("/"):
                if each.status == 404:
                    tags.pop(path, None)
                    gone.add(path)
                else:
                    gone.discard(path)
                    tags[path] = each.text(f"{_DAV}getetag")
        if not token:
            return None
        if not more or token == before:
            return _Changes(tags, token, frozenset(gone))
    return None


def _path(base: str, href: str) -> str:
    """Return the path of a link on the same host, as it is written; "" for links elsewhere."""
    if not href:
        return ""
    here, there = urlsplit(base), urlsplit(urljoin(base, href))
    return there.path if (here.scheme, here.netloc) == (there.scheme, there.netloc) else ""


def _fetch(session: _Session, url: str, paths: Sequence[str]) -> Iterator[tuple[str, bytes | str]]:
    """Yield path and content of each event, or the reason why there is none; what is gone meanwhile is left out."""
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><C:calendar-multiget {_SPACES}><D:prop><D:getetag/><C:calendar-data/>'
        f"</D:prop>{''.join(f'<D:href>{escape(path)}</D:href>' for path in paths)}</C:calendar-multiget>"
    )
    there: dict[str, bytes] = {}
    gone = set()
    by_words = {unquote(path): path for path in paths}  # a server may write the same path in another way
    try:
        answer = session.ask("REPORT", url, body)
        found = parse(answer.body) if answer.status == 207 else []
    except Refused:
        found = []  # too much at once, or nothing that can be read: each is asked for alone
    for each in found:
        path = by_words.get(unquote(_path(answer.url, each.href)), "")
        if f"{_CAL}calendar-data" in each.properties:
            there[path] = each.text(f"{_CAL}calendar-data").encode()
        elif each.status in (404, 410):
            gone.add(path)
    for path in paths:
        if path in there:
            yield path, there[path]
        elif path not in gone:
            try:
                answer = session.ask("GET", urljoin(url, path))
            except Refused as reason:
                yield path, str(reason)
                continue
            if answer.status == 200:
                yield path, answer.body
            elif answer.status not in (404, 410):
                yield path, f"the server answers {answer.status}"


def read(address: str, since: Since) -> Iterator[Item]:
    """Yield the events of all calendars at an address such as caldavs://ana@cloud.example/, with marks in between.

    Only what changed since the mark is fetched, and events that repeat once they are due. A place is an event's path.
    Without `since.until` an event that repeats is told once, with it each time it takes place, as `ics.read` does.
    Raises AmityError: USAGE for what is no address or has no password, REFUSED for a wrong one or a connection that is
    not safe, NOT_FOUND where the server or its calendars are not to be found.
    """
    where = server(address)
    secret = since.secret() if where.user and since.secret is not None else ""
    if where.user and not secret:
        raise AmityError(Code.USAGE, f"There is no password for {where.user} at {where.host}.", "Give it when asked.")
    with closing(_Session(where, secret)) as session:
        yield from _read(session, since)


def _times(event: Sequence[Any]) -> Mapping[str, int]:
    """Return when each event of a path takes place for the first time, by its id."""
    return cast("Mapping[str, int]", event[3]) if len(event) > 3 else {}


def _missing(earlier: Mapping[str, Sequence[Any]], there: Set[str], gone: Set[str]) -> Iterator[tuple[str, str, int]]:
    """Yield path, id and time of each event that a calendar has no more.

    Where the server does not say that it was deleted, only of what is later than the earliest that is left: some
    servers list the last weeks alone.
    """
    first = min((at for path in there & earlier.keys() for at in _times(earlier[path]).values()), default=None)
    for path in sorted(earlier.keys() - there):
        for uid, at in _times(earlier[path]).items():
            if path in gone or (first is not None and at > first):
                yield path, uid, at


def _read(session: _Session, since: Since) -> Iterator[Item]:
    past: dict[str, Any] = dict(since.state.get("calendars", {}))
    done: dict[str, Any] = {}
    calendars = _calendars(session)
    recent = 0
    missing: list[tuple[str, str, int]] = []
    for index, (url, resource) in enumerate(calendars):
        place = urlsplit(url).path
        old = past.get(place, {})
        earlier: dict[str, list[Any]] = old.get("events", {})
        tags, token, gone = _changes(session, url, resource, old)
        zone = ics.zone_of(rules) if (rules := resource.text(f"{_CAL}calendar-timezone")) else None
        events = {
            path: earlier[path]
            for path, tag in tags.items()
            if path in earlier and earlier[path][0] == tag and tag and ics.settled(earlier[path][2], since.until)
        }
        if known := sum(event[1] for event in events.values()):
            yield Known(known)
        wanted = sorted(path for path in tags if path not in events)  # servers list in any order
        for at in range(0, len(wanted), _AT_ONCE):
            for path, data in _fetch(session, url, wanted[at : at + _AT_ONCE]):
                if isinstance(data, str):
                    token = ""  # so that it is listed again, and asked for
                    recent += 1
                    yield Trouble(path, data)
                    continue
                items = 0
                told: dict[str, int] = {}  # by its id, when an event takes place for the first time
                calendar = ics.Calendar(data, since.until, zone=zone)
                for item in calendar.items():
                    if isinstance(item, Moment):
                        items += 1
                        if item.same and isinstance(item.told, Event):
                            told.setdefault(item.told.uid, item.at)
                    recent += 1
                    yield item._replace(place=path)
                events[path] = [tags[path], items, calendar.due, told]
            if recent >= _BATCH:
                recent = 0
                # Without the new token, so that what is still to come is listed again.
                here = {"token": old.get("token", ""), "events": {**earlier, **events}}
                share = (index + at / len(wanted)) / len(calendars)
                yield Mark({"calendars": {**past, **done, place: here}}, share)
        done[place] = {"token": token, "events": events}
        missing += _missing(earlier, events.keys() | tags.keys(), gone)
    # One that was moved to another calendar is told there.
    kept = {uid for calendar in done.values() for event in calendar["events"].values() for uid in _times(event)}
    yield from (ics.deleted(uid, at, path) for path, uid, at in missing if uid not in kept)
    yield Mark({"calendars": done}, 1.0)
