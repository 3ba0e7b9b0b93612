"""Which stored articles a crawl looks at again, and when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from crawler.options import CrawlOptions
from crawler.spiders.news import NewsSpider
from storage.database import open_store
from storage.rules import RevisitRule, Rules
from tests.crawler.conftest import Answer, Asked, TinyReader
from tests.crawler.test_crawl import changes, rows

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
NOW = datetime(2026, 3, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def crawl_at(crawl: Any) -> Any:
    """Crawls at a moment what is due then, as a live source is crawled."""

    def run(moment: datetime, **more: Any) -> Any:
        return crawl(revisit="due", clock=lambda: moment, **more)

    return run


def with_validators(site: Any, *paths: str) -> None:
    """Puts up a listing of these paths that answers 304 as long as it shows them."""
    etag = f'"{hash(paths)}"'
    site.listing(*paths, headers={"ETag": etag})
    full = site.pages["/news/"]

    def answer(asked: Asked) -> Answer:
        return Answer("", 304, {"ETag": etag}) if asked.headers.get("if-none-match") == etag else full

    site.pages["/news/"] = answer


@pytest.mark.parametrize(("live", "revisit", "most"), [(True, "auto", 2), (True, "all", 5), (False, "auto", 5)])
def test_live_source_is_asked_for_so_many_old_articles_only(
    site: Any, crawl: Any, database: str, make_entry: Any, live: bool, revisit: Any, most: int
) -> None:
    site.stories(5)
    crawl()
    entry = make_entry()
    spider = NewsSpider()
    spider.entry = entry.model_copy(update={"hosts": ("www.fenwold.example",)}) if live else entry
    spider.options = CrawlOptions(
        database_url=database,
        revisit=revisit,
        contact="desk@fenwold.example",
        rules=Rules(revisit=RevisitRule(budget=2)),
    )
    spider.reader = TinyReader(entry)
    spider.store = open_store(database)
    # The stored articles are all due by then: what is asked for hangs on the budget alone.
    soon = datetime.now(UTC) + DAY
    spider.crawl = SimpleNamespace(batch=SimpleNamespace(flush=lambda: None), now=lambda: soon)  # type: ignore[assignment]
    try:
        assert [visit.known for visit in spider._to_visit()] == [True] * most
    finally:
        spider.store.dispose()


def test_an_article_is_asked_for_again_when_it_is_due_and_conditionally(site: Any, crawl_at: Any) -> None:
    (path,) = paths = site.stories(1)
    with_validators(site, *paths)
    crawl_at(NOW)
    site.asked.clear()
    crawl_at(NOW + 11 * MINUTE)
    assert path not in site.paths()
    assert crawl_at(NOW + 12 * MINUTE).counts.not_modified == 1
    assert site.asked[-1].path == path
    assert "if-none-match" in site.asked[-1].headers


def test_the_setting_ends_the_watch_and_takes_it_up_again(site: Any, crawl_at: Any) -> None:
    (path,) = paths = site.stories(1)
    with_validators(site, *paths)
    crawl_at(NOW)
    site.asked.clear()
    a_day, for_good = (Rules(revisit=RevisitRule(watch=watch)) for watch in (DAY, None))
    crawl_at(NOW + 2 * DAY, rules=a_day)
    assert path not in site.paths()
    crawl_at(NOW + 200 * DAY, rules=for_good)
    assert site.paths().count(path) == 1


def test_a_new_article_that_failed_is_tried_again_though_the_listing_answers_304(
    site: Any, crawl_at: Any, database: str
) -> None:
    paths = site.stories(6)
    with_validators(site, *paths)
    good, site.pages[paths[0]] = site.pages[paths[0]], Answer("", 500)
    crawl_at(NOW)
    site.asked.clear()
    crawl_at(NOW + 5 * MINUTE)
    assert paths[0] not in site.paths(), "it waits ten minutes"
    site.pages[paths[0]] = good
    summary = crawl_at(NOW + 10 * MINUTE)
    assert summary.counts.new == 1
    assert [asked.headers.get("if-none-match") is not None for asked in site.asked if asked.path == "/news/"] == [
        True,
        True,
    ]
    assert len(changes(database)) == 6


@pytest.mark.parametrize("bad", ["an error", "a page that cannot be read"])
def test_a_stored_article_that_failed_is_tried_again_though_the_listing_answers_304(
    site: Any, crawl_at: Any, database: str, bad: str
) -> None:
    paths = site.stories(6)
    with_validators(site, *paths)
    crawl_at(NOW)
    good = site.pages[paths[0]]
    site.pages[paths[0]] = Answer("", 500) if bad == "an error" else Answer("<html><body><p>Soon.</p></body></html>")
    crawl_at(NOW + 20 * MINUTE)
    assert rows(database, "select failures from page where failures > 0") == [(1,)]
    site.pages[paths[0]] = good
    site.asked.clear()
    crawl_at(NOW + 25 * MINUTE)
    assert paths[0] not in site.paths(), "it waits ten minutes"
    crawl_at(NOW + 30 * MINUTE)
    assert paths[0] in site.paths()
    assert rows(database, "select failures from page where failures > 0") == []


def test_what_the_listing_shows_is_looked_at_before_the_rest(site: Any, crawl_at: Any) -> None:
    paths = site.stories(6)
    crawl_at(NOW)
    with_validators(site, *paths[4:])
    crawl_at(NOW + MINUTE)
    site.asked.clear()
    crawl_at(NOW + DAY, rules=Rules(revisit=RevisitRule(budget=2)))
    asked = [path for path in site.paths() if path in paths]
    assert sorted(asked) == sorted(paths[4:])
