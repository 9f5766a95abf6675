"""The command line as a process: what it imports, what it pipes, how it is stopped, how the shell completes it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from small_world import TODAY, mail

from amity.faces.cli.main import COMMANDS, amity
from amity.faces.cli.reference import FILE, reference

# What a person waits for at every call. A library joins this list only with a reason.
HELP = {"amity", "click"}
READS = {"amity", "apsw", "click", "msgspec"}
# numpy is needed where figures are explained, and by nothing else.
NEVER = (
    "asyncio", "email", "http", "jinja2", "keyring", "multiprocessing", "numpy", "phonenumbers", "platformdirs",
    "rich", "sqlite3", "ssl", "starlette", "urllib.request", "uvicorn",
)  # fmt: skip


def environment(vault: Path, **more: str) -> dict[str, str]:
    return {**os.environ, "AMITY_VAULT": str(vault), "AMITY_TODAY": TODAY, **more}


def run(vault: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from amity.faces.cli.main import main; main()", *args]
    return subprocess.run(command, env=environment(vault, **more), capture_output=True, text=True, timeout=60)


def imported(vault: Path, *args: str) -> set[str]:
    """Return the modules that one call imports."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from amity.faces.cli.main import main; main()", *args],
        env=environment(vault), capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr[-400:]
    lines = [line for line in told.stderr.splitlines() if line.startswith("import time:")]
    return {line.rpartition("|")[2].strip() for line in lines[1:]}


def foreign(modules: set[str]) -> set[str]:
    """Return the top-level packages that neither Python nor the hooks of its installation bring."""
    tops = {name.partition(".")[0] for name in modules}
    hooks = {"_distutils_hack", "sitecustomize", "usercustomize", "org"}  # "org": what pickle looks for under Jython
    return {name for name in tops - set(sys.stdlib_module_names) - hooks if not name.startswith(("_", "typing_ext"))}


@pytest.mark.parametrize(
    ("args", "allowed"),
    [
        (("--help",), HELP),
        (("today", "--help"), HELP),
        (("today", "--json"), READS),
        (("people", "--json"), READS),
        (("people",), READS),
        (("history", "--json"), READS),
    ],
)
def test_a_call_imports_little(vault: Path, args: tuple[str, ...], allowed: set[str]) -> None:
    run(vault, "today", "--json")
    modules = imported(vault, *args)
    assert foreign(modules) <= allowed
    assert not [name for name in NEVER if name in modules]


def test_help_imports_no_command(vault: Path) -> None:
    modules = imported(vault, "--help")
    assert not [name for name in modules if name.startswith("amity.faces.cli.commands.")]
    assert "amity.app" not in modules


def test_a_pipe_gets_no_colour(vault: Path) -> None:
    people = json.loads(run(vault, "people", "--json").stdout)
    for args in (["today"], ["ties"], ["people"], ["show", people[0]["id"]], ["history"], ["machines"], ["settings"]):
        said = run(vault, *args)
        assert said.returncode == 0, said.stderr
        assert "\x1b" not in said.stdout + said.stderr


def test_json_is_one_document_and_nothing_else(vault: Path) -> None:
    for args in (["today"], ["ties"], ["people"], ["machines"], ["history"], ["verify"], ["me"], ["settings"]):
        said = run(vault, *args, "--json")
        json.loads(said.stdout)
        assert said.stderr == ""


