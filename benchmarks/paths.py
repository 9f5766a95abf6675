"""Warm paths: how quickly they are found in a large network beside graph libraries, and how true on real history.

The network is made up: people with power-law activity in communities, of whom some work at companies. Amity finds
the three best diverse paths of up to three steps into a company; each library finds one best path, of any length, which
is less. Every engine runs in a process of its own.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import Report, Table

SUMMARY = "three diverse warm paths into a company among 100,000 people, beside graph libraries; and on real history"
SEED = 20261122
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
PEERS = ("networkx", "rustworkx", "scipy", "igraph")
CONTACTS = 1_800
COMPANIES = 300
EMPLOYED = 400  # people at the largest company


# --- the made-up network ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Who knows whom, whom the owner knows, and who works where."""

    people: int
    a: NDArray[np.int32]
    b: NDArray[np.int32]
    strength: NDArray[np.float32]
    contacts: NDArray[np.int64]
    tie: NDArray[np.float64]
    willing: NDArray[np.float64]
    companies: list[NDArray[np.int64]]


def make(people: int, acquaintances: int, seed: int = SEED) -> World:
    """Make a network with power-law activity, in which seven acquaintances in ten are inside a community."""
    rng = np.random.default_rng(seed)
    activity = rng.permutation((np.arange(people) + 20.0) ** -0.6)
    sizes = np.maximum((rng.pareto(1.3, people // 60) + 1) * 20, 5)
    community = np.sort(rng.choice(len(sizes), people, p=sizes / sizes.sum()))
    total = np.cumsum(activity)
    first = np.searchsorted(community, np.arange(len(sizes)))
    last = np.searchsorted(community, np.arange(len(sizes)), side="right")
    before = np.r_[0.0, total]
    keys = np.empty(0, np.int64)
    while len(keys) < acquaintances:
        count = int((acquaintances - len(keys)) * 1.3) + 1_000
        one = np.searchsorted(total, rng.random(count) * total[-1])
        low, high = before[first[community[one]]], before[last[community[one]]]
        near = rng.random(count) < 0.7
        other = np.searchsorted(
            total, np.where(near, low + rng.random(count) * (high - low), rng.random(count) * total[-1])
        )
        one, other = np.minimum(one, people - 1), np.minimum(other, people - 1)
        fresh = np.minimum(one, other) * people + np.maximum(one, other)
        keys = np.unique(np.concatenate([keys, fresh[one != other]]))
    if len(keys) > acquaintances:
        keys = np.sort(rng.choice(keys, acquaintances, replace=False))
    a, b = (keys // people).astype(np.int32), (keys % people).astype(np.int32)
    chance = np.where(community == community[np.argmax(activity)], activity * 5, activity)
    contacts = np.sort(rng.choice(people, min(CONTACTS, people // 4), replace=False, p=chance / chance.sum()))
    companies = [
        np.sort(rng.choice(people, size, replace=False))
        for size in np.minimum((rng.pareto(1.1, COMPANIES) + 1) * 5, min(EMPLOYED, people // 20)).astype(int).tolist()
    ]
    return World(
        people,
        a,
        b,
        rng.beta(0.8, 3, len(a)).clip(0.01).astype(np.float32),
        contacts,
        rng.beta(0.8, 2, len(contacts)).clip(0.01),
        rng.uniform(0.5, 1, len(contacts)),
        companies,
    )


def save(world: World, file: Path) -> None:
    """Write a network as columns."""
    named = {name: value for name, value in vars(world).items() if name != "companies"}
    ends = np.cumsum([len(company) for company in world.companies])
    np.savez(file, **named, companies=np.concatenate(world.companies), ends=ends)


def load(file: Path) -> World:
    """Read a network that was written as columns."""
    with np.load(file) as held:
        columns = {name: held[name] for name in held.files}
    companies = np.split(columns.pop("companies"), columns.pop("ends")[:-1])
    return World(people=int(columns.pop("people")), companies=companies, **columns)


# --- engines: each is built from a world, then asked for paths into a company -----------------------------------

Ask = Callable[[NDArray[np.int64]], Any]


def amity(world: World) -> Ask:
    """Amity: three diverse paths of up to three steps."""
    from amity.insight.paths import Rule, search, stand, weave

    network = weave(world.people, world.a, world.b, world.strength)
    ego = stand(
        network, world.contacts, world.tie, world.willing, np.zeros(len(world.contacts), np.int64), Rule.WEAKEST
    )
    return lambda company: search(network, ego, company, np.ones(len(company)), 3)


def _ends(world: World) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return all edges, the owner one more person, with lengths whose sum is least where the product is greatest."""
    owner = np.full(len(world.contacts), world.people)
    one, other = np.concatenate([world.a, owner]), np.concatenate([world.b, world.contacts])
    return one, other, -np.log(np.concatenate([world.strength.astype(np.float64), world.tie]))


def networkx(world: World) -> Ask:
    """networkx: bidirectional Dijkstra to one more node behind the company."""
    library = import_module("networkx")

    graph = library.Graph()
    graph.add_weighted_edges_from(zip(*(column.tolist() for column in _ends(world)), strict=True))
    sink = world.people + 1

    def ask(company: NDArray[np.int64]) -> Any:
        graph.add_weighted_edges_from((person, sink, 0.0) for person in company.tolist())
        found = library.bidirectional_dijkstra(graph, world.people, sink)
        graph.remove_node(sink)
        return found

    return ask


def rustworkx(world: World) -> Ask:
    """rustworkx: Dijkstra to one more node behind the company."""
    library = import_module("rustworkx")

    graph = library.PyGraph()
    graph.add_nodes_from(range(world.people + 1))
    graph.add_edges_from(list(zip(*(column.tolist() for column in _ends(world)), strict=True)))

    def ask(company: NDArray[np.int64]) -> Any:
        sink = graph.add_node(None)
        graph.add_edges_from([(person, sink, 0.0) for person in company.tolist()])
        found = library.dijkstra_shortest_paths(graph, world.people, target=sink, weight_fn=float)
        path = list(found[sink])
        graph.remove_node(sink)
        return path

    return ask


def scipy(world: World) -> Ask:
    """scipy: Dijkstra from the owner to everybody, then the nearest of the company."""
    coo_array = import_module("scipy.sparse").coo_array
    dijkstra = import_module("scipy.sparse.csgraph").dijkstra

    one, other, length = _ends(world)
    size = world.people + 1
    both = (np.concatenate([one, other]), np.concatenate([other, one]))
    graph = coo_array((np.concatenate([length, length]), both), (size, size)).tocsr()

    def ask(company: NDArray[np.int64]) -> Any:
        far, before = dijkstra(graph, indices=world.people, return_predecessors=True)
        at, path = int(company[np.argmin(far[company])]), []
        while at >= 0:
            path.append(at)
            at = int(before[at])
        return path

    return ask


def igraph(world: World) -> Ask:
    """igraph: Dijkstra to the company, then the path to the nearest of it."""
    library = import_module("igraph")

    one, other, length = _ends(world)
    graph = library.Graph(n=world.people + 1, edges=np.column_stack([one, other]))
    weights = length.tolist()

    def ask(company: NDArray[np.int64]) -> Any:
        far = graph.distances(world.people, company.tolist(), weights=weights)[0]
        return graph.get_shortest_path(world.people, int(company[int(np.argmin(far))]), weights=weights)

    return ask


ENGINES: dict[str, Callable[[World], Ask]] = {
    "amity": amity,
    "networkx": networkx,
    "rustworkx": rustworkx,
    "scipy": scipy,
    "igraph": igraph,
}


# --- one engine, in a process of its own ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Speed:
    """What one engine took; times in milliseconds of wall clock, load in seconds, memory in MiB at its peak."""

    engine: str
    queries: int
    p50: float
    p99: float
    load: float
    memory: float


def child(engine: str, file: Path, queries: int) -> Speed:
    """Load a network into one engine and ask it; runs in the process that is measured."""
    begun = time.perf_counter()
    world = load(file)
    ask = ENGINES[engine](world)
    loaded = time.perf_counter() - begun
    ask(world.companies[-1])
    taken = []
    for company in world.companies[:queries]:
        start = time.perf_counter()
        ask(company)
        taken.append((time.perf_counter() - start) * 1000)
    p50, p99 = np.percentile(taken, (50, 99))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Speed(engine, len(taken), float(p50), float(p99), loaded, peak)


def measure(engine: str, file: Path, queries: int) -> Speed:
    """Run one engine as a program of its own."""
    command = (sys.executable, "-m", "benchmarks.paths", engine, str(file), str(queries))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{engine}: {done.stderr[-400:]}")
    return Speed(**json.loads(done.stdout))


def speed_table(title: str, found: Sequence[Speed]) -> Table:
    """Lay the engines beside Amity."""
    base = found[0]
    rows = tuple(
        (
            one.engine,
            f"{one.queries}",
            f"{one.p50:.2f}",
            f"{one.p99:.2f}",
            f"{one.p50 / base.p50:.1f}",
            f"{one.load:.2f}",
            f"{one.memory:.0f}",
        )
        for one in found
    )
    return Table(title, ("engine", "queries", "p50 ms", "p99 ms", "p50 against Amity", "load s", "peak MiB"), rows)


def add_arguments(parser: ArgumentParser) -> None:
    """Add the size of the network, and what to leave out."""
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--acquaintances", type=int, default=1_000_000)
    parser.add_argument("--queries", type=int, default=COMPANIES, help="companies that Amity is asked for")
    parser.add_argument("--peer-queries", type=int, default=30, help="companies that a library is asked for")
    parser.add_argument("--large", action="store_true", help="also ten times the size, Amity alone")
    parser.add_argument("--no-history", action="store_true", help="leave out the real letters and mails")
    parser.add_argument("--no-speed", action="store_true", help="leave out the made-up network")


def run(args: Namespace) -> Report:
    """Measure the engines on a made-up network, and Amity on real history where the data are there."""
    tables: list[Table] = []
    figures: dict[str, Any] = {}
    notes: list[str] = []
    if not args.no_speed:
        _run_speed(args, tables, figures, notes)
    if not args.no_history:
        _run_history(args, tables, figures, notes)
    return Report("paths", tuple(tables), figures, tuple(notes))


def _run_speed(args: Namespace, tables: list[Table], figures: dict[str, Any], notes: list[str]) -> None:
    sizes = [(args.people, args.acquaintances, True)]
    if args.large:
        sizes.append((args.people * 10, args.acquaintances * 10, False))
    with tempfile.TemporaryDirectory() as name:
        for people, acquaintances, with_peers in sizes:
            file = Path(name) / f"{people}.npz"
            save(make(people, acquaintances), file)
            found = [measure("amity", file, args.queries)]
            for peer in PEERS if with_peers else ():
                if find_spec(peer):
                    found.append(measure(peer, file, args.peer_queries))
                else:
                    notes.append(f"{peer} is not installed, and left out.")
            title = f"{people:,} people, {acquaintances:,} acquaintances"
            tables.append(speed_table(title, found))
            figures[title] = [asdict(one) for one in found]
    notes.append(
        "Amity finds three diverse paths of at most three steps; a library finds one path, of any length, by the"
        " greatest product. igraph (GPL) runs, as every engine does, as a program of its own."
    )


def _run_history(args: Namespace, tables: list[Table], figures: dict[str, Any], notes: list[str]) -> None:
    from benchmarks import intermediaries

    data = args.data[0] if args.data else DATA
    with tempfile.TemporaryDirectory() as name:
        inferred = intermediaries.vienna(Path(name))
    posts = []
    if (data / "letters").is_dir():
        inferred += [*intermediaries.enron(data), *intermediaries.institute(data)]
        posts = [intermediaries.darwin(data), intermediaries.schnitzler(data)]
    else:
        notes.append(f"No letters and mails in {data}: only the demo's history was looked at.")
    for one in inferred:
        title = f"Who writes to whom: {one.what}, {one.cells} {one.over}"
        title += f", {one.people:.0f} people and {one.joined:.0f} pairs that wrote, on average"
        rows = tuple(
            (name, _with(score.auc), "" if name == intermediaries.OURS else _with(score.ahead, "+"))
            for name, score in one.scores.items()
        )
        tables.append(Table(title, ("score", "AUC", "the inferred acquaintance is above by"), rows))
        figures[one.what] = asdict(one)
    for post in posts:
        found = intermediaries.doors(post)
        counted = "; ".join(f"{what} {count:,}" for what, count in found.totals.items())
        doors = tuple(
            (kind, name, f"{rank.median[0]:.1f} [{rank.median[1]:.1f}, {rank.median[2]:.1f}]", f"{rank.top3:.0%}")
            for kind, ranks in found.ranks.items()
            for name, rank in ranks.items()
        )
        tables.append(
            Table(f"Who opened the door: {found.name}", ("connector", "ranking", "median rank", "within 3"), doors)
        )
        notes.append(f"{found.name}: {counted}; {found.contacts:.0f} contacts to choose from (median).")
        figures[found.name] = asdict(found)


def _with(values: tuple[float, float, float], sign: str = "") -> str:
    return f"{values[0]:{sign}.3f} [{values[1]:{sign}.3f}, {values[2]:{sign}.3f}]"


if __name__ == "__main__":
    print(json.dumps(asdict(child(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))))
