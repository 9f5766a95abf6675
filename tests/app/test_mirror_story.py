"""What mirror, portfolio, letter and plan say of small worlds."""

from __future__ import annotations

import pytest
from world import World, days

from amity.app import closeness, entries, letter, mirror, portfolio, week
from amity.errors import AmityError, Code
from amity.insight.mirror import COLD_DAYS
from amity.plan.asking.history import SILENT


def figure(world: World, name: str) -> mirror.FigureLine:
    return next(one for one in mirror.look(world.desk).figures if one.name == name)


def test_a_cold_ask_is_one_to_somebody_long_silent_or_never_met_and_a_gift_warms_it(world: World) -> None:
    """
    2024-01-05 mail Ana > me
    2024-01-06 mail me > Ana
    2025-01-05 mail Bo > me
    2025-01-06 mail me > Bo
    2024-01-07 mail Chris > me
    today 2025-02-01
    """
    for name in ("Ana", "Bo", "Chris", "nobody@far.example"):
        entries.note(world.desk, "ask", [name], "a favour", on="2025-01-20")
    entries.note(world.desk, "gift", ["Chris"], "a book", on="2025-01-10")
    cold = figure(world, "cold_asks")
    assert (cold.count, cold.of) == (2, 4)
    behind = mirror.behind(world.desk, "cold_asks")
    assert {one.people[0].name for one in behind.entries} == {"Ana", "nobody@far.example"}
    assert [one.person.name for one in behind.people] == ["Ana"]
    assert COLD_DAYS == SILENT, "the mirror and the coach call the same asks cold"


def test_whom_did_i_only_write_to_when_i_needed_something(world: World) -> None:
    """
    2025-01-05 mail me > Ana
    2025-01-07 mail Ana > me
    2025-01-05 mail me > Bo
    2025-01-25 mail me > Bo
    2025-01-05 mail me > Chris
    today 2025-02-01
    """
    for name in ("Ana", "Bo", "Chris"):
        entries.note(world.desk, "ask", [name], "a favour", on="2025-01-05")
    entries.note(world.desk, "gift", ["Chris"], "a book", on="2025-01-08")
    behind = mirror.behind(world.desk, mirror.NEEDED)
    assert [one.person.name for one in behind.people] == ["Ana"]
    assert "only when you needed something" in behind.figure.sentence


