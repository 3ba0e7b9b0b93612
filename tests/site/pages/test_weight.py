"""What a page costs: bytes on the line, requests one after another, and how it reads the store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from lxml import html

from feeds.build import Press, document
from feeds.site.compression import packed
from feeds.site.context import Site
from feeds.site.pages import render
from feeds.site.pages.stories import latest
from feeds.site.pages.templating import static_bytes
from storage.database import reading
from storage.records import Precision
from tests.feeds.conftest import FIRST, NewsStore

BASE_URL = "https://news.example.org"
NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
AREAS = 53
PAGES = (
    "/",
    "/subscribe",
    "/status",
    "/changes",
    "/about",
    "/areas/county-and-borough-0",
    "/areas/county-and-borough-0/2024-05",
)
BUDGET = 100_000


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewsStore]:
    """Many areas; one had its first crawl last, with many stories that state no date, and one has many changes."""
    store = NewsStore(tmp_path_factory.mktemp("weight") / "forcewire.db")
    for number in range(AREAS):
        store.source(f"County and Borough {number}", region="Yorkshire and the Humber")
        story = store.article(f"county-and-borough-{number}", description="Officers ask for witnesses. " * 10)
    for day in range(9):
        store.again(story, FIRST + timedelta(days=1 + day), body="Officers ask for more witnesses. " * (9 + day))
    added = NOW - timedelta(hours=3)
    store.source("Late", now=added)
    for _ in range(30):
        store.article("late", published_at=None, published_precision=Precision.UNKNOWN, seen_at=added)
    yield store
    store.engine.dispose()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_and_all_that_it_loads_is_small_and_one_chain_of_requests(country: NewsStore, path: str) -> None:
    site = Site(country.engine, Press(BASE_URL))
    with reading(country.engine) as conn:
        data = render(conn, site, path, NOW)
        root = html.document_fromstring(data.decode())
        loaded = root.xpath(
            "//img/@src | //link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //iframe/@src"
        )
        parts = [data, *(render(conn, site, each.partition("?")[0], NOW) for each in loaded)]
    assert "/static/site.css" in {each.partition("?")[0] for each in loaded}
    assert sum(len(packed(each, "gzip")) for each in parts) < BUDGET / 4
    assert len(data) < BUDGET
    # A browser that has the page asks for all the rest at once: nothing of it names a further file.
    assert not any(re.search(rb"@import|url\((?!#)|href=|<image|xml-stylesheet", each) for each in parts[1:])


def test_style_sheet_is_small() -> None:
    assert len(static_bytes("site.css")) < BUDGET / 5


def test_front_page_has_the_stories_of_the_feed_of_all(country: NewsStore) -> None:
    with reading(country.engine) as conn:
        shown = [story.id for story in latest(conn, 40)]
        feed = document(conn, Press(BASE_URL), "all.json").data.decode()
    urls = re.findall(r'"url": ?"(https://www[^"]+)"', feed)
    with country.engine.connect() as conn:
        stored = sa.table("article", sa.column("id"), sa.column("url"))
        ids = {row.url: row.id for row in conn.execute(sa.select(stored.c.id, stored.c.url))}
    assert shown == [ids[url] for url in urls][:40]
    assert sum("/late" in url or "www.late." in url for url in urls[:40]) == 10  # of 30 that came at once


@pytest.mark.parametrize(
    "path", ["/", "/changes", "/areas/county-and-borough-0", "/areas/county-and-borough-0/2024-05"]
)
def test_lists_are_read_along_indexes(country: NewsStore, path: str) -> None:
    site, asked = Site(country.engine, Press(BASE_URL)), list[Any]()

    def listen(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        asked.append((statement, parameters))

    sa.event.listen(country.engine, "before_cursor_execute", listen)
    try:
        with reading(country.engine) as conn:
            render(conn, site, path, NOW)
    finally:
        sa.event.remove(country.engine, "before_cursor_execute", listen)
    with country.engine.connect() as conn:
        cursor = conn.connection.cursor()
        steps = [
            row[-1]
            for statement, parameters in asked
            if statement.startswith("SELECT")
            for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]
    assert len(steps) > 5
    whole = [step for step in steps if re.match(r"SCAN (article|version|change)\b", step)]
    assert all("ix_change_told_at" in step or "first_seen_at" in step or "published_at" in step for step in whole), (
        whole
    )
    assert not any(re.search(r"SCAN change(?! USING (COVERING )?INDEX ix_change_told_at)", step) for step in steps)
    assert not any(
        step == "SEARCH article USING INDEX ix_article_source_id_first_seen_at (source_id=?)" for step in steps
    )
