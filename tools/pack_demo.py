"""Pack the demo: a writer's published letters, diary and address book, as files that Amity reads.

    python tools/pack_demo.py ../shared/data/letters

reads the data sets named in ``src/amity/demo/LICENSES.md`` and writes, into ``src/amity/demo``,

    letters.mbox.xz   his letters as mail (mboxrd, RFC 4155 and RFC 5322)
    contacts.vcf.xz   his address book (vCard 4.0, RFC 6350)
    diary.csv.xz      whom his diary names, one row a day (interactions)
    editions.csv.xz   printed letters around him (interactions)
    LICENSES.md       where each comes from, what was changed, what was left out, with counts

The same input gives the same bytes: nothing here asks the clock, and every order is stated.

Two rules keep the demo honest. What the sources do not say is not invented, but for the addresses,
which stand under the reserved domain ``.example`` (RFC 2606). And nothing may tell the future: a card
is dated (REV) with the first day on which its person appears, and when somebody died is said by a second
card, which is dated with the day of the death.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import lzma
import re
import sys
import tarfile
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from email.header import Header
from email.utils import format_datetime, formataddr
from pathlib import Path

Row = dict[str, str]

OWNER = "pmb2121"
COLUMNS = ("when", "channel", "from", "to", "cc", "subject", "depth", "minutes", "id")
PARTICLES = re.compile(r"\s*(?:\(sen\.\)|[\[\]<>\"?;]+)\s*")
# NFKD leaves these whole; German has spellings of its own for the first four.
LETTERS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i"}
)
OLDEST = 110  # years; nobody older is met


# ---------------------------------------------------------------- reading


def read_table(path: Path) -> list[Row]:
    """Return the rows of a gzipped CSV file."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        return [{key: " ".join(value.split()) for key, value in row.items()} for row in csv.DictReader(lines)]


def clean_name(name: str) -> str:
    """Return a name without the signs that editors or markup left in it."""
    return " ".join(PARTICLES.sub(" ", name).split())


def turn_name(listed: str) -> str:
    """Return "Hugo von Hofmannsthal" for "Hofmannsthal, Hugo von"."""
    family, *given = (clean_name(part) for part in listed.split(","))
    return " ".join(part for part in (*given, family) if part)


def authority(reference: str) -> str:
    """Return the GND number of a reference, empty if it is none."""
    found = re.fullmatch(r"https?://d-nb\.info/gnd/([\dX-]+)/?", reference.strip())
    return found[1] if found else ""


@dataclass
class Printed:
    """One letter of a printed edition, as CMIF tells it."""

    edition: str
    number: int
    same_as: str
    when: str  # YYYY, YYYY-MM or YYYY-MM-DD; empty when the span is wider than a year
    place: str
    sides: dict[str, list[tuple[str, str]]]  # "sent", "received" -> (authority, listed name)


@dataclass
class Edition:
    """One CMIF file: what it describes and under which licence."""

    name: str
    title: str
    licence: str
    letters: list[Printed] = field(default_factory=list)


def span(element: ElementTree.Element | None) -> str:
    """Return the narrowest of day, month or year that holds a TEI date, or nothing."""
    if element is None:
        return ""
    get = element.get
    first = get("when") or get("notBefore") or get("from") or ""
    last = get("when") or get("notAfter") or get("to") or ""
    for length in (10, 7, 4):
        if len(first) >= length and first[:length] == last[:length]:
            return first[:length]
    return ""


def read_editions(path: Path) -> list[Edition]:
    """Return the editions of an archive of CMIF files, in the order of their names."""
    tei = "{http://www.tei-c.org/ns/1.0}"

    def text(element: ElementTree.Element | None) -> str:
        return "" if element is None else " ".join("".join(element.itertext()).split())

    editions = []
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda entry: entry.name):
            stream = archive.extractfile(member) if member.name.endswith(".xml") else None
            if stream is None:
                continue
            root = ElementTree.parse(stream).getroot()
            licence = "CC0 1.0" if "CC0" in text(root.find(f".//{tei}licence")) else "CC BY 4.0"
            title = text(root.find(f".//{tei}bibl")) or text(root.find(f".//{tei}title"))
            edition = Edition(Path(member.name).stem, title, licence)
            for number, entry in enumerate(root.iter(f"{tei}correspDesc"), 1):
                acts = {act.get("type"): act for act in entry.findall(f"{tei}correspAction")}
                sides = {
                    side: [
                        (authority(party.get("ref", "")), text(party))
                        for party in acts[side]
                        if party.tag in (f"{tei}persName", f"{tei}orgName")
                        and not party.get("ref", "").endswith("/unknown")
                        and text(party)
                    ]
                    for side in ("sent", "received")
                }
                edition.letters.append(
                    Printed(
                        edition.name,
                        number,
                        entry.get("sameAs", ""),
                        span(acts["sent"].find(f"{tei}date")),
                        text(acts["sent"].find(f"{tei}placeName")),
                        sides,
                    )
                )
            editions.append(edition)
    return editions


