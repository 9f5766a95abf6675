"""Nobody comes in who should not, and nothing leaves without its headers."""

from __future__ import annotations

import pytest
from starlette.routing import Mount, Route

from amity.faces.web.guard import HEADERS

HOME = "http://127.0.0.1:8765"
PATHS = (
    "/",
    "/people",
    "/people/p1",
    "/machines",
    "/sources",
    "/history",
    "/static/amity.css",
    "/api/plan/today",
    "/api/openapi.json",
    "/mcp/",
    "/programs",
    "/session",
    "/nowhere",
)


def every_route(a_house) -> list[tuple[str, str]]:
    """Return every address of the house with its method; places of people and things stand for themselves."""

    def walk(routes, before):
        for one in routes:
            if isinstance(one, Mount):
                yield from walk(getattr(one.app, "routes", ()), before + one.path)
            elif isinstance(one, Route):
                for method in one.methods or ("GET",):
                    yield method, before + one.path.replace(":str", "").replace(":int", "").format_map(Sample())

    return sorted(walk(a_house.client().app.routes, ""))


class Sample(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "p1"


def test_a_stranger_is_told_kindly_how_to_get_in(a_house):
    client = a_house.client()
    for path in ("/people", "/people/p1", "/machines", "/sources", "/sources/troubles", "/history", "/nowhere"):
        answer = client.get(path)
        assert answer.status_code == 401
        assert "#token=" in answer.text
        assert "Schnitzler" not in answer.text
    assert client.get("/").status_code == 200
    assert "#token=" in client.get("/").text
    assert client.get("/static/amity.css").status_code == 200
    assert not a_house.statements


def test_the_api_answers_a_stranger_with_a_problem(a_house):
    answer = a_house.client().get("/api/plan/today")
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_link_lets_one_browser_in_once(a_house):
    link = a_house.keys.link
    first, second = a_house.client(), a_house.client()
    entered = first.post("/session", json={"token": link}, headers={"origin": HOME})
    cookie = entered.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert first.get("/").status_code == 200
    assert "1 October 1895" in first.get("/").text
    again = second.post("/session", json={"token": link}, headers={"origin": HOME})
    assert again.status_code == 401
    assert second.get("/people").status_code == 401
    assert a_house.keys.link != link


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"token": 1}', '{"token": "wrong"}', "\xff"])
def test_whatever_else_is_sent_to_the_entrance_opens_nothing(a_house, body):
    answer = a_house.client().post("/session", content=body.encode("latin-1"), headers={"origin": HOME})
    assert answer.status_code in (400, 401)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8765", "127.0.0.1", "127.0.0.1:8766", "localhost.evil.example:8765", ""]
)
def test_other_hosts_are_misdirected_on_every_path(a_house, host):
    client = a_house.guest()
    for path in PATHS:
        assert client.get(path, headers={"host": host}).status_code == 421
    assert not a_house.statements


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost:8765", "[::1]:8765", "LOCALHOST:8765"])
def test_loopback_goes_by_three_names(a_house, host):
    assert a_house.client().get("/", headers={"host": host}).status_code == 200


def test_every_answer_carries_the_safe_headers(a_house):
    client = a_house.guest()
    answers = [client.get(path) for path in PATHS]
    answers += [a_house.client().get("/people"), client.get("/", headers={"host": "evil.example"})]
    answers.append(client.post("/undo", data={}))
    for answer in answers:
        for name, value in HEADERS.items():
            assert answer.headers[name] == value
        assert "access-control-allow-origin" not in answer.headers
        static = answer.request.url.path.startswith("/static/")
        assert answer.headers["cache-control"].startswith("public" if static else "no-store")
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8766"},
        {"origin": "http://localhost:8765"},
        {"origin": HOME, "sec-fetch-site": "cross-site"},
        {"origin": HOME, "sec-fetch-site": "same-site"},
        {"origin": "null"},
        {"origin": "null", "sec-fetch-site": "cross-site"},
    ],
)
@pytest.mark.parametrize(
    "path",
    [
        *("/log", "/undo", "/today/answer", "/people/p1/machine", "/session", "/api/ledger/log"),
        *("/sources/import", "/sources/troubles"),
    ],
)
def test_what_another_site_sends_changes_nothing(a_house, headers, path):
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    a_house.statements.clear()
    answer = client.post(path, data={"csrf": csrf, "sentence": "coffee with Ana"}, headers=headers)
    assert answer.status_code == 403
    assert not a_house.statements


@pytest.mark.parametrize("csrf", [None, "", "wrong", "ü"])
def test_a_form_without_its_token_is_refused(a_house, csrf):
    client = a_house.guest()
    data = {"sentence": "coffee with Ana"} | ({} if csrf is None else {"csrf": csrf})
    for path in ("/log", "/undo", "/redo", "/today/answer", "/people/p1/machine", "/sources/troubles"):
        assert client.post(path, data=data).status_code == 403
    assert "coffee" not in client.get("/history").text


