"""Encounters: what became of the people whom one met."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from amity.ledger.encounters import STAGES, Funnel, after_a_year, due, fate, funnel

MET = date(2025, 3, 1)
PATIENCE = timedelta(days=30)


def days(*told: tuple[int, str]) -> list[tuple[date, str]]:
    return [(MET + timedelta(after), way) for after, way in told]


def test_a_line_and_an_answer_make_more_than_a_meeting() -> None:
    assert fate("p1", MET, days((0, "met")), []).stage == "met"
    assert fate("p1", MET, days((0, "met"), (2, "sent")), []).stage == "wrote"
    assert fate("p1", MET, days((0, "met"), (2, "sent"), (5, "received")), []).stage == "answered"
    assert fate("p1", MET, days((0, "met"), (2, "sent"), (5, "received"), (90, "met")), []).stage == "met_again"
    assert fate("p1", MET, days((0, "met"), (2, "sent")), [MET + timedelta(200)]).stage == "helped"


def test_what_was_before_the_meeting_is_none_of_it() -> None:
    assert fate("p1", MET, days((-5, "sent"), (-4, "received"), (0, "met")), [MET - timedelta(1)]).stage == "met"


def test_a_first_line_is_due_within_two_days_and_then_too_late() -> None:
    one = fate("p1", MET, days((0, "met")), [])
    assert due(one, MET, PATIENCE) == MET + timedelta(2)
    assert due(one, MET + timedelta(31), PATIENCE) is None
    assert due(fate("p1", MET, days((1, "sent")), []), MET + timedelta(1), PATIENCE) is None


def test_a_year_later_is_told_as_it_was_then() -> None:
    one = fate("p1", MET, days((3, "sent"), (400, "received")), [MET + timedelta(500)])
    assert one.stage == "helped"
    assert after_a_year(one).stage == "wrote"


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 800), st.sampled_from(("sent", "received", "met"))), max_size=6), max_size=6
    )
)
def test_no_more_answer_than_were_written_to_and_no_more_of_anything_than_were_met(
    told: list[list[tuple[int, str]]],
) -> None:
    fates = [fate(f"p{n}", MET, days(*one), []) for n, one in enumerate(told)]
    found: Funnel = funnel(fates)
    assert found.met == len(told) >= max(found)
    assert found.answered <= found.wrote
    assert all(one.stage in STAGES for one in fates)
    assert funnel([after_a_year(one) for one in fates]).wrote <= found.wrote
