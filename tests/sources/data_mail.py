"""Samples of the sources of mail for the contract suite: each some thirty mails, one of which cannot be read."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from amity.sources import eml, emlx, thunderbird

MAIL = (
    "From: p{0}@x.org\nTo: Me <me@y.org>\nDate: Thu, 2 Jan 2020 14:{1:02d}:05 +0000\nSubject: s{0}\n"
    "Message-ID: <{0}@x.org>\n\nHi.\n"
)
FLAGS = """<?xml version="1.0" encoding="UTF-8"?>
<plist version="1.0"><dict><key>date-received</key><integer>1577974025</integer>
<key>flags</key><integer>{}</integer></dict></plist>
"""


def aged(root: Path) -> None:
    """Let all folders seem to have been at rest for an hour."""
    for here, _, _ in os.walk(root):
        os.utime(here, (time.time() - 3600,) * 2)


def an_eml_folder(root: Path) -> Path:
    (root / "notes.txt").write_text("Nothing of ours lies beside it: a folder of such folders is one source.")
    path = root / "Exported mail"
    for i in range(30):
        folder = path / ("", "Sent", "Sent/2020")[i % 3]
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{i:02d} s{i}.eml").write_text(MAIL.format(i, i))
    (path / "Sent" / "empty.eml").write_text("")
    (path / "picture.jpg").write_bytes(b"\xff\xd8")
    aged(path)
    return path


def emlx_text(mail: str, flags: int = 1) -> str:
    return f"{len(mail.encode()):<10}\n{mail}{FLAGS.format(flags)}"


def an_apple_store(root: Path) -> Path:
    (root / "notes.txt").write_text("Nothing of ours lies beside it: ~/Library/Mail as a whole is one source.")
    path = root / "V10"
    account = path / "0A1B2C3D-0000-4000-8000-000000000000"
    for i in range(30):
        box = ("INBOX.mbox", "Sent Messages.mbox", "Archive.mbox/2020.mbox")[i % 3]
        folder = account / box / "11111111-0000-4000-8000-000000000000" / "Data" / str(i % 2) / "Messages"
        folder.mkdir(parents=True, exist_ok=True)
        name = f"{i}.partial.emlx" if i % 5 == 0 else f"{i}.emlx"
        (folder / name).write_text(emlx_text(MAIL.format(i, i)))
        (folder / f"{i}.2.emlxpart").write_bytes(b"an attachment")
    inbox = account / "INBOX.mbox" / "11111111-0000-4000-8000-000000000000" / "Data" / "0" / "Messages"
    (inbox / "98.emlx").write_text("no count here\n" + MAIL.format(98, 1))
    (inbox / "99.emlx").write_text(emlx_text(MAIL.format(99, 1), flags=1 << 6))
    junk = account / "Junk.mbox" / "Messages"
    junk.mkdir(parents=True)
    (junk / "1.emlx").write_text(emlx_text(MAIL.format(97, 1)))
    (path / "MailData").mkdir()
    (path / "MailData" / "Accounts.plist").write_text("<plist/>")
    aged(path)
    return path


def an_mbox_text(numbers: range, status: str = "0001") -> str:
    return "".join(
        f"From - Thu Jan  2 14:04:05 2020\nX-Mozilla-Status: {status}\n{MAIL.format(i, i)}\n" for i in numbers
    )


def a_profile(root: Path) -> Path:
    path = root / "ab12cd34.default"
    local = path / "Mail" / "Local Folders"
    account = path / "ImapMail" / "imap.x.org"
    (account / "INBOX.sbd").mkdir(parents=True)
    local.mkdir(parents=True)
    (path / "prefs.js").write_text("// Mozilla User Preferences\n")
    (path / "abook.sqlite").write_bytes(b"SQLite format 3\0")
    broken = "From - Thu Jan  2 14:04:05\nX-Mozilla-Status: 0001\nDate: never\n\n\n"
    for file, text in {
        account / "INBOX": an_mbox_text(range(10)),
        account / "INBOX.sbd" / "Reisen": an_mbox_text(range(10, 20)) + an_mbox_text(range(90, 93), "0009"),
        account / "Junk": an_mbox_text(range(80, 83)),
        local / "Sent": an_mbox_text(range(20, 30)) + broken,
        local / "Trash": an_mbox_text(range(83, 86)),
        local / "Empty": "",
    }.items():
        file.write_text(text)
        file.with_name(file.name + ".msf").write_text('// <!-- <mdb:mork:z v="1.4"/> -->\n')
    (account / "msgFilterRules.dat").write_text('version="9"\n')
    return path


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "eml": an_eml_folder,
    "emlx": an_apple_store,
    "thunderbird": a_profile,
}
MODULES: dict[str, ModuleType] = {"eml": eml, "emlx": emlx, "thunderbird": thunderbird}
