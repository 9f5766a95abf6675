"""Every page at 10,000 people and 1,000,000 contacts: server time and CPU, from the request to the last byte."""

from __future__ import annotations

import asyncio
import gc
import re
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.routing import Route
from starlette.types import ASGIApp, Message

from amity.app import encounters, facts, goals, intake, introductions, people, ties
from amity.app.desk import Desk
from amity.faces import house
from amity.faces.web.guard import Keys, cookie_name
from amity.store.db import open_vault
from benchmarks.report import Report, Table
from benchmarks.today import write_archive

SUMMARY = "server time and CPU of every page with 10,000 people and 1,000,000 interactions, p50 and p95"
PORT = 8765
TODAY = date(2026, 11, 1)
CHANGES = 3
THRESHOLD = (50_000, 20, 20)  # as of the command line, in whose process the server runs
STREAMS = {"/sources/import"}  # told while an import runs
TYPED = "person n77"  # what is typed into the search, letter by letter


class Speed(NamedTuple):
    """What one page took, in ms, and how large it is."""

    wall: list[float]
    cpu: list[float]
    anew: list[float]  # CPU, each time after something else was said
    size: int


def add_arguments(parser: ArgumentParser) -> None:
    """Add the size of the vault, or the vault, and how often each page is asked."""
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--contacts", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--only", default="", metavar="PATH", help="pages whose path holds this")
    parser.add_argument("--profile", action="store_true", help="print where the time of these pages goes")


def run(args: Namespace) -> Report:
    """Build the vault, or take a copy that is given, and ask for every page."""
    with _vault(args) as folder:

        def open_desk() -> Desk:
            return Desk(open_vault(folder), TODAY, int(time.time()))

        desk = open_desk()
        with closing(desk.database):
            paths = list(_paths(_filled(desk)))
        keys = Keys("link")
        app = house.build(open_desk, keys, port=PORT)
        keys.sessions["cookie"] = "csrf"
        gc.freeze()
        gc.set_threshold(*THRESHOLD)
        wanted = [path for path in paths if args.only in path]
        figures = asyncio.run(_ask(app, wanted, args.times, partial(_change, open_desk), profile=args.profile))
    rows = sorted(figures.items(), key=lambda row: -_late(row[1].cpu))
    table = Table(
        f"{args.people:,} people, {args.contacts:,} contacts, {args.times} times each",
        ("page", "wall ms p50", "wall ms p95", "CPU ms p50", "CPU ms p95", "after a change", "KiB"),
        tuple(
            (
                path,
                *(f"{figure(times):.1f}" for times in speed[:2] for figure in (median, _late)),
                f"{median(speed.anew):.1f}",
                f"{speed.size / 1024:.0f}",
            )
            for path, speed in rows
        ),
    )
    slow = [path for path, speed in rows if _late(speed.cpu) > 100]
    note = f"Above 100 ms of CPU at p95: {', '.join(slow) or 'none'}."
    anew = [path for path, speed in rows if median(speed.anew) > 100]
    note += f" Above it when something was said just before: {', '.join(anew) or 'none'}."
    return Report("pages", (table,), {path: speed._asdict() for path, speed in rows}, (note,))


