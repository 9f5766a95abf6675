"""Whom the short forms of a diary mean: "Richard", "R.", "Loris"."""

from __future__ import annotations

import csv
import gzip
from argparse import ArgumentParser, Namespace
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from math import exp
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.people.forms import NOBODY, SURE, WEIGHTS, Standing, features, fits, words
from amity.people.nicknames import lines
from benchmarks.report import Report, Table

SUMMARY = "short forms of names in a diary, resolved to persons"
FOLDER = Path("letters")
OWNER = "pmb2121"
SPLITS = (("train", "1879", "1900"), ("dev", "1900", "1910"), ("test", "1910", "1932"))
HALF = 730.0  # days after which a mention counts half
WINDOW = 8  # people named on one day beside whom somebody is looked for
Floats = NDArray[np.float64]


class Mention(NamedTuple):
    """One form on one day, and whom it means."""

    day: int
    form: str
    person: str


class Decayed:
    """Counts of days that fade with a half-life."""

    def __init__(self) -> None:
        self.value: dict[Any, float] = defaultdict(float)
        self.last: dict[Any, int] = {}

    def at(self, key: Any, day: int) -> float:
        """Return what a count is worth on a day."""
        last = self.last.get(key)
        return 0.0 if last is None else float(self.value[key] * 0.5 ** ((day - last) / HALF))

    def add(self, key: Any, day: int, value: float = 1.0) -> None:
        """Count something on a day."""
        self.value[key] = self.at(key, day) + value
        self.last[key] = day

    def ago(self, key: Any, day: int) -> float | None:
        """Return how many days ago something was counted last."""
        last = self.last.get(key)
        return None if last is None else float(day - last)


class Memory:
    """What is known on a day: names, letters up to then, and what the diary's earlier forms meant."""

    def __init__(self, folder: Path) -> None:
        self.names: dict[str, list[str]] = {}
        self.by_word: dict[str, set[str]] = defaultdict(set)
        for row in _rows(folder / "schnitzler_persons.csv.gz"):
            self.name(row["id"], f"{row['forename']} {row['surname']}".strip())
        self.letters: list[tuple[int, str]] = []
        for row in _rows(folder / "schnitzler_letters.csv.gz"):
            for side in ("from", "to"):
                other = row[f"{side}_id"]
                if other != OWNER and len(row["date"]) == 10:
                    family, _, given = row[f"{side}_name"].partition(", ")
                    self.name(other, f"{given} {family}".strip())
                    self.letters.append((date.fromisoformat(row["date"]).toordinal(), other))
        self.letters.sort(reverse=True)
        self.called, self.seen, self.beside = Decayed(), Decayed(), Decayed()
        self.meanings: dict[str, set[str]] = defaultdict(set)
        self.fit: dict[tuple[str, str], float] = {}

    def name(self, person: str, name: str) -> None:
        """Learn a name of somebody."""
        if person == OWNER or not name or name in self.names.setdefault(person, []):
            return
        self.names[person].append(name)
        for word in words(name):
            for key in _keys(word):
                self.by_word[key].add(person)

    def advance(self, day: int) -> None:
        """Learn the letters up to the day before."""
        while self.letters and self.letters[-1][0] < day:
            at, person = self.letters.pop()
            self.seen.add(person, at)

    def standings(self, form: str, day: int, others: list[str]) -> dict[str, Standing]:
        """Weigh everybody whom a form may mean."""
        people = set(self.meanings[form])
        wanted = words(form)
        if wanted:
            people |= set.intersection(
                *(set().union(*(self.by_word.get(key, set()) for key in _keys(word))) for word in wanted)
            )
        found = {}
        for person in people:
            key = (form, person)
            if key not in self.fit:
                self.fit[key] = fits(form, self.names.get(person, ()))
            fit = self.fit[key]
            if not fit and person not in self.meanings[form]:
                continue
            found[person] = Standing(
                fit,
                self.called.at(key, day),
                self.called.ago(key, day),
                self.seen.at(person, day),
                self.seen.ago(person, day),
                sum(self.beside.at((person, other), day) for other in others if other != person),
            )
        return found

    def learn(self, form: str, person: str, day: int) -> None:
        """Keep whom a form meant."""
        self.meanings[form].add(person)
        self.called.add((form, person), day)
        self.seen.add(person, day)

    def together(self, people: list[str], day: int) -> None:
        """Keep who was named on one day."""
        for one in people[:WINDOW]:
            for other in people[:WINDOW]:
                if one != other:
                    self.beside.add((one, other), day)


def _keys(word: str) -> Iterator[str]:
    bare = word.rstrip(".")
    yield bare
    yield f"{bare[:1]}."
    if len(bare) > 3 and bare.endswith("s"):
        yield bare[:-1]
        yield bare[:-2]
    for line in lines().get(bare, ()):
        yield f"#{line}"
    if word != bare:
        yield f"{bare[:1]}."


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def diary(folder: Path) -> list[list[Mention]]:
    """Return the days of the diary, each with its mentions in order."""
    days: dict[str, list[Mention]] = defaultdict(list)
    for row in _rows(folder / "schnitzler_diary_person_days.csv.gz"):
        day = date.fromisoformat(row["date"]).toordinal()
        days[row["date"]].append(Mention(day, row["surface"], row["person_id"]))
    return [days[day] for day in sorted(days)]


