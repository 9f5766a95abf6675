"""What every source of chats promises, on the archives that the tests make; and input made to break them."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from amity.model import Card, Item, Known, Mark, Moment, Role, Since, Trouble
from amity.sources import catalog, chats
from amity.sources.lines import describe
from tests.sources.data_chats import MODULES, SAMPLES, a_signal_folder

NAMES = sorted(SAMPLES)


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.fixture
def sample(name, tmp_path, monkeypatch):
    monkeypatch.setattr(MODULES[name], "_BATCH", 4)
    return SAMPLES[name](tmp_path)


def read(name: str, path: Path, since: Since | None = None) -> list[Item]:
    return list(MODULES[name].read(path, since or Since()))


def recognised(name: str, path: Path) -> bool:
    head = b"" if path.is_dir() else path.read_bytes()[: catalog.HEAD]
    return MODULES[name].recognise(path, head)


def facts(items: list[Item]) -> list[Card | Moment]:
    return [item for item in items if isinstance(item, Card | Moment)]


def files_of(path: Path) -> list[Path]:
    return sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]


def test_each_archive_is_recognised_by_its_own_source_and_no_other(tmp_path):
    for name in NAMES:
        (tmp_path / name).mkdir()
        path = SAMPLES[name](tmp_path / name)
        assert [other for other in NAMES if recognised(other, path)] == [name]
        assert [other for other in NAMES if recognised(other, path.parent)] == []


def test_it_yields_facts_one_trouble_and_marks(name, sample):
    items = read(name, sample)
    assert len(facts(items)) >= 29
    assert sum(isinstance(item, Trouble) for item in items) == 1
    marks = [item for item in items if isinstance(item, Mark)]
    assert len(marks) > 3
    assert items[-1] == marks[-1]
    assert marks[-1].share == 1.0
    assert [mark.share for mark in marks] == sorted(mark.share for mark in marks)


def test_twice_gives_the_same_keys_and_each_once(name, sample):
    first, again = facts(read(name, sample)), facts(read(name, sample))
    assert first == again
    assert len({item.key for item in first}) == len(first) == len({item.place for item in first})
    assert all(len(item.key) == 16 for item in first)


def test_from_any_mark_exactly_the_rest_is_read(name, sample):
    items = read(name, sample)
    for at, mark in enumerate(items):
        if isinstance(mark, Mark):
            rest = read(name, sample, Since(json.loads(json.dumps(mark.state))))
            assert sum(item.items for item in rest if isinstance(item, Known)) == len(facts(items[: at + 1]))
            assert [item for item in rest if not isinstance(item, Known | Mark)] == [
                item for item in items[at + 1 :] if not isinstance(item, Mark)
            ]
            assert isinstance(rest[-1], Mark)
            assert rest[-1].state == items[-1].state


def test_a_copy_with_another_date_is_as_good_as_read(name, sample):
    items = read(name, sample)
    for file in files_of(sample):
        os.utime(file, (1, 1))
    (known, mark) = read(name, sample, Since(items[-1].state))
    assert known == Known(len(facts(items)))
    assert mark.state["mtime_ns"] == 10**9


def test_every_item_can_be_described(name, sample):
    for item in read(name, sample):
        if isinstance(item, Card | Moment | Trouble):
            json.dumps(describe(item))
            if isinstance(item, Moment):
                assert item.told is not None
                assert sum(party.role is Role.FROM for party in item.parties) <= 1


def test_a_path_that_is_not_there_is_an_error(name, tmp_path):
    with pytest.raises(OSError):
        read(name, tmp_path / "nowhere")


def test_nothing_is_lost_without_a_word_when_a_file_is_cut_short(name, sample):
    """Cut at any place, what stands before is read, and that it was cut is told unless it fell between records."""
    whole = len(facts(read(name, sample)))
    largest = max(files_of(sample), key=lambda file: file.stat().st_size)
    data = largest.read_bytes()
    for share in (0, 0.3, 0.6, 0.9):
        largest.write_bytes(data[: int(len(data) * share)])
        items = read(name, sample)
        assert isinstance(items[-1], Mark)
        found = len(facts(items))
        assert found < whole
        if share == 0.9 and name != "imessage":
            assert found > whole // 3


NOISE = (b"\x00", b"\xff", b'"', b"{", b"]", b"<", b"&", b"null", b"-1", b"9" * 40, b"\n")


def test_noise_never_raises(name, sample):
    chance = random.Random(name)
    for file in files_of(sample):
        data = file.read_bytes()
        for _ in range(25):
            noisy = bytearray(data)
            for _ in range(chance.choice((1, 3, 40))):
                at = chance.randrange(len(noisy))
                piece = chance.choice(
                    (b"\x00", b"\xff", b'"', b"{", b"]", b"<", b"&", b"null", b"-1", b"9" * 40, b"\n")
                )
                noisy[at : at + chance.randrange(5)] = piece
            file.write_bytes(noisy)
            recognised(name, sample)
            for item in read(name, sample):
                repr(item).encode("utf-8", "backslashreplace")
        file.write_bytes(data)


def swap(value: object, chance: random.Random) -> object:
    """Return JSON with one value replaced by another of a wrong type."""
    wrong = chance.choice((None, 5, -1e300, "", "x", [], {}, [[1]], True, 10**400, {"a": None}))
    if isinstance(value, dict) and value and chance.random() < 0.8:
        key = chance.choice(sorted(value))
        return {**value, key: swap(value[key], chance)}
    if isinstance(value, list) and value and chance.random() < 0.8:
        at = chance.randrange(len(value))
        return [*value[:at], swap(value[at], chance), *value[at + 1 :]]
    return wrong


def test_values_of_wrong_types_never_raise(name, sample):
    chance = random.Random(name)
    for file in files_of(sample):
        if file.suffix not in (".json", ".jsonl"):
            continue
        text = file.read_text(encoding="utf-8")
        for _ in range(60):
            if file.suffix == ".json":
                changed = json.dumps(swap(json.loads(text), chance))
            else:
                lines = text.splitlines()
                at = chance.randrange(1, len(lines))
                lines[at] = json.dumps(swap(json.loads(lines[at]), chance))
                changed = "\n".join(lines)
            file.write_text(changed, encoding="utf-8")
            recognised(name, sample)
            for item in read(name, sample):
                if isinstance(item, Card | Moment | Trouble):
                    json.dumps(describe(item))
        file.write_text(text, encoding="utf-8")


DEEP = 200_000


HOSTILE = {
    "empty": b"",
    "lists": b"[" * DEEP,
    "objects": b'{"messages":' * DEEP,
    "backslashes": b'{"a":"' + b"\\" * DEEP,
    "no text": b"\xff\xfe" * 9,
}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_json_ends_soon_with_a_word(name, sample, hostile):
    files = [file for file in files_of(sample) if file.suffix in (".json", ".jsonl")]
    for file in files:
        data = file.read_bytes()
        file.write_bytes(HOSTILE[hostile])
        begun = time.process_time()
        items = read(name, sample)
        assert time.process_time() - begun < 4
        assert isinstance(items[-1], Mark)
        file.write_bytes(data)


def test_a_folder_of_signal_export_is_one_source(tmp_path):
    folder = a_signal_folder(tmp_path)
    assert [name for name in NAMES if recognised(name, folder)] == ["signal"]
    assert len(facts(read("signal", folder))) == 30


def test_in_a_crowd_nobody_is_named_but_the_speaker():
    some = chats.Circle((chats.person(f"P{i}"), f"P{i}") for i in range(chats.CROWD + 1))
    many = chats.Circle((chats.person(f"P{i}"), f"P{i}") for i in range(chats.CROWD + 2))
    assert len(some.sides(chats.person("P1"))) == chats.CROWD + 1
    assert [party.handle for party in many.sides(chats.person("P1"))] == [chats.person("P1")]


def test_equal_messages_are_told_apart_by_their_order():
    keys, again = chats.Keys(), chats.Keys()
    first, second = keys.make("a", 1), keys.make("a", 1)
    assert first != second
    assert (again.make("a", 1), again.make("a", 1)) == (first, second)


def test_json_is_mended_up_to_the_damage():
    assert chats.decode(b'{"a": [{"b": 1}, {"b": "}]"}, {"b', dict) == (
        {"a": [{"b": 1}, {"b": "}]"}]},
        "damaged or cut short: Input data was truncated",
    )
    assert chats.decode(b'["\\ud83d", "\\ud83d\\ude00", "\\\\ud83d", "a\x01b"]', list) == (
        ["\ufffd", "\U0001f600", "\\ud83d", "a b"],
        "",
    )
    assert chats.decode(b"", list) == (None, "the file is empty")