# ---------------------------------------------------------------- life spans


def born(person: Row) -> str:
    """Return a birthday as exact as it is known: YYYY, YYYY-MM, YYYY-MM-DD, or nothing.

    The data set writes a year alone as its first or its middle day: 54 people are born on 1 January and 83 on
    the day in the very middle of their year, where 5 and 5 would be expected. Those days are left off.
    """
    written = person["birth"]
    bracketed = re.search(r"<(\d{4}(?:-(?:0\d|1[0-2]))?)>", written)
    if bracketed:
        return bracketed[1]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return ""
    return written[:4] if only_the_year(written) else written


def only_the_year(written: str) -> bool:
    """Tell whether a whole date is the first or the middle day of its year, which stand for a year alone."""
    day = date.fromisoformat(written)
    return day.timetuple().tm_yday == 183 or (day.month, day.day) == (1, 1)


def died(person: Row) -> str:
    """Return the day of somebody's death, the year alone where no more is known, or nothing."""
    written = person["death"]
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", written):
        return ""
    return written[:4] if only_the_year(written) else written


def could_be_met(person: Row, day: str) -> bool:
    """Tell whether somebody was alive on a day, as far as that is known."""
    written = person["death"]
    if "v. u. Z." in person["birth"] + written:
        return False
    years = [int(found[1]) for found in (re.match(r"(\d{1,4})-", person[key]) for key in ("birth", "death")) if found]
    if years and int(day[:4]) - years[0] > OLDEST:
        return False
    death = died(person)
    return not death or day[: len(death)] <= death


# ---------------------------------------------------------------- people and their addresses


def local_part(name: str) -> str:
    """Return a name as the readable, plain ASCII part before the @."""
    folded = unicodedata.normalize("NFKD", name.lower().translate(LETTERS))
    words = re.sub(r"[^a-z0-9\s-]", "", "".join(sign for sign in folded if ord(sign) < 128).replace(".", " ")).split()
    return ".".join(word.strip("-") for word in words if word.strip("-"))


def speaking_form(forms: Counter[str]) -> str:
    """Return the form that names a person best: forename and surname if they occur, else the most frequent.

    Abbreviations ("Mz. I") and genitives ("Fännchens" beside "Fännchen") come last.
    """

    def merit(form: str) -> tuple[bool, bool, int, str]:
        words = form.split()
        genitive = any(form.removesuffix(end) in forms for end in ("’s", "s", "’") if form.endswith(end))
        whole = not genitive and all(re.fullmatch(r"[^\W\d_][\w’-]{2,}", word) for word in words)
        return (whole and len(words) == 2 and forms[form] > 1, whole, forms[form], form)

    return clean_name(max(forms, key=merit))


class People:
    """Everybody who appears, each with one name and one address."""

    def __init__(self) -> None:
        self.name: dict[str, str] = {}
        self.address: dict[str, str] = {}
        self._taken: set[str] = set()

    def add(self, identifier: str, name: str, address: str = "") -> None:
        """Give a person a name and, unless one is given, the next free address that it makes."""
        if not address:
            stem = local_part(name) or identifier
            tries = (f"{stem}{number}" if number > 1 else stem for number in range(1, 1000))
            address = next(place for local in tries if (place := f"{local}@letters.example") not in self._taken)
        self._taken.add(address)
        self.name[identifier] = name
        self.address[identifier] = address

    def spell(self, identifier: str) -> str:
        """Return "Name <address>" for a cell of an interactions file."""
        return f"{self.name[identifier]} <{self.address[identifier]}>"


@dataclass
class Material:
    """What was read, and what is left out of it."""

    letters: list[Row]
    persons: dict[str, Row]
    days: dict[str, list[str]]  # day -> the people whom the diary names, in its order
    editions: list[Edition]
    forms: dict[str, Counter[str]]
    mentions: int
    dead_mentions: int


