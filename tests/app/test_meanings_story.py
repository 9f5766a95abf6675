"""A model of language on this machine, asked over a real connection, and never anywhere else."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from world import World

from amity.app import facts, matches
from amity.errors import AmityError, Code
from amity.faces import door
from amity.faces.embeddings import embedder
from amity.insight.embeddings import PROBES
from amity.settings import Settings


def words(text: str) -> set[str]:
    return {word for word in text.split() if len(word) > 4}


SUBJECTS = [words(f"{one} {other}") for one, other in PROBES] + [{"hives", "honey", "apiarist"}]


class Model(ThreadingHTTPServer):
    """A toy that knows of each text the subjects that it touches, and speaks as such programs do."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.asked: list[dict[str, object]] = []
        self.broken: bytes | None = None
        self.status = 200

    @property
    def settings(self) -> Settings:
        return Settings(meanings_at=f"http://127.0.0.1:{self.server_port}/v1/embeddings", meanings_model="toy")


class Asked(BaseHTTPRequestHandler):
    server: Model

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append(asked | {"path": self.path})
        vectors = [[0.05] + [float(len(subject & words(text))) for subject in SUBJECTS] for text in asked["input"]]
        rows = [{"object": "embedding", "index": at, "embedding": vector} for at, vector in enumerate(vectors)]
        body = self.server.broken or json.dumps({"object": "list", "data": rows[::-1], "model": "toy"}).encode()
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


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    """Two people who do not know each other; what one needs the other offers, in no word that is the same."""
    world = World(tmp_path / "world")
    world.tell("2024-05-04 mail Ana > me\n2024-05-05 mail me > Ana\n2024-05-04 mail Bo > me\n2024-05-05 mail me > Bo")
    facts.tell(world.desk, "Ana", "need", "honey for the market")
    facts.tell(world.desk, "Bo", "offer", "an apiarist with forty hives")
    world.close()
    return tmp_path / "world"


def found(folder: Path, settings: Settings) -> matches.Matches:
    (vault,) = {file.parent for file in folder.rglob("amity.db")}
    text = "".join(
        f'{name} = "{getattr(settings, name)}"\n'
        for name in ("meanings_at", "meanings_model")
        if getattr(settings, name)
    )
    (vault / "settings.toml").write_text(text)
    desk = door.open_desk(vault, "2025-02-01")
    try:
        return matches.list_(desk)
    finally:
        desk.database.close()


def test_without_a_model_words_alone_are_compared(vault: Path) -> None:
    told = found(vault, Settings())
    assert (told.matches, told.needs, told.offers) == ((), 1, 1)


def test_the_owner_s_own_model_finds_what_no_word_shows(vault: Path, model: Model) -> None:
    (line,) = found(vault, model.settings).matches
    assert (line.person.name, line.helper.name) == ("Ana", "Bo")
    assert any("by your own model" in reason.reason for reason in line.because)
    assert {one["model"] for one in model.asked} == {"toy"}
    assert {one["path"] for one in model.asked} == {"/v1/embeddings"}


def test_no_text_is_asked_for_twice(vault: Path, model: Model) -> None:
    found(vault, model.settings)
    before = len(model.asked)
    assert found(vault, model.settings).matches
    assert len(model.asked) == before


@pytest.mark.parametrize(
    ("status", "broken"),
    [(500, b"{}"), (200, b"not json"), (200, b'{"data": []}'), (200, b'{"data": [{"index": 0, "embedding": []}]}')],
)
def test_a_model_that_fails_leaves_the_words(vault: Path, model: Model, status: int, broken: bytes) -> None:
    model.status, model.broken = status, broken
    told = found(vault, model.settings)
    assert told.matches == ()
    assert any("Words alone were compared" in note for note in told.notes)


def test_a_model_that_is_not_there_leaves_the_words(vault: Path, model: Model) -> None:
    model.server_close()
    model.shutdown()
    told = found(vault, model.settings)
    assert any("Words alone were compared" in note for note in told.notes)


@pytest.mark.parametrize(
    "address",
    [
        "http://models.example/v1/embeddings",
        "http://192.168.1.5:8080/v1/embeddings",
        "https://api.example/v1",
        "http://127.0.0.1.example/v1",
        "http://127.0.0.1@models.example/v1",
        "http://127.0.0.1:99999999/",
        "file:///etc/passwd",
        "127.0.0.1:8080",
    ],
)
def test_no_model_is_asked_that_is_not_on_this_machine(address: str) -> None:
    ask = embedder(Settings(meanings_at=address))
    assert ask is not None
    with pytest.raises(AmityError) as refused:
        ask(["honey"])
    assert refused.value.code is Code.USAGE


def test_an_address_that_is_refused_leaves_the_words_and_shuts_no_vault(vault: Path) -> None:
    told = found(vault, Settings(meanings_at="https://models.example/v1"))
    assert (told.needs, told.offers) == (1, 1)
    assert any("Words alone were compared" in note for note in told.notes)


@pytest.mark.parametrize("address", ["http://localhost:1/v1/embeddings", "http://[::1]:1/", "http://127.8.0.1:1/v1"])
def test_a_model_on_this_machine_may_be_asked(address: str) -> None:
    assert embedder(Settings(meanings_at=address)) is not None
