"""Leaving in the browser: what is downloaded reads back, and nobody is forgotten by one click."""

from __future__ import annotations

import io
import re
import zipfile

from amity.app import intake, people
from amity.app.desk import Desk
from amity.demo import life
from amity.store import copies
from amity.store.db import open_vault


def _count(house) -> int:
    desk = house.open_desk()
    total = people.find(desk).total
    desk.database.close()
    return total


def _csrf(client) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', client.get("/leave").text)[1]


def test_the_way_out_is_listed_and_what_is_downloaded_reads_back(a_house, tmp_path):
    client = a_house.guest()
    assert 'href="/leave"' in client.get("/more").text
    answer = client.post("/leave/export", data={"csrf": _csrf(client), "key": "x"})
    assert answer.headers["content-disposition"] == 'attachment; filename="amity-1895-10-01.zip"'
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    folder = "amity-1895-10-01"
    names = {f"{folder}/{name}" for name in ("contacts.vcf", "calendar.ics", "interactions.csv", "everything.json")}
    assert set(archive.namelist()) == names
    (tmp_path / "all.zip").write_bytes(answer.content)
    database = open_vault(tmp_path / "again", create=True)
    report = intake.import_(Desk(database, life.TODAY, 1_700_000_000), [str(tmp_path / "all.zip")])
    assert report.people == _count(a_house)
    assert not [trouble for source in report.sources for trouble in source.troubles]
    database.close()
    assert not list(a_house.folder.glob("leaving-*"))


def test_a_copy_of_the_vault_is_downloaded(a_house, tmp_path):
    client = a_house.guest()
    answer = client.post("/leave/backup", data={"csrf": _csrf(client), "key": "x"})
    assert answer.headers["content-disposition"] == 'attachment; filename="amity-1895-10-01.db"'
    (tmp_path / "copy.db").write_bytes(answer.content)
    copies.restore(tmp_path / "again", tmp_path / "copy.db", None, 1_700_000_000)
    database = open_vault(tmp_path / "again")
    assert people.find(Desk(database, life.TODAY, 1_700_000_000)).total == _count(a_house)
    database.close()
    assert not list(a_house.folder.glob("leaving-*"))


def test_a_person_is_forgotten_only_once_it_was_confirmed(a_house):
    client = a_house.guest()
    before = _count(a_house)
    asked = client.post("/leave/forget", data={"csrf": _csrf(client), "key": "x", "person": "Hermann Bahr"}).text
    assert "Forget Hermann Bahr for good?" in asked
    assert "This cannot be undone." in asked
    number = re.search(r'name="person" value="(p\d+)"', asked)[1]
    assert _count(a_house) == before
    nobody = client.post("/leave/forget", data={"csrf": _csrf(client), "key": "x", "person": "Nobody At All"}).text
    assert "Nobody is known as" in nobody
    sure = {"csrf": _csrf(client), "key": "x", "sure": "yes"}
    assert client.post("/leave/forget", data={**sure, "person": "Hermann Bahr"}).status_code == 422
    done = client.post("/leave/forget", data={**sure, "person": number}).text
    assert "Hermann Bahr is forgotten" in done
    assert "Hermann Bahr" not in client.get("/people?q=Bahr").text
    assert client.post("/leave/forget", data={"csrf": "wrong", "person": number, "sure": "yes"}).status_code == 403
