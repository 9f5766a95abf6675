"""What it costs to count all ties, and to count one again, beside DuckDB, polars and SQLite counting the same."""

from __future__ import annotations

import json
import sys
import tempfile
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from amity.insight.tie import judge
from amity.ledger.tally import DAY, DEPTHS, GRAIN, NEVER, OLDEST, SILENCE, SPACING, Strands, Tallies, pick, tally
from benchmarks.ingest import Cost, run_process
from benchmarks.report import Report, Table
from benchmarks.today import measure, write_archive

SUMMARY = "what it costs to count all ties and to count one again, beside DuckDB, polars and SQLite"
HORIZON = 90
YEARS = 20
COLUMNS = ("person", "at", "way", "group", "depth")
LIVELY = 1_000  # contacts of a person who is counted again


def make_up(folder: Path, contacts: int, people: int, seed: int = 5) -> None:
    """Write made-up strands, a file a column: few people have most of the contacts, and nobody two in one second."""
    rng = np.random.default_rng(seed)
    share = (1 + rng.permutation(people)) ** -0.9
    person = np.sort(rng.choice(people, contacts, p=share / share.sum()).astype(np.int32))
    at = rng.integers(0, YEARS * 365 * DAY, contacts)
    order = np.lexsort((at, person))
    at = at[order]
    turn = np.flatnonzero(np.diff(person, prepend=-1))
    place = np.arange(contacts) - np.repeat(turn, np.diff(np.append(turn, contacts)))
    columns = {
        "person": person,
        "at": at + place,  # a second apart at least
        "way": rng.choice(np.array([1, -1, 0], np.int8), contacts, p=(0.45, 0.45, 0.1)),
        "group": np.ones(contacts, np.uint8),
        "depth": rng.choice(np.array([0, 1, 2, 3], np.uint8), contacts, p=(0.1, 0.85, 0.04, 0.01)),
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)


def read(folder: Path) -> Strands:
    """Return the strands that were made up."""
    return Strands(*(np.load(folder / f"{name}.npy") for name in COLUMNS))


