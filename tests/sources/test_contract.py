"""What every source promises. A new one brings data here, not tests."""

import json
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amity.errors import AmityError, Code
from amity.model import Card, Item, Known, Mark, Moment, Since, Trouble
from amity.sources import catalog, ics, interactions, lines, maildir, mbox, vcard
from tests.sources import data_chats, data_contacts, data_ics, data_mail

MAIL = (
    "From: p{0}@x.org\nTo: Me <me@y.org>\nDate: Thu, 2 Jan 2020 14:{1:02d}:05 +0000\nSubject: s{0}\n"
    "Message-ID: <{0}@x.org>\n\nHi.\n"
)


def an_mbox(root: Path) -> Path:
    path = root / "mail"
    mails = [f"From p{i}@x.org Thu Jan  2 14:04:05 2020\n{MAIL.format(i, i)}\n" for i in range(30)]
    mails[7] = "From p7@x.org Thu Jan  2 14:04:05 2020\nDate: never\n\n\n"
    mails[7] = mails[7].replace("Thu Jan  2 14:04:05 2020", "at 14:04")
    path.write_text("".join(mails))
    return path


def a_maildir(root: Path) -> Path:
    path = root / "Maildir"
    for folder in ("", ".Sent", ".Lists"):
        (path / folder / "cur").mkdir(parents=True)
        (path / folder / "new").mkdir(parents=True)
    for i in range(30):
        (path / ("", ".Sent", ".Lists")[i % 3] / "cur" / f"{i}.host:2,S").write_text(MAIL.format(i, i))
    (path / ".Lists" / "cur" / "bad").write_text("bad")
    for here, _, _ in os.walk(path):
        os.utime(here, (time.time() - 3600,) * 2)
    return path


def a_vcard_file(root: Path) -> Path:
    path = root / "contacts.txt"
    cards = [f"BEGIN:VCARD\nVERSION:3.0\nFN:P{i}\nEMAIL:p{i}@x.org\nEND:VCARD\n" for i in range(30)]
    cards.insert(9, "BEGIN:VCARD\nEND:VCARD\n")
    path.write_text("".join(cards))
    return path


def a_table(root: Path) -> Path:
    path = root / "table.dat"
    rows = [f"2020-01-{i + 1:02d},mail,p{i % 4},me,,s,,,\n" for i in range(30)]
    rows[5:5] = ["2020-99-99,mail,a,b,,,,,\n", rows[5]]
    path.write_text("when,channel,from,to,cc,subject,depth,minutes,id\n" + "".join(rows))
    return path


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "mbox": an_mbox,
    "maildir": a_maildir,
    "vcard": a_vcard_file,
    "interactions": a_table,
    **data_ics.SAMPLES,
    **data_mail.SAMPLES,
    **data_chats.SAMPLES,
    **data_contacts.SAMPLES,
}
MODULES = {
    "mbox": mbox,
    "maildir": maildir,
    "vcard": vcard,
    "interactions": interactions,
    "icalendar": ics,
    **data_mail.MODULES,
    **data_chats.MODULES,
    **data_contacts.MODULES,
}


@pytest.fixture(params=sorted(SAMPLES))
def source(request):
    return catalog.by_name(request.param)


@pytest.fixture
def sample(source, tmp_path, monkeypatch):
    monkeypatch.setattr(MODULES[source.name], "_BATCH", 4)
    return SAMPLES[source.name](tmp_path)


def read(source: catalog.Source, path: Path, since: Since | None = None) -> list[Item]:
    return list(catalog.open_reader(source)(path, since or Since()))


def places(items: list[Item]) -> set[int | str]:
    return {item.place for item in items if isinstance(item, Card | Moment)}


def test_every_source_has_a_sample():
    assert sorted(SAMPLES) == sorted(source.name for source in catalog.SOURCES)


def test_it_is_recognised_by_its_content(source, sample):
    assert catalog.recognise(sample) == source
    assert catalog.discover(sample.parent) == [(source, sample)]


def test_it_yields_facts_troubles_and_marks(source, sample):
    items = read(source, sample)
    assert sum(isinstance(item, Card | Moment) for item in items) >= 29
    assert sum(isinstance(item, Trouble) for item in items) == 1
    assert sum(isinstance(item, Mark) for item in items) > 3
    assert isinstance(items[-1], Mark)
    assert items[-1].share == 1.0
    shares = [item.share for item in items if isinstance(item, Mark)]
    assert shares == sorted(shares)


def test_twice_gives_the_same_keys(source, sample):
    first = [item.key for item in read(source, sample) if isinstance(item, Card | Moment)]
    again = [item.key for item in read(source, sample) if isinstance(item, Card | Moment)]
    assert first == again
    assert len(set(first)) == len(first)
    assert all(len(key) == 16 for key in first)


def test_from_any_mark_exactly_the_rest_is_read(source, sample):
    items = read(source, sample)
    for at, mark in enumerate(items):
        if not isinstance(mark, Mark):
            continue
        before = items[: at + 1]
        state = json.loads(json.dumps(mark.state))
        kept = places(before)
        rest = read(source, sample, Since(state, lambda kept=kept: kept))
        assert sum(item.items for item in rest if isinstance(item, Known)) == len(kept)
        facts = [item for item in rest if isinstance(item, Card | Moment)]
        assert facts == [item for item in items[at + 1 :] if isinstance(item, Card | Moment)]
        if at == len(items) - 1:
            assert not [item for item in rest if isinstance(item, Trouble)]


