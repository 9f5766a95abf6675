"""What somebody may be to the owner: one sure sign or several weaker ones, and precision first."""

from __future__ import annotations

import pytest

from amity.insight.roles import Ground, Signs, Subject, propose

HOME = Ground(
    family_names=frozenset({"sol"}),
    organisation="Sol & Far",
    domains=frozenset({"solfar.example"}),
    people_at={"solfar.example": 6},
    people=30,
)


def roles(signs: Signs, ground: Ground = HOME) -> list[str]:
    return [one.role for one in propose(signs, ground)]


def sent(*subjects: str) -> tuple[Subject, ...]:
    return tuple(Subject("sent", words) for words in subjects)


def received(*subjects: str) -> tuple[Subject, ...]:
    return tuple(Subject("received", words) for words in subjects)


@pytest.mark.parametrize(
    ("signs", "role"),
    [
        (Signs("Ana Far", categories=("Clients",)), "client"),
        (Signs("Ana Far", categories=("My old friends",)), "friend"),
        (Signs("Oma Lotte"), "family"),
        (Signs("Ben Hill", related=("brother",)), "family"),
        (Signs("Ben Hill", kin=True), "family"),
        (Signs("Ben Hill", organisation="sol & far"), "colleague"),
        (Signs("Ben Hill", domains=frozenset({"solfar.example"})), "colleague"),
        (Signs("Ben Hill", subjects=sent("Invoice 2024-03", "Rechnung Mai")), "client"),
        (Signs("Ben Hill", subjects=sent("Angebot Website") + received("Re: Angebot Website")), "prospect"),
        (
            Signs("Ben Hill", subjects=sent("Draft of chapter 2", "Manuscript") + received("Chapter 3, revision")),
            "collaborator",
        ),
        (Signs("Ben Hill", after_hours=9, chat_days=40), "friend"),
        (
            Signs("Ben Hill", advised=4, asked=2, subjects=received("Your advice", "Mentoring", "A recommendation")),
            "mentor",
        ),
    ],
)
def test_a_role_is_proposed_with_what_speaks_for_it(signs: Signs, role: str) -> None:
    (found,) = propose(signs, HOME)
    assert found.role == role
    assert found.weight >= 1
    assert all(one.reason for one in found.because)


@pytest.mark.parametrize(
    "signs",
    [
        Signs("Ana Far"),
        Signs("Ana Far", categories=("Friends of the museum", "Customer success", "Team lead", "Teacher")),
        Signs("Father Brown"),
        Signs("Omar Hill"),
        Signs("Ben Sol"),  # the name alone
        Signs("Ben Hill", subjects=sent("Re: Invoice 7", "Fwd: Rechnung")),  # paid and passed on
        Signs("Ben Hill", subjects=sent("Invoice 1", "Rechnung 2") + received("Invoice for your order")),
        Signs("Ben Hill", subjects=sent("Invoice 2024-03")),
        Signs("Ben Hill", subjects=sent("Draft 1", "Draft 2", "Draft 3")),  # nothing comes back
        Signs("Ben Hill", subjects=sent("Dinner?", "Birthday", "Party")),
        Signs("Ben Hill", office_hours=30),
        Signs("Ben Hill", after_hours=5, office_hours=30),
    ],
)
def test_what_is_not_sure_is_not_proposed(signs: Signs) -> None:
    assert roles(signs) == []


def test_where_everybody_has_their_mail_says_nothing() -> None:
    provider = Ground(domains=frozenset({"post.example"}), people_at={"post.example": 28}, people=30)
    assert roles(Signs("Ben Hill", domains=frozenset({"post.example"})), provider) == []


def test_a_shared_name_and_a_shared_house_make_a_family_and_no_colleague() -> None:
    assert roles(Signs("Ben Sol", domains=frozenset({"solfar.example"}))) == ["family"]


def test_who_gets_invoices_is_no_prospect_any_more() -> None:
    assert roles(Signs("Ben Hill", subjects=sent("Angebot", "Offerte", "Rechnung 1", "Invoice 2"))) == ["client"]
