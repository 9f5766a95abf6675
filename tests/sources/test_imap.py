"""A mail account, read live: against a real dovecot where it is installed, started and stopped here."""

import getpass
import imaplib
import os
import pwd
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amity.errors import AmityError, Code
from amity.model import Known, Mark, Moment, Since, Trouble
from amity.sources import imap, mail

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
auth_mechanisms = plain login
{users}
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:{root}/mail:LAYOUT=fs
auth_failure_delay = 0
passdb {{
  driver = static
  args = password=right
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

    @property
    def address(self) -> str:
        return f"imap://ana@127.0.0.1:{self.port}"

    def client(self) -> imaplib.IMAP4:
        client = imaplib.IMAP4("127.0.0.1", self.port)
        client.login("ana", "right")
        return client

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


def read(address, state=None):
    items = list(imap.read(address, since(state)))
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
    assert len([item for item in imap._account(session, {}) if isinstance(item, Moment)]) == 30
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


LINES = st.none() | st.binary(max_size=60) | st.tuples(st.binary(max_size=60), st.binary(max_size=200))


@given(st.lists(LINES))
def test_whatever_a_server_says_is_read_or_left(data):
    data += [(b"1 (UID 7 FLAGS (", b"Subject: a\r\n\r\n"), b")"]
    found = imap._fetch(Answer(data), [7])
    assert [uid for uid, *_ in found] == [7]
    for uid, day, block, _ in found:
        repr(imap._mail(f"INBOX;UID={uid}", day, block, mail.scanner())).encode()
    imap._uids(Answer(data), 1)
    imap._numbers(Answer(data), "INBOX", modseq=True)
