"""The door: where, when, with which key."""

from __future__ import annotations

import errno
import sys
from datetime import date
from pathlib import Path
from types import ModuleType, SimpleNamespace

import apsw
import pytest

from amity.errors import AmityError, Code
from amity.faces import door
from amity.store.db import FILE


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AMITY_VAULT", "AMITY_TODAY", "AMITY_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))


class Ring(ModuleType):
    """A keyring that holds its keys in a dictionary, or has no place to hold them."""

    def __init__(self, works: bool = True) -> None:
        super().__init__("keyring")
        self.held: dict[tuple[str, str], str] = {}
        self.works = works
        self.errors = SimpleNamespace(KeyringError=LookupError)

    def set_password(self, service: str, name: str, secret: str) -> None:
        if not self.works:
            raise LookupError("No recommended backend was available.\nInstall one.")
        self.held[service, name] = secret

    def get_password(self, service: str, name: str) -> str | None:
        if not self.works:
            raise LookupError("No recommended backend was available.")
        return self.held.get((service, name))


def test_what_is_said_outranks_the_environment_and_that_the_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door.folder_of(None).name == "amity"
    monkeypatch.setenv("AMITY_VAULT", str(tmp_path / "env"))
    assert door.folder_of(None) == tmp_path / "env"
    assert door.folder_of(tmp_path / "said") == tmp_path / "said"
    assert door.day_of(None) is None
    monkeypatch.setenv("AMITY_TODAY", "2025-01-02")
    assert door.day_of(None) == date(2025, 1, 2)
    assert door.day_of("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize("text", ["yesterday", "2025-02-30", "2025"])
def test_a_day_that_is_none(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AmityError) as caught:
        door.day_of(text)
    assert caught.value.code is Code.USAGE
    monkeypatch.setenv("AMITY_TODAY", text)
    with pytest.raises(AmityError, match="AMITY_TODAY"):
        door.day_of(None)


def test_a_given_day_begins_at_the_same_moment_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.localtime", lambda: SimpleNamespace(tm_gmtoff=7200))
    assert door.settings_of(tmp_path).utc_offset == 120
    assert door.settings_of(tmp_path, fixed_day=True).utc_offset == 0
    (tmp_path / "settings.toml").write_text("utc_offset = -60\nminutes = 45\n")
    assert door.settings_of(tmp_path).utc_offset == -60
    assert door.settings_of(tmp_path, fixed_day=True).minutes == 45


def test_a_key_in_the_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring = Ring()
    monkeypatch.setitem(sys.modules, "keyring", ring)
    vault = tmp_path / "vault"
    door.make_vault(vault, "keyring")
    (secret,) = ring.held.values()
    assert list(ring.held) == [("amity", str(vault))]
    assert secret not in (vault / "vault.toml").read_text()
    door.open_desk(vault, "2025-01-01").database.close()
    ring.held.clear()
    with pytest.raises(AmityError) as caught:
        door.open_desk(vault)
    assert caught.value.code is Code.REFUSED
    monkeypatch.setenv("AMITY_PASSPHRASE", secret)
    door.open_desk(vault).database.close()


def test_a_vault_with_its_key_in_the_keyring_may_move_and_no_key_is_ever_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    monkeypatch.setitem(sys.modules, "keyring", ring)
    vault, moved = tmp_path / "vault", tmp_path / "moved"
    door.make_vault(vault, "keyring")
    (secret,) = ring.held.values()
    vault.rename(moved)
    door.open_desk(moved).database.close()

    with pytest.raises(AmityError, match="earlier vault") as caught:
        door.make_vault(vault, "keyring")
    assert caught.value.code is Code.REFUSED
    assert list(ring.held.values()) == [secret]

    how, found = door.how_for(vault, moved / FILE)
    assert (how.key, how.name, found) == ("keyring", str(vault), secret), "the vault is lost, its key is not"


def test_a_vault_whose_making_was_cut_off_is_made_with_the_same_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ring = Ring()
    monkeypatch.setitem(sys.modules, "keyring", ring)
    with monkeypatch.context() as patch:
        patch.setattr(door, "open_vault", _cut_off)
        with pytest.raises(OSError, match="cut"):
            door.make_vault(tmp_path / "vault", "keyring")
    kept = dict(ring.held)
    door.make_vault(tmp_path / "vault", "keyring")
    assert ring.held == kept
    door.open_desk(tmp_path / "vault").database.close()


def _cut_off(*_args: object, **_more: object) -> None:
    raise OSError(errno.EIO, "cut")


def test_it_is_the_backup_that_lacks_its_key(tmp_path: Path) -> None:
    file = tmp_path / "copy.db"
    file.write_bytes(b"\x07" * 8192)
    with pytest.raises(AmityError, match=r"The backup .*copy\.db is encrypted"):
        door.how_for(tmp_path / "vault", file)
    file.write_bytes(b"debian\n")
    with pytest.raises(AmityError, match="no backup of an Amity vault, or is cut short") as caught:
        door.how_for(tmp_path / "vault", file)
    assert caught.value.code is Code.DAMAGED


def test_without_a_keyring_no_vault_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for ring in (Ring(works=False), None):
        monkeypatch.setitem(sys.modules, "keyring", ring)
        with pytest.raises(AmityError) as caught:
            door.make_vault(tmp_path / "vault", "keyring")
        assert caught.value.code is Code.REFUSED
        assert "passphrase" in caught.value.hint
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "vault").exists()


