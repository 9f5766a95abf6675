"""The texts of an introduction: each has a way out, and none says more than is known."""

from __future__ import annotations

from amity.plan import introducing
from amity.plan.introducing import Side

ANA = Side("Ana Sol", "Boatbuilder, Sea School", "a second pair of hands")
BO = Side("Dr. Bo Hill", "", "")
WHY = "both restore old boats"


def test_asking_leaves_a_way_out_and_keeps_the_other_out_of_it():
    first = introducing.ask(ANA, BO, WHY, other_willing=False)
    assert first.to == ("Ana Sol",)
    assert first.text.startswith("Dear Ana,\n\nWould you like me to introduce you to Dr. Bo Hill?")
    assert "Both restore old boats" in first.text or "both restore old boats." in first.text
    assert "a second pair of hands." in first.text
    assert "just say no or let this lie" in first.text
    assert "I have not asked Bo yet." in first.text
    second = introducing.ask(BO, ANA, WHY, other_willing=True)
    assert "Ana Sol (Boatbuilder, Sea School)" in second.text
    assert "Ana would be glad of it." in second.text
    assert "a second pair of hands" not in second.text, "what is in it for one is said to that one alone"


def test_the_lines_that_may_be_passed_on():
    told = introducing.blurb(ANA, BO, WHY)
    assert told.text == "Ana Sol is Boatbuilder at Sea School.\n\nBoth restore old boats."
    assert introducing.blurb(BO, ANA, WHY).text.startswith("Dr. Bo Hill.\n\n")


def test_the_mail_to_both_names_both_and_lets_go():
    told = introducing.double_mail(ANA, BO, WHY)
    assert told.to == ("Ana Sol", "Dr. Bo Hill")
    assert told.text.startswith("Dear Ana, dear Bo,\n\nYou both said")
    assert "Ana Sol is Boatbuilder at Sea School." in told.text
    assert "that is quite all right too" in told.text
    assert "a second pair of hands" not in told.text


def test_what_follows():
    for draft in (
        introducing.hear(ANA, BO),
        introducing.learn(ANA, BO),
        introducing.thank(ANA, BO, "they sail together", introduced=True),
        introducing.thank(ANA, BO, "", introduced=False),
        introducing.withdraw(ANA, BO),
    ):
        assert draft.to == ("Ana Sol",)
        assert "Bo" in draft.text
        assert "  " not in draft.text
    rest = introducing.thank(ANA, BO, "", introduced=False).text
    assert "did not want" not in rest
    assert "declined" not in rest


def test_who_has_no_name_is_greeted_all_the_same():
    nameless = Side("x@sea.example")
    assert introducing.ask(nameless, ANA, WHY, other_willing=False).text.startswith("Hello,")
    assert "I have not asked  yet" not in introducing.ask(ANA, nameless, WHY, other_willing=False).text