def read_material(folder: Path) -> Material:
    """Read the four data sets of a folder."""
    persons = {row["id"]: row for row in read_table(folder / "schnitzler_persons.csv.gz")}
    diary = read_table(folder / "schnitzler_diary_person_days.csv.gz")
    days: dict[str, list[str]] = defaultdict(list)
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    dead = 0
    for row in diary:
        person, day = row["person_id"], row["date"]
        if person in persons and not could_be_met(persons[person], day):
            dead += 1
            continue
        forms[person][row["surface"]] += 1
        if person not in days[day]:
            days[day].append(person)
    return Material(
        letters=sorted(
            read_table(folder / "schnitzler_letters.csv.gz"), key=lambda letter: (letter["date"], letter["id"])
        ),
        persons=persons,
        days={day: days[day] for day in sorted(days) if days[day]},
        editions=read_editions(folder / "young_vienna_cmif.tar.xz"),
        forms=forms,
        mentions=len(diary),
        dead_mentions=dead,
    )


def parties(letter: Row, side: str) -> list[tuple[str, str]]:
    """Return identifier and name of each sender or receiver of a letter, as the letter has them."""
    identifiers, names = letter[f"{side}_id"].split("|"), letter[f"{side}_name"].split("|")
    return [(identifier, turn_name(name)) for identifier, name in zip(identifiers, names, strict=True)]


def by_number(identifier: str) -> tuple[int, str]:
    """Order identifiers by the number in them."""
    return (int(re.sub(r"\D", "", identifier) or 0), identifier)


def gather(material: Material) -> tuple[People, list[str]]:
    """Return the people of letters and diary, and who of them gets a card.

    Whoever wrote or received most has the first choice of an address, then whom the diary names most.
    """
    people = People()
    letters: dict[str, Counter[str]] = defaultdict(Counter)
    for letter in material.letters:
        for side in ("from", "to"):
            for identifier, name in parties(letter, side):
                letters[identifier][name] += 1
    named = Counter(person for day in material.days.values() for person in day)

    def full_name(identifier: str) -> str:
        person = material.persons.get(identifier)
        if person:
            return clean_name(f"{person['forename']} {person['surname']}")
        return min(letters[identifier], key=lambda name: (-letters[identifier][name], name))

    known = {person for person in named if person in material.persons} | set(letters)
    order = sorted(known, key=lambda one: (one != OWNER, -letters[one].total(), -named[one], by_number(one)))
    for identifier in order:
        people.add(identifier, full_name(identifier))
    for identifier in sorted(set(named) - known, key=by_number):
        people.add(identifier, speaking_form(material.forms[identifier]), f"{identifier}@diary.example")
    return people, sorted(known - {OWNER}, key=by_number)


# ---------------------------------------------------------------- writing


def place_of(letter_place: str) -> str:
    """Return the subject of a letter: that it is one, and where it was written."""
    return f"Letter from {letter_place}" if letter_place else "Letter"


def write_mail(material: Material, people: People) -> str:
    """Return the letters as an mbox, by date and then by number. Nothing is said in a body."""
    lines: list[str] = []

    def header(name: str, values: Sequence[str]) -> str:
        return f"{name}: " + ",\n ".join(values)

    for letter in material.letters:
        noon = datetime.combine(date.fromisoformat(letter["date"]), time(12), UTC)
        senders, receivers = (
            [formataddr((name, people.address[identifier])) for identifier, name in parties(letter, side)]
            for side in ("from", "to")
        )
        envelope = people.address[letter["from_id"].split("|")[0]]
        lines += [
            f"From {envelope} {noon.ctime()}",
            f"Date: {format_datetime(noon)}",
            header("From", senders),
            # RFC 5322, 3.6.2: where several have written, one has sent.
            *([header("Sender", senders[:1])] if len(senders) > 1 else []),
            header("To", receivers),
            f"Subject: {Header(place_of(letter['place']), maxlinelen=900).encode()}",
            f"Message-ID: <{letter['id']}@letters.example>",
            "",
            "",
        ]
    return "\n".join(lines) + "\n"


def fold(line: str) -> Iterator[str]:
    """Cut a vCard line into pieces of at most 75 octets, never inside a character (RFC 6350, 3.2)."""
    piece, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > 75:
            yield piece
            piece, size = " ", 1
        piece += sign
        size += octets
    yield piece


def escape(text: str) -> str:
    """Escape a vCard value (RFC 6350, 3.4)."""
    return re.sub(r"([\\,;])", r"\\\1", text)


