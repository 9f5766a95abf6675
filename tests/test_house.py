"""The rules of the house that no tool holds."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
HOUSE = ROOT / "src" / "amity"
MODULES = sorted(path for path in HOUSE.rglob("*.py") if "__pycache__" not in path.parts)
WRITTEN = [path for path in MODULES if path.name != "__init__.py"]
BELOW = [path for path in WRITTEN if HOUSE / "faces" not in path.parents]

# What tells the time, where home is, or what the machine was set to.
OUTSIDE = {
    *(f"time.{name}" for name in ("time", "time_ns", "localtime", "gmtime", "ctime", "monotonic", "sleep", "tzset")),
    *(f"datetime.{name}" for name in ("now", "utcnow", "today")),
    *("date.today", "os.environ", "os.getenv", "os.environb", "os.getlogin", "os.path.expanduser"),
    *("Path.home", "sys.stdout", "sys.stderr", "sys.stdin", "sys.argv", "locale.getlocale"),
}
BUILTINS = {"print", "input", "breakpoint"}
METHODS = {"expanduser", "astimezone"}  # without an argument, the second asks for the machine's zone
NETWORK = {"socket", "ssl", "http", "urllib.request", "httpx2", "smtplib", "imaplib", "ftplib", "asyncio", "webbrowser"}
# A folder that changed within the tick in which it was listed may have changed after: nothing else can tell.
EXCUSED = {("src/amity/sources/maildir.py", "time.time_ns")}
EMPTY_WORDS = re.compile(r"util|helper|common|manager|misc", re.IGNORECASE)


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def spelled(node: ast.expr) -> str:
    """Spell a chain of attributes as it is written; nothing for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := spelled(node.value)):
        return f"{before}.{node.attr}"
    return ""


def reached_for(tree: ast.Module) -> Iterator[str]:
    """Name what a module uses of the world outside, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            chain = spelled(node)
            if any(chain == name or chain.endswith(f".{name}") for name in OUTSIDE):
                yield f"{node.lineno}: {chain}"
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if f"{node.module}.{alias.name}" in OUTSIDE:
                    yield f"{node.lineno}: {node.module}.{alias.name}"
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id in BUILTINS:
                yield f"{node.lineno}: {node.func.id}()"
            if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS and not node.args:
                yield f"{node.lineno}: .{node.func.attr}()"


def tree_files() -> list[Path]:
    """Return every file of the tree, those included that are not yet committed."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("needs git, and the repository that the files came with")
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("path", WRITTEN, ids=named)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(parsed(path))


def test_packages_import_nothing_by_themselves() -> None:
    assert [named(path) for path in MODULES if path.name == "__init__.py" and path.read_text().strip()] == []


@pytest.mark.parametrize("path", BELOW, ids=named)
def test_below_the_faces_the_library_is_silent_and_asks_nothing_of_the_machine(path: Path) -> None:
    reached = [found for found in reached_for(parsed(path)) if (named(path), found.split()[-1]) not in EXCUSED]
    assert reached == []


def test_the_rule_of_silence_sees_what_breaks_it() -> None:
    guilty = (
        "from time import time\nprint(1)\ntime.time()\ndatetime.datetime.now()\nos.environ['HOME']\n"
        "pathlib.Path.home()\npath.expanduser()\nwhen.astimezone()\n"
    )
    assert {int(found.partition(":")[0]) for found in reached_for(ast.parse(guilty))} == {1, 2, 3, 4, 5, 6, 7, 8}
    assert list(reached_for(ast.parse("when.astimezone(UTC)\nmoment.time\ndate(2025, 1, 1)\nself.print()\n"))) == []


# The sources that the owner has to name by their address, with a password.
LIVE = {"src/amity/sources/imap.py", "src/amity/sources/webdav.py"}


@pytest.mark.parametrize("path", [path for path in BELOW if named(path) not in LIVE], ids=named)
def test_below_the_faces_nothing_goes_online(path: Path) -> None:
    imported = {alias.name for node in ast.walk(parsed(path)) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(parsed(path)) if isinstance(node, ast.ImportFrom)}
    reached = {
        module for module in imported if any(module == name or module.startswith(f"{name}.") for name in NETWORK)
    }
    assert reached == set()


def test_names_say_something() -> None:
    empty = [named(path) for path in MODULES if any(map(EMPTY_WORDS.search, path.relative_to(HOUSE).parts))]
    empty += [
        f"{named(path)}: class {node.name}"
        for path in WRITTEN
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.ClassDef) and EMPTY_WORDS.search(node.name)
    ]
    assert empty == []


def test_values_are_structs() -> None:
    """A dataclass writes and compiles its methods at every start: docs/decisions/0011-value-classes-are-structs.md."""
    made = re.compile(r"^(?:from|import) dataclasses\b", re.MULTILINE)
    assert [named(path) for path in WRITTEN if made.search(path.read_text(encoding="utf-8"))] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"#.*\b(?:TODO|FIXME|XXX|HACK)\b")
    assert [
        f"{named(path)}:{number}"
        for path in MODULES
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if later.search(line)
    ] == []


def test_the_notice_names_every_data_file_of_others() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    brought = [path for path in HOUSE.rglob("*") if path.suffix in (".xz", ".gz", ".csv", ".json", ".vcf", ".mbox")]
    brought += [path for path in HOUSE.rglob("vendor/*/*") if path.is_file()]
    assert brought
    assert [named(path) for path in brought if path.name not in notice] == []


def test_no_line_of_the_tree_names_a_place_of_one_machine() -> None:
    local = re.compile(
        r"(?<![\w.])/(?:work|root|home/[a-z]+|Users/[a-z]+)/|/tmp/" + r"bash|[a-z]:\\users\\", re.IGNORECASE
    )
    found = []
    for path in tree_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{named(path)}:{at}" for at, line in enumerate(text.splitlines(), 1) if local.search(line)]
    assert found == []
