"""Mail in folders, one file each."""

import os
import time
from pathlib import Path

import pytest

from amity.model import Known, Mark, Moment, Since, Trouble
from amity.sources import catalog, maildir

MAIL = "From: Ana <ana@x.org>\nTo: me@y.org\nDate: Thu, 2 Jan 2020 14:04:05 +0000\n"
MAIL += "Subject: {0}\nMessage-ID: <{0}@x.org>\n\nHi.\n"


@pytest.fixture
def root(tmp_path):
    for folder in ("", ".Sent", "Archive/2024"):
        for box in ("cur", "new", "tmp"):
            (tmp_path / folder / box).mkdir(parents=True)
    put(tmp_path, "cur/1.host:2,S", "one")
    put(tmp_path, "new/2.host", "two")
    put(tmp_path, ".Sent/cur/3.host:2,RS", "three")
    put(tmp_path, "Archive/2024/cur/4.host", "four")
    (tmp_path / "tmp" / "5.host").write_text("half written")
    (tmp_path / "dovecot-uidlist").write_text("3 V1")
    settle(tmp_path)
    return tmp_path


def put(root: Path, name: str, subject: str) -> None:
    (root / name).write_text(MAIL.format(subject))


def settle(root: Path) -> None:
    """Let the folders look as if nothing had happened for an hour."""
    for folder, _, _ in os.walk(root):
        os.utime(folder, (time.time() - 3600,) * 2)


def read(root: Path, since: Since | None = None) -> tuple[list[str], int, Mark]:
    items = list(maildir.read(root, since or Since()))
    mark = items[-1]
    assert isinstance(mark, Mark)
    known = sum(i.items for i in items if isinstance(i, Known))
    return [i.subject for i in items if isinstance(i, Moment)], known, mark


def test_all_folders_are_read_and_what_is_being_delivered_is_not(root):
    assert read(root)[0] == ["one", "two", "three", "four"]
    source = catalog.recognise(root)
    assert source is not None
    assert source.name == "maildir"


def test_a_place_is_folder_and_name_without_flags(root):
    places = [i.place for i in maildir.read(root, Since()) if isinstance(i, Moment)]
    assert places == ["1.host", "2.host", ".Sent/3.host", "Archive/2024/4.host"]


def test_folders_that_have_not_changed_are_not_listed(root, monkeypatch):
    _, _, mark = read(root)
    monkeypatch.setattr(maildir.os, "listdir", lambda path: pytest.fail(f"{path} was listed"))
    assert read(root, Since(mark.state))[:2] == ([], 4)


def test_a_mail_that_was_read_or_flagged_is_known(root):
    _, _, mark = read(root)
    (root / "new/2.host").rename(root / "cur/2.host:2,S")
    (root / "cur/1.host:2,S").rename(root / "cur/1.host:2,FS")
    put(root, "new/6.host", "six")
    places = {"1.host", "2.host", ".Sent/3.host", "Archive/2024/4.host"}
    subjects, known, _ = read(root, Since(mark.state, lambda: places))
    assert (subjects, known) == (["six"], 4)


def test_a_folder_listed_within_the_tick_in_which_it_changed_is_listed_again(root):
    os.utime(root / "cur")
    _, _, mark = read(root)
    put(root, "cur/7.host", "seven")
    os.utime(root / "cur", ns=(0, (root / "cur").stat().st_mtime_ns))
    assert "seven" in read(root, Since(mark.state))[0]


def test_a_long_header_is_read_to_its_end(root):
    long = MAIL.format("long").replace("Subject:", "X-Long: " + "a" * 40_000 + "\nSubject:")
    (root / "cur/8.host").write_text(long)
    assert "long" in read(root)[0]


def test_line_breaks_of_every_kind(root):
    (root / "cur/8.host").write_bytes(MAIL.format("crlf").replace("\n", "\r\n").encode())
    (root / "cur/9.host").write_bytes(MAIL.format("cr").replace("\n", "\r").encode())
    assert {"crlf", "cr"} <= set(read(root)[0])


def test_what_cannot_be_read_is_set_aside_with_its_place(root):
    (root / "cur/8.host").write_text("")
    (root / "cur/9.host").write_text("no mail")
    (root / "cur/a.folder").mkdir()
    (root / "cur/b.host").symlink_to(root / "nowhere")
    found = {i.place: i.reason for i in maildir.read(root, Since()) if isinstance(i, Trouble)}
    assert found == {
        "8.host": "the file is empty",
        "9.host": "no mail headers",
        "b.host": "cannot be read: No such file or directory",
    }
