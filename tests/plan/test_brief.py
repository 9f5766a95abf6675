"""Three questions that are theirs, and gifts that fit: told for people of whom more or less is known."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from amity.plan.brief import Known, Line, Turn, Wish, give, matches, questions

TODAY = date(1895, 6, 1)
BAHR = Known(
    "Hermann Bahr",
    about=("writer", "critic"),
    place="Wien",
    lines=(Line(date(1895, 5, 3), "Re: Die Zeit", met=False),),
    first=date(1891, 4, 27),
    last=date(1895, 5, 3),
)


def _asked(known: Known, today: date = TODAY) -> str:
    return "\n".join(f"{one.question} ({one.because})" for one in questions(known, today))


def test_the_questions_pick_up_a_letter_a_trade_and_a_field() -> None:
    assert len(questions(BAHR, TODAY)) == 3
    assert "“Die Zeit”" in _asked(BAHR)
    assert "What are you writing now" in _asked(BAHR)


def test_what_they_aim_at_comes_first_and_a_stale_aim_is_asked_after() -> None:
    known = Known(
        "Ana",
        agenda=(
            Wish("goal", "a play at the Burgtheater", date(1894, 1, 1), stale=True),
            Wish("need", "a publisher in Berlin", date(1895, 5, 1), stale=False),
        ),
        organisation="Orchard",
    )
    asked = questions(known, TODAY)
    assert "Burgtheater" in asked[0].question
    assert "old by now" in asked[0].because
    assert "publisher in Berlin" in asked[1].question
    assert "Orchard" in asked[2].question


def test_a_move_is_asked_after_while_it_is_news() -> None:
    known = Known("Ana", title="engineer", organisation="New", moves=(Turn(date(1895, 1, 2), "Old", "New"),))
    assert "from Old to New" in _asked(known)
    assert "from Old to New" not in _asked(known, date(1899, 1, 1))


def test_of_a_stranger_nothing_is_invented() -> None:
    assert questions(Known("Zoe"), TODAY) == ()
    assert give(Known("Zoe"), TODAY) == ()


def test_help_goes_where_it_is_needed_and_a_partner_is_named() -> None:
    known = Known("Ana Miller", agenda=(Wish("need", "a flat in Wien", date(1895, 5, 1), stale=False),), gifts=("tea",))
    found = give(known, TODAY, "Bo Stone", "Bo Stone offers: lets flats")
    assert [one.kind for one in found] == ["help", "introduction", "fun"]
    assert "Bo Stone" in found[1].words
    assert matches("a flat in Wien", "lets flats to students")
    assert not matches("a flat in Wien", "lets boats")


TEXTS = st.text(max_size=30)
DAYS = st.dates(date(1890, 1, 1), date(1895, 6, 1))


@given(
    st.builds(
        Known,
        TEXTS,
        TEXTS,
        TEXTS,
        st.tuples(TEXTS),
        TEXTS,
        st.lists(st.builds(Turn, DAYS, TEXTS, TEXTS), max_size=2).map(tuple),
        st.lists(st.builds(Line, DAYS, TEXTS, st.booleans()), max_size=2).map(tuple),
        st.lists(
            st.builds(Wish, st.sampled_from(["goal", "need", "worry", "priority"]), TEXTS, DAYS, st.booleans()),
            max_size=4,
        ).map(tuple),
    )
)
def test_never_more_than_three_and_never_one_twice(known: Known) -> None:
    asked = questions(known, TODAY)
    assert len(asked) <= 3
    assert len({one.question for one in asked}) == len(asked)
    assert all(one.because for one in asked)
    assert len(give(known, TODAY)) <= 5