def test_a_passphrase_at_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    typed = iter(["one", "two", "", "right", "right", "right", "wrong"])
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    vault = tmp_path / "vault"
    with pytest.raises(AmityError, match="differ"):
        door.make_vault(vault, "passphrase")
    with pytest.raises(AmityError, match="empty"):
        door.make_vault(vault, "passphrase")
    door.make_vault(vault, "passphrase")
    door.open_desk(vault).database.close()
    with pytest.raises(AmityError) as caught:
        door.open_desk(vault)
    assert caught.value.code is Code.REFUSED
    with pytest.raises(AmityError, match="no key"):
        door.open_desk(vault, ask=False)


def test_one_door_opens_again_and_again(tmp_path: Path) -> None:
    door.make_vault(tmp_path)
    entrance = door.unlock(tmp_path, "2025-01-01")
    first, second = entrance.open(), entrance.open()
    assert first.today == second.today == date(2025, 1, 1)
    first.database.close()
    second.database.close()


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (apsw.CorruptError("CorruptError: malformed"), Code.DAMAGED),
        (apsw.NotADBError("NotADBError: no"), Code.DAMAGED),
        (apsw.BusyError("BusyError: locked"), Code.REFUSED),
        (apsw.ReadOnlyError("ReadOnlyError: no"), Code.REFUSED),
        (apsw.FullError("FullError: full"), Code.REFUSED),
        (apsw.IOError("IOError: disk"), Code.REFUSED),
        (FileNotFoundError(errno.ENOENT, "No such file", "/a"), Code.NOT_FOUND),
        (PermissionError(errno.EACCES, "Permission denied", "/a"), Code.REFUSED),
        (UnicodeEncodeError("utf-8", "caf\udce9.mbox", 3, 4, "surrogates not allowed"), Code.USAGE),
        (OSError(errno.ENOSPC, "No space left on device", "/a"), Code.REFUSED),
    ],
)
def test_what_the_machine_reports_in_our_words(error: Exception, code: Code, tmp_path: Path) -> None:
    told = door.explain(error, tmp_path)
    assert told is not None
    assert told.code is code
    assert told.hint
    assert "\n" not in str(told)


def test_a_fault_of_ours_is_not_explained_away(tmp_path: Path) -> None:
    assert door.explain(RuntimeError("?"), tmp_path) is None
    assert door.explain(apsw.SQLError("SQLError: no such column"), tmp_path) is None


def test_a_vault_from_before_any_release_is_told_as_such() -> None:
    said = door.explain(apsw.SQLError("SQLError: no such table: version"))
    assert said is not None
    assert said.code is Code.REFUSED
    assert "before any release" in said.message
    assert door.explain(apsw.SQLError("SQLError: near SELECT: syntax error")) is None, "that is a fault of ours"
