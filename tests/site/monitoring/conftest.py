"""A store with sources that are read, and its site: asked directly, or on a socket of loopback."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from starlette.types import Message

from feeds.build import Press
from feeds.site.app import Application, create_app
from feeds.site.context import Site, only_reads
from feeds.site.monitoring import answering
from feeds.site.monitoring.bounds import Bounds
from storage.crawls import Counts, add_issue, finish_crawl, start_crawl
from storage.database import open_store, writing
from storage.tables import SCHEDULE
from tests.feeds.conftest import NewsStore
from tests.site.conftest import BASE_URL, running


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Asked:
    """A site without a server around it."""

    def __init__(self, app: Application) -> None:
        self.app = app

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        return asyncio.run(self._ask(path, method, headers))

    async def _ask(self, path: str, method: str, headers: dict[str, str]) -> Answer:
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        name, _, query = path.partition("?")
        scope = {
            **{
                "type": "http",
                "http_version": "1.1",
                "method": method,
                "scheme": "http",
                "path": name,
                "raw_path": name.encode(),
            },
            **{
                "query_string": query.encode(),
                "root_path": "",
                "client": ("127.0.0.1", 5),
                "server": ("127.0.0.1", 80),
            },
            "headers": [(b"host", b"here"), *((k.lower().encode(), v.encode()) for k, v in headers.items())],
        }
        await self.app(scope, receive, send)
        found = {k.decode().lower(): v.decode() for k, v in sent[0]["headers"]}
        return Answer(sent[0]["status"], found, b"".join(each.get("body", b"") for each in sent[1:]))


class Served:
    """The same over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url

    def __call__(self, path: str, method: str = "GET") -> Answer:
        try:
            with urlopen(Request(self.url + path, method=method), timeout=30) as answer:
                return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
        except HTTPError as error:
            return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


class Read(NewsStore):
    """A store whose sources are crawled."""

    def crawled(self, source: str, verdict: str = "ok", ago: float = 0.1, **counts: int) -> None:
        at = datetime.now(UTC) - timedelta(hours=ago)
        failed = verdict != "ok"
        with writing(self.engine) as conn:
            crawl = start_crawl(conn, source, reader="generic", reader_version=1, now=at, pid=os.getpid(), host="here")
            if failed:
                add_issue(conn, source_id=source, crawl_id=crawl, kind="page changed", message="no list", now=at)
            finish_crawl(
                conn,
                crawl,
                verdict=verdict,
                reason="no list" if failed else None,
                trouble="page changed" if failed else None,  # type: ignore[arg-type]
                counts=Counts(**{"links": 5, "requests": 3, "bytes": 1000, **counts}),
                now=at + timedelta(seconds=30),
            )

    def due(self, source: str, hours: float) -> None:
        now = datetime.now(UTC)
        row: dict[str, Any] = {
            "source_id": source,
            "site": source,
            "interval_seconds": 900.0,
            "armed_at": now,
            "cut_off": 0,
        }
        with writing(self.engine) as conn:
            conn.execute(SCHEDULE.insert(), row | {"next_due_at": now + timedelta(hours=hours)})


@pytest.fixture
def read(tmp_path: Path) -> Iterator[Read]:
    made = Read(tmp_path / "forcewire.db")
    for area in ("Northmarch", "Tarn"):
        made.source(area)
    yield made
    made.engine.dispose()


@pytest.fixture
def site(read: Read, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """As the command makes it; nothing is kept between two requests."""
    monkeypatch.setattr(answering, "_KEPT", {"ready": -1.0, "metrics": -1.0})
    monkeypatch.setattr("feeds.site.watching.EVERY", -1.0)
    engine = open_store(read.url)
    only_reads(engine)
    yield Site(engine, Press(BASE_URL), bounds=Bounds(disk_free=0))
    engine.dispose()


@pytest.fixture
def asked(site: Site) -> Asked:
    return Asked(create_app(site))


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    with running(site) as server:
        yield Served(server.url)