def write_cards(material: Material, people: People, holders: Sequence[str]) -> tuple[str, int]:
    """Return the address book, and how many of its people have a second card.

    The first card says who somebody is, born when and where, doing what, and known since when. The second says the
    same again and when they died. These follow after all the others, in order of death, since the later of two
    cards with one UID is in force.
    """
    since: dict[str, str] = {}
    dated = [(day, person) for day, named in material.days.items() for person in named]
    dated += [(it["date"], one) for it in material.letters for side in ("from", "to") for one, _ in parties(it, side)]
    for day, person in dated:
        since[person] = min(day, since.get(person, day))
    deaths = []
    for identifier in holders:
        death = died(material.persons[identifier]) if identifier in material.persons else ""
        # Where only the year is known, it must be over before anybody is told.
        known = death if len(death) == 10 else f"{death}-12-31"
        if death and known >= since[identifier]:
            deaths.append((known, by_number(identifier), identifier, death))
    cards = [write_card(material, people, identifier, since[identifier]) for identifier in holders]
    cards += [write_card(material, people, one, known, death) for known, _, one, death in sorted(deaths)]
    return "".join(cards), len(deaths)


def write_card(material: Material, people: People, identifier: str, revised: str, death: str = "") -> str:
    """Return the card of one person as of a day; `death` is a day, a year, or nothing."""
    entry = material.persons.get(identifier, {})
    name = people.name[identifier]
    family, given = clean_name(entry.get("surname", "")), clean_name(entry.get("forename", ""))
    if not entry:
        given, _, family = name.rpartition(" ")
    trades = [trade.strip() for trade in entry.get("occupations", "").split(";") if trade.strip()]
    birthday = born(entry) if entry else ""
    # RFC 6350, 4.3.1: a whole date without hyphens, a month with one.
    birthday = birthday if len(birthday) == 7 else birthday.replace("-", "")
    birth_place = entry.get("birth_place", "")
    card = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:pmb:{identifier.removeprefix('pmb')}",
        f"FN:{escape(name)}",
        f"N:{escape(family)};{escape(given)};;;",
        f"EMAIL:{people.address[identifier]}",
        f"BDAY:{birthday}" if birthday else "",
        f"BIRTHPLACE:{escape(birth_place)}" if birth_place else "",
        f"DEATHDATE:{death.replace('-', '')}" if death else "",
        f"TITLE:{escape(trades[0])}" if trades else "",
        f"CATEGORIES:{','.join(map(escape, trades))}" if trades else "",
        f"NOTE:Born in {escape(birth_place)}." if birth_place else "",
        f"URL:https://d-nb.info/gnd/{number}" if (number := authority(entry.get("gnd", ""))) else "",
        f"REV:{revised.replace('-', '')}T120000Z",
        "END:VCARD",
    ]
    return "".join(f"{piece}\r\n" for line in card if line for piece in fold(line))


def write_rows(rows: Iterable[Row]) -> str:
    """Return rows as an interactions file."""
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def write_diary(material: Material, people: People) -> str:
    """Return one row a day: the owner and everybody whom the diary names, in its order."""
    return write_rows(
        {
            "when": day,
            "channel": "meeting",
            "from": people.spell(OWNER),
            "to": "; ".join(people.spell(person) for person in named),
            "subject": "Diary",
            "depth": "passing",
            "id": f"diary-{day}",
        }
        for day, named in material.days.items()
    )


def matcher(material: Material, people: People) -> Callable[[str, str], str]:
    """Return the function that tells who a party of an edition is.

    The authority number decides; else a full name that one person has and that no number denies. Anybody else is new.
    """
    index = material.persons
    by_authority = {number: row["id"] for row in index.values() if (number := authority(row["gnd"]))}
    by_name: dict[str, set[str]] = defaultdict(set)
    for identifier, row in index.items():
        by_name[clean_name(f"{row['forename']} {row['surname']}")].add(identifier)
    for letter in material.letters:
        for side in ("from", "to"):
            for identifier, name in parties(letter, side):
                by_name[name].add(identifier)
    numbered: dict[str, set[str]] = defaultdict(set)
    for edition in material.editions:
        for printed in edition.letters:
            for number, listed in (*printed.sides["sent"], *printed.sides["received"]):
                if number:
                    numbered[turn_name(listed)].add(number)

    def match(number: str, listed: str) -> str:
        name = turn_name(listed)
        if not number and len(numbered[name]) == 1:
            (number,) = numbered[name]
        found = by_authority.get(number, "")
        if not found and len(by_name[name]) == 1:
            (one,) = by_name[name]
            denied = number and one in index and authority(index[one]["gnd"])
            found = "" if denied else one
        if not found:
            found = f"gnd{number}" if number else f"name {name}"
        if found not in people.name:
            row = index.get(found)
            people.add(found, clean_name(f"{row['forename']} {row['surname']}") if row else name)
        return found

    return match