def _late(times: list[float]) -> float:
    """Return the 95th percentile by nearest rank."""
    return sorted(times)[-(-95 * len(times) // 100) - 1]


@contextmanager
def _vault(args: Namespace) -> Iterator[Path]:
    if args.data:
        yield args.data[0]
        return
    with TemporaryDirectory() as name:
        folder = Path(name)
        write_archive(folder / "contacts.csv", args.people, args.contacts)
        database = open_vault(folder / "vault", create=True)
        with closing(database):
            intake.import_(
                Desk(database, TODAY, int(time.time())), [str(folder / "contacts.csv")], me=["me@home.example"]
            )
        yield folder / "vault"


class _Known(NamedTuple):
    """Ids to fill the places of addresses with."""

    strongest: str
    weakest: str
    goal: str
    event: str
    introduction: str


def _filled(desk: Desk) -> _Known:
    """Bring the vault up to date, and see to it that there is a goal, an encounter and an introduction to look at."""
    found = ties.list_(desk)
    strongest, other, weakest = found[0].id, found[1].id, found[-1].id
    if not goals.list_(desk):
        goals.add(desk, "A book", on="2027-05-01", why="to be read", needs=["readers"], key="pages-goal")
        goals.aim(desk, "A book", [one.id for one in found[:30]], key="pages-aim")
    if not encounters.list_(desk).events:
        encounters.open_(desk, "Fair", on="2026-10-01", key="pages-event")
    if not introductions.list_(desk, every=True):
        introductions.propose(desk, strongest, other, "both write", key="pages-introduction")
    people.find(desk)
    (goal, *_), (event, *_) = goals.list_(desk), encounters.list_(desk).events
    return _Known(strongest, weakest, goal.id, event.id, introductions.list_(desk, every=True)[0].id)


def _paths(known: _Known) -> Iterator[str]:
    """List the addresses of pages: every route that is read, and what is asked of some of them."""
    app = house.build(lambda: (_ for _ in ()).throw(RuntimeError), Keys(""), port=PORT)
    for route in app.routes:
        if not isinstance(route, Route) or "GET" not in (route.methods or ()) or route.path in STREAMS:
            continue
        path = re.sub(r":\w+}", "}", route.path)
        if "{fact}" in path or "{picture}" in path:
            continue
        given = {"{goal}": known.goal, "{event}": known.event, "{introduction}": known.introduction, "{year}": "2025"}
        for place, value in given.items():
            path = path.replace(place, value)
        path = path.replace("{figure}", "only_asked")
        if "{person}" in path:
            yield path.replace("{person}", known.weakest)
            path = path.replace("{person}", known.strongest)
        yield path
    for length in range(1, len(TYPED) + 1):
        yield f"/people?q={quote(TYPED[:length])}"
        yield f"/find?q={quote(TYPED[:length])}"
    yield f"/paths?target={known.weakest}"
    yield "/people?offset=5000"


def _change(open_desk: Callable[[], Desk], number: int) -> None:
    """Say something of somebody, so that nothing which was kept counts any more, and bring the ties up to date."""
    desk = open_desk()
    with closing(desk.database):
        facts.tell(desk, ties.list_(desk, 1)[0].id, "field", f"sailing {number}")
        ties.list_(desk, 1)


async def _ask(
    app: ASGIApp, paths: list[str], times: int, change: Callable[[int], None], *, profile: bool
) -> dict[str, Speed]:
    figures: dict[str, Speed] = {}
    for path in paths:
        status, body, *_ = await _get(app, path)  # what is imported or compiled at first is no part of it
        if status != 200:
            print(f"{path}: {status}")
            continue
        found = [await _get(app, path) for _ in range(times)]
        anew = []
        for number in range(CHANGES):
            change(number)
            anew.append((await _get(app, path))[3])
        figures[path] = Speed([one[2] for one in found], [one[3] for one in found], anew, len(body))
        if profile:
            await _profiled(partial(_get, app, path), path)
    return figures


async def _profiled(get: Callable[[], Any], path: str) -> None:
    from cProfile import Profile
    from pstats import Stats

    profiler = Profile()
    profiler.enable()
    await get()
    profiler.disable()
    print(path)
    Stats(profiler).sort_stats("cumulative").print_stats(45)


async def _get(app: ASGIApp, path: str) -> tuple[int, bytes, float, float]:
    """Ask for one page as the server does, and return status, body, wall and CPU milliseconds."""
    place, _, query = path.partition("?")
    headers = [("host", f"127.0.0.1:{PORT}"), ("cookie", f"{cookie_name(PORT)}=cookie"), ("sec-fetch-site", "none")]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": place,
        "raw_path": place.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", PORT),
        "state": {},
    }
    told: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        told.append(message)

    wall, cpu = time.perf_counter(), time.process_time()
    await app(scope, receive, send)
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    body = b"".join(message.get("body", b"") for message in told[1:])
    return int(told[0]["status"]), body, wall * 1000, cpu * 1000
