"""Who knows whom: seen in the archive, said by the owner, lent by a friend, and never more than that."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World, days

from amity.app import acquaintances, erasure, facts, intake, paths, people
from amity.app.acquaintances import AcquaintanceLine
from amity.errors import AmityError

CONNECTIONS = """\
First Name,Last Name,URL,Email Address,Company,Position,Connected On
Cleo,Marsh,https://www.linkedin.com/in/cleo-marsh,,Burgtheater,Dramaturge,12 Jan 2025
Finn,Lake,https://www.linkedin.com/in/finn-lake,,Circus,Rider,03 Mar 2019
"""


@pytest.fixture
def known(tmp_path: Path) -> World:
    made = World(tmp_path / "world")
    made.tell("\n".join(f"{day} mail {name} > me" for name in ("Ana", "Bo") for day in days("2024-02-03", 20, 17)))
    made.tell("\n".join(f"{day} mail me > {name}" for name in ("Ana", "Bo") for day in days("2024-02-05", 20, 17)))
    made.tell("card Cleo <cleo@x.example> uid cleo\ncard Dee <dee@x.example> uid dee")
    return made


def of(world: World, person: str) -> dict[str, AcquaintanceLine]:
    return {line.person.name: line for line in acquaintances.list_(world.desk, person).acquaintances}


def test_whom_somebody_knows_is_told_with_strength_dates_and_evidence(known: World) -> None:
    known.tell("2025-01-04 letter Ana > Cleo: The mill\n2025-01-10 letter Cleo > Ana: Yes\n2025-01-10 letter Ana > Dee")
    told = acquaintances.list_(known.desk, "Ana")
    assert [line.person.name for line in told.acquaintances] == ["Cleo", "Dee"]
    cleo = told.acquaintances[0]
    assert (cleo.days, str(cleo.first), str(cleo.last)) == (2, "2025-01-04", "2025-01-10")
    assert cleo.evidence[0].what == "letter from Cleo to Ana: Yes"
    assert cleo.strength > told.acquaintances[1].strength
    assert any("your side only" in note for note in told.notes)
    assert acquaintances.list_(known.desk, "Ana", 1).total == 2


THREAD = """\
From ana@x.example Mon Jan  6 09:00:00 2025
From: Ana <ana@x.example>
To: {people}
Message-ID: <start@x.example>
Date: Mon, 6 Jan 2025 09:00:00 +0000
Subject: The mill

From bo@x.example Tue Jan  7 09:00:00 2025
From: Bo <bo@x.example>
To: Me <me@home.example>
Message-ID: <answer@x.example>
In-Reply-To: <start@x.example>
References: <start@x.example>
Date: Tue, 7 Jan 2025 09:00:00 +0000
Subject: Re: The mill

