"""Readers that hang, swell, crash and lie, each in a child of its own; and honest ones, of which nothing is lost."""

import ctypes
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import (
    Card,
    Channel,
    ChatLine,
    Depth,
    Event,
    Found,
    Handle,
    Item,
    Known,
    Mark,
    Moment,
    Party,
    Position,
    Role,
    Sign,
    Since,
    Text,
    Trouble,
)
from amity.sources import catalog, chats, quarantine, tables
from amity.sources.quarantine import Bounds, at, guarded

QUICK = Bounds(seconds=1.0)
SMALL = Bounds(memory=256 << 20)


def moment(number, **more):
    party = Party(Role.FROM, "Ana", Handle("email", "ana@x.org"))
    return Moment(number.to_bytes(16, "big"), number, Channel.MAIL, (party,), f"s{number}", number, **more)


# --- readers, good and evil -----------------------------------------------------------------------------------------


def three(path, since):
    yield from map(moment, (1, 2, 3))
    yield Mark({"size": 3}, 1.0)


def told_nothing(path, since):
    yield from ()


def every_kind(path, since):
    yield from KINDS
    yield Mark({"folders": {"a": [1, 2]}, "half": 0.5, "no": None, "name": "\udce4"}, 0.5)


def odd_text(path, since):
    class Words(str):
        def __str__(self):
            return "another"

    yield moment(1)._replace(subject=Words("derived"), place=Words("3"))
    yield moment(2)._replace(subject="half a \ud83d pair", at=-(1 << 70))


def endless(path, since):
    yield from map(moment, (1, 2))
    while True:
        pass


def endless_expression(path, since):
    import re

    yield moment(1)
    re.match(r"(a+)+$", "a" * 60 + "b")


def asleep(path, since):
    yield moment(1)
    time.sleep(600)


def slow(path, since):
    for number in (1, 2, 3):
        time.sleep(0.7)
        yield moment(number)


def very_slow(path, since):
    time.sleep(4)
    yield moment(1)


def deep(path, since):
    yield moment(1)

    def inner(level):
        return inner(level + 1) + 1

    inner(0)


def hungry(path, since):
    yield moment(1)
    held = []
    while True:
        held.append(bytearray(1 << 24))


def mapping(path, since):
    import mmap

    with path.open("rb") as file:
        view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    yield moment(view[-1] + 7)


def too_large(path, since):
    yield Card(bytes(16), raw="x" * ((1 << 28) + 1), place=7)
    yield moment(1)


def leaves(path, since):
    yield moment(1)
    os._exit(0)


def leaves_politely(path, since):
    yield moment(1)
    sys.exit(3)


def crashes(path, since):
    yield moment(1)
    ctypes.string_at(0)


def is_killed(path, since):
    yield moment(1)
    os.kill(os.getpid(), signal.SIGKILL)


def raises(path, since):
    yield moment(1)
    raise ValueError("a \ud83d broken thing")


def interrupts(path, since):
    yield moment(1)
    raise KeyboardInterrupt


def lies(path, since):
    yield moment(1)
    yield "no item"


def talks(path, since):
    print("a parser that prints")
    os.write(1, b"and one in C that does")
    os.write(2, b"or complains")
    yield moment(1)


def many(path, since):
    yield from map(moment, range(300_000))


def endless_items(path, since):
    yield from map(moment, count())


def asks(path, since):
    places = since.places()
    yield Known(len(places))
    yield moment(len(since.places() | {-1}))
    yield Mark(
        {"until": since.until, "bodies": since.bodies, "state": since.state["x"], "secret": since.secret is None}
    )


def who(path, since):
    yield Mark({"pid": os.getpid(), "threads": threading.active_count()})
    yield from map(moment, count())


def whose(path, since):
    yield Mark({"pid": os.getpid()})


def files(path, since):
    """A folder of files with a number a line: what is evil in one stands as a word."""
    done = {}
    for file in sorted(path.iterdir()):
        try:
            with file.open() as opened:
                lines = opened.read().split()
        except OSError as error:
            yield Trouble(file.name, f"cannot be read: {error.strerror}")
            continue
        for line in lines:
            if line == "hang":
                time.sleep(600)
            if line == "crash":
                ctypes.string_at(0)
            if line == "raise":
                raise ValueError("evil")
            yield moment(int(line))
        done[file.name] = len(lines)
        yield Mark({"files": dict(done)}, 0.5)
    yield Mark({"files": done}, 1.0)


def careless_files(path, since):
    for file in sorted(path.iterdir()):
        for line in file.read_text().split():
            if line == "hang":
                time.sleep(600)
            yield moment(int(line))


