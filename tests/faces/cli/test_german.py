"""The command line in German: by the terminal's word or the owner's, and never in what a program reads."""

from __future__ import annotations

from gettext import GNUTranslations
from pathlib import Path

import pytest
from small_world import ANA, Call

from amity.faces.cli.main import COMMANDS
from amity.language import CATALOGUES

AMONG = 3  # words from which a message is told from a name


@pytest.fixture
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sit at a terminal that is set to German."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")


def english() -> list[str]:
    """Return messages of several words, no figures in them, whose German is another."""
    with (CATALOGUES / "de" / "LC_MESSAGES" / "amity.mo").open("rb") as file:
        found = GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return [
        message
        for message, said in found.items()
        if isinstance(message, str) and "\x04" not in message and message != said
        if message.count(" ") >= AMONG and not set(message) & set("{%<`\n")
    ]


@pytest.mark.usefixtures("german", "vault")
@pytest.mark.parametrize(
    "words",
    [
        ("today",),
        ("ties",),
        ("show", ANA),
        ("brief", ANA),
        ("week",),
        ("circles",),
        ("why", ANA),
        ("people",),
        ("ledger",),
        ("goals",),
        ("mirror",),
        ("portfolio",),
        ("letter",),
        ("encounters",),
        ("machines",),
        ("duplicates",),
        ("sources",),
        ("settings",),
        ("history",),
    ],
)
def test_what_a_terminal_shows_is_german(amity: Call, words: tuple[str, ...]) -> None:
    said = amity(*words)
    assert said.code == 0, said.err
    flat = " ".join(said.out.split())
    assert [message for message in english() if message in flat] == []


@pytest.mark.usefixtures("german")
def test_help_is_german_for_every_command(amity: Call) -> None:
    assert amity("--help").out.startswith("Aufruf: ")
    for name in COMMANDS:
        flat = " ".join(amity(name, "--help").out.split())
        assert [message for message in english() if message in flat] == [], name


@pytest.mark.usefixtures("german", "vault")
def test_the_day_in_german_and_what_a_program_reads_in_english(amity: Call) -> None:
    assert "Montag, 30. Juni 2025" in amity("today").out
    english_day = amity("today", "--json").json
    assert any("You " in words or "They " in words for line in english_day["suggestions"] for words in line["why_now"])
    assert amity("settings", "language", "de").code == 0
    german_day = amity("today", "--json").json
    assert [one["id"] for one in german_day["suggestions"]] == [one["id"] for one in english_day["suggestions"]]
    assert not {w for one in german_day["suggestions"] for w in one["why_now"]} & {
        w for one in english_day["suggestions"] for w in one["why_now"]
    }


@pytest.mark.usefixtures("vault")
def test_the_owner_s_word_outranks_the_terminal(amity: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    assert amity("settings", "language", "en").code == 0
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert "Monday, 30 June 2025" in amity("today").out


@pytest.mark.usefixtures("german")
def test_errors_are_german(amity: Call, tmp_path: Path) -> None:
    assert "Meintest du ties oder tie?" in amity("tis").err
    assert amity("ties", vault=tmp_path / "nowhere").err.startswith("amity: In ")
    assert "Es gibt keine Option „--hard“." in amity("today", "--hard").err
    assert "Es fehlt das Argument „PERSON" in amity("show").err
    assert "„many“ ist keine ganze Zahl" in amity("today", "--limit", "many").err


@pytest.mark.usefixtures("german")
def test_what_could_not_be_read_is_told_in_german_though_it_was_noted_in_english(
    amity: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = tmp_path / "met.csv"
    table.write_text("when,channel,from,to\n2025-13-40,mail,a@x.org,me@x.org\n", encoding="utf-8")
    assert amity("init", "--me", "me@x.org").code == 0
    amity("import", table)
    assert "„2025-13-40“ ist kein" in amity("troubles").out
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert '"2025-13-40" is no' in amity("troubles").out
