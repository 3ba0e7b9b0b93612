"""Crawls many sources in one pass, from a program or the command line."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace

from scrapy.crawler import Crawler
from scrapy.settings import Settings
from sqlalchemy import Engine

from crawler.children import crawl_in_children
from crawler.entries import SourceEntry
from crawler.options import (
    CrawlEvent,
    CrawlOptions,
    CrawlRefused,
    CrawlSummary,
    OnEvent,
    check_options,
)
from crawler.planning import host_groups, sites_of
from crawler.politeness import Gates
from crawler.shared_settings import SharedSettings
from crawler.spiders.news import NewsSpider
from crawler.stopping import Stopping, on_signals
from storage.crawls import Counts
from storage.database import open_store

__all__ = ["CrawlEvent", "CrawlOptions", "CrawlRefused", "CrawlSummary", "crawl_sources", "host_groups"]

_MOST_AT_ONCE = 50  # sources, each a few open files and some memory


def crawl_sources(
    entries: Sequence[SourceEntry], options: CrawlOptions, on_event: OnEvent | None = None, *, insisting: bool = True
) -> list[CrawlSummary]:
    """Crawls the sources, those of different hosts at the same time, and returns a summary for each, in their order.

    Blocks; `on_event` is called between. SIGINT and SIGTERM end the crawls with what they have, a second one ends the
    process at once where it is `insisting`. Raises `CrawlRefused` and `StoreError` before anything is asked for. Not to be called where an
    event loop runs.
    """
    check_options(entries, options)
    store = open_store(options.database_url)
    logging.getLogger("scrapy").setLevel(options.log_level)
    groups = host_groups(entries)
    options = replace(options, sites={**sites_of(entries), **options.sites})
    if options.processes > 1 and len(groups) > 1 and options.clock is None:
        store.dispose()
        found = asyncio.run(crawl_in_children(groups, options, on_event))
    else:
        try:
            found = asyncio.run(_crawl_groups(groups, options, store, on_event, insisting))
        finally:
            store.dispose()
    by_source = {summary.source: summary for summary in found}
    return [by_source[entry.id] for entry in entries if entry.id in by_source]


async def _crawl_groups(
    groups: Sequence[Sequence[SourceEntry]],
    options: CrawlOptions,
    store: Engine,
    on_event: OnEvent | None,
    insisting: bool,
) -> list[CrawlSummary]:
    settings = _pass_settings(options)
    crawlers: set[Crawler] = set()
    gates = Gates()
    places = asyncio.Semaphore(_MOST_AT_ONCE)
    summaries: list[CrawlSummary] = []

    async def one_after_the_other(group: Sequence[SourceEntry], stopping: Stopping) -> None:
        for entry in group:
            async with places:
                if not stopping.asked:
                    crawler = Crawler(NewsSpider, settings)
                    crawlers.add(crawler)
                    summaries.append(await _crawl(crawler, entry, options, store, gates, on_event))
                    crawlers.discard(crawler)

    async with on_signals(lambda: _stop(crawlers), insisting=insisting) as stopping:
        await asyncio.gather(*(one_after_the_other(group, stopping) for group in groups))
    return summaries


async def _stop(crawlers: set[Crawler]) -> None:
    """Ends the crawls that are under way. Scrapy forgets a stop that comes before its engine runs, crawls to the end and
    then waits for ever; so a crawl that is just beginning is stopped as soon as it can be.
    """

    async def end(crawler: Crawler) -> None:
        while crawler in crawlers:
            if crawler.crawling and crawler.engine.running:
                await crawler.stop_async()
                return
            await asyncio.sleep(0.01)

    await asyncio.gather(*(end(crawler) for crawler in list(crawlers)))


async def _crawl(
    crawler: Crawler,
    entry: SourceEntry,
    options: CrawlOptions,
    store: Engine,
    gates: Gates,
    on_event: OnEvent | None,
) -> CrawlSummary:
    try:
        await crawler.crawl_async(source=entry, options=options, store=store, gates=gates, on_event=on_event)
    except Exception as error:  # the outermost edge: one source's fault must not end the others'
        logging.getLogger(__name__).debug("the crawl of %s broke off", entry.id, exc_info=True)
        reason = f"{type(error).__name__}: {error}"
        if on_event is not None:
            on_event(CrawlEvent(source=entry.id, what="done", counts=Counts(), message=f"failed: {reason}"))
        return CrawlSummary(source=entry.id, verdict="failed", reason=reason, counts=Counts(), seconds=0.0)
    summary: CrawlSummary = crawler.spider.crawl.summary()  # type: ignore[union-attr]
    return summary


def _pass_settings(options: CrawlOptions) -> Settings:
    """The project's settings without the parts of Scrapy that have nothing to do here, but would be built for each source:
    extensions that are all switched off, and middlewares for what a spider's callbacks yield.
    """
    settings = project_settings(options)
    for name in ("EXTENSIONS", "SPIDER_MIDDLEWARES"):
        settings.set(name, {}, priority="cmdline")
        settings.set(f"{name}_BASE", {}, priority="cmdline")
    return settings


def project_settings(options: CrawlOptions) -> Settings:
    """The project's settings with what the options say in place of the environment."""
    settings = SharedSettings.with_defaults()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("FORCEWIRE_CONTACT", options.contact, priority="cmdline")
    settings.set("LOG_LEVEL", options.log_level, priority="cmdline")
    return settings
