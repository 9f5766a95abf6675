"""The public archives of the tie benchmark, and any `interactions` file, brought to one shape."""

from __future__ import annotations

import csv
import gzip
import lzma
import re
import tarfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import IO, NamedTuple
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from amity.ledger.tally import DAY, Strands

NOON = 43_200
TEI = "{http://www.tei-c.org/ns/1.0}"
SCHNITZLER = "https://d-nb.info/gnd/118609807"


class Contact(NamedTuple):
    """One message from one to one, or one meeting of two (then the order says nothing)."""

    sender: str
    receiver: str
    at: int
    group: int = 1
    met: bool = False


@dataclass(frozen=True)
class Archive:
    """Contacts among people, who of them may be an ego, and where to cut.

    Cuts are seconds since 1970 (or since the archive's own zero): what lies before is history, what lies in the horizon
    after it is the label. Early cuts are for fitting; their labels close before the first test cut.
    """

    name: str
    horizon: float  # days
    people: tuple[str, ...]
    sender: NDArray[np.int32]
    receiver: NDArray[np.int32]
    at: NDArray[np.int64]
    group: NDArray[np.uint8]
    met: NDArray[np.bool_]
    early: tuple[int, ...]
    test: tuple[int, ...]
    egos: frozenset[str] | None = None  # None: everybody
    note: str = ""
    strands: dict[int, Strands] = field(default_factory=dict)

    def ego_strands(self) -> dict[int, Strands]:
        """Return the strands of every ego, alters numbered as in `people`."""
        if not self.strands:
            one, other = self.sender, self.receiver
            way = np.where(self.met, 0, 1).astype(np.int8)
            ego = np.concatenate((one, other))
            alter = np.concatenate((other, one))
            at, group = np.tile(self.at, 2), np.tile(self.group, 2)
            ways = np.concatenate((way, -way))
            keep = np.flatnonzero(ego != alter)
            order = keep[np.lexsort((at[keep], alter[keep], ego[keep]))]
            ego, alter, at, ways, group = ego[order], alter[order], at[order], ways[order], group[order]
            depth = np.ones(len(ego), np.uint8)
            bounds = np.flatnonzero(np.diff(ego, prepend=-1))
            for low, high in zip(bounds, np.append(bounds[1:], len(ego)), strict=True):
                name = self.people[ego[low]]
                if self.egos is None or name in self.egos:
                    part = slice(low, high)
                    self.strands[int(ego[low])] = Strands(alter[part], at[part], ways[part], group[part], depth[part])
        return self.strands


def build(
    name: str,
    horizon: float,
    contacts: Iterable[Contact],
    early: Iterable[int],
    test: Iterable[int],
    egos: frozenset[str] | None = None,
    note: str = "",
) -> Archive:
    """Number the people and lay the contacts out in columns, doubles removed."""
    rows = sorted(set(contacts))
    people: dict[str, int] = {}
    sender = np.array([people.setdefault(row.sender, len(people)) for row in rows], np.int32)
    receiver = np.array([people.setdefault(row.receiver, len(people)) for row in rows], np.int32)
    return Archive(
        name,
        horizon,
        tuple(people),
        sender,
        receiver,
        np.array([row.at for row in rows], np.int64),
        np.array([min(row.group, 255) for row in rows], np.uint8),
        np.array([row.met for row in rows], bool),
        tuple(early),
        tuple(test),
        egos,
        note,
    )


def grouped(rows: Iterable[tuple[str, str, int]]) -> Iterator[Contact]:
    """Take the messages of one sender at one second as one message to a group."""
    distinct = sorted(set(rows))
    size: dict[tuple[str, int], int] = {}
    for sender, _, at in distinct:
        size[sender, at] = size.get((sender, at), 0) + 1
    for sender, receiver, at in distinct:
        yield Contact(sender, receiver, at, size[sender, at])


def open_text(path: Path) -> IO[str]:
    """Open a plain, gzip or xz file as UTF-8 text."""
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    if path.suffix == ".xz":
        return lzma.open(path, "rt", encoding="utf-8-sig", errors="replace", newline="")
    return path.open(encoding="utf-8-sig", errors="replace", newline="")


