"""How well the tie card foretells contact, beside the peers, on public archives or on any `interactions` file."""

from __future__ import annotations

import math
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.tie import ANY, BOTH, SEND, Bend, Card, chance, judge
from amity.ledger.tally import DAY, Tallies, tally
from benchmarks import boosting
from benchmarks.archives import FITTED, LOADERS, Archive, Cell, cells, interactions
from benchmarks.fit import DATA, Rows, fit_bends, fit_cards, rows_of
from benchmarks.report import Report, Table

SUMMARY = "how well the tie card foretells contact, beside recency, frequency, Interaction Rank, RFM, BG/NBD"
LABELS = ("send", "both", "any")
CARD = "the card"
COLD = "the card, set left out"
BOOSTED = "gradient boosting, in the domain"
BEFORE = "the card, not bent"
SHIPPED = (SEND, BOTH, ANY)
STRAIGHT = Bend(0.0, 1.0, 0.0)
CALIBRATED = (CARD, COLD, BOOSTED, BEFORE)  # models that give probabilities themselves
LETTERS = ("Darwin", "Schnitzler", "Vienna")
BINS = 15
WEIGHT_SENT = 5.0  # Interaction Rank: a message sent counts five received
SEED = 20261122
FEWEST_ROWS = 200  # an isotonic curve through fewer says nothing about a peer

Real = NDArray[np.float64]
Bool = NDArray[np.bool_]


# --- peers -----------------------------------------------------------------------------------------------------------


class Purchase(NamedTuple):
    """The four parameters of BG/NBD (Fader, Hardie & Lee 2005), times in horizons."""

    r: float
    alpha: float
    a: float
    b: float


def lgamma(x: Real) -> Real:
    """Return the logarithm of the gamma function for positive x, to about ten digits (Stirling after a shift by 6)."""
    z = x + 6.0
    series = 1 / (12 * z) - 1 / (360 * z**3) + 1 / (1260 * z**5)
    shift = np.log(x * (x + 1) * (x + 2) * (x + 3) * (x + 4) * (x + 5))
    return np.asarray((z - 0.5) * np.log(z) - z + 0.5 * math.log(2 * math.pi) + series - shift)


def history(tallies: Tallies) -> tuple[Real, Real, Real]:
    """Return repeated contact days, age at the last one, and age now, in horizons."""
    span = DAY * tallies.horizon_days
    age = np.maximum((tallies.end - tallies.first) / span, 1e-6)
    return (tallies.days - 1).astype(np.float64), (tallies.last - tallies.first) / span, np.asarray(age, np.float64)


def purchase_loss(log_parameters: Real, x: Real, last: Real, age: Real) -> float:
    """Return the mean negative log likelihood of BG/NBD."""
    r, alpha, a, b = np.exp(np.clip(log_parameters, -7, 7))
    head = lgamma(r + x) - lgamma(np.array(r)) + r * np.log(alpha)
    beta = lgamma(a + b) + lgamma(b + x) - lgamma(np.array(b)) - lgamma(a + b + x)
    alive = -(r + x) * np.log(alpha + age)
    gone = np.where(x > 0, np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last), -np.inf)
    return -float(np.mean(head + beta + np.logaddexp(alive, gone)))


def simplex(loss: Callable[[Real], float], start: Real, steps: int = 300) -> Real:
    """Return the lowest point that Nelder and Mead's simplex finds."""
    corners = [start, *(start + 0.7 * unit for unit in np.eye(len(start)))]
    points = [(loss(corner), corner) for corner in corners]

    def at(point: Real) -> tuple[float, Real]:
        return loss(point), point

    for _ in range(steps):
        points.sort(key=lambda pair: pair[0])
        best, worst = points[0], points[-1]
        if worst[0] - best[0] < 1e-8:
            break
        centre = np.mean([corner for _, corner in points[:-1]], axis=0)
        away = centre - worst[1]
        found = at(centre + away)
        if found[0] < best[0]:
            found = min(found, at(centre + 2 * away), key=lambda pair: pair[0])
        elif found[0] >= points[-2][0]:
            found = at(centre + (0.5 if found[0] < worst[0] else -0.5) * away)
        if found[0] < worst[0]:
            points[-1] = found
        else:
            points = [best, *(at((corner + best[1]) / 2) for _, corner in points[1:])]
    return min(points, key=lambda pair: pair[0])[1]


