"""Input made to hang, to swell or to break a reader: each must end soon, whatever it yields."""

import time

import pytest

from amity.model import Since
from amity.sources import catalog, mail, vcard

N = 1 << 20
HEADERS = {
    "open quotes": b"To: " + b'"\\' * (N // 2),
    "quotes and backslashes": b"To: " + b'\\"' * (N // 2),
    "nested comments": b"To: " + b"(" * N,
    "closing comments": b"To: " + b")" * N,
    "open angles": b"To: " + b"<" * N,
    "routes": b"To: <" + b"@a," * (N // 3),
    "colons": b"To: " + b":" * N,
    "semicolons": b"To: " + b"a;" * (N // 2),
    "at signs": b"To: " + b"@ " * (N // 2),
    "commas": b"To: " + b"," * N,
    "blanks": b"To: a" + b" " * N + b"b",
    "blanks and an angle": b"To: " + b" " * N + b"<",
    "brackets": b"To: " + b"[" * N,
    "folds": b"To:" + b"\n " * (N // 2),
    "many addresses": b"To: " + b",".join(b"<p%d@x.org>" % i for i in range(40_000)),
    "begun encoded words": b"Subject: " + b"=?a?q?" * (N // 6),
    "encoded words": b"Subject: " + b"=?a?q?b?= " * (N // 10),
    "encoded words of question marks": b"Subject: =?a?q?" + b"?" * N,
    "one long encoded word": b"Subject: =?utf-8?b?" + b"A" * N + b"?=",
    "punycode": b"Subject: =?punycode?q?" + b"a" * N + b"?=",
    "idna": b"From: a@" + "ü".encode() * (N // 2),
    "ids": b"References: " + b"<a" * (N // 2),
    "open ids": b"In-Reply-To: " + b"<" * N,
    "digits for a date": b"Date: " + b"1" * N,
    "blanks for a date": b"Date: 1 Jan" + b" " * N + b"2020",
    "many headers": b"To: a@x.org\n" * (N // 12),
    "many names": b"X:\n" * (N // 3),
    "utf-7": b"Subject: =?utf-7?q?" + b"+2AA-" * 1000 + b"?=",
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_made_to_hang(name):
    block = (
        b"\nDate: 1 Jan 2020 10:00 +0000\n" + HEADERS[name]
        if b"Date" not in HEADERS[name][:5]
        else b"\n" + HEADERS[name]
    )
    begun = time.process_time()
    item = mail.scanner()(block, 0, b"")
    repr(item).encode()
    assert time.process_time() - begun < 4


FILES = {
    "a.mbox": {
        "clocks without end": b"From a Thu Jan  2 14:04:05 2020\n\n\nFrom " + b"00:00 " * (N // 6),
        "from lines": b"From a Thu Jan  2 14:04:05 2020\n" * (N // 32),
        "names without colon": b"From a Thu Jan  2 14:04:05 2020\n" + b"a" * N + b"\nFrom b 10:10\n" + b"b" * N,
        "line breaks": b"From a 10:10\n" + b"\n" * N,
        "carriage returns": b"From a 10:10\nA: b\n" + b"\r" * N,
        "zeros": b"From a 10:10\n" + b"\0" * N,
    },
    "a.vcf": {
        "begins": b"BEGIN:VCARD\n" * (N // 12),
        "agents": b"BEGIN:VCARD\nAGENT:\n" * (N // 19),
        "ends": b"BEGIN:VCARD\nFN:a\n" + b"END:VCARD\n" * (N // 10),
        "parameters": b"BEGIN:VCARD\nFN" + b";a" * (N // 2) + b":x\nEND:VCARD\n",
        "quoted parameters": b'BEGIN:VCARD\nFN;A="' + b'";"' * (N // 3) + b":x\nEND:VCARD\n",
        "folds": b"BEGIN:VCARD\nVERSION:2.1\nNOTE:" + b"\n " * (N // 2) + b"\nEND:VCARD\n",
        "soft breaks": b"BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:" + b"=\n" * (N // 2) + b"\nEND:VCARD\n",
        "quoted-printable": b"BEGIN:VCARD\nNOTE;" + b"QUOTED-PRINTABLE:" * (N // 17) + b"=\n\nEND:VCARD\n",
        "backslashes": b"BEGIN:VCARD\nN:" + b"\\" * N + b"\nEND:VCARD\n",
        "semicolons": b"BEGIN:VCARD\nORG:\\" + b";" * N + b"\nEND:VCARD\n",
        "photos": b"BEGIN:VCARD\n" + b"PHOTO:a\n" * (N // 8) + b"END:VCARD\n",
        "photo parameters": b"BEGIN:VCARD\nPHOTO" + b";a" * (N // 2) + b"\nEND:VCARD\n",
        "phones": b"BEGIN:VCARD\nTEL:+43 " + b"1" * N + b"\nEND:VCARD\n",
        "emails": b"BEGIN:VCARD\nEMAIL:" + b"@" * N + b"\nEND:VCARD\n",
        "dots": b"BEGIN:VCARD\n" + b"a." * (N // 2) + b"\nEND:VCARD\n",
    },
    "a.csv": {
        "quotes": b"when,from,to\n" + b'"' * N,
        "people": b"when,from,to\n2020-01-02,a," + b"a;" * 50_000 + b"\n",
        "angles": b"when,from,to\n2020-01-02,a," + b"<" * 100_000 + b"\n",
        "phones": b"when,from,to\n2020-01-02,a,+" + b"1 " * 50_000 + b"\n",
        "commas": b"when,from,to\n" + b"," * N + b"\n",
        "equal rows": b"when,from,to\n" + b"2020-01-02,a,b\n" * 30_000,
    },
}


@pytest.mark.parametrize(("file", "name"), [(file, name) for file, kinds in FILES.items() for name in kinds])
def test_a_file_made_to_hang(tmp_path, file, name):
    path = tmp_path / file
    path.write_bytes(FILES[file][name])
    begun = time.process_time()
    source = catalog.by_name({"a.mbox": "mbox", "a.vcf": "vcard", "a.csv": "interactions"}[file])
    for item in catalog.open_reader(source)(path, Since()):
        repr(item).encode()
    assert time.process_time() - begun < 4


def test_a_card_inside_a_card_inside_a_card_needs_no_recursion():
    deep = "BEGIN:VCARD\nAGENT:\n" * 5000 + "FN:deep\n" + "END:VCARD\n" * 5000
    assert len(list(vcard.cards(deep))) == 1