def parts(path, since):
    """One file of parts divided by empty lines, each named before it is read."""
    for place, part in enumerate(path.read_text().split("\n\n")):
        if not at(place):
            continue
        for line in part.split():
            if line == "hang":
                time.sleep(600)
            if line == "raise":
                raise ValueError("evil")
            yield moment(int(line))
    yield Mark({}, 1.0)


def hangs_behind_the_second(path, since):
    def body(_=None):
        yield from map(moment, (1, 2))
        time.sleep(600)
        yield moment(3)

    yield from chats.take_up([path], since, body, 2)


def row_hangs_behind_the_second(path, since):
    def facts():
        yield from ((moment(number), number / 3) for number in (1, 2))
        time.sleep(600)
        yield moment(3), 1.0

    yield from tables.take_up(path, since, facts, 2)


def long_silence(path, since):
    for place in range(8):
        at(place)
        time.sleep(0.4)
    yield moment(1)


def says_the_same(path, since):
    while True:
        at(1)
        time.sleep(0.1)


def never_the_same(path, since):
    for number in range(3):
        yield moment(time.time_ns() + number)
    for place in range(2):
        if at(place):
            raise ValueError("evil")


def read(name, place, since=None, limits=QUICK):
    return list(guarded(f"{__name__}:{name}", place, since or Since(), limits=limits))


def numbers(items):
    return [item.at for item in items if isinstance(item, Moment)]


def troubles(items):
    return [(item.place, item.reason) for item in items if isinstance(item, Trouble)]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_text("1")
    return path


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "folder"
    path.mkdir()
    for name, text in (("a", "1 2"), ("b", "3"), ("c", "4 5"), ("d", "6")):
        (path / name).write_text(text)
    return path


# --- nothing is lost on the way -------------------------------------------------------------------------------------

