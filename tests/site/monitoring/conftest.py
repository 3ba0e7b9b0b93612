"""A store with sources that are read, on a server of loopback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from feeds.build import Press
from feeds.site.context import Site, only_reads
from feeds.site.monitoring import answering
from feeds.site.monitoring.bounds import Bounds
from storage.crawls import Counts, add_issue, finish_crawl, start_crawl
from storage.database import writing
from storage.tables import SCHEDULE
from tests.feeds.conftest import NewsStore
from tests.site.conftest import BASE_URL, running


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


class Asked:
    """A server, and the store behind it."""

    def __init__(self, url: str, store: NewsStore) -> None:
        self.url, self.store = url, store

    def __call__(self, path: str, method: str = "GET", **headers: str) -> Answer:
        try:
            with urlopen(Request(self.url + path, method=method, headers=headers), timeout=30) as answer:
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
def asked(read: Read, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asked]:
    """As the command serves; nothing is kept between two requests."""
    monkeypatch.setattr(answering, "_KEPT", {"ready": -1.0, "metrics": -1.0})
    monkeypatch.setattr("feeds.site.watching.EVERY", -1.0)
    serving = NewsStore(Path(str(read.engine.url.database)))
    only_reads(serving.engine)
    with running(Site(serving.engine, Press(BASE_URL), bounds=Bounds(disk_free=0))) as server:
        yield Asked(server.url, read)
    serving.engine.dispose()
