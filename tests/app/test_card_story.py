"""One's own card: what others may have, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from world import World

from amity.app import card, facts, intake
from amity.errors import AmityError, Code

MINE = """BEGIN:VCARD
VERSION:4.0
UID:mia-herself
FN:Mia van Löw
EMAIL:me@home.example
EMAIL:mia@work.example
EMAIL:third@work.example
TEL:+4930123456
ORG:Orchard; Press
TITLE:editor
NOTE:allergic to nuts
END:VCARD
"""


def test_my_own_card_says_what_a_visiting_card_says_and_reads_back(world: World, tmp_path: Path) -> None:
    """
    2025-01-05 mail Ana > me
    2025-01-06 mail me > Ana
    today 2025-02-01
    """
    (world.folder / "mia.vcf").write_text(MINE, encoding="utf-8")
    intake.import_(world.desk, [str(world.folder / "mia.vcf")])
    mine = card.own(world.desk)
    assert mine.name == "Mia van Löw"
    assert mine.lines == ("editor", "Orchard", "me@home.example", "mia@work.example", "+4930123456")
    assert "nuts" not in mine.text
    facts.tell(world.desk, "Mia van Löw", "birthday", "1990-04-12")
    assert card.own(world.desk) == mine
    (tmp_path / "scanned.vcf").write_text(mine.text, encoding="utf-8", newline="")
    other = World(tmp_path / "other", me=("ana@x.example",))
    intake.import_(other.desk, [str(tmp_path / "scanned.vcf")])
    (met,) = [other.show(name) for name in other.people()]
    assert (met.name, met.positions[0].title) == ("Mia van Löw", "editor")
    assert {one.value for one in met.identities} >= {"me@home.example", "mia@work.example", "+4930123456"}
    other.close()


def test_nobody_has_a_card_before_anything_is_known_of_them(world: World) -> None:
    with pytest.raises(AmityError) as refusal:
        card.own(world.desk)
    assert refusal.value.code is Code.NOT_FOUND
