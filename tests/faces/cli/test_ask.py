"""The ask coach on the command line: without a vault, with one, piped, and composing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from small_world import Call, Said

from amity.faces.cli.main import amity as program

KINDS = {
    "hidden_ask", "pitch_in_disguise", "lecture", "vague", "pushy", "flattery", "mixed_gift_and_ask", "cold_ask",
    "open_promise",
}  # fmt: skip
LETTER = "Hi Bo,\r\n\r\nI'd love to pick your brain 😊. Please reply ASAP!\r\n\r\nMia\r\n"


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    file = tmp_path / "letter.txt"
    file.write_bytes(LETTER.encode())
    return file


def test_a_message_is_checked_without_a_vault(amity: Call, letter: Path) -> None:
    said = amity("ask", "check", letter, "--json")
    assert said.code == 0, said.err
    assert said.err == ""
    told = said.json
    assert list(told["pointers"]) == ["intent", "benefit", "specifics", "time", "out"]
    for pointer in told["pointers"].values():
        assert set(pointer) == {"found", "start", "end", "why", "instead"}
        assert pointer["found"] is (pointer["start"] is not None)
    assert told["verdict"] == "not_yet"
    assert told["words"] == 13
    assert {flag["kind"] for flag in told["flags"]} == {"vague", "pushy"} <= KINDS
    for flag in told["flags"]:
        assert set(flag) == {"kind", "start", "end", "why", "instead"}
    assert any("pick your brain" in LETTER[flag["start"] : flag["end"]] for flag in told["flags"])
    assert any(LETTER[flag["start"] : flag["end"]] == "Please reply ASAP!" for flag in told["flags"])


def test_a_message_is_read_from_a_pipe_and_told_in_words() -> None:
    ran = CliRunner().invoke(
        program, ["ask", "check", "-"], input="Hi Bo, could you lend me the ladder? No worries if not."
    )
    assert ran.exit_code == 0, ran.output
    assert "✓ what you want: “could you lend me the ladder?”" in ran.stdout
    assert "✓ a way out: “No worries if not.”" in ran.stdout
    assert "· how much time" in ran.stdout


def test_a_file_that_is_not_there_is_wrong_usage(amity: Call, tmp_path: Path) -> None:
    assert amity("ask", "check", tmp_path / "none.txt").code == 2
    assert amity("ask", "send", "x").code == 2


def test_with_a_person_what_has_been_is_told(amity: Call, vault: Path, letter: Path) -> None:
    told = amity("ask", "check", letter, "--to", "Bo Hill", "--json").json
    assert "cold_ask" in {flag["kind"] for flag in told["flags"]}
    assert told["history"][0] == "You were last in touch eight months ago."
    assert "eight months ago" in amity("ask", "check", letter, "--to", "Bo Hill").out
    assert amity("ask", "check", letter, "--to", "Nobody Known").code == 3


def ask_new(amity: Call, *more: object) -> Said:
    return amity(
        "ask", "new", "--intent", "could you look over my grant proposal", "--specifics",
        "it is about kiln drying, four pages",
        "--benefit", "I'd gladly read yours", "--time", "20 minutes", "--out", "", "--me", "Mia", *more,
    )  # fmt: skip


def test_an_ask_is_put_together_and_passes_its_own_check(amity: Call, vault: Path, tmp_path: Path) -> None:
    said = ask_new(amity, "--to", "Bo Hill", "--json")
    assert said.code == 0, said.err
    long, short, blurb = said.json["long"], said.json["short"], said.json["blurb"]
    assert long.startswith("Hi Bo,")
    assert "You were last in touch eight months ago." in said.err
    for words in (
        "could you look over my grant proposal",
        "it is about kiln drying, four pages",
        "I'd gladly read yours",
    ):
        assert all(words.lower() in form.lower() for form in (long, short, blurb))
    for form in (long, short):
        file = tmp_path / "form.txt"
        file.write_text(form, encoding="utf-8")
        assert amity("ask", "check", file, "--json").json["verdict"] == "ready", form


def test_what_no_option_gives_is_asked_for_in_turn() -> None:
    ran = CliRunner().invoke(
        program, ["ask", "new", "--me", "Mia"], input="could you lend me the ladder\n\n\nan hour on Saturday\n\n"
    )
    assert ran.exit_code == 0, ran.output
    assert "What is in it for them?" in ran.stderr
    assert "could you lend me the ladder?" in ran.stdout
    assert "It would take an hour on Saturday." in ran.stdout
    assert "Nothing was sent." in ran.stdout


def test_a_proposed_time_is_a_tentative_event_that_invites_nobody(amity: Call, tmp_path: Path) -> None:
    file = tmp_path / "time.ics"
    said = ask_new(amity, "--when", "2025-07-01T15:00", "--minutes", "20", "--ics", file)
    assert said.code == 0, said.err
    assert "How about Tuesday, 1 July 2025, 15:00?" in " ".join(said.out.split())
    text = file.read_bytes().decode()
    assert "ATTENDEE" not in text
    assert "METHOD:PUBLISH\r\n" in text
    assert "STATUS:TENTATIVE\r\n" in text
    assert "DTSTART:20250701T150000\r\n" in text
    assert ask_new(amity, "--when", "2025-07-01T15:00", "--ics", file).code == 4
    assert ask_new(amity, "--ics", file).code == 2
    assert ask_new(amity, "--when", "tomorrow").code == 2


def test_nothing_to_ask_for_is_wrong_usage(amity: Call) -> None:
    assert amity("ask", "new", "--intent", " ", "--benefit", "", "--specifics", "", "--time", "", "--out", "").code == 2