def fit_purchase(tallied: Iterable[Tallies], most: int = 4_000) -> Purchase:
    """Fit BG/NBD on the histories, without labels, of at most `most` people."""
    parts = [np.column_stack(history(tallies))[tallies.n > 0] for tallies in tallied]
    rows = np.concatenate(parts)
    if len(rows) > most:
        rows = rows[np.random.default_rng(SEED).choice(len(rows), most, replace=False)]
    x, last, age = rows.T
    best = simplex(lambda point: purchase_loss(point, x, last, age), np.zeros(4))
    return Purchase(*(float(value) for value in np.exp(np.clip(best, -7, 7))))


def chance_of_purchase(parameters: Purchase, tallies: Tallies) -> Real:
    """Return BG/NBD's chance of at least one more contact day within the next horizon."""
    r, alpha, a, b = parameters
    x, last, age = history(tallies)
    odds = (a / (b + np.maximum(x, 1) - 1)) * np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + last)))
    alive = 1 / (1 + np.where(x > 0, odds, 0.0))
    return np.asarray(alive * (1 - np.exp((r + x) * (np.log(alpha + age) - np.log(alpha + age + 1)))))


def rank(values: Real) -> Real:
    """Return ranks from 1, ties at their mean."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    top = np.cumsum(count)
    return np.asarray((top - (count - 1) / 2)[place], np.float64)


def peers(cell: Cell, tallies: Tallies, purchase: Purchase) -> dict[str, Real]:
    """Return the score of every peer for every alter of a cell."""
    strands = cell.strands
    weight = WEIGHT_SENT * (strands.way >= 0) + (strands.way <= 0)
    week = weight * np.exp2((strands.at - cell.cut) / (7.0 * DAY))
    sent = (tallies.sent + tallies.met).astype(np.float64)
    recency = (tallies.last - cell.cut) / DAY
    recent = tallies.sent_recent + tallies.received_recent + tallies.met_recent
    rfm = rank(recency) + rank(tallies.days.astype(np.float64)) + rank(sent)
    return {
        "recency, last contact": recency,
        "total frequency": tallies.n.astype(np.float64),
        "frequency in the last H": recent.astype(np.float64),
        "Interaction Rank, half-life 7 d": np.log(1e-30 + np.bincount(strands.person, week, cell.people)),
        "Interaction Rank, half-life H": WEIGHT_SENT * tallies.sent_decayed + tallies.received_decayed,
        "RFM rank sum": rfm / cell.people,
        "BG/NBD P(≥1)": chance_of_purchase(purchase, tallies),
        "day activation": tallies.activation,
    }


# --- what is measured ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """Every two-way alter of every cell of a set, one row each."""

    ego: NDArray[np.int64]  # of each cell
    cell: NDArray[np.int64]
    labels: Bool  # (rows, 3)
    active: Bool  # contact both ways in the last horizon
    silent: Bool  # no contact in it
    scores: Mapping[str, Real]
    chance: Real  # (rows, 3), the card's own probabilities
    numbers: Real  # (rows, 6, 3): what a refitted card would see
    seen: boosting.Seen


def sample(archive: Archive, cuts: Iterable[int], purchase: Purchase) -> Sample | None:
    """Judge every cell with the shipped code and the peers; None when no ego qualifies."""
    ego, cell_of, labels, active, silent, chance, numbers = [], [], [], [], [], [], []
    features, cut_of = [], []
    scores: dict[str, list[Real]] = {}
    for i, cell in enumerate(cells(archive, cuts)):
        tallies = tally(cell.strands, cell.people, end=cell.cut, horizon_days=archive.horizon)
        judgement = judge(tallies, horizon_days=archive.horizon)
        keep = cell.mutual
        ego.append(cell.ego)
        cell_of.append(np.full(int(keep.sum()), i))
        labels.append(cell.labels[keep])
        met = tallies.met_recent > 0
        both = met | ((tallies.sent_recent > 0) & (tallies.received_recent > 0))
        active.append(both[keep])
        silent.append(tallies.days_recent[keep] == 0)
        features.append(boosting.features(tallies)[keep])
        cut_of.append(np.full(int(keep.sum()), cell.cut))
        chance.append(np.column_stack((judgement.p_send, judgement.p_contact, judgement.p_any))[keep])
        seen = np.repeat(judgement.numbers[keep][:, :, None], 3, axis=2)
        rate = np.broadcast_to(np.array(judgement.rates), (len(seen), 1, 3))
        numbers.append(np.concatenate((seen, rate), axis=1))
        for name, score in peers(cell, tallies, purchase).items():
            scores.setdefault(name, []).append(score[keep])
    if not ego:
        return None
    return Sample(
        np.array(ego),
        np.concatenate(cell_of),
        np.concatenate(labels),
        np.concatenate(active),
        np.concatenate(silent),
        {name: np.concatenate(parts) for name, parts in scores.items()},
        np.concatenate(chance),
        np.concatenate(numbers),
        boosting.Seen(
            np.concatenate(features),
            np.concatenate(labels),
            np.array(ego)[np.concatenate(cell_of)],
            np.concatenate(cut_of),
        ),
    )


def _ordered(cell: NDArray[np.int64], score: Real) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return rows from best to worst within each cell, equals at random, and each one's place from 1."""
    chance = np.random.default_rng(SEED).random(len(cell))
    order = np.lexsort((chance, -score, cell))
    count = np.bincount(cell)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count) + 1
    return order, place


