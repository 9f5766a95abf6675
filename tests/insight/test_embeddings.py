"""Needs and offers by the vectors of a model: each model's own scale, and silence where it has none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.insight.embeddings import PROBES, SUREST, Scale, Vector, find, probes, scale
from amity.insight.matches import LEAST, Told


def toy(spread: float, common: float = 0.0) -> dict[str, Vector]:
    """Give each pair of probes a direction of its own, `spread` apart, over something that all texts have in common."""
    size = len(PROBES)
    found = {}
    for number, pair in enumerate(PROBES):
        for side, text in enumerate(pair):
            vector = np.full(2 * size + 1, 0.0, np.float32)
            vector[number], vector[size + number], vector[-1] = 1.0, (spread if side else 0.0), common
            found[text] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return found


def test_a_model_is_held_against_its_own_scale() -> None:
    loose, tight = scale(toy(0.5)), scale(toy(0.5, common=3.0))
    assert loose is not None
    assert tight is not None
    assert loose.floor < 0.1 < 0.8 < tight.floor < tight.top
    assert loose.top < tight.top


@pytest.mark.parametrize("vectors", [{text: np.ones(3, np.float32) for text in probes()}], ids=["all the same"])
def test_a_model_that_tells_nothing_apart_is_not_listened_to(vectors: dict[str, Vector]) -> None:
    assert scale(vectors) is None


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 3)), min_size=1, max_size=8), st.floats(0.2, 0.7))
def test_what_is_near_is_all_that_is_found_and_nobody_helps_themselves(
    told: list[tuple[int, float]], floor: float
) -> None:
    texts = [Told(person, f"{angle}") for person, angle in told]
    vectors = {f"{angle}": np.array([np.cos(angle), np.sin(angle)], np.float32) for _, angle in told}
    found = find(texts, texts, vectors, Scale(floor, 0.95))
    pairs = {(one.need, one.offer) for one in found}
    for need, (person, angle) in enumerate(told):
        for offer, (helper, other) in enumerate(told):
            cosine = np.cos(angle - other)
            if abs(cosine - floor) > 1e-4:
                assert ((need, offer) in pairs) == (person != helper and cosine > floor)
    assert all(LEAST <= one.score <= SUREST for one in found)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
