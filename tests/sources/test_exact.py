"""What Amity writes for itself reads back exactly, whatever it holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amity.model import Handle
from amity.sources import exact

WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)


@given(WORDS | st.just(""), st.sampled_from(sorted(exact.KINDS)), WORDS)
def test_a_participant_reads_back_as_written(name: str, kind: str, value: str) -> None:
    written = exact.write_party(name, Handle(kind, value))
    assert exact.read_party(written) == (name, Handle(kind, value))
    assert exact.read_party(f" <{written}> ") == (name, Handle(kind, value))
    assert written == written.casefold()


def test_what_stands_for_a_person_by_number_is_not_written() -> None:
    assert exact.write_party("Ana", Handle("person", "p1")) == ""
    assert exact.read_party("amity:person:p1") is None
    assert exact.read_party("Ana <ana@x.example>") is None


@given(
    st.binary(min_size=16, max_size=16),
    st.just(b"") | st.binary(min_size=16, max_size=16),
    st.frozensets(st.sampled_from([exact.IMPRECISE, *exact.SIGNS, *exact.DEPTHS])),
)
def test_a_contact_reads_back_as_written(key: bytes, same: bytes, marks: frozenset[str]) -> None:
    assert exact.read_contact(exact.write_contact(key, same, marks)) == (key, same, marks)
    assert exact.read_contact("amity:4") is None