def auc(cell: NDArray[np.int64], label: Bool, score: Real, n: int) -> Real:
    """Return the area under the ROC curve of each of `n` cells, NaN where one class is missing."""
    _, level = np.unique(score, return_inverse=True)
    order = np.lexsort((level, cell))
    key = cell[order] * (int(level.max()) + 1) + level[order]
    _, group, count = np.unique(key, return_inverse=True, return_counts=True)
    top = np.cumsum(count)
    size = np.bincount(cell, minlength=n)
    before = np.cumsum(size) - size
    mean_rank = (top - (count - 1) / 2)[group] - before[cell[order]]
    good = np.bincount(cell, label, n)
    bad = size - good
    total = np.bincount(cell[order], mean_rank * label[order], n)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = (total - good * (good + 1) / 2) / (good * bad)
    return np.where((good > 0) & (bad > 0), found, np.nan)


def precision(cell: NDArray[np.int64], label: Bool, score: Real, n: int) -> tuple[Real, Real]:
    """Return average precision and precision at 5 of each cell, NaN where one class is missing."""
    order, place = _ordered(cell, score)
    hit = label[order].astype(np.float64)
    good = np.bincount(cell, label, n)
    size = np.bincount(cell, minlength=n)
    running = np.cumsum(hit)
    start = np.cumsum(size) - size
    within = running - np.repeat(np.where(start > 0, running[start - 1], 0.0), size)
    mixed = (good > 0) & (good < size)
    ap = np.bincount(cell, hit * within / place, n) / np.maximum(good, 1)
    at5 = np.bincount(cell, hit * (place <= 5), n) / 5
    return np.where(mixed, ap, np.nan), np.where(mixed, at5, np.nan)


def by_ego(ego: NDArray[np.int64], values: Real) -> Real:
    """Return the mean over the cells of each ego that has any figure; one ego alone stands for its cells."""
    fine = ~np.isnan(values)
    if len(np.unique(ego)) == 1:
        return values[fine]
    _, place = np.unique(ego[fine], return_inverse=True)
    return np.asarray(np.bincount(place, values[fine]) / np.maximum(np.bincount(place), 1))


@lru_cache(maxsize=64)
def _draws(n: int, times: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, n, (times, n))


def interval(values: Real, times: int) -> tuple[float, float, float]:
    """Return mean and 95 % bootstrap interval over egos."""
    if not len(values):
        return math.nan, math.nan, math.nan
    means = values[_draws(len(values), times)].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return float(values.mean()), float(low), float(high)


def ece(label: Bool, p: Real) -> float:
    """Return the expected calibration error over `BINS` bins of equal mass."""
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, BINS) if len(part)]
    return float(sum(len(part) * abs(label[part].mean() - p[part].mean()) for part in parts) / len(p))


