"""Find who could help whom by the vectors that a model of language gives to what they say.

Every model has a scale of its own: what it calls alike, another calls far apart. So the model is first asked for
PROBES, pairs of our own that belong together; how near these are to each other, and to what belongs to another pair,
says from where on a need and an offer are near. A model that cannot tell them apart is not listened to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amity.insight.matches import LEAST, Found, Told

PROBES = (
    ("a lawyer for a dispute over rent", "advises tenants on their rights"),
    ("money for a documentary", "invests in independent films"),
    ("somebody who teaches the piano", "gives music lessons at home"),
    ("a flat in the city from May", "has a spare room to let"),
    ("help with a web site", "builds pages for small firms"),
    ("sorting out the tax return", "accountant for freelancers"),
    ("eine Übersetzung ins Französische", "Dolmetscherin"),
    ("to publish a first novel", "editor at a publishing house"),
    ("a physiotherapist for a bad back", "treats sports injuries"),
    ("jemand, der das Dach repariert", "Zimmerei und Dachdeckerei"),
    ("a photographer for the wedding", "takes portraits"),
    ("care for an old father", "nurse for the elderly"),
)
QUANTILE = 0.98  # of what does not belong together lies below the floor
SUREST = 0.95  # the score of what is as near as our own pairs; words that are the same say more

Vector = NDArray[np.float32]


class Scale(NamedTuple):
    """From where on two texts are near by a model, and how near those are that surely belong together."""

    floor: float
    top: float


def probes() -> list[str]:
    """Return the texts whose vectors `scale` needs."""
    return [text for pair in PROBES for text in pair]


def scale(vectors: Mapping[str, Vector]) -> Scale | None:
    """Learn the scale of a model from its vectors of our own pairs, None where it cannot tell them apart."""
    needs, offers = (np.stack([vectors[pair[side]] for pair in PROBES]) for side in (0, 1))
    alike = needs @ offers.T
    floor = float(np.quantile(alike[~np.eye(len(PROBES), dtype=bool)], QUANTILE))
    top = float(np.median(np.diag(alike)))
    return Scale(floor, top) if top > floor else None


def find(needs: Sequence[Told], offers: Sequence[Told], vectors: Mapping[str, Vector], by: Scale) -> list[Found]:
    """Return the needs and offers of two people that are near by a model, the best first; vectors have length 1."""
    if not needs or not offers:
        return []
    asked = np.stack([vectors[need.text] for need in needs])
    offered = np.stack([vectors[offer.text] for offer in offers])
    found = []
    for place, row in enumerate(asked):
        alike = offered @ row
        for other in np.flatnonzero(alike > by.floor).tolist():
            if offers[other].person != needs[place].person:
                share = min((float(alike[other]) - by.floor) / (by.top - by.floor), 1.0)
                found.append(Found(place, other, LEAST + (SUREST - LEAST) * share, (), round(float(alike[other]), 3)))
    return sorted(found, key=lambda one: (-one.score, one.need, one.offer))
