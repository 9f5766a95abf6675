"""Damage: what verify finds, what a backup holds, and that the way back keeps what was there."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import apsw
import pytest
from world import NOW, World, days

from amity.app import facts, intake, upkeep
from amity.errors import AmityError, Code
from amity.store import copies, db
from amity.store.db import FILE, open_vault

# Sealed by a digest, or kept twice by an index: a changed byte cannot hide there.
SEALED = ("source", "handle", "moment", "card", "card_handle", "decision", "naming", "trouble", "anchor")
KEPT = (*SEALED, "reading", "retold", "version", "person")


def _fill(world: World) -> None:
    lines = []
    for name, step in (("Ana", 9), ("Bo", 13), ("Chris", 21)):
        for day in days("2023-01-01", step, 700 // step):
            lines += [f"{day}T09:00:00Z mail {name} > me: from {name} on {day}", f"{day}T10:00:00Z mail me > {name}"]
    lines += [f"card Friend {number} <friend{number}@x.example> born 1990-02-{number:02}" for number in range(1, 29)]
    world.tell("\n".join(lines))
    world.log("coffee with Ana yesterday")
    world.picture()


def _fill_every_drawer(world: World) -> None:
    """Tell besides what cannot be read, what another source told before, and a card that was changed."""
    _fill(world)
    (file, *_) = world.files("2023-02-02T09:00:00Z mail Ana > me: twice\n2025-13-05 mail Bo > me: no day")
    for copy in (file, Path(shutil.copy(file, file.with_name("copy.csv")))):
        intake.import_(world.desk, [str(copy)])
    for mail in ("one", "two"):
        book = world.files(f"card Dora <{mail}@x.example> uid the-same-card")[0].rename(world.folder / "book.vcf")
        intake.import_(world.desk, [str(book)])


def _dump(database: db.Database, tables: Sequence[str] = KEPT) -> dict[str, list[Any]]:
    return {table: database.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in tables}


def _folded_in(world: World) -> Path:
    """Close the vault with its log folded in, and return its file."""
    world.database.connection.pragma("wal_checkpoint(truncate)")
    world.close()
    return world.folder / "vault" / FILE


def test_a_whole_vault_is_sound(world: World) -> None:
    """today 2025-02-01"""
    _fill(world)
    health = upkeep.verify(world.desk)
    assert (health.sound, health.places) == (True, ())
    assert health.checked["card"] == 28
    assert health.checked["moment"] == world.database.value("SELECT count(*) FROM moment")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE moment SET subject = subject || '!' WHERE id = 40",
        "UPDATE moment SET at = at + 1 WHERE id = 40",
        "UPDATE moment SET parties = substr(parties, 5) WHERE id = 40",
        "UPDATE moment SET id = 100000 WHERE id = 40",
        "DELETE FROM moment WHERE id = 40",
        "UPDATE card SET body = json_set(body, '$.birthday', '1999-01-01') WHERE id = 7",
        "DELETE FROM card_handle WHERE card = 7; DELETE FROM card WHERE id = 7",
        "DELETE FROM handle WHERE id = 2",
        "UPDATE moment SET reading = 77 WHERE id = 40",
        "UPDATE moment SET same = zeroblob(16) WHERE id = 40",
        "UPDATE anchor SET person = 1 WHERE person = 2",
        "UPDATE naming SET name = 'Anna' WHERE name = 'Ana'",
        "UPDATE naming SET first = first + 1 WHERE name = 'Ana'",
        "UPDATE reading SET decision = 2 WHERE id = 1",
        "UPDATE reading SET state = '{}' WHERE id = 1",
        "UPDATE trouble SET reason = 'none'",
        "DELETE FROM trouble",
        "UPDATE retold SET reading = 1",
        "UPDATE version SET item = 1 WHERE id = (SELECT max(id) FROM version)",
    ],
)
def test_a_change_behind_amitys_back_is_found_and_its_place_told(world: World, sql: str) -> None:
    """today 2025-02-01"""
    _fill_every_drawer(world)
    assert upkeep.verify(world.desk).sound
    world.database.connection.pragma("foreign_keys", False)
    before = world.database.connection.total_changes()
    world.database.execute(sql)
    assert world.database.connection.total_changes() > before
    health = upkeep.verify(world.desk)
    assert not health.sound
    assert all(health.places)


def test_flipped_bytes_are_found_or_were_not_in_use(world: World) -> None:
    """today 2025-02-01"""
    _fill(world)
    whole = _dump(world.database, SEALED)
    file = _folded_in(world)
    sound = file.read_bytes()
    rng = random.Random(7)
    found = 0
    for place in [*(rng.randrange(len(sound)) for _ in range(150)), *range(0, 100, 9)]:
        damaged = bytearray(sound)
        for offset in range(place, min(place + 8, len(sound))):
            damaged[offset] ^= 0x55
        file.write_bytes(damaged)
        for ending in ("-wal", "-shm"):
            file.with_name(FILE + ending).unlink(missing_ok=True)
        try:
            database = open_vault(file.parent)
        except AmityError:
            found += 1
            continue
        world.database = database
        if upkeep.verify(world.desk).sound:
            assert _dump(database, SEALED) == whole, f"byte {place} was changed, and verify calls the vault sound"
        else:
            found += 1
        database.close()
    assert found > 20


def test_a_truncated_file_is_damaged(world: World) -> None:
    """today 2025-02-01"""
    _fill(world)
    file = _folded_in(world)
    whole = file.read_bytes()
    for share in (0.9, 0.5, 0.1):
        file.write_bytes(whole[: int(len(whole) * share) // 4096 * 4096])
        try:
            world.database = open_vault(file.parent)
        except AmityError:
            continue
        assert not upkeep.verify(world.desk).sound
        world.close()


def test_a_backup_is_the_vault(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    _fill(world)
    file = upkeep.backup(world.desk, tmp_path)
    assert file.name == "amity-2025-02-01.db"
    assert not list(tmp_path.glob("*.partial"))
    with pytest.raises(AmityError) as refusal:
        upkeep.backup(world.desk, file)
    assert refusal.value.code is Code.REFUSED
    with pytest.raises(AmityError) as refusal:
        upkeep.backup(world.desk, tmp_path / "nowhere" / "copy.db")
    assert refusal.value.code is Code.NOT_FOUND
    (tmp_path / "other").mkdir()
    shutil.copy(file, tmp_path / "other" / FILE)
    assert _dump(open_vault(tmp_path / "other")) == _dump(world.database)


def test_restore_brings_the_backup_back_and_keeps_what_was_there(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    _fill(world)
    then = world.picture()
    backup = upkeep.backup(world.desk, tmp_path / "copy.db")
    world.log("lunch with Zoe today")
    now = _dump(world.database)
    world.close()
    folder = world.folder / "vault"
    first = upkeep.restore(folder, backup, None, NOW)
    second = upkeep.restore(folder, backup, None, NOW)
    assert first is not None
    assert second is not None
    assert first != second, "a second restore in the same second keeps the first one's vault"
    world.database = open_vault(folder)
    assert world.picture() == then
    kept = db.Database(folder, db.connect(first, read_only=True))
    assert _dump(kept) == now


def test_a_backup_carries_the_files_that_are_kept_with_people(world: World, tmp_path: Path) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    (tmp_path / "map.png").write_bytes(b"a map of the lake")
    kept = facts.attach(world.desk, "Ana", tmp_path / "map.png")
    backup = upkeep.backup(world.desk, tmp_path / "copy.db")
    assert not list(tmp_path.glob("copy.db.*"))
    upkeep.restore(tmp_path / "new", backup, None, NOW)
    assert (tmp_path / "new" / "files" / kept.label).read_bytes() == b"a map of the lake"
    restored = open_vault(tmp_path / "new")
    assert _dump(restored) == _dump(world.database), "the files are beside the vault, no longer in it"
    restored.close()
    again = upkeep.backup(world.desk, tmp_path / "again.db")
    with closing(db.connect(again)) as connection:
        connection.execute("UPDATE attachment SET body = x'00'")
    with pytest.raises(AmityError) as refusal:
        upkeep.restore(tmp_path / "new", again, None, NOW)
    assert refusal.value.code is Code.DAMAGED
    with closing(db.connect(again)) as connection:
        connection.execute("UPDATE attachment SET name = '../../outside'")
    with pytest.raises(AmityError, match="damaged"):
        upkeep.restore(tmp_path / "new", again, None, NOW)
    assert not (tmp_path / "outside").exists()


def test_a_backup_of_an_encrypted_vault_holds_its_files_encrypted(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    database = open_vault(folder, "rhubarb", create=True)
    (folder / "files").mkdir()
    name = copies.stored_name(b"a map of the lake", ".txt")
    (folder / "files" / name).write_bytes(b"a map of the lake")
    copies.back_up(database, tmp_path / "copy.db")
    database.close()
    assert db.is_encrypted(tmp_path / "copy.db")
    assert b"map of the lake" not in (tmp_path / "copy.db").read_bytes()
    copies.restore(tmp_path / "new", tmp_path / "copy.db", "rhubarb", NOW)
    assert (tmp_path / "new" / "files" / name).read_bytes() == b"a map of the lake"


def test_restore_makes_a_vault_where_there_was_none(world: World, tmp_path: Path) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    backup = upkeep.backup(world.desk, tmp_path / "copy.db")
    assert upkeep.restore(tmp_path / "new" / "vault", backup, None, NOW) is None
    world.database = open_vault(tmp_path / "new" / "vault")
    assert world.people() == {"Ana"}


def test_restore_replaces_a_vault_that_is_damaged(world: World, tmp_path: Path) -> None:
    """
    2025-01-05 mail Ana > me
    today 2025-02-01
    """
    backup = upkeep.backup(world.desk, tmp_path / "copy.db")
    file = _folded_in(world)
    file.write_bytes(b"no database at all" * 300)
    former = upkeep.restore(file.parent, backup, None, NOW)
    assert former is not None
    assert former.read_bytes() == b"no database at all" * 300
    world.database = open_vault(file.parent)
    assert world.people() == {"Ana"}


def test_a_copy_that_fails_leaves_nothing_and_no_copy_is_open_to_others(world: World, tmp_path: Path) -> None:
    """today 2025-02-01"""
    _fill(world)
    folder = tmp_path / "copies"
    folder.mkdir()
    world.database.execute = _no_room  # type: ignore[assignment]
    with pytest.raises(apsw.FullError):
        upkeep.backup(world.desk, folder / "copy.db")
    assert list(folder.iterdir()) == []
    del world.database.execute
    world.database.execute = world.database.connection.execute
    file = upkeep.backup(world.desk, folder / "copy.db")
    assert [one.stat().st_mode & 0o777 for one in folder.iterdir()] == [0o600]
    with pytest.raises(AmityError, match="in use"):  # the world's own connection
        upkeep.restore(world.folder / "vault", file, None, NOW)
    assert not list((world.folder / "vault").glob("*.partial"))


def _no_room(sql: str, bindings: tuple[str, ...]) -> None:
    (file,) = bindings
    assert Path(file).stat().st_mode & 0o777 == 0o600
    raise apsw.FullError(f"no room for {sql}")


def _newer(file: Path) -> None:
    connection = apsw.Connection(str(file))
    connection.pragma("user_version", 9999)
    connection.close()


@pytest.mark.parametrize(
    "what", ["garbage", "pages", "empty", "truncated", "flipped", "other", "newer", "missing", "folder"]
)
def test_what_is_no_whole_backup_is_refused_and_the_vault_stays(world: World, tmp_path: Path, what: str) -> None:
    """today 2025-02-01"""
    _fill(world)
    file = upkeep.backup(world.desk, tmp_path / "copy.db")
    data = file.read_bytes()
    if what == "garbage":
        file.write_bytes(b"garbage")
    elif what == "pages":
        file.write_bytes(random.Random(1).randbytes(8192))
    elif what == "empty":
        file.write_bytes(b"")
    elif what == "truncated":
        file.write_bytes(data[: len(data) // 2])
    elif what == "flipped":
        file.write_bytes(data[:20_000] + bytes(20_000) + data[40_000:])
    elif what == "other":
        file.unlink()
        apsw.Connection(str(file)).execute("CREATE TABLE moment (id INTEGER)")
    elif what == "newer":
        _newer(file)
    else:
        file.unlink()
        if what == "folder":
            file.mkdir()
    before = _dump(world.database)
    world.close()
    with pytest.raises(AmityError) as refusal:
        upkeep.restore(world.folder / "vault", file, None, NOW)
    assert refusal.value.code in (Code.DAMAGED, Code.USAGE, Code.REFUSED, Code.NOT_FOUND)
    world.database = open_vault(world.folder / "vault")
    assert _dump(world.database) == before


IMPORTER = """
    import sys
    from datetime import date
    from pathlib import Path
    from amity.app import intake
    from amity.app.desk import Desk
    from amity.store.db import open_vault
    desk = Desk(open_vault(Path(sys.argv[1])), date(2025, 2, 1), 1_767_225_600)
    print("ready", flush=True)
    sys.stdin.readline()
    key = "the same" if sys.argv[2] == "--key" else ""
    files = [Path(name) for name in sys.argv[2:] if name != "--key"]
    report = intake.import_(desk, files, me=["me@home.example"], key=key)
    print(sum(source.new for source in report.sources), flush=True)
