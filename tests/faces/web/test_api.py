"""REST says the same operations as everything else, typed by their signatures."""

from __future__ import annotations

import json

import msgspec
import pytest
from starlette.testclient import TestClient

from amity.app.operation import Effect, operations
from amity.faces.api import calls


@pytest.fixture
def program(a_house) -> TestClient:
    client = a_house.client()
    client.headers["authorization"] = f"Bearer {a_house.keys.programs}"
    return client


def test_every_operation_has_one_address():
    known = {call.operation.name: call for call in calls()}
    assert known.keys() == operations().keys()
    for call in known.values():
        posted = call.operation.names_files or call.operation.takes_text or call.operation.effect is not Effect.READ
        assert call.method == ("POST" if posted else "GET")
    files = {name for name, call in known.items() if call.operation.names_files}
    assert {"intake.import", "intake.read", "upkeep.backup"} <= files


def test_a_read_answers_what_the_operation_answers(program):
    today = program.get("/api/plan/today", params={"minutes": 10}).json()
    assert today["date"] == "1895-10-01"
    assert today["minutes"] == 10
    assert sum(line["minutes"] for line in today["suggestions"]) <= 10
    found = program.get("/api/people/find", params={"query": "Hofmannsthal", "limit": 1}).json()
    assert found["people"][0]["name"] == "Hugo von Hofmannsthal"
    shown = program.get("/api/people/show", params={"person": found["people"][0]["id"]}).json()
    assert shown["birthday"] == "1874-02-01"


def test_a_key_does_the_work_once(program):
    for _ in range(2):
        kept = program.post(
            "/api/ledger/log",
            json={"sentence": "coffee with Hermann Bahr yesterday"},
            headers={"idempotency-key": "one"},
        )
        assert kept.json()["on"] == "1895-09-30"
    history = program.get("/api/upkeep/history").json()
    assert [change["kind"] for change in history].count("log") == 1
    assert program.post("/api/upkeep/undo", json={}).json()[0]["kind"] == "log"


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("plan/today", "minutes=-1", 400),
        ("plan/today", "minutes=ten", 400),
        ("plan/today", "minutes=1&minutes=2", 400),
        ("plan/today", "minuten=10", 400),
        ("people/find", "limit=99999999999999999999999", 400),
        ("people/show", "", 400),
        ("people/show", "person=Nobody+At+All", 404),
        ("people/nobody", "", 404),
        ("ledger/log", "sentence=x", 405),
    ],
)
def test_what_does_not_fit_is_a_problem(program, path, query, status):
    answer = program.get(f"/api/{path}?{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["detail"]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("ledger/log", "{", 400),
        ("ledger/log", "[]", 400),
        ("ledger/log", '{"sentence": 1}', 400),
        ("ledger/log", '{"sentence": "x", "key": "y"}', 400),
        ("ledger/log", '{"sentence": ""}', 422),
        ("plan/answer", '{"suggestion": "p1.reply", "verdict": "maybe"}', 422),
        ("plan/answer", '{"suggestion": "p999999.reply", "verdict": "done"}', 404),
        ("upkeep/redo", "{}", 404),
        ("intake/import", '{"paths": ["/no/such/file"]}', 404),
        ("intake/read", '{"paths": ["/no/such/file"]}', 404),
    ],
)
def test_what_cannot_be_done_is_a_problem(program, path, body, status):
    answer = program.post(f"/api/{path}", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_is_no_json_is_not_taken(program):
    assert program.post("/api/ledger/log", data={"sentence": "coffee with Ana"}).status_code == 415


def test_files_are_read_line_by_line_and_imported(program, tmp_path, a_house):
    file = tmp_path / "new.csv"
    file.write_text(
        "when,channel,from,to,cc,subject,depth,minutes,id\n"
        "1895-09-01,mail,Zoe Neu <zoe@x.example>,me@x.example,,Hi,,,\n",
        encoding="utf-8",
    )
    told = program.post("/api/intake/read", json={"paths": [str(file)]})
    assert told.headers["content-type"].startswith("application/x-ndjson")
    assert [json.loads(line)["moment"]["subject"] for line in told.text.splitlines()] == ["Hi"]
    report = program.post("/api/intake/import", json={"paths": [str(file)]}).json()
    assert report["sources"][0]["new"] == 1
    assert program.get("/api/people/find", params={"query": "Zoe"}).json()["total"] == 1
    kept = program.post("/api/upkeep/backup", json={"file": str(tmp_path / "copy.db")})
    assert kept.json() == str(tmp_path / "copy.db")
    assert (tmp_path / "copy.db").is_file()


def test_the_description_is_whole(program):
    document = program.get("/api/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert len(document["paths"]) == len(operations())
    text = msgspec.json.encode(document).decode()
    for reference in {part.split('"')[0] for part in text.split('"#/components/schemas/')[1:]}:
        assert reference in document["components"]["schemas"]
    today = document["paths"]["/api/plan/today"]["get"]
    assert {parameter["name"] for parameter in today["parameters"]} == {"minutes", "limit"}
    log = document["paths"]["/api/ledger/log"]["post"]
    assert [parameter["name"] for parameter in log["parameters"]] == ["Idempotency-Key"]
    assert "machine that Amity runs on" in text
    shape = document["components"]["schemas"]["LedgerLogParameters"]
    assert shape["required"] == ["sentence"]
    assert shape["additionalProperties"] is False


def test_a_read_answers_what_its_description_says(program):
    """Answers are checked against the types that the description was made from."""
    said = {"person": "Georg Brandes", "target": "Georg Brandes", "query": "boat", "figure": "only_asked", "year": 1895}
    for call in calls():
        if call.method == "GET":
            fields = msgspec.structs.fields(call.takes)
            needed = {field.name: said[field.name] for field in fields if field.required or field.name == "target"}
            answer = program.get(f"/api{call.path}", params=needed)
            assert answer.status_code == 200, answer.text
            msgspec.json.decode(answer.content, type=call.answers)
