"""A firm that took a new name moved nobody."""

from __future__ import annotations

from pathlib import Path

from world import World


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