def test_an_ask_taken_back_is_in_no_figure(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    entries.note(world.desk, "ask", ["Ana"], "a favour", on="2025-01-20")
    assert figure(world, "gifts_to_asks").of == 1
    world.undo()
    assert figure(world, "gifts_to_asks").of == 0


def test_writing_on_into_a_silence_is_pushing_and_an_answer_ends_it(world: World) -> None:
    """
    2025-01-02 mail me > Ana
    2025-01-08 mail me > Ana
    2025-01-15 mail me > Ana
    2025-01-02 mail me > Bo
    2025-01-08 mail me > Bo
    2025-01-09 mail Bo > me
    2025-01-15 mail me > Bo
    2025-01-02 mail me > Chris, Dora, Eve, Fay
    2025-01-08 mail me > Chris, Dora, Eve, Fay
    2025-01-15 mail me > Chris, Dora, Eve, Fay
    today 2025-02-01
    """
    pushed = figure(world, "pushed")
    assert (pushed.count, pushed.of) == (1, 2)
    assert "nothing needs to be done" not in pushed.sentence, "there is no past to hold it against"


def test_the_first_meetings_of_which_nothing_came(world: World) -> None:
    """
    2024-11-05 meeting me + Ana
    2024-11-10 mail me > Ana
    2024-11-05 meeting me + Bo
    2024-11-06 mail Bo > me
    2025-01-20 meeting me + Chris
    today 2025-02-01
    """
    assert (figure(world, "follow_up").count, figure(world, "follow_up").of) == (0, 0), "Chris may still be written to"
    past = mirror.behind(world.desk, "follow_up", 2024)
    assert (past.figure.count, past.figure.of) == (1, 2)
    assert {one.person.name: one.count for one in past.people} == {"Ana": 1, "Bo": 0}


def test_a_year_or_figure_that_there_is_not_is_said(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    for figure_, year in (("speed", None), ("starts", 1990)):
        with pytest.raises(AmityError) as caught:
            mirror.behind(world.desk, figure_, year)
        assert caught.value.code is Code.NOT_FOUND
    with pytest.raises(AmityError):
        letter.write(world.desk, 1990)


def test_the_mirror_looks_no_further_than_today(world: World) -> None:
    """
    2024-06-05 mail Ana > me
    2024-06-06 mail me > Ana
    2025-01-05 mail me > Bo
    today 2025-02-01
    """
    assert portfolio.show(world.desk).concentration[-1].people == 1
    early = portfolio.show(world.on("2024-12-31").desk)
    assert [one.year for one in early.concentration] == [2024]
    assert early.quality[-1].mutual == 1


def test_a_role_that_rests_on_one_person_is_seen(world: World) -> None:
    lines = [f"{day} mail Ana > me" for day in days("2024-06-01", 10, 20)]
    lines += [f"{day} mail me > Ana" for day in days("2024-06-02", 10, 20)]
    lines += [f"{day} mail Bo > me" for day in days("2024-06-01", 10, 20)]
    lines += [f"{day} mail me > Bo" for day in days("2024-06-02", 10, 20)]
    lines += [f"{day} meeting me + Ana + Bo" for day in days("2024-09-01", 40, 2)]
    world.tell("\n".join(lines))
    for name, roles in (("Ana", ["mentor", "friend"]), ("Bo", ["friend"])):
        closeness.tell(world.desk, name, roles=roles)
    states = {role.role: role.state for role in portfolio.show(world.desk).roles}
    assert states["mentor"] == "one person"
    assert states["friend"] == "covered"
    assert states["client"] == "empty"
    assert any(act.kind == "single_role" and act.person.name == "Ana" for act in portfolio.show(world.desk).acts)


def test_of_what_is_not_known_the_share_is_said(world: World) -> None:
    """
    card Ana <ana@x.example> born 1980-01-01 org Sea
    2025-01-05 mail Ana > me
    2025-01-06 mail Bo > me
    2025-01-07 mail Bo > me
    2025-01-08 mail Bo > me
    today 2025-02-01
    """
    spread = {one.dimension: one for one in portfolio.show(world.desk).diversity}
    assert spread["generation"].unknown == 0.75
    assert spread["organisation"].shown[0].value == "Sea"
    assert spread["language"].unknown == 1
    assert spread["language"].even == 0


def test_what_is_private_is_named_in_no_part(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    from amity.app import facts

    facts.tell(world.desk, "Ana", "language", "Klingon", private=True)
    facts.tell(world.desk, "Ana", "language", "Latin")
    spread = {one.dimension: one for one in portfolio.show(world.desk).diversity}
    assert [part.value for part in spread["language"].shown] == ["Latin"]


def test_who_is_not_to_be_analysed_is_in_no_figure(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail Bo > me
    today 2025-02-01
    """
    from amity.app import facts

    facts.analyse(world.desk, "Ana", analysed=False)
    assert portfolio.show(world.desk).concentration[-1].people == 1
    told = letter.write(world.desk)
    assert "Ana" not in {one.person.name for section in told.sections for one in section.people}


def test_a_letter_tells_who_came_who_went_who_gave_and_what_came_of_it(world: World) -> None:
    lines = [f"{day} mail Ana > me" for day in days("2022-01-01", 20, 30)]
    lines += [f"{day} mail me > Ana" for day in days("2022-01-02", 20, 30)]
    lines += [f"{day} meeting me + Bo" for day in days("2024-02-01", 6, 20)]
    world.tell("\n".join(lines))
    world.on("2024-12-31")
    first = entries.note(world.desk, "introduction", ["Bo", "Cy"], "to Cy", by="them", on="2024-03-01")
    entries.note(world.desk, "gift", ["Cy"], "the map", on="2024-05-01", sort="idea", parent=first.id)
    told = letter.write(world.desk, 2024)
    section = {one.heading: one for one in told.sections}
    assert [one.person.name for one in section["Who came"].people] == ["Bo"]
    assert [one.person.name for one in section["Who went"].people] == ["Ana"]
    assert section["Who gave"].deeds[0].names[0] == "Bo"
    assert "the map" in section["What came of it"].deeds[0].words
    assert told.so_far
    assert "Who went" not in {one.heading for one in letter.write(world.desk, 2022).sections}


def test_the_plan_of_the_year_holds_the_critical_few(world: World) -> None:
    lines = []
    for name in ("Ana", "Bo", "Cy", "Dee", "Eve"):
        lines += [f"{day} mail {name} > me" for day in days("2024-06-01", 9, 25)]
        lines += [f"{day} mail me > {name}" for day in days("2024-06-02", 9, 25)]
    lines += [f"{day} meeting me + Ana" for day in days("2024-09-01", 40, 2)]
    world.tell("\n".join(lines))
    ahead = week.year(world.desk)
    assert {one.person.name for one in ahead.few} == {"Ana", "Bo", "Cy", "Dee", "Eve"}
    assert {one.person.name: one.planned for one in ahead.few} == dict.fromkeys(("Ana", "Bo", "Cy", "Dee", "Eve"), 3)
    shown = week.ahead(world.desk)
    assert len(shown.days) == 7
    people = [offer.person.id for day in shown.days for offer in day.offers]
    assert len(people) == len(set(people)) > 0


def test_an_empty_vault_has_nothing_to_look_back_on(world: World) -> None:
    assert all(one.value is None for one in mirror.look(world.desk).figures if one.unit != "count")
    assert portfolio.show(world.desk).acts == ()
    assert letter.write(world.desk).sections[0].words.startswith("Nothing is known")
    assert week.year(world.desk).few == ()
