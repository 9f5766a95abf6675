"""`amity path` on the command line: the document that programs rely on, and the tree for people."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_world import ANA, OWNER, Call

CLEO = "cleo@far.example"


@pytest.fixture
def introduced(amity: Call, vault: Path, tmp_path: Path) -> Path:
    table = tmp_path / "letters.csv"
    rows = [f"2025-06-{day},letter,Ana Sol <{ANA}>,Cleo Far <{CLEO}>,,The harbour,,," for day in (10, 12)]
    table.write_text("\n".join(["when,channel,from,to,cc,subject,depth,minutes,id", *rows]) + "\n")
    assert amity("import", table).code == 0
    return vault


def test_the_document(amity: Call, introduced: Path) -> None:
    said = amity("path", "Cleo Far", "--json", "--limit", "3")
    assert said.code == 0, said.err
    document = said.json
    assert document["target"] == "Cleo Far"
    assert document["direct"] is False
    assert document["searched"] >= 2
    (path,) = document["paths"]
    assert 0 < path["warmth"] <= 1
    assert path["because"]
    assert [(step["from"], step["to"]) for step in path["steps"]] == [("you", "Ana Sol"), ("Ana Sol", "Cleo Far")]
    for step in path["steps"]:
        assert 0 < step["strength"] <= 1
        assert step["evidence"]
        for shown in step["evidence"]:
            assert set(shown) == {"date", "source", "what"}
    assert path["steps"][1]["evidence"][0] == {
        "date": "2025-06-12",
        "source": "interactions",
        "what": "letter from Ana Sol to Cleo Far: The harbour",
    }


def test_the_tree(amity: Call, introduced: Path) -> None:
    said = amity("path", "Cleo", "Far")
    assert said.code == 0
    for words in ("you → Ana Sol → Cleo Far", "12 Jun 2025: letter from Ana Sol", "Because", "your side only"):
        assert words in said.out


def test_later_letters_are_not_seen(amity: Call, introduced: Path) -> None:
    assert amity("path", CLEO, "--json", "--today", "2025-06-10").json["paths"]
    before = amity("path", ANA, "--json", "--today", "2025-06-09").json
    assert {step["to"] for path in before["paths"] for step in path["steps"]} == {"Ana Sol"}


def test_an_organisation(amity: Call, introduced: Path) -> None:
    document = amity("path", "Sea School", "--json").json
    assert document["target"] == "Sea School"
    assert document["direct"] is True


def test_no_path_is_an_answer_and_nobody_is_an_error(amity: Call, introduced: Path) -> None:
    none = amity("path", "Dee Moor", "--json", "--today", "2025-06-10")
    assert none.code == 0
    assert none.json["paths"] == []
    assert "No path is known" in amity("path", "Dee Moor", "--today", "2025-06-10").out
    assert amity("path", "Nobody Atall").code == 3
    assert amity("path").code == 2
    assert amity("path", OWNER).code == 2
