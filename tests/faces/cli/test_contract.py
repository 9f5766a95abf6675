"""What other programs rely on: documents, keys and exit codes."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import Any

import apsw
import pytest
from small_world import ANA, BO, CARDS, CY, DEE, OWNER, Call, write_mbox, write_table

from amity.settings import TABLE
from amity.store.db import FILE

KINDS = {"idea", "introduction", "help", "fun", "thanks", "reply", "follow_up", "reconnect", "meet", "ask_update"}


def held(document: Any, shape: dict[str, Any]) -> None:
    """Check that an object holds every key of a shape with a value of its type."""
    for key, kind in shape.items():
        assert key in document, key
        assert isinstance(document[key], kind), (key, document[key])


def test_from_archives_to_advice(amity: Call, archives: list[Path]) -> None:
    made = amity("init")
    assert made.code == 0
    assert "amity import" in made.out

    taken = amity("import", *archives)
    assert taken.code == 0, taken.err
    assert f"I take {OWNER} for you, because" in taken.out
    assert "amity me" in taken.out

    ties = amity("ties", "--json").json
    assert ties[0]["name"] == "Ana Sol"
    assert {tie["name"] for tie in ties} >= {"Ana Sol", "Bo Hill", "Dee Moor"}

    today = amity("today")
    assert "Monday, 30 June 2025" in today.out
    assert "Cy Wood" in today.out
    assert "orchard" in today.out

    logged = amity("log", "coffee", "with", "Bo", "yesterday")
    assert logged.code == 0, logged.err
    assert "Bo Hill" in logged.out
    assert amity("show", "Bo", "--json").json["timeline"][0]["channel"] == "meeting"


def test_a_page_shows_the_person_whole(amity: Call, vault: Path) -> None:
    page = amity("show", ANA).out
    for words in ("Ana Sol", "Teacher, Sea School", "3 July 1980", "Strength", "Because", "Timeline", "Lunch"):
        assert words in page


def test_a_young_archive_is_not_judged(amity: Call, tmp_path: Path) -> None:
    table = tmp_path / "young.csv"
    rows = [f"2025-06-{day},mail,{BO},{OWNER},,Hello,,," for day in range(20, 26)]
    table.write_text("\n".join(["when,channel,from,to,cc,subject,depth,minutes,id", *rows]) + "\n")
    amity("init", "--me", OWNER)
    assert amity("import", table).code == 0
    assert "Too early to say" in amity("ties").out
    assert "Too early to say" in amity("today").out
    assert "too early to say" in amity("show", BO).out


def test_machines_are_set_aside_and_never_tied(amity: Call, vault: Path) -> None:
    aside = amity("machines", "--json").json
    assert [one["handles"] for one in aside] == [["noreply@shop.example"]]
    assert aside[0]["because"]
    assert all("noreply@shop.example" not in tie["handles"] for tie in amity("ties", "--json").json)
    assert amity("machines", "--person", "noreply@shop.example").code == 0
    assert amity("machines", "--json").json == []
    assert amity("undo").code == 0
    assert len(amity("machines", "--json").json) == 1


def test_import(amity: Call, archives: list[Path]) -> None:
    amity("init")
    document = amity("import", *archives, "--json").json
    held(document, {"sources": list, "people": int, "took_s": float, "me": dict})
    assert [source["source"] for source in document["sources"]] == ["mbox", "vcard", "interactions"]
    for source in document["sources"]:
        held(source, {"path": str, "source": str, "troubles": list})
        held(source, dict.fromkeys(("read", "new", "known", "moments", "cards"), int))
        assert source["read"] == source["new"] + source["known"] + len(source["troubles"])
    again = amity("import", *archives, "--json").json
    assert [source["new"] for source in again["sources"]] == [0, 0, 0]


def test_import_with_troubles(amity: Call, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("when,channel,from,to,cc,subject,depth,minutes,id\nnever,mail,a@b.example,c@d.example,,,,,\n")
    amity("init")
    tried = amity("import", "--dry-run", table)
    assert "set aside" in tried.out + tried.err
    assert "kept as" not in tried.out + tried.err
    taken = amity("import", table, "--json")
    assert taken.code == 1
    (trouble,) = taken.json["sources"][0]["troubles"]
    held(trouble, {"reason": str, "kept_as": str})
    assert "place" in trouble
    told = amity("import", table)
    assert told.code == 1
    assert trouble["reason"] in " ".join(told.out.split())


def test_read_needs_no_vault(amity: Call, archives: list[Path], tmp_path: Path) -> None:
    said = amity("read", *archives, "--json")
    assert said.code == 0
    import json

    lines = [json.loads(line) for line in said.out.splitlines()]
    assert {key for line in lines for key in line} == {"card", "moment"}
    moment = next(line["moment"] for line in lines if "moment" in line)
    assert moment["from"] == [{"name": "Ana Sol", "address": ANA}]
    assert not (tmp_path / "vault").exists()


def test_ties(amity: Call, vault: Path) -> None:
    document = amity("ties", "--json").json
    for tie in document:
        held(tie, {"id": str, "name": str, "handles": list, "because": list})
        held(tie, dict.fromkeys(("sent", "received", "met", "horizon_days"), int))
        assert 0 <= tie["strength"] <= 100
        assert all(0 <= tie[key] <= 1 for key in ("p_contact", "reciprocity", "initiative"))
        assert tie["momentum"] in {"rising", "steady", "fading", "dormant", "new"}
        assert tie["segment"] in {"critical", "close", "many", "dormant", "unknown"}
        assert date.fromisoformat(tie["first"]) <= date.fromisoformat(tie["last"]) <= date(2025, 6, 30)
        for reason in tie["because"]:
            assert set(reason) >= {"reason", "figure", "weight"}
    strengths = [tie["strength"] for tie in document]
    assert strengths == sorted(strengths, reverse=True)
    assert len(amity("ties", "--json", "--limit", 1).json) == 1


def test_today(amity: Call, vault: Path) -> None:
    document = amity("today", "--json", "--minutes", 60, "--limit", 3).json
    held(document, {"date": str, "minutes": int, "suggestions": list, "waiting": int})
    assert (document["date"], document["minutes"]) == ("2025-06-30", 60)
    assert 1 <= len(document["suggestions"]) <= 3
    for one in document["suggestions"]:
        held(one, {"id": str, "act": str, "why_now": list, "minutes": int, "opener": str, "because": list})
        held(one["person"], {"id": str, "name": str})
        assert one["kind"] in KINDS


def test_the_rest(amity: Call, vault: Path, tmp_path: Path) -> None:
    (person, *_) = amity("people", "--json", "Ana").json
    held(person, {"id": str, "name": str, "handles": list, "positions": list, "segment": str, "counts": dict})
    page = amity("show", person["id"], "--json").json
    held(page, {"identities": list, "positions": list, "agenda": list, "offers": list, "ledger": list})
    held(page, {"timeline": list, "tie": dict, "paths_in": list})
    assert amity("me", "--json").json["handles"] == [OWNER]
    held(amity("log", "called Bo", "--json").json, {"people": list, "ids": list, "channel": str, "on": str})
    held(amity("history", "--json").json[0], {"id": int, "at": str, "kind": str, "summary": str, "undone": bool})
    assert amity("undo", "--json").json["undone"][0]["kind"] == "log"
    assert amity("redo", "--json").json["summary"].startswith("Brought back")
    assert amity("verify", "--json").json["sound"] is True
    written = amity("backup", tmp_path / "copy.db", "--json").json
    assert Path(written["file"]).stat().st_size == written["bytes"]
    assert amity("restore", tmp_path / "copy.db", "--json").json["former"]
    names = [one["name"] for one in amity("settings", "--json").json["settings"]]
    assert names == [setting.name for setting in TABLE]


def test_common_options_stand_before_and_after(amity: Call, vault: Path) -> None:
    before = amity("--json", "--today", "2025-01-31", "ties")
    after = amity("ties", "--json", "--today", "2025-01-31")
    assert before.json == after.json
    assert amity("--today", "2024-07-01", "ties", "--today", "2025-01-31", "--json").json == after.json


def test_environment_says_where_and_when(amity: Call, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = amity("today", "--json", today="2025-05-01").json
    monkeypatch.setenv("AMITY_TODAY", "2025-05-01")
    monkeypatch.setenv("AMITY_VAULT", str(vault))
    import json

    from click.testing import CliRunner

    from amity.faces.cli.main import amity as program

    assert json.loads(CliRunner().invoke(program, ["today", "--json"]).stdout) == expected


def test_the_future_is_invisible(amity: Call, vault: Path, tmp_path: Path) -> None:
    """Figures as of a day are those of an archive that ends on it."""
    day = date(2025, 3, 20)
    cut = tmp_path / "cut"
    amity("init", vault=cut)
    cards = tmp_path / "cards.vcf"
    cards.write_text(CARDS, encoding="utf-8")
    archives = [write_mbox(tmp_path / "cut.mbox", day), cards, write_table(tmp_path / "cut.csv", day)]
    assert amity("import", *archives, vault=cut, today=str(day)).code == 0

    def figures(where: Path) -> list[dict[str, Any]]:
        ties = amity("ties", "--json", vault=where, today=str(day)).json
        return [{key: value for key, value in tie.items() if key != "id"} for tie in ties]

    assert figures(vault) == figures(cut)
    assert figures(cut)

    def advice(where: Path) -> list[tuple[str, str, str]]:
        made = amity("today", "--json", vault=where, today=str(day)).json["suggestions"]
        return [(one["person"]["name"], one["act"], one["opener"]) for one in made]

    assert advice(vault) == advice(cut)


def told(said: Any, code: int, *words: str) -> None:
    assert said.code == code, (said.code, said.err, said.out)
    assert said.out == ""
    assert said.err.count("\n") == 1, said.err
    assert said.err.startswith("amity: ")
    for word in words:
        assert word in said.err


def test_usage(amity: Call, vault: Path, tmp_path: Path) -> None:
    told(amity("ties", "--limit", "many"), 2, "--limit", "amity ties --help")
    told(amity("tise"), 2, "Did you mean tie or ties?")
    told(amity("show"), 2, "PERSON")
    told(amity("ties", "--today", "tomorrow"), 2, "--today")
    told(amity("me", "--add"), 2, "--add")
    told(amity("init", "--keyring"), 2, "--encrypt")
    told(amity("completion"), 2, "fish. Try")
    told(amity("found", "--kind", "gossip"), 2, "gossip", "promise")
    for empty in (("import", ""), ("read", ""), ("backup", ""), ("restore", ""), ("me", "--add", ""), ("show", "")):
        told(amity(*empty), 2)
    told(amity("ties", "--vault", ""), 2, "--vault")
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    told(amity("import", picture), 2, str(picture), "--as")
    told(amity("import", picture, "--as", "poetry"), 2, "poetry")
    (vault / "settings.toml").write_text("minuets = 3\n")
    told(amity("ties"), 2, "minuets", "settings.toml")
    (vault / "settings.toml").write_text("minutes = \n")
    told(amity("ties"), 2, "settings.toml")


def test_not_found(amity: Call, vault: Path, tmp_path: Path) -> None:
    told(amity("ties", vault=tmp_path / "nowhere"), 3, "amity init")
    told(amity("import", tmp_path / "nothing.mbox"), 3, "nothing.mbox")
    told(amity("show", "Zoe"), 3, "Zoe")
    told(amity("restore", tmp_path / "nothing.db"), 3, "nothing.db")
    told(amity("done", "p999.reply"), 3, "p999.reply")
    for name in ("Ana Sol", "Ana Berg"):
        amity("log", f"called {name}")
    told(amity("show", "Ana"), 3, "Ana Berg", "Ana Sol", "by id")


def test_refused(amity: Call, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(amity("init"), 4, str(vault))
    copy = tmp_path / "copy.db"
    copy.write_bytes(b"mine")
    told(amity("backup", copy), 4, "exists")
    monkeypatch.setattr("amity.store.db.BUSY_MS", 50)
    other = apsw.Connection(str(vault / FILE))
    other.execute("BEGIN IMMEDIATE")
    told(amity("log", "called Bo"), 4, "another process")
    other.execute("ROLLBACK")
    other.close()


def test_newer_schema(amity: Call, vault: Path) -> None:
    connection = sqlite3.connect(vault / FILE)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    told(amity("ties"), 4, "newer Amity", "9999")


def test_damage(amity: Call, vault: Path) -> None:
    connection = apsw.Connection(str(vault / FILE))
    connection.pragma("wal_checkpoint", "truncate")
    connection.close()
    file = vault / FILE
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + bytes(len(whole) - 4096))
    told(amity("ties"), 5, str(file), "restore")
    checked = amity("verify")
    assert checked.code == 5
    assert checked.out
    assert "damaged" in checked.err


def test_damage_of_the_first_bytes(amity: Call, vault: Path) -> None:
    file = vault / FILE
    content = bytearray(file.read_bytes())
    content[:100] = b"x" * 100
    file.write_bytes(content)
    told(amity("ties"), 5, str(file))
    said = amity("verify", "--json")
    assert said.code == 5
    assert said.json["sound"] is False
    assert said.json["places"]


def test_one_changed_row_is_found(amity: Call, vault: Path) -> None:
    connection = apsw.Connection(str(vault / FILE))
    connection.execute("UPDATE moment SET at = at + 86400 WHERE id = 7")
    connection.close()
    said = amity("verify")
    assert said.code == 5
    assert said.out.strip()


def test_a_fault_of_ours_is_one_line(amity: Call, vault: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr("amity.app.ties.list_", fail)
    told(amity("ties"), 70, "RuntimeError: two lines", "--debug")
    shown = amity("ties", "--debug")
    assert shown.code == 70
    assert "Traceback" in shown.err


def test_stopping_an_import_says_how_to_go_on(
    amity: Call, archives: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    amity("init")

    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("amity.app.intake.import_", stop)
    said = amity("import", *archives)
    assert said.code == 130
    assert "goes on from there" in said.err


def test_undo_and_redo(amity: Call, vault: Path) -> None:
    before = amity("ties", "--json").json
    amity("log", "dinner with Bo yesterday")
    after = amity("ties", "--json").json
    assert after != before
    assert "Taken back" in amity("undo").out
    assert amity("ties", "--json").json == before
    assert amity("redo").code == 0
    assert amity("ties", "--json").json == after
    assert amity("undo", 99).code == 0
    assert amity("ties", "--json").json == []
    assert amity("undo").code == 3


def test_an_import_that_is_repeated_with_its_key_can_still_be_taken_back(amity: Call, archives: list[Path]) -> None:
    amity("init")
    for _ in range(2):
        assert amity("import", *archives, "--me", OWNER, "--key", "k").code == 0
    (change,) = amity("history", "--json").json
    assert change["summary"].startswith("Imported mail.mbox")
    assert amity("undo").code == 0
    assert amity("people", "--json").json == []


def test_a_key_does_a_thing_once(amity: Call, vault: Path) -> None:
    for _ in range(2):
        assert amity("log", "dinner with Bo yesterday", "--key", "k1").code == 0
        assert amity("me", "--add", "mia@work.example", "--key", "k2").code == 0
        assert amity("done", f"{amity('people', 'Cy', '--json').json[0]['id']}.reply", "--key", "k3").code == 0
        assert amity("undo", "--key", "k4").code == 0
    kinds = [change["kind"] for change in amity("history", "--json").json]
    assert {kind: kinds.count(kind) for kind in ("log", "answer", "undo")} == {"log": 1, "answer": 1, "undo": 1}


def test_what_was_answered_is_not_offered_again(amity: Call, vault: Path) -> None:
    first = amity("today", "--json").json["suggestions"][0]
    assert amity("snooze", first["id"], "--days", 3).code == 0
    offered = [one["id"] for one in amity("today", "--json").json["suggestions"]]
    assert first["id"] not in offered
    assert amity("undo").code == 0
    assert first["id"] in [one["id"] for one in amity("today", "--json").json["suggestions"]]
    assert amity("not-this", first["id"]).code == 0
    assert first["id"] not in [one["id"] for one in amity("today", "--json").json["suggestions"]]


def test_backup_while_open_and_restore(amity: Call, vault: Path, tmp_path: Path) -> None:
    before = amity("ties", "--json").json
    other = apsw.Connection(str(vault / FILE))
    other.execute("SELECT count(*) FROM moment").fetchall()
    copy = tmp_path / "copy.db"
    assert amity("backup", copy).code == 0
    other.close()
    amity("log", "dinner with Bo yesterday")
    restored = amity("restore", copy)
    assert restored.code == 0, restored.err
    assert amity("ties", "--json").json == before
    fresh = tmp_path / "fresh"
    assert amity("restore", copy, vault=fresh).code == 0
    assert amity("ties", "--json", vault=fresh).json == before


def test_a_passphrase_opens_and_another_does_not(
    amity: Call, archives: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMITY_PASSPHRASE", "a good one")
    assert amity("init", "--encrypt").code == 0
    assert amity("import", *archives).code == 0
    assert ANA.encode() not in (tmp_path / "vault" / FILE).read_bytes()
    assert "a good one" not in (tmp_path / "vault" / "vault.toml").read_text()
    ties = amity("ties", "--json").json
    assert amity("backup", tmp_path / "copy.db").code == 0
    assert amity("restore", tmp_path / "copy.db", vault=tmp_path / "other").code == 0
    assert amity("ties", "--json", vault=tmp_path / "other").json == ties

    monkeypatch.setenv("AMITY_PASSPHRASE", "a bad one")
    wrong = amity("ties")
    assert (wrong.code, wrong.err.count("\n")) == (4, 1)
    assert amity("ties", vault=tmp_path / "other").code == 4
    monkeypatch.delenv("AMITY_PASSPHRASE")
    locked = amity("ties")
    assert locked.code == 4
    assert "AMITY_PASSPHRASE" in locked.err

    monkeypatch.setenv("AMITY_PASSPHRASE", "a good one")
    file = tmp_path / "vault" / FILE
    file.write_bytes(file.read_bytes()[:16] + bytes(file.stat().st_size - 16))
    assert amity("verify").code == 5


def test_no_passphrase_no_vault(amity: Call, tmp_path: Path) -> None:
    said = amity("init", "--encrypt")
    assert said.code == 4
    assert not (tmp_path / "vault" / FILE).exists()


def test_people_of_the_world_are_named(amity: Call, vault: Path) -> None:
    names = {one["name"]: one["handles"] for one in amity("people", "--json").json}
    assert CY in names["Cy Wood"]
    assert DEE in names["Dee Moor"]
    assert BO in names["Bo Hill"]


def test_whoever_is_nobody_yet_is_told_how_to_say_who_they_are(amity: Call, archives: list[Path]) -> None:
    assert amity("init").code == 0
    assert amity("import", archives[1]).code == 0
    assert "`amity me --add" in amity("today").out
    assert amity("me", "--add", OWNER).code == 0
    assert "amity me" not in amity("today").out
