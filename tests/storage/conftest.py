"""A store in a new file, one source and one crawl, and invented pages to save."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from storage.articles import save_articles
from storage.crawls import register_source, start_crawl
from storage.database import open_store, reading, writing
from storage.records import Fetched, Precision, Record

Item = tuple[Record, Fetched]


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def engine(url: str, now: datetime) -> Iterator[Engine]:
    engine = open_store(url)
    with writing(engine) as conn:
        for name in ("norchester", "eastmere"):
            register_source(
                conn,
                id=name,
                name=f"{name.title()} Police",
                force=f"{name.title()} Police",
                area=name.title(),
                language="en",
                reader="generic",
                home_url=f"https://www.{name}.example/news/",
                now=now,
            )
    yield engine
    engine.dispose()


@pytest.fixture
def crawl(engine: Engine, now: datetime) -> int:
    with writing(engine) as conn:
        return start_crawl(
            conn, "norchester", reader="generic", reader_version=1, now=now, pid=os.getpid(), host="desk"
        )


@pytest.fixture
def page(now: datetime) -> Callable[..., Item]:
    """An invented article page; any field of the record by name, and `at`, `etag`, `asked`, `entry` for how it was fetched."""

    def make(
        n: int = 1,
        *,
        at: datetime = now,
        etag: str | None = '"e"',
        asked: str | None = None,
        entry: str = "",
        **fields: Any,
    ) -> Item:
        values: dict[str, Any] = {
            "source": "norchester",
            "area": "Norchester",
            "url": f"https://www.norchester.example/news/story-{n}",
            "title": f"Appeal {n} after lamp is taken",
            "description": "A lamp was taken from Mill Lane.",
            "body": "A lamp was taken from **Mill Lane**.\n\nCall 101 with crime number 55/1234/26.\n",
            "published_at": datetime(2026, 2, 27, 9, 30, tzinfo=UTC),
            "published_precision": Precision.MINUTE,
            "published_raw": "09:30, 27 February 2026",
            "published_from": "page",
            "kind": "appeal",
            "image_url": "https://www.norchester.example/lamp.jpg?h=1",
            "meta": {"og:type": "article"},
            "reader": "generic",
            "reader_version": 1,
        } | fields
        record = Record(**values)
        answer = Fetched(
            url=asked or record.url,
            at=at,
            etag=etag,
            reader=record.reader,
            reader_version=record.reader_version,
            entry=entry,
        )
        return record, answer

    return make


@pytest.fixture
def save(engine: Engine, crawl: int) -> Callable[..., list[str]]:
    """Saves pages in one transaction; gives the outcomes as plain words."""

    def saved(*items: Item) -> list[str]:
        with writing(engine) as conn:
            return [str(outcome) for outcome in save_articles(conn, crawl, items)]

    return saved


@pytest.fixture
def rows(engine: Engine) -> Callable[[str], list[tuple[Any, ...]]]:
    """What the file holds, asked in SQL as an analyst would."""

    def query(sql: str) -> list[tuple[Any, ...]]:
        with reading(engine) as conn:
            return [tuple(row) for row in conn.execute(sa.text(sql))]

    return query
