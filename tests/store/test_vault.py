"""The vault's one file: what holds it together, who may open it, and how it is brought up to date."""

from __future__ import annotations

import stat
from pathlib import Path

import apsw
import pytest
from world import World

from amity.app import upkeep
from amity.errors import AmityError, Code
from amity.store import db
from amity.store.db import FILE, open_vault

PASSPHRASE = 'rhubarb; DROP TABLE -- \'and "custard" ünïcode'


def _pragma(connection: apsw.Connection, name: str) -> object:
    return connection.pragma(name)


def test_a_fresh_vault_is_durable_and_strict(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)
    assert _pragma(database.connection, "journal_mode") == "wal"
    assert _pragma(database.connection, "synchronous") == 2, "FULL: what is acknowledged survives a power cut"
    assert _pragma(database.connection, "foreign_keys") == 1
    tables = database.execute("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
    assert {name for name, strict in tables if not strict} == {"sqlite_schema", "sqlite_sequence"}
    assert database.value("SELECT count(*) FROM decision") == 0


def test_every_derived_table_is_strict_too(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    rows = world.database.execute(
        """SELECT name FROM pragma_table_list WHERE name GLOB 'derived_*' AND type = 'table' AND NOT strict"""
    )
    assert [name for (name,) in rows] == []


def test_only_the_owner_may_read_a_vault(tmp_path: Path) -> None:
    open_vault(tmp_path / "vault", create=True).close()
    assert stat.S_IMODE((tmp_path / "vault" / FILE).stat().st_mode) == 0o600
    (tmp_path / "vault" / FILE).chmod(0o644)
    open_vault(tmp_path / "vault").close()
    assert stat.S_IMODE((tmp_path / "vault" / FILE).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("version", "fixed"), [("3.51.2", False), ("3.40.1", False), ("3.51.3", True), ("4.0.0", True)]
)
def test_an_sqlite_that_can_lose_commits_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fixed: bool
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: version)
    if fixed:
        open_vault(tmp_path / "vault", create=True).close()
    else:
        with pytest.raises(AmityError, match="can lose committed data"):
            open_vault(tmp_path / "vault", create=True)


def test_the_sqlite_at_hand_is_a_fixed_one() -> None:
    db.assert_fixed_sqlite()


def test_where_there_is_no_vault_none_is_made(tmp_path: Path) -> None:
    with pytest.raises(AmityError) as refusal:
        open_vault(tmp_path / "vault")
    assert refusal.value.code is Code.NOT_FOUND
    assert not (tmp_path / "vault").exists()


def test_a_vault_whose_making_was_cut_off_is_made_whole(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir()
    (tmp_path / "vault" / FILE).touch()
    database = open_vault(tmp_path / "vault")
    assert database.value("SELECT count(*) FROM moment") == 0


def test_a_vault_of_a_newer_amity_is_refused_and_left_as_it_is(world: World) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    newest = db.migrations()[-1][0]
    world.database.connection.pragma("user_version", newest + 1)
    world.close()
    file = world.folder / "vault" / FILE
    before = file.read_bytes()
    with pytest.raises(AmityError) as refusal:
        open_vault(world.folder / "vault")
    assert refusal.value.code is Code.REFUSED
    assert file.read_bytes() == before


def test_a_migration_writes_a_backup_first(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    world.people()
    world.close()
    newest = db.migrations()[-1][0]
    steps = [
        *db.migrations(),
        (9998, "CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT;"),
        (9999, "DROP TABLE later;"),
    ]
    monkeypatch.setattr(db, "migrations", lambda: steps)
    database = open_vault(world.folder / "vault")
    assert database.connection.pragma("user_version") == 9999
    assert database.value("SELECT count(*) FROM moment") == 1
    (backup,) = (world.folder / "vault" / "backups").iterdir()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    kept = db.connect(backup, read_only=True)
    assert kept.pragma("user_version") == newest
    assert kept.execute("SELECT subject FROM moment").fetchall() == [("",)]


def test_a_migration_that_fails_leaves_the_vault_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    world.close()
    good = db.migrations()
    steps = [*good, (9999, "CREATE TABLE later (id INTEGER) STRICT; DELETE FROM moment; SELECT 1 FROM nowhere;")]
    monkeypatch.setattr(db, "migrations", lambda: steps)
    with pytest.raises(AmityError, match="nowhere"):
        open_vault(world.folder / "vault")
    monkeypatch.setattr(db, "migrations", lambda: good)
    database = open_vault(world.folder / "vault")
    assert database.value("SELECT count(*) FROM moment") == 1
    assert database.value("SELECT count(*) FROM sqlite_schema WHERE name = 'later'") == 0


def test_a_change_of_the_derived_tables_rebuilds_them(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    before = world.picture()
    sql, _ = db.derived_schema()
    changed = (sql + "\n-- another shape", "another digest")
    for module in ("amity.app.freshness", "amity.app.river", "amity.store.derived"):
        monkeypatch.setattr(f"{module}.derived_schema", lambda: changed)
    world.database.execute("DELETE FROM derived_person")
    assert world.picture() == before


def test_a_transaction_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    database = open_vault(tmp_path / "vault", create=True)

    def cut_short() -> None:
        with database.transaction():
            database.execute("INSERT INTO source (kind, place) VALUES ('a', 'b')")
            with database.transaction():
                database.execute("INSERT INTO source (kind, place) VALUES ('c', 'd')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        cut_short()
    assert database.value("SELECT count(*) FROM source") == 0
    with database.transaction():
        database.execute("INSERT INTO source (kind, place) VALUES ('a', 'b')")
    assert database.value("SELECT count(*) FROM source") == 1


def _encrypted(folder: Path) -> World:
    world = World(folder, key=PASSPHRASE)
    world.tell("2025-01-05 mail Wilhelmina Quux <wilhelmina@quux.example> > me: zucchini\ntoday 2025-02-01")
    world.picture()
    return world


def _plain_text(folder: Path) -> set[str]:
    words = (b"ilhelmina", b"ILHELMINA", b"quux", b"zucchini", b"SQLite format", b"CREATE TABLE", b"rhubarb")
    files = [file for file in (folder / "vault").rglob("*") if file.is_file()]
    assert files
    return {f"{file.name}: {word!r}" for file in files for word in words if word in file.read_bytes()}


def test_an_encrypted_vault_tells_nothing_without_its_passphrase(tmp_path: Path) -> None:
    world = _encrypted(tmp_path)
    assert (tmp_path / "vault" / f"{FILE}-wal").exists(), "the log beside the file is looked into as well"
    assert _plain_text(tmp_path) == set()
    world.close()
    assert _plain_text(tmp_path) == set()
    for key in (None, "", "rhubarb", PASSPHRASE + " "):
        with pytest.raises(AmityError) as refusal:
            open_vault(tmp_path / "vault", key)
        assert refusal.value.code is Code.REFUSED, key
    database = open_vault(tmp_path / "vault", PASSPHRASE)
    assert database.value("SELECT subject FROM moment") == "zucchini"


def test_a_plain_vault_is_not_opened_with_a_passphrase(tmp_path: Path) -> None:
    open_vault(tmp_path / "vault", create=True).close()
    with pytest.raises(AmityError) as refusal:
        open_vault(tmp_path / "vault", PASSPHRASE)
    assert refusal.value.code is Code.REFUSED
    open_vault(tmp_path / "vault").close()


def test_the_backup_of_an_encrypted_vault_is_encrypted(tmp_path: Path) -> None:
    world = _encrypted(tmp_path)
    backup = upkeep.backup(world.desk, tmp_path / "vault" / "copy.db")
    assert _plain_text(tmp_path) == set()
    with pytest.raises(AmityError):
        db.connect(backup, read_only=True)
    picture = world.picture()
    world.log("coffee with Zoe yesterday")
    world.close()
    former = upkeep.restore(tmp_path / "vault", backup, PASSPHRASE, 1_767_225_600)
    assert former is not None
    assert db.is_encrypted(former)
    world.database = open_vault(tmp_path / "vault", PASSPHRASE)
    assert world.picture() == picture


def test_a_backup_under_another_passphrase_is_refused_before_anything_is_moved(tmp_path: Path) -> None:
    world = _encrypted(tmp_path)
    backup = upkeep.backup(world.desk, tmp_path / "copy.db")
    plain = World(tmp_path / "plain")
    plain.tell("2025-01-05 mail Ana > me")
    plain.close()
    with pytest.raises(AmityError) as refusal:
        upkeep.restore(plain.folder / "vault", backup, None, 1)
    assert refusal.value.code is Code.REFUSED
    plain.database = open_vault(plain.folder / "vault")
    assert plain.people() == {"Ana"}
