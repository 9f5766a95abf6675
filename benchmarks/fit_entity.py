"""`python -m benchmarks.fit_entity` fits the weights of likeness on one half of the people of the labelled sets.

A logistic regression over the candidates of all sets, so that evidence that goes hand in hand is not counted twice. In
every set those that are one person and those that are two weigh alike, so that the weights add up to log-likelihood
ratios; every set has a constant of its own, and that of the cards is kept. The cards weigh four times a public set,
since they alone have telephones, organisations and company, and errors as rare as in an address book. What no set tells
about is set by hand: `BELIEVED`, `HELD`.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.people.candidates import candidates
from amity.people.evidence import AT, KINDS, weigh
from amity.people.facts import lay_out
from benchmarks.fit import DATA
from benchmarks.persons import PUBLIC, SEED, Persons, cards, half

RIDGE = 3.0  # towards what is believed
MOST = 120_000  # candidates of two people, of each set
WEIGHT = 20_000.0  # of each set; the Febrl sets count as one
CARDS = 4.0  # sets for which the cards count
STEPS = 60

# What is believed before any set is seen; where no set tells anything, this stands.
BELIEVED = {
    "name_same": 0.6,
    "name_sound": 0.5,
    "name_nickname": 0.5,
    "name_near": 0.4,
    "name_short": 0.4,
    "name_initial": 0.5,
    "name_given_differs": -3.0,
    "name_family_differs": -2.0,
    "name_differs": -1.5,
    "name_disjoint": -3.0,
    "generation_differs": -3.0,
    "birth_same": 0.8,
    "birth_near": 2.0,
    "birth_day": 4.0,
    "birth_year": 1.0,
    "birth_decade": -2.0,
    "birth_differs": -3.0,
    "mail_same": 8.0,
    "mail_near": 4.0,
    "local_same": 0.6,
    "built_whole": 5.0,
    "built_part": 3.0,
    "phone_same": 5.0,
    "url_same": 8.0,
    "identifier_same": 8.0,
    "identifier_near": 3.0,
    "identifier_differs": -3.0,
    "place_same": 0.4,
    "place_near": 0.3,
    "place_differs": -1.0,
    "organisation_same": 0.4,
    "organisation_differs": -0.3,
    "title_same": 0.3,
    "gender_differs": -2.0,
    "together": -1.5,
}
# What made-up cards only say because they were made so: not fitted.
HELD = {
    "local_name": 1.0,
    "answers": 4.5,
    "company_shared": 2.5,
    "adjoining": 0.7,
    "overlapping": -0.3,
    "organisation_near": 0.2,
}
HOLD = 1e6

Real = NDArray[np.float64]


class Rows(NamedTuple):
    """The evidence on the candidates of a set, and which are one person."""

    figures: NDArray[np.float32]
    one: NDArray[np.bool_]
    weight: Real  # of each row: those left out are stood for by the others


def rows_of(persons: Persons) -> Rows:
    """Return the evidence on the candidates of a set; of those that are two people at most MOST, drawn with a seed."""
    facts = lay_out(persons.profiles)
    left, right, _ = candidates(facts)
    one = persons.person[left] == persons.person[right]
    share = min(1.0, MOST / max(int((~one).sum()), 1))
    kept = one | (np.random.default_rng(SEED).random(len(one)) < share)
    figures = weigh(facts, left[kept], right[kept]).figures
    return Rows(figures, one[kept], np.where(one[kept], 1.0, 1 / share))


def fit(sets: Mapping[str, Rows]) -> tuple[Real, float]:
    """Return the weights of all kinds of evidence, and the constant."""
    many = {name: WEIGHT / sum(other[:5] == name[:5] for other in sets) for name in sets}
    if len(sets) > 1:
        many["cards"] *= CARDS
    figures = np.concatenate([rows.figures for rows in sets.values()]).astype(np.float64)
    one = np.concatenate([rows.one for rows in sets.values()]).astype(np.float64)
    which = np.repeat(np.arange(len(sets)), [len(rows.one) for rows in sets.values()])
    # Those that are one and those that are two weigh alike within a set, and all sets alike.
    weight = np.concatenate(
        [
            np.where(
                rows.one,
                many[name] / rows.one.sum(),
                many[name] * rows.weight / (rows.weight * ~rows.one).sum(),
            )
            for name, rows in sets.items()
        ]
    )
    constants = np.eye(len(sets))[which]
    x = np.hstack((figures, constants))
    believed = np.r_[[{**BELIEVED, **HELD}.get(kind, 0.0) for kind in KINDS], np.zeros(len(sets))]
    ridge = np.r_[[HOLD if kind in HELD else RIDGE for kind in KINDS], np.full(len(sets), 1e-3)]
    point = believed.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(x @ point, -40, 40)))
        slope = x.T @ (weight * (one - chance)) - ridge * (point - believed)
        curve = (x * (weight * chance * (1 - chance))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        point = point + step * min(1.0, 2.0 / float(np.abs(step).max()))
        if float(np.abs(step).max()) < 1e-5:
            break
    return point[: len(KINDS)], float(
        point[len(KINDS) + list(sets).index("cards" if "cards" in sets else next(iter(sets)))]
    )


def training(folder: Path, names: Iterable[str] = PUBLIC) -> dict[str, Persons]:
    """Return the halves of the sets that may be fitted on, and cards made up with a seed that no test uses."""
    sets = {name: half(PUBLIC[name](folder), train=True) for name in names}
    sets["cards"] = cards(12_000, 3_000, seed=SEED + 1)
    return sets


def main() -> None:
    """Fit, and print the module that holds the weights."""
    parser = ArgumentParser(prog="python -m benchmarks.fit_entity", description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA, metavar="PATH", help="where the data lie")
    args = parser.parse_args()
    weights, constant = fit({name: rows_of(persons) for name, persons in training(args.data).items()})
    print(
        '"""What each piece of evidence weighs, in natural logarithms of odds.'
        ' Written by `python -m benchmarks.fit_entity`."""\n\n'
        "from __future__ import annotations\n\n"
        f"CONSTANT = {constant:.2f}\nWEIGHTS = {{"
    )
    for kind in KINDS:
        print(f'    "{kind}": {weights[AT[kind]]:.2f},')
    print("}")


if __name__ == "__main__":
    main()
