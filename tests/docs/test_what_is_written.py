"""The pages cannot lie: what they show is run, what they link to is there, what they name exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(
    [path for path in ROOT.glob("*.md") if path.name != "LICENSE.md"]
    + [path for path in (ROOT / "docs").rglob("*.md") if path.is_file()]
)
FENCE = re.compile(r"^(?P<indent> *)```(?P<kind>\w*)\n(?P<body>.*?)^(?P=indent)```$", re.MULTILINE | re.DOTALL)
SAVED = re.compile(r"[Ss]ave this as `(?P<name>[\w./ -]+)`[^`]*\Z")
SHOWN = [page for page in PAGES if "```console" in page.read_text(encoding="utf-8")]
PRINCIPLES = [
    f"{family}{number}" for family, most in zip("BDGRA", (6, 7, 6, 7, 9), strict=True) for number in range(1, most + 1)
]


class Block(NamedTuple):
    """One fenced block of a page: its kind, its text, and under which name the page says to save it."""

    kind: str
    text: str
    saved_as: str
    line: int


class Step(NamedTuple):
    """One command of a console block, and what the page shows of its answer."""

    command: str
    shown: list[str]
    line: int


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = []
    for match in FENCE.finditer(text):
        saved = SAVED.search(text, 0, match.start())
        line = text.count("\n", 0, match.start()) + 1
        found.append(Block(match["kind"], match["body"], saved["name"] if saved else "", line))
    return found


def steps(block: Block) -> list[Step]:
    found: list[Step] = []
    for number, line in enumerate(block.text.splitlines(), block.line + 1):
        if line.startswith("$ "):
            found.append(Step(line[2:], [], number))
        else:
            assert found, f"line {number}: an answer without a command"
            found[-1].shown.append(line)
    return found


def agrees(shown: list[str], said: str) -> bool:
    """Compare an answer with what a page shows of it: … stands for any text, on a line of its own for any lines."""
    pattern = ""
    for line in shown:
        if line.strip() == "…":
            pattern += r"(?:.*\n)*?"
        else:
            pattern += ".*?".join(map(re.escape, line.split("…"))) + r"[ ]*\n"
    return re.fullmatch(pattern, said) is not None


@pytest.fixture
def home() -> Iterator[Path]:
    """Make a home whose path is short, so that what names it is not wrapped."""
    with TemporaryDirectory(prefix="a") as folder:
        yield Path(folder)


@pytest.fixture
def surroundings(home: Path) -> dict[str, str]:
    """Give a page a home of its own, and the command line on the path."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("AMITY_", "XDG_"))}
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return kept | {"HOME": str(home), "PATH": path, "COLUMNS": "80", "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"}


@pytest.mark.parametrize("page", SHOWN, ids=named)
def test_what_a_page_shows_is_what_happens(page: Path, home: Path, surroundings: dict[str, str]) -> None:
    for block in blocks(page):
        if block.saved_as:
            (home / block.saved_as).parent.mkdir(parents=True, exist_ok=True)
            (home / block.saved_as).write_text(block.text, encoding="utf-8")
        if block.kind != "console":
            continue
        for step in steps(block):
            if told := re.fullmatch(r"export (\w+)=(.*)", step.command):
                surroundings[told[1]] = told[2]
                continue
            ran = subprocess.run(
                ["bash", "-c", step.command], cwd=home, env=surroundings, text=True, timeout=120, check=False,
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            where = f"{named(page)}:{step.line}: {step.command}"
            assert ran.returncode in (0, 1), f"{where}\n{ran.stdout}"
            assert agrees(step.shown, ran.stdout), f"{where}\n--- it said\n{ran.stdout}"


def test_the_wildcard_is_no_blank_cheque() -> None:
    assert agrees(["one", "…", "four"], "one\ntwo\nthree\nfour\n")
    assert agrees(["took … s"], "took 0.3 s\n")
    assert not agrees(["one", "…", "four"], "one\ntwo\n")
    assert not agrees(["took … s", "more"], "took 0.3 s\n")
    assert not agrees([], "said something\n")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_cannot_be_run_here_names_targets_that_there_are(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for block in blocks(page):
        if block.kind != "sh":
            continue
        for line in block.text.splitlines():
            command = line.partition("#")[0].split()
            if not command:
                continue
            if command[0] == "make":
                assert set(command[1:2]) <= targets, line
            elif command[:3] == ["python", "-m", "benchmarks"]:
                assert (ROOT / "benchmarks" / f"{command[3]}.py").is_file(), line
            elif command[0].endswith("amity"):
                assert run_help(command[1]), line
            else:
                assert command[0] in (".", "python", "python3", "pip", "apt-get", "sudo", "git", ".ci/run"), line


def run_help(command: str) -> bool:
    from amity.faces.cli.main import COMMANDS

    return command in COMMANDS


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)", text, re.MULTILINE):
        link = "".join(target)
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{named(page)} links to {link}"
        assert not anchor or anchor in anchors(there), f"{named(page)} links to {link}"


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def test_every_principle_of_the_method_has_one_row_that_says_where_it_lives() -> None:
    text = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([BDGRA]\d) \|(.*)\|(.*)\|$", text, re.MULTILINE)
    assert [row[0] for row in rows] == PRINCIPLES
    for principle, _, lives in rows:
        assert "src/amity/" in lives or lives.strip().startswith("Not yet"), principle


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_what_a_page_names_exists(page: Path) -> None:
    from amity.faces.cli.main import COMMANDS

    text = page.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:src|tests|tools|benchmarks|docs)/[\w./*-]*)`", text):
        assert any(ROOT.glob(path.rstrip("/"))), f"{named(page)} names {path}"
    # The reference is the program's own help, wrapped as help is; another test holds it to the program.
    for command in re.findall(r"`amity ([a-z][\w-]*)", "" if page.parent.name == "reference" else text):
        assert command in COMMANDS, f"{named(page)} names amity {command}"
    for benchmark in re.findall(r"`python -m benchmarks ([a-z]+)", text):
        assert (ROOT / "benchmarks" / f"{benchmark}.py").is_file(), f"{named(page)} names {benchmark}"


def test_every_source_has_its_place_on_the_page_of_formats() -> None:
    from amity.sources.catalog import LIVE, SOURCES

    text = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [source.name for source in (*SOURCES, *LIVE) if f"`{source.name}`" not in text] == []


def test_the_index_of_sources_has_every_source_and_every_page() -> None:
    from amity.sources.catalog import LIVE, SOURCES

    index = ROOT / "docs" / "sources" / "README.md"
    text = index.read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`([\w-]+)`\]", text, re.MULTILINE)
    assert sorted(rows) == sorted(source.name for source in (*SOURCES, *LIVE))
    pages = {page.name for page in index.parent.glob("*.md")} - {index.name}
    assert {page for page in pages if f"({page})" not in text} == set()


def test_the_columns_of_a_table_are_told_as_they_are_read() -> None:
    from amity.sources.interactions import COLUMNS

    assert ",".join(COLUMNS) in (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")


def test_the_settings_are_told_as_they_are() -> None:
    from amity.settings import TABLE

    text = (ROOT / "docs" / "how-to" / "settings.md").read_text(encoding="utf-8")
    for setting in TABLE:
        assert f"| `{setting.name}` | {setting.default or '–'} | {setting.meaning} |" in text
