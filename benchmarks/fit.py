"""`python -m benchmarks.fit` fits the tie card on the early cuts of four public archives and prints its coefficients.

Every alter of a live ego counts, the one-way ones too. A set weighs by its rows, but never more than `MOST` of them,
so that the largest does not speak alone.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.tie import KNEE, Bend, Card, numbers, rates
from amity.ledger.tally import tally
from benchmarks.archives import FITTED, LOADERS, Archive, cells

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"
MOST = 8_000  # rows
RIDGE = 0.01
CARDS = ("SEND", "BOTH", "ANY")

Real = NDArray[np.float64]


class Rows(NamedTuple):
    """What the card sees of a set of cells: its numbers, the rate of each label, and the three labels."""

    numbers: Real  # (rows, 5)
    rates: Real  # (rows, 3)
    labels: NDArray[np.bool_]  # (rows, 3)
    mutual: NDArray[np.bool_]  # contact both ways so far


def rows_of(archive: Archive, cuts: Iterable[int]) -> Rows:
    """Return one row for each ego, cut and alter with direct contact."""
    x, b, y, mutual = [], [], [], []
    for cell in cells(archive, cuts):
        tallies = tally(cell.strands, cell.people, end=cell.cut, horizon_days=archive.horizon)
        touched = tallies.n > 0
        x.append(numbers(tallies)[touched])
        b.append(np.tile(rates(tallies), (int(touched.sum()), 1)))
        y.append(cell.labels[touched])
        mutual.append(cell.mutual[touched])
    return Rows(np.concatenate(x), np.concatenate(b), np.concatenate(y), np.concatenate(mutual))


def logit_fit(x: Real, y: NDArray[np.bool_], weight: Real) -> Real:
    """Return constant and weights of a logistic model with a whisper of a ridge, by Newton's method."""
    x = np.column_stack((np.ones(len(x)), x))
    ridge = RIDGE * np.eye(x.shape[1])
    ridge[0, 0] = 0.0
    found = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ found))
        step = np.linalg.solve(
            (x * (weight * p * (1 - p))[:, None]).T @ x + ridge, x.T @ (weight * (y - p)) - ridge @ found
        )
        found += step
        if np.abs(step).max() < 1e-10:
            return found
    raise ArithmeticError("the fit did not settle")


def fit_cards(sets: Iterable[Rows]) -> tuple[Card, Card, Card]:
    """Fit the three cards (send, both, any) on the pooled rows of some sets."""
    sets = list(sets)
    weight = np.concatenate([np.full(len(rows.labels), min(1.0, MOST / len(rows.labels))) for rows in sets])
    cards = []
    for label in range(3):
        x = np.concatenate([np.column_stack((rows.numbers, rows.rates[:, label])) for rows in sets])
        y = np.concatenate([rows.labels[:, label] for rows in sets])
        cards.append(Card(*(round(float(value), 3) for value in logit_fit(x, y, weight))))
    return cards[0], cards[1], cards[2]


def fit_bends(sets: Iterable[Rows], cards: tuple[Card, Card, Card]) -> tuple[Bend, Bend, Bend]:
    """Fit how the sums of three cards become chances, on the ties of some sets that went both ways."""
    sets = list(sets)
    weight = np.concatenate([np.full(n, min(1.0, MOST / n)) for n in (int(rows.mutual.sum()) for rows in sets)])
    bends = []
    for label, card in enumerate(cards):
        x = np.concatenate([np.column_stack((rows.numbers, rows.rates[:, label]))[rows.mutual] for rows in sets])
        y = np.concatenate([rows.labels[rows.mutual, label] for rows in sets])
        linear = card.constant + x @ np.array(card[1:])
        bent = np.column_stack((linear, np.maximum(linear - KNEE, 0.0)))
        bends.append(Bend(*(round(float(value), 3) for value in logit_fit(bent, y, weight))))
    return bends[0], bends[1], bends[2]


def typical(sets: Iterable[Rows]) -> tuple[float, ...]:
    """Return the means of the numbers, the rate left out, sets weighed alike."""
    means = [rows.numbers.mean(axis=0) for rows in sets]
    return tuple(round(float(value), 1) for value in np.mean(means, axis=0))


def main() -> None:
    """Fit and print."""
    parser = ArgumentParser(prog="python -m benchmarks.fit", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, metavar="PATH", help="where the archives lie")
    args = parser.parse_args()
    archives = {name: LOADERS[name](args.data) for name in FITTED}
    sets = {name: rows_of(archive, archive.early) for name, archive in archives.items()}
    for name, rows in sets.items():
        shares = ", ".join(f"{share:.3f}" for share in rows.labels.mean(axis=0))
        print(f"# {name}: {len(rows.labels)} rows, send, both, any: {shares}")
    cards = fit_cards(sets.values())
    for word, card in zip(CARDS, cards, strict=True):
        print(f"{word} = Card({', '.join(f'{value:.3f}' for value in card)})")
    for word, bend in zip(CARDS, fit_bends(sets.values(), cards), strict=True):
        print(f"{word}_BEND = Bend({', '.join(f'{value:.3f}' for value in bend)})")
    print(f"TYPICAL = {typical(sets.values())}")


if __name__ == "__main__":
    main()
