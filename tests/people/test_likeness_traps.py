"""Five hundred pairs that look like one person and are two: none of them is ever joined unasked.

They are made up, by kinds, with a fixed seed: namesakes, families, colleagues on one telephone, addresses and names
made to deceive.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from msgspec.structs import replace

from amity.people.likeness import Profile, pairs

SEED = 500
GIVEN = str.split(
    "Anna Boris Clara David Elena Felix Greta Henry Irene Jonas Karla Ludwig Martha Norbert Olga Paul Rosa Simon"
)
FAMILY = str.split(
    "Smith Miller Garcia Schnitzler Lindqvist Okafor Brandauer Rossi Kowalski Tanaka Weber Johnson Hofmann"
)
HOSTS = str.split("example.com example.net mail.example gmail.com gmx.net")

Two = tuple[Profile, Profile]


class Town:
    """Where the pairs are drawn from."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def given(self, *, not_: str = "") -> str:
        return self.rng.choice([name for name in GIVEN if name != not_])

    def family(self) -> str:
        # Common ones and rare ones.
        return (
            self.rng.choice(FAMILY)
            if self.rng.random() < 0.6
            else self.rng.choice(FAMILY) + self.rng.choice(["hof", "eder", "ova"])
        )

    def phone(self) -> str:
        return f"+431{self.rng.randrange(10**7, 10**8)}"

    def birthday(self, low: int = 1930, high: int = 1999) -> str:
        return f"{self.rng.randrange(low, high)}-{self.rng.randrange(1, 13):02}-{self.rng.randrange(1, 29):02}"

    def house(self) -> str:
        city = self.rng.choice(["Vienna", "Graz", "Linz"])
        return f"{self.rng.randrange(1, 99)} {self.rng.choice(FAMILY)} Street, {city}"

    def company(self) -> tuple[str, str]:
        word = f"{self.rng.choice(FAMILY)}{self.rng.randrange(1000)}"
        return f"{word} Ltd", f"{word.lower()}.example"


def father_and_son_with_birthdays(town: Town) -> Two:
    name, phone, house = f"{town.given()} {town.family()}", town.phone(), town.house()
    return (
        Profile(0, names=(name,), phones=(phone,), places=(house,), birthdays=(town.birthday(1930, 1950),)),
        Profile(1, names=(name,), phones=(phone,), places=(house,), birthdays=(town.birthday(1960, 1980),)),
    )


def father_and_son_of_one_day(town: Town) -> Two:
    name, house, born = f"{town.given()} {town.family()}", town.house(), town.birthday(1930, 1950)
    later = str(int(born[:4]) + 30) + born[4:]
    return (
        Profile(0, names=(name,), places=(house,), birthdays=(born,)),
        Profile(1, names=(name,), places=(house,), birthdays=(later,)),
    )


def senior_and_junior(town: Town) -> Two:
    name, phone, house = f"{town.given()} {town.family()}", town.phone(), town.house()
    suffix = town.rng.choice(["Jr.", "Jr", "II", "Junior", "III"])
    elder = town.rng.choice(["", " Sr."])
    return (
        Profile(0, names=(name + elder,), phones=(phone,), places=(house,)),
        Profile(1, names=(f"{name} {suffix}",), phones=(phone,), places=(house,)),
    )


def father_and_son_with_addresses(town: Town) -> Two:
    given, family, phone, house = town.given(), town.family(), town.phone(), town.house()
    name = f"{given} {family}"
    return (
        Profile(0, names=(name,), phones=(phone,), places=(house,), emails=(f"{given}.{family}@gmx.net".lower(),)),
        Profile(1, names=(name,), phones=(phone,), places=(house,), emails=(f"{given}{family}99@gmail.com".lower(),)),
    )


def namesakes_apart(town: Town) -> Two:
    given, family = town.given(), town.family()
    one, other = town.rng.sample(HOSTS, 2)
    return (
        Profile(0, names=(f"{given} {family}",), emails=(f"{given}.{family}@{one}".lower(),)),
        Profile(1, names=(f"{given} {family}",), emails=(f"{given[0]}{family}@{other}".lower(),)),
    )


def namesakes_with_one_local_part(town: Town) -> Two:
    given, family = town.given(), town.family()
    one, other = town.rng.sample(HOSTS[:3], 2)
    local = town.rng.choice([f"{given}.{family}", f"{given[0]}{family}", f"{given}{family}"]).lower()
    return (
        Profile(0, names=(f"{given} {family}",), emails=(f"{local}@{one}",), first=0, last=400),
        Profile(1, names=(f"{given} {family}",), emails=(f"{local}@{other}",), first=410, last=900),
    )