def floor(p: Real, times: int = 20) -> float:
    """Return the calibration error of a perfect model of this size, simulated."""
    rng = np.random.default_rng(SEED)
    return float(np.mean([ece(rng.random(len(p)) < p, p) for _ in range(times)]))


def isotonic(score: Real, label: Bool) -> Callable[[Real], Real]:
    """Fit a rising step function from score to probability by pooling adjacent violators."""
    level, place = np.unique(score, return_inverse=True)
    weight = np.bincount(place).astype(np.float64)
    total = np.bincount(place, label)
    pools: list[tuple[float, float, int]] = []  # positives, rows, levels
    for hits, rows in zip(total.tolist(), weight.tolist(), strict=True):
        pool = (hits, rows, 1)
        while pools and pools[-1][0] * pool[1] >= pool[0] * pools[-1][1]:
            before = pools.pop()
            pool = (before[0] + pool[0], before[1] + pool[1], before[2] + pool[2])
        pools.append(pool)
    steps = np.repeat([hits / rows for hits, rows, _ in pools], [levels for _, _, levels in pools])
    return lambda values: np.asarray(np.interp(values, level, steps))


def chances(found: Sample, card: Card, bend: Bend, label: int) -> Real:
    """Return what a card gives every row."""
    return chance(card.constant + found.numbers[:, :, label] @ np.array(card[1:]), bend)


def measure(
    found: Sample, early: Sample | None, label: int, cold: Real | None, boosted: Real | None, times: int
) -> dict[str, Any]:
    """Return every figure of every model for one label."""
    n = len(found.ego)
    y = found.labels[:, label]
    scores = {**found.scores, BEFORE: chances(found, SHIPPED[label], STRAIGHT, label), CARD: found.chance[:, label]}
    if cold is not None:
        scores[COLD] = cold
    if boosted is not None:
        scores[BOOSTED] = boosted
    mine = auc(found.cell, y, scores[CARD], n)
    base = float(y.mean())
    figures: dict[str, Any] = {}
    for name, score in scores.items():
        area = auc(found.cell, y, score, n)
        ap, at5 = precision(found.cell, y, score, n)
        one: dict[str, Any] = {
            "auc": interval(by_ego(found.ego, area), times),
            "minus_card": interval(by_ego(found.ego, area - mine), times),
            "ap": interval(by_ego(found.ego, ap), times),
            "p_at_5": interval(by_ego(found.ego, at5), times),
        }
        p: Real | None = score if name in CALIBRATED else None
        if p is None and early is not None and len(early.labels) >= FEWEST_ROWS:
            p = isotonic(early.scores[name], early.labels[:, label])(score)
        if p is not None:
            one["ece"], one["ece_floor"] = ece(y, p), floor(p)
            one["brier_skill"] = 1 - float(np.mean((p - y) ** 2)) / (base * (1 - base)) if 0 < base < 1 else math.nan
            count = np.bincount(found.cell, minlength=n)
            level = np.bincount(found.cell, p, n) / count - np.bincount(found.cell, y, n) / count
            one["level_error"] = float(np.abs(level).mean())
        figures[name] = one
    return {"rows": len(y), "base": base, "models": figures}


def fading(found: Sample, boosted: Real | None, times: int) -> dict[str, Any]:
    """Return how well the card tells which active tie goes on, and which silent one comes back (label any)."""
    figures: dict[str, Any] = {}
    for task, rows in (("fading", found.active), ("dormant", found.silent)):
        cell, y = found.cell[rows], found.labels[rows, 2]
        if not len(y):
            continue
        models = {CARD: found.chance[rows, 2]} | {
            name: found.scores[name][rows] for name in ("recency, last contact", "RFM rank sum")
        }
        if boosted is not None:
            models[BOOSTED] = boosted[rows]
        figures[task] = {
            "rows": len(y),
            "base": float(y.mean()),
            "models": {
                name: interval(by_ego(found.ego, auc(cell, y, score, len(found.ego))), times)
                for name, score in models.items()
            },
        }
    return figures


