"""Files that are given in the browser: read like any others, kept nowhere, and told of."""

from __future__ import annotations

import asyncio
import re
import time
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from amity.faces.web import uploads
from amity.faces.web.guard import Keys
from amity.faces.web.pages.sources import placed
from amity.faces.web.uploads import NAME_BYTES, safe_name, take
from amity.faces.web.words import visible

HEADER = "when,channel,from,to,cc,subject,depth,minutes,id\n"
OWNER = "Arthur Schnitzler <arthur.schnitzler@letters.example>"
ROW = f"1895-09-20,mail,{OWNER},Zoe Neu <zoe@x.example>,,Hi,,,\n"
CALLS = (
    "Date,Time,Number,Name,Type,Duration\n"
    "1895-02-03,18:30,+4722123456,Kim Lund,Outgoing,125\n"
    "some day,18:30,+4722123456,Kim Lund,Incoming,60\n"
)
BOUNDARY = b"--border\r\n"


def send(house, client, *files, key="k", **fields):
    """Send files by the form as a browser does: the hidden fields first."""
    csrf = next(iter(house.keys.sessions.values()))
    data = {"csrf": csrf, "key": key, **fields}
    return client.post("/sources/import", data=data, files=[("files", file) for file in files])


def outcome(client):
    """Wait for the import to end and return its page."""
    for _ in range(600):
        page = client.get("/sources/import").text
        if "data-running" not in page:
            return page
        time.sleep(0.05)
    raise AssertionError("the import does not end")


def test_a_file_is_read_told_of_and_not_kept(a_house):
    client = a_house.guest()
    answer = send(a_house, client, ("new.csv", HEADER + ROW))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/sources/import"
    page = outcome(client)
    assert "<h1>1 new</h1>" in page
    assert "1 read: 1 new" in page
    assert "1,466 people are known now" in page
    assert "arthur.schnitzler@letters.example" in page
    assert "uploads" not in page
    assert not (a_house.folder / uploads.FOLDER).exists()
    listed = client.get("/sources").text
    assert "new.csv" in listed
    assert "given in the browser" in listed
    assert "Zoe Neu" in client.get("/people?q=zoe").text
    assert "Imported new.csv: 1 new" in client.get("/history").text
    send(a_house, client, ("new.csv", HEADER + ROW), key="again")
    assert "<h1>Nothing new</h1>" in outcome(client)


def test_a_form_with_files_sent_twice_is_done_once(a_house):
    client = a_house.guest()
    for _ in range(2):
        send(a_house, client, ("new.csv", HEADER + ROW), key="once")
        outcome(client)
    assert client.get("/history").text.count("Imported new.csv: 1 new") == 2, "in the line and the name of its button"


def test_files_of_one_name_lie_side_by_side(a_house):
    client = a_house.guest()
    send(a_house, client, ("chat.csv", HEADER + ROW), ("../chat.csv", HEADER + ROW.replace("Hi", "Ho")))
    page = outcome(client)
    assert "<h1>2 new</h1>" in page
    assert "chat (2).csv" in page


def test_what_the_form_says_besides_is_heeded(build_house):
    house = build_house(none_csv=HEADER)
    client = house.guest()
    table = "when,channel,from,to,cc,subject,depth,minutes,id\n1895-09-20,mail,me@x.example,zoe@x.example,,Hi,,,\n"
    send(house, client, ("table.txt", table), me="me@x.example, me@home.example", **{"as": "interactions"})
    page = outcome(client)
    assert "<h1>1 new</h1>" in page
    assert re.search(r"<li>me@x\.example <span class=\"faint\">you said so", page)
    assert "<li>me@home.example" in page


def test_what_nobody_can_read_is_said_kindly(a_house):
    client = a_house.guest()
    send(a_house, client, ("<b>what.bin", b"\x00\x01\x02nothing"))
    page = outcome(client)
    assert "That could not be read" in page
    assert "_b_what.bin is nothing that Amity knows how to read" in page
    assert str(a_house.folder) not in page
    assert not (a_house.folder / uploads.FOLDER).exists()
    send(a_house, client, ("new.csv", HEADER + ROW), ("what.bin", b"\x00\x01"), key="two")
    assert "Not read: what.bin" in outcome(client)


def test_a_fault_in_the_middle_is_told_and_the_next_import_runs(a_house, monkeypatch, caplog):
    client = a_house.guest()

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret insides")

    with monkeypatch.context() as patch:
        patch.setattr("amity.app.intake.import_", broken)
        send(a_house, client, ("new.csv", HEADER + ROW))
        page = outcome(client)
    assert "Amity could not do that" in page
    assert "secret insides" not in page
    assert "secret insides" in caplog.text
    assert not (a_house.folder / uploads.FOLDER).exists()
    send(a_house, client, ("new.csv", HEADER + ROW), key="next")
    assert "<h1>1 new</h1>" in outcome(client)


