"""What was looked up stands only as long as the file does not change."""

from __future__ import annotations

from pathlib import Path

import pytest

from amity.store.db import Database, open_vault


def _sources(database: Database) -> object:
    return database.once("sources", lambda: database.value("SELECT count(*) FROM source"))


def _take_in(database: Database, place: str) -> None:
    with database.transaction():
        database.execute("INSERT INTO source (kind, place) VALUES ('mbox', ?)", (place,))


def test_what_did_not_change_is_looked_up_once(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)
    asked: list[int] = []
    for _ in range(3):
        database.once("asked", lambda: asked.append(1))
    assert asked == [1]


def test_a_change_by_this_hand_or_another_is_noticed(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)
    other = open_vault(tmp_path / "vault")
    assert _sources(database) == 0
    _take_in(database, "here.mbox")
    assert _sources(database) == 1
    _take_in(other, "there.mbox")
    database.notice()
    assert _sources(database) == 2
    with database.transaction():
        database.execute("DELETE FROM source WHERE place = 'here.mbox'")
        assert _sources(database) == 1, "what a transaction did so far counts inside it"


def test_what_was_looked_up_in_a_transaction_that_failed_is_forgotten(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)

    def fail() -> None:
        with database.transaction():
            database.execute("INSERT INTO source (kind, place) VALUES ('mbox', 'lost.mbox')")
            assert _sources(database) == 1
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert _sources(database) == 0


def test_a_dropped_table_is_noticed(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)
    database.execute("CREATE TABLE derived_note (id INTEGER)")
    there = "SELECT count(*) FROM sqlite_schema WHERE name = 'derived_note'"
    assert database.once("there", lambda: database.value(there)) == 1
    database.execute("DROP TABLE derived_note")
    assert database.once("there", lambda: database.value(there)) == 0