# --- the command -----------------------------------------------------------------------------------------------------


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sets", nargs="+", choices=[*LOADERS, "letters"], default=None, help="only these archives")
    parser.add_argument("--label", nargs="+", choices=LABELS, default=["send", "both", "any"], help="what is foretold")
    parser.add_argument("--bootstraps", type=int, default=1000, metavar="N", help="resamples of the egos")
    parser.add_argument("--boosting", action="store_true", help="and gradient boosting beside it (needs scikit-learn)")
    parser.add_argument("--owner", nargs="+", default=[], metavar="HANDLE", help="the egos of an interactions file")
    parser.add_argument("--horizon", type=float, default=90.0, metavar="DAYS", help="for an interactions file")


def run(args: Namespace) -> Report:
    """Run the protocol of SCIENCE.md on the public archives, or on the interactions files that are given."""
    given: list[Path] = args.data or [DATA]
    files = [path for path in given if path.is_file()]
    wanted = [name for name in (args.sets or LOADERS) if name != "letters"]
    if args.sets and "letters" in args.sets:
        wanted += [name for name in LETTERS if name not in wanted]
    archives: dict[str, Archive] = {}
    rows: dict[str, Rows] = {}
    if absent := [str(path) for path in given if not path.exists()]:
        raise SystemExit(f"no such file or folder: {', '.join(absent)}; give --data PATH")
    if files:
        try:
            archives = {path.name: interactions(path, tuple(args.owner), args.horizon) for path in files}
        except ValueError as error:
            raise SystemExit(str(error)) from None
    else:
        folder = given[0]
        archives = {name: LOADERS[name](folder) for name in wanted}
        if any(name in FITTED for name in wanted):
            donors = {name: archives.get(name) or LOADERS[name](folder) for name in FITTED}
            rows = {name: rows_of(archive, archive.early) for name, archive in donors.items()}
    return report(archives, rows, args)


def report(archives: Mapping[str, Archive], rows: Mapping[str, Rows], args: Namespace) -> Report:
    """Measure each archive and lay the figures out."""
    figures: dict[str, Any] = {}
    tables: list[Table] = []
    notes = [
        "AUC, AP and P@5 are means over egos of the means over their cuts, with 95 % bootstrap intervals over egos"
        " (over cuts where there is one ego). Peers' calibration is after isotonic regression on the early cuts;"
        " the card's is as shipped.",
        "A candidate is an alter with contact both ways before the cut; an ego has at least 20 alters, 10 of them"
        " candidates, and sends in the window. Everything later than the cut is removed before anything is computed.",
    ]
    pooled: dict[str, list[Real]] = {}
    samples = {name: _samples(archive) for name, archive in archives.items()}
    for name, archive in archives.items():
        if archive.note:
            notes.append(f"{archive.name}: {archive.note}.")
        found, early = samples[name]
        if found is None:
            notes.append(f"{archive.name}: no ego has enough alters at any cut.")
            continue
        cold = _left_out(found, [part for donor, part in rows.items() if donor != name]) if name in rows else {}
        egos = len(np.unique(found.ego))
        mine: dict[str, Any] = {"egos": egos, "cells": len(found.ego), "horizon_days": archive.horizon}
        kin = [part.seen for other in LETTERS if other != name for part in samples.get(other, ()) if part is not None]
        boosted: dict[int, Real | None] = dict.fromkeys(range(3))
        for label in {*map(LABELS.index, args.label), 2} if args.boosting else ():
            if name in LETTERS and kin:
                boosted[label] = boosting.boost_from(found.seen, kin, label)
            elif egos >= boosting.FEWEST_EGOS:
                closed = [early.seen] if early is not None else []
                boosted[label] = boosting.boost(found.seen, closed, archive.horizon, label)
        for word in args.label:
            label = LABELS.index(word)
            mine[word] = measure(found, early, label, cold.get(label), boosted[label], args.bootstraps)
            tables.append(_models(archive, word, mine[word], egos, len(found.ego)))
            if name in LETTERS:
                given = {CARD: found.chance[:, label]}
                if (score := boosted[label]) is not None:
                    given[BOOSTED] = score
                for model, score in {**found.scores, **given}.items():
                    area = auc(found.cell, found.labels[:, label], score, len(found.ego))
                    cuts = by_ego(found.ego, area)
                    means = cuts if egos > 1 else np.array([cuts.mean()])
                    pooled.setdefault(f"{word}\t{model}", []).append(means)
        mine["turning"] = fading(found, boosted[2], args.bootstraps)
        tables.append(_turning(archive, mine["turning"]))
        figures[name] = mine
    if pooled:
        together = {key: np.concatenate(parts) for key, parts in pooled.items()}
        figures["letters"] = {key.replace("\t", ": "): interval(v, args.bootstraps) for key, v in together.items()}
        lines = tuple(
            (*key.split("\t"), str(len(v)), _range(interval(v, args.bootstraps))) for key, v in together.items()
        )
        tables.append(
            Table("letters together, cold start, egos weighed alike", ("label", "model", "egos", "AUC"), lines)
        )
    return Report("ties", tuple(tables), _plain(figures), tuple(notes))