HANDLES = st.builds(Handle, st.sampled_from(["email", "phone", "name", "me"]), st.text())
TEXTS = st.lists(st.text(), max_size=3).map(tuple)
PLACES = st.one_of(st.integers(), st.text())
TOLD = st.one_of(
    st.none(),
    st.builds(ChatLine, st.text(), st.text(), st.booleans()),
    st.builds(Event, *[st.text()] * 3, st.booleans(), st.booleans(), *[st.text()] * 2, TEXTS, st.text()),
)
MOMENTS = st.builds(
    Moment,
    key=st.binary(min_size=16, max_size=16),
    at=st.integers(),
    channel=st.sampled_from(Channel),
    parties=st.lists(st.builds(Party, st.sampled_from(Role), st.text(), HANDLES), max_size=3).map(tuple),
    subject=st.text(),
    place=PLACES,
    message_id=st.text(),
    in_reply_to=st.text(),
    references=TEXTS,
    thread=st.integers(-(1 << 63), (1 << 63) - 1),
    signs=st.integers(0, 63).map(Sign),
    depth=st.sampled_from(Depth),
    minutes=st.integers(),
    imprecise=st.booleans(),
    told=TOLD,
    same=st.binary(),
)
CARDS = st.builds(
    Card,
    key=st.binary(min_size=16, max_size=16),
    uid=st.text(),
    name=st.text(),
    given=st.text(),
    family=st.text(),
    nicknames=TEXTS,
    handles=st.lists(HANDLES, max_size=3).map(tuple),
    position=st.none() | st.builds(Position, st.text(), st.text()),
    addresses=TEXTS,
    birthday=st.text(),
    died=st.text(),
    notes=TEXTS,
    categories=TEXTS,
    photos=st.integers(),
    version=st.text(),
    revised=st.none() | st.integers(),
    place=PLACES,
    raw=st.text(),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
ITEMS = st.one_of(
    MOMENTS,
    CARDS,
    st.builds(Trouble, PLACES, st.text(), st.binary()),
    st.builds(Known, st.integers(0)),
    st.builds(Mark, st.dictionaries(st.text(), JSON), st.floats(0, 1)),
    st.builds(
        Found,
        st.text(),
        MOMENTS,
        HANDLES,
        st.text(),
        st.lists(HANDLES).map(tuple),
        st.dictionaries(st.text(), st.text()),
    ),
    st.builds(Text, MOMENTS, st.text()),
)
KINDS = (
    moment(1, told=ChatLine("chat", "Ana", True), signs=Sign.LIST | Sign.AUTO, references=("a", "b")),
    moment(2, told=Event("uid", "start", all_day=True, attendees=("Ana", "Bo")), same=bytes(range(16))),
    Card(bytes(16), name="Ana", handles=(Handle("email", "ana@x.org"),), position=Position("Acme"), notes=("n",)),
    Trouble(3, "why", b"\0kept"),
    Known(7),
    Found("signature", moment(4), Handle("me", "me"), "Ana, Acme", (Handle("name", "bo"),), {"title": "Head"}),
    Text(moment(5), "the new words"),
)


@given(ITEMS)
def test_an_item_comes_out_of_the_pipe_as_it_went_in(item):
    kind, flat = quarantine._flat(item)
    built = quarantine._BUILD[kind](quarantine.marshal.loads(quarantine._written(flat)))
    assert built == item
    assert repr(built) == repr(item)  # 1, True and Role.TO are equal, and still not the same


def test_every_kind_and_field_of_the_model_is_carried():
    assert {type(item) for item in KINDS} | {Mark} == set(get_args(Item))
    assert [len(kind.__struct_fields__) for kind in (Card, Event, ChatLine, Position)] == [18, 9, 3, 2]
    assert [len(kind._fields) for kind in (Moment, Found, Text, Mark, Trouble, Party, Handle)] == [16, 6, 2, 2, 3, 3, 2]


def test_every_kind_of_item_crosses(file):
    assert read("every_kind", file) == list(every_kind(file, Since()))


def test_text_derived_by_a_parser_is_plain_text_behind_the_pipe(file):
    first, second = read("odd_text", file)
    assert (first.subject, type(first.subject), first.place) == ("derived", str, "3")
    assert (second.subject, second.at) == ("half a \ud83d pair", -(1 << 70))


def brought():
    """Every sample that the tests of sources bring to the contract, with its reader's name."""
    readers = {source.name: source.read for source in catalog.SOURCES}
    for path in sorted(Path(__file__).parent.glob("data_*.py")):
        module = import_module(f"tests.sources.{path.stem}")
        for name, sample in getattr(module, "SAMPLES", {}).items():
            if name in getattr(module, "MODULES", {}):
                readers.setdefault(name, f"{module.MODULES[name].__name__}:read")
            yield name, readers.get(name), sample
    for name, sample in import_module("tests.sources.test_contract").SAMPLES.items():
        yield name, readers.get(name), sample


def test_in_a_child_every_source_tells_what_it_tells_here(tmp_path, subtests):
    for number, (name, reader, sample) in enumerate(brought()):
        if reader is None:
            continue
        with subtests.test(source=name):
            (tmp_path / str(number)).mkdir()
            path = sample(tmp_path / str(number))
            module, _, function = reader.partition(":")
            read_here = getattr(import_module(module), function)
            here = list(read_here(path, Since()))
            assert list(guarded(reader, path, Since())) == here
            marks = [item for item in here if isinstance(item, Mark)]
            kept = frozenset(item.place for item in here if isinstance(item, Card | Moment))
            since = Since(marks[-1].state, lambda kept=kept: kept)
            assert list(guarded(reader, path, since)) == list(read_here(path, since))


def test_a_source_may_be_empty(file):
    assert read("told_nothing", file) == []


def test_what_the_owner_and_the_store_know_is_told_to_the_child(file):
    asked = []

    def places():
        asked.append(1)
        return frozenset(range(100_000)) | {"ä\udce4"}

    since = Since({"x": {"y": [1]}}, places, until=5, bodies=True, secret=lambda: "never")
    known, this, mark = read("asks", file, since)
    assert (known.items, this.at) == (100_001, 100_002)
    assert mark.state == {"until": 5, "bodies": True, "state": {"y": [1]}, "secret": True}
    assert asked == [1]
    read("three", file, since)
    assert asked == [1]  # only who asks is told


def test_a_path_that_cannot_be_opened_is_an_error_as_without_a_child(tmp_path):
    with pytest.raises(FileNotFoundError):
        read("three", tmp_path / "nowhere")


# --- evil is set aside, and what came before it is kept -------------------------------------------------------------

EVIL = {
    "endless": ([1, 2], 2, "took longer than 1 seconds"),
    "endless_expression": ([1], 1, "took longer than 1 seconds"),
    "asleep": ([1], 1, "took longer than 1 seconds"),
    "deep": ([1], 1, "is nested too deeply"),
    "leaves": ([1], 1, "ended the process that read it (code 0)"),
    "leaves_politely": ([1], 1, "could not be understood (SystemExit: 3)"),
    "raises": ([1], 1, "could not be understood (ValueError: a ? broken thing)"),
    "interrupts": ([1], 1, "could not be understood (KeyboardInterrupt: )"),
    "lies": ([1], 1, "could not be understood (TypeError: a str is no item)"),
}
if sys.platform != "win32":
    EVIL["crashes"] = ([1], 1, "ended the process that read it (SIGSEGV)")
    EVIL["is_killed"] = ([1], 1, "ended the process that read it (SIGKILL)")


@pytest.mark.parametrize("name", EVIL)
def test_evil_costs_the_rest_of_a_source_that_cannot_be_passed_over(file, name):
    kept, place, reason = EVIL[name]
    begun = time.monotonic()
    items = read(name, file)
    assert numbers(items) == kept
    ((where, why),) = troubles(items)
    assert where == place
    assert reason in why
    assert why.endswith("the rest is set aside")
    assert time.monotonic() - begun < 20


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system does not bound memory")
def test_a_reader_that_swells_is_stopped_long_before_the_machine_is_full(file):
    items = read("hungry", file, limits=SMALL)
    assert numbers(items) == [1]
    assert troubles(items) == [(1, "what comes after this needed more than 256 MB of memory; the rest is set aside")]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere mapped files count as memory")
def test_a_file_larger_than_the_memory_may_still_be_mapped(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(400 << 20)
    assert numbers(read("mapping", path, limits=SMALL)) == [7]


def test_an_item_too_large_for_anybody_is_set_aside_alone(file):
    items = read("too_large", file, limits=Bounds())
    assert troubles(items) == [(7, "is larger than 256 MB")]
    assert numbers(items) == [1]


def test_slow_is_no_hang(file):
    assert numbers(read("slow", file)) == [1, 2, 3]
    assert numbers(read("very_slow", file, limits=Bounds())) == [1]


def test_a_reader_that_says_where_it_is_may_be_silent_for_long(file):
    assert numbers(read("long_silence", file)) == [1]


def test_to_say_the_same_again_is_no_sign_of_life_nor_is_it_listening(file):
    items = read("says_the_same", file)
    assert troubles(items) == [
        (1, "took longer than 1 seconds to read"),
        (1, "the source took longer than 1 seconds to read; the rest is set aside"),
    ]


def test_a_large_file_gives_more_time(tmp_path):
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(16 * quarantine.PACE)
    assert numbers(read("very_slow", path)) == [1]


def test_what_is_printed_is_no_item(file, capfd):
    assert numbers(read("talks", file)) == [1]
    assert capfd.readouterr() == ("", "")


# --- reading goes on behind it --------------------------------------------------------------------------------------


def test_a_file_in_a_folder_is_passed_over(folder):
    (folder / "b").write_text("hang")
    items = read("files", folder)
    assert numbers(items) == [1, 2, 4, 5, 6]
    assert [item for item in items if isinstance(item, Trouble)] == [
        Trouble("b", "took longer than 1 seconds to read", b"hang")
    ]
    assert items[-1] == Mark({"files": {"a": 2, "c": 2, "d": 1}}, 1.0)


def test_many_files_are_passed_over_each_for_its_own_reason(folder):
    (folder / "a").write_text("crash")
    (folder / "b").write_text("raise")
    (folder / "c").write_text("4 hang 5")
    items = read("files", folder)
    assert numbers(items) == [4, 6]
    crash = "SIGSEGV" if sys.platform != "win32" else "code"
    (first, why), second, third = troubles(items)
    assert first == "a"
    assert crash in why
    assert second == ("b", "could not be understood (ValueError: evil)")
    assert third == ("c", "took longer than 1 seconds to read; what stands behind in it is set aside")


def test_a_part_of_a_file_is_passed_over_where_the_reader_names_its_parts(file):
    file.write_text("1 2\n\n3\nhang\n\n4\n\nraise\n\n5\n")
    items = read("parts", file)
    assert numbers(items) == [1, 2, 3, 4, 5]
    assert troubles(items) == [
        (1, "took longer than 1 seconds to read; what stands behind in it is set aside"),
        (3, "could not be understood (ValueError: evil)"),
    ]
    assert items[-1] == Mark({}, 1.0)


def test_a_reader_that_gives_up_on_one_file_is_believed(folder):
    (folder / "b").write_text("hang")
    items = read("careless_files", folder)
    assert numbers(items) == [1, 2]
    assert troubles(items) == [
        ("b", "took longer than 1 seconds to read"),
        (2, "what comes after this cannot be read: took longer than 1 seconds to read; the rest is set aside"),
    ]


@pytest.mark.parametrize("name", ["hangs_behind_the_second", "row_hangs_behind_the_second"])
def test_what_hangs_behind_what_is_known_is_told_with_its_place(file, name):
    reader = guarded(f"{__name__}:{name}", file, Since(), limits=QUICK)
    mark = next(item for item in reader if isinstance(item, Mark))
    reader.close()
    items = read(name, file, Since(mark.state))
    assert items[0] == Known(2)
    assert troubles(items) == [
        ("after 2", "took longer than 1 seconds to read"),
        ("after 2", "the source took longer than 1 seconds to read; the rest is set aside"),
    ]


def test_after_so_many_the_rest_is_set_aside(file):
    file.write_text("1\n\n" + "raise\n\n" * 5 + "2")
    items = read("parts", file, limits=Bounds(deaths=3))
    assert numbers(items) == [1]
    assert troubles(items)[-1] == (1, "3 items were set aside; the rest of the source is not read")
    assert len(troubles(items)) == 4


def test_a_source_that_never_tells_the_same_is_found_out(file):
    items = read("never_the_same", file)
    reasons = [reason for _, reason in troubles(items)]
    assert "the source changed while it was read: its first 3 items were not the same again" in reasons


def test_places_are_asked_for_once_whatever_was_kept_meanwhile(folder):
    (folder / "b").write_text("raise")
    kept = set()

    def places():
        return frozenset(kept)

    seen = []
    for item in guarded(f"{__name__}:asking_files", folder, Since(places=places), limits=QUICK):
        seen.append(item)
        if isinstance(item, Moment):
            kept.add(item.place)
    assert numbers(seen) == [1, 2, 4, 5, 6]


def asking_files(path, since):
    places = since.places()
    for item in files(path, since):
        if not isinstance(item, Moment) or item.place not in places:
            yield item


# --- the child is nobody's burden -----------------------------------------------------------------------------------


def runs(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_who_stops_listening_ends_the_child(file):
    items = guarded(f"{__name__}:who", file, Since())
    pid = next(items).state["pid"]
    next(items)
    assert runs(pid)
    before = threading.active_count()
    items.close()
    assert not runs(pid)
    assert threading.active_count() == before - 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_reader_dropped_half_way_leaves_no_child(file):
    items = guarded(f"{__name__}:who", file, Since())
    pid = next(items).state["pid"]
    del items
    gc.collect()
    assert not runs(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_passes_on_and_ends_the_child(file):
    items = guarded(f"{__name__}:asleep", file, Since(), limits=Bounds())
    next(items)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        next(items)
    assert next(items, None) is None


PARENT = """
import sys
sys.path[:0] = {path!r}
from pathlib import Path
from amity.model import Since
from amity.sources.quarantine import guarded
for item in guarded({reader!r}, Path({place!r}), Since()):
    print(getattr(item, "state", {{"pid": 0}})["pid"], flush=True)
    input()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_child_does_not_outlive_a_parent_that_was_killed(file):
    text = PARENT.format(path=sys.path, reader=f"{__name__}:who", place=str(file))
    parent = subprocess.Popen([sys.executable, "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    pid = int(parent.stdout.readline())
    assert runs(pid)
    parent.kill()
    parent.communicate()
    for _ in range(100):
        if not runs(pid):
            break
        time.sleep(0.1)
    assert not runs(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_stays_flat_however_many_items_there_are_and_however_slow_who_takes_them(file):
    def resident():
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    items = guarded(f"{__name__}:endless_items", file, Since(), limits=QUICK)
    next(items)
    before = resident()
    time.sleep(2.5)  # twice the limit: it is not the child that is late
    taken = sum(1 for _, item in zip(range(200_000), items, strict=False) if isinstance(item, Moment))
    assert taken == 200_000
    assert resident() - before < 16 << 20
    items.close()


def test_small_files_are_read_by_one_child_until_one_of_them_ends_it_or_nothing_comes(file, tmp_path):
    def child(place=file):
        (mark,) = read("whose", place)
        return mark.state["pid"]

    first = child()
    assert child() == first
    assert numbers(read("three", file)) == [1, 2, 3]
    assert child() == first
    assert troubles(read("crashes", file))
    second = child()
    assert second != first
    large = tmp_path / "large"
    large.write_bytes(bytes((1 << 20) + 1))
    assert child(large) == second
    third = child()
    assert third != second, "it may have swollen"
    time.sleep(2)
    assert child() != third
    assert not quarantine._idle or quarantine._idle[0].process.pid != third


def test_all_of_many_items_arrive_in_order(file):
    assert numbers(guarded(f"{__name__}:many", file, Since())) == list(range(300_000))


def test_outside_of_a_child_everything_may_be_read():
    assert at(3)
    assert at("member.json")
