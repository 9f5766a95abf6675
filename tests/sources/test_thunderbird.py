"""Thunderbird's profile, and Gmail's export with its labels: what of them is the owner's mail."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.model import Known, Mark, Moment, Since, Trouble
from amity.sources import boxes, mbox, thunderbird
from tests.sources import data_mail


@pytest.fixture
def profile(tmp_path, monkeypatch):
    monkeypatch.setattr(thunderbird, "_BATCH", 4)
    return data_mail.a_profile(tmp_path)


def moments(items):
    return [item for item in items if isinstance(item, Moment)]


def known(items):
    return sum(item.items for item in items if isinstance(item, Known))


def test_all_folders_of_all_accounts_are_read_but_junk_and_trash(profile):
    assert thunderbird.recognise(profile, b"")
    assert thunderbird.folders(profile) == [
        "Mail/Local Folders/Empty", "Mail/Local Folders/Sent", "ImapMail/imap.x.org/INBOX",
        "ImapMail/imap.x.org/INBOX.sbd/Reisen",
    ]  # fmt: skip
    items = list(thunderbird.read(profile, Since()))
    assert sorted(moment.message_id for moment in moments(items)) == sorted(f"{n}@x.org" for n in range(30))
    (trouble,) = [item for item in items if isinstance(item, Trouble)]
    assert trouble.place.startswith("Mail/Local Folders/Sent:")
    assert moments(items)[0].place == "Mail/Local Folders/Sent:0"


def test_a_part_of_a_profile_is_recognised_too(profile, tmp_path):
    for part in ("Mail", "ImapMail", "ImapMail/imap.x.org", "Mail/Local Folders"):
        assert thunderbird.recognise(profile / part, b""), part
        assert thunderbird.folders(profile / part)
    assert not thunderbird.recognise(tmp_path, b"")
    (tmp_path / "other").mkdir()
    assert not thunderbird.recognise(tmp_path / "other", b"")
    assert not thunderbird.recognise(profile / "prefs.js", b"//")


def test_what_is_expunged_is_no_item(profile):
    items = moments(thunderbird.read(profile, Since()))
    assert {moment.message_id for moment in items}.isdisjoint({"90@x.org", "91@x.org", "92@x.org"})


def test_from_any_mark_the_rest_is_read(profile):
    items = list(thunderbird.read(profile, Since()))
    shares = [item.share for item in items if isinstance(item, Mark)]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for at, mark in enumerate(items):
        if isinstance(mark, Mark):
            rest = list(thunderbird.read(profile, Since(json.loads(json.dumps(mark.state)))))
            assert moments(rest) == moments(items[at:])
            assert known(rest) == len(moments(items[:at]))


def test_a_folder_that_has_grown_is_read_on(profile):
    items = list(thunderbird.read(profile, Since()))
    with (profile / "ImapMail" / "imap.x.org" / "INBOX").open("a") as file:
        file.write(data_mail.an_mbox_text(range(40, 42)))
    again = list(thunderbird.read(profile, Since(items[-1].state)))
    assert [moment.message_id for moment in moments(again)] == ["40@x.org", "41@x.org"]
    assert known(again) == 30


def test_folders_kept_as_maildir(profile):
    box = profile / "Mail" / "Local Folders" / "Archiv"
    (box / "cur").mkdir(parents=True)
    (box / "tmp").mkdir()
    (box / "cur" / "1577974025.eml").write_text(data_mail.MAIL.format(50, 5))
    data_mail.aged(box)
    items = list(thunderbird.read(profile, Since()))
    (found,) = [moment for moment in moments(items) if moment.message_id == "50@x.org"]
    assert found.place == "Mail/Local Folders/Archiv/1577974025.eml"
    places = frozenset(moment.place for moment in moments(items))
    again = list(thunderbird.read(profile, Since(items[-1].state, lambda: places)))
    assert (known(again), moments(again)) == (31, [])
    (box / "cur" / "1577974026.eml").write_text(data_mail.MAIL.format(51, 5))
    third = list(thunderbird.read(profile, Since(items[-1].state, lambda: places)))
    assert [moment.message_id for moment in moments(third)] == ["51@x.org"]
    assert known(third) == 31


def test_a_profile_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(OSError):
        list(thunderbird.read(tmp_path / "nowhere", Since()))


LABELS = {
    "Inbox,Important": True,
    "Sent": True,
    "Spam,Unread": False,
    "Papierkorb": False,
    "=?UTF-8?Q?Entw=C3=BCrfe,Ungelesen?=": False,
    "=?UTF-8?B?0KHQv9Cw0Lw=?=": False,
    "=?UTF-8?Q?Bo=C3=AEte_de_r=C3=A9ception,Ouvert?=": True,
    "Inbox,\n =?UTF-8?Q?Corbeille?=": False,
    "Rubbish bins and other hobbies": True,
}


def test_what_gmail_labels_spam_trash_or_draft_is_left_out(tmp_path):
    path = tmp_path / "All mail Including Spam and Trash.mbox"
    path.write_text(
        "".join(
            f"From 1577@xxx Thu Jan 02 14:04:05 +0000 2020\nX-GM-THRID: 1577\nX-Gmail-Labels: {labels}\n"
            f"{data_mail.MAIL.format(i, i)}\n"
            for i, labels in enumerate(LABELS)
        )
    )
    items = list(mbox.read(path, Since()))
    wanted = [f"{i}@x.org" for i, kept in enumerate(LABELS.values()) if kept]
    assert [moment.message_id for moment in moments(items)] == wanted
    again = list(mbox.read(path, Since(items[-1].state)))
    assert known(again) == len(wanted)


@pytest.mark.parametrize(
    ("name", "delimiter"),
    [("Junk", "/"), ("INBOX/Spam", "/"), ("INBOX.Gelöschte Elemente", "."), ("[Gmail]/Corbeille", "/"),
     ("Courrier indésirable", "/"), ("ЧЕРНОВИКИ", "/"), ("Trash/2019", "/"), ("Entwu\u0308rfe", "/")],
)  # fmt: skip
def test_folders_that_hold_no_contact(name, delimiter):
    assert boxes.left_out(name, delimiter)


@pytest.mark.parametrize("name", ["INBOX", "Sent", "Archive", "Anti-spam project", "Binder", "", "Müller"])
def test_folders_that_do(name):
    assert not boxes.left_out(name)


@given(st.binary(max_size=300))
def test_no_profile_ever_raises(tmp_path_factory, data):
    profile = data_mail.a_profile(tmp_path_factory.mktemp("any"))
    inbox = profile / "ImapMail" / "imap.x.org" / "INBOX"
    inbox.write_bytes(inbox.read_bytes()[: len(data) * 3] + data + b"\nX-Mozilla-Status: " + data[:4] + b"\n")
    repr(list(thunderbird.read(profile, Since()))).encode()


def test_a_line_before_the_first_mail_does_not_hide_the_folder(profile):
    inbox = profile / "ImapMail" / "imap.x.org" / "INBOX"
    before = list(thunderbird.read(profile, Since()))
    inbox.write_text("hello\n" + inbox.read_text())
    for index in (True, False):
        if not index:
            inbox.with_name("INBOX.msf").unlink()
        items = list(thunderbird.read(profile, Since()))
        assert {moment.key for moment in moments(items)} == {moment.key for moment in moments(before)}
        (new,) = [item.place for item in items if isinstance(item, Trouble) and item.place.startswith("ImapMail")]
        assert new == "ImapMail/imap.x.org/INBOX:0"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
def test_a_pipe_among_the_folders_is_not_waited_for(profile):
    os.mkfifo(profile / "ImapMail" / "imap.x.org" / "Pipe")
    assert "ImapMail/imap.x.org/Pipe" not in thunderbird.folders(profile)
