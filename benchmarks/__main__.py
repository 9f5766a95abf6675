"""`python -m benchmarks NAME [--data PATH…] [--json]` runs one benchmark; `--list` names all."""

from __future__ import annotations

from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from typing import cast

from benchmarks.report import Benchmark, show

NAMES = (
    "ties",
    "closeness",
    "circles",
    "tallies",
    "entity",
    "ingest",
    "contacts",
    "fields",
    "today",
    "pages",
    "paths",
    "plan",
    "year",
    "crash",
    "fuzz",
    "senders",
    "positions",
    "bounces",
    "asks",
    "surface",
)


def load(name: str) -> Benchmark:
    """Import one benchmark by its name."""
    return cast(Benchmark, import_module(f"benchmarks.{name}"))


def main() -> None:
    """Parse the command line, run one benchmark and show what it found."""
    parser = ArgumentParser(prog="python -m benchmarks", description=__doc__, add_help=False)
    parser.add_argument("--list", action="store_true", help="name all benchmarks")
    parser.add_argument("name", nargs="?", choices=NAMES)
    first, rest = parser.parse_known_args()
    if first.list or first.name is None:
        for name in NAMES:
            print(f"{name:10} {load(name).SUMMARY}")
        return
    benchmark = load(first.name)
    own = ArgumentParser(prog=f"python -m benchmarks {first.name}", description=benchmark.SUMMARY)
    own.add_argument(
        "--data",
        type=Path,
        nargs="+",
        default=None,
        metavar="PATH",
        help="where the data lie",
    )
    own.add_argument("--json", action="store_true", help="print the figures as JSON")
    benchmark.add_arguments(own)
    args = own.parse_args(rest)
    show(benchmark.run(args), args.json)


if __name__ == "__main__":
    main()
