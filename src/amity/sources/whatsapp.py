"""A chat exported from WhatsApp as text, by iPhone or Android, in the language and date order of the phone.

The order of day, month and year is found in the whole file: a number that can be no month, time that must not run
backwards, days that lie close together, then the habits of the language; where all that leaves it open, the day comes
first. Times are the phone's local ones without a zone and are taken as UTC. The export does not say who its owner is:
people are names or phone numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b
from itertools import islice
from pathlib import Path

from amity.language import noted
from amity.model import Channel, ChatLine, Handle, Item, Moment, Party, Since, Trouble
from amity.sources import chats, encoded

LINE_LIMIT = 1 << 20  # bytes of one line
_BATCH = 2000  # items between two marks
_EPOCH = date(1970, 1, 1).toordinal()
_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_BLANKS = {ord(blank): " " for blank in "\u00a0\u202f\u2009"}
_STRIPPED = {ord(mark): None for mark in _MARKS} | _BLANKS
_DATE = r"(\d{1,4})\s?[./\-]\s?(\d{1,2})\s?[./\-]\s?(\d{1,4})\.?"
_HALF = r"(?:\s?([AaPp]\.?\s?[Mm]\.?|vorm\.|nachm\.))?"
_TIME = rf"(\d{{1,2}})(?:[:.]|\s?h\s?)(\d\d)(?:[:.](\d\d))?{_HALF}"
_BETWEEN = r",?\s{1,2}(?:[^\W\d]{1,4}\.?\s)?"  # "klo", "um", "à"
_HEADER = re.compile(rf"(?:\[{_DATE}{_BETWEEN}{_TIME}\]\s?|{_DATE}{_BETWEEN}{_TIME}\s[-\u2013]\s)")
_SENDER = re.compile(r"\s*([^:\n]{1,100}?):(?:\s|$)")
_QUOTED = re.compile('["\u201c\u201d\u201e\u00ab\u00bb]')
_NOTICE = re.compile(
    r"Messages and calls are end-to-end encrypted"
    r"|Messages (?:to this chat|you send to this (?:chat|group)) (?:and calls )?are now secured"
    r"|Nachrichten und Anrufe sind Ende-zu-Ende|Nachrichten, die du in diese[mr] (?:Chat|Gruppe)"
    r"|Les messages et les appels sont chiffrés|Los mensajes y las llamadas están cifrados"
    r"|I messaggi e le chiamate sono crittografati|As mensagens e (?:as )?(?:ligações|chamadas) são"
    r"|Berichten en (?:oproepen|gesprekken) (?:worden|zijn) end-to-end"
)
# What the program writes in a sender's place for something that the sender did send.
_SENT = re.compile(
    r"omitted|weggelassen|absente?|omis|omitid|omess|oculta|weggelaten|attached|Anhang|angehängt|joint|adjunt|allegat"
    r"|anexad|bijlage|delete|gelöscht|supprimé|elimin|apagad|verwijderd|call|anruf|appel|llamada|chiamata|chamada|ligação"
    r"|gesprek|oproep|poll|umfrage|sondage|encuesta|sondaggio|enquete|location|standort|\.vcf",
    re.IGNORECASE,
)
# What stands for a file that was sent: one export names it, another leaves it out, each phone in its own words.
_FILE = re.compile(
    r"<[^<>\n]{3,120}>"
    r"|^[^\n]{1,200}\((?:file attached|Datei angehängt|fichier joint|archivo adjunto|file allegato"
    r"|(?:arquivo|ficheiro) anexado|bestand bijgevoegd)\)$"
    r"|(?:^[^\n]{1,200} • )?(?:\d{1,5} \w{3,9} )?\b(?:image|video|audio|gif|sticker|document|contact card|video note"
    r"|bild|dokument|kontaktkarte|videonotiz|vidéo|fiche contact|imagen|documento|tarjeta de contacto|immagine|imagem"
    r"|vídeo|áudio|figurinha|cartão do contato|afbeelding|contactkaart)"
    r" (?:omitted|weggelassen|ausgelassen|absente?|omise?|retirée?|manquante?|omitid[oa]|ocultad[oa]|omess[oa]"
    r"|esclus[oa]|non inclus[oa]|weggelaten)$",
    re.IGNORECASE | re.MULTILINE,
)
# How a line ends in which one may be looked for.
_FILED = (
    ">", ")", "omitted", "lassen", "absent", "absente", "omis", "omise", "retiré", "retirée", "manquant", "manquante",
    "omitido", "omitida", "ocultado", "ocultada", "omesso", "omessa", "escluso", "esclusa", "incluso", "inclusa",
    "laten",
)  # fmt: skip
_SAID = 4096  # characters of a message in which a file that was sent is looked for
_NAMED = re.compile(r".*whats\s?app.*?\s(?:with|mit|avec|con|com|met|[-\u2013])\s+(.+)", re.IGNORECASE)
_COPY = re.compile(r"\s*\(\d{1,3}\)$")
_MEDIA = re.compile(r"\d{8}-.+|.+-\d{8}-WA\d+.*|.*\.vcf", re.IGNORECASE)
_ORDERS = ("dmy", "mdy", "ymd")


def recognise(path: Path, head: bytes) -> bool:
    """Tell whether a file begins as an exported chat does, or a folder holds one with nothing but its media."""
    if path.is_dir():
        return _chat_of(path) is not None
    return _begins(head)


def _begins(head: bytes) -> bool:
    if b"\0" in head:
        return False
    for line in head.decode("utf-8", "replace").translate(_STRIPPED).split("\n", 3)[:3]:
        if line.strip():
            found = _header(line.lstrip())
            return found is not None and any(_possible(order, found[0]) for order in _ORDERS)
    return False


def _chat_of(folder: Path) -> Path | None:
    """Return the chat's file in a folder as it comes out of an exported archive."""
    try:
        inside = list(islice(folder.iterdir(), 20_000))
        texts = [file for file in inside if file.suffix.lower() == ".txt" and not file.name.startswith(".")]
        if len(texts) != 1 or len(inside) == 1:
            return None
        if not all(file == texts[0] or file.name.startswith(".") or _MEDIA.fullmatch(file.name) for file in inside):
            return None
        with texts[0].open("rb") as opened:
            return texts[0] if _begins(opened.read(4096)) else None
    except OSError:
        return None