def test_whoever_stops_reading_hears_no_complaint(vault: Path) -> None:
    for args in (["read", str(vault.parent / "archives")], ["ties", "--json"]):
        command = [sys.executable, "-c", "from amity.faces.cli.main import main; main()", *args]
        process = subprocess.Popen(command, env=environment(vault), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        process.stderr.close()
        assert process.wait(60) == 0


def test_a_stopped_import_goes_on(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a long mailbox keeps what was read; the same command reads the rest, none of it twice."""
    from datetime import date, timedelta

    box = tmp_path / "long.mbox"
    start = date(2015, 1, 1)
    mia = "Mia <mia@home.example>"
    with box.open("w", encoding="utf-8") as stream:
        for number in range(60_000):
            day = start + timedelta(number % 3650)
            stream.write(mail(number, day, f"P{number % 300} <p{number % 300}@sea.example>", mia, f"Word {number}"))
    vault = tmp_path / "vault"
    assert run(vault, "init").returncode == 0
    command = [sys.executable, "-c", "from amity.faces.cli.main import main; main()", "import", str(box), "--json"]
    process = subprocess.Popen(
        command, env=environment(vault), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    log = vault / "amity.db-wal"
    while process.poll() is None and not (log.exists() and log.stat().st_size > 1 << 20):
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    if process.returncode == 0:
        pytest.skip("the machine read it all before it could be stopped")
    assert process.returncode == 130
    assert out == ""
    assert "goes on from there" in err
    document = json.loads(run(vault, "import", str(box), "--json").stdout)
    (source,) = document["sources"]
    assert source["read"] == source["new"] + source["known"] == 60_000
    assert json.loads(run(vault, "verify", "--json").stdout)["checked"]["moment"] == 60_000


def test_the_shell_completes_commands_and_people(vault: Path) -> None:
    def complete(words: str, place: int) -> list[str]:
        said = run(vault, _AMITY_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=str(place))
        assert said.stderr == ""
        return [line.partition(",")[2] for line in said.stdout.splitlines()]

    assert complete("amity to", 1) == ["today", "token"]
    assert "Ana Sol" in complete("amity show An", 2)
    assert complete("amity done p", 2)
    assert complete("amity show Ana S", 3) == ["Sol"], "what stands already is not said again"
    assert "--vault" in complete("amity import --va", 2)
    file = run(vault, _AMITY_COMPLETE="bash_complete", COMP_WORDS="amity import mai", COMP_CWORD="2")
    assert file.stdout.strip() == "file,mai"
    nowhere = vault.parent / "nowhere"
    said = run(nowhere, _AMITY_COMPLETE="bash_complete", COMP_WORDS="amity show A", COMP_CWORD="2")
    assert (said.stdout.strip(), said.stderr) == ("", "")


def test_words_are_read_as_they_were_written_whatever_the_locale(vault: Path) -> None:
    bare = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    assert json.loads(run(vault, "log", "dinner with Zoë", "--json", **bare).stdout)["people"] == ["Zoë"]
    for args in (("show", b"\xe9"), ("people", b"\xe9"), ("log", b"caf\xe9 with Bo"), ("me", "--add", b"\xe9")):
        said = run(vault, *(os.fsdecode(arg) if isinstance(arg, bytes) else arg for arg in args))
        assert (said.returncode, said.stderr.count("\n")) == (2, 1), said.stderr
        assert "no text in UTF-8" in said.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(vault: Path, shell: str) -> None:
    said = run(vault, "completion", shell)
    assert said.returncode == 0
    assert "_AMITY_COMPLETE" in said.stdout


def test_the_reference_is_what_the_program_says() -> None:
    assert FILE.read_text(encoding="utf-8") == reference(), "run `python -m amity.faces.cli.reference`"


def test_every_command_of_the_table_is_there() -> None:
    import click

    context = click.Context(amity)
    for name in COMMANDS:
        command = amity.get_command(context, name)
        assert command is not None
        assert command.name == name
        assert command.help


def test_the_demo_ends_with_the_day_and_the_pages(tmp_path: Path) -> None:
    """The demo reads a life from files into a vault of its own, tells the day, and serves it until it is stopped."""
    pytest.importorskip("starlette")
    import urllib.request

    folder = tmp_path / "life"
    command = [sys.executable, "-c", "from amity.faces.cli.main import main; main()"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("AMITY_")}
    arguments = ["demo", "--vault", str(folder), "--port", "0", "--no-browser"]
    process = subprocess.Popen(
        [*command, *arguments], env=quiet, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        address = next(line for line in process.stderr if "http://127.0.0.1:" in line)
        place = "http://" + address.partition("http://")[2].partition("/")[0]
        with urllib.request.urlopen(place + "/", timeout=20) as page:
            assert b"Goldmann" not in page.read()  # who has no key sees no names
    finally:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 0, err
    for words in ("Arthur Schnitzler", "critical few", "CC BY 4.0", "Tuesday, 1 October 1895", "amity done ID"):
        assert words in out
    again = subprocess.run([*command, "demo", "--vault", str(folder), "--json"], env=quiet, capture_output=True)
    document = json.loads(again.stdout)
    assert {source["new"] for source in document["sources"]} == {0}
    assert document["today"]["suggestions"]
    assert document["me"]["handles"] == ["arthur.schnitzler@letters.example"]
    history = [*command, "history", "--vault", str(folder), "--json"]
    kinds = [one["kind"] for one in json.loads(subprocess.run(history, env=quiet, capture_output=True).stdout)]
    assert kinds == ["target"] * 8 + ["goal", "me", "import"], "and nothing of it twice"