@dataclass
class Tally:
    """What became of the letters of the printed editions."""

    others: int = 0
    owner: int = 0
    imprecise: int = 0
    repeated: int = 0
    undated: int = 0
    unknown: int = 0
    rows: Counter[str] = field(default_factory=Counter)


def choose_printed(material: Material, people: People) -> tuple[list[Row], Tally]:
    """Return the printed letters that are not among the mail and not in an earlier edition, by date.

    A letter is taken for known when the edition says that it stands in the letters archive, or when one more letter
    of the same day from the same hand to the same reader has been seen in an earlier source.
    """
    match = matcher(material, people)
    seen: Counter[tuple[str, str, str]] = Counter()
    for mail in material.letters:
        seen.update((mail["date"], one, other) for one, _ in parties(mail, "from") for other, _ in parties(mail, "to"))
    tally, rows = Tally(), []
    for edition in material.editions:
        here: Counter[tuple[str, str, str]] = Counter()
        for letter in edition.letters:
            if not letter.when:
                tally.undated += 1
                continue
            if not letter.sides["sent"] or not letter.sides["received"]:
                tally.unknown += 1
                continue
            senders, receivers = (
                list(dict.fromkeys(match(*party) for party in letter.sides[side])) for side in ("sent", "received")
            )
            ways = [(letter.when, one, other) for one in senders for other in receivers]
            before = any(here[way] < seen[way] for way in ways)
            here.update(ways)
            if before or letter.same_as == "schnitzler-briefe":
                tally.repeated += 1
                continue
            tally.owner += OWNER in senders + receivers
            tally.others += OWNER not in senders + receivers
            tally.imprecise += len(letter.when) < 10
            tally.rows[edition.name] += 1
            rows.append(
                {
                    "when": letter.when,
                    "channel": "letter",
                    "from": "; ".join(people.spell(one) for one in senders),
                    "to": "; ".join(people.spell(one) for one in receivers),
                    "subject": place_of(letter.place),
                    "id": f"{edition.name}/{letter.number}",
                }
            )
        seen |= here
    return sorted(rows, key=lambda row: (row["when"], row["id"])), tally


