"""Needs beside offers: on something specific or not at all."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.insight.matches import LEAST, Told, find, fit, freshness, kindred, read, stem
from amity.insight.matches import words as words_of

LABELS = Path(__file__).resolve().parents[2] / "benchmarks" / "labels" / "matches.csv"


@pytest.mark.parametrize(
    "words",
    [
        "translate translating translator translation translators",
        "edit editor editing edits",
        "develop developer development",
        "run running runner",
        "photograph photographer photography",
        "Übersetzer Übersetzung Übersetzungen übersetzen",
        "boats boat",
    ],
)
def test_one_stem_for_the_forms_of_a_word(words):
    assert len({stem(word) for word in words.split()}) == 1


@pytest.mark.parametrize(("one", "other"), [("ship", "shop"), ("glass", "glaze"), ("bees", "beer"), ("law", "lawn")])
def test_other_words_keep_their_own(one, other):
    assert stem(one) != stem(other)


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("a tax adviser in Lyon", "tax advice for freelancers"),
        ("a lawyer", "Rechtsanwältin"),
        ("wants to sing in a choir", "Chor"),
        ("a flat in Vienna", "lets a room in Vienna"),
        ("somebody for the stairs", "Treppen"),
    ],
)
def test_what_fits(need, offer):
    assert fit(need, offer) >= LEAST


@pytest.mark.parametrize(
    ("need", "offer"),
    [
        ("a flat in Vienna", "walks in Vienna"),
        ("help", "help"),
        ("looking for somebody good", "experienced expert"),
        ("a piano teacher", "a tennis teacher"),
        ("", "anything"),
        ("a lawyer", "a baker"),
    ],
)
def test_a_place_or_a_way_of_helping_alone_fits_nothing(need, offer):
    assert fit(need, offer) < LEAST


def test_the_same_in_another_place_fits_less():
    here, there = "teaches violin in Graz", "teaches violin in Linz"
    need = "violin lessons in Graz"
    assert fit(need, here) > LEAST > fit(need, there)


def test_precision_comes_first_on_labels_told_before_the_words_were_chosen():
    with LABELS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    said = [fit(row["need"], row["offer"]) >= LEAST for row in rows]
    meant = [row["helps"] == "yes" for row in rows]
    right = sum(one and other for one, other in zip(said, meant, strict=True))
    assert right / sum(said) >= 0.95
    assert right / sum(meant) >= 0.6


def test_nobody_is_matched_with_themselves():
    assert find([Told(1, "violin lessons")], [Told(1, "teaches violin")]) == []
    assert [(one.need, one.offer) for one in find([Told(1, "violin lessons")], [Told(2, "teaches violin")])] == [(0, 0)]


def test_freshness_halves_in_half_a_year():
    assert (freshness(0), freshness(180), freshness(-3)) == (1.0, 0.5, 1.0)


WORDS = re.findall(r"\S+", "tax lawyer piano teacher in Graz Linz for children and flat, room boat garden help old")
PHRASE = st.lists(
    st.sampled_from(
        [
            "tax",
            "lawyer",
            "piano",
            "teacher",
            "in",
            "Graz",
            "Linz",
            "for",
            "children",
            "and",
            "flat,",
            "room",
            "boat",
            "garden",
            "help",
            "old",
        ]
    ),
    max_size=6,
).map(" ".join)


@given(st.lists(PHRASE, max_size=6), st.lists(PHRASE, max_size=6))
def test_the_index_finds_what_comparing_everything_finds(needs, offers):
    wanted = [Told(number, text) for number, text in enumerate(needs)]
    offered = [Told(100 + number, text) for number, text in enumerate(offers)]
    found = {(one.need, one.offer): one.score for one in find(wanted, offered)}
    every = {
        (place, other): score
        for place, need in enumerate(needs)
        for other, offer in enumerate(offers)
        if (score := fit(need, offer)) >= LEAST
    }
    assert found == pytest.approx(every)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text):
    for clause in read(text):
        assert clause.keys
    assert 0 <= fit(text, text) <= 1


@pytest.mark.parametrize(
    ("word", "other", "alike"),
    [
        ("medicine", "Mediziner", True),
        ("lawyer", "Rechtsanwältin", True),
        ("piano", "pianos", True),
        ("piano", "tax", False),
    ],
)
def test_words_of_one_stem_or_meaning_are_kindred(word: str, other: str, alike: bool) -> None:
    assert kindred(word, other) == kindred(other, word) == alike


def test_the_words_of_a_text_stand_as_they_are_written() -> None:
    assert words_of("Violin-lessons, für Ana") == ["Violin-lessons", "Violin", "lessons", "für", "Ana"]
