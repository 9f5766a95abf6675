"""Kill Amity at random moments while it imports and while its owner edits, and count what was lost or doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from dataclasses import dataclass
from pathlib import Path

from benchmarks.report import Report, Table

SUMMARY = "kill -9 at random moments during import and edits: nothing acknowledged lost, nothing doubled"
ROWS = 12_000
EDITS = 400

# The child acknowledges each edit on its standard output only after the operation has returned.
EDITOR = """
import sys
from datetime import date
from pathlib import Path
from amity.app import ledger, upkeep
from amity.app.desk import Desk
from amity.store.db import open_vault
vault, first, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
desk = Desk(open_vault(vault), date(2026, 1, 1), 1_767_225_600)
for number in range(first, first + count):
    ledger.log(desk, f"coffee with Ana yesterday about matter{number}", key=f"edit-{number}")
    print(number, flush=True)
    if number % 5 == 0:
        upkeep.undo(desk, key=f"undo-{number}")
        print(-number, flush=True)
"""
INIT = """
import sys
from pathlib import Path
from amity.store.db import open_vault
open_vault(Path(sys.argv[1]), create=True).close()
"""
IMPORTER = """
import sys, time
from datetime import date
from pathlib import Path
from amity.app import intake, reading
from amity.app.desk import Desk
from amity.store.db import open_vault
reading.ENOUGH = 500
desk = Desk(open_vault(Path(sys.argv[1])), date(2026, 1, 1), 1_767_225_600)
report = intake.import_(desk, [Path(sys.argv[2])], me=["me@home.example"])
source = report.sources[0]
print(source.read, source.new, source.known, len(source.troubles), flush=True)
"""
STATE = """
import json, sys
from datetime import date
from pathlib import Path
from amity.app import upkeep
from amity.app.desk import Desk
from amity.store import decisions
from amity.store.db import open_vault
database = open_vault(Path(sys.argv[1]))
desk = Desk(database, date(2026, 1, 1), 1_767_225_600)
health = upkeep.verify(desk)
gone = decisions.undone(database)
edits = [(d.key, d.id in gone) for d in decisions.standing(database, ("log",))]
logs = database.execute("SELECT key, id FROM decision WHERE kind = 'log'").fetchall()
print(json.dumps({
    "sound": health.sound, "places": health.places, "moments": health.checked["moment"],
    "distinct": database.value("SELECT count(DISTINCT key) FROM moment"),
    "logs": {key: number in gone for key, number in logs},
    "undos": [key for (key,) in database.execute("SELECT key FROM decision WHERE kind = 'undo'")],
}))
"""


@dataclass
class Toll:
    """What the kills did."""

    kills: int = 0
    lost: int = 0
    doubled: int = 0
    unsound: int = 0
    refused: int = 0


def _run(code: str, *args: str, timeout: float | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, timeout=timeout, check=False
    )


def _kill_after(code: str, delay: float, *args: str) -> tuple[str, bool]:
    """Start a child, kill it after a delay, and return what it had acknowledged and whether it was killed."""
    child = subprocess.Popen(
        [sys.executable, "-c", code, *args], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        output, _ = child.communicate(timeout=delay)
        return output, False
    except subprocess.TimeoutExpired:
        os.kill(child.pid, signal.SIGKILL)
        output, _ = child.communicate()
        return output, True


def write_archive(file: Path, rows: int) -> None:
    """Write an archive of contacts with forty people, one row each."""
    lines = ["when,channel,from,to,cc,subject,depth,minutes,id"]
    for number in range(rows):
        day, person = 1 + number % 28, number % 40
        ways = ("me@home.example", f"Friend {person} <f{person}@far.example>")
        sender, reader = ways if number % 2 else ways[::-1]
        when = f"20{10 + number % 15:02}-{1 + number % 12:02}-{day:02}T08:00:00Z"
        lines.append(f"{when},mail,{sender},{reader},,no {number},,,row-{number}")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def state(vault: Path) -> dict[str, object] | None:
    """Read what a vault holds, None where it does not open."""
    done = _run(STATE, str(vault))
    if done.returncode:
        return None
    found: dict[str, object] = json.loads(done.stdout)
    return found


def kill_imports(kills: int, rng: random.Random, folder: Path, rows: int) -> Toll:
    """Import one archive over and over into fresh vaults, killed at a random moment, then to the end."""
    toll = Toll()
    archive = folder / "archive.csv"
    write_archive(archive, rows)
    vault, whole = folder / "timing", 0.0
    _run(INIT, str(vault))
    started = time.perf_counter()
    _run(IMPORTER, str(vault), str(archive))
    whole = time.perf_counter() - started
    vault_number = 0
    while toll.kills < kills:
        vault_number += 1
        vault = folder / f"import-{vault_number}"
        _run(INIT, str(vault))
        # Several kills one after the other in one vault: a restart is killed too.
        for _ in range(rng.randint(1, 3)):
            _, killed = _kill_after(IMPORTER, rng.uniform(0.05, whole), str(vault), str(archive))
            toll.kills += killed
        last = _run(IMPORTER, str(vault), str(archive))
        if last.returncode:
            toll.refused += 1
            continue
        read, new, known, troubles = map(int, last.stdout.split())
        found = state(vault)
        if found is None or not found["sound"]:
            toll.unsound += 1
            continue
        toll.lost += max(0, rows - int(str(found["distinct"])))
        toll.doubled += int(str(found["moments"])) - int(str(found["distinct"]))
        toll.lost += read != new + known + troubles or read != rows
    return toll


def kill_edits(kills: int, rng: random.Random, folder: Path) -> Toll:
    """Log and undo one thing after the other, killed at random moments; what was acknowledged must stand, once."""
    toll = Toll()
    vault = folder / "edits"
    _run(INIT, str(vault))
    number = 1
    acknowledged: set[int] = set()
    while toll.kills < kills:
        output, killed = _kill_after(EDITOR, rng.uniform(0.3, 1.2), str(vault), str(number), str(EDITS))
        toll.kills += killed
        said = [int(line) for line in output.split("\n")[:-1] if line]
        acknowledged.update(said)
        # The edit in flight is asked for again under its key, as a caller would whose answer was cut off.
        number = max((one for one in said if one > 0), default=number - 1) + 1
    found = state(vault)
    if found is None or not found["sound"]:
        toll.unsound += 1
        return toll
    logs = found["logs"]
    undos = found["undos"]
    if not isinstance(logs, dict) or not isinstance(undos, list):
        raise TypeError("the state of the vault is not what was asked for")
    for edit in acknowledged:
        if edit > 0:
            toll.lost += f"edit-{edit}" not in logs
        else:
            toll.lost += f"undo{edit}:1" not in undos
    toll.doubled += int(str(found["moments"])) - len(logs)
    return toll


def add_arguments(parser: ArgumentParser) -> None:
    """Add how many kills, and the seed of their moments."""
    parser.add_argument("--kills", type=int, default=200, help="kills in all, half during imports (default 200)")
    parser.add_argument("--seed", type=int, default=1)


def run(args: Namespace) -> Report:
    """Kill as often as asked and report the toll."""
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        imports = kill_imports(args.kills // 2, rng, Path(name), ROWS)
        edits = kill_edits(args.kills - args.kills // 2, rng, Path(name))
    rows = tuple(
        (what, str(toll.kills), str(toll.lost), str(toll.doubled), str(toll.unsound), str(toll.refused))
        for what, toll in (("import", imports), ("edits", edits))
    )
    columns = ("killed during", "kills", "items lost", "items doubled", "unsound vaults", "restarts refused")
    return Report(
        "crash",
        (Table("kill -9 at random moments", columns, rows),),
        {"import": vars(imports), "edits": vars(edits)},
        ("kill -9 stops the process, not the machine: for a power cut Amity relies on SQLite's synchronous=FULL.",),
    )
