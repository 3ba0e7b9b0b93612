"""robots.txt (RFC 9309), by construction: whatever is asked for through Scrapy passes here first."""

from __future__ import annotations

import asyncio
import math
from typing import Any

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler

from crawler.downloader import PoliteDownloader
from crawler.failures import Disallowed, FetchFailed, RobotsUnclear
from crawler.fetching import ROBOTS_FILE, Fetcher
from crawler.politeness import LONGEST_PAUSE
from crawler.sites import Sites, address_of
from storage.troubles import UNREACHED, Trouble

AGENT = "Forcewire"
LONGEST_CRAWL_DELAY = 60.0  # seconds; a host that wants more is not crawled at all, and a person is told
_LARGEST = 500 * 1024  # RFC 9309, 2.5: at least the first 500 KiB are read


class RobotsMiddleware:
    """4xx means allowed; 5xx, 429 or no answer means that the host is left alone (RFC 9309, 2.3.1). Scrapy's own
    middleware allows everything then, and does not apply Crawl-delay. What was served, or a plain 404 or 410, is used for
    a day; another 4xx is likelier to be a guard's bad minute than the site's word, and is asked for again by the next crawl.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Protego | None]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsMiddleware:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get(ROBOTS_FILE):
            return
        site = address_of(request.url)
        if site not in self._rules:
            self._rules[site] = asyncio.ensure_future(self._read(site))
        rules = await self._rules[site]
        if rules is not None and not rules.can_fetch(request.url, AGENT):
            raise Disallowed(f"robots.txt does not allow {request.url}")

    async def _read(self, site: str) -> Protego | None:
        spider: Any = self._crawler.spider
        fetcher: Fetcher = spider.fetcher
        sites: Sites | None = getattr(spider, "sites", None)
        if sites is not None and (kept := sites.robots(site)) is not None:
            return None if kept.robots is None else self._parsed(kept.robots, site)
        url = f"{site}/robots.txt"
        try:
            response = await fetcher.get(url, robots=True)
        except FetchFailed as error:
            if error.status is not None and 400 <= error.status < 500 and error.status != 429:
                return None
            reason = f"no robots.txt from {site}, so it is left alone: {error}"
            downloader = self._crawler.engine.downloader
            assert isinstance(downloader, PoliteDownloader)
            if downloader.gate(url).pause_left() > LONGEST_PAUSE:
                raise RobotsUnclear(reason, Trouble.ASKED_TO_WAIT) from error
            raise RobotsUnclear(reason, error.trouble if error.trouble in UNREACHED else None) from error
        robots = response.body[:_LARGEST] if response.status < 400 else None
        if sites is not None:
            sites.keep_robots(site, robots)
        return None if robots is None else self._parsed(robots, site)

    def _parsed(self, robots: bytes, site: str) -> Protego:
        rules = Protego.parse(robots.decode("utf-8-sig", errors="ignore"))
        if delay := wished_delay(rules):
            if delay > LONGEST_CRAWL_DELAY:
                raise RobotsUnclear(
                    f"robots.txt of {site} asks for {delay:g} s between two requests; "
                    f"more than {LONGEST_CRAWL_DELAY:g} s are not waited, so it is left alone"
                )
            downloader = self._crawler.engine.downloader
            assert isinstance(downloader, PoliteDownloader)
            downloader.gate(site).slow_down(delay)
        return rules


def wished_delay(rules: Protego) -> float:
    """The seconds between two requests that a robots.txt asks for by Crawl-delay or Request-rate; 0 without them."""
    rate = rules.request_rate(AGENT)
    wishes = (rules.crawl_delay(AGENT) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0)
    return max((float(wish) for wish in wishes if not math.isnan(wish)), default=0.0)
