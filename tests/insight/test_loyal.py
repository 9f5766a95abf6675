"""Who would go out of their way: they begin, answer fast, introduced, helped."""

from __future__ import annotations

import numpy as np
import pytest

from amity.insight.loyal import Deeds, evidence, is_suggested, waits
from amity.ledger.strands import ENTRY, MET, RECEIVED, SENT, Contacts
from amity.ledger.tally import DAY, Strands, Tallies, tally

END = 900 * DAY
WAYS = {SENT: 1, RECEIVED: -1, MET: 0}


def told(rows: list[tuple[int, float, int]], people: int) -> tuple[Contacts, Tallies]:
    """Rows are person, day, way."""
    rows = sorted(rows)
    entries = np.zeros(len(rows), ENTRY)
    entries["at"] = [int(day * DAY) for _, day, _ in rows]
    entries["flags"] = [way for _, _, way in rows]
    person = np.array([who for who, _, _ in rows], np.int32)
    way = np.array([WAYS[way] for _, _, way in rows], np.int8)
    ones = np.ones(len(rows), np.uint8)
    strands = Strands(person, entries["at"].astype(np.int64), way, ones, ones.copy())
    return Contacts(person, entries), tally(strands, people, end=END)


def begun_by_them(person: int, wait: float = 0.5) -> list[tuple[int, float, int]]:
    """Ten conversations, six of theirs, and every one of the owner's answered."""
    rows = []
    for number in range(10):
        day = 10.0 + 30 * number
        first, second = (SENT, RECEIVED) if number % 5 < 2 else (RECEIVED, SENT)
        rows += [(person, day, first), (person, day + wait, second)]
    rows += [(person, day + lag, way) for day in (500.0, 530.0) for lag, way in ((0, SENT), (wait, RECEIVED))]
    return rows


def test_who_begins_and_answers_within_the_day_is_suggested() -> None:
    contacts, tallies = told([*begun_by_them(0), *((1, 10 + 30.0 * n, SENT) for n in range(10))], 2)
    wait = waits(contacts, 2)
    assert wait[0] == pytest.approx(0.5)
    assert np.isnan(wait[1])
    because = evidence(tallies, wait, 1.0, 0, Deeds())
    assert is_suggested(because)
    assert [one.reason for one in because] == ["they begin", "they answer, and sooner than most"]
    assert because[1].figure.endswith("half of them within a day")
    assert not evidence(tallies, wait, 1.0, 1, Deeds())


def test_an_introduction_and_a_helping_hand_weigh_most() -> None:
    contacts, tallies = told(begun_by_them(0), 1)
    because = evidence(tallies, waits(contacts, 1), 0.1, 0, Deeds(introduced=2, helped=1))
    assert [(one.reason, one.figure) for one in because[:2]] == [
        ("they introduced you", "twice"),
        ("they helped or gave", "once"),
    ]
    assert "they answer, and sooner than most" not in [one.reason for one in because], "half a day is slower than most"


def test_a_meeting_ends_the_wait_and_a_month_is_no_answer() -> None:
    rows = [(0, 50.0 * n, SENT) for n in range(8)] + [(0, 50.0 * n + 1, MET) for n in range(8)]
    rows += [(0, 50.0 * n + 2, RECEIVED) for n in range(8)]
    late = [(1, 100.0 * n, SENT) for n in range(8)] + [(1, 100.0 * n + 40, RECEIVED) for n in range(8)]
    assert np.isnan(waits(told([*rows, *late], 2)[0], 2)).all()
