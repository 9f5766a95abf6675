"""The circles: the few whom time carries, who would have to leave, roles, loyal ones, sleepers, blind spots."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from world import World, days

from amity.app import circles, closeness, entries, facts, roles, ties
from amity.errors import AmityError, Code

NAMES = ("Ana", "Cy", "Di", "Ed", "Flo", "Gus", "Hal")


def _weekly(name: str, first: str, count: int, step: int = 7) -> str:
    return "\n".join(
        f"{day} mail {'me > ' + name if number % 2 else name + ' > me'}"
        for number, day in enumerate(days(first, step, count))
    )


def _seven_friends(world: World) -> None:
    for number, name in enumerate(NAMES):
        world.tell(_weekly(name, "2023-10-01", 70 - 2 * number, 7))


def test_the_few_are_shown_with_reasons_and_the_room_that_time_leaves(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    2024-10-21 mail me > Bo
    today 2025-02-01
    """
    _seven_friends(world)
    shown = circles.show(world.desk)
    assert len(shown.few) >= 5
    assert all("of your recent contact" in one.why and one.minutes > 0 for one in shown.few)
    assert shown.room.held == len(shown.few) <= shown.room.carries
    assert shown.room.words.startswith("You want to give people 30 minutes a day")


def test_who_would_have_to_leave_is_told_before_anybody_is_pinned(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    2024-10-21 mail me > Bo
    2024-11-21 mail me > Bo
    today 2025-02-01
    """
    _seven_friends(world)
    world.settings = replace(world.settings, minutes=1)
    shown = circles.show(world.desk)
    assert (shown.room.carries, len(shown.few)) == (5, 5)
    weighed = circles.weigh(world.desk, "Bo")
    assert not weighed.within
    assert [one.name for one in weighed.leaves] == [min(shown.few, key=lambda one: one.strength).person.name]
    assert "would leave for Bo" in weighed.words
    closeness.tell(world.desk, "Bo", pin="critical")
    after = circles.show(world.desk)
    assert {one.person.name for one in after.few} == {one.person.name for one in shown.few} - {
        weighed.leaves[0].name
    } | {"Bo"}
    assert next(one for one in after.few if one.person.name == "Bo").why.startswith("you want them here")
    assert circles.weigh(world.desk, "Bo").within
    with pytest.raises(AmityError) as caught:
        circles.weigh(world.desk, "Nobody")
    assert caught.value.code is Code.NOT_FOUND


def test_somebody_who_is_refused_stays_out_and_is_shown_as_such(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    _seven_friends(world)
    closeness.tell(world.desk, "Ana", pin="not_critical")
    shown = circles.show(world.desk)
    assert "Ana" not in {one.person.name for one in (*shown.few, *shown.edge)}
    assert [one.person.name for one in shown.refused] == ["Ana"]
    assert circles.show(world.on("2025-02-08").desk).refused[0].person.name == "Ana"


def test_more_time_carries_more(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    _seven_friends(world)
    carried = []
    for minutes in (1, 5, 30, 120):
        world.settings = replace(world.settings, minutes=minutes)
        carried.append(circles.show(world.desk).room.carries)
    assert carried == sorted(carried)
    assert carried[0] < carried[-1]


def test_a_role_is_proposed_accepted_and_refused_for_good(world: World) -> None:
    """
    2025-01-05 mail me > Ana: Invoice 1
    2025-01-06 mail Ana > me: Re: Invoice 1
    2025-01-15 mail me > Ana: Invoice 2
    2025-01-07 mail me > Bo: Draft of chapter 1
    2025-01-08 mail Bo > me: Chapter 1, revision
    2025-01-09 mail me > Bo: Manuscript
    today 2025-02-01
    """
    proposed = {(one.person.name, one.role): one for one in roles.list_(world.desk).proposed}
    assert set(proposed) == {("Ana", "client"), ("Bo", "collaborator")}
    assert proposed["Ana", "client"].because[0].figure == "“Invoice 2” and 1 more"
    closeness.tell(world.desk, "Ana", roles=["friend"])
    told = roles.answer(world.desk, "Ana", "client", fits=True)
    assert told is not None
    assert set(told.said.roles) == {"client", "friend"}
    refused = roles.answer(world.desk, "Bo", "collaborator", fits=False)
    assert refused is not None
    assert refused.said.refused == ("collaborator",)
    after = roles.list_(world.desk)
    assert not after.proposed
    assert [(one.role, [who.name for who in one.people]) for one in after.yours] == [
        ("client", ["Ana"]),
        ("friend", ["Ana"]),
    ]
    back = roles.answer(world.desk, "Bo", "collaborator", fits=True)
    assert back is not None
    assert (back.said.roles, back.said.refused) == (("collaborator",), ()), "the later word stands"


def test_kin_and_what_the_owner_filed_are_roles_too(world: World) -> None:
    """
    2025-01-05 mail me > Ana
    2025-01-06 mail Ana > me
    2025-01-07 mail me > Bo
    2025-01-08 mail Bo > me
    today 2025-02-01
    """
    closeness.tell(world.desk, "Ana", kin=True)
    facts.tell(world.desk, "Bo", "group", "Old friends")
    assert {(one.person.name, one.role) for one in roles.list_(world.desk).proposed} == {
        ("Ana", "family"),
        ("Bo", "friend"),
    }


def test_evenings_are_for_friends_and_days_without_an_hour_say_nothing(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    world.tell("\n".join(f"{day}T19:30:00Z meeting me + Ana" for day in days("2024-09-03", 14, 9)))
    world.tell("\n".join(f"{day} meeting me + Cy" for day in days("2024-09-01", 7, 20)))
    world.tell("\n".join(f"{day}T20:00:00Z chat Ana > me" for day in days("2024-09-04", 5, 22)))
    found = roles.list_(world.desk).proposed
    assert [(one.person.name, one.role) for one in found] == [("Ana", "friend")]
    assert found[0].because[0].figure == "9 times"


def test_the_loyal_few_are_suggested_by_what_they_did_and_named_by_the_owner(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    for number, day in enumerate(days("2024-01-01", 20, 18)):
        first, second = ("me > Ana", "Ana > me") if number % 3 == 0 else ("Ana > me", "me > Ana")
        world.tell(f"{day}T09:00:00Z mail {first}\n{day}T15:00:00Z mail {second}")
    entries.note(world.desk, "introduction", ["Ana", "Cy"], "over the choir", by="them")
    found = circles.loyal(world.desk)
    assert [one.person.name for one in found.suggested] == ["Ana"]
    reasons = [one.reason for one in found.suggested[0].because]
    assert reasons[0] == "they introduced you"
    assert "they begin" in reasons
    closeness.tell(world.desk, "Ana", loyal="yes")
    closeness.tell(world.desk, "Bo", loyal="yes")
    after = circles.loyal(world.desk)
    assert {one.person.name for one in after.confirmed} == {"Ana", "Bo"}
    closeness.tell(world.desk, "Ana", loyal="no")
    assert not circles.loyal(world.desk).suggested


def test_dormant_ties_stand_by_trust_and_distance_and_say_that_nobody_can_foretell(world: World) -> None:
    """
    2025-01-20 mail Bo > me
    today 2025-02-01
    """
    world.tell(_weekly("Old friend", "2019-01-01", 60))
    world.tell(_weekly("Last year", "2023-01-01", 60))
    world.tell(_weekly("Hardly", "2021-01-01", 4))
    world.tell("\n".join(f"{day} mail Stranger > me" for day in days("2020-01-01", 7, 40)))
    world.tell(_weekly("Quarrel", "2019-01-01", 60))
    closeness.tell(world.desk, "Quarrel", state="ruptured")
    found = circles.dormant(world.desk)
    assert [one.person.name for one in found.ties] == ["Old friend", "Last year"], "as much trust, further apart"
    assert "barely be foretold" in found.words
    assert found.ties[0].because[0].figure == "60 days of contact"


def test_somebody_met_but_never_mailed_is_not_cold(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    2024-10-21 mail me > Bo
    today 2025-02-01
    """
    world.tell("\n".join(f"{day} meeting me + Mia" for day in days("2023-12-02", 14, 31)))
    tie = world.tie("Mia")
    assert (tie.segment, tie.sent, tie.received) == ("critical", 0, 0)
    assert tie.momentum != "dormant"


def test_a_blind_spot_is_asked_about_once_and_remembered(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    world.tell(_weekly("Mum", "2023-10-01", 50))
    world.tell(_weekly("Ana", "2023-10-01", 70))
    asked = {one.person.name: one for one in closeness.blind_spots(world.desk)}
    assert set(asked) == {"Mum", "Ana"}, "who is hardly known is not asked about"
    assert asked["Mum"].why.startswith("the tie looks")
    assert closeness.why(world.desk, "Mum").ask
    closeness.tell(world.desk, "Mum", unseen=["phone"])
    closeness.tell(world.desk, "Ana", unseen=["none"])
    assert not closeness.blind_spots(world.desk)
    assert not closeness.why(world.desk, "Ana").ask
    assert (world.tie("Ana").said.asked, world.tie("Ana").said.unseen) == (True, ())
    world.undo()
    assert [one.person.name for one in closeness.blind_spots(world.desk)] == ["Ana"]


def test_kin_bear_silence_longer(world: World) -> None:
    """
    2024-10-20 mail Bo > me
    today 2025-02-01
    """
    for name in ("Friend", "Brother"):
        world.tell(_weekly(name, "2023-10-01", 52, 8))
    closeness.tell(world.desk, "Brother", kin=True)
    world.on("2024-12-20")
    assert world.tie("Friend").momentum == "fading"
    assert world.tie("Brother").momentum == "steady"


def test_fifteen_faces_are_placed_in_three_rings(world: World) -> None:
    """
    2024-10-20 mail Stranger > me
    today 2025-02-01
    """
    _seven_friends(world)
    faces = closeness.faces(world.desk)
    assert {one.name for one in faces} == set(NAMES)
    for one, ring in zip(faces, ("inner", "inner", "middle", "outer"), strict=False):
        closeness.tell(world.desk, one.id, ring=ring)
    assert len(closeness.faces(world.desk)) == 3
    placed = closeness.rings(world.desk)
    assert [len(placed[ring]) for ring in ("inner", "middle", "outer")] == [2, 1, 1]


def test_a_tie_is_told_through_the_years(world: World) -> None:
    """
    2020-01-05 mail Ana > me
    2020-01-06 mail me > Ana
    2024-06-01 meeting me + Ana
    2024-06-02 call me > Ana
    today 2025-02-01
    """
    course = ties.course(world.desk, "Ana")
    assert course.strength[-1].on.isoformat() == "2025-02-01"
    assert course.strength[-1].strength == pytest.approx(world.tie("Ana").strength, abs=0.06)
    assert sorted((one.channel, one.way, one.contacts) for one in course.marks) == [
        ("call", "sent", 1),
        ("mail", "received", 1),
        ("mail", "sent", 1),
        ("meeting", "met", 1),
    ]
    then = next(one for one in course.strength if one.on.isoformat() > "2024-06-03")
    assert then.strength > next(one for one in course.strength if one.on.isoformat() > "2023-06-03").strength
    asked = world.on(then.on.isoformat()).tie("Ana").strength
    assert then.strength == pytest.approx(asked, abs=1.0), "as it would have been told on that day"
    with pytest.raises(AmityError):
        ties.course(world.desk, "Nobody")


def test_the_few_do_not_come_and_go_with_every_letter(world: World) -> None:
    """Six people take turns by the week; the order changes all the time, the circle does not.

    2023-10-20 mail Bo > me
    today 2025-02-01
    """
    for number in range(6):
        lines = []
        for day in days(f"2023-02-{1 + number:02}", 6, 120):
            lines += [f"{day} mail Kim {chr(65 + number)} > me", f"{day}T18:00:00Z mail me > Kim {chr(65 + number)}"]
        world.tell("\n".join(lines))
    seen = [
        frozenset(one.person.name for one in circles.show(world.on(day).desk).few) for day in days("2024-11-20", 3, 12)
    ]
    assert len(set(seen)) == 1