def test_one_import_at_a_time(a_house, monkeypatch):
    client = a_house.guest()
    going = []

    def slow(desk, *_: object, **__: object) -> None:
        desk.progress(0.25, "mbox <b>a.mbox: 17 kept")
        while not going:
            time.sleep(0.01)
        raise RuntimeError

    monkeypatch.setattr("amity.app.intake.import_", slow)
    send(a_house, client, ("new.csv", HEADER + ROW))
    try:
        while "17 kept" not in (page := client.get("/sources/import").text):
            time.sleep(0.01)
        assert 'value="25"' in page
        assert "mbox &lt;b&gt;a.mbox: 17 kept" in page
        refused = send(a_house, client, ("other.csv", HEADER))
        assert refused.status_code == 409
        assert "being read already" in refused.text
        assert [path.name for path in (a_house.folder / uploads.FOLDER).iterdir()] == ["new.csv"]
    finally:
        going.append(True)
    outcome(client)


@pytest.mark.parametrize("csrf", [None, "", "wrong"])
def test_files_without_the_token_of_the_form_are_not_taken(a_house, csrf):
    client = a_house.guest()
    data = {} if csrf is None else {"csrf": csrf}
    for files in ([("files", ("new.csv", HEADER + ROW))], [("files", ("", b""))]):
        assert client.post("/sources/import", data=data, files=files).status_code == 403
    assert not (a_house.folder / uploads.FOLDER).exists()
    assert client.get("/sources/import").headers["location"] == "/sources"


def test_what_is_no_form_with_files_is_refused(a_house):
    client = a_house.guest()
    assert client.post("/sources/import", data={"csrf": "x"}).status_code == 415
    kind = {"content-type": "multipart/form-data; boundary=border"}
    assert client.post("/sources/import", content=b"no border at all", headers=kind).status_code == 400
    assert send(a_house, client, ("", b"")).status_code == 422
    assert send(a_house, client, ("a.csv", b"x"), me="x" * 20_000).status_code == 413
    assert send(a_house, client, ("a.csv", b"x"), **{f"f{place}": "" for place in range(20)}).status_code == 400
    assert not (a_house.folder / uploads.FOLDER).exists()


def test_more_than_is_allowed_is_refused_and_removed(a_house, monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 3 << 20)
    client = a_house.guest()
    assert send(a_house, client, ("large.mbox", b"x" * (2 << 20))).status_code == 303
    outcome(client)
    assert send(a_house, client, ("large.mbox", b"x" * (4 << 20))).status_code == 413
    monkeypatch.setattr(uploads, "FILES", 2)
    assert send(a_house, client, *((f"{place}.vcf", b"x") for place in range(3))).status_code == 413
    monkeypatch.setattr(uploads, "SPARE", 1 << 62)
    full = send(a_house, client, ("a.vcf", b"x"))
    assert full.status_code == 409
    assert "no room" in full.text
    assert not (a_house.folder / uploads.FOLDER).exists()


