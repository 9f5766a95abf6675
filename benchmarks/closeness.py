"""Whether strength agrees with closeness as people rate it, and what is lost when a channel is hidden.

Three of the sets have counts without dates; their contacts are spread evenly over the time that was observed, so that
nothing but amount and direction is left of the card. Here is all of the little public data with ratings: nobody was
asked about ties that mail or letters alone show.
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.closeness import spearman
from amity.insight.tie import judge
from amity.ledger.tally import DAY, Strands, Tallies, tally
from benchmarks.archives import NOON, open_text
from benchmarks.fit import DATA
from benchmarks.report import Report, Table
from benchmarks.ties import auc, interval

SUMMARY = "whether strength agrees with rated closeness, and what is lost when a channel is hidden"
EPOCH = date(1970, 1, 1)
FIRST = 1_000  # days since 1970 on which studies without dates begin
EIES_DAYS = 548  # eighteen months
OBSERVED_DAYS = 5
SCHNITZLER = "pmb2121"
YEAR = 365
PRESENT, LETTER = 0, 1
SEEN = {"letters and diary": (PRESENT, LETTER), "letters, diary hidden": (LETTER,), "diary, letters hidden": (PRESENT,)}

POOLED = ("strength, all pairs at once", "volume, all pairs at once")

Real = NDArray[np.float64]


class Rated(NamedTuple):
    """One person's contacts with all others of a study, and how close they rated each."""

    tallies: Tallies
    rating: Real


def strands_of(rows: Iterable[tuple[int, int, int, int]]) -> Strands:
    """Return strands of (person, second, way, depth), sorted."""
    table = np.array(sorted(rows), np.int64).reshape(-1, 4)
    return Strands(
        table[:, 0].astype(np.int32),
        table[:, 1],
        table[:, 2].astype(np.int8),
        np.ones(len(table), np.uint8),
        table[:, 3].astype(np.uint8),
    )


def spread(times: int, days: int) -> Iterator[int]:
    """Yield the seconds of `times` contacts spread evenly over `days` days."""
    for i in range(times):
        yield FIRST * DAY + int((i + 0.5) * days * DAY / times)


def _table(path: Path) -> list[dict[str, str]]:
    with open_text(path) as lines:
        return list(csv.DictReader(lines))


def _count(text: str) -> int:
    return 0 if text in ("", "nan") else round(float(text))


def _others(rating: NDArray[np.float64], ego: int) -> Real:
    return np.delete(rating[ego], ego)


def _rated(rows: Mapping[int, list[tuple[int, int, int, int]]], rating: Real, end: int) -> Iterator[Rated]:
    """Yield everybody who rated anybody, with themselves taken out of the columns."""
    people = len(rating)
    for ego in range(people):
        given = _others(rating, ego)
        if given.std() == 0:
            continue
        mine = [(other - (other > ego), at, way, depth) for other, at, way, depth in rows.get(ego, []) if other != ego]
        yield Rated(tally(strands_of(mine), people - 1, end=end), given)


def eies(data: Path, wave: int) -> Iterator[Rated]:
    """Researchers on EIES: messages in 18 months, and acquaintance rated 0 to 4 before and after (Freeman 1979)."""
    folder = data / "ties"
    people = len(_table(folder / "eies_messages_nodes.csv"))
    rating = np.zeros((people, people))
    for row in _table(folder / "eies_relations_edges.csv"):
        rating[int(row["src"]), int(row["dst"])] = _count(row[f"rank_{wave}"])
    rows: dict[int, list[tuple[int, int, int, int]]] = {}
    for row in _table(folder / "eies_messages_edges.csv"):
        one, other = int(row["src"]), int(row["dst"])
        for at in spread(_count(row["weight"]), EIES_DAYS):
            rows.setdefault(one, []).append((other, at, 1, 1))
            rows.setdefault(other, []).append((one, at, -1, 1))
    return _rated(rows, rating, (FIRST + EIES_DAYS) * DAY)


