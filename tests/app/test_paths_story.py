"""Warm paths, told as stories: who knows whom from what the owner's archive shows, and the way it opens."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days, write_table

from amity.app import entries, facts, intake, paths
from amity.app.paths import Paths
from amity.errors import AmityError, Code


def ways(world: World, target: str = "", **more: str) -> list[str]:
    return [" ".join(step.to for step in one.steps) for one in find(world, target, **more).paths]


def find(world: World, target: str = "", **more: str) -> Paths:
    return paths.find(world.desk, target, **more)


def friends(*names: str) -> str:
    """Tell an even exchange with some people over a year, so that each is a tie."""
    lines = [f"{day} mail {name} > me" for name in names for day in days("2024-02-03", 20, 17)]
    return "\n".join([*lines, *(f"{day} mail me > {name}" for name in names for day in days("2024-02-05", 20, 17))])


@pytest.fixture
def known(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    made.tell(friends("Ana", "Bo", "Dee"))
    return made


def test_a_friend_who_writes_to_them_is_the_way(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Cleo: The mill\n2025-01-12 letter Cleo > Ana: Yes")
    found = find(known, "Cleo")
    assert not found.direct
    (path,) = found.paths
    assert [(step.giver, step.to) for step in path.steps] == [("you", "Ana"), ("Ana", "Cleo")]
    shown = path.steps[1].evidence
    assert [(str(one.date), one.what) for one in shown] == [
        ("2025-01-12", "letter from Cleo to Ana: Yes"),
        ("2025-01-10", "letter from Ana to Cleo: The mill"),
    ]
    assert 0 < path.warmth < 1
    assert any("Ana" in reason.reason for reason in path.because)
    assert any("your side only" in note for note in found.notes)


def test_they_are_found_by_their_address_and_their_id(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Cleo")
    (path,) = find(known, "cleo@x.example").paths
    assert ways(known, path.steps[-1].to_id) == ["Ana Cleo"]


def test_who_is_known_already_is_told_so(known: World) -> None:
    known.tell("2025-01-10 mail me > Ana, Bo: Both of you")
    found = find(known, "Ana")
    assert found.direct
    assert ways(known, "Ana")[0] == "Ana"
    assert "Bo Ana" in ways(known, "Ana")


def test_a_mail_to_forty_opens_no_way(known: World) -> None:
    crowd = ", ".join(f"Guest{number}" for number in range(40))
    known.tell(f"2025-01-10 mail Ana > me, {crowd}")
    found = find(known, "Guest7")
    assert found.paths == ()


def test_later_facts_open_no_way(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Cleo\n2024-03-01 letter Eve > Cleo")
    assert ways(known.on("2025-01-09"), "Cleo") == []
    assert ways(known.on("2025-01-10"), "Cleo") == ["Ana Cleo"]


def test_an_organisation_is_reached_through_who_is_there_before_who_left(known: World) -> None:
    known.tell(
        """
        card Cleo <cleo@x.example> uid cleo rev 2020-01-01T00:00:00Z org Burgtheater
        card Finn <finn@x.example> uid finn rev 2020-01-01T00:00:00Z org Burgtheater
        """
    )
    known.tell("card Finn <finn@x.example> uid finn rev 2024-01-01T00:00:00Z org Circus")
    known.tell("2025-01-10 letter Ana > Finn\n2025-01-10 letter Bo > Cleo")
    found = find(known, "Burgtheater")
    assert (found.kind, found.people) == ("organisation", 2)
    assert ways(known, "Burgtheater") == ["Bo Cleo", "Ana Finn"]
    assert "Cleo is at Burgtheater" in {reason.reason for reason in found.paths[0].because}
    assert "Finn was at Burgtheater" in {reason.reason for reason in found.paths[1].because}
    assert ways(known, "burgtheater") == ["Bo Cleo", "Ana Finn"]


def test_an_organisation_is_reached_by_its_mail_domain(known: World) -> None:
    known.tell(
        "2025-01-10 letter Ana > Cleo <cleo@mail.museum.example>\n2025-01-10 letter Bo > Dora <dora@other.example>"
    )
    assert ways(known, "museum.example") == ["Ana Cleo"]
    with pytest.raises(AmityError):
        find(known, "nowhere.example")


def test_a_way_may_have_three_steps_and_no_more(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Eve\n2025-01-10 letter Eve > Cleo\n2025-01-10 letter Cleo > Finn")
    assert ways(known, "Cleo") == ["Ana Eve Cleo"]
    assert ways(known, "Finn") == []


def test_alternatives_begin_with_other_people(known: World) -> None:
    known.tell("\n".join(f"2025-01-1{n} letter {name} > Cleo" for n, name in enumerate(("Ana", "Bo", "Dee"))))
    assert sorted(ways(known, "Cleo")) == ["Ana Cleo", "Bo Cleo", "Dee Cleo"]


def test_where_there_is_no_path_the_nearest_ground_is_named(known: World) -> None:
    known.tell(
        """
        card Cleo <cleo@x.example> uid cleo org Seaschool
        card Ana <ana@x.example> uid ana org Seaschool
        """
    )
    found = find(known, "Cleo")
    assert found.paths == ()
    assert next((one.name, one.why) for one in found.ground) == ("Ana", "is at Seaschool, as Cleo is")


def test_nobody_is_asked_of_an_unknown_name(known: World) -> None:
    with pytest.raises(AmityError) as raised:
        find(known, "Nobody At All")
    assert raised.value.code is Code.NOT_FOUND
    with pytest.raises(AmityError) as raised:
        find(known)
    assert raised.value.code is Code.USAGE


def test_a_field_and_a_place_are_found_in_what_cards_say(known: World) -> None:
    file = known.folder / "doctors.vcf"
    card = "BEGIN:VCARD\nVERSION:4.0\nUID:{0}\nFN:{0}\nEMAIL:{0}@x.example\nTITLE:{1}\nADR:;;1 Way;{2};;;\nEND:VCARD\n"
    told = [("cleo", "Professor of Médicine", "Berlin"), ("finn", "Medicine", "Graz"), ("gus", "Law", "Berlin")]
    file.write_text("".join(card.format(*one) for one in told), encoding="utf-8")
    intake.import_(known.desk, [file], me=known.me)
    known.tell("\n".join(f"2025-01-10 letter Ana > {name}" for name in ("cleo", "finn", "gus")))
    assert ways(known, field="medicine", place="Berlin") == ["Ana cleo"]
    assert find(known, field="medicine").people == 2
    with pytest.raises(AmityError):
        find(known, field="astronomy")


def test_what_a_card_notes_and_the_owner_keeps_private_leads_nobody_there(known: World) -> None:
    file = known.folder / "cleo.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nUID:cleo\nFN:Cleo\nEMAIL:cleo@x.example\nNOTE:in therapy for\\n asthma\n"
        "ADR:;;1 Way;Berlin;;;\nEND:VCARD\n",
        encoding="utf-8",
    )
    intake.import_(known.desk, [file], me=known.me)
    known.tell("2025-01-10 letter Ana > cleo")
    assert find(known, field="asthma", place="Berlin").people == 1
    for fact in facts.list_(known.desk, "Cleo"):
        facts.amend(known.desk, "Cleo", fact.id, private=True)
        with pytest.raises(AmityError):
            find(known, field=fact.value.split()[-1])
    with pytest.raises(AmityError):
        find(known, place="Berlin")
    known.undo(2)
    assert find(known, field="asthma", place="Berlin").people == 1


def test_family_is_asked_first_where_paths_are_equal(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Cleo\n2025-01-10 letter Bo > Cleo")
    (first, second) = ways(known, "Cleo")
    other = second.split()[0]
    file = known.folder / "family.vcf"
    card = "BEGIN:VCARD\nVERSION:4.0\nUID:family-1\nFN:{0}\nEMAIL:{1}@x.example\nCATEGORIES:Family\nEND:VCARD\n"
    file.write_text(card.format(other, other.lower()), encoding="utf-8")
    intake.import_(known.desk, [file], me=known.me)
    assert ways(known, "Cleo") == [second, first]


def test_who_is_not_to_be_analysed_is_no_way_and_no_target(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Cleo\n2025-01-10 letter Ana > Eve\n2025-01-10 letter Eve > Finn")
    assert (ways(known, "Cleo"), ways(known, "Finn")) == (["Ana Cleo"], ["Ana Eve Finn"])
    for name in ("Cleo", "Eve"):
        facts.analyse(known.desk, name, analysed=False)
    assert (ways(known, "Cleo"), ways(known, "Finn")) == ([], [])
    assert "Cleo is not analysed, as you asked." in find(known, "Cleo").notes
    facts.analyse(known.desk, "Ana", analysed=False)
    assert ways(known, "Ana") == []
    known.undo(3)
    assert ways(known, "Finn") == ["Ana Eve Finn"]


def test_a_machine_is_no_way_and_no_target(known: World) -> None:
    known.tell("2025-01-10 mail Ana > me cc noreply@shop.example\n2025-01-10 mail noreply@shop.example > me, Cleo")
    assert ways(known, "Cleo") == []
    with pytest.raises(AmityError):
        find(known, "noreply@shop.example")


def test_a_new_letter_is_enough_to_open_a_way_and_undo_closes_it(known: World) -> None:
    known.tell("2024-03-01 letter Eve > Cleo")
    assert ways(known, "Cleo") == []
    known.tell("2025-01-10 letter Ana > Cleo")
    assert ways(known, "Cleo") == ["Ana Cleo"]
    known.undo()
    assert ways(known, "Cleo") == []


def test_batches_give_what_one_import_gives(tmp_path: Path) -> None:
    lines = [
        f"{day} letter {one} > {other}"
        for day in days("2024-06-01", 9, 20)
        for one, other in (("Ana", "Cleo"), ("Bo", "Eve"), ("Eve", "Cleo"))
    ]
    whole, parts = World(tmp_path / "whole"), World(tmp_path / "parts")
    whole.tell(friends("Ana", "Bo"))
    whole.tell("\n".join(lines))
    parts.tell(friends("Ana", "Bo"))
    for start in range(0, len(lines), 3):
        parts.tell("\n".join(lines[start : start + 3]))
        find(parts, "Ana")
    one, other = find(whole, "Cleo"), find(parts, "Cleo")
    assert [(path.warmth, [step.strength for step in path.steps]) for path in one.paths] == [
        (path.warmth, [step.strength for step in path.steps]) for path in other.paths
    ]
    assert one.paths


def test_the_owner_s_word_opens_a_way_too(known: World) -> None:
    known.tell("card Cleo <cleo@x.example> uid cleo")
    assert ways(known, "Cleo") == []
    entries.tell(known.desk, "introduced Ana to Cleo")
    (path,) = find(known, "Cleo").paths
    assert [step.to for step in path.steps] == ["Ana", "Cleo"]
    assert path.steps[1].evidence[0].source == "ledger"
    known.undo()
    assert ways(known, "Cleo") == []


def test_whoever_was_asked_lately_is_asked_after_who_was_not(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Cleo\n2025-01-10 letter Bo > Cleo")
    before = {path.steps[0].to: path.warmth for path in find(known, "Cleo").paths}
    entries.tell(known.desk, "Ana introduced me to Gus")
    after = {path.steps[0].to: path for path in find(known, "Cleo").paths}
    assert after["Ana"].warmth < before["Ana"]
    assert after["Bo"].warmth == before["Bo"]
    assert "what you owe Ana" in {reason.reason for reason in after["Ana"].because}


def test_a_letter_that_is_corrected_closes_the_way_that_it_opened(known: World) -> None:
    def letters(reader: str) -> list[list[str]]:
        return [["2025-01-10", "letter", "Ana <ana@x.example>", f"{reader} <{reader}@x.example>", "", "", "", "", "n1"]]

    file = known.folder / "letters.csv"
    for reader in ("cleo", "eve"):
        write_table(file, letters(reader))
        intake.import_(known.desk, [file], me=known.me)
        assert ways(known, f"{reader}@x.example") == [f"Ana {reader}"]
    assert ways(known.on("2025-02-01"), "eve@x.example") == ["Ana eve"]
    with pytest.raises(AmityError):
        find(known, "cleo@x.example")


def test_a_field_is_found_under_words_that_mean_the_same(known: World) -> None:
    file = known.folder / "doctors.vcf"
    card = (
        "BEGIN:VCARD\nVERSION:4.0\nUID:{0}\nFN:{0}\nEMAIL:{0}@x.example\nCATEGORIES:{1}\n"
        "ADR:;;1 Way;{2};;;\nEND:VCARD\n"
    )
    told = [("cleo", "Mediziner", "Berlin"), ("finn", "Medienhaus", "Berlin"), ("ana", "Ärztin", "Graz")]
    file.write_text("".join(card.format(*one) for one in told), encoding="utf-8")
    intake.import_(known.desk, [file], me=known.me)
    known.tell("2025-01-10 letter Bo > cleo")
    assert ways(known, field="medicine", place="Berlin") == ["Bo cleo"]
    assert ways(known, field="doctor")[0] == "ana"


def test_where_nobody_fits_both_halves_who_fits_one_is_the_nearest_ground(known: World) -> None:
    file = known.folder / "doctors.vcf"
    file.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nUID:ana\nFN:Ana\nEMAIL:ana@x.example\nTITLE:Physician\n"
        "ADR:;;1 Way;Graz;;;\nEND:VCARD\n"
    )
    intake.import_(known.desk, [file], me=known.me)
    found = find(known, field="medicine", place="Berlin")
    assert (found.people, found.paths) == (0, ())
    assert [(near.name, near.why) for near in found.ground] == [("Ana", "is known for Physician")]
