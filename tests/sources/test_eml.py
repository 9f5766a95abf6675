"""Mail as one file a message: .eml and Apple's .emlx, single and in folders."""

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Known, Mark, Moment, Since, Trouble
from amity.sources import eml, emlx, mail, maildir
from tests.sources import data_mail

READERS = {"eml": eml, "emlx": emlx}


@pytest.fixture(params=sorted(READERS))
def source(request):
    return READERS[request.param]


@pytest.fixture
def folder(source, tmp_path, monkeypatch):
    monkeypatch.setattr(source, "_BATCH", 4)
    return data_mail.SAMPLES[source.__name__.rpartition(".")[2]](tmp_path)


def moments(items):
    return [item for item in items if isinstance(item, Moment)]


def mails_of(folder):
    return sorted(
        path for path in folder.rglob("*1*") if path.suffix in (".eml", ".emlx") and "Junk.mbox" not in path.parts
    )


def known(items):
    return sum(item.items for item in items if isinstance(item, Known))


def test_a_folder_is_read_with_all_below_it(source, folder):
    assert source.recognise(folder, b"")
    items = list(source.read(folder, Since()))
    assert sorted(moment.message_id for moment in moments(items)) == sorted(f"{n}@x.org" for n in range(30))
    assert len([item for item in items if isinstance(item, Trouble)]) == 1
    assert all((folder / moment.place).parent.is_dir() for moment in moments(items))


def test_from_any_mark_the_rest_is_read(source, folder):
    items = list(source.read(folder, Since()))
    marks = [at for at, item in enumerate(items) if isinstance(item, Mark)]
    assert len(marks) > 3
    for at in marks:
        before = moments(items[:at])
        places = frozenset(moment.place for moment in before)
        state = json.loads(json.dumps(items[at].state))
        rest = list(source.read(folder, Since(state, lambda places=places: places)))
        assert moments(rest) == moments(items[at:])
        assert known(rest) == len(before)


def test_a_folder_at_rest_is_not_listed_and_a_new_file_alone_is_read(source, folder, monkeypatch):
    items = list(source.read(folder, Since()))
    places = frozenset(moment.place for moment in moments(items))
    monkeypatch.setattr(maildir, "one_block", lambda *_: pytest.fail("a mail was read again"))
    again = list(source.read(folder, Since(items[-1].state, lambda: places)))
    assert known(again) == 30
    assert again[-1].state == items[-1].state
    monkeypatch.undo()
    near = mails_of(folder)[10]
    text = data_mail.MAIL.format(55, 55)
    (near.parent / f"55.{near.suffix[1:]}").write_text(text if source is eml else data_mail.emlx_text(text))
    third = list(source.read(folder, Since(items[-1].state, lambda: places)))
    assert [moment.message_id for moment in moments(third)] == ["55@x.org"]
    assert known(third) == 30


def test_a_single_file(source, folder):
    path = mails_of(folder)[10]
    assert source.recognise(path, path.read_bytes()[:4096])
    first = list(source.read(path, Since()))
    assert [moment.place for moment in moments(first)] == [path.name]
    os.utime(path, (0, 0))
    again = list(source.read(path, Since(first[-1].state)))
    assert (known(again), moments(again)) == (1, [])
    path.write_text(path.read_text().replace("Subject: s1", "Subject: t1"))
    (changed,) = moments(source.read(path, Since(first[-1].state)))
    assert changed.subject.startswith("t1")
    assert changed.key == moments(first)[0].key


def test_what_lies_in_junk_and_what_is_a_draft_is_left_alone(tmp_path):
    store = data_mail.an_apple_store(tmp_path)
    ids = {moment.message_id for moment in moments(emlx.read(store, Since()))}
    assert ids.isdisjoint({"97@x.org", "98@x.org", "99@x.org"})


def test_apple_mail_with_its_attachments_yet_to_come_is_the_same_mail(tmp_path):
    for name in ("7.partial.emlx", "7.emlx"):
        (tmp_path / name).write_text(data_mail.emlx_text(data_mail.MAIL.format(7, 7)))
        (moment,) = moments(emlx.read(tmp_path, Since()))
        assert moment.place == "7.emlx"
        (tmp_path / name).unlink()


def test_headers_longer_than_a_first_read_and_a_count_that_lies(tmp_path):
    long = "X-Long: " + "a" * 40_000 + "\n" + data_mail.MAIL.format(3, 3)
    (tmp_path / "a.emlx").write_text(data_mail.emlx_text(long))
    (tmp_path / "b.emlx").write_text(data_mail.emlx_text(long).replace(str(len(long)), "99999999"))
    (tmp_path / "c.eml").write_text(long)
    assert [moment.message_id for moment in moments(emlx.read(tmp_path, Since()))] == ["3@x.org", "3@x.org"]
    assert [moment.message_id for moment in moments(eml.read(tmp_path, Since()))] == ["3@x.org"]


