"""What every benchmark returns: figures beside figures, with where they came from."""

from __future__ import annotations

import json
import platform
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Table:
    """One table of a report; every row has as many cells as there are columns."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """A benchmark's tables for people, its figures for machines, and its caveats."""

    name: str
    tables: tuple[Table, ...]
    figures: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    machine: str = f"{platform.system()} {platform.machine()}, CPython {platform.python_version()}"


class Benchmark(Protocol):
    """A module of this package that can be run by name."""

    SUMMARY: str

    def add_arguments(self, parser: ArgumentParser) -> None: ...

    def run(self, args: Namespace) -> Report: ...


def markdown(table: Table) -> str:
    """Lay a table out as Markdown, columns padded so that it reads well in a terminal too."""
    rows: Sequence[tuple[str, ...]] = (table.columns, *table.rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(table.columns))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join((f"### {table.title}", "", *lines))


def show(report: Report, as_json: bool) -> None:
    """Print a report on stdout, as JSON or as Markdown tables."""
    if as_json:
        json.dump(asdict(report), sys.stdout, indent=2, default=str)
        print()
        return
    print(f"## {report.name} ({report.machine})\n")
    for table in report.tables:
        print(markdown(table) + "\n")
    for note in report.notes:
        print(f"- {note}")