def test_a_form_may_come_without_a_referrer(a_house):
    """Under `Referrer-Policy: no-referrer` a browser says `Origin: null` and that the site is the same."""
    client = a_house.guest()
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    data = {"csrf": next(iter(a_house.keys.sessions.values())), "sentence": "coffee with Hermann Bahr"}
    assert client.post("/log", data=data, headers=headers).status_code == 303


def test_a_cookie_alone_changes_nothing_through_the_api(a_house):
    client = a_house.guest()
    sent = {"sentence": "coffee with Hermann Bahr"}
    assert client.get("/api/plan/today").status_code == 200
    assert client.post("/api/ledger/log", json=sent).status_code == 403
    csrf = next(iter(a_house.keys.sessions.values()))
    assert client.post("/api/ledger/log", json=sent, headers={"x-csrf-token": csrf}).status_code == 200


def test_a_token_opens_the_api_only(a_house):
    client = a_house.client()
    headers = {"authorization": f"Bearer {a_house.token()}"}
    assert client.get("/api/plan/today", headers=headers).status_code == 200
    assert client.get("/people", headers=headers).status_code == 401
    assert client.get("/api/plan/today", headers={"authorization": "Bearer no"}).status_code == 401


def test_too_much_is_too_much(a_house):
    client = a_house.guest()
    sent = client.post("/log", data={"sentence": "x" * (2 << 20)})
    assert sent.status_code == 413
    assert "That is too much" in sent.text
    headers = {"authorization": f"Bearer {a_house.token('write')}"}
    answer = client.post("/api/ledger/log", json={"sentence": "x" * (2 << 20)}, headers=headers)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"


def test_every_address_answers_a_wrong_host_with_421_and_a_stranger_with_nothing(a_house):
    """Not a list of pages but all that the house has: whoever adds one need not think of it."""
    client, stranger = a_house.guest(), a_house.client()
    every = every_route(a_house)
    assert len(every) > 150
    a_house.statements.clear()
    for method, path in every:
        wrong = client.request(method, path, headers={"host": "evil.example:8765"})
        assert wrong.status_code == 421, (method, path)
        if (method, path) not in (("GET", "/"), ("HEAD", "/"), ("POST", "/session")):
            answer = stranger.request(method, path, headers={"origin": HOME} if method == "POST" else {})
            assert answer.status_code in (401, 429), (method, path)
    assert not a_house.statements


def test_every_form_wants_its_token_and_every_change_its_origin(a_house):
    client = a_house.guest()
    a_house.statements.clear()
    for method, path in every_route(a_house):
        if method != "POST" or path == "/session":
            continue
        for headers in ({"origin": "https://evil.example"}, {"origin": HOME, "sec-fetch-site": "cross-site"}):
            assert client.post(path, headers=headers).status_code == 403, path
        assert not a_house.statements
        if not path.startswith(("/api/", "/mcp/")):
            files = {"file": ("x.csv", b"")} if path == "/sources/import" or path.endswith("/files") else None
            assert client.post(path, data={"csrf": "wrong"}, files=files).status_code == 403, path
        a_house.statements.clear()


def test_no_other_site_may_read_anything(a_house):
    """There is no CORS: neither a preflight nor a plain request is told that another origin may look."""
    client = a_house.guest()
    asked = {"origin": "https://evil.example", "access-control-request-method": "POST"}
    for path in PATHS:
        for answer in (
            client.options(path, headers=asked),
            client.get(path, headers={"origin": "https://evil.example"}),
        ):
            assert not [name for name in answer.headers if name.startswith("access-control-")], path
            assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_what_was_uploaded_is_never_served(a_house):
    """A page that somebody uploads is read as a source at most; no address hands it out again."""
    client = a_house.guest()
    csrf = next(iter(a_house.keys.sessions.values()))
    hostile = b"<!doctype html><script>window.hurt=1</script>"
    sent = client.post("/sources/import", data={"csrf": csrf}, files={"file": ("evil.html", hostile, "text/html")})
    assert sent.status_code == 303
    names = ("evil.html", "uploads/evil.html", "sources/evil.html", "static/evil.html", "static/../uploads/evil.html")
    for path in (*(f"/{name}" for name in names), "/static/%2e%2e/uploads/evil.html", "/files/evil.html"):
        assert client.get(path).status_code in (401, 404), path
    for method, path in every_route(a_house):
        if method == "GET":
            answer = client.get(path)
            assert hostile not in answer.content, path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            kind = answer.headers.get("content-type", "").partition(";")[0]
            held = ("text/html", "application/json", "application/problem+json", "image/svg+xml", "text/csv", "")
            assert kind in (*held, "text/plain", "application/manifest+json", "text/javascript"), (path, kind)
