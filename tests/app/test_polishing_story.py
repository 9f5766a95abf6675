"""One message worded anew by the owner's own model: what leaves is shown, and only leaves when told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from msgspec.structs import replace
from world import World

from amity.app import asks
from amity.app.desk import Desk
from amity.errors import AmityError, Code
from amity.faces import door
from amity.faces.polishing import polisher
from amity.settings import Settings

LETTER = "Hi Ben, could you read my chapter? It takes 20 minutes. If not, no hard feelings."


class Model(ThreadingHTTPServer):
    """A model that says please, and speaks as such programs do."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[str] = []
        self.answer: object = {"choices": [{"message": {"role": "assistant", "content": f"{LETTER} Please."}}]}
        self.status = 200

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/chat/completions"


class Asked(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        self.server.asked.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert "Authorization" not in self.headers, "a model on this machine is told no secret"
        body = json.dumps(self.server.answer).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on stderr."""


@pytest.fixture
def model() -> Iterator[Model]:
    with Model() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def desk_with(world: World, address: str) -> Desk:
    return replace(world.desk, polisher=polisher(Settings(polish_at=address, polish_model="toy"), door.token_of))


def test_nothing_leaves_before_it_was_shown_and_confirmed(
    world: World, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """today 2025-06-30"""
    monkeypatch.setenv("AMITY_SECRET", "the password of my mail")
    desk = desk_with(world, model.address)
    shown = asks.polish(desk, LETTER)
    assert (shown.text, shown.check, model.asked) == ("", None, [])
    worded = asks.polish(desk, LETTER, send=True)
    assert model.asked == [shown.leaves], "what was shown is what left, to the letter"
    assert json.loads(shown.leaves)["messages"][1]["content"] == LETTER
    assert worded.text == f"{LETTER} Please."
    assert worded.check is not None
    assert worded.check.pointers["out"].found


@pytest.mark.parametrize(
    ("status", "answer"),
    [(500, {}), (200, {}), (200, {"choices": []}), (200, {"choices": [{"message": {"content": " "}}]})],
)
def test_a_model_that_is_of_no_help_is_told(world: World, model: Model, status: int, answer: object) -> None:
    """today 2025-06-30"""
    model.status, model.answer = status, answer
    with pytest.raises(AmityError, match="of no help") as told:
        asks.polish(desk_with(world, model.address), LETTER, send=True)
    assert told.value.code is Code.REFUSED


def test_there_is_no_model_unless_the_owner_points_to_one(world: World) -> None:
    """today 2025-06-30"""
    with pytest.raises(AmityError, match="No model is set") as told:
        asks.polish(world.desk, LETTER)
    assert told.value.code is Code.USAGE


@pytest.mark.parametrize(
    "address", ["http://models.example/v1/chat", "ftp://127.0.0.1/", "127.0.0.1:80", "https://ana:pw@models.example/"]
)
def test_a_letter_goes_nowhere_in_the_clear(address: str) -> None:
    with pytest.raises(AmityError) as told:
        polisher(Settings(polish_at=address), door.token_of)
    assert told.value.code is Code.USAGE


def test_a_service_by_https_is_the_owners_own_choice() -> None:
    chosen = polisher(Settings(polish_at="https://models.example/v1/chat/completions"), door.token_of)
    assert chosen is not None
    assert chosen.address == "https://models.example/v1/chat/completions"
