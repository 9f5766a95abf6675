"""What calendars and address books on a server have in common: WebDAV (RFC 4918), asked and never written to.

Finding the collections (RFC 6764), what changed in one since the last time (RFC 6578, or entity tags), fetching that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from msgspec import Struct, field

from amity.errors import AmityError, Code
from amity.language import noted, say

if TYPE_CHECKING:
    import httpx2

TOKEN = "oauth2:"  # a secret that begins so is a token and no password
ANSWER_LIMIT = 64 << 20  # bytes of one answer
AT_ONCE = 50  # items fetched with one question
_TIMEOUT = 30.0  # seconds without a byte
_REDIRECTS = 5
_ROUNDS = 1000  # answers that a list of changes may be cut into
_FAMILIES = (".icloud.com",)  # providers that keep what is one person's on another of their own hosts

DAV, CS = "{DAV:}", "{http://calendarserver.org/ns/}"
_LIST = '<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:getetag/></D:prop></D:propfind>'


class Kind(Struct, frozen=True):
    """What a server of calendars and one of address books differ in."""

    noun: str
    plural: str
    scheme: str  # of addresses; the protected one has an "s" behind it
    namespace: str
    collection: str  # the resource type of what holds items
    home: str  # the property that leads to the collections
    asked: str  # further properties of a collection that are asked for, as XML with the prefix C
    multiget: str  # the report that fetches several items
    data: str  # the property in which an item comes
    example: str

    @property
    def hint(self) -> str:
        """Say what an address looks like."""
        return f"An address looks like {self.example}/ or {self.example}/remote.php/dav/."

    @property
    def spaces(self) -> str:
        """Return the declarations of XML namespaces that a question begins with."""
        return f'xmlns:D="DAV:" xmlns:C="{self.namespace}" xmlns:S="http://calendarserver.org/ns/"'

    @property
    def propfind(self) -> str:
        """Return the question for what an address is."""
        return (
            f'<?xml version="1.0" encoding="utf-8"?><D:propfind {self.spaces}><D:prop><D:resourcetype/><D:displayname/>'
            f"<D:current-user-principal/><C:{self.home}/><D:sync-token/><S:getctag/>{self.asked}</D:prop></D:propfind>"
        )

    def tag(self, name: str) -> str:
        """Return a name of this kind's namespace, as a parsed answer has it."""
        return f"{{{self.namespace}}}{name}"


class Server(Struct, frozen=True):
    """Where the collections are and who asks for them."""

    url: str
    user: str

    @property
    def host(self) -> str:
        """Return the host's name."""
        return urlsplit(self.url).hostname or ""


class Resource(Struct):
    """What a server says of one address: its properties, where it has them."""

    href: str
    status: int
    properties: dict[str, ElementTree.Element] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a property's text, "" where there is none."""
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def link(self, name: str) -> str:
        """Return the address that a property holds, "" where there is none."""
        found = self.properties.get(name)
        href = found.find(f"{DAV}href") if found is not None else None
        return (href.text or "").strip() if href is not None else ""

    def is_a(self, tag: str) -> bool:
        """Tell whether its resource type is this one."""
        kind = self.properties.get(f"{DAV}resourcetype")
        return kind is not None and kind.find(tag) is not None


class Answer(NamedTuple):
    """What a server sent back, and from where, redirects followed."""

    status: int
    url: str
    body: bytes


class Refused(Exception):
    """Say what is wrong with an answer."""


