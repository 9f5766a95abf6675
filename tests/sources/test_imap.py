"""A mail account, read live: against a real dovecot where it is installed, started and stopped here."""

import getpass
import imaplib
import json
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import tarfile
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from amity.errors import AmityError, Code
from amity.model import Found, Handle, Known, Mark, Moment, Since, Text, Trouble
from amity.sources import bodies, imap, imap_text, mail

SPAM = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "mail" / "spamassassin_raw.tar.xz"
MAIL = (
    "From: P{0} <p{0}@x.org>\r\nTo: Me <me@y.org>\r\nDate: Thu, 2 Jan 2020 14:{1:02d}:05 +0000\r\nSubject: s{0}\r\n"
    "Message-ID: <{0}@x.org>\r\n\r\nA body that nobody fetches.\r\n"
)
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
info_log_path = {root}/log
ssl = yes
ssl_cert = <{root}/cert.pem
ssl_key = <{root}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
{users}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{root}/mail:LAYOUT=fs
auth_failure_delay = 0
passdb {{
  driver = static
  mechanisms = plain login
  args = password=right
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {root}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={root}/home
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Werbemuell {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Papierkorb {{
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


# RFC 7662: dovecot asks whoever gave a token whether it is good, and whose it is.
OAUTH2 = """
introspection_mode = get
introspection_url = http://127.0.0.1:{port}/?token=
username_attribute = username
active_attribute = active
active_value = true
"""
TOKENS = {"good-token": ("ana", "true"), "old-token": ("ana", "false"), "of-another": ("bo", "true")}


class Issuer(BaseHTTPRequestHandler):
    def do_GET(self):
        username, active = TOKENS.get(parse_qs(urlsplit(self.path).query).get("token", [""])[0], ("", "false"))
        said = json.dumps({"active": active, "username": username}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_):
        pass


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Dovecot:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.mail = root / "mail"
        self.port, self.tls_port = free_port(), free_port()
        uid, gid = os.getuid(), os.getgid()
        if not uid:
            nobody = pwd.getpwnam("nobody")  # it lets nobody read mail as root
            uid, gid = nobody.pw_uid, nobody.pw_gid
        for folder in ("run", "state", "home", "mail"):
            (root / folder).mkdir()
        for folder in ("home", "mail"):
            os.chown(root / folder, uid, gid)
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
             "-keyout", root / "key.pem", "-out", root / "cert.pem"],
            check=True,
            capture_output=True,
        )  # fmt: skip
        self.issuer = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
        Thread(target=self.issuer.serve_forever, daemon=True).start()
        (root / "oauth2.conf").write_text(OAUTH2.format(port=self.issuer.server_port))
        config = root / "dovecot.conf"
        user = getpass.getuser()
        # Its own users are there for root alone; for anybody else all of it runs as who started it.
        users = f"default_login_user = {user}\ndefault_internal_user = {user}\ndefault_internal_group = {root.group()}"
        config.write_text(
            CONFIG.format(
                root=root, port=self.port, tls_port=self.tls_port, uid=uid, gid=gid,
                users=users if os.getuid() else "",
            )
        )  # fmt: skip
        dovecot = shutil.which("dovecot") or "/usr/sbin/dovecot"
        self.process = subprocess.Popen(
            [dovecot, "-F", "-c", config], stdout=subprocess.DEVNULL, stderr=(root / "said").open("w")
        )
        for _ in range(100):
            with socket.socket() as one:
                if one.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        self.stop()
        pytest.skip(f"dovecot does not start here: {(root / 'said').read_text()[-300:]}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)
        self.issuer.shutdown()
        self.issuer.server_close()

    @property
    def address(self) -> str:
        return f"imap://ana@127.0.0.1:{self.port}"

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login("ana", "right")
        return client

    def append(self, folder: str, mail: bytes) -> None:
        client = self.client()
        client.create(folder)
        status, said = client.append(folder, "", None, mail)
        assert status == "OK", said
        client.logout()

    def put(self, folder: str, *numbers: int, text: str = MAIL, flags: str = "") -> None:
        client = self.client()
        client.create(folder)
        for number in numbers:
            status, said = client.append(folder, flags, None, text.format(number, number % 60).encode())
            assert status == "OK", said
        client.logout()


@pytest.fixture(scope="module")
def server():
    if not (shutil.which("dovecot") or Path("/usr/sbin/dovecot").exists()):
        pytest.skip("dovecot is not installed")
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed, and the server needs a certificate")
    with TemporaryDirectory(prefix="dovecot") as root:
        Path(root).chmod(0o755)  # its processes without rights meet each other there
        server = Dovecot(Path(root))
        yield server
        server.stop()


@pytest.fixture
def account(server):
    """An empty account with 30 mails in three folders, and some where they do not count."""
    client = server.client()
    for line in client.list()[1]:
        name = line.rpartition(b' "/" ')[2].strip(b'"').decode()
        status, said = client.select(f'"{name}"')
        if status != "OK":
            continue  # it is there for those below it alone
        if int(said[0]):
            client.store("1:*", "+FLAGS", r"(\Deleted)")
            client.expunge()
        client.unselect()
    client.logout()
    for folder, first in (("INBOX", 0), ("Archive/2020", 10), ("S&APw-den", 20)):
        server.put(folder, *range(first, first + 10))
    server.put("Werbemuell", 90, 91)
    server.put("Papierkorb", 92)
    return server


def since(state=None, secret="right"):
    return Since(state or {}, secret=lambda: secret)


def read(address, state=None, **wishes):
    items = list(imap.read(address, replace(since(state), **wishes)))
    return items, [item for item in items if isinstance(item, Moment)]


def known(items):
    return sum(item.items for item in items if isinstance(item, Known))


def test_all_folders_are_read_but_spam_and_trash(account):
    items, moments = read(account.address)
    assert sorted(moment.message_id for moment in moments) == sorted(f"{n}@x.org" for n in range(30))
    assert not [item for item in items if isinstance(item, Trouble)]
    folders = {moment.place.partition(";UIDVALIDITY=")[0] for moment in moments}
    assert folders == {"INBOX", "Archive/2020", "Süden"}
    assert isinstance(items[-1], Mark)
    assert items[-1].share == 1.0
    shares = [item.share for item in items if isinstance(item, Mark)]
    assert shares == sorted(shares)
    (first,) = [moment for moment in moments if moment.message_id == "7@x.org"]
    assert (first.subject, first.at, [party.handle.value for party in first.parties]) == (
        "s7", 1577974025, ["p7@x.org", "me@y.org"],
    )  # fmt: skip


def test_reading_leaves_no_trace(account):
    read(account.address)
    client = account.client()
    client.select("INBOX", readonly=True)
    _, found = client.search(None, "SEEN")
    assert found == [b""]
    _, found = client.search(None, "UNSEEN")
    assert len(found[0].split()) == 10
    client.logout()


def test_a_second_reading_fetches_nothing(account, monkeypatch):
    items, _ = read(account.address)
    state = items[-1].state
    monkeypatch.setattr(imap, "_fetch", lambda *_: pytest.fail("headers were fetched again"))
    monkeypatch.setattr(imap, "_examine", lambda *_: pytest.fail("a folder was opened"))
    again, moments = read(account.address, state)
    assert (known(again), moments) == (30, [])
    assert again[-1].state == state


def test_changes_that_the_server_numbers_say_that_a_folder_stands_still(account, monkeypatch):
    items, _ = read(account.address)
    folders = items[-1].state["folders"]
    assert all(folder["modseq"] > 0 for folder in folders.values())
    unsaid = {name: {**folder, "last": 0} for name, folder in folders.items()}  # as if there were no UIDNEXT
    monkeypatch.setattr(imap, "_examine", lambda *_: pytest.fail("a folder was opened"))
    assert known(read(account.address, {"folders": unsaid})[0]) == 30


def test_where_changes_are_not_numbered_what_is_new_is_found_all_the_same(account, monkeypatch):
    real = imap._numbers
    monkeypatch.setattr(imap, "_numbers", lambda box, folder, _: {**real(box, folder, False), "highestmodseq": 0})
    items, _ = read(account.address)
    account.put("INBOX", 40)
    again, moments = read(account.address, items[-1].state)
    assert (len(moments), known(again)) == (1, 30)


def test_only_what_is_new_is_fetched(account):
    items, _ = read(account.address)
    account.put("INBOX", 40, 41)
    account.put("Neu", 42)
    again, moments = read(account.address, items[-1].state)
    assert sorted(moment.message_id for moment in moments) == ["40@x.org", "41@x.org", "42@x.org"]
    assert known(again) == 30


def test_what_the_owner_deletes_there_stays_known_here(account):
    items, _ = read(account.address)
    client = account.client()
    client.select("INBOX")
    client.store("1:3", "+FLAGS", r"(\Deleted)")
    client.expunge()
    client.logout()
    again, moments = read(account.address, items[-1].state)
    assert (known(again), moments) == (30, [])


def test_from_any_mark_exactly_the_rest_is_read(account, monkeypatch):
    monkeypatch.setattr(imap, "_BATCH", 4)
    items, moments = read(account.address)
    marks = [at for at, item in enumerate(items) if isinstance(item, Mark)]
    assert len(marks) >= 10
    for at in marks:
        before = [item for item in items[:at] if isinstance(item, Moment)]
        rest, fresh = read(account.address, items[at].state)
        assert fresh == moments[len(before) :]
        assert known(rest) == len(before)


def test_a_folder_made_anew_is_read_anew_with_the_same_keys(account):
    items, moments = read(account.address)
    client = account.client()
    client.delete("Archive/2020")
    client.logout()
    account.put("Archive/2020", *range(10, 20))
    again, anew = read(account.address, items[-1].state)
    assert known(again) == 20
    assert {m.key for m in anew} == {m.key for m in moments if m.place.startswith("Archive")}
    assert {m.place for m in anew}.isdisjoint(m.place for m in moments)


def test_a_dropped_connection_is_made_anew_once(account, monkeypatch):
    monkeypatch.setattr(imap, "_BATCH", 4)
    real, dropped = imap._fetch, []

    def fetch(box, uids):
        if len(dropped) < 1:
            dropped.append(uids)
            box.client.sock.shutdown(socket.SHUT_RDWR)
        return real(box, uids)

    monkeypatch.setattr(imap, "_fetch", fetch)
    _, moments = read(account.address)
    assert len(dropped) == 1
    assert len(moments) == 30


def test_a_connection_that_drops_and_drops_is_told(account, monkeypatch):
    def fetch(box, uids):
        raise imaplib.IMAP4.abort("gone")

    monkeypatch.setattr(imap, "_fetch", fetch)
    with pytest.raises(AmityError) as raised:
        read(account.address)
    assert raised.value.code is Code.NOT_FOUND
    assert "goes on" in raised.value.hint


def test_drafts_are_no_contacts_and_a_mail_without_date_has_the_day_it_came(account):
    account.put("INBOX", 50, flags=r"(\Draft)")
    account.put("INBOX", 51, text="From: a@x.org\r\nTo: b@x.org\r\nSubject: {0}{1}\r\n\r\n")
    _, moments = read(account.address)
    assert len(moments) == 31
    (undated,) = [moment for moment in moments if not moment.message_id]
    assert undated.at > 1577974025


def test_one_folder_alone(account):
    _, moments = read(f"{account.address}/Archive/2020")
    assert len(moments) == 10
    with pytest.raises(AmityError) as raised:
        read(f"{account.address}/Nowhere")
    assert raised.value.code is Code.NOT_FOUND
    assert "Archive/2020" in raised.value.hint


def test_a_wrong_password_is_refused_and_not_repeated(account):
    with pytest.raises(AmityError) as raised:
        list(imap.read(account.address, since(secret="wrong-secret")))
    assert raised.value.code is Code.REFUSED
    assert "wrong-secret" not in str(raised.value)
    with pytest.raises(AmityError) as raised:
        list(imap.read(account.address, since(secret="oauth2:some-token")))
    assert raised.value.code is Code.REFUSED
    assert "token" in raised.value.message
    assert "some-token" not in str(raised.value)


def test_a_token_opens_the_account_of_whom_it_was_given_to(account):
    def moments(token):
        return [
            item for item in imap.read(account.address, since(secret=f"oauth2:{token}")) if isinstance(item, Moment)
        ]

    assert len(moments("good-token")) == 30
    assert len(moments(" good-token\n")) == 30  # as it is pasted
    for token in ("old-token", "of-another", "made-up"):
        with pytest.raises(AmityError) as raised:
            moments(token)
        assert raised.value.code is Code.REFUSED
        assert token not in str(raised.value)


def test_a_certificate_that_nobody_vouches_for_is_refused(account):
    with pytest.raises(AmityError) as raised:
        list(imap.read(f"imaps://ana@localhost:{account.tls_port}", since()))
    assert raised.value.code is Code.REFUSED
    assert "prove" in raised.value.message
    with pytest.raises(AmityError) as raised:
        imap._Session(imap.Account("ana", "localhost", account.port, "starttls"), "right")
    assert raised.value.code is Code.REFUSED


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_over_tls_and_starttls(account, monkeypatch, way):
    real = ssl.create_default_context
    monkeypatch.setattr(ssl, "create_default_context", lambda: real(cafile=account.root / "cert.pem"))
    port = account.tls_port if way == "tls" else account.port
    session = imap._Session(imap.Account("ana", "localhost", port, way), "right")
    assert isinstance(session.box.client.sock, ssl.SSLSocket)
    assert len([item for item in imap._account(session, {}, since()) if isinstance(item, Moment)]) == 30
    session.close()


def test_plain_where_tls_is_spoken_and_a_server_that_is_not_there(account):
    with pytest.raises(AmityError) as raised:
        list(imap.read(f"imaps://ana@127.0.0.1:{account.port}", since()))
    assert raised.value.code is Code.REFUSED
    with pytest.raises(AmityError) as raised:
        list(imap.read(f"imaps://ana@127.0.0.1:{free_port()}", since()))
    assert raised.value.code is Code.NOT_FOUND


def test_an_address_says_who_where_and_how():
    assert imap.account("imaps://ana@mail.example") == imap.Account("ana", "mail.example", 993, "tls")
    assert imap.account("imap://ana%40x.org@mail.example:1143/Lists/a%20b") == imap.Account(
        "ana@x.org", "mail.example", 1143, "starttls", "Lists/a b"
    )
    assert imap.account("imap://ana@localhost").way == "plain"
    assert imap.is_address("imaps://a@b")
    assert not imap.is_address("ana/imap")
    for wrong in ("imaps://mail.example", "http://a@b", "imaps://a@b:x", "imaps://ana:secret@b"):
        with pytest.raises(AmityError) as raised:
            imap.account(wrong)
        assert raised.value.code is Code.USAGE
        assert "secret" not in str(raised.value)


def test_without_a_password_it_does_not_even_knock():
    with pytest.raises(AmityError) as raised:
        list(imap.read("imaps://ana@mail.example", Since()))
    assert raised.value.code is Code.USAGE


def test_where_one_folder_holds_all_mail_it_alone_is_read():
    folder = imap.FolderInfo
    gmail = [
        folder("INBOX", "/", ("\\HasNoChildren",)),
        folder("[Gmail]", "/", ("\\HasChildren", "\\Noselect")),
        folder("[Gmail]/Alle Nachrichten", "/", ("\\All", "\\HasNoChildren")),
        folder("[Gmail]/Spam", "/", ("\\Junk",)),
    ]
    assert [found.name for found in imap._folders(gmail)] == ["[Gmail]/Alle Nachrichten"]
    others = [
        folder("INBOX", ".", ()), folder("INBOX.Courrier indésirable", ".", ()), folder("INBOX.Entwürfe", ".", ()),
        folder("Gelöschte Elemente", "/", ()), folder("Müll", "/", ("\\Trash",)), folder("Sent", ".", ("\\Sent",)),
    ]  # fmt: skip
    assert [found.name for found in imap._folders(others)] == ["INBOX", "Sent"]


PROMISE = "I'll send you the draft on Friday."
LETTERS = [
    ("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit", f"Grüße!\r\n{PROMISE}\r\n"),
    (
        'Content-Type: multipart/mixed; boundary="o"',
        '--o\r\nContent-Type: multipart/alternative; boundary="i"\r\n\r\n'
        "--i\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        f"Gr=FC=DFe=\r\n!\r\n{PROMISE}\r\n\r\n> Quoted.\r\n"
        "--i\r\nContent-Type: text/html\r\n\r\n<p>No.</p>\r\n--i--\r\n"
        '--o\r\nContent-Type: application/zip; name="a \\"(b).zip"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
        + "QUFB\r\n" * 200_000
        + "--o\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=n\r\n\r\nAside.\r\n--o--\r\n",
    ),
    ("Content-Type: text/html; charset=utf-8", f"<p>Grüße!<br>{PROMISE}</p><blockquote>No.</blockquote>"),
    (
        'Content-Type: multipart/alternative; boundary="i"',
        "--i\r\nContent-Type: text/plain\r\n\r\n \r\n--i\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
        f"<p>Grüße!<br>{PROMISE}</p>\r\n--i--\r\n",
    ),
]
NEWSLETTER = MAIL.replace("Subject", "List-Id: <all.x.org>\r\nSubject")


@pytest.fixture
def letters(account):
    for number, (head, body) in enumerate(LETTERS, 60):
        text = MAIL.partition("\r\n\r\n")[0].format(number, 5)
        account.append("Letters", f"{text}\r\n{head}\r\n\r\n{body}".encode())
    account.put("Letters", 70, text=NEWSLETTER)
    return f"{account.address}/Letters"


def told(items):
    return sorted((item.moment.message_id, item.sentence) for item in items if isinstance(item, Found))


def test_bodies_are_fetched_only_where_the_owner_says_so(letters, monkeypatch):
    asked = []
    real = imap._asked
    monkeypatch.setattr(imap, "_asked", lambda box, uids, what: (asked.append(what), real(box, uids, what))[1])
    items, moments = read(letters)
    assert (len(moments), [type(item) for item in items if not isinstance(item, Moment | Mark)]) == (5, [])
    assert asked == ["FLAGS INTERNALDATE BODY.PEEK[HEADER]"]
    items, moments = read(letters, bodies=True)
    assert len(moments) == 5
    assert told(items) == [(f"{number}@x.org", PROMISE) for number in range(60, 64)]
    assert not [item for item in items if isinstance(item, Text)]
    items, _ = read(letters, texts=True)
    texts = {item.moment.message_id: item.words for item in items if isinstance(item, Text)}
    assert texts.pop("70@x.org") == "A body that nobody fetches."
    assert set(texts.values()) == {f"Grüße!\n{PROMISE}"}
    assert told(items) == []


def test_whom_a_mail_did_not_reach_is_told(account):
    """The report names the address in a part of its own, and the words for people do not."""
    account.append(
        "Letters",
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.x.org\r\nTo: ana@x.org\r\nSubject: Undelivered Mail\r\n"
        b"Date: Fri, 2 Jan 2026 10:00:00 +0000\r\nMessage-ID: <back@x.org>\r\nAuto-Submitted: auto-replied\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="r"\r\n\r\n'
        b"--r\r\nContent-Type: text/plain\r\n\r\nYour mail came back.\r\n"
        b"--r\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.x.org\r\n\r\n"
        b"Final-Recipient: rfc822; bo@gone.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--r--\r\n",
    )
    address = f"{account.address}/Letters"
    assert not [item for item in read(address)[0] if isinstance(item, Found)]
    (found,) = [item for item in read(address, bodies=True)[0] if isinstance(item, Found)]
    assert (found.kind, found.people, found.values) == (
        "bounce",
        (Handle("email", "bo@gone.example"),),
        {"reason": "gone"},
    )


def test_no_attachment_crosses_the_line(letters, monkeypatch):
    sizes = []
    real = imap._asked

    def asked(box, uids, what):
        answer = real(box, uids, what)
        sizes.extend(len(part[1]) for part in answer if isinstance(part, tuple))
        return answer

    monkeypatch.setattr(imap, "_asked", asked)
    read(letters, bodies=True, texts=True)
    assert 0 < max(sizes) < 1000
    assert sum(sizes) < 5000


def test_reading_bodies_leaves_no_trace(account, letters):
    read(letters, bodies=True, texts=True)
    client = account.client()
    client.select("Letters", readonly=True)
    assert client.search(None, "SEEN")[1] == [b""]
    client.logout()


def test_bodies_are_read_once_and_go_on_with_what_is_new(account, letters, monkeypatch):
    items, moments = read(letters)
    inside, again = read(letters, items[-1].state, bodies=True)  # their headers were read without them
    assert [moment.key for moment in again] == [moment.key for moment in moments]
    assert (len(told(inside)), known(inside)) == (4, 0)
    account.put("Letters", 71, text=MAIL.replace("A body that nobody fetches.", PROMISE))
    fresh, moments = read(letters, inside[-1].state, bodies=True)
    assert (len(moments), told(fresh), known(fresh)) == (1, [("71@x.org", PROMISE)], 5)
    both, moments = read(letters, fresh[-1].state, bodies=True, texts=True)
    assert (len(moments), len(told(both))) == (6, 5)
    monkeypatch.setattr(imap, "_examine", lambda *_: pytest.fail("a folder was opened"))
    for wishes in ({}, {"bodies": True}, {"texts": True}, {"bodies": True, "texts": True}):
        assert known(read(letters, both[-1].state, **wishes)[0]) == 6


def test_from_any_mark_exactly_the_rest_of_the_bodies_is_read(account, letters, monkeypatch):
    monkeypatch.setattr(imap, "_BATCH", 2)
    items, _ = read(account.address, bodies=True, texts=True)
    for at, mark in enumerate(items):
        if isinstance(mark, Mark):
            rest, _ = read(account.address, mark.state, bodies=True, texts=True)
            after = [item for item in items[at:] if isinstance(item, Found | Text)]
            assert [item for item in rest if isinstance(item, Found | Text)] == after


def test_what_a_server_cannot_say_of_a_mail_is_looked_for_at_its_beginning(letters, monkeypatch):
    monkeypatch.setattr(imap_text, "structures", lambda *_: {})
    items, _ = read(letters, bodies=True)
    assert len(told(items)) == 4
    real = imap._asked

    def asked(box, uids, what):
        if what == "BODYSTRUCTURE":
            raise imaplib.IMAP4.error("got more than 1000000 bytes")
        return real(box, uids, what)

    monkeypatch.setattr(imap, "_asked", asked)
    items, moments = read(letters, bodies=True)
    assert (len(told(items)), len(moments)) == (4, 5)

    def refused(box, uids, what):
        if "BODY.PEEK[]" in what:
            raise imaplib.IMAP4.error("no")
        return asked(box, uids, what)

    monkeypatch.setattr(imap, "_asked", refused)
    items, moments = read(letters, bodies=True)
    assert (len(moments), {item.reason for item in items if isinstance(item, Trouble)}) == (
        5, {"its text cannot be fetched: no"},
    )  # fmt: skip


def test_a_mail_of_ten_thousand_parts_stops_nothing(account):
    parts = (
        "--b\r\nContent-Type: text/plain; name=a-rather-long-name-of-a-part-that-holds-nothing.txt\r\n\r\n\r\n" * 12_000
    )
    text = MAIL.replace("Subject", 'Content-Type: multipart/mixed; boundary="b"\r\nSubject')
    account.append("Letters", text.replace("A body that nobody fetches.", parts).format(61, 1).encode())
    account.put("Letters", 62, text=MAIL.replace("A body that nobody fetches.", PROMISE))
    items, moments = read(f"{account.address}/Letters", bodies=True)
    assert (len(moments), told(items)) == (2, [("62@x.org", PROMISE)])


@pytest.mark.skipif(not SPAM.exists(), reason="the raw mails are not at hand")
def test_the_text_on_a_server_is_that_of_the_file(account):
    expected = []
    with tarfile.open(SPAM) as tar:
        for member in islice((member for member in tar if member.isfile() and member.size < 100_000), 0, 4000, 16):
            raw = tar.extractfile(member).read().partition(b"\n")[2]  # without the line that parts mails
            raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").replace(b"\0", b"")
            account.append("Raw", raw)
            expected.append(bodies.text_of(raw))
    items, moments = read(f"{account.address}/Raw", texts=True)
    found = {item.moment.place: item.words for item in items if isinstance(item, Text)}
    places = {int(item.place.rpartition("=")[2]): item.place for item in moments}
    same = [found.get(places[uid], "") == text for uid, text in enumerate(expected, 1) if uid in places]
    assert len(same) > 200
    assert all(same)


def test_numbers_are_written_as_spans():
    assert imap.spans([1, 2, 3, 7, 9, 10]) == "1:3,7,9:10"
    assert imap.spans([]) == ""


@given(st.text(max_size=60))
def test_no_address_raises_anything_but_what_to_do(text):
    for address in (text, f"imaps://{text}", f"imap://a@{text}", f"imaps://{text}@x.org:9/{text}"):
        imap.is_address(address)
        with suppress(AmityError):
            assert imap.account(address).host


class Answer:
    """A server that says anything."""

    def __init__(self, data):
        self.client = self
        self.data = data

    def uid(self, *_):
        return "OK", self.data

    def status(self, *_):
        return "OK", self.data


STRUCTURES = st.lists(
    st.sampled_from([
        b"(", b")", b'"TEXT" "PLAIN"', b'"HTML"', b"NIL", b"BODYSTRUCTURE (", b"UID 7", b'("CHARSET" "x")', b'"7BIT" 9',
        b'"MIXED"', b"BODY[1]<0>", b'BODY[1.1] "hello"', b'("ATTACHMENT" ("FILENAME" "a"))', b"{3}", b'"', b"\\",
    ])
).map(b" ".join)  # fmt: skip
LINES = (
    st.none()
    | st.binary(max_size=60)
    | STRUCTURES
    | st.tuples(STRUCTURES, st.binary(max_size=9))
    | st.tuples(st.binary(max_size=60), st.binary(max_size=200))
)


@given(st.lists(LINES))
def test_whatever_a_server_says_is_read_or_left(data):
    data += [(b"1 (UID 7 FLAGS (", b"Subject: a\r\n\r\n"), b")"]
    found = imap._fetch(Answer(data), [7])
    assert [uid for uid, *_ in found] == [7]
    for uid, day, block, _ in found:
        repr(imap._mail(f"INBOX;UID={uid}", day, block, mail.scanner())).encode()
    for uid, sections in imap_text.structures(data).items():
        assert len(list(imap_text.questions({uid: sections}))) == bool(sections)
        list(imap_text.texts(data, {uid: sections}))
    imap._uids(Answer(data), 1)
    imap._numbers(Answer(data), "INBOX", modseq=True)