def read(path: Path, since: Since) -> Iterator[Item]:
    """Yield a moment for each message, its place being its line; a line of the program itself has no parties.

    Raises OSError where the file cannot be opened.
    """
    file = (_chat_of(path) or path / "_chat.txt") if path.is_dir() else path
    yield from chats.take_up([file], since, lambda reading: _messages(file, reading), _BATCH)


Numbers = tuple[str, str, str]
Clock = tuple[str, str, str | None, str | None]


def _header(line: str) -> tuple[Numbers, Clock, int] | None:
    """Return the date's numbers, the time and where the rest begins."""
    match = _HEADER.match(line)
    if match is None:
        return None
    found = match.groups()
    found = found[:7] if found[0] is not None else found[7:]
    return (found[0], found[1], found[2]), (found[3], found[4], found[5], found[6]), match.end()


def _lines(file: Path) -> Iterator[tuple[int, int, str]]:
    """Yield number, end and text of each line."""
    with file.open("rb") as opened:
        number = offset = 0
        while data := opened.readline(LINE_LIMIT):
            number += 1
            offset += len(data)
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = encoded.raw(data)
            yield number, offset, text.rstrip("\r\n").replace("\0", "")


def _begun(text: str) -> tuple[str, tuple[Numbers, Clock, int] | None]:
    """Return a line in plain blanks and without invisible marks before its date, and what its header says."""
    if text[:1] in _MARKS or not text[:64].isascii():
        bare = text.lstrip(_MARKS)
        text = bare[:48].translate(_BLANKS) + bare[48:]
    if not text or not (text[0] == "[" or text[0].isdigit()):
        return text, None
    return text, _header(text)


