"""The one spider:  scrapy crawl news -a source=bedfordshire"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from sqlalchemy import Engine

from crawler.asking import AskingSpider
from crawler.confirming import Confirming
from crawler.crawl import Crawl
from crawler.entries import SourceEntry, load_entries
from crawler.failures import StopCrawl
from crawler.fetching import Fetcher
from crawler.items import ArticleItem
from crawler.options import CrawlOptions, CrawlRefused, OnEvent, check_options
from crawler.politeness import Gates
from crawler.readers import make_reader
from crawler.readers.base import Reader
from crawler.sites import Sites
from crawler.visiting import Visit, Visits
from crawler.walking import Walk, conditions
from storage import pages
from storage.database import open_store, reading, writing
from storage.known import article_validators, rejected_pages
from storage.plans import make_plan, plan_is_old
from storage.reading_well import page_dates
from storage.rules import RuleError, rules_from

_EVERYTHING = 1_000_000


class NewsSpider(AskingSpider):
    """Walks a source's listing, then visits its article pages, as one story from start to end: with one request at a
    time there is nothing for a queue of requests and callbacks to do, and each page costs half of what it costs there.
    """

    name = "news"

    @classmethod
    def from_crawler(
        cls,
        crawler: Crawler,
        source: str | SourceEntry = "",
        options: CrawlOptions | None = None,
        store: Engine | None = None,
        gates: Gates | None = None,
        on_event: OnEvent | None = None,
        **kwargs: Any,
    ) -> NewsSpider:
        """Raises `CrawlRefused`, `SourceError` and `StoreError` before anything is asked for."""
        spider = super().from_crawler(crawler, **kwargs)
        options = options or options_from(crawler.settings)
        entry = source if isinstance(source, SourceEntry) else find_entry(source, crawler.settings)
        check_options([entry], options)
        spider.entry = entry
        spider.options = options
        spider.set_manners(entry, options, gates)
        spider.fetcher = Fetcher(crawler, entry)
        spider.reader = make_reader(entry)
        spider.store = store or open_store(options.database_url)
        spider.crawl = Crawl(entry, spider.reader, spider.store, options, on_event)
        # A site on this machine is a demo or a test, whose robots.txt changes between two crawls.
        spider.sites = Sites(spider.store, spider.crawl, robots_kept=options.revisit == "due" or not entry.loopback)
        return spider

    entry: SourceEntry
    options: CrawlOptions
    fetcher: Fetcher
    reader: Reader
    store: Engine
    crawl: Crawl
    sites: Sites

    async def start(self) -> AsyncIterator[ArticleItem]:
        """The articles of the source, in the order: new ones, those due, those that seem to be gone."""
        try:
            async for item in self._story():
                yield item
            self.crawl.found.complete = True
        except StopCrawl as stop:
            self.crawl.stopped(stop)
        except Exception as error:  # noqa: BLE001  the outermost edge
            self.crawl.broke(error)

    async def _story(self) -> AsyncIterator[ArticleItem]:
        await Walk(self.crawl, self.reader, self.fetcher, self.store).run()
        visits = Visits(self.crawl, self.reader, self.fetcher, seconds=self.settings.getfloat("CLOSESPIDER_TIMEOUT"))
        to_visit = self._to_visit()
        self.crawl.expected = len(to_visit)
        async for item in visits.run(to_visit):
            yield item
        async for item in Confirming(self.crawl, visits, self.store).run():
            yield item

    def _to_visit(self) -> list[Visit]:
        self.crawl.batch.flush()
        everything = self.options.revisit == "all" or (self.entry.loopback and self.options.revisit == "auto")
        source, reader = self.entry.id, self.reader
        self._plan()
        with reading(self.store) as conn:
            new = pages.pending(conn, source, limit=_EVERYTHING, now=self.crawl.now())
            due = pages.due(
                conn,
                source,
                now=self.crawl.now(),
                everything=everything,
                limit=_EVERYTHING if everything else self.options.rules.revisit.budget,
            )
            links = pages.listed(conn, source, due)
            self.crawl.dated_before = page_dates(conn, source, due)
            rejected = rejected_pages(conn, source) if new else set()
            known = article_validators(
                conn, source, due, reader=reader.name, reader_version=reader.version, entry=self.entry.digest
            )
        again = (Visit(links[url], True, tuple(conditions(known.get(url)).items())) for url in due if url in links)
        return [*(Visit(link, rejected=link.url in rejected) for link in new), *again]

    def _plan(self) -> None:
        rule, now = self.options.rules.revisit, self.crawl.now()
        with reading(self.store) as conn:
            is_old = plan_is_old(conn, self.entry.id, rule, now)
        if is_old:
            with writing(self.store) as conn:
                make_plan(conn, self.entry.id, rule, now)


def options_from(settings: BaseSettings) -> CrawlOptions:
    """The options of `scrapy crawl`: FORCEWIRE_* of the settings, which are those of the environment."""
    try:
        delay = float(text) if (text := settings.get("FORCEWIRE_DELAY")) else None
    except ValueError:
        raise CrawlRefused(f"FORCEWIRE_DELAY: {text!r} is no number of seconds") from None
    try:
        rules = rules_from(settings)
    except RuleError as error:
        raise CrawlRefused(str(error)) from None
    return CrawlOptions(
        database_url=settings["FORCEWIRE_DATABASE_URL"],
        contact=settings.get("FORCEWIRE_CONTACT") or None,
        allow_loopback=str(settings.get("FORCEWIRE_ALLOW_LOOPBACK")).lower() in ("1", "true", "yes", "on"),
        delay=delay,
        rules=rules,
    )


def find_entry(source: str, settings: BaseSettings) -> SourceEntry:
    """The entry of a source's id. Raises `CrawlRefused` when there is none."""
    folder = settings.get("FORCEWIRE_SOURCES")
    entries = load_entries(Path(folder) if folder else None)
    if source not in entries:
        asked = f"no source is called {source!r}" if source else "which source? add -a source=ID"
        raise CrawlRefused(f"{asked}; there are {', '.join(entries)}")
    return entries[source]