def _triples(path: Path) -> Iterator[tuple[str, str, int]]:
    with open_text(path) as lines:
        for line in lines:
            sender, receiver, at = line.split()
            yield sender, receiver, int(float(at))


def _days(start: float, *days: float) -> tuple[int, ...]:
    return tuple(int(start + day * DAY) for day in days)


def email_eu(data: Path) -> Archive:
    """SNAP email-Eu-core-temporal: mail inside a research institution. The dense part ends on day 526."""
    rows = grouped(_triples(data / "mail/email-Eu-core-temporal.txt.gz"))
    return build("email-Eu", 90, rows, _days(0, 180, 210), _days(0, 300, 345, 390, 435))


def enron(data: Path) -> Archive:
    """Enron, mail among 156 employees while the company collapses."""
    sent: dict[str, tuple[int, str]] = {}
    with open_text(data / "mail/enron156_messages.tsv.gz") as lines:
        for line in lines:
            cells = line.rstrip("\r\n").split("\t")
            sent[cells[0]] = int(cells[2]), cells[4]
    rows = []
    with open_text(data / "mail/enron156_recipients.tsv.gz") as lines:
        for line in lines:
            message, _, receiver = line.split()
            at, sender = sent[message]
            rows.append((sender, receiver, at))
    start = min(at for _, _, at in rows)
    return build("Enron-156", 90, grouped(rows), _days(start, 600, 690, 780, 870), _days(start, 975, 1005, 1035))


def reality(data: Path) -> Archive:
    """MIT Reality Mining, calls and texts of 91 phones; a call that both phones logged counts once."""
    rows = sorted({*_triples(data / "mail/call-Reality.txt.gz"), *_triples(data / "mail/text-Reality.txt.gz")})
    once: list[Contact] = []
    last: dict[tuple[str, str], int] = {}
    for sender, receiver, at in sorted(rows, key=lambda row: row[2]):
        if at - last.get((sender, receiver), -DAY) > 60:
            once.append(Contact(sender, receiver, at))
        last[sender, receiver] = at
    with open_text(data / "mail/core-Reality.txt.gz") as lines:
        owners = frozenset(line.strip() for line in lines)
    start = min(row.at for row in once)
    return build("Reality", 45, once, _days(start, 225, 240, 255), _days(start, *range(360, 421, 15)), owners)


LISTS = re.compile(
    r"^(w3c|www|public|wai|ietf|member|team|xml|html|site|spec|smil|svg|web|uri|sw99|semantic|chairs|dom$|dd$)"
    r"|[-.](request|comments?|editors?|discuss|wg|ig|dev|announce|archive|report|tests?|feedback|cg|tf|list)\b"
    r"|^(nobody|webmaster|listmaster|mailer|daemon|postmaster|root|sysreq|majordom|owner|admin|webreq|archive)"
)


def w3c(data: Path) -> Archive:
    """W3C public lists, mail between persons. List addresses are filtered by name, and by receiving without sending."""
    with open_text(data / "mail/addresses-email-W3C.txt.gz") as lines:
        address = dict(line.rstrip().split(" ", 1) for line in lines if " " in line.rstrip())
    with open_text(data / "mail/core-email-W3C.txt.gz") as lines:
        core = {line.strip() for line in lines}
    rows = list(_triples(data / "mail/email-W3C.txt.gz"))
    sent: dict[str, int] = {}
    received: dict[str, int] = {}
    for sender, receiver, _ in rows:
        sent[sender] = sent.get(sender, 0) + 1
        received[receiver] = received.get(receiver, 0) + 1
    lists = {
        key
        for key, name in address.items()
        if LISTS.search(name.lower()) or (received.get(key, 0) >= 30 and sent.get(key, 0) < 0.05 * received[key])
    }
    people = [row for row in rows if row[0] not in lists and row[1] not in lists]
    start = 62_725_310_290
    return build(
        "W3C",
        90,
        grouped(people),
        _days(start, *range(3420, 4500, 90)),
        _days(start, *range(4590, 5600, 180)),
        frozenset(core - lists),
    )


