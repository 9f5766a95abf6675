"""Advice on a large vault: a new day, the same day again, and after one more contact."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from datetime import datetime, timedelta
from pathlib import Path

from benchmarks.report import Report, Table

SUMMARY = "CPU of `amity today` with 10,000 people and 1,000,000 interactions: new day, unchanged, one contact more"
START = datetime(2020, 1, 1)
YEARS = 6.8
LOOKS = (
    ("show", "p2"),
    ("why", "p2"),
    ("brief", "p2"),
    ("agenda", "p2"),
    ("facts", "p2"),
    ("circles",),
    ("roles",),
    ("loyal",),
    ("dormant",),
    ("week",),
    ("plan",),
    ("goals",),
    ("ledger",),
    ("matches",),
    ("mirror",),
    ("portfolio",),
    ("worlds",),
    ("path", "p9"),
    ("acquaintances", "p2"),
    ("duplicates",),
    ("machines",),
    ("sources",),
    ("history",),
    ("settings",),
)

# A process of its own for each figure, so that nothing is warm but the disk.
CHILD = """
import json, resource, subprocess, sys
before = resource.getrusage(resource.RUSAGE_CHILDREN)
done = subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
after = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "cpu": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
    "rss": after.ru_maxrss / 1024, "code": done.returncode, "error": done.stderr.decode()[-400:]}))
"""


def write_archive(file: Path, people: int, contacts: int, seed: int = 3) -> None:
    """Write contacts spread over people as they are in life: few get most, by a power law."""
    rng = random.Random(seed)
    weights = list(itertools.accumulate(1 / (place + 5) for place in range(people)))
    step = timedelta(days=YEARS * 365) / contacts
    with file.open("w", encoding="utf-8") as stream:
        stream.write("when,channel,from,to,cc,subject,depth,minutes,id\n")
        for number, person in enumerate(rng.choices(range(people), cum_weights=weights, k=contacts)):
            sides = ["Me Myself <me@home.example>", f"Person N{person} <p{person}@x{person % 97}.example>"]
            rng.shuffle(sides)
            channel = "mail" if rng.random() < 0.8 else "meeting"
            stream.write(f"{(START + number * step).isoformat()}Z,{channel},{sides[0]},{sides[1]},,no {number},,,\n")


def measure(*command: str) -> dict[str, float]:
    """Run a command in a process of its own and return its CPU seconds and peak memory."""
    done = subprocess.run([sys.executable, "-c", CHILD, *command], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    if found["code"] not in (0, 1):
        raise RuntimeError(f"{' '.join(command)}: {found['error']}")
    return found


def add_arguments(parser: ArgumentParser) -> None:
    """Add the size of the vault."""
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--contacts", type=int, default=1_000_000)


def run(args: Namespace) -> Report:
    """Build the vault and measure each command as a user would run it."""
    amity = (sys.executable, "-m", "amity")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        vault = str(folder / "vault")
        write_archive(folder / "contacts.csv", args.people, args.contacts)
        (folder / "one.csv").write_text(
            "when,channel,from,to,cc,subject,depth,minutes,id\n"
            "2026-11-01T10:00:00Z,mail,Person N77 <p77@x77.example>,Me Myself <me@home.example>,,one more,,,\n",
            encoding="utf-8",
        )
        measure(*amity, "--vault", vault, "init", "--me", "me@home.example")
        day = ("--vault", vault, "--today", "2026-11-22")
        next_day = ("--vault", vault, "--today", "2026-11-23")
        figures = {
            "bare Python": measure(sys.executable, "-c", "pass"),
            "import of the archive": measure(*amity, *day, "import", str(folder / "contacts.csv")),
            "today, first": measure(*amity, *day, "today", "--json"),
            "today, unchanged": measure(*amity, *day, "today", "--json"),
            "today, a new day": measure(*amity, *next_day, "today", "--json"),
            "import of one contact": measure(*amity, *next_day, "import", str(folder / "one.csv")),
            "today, after one contact": measure(*amity, *next_day, "today", "--json"),
            "people, unchanged": measure(*amity, *next_day, "people", "--json", "person"),
            "ties, unchanged": measure(*amity, *next_day, "ties", "--json", "--limit", "20"),
            "help": measure(*amity, "--help"),
        }
        for words in LOOKS:
            for when in ("first", "unchanged"):
                figures[f"{words[0]}, {when}"] = measure(*amity, *next_day, *words, "--json")
    bare = figures["bare Python"]["cpu"]
    rows = tuple(
        (what, f"{found['cpu']:.3f}", f"{found['cpu'] / bare:.1f}", f"{found['rss']:.0f}")
        for what, found in figures.items()
    )
    columns = ("command", "CPU s", "x bare Python", "peak MiB")
    title = f"{args.people:,} people, {args.contacts:,} contacts"
    return Report("today", (Table(title, columns, rows),), figures, ("Whole processes, disk cache warm.",))
