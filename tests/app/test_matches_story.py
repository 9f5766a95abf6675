"""Matches, told as stories: who could help whom, through the owner alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days

from amity.app import entries, facts, intake, introductions, matches, plan
from amity.app.matches import Matches
from amity.errors import AmityError, Code


@pytest.fixture
def known(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    names = ("Ana", "Bo", "Cleo")
    lines = [f"{day} mail {name} > me" for name in names for day in days("2024-02-03", 20, 18)]
    lines += [f"{day} mail me > {name}" for name in names for day in days("2024-02-05", 20, 18)]
    made.tell("\n".join(lines))
    facts.tell(made.desk, "Ana", "need", "a tax adviser in Lyon")
    facts.tell(made.desk, "Bo", "offer", "tax advice for freelancers")
    return made


def found(world: World, person: str = "") -> Matches:
    return matches.list_(world.desk, person)


def told(world: World) -> list[tuple[str, str]]:
    return [(line.person.name, line.helper.name) for line in found(world).matches]


def test_who_could_help_whom_why_how_warm_and_how_fresh(known: World) -> None:
    (line,) = found(known).matches
    assert (line.person.name, line.helper.name, line.offered) == ("Ana", "Bo", True)
    assert line.act == "Ask Ana whether they would like to meet Bo"
    assert 0 < line.warmth <= 1
    assert line.freshness == 1
    said = " ".join(f"{reason.reason} {reason.figure}" for reason in line.because)
    for words in ("Ana looks for “a tax adviser in Lyon”", "Bo offers “tax advice", "tax", "your tie with Ana", "you"):
        assert words in said
    assert (found(known, "Bo").matches, found(known, "Cleo").matches) == ((line,), ())


def test_a_need_grows_old_and_is_then_left_alone(known: World) -> None:
    fresh = found(known).matches[0].freshness
    assert found(known.on("2025-05-01")).matches[0].freshness < fresh
    assert told(known.on("2027-02-01")) == []


def test_what_is_private_and_what_weighs_on_somebody_is_left_out(known: World) -> None:
    facts.tell(known.desk, "Cleo", "need", "a tax adviser", private=True)
    facts.tell(known.desk, "Cleo", "worry", "tax advice is needed")
    assert told(known) == [("Ana", "Bo")]


def test_who_knows_the_other_already_needs_nobody(known: World) -> None:
    known.tell("\n".join(f"{day} letter Ana > Bo" for day in days("2024-10-01", 10, 5)))
    assert told(known) == []


def test_who_is_not_to_be_analysed_has_ended_or_died_is_left_alone(known: World) -> None:
    facts.analyse(known.desk, "Bo", analysed=False)
    assert told(known) == []
    known.undo()
    assert told(known) == [("Ana", "Bo")]
    facts.tell(known.desk, "Bo", "died", "2025-01-20")
    assert told(known) == []


def test_what_is_refused_is_not_shown_again(known: World) -> None:
    (line,) = found(known).matches
    matches.refuse(known.desk, line.id, key="k")
    matches.refuse(known.desk, line.id, key="k")
    assert told(known) == []
    known.undo()
    assert told(known) == [("Ana", "Bo")]
    with pytest.raises(AmityError) as raised:
        matches.refuse(known.desk, "m0")
    assert raised.value.code is Code.NOT_FOUND


def test_an_introduction_under_way_takes_its_place(known: World) -> None:
    introductions.propose(known.desk, "Ana", "Bo", "tax in Lyon")
    assert told(known) == []


def test_what_somebody_asked_of_the_owner_is_a_need(known: World) -> None:
    entries.note(known.desk, "ask", ["Cleo"], "somebody for tax questions", by="them")
    assert ("Cleo", "Bo") in told(known)
    (line,) = [line for line in found(known).matches if line.person.name == "Cleo"]
    assert line.source == "ledger"
    entries.amend(known.desk, entries.balance(known.desk).entries[0].id, status="answered")
    assert ("Cleo", "Bo") not in told(known)


def test_cards_tell_of_needs_offers_and_what_people_are_known_for(known: World) -> None:
    card = "BEGIN:VCARD\nVERSION:4.0\nUID:{0}\nFN:{0}\nEMAIL:{0}@x.example\n{1}\nEND:VCARD\n"
    file = known.folder / "told.vcf"
    file.write_text(
        card.format("cleo", "X-AMITY-NEED;X-AMITY-ON=2025-01-20:violin lessons") + card.format("bo", "TITLE:Violinist")
    )
    intake.import_(known.desk, [file], me=known.me)
    (line,) = [line for line in found(known).matches if line.need == "violin lessons"]
    assert (line.helper.name.casefold(), line.offered) == ("bo", False)
    assert line.told is not None


def test_a_match_is_suggested_and_a_no_is_heard(known: World) -> None:
    known.on("2025-02-03")

    def suggested() -> list[str]:
        made = plan.today(known.desk, minutes=240, limit=20).suggestions
        return [one.act for one in made if one.trigger == "match"]

    assert suggested() == ["Offer Ana an introduction to Bo, who offers: tax advice for freelancers"]
    (one,) = [one for one in plan.today(known.desk, minutes=240, limit=20).suggestions if one.trigger == "match"]
    assert "What they look for" in one.why_now[0]
    plan.answer(known.desk, one.id, "not_this")
    assert suggested() == []


def test_with_nothing_told_there_is_nothing_to_match(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.tell("2025-01-01 mail Ana > me")
    assert matches.list_(world.desk).matches == ()
    assert matches.list_(world.desk).notes