def _possible(order: str, numbers: Numbers) -> bool:
    """Tell whether three numbers can be a date in an order."""
    year, month, day = _sorted(order, numbers)
    if (len(numbers[0]) > 2 and order != "ymd") or (len(numbers[2]) > 2 and order == "ymd"):
        return False
    return 1 <= int(month) <= 12 and 1 <= int(day) <= 31 and len(year) in (2, 4)


def _sorted(order: str, numbers: Numbers) -> tuple[str, str, str]:
    first, second, third = numbers
    if order == "dmy":
        return third, second, first
    return (third, first, second) if order == "mdy" else (first, second, third)


class _Order:
    """The evidence on the order of day, month and year."""

    def __init__(self) -> None:
        self.refused = Counter[str]()
        self.backwards = Counter[str]()
        self.last: dict[str, int] = {}
        self.span: dict[str, tuple[int, int]] = {}
        self.days = 0
        self.american = True
        self.before: Numbers | None = None

    def see(self, numbers: Numbers, clock: Clock, separator: str) -> None:
        """Take one line's date into account."""
        if numbers != self.before:
            self.before = numbers
            possible = [order for order in _ORDERS if _possible(order, numbers)]
            if not possible:
                return
            self.days += 1
            for order in _ORDERS:
                if order not in possible:
                    self.refused[order] += 1
                    continue
                year, month, day = _sorted(order, numbers)
                at = int(year[-2:]) * 372 + int(month) * 31 + int(day)
                self.backwards[order] += at < self.last.get(order, at)
                self.last[order] = at
                low, high = self.span.get(order, (at, at))
                self.span[order] = (min(low, at), max(high, at))
        if self.american:
            unpadded = len(numbers[0]) == 1 or numbers[0][0] != "0"
            self.american = separator == "/" and (clock[3] or "").isupper() and len(numbers[2]) == 2 and unpadded

    def found(self) -> str:
        """Return the order that the evidence leaves, day first where it leaves several."""
        orders = [order for order in _ORDERS if order in self.span]
        if not orders:
            return "dmy"
        fewest = min(self.refused[order] for order in orders)
        orders = [order for order in orders if self.refused[order] == fewest]
        fewest = min(self.backwards[order] for order in orders)
        orders = [order for order in orders if self.backwards[order] == fewest]
        if len(orders) > 1 and self.days > 3:
            widths = {order: self.span[order][1] - self.span[order][0] for order in orders}
            shortest = min(widths.values())
            orders = [order for order in orders if widths[order] < 10 * max(1, shortest)]
        if self.american and "mdy" in orders:
            return "mdy"
        return orders[0]


def _when(order: str, numbers: Numbers, clock: Clock) -> int:
    """Return the seconds since 1970 of a local time taken as UTC. Raises Unreadable."""
    year, month, day = _sorted(order, numbers)
    hour, minute, second = int(clock[0]), int(clock[1]), int(clock[2] or 0)
    if half := clock[3]:
        hour = hour % 12 + (12 if half[0] in "pPn" else 0)
    try:
        at = date(int(year) + (2000 if len(year) < 3 else 0), int(month), int(day)).toordinal() - _EPOCH
    except ValueError:
        raise chats.Unreadable(noted("the date is none of the calendar")) from None
    if hour > 23 or minute > 59 or second > 60:
        raise chats.Unreadable(noted("the time is none of the day"))
    return at * 86400 + hour * 3600 + minute * 60 + second


def _spoken(text: str) -> tuple[str, str, bool]:
    """Return sender and text of what stands behind a header, and whether the program wrote it itself."""
    match = _SENDER.match(text)
    if match is None or _QUOTED.search(match[1]):
        return "", text.strip(), True
    sender = encoded.clean(match[1].translate(_STRIPPED)).removeprefix("~").strip()
    said = text[match.end() :]
    marked = said.lstrip()[:1] == "\u200e"
    said = said.translate(_STRIPPED).strip() if not said.isascii() else said.strip()
    system = not sender or _NOTICE.match(said) is not None or (marked and _SENT.search(said[:200]) is None)
    return sender, said, system