def namesakes_at_one_company(town: Town) -> Two:
    given, family = town.given(), town.family()
    company, host = town.company()
    board = town.phone()
    one = Profile(0, names=(f"{given} {family}",), organisations=(company,), phones=(board,))
    return (
        replace(one, emails=(f"{given}.{family}@{host}".lower(),)),
        replace(one, id=1, emails=(f"{given}.{family}2@{host}".lower(),)),
    )


def namesakes_with_birthdays(town: Town) -> Two:
    name = f"{town.given()} {town.family()}"
    company, _ = town.company()
    one = Profile(0, names=(name,), organisations=(company,), places=("Vienna",), titles=("Engineer",))
    born = town.birthday()
    other = born[:-1] + str((int(born[-1]) + 1) % 10)
    return replace(one, birthdays=(born,)), replace(one, id=1, birthdays=(other,))


def a_name_alone(town: Town) -> Two:
    name = f"{town.given()} {town.given()} {town.family()}"
    return Profile(0, names=(name,)), Profile(1, names=(name.upper() if town.rng.random() < 0.5 else name,))


def a_couple(town: Town) -> Two:
    given, family, phone, house = town.given(), town.family(), town.phone(), town.house()
    return (
        Profile(0, names=(f"{given} {family}",), phones=(phone,), places=(house,)),
        Profile(1, names=(f"{town.given(not_=given)} {family}",), phones=(phone,), places=(house,)),
    )


def a_couple_with_one_mailbox(town: Town) -> Two:
    given, family, house = town.given(), town.family(), town.house()
    box = f"familie.{family}@gmx.net".lower()
    return (
        Profile(0, names=(f"{given} {family}",), emails=(box,), places=(house,)),
        Profile(1, names=(f"{town.given(not_=given)} {family}",), emails=(box,), places=(house,)),
    )


def twins(town: Town) -> Two:
    given, family, house, born, phone = town.given(), town.family(), town.house(), town.birthday(), town.phone()
    return (
        Profile(0, names=(f"{given} {family}",), birthdays=(born,), places=(house,), phones=(phone,)),
        Profile(1, names=(f"{town.given(not_=given)} {family}",), birthdays=(born,), places=(house,), phones=(phone,)),
    )


def one_of_a_family_by_initial(town: Town) -> Two:
    given, family, phone, house = town.given(), town.family(), town.phone(), town.house()
    return (
        Profile(0, names=(f"{given[0]}. {family}",), phones=(phone,), places=(house,)),
        Profile(1, names=(f"{given} {family}",), phones=(phone,), places=(house,)),
    )


def one_of_a_family_by_family_name(town: Town) -> Two:
    family, phone, house = town.family(), town.phone(), town.house()
    return (
        Profile(0, names=(town.rng.choice([family, f"Mrs {family}", f"Familie {family}"]),), phones=(phone,)),
        Profile(1, names=(f"{town.given()} {family}",), phones=(phone,), places=(house,)),
    )


def lou_and_louis(town: Town) -> Two:
    short, long = town.rng.choice([("Lou", "Louis"), ("Bob", "Robert"), ("Jan", "Johann"), ("Ana", "Anna")])
    family, phone = town.family(), town.phone()
    return Profile(0, names=(f"{short} {family}",), phones=(phone,)), Profile(
        1, names=(f"{long} {family}",), phones=(phone,), places=(town.house(),)
    )


def colleagues_on_one_number(town: Town) -> Two:
    company, host = town.company()
    board, one, other = town.phone(), town.given(), town.given()
    return (
        Profile(
            0, names=(f"{one} Berger",), phones=(board,), organisations=(company,), emails=(f"{one}@{host}".lower(),)
        ),
        Profile(1, names=(f"{other} Lang",), phones=(board,), organisations=(company,)),
    )


def colleagues_of_one_given_name(town: Town) -> Two:
    company, host = town.company()
    board, given = town.phone(), town.given()
    return (
        Profile(
            0,
            names=(f"{given} Maier",),
            phones=(board,),
            organisations=(company,),
            emails=(f"{given}.maier@{host}".lower(),),
        ),
        Profile(
            1,
            names=(f"{given} Maurer",),
            phones=(board,),
            organisations=(company,),
            emails=(f"{given}.maurer@{host}".lower(),),
        ),
    )


