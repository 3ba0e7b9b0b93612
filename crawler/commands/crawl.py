"""scrapy crawl, with one clear line instead of a traceback, and an exit code that is the verdict's."""

from __future__ import annotations

import argparse
import os
import sys

from scrapy.commands import crawl
from scrapy.crawler import Crawler

from crawler.entries import SourceError
from crawler.options import CrawlRefused, CrawlSummary, check_options
from crawler.spiders.news import NewsSpider, find_entry, options_from
from storage.database import StoreError, open_store


class Command(crawl.Command):
    """Exit code 0 for a verdict of ok, 1 for degraded or failed, 2 when the crawl was refused."""

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Refuses before Scrapy starts, and says how it ended."""
        if args != [NewsSpider.name]:
            self._refuse(f"there is one spider, {NewsSpider.name}: scrapy crawl {NewsSpider.name} -a source=ID")
            return
        if os.environ.get("FORCEWIRE_CONFIG"):
            print("FORCEWIRE_CONFIG is not read: scrapy crawl takes its settings from variables alone", file=sys.stderr)
        assert self.crawler_process is not None
        crawler = self._create_crawler(NewsSpider.name)
        try:
            options = options_from(crawler.settings)
            entry = find_entry(opts.spargs.pop("source", ""), crawler.settings)
            check_options([entry], options)
            store = open_store(options.database_url)
        except (CrawlRefused, SourceError, StoreError) as error:
            self._refuse(str(error))
            return
        self.crawler_process.crawl(crawler, source=entry, options=options, store=store, **opts.spargs)
        self.crawler_process.start()
        self.exitcode = _told(crawler)

    def _refuse(self, why: str) -> None:
        print(f"Error: {why}", file=sys.stderr)
        self.exitcode = 2


def _told(crawler: Crawler) -> int:
    if not isinstance(crawler.spider, NewsSpider):
        return 1
    summary: CrawlSummary = crawler.spider.crawl.summary()
    reason = f": {summary.reason}" if summary.reason else ""
    print(f"{summary.source}: {summary.verdict}{reason}; {summary.counts}")
    return int(summary.verdict != "ok")