def test_a_folder_with_anything_else_to_read_is_taken_apart_file_by_file(tmp_path):
    (tmp_path / "a.eml").write_text(data_mail.MAIL.format(1, 1))
    assert eml.recognise(tmp_path, b"")
    (tmp_path / "scan.pdf").write_bytes(b"%PDF")
    assert eml.recognise(tmp_path, b"")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "people.vcf").write_text("BEGIN:VCARD\nEND:VCARD\n")
    assert not eml.recognise(tmp_path, b"")
    assert eml.recognise(tmp_path / "a.eml", b"From: a@x.org\n")
    assert not eml.recognise(tmp_path / "a.txt", b"From: a@x.org\n")
    told = b"Received: by x\n\tfor y\nFrom: a@x.org\nSubject: b\n\nc"
    assert eml.recognise(tmp_path / "a.txt", told)
    assert eml.recognise(tmp_path / "17", told)
    assert not eml.recognise(tmp_path / "a.mht", told)
    assert not eml.recognise(tmp_path / "notes", b"From: the beginning\nI walked\nSubject: b\n")
    assert eml.recognise(tmp_path / "a.msg", b"Date: 1 Jan 2020 10:00 +0000\n\nb")
    assert not eml.recognise(tmp_path / "a.eml", b"\x89PNG\r\n\x1a\n")
    assert not emlx.recognise(tmp_path, b"")


def test_a_mail_saved_with_the_line_that_parts_mails(tmp_path):
    path = tmp_path / "a.eml"
    path.write_text("From p@x.org Thu Jan  2 14:04:05 2020\nFrom: p@x.org\nTo: me@y.org\n\nHi\n")
    (moment,) = moments(eml.read(path, Since()))
    assert moment.at == 1577973845
    path.write_text("From: p@x.org\nTo: me@y.org\nSubject: No day\n\nHi\n")
    (trouble,) = [item for item in eml.read(path, Since()) if isinstance(item, Trouble)]
    assert trouble.reason == mail.UNDATED
    assert mail.undated(trouble).subject == "No day"


def test_what_is_not_there_is_an_error(source, tmp_path):
    with pytest.raises(OSError):
        list(source.read(tmp_path / "nowhere", Since()))


@given(st.binary(max_size=400), st.sampled_from(["a.eml", "a.emlx"]))
def test_no_file_ever_raises(tmp_path_factory, data, name):
    path: Path = tmp_path_factory.mktemp("any") / name
    for head in (b"", b"30\n", b"5\nFrom: ", b"From: a@x.org\nDate: "):
        path.write_bytes(head + data)
        for source in READERS.values():
            source.recognise(path, head + data)
            repr(list(source.read(path, Since()))).encode()
            repr(list(source.read(path.parent, Since()))).encode()


@pytest.mark.parametrize("single", [True, False])
def test_where_headers_are_cut_it_is_told_and_a_higher_limit_reads_on(source, tmp_path, single):
    text = b"From: Ana <ana@x.org>\nDate: 1 Jan 2020 10:00 +0000\nX-Long: " + b"a" * 200_000 + b"\nSubject: Tea\n\nHi"
    path = tmp_path / ("1.emlx" if source is emlx else "1.eml")
    path.write_bytes(b"%d\n" % len(text) + text if source is emlx else text)
    path = path if single else tmp_path
    low = [item for item in source.read(path, Since(limits={"header_bytes": 150_000})) if not isinstance(item, Mark)]
    assert [type(item) for item in low] == [Moment, Trouble]
    assert (low[0].subject, low[1].reason) == ("", "its headers are longer than 150,000 bytes, and are read so far")
    high = [item for item in source.read(path, Since()) if not isinstance(item, Mark)]
    assert [item.subject for item in high] == ["Tea"]


def test_a_mail_to_more_people_than_anybody_writes_to_is_set_aside(tmp_path):
    path = tmp_path / "1.eml"
    path.write_text(
        f"From: a@x.org\nDate: 1 Jan 2020 10:00 +0000\nTo: {', '.join(f'p{i}@x.org' for i in range(30))}\n\n"
    )
    trouble, _ = eml.read(path, Since(limits={"people": 30}))
    assert isinstance(trouble, Trouble)
    assert trouble.reason == "it has more than 30 participants"
    assert len(moments(eml.read(path, Since(limits={"people": 31})))[0].parties) == 31
