"""Gradient boosting, the peer that is trained in the domain: it has every count, and the past of its own set.

It needs scikit-learn, which is no part of the project: `pip install scikit-learn`.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.tie import length, numbers, rates
from amity.ledger.tally import DAY, DECAYED, TIMES, Tallies

SEED = 20261122
FOLDS = 5
FEWEST_EGOS = 5  # below, an archive cannot be its own domain, and its kin train the model
LONGEST = 1_000.0  # horizons, in place of an age that does not exist

Real = NDArray[np.float64]
Bool = NDArray[np.bool_]


class Seen(NamedTuple):
    """What boosting sees of the two-way ties of a set, one row each."""

    features: Real
    labels: Bool  # (rows, 3)
    ego: NDArray[np.int64]
    cut: NDArray[np.int64]


def library() -> Any:
    """Return the boosting classes of scikit-learn. Raises SystemExit where it is not installed."""
    try:
        return import_module("sklearn.ensemble")
    except ModuleNotFoundError:
        raise SystemExit("--boosting needs scikit-learn: pip install scikit-learn") from None


def features(tallies: Tallies) -> Real:
    """Return the card's numbers and every count, age and decayed sum of the tallies, ages in horizons."""
    horizon = DAY * tallies.horizon_days
    columns: list[Real] = [numbers(tallies)]
    for name in Tallies.__struct_fields__[:-2]:
        column = getattr(tallies, name)
        if name in TIMES:
            age = np.where(column < 0, LONGEST, (tallies.end - np.maximum(column, 0)) / horizon)
            columns.append(np.log(age + 1 / 90)[:, None])
        elif name == "gap":
            columns.append((column / tallies.horizon_days)[:, None])
        else:
            columns.append((column if name in DECAYED else column.astype(np.float64))[:, None])
    own = (*rates(tallies), length(tallies), float((tallies.n > 0).sum()))
    columns.append(np.tile(own, (len(tallies), 1)))
    return np.hstack(columns)


def boost(test: Seen, closed: Sequence[Seen], horizon_days: float, label: int) -> Real | None:
    """Return the chance of one label for each row of `test`, trained on other egos at windows closed before the cut.

    `closed` are further rows of the same domain, each used for the cuts at which its window has closed. None where
    there is nothing to train on.
    """
    ensemble = library()
    egos = np.unique(test.ego)
    fold_of = np.random.default_rng(SEED).integers(0, FOLDS, len(egos))
    fold = fold_of[np.searchsorted(egos, test.ego)]
    pool = [test, *closed]
    x, y = np.concatenate([part.features for part in pool]), np.concatenate([part.labels[:, label] for part in pool])
    ego, closes = np.concatenate([part.ego for part in pool]), np.concatenate([part.cut for part in pool])
    closes = closes + round(horizon_days * DAY)
    place = np.minimum(np.searchsorted(egos, ego), len(egos) - 1)
    pool_fold = np.where(egos[place] == ego, fold_of[place], -1)
    found = np.full(len(test.ego), np.nan)
    for cut in np.unique(test.cut):
        for k in range(FOLDS):
            asked = (test.cut == cut) & (fold == k)
            known = (closes <= cut) & (pool_fold != k)
            if not asked.any():
                continue
            if not known.any() or y[known].all() or not y[known].any():
                return None
            found[asked] = _fit(ensemble, x[known], y[known]).predict_proba(test.features[asked])[:, 1]
    return found


def boost_from(test: Seen, kin: Sequence[Seen], label: int) -> Real:
    """Return the chance of one label for each row of `test`, trained on other archives alone."""
    x, y = np.concatenate([part.features for part in kin]), np.concatenate([part.labels[:, label] for part in kin])
    return np.asarray(_fit(library(), x, y).predict_proba(test.features)[:, 1])


def _fit(ensemble: Any, x: Real, y: Bool) -> Any:
    model = ensemble.HistGradientBoostingClassifier(
        learning_rate=0.06,
        max_iter=120,
        max_leaf_nodes=12,
        min_samples_leaf=40,
        l2_regularization=1.0,
        random_state=SEED,
    )
    return model.fit(x, y)
