"""A store that is put back to yesterday's copy finds today's changes again, and the feeds say nothing a second time."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from feeds.publishing import publish
from storage.database import open_store
from tests.crawler.test_confirming import Pages, text

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def published(database: str, out: Path, now: datetime) -> dict[str, set[str]]:
    """Publishes, and reads the ids of each feed."""
    engine = open_store(database)
    publish(engine, out, base_url="https://feeds.example", now=now)
    engine.dispose()
    return {
        str(path.relative_to(out)): {entry.id for entry in feedparser.parse(path.read_bytes()).entries}
        for path in out.rglob("*.atom")
    }


@pytest.fixture
def pages(site: Any) -> Pages:
    return Pages(site, 6)


def test_nothing_is_told_a_second_time(pages: Pages, crawl: Any, database: str, tmp_path: Path) -> None:
    file = Path(database.removeprefix("sqlite:///"))
    crawl(clock=lambda: NOON)
    shutil.copy(file, tmp_path / "yesterday.db")
    pages.put(2, text(2) + " A man aged 34 was arrested.")
    pages.stories[7] = ["Story 7", text(7)]
    pages.site.pages[pages.path(7)] = lambda _: pages.page(7)
    pages.list()
    del pages.site.pages[pages.path(3)]
    day = timedelta(days=1)
    for hours in (0, 2):
        crawl(clock=lambda hours=hours: NOON + day + timedelta(hours=hours))
    told = published(database, tmp_path / "site", NOON + day)
    for leftover in file.parent.glob(f"{file.name}-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "yesterday.db", file)
    for hours in (5, 7):
        crawl(clock=lambda hours=hours: NOON + day + timedelta(hours=hours))
    again = published(database, tmp_path / "site", NOON + day + timedelta(hours=8))
    assert again == told
    changed = [ids for name, ids in told.items() if "changes" in name]
    assert changed
    assert all(len(ids) == 2 for ids in changed)