def observed(data: Path, study: str) -> Iterator[Rated]:
    """People seen talking together, and how often they recall to have talked (Bernard & Killworth 1979-80)."""
    folder = data / "ties"
    seen, recalled = _table(folder / f"bk{study}b_edges.csv"), _table(folder / f"bk{study}c_edges.csv")
    people = 1 + max(int(row[end]) for row in seen + recalled for end in ("src", "dst"))
    rating = np.zeros((people, people))
    for row in recalled:
        # Two of the studies asked for ranks, the closest first; the fraternity for a scale, 5 the most.
        given = float(row["weight"])
        rating[int(row["src"]), int(row["dst"])] = given if study == "fra" else people - given
    times: dict[frozenset[int], int] = {}
    for row in seen:
        pair = frozenset((int(row["src"]), int(row["dst"])))
        times[pair] = max(times.get(pair, 0), _count(row["weight"]))
    rows: dict[int, list[tuple[int, int, int, int]]] = {}
    for pair, n in times.items():
        if len(pair) == 2:
            one, other = pair
            for at in spread(n, OBSERVED_DAYS):
                rows.setdefault(one, []).append((other, at, 0, 1))
                rows.setdefault(other, []).append((one, at, 0, 1))
    return _rated(rows, rating, (FIRST + OBSERVED_DAYS) * DAY)


def social_evolution(data: Path) -> Iterator[Rated]:
    """Students who named their friends twice, and the calls among them until the second survey (Madan 2012)."""
    folder = data / "ties"
    names = [row["label"] for row in _table(folder / "social_evolution_actors.csv")]
    place = {name: i for i, name in enumerate(names)}
    named = _table(folder / "social_evolution_friendship.csv")
    survey = max(int(float(row["time"])) for row in named)
    rating = np.zeros((len(names), len(names)))
    for row in sorted(named, key=lambda row: float(row["time"])):
        rating[place[row["sender"]], place[row["receiver"]]] = float(row["replace"])
    rows: dict[int, list[tuple[int, int, int, int]]] = {}
    for row in _table(folder / "social_evolution_calls.csv"):
        at = int(float(row["time"]))
        if at < survey:
            one, other = place[row["sender"]], place[row["receiver"]]
            rows.setdefault(one, []).append((other, at, 1, 1))
            rows.setdefault(other, []).append((one, at, -1, 1))
    return _rated(rows, rating, survey)


def volume(tallies: Tallies) -> Real:
    """Return the plain number of contacts."""
    return tallies.n.astype(np.float64)


def agreement(studied: Iterable[Rated], times: int, *, chosen: bool) -> dict[str, tuple[float, float, float]]:
    """Return Spearman of strength and of plain volume with the ratings: means over raters with intervals.

    Where raters `chosen` whom to name, also the AUC of who is named.
    `pooled` is Spearman over the pairs of all raters at once, without an interval, since pairs hang together.
    """
    found: dict[str, list[float]] = {}
    everything: dict[str, list[Real]] = {}
    for ego in studied:
        close = ego.rating > 0
        everything.setdefault("rating", []).append(ego.rating)
        for name, score in (("strength", judge(ego.tallies).strength), ("volume", volume(ego.tallies))):
            everything.setdefault(name, []).append(score)
            if score.std() > 0:
                found.setdefault(f"{name}, Spearman", []).append(spearman(score, ego.rating))
                if chosen and 0 < close.sum() < len(close):
                    area = auc(np.zeros(len(close), np.int64), close, score, 1)[0]
                    found.setdefault(f"{name}, AUC", []).append(float(area))
    figures = {name: interval(np.array(values), times) for name, values in found.items()}
    rating, *scores = (np.concatenate(parts) for parts in everything.values())
    for name, score in zip(("strength", "volume"), scores, strict=True):
        figures[f"{name}, pooled"] = (spearman(score, rating),) * 3
    figures["raters"] = (float(len(next(iter(found.values())))),) * 3
    return figures


# --- Schnitzler: letters and diary -----------------------------------------------------------------------------------


class Life(NamedTuple):
    """Schnitzler's letters and diary side by side, people numbered alike."""

    people: int
    rows: NDArray[np.int64]  # (contacts, 4): person, second, way (0: named in the diary), channel


def schnitzler(data: Path) -> Life:
    """Read letters and diary. A day on which somebody is named is a passing meeting: they are also thought of."""
    place: dict[str, int] = {}
    rows: set[tuple[int, int, int, int]] = set()

    def at(day: str) -> int:
        return (date.fromisoformat(day) - EPOCH).days * DAY + NOON

    for row in _table(data / "letters/schnitzler_letters.csv.gz"):
        for way, mine, theirs in ((1, row["from_id"], row["to_id"]), (-1, row["to_id"], row["from_id"])):
            if SCHNITZLER in mine.split("|"):
                for other in theirs.split("|"):
                    if other and other != SCHNITZLER:
                        rows.add((place.setdefault(other, len(place)), at(row["date"]), way, LETTER))
    for row in _table(data / "letters/schnitzler_diary_person_days.csv.gz"):
        other = row["person_id"]
        if other != SCHNITZLER:
            rows.add((place.setdefault(other, len(place)), at(row["date"]), 0, PRESENT))
    return Life(len(place), np.array(sorted(rows), np.int64))


