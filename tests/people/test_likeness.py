"""Which two people may be one, how likely, and why."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amity.people.candidates import candidates
from amity.people.evidence import AT, KINDS, weigh
from amity.people.facts import Profile, date, lay_out, mailbox
from amity.people.likeness import OFFER, SURE, Pair, pairs
from amity.people.nearness import jaro_winkler, letters, near, spell
from amity.people.nicknames import commonness, lines
from amity.people.spellings import feigned, looks, plain, read, sound
from amity.people.weights import WEIGHTS


def only(*profiles: Profile) -> Pair:
    """Compare two people among a few others, and return the one pair that is told."""
    others = [
        Profile(100 + place, names=(name,), emails=(f"{name.split()[0].lower()}{place}@example.org",))
        for place, name in enumerate(["Ida Bauer", "Otto Wagner", "Berta Zuckerkandl", "Karl Kraus", "Alma Mahler"])
    ]
    found = [pair for pair in pairs([*profiles, *others]) if pair.right < 100]
    assert len(found) == 1, found
    return found[0]


def said(pair: Pair) -> dict[str, str]:
    return {reason.reason: reason.figure for reason in pair.because}


# --- spellings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Müller, Hans-Peter", ("hans", "peter", "muller")),
        ("MILLER, ANA", ("ana", "miller")),
        ("Dr. Ana López, PhD", ("ana", "lopez")),
        ("Дмитрий Шостакович", ("dmitrii", "shostakovich")),
        ("Γιώργος Παπαδόπουλος", ("giorgos", "papadopoulos")),
        ('Robert "Bob" Miller', ("robert", "bob", "miller")),
        ("O’Brien, Pat (work)", ("pat", "obrien")),
        ("Sr. Juan Pérez", ("juan", "perez")),
        ("Arthur von Schnitzler", ("arthur", "schnitzler")),
        ("Don Miller", ("don", "miller")),
        ("Ana Lopez, Acme Ltd", ("acme", "ana", "lopez")),
        ("ana@example.com", ()),
        ("Ана Ь Лопес", ("ana", "lopes")),
        ("", ()),
    ],
)
def test_a_name_is_read_into_plain_words(written: str, words: tuple[str, ...]) -> None:
    assert read(written).words == words


@pytest.mark.parametrize(
    ("written", "generation"),
    [("John Smith Jr.", "junior"), ("John Smith Sr", "senior"), ("John Smith III", "third"), ("Sr. Juan Pérez", "")],
)
def test_a_generation_is_kept_apart(written: str, generation: str) -> None:
    assert read(written).generation == generation


@pytest.mark.parametrize(
    "alike",
    [
        ("Schostakowitsch", "Shostakovich", "Шостакович"),
        ("Tschaikowski", "Tchaikovsky", "Чайковский"),
        ("Müller", "Mueller", "Muller"),
        ("Meyer", "Maier", "Mayer"),
        ("Sophie", "Sofie"),
    ],
)
def test_the_usual_ways_of_writing_a_name_sound_alike(alike: tuple[str, ...]) -> None:
    assert len({sound(plain(word)) for word in alike}) == 1


def test_what_is_made_to_deceive_is_seen() -> None:
    assert feigned("Аna Lopez")  # the first letter is Cyrillic
    assert feigned("Ana\u200b Lopez")
    assert not feigned("Анна Петрова")
    assert not feigned("Łukasz Żak")
    assert not feigned("王小明")
    assert looks("rnicros0ft") == looks("microsoft")
    assert looks("раураl") == looks("paypal")


@given(st.text(max_size=60))
def test_any_text_at_all_can_be_read(text: str) -> None:
    form = read(text)
    assert all(word.strip() for word in form.words)
    assert looks(text) == looks(text.casefold())


def test_nicknames_lead_both_ways() -> None:
    table = lines()
    assert table["bob"] & table["robert"]
    assert table["gretl"] & table["margaret"]
    assert not table["bob"] & table["william"]
    assert commonness()["smith"] > commonness().get("schnitzler", 0)


# --- nearness ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "nearness"),
    [("martha", "marhta", 0.9611), ("dwayne", "duane", 0.84), ("dixon", "dicksonx", 0.8133), ("ana", "ana", 1.0)],
)
def test_jaro_winkler_as_published(one: str, other: str, nearness: float) -> None:
    codes, lengths = letters([one, other, ""])
    found = jaro_winkler(codes, lengths, np.array([0, 1, 0]), np.array([1, 0, 2]))
    assert found[0] == pytest.approx(nearness, abs=1e-3)
    assert found[1] == pytest.approx(found[0])
    assert found[2] == 0


@given(st.lists(st.text("abcdeé", max_size=30), min_size=2, max_size=8))
def test_nearness_is_the_same_both_ways_and_alone_or_in_company(words: list[str]) -> None:
    codes, lengths = letters(words)
    left, right = np.triu_indices(len(words))
    there, back = jaro_winkler(codes, lengths, left, right), jaro_winkler(codes, lengths, right, left)
    assert np.allclose(there, back, atol=0.04)  # which of several equal letters match depends on the side
    assert ((there >= 0) & (there <= 1.0001)).all()
    alone = jaro_winkler(codes, lengths, left[:1], right[:1])
    assert alone[0] == pytest.approx(there[0])


@given(st.lists(st.text("abcdeé1.", max_size=30), min_size=2, max_size=8), st.sampled_from([0.6, 0.8, 0.86, 0.95]))
def test_ruling_out_by_letters_changes_no_nearness(words: list[str], least: float) -> None:
    spelt = spell(words)
    left, right = np.triu_indices(len(words))
    whole = jaro_winkler(spelt.codes, spelt.lengths, left, right)
    assert np.array_equal(near(spelt, left, right, least), np.where(whole >= least, whole, 0))


# --- what is told -----------------------------------------------------------------------------------------------------


def test_one_mailbox_under_two_spellings_of_a_name_is_one_person() -> None:
    pair = only(
        Profile(1, names=("Ana Lopez",), emails=("ana.lopez@gmail.com",)),
        Profile(2, names=("LOPEZ, ANA",), emails=("analopez+news@googlemail.com",)),
    )
    assert pair.sure
    assert pair.score > SURE
    assert said(pair)["the same mailbox"] == "ana.lopez@gmail.com"
    assert said(pair)["words of the name are the same"] == "Ana Lopez · ANA LOPEZ"


def test_a_name_in_two_alphabets_with_one_number() -> None:
    pair = only(
        Profile(1, names=("Дмитрий Шостакович",), phones=("+7 812 1234567",), birthdays=("1906-09-25",)),
        Profile(2, names=("Dmitri Schostakowitsch",), phones=("+78121234567",), birthdays=("1906-09-25",)),
    )
    assert pair.sure
    assert "words of the name are the same, written otherwise" in said(pair)


def test_a_change_of_address_is_offered() -> None:
    """She leaves one company for another; the same people go on writing to her."""
    friends = frozenset(range(50, 62))
    pair = only(
        Profile(1, names=("Ana Lopez",), emails=("a.lopez@old.example",), first=0, last=900, correspondents=friends),
        Profile(2, names=("Ana Lopez",), emails=("ana@new.example",), first=910, last=1500, correspondents=friends),
    )
    assert pair.score > OFFER
    assert not pair.sure
    assert said(pair)["in touch with the same people"] == "12"
    assert "one falls silent when the other starts" in said(pair)


def test_a_nickname_and_a_birthday() -> None:
    pair = only(
        Profile(1, names=("Robert Musilka",), birthdays=("1880-11-06",)),
        Profile(2, names=("Bob Musilka",), birthdays=("--11-06",)),
    )
    assert "a given name that stands for the other" in said(pair)
    assert pair.score > OFFER
    assert not pair.sure


def test_a_married_name_is_told_with_what_speaks_against_it() -> None:
    pair = only(
        Profile(1, names=("Olga Gussmann",), emails=("olga82@web.example",), birthdays=("1882-01-17",)),
        Profile(2, names=("Olga Schnitzler",), emails=("olga82@post.example",), birthdays=("1882-01-17",)),
    )
    against = [reason for reason in pair.because if reason.weight < 0]
    assert "the family names differ, as after a wedding" in {reason.reason for reason in against}
    assert not pair.sure


def test_an_address_without_a_name_finds_its_owner() -> None:
    pair = only(
        Profile(1, emails=("hofmannsthal.hugo@post.example",)),
        Profile(2, names=("Hugo von Hofmannsthal",), emails=("loris@rodaun.example",)),
    )
    assert pair.score > OFFER
    assert not pair.sure
    unnamed = [Profile(1, emails=("hhofmannsthal@post.example",)), Profile(2, names=("Hugo von Hofmannsthal",))]
    assert weigh(lay_out(unnamed), np.array([0]), np.array([1])).figures[0, AT["built_part"]] == 1


def test_a_common_name_says_less_than_a_rare_one() -> None:
    def name_alone(name: str) -> float:
        figures = weigh(lay_out([Profile(1, names=(name,)), Profile(2, names=(name,))]), np.array([0]), np.array([1]))
        return float(figures.figures[0, AT["name_same"]])

    assert name_alone("Arthur Schnitzler") > name_alone("John Smith") + 3


def test_what_the_owner_refused_is_never_told_again() -> None:
    people = [
        Profile(1, names=("Ana Lopez",), emails=("ana@example.com",)),
        Profile(2, names=("Ana Lopez",), emails=("ana@example.com",)),
    ]
    assert len(pairs(people)) == 1
    assert pairs(people, verdicts=[(2, 1)]) == []


def test_pairs_are_ordered_and_do_not_depend_on_the_order_of_the_people() -> None:
    people = [
        Profile(number, names=(name,), emails=(f"{name.split()[0].lower()}@example.com",))
        for number, name in enumerate(["Ana Lopez", "Ana Lopez", "Bo Ek", "Bo Ek", "Cy Gad", "Di Hov"])
    ]
    found = pairs(people)
    assert found == sorted(found, key=lambda pair: (-pair.score, pair.left, pair.right))
    assert all(pair.left < pair.right for pair in found)
    backwards = pairs(people[::-1])
    assert [(pair.left, pair.right, pair.score, pair.sure) for pair in backwards] == [
        (pair.left, pair.right, pair.score, pair.sure) for pair in found
    ]


def test_an_empty_address_book_and_one_of_one_have_no_pairs() -> None:
    assert pairs([]) == []
    assert pairs([Profile(1, names=("Ana",))]) == []
    assert pairs([Profile(1), Profile(2)]) == []


def test_a_look_alike_is_offered_with_a_warning_and_never_sure() -> None:
    pair = only(
        Profile(1, names=("Ana Lopez",), emails=("ana.lopez@example.com",), phones=("+4312345678",)),
        Profile(2, names=("Ana Lopez",), emails=("ana.lopez@examp1e.com",), phones=("+4312345678",)),
    )
    assert not pair.sure
    assert "one is written so as to look like the other" in said(pair)


# --- the parts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read_"),
    [
        ("1862-05-15", "18620515"),
        ("18620515", "18620515"),
        ("1862", "1862----"),
        ("--05-15", "----0515"),
        ("1862-05-15T00:00:00Z", "18620515"),
        ("spring", ""),
    ],
)
def test_birthdays(written: str, read_: str) -> None:
    assert date(written) == read_


def test_mailboxes() -> None:
    assert mailbox("A.N.A+x@GoogleMail.com") == "ana@gmail.com"
    assert mailbox("a.n.a@example.com") == "a.n.a@example.com"


def test_every_kind_of_evidence_has_a_weight() -> None:
    assert set(WEIGHTS) == set(KINDS)


def test_in_a_large_archive_common_names_do_not_make_everybody_a_candidate() -> None:
    people = [Profile(number, names=("John Smith",)) for number in range(3_000)]
    people += [Profile(3_000 + number, names=(f"Ana{number} Lopez{number}",)) for number in range(100)]
    people += [replace(one, id=one.id + 200) for one in people[-100:]]
    left, right, _ = candidates(lay_out(people))
    assert len(left) < 3_000 * 50
    rare = {(one, one + 100) for one in range(3_000, 3_100)}
    assert rare <= set(zip(left.tolist(), right.tolist(), strict=True))


def test_where_there_are_many_a_weak_key_must_be_borne_out_by_the_letters_of_the_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = ["Dorothy Pelanwell", "Dorothy Pelarwell", "Desmond Pelanwell", "D. Pelanwell", "Pelanwell", "Ана Ь Лопес"]
    people = [Profile(place, names=(name,)) for place, name in enumerate(names)]
    people += [Profile(100 + place, names=(f"{chr(97 + place % 26)}{place} Ito{place}",)) for place in range(1_000)]
    monkeypatch.setattr("amity.people.candidates.MANY", len(people) + 1)
    few = candidates(lay_out(people))
    monkeypatch.setattr("amity.people.candidates.MANY", len(people))
    many = candidates(lay_out(people))
    pairs_of_many = set(zip(many.left.tolist(), many.right.tolist(), strict=True))
    assert {(0, 1), (0, 3), (0, 4), (2, 3), (2, 4)} <= pairs_of_many
    assert (0, 2) in set(zip(few.left.tolist(), few.right.tolist(), strict=True)) - pairs_of_many
    assert len(many.left) + many.aside == len(few.left)
    assert few.aside == 0
