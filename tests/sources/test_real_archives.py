"""Real mail and real cards, which lie beside the repository and are never copied into it."""

import email
import email.header
import email.utils
import tarfile
from collections import Counter
from pathlib import Path

import pytest

from amity.model import Card, Moment, Trouble
from amity.sources import lines, mail, maildir, vcard

SHARED = Path(__file__).resolve().parents[2].parent / "shared" / "data"
SPAM = SHARED / "mail" / "spamassassin_raw.tar.xz"
FUZZ = SHARED / "fuzz" / "fuzz.tar.xz"


def members(path: Path):
    with tarfile.open(path) as tar:
        for member in tar:
            if member.isfile() and (file := tar.extractfile(member)) is not None:
                yield member.name, file.read()


def scan(data: bytes, scanner=None) -> Moment | Trouble:
    if data.startswith(b"From "):
        data = data.partition(b"\n")[2]
    block = maildir.first_block(data)
    return (scanner or mail.scanner())(mail.unix(b"\n" + data) if block is None else block, 0, b"")


@pytest.mark.skipif(not SPAM.exists(), reason="the SpamAssassin corpus is not at hand")
def test_real_mails_are_read_as_the_standard_library_reads_them():
    differences: Counter[str] = Counter()
    scanner = mail.scanner()
    count = 0
    for _, data in members(SPAM):
        if b"Received" not in data[:5000]:
            continue  # the licence and notes of the collection
        found = scan(data, scanner)
        count += 1
        if isinstance(found, Trouble):
            differences["trouble"] += 1
            continue
        raw = data.partition(b"\n")[2] if data.startswith(b"From ") else data
        theirs = email.message_from_bytes(raw[: raw.find(b"\n\n") + 2])
        ours = {p.handle.value for p in found.parties if p.role < 3 and p.handle.kind == "email"}
        try:
            pairs = email.utils.getaddresses(
                [str(v) for name in ("from", "to", "cc", "bcc") for v in theirs.get_all(name, [])]
            )
            differences["people"] += not {a.lower() for _, a in pairs if a.count("@") == 1 and " " not in a} <= ours
            date = email.utils.parsedate_tz(str(theirs["date"]))
            differences["date"] += bool(date) and email.utils.mktime_tz(date) != found.at
        except (ValueError, TypeError, OverflowError):
            differences["not read by the standard library"] += 1
        differences["id"] += (theirs["message-id"] or "").strip().strip("<>") != found.message_id
    assert count > 5900
    assert differences["trouble"] == 0
    assert differences["people"] <= 40
    assert differences["date"] <= 90
    assert differences["id"] <= 35


@pytest.mark.skipif(not FUZZ.exists(), reason="the odd files of other projects are not at hand")
def test_odd_files_of_other_projects_neither_raise_nor_vanish():
    seen: Counter[str] = Counter()
    for name, data in members(FUZZ):
        if name.endswith((".vcf", ".vcard")):
            items = list(vcard.cards(vcard.decode(data)))
            begun = data.upper().replace(b"\0", b"").count(b"BEGIN:VCARD") - data.upper().count(b"AGENT:\nBEGIN:VCARD")
            assert len([i for i in items if isinstance(i, Card)]) >= bool(begun) or items, name
            seen["cards"] += len(items)
            for item in items:
                lines.describe(item)
        elif name.endswith((".eml", ".txt", ".msg", ".mbox")) or "mail" in name:
            item = scan(data)
            lines.describe(item)
            seen["mails"] += 1
    assert seen["cards"] > 100
    assert seen["mails"] > 300