def hidden(life: Life, years: Iterable[int], times: int) -> dict[str, dict[str, tuple[float, float, float]]]:
    """Foretell next year's letters and diary days from what each set of channels shows.

    Everybody who had written or been written to, and been named in the diary, before the cut counts, whichever channel
    is hidden, so that the figures compare. Means over the cuts, with intervals over them.
    """
    found: dict[tuple[str, str], list[float]] = {}
    person, second, way, channel = life.rows.T
    for year in years:
        cut = (date(year, 1, 1) - EPOCH).days * DAY
        past, after = second < cut, (second >= cut) & (second < cut + YEAR * DAY)
        known = np.ones(life.people, bool)
        for one in (PRESENT, LETTER):
            known &= np.bincount(person[past & (channel == one)], minlength=life.people) > 0
        for seen, channels in SEEN.items():
            rows = past & np.isin(channel, channels)
            depth = np.where(channel[rows] == PRESENT, 0, 1)
            strands = strands_of(zip(person[rows], second[rows], way[rows], depth, strict=True))
            strength = judge(tally(strands, life.people, end=cut, horizon_days=YEAR), horizon_days=YEAR).strength[known]
            for word, one in (("letters", LETTER), ("diary days", PRESENT)):
                happened = np.bincount(person[after & (channel == one)], minlength=life.people)[known].astype(
                    np.float64
                )
                if 0 < (happened > 0).sum() < len(happened):
                    area = auc(np.zeros(len(happened), np.int64), happened > 0, strength, 1)[0]
                    found.setdefault((seen, f"{word}, AUC"), []).append(float(area))
                    found.setdefault((seen, f"{word}, Spearman"), []).append(spearman(strength, happened))
    figures: dict[str, dict[str, tuple[float, float, float]]] = {}
    for (seen, word), values in found.items():
        figures.setdefault(seen, {})[word] = interval(np.array(values), times)
    return figures


# --- the command -----------------------------------------------------------------------------------------------------


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--bootstraps", type=int, default=1000, metavar="N", help="resamples of the raters")


def run(args: Namespace) -> Report:
    """Measure every set with ratings, and Schnitzler's two channels."""
    data: Path = (args.data or [DATA])[0]
    if not (data / "ties").is_dir():
        raise SystemExit(f"no folder {data / 'ties'}; give --data PATH")
    studies: dict[str, Iterable[Rated]] = {
        "EIES, rated before": eies(data, 1),
        "EIES, rated after": eies(data, 2),
        "Bernard-Killworth, fraternity": observed(data, "fra"),
        "Bernard-Killworth, office": observed(data, "off"),
        "Bernard-Killworth, technical": observed(data, "tec"),
        "Social Evolution, calls": social_evolution(data),
    }
    figures = {
        name: agreement(studied, args.bootstraps, chosen=not name.startswith("Bernard"))
        for name, studied in studies.items()
    }
    columns = ("strength, Spearman", "volume, Spearman", "strength, AUC", "volume, AUC")
    rated = tuple(
        (
            name,
            f"{found['raters'][0]:.0f}",
            *(_range(found.get(column)) for column in columns),
            *(f"{found[f'{word}, pooled'][0]:.3f}" for word in ("strength", "volume")),
        )
        for name, found in figures.items()
    )
    life = hidden(schnitzler(data), range(1893, 1931), args.bootstraps)
    words = ("letters, Spearman", "letters, AUC", "diary days, Spearman", "diary days, AUC")
    lives = tuple((seen, *(_range(found.get(word)) for word in words)) for seen, found in life.items())
    return Report(
        "closeness",
        (
            Table("rated closeness, mean over raters", ("study", "raters", *columns, *POOLED), rated),
            Table(
                "Schnitzler 1893 to 1930, the year to come",
                ("seen", *words),
                lives,
            ),
        ),
        {"rated": figures, "schnitzler": life},
        (
            "EIES and Bernard-Killworth have no dates: contacts are spread evenly over the time observed. AUC asks who"
            " is rated at all.",
            "Nothing here had a part in choosing or fitting the card.",
        ),
    )


def _range(figure: tuple[float, float, float] | None) -> str:
    return "–" if figure is None else f"{figure[0]:.3f} [{figure[1]:.3f}, {figure[2]:.3f}]"
