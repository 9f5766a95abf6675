"""A firm that took a new name moved nobody."""

from __future__ import annotations

from pathlib import Path

from world import World

from amity.app import moves
from amity.app.freshness import refresh


def card(name: str, firm: str, year: int) -> str:
    low = name.lower()
    return f"card {name} <{low}@x.example> uid {low} rev {year}-01-01T00:00:00Z org {firm}"


def test_a_firms_new_name_moves_nobody_and_a_new_firm_does(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.tell("\n".join(card(name, "Acme", 2020) for name in ("Ana", "Bo", "Cy")))
    world.tell("\n".join([*(card(name, "Zenit", 2022) for name in ("Ana", "Bo")), card("Cy", "Harbour", 2022)]))
    assert world.show("Ana").moves == ()
    assert world.show("Ana").positions[0].first is not None
    assert [(move.before, move.now) for move in world.show("Cy").moves] == [("Acme", "Harbour")]


def moved(world: World) -> list[tuple[str, str]]:
    return [(one.person.name, one.act) for one in world.today().suggestions if one.trigger == "moved"]


def switched(world: World) -> list[tuple[str, str, str]]:
    """Return what is handed to the day's plan, which weighs it against other occasions."""
    refresh(world.desk)
    return [(one.matter, one.news, one.since.isoformat()) for _, one in moves.waiting(world.desk)]


TALK = "2023-01-05 mail Ana > me\n2023-01-06 mail me > Ana\n2023-02-05 mail Ana > me\n2023-02-06 mail me > Ana"


def test_a_new_position_is_a_reason_to_write_until_one_has_written(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.tell(f"{TALK}\n{card('Ana', 'Acme', 2020)}")
    world.tell(card("Ana", "Harbour", 2024))
    assert moved(world.on("2023-12-31")) == []
    (said,) = [one for one in world.on("2024-01-10").today().suggestions if one.trigger == "moved"]
    assert said.act == "Write to Ana, who is now Harbour"
    assert said.why_now[0] == "It was noticed nine days ago; before: Acme"
    assert said.opener == "Dear Ana, I saw that you are now Harbour; all my good wishes for it."
    assert moved(world.on("2024-06-01")) == [], "no news any more"
    world.tell("2024-01-09 mail me > Ana")
    assert moved(world.on("2024-01-10")) == []


def test_an_address_that_took_the_place_of_another_is_a_reason_to_write(tmp_path: Path) -> None:
    world = World(tmp_path / "world")
    world.tell("card Ana <ana@old.example><ana@new.example> uid ana rev 2020-01-01T00:00:00Z")
    old = "\n".join(f"2023-0{month}-01 mail Ana <ana@old.example> > me" for month in (1, 2, 3, 4, 5))
    new = "\n".join(f"2023-{month:02}-01 mail Ana <ana@new.example> > me" for month in (6, 8, 10, 12))
    world.tell(f"{old}\n{new}\n2023-03-02 mail me > Ana <ana@old.example>\n2023-03-03 mail me > Ana <ana@old.example>")
    assert switched(world.on("2023-07-01")) == [], "too early to be sure"
    assert switched(world.on("2023-12-10")) == [("writing from new.example", "old.example", "2023-10-28")]
    assert switched(world.on("2024-03-10")) == []