def server(address: str, kind: Kind) -> Server:
    """Take an address apart. Raises AmityError: USAGE for none, REFUSED where the password would go in clear."""
    try:
        parts = urlsplit(address.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise AmityError(
            Code.USAGE, say("This is no address of {noun} server: {error}.", noun=kind.noun, error=error), kind.hint
        ) from error
    known = {kind.scheme: "http", f"{kind.scheme}s": "https", "http": "http", "https": "https"}
    scheme = known.get(parts.scheme.lower())
    if scheme is None or not host:
        raise AmityError(Code.USAGE, say("This is no address of {noun} server.", noun=kind.noun), kind.hint)
    if parts.password is not None:
        hint = "Leave it out: others can see it there. It is asked for, or taken from the keyring or the environment."
        raise AmityError(Code.USAGE, say("The address holds a password."), hint)
    user = unquote(parts.username or "")
    if scheme == "http" and user and not _is_here(host):
        raise AmityError(
            Code.REFUSED,
            say("The password would go to {host} unprotected.", host=host),
            say("Use {scheme}s:// or https:// in the address.", scheme=kind.scheme),
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
        raise Refused(noted("the answer declares a document type"))


def parse(body: bytes) -> list[Resource]:
    """Read a multistatus. Raises Refused where it is none."""
    try:
        root = ElementTree.fromstring(body, ElementTree.XMLParser(target=_Builder()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise Refused(noted("the answer is no XML: {error}", error=error)) from error
    if root.tag != f"{DAV}multistatus":
        raise Refused(noted("the answer is no WebDAV multistatus"))
    found = []
    for response in root.iter(f"{DAV}response"):
        href = response.findtext(f"{DAV}href", "").strip()
        resource = Resource(href, _status(response.findtext(f"{DAV}status", "")))
        for group in response.iter(f"{DAV}propstat"):
            prop = group.find(f"{DAV}prop")
            if prop is not None and 200 <= _status(group.findtext(f"{DAV}status", "")) < 300:
                resource.properties.update((child.tag, child) for child in prop)
        found.append(resource)
    token = root.find(f"{DAV}sync-token")
    if token is not None:
        found.append(Resource("", 0, {f"{DAV}sync-token": token}))
    return found


def _status(line: str) -> int:
    """Return the number in "HTTP/1.1 404 Not Found"; without one all is well."""
    parts = line.split()
    return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() and len(parts[1]) == 3 else 200


# --- asking ------------------------------------------------------------------


class Session:
    """One conversation with a server, which only ever asks."""

    def __init__(self, kind: Kind, where: Server, secret: str, transport: httpx2.BaseTransport | None = None) -> None:
        import httpx2

        self.kind = kind
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
                    say(
                        "{host} sends to {hostname}, which is another server.",
                        host=self.where.host,
                        hostname=urlsplit(url).hostname or url,
                    ),
                    say("Give the address of that server if you trust it."),
                )
            answer, there = self._once(method, url, body, depth)
            if answer.status == 401 and self.digest is not None:
                self.client.auth, self.digest = self.digest, None
                answer, there = self._once(method, url, body, depth)
            if there is None:
                break
            url = urljoin(url, there)
        else:
            raise AmityError(
                Code.REFUSED, say("{host} sends from one address to the next.", host=self.where.host), self.kind.hint
            )
        if answer.status == 401:
            raise AmityError(
                Code.REFUSED,
                say(
                    "{host} does not let {user} in: wrong name or password.",
                    host=self.where.host,
                    user=self.where.user or say("you"),
                ),
                say("Many providers want an app password, made in their settings."),
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
                        raise Refused(noted("the answer is larger than 64 MB"))
                    pieces.append(piece)
        except self.failures as error:
            why = str(error) or type(error).__name__
            raise AmityError(
                Code.NOT_FOUND,
                say("{host} cannot be reached: {why}.", host=self.where.host, why=why),
                say("Check the address and the connection."),
            ) from error
        return Answer(response.status_code, url, b"".join(pieces)), None

    def properties(self, url: str, depth: str = "0") -> tuple[str, list[Resource]]:
        """Return where an address is, and the properties found there, if any. Raises AmityError."""
        try:
            answer = self.ask("PROPFIND", url, self.kind.propfind, depth)
            if answer.status != 207:
                return answer.url, []
            return answer.url, parse(answer.body)
        except Refused as reason:
            raise AmityError(
                Code.NOT_FOUND,
                say("{host} is no {noun} server: {reason}.", host=self.where.host, noun=self.kind.noun, reason=reason),
                self.kind.hint,
            ) from reason


def open_session(address: str, secret: Callable[[], str] | None, kind: Kind) -> Session:
    """Begin to ask the server at an address; who is named in it has a password, which is asked for now.

    Raises AmityError: USAGE for what is no address or has no password, REFUSED where the password would go in clear.
    """
    where = server(address, kind)
    given = secret() if where.user and secret is not None else ""
    if where.user and not given:
        raise AmityError(
            Code.USAGE,
            say("There is no password for {user} at {host}.", user=where.user, host=where.host),
            say("Give it when asked."),
        )
    return Session(kind, where, given)


def collections(session: Session, wanted: Callable[[Resource], bool]) -> list[tuple[str, Resource]]:
    """Return address and properties of each collection of a session's kind, or of the one that the address is.

    Raises AmityError where none is found.
    """
    start, kind = session.where.url, session.kind
    collection = kind.tag(kind.collection)
    tried = [start] if urlsplit(start).path not in ("", "/") else [urljoin(start, f"/.well-known/{kind.scheme}"), start]
    for url in tried:
        here, found = session.properties(url)
        resource = found[0] if found else None
        if resource is None:
            continue
        if resource.is_a(collection):
            return [(here, resource)]
        home = resource.link(kind.tag(kind.home))
        if not home and (principal := resource.link(f"{DAV}current-user-principal")):
            here, found = session.properties(urljoin(here, principal))
            home = found[0].link(kind.tag(kind.home)) if found else ""
        here, found = session.properties(urljoin(here, home) if home else here, depth="1")
        pairs = [(urljoin(here, each.href), each) for each in found if each.is_a(collection) and wanted(each)]
        if pairs or home:
            return sorted((pair for pair in pairs if session.may_ask(pair[0])), key=lambda pair: pair[0])
    raise AmityError(
        Code.NOT_FOUND, say("No {plural} are found at {start}.", plural=kind.plural, start=start), kind.hint
    )


class Changes(NamedTuple):
    """The items of a collection with their entity tags, and the token that stands for this list."""

    tags: dict[str, str]
    token: str
    gone: frozenset[str] = frozenset()  # that the server says are deleted


def changes(session: Session, url: str, resource: Resource, before: str, known: Mapping[str, str]) -> Changes:
    """Return all items of a collection with their tags, asking for no more than has changed.

    `before` is the token of the last time, `known` the tag of each path of then. Raises AmityError.
    """
    token = resource.text(f"{DAV}sync-token")
    if token:
        if token == before:
            return Changes(dict(known), token)
        for start in dict.fromkeys((before, "")):
            if (found := _since_token(session, url, start, known if start else {})) is not None:
                return found
    mark = resource.text(f"{CS}getctag")
    if mark and mark == before:
        return Changes(dict(known), mark)
    try:
        answer = session.ask("PROPFIND", url, _LIST, "1")
        if answer.status != 207:
            raise Refused(noted("it answers {status}", status=answer.status))
        listed = parse(answer.body)
    except Refused as reason:
        raise AmityError(
            Code.NOT_FOUND, say("{url} cannot be listed: {reason}.", url=url, reason=reason), session.kind.hint
        ) from reason
    tags = {path: each.text(f"{DAV}getetag") for each in listed if (path := _path(answer.url, each.href))}
    tags.pop(urlsplit(answer.url).path, None)
    tags.pop(urlsplit(url).path, None)
    return Changes({path: tag for path, tag in tags.items() if not path.endswith("/")}, mark)


def _since_token(session: Session, url: str, token: str, known: Mapping[str, str]) -> Changes | None:
    """Ask what changed since a token; None where the server does not know it, or cannot say."""
    tags = dict(known)
    gone: set[str] = set()
    for _ in range(_ROUNDS):
        body = (
            f'<?xml version="1.0" encoding="utf-8"?><D:sync-collection xmlns:D="DAV:">'
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
            token = each.text(f"{DAV}sync-token") or token
            path = _path(answer.url, each.href)
            if each.status == 507:
                more = True  # the list goes on behind the token that comes with it
            elif path and not path.endswith("/"):
                if each.status == 404:
                    tags.pop(path, None)
                    gone.add(path)
                else:
                    gone.discard(path)
                    tags[path] = each.text(f"{DAV}getetag")
        if not token:
            return None
        if not more or token == before:
            return Changes(tags, token, frozenset(gone))
    return None


def _path(base: str, href: str) -> str:
    """Return the path of a link on the same host, as it is written; "" for links elsewhere."""
    if not href:
        return ""
    here, there = urlsplit(base), urlsplit(urljoin(base, href))
    return there.path if (here.scheme, here.netloc) == (there.scheme, there.netloc) else ""


def fetch(session: Session, url: str, paths: Sequence[str]) -> Iterator[tuple[str, bytes | str]]:
    """Yield path and content of each item, or the reason why there is none; what is gone meanwhile is left out."""
    kind = session.kind
    body = (
        f'<?xml version="1.0" encoding="utf-8"?><C:{kind.multiget} {kind.spaces}><D:prop><D:getetag/><C:{kind.data}/>'
        f"</D:prop>{''.join(f'<D:href>{escape(path)}</D:href>' for path in paths)}</C:{kind.multiget}>"
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
        if kind.tag(kind.data) in each.properties:
            there[path] = each.text(kind.tag(kind.data)).encode()
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
                yield path, noted("the server answers {status}", status=answer.status)
