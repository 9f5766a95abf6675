"""The owner's own word on ties, what it teaches, and how right Amity would have been."""

from __future__ import annotations

import pytest
from world import World, days

from amity.app import closeness, foresight, plan
from amity.errors import AmityError, Code


def _weekly(name: str, first: str, count: int, step: int = 7) -> str:
    return "\n".join(
        f"{day} mail {'me > ' + name if number % 2 else name + ' > me'}"
        for number, day in enumerate(days(first, step, count))
    )


def test_a_ring_sticks_and_is_shown_as_the_owners_word(world: World) -> None:
    """
    2024-01-05 mail Ana > me
    2024-02-06 mail me > Ana
    2024-12-06 mail Bo > me
    today 2025-02-01
    """
    before = world.tie("Ana").strength
    told = closeness.tell(world.desk, "Ana", ring="inner")
    assert told is not None
    assert told.strength >= 80 > before
    assert (told.said.ring, told.because[0].reason) == ("inner", "you placed them in your inner ring")
    world.tell("2025-01-06 mail Bo > me")
    assert world.tie("Ana").strength >= 80
    world.undo(2)
    assert world.tie("Ana").strength == before


def test_somebody_who_is_phoned_is_not_fading(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    world.tell(_weekly("Mum", "2023-10-01", 50))
    assert world.tie("Mum").momentum in ("fading", "dormant")
    told = closeness.tell(world.desk, "Mum", unseen=["phone"], kin=True)
    assert told is not None
    assert (told.momentum, told.segment != "dormant", told.said.kin) == ("steady", True, True)
    assert "you phone" in told.because[0].reason


def test_a_channel_that_is_read_no_more_fades_nobody(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    chats = [f"{day}T10:{n:02}:00Z chat Kim {chr(65 + n)} > me" for n in range(25) for day in days("2024-01-01", 7, 30)]
    world.tell("\n".join(chats))
    world.tell(_weekly("Ana", "2024-01-01", 57))
    tie = world.tie("Kim D")
    assert tie.momentum == "steady", "the chats were not read since July; that says nothing of the friend"
    assert any("not read on" in one.reason for one in tie.because)


def test_a_friend_who_stopped_writing_while_others_went_on_is_fading(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    chats = [f"{day}T10:{n:02}:00Z chat Kim {chr(65 + n)} > me" for n in range(24) for day in days("2024-01-01", 7, 56)]
    chats += [f"{day}T10:59:00Z chat Quit > me" for day in days("2024-01-01", 7, 30)]
    world.tell("\n".join(chats))
    assert world.tie("Quit").momentum in ("fading", "dormant")


@pytest.mark.parametrize("state", ["ended", "ruptured", "died"])
def test_what_has_ended_is_expected_no_more(world: World, state: str) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    world.tell(_weekly("Ana", "2023-10-01", 70))
    told = closeness.tell(world.desk, "Ana", state=state)
    assert told is not None
    assert (told.p_contact, told.momentum, told.said.state) == (0, "dormant", state)
    assert all(one.person.name != "Ana" for one in world.today().suggestions), "silent, with tact"
    back = closeness.tell(world.desk, "Ana", state="none")
    assert back is not None
    assert back.p_contact > 0


def test_a_pin_stands_in_the_critical_few_and_out_of_them(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    2024-10-21 mail me > Bo
    today 2025-02-01
    """
    for name in ("Ana", "Cy", "Di", "Ed", "Flo", "Gus"):
        world.tell(_weekly(name, "2023-10-01", 70))
    assert world.tie("Ana").segment == "critical"
    closeness.tell(world.desk, "Ana", pin="not_critical")
    closeness.tell(world.desk, "Bo", pin="critical")
    assert (world.tie("Ana").segment, world.tie("Bo").segment) == ("close", "critical")


def test_comparisons_move_people_who_are_alike(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    for number, name in enumerate(("Ann", "Ben", "Cat")):
        world.tell("\n".join(f"{day} meeting me + {name}" for day in days(f"2024-0{number + 1}-02", 40, 9)))
    for number, name in enumerate(("Xan", "Yve", "Zed")):
        world.tell(_weekly(name, f"2024-0{number + 1}-03", 40))
    before = {name: world.tie(name).strength for name in ("Cat", "Zed")}
    for nearer, farther in (("Ann", "Xan"), ("Ann", "Yve"), ("Ben", "Xan"), ("Ben", "Yve")):
        closeness.compare(world.desk, nearer, farther)
    gain = {name: world.tie(name).strength - was for name, was in before.items()}
    assert gain["Cat"] > gain["Zed"], "she is met like those who were said to be closer"
    world.undo(4)
    assert {name: world.tie(name).strength for name in before} == before


def test_agreement_is_told_before_and_after(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    assert closeness.agreement(world.desk).before is None
    for number, name in enumerate(("Ana", "Cy", "Di", "Ed")):
        world.tell(_weekly(name, "2023-10-01", 10 + 15 * number))
    for name, ring in (("Ed", "inner"), ("Di", "inner"), ("Cy", "middle"), ("Ana", "outer")):
        closeness.tell(world.desk, name, ring=ring)
    agreed = closeness.agreement(world.desk)
    assert agreed.placed == 4
    assert agreed.before is not None
    assert agreed.before > 0.5


def test_questions_are_about_people_one_knows_and_are_not_asked_twice(world: World) -> None:
    """
    2024-10-20 mail Stranger > me
    today 2025-02-01
    """
    for number, name in enumerate(("Ana", "Cy", "Di", "Ed")):
        world.tell(_weekly(name, "2023-10-01", 20 + 10 * number))
    asked = closeness.questions(world.desk)
    assert asked
    assert all("Stranger" not in (pair.one.name, pair.other.name) for pair in asked)
    closeness.compare(world.desk, asked[0].one.id, asked[0].other.id)
    assert asked[0] not in closeness.questions(world.desk)


def test_why_shows_figures_reasons_and_the_contacts_behind_them(world: World) -> None:
    """
    2024-11-05 mail Ana > me: Hello
    2024-11-06 mail me > Ana: Re Hello
    2024-11-06 chat me > Bo
    today 2025-02-01
    """
    found = closeness.why(world.desk, "Ana")
    assert 1 <= len(found.tie.because) <= 5
    assert (found.channels, found.unseen, found.total) == ({"mail": 2}, ("chat",), 2)
    assert [one.subject for one in found.contacts] == ["Re Hello", "Hello"]
    with pytest.raises(AmityError) as caught:
        closeness.why(world.desk, "Nobody")
    assert caught.value.code is Code.NOT_FOUND


def test_words_that_are_none_say_which_there_are(world: World) -> None:
    """
    2024-11-05 mail Ana > me
    today 2025-02-01
    """
    for said in ({}, {"ring": "golden"}, {"roles": ["boss"]}, {"state": "gone"}):
        with pytest.raises(AmityError) as caught:
            closeness.tell(world.desk, "Ana", **said)  # type: ignore[arg-type]
        assert caught.value.code is Code.USAGE


def test_an_archive_is_held_against_itself(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    for number in range(8):
        world.tell(_weekly(f"Kept{number}", "2023-01-01", 100))
        world.tell(_weekly(f"Lost{number}", "2023-01-01", 20))
    found = foresight.backtest(world.desk)
    assert len(found.cuts) == 4
    for cut in found.cuts:
        assert cut.happened == 8
        assert cut.right == min(8, cut.first)
        assert cut.order == 1.0
    assert "of the 16 people I expected" in found.words[0]
    before = foresight.backtest(world.on("2024-08-01").desk)
    assert before.cuts[0].on.isoformat() == "2024-04-29", "a horizon before the last contact known then"


def test_to_whom_a_suggestion_led_is_no_proof_of_foresight(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    for number in range(12):
        world.tell(_weekly(f"Kept{number}", "2023-01-01", 100))
    plan.answer(world.on("2024-10-20").desk, f"p{world.show('Kept3').id[1:]}.keep", "done")
    found = foresight.backtest(world.on("2025-02-01").desk)
    assert [cut.advised for cut in found.cuts] == [1, 0, 0, 0]
    assert [cut.known for cut in found.cuts] == [11, 12, 12, 12]


def test_a_short_archive_is_too_short_to_test(world: World) -> None:
    """
    2025-01-20 mail Bo > me
    today 2025-02-01
    """
    with pytest.raises(AmityError) as caught:
        foresight.backtest(world.desk)
    assert caught.value.code is Code.NOT_FOUND
