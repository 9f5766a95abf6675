"""`amity introduce`, `introduction`, `matches` and `worlds`: what programs rely on, and what people read."""

from __future__ import annotations

from pathlib import Path

from small_world import ANA, Call

BO_HILL = "Bo Hill"


def test_an_introduction_on_the_command_line(amity: Call, vault: Path) -> None:
    begun = amity("introduce", "Ana Sol", BO_HILL, "--why", "both restore old boats", "--json")
    assert begun.code == 0, begun.err
    document = begun.json
    assert (document["stage"], document["move"], document["turn"]) == ("proposed", "ask", "Ana Sol")
    assert document["texts"][0]["to"] == ["Ana Sol"]
    number = document["id"]
    refused = amity("introduction", number, "introduced")
    assert refused.code == 4
    assert "Nobody is introduced who has not said yes: Ana Sol and Bo Hill." in refused.err
    assert amity("introduction", number, "asked").code == 0
    shown = amity("introduction", number, "yes")
    assert "Next: Ask Bo Hill whether they would like to meet Ana Sol." in shown.out
    assert "Nothing was sent" in shown.out
    listed = amity("introductions")
    assert "Ana Sol and Bo Hill" in listed.out
    assert "one willing" in listed.out
    assert amity("introduce", BO_HILL, ANA, "--why", "x").code == 4
    assert amity("introduction", "e99").code == 3


def test_matches_on_the_command_line(amity: Call, vault: Path) -> None:
    empty = amity("matches")
    assert empty.code == 0
    assert "not known yet" in empty.out
    assert amity("note", "ask", "Ana Sol", "violin lessons", "--theirs").code == 0
    document = amity("matches", "--json").json
    assert (document["needs"], document["matches"]) == (1, [])
    assert amity("matches", "--refuse", "m0").code == 3


def test_worlds_on_the_command_line(amity: Call, vault: Path) -> None:
    said = amity("worlds")
    assert said.code == 0, said.err
    assert "Partly observed" in said.out
    document = amity("worlds", "--json").json
    assert document["contacts"] >= 1
    assert 0 <= document["constraint"] <= 2