def write_licences(material: Material, tally: Tally, cards: int, deaths: int) -> str:
    """Return the page that says where the demo comes from."""
    days, named = list(material.days), sum(map(len, material.days.values()))
    letters, first, last = len(material.letters), material.letters[0]["date"], material.letters[-1]["date"]
    family = sum(OWNER not in (it["from_id"] + "|" + it["to_id"]).split("|") for it in material.letters)
    nameless = len({one for day in material.days.values() for one in day if one not in material.persons})
    diary, chosen = f"{len(days):,} days, {days[0]} to {days[-1]}", tally.others + tally.owner
    book = f"{cards:,} people: name, birth, death, occupation, authority number"
    printed = sum(len(edition.letters) for edition in material.editions)
    editions = "\n".join(
        f"| `{one.name}` | {one.title.replace('|', '/')} | {one.licence} | {tally.rows[one.name]} |"
        for one in material.editions
    )
    return f"""# The data of the demo

The demo is the life of the writer and physician Arthur Schnitzler (Vienna, 1862–1931), as scholars have published it.
The facts are theirs. The files here were made from them by `tools/pack_demo.py`; the licence of the program does not
cover them.

| file | what it holds | source | licence |
|---|---|---|---|
| `letters.mbox.xz` | {letters:,} letters, {first} to {last} | [schnitzler-briefe] | [CC BY 4.0] |
| `contacts.vcf.xz` | {book} | [schnitzler-briefe] | [CC BY 4.0] |
| `diary.csv.xz` | {diary}, {named:,} names | [schnitzler-tagebuch] | [CC BY-SA 4.0] |
| `editions.csv.xz` | {chosen:,} printed letters | [schnitzler-cmif] | [CC0 1.0] or [CC BY 4.0], by edition |

- schnitzler-briefe: Arthur Schnitzler: *Briefwechsel mit Autorinnen und Autoren*. Ed. Martin Anton Müller, Gerd-Hermann
  Susen, Laura Untner. CC BY 4.0. The letters, and the index of persons.
- schnitzler-tagebuch: Arthur Schnitzler: *Tagebuch*. Austrian Centre for Digital Humanities. CC BY-SA 4.0. Whoever
  passes on `diary.csv.xz`, changed or not, does so under the same licence.
- schnitzler-cmif: metadata of printed correspondences. CC0 1.0 or CC BY 4.0, as each of its files says.

## What was changed
- **Form.** Letters became mail, people became vCards, diary days and printed letters became rows of interactions. No
  text of a letter or of the diary is included. Subjects ("Letter from Wien") are ours, from the place that the edition
  gives.
- **Addresses** (`hermann.bahr@letters.example`) are invented for identification. They stand under `.example`, which
  nobody can own.
- **Hours.** A letter has a day and no hour; it is set at noon, UTC. All {letters:,} letters of the archive are dated to
  a day. {family} of them passed between his family and his friends.
- **Names** in the mail are those that the edition gives with each letter; in the address book those of its index, later
  married names included.
- **Two cards.** Nothing tells the future: each card carries as its revision (REV) the first day on which the person
  appears in letters or diary, and says nothing of their death. {deaths:,} people, whose death is known and was not
  before that day, have a second card at the end of the file, with the day of death, dated with that day. Where only
  the year is known, it says the year and is dated with the last day of it.
- **Birthdays** and days of death that the index fills up to a day are given as the year alone: 1 January, and the
  middle day of the year. People really born on such a day, or who died on one, lose it with the others.
- **The diary** names people; whether he met them or thought of them it does not always say. Each day is one meeting of
  the least depth. {material.dead_mentions:,} of {material.mentions:,} mentions are left out, since the person is known
  to have been dead by that day, and each person counts once a day. {nameless:,} people are not in the index
  and are known by the diary's own forms of their names alone ("Fännchen"); each bears the form that names
  them best, and an address made of the number that the diary gives. Authors long dead may be among them.
- **Printed letters.** {tally.others:,} passed between other people and {tally.owner:,} are his own and not among the
  mail. Of the editions' {printed:,} letters, {tally.repeated:,} were left out because the mail or an earlier
  edition has them (the same day, hand and reader, or the editors' own word), {tally.undated:,} because they are
  not dated to one year, {tally.unknown:,} because sender or reader is unknown. {tally.imprecise:,} are dated to
  a month or a year only. A letter that two editions date differently is in twice.
- **One person, one address.** People of the printed editions are the same as in the index where the authority number
  (GND) says so, or where one person has the full name and no number speaks against it.

## The printed editions
The identifier of each row begins with the name of its edition.

| edition | describes | licence of the file | rows |
|---|---|---|---|
{editions}

[schnitzler-briefe]: https://schnitzler-briefe.acdh.oeaw.ac.at
[schnitzler-tagebuch]: https://schnitzler-tagebuch.acdh.oeaw.ac.at
[schnitzler-cmif]: https://github.com/arthur-schnitzler/schnitzler-cmif
[CC BY 4.0]: https://creativecommons.org/licenses/by/4.0/
[CC BY-SA 4.0]: https://creativecommons.org/licenses/by-sa/4.0/
[CC0 1.0]: https://creativecommons.org/publicdomain/zero/1.0/
"""


def pack(text: str) -> bytes:
    """Compress a text as small as xz can."""
    return lzma.compress(text.encode(), check=lzma.CHECK_CRC64, preset=9 | lzma.PRESET_EXTREME)


def main(arguments: Sequence[str] | None = None) -> None:
    """Pack the demo out of a folder of data sets."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("data", type=Path, help="folder with the data sets")
    parser.add_argument(
        "--to",
        type=Path,
        default=Path(__file__).resolve().parents[1] / "src/amity/demo",
        help="folder to write into (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    material = read_material(options.data)
    people, holders = gather(material)
    cards, deaths = write_cards(material, people, holders)
    texts = {
        "letters.mbox": write_mail(material, people),
        "contacts.vcf": cards,
        "diary.csv": write_diary(material, people),
    }
    rows, tally = choose_printed(material, people)
    texts["editions.csv"] = write_rows(rows)
    for name, text in texts.items():
        packed = pack(text)
        (options.to / f"{name}.xz").write_bytes(packed)
        sys.stdout.write(f"{name}.xz  {len(packed):,} bytes ({len(text.encode()):,} unpacked)\n")
    (options.to / "LICENSES.md").write_text(write_licences(material, tally, len(holders), deaths), encoding="utf-8")
    sys.stdout.write(f"{tally}\n")


if __name__ == "__main__":
    main()
