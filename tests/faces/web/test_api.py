"""REST says the same operations as everything else, typed by their signatures."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace
from starlette.testclient import TestClient

from amity.app import closeness, errands, facts, plan, tokens
from amity.app.operation import Effect, operations
from amity.errors import AmityError
from amity.faces import api, asked
from amity.faces.asked import Call, calls
from amity.faces.web.guard import Pace

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "write-a-program.md"
SAID = {"person": "Georg Brandes", "target": "Georg Brandes", "query": "boat", "figure": "only_asked", "year": 1895}


def needed(call: Call) -> dict[str, object]:
    """Return arguments with which a read finds something."""
    fields = msgspec.structs.fields(call.takes)
    return {field.name: SAID[field.name] for field in fields if field.required or field.name == "target"}


@pytest.fixture
def program(a_house) -> TestClient:
    return a_house.program("write", "delete", "export")


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
    assert {parameter["name"] for parameter in today["parameters"]} == {"minutes", "limit", "If-None-Match"}
    assert today["security"] == [{"token": ["read"]}]
    assert document["paths"]["/api/who/merge"]["post"]["security"] == [{"token": ["delete"]}]
    assert {"200", "304", "default"} == today["responses"].keys()
    log = document["paths"]["/api/ledger/log"]["post"]
    assert [parameter["name"] for parameter in log["parameters"]] == ["Idempotency-Key"]
    assert "machine that Amity runs on" in text
    shape = document["components"]["schemas"]["LedgerLogParameters"]
    assert shape["required"] == ["sentence"]
    assert shape["additionalProperties"] is False


def test_what_the_description_rules_out_is_refused(program):
    """An empty name and a kind that there is not are described as wrong, and the operations find them so."""
    described = program.get("/api/openapi.json").json()["components"]["schemas"]
    ruled = 0
    for call in calls():
        shape = described[call.takes.__name__]
        kinds = {name: shape["properties"][name].get("type") for name in shape.get("required", ())}
        given = {
            name: "x" if kind == "string" else ["x"] for name, kind in kinds.items() if kind in ("string", "array")
        }
        for name, property_ in shape["properties"].items():
            for wrong in [
                text
                for rule, text in (("pattern", " "), ("enum", "nonsense"), ("minItems", []), ("format", "soon"))
                if rule in property_
            ] + [[" "] for rule in ("pattern",) if rule in property_.get("items", {})]:
                ruled += 1
                asked_for = given | {name: wrong}
                if call.method == "GET":
                    answer = program.get(f"/api{call.path}", params=asked_for)
                else:
                    answer = program.post(f"/api{call.path}", json=asked_for)
                assert answer.status_code in (400, 404, 409, 422), (call.path, name, answer.text)
        for rule, many in (("anyOf", 0), ("oneOf", 2)):
            if rule in shape:  # nobody says anything, or two things at once where one is asked for
                ruled += 1
                said = [{"pin": "critical"}, {"role": "friend"}][:many]
                answer = program.post(f"/api{call.path}", json=given | {k: v for one in said for k, v in one.items()})
                assert answer.status_code in (404, 422), (call.path, rule, answer.text)
    assert ruled > 70
    assert described["PlanAnswerParameters"]["properties"]["verdict"]["enum"] == list(plan.VERDICTS)
    assert described["LedgerLogParameters"]["properties"]["sentence"]["pattern"] == r"\S"
    roles = described["ClosenessTellParameters"]["properties"]["roles"]["items"]["enum"]
    assert set(closeness.WORDS["roles"]) <= set(roles)


def test_a_read_answers_what_its_description_says(program):
    """Answers are checked against the types that the description was made from."""
    for call in calls():
        if call.method == "GET":
            answer = program.get(f"/api{call.path}", params=needed(call))
            assert answer.status_code == 200, answer.text
            msgspec.json.decode(answer.content, type=call.answers)


def test_a_token_may_do_what_it_was_made_for_and_no_more(a_house):
    """Without a word it reads; changes, joining and erasing, and export are each said."""
    wanted = {"read": set(), "write": set(), "delete": set(), "export": set()}
    for call in calls():
        wanted[call.scope].add(call.operation.name)
    assert wanted["delete"] == {"erasure.forget", "erasure.sweep", "who.keep_apart", "who.merge", "who.split"}
    assert wanted["export"] == {"export.write", "upkeep.backup"}
    assert all(operations()[name].effect is Effect.READ for name in wanted["read"])
    assert all(operations()[name].effect is Effect.WRITE for name in wanted["write"] - {"intake.read"})
    for held in ((), ("write",), ("delete",), ("export",)):
        program = a_house.program(*held)
        for call in calls():
            if call.scope in ("read", *held):
                continue
            answer = program.post(f"/api{call.path}", json={})
            assert answer.status_code == 403, call.path
            assert answer.headers["content-type"] == "application/problem+json"
            assert f'scope="{call.scope}"' in answer.headers["www-authenticate"]
    assert a_house.program().get("/api/plan/today").status_code == 200


def test_a_token_is_kept_as_a_digest_and_opens_nothing_once_revoked(a_house):
    secret = a_house.token("write")
    assert secret.encode() not in b"".join(path.read_bytes() for path in a_house.folder.glob("amity.db*"))
    client = a_house.client()
    headers = {"authorization": f"Bearer {secret}"}
    assert client.get("/api/plan/today", headers=headers).status_code == 200
    with closing((desk := a_house.open_desk()).database):
        (held,) = tokens.held(desk)
        assert held.scopes == ("read", "write")
        tokens.revoke(desk, held.id)
        assert tokens.held(desk) == ()
        with pytest.raises(AmityError):
            tokens.revoke(desk, held.id)
    refused = client.get("/api/plan/today", headers=headers)
    assert refused.status_code == 401
    assert refused.json()["title"] == "Unauthorized"


@pytest.mark.parametrize(("name", "scopes"), [("", ()), ("  ", ()), ("x" * 101, ()), ("a\0b", ()), ("x", ("all",))])
def test_a_token_needs_a_name_and_scopes_that_there_are(a_house, name, scopes):
    with closing((desk := a_house.open_desk()).database), pytest.raises(AmityError):
        tokens.mint(desk, name, scopes)


def test_pages_lead_to_each_other_and_make_up_the_whole(program):
    """Every list goes by `limit` and `offset`; walking its links tells each item once, in the same order."""
    for path, inside, size, query in (
        ("ties/list", None, 100, ""),
        ("people/find", "people", 300, "&query=a"),
        ("people/contacts", "contacts", 40, "&person=Georg+Brandes"),
        ("intake/sources", None, 2, ""),
        ("upkeep/history", None, 1, ""),
        ("facts/fields", None, 7, ""),
    ):
        whole = program.get(f"/api/{path}?limit=100000{query}")
        assert "link" not in whole.headers
        listed = whole.json()[inside] if inside else whole.json()
        assert len(listed) > 1 or path == "upkeep/history"
        told, address, before = [], f"/api/{path}?limit={size}{query}", None
        while address:
            answer = program.get(address)
            links = answer.links
            assert ("prev" in links) == (before is not None) == ("first" in links)
            if before:
                assert program.get(links["prev"]["url"]).json() == before
            before = answer.json()
            told += before[inside] if inside else before
            address = links["next"]["url"] if "next" in links else ""
        assert told == listed, path


def test_an_answer_that_is_known_is_not_sent_again(program):
    """Until something is said, a day passes, or the vault learns something."""
    for call in calls():
        if call.method != "GET" or call.operation.name in api.UNTAGGED:
            continue
        given = needed(call)
        first = program.get(f"/api{call.path}", params=given)
        headers = {"if-none-match": f'"x", {first.headers["etag"]}'}
        again = program.get(f"/api{call.path}", params=given, headers=headers)
        assert again.status_code == 304, call.path
        assert again.content == b""
    address = "/api/people/find?query=Bahr"
    before = program.get(address)
    assert program.get("/api/people/find?query=Brandes").headers["etag"] != before.headers["etag"]
    program.post("/api/ledger/log", json={"sentence": "coffee with Hermann Bahr yesterday"})
    after = program.get(address, headers={"if-none-match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json() != before.json()
    assert "etag" not in program.get("/api/upkeep/verify").headers


def test_what_waits_for_the_owner_has_a_tag_of_its_own(program, a_house):
    before = program.get("/api/errands/waiting").headers["etag"]
    with closing((desk := a_house.open_desk()).database):
        errands.ask(desk, "ledger.log", {"sentence": "coffee with Hermann Bahr"})
    asked_for = program.get("/api/errands/waiting", headers={"if-none-match": before})
    assert len(asked_for.json()) == 1
    with closing((desk := a_house.open_desk()).database):
        errands.answer(desk, "r1", confirm=False)
    answered = program.get("/api/errands/waiting", headers={"if-none-match": asked_for.headers["etag"]})
    assert answered.json() == []


def test_only_what_is_named_so_depends_on_the_clock(a_house):
    """The tag of an answer leaves the clock out, but for the reads that tell what time it is elsewhere."""
    with closing((desk := a_house.open_desk()).database):
        facts.tell(desk, "Georg Brandes", "zone", "Europe/Copenhagen")
        changed = set()
        for call in calls():
            if call.method == "GET":
                arguments = msgspec.structs.asdict(call.takes(**needed(call)))
                twice = [
                    msgspec.json.encode(asked.run(call, replace(desk, now=now), arguments).found, enc_hook=str)
                    for now in (1_700_000_000, 1_700_010_000)
                ]
                changed |= {call.operation.name} if twice[0] != twice[1] else set()
    assert {"facts.list", "people.show"} <= changed <= api.BY_THE_CLOCK


def test_whoever_asks_too_often_is_told_when_to_come_again(a_house):
    a_house.keys.pace = Pace(rate=2.0, burst=3)
    hasty, other, stranger = a_house.program(), a_house.program(), a_house.client()
    for client, usual in ((hasty, 200), (stranger, 401)):
        answers = [client.get("/api/facts/fields") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [usual] * 3 + [429]
        assert answers[-1].headers["retry-after"] == "1"
        assert answers[-1].headers["content-type"] == "application/problem+json"
    assert other.get("/api/facts/fields").status_code == 200


def test_the_pace_fills_up_again():
    pace = Pace(rate=2.0, burst=3)
    assert [pace.wait("t1", 10.0) for _ in range(5)] == [0, 0, 0, 0.5, 0.5]
    assert pace.wait("t1", 10.5) == 0
    assert pace.wait("t1", 10.5) == 0.5
    assert [pace.wait("t1", 99.0) for _ in range(4)] == [0, 0, 0, 0.5]


def test_a_whole_number_is_one_however_it_is_written(program):
    """To JSON Schema 2.0 is an integer; "2" is none."""
    answer = program.post("/api/goals/add", json={"name": "Book", "on": "1896-05-01", "lead_days": 90.0})
    assert answer.json()["name"] == "Book"
    assert program.post("/api/goals/add", json={"name": "B", "on": "1896-05-01", "lead_days": "90"}).status_code == 400
    assert program.post("/api/goals/add", json={"name": "B", "on": "1896-05-01", "lead_days": 0.5}).status_code == 400


def test_what_takes_nothing_needs_no_body(program):
    program.post("/api/ledger/log", json={"sentence": "coffee with Hermann Bahr"})
    assert program.post("/api/upkeep/undo", json={"count": 1}).is_success
    assert "coffee" in program.post("/api/upkeep/redo").json()["summary"]
    assert program.post("/api/upkeep/undo").status_code == 415


def test_no_operation_takes_the_key_of_another_for_its_own(program):
    """One key, every operation that takes one and that the demo gives something to do."""
    headers = {"idempotency-key": "k"}
    assert program.post("/api/ledger/log", json={"sentence": "coffee with Hermann Bahr"}, headers=headers).is_success
    both = ["Hermann Bahr", "Georg Brandes"]
    for path, said in {
        "who/merge": {"people": both},
        "who/keep_apart": {"one": both[0], "other": both[1]},
        "who/split": {"person": both[0], "handles": ["nobody@x.example"]},
        "closeness/tell": {"person": both[0], "ring": "inner"},
        "closeness/compare": {"nearer": both[0], "farther": both[1]},
        "aliases/uncall": {"person": both[0], "nickname": "H"},
        "selection/keep": {"name": "Choir", "query": "choir"},
        "discretion/hide": {"person": both[0]},
    }.items():
        answer = program.post(f"/api/{path}", json=said, headers=headers)
        assert answer.status_code == 409, (path, answer.text)
        assert "stands for another change" in answer.json()["detail"]


def test_a_key_that_stands_for_another_change_is_a_problem(program):
    headers = {"idempotency-key": "two"}
    assert program.post("/api/ledger/log", json={"sentence": "coffee with Hermann Bahr"}, headers=headers).is_success
    other = {"kind": "gift", "people": ["Hermann Bahr"], "text": "a book"}
    refused = program.post("/api/entries/note", json=other, headers=headers)
    assert refused.status_code == 409
    assert "stands for another change" in refused.json()["detail"]
    too_long = program.post("/api/ledger/log", json={"sentence": "x"}, headers={"idempotency-key": "x" * 201})
    assert too_long.status_code == 400


def test_the_example_of_the_docs_runs(served):
    """The page's program reads the day, notes a coffee once, and walks through all people."""
    address, house = served
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "AMITY_URL": address, "AMITY_TOKEN": house.token("write")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    lines = ran.stdout.splitlines()
    assert lines[0].startswith("1895-10-01: ")
    assert lines[1] == "kept: coffee with Hermann Bahr yesterday"
    assert re.fullmatch(r"[\d,]+ people", lines[2])
    assert lines[3] == "403 This token may not join and part people, and erase them."
