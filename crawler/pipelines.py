"""From an item to the store."""

from __future__ import annotations

from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider

from crawler.downloader import PoliteDownloader
from crawler.items import ArticleItem
from crawler.spiders.news import NewsSpider
from storage.crawls import CrawlRunning
from storage.database import StoreError


class StorePipeline:
    """Opens the crawl in the store, keeps its articles, and closes it with a verdict, however it ended."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    @property
    def _spider(self) -> NewsSpider:
        assert isinstance(self._crawler.spider, NewsSpider)
        return self._crawler.spider

    def open_spider(self) -> None:
        """Another crawl of the source that is running ends this one before it asks for anything."""
        try:
            self._spider.crawl.begin()
        except CrawlRunning as error:
            self._spider.crawl.refused(str(error))
            raise CloseSpider("already running") from error
        except StoreError as error:
            self._spider.crawl.store_failed(error)
            raise CloseSpider("store") from error

    def process_item(self, item: ArticleItem) -> ArticleItem:
        """Keeps an article. When the store fails, the crawl ends; what is committed stays."""
        try:
            self._spider.crawl.keep(item)
        except Exception as error:  # noqa: BLE001  Scrapy would log it, lose the item and call the crawl finished
            self._spider.crawl.broke(error)
        return item

    def close_spider(self) -> None:
        """The end of every crawl: complete, stopped by hand, or broken off."""
        downloader = self._crawler.engine.downloader
        assert isinstance(downloader, PoliteDownloader)
        self._spider.crawl.finish(requests=downloader.requests, received=downloader.bytes)
