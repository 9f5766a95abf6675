"""Whether changes of position are noticed, and no others: ten years of exports of a generated network."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from amity.model import Position
from amity.people.positions import Sighting, follow, renames
from benchmarks.report import Report, Table

SUMMARY = "changes of position noticed in ten years of exports with typos, renamed firms and people who return"
YEAR = 31_557_600
YEARS = 10
SOURCE = "linkedin"
# How often things happen in a year, of people or of firms.
LEAVES, PROMOTED, RETURNS, KEEPS_TITLE, RENAMED, NOISE, ABSENT, BLANK = 0.12, 0.08, 0.08, 0.35, 0.02, 0.10, 0.03, 0.01
FORMS = ("Inc", "Inc.", "GmbH", "Ltd", "LLC", "AG", "Corp.", "S.A.", "plc", "")
TITLES = (
    *("Engineer", "Senior Engineer", "Staff Engineer", "Engineering Manager", "Director of Engineering"),
    *("Analyst", "Senior Analyst", "Associate", "Consultant", "Senior Consultant", "Principal", "Partner"),
    *("Account Manager", "Sales Director", "Marketing Manager", "Vice President Marketing", "Product Manager"),
    *("Researcher", "Assistant Professor", "Professor", "Editor", "Senior Editor", "Chief Executive Officer"),
    *("Chief Technology Officer", "Chief Financial Officer", "Human Resources Manager", "Project Coordinator"),
)
SHORT = {
    "Senior": "Sr.",
    "Vice President": "VP",
    "Engineer": "Eng.",
    "Manager": "Mgr",
    "Director": "Dir.",
    "Chief Executive Officer": "CEO",
    "Chief Technology Officer": "CTO",
    "Human Resources": "HR",
    "Assistant": "Asst.",
}
FIRST = ("Nord", "Blue", "Silver", "Alta", "Delta", "Helio", "Terra", "Vento", "Quanta", "Lumen", "Orbis", "Kappa")
LAST = (
    "works",
    "soft",
    "bank",
    "media",
    "labs",
    "logistics",
    "pharma",
    "energy",
    "press",
    "systems",
    "foods",
    "design",
)
TOWNS = ("Wien", "Lyon", "Porto", "Bergen", "Krakau", "Genua", "Turku", "Malmö", "Zürich", "Gent", "Brno", "Split")


class Firm(NamedTuple):
    """An employer, by number, with the name that it has now."""

    number: int
    name: str


class Change(NamedTuple):
    """That a person changed position between two exports in which they stand."""

    person: int
    at: int


def add_arguments(parser: ArgumentParser) -> None:
    """Take how many people there are, and the seed."""
    parser.add_argument("--people", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)


def firm_name(chance: Random, number: int) -> str:
    """Make a firm's name up; the number keeps names apart."""
    name = f"{chance.choice(FIRST)}{chance.choice(LAST)} {TOWNS[number % len(TOWNS)]}"
    return f"{name} {number // len(TOWNS)}" if number >= len(TOWNS) else name


def slip(chance: Random, text: str) -> str:
    """Write a text with one slip of the hand, in a word long enough to be known all the same."""
    spots = [place for place, sign in enumerate(text[:-1]) if sign.isalpha() and text[place + 1].isalpha() and place]
    if not spots:
        return text
    at = chance.choice(spots)
    kind = chance.randrange(3)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at] + text[at:]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def written(chance: Random, position: Position) -> Position:
    """Write a position as people do: mostly as it is, at times with a form, an abbreviation, other case, or a slip."""
    firm, title = position.organisation, position.title
    if chance.random() < NOISE:
        kind = chance.randrange(5)
        if kind == 0:
            firm = f"{firm} {chance.choice(FORMS)}".strip()
        elif kind == 1:
            for full, short in SHORT.items():
                title = title.replace(full, short)
        elif kind == 2:
            firm, title = chance.choice(((firm.upper(), title), (firm, title.lower())))
        elif kind == 3:
            firm = slip(chance, firm)
        else:
            title = slip(chance, title)
    return Position(firm, title)