"""
LOGGER = """
    import sys
    from datetime import date
    from pathlib import Path
    from amity.app import ledger
    from amity.app.desk import Desk
    from amity.store.db import open_vault
    desk = Desk(open_vault(Path(sys.argv[1])), date(2025, 2, 1), 1_767_225_600)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(15):
        ledger.log(desk, f"coffee with {sys.argv[2]} yesterday about matter {number}")
    print("done", flush=True)
"""


def _start(code: str, *args: object) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, args)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def test_two_who_write_at_once_lose_nothing(tmp_path: Path) -> None:
    world = World(tmp_path)
    children = [_start(LOGGER, tmp_path / "vault", name) for name in ("Ana", "Bo")]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    assert [child.communicate(timeout=60)[0] for child in children] == ["done\n", "done\n"]
    assert {name: world.tie(name).met for name in ("Ana", "Bo")} == {"Ana": 15, "Bo": 15}
    assert len(upkeep.history(world.desk)) == 30
    assert upkeep.verify(world.desk).sound


def test_two_who_import_under_one_key_import_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    files = world.files("\n".join(f"2025-01-05T{n // 60:02}:{n % 60:02}:00Z mail Ana > me: {n}" for n in range(900)))
    children = [_start(IMPORTER, tmp_path / "vault", "--key", *files) for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    new = [int(child.communicate(timeout=60)[0]) for child in children]
    assert sum(new) == 900
    done = [change.summary for change in upkeep.history(world.desk) if change.kind == "import"]
    assert done == ["Imported told-1.csv: 900 new"]
    assert world.tie("Ana").received == 900
    world.undo_all()
    assert world.ties() == set()
    assert upkeep.verify(world.desk).sound


def test_who_waits_too_long_for_another_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db, "BUSY_MS", 100)
    one, two = open_vault(tmp_path / "vault", create=True), open_vault(tmp_path / "vault")

    def write() -> None:
        with two.transaction():
            pass

    with one.transaction():
        with pytest.raises(AmityError) as refusal:
            write()
        assert two.value("SELECT count(*) FROM moment") == 0, "reading goes on meanwhile"
    assert refusal.value.code is Code.REFUSED
    write()


def test_a_backup_while_an_import_runs_is_whole(tmp_path: Path) -> None:
    world = World(tmp_path)
    files = []
    for day in days("2023-01-01", 3, 12):
        lines = [f"{day}T{n // 60:02}:{n % 60:02}:00Z mail P{n % 40} > me: {n}" for n in range(200)]
        files += world.files("\n".join(lines))
    child = _start(IMPORTER, tmp_path / "vault", *files)
    assert child.stdin is not None
    child.stdin.write("go\n")
    child.stdin.flush()
    sizes = []
    while child.poll() is None and len(sizes) < 6:
        copy = upkeep.backup(world.desk, tmp_path / f"copy-{len(sizes)}.db")
        (tmp_path / f"back-{len(sizes)}").mkdir()
        shutil.copy(copy, tmp_path / f"back-{len(sizes)}" / FILE)
        then = World.__new__(World)
        then.database, then.day, then.settings = open_vault(tmp_path / f"back-{len(sizes)}"), world.day, world.settings
        assert upkeep.verify(then.desk).sound
        sizes.append(then.database.value("SELECT count(*) FROM moment"))
        then.close()
    assert child.communicate(timeout=60)[0] == "2400\n"
    assert sizes == sorted(sizes)
    assert upkeep.verify(world.desk).sound
    assert upkeep.verify(world.desk).checked["moment"] == 2400