LATER = 1_900_000_000  # up to which repeating events are spread out
NOISE = st.sampled_from(
    (b"", b"\n", b"hello\n", b"\0", b"\xff", b'"', b"\\", b",", b";", b":", b"{", b"]", b"<", b">", b"&", b"null",
     b"-1", b"9" * 25, b"\r\n\r\n", b"From ", b"BEGIN:VCARD\n", b"END:VEVENT\n", b"\\ud83d", b"=?utf-8?q?")
)  # fmt: skip
DAMAGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40) | st.just(1 << 30), NOISE), min_size=1, max_size=4)


def damage(path: Path, which: int, damages: list[tuple[float, int, bytes]]) -> None:
    files = sorted(file for file in path.rglob("*") if file.is_file()) if path.is_dir() else [path]
    file = files[which % len(files)]
    data = file.read_bytes()
    for share, length, noise in damages:
        at = int(share * len(data))
        data = data[:at] + noise + data[at + length :]
    file.write_bytes(data)


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_whatever_is_damaged_what_is_read_is_new_or_known_or_a_trouble(name, tmp_path_factory):
    """Read is new and known and troubles, and read again nothing is new: also half way, and from the beginning."""
    source = catalog.by_name(name)

    @settings(max_examples=20)
    @given(st.integers(0, 99), DAMAGES)
    def law(which, damages):
        path = SAMPLES[name](tmp_path_factory.mktemp("archive"))
        damage(path, which, damages)
        try:
            first = read(source, path, Since(until=LATER))
        except OSError:
            return
        for item in first:
            if isinstance(item, Card | Moment | Trouble):
                json.dumps(lines.describe(item), ensure_ascii=False).encode()
        facts = [item for item in first if isinstance(item, Card | Moment)]
        keys = {fact.key for fact in facts}
        assert not [item for item in first if isinstance(item, Known)]
        assert {fact.key for fact in read(source, path, Since(until=LATER)) if isinstance(fact, Card | Moment)} == keys
        for at, mark in enumerate(first):
            if isinstance(mark, Mark):
                kept = places(first[: at + 1])
                since = Since(json.loads(json.dumps(mark.state)), lambda kept=kept: kept, LATER)
                again = read(source, path, since)
                told = [item for item in again if isinstance(item, Card | Moment)]
                known = sum(item.items for item in again if isinstance(item, Known))
                assert known + len(told) == len(facts)
                assert {fact.key for fact in told} <= keys
                assert at < len(first) - 1 or not told

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MODULES[name], "_BATCH", 4)
        law()


def test_every_item_can_be_described(source, sample):
    for item in read(source, sample):
        if isinstance(item, Card | Moment | Trouble):
            (kind,) = lines.describe(item)
            assert kind in ("card", "moment", "trouble")
            json.dumps(lines.describe(item))


def test_a_path_that_is_not_there_is_an_error(source, tmp_path):
    with pytest.raises(OSError):
        read(source, tmp_path / "nowhere")


def test_an_unknown_source_is_named_with_those_that_are():
    with pytest.raises(AmityError) as raised:
        catalog.by_name("telepathy")
    assert raised.value.code is Code.USAGE
    assert "interactions, linkedin, linkedin-messages, maildir, mbox" in raised.value.hint


def test_a_folder_of_many_things_is_taken_apart_in_order(tmp_path):
    (tmp_path / "b").mkdir()
    an_mbox(tmp_path)
    a_maildir(tmp_path / "b")
    a_vcard_file(tmp_path / "b")
    a_table(tmp_path)
    (tmp_path / "notes.txt").write_text("nothing of ours")
    (tmp_path / "loop").symlink_to(tmp_path)
    found = [(source.name, path.relative_to(tmp_path).as_posix()) for source, path in catalog.discover(tmp_path)]
    assert found == [
        ("maildir", "b/Maildir"),
        ("vcard", "b/contacts.txt"),
        ("mbox", "mail"),
        ("interactions", "table.dat"),
    ]
    assert catalog.recognise(tmp_path) is None


def test_what_amity_read_prints_of_a_mail(tmp_path):
    path = tmp_path / "a"
    path.write_text(
        "From x Thu Jan  2 14:04:05 2020\nFrom: Ana <Ana@X.org>\nTo: Bo Berg\nDate: 2 Jan 2020 03:04:05 +0000\n"
        "Message-ID: <1@x.org>\nReferences: <0@x.org>\n <9@x.org>\n\n"
    )
    (moment, _) = mbox.read(path, Since())
    assert isinstance(moment, Moment)
    assert lines.describe(moment) == {
        "moment": {
            "channel": "mail", "when": "2020-01-02T03:04:05Z", "subject": None,
            "from": [{"name": "Ana", "address": "ana@x.org"}], "to": [{"name": "Bo Berg", "address": None}], "cc": [],
            "message_id": "1@x.org", "in_reply_to": None, "references": 2,
        }
    }  # fmt: skip