def chunks(*parts: bytes):
    """Stand in for a connection over which these parts come."""
    left = list(parts)

    async def receive():
        if not left:
            return {"type": "http.disconnect"}
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": True}

    headers = [(b"content-type", b"multipart/form-data; boundary=border")]
    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_a_large_file_passes_through_little_memory(tmp_path):
    size, piece = 64 << 20, b"x" * (1 << 16)
    head = BOUNDARY + b'Content-Disposition: form-data; name="files"; filename="a.mbox"\r\n\r\n'
    stream = iter([head, *(piece for _ in range(size // len(piece))), b"\r\n--border--\r\n"])

    async def receive():
        body = next(stream, None)
        return {"type": "http.request", "body": body or b"", "more_body": body is not None}

    headers = [(b"content-type", b"multipart/form-data; boundary=border")]
    request = Request({"type": "http", "method": "POST", "headers": headers}, receive)
    tracemalloc.start()
    taken = asyncio.run(take(request, tmp_path / "room", lambda _: True))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert taken.files[0].stat().st_size == size
    assert peak < 4 << 20
    assert taken.files[0].stat().st_mode & 0o077 == 0
    assert taken.files[0].parent.stat().st_mode & 0o077 == 0


def test_nothing_of_a_file_is_kept_before_the_form_is_known_to_be_ours(tmp_path):
    file = BOUNDARY + b'Content-Disposition: form-data; name="files"; filename="a.mbox"\r\n\r\nFrom x\r\n'
    token = BOUNDARY + b'Content-Disposition: form-data; name="csrf"\r\n\r\nright\r\n'
    with pytest.raises(HTTPException, match="too long"):
        asyncio.run(take(chunks(file, token), tmp_path / "room", lambda form: form.get("csrf") == "right"))
    assert not list((tmp_path / "room").iterdir())


def test_a_browser_that_goes_away_in_the_middle_stops_the_form(tmp_path):
    head = BOUNDARY + b'Content-Disposition: form-data; name="files"; filename="a.mbox"\r\n\r\nFrom x'
    with pytest.raises(ClientDisconnect):
        asyncio.run(take(chunks(head), tmp_path / "room", lambda _: True))


@given(st.text(max_size=300))
def test_no_file_name_leads_elsewhere(named):
    name = safe_name(named)
    assert name
    assert name == Path(name).name
    assert name not in (".", "..")
    assert not name.startswith(".")
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert len(name.encode()) <= NAME_BYTES
    assert safe_name(name) == name


@pytest.mark.parametrize(
    ("named", "kept"),
    [
        ("contacts.vcf", "contacts.vcf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ana\\Mail.mbox", "Mail.mbox"),
        (".bashrc", "bashrc"),
        ("..", "file"),
        ("", "file"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("Ünï 文.csv", "Ünï 文.csv"),
        ("x" * 300 + ".vcf", "x" * (NAME_BYTES - 4) + ".vcf"),
    ],
)
def test_file_names_stay_what_they_were_where_they_may(named, kept):
    assert safe_name(named) == kept


def test_what_hides_in_a_text_is_shown():
    assert visible("a\x00b\u202ec\u200bd\te\n") == "a␀b⟨U+202E⟩c⟨U+200B⟩d\te\n"


def test_sources_go_by_the_name_that_a_person_knows(tmp_path):
    room = tmp_path / "uploads"
    assert placed(room, "vcard", f"{room}/a.vcf").where == "given in the browser"
    inside = placed(room, "mbox", "/papers/Takeout.zip!/Takeout/Mail/All.mbox")
    assert inside.name == "All.mbox"
    assert inside.where == "inside Takeout.zip, /papers"
    assert placed(room, "imap", "imaps://ana@mail.example").name == "imaps://ana@mail.example"
    assert "yourself" in placed(room, "log", "the owner").name


def test_troubles_show_place_reason_and_record_and_can_be_tried_again(build_house, tmp_path):
    house = build_house(calls_csv=CALLS)
    client = house.guest()
    assert 'href="/sources/troubles"' in client.get("/sources").text
    page = client.get("/sources/troubles").text
    assert "&#34;some day&#34; is no date" in page
    assert "<pre>some day,18:30,+4722123456,Kim Lund,Incoming,60" in page
    path = re.search(r'name="path" value="([^"]+)"', page).group(1)
    assert path == str(tmp_path / "calls.csv")
    csrf = next(iter(house.keys.sessions.values()))
    form = {"csrf": csrf, "source": "call-log", "key": "r"}
    elsewhere = client.post("/sources/troubles", data={**form, "path": "/etc/passwd"})
    assert elsewhere.status_code == 404, "only what was read before is read again"
    (tmp_path / "calls.csv").write_text(CALLS.replace("some day", "1895-02-04"), encoding="utf-8")
    assert client.post("/sources/troubles", data={**form, "path": path}).status_code == 303
    assert "<h1>1 new</h1>" in outcome(client)
    assert "Nothing was set aside" in client.get("/sources/troubles").text
    assert client.post("/sources/troubles", data={**form, "path": path}).status_code == 404


def test_what_is_gone_is_to_be_given_again_and_takes_the_place_of_the_first(a_house):
    client = a_house.guest()
    send(a_house, client, ("calls.csv", CALLS))
    assert "1 item could not be read, and was set aside" in outcome(client)
    page = client.get("/sources/troubles").text
    assert "choose it again" in page
    assert "Retry" not in page
    csrf = next(iter(a_house.keys.sessions.values()))
    gone = {"csrf": csrf, "source": "call-log", "path": str(a_house.folder / uploads.FOLDER / "calls.csv")}
    assert client.post("/sources/troubles", data=gone).status_code == 409
    send(a_house, client, ("calls.csv", CALLS.replace("some day", "1895-02-04")), key="right")
    assert "1 new" in outcome(client)
    assert "Nothing was set aside" in client.get("/sources/troubles").text


def test_many_sources_and_troubles_cost_no_more_statements_than_a_few(build_house, demo):
    bad = "".join(f"some day,18:30,+47221{place:05},Kim Lund,Incoming,60\n" for place in range(500))
    files = {f"calls{place}_csv": CALLS.replace("125", str(place + 1)) for place in range(120)}
    large = build_house(many_csv=CALLS + bad, **files)
    small = type(large)(demo, Keys("another"))
    one, other = large.guest(), small.guest()
    assert "Page 1 of 2" in one.get("/sources").text
    assert "After" in one.get("/sources/troubles").text
    for path in ("/sources", "/sources/troubles", "/sources?page=2", "/sources/troubles?page=9"):
        counts = []
        for house, client in ((large, one), (small, other)):
            house.statements.clear()
            began = time.process_time()
            assert client.get(path).status_code == 200
            assert time.process_time() - began < 0.5
            counts.append(len(house.statements))
        assert counts[0] <= counts[1] <= 20, (path, counts)
