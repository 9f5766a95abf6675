"""What a tie is, told in small worlds."""

from __future__ import annotations

import pytest
from world import World, days

from amity.app import people, ties


def test_an_answered_letter_binds_more_than_two_unanswered_ones(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    2025-01-07 mail Bo > me
    2025-01-08 mail Bo > me
    today 2025-02-01
    """
    assert world.tie("Ana").strength > world.tie("Bo").strength
    assert world.tie("Ana").reciprocity > world.tie("Bo").reciprocity


def test_a_meeting_binds_everyone_who_took_part(world: World) -> None:
    """
    2025-01-05 meeting me + Ana + Bo
    2025-01-06 meeting Chris + Dora
    today 2025-02-01
    """
    assert (world.tie("Ana").met, world.tie("Bo").met) == (1, 1)
    assert world.people() == {"Ana", "Bo", "Chris", "Dora"}
    assert world.ties() == {"Ana", "Bo"}


def test_who_is_only_seen_beside_others_is_a_person_without_a_tie(world: World) -> None:
    """
    2025-01-05 mail Ana > me cc Bo
    2025-01-06 mail Chris > Dora
    today 2025-02-01
    """
    assert world.ties() == {"Ana"}
    assert world.people() == {"Ana", "Bo", "Chris", "Dora"}
    page = world.show("Chris")
    assert page.tie is None
    assert [line.way for line in page.timeline] == ["aside"]
    assert [line.way for line in world.show("Bo").timeline] == ["aside"]


def test_a_mail_to_a_crowd_joins_nobody(tmp_path: object, world: World) -> None:
    """
    2025-01-04 mail Ana > me
    2025-01-05 mail me > Ana
    today 2025-02-01
    """
    crowd = ", ".join(f"Guest{number}" for number in range(60))
    world.tell(f"2025-01-06 mail me > {crowd}")
    assert world.ties() == {"Ana"}
    assert len(world.people()) == 61


def test_a_mail_to_a_small_group_counts_for_each(world: World) -> None:
    """
    2025-01-06 mail me > Ana, Bo cc Chris
    today 2025-02-01
    """
    assert {name: world.tie(name).sent for name in ("Ana", "Bo", "Chris")} == {"Ana": 1, "Bo": 1, "Chris": 1}


def test_a_letter_to_two_addresses_of_one_person_is_one_contact(world: World) -> None:
    """
    card Ana <ana@a.example> <ana@b.example>
    2025-01-06 mail me > Ana <ana@a.example>, Ana <ana@b.example>: one
    2025-01-06 mail me > Ana <ana@a.example>, Ana <ana@b.example>: two
    today 2025-02-01
    """
    assert world.tie("Ana").sent == 2


def test_what_comes_over_a_mailing_list_is_never_a_tie(world: World) -> None:
    """
    2025-01-05 mail[list] Ana > talk@lists.example
    2025-01-06 mail[list] Bo > talk@lists.example
    2025-01-07 mail[list] Ana > talk@lists.example
    2025-01-08 mail Chris > me
    2025-01-09 mail me > Chris
    today 2025-02-01
    """
    assert world.ties() == {"Chris"}
    assert {"Ana", "Bo"} <= world.people(), "who writes through a list stays a person"
    assert [(one.name, one.kind) for one in people.machines(world.desk)] == [("talk@lists.example", "list")]


@pytest.mark.parametrize("day", ["2025-02-01", "2025-08-01"])
def test_a_robot_never_appears(world: World, day: str) -> None:
    """
    2025-01-05 mail Shop <no-reply@shop.example> > me
    2025-01-06 mail[bulk] Offers <offers@shop.example> > me
    2025-01-07 mail[auto] Build <build@ci.example> > me
    2025-01-08 mail Ana > me
    2025-01-09 mail me > Ana
    """
    world.on(day)
    assert world.people() == {"Ana"}
    assert world.ties() == {"Ana"}
    assert {one.person.name for one in world.today().suggestions} <= {"Ana"}
    machines = people.machines(world.desk)
    assert {one.name for one in machines} == {"Shop", "Offers", "Build"}
    assert all(one.because for one in machines)


def test_the_future_is_invisible(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    2025-03-01 mail Bo > me
    2025-03-02 meeting me + Ana
    today 2025-02-01
    """
    assert world.people() == {"Ana"}
    assert world.tie("Ana").met == 0
    assert world.show("Ana").contacts == 2
    assert world.on("2025-03-02").tie("Ana").met == 1
    assert world.people() == {"Ana", "Bo"}
    assert world.on("2025-01-05").tie("Ana").sent == 0, "and a step back hides it again"


def test_a_name_that_is_only_borne_later_is_not_known_before(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-03-05 mail Ana Maria Smith <ana@x.example> > me
    today 2025-02-01
    """
    assert world.people() == {"Ana Miller"}
    assert world.show("ana@x.example").aliases == ()


def test_who_turns_out_a_robot_later_is_a_person_before(world: World) -> None:
    """
    2025-01-05 mail Pia <pia@paper.example> > me
    2025-03-05 mail[auto] Pia <pia@paper.example> > me
    2025-03-06 mail[auto] Pia <pia@paper.example> > me
    2025-03-07 mail[auto] Pia <pia@paper.example> > me
    2025-03-08 mail[auto] Pia <pia@paper.example> > me
    today 2025-02-01
    """
    assert world.people() == {"Pia"}
    assert world.on("2025-04-01").people() == set()


def test_a_card_is_not_known_before_it_was_revised(world: World) -> None:
    """
    2025-01-05 mail a.m@x.example > me
    card Ana Miller <a.m@x.example> rev 20250301T000000Z
    today 2025-02-01
    """
    assert world.people() == {"a.m@x.example"}
    assert world.on("2025-04-01").people() == {"Ana Miller"}


def test_below_two_horizons_it_is_too_early_to_say(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    assert not world.tie("Ana").enough
    assert not world.today().enough
    assert world.on("2025-12-01").tie("Ana").enough


def test_a_tie_says_why_with_figures(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    2025-01-20 meeting me + Ana
    today 2025-02-01
    """
    tie = world.tie("Ana")
    assert (tie.first.isoformat(), tie.last.isoformat()) == ("2025-01-05", "2025-01-20")
    assert (tie.sent, tie.received, tie.met) == (1, 1, 1)
    assert tie.because
    assert all(reason.reason and reason.figure for reason in tie.because)


def test_a_tie_that_is_kept_up_outlasts_one_that_was_let_go(world: World) -> None:
    """today 2025-02-01"""
    lines = []
    for day in days("2022-01-03", 14, 26):
        lines += [f"{day} mail Ana > me", f"{day} mail me > Ana", f"{day} mail Bo > me", f"{day} mail me > Bo"]
    for day in days("2023-02-01", 30, 24):
        lines += [f"{day} mail Ana > me", f"{day} mail me > Ana"]
    world.tell("\n".join(lines))
    assert world.tie("Ana").strength > world.tie("Bo").strength
    assert world.tie("Ana").p_contact > world.tie("Bo").p_contact
    assert world.tie("Bo").momentum == "dormant"


def test_an_empty_vault_answers_everything(world: World) -> None:
    """today 2025-02-01"""
    assert world.people() == set()
    assert ties.list_(world.desk) == ()
    assert world.today().suggestions == ()
    assert people.machines(world.desk) == ()
    assert people.me(world.desk).handles == ()


@pytest.mark.parametrize("offset", [-720, 0, 840])
def test_days_at_the_ends_of_the_calendar_are_shown_and_harm_nobody(world: World, offset: int) -> None:
    """
    0001-01-01 letter Ovid > me
    1862-05-15 letter me > Arthur
    1969-12-31T23:59:59Z mail me > Bo
    9999-12-31 mail Dan > me
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    world.settings = type(world.settings)(utc_offset=offset)
    assert world.ties() == {"Ovid", "Arthur", "Bo", "Ana"}
    assert world.tie("Ovid").first.year == 1
    assert world.show("Arthur").timeline[0].on.year == 1862
    assert world.today().date.isoformat() == "2025-02-01"
    assert "Dan" in world.on("9999-12-31").ties()
    assert world.tie("Dan").last.year == 9999


def test_where_the_day_begins_decides_what_is_in_view(world: World) -> None:
    """
    2025-01-31T23:30:00Z mail Ana > me
    2025-02-01T23:30:00Z mail Bo > me
    today 2025-02-01
    """
    assert world.ties() == {"Ana", "Bo"}
    world.settings = type(world.settings)(utc_offset=60)
    assert world.ties() == {"Ana"}
    assert world.tie("Ana").last.isoformat() == "2025-02-01"
    assert world.on("2025-02-02").ties() == {"Ana", "Bo"}


def test_another_horizon_judges_ties_and_suggestions_anew(world: World) -> None:
    """today 2025-02-01"""
    lines = []
    for day in days("2023-01-02", 20, 36):
        lines += [f"{day} mail Ana > me", f"{day} mail me > Ana"]
    world.tell("\n".join(lines))
    before, shown = world.tie("Ana"), world.today()
    world.settings = type(world.settings)(horizon_days=30)
    assert world.tie("Ana").p_contact != before.p_contact
    assert world.tie("Ana").horizon_days == 30
    fresh = World(world.folder / "fresh", settings=world.settings)
    fresh.tell("\n".join(lines))
    assert world.today().suggestions == fresh.today().suggestions
    assert shown.suggestions != () or world.today().suggestions == ()