def _samples(archive: Archive) -> tuple[Sample | None, Sample | None]:
    """Return what is tested and what peers may learn from: the test cuts and the early ones."""

    def tallied(cuts: Iterable[int]) -> list[Tallies]:
        return [
            tally(cell.strands, cell.people, end=cell.cut, horizon_days=archive.horizon)
            for cell in cells(archive, cuts)
        ]

    histories = tallied(archive.early or archive.test[:1]) or tallied(archive.test[:3])
    purchase = fit_purchase(histories) if histories else Purchase(1.0, 1.0, 1.0, 1.0)
    return sample(archive, archive.test, purchase), sample(archive, archive.early, purchase)


def _left_out(found: Sample, donors: Sequence[Rows]) -> dict[int, Real]:
    """Return the chances of cards that never saw the set, by label."""
    cards = fit_cards(donors)
    bends = fit_bends(donors, cards)
    return {label: chances(found, cards[label], bends[label], label) for label in range(3)}


def _plain(figures: Any) -> Any:
    """Return the figures without NaN, which JSON does not know."""
    if isinstance(figures, dict):
        return {key: _plain(value) for key, value in figures.items()}
    if isinstance(figures, tuple):
        return [_plain(value) for value in figures]
    return None if isinstance(figures, float) and math.isnan(figures) else figures


def _range(figure: tuple[float, float, float]) -> str:
    mean, low, high = figure
    return f"{mean:.3f} [{low:.3f}, {high:.3f}]"


def _signed(figure: tuple[float, float, float]) -> str:
    mean, low, high = figure
    return f"{mean:+.3f} [{low:+.3f}, {high:+.3f}]"


def _models(archive: Archive, word: str, found: Mapping[str, Any], egos: int, windows: int) -> Table:
    lines = []
    for name, one in found["models"].items():
        calibration = ("–", "–", "–")
        if "ece" in one:
            calibration = (
                f"{one['ece']:.3f} ({one['ece_floor']:.3f})",
                f"{one['brier_skill']:.3f}",
                f"{one['level_error']:.3f}",
            )
        difference = "0" if name == CARD else _signed(one["minus_card"])
        lines.append(
            (name, _range(one["auc"]), difference, f"{one['ap'][0]:.3f}", f"{one['p_at_5'][0]:.3f}", *calibration)
        )
    title = (
        f"{archive.name}, {word} within {archive.horizon:g} d"
        f" ({egos} egos, {windows} windows, {found['rows']} pairs, base rate {found['base']:.3f})"
    )
    columns = ("model", "AUC per ego", "minus the card", "AP", "P@5", "ECE15 (floor)", "Brier skill", "level error")
    return Table(title, columns, tuple(lines))


def _turning(archive: Archive, found: Mapping[str, Any]) -> Table:
    words = {"fading": "active both ways: will it go on?", "dormant": "silent longer than H: will it come back?"}
    lines = tuple(
        (words[task], f"{one['rows']} ({one['base']:.2f})", name, _range(figure))
        for task, one in found.items()
        for name, figure in one["models"].items()
    )
    return Table(f"{archive.name}, any contact", ("two-way ties", "pairs (base)", "model", "AUC per ego"), lines)