class _Survey:
    """What the whole file says before its messages can be read: the order of dates, and who speaks."""

    def __init__(self, file: Path) -> None:
        evidence = _Order()
        speaks = Counter[str]()
        named = Counter[str]()
        for _, _, text in _lines(file):
            text, header = _begun(text)
            if header is None:
                continue
            numbers, clock, end = header
            separator = next((sign for sign in text if sign in "./-"), "")
            evidence.see(numbers, clock, separator)
            sender, _, system = _spoken(text[end:])
            (named if system else speaks)[sender] += 1
        self.order = evidence.found()
        title = self._title(file)
        # On iPhones the group itself is the sender of the program's lines.
        silent = [name for name in named if name and name not in speaks]
        self.people = list(speaks)
        if len(speaks) < 2 and title and title not in speaks and (title in named or speaks):
            self.people.append(title)  # of two, one has not yet said anything
        self.chat = title or (silent[0] if len(silent) == 1 and len(speaks) > 1 else "")
        self.pair = len(self.people) == 2
        if not self.chat:
            self.chat = ", ".join(self.people[:3]) + (", …" if len(self.people) > 3 else "")
        self.circle = chats.Circle((_who(name), name) for name in self.people)
        self.scope = "\x1e".join(sorted(self.people)) if self.pair else title

    @staticmethod
    def _title(file: Path) -> str:
        for name in (file.stem, file.parent.name):
            if match := _NAMED.fullmatch(encoded.clean(name.translate(_STRIPPED))):
                return _COPY.sub("", match[1]).strip()
        return ""


def _who(name: str) -> Handle:
    return chats.ME if name == "You" else chats.person(name)


def _messages(file: Path, reading: chats.Reading) -> Iterator[Moment | Trouble]:
    survey = _Survey(file)
    size = max(1, file.stat().st_size)
    keys, minutes = chats.Keys(), chats.Keys()
    people = set(survey.people)
    sides: dict[str, tuple[Party, ...]] = {}
    # Of the message that is being gathered, since its text may go on over further lines.
    at = place = 0
    sender = ""
    said = blake2b(digest_size=16)
    told: list[str] = []
    system = True
    stray: list[str] = []
    lead = 0

    def done() -> Moment:
        spoken = not system and sender in people
        if spoken and sender not in sides:
            sides[sender] = survey.circle.sides(_who(sender), sender)
        # An iPhone tells the seconds of a message, and Android does not tell them of the same one.
        meant = said.hexdigest()
        if any(line.endswith(_FILED) for line in told):
            text = "\n".join(told)[:_SAID]
            meant = encoded.clean(_FILE.sub(" ", text)) if _FILE.search(text) else meant
        thing = minutes.make("whatsapp", survey.scope, at // 60, sender, meant)
        return Moment(
            key=keys.make("whatsapp", survey.scope, at, sender, said.hexdigest()),
            at=at,
            channel=Channel.CHAT,
            parties=sides[sender] if spoken else (),
            place=place,
            told=ChatLine(survey.chat, sender, not spoken),
            same=thing[:8] + bytes(8) if spoken else b"",
        )

    for number, offset, line in _lines(file):
        text, header = _begun(line)
        if header is None:
            if place:
                more = encoded.clean(line)
                said.update(more.encode("utf-8", "replace") + b"\n")
                if len(told) < _SAID:
                    told.append(more.translate(_STRIPPED))
            elif line.strip():
                lead = lead or number
                if len(stray) < 40:
                    stray.append(line[:100])
            continue
        reading.share = offset / size
        if place:
            yield done()
            place = 0
        elif stray:
            yield chats.unread(lead, noted("text outside of any message"), "\n".join(stray).encode("utf-8", "replace"))
            stray = []
        numbers, clock, end = header
        try:
            at = _when(survey.order, numbers, clock)
        except chats.Unreadable as reason:
            yield chats.unread(number, reason, line.encode("utf-8", "replace"))
            lead = 0
            continue
        sender, first, system = _spoken(text[end:])
        first = encoded.clean(first)
        said = blake2b(first.encode("utf-8", "replace"), digest_size=16)
        told = [first]
        place = number
    if place:
        yield done()
    elif stray:
        yield chats.unread(lead, noted("text outside of any message"), "\n".join(stray).encode("utf-8", "replace"))