def college(data: Path) -> Archive:
    """CollegeMsg: private messages on a student site that dies. No part in fitting."""
    rows = grouped(_triples(data / "mail/CollegeMsg.txt.gz"))
    start = 1_082_040_961
    return build("CollegeMsg", 30, rows, _days(start, 30), _days(start, 60, 90, 120, 150))


def _noon(day: str) -> int:
    return (date.fromisoformat(day) - date(1970, 1, 1)).days * DAY + NOON


def _letters(sender: str, receiver: str, at: int) -> Iterator[Contact]:
    senders, receivers = sender.split("|"), receiver.split("|")
    for one in senders:
        for other in receivers:
            yield Contact(one, other, at, len(receivers))


def _years(first: int, last: int) -> tuple[int, ...]:
    return tuple(_noon(f"{year}-01-01") - NOON for year in range(first, last + 1))


def darwin(data: Path) -> Archive:
    """Charles Darwin's letters; undated ones and the unidentified are left out, short ranges count at their middle."""
    contacts: list[Contact] = []
    with open_text(data / "letters/darwin_letters.csv.gz") as lines:
        for row in csv.DictReader(lines):
            low = _noon(row["date"])
            high = _noon(row["not_after"]) if row["not_after"] else low
            undated = row["date"].startswith("1809") or high - low > 62 * DAY
            if undated or not row["from_keys"] or not row["to_keys"]:
                continue
            contacts += _letters(row["from_keys"], row["to_keys"], (low + high) // 2)
    known = [row for row in contacts if "nameregs_9999" not in (row.sender, row.receiver)]
    return build("letters: Darwin", 365, known, _years(1845, 1855), _years(1857, 1881), frozenset({"nameregs_1"}))


def schnitzler(data: Path) -> Archive:
    """Arthur Schnitzler's letters."""
    contacts: list[Contact] = []
    with open_text(data / "letters/schnitzler_letters.csv.gz") as lines:
        for row in csv.DictReader(lines):
            contacts += _letters(row["from_id"], row["to_id"], _noon(row["date"]))
    return build("letters: Schnitzler", 365, contacts, _years(1891, 1894), _years(1896, 1930), frozenset({"pmb2121"}))


def vienna(data: Path) -> Archive:
    """The printed letter editions around Schnitzler (CMIF): every writer but him may be an ego."""
    contacts: list[Contact] = []
    with tarfile.open(data / "letters/young_vienna_cmif.tar.xz") as tar:
        for member in tar:
            content = tar.extractfile(member)
            if content is None or not member.name.endswith(".xml"):
                continue
            for letter in ElementTree.parse(content).iter(f"{TEI}correspDesc"):
                who: dict[str, list[str]] = {"sent": [], "received": []}
                day = ""
                for action in letter.iter(f"{TEI}correspAction"):
                    side = who.get(action.get("type", ""))
                    if side is None:
                        continue
                    side += [name.get("ref") or (name.text or "").strip() for name in action.iter(f"{TEI}persName")]
                    when = action.find(f"{TEI}date")
                    if when is not None and action.get("type") == "sent":
                        day = when.get("when", "")
                if len(day) == 10:
                    contacts += _letters("|".join(who["sent"]), "|".join(who["received"]), _noon(day))
    known = [row for row in contacts if row.sender and row.receiver]
    writers = frozenset(row.sender for row in known) - {SCHNITZLER}
    return build("letters: young Vienna", 365, known, _years(1891, 1894), _years(1896, 1930), writers)


class Cell(NamedTuple):
    """One ego at one cut: the history before it, and what came in the horizon after it."""

    ego: int
    cut: int
    strands: Strands  # persons numbered 0 to people - 1; nothing later than the cut is left in it
    people: int
    mutual: NDArray[np.bool_]  # contact both ways before the cut
    labels: NDArray[np.bool_]  # (people, 3): the ego sends; both send or they meet; any contact


def cells(archive: Archive, cuts: Iterable[int], alters: int = 20, mutual: int = 10) -> Iterator[Cell]:
    """Yield every ego at every cut that has enough alters, enough of them two-way, and sends in the window."""
    horizon = round(archive.horizon * DAY)
    for ego, strands in archive.ego_strands().items():
        for cut in cuts:
            past = strands.at < cut
            future = (strands.at >= cut) & (strands.at < cut + horizon)
            if not past.any() or not (strands.way[future] >= 0).any():
                continue
            known, person = np.unique(strands.person[past], return_inverse=True)
            way = strands.way[past]
            people = len(known)
            two_way = (np.bincount(person, way >= 0, people) > 0) & (np.bincount(person, way <= 0, people) > 0)
            if people < alters or two_way.sum() < mutual:
                continue
            later = strands.person[future]
            place = np.minimum(np.searchsorted(known, later), people - 1)
            seen = known[place] == later
            place, after = place[seen], strands.way[future][seen]
            sends = np.bincount(place, after >= 0, people) > 0
            receives = np.bincount(place, after <= 0, people) > 0
            history = Strands(person.astype(np.int32), strands.at[past], way, strands.group[past], strands.depth[past])
            labels = np.column_stack((sends, sends & receives, sends | receives))
            yield Cell(ego, cut, history, people, two_way, labels)


LOADERS: dict[str, Callable[[Path], Archive]] = {
    "email-Eu": email_eu,
    "Reality": reality,
    "Enron-156": enron,
    "W3C": w3c,
    "CollegeMsg": college,
    "Darwin": darwin,
    "Schnitzler": schnitzler,
    "Vienna": vienna,
}
FITTED = ("email-Eu", "Reality", "Enron-156", "W3C")  # sets whose early cuts the card is fitted on


def _moment(when: str) -> int | None:
    """Return the second a `when` of the interactions format stands for, at the middle of a year or month."""
    when = when.strip()
    if re.fullmatch(r"-?\d{4}", when):
        return _noon(f"{when}-07-02")
    if re.fullmatch(r"\d{4}-\d{2}", when):
        return _noon(f"{when}-15")
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", when):
        return _noon(when)
    try:
        stamp = datetime.fromisoformat(when)
    except ValueError:
        return None
    return int((stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)).timestamp())


