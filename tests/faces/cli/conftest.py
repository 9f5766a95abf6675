"""A hand on the command line, and a vault that holds the small world."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from small_world import CARDS, TODAY, Call, Said, write_mbox, write_table

from amity.faces.cli.main import amity as program


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AMITY_VAULT", "AMITY_TODAY", "AMITY_PASSPHRASE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def amity(tmp_path: Path) -> Call:
    """Call the command line on the test's own vault, as of TODAY unless told otherwise."""

    def call(*args: object, vault: Path | None = None, today: str = TODAY) -> Said:
        words = [str(arg) for arg in args]
        where = ["--vault", str(vault or tmp_path / "vault")] if "--vault" not in words else []
        when = ["--today", today] if "--today" not in words and today else []
        result = CliRunner().invoke(program, [*where, *when, *words])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Said(result.exit_code, result.stdout, result.stderr)

    return call


@pytest.fixture
def archives(tmp_path: Path) -> list[Path]:
    """Write a mailbox of four people and a robot, an address book, and a table of meetings."""
    folder = tmp_path / "archives"
    folder.mkdir()
    cards = folder / "contacts.vcf"
    cards.write_text(CARDS, encoding="utf-8")
    return [write_mbox(folder / "mail.mbox"), cards, write_table(folder / "met.csv")]


@pytest.fixture
def vault(amity: Call, archives: list[Path], tmp_path: Path) -> Path:
    """Make a vault that holds the small world."""
    assert amity("init").code == 0
    assert amity("import", *archives).code == 0
    return tmp_path / "vault"