class Case(NamedTuple):
    """One ambiguous form on one day, with everybody it may mean and what the baselines say."""

    split: str
    truth: str
    people: tuple[str, ...]
    table: Floats  # a row of features for each of them
    frequent: str | None
    latest: str | None
    string: str | None


def cases(folder: Path) -> list[Case]:
    """Read the diary from its first day; each earlier form is known to mean whom the owner meant."""
    memory = Memory(folder)
    days = diary(folder)
    meanings: dict[str, set[str]] = defaultdict(set)
    for day in days:
        for one in day:
            meanings[one.form].add(one.person)
    ambiguous = {form for form, people in meanings.items() if len(people) > 1}
    often: dict[str, Counter[str]] = defaultdict(Counter)
    latest: dict[str, str] = {}
    found = []
    for day in days:
        at = day[0].day
        memory.advance(at)
        year = str(date.fromordinal(at).year)
        split = next(name for name, first, end in SPLITS if first <= year < end)
        # Who else is named is known where a form never meant anybody else so far.
        others = [next(iter(known)) for one in day if len(known := memory.meanings.get(one.form, set())) == 1]
        for one in day:
            if one.form not in ambiguous:
                continue
            standings = memory.standings(one.form, at, others[:WINDOW])
            called = sum(standing.called for standing in standings.values())
            people = tuple(standings)
            table = np.array([features(standings[who], called) for who in people]).reshape(len(people), len(WEIGHTS))
            exact = [who for who in people if standings[who].fits >= 0.8]
            frequent = often[one.form].most_common(1)[0][0] if often[one.form] else None
            string = exact[0] if len(exact) == 1 else None
            found.append(Case(split, one.person, people, table, frequent, latest.get(one.form), string))
        for one in day:
            memory.learn(one.form, one.person, at)
            often[one.form][one.person] += 1
            latest[one.form] = one.person
        memory.together(list(dict.fromkeys(one.person for one in day)), at)
    return found


def fit(found: list[Case], steps: int = 12) -> tuple[Floats, float]:
    """Fit a conditional logit on the train split by Newton's steps; returns weights and what speaks for nobody."""
    train = [case for case in found if case.split == "train"]
    size = len(WEIGHTS)
    rows = np.concatenate([np.vstack([case.table, np.zeros(size)]) for case in train])
    x = np.column_stack([rows, np.concatenate([np.r_[np.zeros(len(case.people)), 1.0] for case in train])])
    start = np.cumsum([0, *(len(case.people) + 1 for case in train)])[:-1]
    case_of = np.repeat(np.arange(len(train)), [len(case.people) + 1 for case in train])
    truth = np.zeros(len(x))
    for case, at in zip(train, start.tolist(), strict=True):
        truth[at + (case.people.index(case.truth) if case.truth in case.people else len(case.people))] = 1.0
    weights = np.zeros(size + 1)
    for _ in range(steps):
        odds = np.exp(x @ weights)
        chances = odds / np.add.reduceat(odds, start)[case_of]
        means = np.add.reduceat(x * chances[:, None], start)
        slope = x.T @ (truth - chances) - weights
        curve = (x * chances[:, None]).T @ x - means.T @ means + np.eye(size + 1)
        weights = weights + np.linalg.solve(curve, slope)
    return weights[:-1], float(weights[-1])


def chance(case: Case, weights: Floats, nobody: float) -> tuple[str | None, float]:
    """Return the likeliest person of a case and their chance."""
    if not case.people:
        return None, 0.0
    odds = np.exp(case.table @ weights)
    place = int(odds.argmax())
    return case.people[place], float(odds[place] / (odds.sum() + exp(nobody)))


def add_arguments(parser: ArgumentParser) -> None:
    """Take whether the weights are fitted anew."""
    parser.add_argument("--fit", action="store_true", help="fit the weights on the diary up to 1899 and show them")


def run(args: Namespace) -> Report:
    """Resolve the ambiguous forms day after day and count."""
    folder = (args.data[0] if args.data else Path("..") / "shared" / "data") / FOLDER
    found = cases(folder)
    weights, nobody = fit(found) if args.fit else (np.array(WEIGHTS), NOBODY)
    rows = []
    figures: dict[str, Any] = {"weights": [round(float(w), 3) for w in weights], "nobody": round(nobody, 3)}
    for split, first, end in SPLITS:
        some = [case for case in found if case.split == split]
        said = [chance(case, weights, nobody) for case in some]
        ways: dict[str, list[str | None]] = {
            "only name in the address book": [case.string for case in some],
            "last person so far": [case.latest for case in some],
            "most frequent person so far": [case.frequent for case in some],
            "the likeliest": [who for who, _ in said],
            f"the likeliest, if sure ({SURE:.0%})": [who if sure >= SURE else None for who, sure in said],
        }
        for name, answers in ways.items():
            answered = sum(answer is not None for answer in answers)
            right = sum(answer == case.truth for answer, case in zip(answers, some, strict=True))
            figures[f"{split}: {name}"] = (right / len(some), right / max(answered, 1), 1 - answered / len(some))
            rows.append(
                (
                    f"{split}, {first}–{int(end) - 1}",
                    f"{len(some):,}",
                    name,
                    *(f"{value:.3f}" for value in figures[f"{split}: {name}"]),
                )
            )
    columns = ("diary", "forms", "way", "top-1 accuracy", "right where answered", "left open")
    return Report("Surface forms", (Table("Whom an ambiguous form means", columns, tuple(rows)),), figures)
