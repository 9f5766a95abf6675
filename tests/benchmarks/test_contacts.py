"""The address books that the benchmark makes up are read whole, and as the same people."""

from __future__ import annotations

from pathlib import Path

from amity.model import Card, Since, Trouble
from amity.sources import catalog
from benchmarks import contacts


def test_both_forms_tell_of_the_same_people(tmp_path: Path) -> None:
    found = {}
    for name, write in (("vcard", contacts.write_cards), ("contacts-csv", contacts.write_table)):
        path = tmp_path / name
        write(path, 50)
        source = catalog.recognise(path)
        assert source is not None
        assert source.name == name
        items = list(catalog.open_reader(source)(path, Since()))
        assert not [item for item in items if isinstance(item, Trouble)]
        found[name] = [
            (card.name, card.handles, card.position, len(card.addresses), card.birthday, card.notes)
            for card in items
            if isinstance(card, Card)
        ]
        assert len(found[name]) == 50
    assert found["vcard"] == found["contacts-csv"]
