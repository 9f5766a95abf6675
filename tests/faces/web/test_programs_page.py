"""The page of programs: what waits is confirmed, tokens are made and revoked, people are hidden."""

from __future__ import annotations

import re
import time
from contextlib import closing

from amity.app import discretion, errands, tokens, upkeep


def test_what_an_assistant_wants_waits_here_for_a_word(a_house):
    client = a_house.guest()
    with closing((desk := a_house.open_desk()).database):
        for friend in ("Hermann Bahr", "Felix Salten"):
            errands.ask(desk, "ledger.log", {"sentence": f"coffee with {friend}\u200b <b>yesterday</b>"})
    page = client.get("/programs").text
    assert "coffee with Hermann Bahr⟨U+200B⟩ &lt;b&gt;yesterday&lt;/b&gt;" in page, "what hides is shown"
    a_house.post(client, "/programs/errands", errand="r2", answer="refuse")
    with closing((desk := a_house.open_desk()).database):
        errands.ask(desk, "ledger.log", {"sentence": "coffee with Hermann Bahr yesterday"})
    back = a_house.post(client, "/programs/errands", errand="r3", answer="confirm", back="/programs")
    assert "Hermann Bahr (coffee)" in client.get(back).text, "it is told, with the way back"
    with closing((desk := a_house.open_desk()).database):
        assert [one.id for one in errands.waiting(desk)] == ["r1"]
        assert [one.kind for one in upkeep.history(desk)].count("log") == 1
    csrf = next(iter(a_house.keys.sessions.values()))
    again = client.post("/programs/errands", data={"csrf": csrf, "errand": "r3", "answer": "confirm"})
    assert again.status_code == 404


def test_a_token_is_shown_once_and_taken_back(a_house):
    client, program = a_house.guest(), a_house.client()
    csrf = next(iter(a_house.keys.sessions.values()))
    made = client.post("/programs/tokens", data={"csrf": csrf, "name": "my <i>script</i>", "may": ["write", "export"]})
    (secret,) = set(re.findall(r"amity_[\w-]{43}", made.text))
    assert "my &lt;i&gt;script" in made.text
    headers = {"authorization": f"Bearer {secret}"}
    assert program.get("/api/plan/today", headers=headers).status_code == 200
    assert secret not in client.get("/programs").text
    with closing((desk := a_house.open_desk()).database):
        (held,) = tokens.held(desk)
    assert held.scopes == ("read", "write", "export")
    assert a_house.post(client, "/programs/tokens/revoke", token=held.id) == "/programs"
    assert program.get("/api/plan/today", headers=headers).status_code == 401
    assert client.post("/programs/tokens", data={"csrf": csrf, "name": " "}).status_code == 422


def test_who_is_hidden_here_is_shown_again_here(a_house):
    client = a_house.guest()
    back = a_house.post(client, "/programs/hidden", person="Hermann Bahr", key="k", back="/programs")
    page = client.get(back).text
    assert "Hermann Bahr is never shown to an assistant" in page
    with closing((desk := a_house.open_desk()).database):
        (hidden,) = discretion.list_(desk)
    a_house.post(client, "/programs/hidden", person=hidden.id, hidden="no", key="l")
    assert "Nobody is hidden." in client.get("/programs").text


def test_who_looks_around_in_another_life_makes_no_token_there(a_house):
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    a_house.post(client, "/tour")
    began = time.monotonic()
    while "/tour/leave" not in client.get("/").text:
        assert time.monotonic() < began + 60
        client.get("/tour")
        time.sleep(0.05)
    refused = client.post("/programs/tokens", data={"csrf": csrf, "name": "my script"})
    assert refused.status_code == 409
    assert "somebody else&#39;s life" in refused.text
