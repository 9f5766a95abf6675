"""The labels of senders are whole, and the figures count what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import senders
from benchmarks.senders import Label

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
FINDING = senders.machines.Finding("robot", ())


def test_senders_are_labelled_with_reasons_half_for_each_half_and_a_hundred_added() -> None:
    labels = senders.labels()
    assert len(labels) == 400
    assert all(label.reason and label.kind in ("person", "newsletter", "robot", "role") for label in labels.values())
    assert {half: sum(label.half == half for label in labels.values()) for half in ("dev", "added", "test")} == {
        "dev": 141,
        "added": 100,
        "test": 159,
    }


def test_precision_and_recall_are_of_machines() -> None:
    known = {
        "a": Label("dev", "robot", "x"),
        "b": Label("dev", "newsletter", "x"),
        "c": Label("dev", "person", "x"),
        "d": Label("test", "robot", "x"),
    }
    counted = senders.figures(known, {"a": FINDING, "b": None, "c": FINDING, "d": None}, "dev")
    assert counted["precision"] == counted["recall"] == 0.5
    assert counted["senders"] == 3


@pytest.mark.skipif(not (DATA / senders.ARCHIVE).exists(), reason="the corpus is not at hand")
def test_no_person_of_the_corpus_is_taken_for_a_machine() -> None:
    known = senders.labels()
    said = senders.verdicts(senders.senders(senders.mails(DATA / senders.ARCHIVE)))
    for half, exact, least in (("dev", 0.98, 0.9), ("added", 0.95, 0.95), ("test", 0.98, 0.85)):
        counted = senders.figures(known, said, half)
        assert counted["precision"] >= exact
        assert counted["recall"] >= least
