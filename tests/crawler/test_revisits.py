"""How many stored articles one crawl looks at again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from crawler.options import CrawlOptions
from crawler.spiders.news import NewsSpider
from storage.database import open_store
from tests.crawler.conftest import TinyReader


@pytest.mark.parametrize(("live", "revisit", "most"), [(True, "auto", 2), (True, "all", 5), (False, "auto", 5)])
def test_live_source_is_asked_for_so_many_old_articles_only(
    site: Any,
    crawl: Any,
    database: str,
    make_entry: Any,
    monkeypatch: pytest.MonkeyPatch,
    live: bool,
    revisit: Any,
    most: int,
) -> None:
    site.stories(5)
    crawl()
    monkeypatch.setattr("crawler.spiders.news._REVISITS", 2)
    if live:
        # The stored articles are all due: what is asked for hangs on the limit alone.
        monkeypatch.setattr("storage.pages._is_due", lambda *_: True)
    entry = make_entry()
    spider = NewsSpider()
    spider.entry = entry.model_copy(update={"hosts": ("www.fenwold.example",)}) if live else entry
    spider.options = CrawlOptions(database_url=database, revisit=revisit, contact="desk@fenwold.example")
    spider.reader = TinyReader(entry)
    spider.store = open_store(database)
    spider.crawl = SimpleNamespace(batch=SimpleNamespace(flush=lambda: None))  # type: ignore[assignment]
    try:
        assert [visit.known for visit in spider._to_visit()] == [True] * most
    finally:
        spider.store.dispose()