def end_of(strands: Strands) -> int:
    """Return the end of the last day."""
    return (int(strands.at.max()) // DAY + 1) * DAY


def sums(found: Tallies) -> dict[str, float]:
    """Return the sum of each column, by which two ways of counting are known to agree."""
    counted: dict[str, float] = {}
    for name in NAMES:
        column = getattr(found, name)
        counted[name] = float(column[~np.isnan(column) & (column != NEVER)].sum())
    return counted


NAMES = (
    *("n", "sent", "received", "met", "sent_recent", "received_recent", "met_recent"),
    *("days", "days_recent", "days_before", "days_latest", "first", "last", "last_sent", "last_received"),
    *("gap", "activation", "sent_decayed", "received_decayed"),
    *("conversations", "starts", "meetings", "answers_got", "answers_given"),
)


# --- the ways of counting --------------------------------------------------------------------------------------------


def amity(folder: Path, people: int) -> dict[str, float]:
    """Count with the product's own stage, and judge everybody."""
    strands = read(folder)
    found = tally(strands, people, end=end_of(strands), horizon_days=HORIZON)
    judge(found, horizon_days=HORIZON)
    return sums(found)


# One statement for both databases; %s are the ways in which they differ: opening way of a talk, and median of the gaps.
SQL = f"""
with aged as (
  select person, stamp, way, spell, weight, decay, day, age,
         stamp - lag(stamp) over (partition by person order by stamp) as pause
  from (select s.person, s.stamp, s.way, d.weight, s.stamp // {DAY} as day, ? - s.stamp // {DAY} as age
        from strand s join depth d on d.depth = s.depth) x join spell using (age)),
talked as (
  select *, sum(case when pause is null or pause > {SILENCE} then 1 else 0 end)
              over (partition by person order by stamp rows unbounded preceding) as talk
  from aged),
plain as (
  select person, count(*) as n, sum(way = 1) as sent, sum(way = -1) as received, sum(way = 0) as met,
         sum(way = 1 and age < {HORIZON}) as sent_recent, sum(way = -1 and age < {HORIZON}) as received_recent,
         sum(way = 0 and age < {HORIZON}) as met_recent, min(stamp) as first, max(stamp) as last,
         max(case when way >= 0 then stamp end) as last_sent, max(case when way <= 0 then stamp end) as last_received,
         sum(case when way >= 0 then decay else 0.0 end) as sent_decayed,
         sum(case when way <= 0 then decay else 0.0 end) as received_decayed
  from aged group by person),
opened as (
  select person, talk, %(opening)s as way, max(way >= 0) as gave, max(way <= 0) as took, min(stamp) as stamp
  from talked group by person, talk),
talks as (
  select person, sum(way <> 0) as conversations, sum(way = 1) as starts, sum(way = 0) as meetings,
         sum(way = 1 and took = 1) as answers_got, sum(way = -1 and gave = 1) as answers_given
  from opened group by person),
day as (
  select person, day, min(age) as age, max(weight) * max(spell) as worth,
         min(min(age)) over (partition by person) as newest,
         day - lag(day) over (partition by person order by day) as gap
  from aged group by person, day),
days as (
  select person, count(*) as days, sum(age < {HORIZON}) as days_recent,
         sum(age >= {HORIZON} and age < {2 * HORIZON}) as days_before, sum(age - newest < {HORIZON}) as days_latest,
         sum(worth) as activation
  from day group by person),
gaps as (%(median)s)
select {", ".join(f"sum({name})" for name in NAMES)}
from plain join talks using (person) join days using (person) left join gaps using (person)
"""
DUCKDB = SQL.replace("sum(way", "count_if(way").replace("sum(age", "count_if(age") % {
    "opening": "arg_min(way, stamp)",
    "median": "select person, median(gap) as gap from day where gap is not null group by person",
}
SQLITE = SQL.replace("//", "/").replace("%(opening)s", "way") % {
    "median": "select person, avg(gap) as gap from (select person, gap, row_number() over w as place,"
    " count(*) over (partition by person) as of from day where gap is not null"
    " window w as (partition by person order by gap))"
    " where place in ((of + 1) / 2, of / 2 + 1) group by person",
}


def _lookup() -> list[tuple[int, float, float]]:
    age = np.arange(OLDEST + 1) / HORIZON
    return list(zip(range(OLDEST + 1), ((age + GRAIN) ** SPACING).tolist(), np.exp2(-age).tolist(), strict=True))


def duckdb(folder: Path, _: int) -> dict[str, float]:
    """Count in DuckDB, over the same arrays."""
    database: Any = import_module("duckdb").connect()
    strands = read(folder)
    database.register("given", {name: getattr(strands, name) for name in COLUMNS})
    database.execute('create table strand as select person, "at" as stamp, way, depth from given')
    age, spell, decay = (np.array(column) for column in zip(*_lookup(), strict=True))
    database.register("weighed", {"age": age, "spell": spell, "decay": decay})
    database.execute("create table spell as select * from weighed")
    database.execute("create table depth (depth integer, weight double)")
    database.executemany("insert into depth values (?, ?)", list(enumerate(DEPTHS)))
    row = database.execute(DUCKDB, [end_of(strands) // DAY - 1]).fetchone()
    return dict(zip(NAMES, map(float, row), strict=True))


def sqlite(folder: Path, _: int) -> dict[str, float]:
    """Count in the standard library's SQLite, in memory."""
    import sqlite3

    database = sqlite3.connect(":memory:")
    strands = read(folder)
    database.execute("create table strand (person integer, stamp integer, way integer, depth integer)")
    columns = (getattr(strands, name).tolist() for name in ("person", "at", "way", "depth"))
    database.executemany("insert into strand values (?, ?, ?, ?)", zip(*columns, strict=True))
    database.execute("create table spell (age integer primary key, spell real, decay real)")
    database.executemany("insert into spell values (?, ?, ?)", _lookup())
    database.execute("create table depth (depth integer primary key, weight real)")
    database.executemany("insert into depth values (?, ?)", enumerate(DEPTHS))
    row = database.execute(SQLITE, (end_of(strands) // DAY - 1,)).fetchone()
    return dict(zip(NAMES, map(float, row), strict=True))


def polars(folder: Path, _: int) -> dict[str, float]:
    """Count in polars, its lazy engine."""
    pl: Any = import_module("polars")
    strands = read(folder)
    today = end_of(strands) // DAY - 1
    c = pl.col
    frame = pl.LazyFrame({name: getattr(strands, name) for name in COLUMNS})
    aged = frame.with_columns(day=c("at") // DAY, age=today - c("at") // DAY).with_columns(
        decay=pl.lit(2.0) ** (-c("age") / HORIZON),
        spell=(c("age") / HORIZON + GRAIN) ** SPACING,
        weight=c("depth").replace_strict(dict(enumerate(DEPTHS)), return_dtype=pl.Float64),
        new=(c("person") != c("person").shift(fill_value=-1)) | (c("at").diff() > SILENCE).fill_null(True),
    )
    gave, took, recent = c("way") >= 0, c("way") <= 0, c("age") < HORIZON
    plain = aged.group_by("person").agg(
        n=pl.len(),
        sent=(c("way") == 1).sum(),
        received=(c("way") == -1).sum(),
        met=(c("way") == 0).sum(),
        sent_recent=((c("way") == 1) & recent).sum(),
        received_recent=((c("way") == -1) & recent).sum(),
        met_recent=((c("way") == 0) & recent).sum(),
        first=c("at").min(),
        last=c("at").max(),
        last_sent=c("at").filter(gave).max(),
        last_received=c("at").filter(took).max(),
        sent_decayed=c("decay").filter(gave).sum(),
        received_decayed=c("decay").filter(took).sum(),
    )
    opened = (
        aged.with_columns(talk=c("new").cum_sum())
        .group_by("talk", maintain_order=True)
        .agg(person=c("person").first(), way=c("way").first(), gave=gave.any(), took=took.any())
    )
    talks = opened.group_by("person").agg(
        conversations=(c("way") != 0).sum(),
        starts=(c("way") == 1).sum(),
        meetings=(c("way") == 0).sum(),
        answers_got=((c("way") == 1) & c("took")).sum(),
        answers_given=((c("way") == -1) & c("gave")).sum(),
    )
    day = (
        aged.group_by("person", "day", maintain_order=True)
        .agg(age=c("age").first(), worth=c("weight").max() * c("spell").first())
        .with_columns(gap=c("day").diff(), same=c("person") == c("person").shift())
    )
    days = day.group_by("person").agg(
        days=pl.len(),
        days_recent=(c("age") < HORIZON).sum(),
        days_before=((c("age") >= HORIZON) & (c("age") < 2 * HORIZON)).sum(),
        days_latest=(c("age") - c("age").min() < HORIZON).sum(),
        activation=c("worth").sum(),
        gap=c("gap").filter(c("same")).median(),
    )
    found = plain.join(talks, on="person").join(days, on="person").select(c(name).sum() for name in NAMES).collect()
    return {name: float(found[name][0]) for name in NAMES}


WAYS: dict[str, Callable[[Path, int], dict[str, float]]] = {
    "amity": amity,
    "duckdb": duckdb,
    "polars": polars,
    "sqlite": sqlite,
}
CALLED = {
    "amity": "amity: tally and judge",
    "duckdb": "DuckDB, one statement",
    "polars": "polars, lazy",
    "sqlite": "SQLite, one statement",
}


def again(folder: Path, people: int) -> tuple[float, float]:
    """Return the CPU seconds of counting everybody for another day, and one lively person after one more contact."""
    strands = read(folder)
    end = end_of(strands)
    before = process_time()
    judge(tally(strands, people, end=end + DAY, horizon_days=HORIZON), horizon_days=HORIZON)
    another_day = process_time() - before
    count = np.bincount(strands.person)
    lively = int(np.argmin(abs(count - LIVELY)))
    low, high = np.searchsorted(strands.person, (lively, lively + 1))
    mine = pick(strands, slice(int(low), int(high)))._replace(person=np.zeros(high - low, np.int32))
    before = process_time()
    for _ in range(20):
        tally(mine, 1, end=end, horizon_days=HORIZON)
    return another_day, (process_time() - before) / 20


def whole(people: int, contacts: int) -> dict[str, dict[str, float]]:
    """Return what `amity ties` costs from a vault: CPU seconds and peak MiB of whole processes, by what had changed."""
    import sqlite3

    amity = (sys.executable, "-m", "amity")
    with tempfile.TemporaryDirectory() as directory:
        folder, vault = Path(directory), str(Path(directory) / "vault")
        write_archive(folder / "contacts.csv", people, contacts)
        (folder / "one.csv").write_text(
            "when,channel,from,to,cc,subject,depth,minutes,id\n"
            "2026-11-01T10:00:00Z,mail,Person N77 <p77@x77.example>,Me Myself <me@home.example>,,one more,,,\n",
            encoding="utf-8",
        )
        day, next_day = (("--vault", vault, "--today", f"2026-11-{number}") for number in (22, 23))
        ties = ("ties", "--json", "--limit", "5")
        measure(*amity, "--vault", vault, "init", "--me", "me@home.example")
        measure(*amity, *day, "import", str(folder / "contacts.csv"))
        figures = {"first": measure(*amity, *day, *ties), "another day": measure(*amity, *next_day, *ties)}
        figures["nothing changed"] = measure(*amity, *next_day, *ties)
        measure(*amity, *next_day, "import", str(folder / "one.csv"))
        figures["one contact more"] = measure(*amity, *next_day, *ties)
        with sqlite3.connect(folder / "vault" / "amity.db") as database:
            database.execute("DELETE FROM derived_state WHERE name = 'schema'")  # so that all that is derived is stale
        figures["derived tables dropped"] = measure(*amity, *next_day, *ties)
    return figures


# --- the command -----------------------------------------------------------------------------------------------------


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--contacts", type=int, default=10_000_000, metavar="N", help="how many contacts")
    parser.add_argument("--people", type=int, default=100_000, metavar="N", help="among how many people")
    parser.add_argument("--whole", action="store_true", help="and from a vault, import and all; takes minutes")
    parser.add_argument("--ways", nargs="+", choices=tuple(WAYS), default=None, help="only these")


def run(args: Namespace) -> Report:
    """Count made-up contacts in each way, a process each, and make sure that all count the same."""
    installed = [way for way in WAYS if way in ("amity", "sqlite") or find_spec(way)]
    wanted = args.ways or installed
    costs: dict[str, Cost] = {}
    found: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        make_up(folder, args.contacts, args.people)
        for way in wanted:
            command = [sys.executable, "-m", "benchmarks.tallies", way, directory, str(args.people)]
            costs[way], printed = run_process(command)
            found[way] = json.loads(printed)
        another_day, one_more = again(folder, args.people)
    for way, counted in found.items():
        apart = [name for name in NAMES if not np.isclose(counted[name], found[wanted[0]][name], rtol=1e-6)]
        if apart:
            raise RuntimeError(f"{way} counts otherwise than {wanted[0]}: {', '.join(apart)}")
    rows = tuple(
        (
            CALLED[way],
            f"{cost.cpu:.1f}",
            f"{cost.wall:.1f}",
            f"{cost.peak:,.0f}",
            f"{cost.cpu / costs[wanted[0]].cpu:.1f}",
        )
        for way, cost in costs.items()
    )
    columns = ("way", "CPU s", "wall s", "peak MiB", f"CPU against {wanted[0]}")
    figures = {way: {"cpu": cost.cpu, "wall": cost.wall, "peak_mib": cost.peak} for way, cost in costs.items()}
    vault = whole(args.people, args.contacts) if args.whole else {}
    told = tuple((what, f"{one['cpu']:.2f}", f"{one['rss']:,.0f}") for what, one in vault.items())
    return Report(
        "tallies",
        (
            *([Table("amity ties from a vault", ("what changed", "CPU s", "peak MiB"), told)] if told else []),
            Table(f"{args.contacts:,} contacts of {args.people:,} people", columns, rows),
            Table(
                "counting again, the strands in memory",
                ("what", "CPU"),
                (
                    ("everybody, for another day", f"{another_day:.2f} s"),
                    (f"one person with some {LIVELY:,} contacts", f"{1000 * one_more:.2f} ms"),
                ),
            ),
        ),
        {**figures, "vault": vault, "another_day": another_day, "one_more": one_more},
        (
            "Each way is a process of its own, its start and reading the arrays included, and counts the same"
            f" {len(NAMES)} columns; their sums agree. Amity judges the ties besides.",
        ),
    )


if __name__ == "__main__":
    print(json.dumps(WAYS[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
