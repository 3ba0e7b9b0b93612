"""A round in which nothing changed: what it asks for, and what it writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from crawler.entries import SourceEntry, load_entry
from crawler.options import CrawlOptions, CrawlSummary
from crawler.run import crawl_sources
from forcewire.demo.newsroom import CLOCK, Newsroom
from storage.models import Base

Rows = dict[str, dict[Any, dict[str, Any]]]
Crawl = Callable[[datetime], list[CrawlSummary]]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    with Newsroom() as newsroom:
        yield newsroom


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def crawl(newsroom: Newsroom, url: str, tmp_path: Path) -> Crawl:
    entries: list[SourceEntry] = [load_entry(path) for path in newsroom.write_entries(tmp_path / "entries", links=1)]

    def run(now: datetime) -> list[CrawlSummary]:
        newsroom.log.clear()
        options = CrawlOptions(
            database_url=url, allow_loopback=True, delay=0.0, revisit="due", clock=lambda: now, log_level="CRITICAL"
        )
        summaries = crawl_sources(entries, options)
        assert [summary.verdict for summary in summaries] == ["ok"] * len(entries)
        return summaries

    return run


def rows_of(url: str) -> Rows:
    """Every row of every table by its key."""
    engine = sa.create_engine(url)
    with closing(engine.raw_connection()) as raw:
        rows: Rows = {}
        for table in Base.metadata.sorted_tables:
            cursor = raw.cursor()
            cursor.execute(f'SELECT rowid AS "the row", * FROM "{table.name}"')
            names = [column[0] for column in cursor.description]
            rows[table.name] = {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
    engine.dispose()
    return rows


def added(before: Rows, after: Rows) -> dict[str, int]:
    return {name: len(rows) - len(before[name]) for name, rows in after.items() if len(rows) != len(before[name])}


def touched(before: Rows, after: Rows) -> dict[str, set[str]]:
    """The columns of each table that differ in a row that was there before; a row that went counts as all of them."""
    columns: dict[str, set[str]] = {}
    for name, rows in before.items():
        for key, row in rows.items():
            now = after[name].get(key, {})
            if differing := {column for column, value in row.items() if now.get(column, object()) != value}:
                columns.setdefault(name, set()).update(differing)
    return columns


def test_a_round_in_which_nothing_changed_asks_each_listing_once_and_writes_its_crawls_alone(
    newsroom: Newsroom, crawl: Crawl, url: str
) -> None:
    crawl(CLOCK)
    before = rows_of(url)
    assert len(before["article"]) > 50
    summaries = crawl(CLOCK + timedelta(minutes=1))
    after = rows_of(url)
    assert added(before, after) == {"crawl": len(newsroom.sites)}
    assert touched(before, after) == {}
    assert sorted(asked.site for asked in newsroom.log.entries) == sorted(site.id for site in newsroom.sites)
    assert all(asked.conditional and asked.status == 304 for asked in newsroom.log.entries)
    assert newsroom.log.total == len(newsroom.sites)
    assert [summary.counts.requests for summary in summaries] == [1] * len(newsroom.sites)


def test_what_is_due_is_asked_once_and_conditionally_and_only_when_it_was_seen_is_written(
    newsroom: Newsroom, crawl: Crawl, url: str
) -> None:
    crawl(CLOCK)
    before = rows_of(url)
    now = CLOCK + timedelta(hours=6)
    due = [row for row in before["page"].values() if row["due_at"] and row["due_at"] <= f"{now:%Y-%m-%d %H:%M:%S.%f}"]
    assert 5 < len(due) < len(before["article"])
    crawl(now)
    after = rows_of(url)
    assert newsroom.log.total == len(newsroom.sites) + len(due)
    assert all(asked.conditional and asked.status == 304 for asked in newsroom.log.entries)
    assert added(before, after) == {"crawl": len(newsroom.sites)}
    assert touched(before, after) == {"page": {"checked_at", "due_at", "status"}, "article": {"last_seen_at"}}
    assert sum(before["page"][key] != row for key, row in after["page"].items()) == len(due)