"""


def test_who_answers_to_a_mail_that_went_to_a_crowd_knows_who_wrote_it(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    crowd = ", ".join(f"p{number}@crowd.example" for number in range(30))
    (tmp_path / "mail.mbox").write_text(THREAD.format(people=f"Me <me@home.example>, {crowd}"))
    intake.import_(world.desk, [str(tmp_path / "mail.mbox")])
    (line,) = acquaintances.list_(world.desk, "ana@x.example").acquaintances
    assert line.person.name == "Bo"
    assert [one.what for one in line.evidence] == ["mail from Bo where Ana had written before: Re: The mill"]


def test_the_owner_says_that_two_know_each_other_and_a_way_opens(known: World) -> None:
    assert of(known, "Cleo") == {}
    said = acquaintances.state(known.desk, "Ana", "Cleo", "they were at school together")
    assert said == "Ana and Cleo know each other"
    assert of(known, "Cleo")["Ana"].evidence[0].what == "you said so: they were at school together"
    (path,) = paths.find(known.desk, "Cleo").paths
    assert path.steps[-1].evidence[0].source == "you"
    known.undo()
    assert of(known, "Cleo") == {}


def test_the_owner_says_that_two_do_not_know_each_other_up_to_then(known: World) -> None:
    known.tell("2025-01-04 mail Ana > me, Cleo: All of you")
    assert set(of(known, "Cleo")) == {"Ana"}
    acquaintances.state(known.desk, "Cleo", "Ana", no=True, on="2025-01-10")
    assert of(known, "Cleo") == {}
    assert paths.find(known.desk, "Cleo").paths == ()
    known.tell("2025-01-12 letter Ana > Cleo: We met at last")
    assert set(of(known, "Cleo")) == {"Ana"}


def test_the_later_of_two_words_stands(known: World) -> None:
    acquaintances.state(known.desk, "Ana", "Cleo", on="2025-01-04")
    acquaintances.state(known.desk, "Cleo", "Ana", no=True, on="2025-01-10")
    assert of(known, "Ana") == {}
    acquaintances.state(known.desk, "Ana", "Cleo")
    assert set(of(known, "Ana")) == {"Cleo"}


def test_said_twice_with_one_key_is_said_once(known: World) -> None:
    first = acquaintances.state(known.desk, "Ana", "Cleo", key="k")
    assert acquaintances.state(known.desk, "Ana", "Cleo", key="k") == first
    known.undo()
    assert of(known, "Ana") == {}


@pytest.mark.parametrize(
    ("one", "other", "on"),
    [("Ana", "Ana", ""), ("Ana", "me@home.example", ""), ("Ana", "Bo", "2999-01-01"), ("Ana", "Bo", "soon")],
)
def test_who_knows_whom_is_said_of_two_other_people_and_of_a_day_that_has_been(
    known: World, one: str, other: str, on: str
) -> None:
    with pytest.raises(AmityError):
        acquaintances.state(known.desk, one, other, on=on)


def test_through_whom_somebody_was_met_is_an_acquaintance(known: World) -> None:
    facts.tell(known.desk, "Cleo", "through", "Ana")
    (line,) = of(known, "Cleo").values()
    assert (line.person.name, line.evidence[0].what) == ("Ana", "you met through Ana")
    facts.tell(known.desk, "Dee", "through", "somebody at the fair")
    assert of(known, "Dee") == {}


def test_through_whom_somebody_was_met_may_stand_in_a_card(known: World, tmp_path: Path) -> None:
    card = tmp_path / "eve.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nUID:eve\nFN:Eve\nEMAIL:eve@x.example\nX-AMITY-THROUGH;X-AMITY-ON=2024-05-01:Bo\n"
        "END:VCARD\n"
    )
    intake.import_(known.desk, [str(card)])
    (line,) = of(known, "Eve").values()
    assert (line.person.name, str(line.last)) == ("Bo", "2024-05-01")
    assert paths.find(known.desk, "Eve").paths[0].steps[-1].evidence[0].what == "you met through Bo"


def test_a_friend_lends_their_connections(known: World, tmp_path: Path) -> None:
    lent = tmp_path / "Connections.csv"
    lent.write_text(CONNECTIONS)
    before = known.ties()
    report = intake.import_(known.desk, [str(lent)], acquaintances_of="Ana")
    assert report.sources[0].source.startswith("linkedin of p")
    assert set(of(known, "Ana")) == {"Cleo Marsh", "Finn Lake"}
    (path,) = paths.find(known.desk, "Burgtheater").paths
    assert [step.to for step in path.steps] == ["Ana", "Cleo Marsh"]
    assert path.steps[-1].evidence[0].what == "social from Ana to Cleo Marsh: Connected on LinkedIn"
    assert known.ties() == before  # nothing passed between them and the owner
    again = intake.import_(known.desk, [str(lent)], acquaintances_of="Ana")
    assert again.sources[0].new == 0
    known.undo()
    assert of(known, "Ana") == {}


def test_the_same_list_may_be_the_owner_s_and_a_friend_s(known: World, tmp_path: Path) -> None:
    for name in ("mine.csv", "hers.csv"):
        (tmp_path / name).write_text(CONNECTIONS)
    intake.import_(known.desk, [str(tmp_path / "mine.csv")])
    intake.import_(known.desk, [str(tmp_path / "hers.csv")], acquaintances_of="Ana")
    assert {"Cleo Marsh", "Finn Lake"} <= known.ties()
    assert set(of(known, "Ana")) == {"Cleo Marsh", "Finn Lake"}


def test_what_was_set_aside_of_a_lent_list_is_read_again_as_lent(known: World, tmp_path: Path) -> None:
    lent = tmp_path / "Connections.csv"
    lent.write_text(CONNECTIONS + "Eve,Brook,,,,,some day\n")
    assert intake.import_(known.desk, [str(lent)], acquaintances_of="Ana").sources[0].troubles
    lent.write_text(CONNECTIONS + "Eve,Brook,https://www.linkedin.com/in/eve-brook,,,,05 Jan 2025\n")
    intake.retry(known.desk)
    assert "Eve Brook" in of(known, "Ana")
    assert "Eve Brook" not in known.ties()


def test_only_lists_of_connections_can_be_lent(known: World, tmp_path: Path) -> None:
    (tmp_path / "a.vcf").write_text("BEGIN:VCARD\nVERSION:4.0\nFN:Eve\nEND:VCARD\n")
    with pytest.raises(AmityError, match="no list of connections"):
        intake.import_(known.desk, [str(tmp_path / "a.vcf")], acquaintances_of="Ana")


def test_a_person_s_page_says_how_one_is_led_to_them(known: World) -> None:
    known.tell("2025-01-10 letter Ana > Eve\n2025-01-10 letter Eve > Finn")
    ways = people.show(known.desk, "Finn").paths_in
    assert [[who.name for who in way.over] for way in ways] == [["Ana", "Eve"]]
    assert 0 < ways[0].warmth < 1
    assert ways[0].because == "Eve is seen with Finn, last 2025-01-10"
    assert people.show(known.desk, "Ana").paths_in == ()


def test_of_a_lender_who_is_forgotten_nothing_is_left(known: World, tmp_path: Path) -> None:
    lent = tmp_path / "Connections.csv"
    lent.write_text(CONNECTIONS)
    intake.import_(known.desk, [str(lent)], acquaintances_of="Ana")
    erasure.forget(known.desk, "Ana", sure=True)
    assert not [one for one in intake.sources(known.desk) if "ana@" in one.source.casefold()]
    assert of(known, "Cleo Marsh") == {}
