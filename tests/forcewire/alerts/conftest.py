"""A store in which a part of the service fails or does not, and channels that remember what they took."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import Engine

from forcewire.alerts import looking, running
from forcewire.alerts.channel import ChannelError, Message
from forcewire.settings.model import Settings
from storage.conditions import end_condition, note_condition
from storage.database import open_store, writing

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@dataclass
class Remembering:
    """A channel. `down`: why it takes nothing."""

    key: str
    taken: list[Message] = field(default_factory=list)
    down: str | None = None

    @property
    def shown(self) -> str:
        return f"the {self.key}"

    @property
    def titles(self) -> list[str]:
        return [each.title.removeprefix("Forcewire: ") for each in self.taken]

    def send(self, message: Message) -> None:
        if self.down:
            raise ChannelError(self.down)
        self.taken.append(message)


class Service:
    """One store and those who are told of it."""

    def __init__(self, url: str) -> None:
        self.engine = open_store(url)
        self.ways: list[Remembering] = []
        self.settings = Settings(disk_free=0)

    def way(self, key: str) -> Remembering:
        self.ways.append(Remembering(key))
        return self.ways[-1]

    def fails(self, *names: str, now: datetime = NOW) -> None:
        with writing(self.engine) as conn:
            for name in names:
                note_condition(conn, name, f"{name} does not work", host="here", now=now)

    def works(self, *names: str) -> None:
        with writing(self.engine) as conn:
            for name in names:
                end_condition(conn, name, host="here")

    def tell(self, now: datetime = NOW, engine: Engine | None = None) -> running.Report:
        return running.tell(engine or self.engine, self.settings, now)


@pytest.fixture
def service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service(f"sqlite:///{tmp_path / 'store.db'}")
    monkeypatch.setattr(running, "channels", lambda _: [*made.ways])
    monkeypatch.setattr(looking, "health", lambda *_: [])  # there is no source: the queries cost more than all the rest
    yield made
    made.engine.dispose()


class Receiver:
    """A web server on loopback that remembers what it was posted, and answers as it is told to."""

    def __init__(self) -> None:
        self.status, self.location = 200, ""
        self.posted: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if receiver.status == 200:
                    receiver.posted.append(json.loads(body))
                self.do_GET()

            def do_GET(self) -> None:
                receiver.asked.append((self.command, self.path, dict(self.headers)))
                self.send_response(receiver.status)
                if receiver.location:
                    self.send_header("Location", receiver.location)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook/t0ken"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    yield made
    made.close()