def _names(cell: str) -> list[str]:
    """Return the handles of a cell: `Name <handle>`, a bare address or a bare name, separated by `;`."""
    found = []
    for part in cell.split(";"):
        inner = re.search(r"<([^<>]*)>\s*$", part)
        name = (inner[1] if inner else part).strip().lower()
        if name:
            found.append(name)
    return found


def interactions(path: Path, owners: tuple[str, ...] = (), horizon: float = 90) -> Archive:
    """Read an `interactions` file; its cuts lie a horizon apart, from two horizons after its start.

    Rows whose day cannot be read or that name nobody are left out and counted in the note. Raises ValueError when
    an owner does not occur or the file is shorter than three horizons.
    """
    contacts: list[Contact] = []
    skipped = 0
    with open_text(path) as lines:
        for row in csv.DictReader(lines):
            at = _moment(row.get("when") or "")
            senders, receivers = (
                _names(row.get("from") or ""),
                [*_names(row.get("to") or ""), *_names(row.get("cc") or "")],
            )
            if at is None or not senders:
                skipped += 1
                continue
            if (row.get("channel") or "").strip().lower() in ("meeting", "experience"):
                present = list(dict.fromkeys([*senders, *receivers]))
                contacts += [
                    Contact(one, other, at, len(present) - 1, True)
                    for i, one in enumerate(present)
                    for other in present[i + 1 :]
                ]
                continue
            others = list(dict.fromkeys(receivers))
            contacts += [Contact(one, other, at, len(others)) for one in senders for other in others if one != other]
    if not contacts:
        raise ValueError(f"{path}: no row with a day and two people")
    times = [row.at for row in contacts]
    low, high, step = min(times), max(times) + 1, round(horizon * DAY)
    cuts = range(low + 2 * step, high - step + 1, step)
    if not cuts:
        raise ValueError(f"{path}: shorter than three horizons of {horizon:g} days")
    names = {name for row in contacts for name in row[:2]}
    wanted = frozenset(_names(";".join(owners)))
    if missing := sorted(wanted - names):
        raise ValueError(f"{path}: no such person: {', '.join(missing)}")
    note = f"{skipped} rows without a readable day or sender left out" if skipped else ""
    return build(path.name, horizon, contacts, [low + step], cuts, wanted or None, note)
