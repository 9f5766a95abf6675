"""A real server of calendars and address books on this machine, and the answers of made-up ones."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2


class Radicale:
    """A server on loopback, with one person and what they put there."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        (root / "users").write_text("ana@x.org:secret\n")
        (root / "config").write_text(
            f"[server]\nhosts = 127.0.0.1:{self.port}\n[auth]\ntype = htpasswd\nhtpasswd_filename = {root / 'users'}\n"
            f"htpasswd_encryption = plain\ndelay = 0\n[storage]\nfilesystem_folder = {root / 'data'}\n"
        )
        self.log = (root / "log").open("wb")
        command = [sys.executable, "-m", "radicale", "--config", str(root / "config")]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", self.port), 0.2).close()
                break
            except OSError:
                time.sleep(0.1)
        url, auth = f"http://127.0.0.1:{self.port}", ("ana@x.org", "secret")
        self.client = httpx2.Client(base_url=url, auth=auth, trust_env=False)

    def address(self, scheme: str) -> str:
        return f"{scheme}://ana%40x.org@127.0.0.1:{self.port}/"

    def stop(self) -> None:
        self.client.close()
        self.process.terminate()
        self.process.wait(10)
        self.log.close()

    def make(self, calendar: str, kind: str = "VEVENT") -> None:
        body = (
            '<?xml version="1.0"?><C:mkcalendar xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop>'
            f'<C:supported-calendar-component-set><C:comp name="{kind}"/></C:supported-calendar-component-set>'
            "</D:prop></D:set></C:mkcalendar>"
        )
        assert self.client.request("MKCALENDAR", f"/ana@x.org/{calendar}/", content=body).status_code == 201

    def make_book(self, book: str) -> None:
        body = (
            '<?xml version="1.0"?><D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:carddav"><D:set><D:prop>'
            "<D:resourcetype><D:collection/><C:addressbook/></D:resourcetype></D:prop></D:set></D:mkcol>"
        )
        assert self.client.request("MKCOL", f"/ana@x.org/{book}/", content=body).status_code == 201

    def put(self, path: str, text: str, kind: str = "text/calendar") -> None:
        headers = {"Content-Type": f"{kind}; charset=utf-8"}
        answer = self.client.put(f"/ana@x.org/{path}", content=text.encode(), headers=headers)
        assert answer.status_code in (201, 204), answer.text

    def delete(self, path: str) -> None:
        assert self.client.delete(f"/ana@x.org/{path}").status_code == 200


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def multistatus(*responses: str, end: str = "", kind: str = "caldav") -> bytes:
    return (
        f'<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:{kind}" '
        f'xmlns:s="http://calendarserver.org/ns/">{"".join(responses)}{end}</d:multistatus>'
    ).encode()


def response(href: str, properties: str, status: str = "HTTP/1.1 200 OK") -> str:
    return (
        f"<d:response><d:href>{href}</d:href><d:propstat><d:prop>{properties}</d:prop>"
        f"<d:status>{status}</d:status></d:propstat></d:response>"
    )
