"""People are found by what cards tell of them, as it stands now, and a keystroke reads no card."""

from __future__ import annotations

import pytest
from world import World

from amity.app import facts, intake, people, upkeep
from amity.sources import vcard


def _tell(world: World, note: str, uid: str = "ana", private: str = "") -> None:
    file = world.folder / "cards.vcf"
    file.write_text(
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:{uid}-in-the-address-book\r\nFN:{uid.title()} Miller\r\n"
        f"EMAIL:{uid}@x.example\r\nNOTE{private}:{note}\r\nEND:VCARD\r\n",
        encoding="utf-8",
    )
    intake.import_(world.desk, [str(file)], me=world.me)


def _found(world: World, query: str, *, private: bool = True) -> list[str]:
    return [one.name for one in people.find(world.desk, query, private=private).people]


def test_a_word_is_found_wherever_it_stands_in_a_note(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    _tell(world, "Met at the HARBOUR in Straße")
    assert _found(world, "arbour") == ["Ana Miller"]
    assert _found(world, "harbour strasse") == ["Ana Miller"], "each word, whatever its case"
    assert _found(world, "vcard") == [], "the words of the format are nobody's"


def test_of_two_versions_of_a_card_the_later_is_searched(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    _tell(world, "likes sailing")
    assert _found(world, "sailing") == ["Ana Miller"]
    _tell(world, "likes climbing")
    assert _found(world, "sailing") == []
    assert _found(world, "climbing") == ["Ana Miller"]
    upkeep.undo(world.desk)
    assert _found(world, "climbing") == []
    assert _found(world, "sailing") == ["Ana Miller"]


def test_what_is_private_or_refused_is_not_found(world: World) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    2025-01-05 mail Bo Miller <bo@x.example> > me
    today 2026-02-01
    """
    _tell(world, "a diagnosis", private=";X-AMITY-PRIVATE=1")
    _tell(world, "a wedding", uid="bo")
    assert _found(world, "diagnosis") == ["Ana Miller"]
    assert _found(world, "diagnosis", private=False) == []
    (note,) = (fact for fact in facts.list_(world.desk, "Bo Miller") if fact.field == "note")
    facts.amend(world.desk, "Bo Miller", note.id, gone=True)
    assert _found(world, "wedding") == []


def test_a_card_is_read_once_however_often_is_looked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    2025-01-05 mail Ana Miller <ana@x.example> > me
    today 2026-02-01
    """
    _tell(world, "likes sailing")
    people.find(world.desk)
    monkeypatch.setattr(vcard, "properties", None)
    assert _found(world, "sailing") == ["Ana Miller"]
    assert _found(world, "likes") == ["Ana Miller"]