def a_role_address(town: Town) -> Two:
    _, host = town.company()
    return (
        Profile(0, names=(f"{town.given()} Berger",), emails=(f"office@{host}",)),
        Profile(1, names=(f"{town.given()} Lang",), emails=(f"office@{host}",)),
    )


def a_host_that_looks_alike(town: Town) -> Two:
    given, family = town.given(), town.family()
    host, feigned = town.rng.choice(
        [
            ("example.com", "examp1e.com"),
            ("microhouse.example", "rnicrohouse.example"),
            ("bank-austria.example", "bank-austrla.example"),
            ("example.com", "example.co"),
            ("example.com", "exarnple.com"),
            ("paypal.example", "xn--pypal-4ve.example"),
            ("globalworks.example", "globalwork.example"),
        ]
    )
    local = f"{given}.{family}".lower()
    phone = (town.phone(),) if town.rng.random() < 0.5 else ()
    return (
        Profile(0, names=(f"{given} {family}",), emails=(f"{local}@{host}",), phones=phone),
        Profile(1, names=(f"{given} {family}",), emails=(f"{local}@{feigned}",), phones=phone),
    )


def an_address_in_other_letters(town: Town) -> Two:
    given, family = town.given(), town.family()
    local = f"{given}.{family}".lower()
    feigned = local.replace("a", "а").replace("o", "о").replace("e", "е")
    return (
        Profile(0, names=(f"{given} {family}",), emails=(f"{local}@example.com",), organisations=("Acme",)),
        Profile(1, names=(f"{given} {family}",), emails=(f"{feigned}@example.com",), organisations=("Acme",)),
    )


def a_name_in_other_letters(town: Town) -> Two:
    given, family, phone, born = town.given(), town.family(), town.phone(), town.birthday()
    feigned = f"{given} {family}"
    for latin, other in (("a", "а"), ("o", "о"), ("e", "е"), ("i", "і")):
        if latin in feigned:
            feigned = feigned.replace(latin, other, 1)
            break
    return (
        Profile(0, names=(f"{given} {family}",), phones=(phone,), birthdays=(born,)),
        Profile(1, names=(feigned,), phones=(phone,), birthdays=(born,)),
    )


def they_wrote_to_one_another(town: Town) -> Two:
    given, family, phone = town.given(), town.family(), town.phone()
    return (
        Profile(0, names=(f"{given} {family}",), phones=(phone,), correspondents=frozenset({1, 77, 78})),
        Profile(1, names=(f"{given} {family}",), phones=(phone,), correspondents=frozenset({0, 77, 79})),
    )


def man_and_woman_of_one_name(town: Town) -> Two:
    family, house, born = town.family(), town.house(), town.birthday()
    one = Profile(0, names=(f"Andrea {family}",), places=(house,), birthdays=(born,))
    return replace(one, gender="female"), replace(one, id=1, gender="male")


KINDS: tuple[Callable[[Town], Two], ...] = (
    father_and_son_with_birthdays,
    father_and_son_of_one_day,
    senior_and_junior,
    father_and_son_with_addresses,
    namesakes_apart,
    namesakes_with_one_local_part,
    namesakes_at_one_company,
    namesakes_with_birthdays,
    a_name_alone,
    a_couple,
    a_couple_with_one_mailbox,
    twins,
    one_of_a_family_by_initial,
    one_of_a_family_by_family_name,
    lou_and_louis,
    colleagues_on_one_number,
    colleagues_of_one_given_name,
    a_role_address,
    a_host_that_looks_alike,
    an_address_in_other_letters,
    a_name_in_other_letters,
    they_wrote_to_one_another,
    man_and_woman_of_one_name,
)
EACH = 22


def traps(kind: Callable[[Town], Two]) -> list[Two]:
    town = Town(SEED + KINDS.index(kind))
    return [kind(town) for _ in range(EACH)]


def test_there_are_five_hundred() -> None:
    assert len(KINDS) * EACH >= 500


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_two_who_look_like_one_stay_two(kind: Callable[[Town], Two]) -> None:
    for two in traps(kind):
        assert [pair for pair in pairs(two) if pair.sure] == []


def test_nor_among_all_the_others() -> None:
    """How rare a name or a number is depends on the archive, so all of them are compared in one as well."""
    people: list[Profile] = []
    for kind in KINDS:
        for two in traps(kind):
            base = len(people)
            people += [
                replace(
                    one,
                    id=base + one.id,
                    correspondents=frozenset(base + other if other < 2 else other for other in one.correspondents),
                )
                for one in two
            ]
    assert [pair for pair in pairs(people) if pair.sure and pair.left // 2 == pair.right // 2] == []