def world(people: int, seed: int) -> tuple[list[list[Sighting]], set[Change], dict[str, int]]:
    """Live ten years, and export each; return the sightings by person, the true changes, and what happened."""
    chance = Random(seed)
    firms = {number: Firm(number, firm_name(chance, number)) for number in range(max(20, people // 6))}
    weights = [1 / (number + 3) for number in firms]  # a few large employers, many small ones

    def hired() -> int:
        return chance.choices(list(firms), weights)[0]

    now = [(hired(), chance.choice(TITLES)) for _ in range(people)]
    before: list[list[tuple[int, str]]] = [[] for _ in range(people)]
    seen: list[tuple[int, str] | None] = [None] * people
    sightings: list[list[Sighting]] = [[] for _ in range(people)]
    changes: set[Change] = set()
    counts = {"moves": 0, "promotions": 0, "returns": 0, "firms renamed": 0, "rows": 0}
    fresh = len(firms)
    for year in range(YEARS):
        at = year * YEAR
        for number in firms:
            if year and chance.random() < RENAMED:
                firms[number] = Firm(number, firm_name(chance, fresh))
                fresh += 1
                counts["firms renamed"] += 1
        for person, (firm, title) in enumerate(now):
            draw = chance.random()
            if not year:
                pass
            elif draw < LEAVES * RETURNS and before[person]:
                before[person].append((firm, title))
                now[person] = (
                    before[person][chance.randrange(len(before[person]) - 1)] if before[person][:-1] else now[person]
                )
                counts["returns"] += now[person] != (firm, title)
            elif draw < LEAVES:
                before[person].append((firm, title))
                now[person] = (hired(), title if chance.random() < KEEPS_TITLE else chance.choice(TITLES))
                counts["moves"] += now[person] != (firm, title)
            elif draw < LEAVES + PROMOTED:
                before[person].append((firm, title))
                now[person] = (firm, chance.choice(TITLES))
                counts["promotions"] += now[person] != (firm, title)
            if chance.random() < ABSENT:
                continue
            told = written(chance, Position(firms[now[person][0]].name, now[person][1]))
            if chance.random() < BLANK:
                told = Position("", told.title)
            counts["rows"] += 1
            sightings[person].append(Sighting(at, told, SOURCE))
            if seen[person] is not None and seen[person] != now[person]:
                changes.add(Change(person, at))
            seen[person] = now[person]
    return sightings, changes, counts


def noticed(sightings: Sequence[Sequence[Sighting]], *, with_renames: bool) -> set[Change]:
    """Return the changes that are noticed."""
    renamed = renames(sightings) if with_renames else {}
    return {Change(person, move.at) for person, told in enumerate(sightings) for move in follow(told, renamed)[1]}


def figures(found: set[Change], true: set[Change]) -> dict[str, float]:
    """Count what was noticed rightly."""
    right = len(found & true)
    return {
        "changes": len(true),
        "noticed": len(found),
        "rightly": right,
        "precision": right / len(found) if found else 1.0,
        "recall": right / len(true) if true else 1.0,
    }


def run(args: Namespace) -> Report:
    """Live, export and look for changes, with and without the firms' new names."""
    sightings, true, counts = world(args.people, args.seed)
    counted = {
        "each person alone": figures(noticed(sightings, with_renames=False), true),
        "firms' new names told from all": figures(noticed(sightings, with_renames=True), true),
    }
    columns = ("what is looked at", "changes", "noticed", "rightly", "precision", "recall")
    rows = tuple(
        (name, *(f"{value:.3f}" if key in ("precision", "recall") else str(value) for key, value in row.items()))
        for name, row in counted.items()
    )
    lived = Table("What happened", tuple(counts), (tuple(str(value) for value in counts.values()),))
    return Report("Positions", (lived, Table("Changes of position", columns, rows)), {**counted, "lived": counts})
